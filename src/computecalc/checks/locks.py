"""Lock files: what scenarios come to, from which inputs, catalog entries and formulas, without a time stamp.

A lock is JSON, sorted, one input, choice or metric a line, so that a pull request shows what moved. Outputs are written
to `DIGITS` significant figures and compared within `TOLERANCE`, because the last digits of a float differ between
platforms and versions of NumPy. Inputs are written in full: estimates are recomputed from them.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from computecalc.catalog.attributes import KIND_NAMES
from computecalc.catalog.describing import described
from computecalc.catalog.digests import entry_digest
from computecalc.catalog.lookup import Catalog
from computecalc.checks.statements import statement
from computecalc.errors import Diagnostic, UsageError
from computecalc.estimators.inputs import Choice, Resolved, ResolvedInput
from computecalc.estimators.method import Method, MethodName
from computecalc.estimators.results import Estimate, MetricValue
from computecalc.estimators.shapes import shape_numbers
from computecalc.records import record

__all__ = [
    "DIGITS",
    "LOCK_NAME",
    "TOLERANCE",
    "LockJson",
    "LockedChoice",
    "LockedInput",
    "LockedMethod",
    "LockedOutput",
    "LockedScenario",
    "Named",
    "ScenarioKind",
    "file_in_lock",
    "is_same_number",
    "lock_beside",
    "lock_place",
    "lock_text",
    "locked",
    "used_entries",
]

LOCK_NAME = "computecalc.lock.json"
DIGITS = 12
"""Significant figures of outputs."""
TOLERANCE = 1e-9
"""Relative difference up to which two numbers are the same: platforms differ by some 1e-15, and counts never."""


ScenarioKind = Literal["train", "infer", "campus", "silicon"]


class LockedInput(TypedDict):
    """A number that the estimate started from, in its base unit; low and high where it is a range."""

    low: NotRequired[float]
    value: float
    high: NotRequired[float]
    unit: str
    axis: NotRequired[str]
    origin: str
    entry: NotRequired[str]


class LockedChoice(TypedDict):
    """A named option that the estimate started from."""

    value: str
    origin: str
    entry: NotRequired[str]


class LockedOutput(TypedDict):
    """A metric in its canonical unit; null where it is unknown, low and high where it is a range."""

    low: NotRequired[float]
    value: float | None
    high: NotRequired[float]
    unit: str


class LockedMethod(TypedDict):
    """How ranges were found, where not by corners alone."""

    method: MethodName
    samples: NotRequired[int]
    seed: NotRequired[int]
    distribution: NotRequired[str]


class LockedScenario(TypedDict):
    """One scenario: what was stated, what that was resolved to, and what came out."""

    kind: ScenarioKind
    file: str
    stated: dict[str, Any]
    architecture: NotRequired[dict[str, Any]]
    draft: NotRequired[dict[str, Any]]
    files: NotRequired[dict[str, str]]
    uncertainty: NotRequired[LockedMethod]
    choices: dict[str, LockedChoice]
    inputs: dict[str, LockedInput]
    unknown: list[str]
    outputs: dict[str, LockedOutput]


class LockJson(TypedDict):
    """A lock file."""

    schema_version: Literal[1]
    tool: Literal["computecalc"]
    scenarios: dict[str, LockedScenario]
    catalog: dict[str, str]
    formulas: dict[str, int]


@record
class Named:
    """An estimate, and the file of its scenario as the lock calls it."""

    file: str
    estimate: Estimate


def locked(estimates: Iterable[Named], catalog: Catalog) -> LockJson:
    """Return the lock of estimates.

    Raises
    ------
    UsageError
        CC711 when two scenarios have one name.
    """
    scenarios: dict[str, LockedScenario] = {}
    entries: dict[str, str] = {}
    formulas: dict[str, int] = {}
    for each in estimates:
        estimate, resolved = each.estimate, _resolved(each.estimate)
        if estimate.name in scenarios:
            files = f"{scenarios[estimate.name]['file']} and {each.file}"
            message = f"two scenarios are called {estimate.name!r}, in {files}"
            hint = "rename one: a lock keeps scenarios by their names"
            raise UsageError(Diagnostic("CC711", message, span=estimate.source, hint=hint))
        scenarios[estimate.name] = _scenario(each.file, estimate, resolved)
        formulas |= estimate.formulas
        for kind, name in used_entries(resolved):
            if f"{kind}/{name}" not in entries:
                entries[f"{kind}/{name}"] = _digest(kind, name, catalog)
    return {
        "schema_version": 1,
        "tool": "computecalc",
        "scenarios": scenarios,
        "catalog": entries,
        "formulas": formulas,
    }


def _resolved(estimate: Estimate) -> Resolved:
    if estimate.resolved is None:
        raise ValueError(f"{estimate.name} does not say what it was estimated from")
    return estimate.resolved


def _scenario(file: str, estimate: Estimate, resolved: Resolved) -> LockedScenario:
    shapes = {} if resolved.architecture is None else shape_numbers(resolved.architecture)
    found: LockedScenario = {
        "kind": resolved.kind,
        "file": file,
        "stated": statement(resolved),
        "choices": {path: _choice(choice) for path, choice in resolved.choices.items()},
        # The numbers of the layers stand in the architecture.
        "inputs": {path: _input(given) for path, given in estimate.inputs.items() if path not in shapes},
        "unknown": sorted(resolved.unknown),
        "outputs": {name: _output(value) for name, value in estimate.outputs.items()},
    }
    if resolved.architecture is not None:
        found["architecture"] = described(resolved.architecture)
    if resolved.draft is not None:
        found["draft"] = described(resolved.draft)
    if resolved.method.name != "corners":
        found["uncertainty"] = _method(resolved.method)
    if resolved.files:
        found["files"] = dict(resolved.files)
    return found


def _method(method: Method) -> LockedMethod:
    if method.name != "mc":
        return {"method": method.name}
    return {
        "method": method.name,
        "samples": method.samples,
        "seed": method.seed,
        "distribution": method.distribution,
    }


def _choice(choice: Choice) -> LockedChoice:
    found: LockedChoice = {"value": choice.value, "origin": choice.origin.kind}
    if choice.origin.entry:
        found["entry"] = choice.origin.entry
    return found


def _input(given: ResolvedInput) -> LockedInput:
    found: LockedInput = {
        "value": _number(given.range.mid),
        "unit": _unit(given.unit),
        "origin": given.origin.kind,
    }
    if not given.range.is_exact:
        found |= {"low": _number(given.range.low), "high": _number(given.range.high)}
    if given.axis:
        found["axis"] = given.axis
    if given.origin.entry:
        found["entry"] = given.origin.entry
    return found


def _output(value: MetricValue) -> LockedOutput:
    if value.low is None or value.mid is None or value.high is None:
        return {"value": None, "unit": _unit(value.unit)}
    low, mid, high = (_rounded(each) for each in (value.low, value.mid, value.high))
    if low == mid == high:
        return {"value": mid, "unit": _unit(value.unit)}
    return {"low": low, "value": mid, "high": high, "unit": _unit(value.unit)}


def _rounded(value: float) -> float:
    return _number(float(f"{value:.{DIGITS}g}"))


def _number(value: float) -> float:
    """Return whole numbers as integers, so that JSON says 16384 and not 16384.0."""
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _unit(unit: str) -> str:
    return "" if unit == "1" else unit


def used_entries(resolved: Resolved) -> list[tuple[str, str]]:
    """Return kind and id of the catalog's entries that a scenario took figures from."""
    origins = [given.origin for given in resolved.inputs.values()] + [c.origin for c in resolved.choices.values()]
    found: dict[tuple[str, str], None] = {}
    for entry in dict.fromkeys(origin.entry for origin in origins if origin.entry):
        for part in entry.split(", "):
            kind, _, rest = part.partition("/")
            found[kind, rest.partition(" ")[0]] = None
    return list(found)


