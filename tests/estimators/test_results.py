from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from computecalc.errors import EstimateError
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.metrics import METRICS
from computecalc.estimators.results import MetricValue, estimate
from computecalc.estimators.swings import Swing
from computecalc.estimators.training.step import PARTS
from tests.estimators.kinds import BEYOND_RENT, ONLY_CONTINUED, ONLY_SERVING

Resolve = Callable[..., Resolved]

STEP_PARTS = [f"time.step.{part}" for part in PARTS]
"""What a step is told by where it is predicted, which it is not where the MFU is stated."""

COARSE = (
    "{kind: train, model: {parameters: 1B params}, data: {tokens: 1T tokens, sequence_length: 4000}, "
    "cluster: {accelerator: h100-sxm, count: 100}, efficiency: {mfu: MFU, goodput: GOODPUT}, "
    "site: {pue: 1.2, grid_intensity: 400 gCO2e/kWh}, power: {accelerator: 560 W, host_overhead: 1.3}, "
    "money: {price: PRICE}}"
)
USEFUL = 6e21 / 989.4e12
"""Accelerator time of 6 N D = 6e21 FLOP at the whole peak of 989.4 TFLOP/s. [accelerator*s]"""


def body(*, mfu: str = "0.4", goodput: str = "0.8", price: str = "2 USD/accelerator/h") -> str:
    return COARSE.replace("MFU", mfu).replace("GOODPUT", goodput).replace("PRICE", price)


def test_exact_inputs_give_exact_metrics(resolved: Resolve) -> None:
    found = estimate(resolved(body()))
    assert (found.name, found.kind) == ("case", "train")
    cost = found.outputs["cost.total"]
    hours = USEFUL / 0.4 / 0.8 / 3600.0
    assert cost.mid == pytest.approx(2.0 * hours)
    assert (cost.low, cost.high, cost.swings, cost.driver) == (cost.mid, cost.mid, (), None)
    assert (cost.unit, cost.formula, cost.reason) == ("USD", "total_cost@1", "")


def test_metrics_come_in_the_order_of_the_table(resolved: Resolve) -> None:
    found = list(estimate(resolved(body())).outputs)
    assert found == [name for name in METRICS if name in found]
    # Neither batch nor layout is stated: those metrics are there, and unknown.
    # The loss is a scaling law's alone.
    besides = {"loss.predicted", *STEP_PARTS} | ONLY_SERVING | ONLY_CONTINUED | BEYOND_RENT
    assert set(found) == set(METRICS) - besides


def test_ranges_come_from_the_corners_and_name_their_driver(resolved: Resolve) -> None:
    ranged = body(mfu="0.2..0.4..0.5", goodput="0.8..0.8..1", price="1..2..3 USD/accelerator/h")
    found = estimate(resolved(ranged)).outputs["cost.total"]
    hours = USEFUL / 3600.0
    # Lowest: MFU 0.5, goodput 1, 1 USD. Middle: 0.4, 0.8, 2 USD. Highest: 0.2, 0.8, 3 USD.
    assert found.low == pytest.approx(hours * 1.0 / (0.5 * 1.0))
    assert found.mid == pytest.approx(hours * 2.0 / (0.4 * 0.8))
    assert found.high == pytest.approx(hours * 3.0 / (0.2 * 0.8))
    # In units of the middle: MFU alone 2 down to 0.8, price alone 0.5 to 1.5, goodput alone 1 to 0.8.
    assert found.mid is not None
    assert [(s.path, s.low / found.mid, s.high / found.mid) for s in found.swings] == [
        ("efficiency.mfu", pytest.approx(2.0), pytest.approx(0.8)),
        ("money.price", pytest.approx(0.5), pytest.approx(1.5)),
        ("efficiency.goodput", pytest.approx(1.0), pytest.approx(0.8)),
    ]
    assert found.driver == "efficiency.mfu"


def test_a_range_moves_only_what_depends_on_it(resolved: Resolve) -> None:
    found = estimate(resolved(body(price="1..2..3 USD/accelerator/h"))).outputs
    moved = {name for name, value in found.items() if value.low != value.high}
    # Embodied carbon is a range of the catalog, whatever is stated.
    embodied = {"carbon.embodied", "carbon.total", "carbon.sci.per_token"}
    assert moved == {"cost.accelerators", "cost.total"} | embodied


def test_an_input_taken_as_it_is_has_no_formula(resolved: Resolve) -> None:
    found = estimate(resolved(body())).outputs
    assert (found["goodput"].mid, found["goodput"].formula) == (0.8, None)
    assert found["accelerators"].formula is None
    assert found["parameters.total"].mid == 1e9


def test_ranges_beyond_all_corners_reach_as_far_as_the_inputs_do(resolved: Resolve) -> None:
    given = resolved(body(mfu="0.2..0.4..0.5", goodput="0.8..0.8..1", price="1..2..3 USD/accelerator/h"))
    # Fifteen more ranges that nothing depends on: 18 in all, too many for 2^18 corners.
    idle = {f"x{i}": replace(given.inputs["efficiency.mfu"], path=f"x{i}") for i in range(15)}
    crowded = replace(given, inputs={**given.inputs, **idle})
    found = estimate(crowded).outputs["cost.total"]
    hours = USEFUL / 3600.0
    assert found.low == pytest.approx(hours * 1.0 / (0.5 * 1.0))
    assert found.mid == pytest.approx(hours * 2.0 / (0.4 * 0.8))
    assert found.high == pytest.approx(hours * 3.0 / (0.2 * 0.8))
    assert found.swings == estimate(given).outputs["cost.total"].swings


def test_numbers_beyond_floats_blame_the_input(resolved: Resolve) -> None:
    with pytest.raises(EstimateError) as caught:
        estimate(resolved(body().replace("1T tokens", "1e300 token")))
    (found,) = caught.value.diagnostics
    assert found.code == "CC406"
    assert found.hint == "is `data.tokens` what you mean?"
    assert found.span is not None


def test_inputs_choices_and_place_are_carried_through(resolved: Resolve) -> None:
    given = resolved(body())
    found = estimate(given)
    assert found.inputs == given.inputs
    assert found.choices["cluster.accelerator"].value == "h100-sxm"
    assert found.source == given.source
    assert found.inputs["money.price"].origin.text == "<test>:3"


def test_the_driver_is_the_widest_swing() -> None:
    swings = (Swing("a", 0.0, 4.0), Swing("b", 1.0, 2.0))
    assert MetricValue("cost.total", "USD", 0.0, 1.0, 4.0, swings=swings).driver == "a"
    assert MetricValue("cost.total", "USD", 1.0, 1.0, 1.0).driver is None
