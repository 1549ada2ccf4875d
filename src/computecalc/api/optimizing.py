"""`optimize`: the best layouts, accelerators and counts of a run, or configurations of a service, under limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from typing_extensions import Unpack

from computecalc.api.arguments import SearchArguments, inferred_kind, without_absent
from computecalc.api.found import Options
from computecalc.api.searching import (
    Request,
    check_measure,
    is_served,
    limits_from,
    precisions_from,
    scope_from,
    search_one,
)
from computecalc.api.subjects import Asked, Overlays, Subject, is_file, loaded, one_of, opened
from computecalc.api.telling import told
from computecalc.errors import Diagnostic, UsageError
from computecalc.scenario.files import RawScenario

__all__ = ["optimize"]

_LISTS = ("accelerator", "count", "precision")
"""Keywords that may be lists, and go with a file as well."""

_MOST = 1000
"""Runs or configurations at most."""


def optimize(
    subject: Subject,
    /,
    *,
    kind: str | None = None,
    name: str | None = None,
    by: str | None = None,
    limits: str | Sequence[str] = (),
    top: int = 5,
    pareto: bool = False,
    quick: bool = False,
    settings: Mapping[str, Any] | None = None,
    catalog: Overlays = None,
    **flags: Unpack[SearchArguments],
) -> Options:
    """Search for the best run or service.

    Parameters
    ----------
    subject : str, Path or mapping
        As for `estimate`: a model with keywords, the path of a scenario file, or a mapping as in YAML.
    kind, name, settings, catalog
        As for `estimate`.
    by : str, optional
        ``time``, ``cost``, ``energy``, ``carbon`` or ``count``; of a service those of ``computecalc optimize``.
    limits : str or sequence of str
        Such as ``"time.wall <= 30 d"``; all must hold.
    top : int
        Runs or configurations to return at most, 1 to 1000.
    pareto : bool
        Whether `front` is wanted too.
    quick : bool
        Whether layouts that are rarely best are left out.
    **flags
        As for `estimate`; ``accelerator``, ``count`` and, of a service, ``precision`` may be lists.

    Raises
    ------
    ComputecalcError
        When nothing fits, nothing keeps the limits, or the question is wrong.
    """
    with told():
        texts = (limits,) if isinstance(limits, str) else tuple(limits)
        if not 1 <= top <= _MOST:
            raise UsageError(Diagnostic("CC101", f"top is from 1 to {_MOST:,}, not {top}", hint="such as top=5"))
        given = {key: _text(key, value) for key, value in without_absent(flags).items()}
        lists: dict[str, str | None] = {key: given.get(key) for key in _LISTS}
        scope = scope_from(lists, is_thorough=not quick)
        is_apart = isinstance(subject, Mapping) or is_file(subject)
        kind = kind if is_apart or kind is not None else inferred_kind(given)
        precisions = precisions_from(lists, is_searched=is_apart or kind == "infer")
        # What is left of a list is one of each, from which the scenario is built.
        rest = {} if is_apart else {key: value for key, value in lists.items() if value is not None}
        others = {key: value for key, value in given.items() if key not in _LISTS}
        asked = Asked(kind, name, settings or {}, {}, {**others, **rest})
        raw = one_of([raw for file in loaded(subject, asked) for raw in file.scenarios], name)
        if precisions and not is_served(raw):
            message = f"`precision` is searched where a model is served, and {raw.name} is trained"
            hint = "settings={'cluster.precision': 'fp8'} changes the scenario"
            raise UsageError(Diagnostic("CC101", message, hint=hint))
        return _searched(raw, Request(by, limits_from(texts), top, pareto, scope, precisions), catalog)


def _searched(raw: RawScenario, request: Request, catalog: Overlays) -> Options:
    if request.by is not None:
        check_measure(request.by, [raw])
    figures = opened(catalog)
    return Options(search_one(raw, figures, request), (figures.version, figures.digest))


def _text(key: str, value: object) -> Any:
    """Return a list as the text that a flag takes; anything else as it is."""
    if key not in _LISTS:
        return value
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        if not value:
            raise UsageError(Diagnostic("CC101", f"`{key}` is an empty list", hint="leave it out, or name one"))
        return ",".join(str(each) for each in value)
    return str(value) if isinstance(value, int | float | Path) else value
