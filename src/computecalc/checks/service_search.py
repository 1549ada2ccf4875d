"""The best configurations of a service under limits, and the front of throughput and latency, over whole arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from computecalc.checks.expressions import Check
from computecalc.errors import Diagnostic, EstimateError, UsageError, did_you_mean
from computecalc.estimators.inference.candidates import ServedCandidate, ServedLayout
from computecalc.estimators.inference.searching import Grid, evaluated, finer, laid_out
from computecalc.estimators.metrics import METRICS
from computecalc.records import record
from computecalc.scenario.serving.optimizing import Space
from computecalc.units.display import display

__all__ = ["SERVICE_MEASURES", "ServiceFound", "is_more_better", "search_services", "service_axes", "service_measure"]

Array = NDArray[np.float64]

SERVICE_MEASURES = {
    "cost": "cost.per_request",
    "output-cost": "cost.per_mtoken_output",
    "energy": "energy.per_request",
    "carbon": "carbon.per_mtoken_output",
    "throughput": "throughput.per_accelerator",
    "latency": "latency.request",
    "ttft": "latency.ttft",
    "tpot": "latency.tpot",
    "count": "accelerators",
}
"""What configurations may be ranked by, and the metric that it is; any other metric goes by its id."""

_MORE_IS_BETTER = ("throughput.", "utilization", "batch", "memory.fits")
"""Metrics, or starts of their ids, of which more is better."""

_CLOSELY = 64
"""Layouts of each space that are looked at closely."""

_BETTER = 0.05
"""Share by which a configuration must be faster to add to the front: there are hundreds in between."""


@record
class ServiceFound:
    """What a search found."""

    best: tuple[ServedCandidate, ...]
    front: tuple[ServedCandidate, ...]
    considered: int
    fitting: int


def service_measure(name: str) -> str:
    """Return the metric of a measure.

    Raises
    ------
    UsageError
        CC101 when there is none of that name.
    """
    if name in METRICS:
        return name
    if name not in SERVICE_MEASURES:
        near = did_you_mean(name, SERVICE_MEASURES)
        hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(SERVICE_MEASURES)}, or a metric id"
        raise UsageError(Diagnostic("CC101", f"--by cannot be {name!r} where a model is served", hint=hint))
    return SERVICE_MEASURES[name]


def is_more_better(metric: str) -> bool:
    """Tell whether more of a metric is better, as of throughput."""
    return metric.startswith(_MORE_IS_BETTER)


def service_axes(*, writes: bool) -> tuple[str, str]:
    """Return what the front weighs: what an accelerator does, against how fast it is for one who waits."""
    return (
        ("throughput.per_accelerator", "throughput.per_user")
        if writes
        else ("throughput.total_per_accelerator", "latency.ttft")
    )


@dataclass(slots=True)
class _Searched:
    """A space with all that was looked at of it."""

    space: Space
    grid: Grid
    metrics: dict[str, Array]
    considered: int

    def values(self, metric: str) -> Array:
        """The metric of each row; not a number where it is not known."""
        found = self.metrics.get(metric)
        return np.full(self.grid.size, np.nan) if found is None else found

    def kept(self, limits: Sequence[Check]) -> NDArray[np.bool_]:
        """The rows that keep limits."""
        mask = np.ones(self.grid.size, dtype=bool)
        for limit in limits:
            mask &= _holds(limit, self.values(limit.metric))
        return mask

    def look_closely(self, rows: NDArray[np.intp]) -> None:
        """Add the numbers of requests around some rows."""
        grid = finer(self.grid, rows)
        if not grid.size:
            return
        metrics = evaluated(self.space.service, grid, _in_flight(self.space))
        columns = {name: np.concatenate([self.grid.columns[name], grid.columns[name]]) for name in grid.columns}
        layout = np.concatenate([self.grid.layout, grid.layout])
        self.grid = Grid(columns, layout, self.grid.considered + grid.considered)
        self.considered += grid.considered
        self.metrics = {name: np.concatenate([self.metrics[name], values]) for name, values in metrics.items()}


def _holds(limit: Check, values: Array) -> NDArray[np.bool_]:
    """Tell where values keep a limit, as `Check.holds` does for one; what is not known keeps none."""
    if limit.operator == "==":
        return np.isclose(values, limit.bound.mid, rtol=1e-9, atol=0.0)
    if limit.operator == "in":
        return (limit.bound.low <= values) & (values <= limit.bound.high)
    kept: NDArray[np.bool_] = np.asarray(limit.holds(values))  # type: ignore[arg-type]
    return kept & ~np.isnan(values)


def search_services(
    spaces: Sequence[Space], *, by: str, limits: Sequence[Check], most: int, has_front: bool
) -> ServiceFound:
    """Find the configurations that are best by a metric among those that keep limits.

    Parameters
    ----------
    spaces : sequence of Space
        What is open.
    by : str
        Metric id.
    limits : sequence of Check
        All must hold, the targets of the scenario among them.
    most : int
        Configurations wanted, each the best of its layout, accelerator and number format.
    has_front : bool
        Whether the front of throughput and latency is wanted.

    Raises
    ------
    EstimateError
        CC614 where nothing fits, CC609 where nothing keeps the limits, CC602 for a metric that is not known.
    """
    searched = [_looked_at(space) for space in spaces]
    if not any(each.grid.size for each in searched):
        raise EstimateError(_no_room(spaces, sum(each.considered for each in searched)))
    for each in searched:
        if limits and each.grid.size and not each.kept(limits).any():
            each.look_closely(_nearest_rows(each, limits))
    _check_limits(searched, limits)
    if not any(by in each.metrics for each in searched):
        raise EstimateError(Diagnostic("CC602", f"{by} is not known of these configurations", hint=_missing(by)))
    for each in searched:
        if each.grid.size:
            each.look_closely(_leaders(each, by, limits, _CLOSELY))
    best = _ranked(searched, by, limits, most)
    axes = service_axes(writes=spaces[0].question.writes)
    return ServiceFound(
        best=tuple(_candidate(searched[space], row) for space, row in best),
        front=tuple(_candidate(searched[space], row) for space, row in _front(searched, limits, axes))
        if has_front
        else (),
        considered=sum(each.considered for each in searched),
        fitting=sum(each.grid.size for each in searched),
    )


def _in_flight(space: Space) -> float | None:
    return space.question.most if space.is_closed_loop else None


def _looked_at(space: Space) -> _Searched:
    grid = laid_out(space.service, space.layouts, space.question)
    return _Searched(space, grid, evaluated(space.service, grid, _in_flight(space)), grid.considered)


def _worth(each: _Searched, metric: str) -> Array:
    """The metric, less being better; what is not known last."""
    values = each.values(metric)
    sign = -1.0 if is_more_better(metric) else 1.0
    return np.where(np.isfinite(values), sign * values, np.inf)


def _order(each: _Searched, by: str, limits: Sequence[Check]) -> NDArray[np.intp]:
    """Rows that keep the limits, best first; smaller replicas and shorter waits go before where they are equal."""
    rows = np.flatnonzero(each.kept(limits) & np.isfinite(_worth(each, by)))
    columns = each.grid.columns
    sizes = columns["tensor"] * columns["data"] * columns["pipeline"]
    keys = (_worth(each, "latency.request")[rows], sizes[rows], _worth(each, by)[rows])
    return rows[np.lexsort(keys)]


def _leaders(each: _Searched, by: str, limits: Sequence[Check], most: int) -> NDArray[np.intp]:
    """The best row of each of the best layouts."""
    order = _order(each, by, limits)
    _, first = np.unique(each.grid.layout[order], return_index=True)
    return order[np.sort(first)[:most]]


def _ranked(searched: Sequence[_Searched], by: str, limits: Sequence[Check], most: int) -> list[tuple[int, int]]:
    found = []
    for number, each in enumerate(searched):
        columns = each.grid.columns
        for row in _leaders(each, by, limits, most):
            size = columns["tensor"][row] * columns["data"][row] * columns["pipeline"][row]
            worth = (_worth(each, name)[row] for name in (by, "latency.request"))
            found.append((next(worth), size, next(worth), number, int(row)))
    return [(number, row) for *_, number, row in sorted(found)[:most]]


def _front(searched: Sequence[_Searched], limits: Sequence[Check], axes: tuple[str, str]) -> list[tuple[int, int]]:
    """Rows that none beats in both metrics, the most throughput first, each a step faster than the one before."""
    rows = [np.flatnonzero(each.kept(limits)) for each in searched]
    number = np.concatenate([np.full(kept.size, i) for i, kept in enumerate(rows)])
    row = np.concatenate(rows)
    first, second = (
        np.concatenate([_worth(each, name)[kept] for each, kept in zip(searched, rows, strict=True)]) for name in axes
    )
    found: list[tuple[int, int]] = []
    fastest = np.inf
    for place in np.lexsort((second, first)):
        # Of speed more is better and its sign is turned, of a wait less: both fall.
        faster = fastest - second[place] > _BETTER * min(abs(fastest), abs(second[place]))
        if np.isfinite(first[place]) and faster:
            found.append((int(number[place]), int(row[place])))
            fastest = second[place]
    return found


def _candidate(each: _Searched, row: int) -> ServedCandidate:
    columns = each.grid.columns
    degrees = {name: round(float(values[row])) for name, values in columns.items()}
    metrics = {name: float(values[row]) for name, values in each.metrics.items()}
    return ServedCandidate(
        each.space.accelerator,
        ServedLayout(precision=each.space.precision, **degrees),
        {name: value for name, value in metrics.items() if np.isfinite(value)},
    )


def _distance(values: Array, limit: Check) -> Array:
    """How far values are from a limit."""
    low, high = limit.bound.low, limit.bound.high
    return np.where(np.isnan(values), np.inf, np.minimum(abs(values - low), abs(values - high)))


def _nearest_rows(each: _Searched, limits: Sequence[Check]) -> NDArray[np.intp]:
    """Rows near to the first limit that none keeps beside those before it."""
    mask = np.ones(each.grid.size, dtype=bool)
    for limit in limits:
        kept = mask & _holds(limit, each.values(limit.metric))
        if not kept.any():
            distance = np.where(mask, _distance(each.values(limit.metric), limit), np.inf)
            order = np.argsort(distance, kind="stable")
            return order[np.isfinite(distance[order])][:_CLOSELY]
        mask = kept
    return np.flatnonzero(mask)[:0]


def _check_limits(searched: Sequence[_Searched], limits: Sequence[Check]) -> None:
    """Say which limit leaves nothing, and the nearest to it.

    Raises
    ------
    EstimateError
        CC609 when no row keeps all limits; CC602 when a limited metric is not known of any.
    """
    for place, limit in enumerate(limits):
        if not any(limit.metric in each.metrics for each in searched):
            message = f"`{limit.text}` cannot be judged: {limit.metric} is not known of these configurations"
            raise EstimateError(Diagnostic("CC602", message, hint=_missing(limit.metric)))
        if any(each.kept(limits[: place + 1]).any() for each in searched):
            continue
        found = []
        for number, each in enumerate(searched):
            distance = np.where(each.kept(limits[:place]), _distance(each.values(limit.metric), limit), np.inf)
            if distance.size:
                found.append((float(distance.min()), number, int(distance.argmin())))
        _, number, row = min(found)
        raise EstimateError(_unkept(_candidate(searched[number], row), searched, limits, place))


def _unkept(near: ServedCandidate, searched: Sequence[_Searched], limits: Sequence[Check], place: int) -> Diagnostic:
    limit, count = limits[place], sum(each.grid.size for each in searched)
    beside = f" beside {' and '.join(f'`{each.text}`' for each in limits[:place])}" if place else ""
    shown = display(near.metrics[limit.metric], METRICS[limit.metric].unit)
    layout = near.layout
    return Diagnostic(
        "CC609",
        f"none of {count:,} configurations keeps `{limit.text}`{beside}",
        hint=f"the nearest has {shown}, with {layout.degrees}, {layout.precision} and batch {layout.batch} "
        f"on {near.accelerator}",
    )


def _no_room(spaces: Sequence[Space], considered: int) -> Diagnostic:
    """Say what comes nearest to fitting, and how many accelerators would hold it."""
    from computecalc.estimators.inference.planning import Shortfall, planned

    falls = []
    for space in spaces:
        found = planned(space.service.serving, space.layouts, space.question)
        if isinstance(found, Shortfall):
            usable = float(space.service.serving.memory * space.service.serving.engine.usable_memory)
            falls.append((found.weights / usable, space, found, usable))
    _, space, found, usable = min(falls, key=lambda fall: fall[0])
    held = sorted(space.stated - {"precision", "batch"})
    weights, room = (display(size, "byte", digits=3) for size in (found.weights, usable))
    least = int(np.ceil(found.weights * found.layout.accelerators / usable))
    way = f"leave serving.{held[0]} out" if held else "fewer tokens a request"
    return Diagnostic(
        "CC614",
        f"none of {considered:,} configurations has room for one request: at best {weights} of weights and its cache "
        f"on each {space.accelerator}, of {room} that the engine may use",
        hint=f"the weights alone take {least:,} of them in {space.precision}; {way}, a smaller precision, or an "
        "accelerator with more memory",
    )


def _missing(metric: str) -> str:
    if metric.startswith("cost."):
        return "state the price: --price '2.50 USD/accelerator/h'"
    if metric.startswith("carbon."):
        return "state the grid: --grid-intensity '390 gCO2e/kWh'"
    return f"`computecalc explain {metric}` says what it needs"
