"""The page of all metrics."""

from __future__ import annotations

from itertools import groupby

from computecalc.estimators.metrics import METRICS
from docs_pages.markdown import page, table

__all__ = ["metrics_page"]

_INTRODUCTION = """\
The ids are stable: scripts may rely on them. JSON, JSON lines and CSV carry the canonical unit below; tables for
people choose a readable one, or the one of `--unit METRIC=UNIT`. A metric that cannot be known is null with a
diagnostic (CC602), never 0."""


def metrics_page() -> str:
    """Return the page."""
    parts = []
    for group, members in groupby(METRICS.values(), key=lambda metric: metric.group):
        rows = [(metric.id, metric.unit, metric.meaning, metric.per) for metric in members]
        parts.append(f"## {group}\n\n{table(('id', 'canonical unit', 'meaning', 'for one'), rows)}")
    return page("Metrics", _INTRODUCTION, *parts)
