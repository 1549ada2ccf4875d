"""Measured runs beside their estimates, at the boundary that was measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from computecalc.checks.measured_runs import MeasuredRun
from computecalc.errors import Diagnostic, did_you_mean
from computecalc.estimators.results import Estimate, MetricValue
from computecalc.formulas.carbon import operational_carbon
from computecalc.formulas.power import facility_energy
from computecalc.records import record

__all__ = ["MeasuredComparison", "MeasuredValue", "Standing", "compared"]

Standing = Literal["below", "within", "above", "unknown"]
"""Where the measurement lies: below, within or above the range of the estimate."""

_DEFAULT_PROJECT = "codecarbon"
"""What codecarbon calls a run whose user named none."""

_ALIKE = 1e-9
"""Relative distance by which a measurement may lie beyond an end of the range and still be on it."""


@record
class MeasuredValue:
    """One quantity, measured and estimated, in the metric's canonical unit."""

    metric: str
    unit: str
    measured: float
    low: float | None
    """The estimate at the boundary of the measurement; None where it is unknown."""
    mid: float | None
    high: float | None
    standing: Standing
    boundary: str
    """What both sides count."""
    reason: str = ""
    """Why the estimate is unknown."""

    @property
    def ratio(self) -> float | None:
        """Measured over estimated."""
        return self.measured / self.mid if self.mid else None


@record
class MeasuredComparison:
    """A measured run beside the estimate of its scenario."""

    scenario: str
    run: MeasuredRun
    values: tuple[MeasuredValue, ...]
    notes: tuple[str, ...] = ()


def compared(
    runs: Iterable[MeasuredRun], estimates: Sequence[Estimate], failed: Sequence[str] = ()
) -> tuple[list[MeasuredComparison], list[Diagnostic]]:
    """Set each run beside the estimate of the scenario that its project is called after.

    Parameters
    ----------
    runs : iterable of MeasuredRun
        Rows of the table. A run under codecarbon's own name belongs to the only scenario, where there is one alone.
    estimates : sequence of Estimate
        Scenarios that could be estimated.
    failed : sequence of str
        Names of those that could not; their messages say why.

    Returns
    -------
    tuple
        A comparison a run, and an error a run that belongs to no scenario, or to one that nothing can be compared with.
    """
    by_name = {estimate.name: estimate for estimate in estimates}
    found: list[MeasuredComparison] = []
    errors: list[Diagnostic] = []
    for run in runs:
        name = run.project
        if name not in by_name and name in ("", _DEFAULT_PROJECT) and len(by_name) + len(failed) == 1:
            name = (*by_name, *failed)[0]
        estimate = by_name.get(name)
        if estimate is None:
            errors.append(_unmatched(run, name, [*by_name, *failed], is_failed=name in failed))
        elif estimate.kind != "train":
            message = f"the run is one of {name!r}, which is no training run: a service has no duration"
            hint = "`run --calibrate` takes own measurements of a service"
            errors.append(Diagnostic("CC734", message, span=run.span, hint=hint))
        else:
            found.append(_comparison(run, estimate))
    return found, errors


def _unmatched(run: MeasuredRun, name: str, known: Sequence[str], *, is_failed: bool) -> Diagnostic:
    if is_failed:
        message = f"the run is one of {name!r}, which could not be estimated"
        return Diagnostic("CC734", message, span=run.span, hint="mend the scenario")
    near = did_you_mean(name, known)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known[:8])}"
    message = f"the run is one of project {name!r}, which no scenario is called"
    return Diagnostic("CC734", message, span=run.span, hint=hint)


def _comparison(run: MeasuredRun, estimate: Estimate) -> MeasuredComparison:
    share, notes = _share(run, estimate)
    return MeasuredComparison(estimate.name, run, tuple(_values(run, estimate, share)), tuple(notes))


def _share(run: MeasuredRun, estimate: Estimate) -> tuple[float, list[str]]:
    """Return which share of the scenario's accelerators was measured, and what is to be said of it."""
    count = estimate.outputs.get("accelerators")
    if run.accelerators is None or count is None or not count.mid or run.accelerators == count.mid:
        return 1.0, []
    measured, planned = f"{run.accelerators:,.0f}", f"{count.mid:,.0f}"
    if run.accelerators > count.mid:
        return 1.0, [f"{measured} accelerators were measured, and the scenario has {planned}: others count with it"]
    share = run.accelerators / count.mid
    return share, [f"{measured} of {planned} accelerators were measured: energy and carbon are estimated for those"]


def _values(run: MeasuredRun, estimate: Estimate, share: float) -> Iterator[MeasuredValue]:
    yield _value("time.wall", estimate, run.duration, "start to end")
    facility = "" if run.pue == 1.0 else f", times a PUE of {run.pue:g}"
    if run.accelerator_energy is not None:
        scaled = _scaled(estimate.outputs["energy.accelerator"], share, run.pue)
        yield _value("energy.accelerator", estimate, run.accelerator_energy, f"accelerators{facility}", scaled)
    scaled = _scaled(estimate.outputs["energy.it"], share, run.pue)
    yield _value("energy.it", estimate, run.energy, f"accelerators, CPUs and RAM{facility}", scaled)
    boundary = f"that energy{facility and ', PUE included'}"
    yield _value("carbon.operational", estimate, run.emissions, boundary, _carbon(estimate, scaled))


Ends = tuple[float | None, float | None, float | None]


def _scaled(value: MetricValue, share: float, pue: float) -> Ends:
    low, mid, high = (
        None if each is None else float(facility_energy(it=each * share, pue=pue))
        for each in (value.low, value.mid, value.high)
    )
    return low, mid, high


def _carbon(estimate: Estimate, energy: Ends) -> Ends:
    """Return emissions of an energy; it and the grid vary apart, so the ends of both make the ends."""
    grid = estimate.inputs.get("site.grid_intensity")
    if grid is None:
        return None, None, None
    intensities = (grid.range.low, grid.range.mid, grid.range.high)
    low, mid, high = (
        None if each is None else float(operational_carbon(facility_energy=each, grid_intensity=intensity))
        for each, intensity in zip(energy, intensities, strict=True)
    )
    return low, mid, high


def _value(metric: str, estimate: Estimate, measured: float, boundary: str, ends: Ends | None = None) -> MeasuredValue:
    value = estimate.outputs.get(metric)
    if value is None:  # the metric belongs to the kind, so that it is at least null
        raise ValueError(f"a training run has no {metric}")
    low, mid, high = ends if ends is not None else (value.low, value.mid, value.high)
    if low is None or mid is None or high is None:
        return MeasuredValue(metric, value.unit, measured, None, None, None, "unknown", boundary, value.reason)
    standing: Standing = "within"
    if measured < low * (1.0 - _ALIKE):
        standing = "below"
    elif measured > high * (1.0 + _ALIKE):
        standing = "above"
    return MeasuredValue(metric, value.unit, measured, low, mid, high, standing, boundary)
