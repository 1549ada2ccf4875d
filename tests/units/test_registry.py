from __future__ import annotations

import subprocess
import sys

import pytest

from computecalc.units.definitions import named_units, spellings
from computecalc.units.dimensions import BASE_UNITS
from computecalc.units.problems import QuantityProblem
from computecalc.units.registry import Unit, conversion_factor, known_units, registry, unit


@pytest.mark.parametrize(
    ("expression", "factor", "dimension"),
    [
        ("1", 1, ()),
        ("%", 0.01, ()),
        ("W", 1, (("J", 1), ("s", -1))),
        ("kW*h", 3.6e6, (("J", 1),)),
        ("USD/accelerator/h", 1 / 3600, (("USD", 1), ("accelerator", -1), ("s", -1))),
        ("gCO2e/kWh", 1 / 3.6e6, (("J", -1), ("gCO2e", 1))),
        ("kgCO2e/MWh", 1 / 3.6e6, (("J", -1), ("gCO2e", 1))),
        ("TFLOP/s/accelerator", 1e12, (("FLOP", 1), ("accelerator", -1), ("s", -1))),
        ("FLOP/s/W", 1, (("FLOP", 1), ("J", -1))),
        ("Gbit/s", 1.25e8, (("byte", 1), ("s", -1))),
        ("mm^2", 1e-6, (("m", 2),)),
        ("GPU hours", 3600, (("accelerator", 1), ("s", 1))),
        ("USD/Mtoken", 1e-6, (("USD", 1), ("token", -1))),
        ("h/d", 1 / 24, ()),
    ],
)
def test_unit(expression, factor, dimension):
    found = unit(expression)
    assert found.text == expression
    assert found.factor == pytest.approx(factor, rel=1e-15)
    assert found.dimension == dimension


def test_the_size_of_a_unit_is_a_number():
    with pytest.raises(QuantityProblem, match="beyond numbers") as caught:
        unit("YFLOP^4*ZFLOP^4*EFLOP^4*PFLOP^4*TFLOP^4")  # 1e24, 1e21, ... to the 4th: 1e360
    assert caught.value.code == "CC406"


@pytest.mark.parametrize(
    ("source", "target", "factor"),
    [
        ("kWh", "J", 3.6e6),
        ("J", "kWh", 1 / 3.6e6),
        ("GB", "GiB", 1e9 / 1024**3),
        ("accelerator*h", "GPU*d", 1 / 24),
        ("USD/kWh", "USD/MWh", 1000),
        ("TFLOP/s", "EFLOP/d", 0.0864),  # 1e12 * 86400 / 1e18
        ("%", "1", 0.01),
    ],
)
def test_conversion_factor(source, target, factor):
    assert conversion_factor(source, target) == pytest.approx(factor, rel=1e-14)


@pytest.mark.parametrize(
    ("source", "target", "message", "hint"),
    [
        ("kWh", "d", "`kWh` is energy [J], not time [s]", ""),
        ("FLOP", "FLOP/s", "`FLOP` is computation (an amount) [FLOP], not computation per time (a rate) [FLOP/s]", ""),
        ("%", "W", "`%` is a plain number, not power [J/s]", ""),
        ("m^3", "L", "`m^3` is length to the power of 3 [m^3], not water [L]", "water volumes are in `L` or `m3`"),
    ],
)
def test_conversion_between_dimensions(source, target, message, hint):
    with pytest.raises(QuantityProblem) as caught:
        conversion_factor(source, target)
    assert (caught.value.code, caught.value.message, caught.value.hint) == ("CC404", message, hint)


def test_whole_fractions_convert_to_the_last_bit():
    percent = unit("%")
    # 57 * 0.01 is 0.5700000000000001.
    assert [percent.to_base(value) for value in (57.0, 7.0, 29.0)] == [0.57, 0.07, 0.29]
    assert unit("gCO2e/kWh").to_base(390.0) == 390 / 3.6e6
    assert Unit("x", 3.0, ()).to_base(2.0) == 6.0
    assert Unit("x", 3.0, ()).from_base(6.0) == 2.0
    assert Unit("x", 0.3, ()).to_base(2.0) == 0.6


def test_registry_holds_our_units_and_no_others():
    units = registry()
    assert registry() is units
    assert set(dir(units)) >= {"FLOP", "kWh", "Gbyte"}
    for foreign in ("furlong", "meter", "kelvin", "electron_volt", "byte_per_second"):
        assert foreign not in units
    # Every name pint knows is a spelling of ours; nothing comes from its default file.
    assert set(units._units) <= set(spellings())
    assert len({definition.name for definition in units._units.values()}) == len(named_units())


def test_registry_agrees_with_the_table():
    units = registry()
    for named in named_units():
        quantity = units.Quantity(1.0, named.symbol).to_base_units()
        assert quantity.magnitude == pytest.approx(named.factor, rel=1e-14)
        assert {str(name): power for name, power in quantity.unit_items()} == dict(named.dimension)


def test_registry_computes_as_the_dimension_test_will():
    units = registry()
    price = units.Quantity(2.5, "USD/accelerator/h")
    time = units.Quantity(1000.0, "GPU*d")
    assert (price * time).to("USD").magnitude == pytest.approx(60000)  # 2.5 * 24 * 1000


def test_known_units_lists_base_units_once():
    symbols = [definition.symbol for definition in known_units()]
    assert set(BASE_UNITS) <= set(symbols)
    assert len(symbols) == len(set(symbols))
    kwh = next(definition for definition in known_units() if definition.symbol == "Wh")
    assert (kwh.factor, kwh.dimension, "k" in kwh.prefixes) == (3600.0, (("J", 1),), True)


def test_pint_numpy_and_pydantic_wait_until_they_are_needed():
    code = (
        "import sys; from computecalc.units import ranges, display, grammar, specs, registry\n"
        "registry.known_units(); display.display(5.0, 's')\n"
        "print(sorted({'pint', 'numpy', 'pydantic', 'yaml'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
