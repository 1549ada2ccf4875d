"""Every unit we know, as one table in coherent base units.

pint's registry, the suggestions and `computecalc units list` all come from `DEFINITIONS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import chain

from computecalc.records import record
from computecalc.units.dimensions import BASE_UNITS, Dimension, dimension_text

__all__ = ["DEFINITIONS", "PREFIXES", "Definition", "NamedUnit", "named_units", "spellings"]

PREFIXES: Mapping[str, float] = {
    "n": 1e-9,
    "u": 1e-6,
    "m": 1e-3,
    "k": 1e3,
    "M": 1e6,
    "G": 1e9,
    "T": 1e12,
    "P": 1e15,
    "E": 1e18,
    "Z": 1e21,
    "Y": 1e24,
    "Ki": 2.0**10,
    "Mi": 2.0**20,
    "Gi": 2.0**30,
    "Ti": 2.0**40,
    "Pi": 2.0**50,
    "B": 1e9,  # billions of dollars, as everybody writes them
}

_MINUTE = 60.0
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_YEAR = 365.25 * _DAY
_METRIC = tuple("kMGTPEZY")
_BINARY = ("Ki", "Mi", "Gi", "Ti", "Pi")
_COUNT = tuple("kMGT")


@record
class Definition:
    """One unit with its other names and the prefixes it takes."""

    symbol: str
    description: str
    factor: float
    """What one of it is in coherent base units."""
    dimension: Dimension
    aliases: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    prefixed_aliases: tuple[str, ...] = ()
    """Those of `aliases` that take the prefixes too; the symbol always does."""

    @property
    def base(self) -> str:
        """The coherent base unit it is measured in; empty for plain numbers."""
        return dimension_text(self.dimension) if self.dimension else ""


@record
class NamedUnit:
    """One unit with its prefix, such as ``GFLOP``."""

    symbol: str
    aliases: tuple[str, ...]
    factor: float
    dimension: Dimension


def _base(symbol: str, description: str, *aliases: str, **more: tuple[str, ...]) -> Definition:
    return Definition(symbol, description, 1.0, ((symbol, 1),), aliases, **more)


_WORK = (
    _base("FLOP", "floating-point operations, an amount", "FLOPs", prefixes=_METRIC, prefixed_aliases=("FLOPs",)),
    _base("byte", "8 bits", "B", "bytes", prefixes=_METRIC[:6] + _BINARY, prefixed_aliases=("B", "bytes")),
    Definition("bit", "an eighth of a byte", 0.125, (("byte", 1),), ("bits",), _METRIC[:6] + _BINARY, ("bits",)),
    _base("token", "tokens", "tokens", "tok", prefixes=_COUNT, prefixed_aliases=("tokens", "tok")),
    _base(
        "parameter",
        "model parameters",
        "parameters",
        "param",
        "params",
        prefixes=_COUNT,
        prefixed_aliases=("parameters", "param", "params"),
    ),
    _base("accelerator", "accelerators", "accelerators", "GPU", "GPUs", "gpu", "gpus", "chip", "chips"),
    _base("node", "servers", "nodes", "server", "servers"),
    _base("replica", "copies of a served model", "replicas"),
    _base("request", "requests to a served model", "requests", "req", "reqs", prefixes=("k", "M")),
    _base("sequence", "training sequences", "sequences", "seq", "seqs"),
    # As export rules define it: tera-operations a second, times the bits of an operand.
    Definition("TPP", "total processing performance of a chip", 1e12 * 0.125, (("FLOP", 1), ("byte", 1), ("s", -1))),
    Definition("percent", "a hundredth", 0.01, (), ("%",)),
)

_TIME = (
    _base(
        "s",
        "seconds",
        "sec",
        "second",
        "seconds",
        prefixes=("n", "u", "m"),
    ),
    Definition("min", "minutes", _MINUTE, (("s", 1),), ("minute", "minutes")),
    Definition("h", "hours", _HOUR, (("s", 1),), ("hr", "hour", "hours")),
    Definition("d", "days", _DAY, (("s", 1),), ("day", "days")),
    Definition("week", "7 days", 7 * _DAY, (("s", 1),), ("weeks",)),
    Definition("month", "a twelfth of a year", _YEAR / 12, (("s", 1),), ("months",)),
    Definition("year", "365.25 days", _YEAR, (("s", 1),), ("years", "yr", "a")),
)

_ENERGY = (
    _base("J", "joules of energy", "joule", "joules", prefixes=("u", "m", *_METRIC[:6])),
    Definition("Wh", "watt hours of energy", _HOUR, (("J", 1),), (), ("m", *_METRIC[:5])),
    Definition("W", "watts of power", 1.0, (("J", 1), ("s", -1)), ("watt", "watts"), ("m", *_METRIC[:4])),
)

_MONEY = (
    _base("USD", "US dollars", prefixes=("k", "M", "B")),
    Definition("cent", "a hundredth of a US dollar", 0.01, (("USD", 1),), ("cents",)),
)

_ENVIRONMENT = (
    _base("gCO2e", "grams of CO2 equivalent", "gCO2eq", prefixes=("m", "k"), prefixed_aliases=("gCO2eq",)),
    Definition(
        "tCO2e",
        "metric tons of CO2 equivalent",
        1e6,
        (("gCO2e", 1),),
        ("tCO2eq",),
        ("k", "M", "G"),
        ("tCO2eq",),
    ),
    _base("L", "litres of water", "litre", "litres", "liter", "liters", prefixes=("m", "k", "M")),
    Definition("m3", "cubic metres of water", 1e3, (("L", 1),)),
    Definition("gal", "US gallons of water", 3.785411784, (("L", 1),), ("gallon", "gallons")),
    _base("m", "metres", prefixes=("n", "u", "m")),
    Definition("m2", "square metres", 1.0, (("m", 2),)),
    Definition("cm2", "square centimetres", 1e-4, (("m", 2),)),
    Definition("mm2", "square millimetres", 1e-6, (("m", 2),)),
)

DEFINITIONS: tuple[Definition, ...] = (*_WORK, *_TIME, *_ENERGY, *_MONEY, *_ENVIRONMENT)
"""The whole table, base units included."""


def _prefixed(definition: Definition) -> Iterator[NamedUnit]:
    yield NamedUnit(definition.symbol, definition.aliases, definition.factor, definition.dimension)
    for prefix in definition.prefixes:
        # Both micro signs of Unicode stand beside the letter u.
        written = (prefix,) if prefix != "u" else ("u", "\N{MICRO SIGN}", "\N{GREEK SMALL LETTER MU}")
        names = [p + name for name in (definition.symbol, *definition.prefixed_aliases) for p in written]
        yield NamedUnit(names[0], tuple(names[1:]), PREFIXES[prefix] * definition.factor, definition.dimension)


@lru_cache(maxsize=1)
def named_units() -> tuple[NamedUnit, ...]:
    """Return every unit with every prefix it takes, base units first."""
    units = list(chain.from_iterable(map(_prefixed, DEFINITIONS)))
    return tuple(sorted(units, key=lambda unit: unit.symbol not in BASE_UNITS))


@lru_cache(maxsize=1)
def spellings() -> Mapping[str, NamedUnit]:
    """Return every unit by every way to write it; case matters.

    Raises
    ------
    ValueError
        When the table gives one spelling two meanings.
    """
    known: dict[str, NamedUnit] = {}
    for unit in named_units():
        for name in (unit.symbol, *unit.aliases):
            if known.setdefault(name, unit) is not unit:
                raise ValueError(f"{name} is both {known[name].symbol} and {unit.symbol}")
    return known
