"""Levers, on metrics whose inverse is known by hand."""

from __future__ import annotations

import pytest

from computecalc.checks.expressions import parse_check
from computecalc.checks.levers import Lever, Outcome, levers, scalar_keys
from computecalc.estimators.inputs import Origin, Resolved, ResolvedInput
from computecalc.scenario.schema import TrainScenario
from computecalc.scenario.serving.schema import InferScenario
from computecalc.units.fields import Quantity
from computecalc.units.ranges import Range

ORIGIN = Origin("flag", "--x")
KEYS = {
    "money.price": Quantity("USD/accelerator/s", minimum=0.0),
    "efficiency.mfu": Quantity("1", bare="count", minimum=0.0, maximum=1.0),
    "cluster.count": Quantity("accelerator", bare="count", integer=True, minimum=1.0),
    "site.pue": Quantity("1", bare="count", minimum=1.0),
}
NOW = {"money.price": 2.0, "efficiency.mfu": 0.4, "cluster.count": 64.0, "site.pue": 1.2}


def resolved() -> Resolved:
    inputs = {path: ResolvedInput(path, Range.exact(value), "1", ORIGIN) for path, value in NOW.items()}
    return Resolved("case", "train", None, ORIGIN, inputs, {})


def cost(path: str, value: float) -> Outcome:
    """A cost of 100 x price / MFU / 2: 250 USD as things are; counts do not move it."""
    at = NOW | {path: value}
    return 100.0 * at["money.price"] / at["efficiency.mfu"] / 2.0


def found(check: str, tested: float, at: object = cost) -> dict[str, Lever]:
    told = levers(resolved(), parse_check(check), tested, KEYS, at)  # type: ignore[arg-type]
    return {lever.path: lever for lever in told}


def test_what_the_limit_asks_of_each_input() -> None:
    # 200 = 100 p / 0.4 / 2 gives p = 1.6; 200 = 100 x 2 / m / 2 gives m = 0.5.
    told = found("cost.total <= 200 USD", 250.0)
    assert list(told) == ["efficiency.mfu", "money.price"] or list(told) == ["money.price", "efficiency.mfu"]
    assert told["money.price"].needed == pytest.approx(1.6, rel=1e-4)
    assert told["efficiency.mfu"].needed == pytest.approx(0.5, rel=1e-4)
    assert not told["money.price"].why_not


def test_what_was_found_holds() -> None:
    for lever in found("cost.total <= 200 USD", 250.0).values():
        assert lever.needed is not None
        outcome = cost(lever.path, lever.needed)
        assert isinstance(outcome, float)
        assert outcome <= 200.0


def test_the_smallest_change_comes_first_and_what_cannot_be_comes_last() -> None:
    # 50 USD would need an MFU of 2, which is no share; a price of 0.4 does it.
    told = found("cost.total <= 50 USD", 250.0)
    assert list(told) == ["money.price", "efficiency.mfu"]
    assert told["money.price"].needed == pytest.approx(0.4, rel=1e-4)
    assert told["efficiency.mfu"].needed is None
    assert "at most 1 is possible" in told["efficiency.mfu"].why_not


def test_a_lower_bound_is_met_from_below() -> None:
    told = found("cost.total >= 500 USD", 250.0)
    assert told["money.price"].needed == pytest.approx(4.0, rel=1e-4)


def test_whole_numbers_move_in_steps_that_the_plan_can_take() -> None:
    def wall(path: str, value: float) -> Outcome:
        if path == "cluster.count":
            # 6400 s of work for one accelerator; a layout of 16 takes multiples of 16 alone.
            return 6400.0 / value if value % 16 == 0 else "16 does not divide it"
        return 100.0

    told = found("time.wall <= 70 s", 100.0, wall)
    # 6400 / 70 = 91.4 accelerators: 96 is the next multiple of 16, with 66.7 s; 80 would take 80 s.
    assert {path: lever.needed for path, lever in told.items()} == {"cluster.count": 96.0}


def test_an_input_that_changes_nothing_is_no_lever() -> None:
    assert "site.pue" not in found("cost.total <= 200 USD", 250.0)


def test_keys_come_from_the_form_of_a_scenario() -> None:
    train, infer = scalar_keys(TrainScenario), scalar_keys(InferScenario)
    assert train["efficiency.mfu"].maximum == 1.0
    assert train["cluster.count"].integer
    assert {"data.tokens", "money.price", "site.pue", "cluster.wall_time"} <= set(train)
    assert {"traffic.rate", "money.price", "serving.batch"} <= set(infer)
    # Words and degrees are no quantities.
    assert not {"layout.tensor", "cluster.precision", "model"} & set(train)
