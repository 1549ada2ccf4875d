"""Predictions of the lines of `validation/` by constants that did not see them, as a table beside them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from math import isfinite
from pathlib import Path

from serving_fit.predicting import Model, Predicted
from serving_fit.rows import Row
from serving_fit.verdict import Verdict

COLUMNS = ("id", "group_left_out", "generation_left_out")


def write_left_out(path: Path, model: Model, verdict: Verdict) -> None:
    """Write one line for each figure of the shipped rows; power rows are left out, their licence is not known."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for place, row in enumerate(model.rows):
            if row.kind != "power":
                writer.writerows(_lines(row, place, (verdict.pairs, verdict.generations)))
    print(f"wrote {path}")


def _lines(row: Row, place: int, predictions: tuple[Predicted, Predicted]) -> Iterator[list[str]]:
    figures = (
        ("tpot", row.interval, [each.interval[place] * 1e3 for each in predictions]),
        ("ttft", row.first_token, [each.first_token[place] * 1e3 for each in predictions]),
        ("output_tokens_per_s", row.rate, [each.rate[place] / row.counted for each in predictions]),
    )
    for column, measured, found in figures:
        if isfinite(measured):
            yield [f"{row.id} {column}", *(f"{value:.5g}" if isfinite(value) else "" for value in found)]
