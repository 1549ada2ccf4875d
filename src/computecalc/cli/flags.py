"""The flags that build a scenario, as options of commands."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from computecalc.cli.completing import flag_completer
from computecalc.scenario.flags import FLAGS, SERVING_FLAGS, Flag, scenario_from

if TYPE_CHECKING:
    from computecalc.scenario.files import RawScenario

__all__ = ["FLAGS", "SERVING_FLAGS", "Flag", "scenario_from_flags", "with_scenario_flags"]


def with_scenario_flags(
    flags: Iterable[Flag],
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return a decorator that gives a command flags; it takes them as its `**flags`."""
    # A flag of two kinds is one option, helped by its first meaning.
    named = {flag.name: flag for flag in reversed(tuple(flags))}
    return partial(_with_flags, tuple(reversed(named.values())))


def _with_flags(flags: tuple[Flag, ...], command: Callable[..., None]) -> Callable[..., None]:
    # Evaluated here: typer evaluates the annotations of a function, but not those of a ready signature.
    signature = inspect.signature(command, eval_str=True)
    own = [p for p in signature.parameters.values() if p.kind is not p.VAR_KEYWORD]
    added = [
        inspect.Parameter(
            flag.parameter,
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[
                list[str] | None if flag.is_repeated else str | None,
                typer.Option(flag.name, help=flag.help, show_default=False, autocompletion=flag_completer(flag)),
            ],
        )
        for flag in flags
    ]
    command.__signature__ = signature.replace(parameters=[*own, *added])  # type: ignore[attr-defined]
    command.__annotations__ |= {parameter.name: parameter.annotation for parameter in added}
    return command


def scenario_from_flags(
    model: str, flags: Mapping[str, Any], settings: Mapping[str, str], *, kind: str = "train"
) -> RawScenario:
    """Build the scenario that flags describe; from here on it is like one from a file.

    Parameters
    ----------
    model : str
        The MODEL argument.
    flags : mapping
        Values of the flags of the kind by parameter name, None where not given.
    settings : mapping
        Values of ``--set`` by path.
    kind : str
        ``train`` or ``infer``.

    Raises
    ------
    UsageError
        CC101 for an empty flag, one of the other kind, or a scaling law beside a model.
    """
    from computecalc.errors import Diagnostic, UsageError
    from computecalc.scenario.question import COMPUTE_OPTIMAL
    from computecalc.yamlio.nodes import Node, from_flag

    values: dict[str, Node] = {"model": from_flag("MODEL", model, resolve=False)}
    for flag, text in _given(kind, flags):
        values[flag.path] = from_flag(flag.name, text, resolve=not flag.is_text)
    if "model.compute_optimal" in values:
        if model != COMPUTE_OPTIMAL:
            hint = f"`{COMPUTE_OPTIMAL}` as MODEL, or leave --law out"
            raise UsageError(Diagnostic("CC101", f"--law finds a model, but MODEL is {model}", hint=hint))
        del values["model"]
    values |= {path: from_flag(f"--set {path}", text) for path, text in settings.items()}
    return scenario_from(model, from_flag(kind, kind, resolve=False), values)


def _given(kind: str, flags: Mapping[str, Any]) -> Iterator[tuple[Flag, str]]:
    """Return the flags of a kind that have a value.

    Raises
    ------
    UsageError
        CC101 for an empty flag, or one of the other kind.
    """
    from computecalc.errors import Diagnostic, UsageError

    own = {flag.parameter: flag for flag in (SERVING_FLAGS if kind == "infer" else FLAGS)}
    for name, text in flags.items():
        if text is None:
            continue
        flag = "--" + name.replace("_", "-")
        if not text.strip():
            # An unset variable of a shell script must not turn into "not stated".
            hint = "leave the flag out, or give it a value"
            raise UsageError(Diagnostic("CC101", f"{flag} is empty", hint=hint))
        if name not in own:
            hint = f"`computecalc {kind} --help` lists those of {kind}"
            if kind == "train" and name in {flag.parameter for flag in SERVING_FLAGS}:
                hint = "--served says that the model is served"
            raise UsageError(Diagnostic("CC101", f"{flag} is no flag of {kind}", hint=hint))
        yield own[name], text
