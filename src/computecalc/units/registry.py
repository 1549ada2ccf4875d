"""Units to factors and dimensions, and our units as a pint registry; the only file that imports pint."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from computecalc.records import record
from computecalc.units.definitions import DEFINITIONS, Definition, named_units
from computecalc.units.dimensions import BASE_UNITS, Dimension, combined, dimension_text, dimension_words
from computecalc.units.expressions import read_expression
from computecalc.units.problems import QuantityProblem

if TYPE_CHECKING:
    import pint

__all__ = ["Unit", "conversion_factor", "known_units", "mismatch", "registry", "unit"]


@record
class Unit:
    """A unit expression that was understood."""

    text: str
    """As it was written."""
    factor: float
    """What one of it is in coherent base units."""
    dimension: Dimension

    @property
    def base(self) -> str:
        """The coherent base unit of its dimension, such as ``gCO2e/J``; ``1`` for plain numbers."""
        return dimension_text(self.dimension) if self.dimension else "1"

    def to_base(self, value: float) -> float:
        """Return `value` of this unit in coherent base units."""
        inverse = self._whole_inverse
        return value / inverse if inverse else value * self.factor

    def from_base(self, value: float) -> float:
        """Return a `value` in coherent base units in this unit."""
        inverse = self._whole_inverse
        return value * inverse if inverse else value / self.factor

    @property
    def _whole_inverse(self) -> float:
        # 57 % is 57/100 to the last bit, but not 57 * 0.01.
        inverse = float(round(1 / self.factor)) if self.factor < 1 else 0.0
        return inverse if inverse and 1 / inverse == self.factor else 0.0


@lru_cache(maxsize=1)
def registry() -> pint.UnitRegistry[float]:
    """Return pint's registry with our units and no others; built on the first call."""
    import pint
    from pint.facets.plain import ScaleConverter, UnitDefinition
    from pint.util import UnitsContainer

    # Definitions go in as objects: pint's text parser would take ten times as long.
    units: pint.UnitRegistry[float] = pint.UnitRegistry(None, cache_folder=None)
    for named in named_units():
        base = named.symbol in BASE_UNITS
        reference = {f"[{named.symbol}]": 1} if base else dict(named.dimension)
        # A percent sign is no name to pint; our own expressions never hand it over.
        aliases = tuple(name for name in named.aliases if name.isidentifier())
        definition = UnitDefinition(
            named.symbol, None, aliases, ScaleConverter(named.factor), UnitsContainer(reference)
        )
        # pint takes definitions, as its documentation says; its annotation says classes.
        units.define(definition)  # type: ignore[arg-type]
    return units


@lru_cache(maxsize=4096)
def unit(expression: str) -> Unit:
    """Read a unit expression.

    Parameters
    ----------
    expression : str
        Such as ``PFLOP/s`` or ``USD/accelerator/h``; ``1`` for plain numbers.

    Raises
    ------
    QuantityProblem
        CC401 when it is no unit expression, CC403 for unknown units, CC406 when its size is beyond numbers.
    """
    # The product that pint would form (a test holds the two together) without importing it, which alone costs
    # more than a whole estimate.
    factors = read_expression(expression)
    try:
        factor = math.prod(each.unit.factor**each.exponent for each in factors)
    except OverflowError:
        factor = math.inf
    if not math.isfinite(factor) or factor == 0:
        raise QuantityProblem("CC406", f"the size of `{expression}` is beyond numbers", length=len(expression))
    powers = [(name, power * each.exponent) for each in factors for name, power in each.unit.dimension]
    return Unit(expression.strip(), factor, combined(powers))


def conversion_factor(source: str, target: str) -> float:
    """Return what one `source` is in `target`.

    Raises
    ------
    QuantityProblem
        CC404 when the two measure different things; what `unit` raises.
    """
    from_unit, to_unit = unit(source), unit(target)
    if from_unit.dimension != to_unit.dimension:
        raise mismatch(from_unit, to_unit)
    return from_unit.factor / to_unit.factor


def mismatch(found: Unit, wanted: Unit, *, hint: str = "") -> QuantityProblem:
    """Return the problem of a unit that measures something else than wanted."""
    is_volume = found.dimension == (("m", 3),) and ("L", 1) in wanted.dimension
    return QuantityProblem(
        "CC404",
        f"`{found.text}` is {_measure(found)}, not {_measure(wanted)}",
        hint="water volumes are in `L` or `m3`" if is_volume else hint,
        length=len(found.text),
    )


def _measure(measured: Unit) -> str:
    words = dimension_words(measured.dimension)
    return f"{words} [{dimension_text(measured.dimension)}]" if measured.dimension else words


def known_units() -> list[Definition]:
    """Return every unit with its symbol, aliases, prefixes, dimension and factor."""
    return list(DEFINITIONS)
