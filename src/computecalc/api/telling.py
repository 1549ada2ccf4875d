"""Errors as a notebook shows them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from computecalc.errors import ComputecalcError

__all__ = ["told"]


@contextmanager
def told() -> Iterator[None]:
    """Let an error say place, caret and way out below its message, where Python prints it."""
    try:
        yield
    except ComputecalcError as error:
        # Imported here: only where there is something to tell.
        from computecalc.yamlio.render import render_diagnostic

        if not getattr(error, "__notes__", None):
            for diagnostic in error.diagnostics:
                error.add_note(render_diagnostic(diagnostic))
        raise
