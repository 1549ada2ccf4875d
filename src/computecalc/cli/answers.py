"""From raw scenarios to what is printed: resolve, estimate, render, write."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from computecalc.api.outcomes import TOGETHER, estimate_or_failure, estimated
from computecalc.catalog.lookup import Catalog
from computecalc.cli.atomic import AtomicFile
from computecalc.cli.failures import report_diagnostics, write_out
from computecalc.cli.options import ReportOptions, pairs, report_style
from computecalc.cli.progress import Progressing
from computecalc.cli.repeated import Repeated
from computecalc.errors import Diagnostic, UsageError, did_you_mean
from computecalc.estimators.results import Estimate
from computecalc.reports.document import Failure, ReportDocument, ReportStyle
from computecalc.reports.formats import FORMATS, PICTURES, PLOTTED, render
from computecalc.scenario.files import RawScenario

if TYPE_CHECKING:
    from computecalc.checks.budgets import Budget
    from computecalc.checks.measured_runs import MeasuredRun

__all__ = [
    "answer",
    "check_plot",
    "destinations",
    "factor_kinds",
    "for_jobs",
    "has_picture",
    "known_format",
    "outcomes_of",
    "put_out",
    "put_texts",
    "side_by_side",
    "stated_limits",
    "with_charts",
    "write_atomically",
]

FOR_JOBS = ("github", "junit", "sarif")
"""Formats that tell a job what went wrong, so that they are written even where nothing could be read."""

Renderer = Callable[[str, ReportDocument, ReportStyle], str | bytes]


def for_jobs(options: ReportOptions) -> bool:
    """Tell whether a format is asked for that tells a job what went wrong."""
    wanted = [options.format, *(each.partition("=")[0].strip() for each in options.output)]
    return any(name in FOR_JOBS for name in wanted)


def outcomes_of(
    scenarios: Sequence[RawScenario], catalog: Catalog, *, quiet: bool = False
) -> Iterator[Estimate | Failure]:
    """Estimate scenarios in order, many at once, with a bar where there is something to wait for."""
    if len(scenarios) == 1:
        yield estimate_or_failure(scenarios[0], catalog)
        return
    with Progressing(len(scenarios), "scenarios", quiet=quiet) as done:
        yield from estimated(scenarios, catalog, done)


def answer(
    scenarios: Sequence[RawScenario],
    catalog: Catalog,
    options: ReportOptions,
    *,
    limits: Sequence[Budget] = (),
    unread: Sequence[Diagnostic] = (),
    measured: Sequence[MeasuredRun] = (),
) -> int:
    """Estimate scenarios, print them, write the files asked for, and return the exit code.

    Parameters
    ----------
    scenarios : sequence of RawScenario
        What to estimate, in order.
    catalog : Catalog
        Where figures come from.
    options : ReportOptions
        Formats and style.
    limits : sequence of Budget
        Limits from `--check`, on all scenarios.
    unread : sequence of Diagnostic
        Why files could not be read at all; they have been printed, and make the exit code 2.
    measured : sequence of MeasuredRun
        Runs to set beside their estimates.
    """
    if options.tornado is not None and (limits or measured):
        message = "--tornado shows one metric, and nothing of --check or --measured"
        raise UsageError(Diagnostic("CC101", message, hint="leave one of them out"))
    _check_charts(options)
    is_whole = options.tornado is not None or options.plot or has_picture(options)
    if len(scenarios) > TOGETHER and not is_whole and not limits and not measured:
        # Imported here: a few scenarios are kept in memory.
        from computecalc.cli.streaming import stream_answer

        return stream_answer(scenarios, catalog, options, unread=unread)
    outcomes = tuple(outcomes_of(scenarios, catalog, quiet=options.quiet))
    failed = bool(unread) or any(isinstance(outcome, Failure) for outcome in outcomes)
    document = ReportDocument(outcomes, catalog.version, catalog.digest, 2 if failed else 0, diagnostics=tuple(unread))
    if limits:
        document = _judged(document, limits)
    if measured:
        from computecalc.cli.measuring import beside_measured

        document = beside_measured(document, measured)
    pictures = PICTURES if options.tornado is None else ()
    code = put_out(document, options, FORMATS, with_charts(_renderer(options), options), pictures=pictures)
    said = Repeated()
    for outcome in outcomes:
        if isinstance(outcome, Failure) or not options.quiet:
            said.add(outcome.name, outcome.diagnostics)
    said.report()
    if not options.quiet:
        report_diagnostics(side_by_side(factor_kinds(outcomes)))
    unanswered = [] if options.tornado is None else _unknown(outcomes, options.tornado)
    report_diagnostics(unanswered)
    return 2 if unanswered else code


def _renderer(options: ReportOptions) -> Renderer:
    """Return what writes the answer: the report, or what moves one metric.

    Raises
    ------
    UsageError
        CC102 for a metric that there is none of.
    """
    if options.tornado is None:
        return render
    from computecalc.estimators.metrics import metric
    from computecalc.reports.tornado import render_tornado

    wanted = metric(options.tornado)
    return lambda name, document, style: render_tornado(name, document, wanted, style)


def with_charts(renderer: Renderer, options: ReportOptions) -> Renderer:
    """Return a renderer that draws pictures too and, where `--plot` asks for it, adds charts to reports."""
    if not options.plot and not has_picture(options):
        return renderer
    return lambda name, document, style: _charted(renderer, name, document, style, is_plotted=options.plot)


def _charted(
    renderer: Renderer, name: str, document: ReportDocument, style: ReportStyle, *, is_plotted: bool
) -> str | bytes:
    # Imported here: few reports have charts.
    if name in PICTURES:
        from computecalc.reports.plots.pictures import picture

        return picture(name, document, style)
    found = renderer(name, document, style)
    if not is_plotted or name not in PLOTTED or isinstance(found, bytes):
        return found
    from computecalc.reports.plots.terminal import plot

    return found + plot(document, style, is_plain=name == "plain")


def has_picture(options: ReportOptions) -> bool:
    """Tell whether a picture is to be written."""
    return any(each.partition("=")[0].strip() in PICTURES for each in options.output)


def check_plot(options: ReportOptions) -> None:
    """Refuse `--plot` in formats that hold no charts.

    Raises
    ------
    UsageError
        CC101 for one of them.
    """
    if options.plot and options.format not in (None, *PLOTTED):
        message = f"--plot draws below the report in {' and '.join(PLOTTED)}, not in {options.format}"
        raise UsageError(Diagnostic("CC101", message, hint="leave -f out; -o png=PATH and -o svg=PATH are pictures"))


def _check_charts(options: ReportOptions) -> None:
    check_plot(options)
    if options.tornado is not None and (options.plot or has_picture(options)):
        message = "--tornado shows one metric, and has no other charts"
        raise UsageError(Diagnostic("CC101", message, hint="leave --tornado out: --plot draws a tornado too"))


def _unknown(outcomes: Sequence[Estimate | Failure], name: str) -> list[Diagnostic]:
    """Say which scenarios do not know a metric that was asked for."""
    found = []
    for outcome in outcomes:
        if isinstance(outcome, Failure):
            continue
        value = outcome.outputs.get(name)
        if value is None or value.mid is None:
            reason = value.reason if value is not None else "this estimate does not have it"
            found.append(Diagnostic("CC658", f"{outcome.name} has no {name}: {reason}"))
    return found


def factor_kinds(outcomes: Iterable[Estimate | Failure]) -> dict[str, str]:
    """Return the kind of emission factor of each scenario that has one."""
    return {
        each.name: each.choices["site.factor_kind"].value
        for each in outcomes
        if isinstance(each, Estimate) and "site.factor_kind" in each.choices
    }


def side_by_side(kinds: Mapping[str, str]) -> list[Diagnostic]:
    """Say what must be known before figures of several scenarios are compared."""
    if len(set(kinds.values())) < 2:
        return []
    # Imported here: one scenario, or several of one region, have nothing to mix.
    from computecalc.scenario.factors import mixed_kinds

    found = mixed_kinds(kinds)
    return [found] if found is not None else []


def stated_limits(texts: Sequence[str] | None) -> list[Budget]:
    """Read the limits of `--check`; what reads them is imported only where there are any.

    Raises
    ------
    ComputecalcError
        When one is no check.
    """
    if not texts:
        return []
    from computecalc.checks.budgets import stated_limit

    return [stated_limit(text, "--check") for text in texts]


def _judged(document: ReportDocument, limits: Sequence[Budget]) -> ReportDocument:
    from computecalc.api.judging import verdicts_on
    from computecalc.checks.verdicts import exit_code

    verdicts, said = verdicts_on(document.outcomes, limits, None)
    code = max(document.exit_code, exit_code(verdicts, said))
    return replace(document, verdicts=tuple(verdicts), exit_code=code)


def destinations(
    options: ReportOptions, formats: Collection[str], pictures: Collection[str] = ()
) -> tuple[str, list[tuple[str, Path]]]:
    """Return the format of standard output, and formats and paths of the files asked for, pictures among them.

    Raises
    ------
    UsageError
        CC101 for a format that there is none of.
    """
    if options.format in pictures:
        hint = f"-o {options.format}=PATH writes it to a file"
        raise UsageError(Diagnostic("CC101", f"{options.format} is a picture, and no text", hint=hint))
    shown = known_format(options.format or ("table" if sys.stdout.isatty() else "plain"), formats)
    files = [
        (known_format(name, (*formats, *pictures)), Path(path))
        for wanted in options.output
        for name, path in pairs([wanted], "--output", "json=result.json").items()
    ]
    return shown, files


def put_out(
    document: ReportDocument,
    options: ReportOptions,
    formats: Collection[str],
    renderer: Renderer,
    *,
    pictures: Collection[str] = (),
) -> int:
    """Write a document to the files asked for and to standard output; return its exit code, 2 where a file failed."""
    style = report_style(options)
    return put_texts(lambda name: renderer(name, document, style), options, formats, document.exit_code, pictures)


def put_texts(
    text: Callable[[str], str | bytes],
    options: ReportOptions,
    formats: Collection[str],
    exit_code: int,
    pictures: Collection[str] = (),
) -> int:
    """Write what `text` gives for a format to the files asked for and to standard output.

    Returns
    -------
    int
        The exit code; 2 where a file could not be written.
    """
    shown, files = destinations(options, formats, pictures)
    unwritten: list[Diagnostic] = []
    for name, path in files:  # before standard output, whose reader may stop reading
        try:
            write_atomically(path, text(name))
        except UsageError as error:
            unwritten += error.diagnostics
    answer = text(shown)
    if isinstance(answer, str):  # pictures go to files alone
        write_out(answer)
    report_diagnostics(unwritten)
    return 2 if unwritten else exit_code


def known_format(name: str, formats: Collection[str] = tuple(FORMATS)) -> str:
    """Return the name of a format.

    Raises
    ------
    UsageError
        CC101 when there is none of that name.
    """
    if name not in formats:
        near = did_you_mean(name, formats)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(formats)}"
        raise UsageError(Diagnostic("CC101", f"there is no format {name!r}", hint=hint))
    return name


def write_atomically(path: Path, text: str | bytes) -> None:
    """Write a file whole or not at all; what is no file, such as a pipe, is written to as it is.

    Raises
    ------
    UsageError
        CC104 when it cannot be written; an old file is then still whole.
    """
    with AtomicFile(path) as file:
        file.write(text)
