"""`catalog api-prices`: with the data of the extra, here a stand-in of its shape, and without."""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.conftest import Ran


def model(identifier: str, **prices: Any) -> SimpleNamespace:
    return SimpleNamespace(id=identifier, get_prices=lambda _: SimpleNamespace(**prices))


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    data = ModuleType("genai_prices.data")
    tiers = SimpleNamespace(base=Decimal("1.25"), tiers=[])
    data.providers = [  # type: ignore[attr-defined]
        SimpleNamespace(id="one", models=[model("small", input_mtok=Decimal("0.1"), output_mtok=Decimal("0.40"))]),
        SimpleNamespace(id="two", models=[model("large", input_mtok=tiers, output_mtok=None)]),
    ]
    monkeypatch.setitem(sys.modules, "genai_prices", ModuleType("genai_prices"))
    monkeypatch.setitem(sys.modules, "genai_prices.data", data)


@pytest.mark.usefixtures("installed")
def test_prices_are_listed_per_million_tokens(program: Callable[..., Ran]) -> None:
    ran = program("catalog", "api-prices", "--format", "csv")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "provider,model,input [USD/Mtoken],output [USD/Mtoken]",
        "one,small,0.1,0.40",
        "two,large,1.25 and more for long requests,",
    ]


@pytest.mark.usefixtures("installed")
def test_a_pattern_chooses_by_provider_and_model(program: Callable[..., Ran]) -> None:
    assert program("catalog", "api-prices", "TWO/", "--format", "csv").out.count("\n") == 2
    ran = program("catalog", "api-prices", "three")
    assert ran.code == 2
    assert "CC501: no API price has 'three'" in ran.err


def test_without_the_extra_there_is_one_clear_error(
    program: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "genai_prices", None)
    monkeypatch.delitem(sys.modules, "genai_prices.data", raising=False)
    ran = program("catalog", "api-prices")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        'error CC101: the data of API prices is not installed\n   hint: pip install "computecalc[prices]"\n'
    )
