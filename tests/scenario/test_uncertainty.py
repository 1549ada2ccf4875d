"""How ranges are found: corners, samples, none; and what samples say."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from computecalc.errors import Diagnostic, EstimateError
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.method import Method
from computecalc.estimators.results import MetricValue, estimate
from computecalc.units.ranges import Range

Resolving = Callable[..., Resolved]
Refusing = Callable[..., tuple[Diagnostic, ...]]

RANGED = "efficiency: {mfu: 0.4..0.5..0.55, goodput: 0.8}\nmoney: {price: 1..2..4 USD/accelerator/h}\n"
FROZEN = [(595700.839, 979106.543, 1501116.45), (425496.812, 856953.444, 1733804.9)]
"""Percentiles in USD of the ranges above by 10,000 samples of seed 1, triangular and lognormal."""

HOURS = 1.5e9 / 3600.0
"""Billed accelerator hours of the base case, whose cost is this times the price at MFU 0.5."""


def cost(resolved: Resolving, text: str) -> MetricValue:
    return estimate(resolved(text)).outputs["cost.total"]


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("", Method()),
        ("uncertainty: null", Method()),
        ("uncertainty: corners", Method("corners")),
        ("uncertainty: off", Method("off")),
        ("uncertainty: mc", Method("mc", 10_000, 1, "triangular")),
        ("uncertainty: {method: mc, samples: 500, seed: 7}", Method("mc", 500, 7, "triangular")),
        # Who states how samples are drawn wants samples.
        ("uncertainty: {distribution: lognormal}", Method("mc", 10_000, 1, "lognormal")),
        ("uncertainty: {}", Method("corners")),
    ],
)
def test_the_method_is_what_is_stated(resolved: Resolving, text: str, method: Method) -> None:
    given = resolved(text)
    assert given.method == method
    assert estimate(given).method == method


def test_the_method_is_among_the_assumptions_where_it_is_stated(resolved: Resolving) -> None:
    found = resolved("uncertainty: {seed: 3}").choices["uncertainty"]
    assert (found.value, found.origin.text) == ("mc, 10,000 samples, seed 3, triangular", "s.yaml:12")
    assert "uncertainty" not in resolved().choices


def test_off_leaves_the_middle(resolved: Resolving) -> None:
    found = cost(resolved, RANGED + "uncertainty: off")
    assert found.low == found.mid == found.high == pytest.approx(2.0 * HOURS)
    assert found.swings == ()


def test_percentiles_of_one_triangular_input_are_its_quantiles(resolved: Resolving) -> None:
    found = cost(resolved, "money: {price: 1..2..4 USD/accelerator/h}\nuncertainty: mc")
    assert found.percentiles is not None
    # Of 1..2..4: F(2) = 1/3, so p5 = 1 + sqrt(.05 x 3 x 1), p50 = 4 - sqrt(.5 x 3 x 2), p95 = 4 - sqrt(.05 x 3 x 2).
    # The deviation of a quantile of 10,000 samples is sqrt(p (1 - p) / 10,000) over the density there: 0.0085 at
    # p5 (density 0.258), 0.0087 at p50 (0.577), 0.012 at p95 (0.183). Four of them are let pass.
    shares = found.percentiles
    assert shares.p5 / HOURS == pytest.approx(1.0 + math.sqrt(0.15), abs=0.034)
    assert shares.p50 / HOURS == pytest.approx(4.0 - math.sqrt(3.0), abs=0.035)
    assert shares.p95 / HOURS == pytest.approx(4.0 - math.sqrt(0.3), abs=0.048)
    # The corners stay.
    assert (found.low, found.mid, found.high) == pytest.approx((HOURS, 2.0 * HOURS, 4.0 * HOURS))


def test_percentiles_of_one_lognormal_input_are_its_range(resolved: Resolving) -> None:
    found = cost(resolved, "money: {price: 1..2..4 USD/accelerator/h}\nuncertainty: {distribution: lognormal}")
    assert found.percentiles is not None
    # ln 2 / 1.645 = 0.421 wide in logarithms; density of ln x at p5 is 0.103 / 0.421 = 0.245, so 0.0089 deviation of
    # the logarithm of p5 and p95, and 0.0053 of p50. Four of them.
    for value, expected, deviation in zip(
        (found.percentiles.p5, found.percentiles.p50, found.percentiles.p95),
        (1.0, 2.0, 4.0),
        (0.0089, 0.0053, 0.0089),
        strict=True,
    ):
        assert math.log(value / HOURS / expected) == pytest.approx(0.0, abs=4.0 * deviation)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.percentiles.p5
    assert found.percentiles.p95 <= found.high


@pytest.mark.parametrize("distribution", ["triangular", "lognormal"])
def test_every_metric_is_in_order(resolved: Resolving, distribution: str) -> None:
    text = (
        "model: llama-3.1-405b\ndata: {tokens: 1T tokens, global_batch: 2048}\nmoney: -\nsite: -\npower: -\n"
        "cluster: {accelerator: h100-sxm, count: 10000..16384..20000}\nefficiency: -\n"
        f"uncertainty: {{distribution: {distribution}, samples: 2000}}\n"
    )
    outputs = estimate(resolved(text)).outputs
    ranged = 0
    for value in outputs.values():
        if value.mid is None:
            assert value.percentiles is None
            continue
        found = value.percentiles
        assert found is not None
        assert value.low is not None
        assert value.high is not None
        assert value.low <= found.p5 <= found.p50 <= found.p95 <= value.high
        assert value.low <= value.mid <= value.high
        ranged += value.low < value.high
    assert ranged > 10


def test_the_same_seed_gives_the_same_digits_and_another_one_others(resolved: Resolving) -> None:
    first, again, other = (cost(resolved, f"{RANGED}uncertainty: {{seed: {seed}}}").percentiles for seed in (5, 5, 6))
    assert first == again
    assert first != other


def test_digits_stay_what_they_were(resolved: Resolving) -> None:
    # Frozen: the same on every platform, since the samples are exact and percentiles have nine digits.
    found = [cost(resolved, f"{RANGED}uncertainty: {{distribution: {name}}}") for name in ("triangular", "lognormal")]
    shares = [value.percentiles for value in found if value.percentiles]
    assert [(each.p5, each.p50, each.p95) for each in shares] == FROZEN


def test_one_more_range_leaves_the_draws_of_the_others(resolved: Resolving) -> None:
    alone = cost(resolved, RANGED + "uncertainty: mc")
    beside = cost(resolved, RANGED + "uncertainty: mc\nsite: {pue: 1.1..1.2..1.5, grid_intensity: 360 gCO2e/kWh}")
    assert alone.percentiles == beside.percentiles


def test_inputs_of_one_axis_are_one_variable(resolved: Resolving) -> None:
    # MFU and price double together: cost is price / MFU, which then never moves; apart it does.
    text = "efficiency: {mfu: 0.2..0.4..0.8, goodput: 0.8}\nmoney: {price: 1..2..4 USD/accelerator/h}\nuncertainty: mc"
    given = resolved(text)
    together = {
        **given.inputs,
        "efficiency.mfu": replace(given.inputs["efficiency.mfu"], axis="market"),
        "money.price": replace(given.inputs["money.price"], axis="market"),
    }
    found = estimate(replace(given, inputs=together)).outputs["cost.total"]
    assert found.low == found.mid == found.high
    assert found.percentiles is not None
    assert found.percentiles.p5 == found.percentiles.p95 == found.mid
    apart = estimate(given).outputs["cost.total"].percentiles
    assert apart is not None
    assert apart.p5 < apart.p95


def test_samples_of_shares_and_factors_stay_on_their_side_of_1(resolved: Resolving) -> None:
    text = (
        "efficiency: {mfu: 0.5, goodput: 0.5..0.9..0.95}\nsite: {pue: 1.01..1.3..1.5, grid_intensity: 360 gCO2e/kWh}\n"
        "uncertainty: {distribution: lognormal, samples: 20000}"
    )
    given = resolved(text)
    from computecalc.estimators.sampling import sampled_percentiles

    seen = {}

    def metrics(number: Callable[..., object]) -> dict[str, object]:
        for path in ("efficiency.goodput", "site.pue"):
            values = number(given.inputs[path])
            seen[path] = (min(values), max(values))  # type: ignore[call-overload]
        return {}

    few = replace(given.method, samples=16_000)
    sampled_percentiles(given.inputs.values(), metrics, few)  # type: ignore[arg-type]
    # ln(0.95/0.9)/1.645 = 0.0329: 1 is 3.2 deviations up, which 7 in 10,000 pass. ln(1.3/1.01)/1.645 = 0.153: 1 is
    # 1.71 deviations down, which 4 in 100 pass.
    assert seen["efficiency.goodput"][1] == 1.0
    assert seen["site.pue"][0] == 1.0
    assert seen["site.pue"][1] > 1.5


def test_counts_are_drawn_whole(resolved: Resolving) -> None:
    found = estimate(resolved("cluster: {accelerator: h100-sxm, count: 990..1000..1010}\nuncertainty: mc"))
    shares = found.outputs["accelerators"].percentiles
    assert shares is not None
    assert all(value.is_integer() for value in (shares.p5, shares.p50, shares.p95))


def test_a_lognormal_range_that_reaches_0_is_drawn_triangular_and_said(resolved: Resolving) -> None:
    text = "money: {price: 0..2..4 USD/accelerator/h}\nuncertainty: {distribution: lognormal}"
    given = resolved(text)
    (note,) = [d for d in given.diagnostics if d.code == "CC655"]
    assert note.severity == "note"
    assert note.message.endswith("a lognormal one never does: money.price")
    triangular = cost(resolved, text.replace("lognormal", "triangular")).percentiles
    assert estimate(given).outputs["cost.total"].percentiles == triangular


def test_settings_of_samples_without_samples_are_said_to_be_unused(resolved: Resolving) -> None:
    (note,) = [d for d in resolved("uncertainty: {method: off, seed: 3}").diagnostics if d.code == "CC606"]
    assert note.message == "stated, but nothing is sampled with method off: seed"


def test_a_sample_that_is_no_number_ends_the_estimate(resolved: Resolving) -> None:
    given = resolved("uncertainty: mc")
    price = given.inputs["money.price"]
    # 1e300 at most is a number, but three deviations beyond it the product with the time is none.
    extreme = replace(price, range=Range(1.0, 1e150, 1e300))
    with pytest.raises(EstimateError) as caught:
        estimate(
            replace(
                given,
                inputs={**given.inputs, "money.price": extreme},
                method=replace(given.method, distribution="lognormal"),
            )
        )
    assert caught.value.diagnostics[0].code == "CC406"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("md", "CC306"),
        ("{method: md}", "CC306"),
        ("{samples: 99}", "CC303"),
        ("{samples: 1000001}", "CC303"),
        ("{samples: 1e4}", "CC303"),
        ("{seed: -1}", "CC303"),
        ("{seed: 99999999999999999999}", "CC303"),
        ("{distribution: normal}", "CC306"),
        ("{sample: 100}", "CC301"),
        ("[mc]", "CC303"),
        ("5", "CC306"),
    ],
)
def test_bad_settings_are_refused_at_their_place(refused: Refusing, text: str, code: str) -> None:
    (found,) = refused(f"uncertainty: {text}")
    assert found.code == code
    assert found.span is not None
    assert (found.span.document.name, found.span.line) == ("s.yaml", 12)
