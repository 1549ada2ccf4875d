"""What Python callers give, as nodes of a scenario: the values of flags by keyword, and mappings as in YAML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from numbers import Integral, Real
from pathlib import Path
from typing import Any, TypeAlias

from typing_extensions import TypedDict

from computecalc.errors import Diagnostic, Document, Span, UsageError, did_you_mean
from computecalc.scenario.flags import FLAGS, OVERRIDE, RECKONING_FLAGS, SERVING_FLAGS, Flag
from computecalc.yamlio.nodes import MAXIMUM_DEPTH, MappingEntry, MappingNode, Node, ScalarNode, SequenceNode, from_flag

__all__ = [
    "Argument",
    "ScenarioArguments",
    "SearchArguments",
    "argument_node",
    "argument_span",
    "flag_nodes",
    "inferred_kind",
    "plain_node",
    "without_absent",
]

Argument: TypeAlias = str | float
"""A quantity as text with its unit, or a number where the key is a count or a ratio."""


class _Arguments(TypedDict, total=False):
    """The flags of `train` and `infer` that are one value everywhere, by the names of their keywords."""

    task: str | None
    tokens: Argument | None
    compute: Argument | None
    law: str | None
    sequence_length: Argument | None
    global_batch: Argument | None
    wall_time: Argument | None
    tensor: Argument | None
    pipeline: Argument | None
    expert: Argument | None
    sharding: Argument | None
    recompute: Argument | None
    mfu: Argument | None
    convention: Argument | None
    goodput: Argument | None
    checkpoint_interval: Argument | None
    power: Argument | None
    host_overhead: Argument | None
    region: str | None
    pue: Argument | None
    grid_intensity: Argument | None
    factor_kind: Argument | None
    profile: str | None
    carbon_free_share: Argument | None
    wue: Argument | None
    embodied_method: Argument | None
    price: Argument | None
    base_compute: Argument | None
    budget: Argument | None
    input: Argument | None
    output: Argument | None
    rate: Argument | None
    concurrency: Argument | None
    volume: Argument | None
    users: Argument | None
    requests_per_user: Argument | None
    peak_to_mean: Argument | None
    cache_hit: Argument | None
    per_replica: Argument | None
    data: Argument | None
    kv_precision: str | None
    batch: Argument | None
    engine: str | None
    draft_tokens: Argument | None
    acceptance: Argument | None
    acceptance_decay: Argument | None
    draft: str | None
    draft_time: Argument | None
    prefill_tensor: Argument | None
    prefill_data: Argument | None
    prefill_expert: Argument | None
    prefill_ratio: Argument | None
    calibrate: str | None
    utilization: Argument | None
    spare: Argument | None
    ttft: Argument | None
    tpot: Argument | None
    api_price: str | None
    api_input: Argument | None
    api_output: Argument | None
    uncertainty: Argument | None
    samples: Argument | None
    seed: Argument | None
    distribution: Argument | None


class ScenarioArguments(_Arguments, total=False):
    """The flags of `train` and `infer`: ``wall_time="60 d"`` is ``--wall-time "60 d"``. None is not given."""

    accelerator: str | None
    count: Argument | None
    precision: str | None


class SearchArguments(_Arguments, total=False):
    """The same for a search, where some may be lists."""

    accelerator: str | Sequence[str] | None
    count: Argument | Sequence[int] | None
    precision: str | Sequence[str] | None


_TRAINING = {flag.parameter: flag for flag in FLAGS}
_SERVING = {flag.parameter: flag for flag in SERVING_FLAGS}
_RECKONING = {flag.parameter: flag for flag in RECKONING_FLAGS if flag is not OVERRIDE}
_KINDS = {"train": _TRAINING | _RECKONING, "infer": _SERVING | _RECKONING}


def without_absent(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keywords that have a value.

    Raises
    ------
    TypeError
        For a keyword that there is none of, as Python does.
    """
    known = {**_TRAINING, **_SERVING, **_RECKONING}
    for name in given:
        if name not in known:
            near = did_you_mean(name, known)
            hint = f"did you mean {near[0]}?" if near else "see docs/python-api.md for the keywords"
            raise TypeError(f"there is no keyword {name!r}: {hint}")
    return {name: value for name, value in given.items() if value is not None}


