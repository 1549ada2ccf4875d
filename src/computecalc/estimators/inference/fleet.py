"""A fleet of replicas for a rate of requests: accelerators, load, energy, carbon, cost and each for a token."""

from __future__ import annotations

from computecalc.estimators.footprint import FootprintInputs, footprint
from computecalc.estimators.inference.inputs import ServingInputs
from computecalc.estimators.inference.latency import ReplicaTimes
from computecalc.estimators.trace import labelled
from computecalc.formulas.power import accelerator_power
from computecalc.formulas.serving_cost import (
    input_token_time,
    output_token_time,
    phase_accelerators,
    replica_token_energy,
    token_carbon,
    token_cost,
    token_energy,
    token_flow,
)
from computecalc.formulas.serving_fleet import (
    draw_share,
    fleet_accelerators,
    fleet_draw,
    fleet_load,
    fleet_request_rate,
    fleet_time,
    fleet_tokens,
    peak_request_rate,
    required_replicas,
)
from computecalc.formulas.serving_throughput import (
    accelerator_share_rate,
    replica_accelerators,
    replica_ranks,
    token_rate,
)
from computecalc.formulas.table import Numeric
from computecalc.records import record

__all__ = ["Fleet", "fleet_metrics", "fleet_of"]

Metrics = dict[str, Numeric]


@record
class Fleet:
    """Replicas that serve the traffic."""

    each: Numeric
    """Accelerators of a replica. [accelerator/replica]"""
    replicas: Numeric
    accelerators: Numeric
    rate: Numeric
    """Requests served, on average. [request/s]"""
    load: Numeric
    """Share of what the fleet could complete that it completes on average."""


def fleet_of(inputs: ServingInputs, times: ReplicaTimes) -> Fleet:
    """Size the fleet for the stated rate; without one its replicas are always busy."""
    ranks = replica_ranks(tensor=inputs.tensor, replicas=inputs.attention_data)
    each = replica_accelerators(ranks=ranks, stages=inputs.pipeline)
    if inputs.rate is None:
        stated = 1.0 if inputs.replicas is None else inputs.replicas
        rate = fleet_request_rate(each=times.requests, replicas=stated)
        return Fleet(each, stated, fleet_accelerators(replicas=stated, each=each), rate, 1.0)
    peak = peak_request_rate(rate=inputs.rate, peak_to_mean=inputs.peak_to_mean)
    replicas = required_replicas(rate=peak, each=times.requests, utilization=inputs.utilization, spare=inputs.spare)
    load = fleet_load(rate=inputs.rate, replicas=replicas, each=times.requests)
    return Fleet(each, replicas, fleet_accelerators(replicas=replicas, each=each), inputs.rate, load)


def fleet_metrics(inputs: ServingInputs, times: ReplicaTimes) -> Metrics:
    """Throughput, fleet, energy, carbon and cost; what is not known is left out."""
    fleet = fleet_of(inputs, times)
    given = token_rate(requests=times.requests, each=inputs.output)
    taken = token_rate(requests=times.requests, each=inputs.prompt)
    own = accelerator_share_rate(rate=given, accelerators=fleet.each)
    metrics: Metrics = {
        "accelerators": fleet.accelerators,
        "replicas": fleet.replicas,
        "utilization": fleet.load,
        "throughput.requests": fleet.rate,
        "throughput.replica": given,
        "throughput.input_replica": taken,
        "throughput.per_accelerator": own,
        "throughput.cluster": token_flow(rate=fleet.rate, each=inputs.output),
    }
    busy = _busy_draw(inputs, times)
    bill = _footprint(inputs, fleet, busy)
    price = inputs.price if inputs.ownership is None else bill.get("cost.owned_time")
    metrics |= _phases(inputs, times, fleet, price)
    if inputs.thermal_design is not None and busy is not None:
        power = labelled(accelerator_power(thermal_design=inputs.thermal_design, draw=busy), "power of a busy one")
        metrics["energy.accelerator_per_output_token"] = replica_token_energy(power=power, rate=own)
    return metrics | bill


def _phases(inputs: ServingInputs, times: ReplicaTimes, fleet: Fleet, price: Numeric | None) -> Metrics:
    """Accelerator time of prompts and of output, and what it costs."""
    prompt = input_token_time(
        charge=times.charge, prompt=inputs.prompt, accelerators=fleet.each, stages=inputs.pipeline
    )
    output = output_token_time(
        decode=times.decode, accepted=inputs.accepted, running=times.running, accelerators=fleet.each
    )
    metrics: Metrics = {}
    for phase, time, tokens in (("input", prompt, inputs.prompt), ("output", output, inputs.output)):
        metrics[f"accelerator_time.per_{phase}_token"] = time
        flow = token_flow(rate=fleet.rate, each=tokens)
        metrics[f"accelerators.{phase}"] = phase_accelerators(tokens=flow, each=time)
        if price is not None:
            metrics[f"cost.per_{phase}_token"] = token_cost(time=time, price=price, utilization=fleet.load)
    return metrics


def _busy_draw(inputs: ServingInputs, times: ReplicaTimes) -> Numeric | None:
    """Draw of an accelerator that works, as a share of its thermal design power."""
    curve = inputs.curve
    if curve is None:
        return None
    return draw_share(
        base=curve.base,
        memory_slope=curve.memory_slope,
        memory_use=times.memory_use,
        compute_slope=curve.compute_slope,
        compute_use=times.compute_use,
    )


def _footprint(inputs: ServingInputs, fleet: Fleet, busy: Numeric | None) -> Metrics:
    draw = None
    if busy is not None and inputs.curve is not None:
        draw = fleet_draw(busy=busy, idle=inputs.curve.idle, load=fleet.load)
    billed = fleet_time(accelerators=fleet.accelerators, period=inputs.period)
    metrics = footprint(
        FootprintInputs(
            power=inputs.power,
            thermal_design=inputs.thermal_design,
            draw=draw,
            host_overhead=inputs.host_overhead,
            pue=inputs.pue,
            grid_intensity=inputs.grid_intensity,
            price=inputs.price if inputs.ownership is None else None,
        ),
        billed=billed,
        accelerators=fleet.accelerators,
    )
    if inputs.ownership is not None:
        # Imported here: a service that is rented needs nothing of it.
        from computecalc.estimators.ownership import owned_bill

        metrics |= owned_bill(
            inputs.ownership,
            billed=billed,
            energy=metrics.get("energy.facility"),
            thermal_design=inputs.thermal_design,
            host_overhead=inputs.host_overhead,
            rent=inputs.price,
        )
    tokens = fleet_tokens(rate=fleet.rate, each=inputs.output, period=inputs.period)
    if "energy.facility" in metrics:
        metrics["energy.per_output_token"] = token_energy(energy=metrics["energy.facility"], tokens=tokens)
    if "carbon.operational" in metrics:
        metrics["carbon.per_output_token"] = token_carbon(carbon=metrics["carbon.operational"], tokens=tokens)
    return metrics
