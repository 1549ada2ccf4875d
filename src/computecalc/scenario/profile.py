"""Emission factors of a year, by the hour or by the month: a CSV file as one factor, weighted by the draw."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from computecalc.errors import Diagnostic, Document, ScenarioError, Span
from computecalc.formulas.carbon_totals import profile_intensity
from computecalc.records import record
from computecalc.scenario.paths import named_path
from computecalc.units.problems import QuantityProblem
from computecalc.units.registry import conversion_factor

__all__ = ["MOST_BYTES", "Profile", "load_profile"]

MOST_BYTES = 5_000_000
"""Size of a profile at most; a year of hours takes less than a tenth of it. [byte]"""

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_HOUR = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:00(:00)?")
_INTENSITY = re.compile(r"intensity \[([^\]]+)\]")
_STEP = timedelta(hours=1)


@record
class Profile:
    """The emission factor of a profile, and what it comes from."""

    intensity: float
    """Mean by what is drawn. [gCO2e/J]"""
    year: str
    periods: int
    step: str
    """hours or months."""
    is_weighted: bool
    """Whether the file says what is drawn when."""


@record
class _Row:
    time: datetime
    intensity: float
    load: float | None
    span: Span


def load_profile(name: str, span: Span) -> Profile:
    """Read a profile.

    Parameters
    ----------
    name : str
        Its path as the scenario names it.
    span : Span
        Where the scenario names it.

    Raises
    ------
    ScenarioError
        CC303 for a path outside the scenario's folder; CC636 for a file that cannot be read, a gap, a wrong length or
        value, with its line.
    """
    path = named_path(name, span, flag="--set site.profile=PATH")
    document = Document(str(path), _text(path, span))
    lines = csv.reader(document.text.splitlines(), strict=True)
    header = [cell.strip() for cell in next(lines, [])]
    factor, column = _columns(header, Span(document, 1, 1, 2))
    rows: list[_Row] = []
    is_monthly = False
    try:
        for cells in lines:
            place = Span(document, lines.line_num, 1, 2)
            if len(cells) != len(header):
                raise _wrong(f"the line has {len(cells)} cells, the header {len(header)}", place)
            found = dict(zip(header, (cell.strip() for cell in cells), strict=True))
            is_monthly = is_monthly or (not rows and _MONTH.fullmatch(found["time"]) is not None)
            time = _time(found["time"], place, is_monthly=is_monthly)
            load = _number(found["load"], "load", place) if "load" in found else None
            rows.append(_Row(time, _number(found[column], "intensity", place) * factor, load, place))
            _check_step(rows, is_monthly=is_monthly)
    except csv.Error as error:
        raise _wrong(f"the line is no CSV: {error}", Span(document, max(lines.line_num, 1), 1, 2)) from error
    _check_length(rows, Span(document, 1, 1, 2), is_monthly=is_monthly)
    loads = _loads(rows, is_monthly=is_monthly)
    mean = profile_intensity(intensities=[row.intensity for row in rows], loads=loads)
    step = "months" if is_monthly else "hours"
    return Profile(float(mean), str(rows[0].time.year), len(rows), step, rows[0].load is not None)


def _text(path: Path, span: Span) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _wrong(f"{path} is larger than 5 MB, far more than a year of hours", span)
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise _wrong(f"{path} cannot be read: {reason}", span) from error


def _columns(header: Sequence[str], place: Span) -> tuple[float, str]:
    """Return what the unit of the factor is in gCO2e/J, and the name of its column."""
    known = [(_INTENSITY.fullmatch(cell), cell) for cell in header]
    units = [(match[1], cell) for match, cell in known if match is not None]
    others = [cell for match, cell in known if match is None]
    if len(units) != 1 or sorted(others) not in (["time"], ["load", "time"]):
        message = f"the columns are {', '.join(header) or 'none'}"
        raise _wrong(message, place, hint="they are: time, intensity [gCO2e/kWh], and load, which may be absent")
    try:
        return conversion_factor(units[0][0], "gCO2e/J"), units[0][1]
    except QuantityProblem as problem:
        raise _wrong(f"the unit of the intensity: {problem.message}", place, hint=problem.hint) from problem


def _time(text: str, place: Span, *, is_monthly: bool) -> datetime:
    try:
        if is_monthly and (match := _MONTH.fullmatch(text)):
            return datetime(int(match[1]), int(match[2]), 1)
        if not is_monthly and _HOUR.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError as error:
        raise _wrong(f"{text!r} is no time: {error}", place) from error
    wanted = "2025-01" if is_monthly else "2025-01-31T23:00, or 2025-01 for months"
    raise _wrong(f"{text!r} is no time of the profile", place, hint=f"such as {wanted}; local time without a zone")


def _number(text: str, what: str, place: Span) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise _wrong(f"the {what} is {text!r}, no number", place) from error
    if not math.isfinite(value) or value < 0.0:
        raise _wrong(f"the {what} is {text}, which no {what} can be", place, hint="a number from 0 on")
    return value


def _check_step(rows: Sequence[_Row], *, is_monthly: bool) -> None:
    """Refuse a gap, a repetition, and a first line that does not begin a year."""
    now = rows[-1]
    if len(rows) == 1:
        if now.time != datetime(now.time.year, 1, 1):
            raise _wrong("the profile does not begin with a year", now.span, hint="it covers one year from January 1")
        return
    wanted = _next(rows[-2].time, is_monthly=is_monthly)
    if now.time != wanted:
        expected = f"{wanted:%Y-%m}" if is_monthly else f"{wanted:%Y-%m-%dT%H:00}"
        what = "a gap" if now.time > wanted else "a repetition, or out of order"
        raise _wrong(f"{what}: {expected} should follow the line before", now.span, hint="every period has one line")


def _next(time: datetime, *, is_monthly: bool) -> datetime:
    if not is_monthly:
        return time + _STEP
    return datetime(time.year + time.month // 12, time.month % 12 + 1, 1)


def _check_length(rows: Sequence[_Row], head: Span, *, is_monthly: bool) -> None:
    if not rows:
        raise _wrong("the profile has no lines", head)
    first, last = rows[0], rows[-1]
    if _next(last.time, is_monthly=is_monthly) != datetime(first.time.year + 1, 1, 1):
        step = "months" if is_monthly else "hours"
        message = f"the profile has {len(rows):,} {step}, which are not one year"
        hint = "12 months, or 8,760 hours (8,784 in a leap year); a shorter run has a load of 0 in the others"
        raise _wrong(message, last.span, hint=hint)


def _loads(rows: Sequence[_Row], *, is_monthly: bool) -> list[float]:
    """Return what is drawn in each period; of a constant draw its days."""
    stated = [row.load for row in rows if row.load is not None]
    if stated:
        if not any(stated):
            raise _wrong("all loads are 0", rows[0].span, hint="leave the column out for a constant draw")
        return stated
    return list(_days(rows)) if is_monthly else [1.0] * len(rows)


def _days(rows: Sequence[_Row]) -> Iterator[float]:
    for row in rows:
        yield float((_next(row.time, is_monthly=True) - row.time).days)


def _wrong(message: str, span: Span, *, hint: str = "") -> ScenarioError:
    return ScenarioError(Diagnostic("CC636", message, span=span, hint=hint))
