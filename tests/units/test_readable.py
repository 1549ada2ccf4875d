from __future__ import annotations

import pytest

from computecalc.units.grammar import parse_quantity
from computecalc.units.readable import _EXAMPLES, _HEADS, _WHOLE, example, ladder, rung_for
from computecalc.units.registry import unit


@pytest.mark.parametrize("name", [*_HEADS, *_WHOLE, "FLOP/s/accelerator", "byte/s/accelerator", "W/node", "J/token"])
def test_ladders_agree_with_the_registry(name):
    base = unit(name)
    for rung in ladder(name):
        multiplier = {"": 1, "M": 1e6, "B": 1e9, "T": 1e12}[rung.suffix]
        shown = unit(rung.unit or "1")
        assert shown.dimension == base.dimension
        assert shown.factor * multiplier == pytest.approx(rung.factor * base.factor, rel=1e-14)


@pytest.mark.parametrize("name", [*_HEADS, *_WHOLE])
def test_ladders_rise(name):
    starts = [rung.start for rung in ladder(name)]
    assert starts[0] == 0
    assert starts == sorted(set(starts))


@pytest.mark.parametrize("name", [*_EXAMPLES, "J/token", "USD/request", "replica", "sequence/s"])
def test_examples_are_quantities_of_their_unit(name):
    assert parse_quantity(example(name), unit=name).is_exact


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [(999.94e9, 4, "GB"), (999.96e9, 4, "TB"), (999.96e9, 6, "GB"), (0.0, 4, "B"), (-5e9, 4, "GB"), (1e30, 4, "EB")],
)
def test_rounding_decides_before_the_unit_does(value, digits, shown):
    assert rung_for("byte", value, digits=digits).unit == shown
