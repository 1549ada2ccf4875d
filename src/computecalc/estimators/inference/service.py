"""A service as it is asked for: the fleet that bears it, what a million tokens cost, and what buying them would."""

from __future__ import annotations

from dataclasses import replace

from computecalc.estimators.inference.inputs import ServingInputs
from computecalc.estimators.inference.pools import pool_inputs
from computecalc.estimators.inference.prefill import estimate_prefill
from computecalc.estimators.inference.recipe import estimate_serving
from computecalc.estimators.trace import labelled
from computecalc.formulas.cost import rental_cost
from computecalc.formulas.duration import node_count
from computecalc.formulas.serving_demand import (
    bundle_carbon,
    bundle_cost,
    bundle_water,
    request_cost,
    request_energy,
    total_token_rate,
)
from computecalc.formulas.serving_fleet import fleet_accelerators, fleet_time, fleet_tokens
from computecalc.formulas.serving_pools import joint_accelerators, whole_groups
from computecalc.formulas.serving_purchase import (
    bought_cost,
    break_even_share,
    break_even_tokens,
    cost_ratio,
    reachable_share,
    request_price,
)
from computecalc.formulas.serving_throughput import replica_accelerators, replica_ranks
from computecalc.formulas.table import Numeric
from computecalc.records import record

__all__ = ["ServiceInputs", "estimate_service"]

Metrics = dict[str, Numeric]


@record
class ServiceInputs:
    """A served workload, with what only its bill needs. None: not stated."""

    serving: ServingInputs
    writes: bool
    """Whether requests have an output; without one, all work is on prompts."""
    month: Numeric
    """[s]"""
    bundle: Numeric
    """Tokens that prices are stated for. [token]"""
    accelerators_per_node: Numeric
    api_input: Numeric | None
    """What somebody else takes for an input token. [USD/token]"""
    api_output: Numeric | None
    api_cached: Numeric | None = None
    """What they take for one found in a cache; None: as much as for any other. [USD/token]"""


def estimate_service(inputs: ServiceInputs) -> Metrics:
    """Estimate a service.

    Parameters
    ----------
    inputs : ServiceInputs
        Floats, arrays over cases, or traced floats.

    Returns
    -------
    dict
        Metric id to value, in the formula units of `computecalc.estimators.metrics`. Metrics whose inputs are not
        known are left out.
    """
    serving = inputs.serving
    found = estimate_serving(serving) if inputs.writes else estimate_prefill(serving)
    if serving.ownership is not None:
        # What an accelerator of one's own costs stands in for its rent from here on.
        inputs = replace(inputs, serving=replace(serving, price=found.get("cost.owned_time")))
    each = found["accelerators.per_replica"]
    found["nodes"] = node_count(accelerators=found["accelerators"], accelerators_per_node=inputs.accelerators_per_node)
    found["throughput.total_per_accelerator"] = total_token_rate(
        taken=found["throughput.input_replica"], given=found.get("throughput.replica", 0.0), accelerators=each
    )
    found |= _water(inputs, found)
    return found | _bundles(inputs, found) | _bill(inputs, found) | _bought(inputs, found)


def _bundles(inputs: ServiceInputs, found: Metrics) -> Metrics:
    """Cost and emissions of a million tokens, from those of one."""
    metrics: Metrics = {}
    for phase in ("input", "output"):
        each = found.pop(f"cost.per_{phase}_token", None)
        if each is not None:
            metrics[f"cost.per_mtoken_{phase}"] = bundle_cost(each=each, tokens=inputs.bundle)
    carbon = found.pop("carbon.per_output_token", None)
    if carbon is not None:
        metrics["carbon.per_mtoken_output"] = bundle_carbon(each=carbon, tokens=inputs.bundle)
    return metrics


def _water(inputs: ServiceInputs, found: Metrics) -> Metrics:
    """Water for a million output tokens, where that of the fleet is known."""
    serving, water = inputs.serving, found.get("water.total")
    if water is None or not inputs.writes:
        return {}
    tokens = fleet_tokens(rate=found["throughput.requests"], each=serving.output, period=serving.period)
    return {"water.per_mtoken_output": bundle_water(water=water, tokens=tokens, bundle=inputs.bundle)}


def _bill(inputs: ServiceInputs, found: Metrics) -> Metrics:
    """A request's share of energy and cost, and the rent of a month."""
    metrics: Metrics = {}
    load = {"rate": found["throughput.requests"], "period": inputs.serving.period}
    if "energy.facility" in found:
        metrics["energy.per_request"] = request_energy(energy=found["energy.facility"], **load)
    if inputs.serving.price is not None:
        metrics["cost.per_request"] = request_cost(cost=found["cost.total"], **load)
        month = fleet_time(accelerators=found["accelerators"], period=inputs.month)
        metrics["cost.month"] = labelled(rental_cost(accelerator_time=month, price=inputs.serving.price), "rent")
    return metrics


def _smallest(inputs: ServingInputs, found: Metrics) -> Numeric:
    """Accelerators of the smallest fleet: one replica, with as many whole groups for prompts as keep up with it."""
    if inputs.prompts is None:
        return found["accelerators.per_replica"]
    pool = pool_inputs(inputs)
    own, prompts = (
        replica_accelerators(ranks=replica_ranks(tensor=at.tensor, replicas=at.attention_data), stages=at.pipeline)
        for at in (inputs, pool)
    )
    groups = whole_groups(ratio=found["replicas.prefill_per_decode"])
    return joint_accelerators(decode=own, prompts=prompts, ratio=groups)


def _bought(inputs: ServiceInputs, found: Metrics) -> Metrics:
    """What the same tokens cost from somebody else, and from which volume one replica of one's own costs less."""
    serving = inputs.serving
    if inputs.api_input is None or inputs.api_output is None:
        return {}
    request = {"prompt": serving.prompt, "output": serving.output}
    each = request_price(
        cache_hit=serving.cache_hit,
        input_price=inputs.api_input,
        cached_price=inputs.api_input if inputs.api_cached is None else inputs.api_cached,
        output_price=inputs.api_output,
        **request,
    )
    bought = bought_cost(rate=found["throughput.requests"], each=each, period=serving.period)
    metrics: Metrics = {"cost.api": bought, "cost.api_per_request": each}
    if serving.price is None:
        return metrics
    fleet = fleet_accelerators(replicas=1.0, each=_smallest(serving, found))
    time = fleet_time(accelerators=fleet, period=serving.period)
    smallest = labelled(rental_cost(accelerator_time=time, price=serving.price), "rent of one replica")
    tokens = break_even_tokens(cost=smallest, each=each, **request)
    return metrics | {
        "break_even.cost_ratio": cost_ratio(own=found["cost.total"], bought=bought),
        "break_even.tokens": tokens,
        "break_even.utilization": break_even_share(
            tokens=tokens,
            taken=found["throughput.input_replica"],
            given=found.get("throughput.replica", 0.0),
            replicas=1.0,
            period=serving.period,
        ),
        "break_even.reachable": reachable_share(utilization=serving.utilization, peak_to_mean=serving.peak_to_mean),
    }
