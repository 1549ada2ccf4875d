"""Options that several commands share, and what they mean."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from computecalc.cli.completing import metric_assignments, metrics
from computecalc.errors import Diagnostic, UsageError, did_you_mean
from computecalc.records import record

if TYPE_CHECKING:
    from computecalc.reports.document import ReportStyle

__all__ = [
    "CatalogOption",
    "CheckOption",
    "ColorOption",
    "ComparisonFormatOption",
    "DigitsOption",
    "DrawnOutputOption",
    "EstimateFormatOption",
    "FormatOption",
    "OutputOption",
    "PlotOption",
    "QuietOption",
    "ReportOption",
    "ReportOptions",
    "ResolveOnlyOption",
    "SetOption",
    "TornadoOption",
    "UnitOption",
    "VerboseOption",
    "pairs",
    "report_style",
]

FormatOption = Annotated[
    str | None,
    typer.Option("-f", "--format", help="table, plain, json, jsonl, csv or md; table on a terminal, else plain."),
]
EstimateFormatOption = Annotated[
    str | None,
    typer.Option(
        "-f",
        "--format",
        help="table, plain, json, jsonl, csv, md, html, github, junit or sarif; table on a terminal, else plain.",
    ),
]
"""The same where the answer is a document of estimates."""
ComparisonFormatOption = Annotated[
    str | None,
    typer.Option("-f", "--format", help="table, plain, json, jsonl, csv, md or html; table on a terminal, else plain."),
]
"""The same where estimates stand side by side."""
OutputOption = Annotated[
    list[str] | None, typer.Option("-o", "--output", help="FORMAT=PATH, also write this format to a file; repeatable.")
]
DrawnOutputOption = Annotated[
    list[str] | None, typer.Option("-o", "--output", help="FORMAT=PATH, also to a file, png and svg too; repeatable.")
]
"""The same of commands that draw pictures."""
ReportOption = Annotated[
    list[str] | None, typer.Option("-o", "--report", help="FORMAT=PATH, also to a file, png and svg too; repeatable.")
]
"""The same, of commands that draw, where `--output` says how many tokens a request puts out."""
UnitOption = Annotated[
    list[str] | None,
    typer.Option(
        "--unit",
        help="METRIC=UNIT, such as time.wall=h, in table, plain, md and html.",
        autocompletion=metric_assignments,
    ),
]
DigitsOption = Annotated[
    int, typer.Option("--digits", min=1, max=15, help="Significant figures in table, plain, md, html.")
]
SetOption = Annotated[
    list[str] | None, typer.Option("--set", help="PATH=VALUE, overrides a key, such as site.pue=1.1; repeatable.")
]
CheckOption = Annotated[
    list[str] | None, typer.Option("--check", help="A limit, such as 'cost.total <= 75 MUSD'; repeatable.")
]
CatalogOption = Annotated[
    list[Path] | None, typer.Option("--catalog", help="A folder of catalog files that lie over ours; repeatable.")
]
ResolveOnlyOption = Annotated[
    bool, typer.Option("--resolve-only", help="Print the scenario file with every value resolved and its origin.")
]
TornadoOption = Annotated[
    str | None,
    typer.Option(
        "--tornado", help="METRIC, in place of the report: what moves it, and how far.", autocompletion=metrics
    ),
]
PlotOption = Annotated[bool, typer.Option("--plot", help="Charts below the report, in table and plain.")]
QuietOption = Annotated[bool, typer.Option("-q", "--quiet", help="No warnings.")]
VerboseOption = Annotated[bool, typer.Option("-v", "--verbose", help="Details of an internal error.")]
ColorOption = Annotated[str, typer.Option("--color", help="auto, always or never.")]


@record
class ReportOptions:
    """The options of a command that prints a report."""

    format: str | None = None
    output: Sequence[str] = ()
    unit: Sequence[str] = ()
    digits: int = 4
    color: str = "auto"
    quiet: bool = False
    tornado: str | None = None
    """Metric whose movers take the place of the report."""
    plot: bool = False
    """Whether charts follow the report."""


def pairs(values: Sequence[str] | None, flag: str, form: str) -> dict[str, str]:
    """Split ``KEY=VALUE`` options.

    Raises
    ------
    UsageError
        CC101 for one without ``=``, without a name or without a value.
    """
    found: dict[str, str] = {}
    for value in values or ():
        key, sign, rest = value.partition("=")
        if not sign or not key.strip() or not rest.strip():
            message = f"{flag} wants a name, `=` and a value, not {value!r}"
            raise UsageError(Diagnostic("CC101", message, hint=f"such as {flag} {form}"))
        found[key.strip()] = rest.strip()
    return found


def report_style(options: ReportOptions) -> ReportStyle:
    """Turn options into a style, looking at the terminal and the environment.

    Raises
    ------
    UsageError
        CC101 for an unknown colour mode, CC102 for a unit of an unknown metric.
    QuantityProblem
        For a unit that does not fit its metric.
    """
    from computecalc.reports.document import ReportStyle

    if options.color not in ("auto", "always", "never"):
        near = did_you_mean(options.color, ("auto", "always", "never"))
        hint = f"did you mean {near[0]}?" if near else "auto, always or never"
        raise UsageError(Diagnostic("CC101", f"--color cannot be {options.color!r}", hint=hint))
    colored = options.color == "always" or (
        options.color == "auto" and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    )
    return ReportStyle(
        units=_units(options.unit),
        digits=options.digits,
        width=shutil.get_terminal_size(fallback=(100, 24)).columns,
        color=colored,
    )


def _units(values: Sequence[str]) -> dict[str, str]:
    if not values:
        return {}
    from computecalc.estimators.metrics import metric
    from computecalc.units.problems import QuantityProblem
    from computecalc.units.registry import conversion_factor

    wanted = pairs(values, "--unit", "time.wall=h")
    for name, unit in wanted.items():
        try:
            conversion_factor(unit, metric(name).unit)
        except QuantityProblem as problem:
            raise UsageError(
                Diagnostic(problem.code, f"--unit {name}: {problem.message}", hint=problem.hint)
            ) from problem
    return wanted
