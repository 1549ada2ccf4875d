"""Saved results and lock files read back: what came out, and all that is needed to compute it again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, NotRequired, cast, get_args

from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict

from computecalc.catalog.architecture import Architecture
from computecalc.checks.locks import LockedInput, LockedMethod, LockedScenario, LockJson, ScenarioKind
from computecalc.errors import ComputecalcError, Diagnostic, Document, ScenarioError, Span, UsageError
from computecalc.estimators.input_units import INPUTS, InputUnit, input_unit
from computecalc.estimators.inputs import Choice, Origin, Resolved, ResolvedInput
from computecalc.estimators.method import Method
from computecalc.estimators.shapes import shape_numbers
from computecalc.records import record
from computecalc.units.ranges import Range
from computecalc.yamlio.nodes import from_plain
from computecalc.yamlio.validation import validate

__all__ = ["Ends", "Saved", "SavedScenario", "read_saved", "saved_from_bytes"]

_LAYERS: tuple[Literal["architecture", "draft"], ...] = ("architecture", "draft")
_OTHERS: tuple[Literal["files", "uncertainty"], ...] = ("files", "uncertainty")
_OVERRIDES = "overrides."
"""Start of the path of a number that stands in the place of a metric."""
_MOST_BYTES = 500_000_000
_MOST_SAMPLES = 1_000_000
_VERSION = 1
_REMEDY = "write one with `computecalc lock ...` or `computecalc run ... -o json=PATH`"


@record
class Ends:
    """A metric as it was saved: low, middle and high in its canonical unit; None where it was unknown."""

    low: float | None
    mid: float | None
    high: float | None


@record
class SavedScenario:
    """One scenario of a saved result or lock."""

    name: str
    file: str
    """The file of the scenario as it was saved; empty where none is known."""
    outputs: Mapping[str, Ends]
    held: LockedScenario | None
    """What it was estimated from; None where the estimate failed or the file does not say."""
    missing: str = ""
    """Why `held` is None."""

    @property
    def files(self) -> dict[str, str]:
        """Text of the tables that are named there."""
        return {} if self.held is None else self.held.get("files", {})

    @property
    def stated(self) -> dict[str, Any] | None:
        """What the user wrote."""
        return None if self.held is None else self.held["stated"]

    def resolved(self) -> Resolved:
        """Return the inputs that it was estimated from.

        Raises
        ------
        UsageError
            CC717 when they are not all there, or this version knows no such input.
        """
        if self.held is None:
            raise UsageError(_cannot(self.name, self.missing))
        return _resolved(self.name, self.held)


@record
class Saved:
    """A saved result or a lock file."""

    name: str
    """What the user calls it."""
    is_lock: bool
    scenarios: tuple[SavedScenario, ...]
    formulas: Mapping[str, int] | None
    """Formulas that were used, with their versions; None where the file does not say."""
    catalog: Mapping[str, str]
    """Digests of the entries that were used, by kind and id; empty where the file does not say."""
    lock: LockJson | None = None
    """The whole lock, if it is one."""


class _Source(TypedDict):
    kind: NotRequired[str]
    file: NotRequired[str]
    entry: NotRequired[str]


class _Input(TypedDict):
    low: NotRequired[float]
    value: float | str
    high: NotRequired[float]
    unit: str
    axis: NotRequired[str]
    source: _Source


class _Output(TypedDict):
    low: float | None
    value: float | None
    high: float | None


class _Scenario(TypedDict):
    name: str
    kind: str
    status: str
    source: NotRequired[_Source]
    inputs: dict[str, _Input]
    outputs: dict[str, _Output]
    stated: NotRequired[dict[str, Any]]
    architecture: NotRequired[dict[str, Any]]
    draft: NotRequired[dict[str, Any]]
    files: NotRequired[dict[str, str]]
    uncertainty: NotRequired[LockedMethod]
    unknown: NotRequired[list[str]]


class _Result(TypedDict):
    scenarios: list[_Scenario]
    formulas: NotRequired[dict[str, int]]


def read_saved(path: Path) -> Saved:
    """Read a saved result (`-o json=PATH`) or a lock file.

    Raises
    ------
    UsageError
        CC103 when the file cannot be read, CC712 when it is neither or of another version.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UsageError(Diagnostic("CC712", f"{path} is too large for a saved result"))
        content = path.read_bytes()
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror or error}"
        raise UsageError(Diagnostic("CC103", message, hint=_REMEDY)) from error
    return saved_from_bytes(content, str(path))


