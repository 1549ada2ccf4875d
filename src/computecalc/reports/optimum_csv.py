"""CSV of a search: one figure of one run a line, in canonical units."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import fields

from computecalc.estimators.inference.candidates import ServedCandidate
from computecalc.estimators.metrics import METRICS
from computecalc.estimators.training.ranking import Candidate
from computecalc.reports.document import Failure, ReportStyle
from computecalc.reports.escapes import csv_text
from computecalc.reports.optimum import AnyOptimum, OptimumDocument

__all__ = ["COLUMNS", "render_csv"]

COLUMNS = ("scenario", "list", "rank", "accelerator", "name", "value", "unit")
"""Header of the file; `list` is best or front, `name` a metric or a key of the layout."""


def render_csv(document: OptimumDocument, style: ReportStyle) -> str:  # noqa: ARG001
    """Return the runs of all searches that found some."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for outcome in document.outcomes:
        if not isinstance(outcome, Failure):
            writer.writerows(_rows(outcome))
    return text.getvalue()


def _rows(optimum: AnyOptimum) -> list[tuple[str, ...]]:
    lists: dict[str, Sequence[Candidate | ServedCandidate]] = {"best": optimum.best, "front": optimum.front}
    return [
        (csv_text(optimum.name), kind, str(rank), csv_text(candidate.accelerator), *figure)
        for kind, candidates in lists.items()
        for rank, candidate in enumerate(candidates, 1)
        for figure in _figures(candidate)
    ]


def _figures(candidate: Candidate | ServedCandidate) -> list[tuple[str, str, str]]:
    layout = candidate.layout
    options = [(f"layout.{field.name}", _text(getattr(layout, field.name)), "") for field in fields(layout)]
    known = [name for name in METRICS if name in candidate.metrics]
    units = {name: "" if METRICS[name].unit == "1" else METRICS[name].unit for name in known}
    return [*options, *((name, _text(candidate.metrics[name]), units[name]) for name in known)]


def _text(value: float | str) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    return str(value)
