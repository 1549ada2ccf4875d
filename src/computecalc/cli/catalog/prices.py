"""`computecalc catalog import prices`: SkyPilot's vms.csv as a catalog file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from computecalc.cli.options import CatalogOption

if TYPE_CHECKING:
    from computecalc.catalog.lookup import Catalog

__all__ = ["import_prices"]

_LARGEST = 50_000_000


def import_prices(
    path: Annotated[str, typer.Argument(metavar="FILE", help="The vms.csv.")],
    provider: Annotated[str, typer.Option("--provider", help="Who rents out, such as AWS.")],
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="Day of the prices, such as 2026-11-01.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write to this file.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
    catalog: CatalogOption = None,
) -> None:
    """Turn a table of instance prices into prices of accelerators."""
    from computecalc.catalog.importers.prices import price_file, read_prices
    from computecalc.catalog.lookup import Catalog
    from computecalc.catalog.sources import is_date
    from computecalc.cli.catalog.new import write_new
    from computecalc.cli.failures import report_diagnostics
    from computecalc.errors import CatalogError, Diagnostic, UsageError

    if not is_date(as_of) or len(as_of) < len("2026-11"):
        hint = "write 2026-11-01 or 2026-11: prices change by the month"
        raise UsageError(Diagnostic("CC101", f"--as-of is not a day or month: {as_of!r}", hint=hint))
    if not provider.strip():
        raise UsageError(Diagnostic("CC101", "--provider is empty", hint="such as --provider AWS"))
    opened = Catalog.open(catalog or ())
    found = read_prices(_text(Path(path)), path, lambda name: _capacity(opened, name))
    if found.unknown:
        message = f"left out, no accelerators of the catalog: {', '.join(found.unknown)}"
        hint = "an entry of your own, or an alias, in a folder given by --catalog brings them in"
        report_diagnostics([Diagnostic("CC501", message, "warning", hint=hint)])
    if not found.rows:
        raise CatalogError(Diagnostic("CC503", f"{path} has no price of an accelerator that the catalog knows"))
    write_new(price_file(found, provider=provider.strip(), as_of=as_of, origin=Path(path).name), output, force=force)


def _text(path: Path) -> str:
    from computecalc.errors import Diagnostic, DocumentError

    with path.open("rb") as stream:
        content = stream.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise DocumentError(Diagnostic("CC204", f"{path} is larger than 50 MB", hint="split it by region"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{path} is not UTF-8 text (byte {error.start})"
        raise DocumentError(Diagnostic("CC203", message, hint="save it as UTF-8")) from error


def _capacity(catalog: Catalog, name: str) -> tuple[str, float] | None:
    if not catalog.has("accelerator", name):
        return None
    entry = catalog.find("accelerator", name)
    return entry.id, entry.fact("memory.capacity").value.mid
