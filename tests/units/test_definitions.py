from __future__ import annotations

import pytest

from computecalc.units.definitions import DEFINITIONS, named_units, spellings
from computecalc.units.dimensions import BASE_UNITS


def test_every_base_unit_is_defined_as_itself():
    for name in BASE_UNITS:
        assert spellings()[name].factor == 1
        assert spellings()[name].dimension == ((name, 1),)


def test_dimensions_are_of_base_units_and_sorted():
    for definition in DEFINITIONS:
        assert all(name in BASE_UNITS for name, _ in definition.dimension)
        assert list(definition.dimension) == sorted(definition.dimension)


def test_symbols_are_unique():
    symbols = [unit.symbol for unit in named_units()]
    assert len(symbols) == len(set(symbols))


@pytest.mark.parametrize(
    ("name", "factor", "symbol"),
    [
        ("B", 1, "byte"),
        ("bit", 0.125, "bit"),
        ("GB", 1e9, "Gbyte"),
        ("GiB", 1024**3, "Gibyte"),
        ("PiB", 1024**5, "Pibyte"),
        ("Gbit", 1.25e8, "Gbit"),
        ("TFLOP", 1e12, "TFLOP"),
        ("TFLOPs", 1e12, "TFLOP"),
        ("YFLOP", 1e24, "YFLOP"),
        ("ms", 1e-3, "ms"),
        ("us", 1e-6, "us"),
        ("µs", 1e-6, "us"),  # micro sign
        ("μs", 1e-6, "us"),  # Greek letter
        ("min", 60, "min"),
        ("hours", 3600, "h"),
        ("day", 86400, "d"),
        ("week", 604800, "week"),
        ("month", 2629800, "month"),  # 365.25 * 86400 / 12
        ("a", 31557600, "year"),  # 365.25 * 86400
        ("yr", 31557600, "year"),
        ("Wh", 3600, "Wh"),
        ("kWh", 3.6e6, "kWh"),
        ("TWh", 3.6e15, "TWh"),
        ("MW", 1e6, "MW"),
        ("MUSD", 1e6, "MUSD"),
        ("BUSD", 1e9, "BUSD"),
        ("cent", 0.01, "cent"),
        ("kgCO2e", 1e3, "kgCO2e"),
        ("kgCO2eq", 1e3, "kgCO2e"),
        ("tCO2e", 1e6, "tCO2e"),
        ("tCO2eq", 1e6, "tCO2e"),
        ("ktCO2e", 1e9, "ktCO2e"),
        ("MtCO2e", 1e12, "MtCO2e"),
        ("mL", 1e-3, "mL"),
        ("kL", 1e3, "kL"),
        ("m3", 1e3, "m3"),
        ("gal", 3.785411784, "gal"),
        ("mm", 1e-3, "mm"),
        ("mm2", 1e-6, "mm2"),
        ("tok", 1, "token"),
        ("Mtoken", 1e6, "Mtoken"),
        ("Ttok", 1e12, "Ttoken"),
        ("params", 1, "parameter"),
        ("GPUs", 1, "accelerator"),
        ("gpu", 1, "accelerator"),
        ("chip", 1, "accelerator"),
        ("servers", 1, "node"),
        ("req", 1, "request"),
        ("seq", 1, "sequence"),
        ("replicas", 1, "replica"),
        ("%", 0.01, "percent"),
    ],
)
def test_factor(name, factor, symbol):
    assert spellings()[name].factor == pytest.approx(factor, rel=1e-15)
    assert spellings()[name].symbol == symbol


@pytest.mark.parametrize("name", ["gb", "kwh", "Flop", "FLOPS", "TFLOPS", "EUR", "furlong", "kmin", "Mday", "kB2", ""])
def test_what_is_no_unit(name):
    assert name not in spellings()
