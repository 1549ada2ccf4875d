"""How ids and aliases are compared."""

from __future__ import annotations

__all__ = ["folded"]

_SEPARATORS = str.maketrans("_ ", "--")


def folded(name: str) -> str:
    """Return what two spellings of one name have in common.

    Examples
    --------
    >>> folded("H100 SXM"), folded("h100_sxm")
    ('h100-sxm', 'h100-sxm')
    """
    return name.strip().casefold().translate(_SEPARATORS)
