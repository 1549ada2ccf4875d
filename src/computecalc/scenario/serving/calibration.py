"""Predictions corrected by a user's own measurements: factors with their origin, and the ranges that are left."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from statistics import median

from computecalc.errors import Diagnostic, EstimateError, ScenarioError
from computecalc.estimators.inference.calibrating import (
    CARRIED,
    OwnFactor,
    left_range,
    mean_error,
    own_factor,
    widened,
)
from computecalc.estimators.inference.resolved import service_metrics
from computecalc.estimators.inputs import Resolved
from computecalc.records import record
from computecalc.scenario.collector import Collector
from computecalc.scenario.context import kept
from computecalc.scenario.files import RawScenario
from computecalc.scenario.models import ResolvedModel
from computecalc.scenario.origins import stated_origin
from computecalc.scenario.paths import named_path
from computecalc.scenario.serving.measurements import Measurement, read_measurements
from computecalc.scenario.serving.schema import InferScenario
from computecalc.units.ranges import Range
from computecalc.yamlio.nodes import MappingEntry, MappingNode, Plain, child, from_plain

__all__ = ["calibrate"]

_INHERITED = ("accelerator", "engine", "precision", "kv_precision", "nic", "scale_up_size", "speculative")
"""Keys of `serving` that a row takes from the scenario where it does not state them."""

_KIND = ("model", "serving.accelerator", "serving.precision", "serving.engine")
"""What rows of one kind have in common."""

_SUBJECTS = {"residual": "time between tokens", "first_token_residual": "time to first token"}

_DOUBTFUL = 2.0
"""Factor either way from which on a table is more likely of another service."""

Predict = Callable[[RawScenario], Resolved]


@record
class _Compared:
    """A row with its prediction."""

    kind: tuple[str, ...]
    is_offline: bool
    ratios: Mapping[str, float]
    """Measured over predicted time, by what it corrects."""


@record
class _Chosen:
    """The rows that speak for the scenario."""

    rows: Sequence[_Compared]
    is_own: bool
    """Whether they are of the scenario's model, accelerator, precision and engine."""


def calibrate(collector: Collector, scenario: InferScenario, model: ResolvedModel, resolve: Predict) -> None:
    """Correct the residuals of a service by measurements of its user.

    Parameters
    ----------
    collector : Collector
        Holds the residuals as measurements of others leave them.
    scenario : InferScenario
        Names the file.
    model : ResolvedModel
        The scenario's model.
    resolve : callable
        Resolves the scenario of a row.

    Raises
    ------
    ScenarioError
        CC303 for a file outside the folder of the scenario; CC621 for what is wrong with it, and what is wrong with
        the services that its rows describe.
    UsageError
        CC103 when it cannot be read.
    EstimateError
        CC622 when no row was measured on the scenario's accelerator.
    """
    name, place = scenario.serving.calibration or "", collector.place("serving.calibration")
    measured = read_measurements(named_path(name, place, flag="--calibrate"), name, place)
    problems: list[Diagnostic] = []
    compared: list[_Compared] = []
    for each in measured:
        with kept(problems):
            compared.append(_compared(collector, each, resolve))
    if problems:
        raise ScenarioError(*problems)
    chosen = _chosen(collector, scenario, compared)
    found = {
        path: _corrected(collector, path, chosen, model.structure)
        for path in _SUBJECTS
        if any(path in row.ratios for row in chosen.rows)
    }
    for path, (own, range_) in found.items():
        said = f"{name}: {_rows(own.rows)}, mean error {own.before:.1%} before and {own.after:.1%} after"
        origin = replace(stated_origin(place), text=said, note=f"{said}; {_whose(collector, chosen)}")
        collector.found(f"serving.{path}", range_, origin)
    collector.diagnostics.append(
        _note(collector, name, len(compared), chosen, {p: own for p, (own, _) in found.items()})
    )


def _compared(collector: Collector, row: Measurement, resolve: Predict) -> _Compared:
    resolved = resolve(_scenario(collector, row))
    predicted = service_metrics(resolved, lambda given: given.range.mid)
    ratios: dict[str, float] = {}
    if "ttft" in row.measured:
        ratios["first_token_residual"] = row.measured["ttft"] / float(predicted["latency.ttft"])
    if "tpot" in row.measured:
        ratios["residual"] = row.measured["tpot"] / float(predicted["latency.tpot"])
    elif "throughput" in row.measured:
        ratios["residual"] = float(predicted["throughput.replica"]) / row.measured["throughput"]
    kind = tuple(resolved.choices[path].value for path in _KIND)
    return _Compared(kind, row.is_offline, ratios)


