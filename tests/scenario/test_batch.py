"""A batch in sequences or tokens, and what is neither."""

from __future__ import annotations

import pytest
from pydantic_core import PydanticCustomError

from computecalc.scenario.batch import parse_batch


@pytest.mark.parametrize(
    ("raw", "low", "mid", "high", "unit"),
    [
        (2048, 2048.0, 2048.0, 2048.0, "sequence"),
        ("2K", 2000.0, 2000.0, 2000.0, "sequence"),
        ("1024..1536..2048 sequences", 1024.0, 1536.0, 2048.0, "sequence"),
        ("16M tokens", 16e6, 16e6, 16e6, "token"),
        ("4M..6M..16M tokens", 4e6, 6e6, 16e6, "token"),
    ],
)
def test_it_is_read_in_either_unit(raw: object, low: float, mid: float, high: float, unit: str) -> None:
    batch = parse_batch(raw)
    assert (batch.range.low, batch.range.mid, batch.range.high, batch.unit) == (low, mid, high, unit)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("lots", "CC401"),
        ([2048], "CC401"),
        (True, "CC401"),
        ("2048 sequenzes", "CC403"),
        ("16 W", "CC404"),
        (1.5, "CC405"),
        (0, "CC405"),
        ("-1 tokens", "CC405"),
        (float("inf"), "CC406"),
        ("16M..4M tokens", "CC407"),
    ],
)
def test_what_is_neither_is_told(raw: object, code: str) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        parse_batch(raw)
    assert caught.value.type == code
