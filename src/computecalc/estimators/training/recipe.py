"""A training run, top to bottom: count, fit, time, energy, carbon, cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from computecalc.estimators.footprint import FootprintInputs, footprint
from computecalc.estimators.inputs import TrainInputs
from computecalc.estimators.training.inverse import found_model, trained_tokens
from computecalc.estimators.training.layouts import layouts_of
from computecalc.estimators.training.reliability import reserved
from computecalc.estimators.training.states import states
from computecalc.estimators.training.work import count_adapters, count_run, run_work, token_work
from computecalc.formulas.duration import (
    accelerator_token_rate,
    billed_accelerator_time,
    cluster_token_rate,
    node_count,
    step_time,
    step_tokens,
    useful_accelerator_time,
    wall_time,
)
from computecalc.formulas.flops import converted_mfu, hardware_utilization
from computecalc.formulas.goodput import interruption_count
from computecalc.formulas.scaling import tokens_per_parameter
from computecalc.formulas.table import Numeric
from computecalc.formulas.utilization import achieved_mfu

if TYPE_CHECKING:
    from computecalc.estimators.money_inputs import Bill

__all__ = ["estimate_training"]

Metrics = dict[str, Numeric]


def estimate_training(inputs: TrainInputs) -> Metrics:
    """Estimate a training run.

    Parameters
    ----------
    inputs : TrainInputs
        Floats, arrays over cases, or traced floats.

    Returns
    -------
    dict
        Metric id to value, in the formula units of `computecalc.estimators.metrics`. Metrics whose inputs
        are not known are left out.
    """
    inputs, expected = found_model(inputs)
    count = count_run(inputs)
    adapters = count_adapters(inputs)
    per_token = token_work(inputs, count, adapters)
    step = _step(inputs)
    given = _predicted_mfu(inputs, per_token.model, step) if inputs.mfu is None else inputs.mfu
    tokens = trained_tokens(inputs, per_token, mfu=given, parameters=count.parameters)
    work = run_work(count, tokens, per_token)
    efficiency = _efficiency(inputs, work, given)
    time = _time(inputs, work, mfu=efficiency["mfu"], parameters=count.parameters)
    owned = inputs.bill is not None and inputs.bill.ownership is not None
    bill = footprint(
        FootprintInputs(
            power=inputs.power,
            thermal_design=inputs.thermal_design,
            draw=_draw(inputs, step),
            host_overhead=inputs.host_overhead,
            pue=inputs.pue,
            grid_intensity=inputs.grid_intensity,
            price=None if owned else inputs.price,
            server_maximum=inputs.server_maximum,
            accelerators_per_node=inputs.accelerators_per_node,
            impact=inputs.impact,
        ),
        billed=time["accelerator_time.billed"],
        accelerators=time["accelerators"],
    )
    if inputs.bill is not None:
        bill |= _beyond_rent(inputs, inputs.bill, bill, time["accelerator_time.billed"])
    if "carbon.total" in bill:
        # Imported here: only where the whole of it is known.
        from computecalc.formulas.carbon_totals import token_sci

        bill["carbon.sci.per_token"] = token_sci(carbon=bill["carbon.total"], tokens=tokens)
    sizes = {
        "parameters.total": count.parameters,
        "parameters.active": count.active,
        "parameters.trained": count.parameters if adapters is None else adapters.parameters,
        "tokens": tokens,
        "tokens.per_parameter": tokens_per_parameter(tokens=tokens, parameters=count.active),
    }
    memory = states(inputs, count, adapters, accelerators=time["accelerators"])
    work |= _with_base(inputs, work["compute.model"])
    return sizes | expected | work | efficiency | memory | time | step | bill


def _beyond_rent(inputs: TrainInputs, bill: Bill, metrics: Metrics, billed: Numeric) -> Metrics:
    # Imported here: a run that is rented needs nothing of it.
    from computecalc.estimators.bill import whole_bill

    return whole_bill(
        bill,
        metrics,
        billed=billed,
        thermal_design=inputs.thermal_design,
        host_overhead=inputs.host_overhead,
        rent=inputs.price,
    )


def _draw(inputs: TrainInputs, step: Metrics) -> Numeric | None:
    """Average draw as a share of the thermal design power: by the load of a predicted step, else as it is given."""
    if inputs.idle_draw is None or inputs.full_draw is None:
        return inputs.draw
    # Imported here: a stated MFU has no load to follow.
    from computecalc.formulas.training_draw import loaded_draw, step_load

    load = step_load(
        compute=step["time.step.compute"],
        optimizer=step["time.step.optimizer"],
        step=step["time.step"],
        stack=1.0 if inputs.stack is None else inputs.stack,
    )
    return loaded_draw(idle=inputs.idle_draw, maximum=inputs.full_draw, load=load)


def _with_base(inputs: TrainInputs, run: Numeric) -> Metrics:
    """Compute over the life of the model, where that before the run is stated."""
    if inputs.base_compute is None:
        return {}
    # Imported here: few runs state it.
    from computecalc.formulas.regulation import base_share, cumulative_compute

    return {
        "compute.cumulative": cumulative_compute(base=inputs.base_compute, run=run),
        "compute.base_share": base_share(base=inputs.base_compute, run=run),
    }


def _step(inputs: TrainInputs) -> Metrics:
    """Time of a step and its parts, where it is predicted."""
    layouts = layouts_of(inputs)
    if inputs.mfu is not None or inputs.constants is None or layouts is None or inputs.global_batch is None:
        return {}
    # Imported here: a stated MFU needs no step.
    from computecalc.estimators.training.step import step_times

    return step_times(inputs, layouts, inputs.global_batch)


def _efficiency(inputs: TrainInputs, work: Metrics, given: Numeric) -> Metrics:
    """MFU in both conventions, and HFU; a stated MFU is in `inputs.convention`, a predicted one causal."""
    causal, full, hardware = work["compute.model"], work["compute.model_full"], work["compute.hardware"]
    if inputs.mfu is not None and inputs.convention == "full":
        mfu = converted_mfu(mfu=given, counted=full, wanted=causal)
        mfu_full = given
    else:
        mfu = given
        mfu_full = converted_mfu(mfu=given, counted=causal, wanted=full)
    return {
        "mfu": mfu,
        "mfu.full": mfu_full,
        "hfu": hardware_utilization(mfu=mfu, hardware=hardware, model=causal),
    }


def _predicted_mfu(inputs: TrainInputs, per_token: Numeric, step: Metrics) -> Numeric:
    """MFU that the predicted time of a step comes to."""
    if not step or inputs.count is None or inputs.global_batch is None:
        raise ValueError("neither MFU nor a predicted step: resolving a scenario provides one of them")
    return achieved_mfu(
        flops_per_token=per_token,
        tokens=step_tokens(sequences=inputs.global_batch, sequence_length=inputs.sequence_length),
        step=step["time.step"],
        accelerators=inputs.count,
        peak=inputs.peak,
    )


def _time(inputs: TrainInputs, work: Metrics, *, mfu: Numeric, parameters: Numeric) -> Metrics:
    """Accelerator time; then wall time from the count, or the count from the deadline."""
    useful = useful_accelerator_time(compute=work["compute.model"], peak=inputs.peak, mfu=mfu)
    accelerators, losses = reserved(inputs, parameters=parameters, useful=useful)
    billed = billed_accelerator_time(useful=useful, goodput=losses["goodput"])
    each = accelerator_token_rate(peak=inputs.peak, mfu=mfu, flops_per_token=work["compute.per_token"])
    rate = cluster_token_rate(rate=each, accelerators=accelerators)
    metrics = {
        "accelerator_time.useful": useful,
        "accelerator_time.billed": billed,
        "accelerators": accelerators,
        "nodes": node_count(accelerators=accelerators, accelerators_per_node=inputs.accelerators_per_node),
        "throughput.per_accelerator": each,
        "throughput.cluster": rate,
        "time.wall": wall_time(billed=billed, accelerators=accelerators),
        **losses,
    }
    between = losses.get("time.between_interruptions")
    if between is not None:
        metrics["interruptions"] = interruption_count(wall=metrics["time.wall"], between=between)
    if inputs.global_batch is not None and inputs.mfu is not None:
        step = step_tokens(sequences=inputs.global_batch, sequence_length=inputs.sequence_length)
        metrics["time.step"] = step_time(tokens=step, rate=rate)
    return metrics
