"""The outcome of a search of services, and the rows and sentences that all formats for people show of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isclose

from computecalc.errors import Diagnostic, Span
from computecalc.estimators.inference.candidates import ServedCandidate
from computecalc.estimators.metrics import METRICS
from computecalc.records import record
from computecalc.reports.document import ReportStyle
from computecalc.units.display import display

__all__ = [
    "PARTS_TITLE",
    "ServedOptimum",
    "candidate_rows",
    "configuration_text",
    "front_rows",
    "part_rows",
    "reason_texts",
    "summary",
]

Rows = tuple[tuple[str, ...], list[tuple[str, ...]]]

PARTS_TITLE = "Latency and load"
"""Heading of the second table."""

_PARTS = (
    "throughput.per_accelerator",
    "latency.ttft",
    "latency.request",
    "utilization",
    "memory.per_accelerator",
)

_CAUSES = {
    "accelerator_time.per_output_token": "accelerator time of output",
    "accelerator_time.per_input_token": "accelerator time of prompts",
    "utilization": "utilization",
    "accelerators": "accelerators",
    "batch": "requests at once",
    "latency.tpot": "time between tokens",
    "power.accelerator": "power of an accelerator",
}
"""What tells one configuration from another, in words."""

_WORTH_SAYING = 0.005
"""Relative difference below which a cause is not told."""

_MOST_CAUSES = 3

_LEAST_SHARE = 0.001
"""Advantage below which its size is not told."""


@record
class ServedOptimum:
    """What a search of one served scenario found."""

    name: str
    source: Span
    by: str
    """Metric the configurations are ranked by."""
    is_more_better: bool
    limits: tuple[str, ...]
    considered: int
    """Configurations that were looked at."""
    fitting: int
    searched: Mapping[str, str]
    """What was searched, with its values in words."""
    held: Mapping[str, str]
    """What was stated, or has one value alone."""
    best: tuple[ServedCandidate, ...]
    runner_up: ServedCandidate | None
    """The configuration behind the last of `best`, for its reason."""
    front: tuple[ServedCandidate, ...]
    """Configurations that none beats in both metrics of `axes`; empty when they were not asked for."""
    axes: tuple[str, str]
    diagnostics: tuple[Diagnostic, ...]


def summary(optimum: ServedOptimum) -> str:
    """Return a line on what was looked at, what was searched and what was held."""
    limits = f", within {' and '.join(optimum.limits)}" if optimum.limits else ""
    searched = ", ".join(f"{key} {values}" for key, values in optimum.searched.items())
    held = ", ".join(f"{key} {value}" for key, value in optimum.held.items())
    return (
        f"best by {optimum.by} of {optimum.considered:,} configurations, {optimum.fitting:,} of which fit into memory"
        f"{limits}; searched: {searched or 'nothing'}; held: {held or 'nothing'}"
    )


def configuration_text(candidate: ServedCandidate) -> str:
    """Return what a configuration is in words."""
    layout = candidate.layout
    return f"{layout.degrees.replace(' x ', ', ')}, {layout.precision}, batch {layout.batch}"


def candidate_rows(optimum: ServedOptimum, style: ReportStyle, *, is_narrow: bool) -> Rows:
    """Return header and rows of the best configurations; narrow ones leave out what the second table hints at."""
    metrics = (optimum.by, "latency.tpot")
    more = ("cost.per_mtoken_output", "energy.per_output_token")
    return _rows(optimum.best, metrics if is_narrow else (*metrics, *more), style)


def front_rows(optimum: ServedOptimum, style: ReportStyle) -> Rows:
    """Return header and rows of the front."""
    return _rows(optimum.front, optimum.axes, style)


def part_rows(optimum: ServedOptimum, style: ReportStyle) -> Rows:
    """Return header and rows of what each configuration means for those who wait and for what is paid."""
    others = [name for name in _PARTS if name != optimum.by]
    known = [name for name in others if any(name in candidate.metrics for candidate in optimum.best)]
    rows = [
        (str(rank), *(_shown(candidate, name, style) for name in known))
        for rank, candidate in enumerate(optimum.best, 1)
    ]
    return ("", *known), rows


def _rows(candidates: Sequence[ServedCandidate], metrics: Sequence[str], style: ReportStyle) -> Rows:
    # The accelerators of a fleet stand in a column of their own.
    shown = [name for name in dict.fromkeys(metrics) if name != "accelerators"]
    known = [name for name in shown if any(name in candidate.metrics for candidate in candidates)]
    rows = [
        (
            str(rank),
            f"{candidate.count:,} {candidate.accelerator}",
            *(_shown(candidate, name, style) for name in known),
            configuration_text(candidate),
        )
        for rank, candidate in enumerate(candidates, 1)
    ]
    return ("", "accelerators", *known, "layout"), rows


def reason_texts(optimum: ServedOptimum) -> list[str]:
    """Return why each configuration goes before the next; the last of all has none behind it."""
    behind = [*optimum.best[1:], *([optimum.runner_up] if optimum.runner_up else [])]
    return [
        _reason(one, other, optimum.by, is_more_better=optimum.is_more_better)
        for one, other in zip(optimum.best, behind, strict=False)
    ]


def _reason(one: ServedCandidate, other: ServedCandidate, by: str, *, is_more_better: bool) -> str:
    name = configuration_text(other)
    if other.accelerator != one.accelerator:
        name = f"{other.count:,} {other.accelerator} with {name}"
    mine, its = one.metrics[by], other.metrics[by]
    if isclose(mine, its, rel_tol=1e-9):
        smaller = one.each < other.each
        return f"the same {by} as {name}, {'in a smaller replica' if smaller else 'with no longer requests'}"
    share = mine / its - 1.0
    told = [f"{words} {change:+.1%}" for words, change in _causes(one, other, by)]
    size = f"{abs(share):.1%}" if abs(share) >= _LEAST_SHARE else f"under {_LEAST_SHARE:.1%}"
    text = f"{size} {'higher' if is_more_better else 'lower'} {by} than {name}"
    return f"{text}: {', '.join(told)}" if told else text


def _causes(one: ServedCandidate, other: ServedCandidate, by: str) -> list[tuple[str, float]]:
    """What differs most beside the metric itself, as a share of the other's."""
    changes = [
        (words, one.metrics[name] / other.metrics[name] - 1.0)
        for name, words in _CAUSES.items()
        if name != by and other.metrics.get(name) and name in one.metrics
    ]
    told = [each for each in changes if abs(each[1]) >= _WORTH_SAYING]
    return sorted(told, key=lambda each: -abs(each[1]))[:_MOST_CAUSES]


def _shown(candidate: ServedCandidate, name: str, style: ReportStyle) -> str:
    value = candidate.metrics.get(name)
    if value is None:
        return "unknown"
    return str(display(value, METRICS[name].unit, digits=style.digits, target=style.units.get(name)))
