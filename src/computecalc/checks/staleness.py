"""Whether a lock file is still what it would be written as today, and what is not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from computecalc.checks.locks import LockedScenario, LockJson, is_same_number
from computecalc.checks.statements import described_text, statement_changes
from computecalc.records import record
from computecalc.units.display import format_range
from computecalc.units.ranges import Range

__all__ = ["Difference", "differences"]

_TEXTS = ("kind", "file", "unknown")
_TREES = ("stated", "architecture", "draft", "uncertainty")
_VALUES = ("choices", "inputs", "outputs")
_ENDS = ("low", "value", "high")


@record
class Difference:
    """Something that a lock file has otherwise than it would be written today; empty: it is not there."""

    scenario: str
    """Empty for what several scenarios share."""
    what: str
    before: str
    after: str


def differences(old: LockJson, new: LockJson, is_meant: Callable[[LockedScenario], bool]) -> list[Difference]:
    """Return what differs between a lock file and what it would be.

    Parameters
    ----------
    old : LockJson
        As it was read.
    new : LockJson
        As it would be written for the files that are named.
    is_meant : callable
        Whether a scenario that is only in the lock is one of the files looked at, so that it was removed since.
    """
    found: list[Difference] = []
    for name in sorted({*old["scenarios"], *new["scenarios"]}):
        before, after = old["scenarios"].get(name), new["scenarios"].get(name)
        if before is None:
            found.append(Difference(name, "scenario", "", "new"))
        elif after is None:
            if is_meant(before):
                found.append(Difference(name, "scenario", "locked", "removed"))
        else:
            found += _scenario_differences(name, before, after)
    is_whole = all(name in new["scenarios"] or is_meant(each) for name, each in old["scenarios"].items())
    for block, known, wanted in (
        ("catalog", old["catalog"], new["catalog"]),
        ("formula", old["formulas"], new["formulas"]),
    ):
        found += _shared_differences(block, known, wanted, is_whole=is_whole)
    return found


def _shared_differences(
    block: str, old: Mapping[str, object], new: Mapping[str, object], *, is_whole: bool
) -> Iterator[Difference]:
    """Compare digests or versions; those of scenarios that are not looked at are left alone."""
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name) and (name in new or is_whole):
            yield Difference("", f"{block} {name}", _short(old.get(name)), _short(new.get(name)))


def _short(value: object) -> str:
    """Return a version, or the start of a digest."""
    return "" if value is None else str(value)[:17]


def _scenario_differences(name: str, old: LockedScenario, new: LockedScenario) -> Iterator[Difference]:
    before: Mapping[str, Any] = old
    after: Mapping[str, Any] = new
    for key in _TEXTS:
        if before[key] != after[key]:
            yield Difference(name, key, _text(before[key]), _text(after[key]))
    for key in _TREES:
        for path, was, now in statement_changes(before.get(key, {}), after.get(key, {})):
            yield Difference(name, f"{key} {path}", _text(was), _text(now))
    yield from _file_differences(name, old.get("files", {}), new.get("files", {}))
    for key in _VALUES:
        for path in sorted({*before[key], *after[key]}):
            was, now = before[key].get(path), after[key].get(path)
            if not _is_same(was, now):
                one, other = _value(was, 6), _value(now, 6)
                if one == other:
                    one, other = _value(was, 15), _value(now, 15)
                yield Difference(name, f"{key.removesuffix('s')} {path}", one, other)


def _file_differences(name: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Difference]:
    for path in sorted({*old, *new}):
        if old.get(path) != new.get(path):
            yield Difference(name, f"file {path}", described_text(old.get(path)), described_text(new.get(path)))


def _is_same(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> bool:
    if one is None or other is None or isinstance(one["value"], str) or isinstance(other["value"], str):
        return one == other
    same_numbers = all(is_same_number(one.get(end, one["value"]), other.get(end, other["value"])) for end in _ENDS)
    return same_numbers and _rest(one) == _rest(other)


def _rest(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: each for key, each in value.items() if key not in _ENDS}


def _value(value: Mapping[str, Any] | None, digits: int) -> str:
    if value is None:
        return ""
    if value["value"] is None:
        return "unknown"
    source = ", ".join(value[key] for key in ("origin", "entry") if key in value)
    shown = value["value"]
    if not isinstance(shown, str):
        low, mid, high = (float(value.get(end, shown)) for end in _ENDS)
        shown = format_range(Range(low, mid, high), value["unit"] or "1", digits=digits)
    return f"{shown} ({source})" if source else shown


def _text(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)
