"""`computecalc compare`: the same workload under several values, or several scenarios, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from computecalc.cli.completing import metrics, models
from computecalc.cli.flags import FLAGS, SERVING_FLAGS, scenario_from_flags, with_scenario_flags
from computecalc.cli.options import (
    CatalogOption,
    ColorOption,
    ComparisonFormatOption,
    DigitsOption,
    PlotOption,
    QuietOption,
    ReportOption,
    ReportOptions,
    SetOption,
    UnitOption,
    VerboseOption,
    pairs,
)
from computecalc.cli.reckoning import RECKONING_FLAGS, reckoned, without_reckoning
from computecalc.errors import Diagnostic, UsageError, did_you_mean

if TYPE_CHECKING:
    from computecalc.reports.comparison import Compared
    from computecalc.scenario.files import RawScenario
    from computecalc.yamlio.nodes import Node

__all__ = ["compare"]


@with_scenario_flags((*FLAGS, *SERVING_FLAGS, *RECKONING_FLAGS))
def compare(
    subject: Annotated[
        str,
        typer.Argument(
            metavar="MODEL|FILE|-",
            help="A model with flags as for train, or scenarios of a file.",
            autocompletion=models,
        ),
    ],
    *,
    over: Annotated[
        list[str] | None,
        typer.Option("--over", help="KEY=A,B,..., such as accelerator=h100-sxm,b200-sxm or any path; repeatable."),
    ] = None,
    scenario: Annotated[
        list[str] | None, typer.Option("--scenario", help="Only these scenarios of the file; repeatable.")
    ] = None,
    metric: Annotated[
        list[str] | None,
        typer.Option("--metric", help="Metric that is compared, or all; repeatable.", autocompletion=metrics),
    ] = None,
    served: Annotated[bool, typer.Option("--served", help="MODEL is served: flags as for infer, not train.")] = False,
    format: ComparisonFormatOption = None,
    report: ReportOption = None,
    unit: UnitOption = None,
    digits: DigitsOption = 4,
    set_: SetOption = None,
    catalog: CatalogOption = None,
    color: ColorOption = "auto",
    quiet: QuietOption = False,
    plot: PlotOption = False,
    verbose: VerboseOption = False,  # noqa: ARG001 - read by the last door for errors
    **flags: Any,
) -> None:
    """Compare accelerators, regions, providers, precisions or scenarios, with the best in each metric."""
    from computecalc.catalog.lookup import Catalog

    settings = pairs(set_, "--set", "site.pue=1.1")
    names = _metrics(metric)
    scenarios = _scenarios(subject, scenario, flags, settings, kind="infer" if served else "train")
    laid = reckoned(scenarios, flags)
    variants, varied_paths = _variants(laid, over)
    options = ReportOptions(format, report or (), unit or (), digits, color, quiet, plot=plot)
    raise typer.Exit(_answer(variants, names, varied_paths, Catalog.open(catalog or ()), options))


def _metrics(wanted: Sequence[str] | None) -> Sequence[str]:
    """Return the metrics to compare.

    Raises
    ------
    UsageError
        CC102 for one that there is none of.
    """
    from computecalc.checks.comparing import SHOWN
    from computecalc.estimators.metrics import METRICS, metric

    if not wanted:
        return SHOWN
    return tuple(METRICS) if "all" in wanted else tuple(metric(name).id for name in wanted)


def _scenarios(
    subject: str, wanted: Sequence[str] | None, flags: Mapping[str, Any], settings: dict[str, str], *, kind: str
) -> list[RawScenario]:
    from computecalc.scenario.loading import load_scenarios, names_scenarios

    given = without_reckoning(flags)
    if not names_scenarios(subject):
        return [scenario_from_flags(subject, given, settings, kind=kind)]
    stated = ["--" + name.replace("_", "-") for name, value in given.items() if value is not None]
    if stated:
        message = f"{', '.join(stated)}: flags of a scenario go with a model, not with a file"
        raise UsageError(Diagnostic("CC101", message, hint="--set PATH=VALUE changes all scenarios of a file"))
    found = {raw.name: raw for raw in load_scenarios(subject, settings)}
    for name in wanted or ():
        if name not in found:
            near = did_you_mean(name, found)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(found)}"
            raise UsageError(Diagnostic("CC101", f"{subject} has no scenario {name!r}", hint=hint))
    return [found[name] for name in wanted] if wanted else list(found.values())


def _variants(scenarios: Sequence[RawScenario], over: Sequence[str] | None) -> tuple[list[RawScenario], list[str]]:
    """Lay out what is compared, and name the paths in which it varies.

    Raises
    ------
    UsageError
        CC660, when there are not two.
    """
    from computecalc.scenario.varying import varied

    texts = pairs(over, "--over", "accelerator=h100-sxm,b200-sxm")
    found: list[RawScenario] = []
    paths: list[str] = []
    for raw in scenarios:
        axes = dict(_axis(raw, key, text) for key, text in texts.items())
        paths += [path for path in axes if path not in paths]
        found += varied(raw, axes, has_name=len(scenarios) > 1)
    names = [raw.name for raw in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        message = f"compared with itself: {', '.join(twice)}"
        raise UsageError(Diagnostic("CC660", message, hint="state each value of --over once"))
    if len(found) < 2:
        message = "there is one thing to compare, and a comparison has two"
        hint = "--over accelerator=h100-sxm,b200-sxm, or a file with several scenarios"
        raise UsageError(Diagnostic("CC660", message, hint=hint))
    return found, paths


_ALSO = {"provider": "money.provider", "commitment": "money.commitment", "model": "model"}
"""Short names of paths besides those of flags."""


def _axis(raw: RawScenario, key: str, text: str) -> tuple[str, list[Node]]:
    """Return path and values of one `--over`; a key is the name of a flag without its dashes, or a path.

    Raises
    ------
    UsageError
        CC101 for an empty value or a key that is neither.
    """
    from computecalc.yamlio.nodes import child, from_flag

    kind = getattr(child(raw.node, "kind"), "value", "train")
    known = {flag.name.removeprefix("--"): flag for flag in (SERVING_FLAGS if kind == "infer" else FLAGS)}
    flag = known.get(key)
    path = flag.path if flag is not None else _ALSO.get(key, key)
    if flag is None and key not in _ALSO and "." not in key:
        near = did_you_mean(key, [*known, *_ALSO])
        hint = f"did you mean {near[0]}?" if near else "the name of a flag without dashes, or a path as for --set"
        raise UsageError(Diagnostic("CC101", f"--over knows no key {key!r}", hint=hint))
    values = [value.strip() for value in text.split(",")]
    if not all(values):
        message = f"--over {key} has an empty value"
        raise UsageError(Diagnostic("CC101", message, hint=f"such as --over {key}=A,B"))
    is_text = flag is not None and flag.is_text
    return path, [from_flag(f"--over {key}", value, resolve=not is_text) for value in values]


def _answer(
    variants: Sequence[RawScenario], names: Sequence[str], paths: Sequence[str], catalog: Any, options: ReportOptions
) -> int:
    """Estimate all, compare those that could be, print, and return the exit code."""
    from computecalc.api.outcomes import estimate_or_failure
    from computecalc.checks.comparing import SHOWN, compared
    from computecalc.cli.answers import check_plot, put_out, with_charts
    from computecalc.cli.failures import report_diagnostics
    from computecalc.estimators.metrics import METRICS
    from computecalc.estimators.results import Estimate
    from computecalc.reports.comparison import Compared, render_comparison
    from computecalc.reports.document import ReportDocument
    from computecalc.reports.formats import FORMATS, PICTURES

    check_plot(options)
    outcomes = tuple(estimate_or_failure(raw, catalog) for raw in variants)
    estimates = [outcome for outcome in outcomes if isinstance(outcome, Estimate)]
    code = 2 if len(estimates) < len(outcomes) else 0
    document = ReportDocument(outcomes, catalog.version, catalog.digest, code)
    found = Compared(document, compared(estimates, names, varied=paths))
    if estimates:
        renderer = with_charts(lambda name, _, style: render_comparison(name, found, style), options)
        code = put_out(document, options, FORMATS, renderer, pictures=PICTURES)
    _report(found, report_diagnostics, quiet=options.quiet)
    is_chosen = names is not SHOWN and len(names) < len(METRICS)
    unanswered = _unknown(names, found) if is_chosen else []
    report_diagnostics(unanswered)
    return 2 if unanswered else code


def _unknown(names: Sequence[str], found: Compared) -> list[Diagnostic]:
    """Say which of the metrics that were asked for by name nobody knows."""
    known = {standing.name for standing in found.comparison.standings}
    missing = [name for name in names if name not in known]
    return [Diagnostic("CC658", f"no estimate knows {', '.join(missing)}")] if missing else []


def _report(found: Compared, report: Any, *, quiet: bool) -> None:
    """Say what must be known: failures, what differs, and once each what several estimates say alike."""
    from computecalc.reports.document import Failure

    said = set()
    for outcome in found.document.outcomes:
        for diagnostic in outcome.diagnostics:
            key = (diagnostic.code, diagnostic.message)
            if key not in said and (isinstance(outcome, Failure) or not quiet):
                said.add(key)
                report([diagnostic])
    if not quiet:
        report(found.comparison.findings)
