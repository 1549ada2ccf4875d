"""`computecalc explain`: a metric as a derivation tree, a formula, or a diagnostic code."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from computecalc.cli.completing import codes_and_metrics, models
from computecalc.cli.flags import FLAGS, SERVING_FLAGS, scenario_from_flags, with_scenario_flags
from computecalc.cli.options import (
    CatalogOption,
    ColorOption,
    DigitsOption,
    ReportOptions,
    SetOption,
    VerboseOption,
    pairs,
    report_style,
)
from computecalc.cli.reckoning import RECKONING_FLAGS, reckoned, without_reckoning
from computecalc.errors import ComputecalcError, Diagnostic, UsageError, did_you_mean

if TYPE_CHECKING:
    from computecalc.catalog.lookup import Catalog
    from computecalc.estimators.results import Estimate
    from computecalc.scenario.files import RawScenario

__all__ = ["explain"]


@with_scenario_flags((*FLAGS, *SERVING_FLAGS, *RECKONING_FLAGS))
def explain(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="WHAT",
            help="A metric id, a formula, or a code such as CC405.",
            autocompletion=codes_and_metrics,
        ),
    ] = None,
    subject: Annotated[
        str | None,
        typer.Argument(
            metavar="[MODEL|FILE|-]",
            help="For a metric: a model with flags as for train, or a file.",
            autocompletion=models,
        ),
    ] = None,
    *,
    scenario: Annotated[str | None, typer.Option("--scenario", help="Which scenario of the file.")] = None,
    served: Annotated[bool, typer.Option("--served", help="MODEL is served: flags as for infer, not train.")] = False,
    depth: Annotated[int, typer.Option("--depth", min=1, help="Levels of the tree.")] = 6,
    list_: Annotated[bool, typer.Option("--list", help="Print all metric ids and formulas.")] = False,
    sensitivity: Annotated[
        bool, typer.Option("--sensitivity", help="In place of the tree: what moves the metric, and how far.")
    ] = False,
    format: Annotated[
        str | None, typer.Option("-f", "--format", help="Of the tree: plain or json; of --sensitivity: any.")
    ] = None,
    digits: DigitsOption = 4,
    set_: SetOption = None,
    catalog: CatalogOption = None,
    color: ColorOption = "auto",
    verbose: VerboseOption = False,  # noqa: ARG001 - read by the last door for errors
    **flags: Any,
) -> None:
    """Explain a metric of a scenario as a derivation tree, a formula, or a diagnostic code."""
    from computecalc.reports.glossary import render_code, render_formula, render_metric, render_names

    if list_ or what is None:
        typer.echo(render_names(), nl=False)
        return
    if subject is None:
        typer.echo(_described(what, render_code, render_formula, render_metric), nl=False)
        return
    from computecalc.catalog.lookup import Catalog
    from computecalc.estimators.metrics import metric

    wanted = metric(what)
    shown = _format(format, sensitivity=sensitivity)
    settings = pairs(set_, "--set", "site.pue=1.1")
    kind = "infer" if served else "train"
    raw = _raw(
        subject, scenario, lambda: scenario_from_flags(subject, without_reckoning(flags), settings, kind=kind), settings
    )
    (raw,) = reckoned([raw], flags)
    opened = Catalog.open(catalog or ())
    found = _estimated(raw, opened)
    style = report_style(ReportOptions(digits=digits, color=color))
    if sensitivity:
        from computecalc.reports.document import ReportDocument
        from computecalc.reports.tornado import render_tornado

        document = ReportDocument((found,), opened.version, opened.digest, 0)
        typer.echo(render_tornado(shown, document, wanted, style), nl=False)
    elif shown == "json":
        from computecalc.reports.derivation_json import render_derivation_json

        typer.echo(render_derivation_json(found, wanted), nl=False)
    else:
        from computecalc.reports.derivation import render_derivation

        typer.echo(render_derivation(found, wanted, style, depth=depth), nl=False)


def _format(wanted: str | None, *, sensitivity: bool) -> str:
    """Return the format of the answer.

    Raises
    ------
    UsageError
        CC101 for one that the tree cannot be had in.
    """
    from computecalc.cli.answers import known_format

    if wanted is None:
        return "table" if sensitivity and sys.stdout.isatty() else "plain"
    if not sensitivity and wanted not in _TREES:
        message = f"a derivation has no format {wanted!r}"
        raise UsageError(Diagnostic("CC101", message, hint="plain or json; --sensitivity has any"))
    return known_format(wanted)


_TREES = ("table", "plain", "json")
"""Formats of a derivation; the first two are the same."""


def _described(what: str, render_code: object, render_formula: object, render_metric: object) -> str:
    from computecalc.error_codes import CODES
    from computecalc.estimators.metrics import METRICS
    from computecalc.formulas.every import FORMULAS

    name = what.partition("@")[0]
    for table, key, renderer in (
        (METRICS, what, render_metric),
        (FORMULAS, name, render_formula),
        (CODES, what.upper(), render_code),
    ):
        if key in table and callable(renderer):
            return str(renderer(table[key]))
    near = did_you_mean(what, [*METRICS, *FORMULAS, *CODES])
    hint = f"did you mean {' or '.join(near)}?" if near else "`computecalc explain --list` prints all"
    raise UsageError(Diagnostic("CC102", f"there is no metric, formula or code {what!r}", hint=hint))


def _raw(
    subject: str, scenario: str | None, from_flags: Callable[[], RawScenario], settings: dict[str, str]
) -> RawScenario:
    from computecalc.scenario.loading import load_scenarios, names_scenarios

    if not names_scenarios(subject):
        return from_flags()
    found = {raw.name: raw for raw in load_scenarios(subject, settings)}
    if scenario is None and len(found) == 1:
        return next(iter(found.values()))
    if scenario is None:
        hint = f"--scenario {' or --scenario '.join(found)}"
        raise UsageError(Diagnostic("CC101", f"{subject} has {len(found)} scenarios: which one?", hint=hint))
    if scenario not in found:
        near = did_you_mean(scenario, found)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(found)}"
        raise UsageError(Diagnostic("CC101", f"{subject} has no scenario {scenario!r}", hint=hint))
    return found[scenario]


def _estimated(raw: RawScenario, catalog: Catalog) -> Estimate:
    from computecalc.api.outcomes import estimate_or_failure
    from computecalc.estimators.results import Estimate

    outcome = estimate_or_failure(raw, catalog)
    if isinstance(outcome, Estimate):
        return outcome
    raise ComputecalcError(*outcome.diagnostics)
