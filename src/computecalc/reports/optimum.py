"""The outcome of `computecalc optimize`, its formats, and the rows that all formats for people show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import TypeAlias, cast

from computecalc.errors import Diagnostic, Span
from computecalc.estimators.metrics import METRICS
from computecalc.estimators.training.ranking import Candidate
from computecalc.records import record
from computecalc.reports import service_optimum as served
from computecalc.reports.document import Failure, ReportStyle
from computecalc.reports.savings import PARTS, saving
from computecalc.reports.service_optimum import ServedOptimum
from computecalc.scenario.searching import held_text
from computecalc.units.display import display

__all__ = [
    "OPTIMUM_FORMATS",
    "AnyOptimum",
    "Optimum",
    "OptimumDocument",
    "candidate_rows",
    "front_rows",
    "layout_text",
    "part_rows",
    "parts_title",
    "reason_texts",
    "reasons",
    "render_optimum",
    "summary",
]

OPTIMUM_FORMATS: dict[str, tuple[str, str]] = {
    "table": ("computecalc.reports.optimum_table", "render_table"),
    "plain": ("computecalc.reports.optimum_plain", "render_plain"),
    "json": ("computecalc.reports.optimum_json", "render_json"),
    "csv": ("computecalc.reports.optimum_csv", "render_csv"),
    "md": ("computecalc.reports.optimum_markdown", "render_markdown"),
    "html": ("computecalc.reports.html.optimum", "render_optimum_html"),
}
"""Module and function of each renderer."""


Rows = tuple[tuple[str, ...], list[tuple[str, ...]]]
"""A header and the rows below it."""


@record
class Optimum:
    """What a search of one scenario found."""

    name: str
    source: Span
    by: str
    """Metric the runs are ranked by."""
    limits: tuple[str, ...]
    held: Mapping[str, int | str | bool]
    """What was stated of the layout, by key, so that all layouts have it."""
    considered: int
    """Layouts that were looked at, over all accelerators and counts."""
    fitting: int
    best: tuple[Candidate, ...]
    runner_up: Candidate | None
    """The run behind the last of `best`, for its reason."""
    front: tuple[Candidate, ...]
    """Runs that none beats in both metrics of `axes`; empty when they were not asked for."""
    axes: tuple[str, str]
    diagnostics: tuple[Diagnostic, ...]


AnyOptimum: TypeAlias = "Optimum | ServedOptimum"
"""Of a training run, or of a service: the formats show both alike."""


@record
class OptimumDocument:
    """All outcomes of one call."""

    outcomes: tuple[AnyOptimum | Failure, ...]
    catalog_version: str
    catalog_digest: str
    exit_code: int


Renderer = Callable[[OptimumDocument, ReportStyle], str]


def render_optimum(name: str, document: OptimumDocument, style: ReportStyle) -> str:
    """Return a document in one of `OPTIMUM_FORMATS`."""
    module, function = OPTIMUM_FORMATS[name]
    return cast("Renderer", getattr(import_module(module), function))(document, style)


def summary(optimum: AnyOptimum) -> str:
    """Return one line on what was looked at."""
    if isinstance(optimum, ServedOptimum):
        return served.summary(optimum)
    limits = f", within {' and '.join(optimum.limits)}" if optimum.limits else ""
    stated = held_text(optimum.held)
    held = f" with {stated} as stated" if stated else ""
    fit = f"{optimum.fitting:,} of which fit into memory"
    return f"best by {optimum.by} of {optimum.considered:,} layouts{held}, {fit}{limits}"


def layout_text(candidate: Candidate) -> str:
    """Return what a layout has beside the plainest one."""
    layout = candidate.layout
    parts = [layout.degrees.replace(" x ", ", ")]
    if layout.virtual_pipeline > 1:
        parts.append(f"virtual {layout.virtual_pipeline}")
    parts.append(f"micro-batch {layout.micro_batch}")
    if layout.recompute != "none":
        parts.append(f"recompute {layout.recompute}")
    parts.append(f"sharding {layout.sharding}")
    if layout.tensor > 1 and not layout.sequence_parallel:
        parts.append("whole sequences")
    return ", ".join(parts)


def candidate_rows(optimum: AnyOptimum, style: ReportStyle, *, is_narrow: bool = False) -> Rows:
    """Return header and rows of the best runs; narrow ones leave out what follows from the others."""
    if isinstance(optimum, ServedOptimum):
        return served.candidate_rows(optimum, style, is_narrow=is_narrow)
    metrics = (optimum.by, "time.wall", "mfu", "memory.per_accelerator")
    return _rows(optimum.best, metrics if is_narrow else (*metrics, "time.step", "cost.total"), style)


def front_rows(optimum: AnyOptimum, style: ReportStyle) -> Rows:
    """Return header and rows of the front."""
    if isinstance(optimum, ServedOptimum):
        return served.front_rows(optimum, style)
    return _rows(optimum.front, optimum.axes, style)


def _rows(candidates: Sequence[Candidate], metrics: Sequence[str], style: ReportStyle) -> Rows:
    # The accelerators of a run stand in a column of their own.
    shown = [name for name in dict.fromkeys(metrics) if name != "accelerators"]
    known = [name for name in shown if any(name in candidate.metrics for candidate in candidates)]
    header = ("", "accelerators", *known, "layout")
    rows = [
        (
            str(rank),
            f"{candidate.count:,} {candidate.accelerator}",
            *(_shown(candidate, name, style) for name in known),
            layout_text(candidate),
        )
        for rank, candidate in enumerate(candidates, 1)
    ]
    return header, rows


def parts_title(optimum: AnyOptimum) -> str:
    """Return the heading of what `part_rows` returns."""
    return served.PARTS_TITLE if isinstance(optimum, ServedOptimum) else "Parts of the step"


def part_rows(optimum: AnyOptimum, style: ReportStyle) -> Rows:
    """Return header and rows of the parts of each step, as shares of it; parts that no run has are left out.

    Of a service they are what each configuration means for those who wait.
    """
    if isinstance(optimum, ServedOptimum):
        return served.part_rows(optimum, style)
    named = [part for part in PARTS if any(_share(candidate, part) > 0.0 for candidate in optimum.best)]
    rows = [
        (str(rank), *(f"{_share(candidate, part):.1%}" for part in named))
        for rank, candidate in enumerate(optimum.best, 1)
    ]
    return ("", *named), rows


def _share(candidate: Candidate, part: str) -> float:
    return candidate.metrics.get(f"time.step.{part}", 0.0) / candidate.metrics["time.step"]


def reason_texts(optimum: AnyOptimum) -> list[str]:
    """Return why each run goes before the next; the last of all has none behind it."""
    if isinstance(optimum, ServedOptimum):
        return served.reason_texts(optimum)
    behind = [*optimum.best[1:], *([optimum.runner_up] if optimum.runner_up else [])]
    return [saving(one, other, optimum.by) for one, other in zip(optimum.best, behind, strict=False)]


def reasons(optimum: AnyOptimum) -> list[str]:
    """Return why each run goes before the next, one line a run with its rank."""
    return [f"{rank}: {text}" for rank, text in enumerate(reason_texts(optimum), 1)]


def _shown(candidate: Candidate, name: str, style: ReportStyle) -> str:
    value = candidate.metrics.get(name)
    if value is None:
        return "unknown"
    return str(display(value, METRICS[name].unit, digits=style.digits, target=style.units.get(name)))
