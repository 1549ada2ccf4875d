"""An architecture as plain data: what a file would say of it."""

from __future__ import annotations

from typing import Any

from computecalc.catalog.architecture import Architecture
from computecalc.catalog.mixers import Shape

__all__ = ["described"]


def described(architecture: Architecture) -> dict[str, Any]:
    """Return an architecture as a catalog file or an inline model would state it, without what is absent there.

    Read again, it is the same architecture.
    """
    found: dict[str, Any] = _plain(architecture)
    return found


def _plain(value: Any) -> Any:
    """Return a shape as a mapping of what differs from its defaults; its type is always said."""
    if isinstance(value, Shape):
        found = {}
        for name, known in type(value).model_fields.items():
            held = getattr(value, name)
            if name == "type" or known.is_required() or held != known.get_default(call_default_factory=True):
                found[name] = _plain(held)
        return found
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