def _digest(kind: str, name: str, catalog: Catalog) -> str:
    known = next(each for each in KIND_NAMES if each == kind)
    return entry_digest(catalog.find(known, name))


def is_same_number(one: float | None, other: float | None) -> bool:
    """Tell whether two numbers differ by no more than platforms do."""
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=0.0)


_BLOCKS = ("stated", "architecture", "draft", "files", "uncertainty", "choices", "inputs", "outputs")


def lock_text(lock: LockJson) -> str:
    """Return a lock as text: sorted, one input, choice or metric a line; the same lock is the same text."""
    scenarios = ",\n".join(
        f"  {_json(name)}: {_scenario_text(each)}" for name, each in sorted(lock["scenarios"].items())
    )
    return (
        "{\n"
        f' "schema_version": {lock["schema_version"]},\n'
        f' "tool": {_json(lock["tool"])},\n'
        f' "scenarios": {{\n{scenarios}\n }},\n'
        f' "catalog": {_lines(lock["catalog"], 2)},\n'
        f' "formulas": {_lines(lock["formulas"], 2)}\n'
        "}\n"
    )


def _scenario_text(scenario: LockedScenario) -> str:
    parts = [f"   {_json(key)}: {_json(scenario[key])}" for key in ("kind", "file")]
    blocks: Mapping[str, Any] = scenario
    parts += [f"   {_json(key)}: {_lines(blocks[key], 4)}" for key in _BLOCKS if key in blocks]
    parts.insert(-1, f'   "unknown": {_json(scenario["unknown"])}')
    return "{\n" + ",\n".join(parts) + "\n  }"


