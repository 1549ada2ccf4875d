"""What charts of a search show: its best side by side, and its front as points."""

from __future__ import annotations

from collections.abc import Sequence

from computecalc.estimators.inference.candidates import ServedCandidate
from computecalc.estimators.metrics import METRICS
from computecalc.estimators.training.ranking import Candidate
from computecalc.records import record
from computecalc.reports.document import ReportStyle
from computecalc.reports.optimum import AnyOptimum
from computecalc.reports.plots.charts import Bar, Chart
from computecalc.units.display import display
from computecalc.units.registry import conversion_factor

__all__ = ["Axis", "Points", "best_charts", "front_points"]

_COMPARED = ("time.wall", "memory.per_accelerator", "latency.tpot", "throughput.per_accelerator", "cost.total")
"""Metrics that the best are drawn in, beside the one they are ranked by."""

_MOST = 20
"""Options that are drawn at most."""


@record
class Axis:
    """One direction of a chart of points."""

    metric: str
    low: float
    high: float
    texts: tuple[str, str]
    """Both ends as people read them."""
    unit: str
    """That people read the high end in."""
    size: float
    """Of that unit, in the metric's."""


@record
class Points:
    """A front: points by both metrics that it weighs, in the order of the table of the front."""

    horizontal: Axis
    vertical: Axis
    places: tuple[tuple[float, float], ...]


def best_charts(optimum: AnyOptimum, style: ReportStyle) -> list[Chart]:
    """Return the best of a search side by side, in what they are ranked by and a few metrics beside it."""
    best: Sequence[Candidate | ServedCandidate] = optimum.best[:_MOST]
    found = []
    for name in dict.fromkeys((optimum.by, *_COMPARED)):
        bars = tuple(
            Bar(_label(rank, each), each.metrics[name], _text(name, each.metrics[name], style))
            for rank, each in enumerate(best, 1)
            if name in each.metrics
        )
        if bars:
            found.append(Chart(name, "compared", bars))
    return found


def front_points(optimum: AnyOptimum, style: ReportStyle) -> Points | None:
    """Return the front of a search as points; None where it has fewer than two."""
    front: Sequence[Candidate | ServedCandidate] = optimum.front
    across, up = optimum.axes
    places = tuple(
        (each.metrics[across], each.metrics[up]) for each in front if across in each.metrics and up in each.metrics
    )
    if len(places) < 2:
        return None
    return Points(
        _axis(across, [place[0] for place in places], style), _axis(up, [place[1] for place in places], style), places
    )


def _axis(name: str, values: Sequence[float], style: ReportStyle) -> Axis:
    low, high = min(values), max(values)
    canonical = METRICS[name].unit
    unit = style.units.get(name) or display(high, canonical).unit or canonical
    texts = (_text(name, low, style), _text(name, high, style))
    return Axis(name, low, high, texts, unit, conversion_factor(unit, canonical))


def _label(rank: int, found: Candidate | ServedCandidate) -> str:
    return f"{rank}: {found.count:,} {found.accelerator}"


def _text(name: str, value: float, style: ReportStyle) -> str:
    target = style.units.get(name)
    return str(display(value, METRICS[name].unit, digits=style.digits, target=target)).strip()
