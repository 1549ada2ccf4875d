"""Keys about how an estimate is reckoned, and not about what: `uncertainty` and `overrides`."""

from __future__ import annotations

from dataclasses import replace

from computecalc.errors import Diagnostic, ScenarioError
from computecalc.estimators.inputs import Choice, Resolved
from computecalc.estimators.method import Method
from computecalc.scenario.context import in_context, kept
from computecalc.scenario.files import RawScenario
from computecalc.scenario.overriding import resolve_overrides
from computecalc.scenario.uncertainty import resolve_uncertainty
from computecalc.yamlio.nodes import child, locate_key

__all__ = ["with_reckoning"]


def with_reckoning(resolved: Resolved, raw: RawScenario, *, has_open_layout: bool) -> Resolved:
    """Return a scenario with how its ranges are found, and with its overrides.

    Parameters
    ----------
    resolved : Resolved
        The scenario without both.
    raw : RawScenario
        As it is written.
    has_open_layout : bool
        Whether layouts are searched by the caller, who counts without overrides.

    Raises
    ------
    ScenarioError
        With every problem of both keys.
    """
    errors: list[Diagnostic] = []
    overrides, method = resolved.overrides, Method()
    choices: tuple[Choice, ...] = ()
    notes: tuple[Diagnostic, ...] = ()
    stated = child(raw.node, "overrides")
    if stated is not None:
        with kept(errors):
            overrides = resolve_overrides(stated)
    stated = child(raw.node, "uncertainty")
    if stated is not None:
        with kept(errors):
            inputs = (*resolved.inputs.values(), *overrides.values())
            method, choices, notes = resolve_uncertainty(stated, inputs)
    if overrides and has_open_layout:
        message = f"stated, but a search counts without overrides: {', '.join(overrides)}"
        notes += (Diagnostic("CC606", message, severity="note", span=locate_key(raw.node, ["overrides"])),)
    if errors:
        raise ScenarioError(*in_context(errors, raw))
    return replace(
        resolved,
        choices={**resolved.choices, **{choice.path: choice for choice in choices}},
        diagnostics=(*resolved.diagnostics, *notes),
        overrides=overrides,
        method=method,
    )