def _lines(values: Mapping[str, object], indent: int) -> str:
    if not values:
        return "{}"
    margin = " " * indent
    lines = ",\n".join(f"{margin}{_json(key)}: {_json(value)}" for key, value in sorted(values.items()))
    return f"{{\n{lines}\n{margin[1:]}}}"


def _json(value: object) -> str:
    return json.dumps(_sorted(value), ensure_ascii=False, allow_nan=False)


_ORDER = {key: place for place, key in enumerate(("low", "value", "high", "unit", "axis", "origin", "entry"))}


def _sorted(value: object) -> object:
    """Sort keys: those of numbers from low to origin, as they are read, all others by name."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value, key=lambda key: (_ORDER.get(key, len(_ORDER)), key))}
    if isinstance(value, list | tuple):
        return [_sorted(each) for each in value]
    return value


def lock_place(files: Iterable[str], stated: Path | None) -> Path:
    """Return where the lock of files is: as stated, else beside them, in the deepest folder that holds them all.

    Raises
    ------
    UsageError
        CC710 for standard input, which lies nowhere.
    """
    if stated is not None:
        return stated
    known = list(files)
    if "-" in known:
        hint = "name it: --lock PATH"
        raise UsageError(Diagnostic("CC710", "there is no place beside standard input for a lock file", hint=hint))
    folders = [os.path.dirname(os.path.abspath(file)) for file in known]
    try:
        return Path(os.path.relpath(os.path.commonpath(folders))) / LOCK_NAME
    except ValueError as error:  # drives that share no folder
        message = "the files share no folder in which a lock file could lie"
        raise UsageError(Diagnostic("CC710", message, hint="name it: --lock PATH")) from error


def lock_beside(files: Sequence[str]) -> Path | None:
    """Return the lock file of files, if there is one."""
    if not files or "-" in files:
        return None
    place = lock_place(files, None)
    return place if place.is_file() else None


def file_in_lock(file: str, place: Path) -> str:
    """Return what a lock calls a file: its path from the folder of the lock, with forward slashes."""
    if file == "-":
        return file
    return Path(os.path.relpath(os.path.abspath(file), os.path.abspath(place.parent))).as_posix()
