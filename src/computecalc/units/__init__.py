"""Units: our own definitions, the quantity grammar, ranges, readable display, and the fields that read them.

* `definitions`: every unit as a table; `suggestions` helps with words that are none.
* `dimensions`: products of base units, as text and in words.
* `expressions`: what may be written as a unit, read before anything is computed.
* `registry`: units to factors and dimensions, by pint, which is imported on first use only.
* `ranges`, `parts`, `grammar`: ``60..75..90 d`` to numbers in base units.
* `readable`, `display`: base units to what a reader likes.
* `specs`, `fields`: what one field accepts, also as a pydantic annotation.
* `problems`: what is wrong with a text, and where in it.

Only this package imports pint.
"""

from __future__ import annotations

__all__ = [
    "definitions",
    "dimensions",
    "display",
    "expressions",
    "fields",
    "grammar",
    "parts",
    "problems",
    "ranges",
    "readable",
    "registry",
    "specs",
    "suggestions",
]
