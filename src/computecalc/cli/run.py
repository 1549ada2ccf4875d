"""`computecalc run`: the scenarios of YAML files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from computecalc.cli.flags import with_scenario_flags
from computecalc.cli.options import (
    CatalogOption,
    ColorOption,
    DigitsOption,
    FormatOption,
    OutputOption,
    QuietOption,
    ReportOptions,
    SetOption,
    UnitOption,
    VerboseOption,
    pairs,
)
from computecalc.cli.reckoning import RECKONING_FLAGS, reckoned

if TYPE_CHECKING:
    from computecalc.scenario.files import RawScenario

__all__ = ["load_scenarios", "run"]


@with_scenario_flags(RECKONING_FLAGS)
def run(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders, or - for standard input.")],
    format: FormatOption = None,
    output: OutputOption = None,
    unit: UnitOption = None,
    digits: DigitsOption = 4,
    set_: SetOption = None,
    catalog: CatalogOption = None,
    color: ColorOption = "auto",
    quiet: QuietOption = False,
    verbose: VerboseOption = False,  # noqa: ARG001 - read by the last door for errors
    **flags: Any,
) -> None:
    """Estimate the scenarios of YAML files."""
    from computecalc.catalog.lookup import Catalog
    from computecalc.cli.answers import answer
    from computecalc.cli.failures import report_diagnostics
    from computecalc.errors import ComputecalcError

    settings = pairs(set_, "--set", "site.pue=1.1")
    scenarios: list[RawScenario] = []
    failed = False
    for path in paths:
        try:
            scenarios += reckoned(load_scenarios(path, settings), flags)
        except ComputecalcError as error:
            report_diagnostics(error.diagnostics)
            failed = True
    if failed and not scenarios:
        raise typer.Exit(2)
    options = ReportOptions(format, output or (), unit or (), digits, color, quiet)
    raise typer.Exit(answer(scenarios, Catalog.open(catalog or ()), options, failed_files=failed))


def load_scenarios(path: str, settings: dict[str, str]) -> list[RawScenario]:
    """Load the scenarios of a file, of all YAML files in a folder by name, or of standard input.

    Raises
    ------
    ComputecalcError
        When a file cannot be read, is not YAML, or is no scenario file.
    """
    from computecalc.errors import Diagnostic, UsageError
    from computecalc.scenario.files import raw_scenarios
    from computecalc.yamlio.loading import load_path, load_stdin
    from computecalc.yamlio.nodes import Node, from_flag

    overrides: dict[str, Node] = {key: from_flag(f"--set {key}", text) for key, text in settings.items()}
    if path == "-":
        return raw_scenarios(load_stdin(), overrides)
    folder = Path(path)
    if not folder.is_dir():
        return raw_scenarios(load_path(folder), overrides)
    files = sorted(file for file in folder.iterdir() if file.suffix in (".yaml", ".yml") and file.is_file())
    if not files:
        raise UsageError(
            Diagnostic("CC103", f"the folder {path} has no .yaml file", hint="name a file, or - for stdin")
        )
    return [raw for file in files for raw in raw_scenarios(load_path(file), overrides)]
