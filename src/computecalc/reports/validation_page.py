"""The page of validation: predictions against published and measured figures, misses included, and its pictures."""

from __future__ import annotations

from pathlib import Path

from computecalc.checks.validation.comparison import Comparison
from computecalc.reports.document import ReportStyle
from computecalc.reports.listing import render_listing
from computecalc.reports.validation import sections, summary
from computecalc.reports.validation_pictures import pictures

__all__ = ["page_files"]

_WORST = 20

_INTRODUCTION = """\
What `computecalc validate` prints for the figures in `validation/`, worst cases included. Every case is a scenario that
states what its source states of the run, estimated in the ordinary way; errors are |predicted / measured - 1|."""

_READING = """\
* The catalog's constants are fitted on the measured speeds, so the errors by class are errors of a fit. What to expect
  of a run that nobody has measured stands in the tables headed *cross-validated*, where the fit did not see the case.
  *in range* is there the share of measured figures in the range around the prediction that was left out, as wide as
  today's, which was drawn from such predictions; in training a generation that was not measured has another, wider one.
* Throughput of a closed loop follows from its two latencies (Little's law); offline throughput was measured apart.
* Joules a token and the draw of accelerators were judged on rows whose licence is not known, which are not shipped: the
  notes of the catalog's `serving-step` (`computecalc catalog show serving-step`) have their errors and numbers.
* *mean of pairs* first takes the mean of each pair of model and accelerator, so that a run repeated at many sizes
  counts once. *in range* is the share of measured figures within low and high.
* Suspicious cases are those whose source contradicts itself or leaves the layout open; `validation/README.md` says
  which, with columns, sources and licences. They are judged in no class.
* What no comparison shows, because it is in no figure, stands in `docs/limits.md`."""

_NOT_YET = "The cross-validated errors are not there yet: `scripts/fit_training.py` and `fit_inference.py` write them."


_STYLE = ReportStyle(units={}, digits=6, width=100, color=False)


def page_files(comparison: Comparison, path: Path) -> dict[Path, str]:
    """Return the page as Markdown under `path`, and its pictures beside it.

    Parameters
    ----------
    comparison : Comparison
        What was compared.
    path : Path
        Where the page will stand; the pictures have its name, more words, and the ending ``.svg``.
    """
    drawn = pictures(comparison, path)
    tables = [
        f"## {section.title}\n\n{render_listing('md', section.listing, _STYLE)}"
        for section in sections(comparison, _WORST)
    ]
    shown = [f"## {each.title}\n\n![{each.title}]({each.path.name})\n\n{each.reading}" for each in drawn]
    parts = [summary(comparison), _READING, *([] if comparison.left_out else [_NOT_YET]), *shown, *tables]
    head = f"<!-- Written by `computecalc validate --page`; do not edit. -->\n\n# Validation\n\n{_INTRODUCTION}\n"
    return {
        path: "\n".join([head, *(part.rstrip("\n") + "\n" for part in parts)]),
        **{each.path: each.text for each in drawn},
    }
