"""`catalog search` on the golden catalog."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from tests.conftest import Ran

pytestmark = pytest.mark.usefixtures("golden_catalog")


def rows(ran: Ran) -> list[list[str]]:
    assert (ran.code, ran.err) == (0, "")
    return list(csv.reader(io.StringIO(ran.out)))


def test_matches_come_with_the_figures_asked_for(program: Callable[..., Ran]) -> None:
    found = rows(program("catalog", "search", "peak.fp8 > 1.9 PFLOP/s and vendor = NVIDIA", "--format", "csv"))
    assert found[0] == ["id", "name", "peak.fp8", "vendor"]
    assert ["h100-sxm", "2 PFLOP/s/accelerator", "NVIDIA"] in [[row[0], *row[2:]] for row in found[1:]]


def test_parameters_of_models_are_counted_where_they_are_not_stated(program: Callable[..., Ran]) -> None:
    found = rows(program("catalog", "search", "parameters > 600B params", "--format", "csv"))
    # DeepSeek-V3: 671.03B in the golden values of the methodology
    assert ["deepseek-v3", "671.026B parameter"] in [[row[0], row[2]] for row in found[1:]]


def test_nothing_found_is_an_empty_list(program: Callable[..., Ran]) -> None:
    assert program("catalog", "search", "memory > 9 PB", "--format", "json") == Ran(0, "[]\n", "")


def test_several_kinds_ask_for_one(program: Callable[..., Ran]) -> None:
    ran = program("catalog", "search", "released > 2024-01")
    assert (ran.code, ran.out) == (2, "")
    assert "CC101: several kinds of entry have what is asked for: accelerator, model" in ran.err
    models = rows(program("catalog", "search", "released > 2024-01", "--kind", "model", "--format", "csv"))
    assert models[0] == ["id", "name", "released"]
    assert all(row[2] > "2024-01" for row in models[1:])


def test_a_mistake_is_pointed_at(program: Callable[..., Ran]) -> None:
    ran = program("catalog", "search", "memory >= 3 W")
    assert ran.code == 2
    assert "error CC404: memory.capacity: `W` is power" in ran.err
    assert "    |           ^" in ran.err
