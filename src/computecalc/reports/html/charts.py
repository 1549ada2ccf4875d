"""Charts: pygal lays them out, and what it draws is cut down to shapes and texts that the page's own style colours."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

from computecalc.records import record
from computecalc.reports.html.drawing import WIDTH, Drawing, ticks
from computecalc.reports.html.markup import Markup, element

__all__ = ["Bar", "Dot", "bar_chart", "figure", "scatter_chart"]

_ROW = 43
_BAR = 12
_ABOVE = 21
"""Of a row, what its text takes above the bar."""
_AXIS = 24
_TICK = 20
"""What pygal takes for the texts of an axis."""
_EDGE = 8
"""What pygal leaves free on both sides of a range; the picture is cut there."""
_LEFT = 12
_LONGEST = 36

_SCATTER = (400, 300)
_MARGINS = {"margin_left": 22, "margin_bottom": 24, "margin_top": 24, "margin_right": 14}


@record
class Bar:
    """One row of a bar chart: a name, what is said of it, and how far it reaches."""

    label: str
    said: str
    end: float
    low: float | None = None
    high: float | None = None
    """Ends of its range, drawn as a line."""
    other: float | None = None
    """End of a second bar from the same zero."""
    color: int = 0
    hint: str = ""
    """Shown where a pointer rests on it."""


@record
class Dot:
    """One point: what it is, and where, in the units of the axes."""

    x: float
    y: float
    hint: str


def figure(title: str, charts: Sequence[str], alternative: str | None, *, note: str = "") -> Markup:
    """Return charts under a heading, with the same figures as a table for whoever does not see them."""
    return element(
        "figure",
        element("figcaption", title),
        element("p", note, class_="note") if note else None,
        *charts,
        element("details", element("summary", "Figures of this chart"), alternative, class_="figures-of")
        if alternative
        else None,
        class_="chart",
    )


def _pygal() -> Any:
    """Return the library, writing trees of the standard library wherever it is installed beside lxml."""
    import pygal
    from pygal.etree import etree

    # It hooks itself into every later import, for plugins that nobody here has, in a way that Python 3.12 dropped and
    # 3.11 warns of: in the process of those who call us from Python that is not ours to leave behind.
    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]
    etree.to_etree()
    return pygal


def _config(width: int, height: int, **more: Any) -> dict[str, Any]:
    """Settings of pygal with which it writes no style, no script and no name that changes from run to run."""
    plain = {
        "css": [],
        "js": [],
        "no_prefix": True,
        "explicit_size": True,
        "show_legend": False,
        "width": width,
        "height": height,
        "margin": 0,
        "title": None,
        "print_values": False,
    }
    return {**plain, **more}


def bar_chart(
    title: str, bars: Sequence[Bar], formatter: Callable[[float], str], *, is_tornado: bool = False
) -> Markup:
    """Return horizontal bars, the first at the top, each with its name and figures above it.

    Parameters
    ----------
    title : str
        What is heard in place of the picture.
    bars : sequence of Bar
        Rows.
    formatter : callable
        Text of a tick of the axis.
    is_tornado : bool
        Whether each row has two bars, of its low and of its high end.
    """
    pygal = _pygal()
    ends = [each for bar in bars for each in (bar.end, bar.low, bar.high, bar.other, 0.0) if each is not None]
    marks = ticks(min(ends), max(ends), 4)
    height = _ROW * len(bars) + _AXIS
    chart = pygal.HorizontalBar(
        **_config(WIDTH, height, margin_bottom=_AXIS - _TICK, margin_right=1, margin_left=1),
        range=(min(*ends, marks[0]), max(*ends, marks[-1])),
        value_formatter=formatter,
        y_labels=marks,
        show_y_labels=False,
    )
    rows = list(reversed(bars))  # pygal counts from below
    chart.add("a", [_node(bar) for bar in rows])
    if is_tornado:
        chart.add("b", [{"value": bar.other} for bar in rows])
    drawing = Drawing(chart.render_tree(), WIDTH, height, edge=_EDGE)
    for series, name in enumerate(("a", "b") if is_tornado else ("a",)):
        for rect, place in zip(drawing.shapes("rect", series), range(len(bars) - 1, -1, -1), strict=True):
            bar = bars[place]
            end = bar.end if name == "a" else bar.other
            both = is_tornado and bar.other is not None and bar.end * bar.other > 0.0
            shift = _BAR / 2 if both and name == "b" else 0.0
            rect.attrib.update(y=str(place * _ROW + _ABOVE + shift), height=str(_BAR / 2 if both else _BAR))
            rect.set(
                "class", f"bar {'below' if is_tornado and series == 0 else ''} part-{bar.color}".replace("  ", " ")
            )
            drawing.hint(rect, bar.hint or f"{bar.label}: {bar.said}", is_drawn=end is not None)
    for path, place in zip(drawing.ranges(), _ranged(bars), strict=True):
        drawing.move_range(path, place * _ROW + _ABOVE + _BAR / 2)
    for place, bar in enumerate(bars):
        label = bar.label if len(bar.label) <= _LONGEST else f"{bar.label[: _LONGEST - 1]}…"
        drawing.text(label, _LEFT, place * _ROW + _ABOVE - 6, "name")
        drawing.text(bar.said, WIDTH - _EDGE, place * _ROW + _ABOVE - 6, "said")
    return drawing.markup(title, "bars tornado" if is_tornado else "bars")


def _node(bar: Bar) -> dict[str, Any]:
    if bar.low is None or bar.high is None or bar.low == bar.high:
        return {"value": bar.end}
    return {"value": bar.end, "ci": {"low": bar.low, "high": bar.high}}


def _ranged(bars: Sequence[Bar]) -> list[int]:
    """Return the rows that have a range, in the order in which pygal draws them."""
    found = [place for place, bar in enumerate(bars) if "ci" in _node(bar)]
    return list(reversed(found))


def scatter_chart(title: str, dots: Sequence[Dot], axes: tuple[str, str], formatter: Callable[[float], str]) -> Markup:
    """Return points joined by a line in the order of their x.

    Parameters
    ----------
    title : str
        What is heard in place of the picture.
    dots : sequence of Dot
        Points.
    axes : tuple of str
        Names of the axes, with their units.
    formatter : callable
        Text of a tick.
    """
    pygal = _pygal()
    width, height = _SCATTER
    points = sorted(dots, key=lambda dot: (dot.x, dot.y))
    across = ticks(min(dot.x for dot in points), max(dot.x for dot in points), 5)
    upwards = ticks(min(dot.y for dot in points), max(dot.y for dot in points), 5)
    chart = pygal.XY(
        **_config(width, height, **_MARGINS),
        xrange=(min(across[0], points[0].x), max(across[-1], points[-1].x)),
        range=(min(*upwards, *(dot.y for dot in points)), max(*upwards, *(dot.y for dot in points))),
        x_value_formatter=formatter,
        value_formatter=formatter,
        x_labels=across,
        y_labels=upwards,
        dots_size=4,
        stroke=True,
    )
    chart.add("a", [(dot.x, dot.y) for dot in points])
    drawing = Drawing(chart.render_tree(), width, height)
    for circle, dot in zip(drawing.shapes("circle", 0), points, strict=True):
        circle.set("class", "dot part-0")
        drawing.hint(circle, dot.hint, is_drawn=True)
    drawing.title(axes[0], width / 2, height - 6, "axis-x")
    drawing.title(axes[1], 0, 12, "axis-y")
    return drawing.markup(title, "scatter")
