"""`computecalc run`: the scenarios of YAML files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

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

if TYPE_CHECKING:
    from computecalc.scenario.files import RawScenario

__all__ = ["load_scenarios", "run"]


def run(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders, or - for standard input.")],
    format: FormatOption = None,
    output: OutputOption = None,
    unit: UnitOption = None,
    digits: DigitsOption = 4,
    set_: SetOption = None,
    calibrate: Annotated[
        str | None, typer.Option("--calibrate", help="Own measurements (CSV) that correct scenarios of kind infer.")
    ] = None,
    catalog: CatalogOption = None,
    color: ColorOption = "auto",
    quiet: QuietOption = False,
    verbose: VerboseOption = False,  # noqa: ARG001 - read by the last door for errors
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
            scenarios += load_scenarios(path, settings)
        except ComputecalcError as error:
            report_diagnostics(error.diagnostics)
            failed = True
    if failed and not scenarios:
        raise typer.Exit(2)
    if calibrate is not None:
        scenarios = _calibrated(scenarios, calibrate)
    options = ReportOptions(format, output or (), unit or (), digits, color, quiet)
    raise typer.Exit(answer(scenarios, Catalog.open(catalog or ()), options, failed_files=failed))


def _calibrated(scenarios: list[RawScenario], path: str) -> list[RawScenario]:
    """Name a table of own measurements in every scenario of kind infer.

    Raises
    ------
    UsageError
        CC101 for an empty name, and where there is no such scenario.
    """
    from dataclasses import replace

    from computecalc.errors import Diagnostic, UsageError
    from computecalc.yamlio.nodes import MappingNode, child, from_flag, mapping_from_paths, merge

    if not path.strip():
        raise UsageError(Diagnostic("CC101", "--calibrate is empty", hint="leave the flag out, or name a file"))
    named = mapping_from_paths({"serving.calibration": from_flag("--calibrate", path, resolve=False)})
    found, served = [], 0
    for raw in scenarios:
        if getattr(child(raw.node, "kind"), "value", None) == "infer":
            merged, served = merge(raw.node, named), served + 1
            found.append(replace(raw, node=merged) if isinstance(merged, MappingNode) else raw)
        else:
            found.append(raw)
    if not served:
        hint = "leave --calibrate out: it corrects served workloads"
        raise UsageError(Diagnostic("CC101", "--calibrate, but there is no scenario of kind infer", hint=hint))
    return found


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
