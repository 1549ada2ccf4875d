"""`computecalc schema`: JSON Schemas of the file formats."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["schema"]


def schema(
    name: Annotated[str, typer.Argument(metavar="scenario|budget|result|lock|catalog", help="Which format.")],
) -> None:
    """Print the JSON Schema (draft-07) of a file format."""
    import json

    from computecalc.reports.schemas import json_schema

    typer.echo(json.dumps(json_schema(name), indent=2, ensure_ascii=False))
