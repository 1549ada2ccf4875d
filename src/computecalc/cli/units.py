"""`computecalc units`: convert and read quantities, list units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from computecalc.cli.options import ColorOption, DigitsOption, FormatOption, ReportOptions, report_style
from computecalc.errors import Diagnostic, Document, QuantityError, Span

if TYPE_CHECKING:
    from computecalc.units.problems import QuantityProblem

__all__ = ["units_app"]

units_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@units_app.command(help="Convert a quantity or range to another unit: units convert '2.5 kW' W.")
def convert(
    quantity: Annotated[str, typer.Argument(metavar="QUANTITY", help="Such as '60..90 d'.")],
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="Such as h.")],
    digits: DigitsOption = 6,
) -> None:
    """Convert a quantity or range to another unit."""
    from computecalc.units.display import display_range
    from computecalc.units.grammar import parse_any
    from computecalc.units.problems import QuantityProblem
    from computecalc.units.registry import conversion_factor

    try:
        found, its_unit = parse_any(quantity)
    except QuantityProblem as problem:
        raise _error("QUANTITY", quantity, problem) from problem
    try:
        conversion_factor(its_unit.text or "1", unit)
    except QuantityProblem as problem:
        raise _error("UNIT", unit, problem) from problem
    shown = display_range(found.low, found.mid, found.high, its_unit.base, digits=digits, target=unit)
    numbers = [shown.mid] if found.is_exact else [shown.low, shown.mid, shown.high]
    typer.echo(f"{'..'.join(numbers)} {shown.unit}".rstrip())


@units_app.command(help="Read a quantity and say what was understood: units parse '15.6T tokens'.")
def parse(
    quantity: Annotated[str, typer.Argument(metavar="QUANTITY", help="Such as '0.35..0.40..0.45'.")],
) -> None:
    """Read a quantity and say what was understood."""
    from computecalc.units.grammar import parse_any
    from computecalc.units.problems import QuantityProblem

    try:
        found, its_unit = parse_any(quantity)
    except QuantityProblem as problem:
        raise _error("QUANTITY", quantity, problem) from problem
    for name, value in (("low", found.low), ("value", found.mid), ("high", found.high)):
        typer.echo(f"{name:<6} {value!r}")
    typer.echo(f"unit   {its_unit.base}")


@units_app.command("list", help="List the units, what they measure, and their size.")
def list_units(format: FormatOption = None, color: ColorOption = "auto") -> None:
    """List the units, what they measure, and their size."""
    from computecalc.cli.listings import print_listing
    from computecalc.reports.listing import Listing
    from computecalc.units.registry import known_units

    rows = [
        (known.symbol, ", ".join(known.aliases), known.description, f"{known.factor:.6g} {known.base}".rstrip())
        for known in known_units()
    ]
    listing = Listing(("unit", "also written", "measures", "in base units"), rows)
    print_listing(listing, format, report_style(ReportOptions(color=color)))


def _error(name: str, text: str, problem: QuantityProblem) -> QuantityError:
    start = problem.offset + 1
    span = Span(Document(name, text, kind="flag"), 1, start, start + max(problem.length, 1))
    return QuantityError(Diagnostic(problem.code, problem.message, span=span, hint=problem.hint))
