"""Sweeps as commands and Python callers ask for them: plans from files, limits in the grammar of budgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from computecalc.errors import Diagnostic, UsageError
from computecalc.sweeps.limits import Limit
from computecalc.sweeps.plan import Plan

__all__ = ["limits_of", "plan_of"]


def plan_of(path: str, settings: Mapping[str, str], scenario: str | None) -> Plan:
    """Read the plan of a file.

    Raises
    ------
    ComputecalcError
        When the file cannot be read, or holds no sweep.
    """
    from computecalc.scenario.other_files import Library
    from computecalc.sweeps.reading import read_plan
    from computecalc.yamlio.loading import load_path, load_stdin
    from computecalc.yamlio.nodes import from_flag

    document = load_stdin() if path == "-" else load_path(Path(path))
    nodes = {key: from_flag(f"--set {key}", text) for key, text in settings.items()}
    library = Library([Path(path)] if path != "-" else [])
    return read_plan(document, scenario=scenario, settings=nodes, library=library)


def limits_of(texts: Sequence[str]) -> tuple[Limit, ...]:
    """Read limits in the grammar of budgets.

    Raises
    ------
    UsageError
        CC408 for another form, CC101 for a change or an end of a range: a sweep has the middle alone.
    QuantityError
        CC401 to CC407 for the quantity.
    """
    from computecalc.checks.expressions import parse_check
    from computecalc.yamlio.nodes import from_flag

    found = []
    for text in texts:
        check = parse_check(text, from_flag("--where", text, resolve=False).span)
        if check.is_change or check.end in ("low", "high"):
            message = f"--where looks at the middle of a metric: {check.text!r}"
            raise UsageError(Diagnostic("CC101", message, hint="such as --where 'cost.total <= 75 MUSD'"))
        found.append(Limit(check.metric, check.operator, check.bound.low, check.bound.high, check.text))
    return tuple(found)
