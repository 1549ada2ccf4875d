"""Files that a scenario names: beside it and below its folder, unless a flag names them."""

from __future__ import annotations

from pathlib import Path

from computecalc.errors import Diagnostic, ScenarioError, Span

__all__ = ["named_path"]


def named_path(name: str, span: Span, *, flag: str) -> Path:
    """Return where a file lies that a scenario or a flag names.

    Parameters
    ----------
    name : str
        What is written.
    span : Span
        Where it is written.
    flag : str
        A flag that may name any path, for the way out.

    Raises
    ------
    ScenarioError
        CC303 for a path outside the folder of the scenario.
    """
    if span.document.kind == "flag":
        return Path(name)
    folder = Path(span.document.name).parent
    path = folder / name
    if Path(name).is_absolute() or not path.resolve().is_relative_to(folder.resolve()):
        hint = f"put it below the folder of the scenario file; only a flag ({flag}) may name any path"
        message = f"{name} lies outside the folder of the scenario file"
        raise ScenarioError(Diagnostic("CC303", message, span=span, hint=hint))
    return path
