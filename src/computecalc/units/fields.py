"""Quantities as pydantic fields; the only file here that imports pydantic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

from computecalc.units.problems import QuantityProblem
from computecalc.units.ranges import Range
from computecalc.units.readable import example
from computecalc.units.specs import QuantitySpec

__all__ = ["Quantity"]


@dataclass(frozen=True)
class Quantity(QuantitySpec):
    """Marks a `Range` field as a quantity; takes the arguments of `QuantitySpec`.

    Examples
    --------
    >>> from typing import Annotated
    >>> Tokens = Annotated[Range, Quantity("token", bare="count", minimum=0, exclusive_minimum=True)]
    """

    def __get_pydantic_core_schema__(self, source: type[Any], handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Return the schema of a text or number that becomes a `Range`."""
        return core_schema.no_info_plain_validator_function(self._validated)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return what editors are told of the field."""
        kind = "A value or a range" if self.ranged else "A value"
        return {
            "type": ["string", "number"] if self.allows_bare else "string",
            "description": f"{kind}. [{self.unit}]",
            "examples": [example(self.unit)],
        }

    def _validated(self, raw: object) -> Range:
        try:
            return self.check(raw) if isinstance(raw, Range) else self.parse(raw)
        except QuantityProblem as problem:
            # The message goes in last: pydantic fills in the names of the context one by one, and users' braces
            # that came in earlier would be filled in too.
            context = {
                "hint": problem.hint,
                "offset": problem.offset,
                "length": problem.length,
                "message": problem.message,
            }
            raise PydanticCustomError(problem.code, "{message}", context) from problem
