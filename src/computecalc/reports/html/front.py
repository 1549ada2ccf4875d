"""A Pareto front: points that none beats in both figures, as a chart and a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from computecalc.estimators.metrics import METRICS
from computecalc.records import record
from computecalc.reports.document import ReportStyle
from computecalc.reports.html.charts import Dot, figure, scatter_chart
from computecalc.reports.html.markup import Markup, table
from computecalc.reports.html.page import Origin, Section, page, section
from computecalc.reports.html.summary import NAMES
from computecalc.reports.html.ticking import axis_unit, tick_text
from computecalc.units.display import display

__all__ = ["Front", "front_of", "front_section", "render_front_html"]

_MOST_ROWS = 500


@record
class Front:
    """Points with named columns, two of which are weighed against each other."""

    columns: tuple[tuple[str, str], ...]
    """Name and coherent unit of each column; a column of texts has an empty unit."""
    rows: tuple[tuple[float | str | None, ...], ...]
    """Points in order, each with a cell a column."""
    axes: tuple[str, str]
    """Names of the columns on the horizontal and the vertical axis."""


def render_front_html(title: str, lead: str, front: Front, style: ReportStyle, origin: Origin) -> str:
    """Return the page of a front alone.

    Parameters
    ----------
    title : str
        Heading of the page.
    lead : str
        One sentence below it.
    front : Front
        The points.
    style : ReportStyle
        Digits and units.
    origin : Origin
        Catalog and program, for the footer.
    """
    return page(title, "Pareto front", lead, [front_section("front", "Pareto front", front, style)], origin)


def front_section(
    anchor: str,
    heading: str,
    front: Front,
    style: ReportStyle,
    *,
    level: int = 2,
    lead: str = "",
    is_drawn: bool = True,
    is_joined: bool = True,
) -> Section:
    """Return chart and table of a front; `lead` says what its points are, where that is more than two figures say."""
    names = [name for name, _ in front.columns]
    units = dict(front.columns)
    places = [names.index(axis) for axis in front.axes]
    scales = [_scale(front, place, units[axis], style) for place, axis in zip(places, front.axes, strict=True)]
    dots = []
    for number, row in enumerate(front.rows, 1):
        x, y = (row[place] for place in places)
        if isinstance(x, float | int) and isinstance(y, float | int):
            said = ", ".join(_cell(each, *column, style) for each, column in zip(row, front.columns, strict=True))
            dots.append(Dot(float(x) / scales[0][0], float(y) / scales[1][0], f"{number}: {said}"))
    titles = [_axis(axis, unit) for axis, (_, unit) in zip(front.axes, scales, strict=True)]
    lead = lead or f"{len(front.rows)} points that no other beats in both {front.axes[0]} and {front.axes[1]}."
    if len(front.rows) > _MOST_ROWS:
        lead += f" The table has the first {_MOST_ROWS}."
    parts: list[Markup] = []
    if dots and is_drawn:
        said = f"{len(dots)} points of {titles[1]} over {titles[0]}; the table below has each"
        charts = [scatter_chart(said, dots, (titles[0], titles[1]), tick_text, is_joined=is_joined)]
        parts.append(figure(f"{_name(front.axes[1])} over {_name(front.axes[0])}", charts, None))
    rows = [
        (str(number), *(_cell(each, *column, style) for each, column in zip(row, front.columns, strict=True)))
        for number, row in enumerate(front.rows[:_MOST_ROWS], 1)
    ]
    numeric = [place for place, (_, unit) in enumerate(front.columns, 1) if unit]
    parts.append(
        table(
            heading,
            ("", *names),
            rows,
            numbers=numeric,
            wide=[place for place in range(1, len(names) + 1) if place not in numeric],
        )
    )
    return section(anchor, heading, *parts, level=level, lead=lead)


def _scale(front: Front, place: int, unit: str, style: ReportStyle) -> tuple[float, str]:
    cells = (row[place] for row in front.rows)
    found = sorted(abs(float(cell)) for cell in cells if isinstance(cell, float | int))
    like = found[len(found) // 2] if found else 1.0
    return axis_unit(like, unit or "1", style.units.get(front.columns[place][0]))


def _name(axis: str) -> str:
    return NAMES.get(axis, axis)


def _axis(axis: str, unit: str) -> str:
    return f"{_name(axis)} [{unit}]" if unit else _name(axis)


def _cell(value: float | str | None, name: str, unit: str, style: ReportStyle) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, str) or not unit:
        return str(value)
    return str(display(float(value), unit, digits=style.digits, target=style.units.get(name)))


def front_of(metrics: Sequence[tuple[str, Mapping[str, float]]], names: Sequence[str], axes: tuple[str, str]) -> Front:
    """Return a front of described points, with the metrics that any of them has."""
    known = [name for name in dict.fromkeys((*axes, *names)) if any(name in found for _, found in metrics)]
    columns = (*((name, METRICS[name].unit) for name in known), ("layout", ""))
    rows = tuple((*(found.get(name) for name in known), text) for text, found in metrics)
    return Front(columns, rows, axes)
