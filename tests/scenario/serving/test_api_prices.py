from __future__ import annotations

from collections.abc import Callable

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.errors import ComputecalcError, Diagnostic
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.results import estimate
from computecalc.scenario.resolve import resolve
from tests.conftest import TODAY
from tests.scenario.conftest import raws

Served = Callable[..., Resolved]
Denied = Callable[..., tuple[Diagnostic, ...]]

CATALOG = Catalog.open()


def bought(price: str) -> Resolved:
    """A service compared with a price of the shipped catalog."""
    (raw,) = raws(f"""version: 1
scenarios:
  one:
    kind: infer
    model: deepseek-v3
    traffic: {{input: 1000, output: 500, rate: 20 request/s, peak_to_mean: 2, cache_hit: 50 %}}
    serving: {{accelerator: h200-sxm, tensor: 8, precision: fp8, batch: 32}}
    money: {{price: 3 USD/accelerator/h, api_price: {price}}}
""")
    return resolve(raw, CATALOG, today=TODAY)


def test_a_listed_price_is_taken_with_its_date() -> None:
    given = bought("deepseek-v3-2025-02")
    # 0.27, 0.07 and 1.10 USD a million tokens.
    wanted = {"input": 0.27e-6, "cached_input": 0.07e-6, "output": 1.10e-6}
    for name, price in wanted.items():
        assert given.inputs[f"money.api_price.{name}"].range.mid == pytest.approx(price)
    origin = given.inputs["money.api_price.input"].origin
    assert (origin.kind, origin.as_of) == ("catalog", "2025-02")
    found = estimate(given)
    assert found.outputs["cost.api_per_request"].mid == pytest.approx(500 * 0.27e-6 + 500 * 0.07e-6 + 500 * 1.10e-6)
    # 32 requests at a time on a whole node do not pay, however busy: half of 80 % is what the peak leaves.
    (note,) = [each for each in found.diagnostics if each.code == "CC630"]
    assert "40%" in note.message
    assert note.span is not None
    assert "list-prices" not in note.span.document.name


def test_dear_tokens_are_worth_a_replica() -> None:
    found = estimate(bought("{input: 3 USD/Mtoken, output: 60 USD/Mtoken, cached_input: 0.30 USD/Mtoken}"))
    assert "CC630" not in [each.code for each in found.diagnostics]
    ratio, reachable = found.outputs["break_even.cost_ratio"].mid, found.outputs["break_even.reachable"].mid
    assert ratio is not None
    assert ratio < 1.0
    assert reachable == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("price", "code", "words"),
    [
        ("no-such-price", "CC501", "no-such-price"),
        ("{input: 3 USD/Mtoken}", "CC302", "output"),
        ("{input: 0 USD/Mtoken, output: 0 USD/Mtoken}", "CC405", "0"),
        ("3", "CC30", ""),
    ],
)
def test_a_price_that_is_none_is_refused(price: str, code: str, words: str) -> None:
    with pytest.raises(ComputecalcError) as caught:
        bought(price)
    found = caught.value.diagnostics[0]
    assert found.code.startswith(code)
    assert words in found.message
    assert found.span is not None
