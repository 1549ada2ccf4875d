"""The pictures of the page of validation: what each shows, and where it stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from computecalc.checks.validation.comparison import Comparison
from computecalc.checks.validation.outcomes import Outcome
from computecalc.records import record
from computecalc.reports.validation_plot import scatter_plot, speed_plot
from computecalc.reports.validation_spread import spread_plot

__all__ = ["Picture", "pictures"]

_BANDS = "Dashed lines: 25 % either way. Hollow circles: suspicious cases."

_SPREAD = """\
The line goes from the 10th to the 90th percentile of a class, the box over its middle half, the mark is its median;
left of 1 the prediction is too low. Blue: by the constants of the catalog, which were fitted on these very cases.
Orange: by constants that saw no case of that model on that accelerator, which is what to expect of a run of one's own.
Suspicious cases are left out, and classes of fewer than five."""


@record
class Picture:
    """A picture of the page."""

    path: Path
    title: str
    text: str
    """The picture, as SVG."""
    reading: str
    """How to read it."""


def pictures(comparison: Comparison, page: Path) -> list[Picture]:
    """Return the pictures that the cases give something for; that of training speeds always."""
    found = [Picture(page.with_suffix(".svg"), "Training speed", speed_plot(_training(comparison)), _BANDS)]
    for name, title, what, belongs in _SCATTERED:
        chosen = [outcome for outcome in comparison.outcomes if belongs(outcome)]
        if any(outcome.predicted is not None for outcome in chosen):
            found.append(Picture(_beside(page, name), title, scatter_plot(chosen, what), _BANDS))
    spread = spread_plot(comparison.outcomes, comparison.unseen)
    return [*found, Picture(_beside(page, "errors"), "Spread of errors", spread, _SPREAD)]


def _beside(page: Path, name: str) -> Path:
    return page.with_name(f"{page.stem}-{name}.svg")


def _training(comparison: Comparison) -> list[Outcome]:
    return [outcome for outcome in comparison.outcomes if outcome.case.kind == "training"]


def _served(metric: str) -> Callable[[Outcome], bool]:
    return lambda outcome: outcome.case.kind == "serving" and outcome.case.metric == metric


_SCATTERED = (
    ("tpot", "Time between tokens", "time between tokens, ms", _served("latency.tpot")),
    ("ttft", "Time to first token", "time to first token, ms", _served("latency.ttft")),
    ("memory", "Training memory", "peak of memory, GB", lambda outcome: outcome.case.kind == "memory"),
)
"""Name of the file, title, quantity of the axes, and which cases it shows."""
