"""Charts as PNG and SVG, by matplotlib: the same bytes for the same result."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from computecalc.errors import Diagnostic, UsageError
from computecalc.reports.document import Failure, ReportDocument, ReportStyle
from computecalc.reports.escapes import terminal_text
from computecalc.reports.optimum import OptimumDocument
from computecalc.reports.plots.charts import Chart, document_charts
from computecalc.reports.plots.search_charts import Points, best_charts, front_points

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["picture", "search_picture"]

_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999")
"""Of Okabe and Ito (2008), which people who see few colours tell apart too."""
_LOW, _HIGH = "#56B4E9", "#0072B2"
_WIDTH = 11.0
"""Of a figure. [inch]"""
_ROW, _FRAME = 0.27, 0.42
"""Height of a bar, and of what is around the bars of a chart. [inch]"""
_FRONT = 4.2
"""Height of a front. [inch]"""
_RESOLUTION = 144
_LONGEST = 38
"""Characters of a label."""


def picture(name: str, document: ReportDocument, style: ReportStyle) -> bytes:
    """Return the charts of a result as a picture.

    Raises
    ------
    UsageError
        CC783 where there is no matplotlib, CC784 where there is nothing to draw.
    """
    found = document_charts(document, style)
    charts = [chart for _, each in found for chart in each]
    heading = "; ".join(heading for heading, _ in found)
    return _saved(name, heading, charts, [])


def search_picture(name: str, document: OptimumDocument, style: ReportStyle) -> bytes:
    """Return the charts of searches as a picture.

    Raises
    ------
    UsageError
        CC783 where there is no matplotlib, CC784 where there is nothing to draw.
    """
    charts: list[Chart] = []
    fronts: list[Points] = []
    headings = []
    for outcome in document.outcomes:
        if isinstance(outcome, Failure):
            continue
        headings.append(f"{terminal_text(outcome.name)}, best by {outcome.by}")
        charts += best_charts(outcome, style)
        points = front_points(outcome, style)
        fronts += [] if points is None else [points]
    return _saved(name, "; ".join(headings), charts, fronts)


def _saved(name: str, heading: str, charts: Sequence[Chart], fronts: Sequence[Points]) -> bytes:
    if not charts and not fronts:
        hint = "a scenario needs parts that are known, a range, or another beside it"
        raise UsageError(Diagnostic("CC784", f"there is nothing to draw as {name}", hint=hint))
    with _drawing():
        figure = _figure(heading, charts, fronts)
        _settle(figure)
        stream = io.BytesIO()
        # What says when and by which version it was drawn is left out: equal results are equal files.
        told = {"Software": None} if name == "png" else {"Date": None, "Creator": None}
        figure.savefig(stream, format=name, metadata=told, dpi=_RESOLUTION)
        return stream.getvalue()


def _settle(figure: Figure) -> None:
    """Keep where the layout put the charts, to a millionth of the figure.

    Its solver takes what it solves in the order of addresses in memory, so that the last digits differ from run to run.
    """
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for axes in figure.axes:
        left, bottom, width, height = (round(edge, 6) for edge in axes.get_position().bounds)
        axes.set_position((left, bottom, width, height))


@contextmanager
def _drawing() -> Iterator[None]:
    """Draw in matplotlib's own style, whatever the user's is.

    Raises
    ------
    UsageError
        CC783 where there is no matplotlib.
    """
    try:
        import matplotlib as mpl
        from matplotlib import style
    except ImportError as error:
        message = "pictures need matplotlib, which is not installed"
        raise UsageError(Diagnostic("CC783", message, hint="pip install 'computecalc[plot]'")) from error
    ours: Any = {"svg.hashsalt": "computecalc", "text.parse_math": False, "font.size": 9.0, "axes.titlesize": 10.0}
    with warnings.catch_warnings(), style.context("default", after_reset=True), mpl.rc_context(ours):
        # A name in a script that the font lacks is drawn as boxes; there is nothing a user could do about it.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield


def _figure(heading: str, charts: Sequence[Chart], fronts: Sequence[Points]) -> Figure:
    from matplotlib.figure import Figure

    draw: list[tuple[float, Callable[[Axes], None]]] = [
        (_ROW * len(chart.bars), partial(_chart, chart=chart)) for chart in charts
    ]
    draw += [(_FRONT, partial(_points, points=points)) for points in fronts]
    heights = [height for height, _ in draw]
    size = (_WIDTH, sum(heights) + _FRAME * len(draw) + _FRAME)
    figure = Figure(figsize=size, layout="constrained")
    figure.suptitle(_cut(heading, 100), fontsize=12.0, fontweight="bold")
    grid = figure.subplots(len(draw), 1, squeeze=False, gridspec_kw={"height_ratios": heights})
    for axes, (_, drawer) in zip(grid[:, 0], draw, strict=True):
        drawer(axes)
    return figure


def _chart(axes: Axes, chart: Chart) -> None:
    places = range(len(chart.bars))
    axes.set_title(_cut(chart.title, 110), loc="left")
    axes.set_yticks(list(places), [_cut(each.label, _LONGEST) for each in chart.bars])
    axes.set_ylim(len(chart.bars) - 0.4, -0.6)
    axes.set_xticks([])
    axes.tick_params(axis="y", length=0)
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    if chart.kind == "swings":
        _swings(axes, chart)
    else:
        _lengths(axes, chart)


def _lengths(axes: Axes, chart: Chart) -> None:
    """Draw bars from zero, each with its number at its end and, where it has one, its range."""
    ends = [max(each.value, each.high or each.value) for each in chart.bars]
    longest = max(ends) or 1.0
    for place, (each, end) in enumerate(zip(chart.bars, ends, strict=True)):
        colour = _COLOURS[place % len(_COLOURS)] if chart.kind == "parts" else _COLOURS[0]
        axes.barh(place, each.value, color=colour, height=0.72)
        if each.low is not None and each.high is not None and each.low < each.high:
            axes.hlines(place, each.low, each.high, color="black", linewidth=1.0)
            axes.vlines([each.low, each.high], place - 0.18, place + 0.18, color="black", linewidth=1.0)
        axes.text(end + longest * 0.01, place, each.text, va="center", ha="left")
    axes.set_xlim(0.0, longest * 1.45)


def _swings(axes: Axes, chart: Chart) -> None:
    """Draw a tornado: for each input the metric at both its ends, around the middle."""
    middle = chart.total.mid if chart.total is not None and chart.total.mid is not None else 0.0
    swings = [each.swing for each in chart.bars if each.swing is not None]
    points = [middle, *(end for swing in swings for end in (swing.low, swing.high))]
    low, high = min(points), max(points)
    room = (high - low) or 1.0
    for place, each in enumerate(chart.bars):
        if each.swing is None:
            continue
        for end, colour in ((each.swing.low, _LOW), (each.swing.high, _HIGH)):
            axes.barh(place, end - middle, left=middle, color=colour, height=0.72)
        axes.text(high + room * 0.02, place, each.text, va="center", ha="left")
    axes.axvline(middle, color="black", linewidth=0.8)
    axes.set_xlim(low - room * 0.02, high + room * 0.8)
    axes.text(high + room * 0.78, len(chart.bars) - 0.35, "light: input at its low end", ha="right", va="top")


def _points(axes: Axes, points: Points) -> None:
    """Draw a front, its points numbered as in its table."""
    across, up = points.horizontal, points.vertical
    places = [(x / across.size, y / up.size) for x, y in points.places]
    axes.plot([x for x, _ in places], [y for _, y in places], "o-", color=_COLOURS[0], linewidth=0.8)
    for rank, place in enumerate(places, 1):
        axes.annotate(str(rank), place, textcoords="offset points", xytext=(5, 5))
    axes.set_title(f"front of {across.metric} and {up.metric}, numbered as in its table", loc="left")
    axes.set_xlabel(f"{across.metric} [{across.unit}]")
    axes.set_ylabel(f"{up.metric} [{up.unit}]")
    axes.ticklabel_format(style="plain", useOffset=False)
    axes.grid(visible=True, linewidth=0.4)


def _cut(text: str, most: int) -> str:
    """Cut a long name in its middle."""
    return text if len(text) <= most else f"{text[: most // 2 - 1]}..{text[-(most // 2 - 1) :]}"
