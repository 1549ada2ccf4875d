"""Which unit a reader likes best, as ladders of units by size, and an example of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from computecalc.records import record

__all__ = ["Rung", "Style", "example", "ladder", "rung_for"]

Style = Literal["significant", "whole", "scientific"]
"""So many digits in all; never fewer than the integer part has; mantissa and exponent."""

_HOUR = 3600.0
_DAY = 86400.0
_YEAR = 31557600.0
_TPP = 1.25e11


@record
class Rung:
    """One unit of a ladder."""

    start: float
    """Smallest size that is shown in it. [base unit]"""
    factor: float
    """What one of it is in the base unit."""
    unit: str
    suffix: str = ""
    """Multiplier glued to the number."""
    style: Style = "significant"


def _steps(unit: str, *prefixed: tuple[str, float], style: Style = "significant") -> tuple[Rung, ...]:
    rungs = (Rung(factor, factor, f"{prefix}{unit}") for prefix, factor in prefixed)
    return (Rung(0.0, 1.0, unit, style=style), *rungs)


def _counted(unit: str, *, first: Style = "whole") -> tuple[Rung, ...]:
    return (
        Rung(0.0, 1.0, unit, style=first),
        Rung(1e6, 1e6, unit, "M"),
        Rung(1e9, 1e9, unit, "B"),
        Rung(1e12, 1e12, unit, "T"),
        Rung(1e16, 1.0, unit, style="scientific"),
    )


_METRIC = (("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12), ("P", 1e15), ("E", 1e18))

_HEADS: Mapping[str, tuple[Rung, ...]] = {
    "FLOP": (*_steps("FLOP", *_METRIC), Rung(1e21, 1.0, "FLOP", style="scientific")),
    "byte": _steps("B", *_METRIC, style="whole"),
    "W": _steps("W", *_METRIC[:4]),
    "gCO2e": (
        Rung(0.0, 1.0, "gCO2e"),
        Rung(1e3, 1e3, "kgCO2e"),
        Rung(1e6, 1e6, "tCO2e"),
        Rung(1e9, 1e9, "ktCO2e"),
    ),
    "L": (Rung(0.0, 1.0, "L"), Rung(1e3, 1e3, "m3")),
    "USD": _steps("USD", ("M", 1e6), ("B", 1e9)),
    "token": _counted("token"),
    "parameter": _counted("parameter"),
    "accelerator": _steps("accelerator", style="whole"),
    "node": _steps("node", style="whole"),
    "replica": _steps("replica", style="whole"),
    "request": _steps("request", style="whole"),
    "sequence": _steps("sequence", style="whole"),
}
"""Ladders of units that may be divided by something, which is carried along."""

_WHOLE: Mapping[str, tuple[Rung, ...]] = {
    # Data sheets compare bandwidths in GB/s well into the thousands.
    "byte/s": (*_steps("B/s", *_METRIC[:3], style="whole"), Rung(1e14, 1e12, "TB/s"), Rung(1e17, 1e15, "PB/s")),
    "s": (
        Rung(0.0, 1e-6, "us"),
        Rung(1e-3, 1e-3, "ms"),
        Rung(1.0, 1.0, "s"),
        Rung(120.0, 60.0, "min"),
        Rung(2 * _HOUR, _HOUR, "h"),
        Rung(2 * _DAY, _DAY, "d"),
        Rung(3 * _YEAR, _YEAR, "year"),
    ),
    "J": (
        Rung(0.0, 1.0, "J"),
        Rung(_HOUR, _HOUR, "Wh"),
        Rung(1e3 * _HOUR, 1e3 * _HOUR, "kWh"),
        Rung(1e6 * _HOUR, 1e6 * _HOUR, "MWh"),
        Rung(1e9 * _HOUR, 1e9 * _HOUR, "GWh"),
        Rung(1e12 * _HOUR, 1e12 * _HOUR, "TWh"),
    ),
    "accelerator*s": tuple(
        replace(rung, start=rung.start * _HOUR, factor=rung.factor * _HOUR)
        for rung in _counted("accelerator*h", first="significant")
    ),
    "gCO2e/J": (Rung(0.0, 1 / (1e3 * _HOUR), "gCO2e/kWh"),),
    "USD/accelerator/s": (Rung(0.0, 1 / _HOUR, "USD/accelerator/h"),),
    "1/accelerator/s": (Rung(0.0, 1 / _HOUR, "1/accelerator/h"),),
    "USD/J": (Rung(0.0, 1 / (1e6 * _HOUR), "USD/MWh"),),
    "USD/W/s": (Rung(0.0, 12 / (1e3 * _YEAR), "USD/kW/month"),),
    "USD/s": (Rung(0.0, 1 / _YEAR, "USD/yr"), Rung(1e6 / _YEAR, 1e6 / _YEAR, "MUSD/yr")),
    "1/s": (Rung(0.0, 0.01 / _YEAR, "%/yr"),),
    "L/J": (Rung(0.0, 1 / (1e3 * _HOUR), "L/kWh"),),
    "m^2": (Rung(0.0, 1e-6, "mm2"),),
    # What a chip is made of: per area of wafer, per capacity of memory.
    "1/m^2": (Rung(0.0, 1e4, "1/cm2"),),
    "J/m^2": (Rung(0.0, 1e7 * _HOUR, "kWh/cm2"),),
    "gCO2e/m^2": (Rung(0.0, 1e4, "gCO2e/cm2"),),
    "USD/byte": (Rung(0.0, 1e-9, "USD/GB"),),
    "gCO2e/byte": (Rung(0.0, 1e-9, "gCO2e/GB"),),
    "FLOP*byte/s": (Rung(0.0, _TPP, "TPP"),),
    "FLOP*byte/s/accelerator": (Rung(0.0, _TPP, "TPP/accelerator"),),
    "FLOP*byte/s/m^2": (Rung(0.0, _TPP / 1e-6, "TPP/mm2"),),
    "FLOP*byte/s/m^2/accelerator": (Rung(0.0, _TPP / 1e-6, "TPP/mm2/accelerator"),),
    "byte/parameter": (Rung(0.0, 1.0, "byte/parameter"),),
    "FLOP/byte": (Rung(0.0, 1.0, "FLOP/byte"),),
    "1": (Rung(0.0, 1.0, ""),),
}
"""Ladders of whole unit expressions; they go before `_HEADS`."""

_EXAMPLES: Mapping[str, str] = {
    "1": "0.40",
    "FLOP": "3.8e25 FLOP",
    "FLOP/s": "989 TFLOP/s",
    "FLOP/s/accelerator": "989 TFLOP/s/accelerator",
    "byte": "80 GB",
    "byte/accelerator": "80 GB/accelerator",
    "byte/parameter": "2 byte/parameter",
    "byte/s": "400 Gbit/s",
    "byte/s/accelerator": "3350 GB/s/accelerator",
    "s": "60 d",
    "J": "50 MWh",
    "W": "700 W",
    "W/node": "10.2 kW/node",
    "token": "15.6T tokens",
    "token/request": "1500 token/request",
    "token/s": "5000 token/s",
    "request": "64 requests",
    "request/s": "50 request/s",
    "sequence": "2048 sequences",
    "parameter": "405B params",
    "accelerator": "16384 accelerators",
    "accelerator/node": "8 accelerator/node",
    "accelerator*s": "30.8M accelerator*h",
    "USD": "75 MUSD",
    "USD/accelerator/s": "2.50 USD/accelerator/h",
    "1/accelerator/s": "2e-5 1/accelerator/h",
    "USD/J": "80 USD/MWh",
    "USD/W/s": "184 USD/kW/month",
    "USD/s": "900K USD/yr",
    "USD/accelerator": "30K USD/accelerator",
    "1/s": "8 %/yr",
    "gCO2e": "150 kgCO2e",
    "gCO2e/J": "390 gCO2e/kWh",
    "L": "100 m3",
    "L/J": "1.8 L/kWh",
    "m^2": "814 mm2",
}


def example(unit: str) -> str:
    """Return a quantity as users write it in a field of the coherent unit `unit`."""
    return _EXAMPLES.get(unit) or f"5 {ladder(unit)[0].unit}"


def ladder(unit: str) -> tuple[Rung, ...]:
    """Return the units in which values of a coherent unit are shown, smallest first."""
    if unit in _WHOLE:
        return _WHOLE[unit]
    if unit.startswith("byte/s/"):
        return _divided(_WHOLE["byte/s"], unit.removeprefix("byte/s/"))
    head, _, rest = unit.partition("/")
    if head in _HEADS:
        return _divided(_HEADS[head], rest)
    return (Rung(0.0, 1.0, unit),)


def _divided(rungs: tuple[Rung, ...], by: str) -> tuple[Rung, ...]:
    return tuple(replace(rung, unit=f"{rung.unit}/{by}") for rung in rungs) if by else rungs


def rung_for(unit: str, value: float, *, digits: int) -> Rung:
    """Return the unit in which `value` is best shown with so many significant figures."""
    rungs = ladder(unit)
    if value == 0:
        return next((rung for rung in rungs if rung.factor == 1), rungs[0])
    fitting = rungs[0]
    for rung in rungs[1:]:
        # Rounded first: 999.96 GB with four digits is 1.000 TB.
        if float(f"{abs(value) / rung.start:.{digits - 1}e}") >= 1:
            fitting = rung
    return fitting
