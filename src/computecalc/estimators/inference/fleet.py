"""A fleet of replicas for a rate of requests: accelerators, load, energy, carbon, cost and each for a token."""

from __future__ import annotations

from computecalc.estimators.footprint import FootprintInputs, footprint
from computecalc.estimators.inference.inputs import ServingInputs
from computecalc.estimators.inference.latency import ReplicaTimes
from computecalc.estimators.trace import labelled
from computecalc.formulas.power import accelerator_power, idle_energy_share
from computecalc.formulas.serving_cost import (
    input_token_time,
    output_token_time,
    phase_accelerators,
    replica_token_energy,
    token_carbon,
    token_cost,
    token_energy,
    token_flow,
    used_share,
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
from computecalc.formulas.serving_pools import (
    balancing_ratio,
    greatest_share,
    joint_accelerators,
    joint_draw,
    paired_replicas,
    total_accelerators,
    total_replicas,
)
from computecalc.formulas.serving_throughput import (
    accelerator_share_rate,
    replica_accelerators,
    replica_ranks,
    token_rate,
)
from computecalc.formulas.table import Numeric
from computecalc.records import record

__all__ = ["Fleet", "PromptFleet", "fleet_metrics", "fleet_of"]

Metrics = dict[str, Numeric]


@record
class PromptFleet:
    """Groups that compute prompts for the replicas of a fleet."""

    each: Numeric
    """Accelerators of a group. [accelerator/replica]"""
    groups: Numeric
    accelerators: Numeric
    load: Numeric
    """Share of what the groups could complete that they complete on average."""
    ratio: Numeric
    """Groups that keep up with one replica."""
    decode_replicas: Numeric
    decode_accelerators: Numeric
    decode_load: Numeric


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
    prompts: PromptFleet | None
    """What computes prompts apart; None: the replicas themselves."""


def fleet_of(inputs: ServingInputs, times: ReplicaTimes) -> Fleet:
    """Size the fleet for the stated rate; without one its replicas are always busy."""
    ranks = replica_ranks(tensor=inputs.tensor, replicas=inputs.attention_data)
    each = replica_accelerators(ranks=ranks, stages=inputs.pipeline)
    rate, replicas, load = _replicas(inputs, times)
    own = labelled(fleet_accelerators(replicas=replicas, each=each), "accelerators of replicas")
    if times.pool is None or inputs.prompts is None:
        return Fleet(each, replicas, own, rate, load, None)
    pool, stated = times.pool, inputs.prompts.ratio
    peak = peak_request_rate(rate=rate, peak_to_mean=inputs.peak_to_mean)
    if stated is not None:
        groups = paired_replicas(replicas=replicas, ratio=stated)
    else:
        planned = 1.0 if inputs.rate is None else inputs.utilization
        peak = rate if inputs.rate is None else peak
        groups = required_replicas(rate=peak, each=pool.requests, utilization=planned, spare=inputs.prompts.spare)
    accelerators = labelled(fleet_accelerators(replicas=groups, each=pool.each), "accelerators of prompts")
    decode_load = fleet_load(rate=rate, replicas=replicas, each=times.own_requests)
    prompts = PromptFleet(
        each=pool.each,
        groups=groups,
        accelerators=accelerators,
        load=fleet_load(rate=rate, replicas=groups, each=pool.requests),
        ratio=balancing_ratio(decode=times.own_requests, prompts=pool.requests) if stated is None else stated,
        decode_replicas=replicas,
        decode_accelerators=own,
        decode_load=decode_load,
    )
    return Fleet(
        each=joint_accelerators(decode=each, prompts=pool.each, ratio=prompts.ratio),
        replicas=total_replicas(parts=(replicas, groups)),
        accelerators=total_accelerators(parts=(own, accelerators)),
        rate=rate,
        load=greatest_share(parts=(decode_load, prompts.load)),
        prompts=prompts,
    )


def _replicas(inputs: ServingInputs, times: ReplicaTimes) -> tuple[Numeric, Numeric, Numeric]:
    """Rate, and the replicas that bear it with their load."""
    if inputs.rate is None:
        stated = 1.0 if inputs.replicas is None else inputs.replicas
        return fleet_request_rate(each=times.requests, replicas=stated), stated, 1.0
    peak = peak_request_rate(rate=inputs.rate, peak_to_mean=inputs.peak_to_mean)
    replicas = required_replicas(rate=peak, each=times.requests, utilization=inputs.utilization, spare=inputs.spare)
    return inputs.rate, replicas, fleet_load(rate=inputs.rate, replicas=replicas, each=times.requests)


def fleet_metrics(inputs: ServingInputs, times: ReplicaTimes) -> Metrics:
    """Throughput, fleet, energy, carbon and cost; what is not known is left out."""
    fleet = fleet_of(inputs, times)
    given = token_rate(requests=times.requests, each=inputs.output)
    taken = token_rate(requests=times.requests, each=inputs.prompt)
    own = accelerator_share_rate(rate=given, accelerators=fleet.each)
    metrics: Metrics = {
        "accelerators": fleet.accelerators,
        "accelerators.per_replica": fleet.each,
        "replicas": fleet.replicas,
        "utilization": fleet.load,
        "throughput.requests": fleet.rate,
        "throughput.replica": given,
        "throughput.input_replica": taken,
        "throughput.per_accelerator": own,
        "throughput.cluster": token_flow(rate=fleet.rate, each=inputs.output),
    }
    if fleet.prompts is not None:
        metrics |= _pools(fleet.prompts)
    busy = _busy_draw(inputs, times.memory_use, times.compute_use)
    bill = _footprint(inputs, fleet, _draw(inputs, times, fleet, busy))
    price = inputs.price if inputs.ownership is None else bill.get("cost.owned_time")
    metrics |= _phases(inputs, times, fleet, price)
    metrics |= _reserved(inputs, fleet, metrics)
    if inputs.thermal_design is not None and busy is not None:
        working = busy
        if times.pool is not None:
            pool = _busy_draw(inputs, times.pool.memory_use, times.pool.compute_use)
            if pool is not None:
                weights = (metrics["accelerators.output"], metrics["accelerators.input"])
                working = labelled(joint_draw(shares=(busy, pool), accelerators=weights), "draw of busy ones")
        power = labelled(accelerator_power(thermal_design=inputs.thermal_design, draw=working), "power of a busy one")
        metrics["energy.accelerator_per_output_token"] = replica_token_energy(power=power, rate=own)
    return metrics | bill


def _pools(prompts: PromptFleet) -> Metrics:
    return {
        "replicas.prefill": prompts.groups,
        "replicas.decode": prompts.decode_replicas,
        "replicas.prefill_per_decode": prompts.ratio,
        "accelerators.prefill": prompts.accelerators,
        "accelerators.decode": prompts.decode_accelerators,
        "utilization.prefill": prompts.load,
        "utilization.decode": prompts.decode_load,
    }


def _phases(inputs: ServingInputs, times: ReplicaTimes, fleet: Fleet, price: Numeric | None) -> Metrics:
    """Accelerator time of prompts and of output, and what it costs."""
    ranks = replica_ranks(tensor=inputs.tensor, replicas=inputs.attention_data)
    own = replica_accelerators(ranks=ranks, stages=inputs.pipeline)
    output: dict[str, Numeric] = {"running": times.running, "accelerators": own}
    if times.pool is None or fleet.prompts is None:
        prompt = {"charge": times.charge, "accelerators": own, "stages": inputs.pipeline}
        output |= {"decode": times.decode, "accepted": inputs.accepted}
    else:
        # A group takes its next prompt when the first stage is done with this one.
        prompt = {"charge": times.pool.turn, "accelerators": fleet.prompts.each, "stages": 1.0}
        output |= {"decode": times.interval, "accepted": 1.0}
    spent = {"input": input_token_time(prompt=inputs.prompt, **prompt), "output": output_token_time(**output)}
    each = {"input": inputs.prompt, "output": inputs.output}
    metrics: Metrics = {}
    for phase, time in spent.items():
        metrics[f"accelerator_time.per_{phase}_token"] = time
        flow = token_flow(rate=fleet.rate, each=each[phase])
        metrics[f"accelerators.{phase}"] = phase_accelerators(tokens=flow, each=time)
    if price is not None:
        for phase, share in _used_shares(fleet, metrics).items():
            metrics[f"cost.per_{phase}_token"] = token_cost(time=spent[phase], price=price, utilization=share)
    return metrics


def _reserved(inputs: ServingInputs, fleet: Fleet, metrics: Metrics) -> Metrics:
    """Accelerator time of a period that is paid for, and that either phase works in."""
    working = total_accelerators(parts=(metrics["accelerators.input"], metrics["accelerators.output"]))
    return {
        "accelerator_time.useful": fleet_time(accelerators=working, period=inputs.period),
        "accelerator_time.billed": fleet_time(accelerators=fleet.accelerators, period=inputs.period),
    }


def _used_shares(fleet: Fleet, metrics: Metrics) -> dict[str, Numeric]:
    """Share of the reserved time that each phase uses; what is idle and spare is borne by both alike, or by its own."""
    if fleet.prompts is not None:
        return {"input": fleet.prompts.load, "output": fleet.prompts.decode_load}
    working = (metrics["accelerators.input"], metrics["accelerators.output"])
    used = labelled(used_share(working=working, accelerators=fleet.accelerators), "share of the time in use")
    return {"input": used, "output": used}


def _busy_draw(inputs: ServingInputs, memory_use: Numeric, compute_use: Numeric) -> Numeric | None:
    """Draw of an accelerator that works, as a share of its thermal design power."""
    curve = inputs.curve
    if curve is None:
        return None
    return draw_share(
        base=curve.base,
        memory_slope=curve.memory_slope,
        memory_use=memory_use,
        compute_slope=curve.compute_slope,
        compute_use=compute_use,
    )


def _draw(inputs: ServingInputs, times: ReplicaTimes, fleet: Fleet, busy: Numeric | None) -> Numeric | None:
    """Average draw of an accelerator of the fleet, as a share of its thermal design power."""
    if busy is None or inputs.curve is None:
        return None
    idle = inputs.curve.idle
    if times.pool is None or fleet.prompts is None:
        return fleet_draw(busy=busy, idle=idle, load=fleet.load)
    prompts, working = fleet.prompts, _busy_draw(inputs, times.pool.memory_use, times.pool.compute_use)
    if working is None:
        return None
    shares = (
        labelled(fleet_draw(busy=busy, idle=idle, load=prompts.decode_load), "draw of those that decode"),
        labelled(fleet_draw(busy=working, idle=idle, load=prompts.load), "draw of those that compute prompts"),
    )
    return joint_draw(shares=shares, accelerators=(prompts.decode_accelerators, prompts.accelerators))


def _footprint(inputs: ServingInputs, fleet: Fleet, draw: Numeric | None) -> Metrics:
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
            server_maximum=inputs.server_maximum,
            accelerators_per_node=inputs.accelerators_per_node,
            impact=inputs.impact,
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
    if draw is not None and inputs.curve is not None and inputs.power is None:
        metrics["energy.idle_share"] = idle_energy_share(idle=inputs.curve.idle, average=draw, load=fleet.load)
    if "carbon.total" in metrics:
        metrics |= _intensities(inputs, fleet, metrics["carbon.total"], tokens)
    if "carbon.operational" in metrics:
        metrics["carbon.per_output_token"] = token_carbon(carbon=metrics["carbon.operational"], tokens=tokens)
    return metrics


def _intensities(inputs: ServingInputs, fleet: Fleet, carbon: Numeric, tokens: Numeric) -> Metrics:
    """Software carbon intensity of an output token and of a request."""
    # Imported here: only where embodied carbon is known.
    from computecalc.formulas.carbon_totals import request_sci, token_sci

    return {
        "carbon.sci.per_output_token": token_sci(carbon=carbon, tokens=tokens),
        "carbon.sci.per_request": request_sci(carbon=carbon, rate=fleet.rate, period=inputs.period),
    }
