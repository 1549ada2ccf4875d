"""How ids and aliases are compared."""

from __future__ import annotations

__all__ = ["folded"]


def folded(name: str) -> str:
    """Return what two spellings of one name have in common.

    Examples
    --------
    >>> folded("H100 SXM"), folded("h100_sxm")
    ('h100-sxm', 'h100-sxm')
    """
    # Thousands of names are folded for one estimate: two replacements take a third of the time of `translate`.
    return name.strip().casefold().replace("_", "-").replace(" ", "-")
