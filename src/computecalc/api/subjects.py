"""From what a caller gives (a model with keywords, a mapping, a file) to scenarios, as commands have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from computecalc.api.arguments import (
    argument_node,
    argument_span,
    flag_nodes,
    inferred_kind,
    plain_node,
    without_absent,
)
from computecalc.catalog import locating
from computecalc.catalog.lookup import Catalog
from computecalc.errors import Diagnostic, UsageError, did_you_mean
from computecalc.records import record
from computecalc.scenario.files import RawScenario, laid_over, raw_scenarios
from computecalc.scenario.flags import RECKONING_FLAGS, scenario_from
from computecalc.scenario.loading import LoadedFile, load_files, names_scenarios
from computecalc.scenario.question import COMPUTE_OPTIMAL
from computecalc.yamlio.nodes import MappingEntry, MappingNode, Node, from_flag, mapping_from_paths

__all__ = ["Asked", "Overlays", "Subject", "is_file", "loaded", "one_of", "opened"]

Subject: TypeAlias = str | Path | Mapping[str, Any]
"""A model's catalog id or the path of its configuration, the path of a scenario file, or a mapping as in YAML."""

Overlays: TypeAlias = str | Path | Sequence[str | Path] | None
"""Folders of catalog files that lie over ours."""

_RECKONING = {flag.parameter for flag in RECKONING_FLAGS}
_UNSAVED = "-"
"""What a scenario that lies in no file is called where files are, as standard input is."""


@record
class Asked:
    """What every function of the interface takes beside its subject."""

    kind: str | None
    name: str | None
    settings: Mapping[str, Any]
    overrides: Mapping[str, Any]
    given: Mapping[str, Any]
    """Keywords of flags."""


def opened(overlays: Overlays) -> Catalog:
    """Return the catalog; the shipped one is opened once."""
    if overlays is None or overlays == ():
        folder = locating.shipped_folder()
        found = _SHIPPED.get(folder)
        if found is None:
            found = _SHIPPED[folder] = Catalog.open(folder=folder)
        return found
    folders = [overlays] if isinstance(overlays, str | Path) else list(overlays)
    return Catalog.open([Path(folder) for folder in folders])


_SHIPPED: dict[Path, Catalog] = {}


def is_file(subject: Subject) -> bool:
    """Tell whether a subject is a path of scenarios rather than a model or a mapping.

    Raises
    ------
    UsageError
        CC781 for ``-``, the standard input of commands.
    """
    if isinstance(subject, Mapping):
        return False
    if str(subject) == "-":
        message = "`-` is the standard input of commands, which a call from Python does not read"
        raise UsageError(Diagnostic("CC781", message, hint="give the path of a file, or a mapping"))
    return names_scenarios(str(subject))


def loaded(subject: Subject, asked: Asked) -> list[LoadedFile]:
    """Return the scenarios of a subject, with the documents that they stand in.

    Raises
    ------
    ComputecalcError
        When it is no scenario, or a file cannot be read: with every problem of all files.
    """
    given = without_absent(asked.given)
    over = _over(asked, given)
    if isinstance(subject, Mapping):
        _refuse_flags(given, "a mapping")
        files = [_from_mapping(subject, asked)]
    elif is_file(subject):
        _refuse_flags(given, Path(subject).name)
        files = _from_path(subject, asked)
    else:
        files = [_from_flags(str(subject), asked, given)]
    if over is not None:
        files = [
            LoadedFile(file.name, file.document, [laid_over(raw, over) for raw in file.scenarios]) for file in files
        ]
    return files


def one_of(scenarios: Sequence[RawScenario], name: str | None) -> RawScenario:
    """Return the scenario of a name, or the only one.

    Raises
    ------
    UsageError
        CC781 where it is not one.
    """
    names = [raw.name for raw in scenarios]
    if len(scenarios) == 1 and name in (None, names[0]):
        return scenarios[0]
    found = [raw for raw in scenarios if raw.name == name]
    if len(found) == 1:
        return found[0]
    shown = ", ".join(repr(each) for each in names[:8]) + (", ..." if len(names) > 8 else "")
    if name is None:
        hint = "name= one of them; estimate_all and check take all"
        raise UsageError(Diagnostic("CC781", f"there are {len(names)} scenarios: {shown}", hint=hint))
    if found:
        hint = "give the file that it is in"
        raise UsageError(Diagnostic("CC781", f"{len(found)} scenarios are called {name!r}", hint=hint))
    near = did_you_mean(name, names)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {shown}"
    raise UsageError(Diagnostic("CC781", f"there is no scenario {name!r}", hint=hint))


