"""Machine balance and peak per watt, against division by hand."""

from __future__ import annotations

import pytest

from computecalc.estimators.balance import balance_figures
from tests.catalog.entries_of import entries_of


def test_each_peak_gives_a_balance_and_an_efficiency() -> None:
    figures = {"peak.bf16": "1000 TFLOP/s", "peak.fp8": "2 PFLOP/s", "memory.bandwidth": "4 TB/s"}
    power = {"power.thermal_design": "400..500 W"}
    entry = entries_of("accelerator", {"chip": figures | power})["chip"]
    found = {figure.path: figure for figure in balance_figures(entry)}
    assert list(found) == [
        "derived.balance.bf16", "derived.balance.fp8", "derived.per_energy.bf16", "derived.per_energy.fp8",
    ]  # fmt: skip
    # 1e15 / 4e12 and 2e15 / 4e12 FLOP/byte
    assert found["derived.balance.bf16"].value.mid == pytest.approx(250.0, rel=1e-12)
    assert found["derived.balance.fp8"].value.mid == pytest.approx(500.0, rel=1e-12)
    # 1e15 over 500, 450 and 400 W: more watts, fewer FLOP a joule
    efficiency = found["derived.per_energy.bf16"].value
    assert (efficiency.low, efficiency.mid, efficiency.high) == pytest.approx((2e12, 1e15 / 450, 2.5e12), rel=1e-12)
    assert found["derived.per_energy.bf16"].unit == "FLOP/J"


def test_without_power_there_is_no_efficiency() -> None:
    entry = entries_of("accelerator", {"chip": {}})["chip"]
    assert [figure.path for figure in balance_figures(entry)] == ["derived.balance.bf16"]
