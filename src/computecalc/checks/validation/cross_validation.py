"""Predictions of measured speeds by constants that did not see them, as the fitting scripts wrote them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from computecalc.checks.validation.cases import lines
from computecalc.checks.validation.numbers import number
from computecalc.checks.validation.outcomes import Outcome
from computecalc.errors import Diagnostic, UsageError
from computecalc.records import record

__all__ = ["COLUMNS", "FILES", "LeftOut", "left_out", "read_left_out"]

COLUMNS = {
    "group_left_out": "model on that accelerator left out",
    "generation_left_out": "accelerator generation left out",
    "constant_mfu": "one MFU an accelerator and class, model left out",
}
"""Columns of the tables, and what each prediction was fitted without."""

_OF_A_KNOWN_GENERATION = "group_left_out"

FILES = {
    "training_cross_validation.csv": (tuple(COLUMNS), "scripts/fit_training.py"),
    "serving_cross_validation.csv": (("group_left_out", "generation_left_out"), "scripts/fit_inference.py"),
}
"""Tables with their columns, and who writes them."""


@record
class LeftOut:
    """What was predicted of a case that the fit did not see, in the unit of the case; None: not predicted."""

    id: str
    predicted: dict[str, float | None]
    writer: str


def read_left_out(folder: Path) -> dict[str, LeftOut]:
    """Read the tables by id of the case; empty where nobody has written one."""
    found = {}
    for file, (columns, writer) in FILES.items():
        path = folder / file
        for line in lines(path) if path.is_file() else ():
            predicted = {column: number(line, column) if line.cells[column] else None for column in columns}
            found[line.cells["id"]] = LeftOut(line.cells["id"], predicted, writer)
    return found


def left_out(outcomes: Iterable[Outcome], table: dict[str, LeftOut], column: str) -> Iterator[Outcome]:
    """Return the outcomes with the prediction of a column of the tables in the place of the present one.

    Raises
    ------
    UsageError
        CC103 for a line of a table whose case there is not.
    """
    known = {outcome.case.id: outcome for outcome in outcomes}
    strangers = sorted(set(table) - set(known))
    if strangers:
        message = f"cross-validation has lines of cases that there are not: {', '.join(strangers[:3])}"
        raise UsageError(Diagnostic("CC103", message, hint=f"run {table[strangers[0]].writer} again"))
    for name, line in table.items():
        value = line.predicted.get(column)
        if value is not None:
            low, high = _range(known[name], value, column)
            yield replace(known[name], low=low, predicted=value, high=high, basis=column)


def _range(outcome: Outcome, value: float, column: str) -> tuple[float | None, float | None]:
    """Range of a prediction that was left out: as far to both sides as that of the present one.

    How far that is was drawn from predictions that were left out. In training each generation that was measured has a
    range of its own, so that the present one says nothing of a generation that was not; nor of one MFU for all.
    """
    low, mid, high = outcome.low, outcome.predicted, outcome.high
    if low is None or mid is None or high is None:
        return None, None
    if outcome.case.kind != "serving" and column != _OF_A_KNOWN_GENERATION:
        return None, None
    return value * low / mid, value * high / mid
