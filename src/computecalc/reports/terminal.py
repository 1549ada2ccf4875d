"""Rich renderables as text of a given width."""

from __future__ import annotations

import io
from collections.abc import Iterable

from rich.console import Console, RenderableType

from computecalc.reports.document import ReportStyle

__all__ = ["printed"]


def printed(parts: Iterable[RenderableType], style: ReportStyle) -> str:
    """Return renderables as text of `style.width` columns; nothing in them is taken for markup."""
    text = io.StringIO()
    console = Console(
        file=text,
        width=style.width,
        force_terminal=style.color,
        color_system="standard" if style.color else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    for part in parts:
        console.print(part)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"