def _scenario(collector: Collector, row: Measurement) -> RawScenario:
    """Return the scenario of a row: what it states, and what it leaves to the scenario it is measured for."""
    stated: dict[str, Plain] = {
        "kind": "infer",
        "traffic": row.traffic(),
        "serving": row.serving(),
        # Not compared; stated, so that nothing is looked up for them.
        "site": {"pue": 1, "grid_intensity": "0 gCO2e/kWh"},
        "power": {"accelerator": "1 W", "host_overhead": 1},
        "money": {"price": "1 USD/accelerator/h"},
    }
    if row.cells.get("model"):
        stated["model"] = row.cells["model"]
    node = from_plain(stated, row.span)
    own = child(collector.node, "serving")
    if not isinstance(node, MappingNode) or not isinstance(own, MappingNode):
        raise TypeError("a row and its scenario are mappings")
    serving = node.entries["serving"].node
    entries = dict(serving.entries) if isinstance(serving, MappingNode) else {}
    entries |= {key: own.entries[key] for key in _INHERITED if key in own.entries and key not in entries}
    whole = dict(node.entries) | {"serving": MappingEntry(row.span, MappingNode(entries, row.span))}
    whole.setdefault("model", collector.node.entries["model"])
    return RawScenario(f"line {row.span.line}", MappingNode(whole, row.span), row.span)


def _chosen(collector: Collector, scenario: InferScenario, rows: Sequence[_Compared]) -> _Chosen:
    """Take the rows nearest to the scenario: of its kind, else of its accelerator; of its load where there are any."""
    own = tuple(collector.choices[path].value for path in _KIND)
    same = [row for row in rows if row.kind == own]
    near = same or [row for row in rows if row.kind[1] == own[1]]
    if not near:
        there = ", ".join(sorted({row.kind[1] for row in rows}))
        place = collector.place("serving.calibration")
        message = f"no row of {scenario.serving.calibration} was measured on {own[1]}: they are of {there}"
        hint = "measure on it, or leave the calibration out"
        raise EstimateError(Diagnostic("CC622", message, span=place, hint=hint))
    alike = [row for row in near if row.is_offline == scenario.traffic.offline]
    return _Chosen(alike or near, bool(same))


def _corrected(collector: Collector, path: str, chosen: _Chosen, structure: str) -> tuple[OwnFactor, Range]:
    """Return the factor of one residual, and the residual with the range that is left of it."""
    whole = collector.inputs[f"serving.{path}"].range
    kinds: dict[tuple[str, ...], list[float]] = defaultdict(list)
    for row in chosen.rows:
        if path in row.ratios:
            kinds[row.kind].append(row.ratios[path])
    ratios = [ratio for each in kinds.values() for ratio in each]
    if chosen.is_own:
        factor = own_factor(ratios)
        within = collector.prior_entry(f"serving.own_{path}", structure=structure).fact("value").value
        left = left_range(whole, within, len(ratios))
    else:
        # Other models and engines on the accelerator: each counts once, and the range stays as it was.
        factor = own_factor([math.exp(median(map(math.log, each))) for each in kinds.values()], shrinkage=CARRIED)
        left = Range(whole.low / whole.mid, 1.0, whole.high / whole.mid)
    left = widened(left, [ratio / factor for ratio in ratios])
    own = OwnFactor(factor, len(ratios), mean_error(ratios), mean_error(ratios, factor))
    return own, left.map(lambda end: end * factor * whole.mid)


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


def _whose(collector: Collector, chosen: _Chosen) -> str:
    model, accelerator, precision, engine = (collector.choices[path].value for path in _KIND)
    if chosen.is_own:
        return f"rows of {model} in {precision} on {accelerator} with {engine}"
    kinds = len({row.kind for row in chosen.rows})
    return (
        f"no rows of {model} in {precision} with {engine}, but of {kinds} others on {accelerator}, taken over in part"
    )


def _note(collector: Collector, name: str, count: int, chosen: _Chosen, found: Mapping[str, OwnFactor]) -> Diagnostic:
    parts = [
        f"{_SUBJECTS[path]} x {own.factor:.3g} by {_rows(own.rows)}, "
        f"mean error {own.before:.1%} before and {own.after:.1%} after"
        for path, own in found.items()
    ]
    message = f"calibrated on {len(chosen.rows)} of {count} rows of {name}: {'; '.join(parts)}"
    place, hint = collector.place("serving.calibration"), _whose(collector, chosen)
    if any(abs(math.log(own.factor)) > math.log(_DOUBTFUL) for own in found.values()):
        hint += f"; more than {_DOUBTFUL:g} times off: are they of this model, layout and traffic?"
        return Diagnostic("CC620", message, severity="warning", span=place, hint=hint)
    return Diagnostic("CC620", message, severity="note", span=place, hint=hint)
