"""`layout: auto`: the layout of a scenario by search, and the count where a deadline is stated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from computecalc.catalog.calibrated import CALIBRATION
from computecalc.errors import Diagnostic, EstimateError
from computecalc.estimators.input_units import INPUTS
from computecalc.estimators.inputs import Choice, Origin, Resolved, ResolvedInput, TrainInputs, train_inputs
from computecalc.scenario.collector import Collector
from computecalc.scenario.models import ResolvedModel
from computecalc.units.display import display
from computecalc.units.ranges import Range

if TYPE_CHECKING:
    from computecalc.estimators.training.automatic import Chosen
    from computecalc.estimators.training.grids import Stated

__all__ = ["held_keys", "held_text", "stated_layout", "unsearchable", "with_layout"]


def unsearchable(collector: Collector, model: ResolvedModel, *, has_mfu: bool) -> str:
    """Return why nothing of a layout can be searched; empty when it can.

    Parameters
    ----------
    collector : Collector
        What is resolved so far: data and cluster.
    model : ResolvedModel
        The model.
    has_mfu : bool
        Whether the MFU is stated; then nothing would come of a search, as little as for a model without layers.
    """
    count = collector.inputs.get("cluster.count")
    if model.architecture is None or has_mfu or not collector.catalog.has("calibration", CALIBRATION):
        return "no layout is stated"
    if "data.global_batch" in collector.unknown:
        return "no layout is stated, and none is searched without a global batch"
    if count is None and "data.tokens" not in collector.inputs:
        return "no layout is stated, and none is searched where both tokens and count follow from something else"
    if count is not None and not count.range.is_exact:
        return "no layout is stated, and none is searched for a range of counts"
    from computecalc.estimators.training.checks import unmodelled_layers

    unmodelled = unmodelled_layers(model.architecture)
    return f"no layout is stated, and none is searched: what {unmodelled} keep is not estimated" if unmodelled else ""


def with_layout(resolved: Resolved) -> Resolved:
    """Return a scenario with the fastest layout that fits, and with the least count that meets its deadline.

    Raises
    ------
    EstimateError
        CC608, when no layout fits, or none meets the deadline.
    """
    from computecalc.estimators.training.automatic import fastest

    inputs = train_inputs(resolved, lambda given: given.range.mid)
    chosen = fastest(inputs, stated_layout(resolved))
    if chosen.layout is None:
        raise EstimateError(_nothing(resolved, inputs, chosen))
    layout, origin = chosen.layout, Origin("search", f"searched: fastest of {chosen.considered:,} layouts")
    degrees = {
        name: getattr(layout, name)
        for name in ("tensor", "pipeline", "virtual_pipeline", "context", "expert", "data", "micro_batch")
    }
    held = held_keys(resolved)
    found = {
        f"layout.{name}": _input(f"layout.{name}", float(degree), origin)
        for name, degree in degrees.items()
        if name not in held
    }
    if "cluster.count" not in resolved.inputs:
        least = Origin("search", f"searched: least of {chosen.counts:,} counts that meets the deadline")
        found["cluster.count"] = _input("cluster.count", float(chosen.count), least)
    options = {
        "recompute": layout.recompute,
        "sharding": layout.sharding,
        "sequence_parallel": str(layout.sequence_parallel).lower(),
    }
    choices = {
        f"layout.{name}": Choice(f"layout.{name}", value, origin) for name, value in options.items() if name not in held
    }
    return replace(resolved, inputs={**resolved.inputs, **found}, choices={**resolved.choices, **choices})


def held_keys(resolved: Resolved) -> dict[str, int | str | bool]:
    """Return what is stated of the layout, by its key: a search leaves it as it is."""
    held: dict[str, int | str | bool] = {}
    for path, given in resolved.inputs.items():
        if path.startswith("layout.") and given.origin.kind in _STATED:
            held[path.removeprefix("layout.")] = round(given.range.mid)
    for path, choice in resolved.choices.items():
        if path.startswith("layout.") and choice.origin.kind in _STATED:
            held[path.removeprefix("layout.")] = _FLAGS.get(choice.value, choice.value)
    return held


def held_text(held: Mapping[str, int | str | bool]) -> str:
    """Return what is held in words; empty where nothing is."""
    values = {name: str(value).lower() if isinstance(value, bool) else value for name, value in held.items()}
    return ", ".join(f"{name} {value}" for name, value in values.items())


def stated_layout(resolved: Resolved) -> Stated:
    """Return what a search of this scenario leaves as it is stated."""
    from computecalc.estimators.training.grids import Stated

    known = {each.name for each in fields(Stated)}
    held: dict[str, Any] = {name: value for name, value in held_keys(resolved).items() if name in known}
    return Stated(**held)


_STATED = ("flag", "scenario")
"""Kinds of origin of what a user wrote."""

_FLAGS = {"true": True, "false": False}


def _input(path: str, value: float, origin: Origin) -> ResolvedInput:
    unit = INPUTS[path]
    return ResolvedInput(path, Range.exact(value), unit.unit, origin, formula_unit=unit.formula_unit)


def _nothing(resolved: Resolved, inputs: TrainInputs, chosen: Chosen) -> Diagnostic:
    """Say why there is no layout, and which count has one."""
    near = " or ".join(f"{count:,}" for count in chosen.alternatives)
    held = held_text(held_keys(resolved))
    aside = f" with {held}" if held else ""
    stated = resolved.inputs.get("cluster.count") or resolved.inputs["cluster.wall_time"]
    if "cluster.count" not in resolved.inputs:
        deadline = display(stated.range.mid, "s", digits=3)
        message = f"no count up to {chosen.count:,} accelerators{aside} meets the deadline of {deadline}"
        hint = "a later deadline, a faster accelerator, or a larger global batch to spread wider"
    elif not chosen.considered:
        sequences = f"{inputs.global_batch:,.6g} sequences a step"
        message = f"no layout{aside} spreads {sequences} evenly over {chosen.count:,} accelerators"
        hint = f"it works with --count {near}" if near else "a larger global batch, or a count that divides better"
    else:
        capacity = display(float(inputs.memory), "byte", digits=3)
        message = f"none of {chosen.considered:,} layouts{aside} fits into {capacity} on {chosen.count:,} accelerators"
        hint = f"it fits with --count {near}" if near else "accelerators with more memory, or a smaller model"
    if held:
        hint += "; leaving the layout open lets a search find its own"
    return Diagnostic("CC608", message, span=stated.origin.span, hint=hint)