def inferred_kind(given: Mapping[str, Any]) -> str:
    """Return the kind of scenario that keywords describe.

    Raises
    ------
    UsageError
        CC781 where they fit both kinds, or contradict each other.
    """
    training = [name for name in given if name in _TRAINING and name not in _SERVING]
    serving = [name for name in given if name in _SERVING and name not in _TRAINING]
    if training and serving:
        message = f"`{training[0]}` is of a run that is trained, `{serving[0]}` of a model that is served"
        raise UsageError(Diagnostic("CC781", message, hint="leave one of them out"))
    if not training and not serving:
        message = "nothing given tells whether the model is trained or served"
        raise UsageError(Diagnostic("CC781", message, hint="kind='train' or kind='infer' says it"))
    return "train" if training else "infer"


def flag_nodes(kind: str, given: Mapping[str, Any]) -> Iterator[tuple[Flag, Node]]:
    """Return the keywords of a kind as flags with their nodes.

    Raises
    ------
    UsageError
        CC101 for an empty text, CC780 for what is no value, CC781 for a keyword of the other kind.
    """
    own = _KINDS[kind]
    for name, value in given.items():
        if name not in own:
            other = "infer" if kind == "train" else "train"
            hint = f"kind={other!r} has it, and kind={kind!r} is what is asked"
            raise UsageError(Diagnostic("CC781", f"`{name}` is no keyword of kind {kind}", hint=hint))
        if isinstance(value, str) and not value.strip():
            hint = "leave it out, or give it a value"
            raise UsageError(Diagnostic("CC101", f"`{name}` is empty", hint=hint))
        yield own[name], argument_node(name, value, resolve=not own[name].is_text)


def argument_span(name: str, text: str) -> Span:
    """Return the place of an argument: it is called as the caller calls it."""
    return Span(Document(name, text, kind="flag"), 1, 1, max(len(text), 1) + 1)


def argument_node(name: str, value: object, *, resolve: bool = False) -> Node:
    """Return a value of Python as a node, its parts called by their paths.

    Parameters
    ----------
    name : str
        What the argument is called.
    value : object
        A text, number, boolean or None, or a mapping or sequence of them.
    resolve : bool
        Whether a text may be a number, as that of a flag may; else it is one that stands in quotes.

    Raises
    ------
    UsageError
        CC780 for anything else.
    """
    return _node(name, value, resolve=resolve, depth=0)


def _node(name: str, value: object, *, resolve: bool, depth: int) -> Node:
    if depth > MAXIMUM_DEPTH:
        raise UsageError(Diagnostic("CC780", f"{name} is nested more than {MAXIMUM_DEPTH} levels deep"))
    if value is None or isinstance(value, bool):
        text = "null" if value is None else str(value).lower()
        return ScalarNode(value, text, argument_span(name, text))
    if isinstance(value, str | Path):
        return from_flag(name, str(value), resolve=resolve and isinstance(value, str))
    if isinstance(value, Integral | Real):
        number = int(value) if isinstance(value, Integral) else float(value)
        return from_flag(name, _digits(name, number))
    if isinstance(value, Mapping):
        span = argument_span(name, "")
        below = {key: _entry(name, key, item, resolve=resolve, depth=depth) for key, item in value.items()}
        return MappingNode(below, span)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        items = (_node(f"{name}[{i}]", item, resolve=resolve, depth=depth + 1) for i, item in enumerate(value))
        return SequenceNode(tuple(items), argument_span(name, ""))
    message = f"{name} cannot be a {type(value).__name__}"
    raise UsageError(Diagnostic("CC780", message, hint="a text with a unit, a number, a list or a mapping"))


def _digits(name: str, number: float) -> str:
    """Return a number as a scenario file states it.

    Raises
    ------
    UsageError
        CC780 for one that is not finite, or has too many digits to be printed.
    """
    try:
        text = repr(number)
        is_finite = number - number == 0
    except (OverflowError, ValueError):  # Python refuses to print integers of thousands of digits
        text, is_finite = "a number of thousands of digits", False
    if not is_finite:
        raise UsageError(Diagnostic("CC780", f"{name} cannot be {text}", hint="a finite number"))
    return text


def _entry(name: str, key: object, value: object, *, resolve: bool, depth: int) -> MappingEntry:
    if not isinstance(key, str):
        message = f"keys are texts, and {name or 'the scenario'} has the key {key!r}"
        raise UsageError(Diagnostic("CC780", message, hint="quote it"))
    path = f"{name}.{key}" if name else key
    return MappingEntry(argument_span(path, key), _node(path, value, resolve=resolve, depth=depth + 1))


def plain_node(name: str, given: Mapping[str, Any]) -> MappingNode:
    """Return a mapping as in YAML as a tree; its parts are called by their paths below `name`."""
    found = argument_node(name, given)
    if not isinstance(found, MappingNode):
        raise TypeError(f"a {type(given).__name__} is no mapping")
    return found