def _refuse_flags(given: Mapping[str, Any], what: str) -> None:
    stated = [name for name in given if name not in _RECKONING]
    if stated:
        message = f"`{stated[0]}` goes with a model, not with {what}"
        raise UsageError(Diagnostic("CC781", message, hint="settings={'PATH': VALUE} changes what it states"))


def _settings(settings: Mapping[str, Any]) -> dict[str, Node]:
    return {path: argument_node(f"settings {path}", value, resolve=True) for path, value in settings.items()}


def _from_flags(model: str, asked: Asked, given: Mapping[str, Any]) -> LoadedFile:
    stated = {name: value for name, value in given.items() if name not in _RECKONING}
    kind = asked.kind if asked.kind is not None else inferred_kind(stated)
    if kind not in ("train", "infer"):
        hint = "other kinds are stated as a mapping or a file"
        raise UsageError(Diagnostic("CC781", f"kind is 'train' or 'infer' of a model, not {kind!r}", hint=hint))
    values: dict[str, Node] = {"model": from_flag("model", model, resolve=False)}
    values |= {flag.path: node for flag, node in flag_nodes(kind, stated)}
    if "model.compute_optimal" in values:
        if model != COMPUTE_OPTIMAL:
            hint = f"{COMPUTE_OPTIMAL!r} as the model, or leave `law` out"
            raise UsageError(Diagnostic("CC101", f"`law` finds a model, but the model is {model}", hint=hint))
        del values["model"]
    values |= _settings(asked.settings)
    raw = scenario_from(asked.name or model, from_flag("kind", kind, resolve=False), values)
    return LoadedFile(_UNSAVED, MappingNode({}, raw.span), [raw])


def _from_mapping(given: Mapping[str, Any], asked: Asked) -> LoadedFile:
    """Read a mapping: a whole file if it has `scenarios`, else one scenario, which may have a matrix."""
    if asked.kind is not None:
        raise UsageError(Diagnostic("CC781", "kind= goes with a model", hint="a mapping states `kind` by itself"))
    document = plain_node("", given)
    if "scenarios" not in document.entries:
        name = asked.name or _called(given)
        span = argument_span("scenario", name)
        below = MappingNode({name: MappingEntry(span, document)}, span)
        version = MappingEntry(span, from_flag("version", "1"))
        document = MappingNode({"version": version, "scenarios": MappingEntry(span, below)}, span)
    return LoadedFile(_UNSAVED, document, raw_scenarios(document, _settings(asked.settings)))


def _called(given: Mapping[str, Any]) -> str:
    model = given.get("model")
    return model if isinstance(model, str) and model else "scenario"


def _from_path(path: str | Path, asked: Asked) -> list[LoadedFile]:
    if asked.kind is not None:
        raise UsageError(Diagnostic("CC781", "kind= goes with a model", hint="each scenario of a file states its kind"))
    files, failed = load_files([str(path)], {}, over=_settings(asked.settings))
    if failed:
        from computecalc.errors import ComputecalcError

        if len(failed) == 1:
            raise failed[0][1]
        raise ComputecalcError(*(diagnostic for _, error in failed for diagnostic in error.diagnostics))
    return files


def _over(asked: Asked, given: Mapping[str, Any]) -> MappingNode | None:
    """Return what lies over scenarios wherever they are from: how ranges are found, and overrides."""
    flags = {name: value for name, value in given.items() if name in _RECKONING}
    values = {flag.path: node for flag, node in flag_nodes("train", flags)}
    entries = dict(mapping_from_paths(values).entries) if values else {}
    if asked.overrides:
        # Metric ids stay whole, dots and all.
        node = argument_node("overrides", asked.overrides, resolve=True)
        entries["overrides"] = MappingEntry(node.span, node)
    if not entries:
        return None
    return MappingNode(entries, next(iter(entries.values())).key_span)