def saved_from_bytes(content: bytes, name: str) -> Saved:
    """Read the content of a saved result or lock file.

    Raises
    ------
    UsageError
        CC712 when it is neither or of another version.
    """
    try:
        document = json.loads(content, parse_constant=_not_finite)
    except (ValueError, RecursionError) as error:
        raise _unusable(name, "it is not JSON") from error
    if not isinstance(document, dict) or "scenarios" not in document:
        raise _unusable(name, "it has no scenarios")
    version = document.get("schema_version")
    if version != _VERSION:
        raise _unusable(name, f"its schema_version is {version!r}, and this program reads {_VERSION}")
    try:
        if isinstance(document["scenarios"], dict):
            return _lock(name, TypeAdapter(LockJson).validate_python(document, strict=True))
        return _result(name, TypeAdapter(_Result).validate_python(document, strict=True))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise _unusable(name, f"{place}: {first['msg'].lower()}") from error


def _not_finite(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _unusable(name: str, why: str) -> UsageError:
    message = f"{name} is no saved result or lock file that can be read: {why}"
    return UsageError(Diagnostic("CC712", message, hint=_REMEDY))


def _cannot(scenario: str, why: str) -> Diagnostic:
    hint = "save it again with this version"
    return Diagnostic("CC717", f"{scenario} cannot be computed again: {why}", hint=hint)


def _lock(name: str, lock: LockJson) -> Saved:
    scenarios = tuple(
        SavedScenario(
            scenario,
            held["file"],
            {
                metric: Ends(output.get("low", output["value"]), output["value"], output.get("high", output["value"]))
                for metric, output in held["outputs"].items()
            },
            held,
        )
        for scenario, held in lock["scenarios"].items()
    )
    return Saved(name, True, scenarios, lock["formulas"], lock["catalog"], lock)


def _result(name: str, result: _Result) -> Saved:
    scenarios = tuple(_from_result(each) for each in result["scenarios"])
    return Saved(name, False, scenarios, result.get("formulas"), {})


def _from_result(scenario: _Scenario) -> SavedScenario:
    outputs = {metric: Ends(o["low"], o["value"], o["high"]) for metric, o in scenario["outputs"].items()}
    file = scenario.get("source", {}).get("file", "")
    missing = ""
    if scenario["status"] != "ok":
        missing = "it could not be estimated when it was saved"
    elif "stated" not in scenario or "unknown" not in scenario:
        missing = "the file does not say what was stated, as this version does"
    elif scenario["kind"] not in get_args(ScenarioKind):
        missing = f"it is of kind {scenario['kind']!r}"
    if missing:
        return SavedScenario(scenario["name"], file, outputs, None, missing)
    inputs: dict[str, LockedInput] = {}
    choices = {}
    for path, given in scenario["inputs"].items():
        source, value = given["source"], given["value"]
        origin = {"origin": source.get("kind", "default"), "entry": source.get("entry", "")}
        if isinstance(value, str):
            choices[path] = {"value": value, **origin}
            continue
        ends = {"low": given.get("low", value), "value": value, "high": given.get("high", value)}
        inputs[path] = cast("LockedInput", {**ends, "unit": given["unit"], "axis": given.get("axis", ""), **origin})
    held = {
        "kind": scenario["kind"],
        "file": file,
        "stated": scenario["stated"],
        "choices": choices,
        "inputs": inputs,
        "unknown": scenario["unknown"],
        "outputs": {},
    }
    held |= {key: scenario[key] for key in (*_LAYERS, *_OTHERS) if key in scenario}
    return SavedScenario(scenario["name"], file, outputs, cast("LockedScenario", held))


def _resolved(name: str, held: LockedScenario) -> Resolved:
    architecture, draft = (_architecture(name, key, held.get(key)) for key in _LAYERS)
    units = _units()
    inputs = {path: _input(name, path, given, units.get(path)) for path, given in held["inputs"].items()}
    for path, value in ({} if architecture is None else shape_numbers(architecture)).items():
        if path not in inputs:
            unit, origin = input_unit(path), Origin("catalog", "architecture")
            inputs[path] = ResolvedInput(path, Range.exact(value), unit.unit, origin, formula_unit=unit.formula_unit)
    return Resolved(
        name=name,
        kind=held["kind"],
        architecture=architecture,
        model_origin=Origin("default", "as it was saved"),
        inputs={path: given for path, given in inputs.items() if not path.startswith(_OVERRIDES)},
        overrides={
            path.removeprefix(_OVERRIDES): given for path, given in inputs.items() if path.startswith(_OVERRIDES)
        },
        method=_method(name, held.get("uncertainty")),
        choices={path: Choice(path, each["value"], _origin(each)) for path, each in held["choices"].items()},
        unknown=dict.fromkeys(held["unknown"], "it was not known when this was saved"),
        draft=draft,
    )


def _method(name: str, held: LockedMethod | None) -> Method:
    if held is None:
        return Method()
    if not 0 <= held.get("samples", 0) <= _MOST_SAMPLES or held.get("seed", 0) < 0:
        raise UsageError(_cannot(name, f"of samples there are at most {_MOST_SAMPLES:,}, with a seed from 0 on"))
    return Method(held["method"], held.get("samples", 0), held.get("seed", 0), held.get("distribution", ""))


@cache
def _units() -> Mapping[str, InputUnit]:
    """Units of the inputs that have a name of their own; those of groups of staff, say, are named by users."""
    from computecalc.estimators.campus import CAMPUS_INPUTS
    from computecalc.estimators.inference.inputs import SERVING_INPUTS
    from computecalc.estimators.money_inputs import MONEY_INPUTS
    from computecalc.estimators.own_chip import CHIP_INPUTS

    return INPUTS | MONEY_INPUTS | SERVING_INPUTS | CAMPUS_INPUTS | CHIP_INPUTS


def _input(name: str, path: str, given: LockedInput, known: InputUnit | None) -> ResolvedInput:
    unit = known or InputUnit(given["unit"] or "1")
    if given["unit"] != ("" if unit.unit == "1" else unit.unit):
        raise UsageError(_cannot(name, f"{path} is in {given['unit'] or 'no unit'}, not in {unit.unit}"))
    low, mid, high = given.get("low", given["value"]), given["value"], given.get("high", given["value"])
    if not low <= mid <= high:
        raise UsageError(_cannot(name, f"{path} runs from {low} over {mid} to {high}"))
    values = Range(float(low), float(mid), float(high))
    axis = given.get("axis", "")
    return ResolvedInput(path, values, unit.unit, _origin(given), formula_unit=unit.formula_unit, axis=axis)


def _origin(given: Mapping[str, Any]) -> Origin:
    entry = given.get("entry", "")
    return Origin(given["origin"], entry, entry=entry)


def _architecture(name: str, key: str, held: dict[str, Any] | None) -> Architecture | None:
    if held is None:
        return None
    node = from_plain(held, Span(Document(f"{key} of {name}", ""), 1, 1, 2))
    try:
        return validate(Architecture, node)
    except ScenarioError as error:
        raise UsageError(_cannot(name, f"its {key}: {_first(error)}")) from error


def _first(error: ComputecalcError) -> str:
    return error.diagnostics[0].message
