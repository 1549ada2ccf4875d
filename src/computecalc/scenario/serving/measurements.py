"""A user's own measurements of serving, as a table of values separated by commas."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from computecalc.errors import Diagnostic, Document, ScenarioError, Span, UsageError, did_you_mean
from computecalc.records import record
from computecalc.units.problems import QuantityProblem
from computecalc.units.specs import QuantitySpec
from computecalc.yamlio.loading import MAXIMUM_BYTES
from computecalc.yamlio.nodes import Plain

__all__ = ["LAYOUT", "MEASURED", "NAMED", "TRAFFIC", "Measurement", "read_measurements"]

MEASURED = {"tpot": ("s", "ms"), "ttft": ("s", "ms"), "throughput": ("token/s", "token/s")}
"""Columns of what was measured: base unit, and the unit of an example."""

NAMED = ("model", "accelerator", "engine", "precision", "kv_precision")
"""Columns of names; absent or empty: as in the scenario."""

LAYOUT = ("tensor", "data", "expert", "pipeline")
"""Columns of the layout; empty: 1, but for `tensor`, which is needed."""

TRAFFIC = ("input", "output", "concurrency", "cache_hit", "offline")
"""Columns of the traffic; `concurrency` may be empty offline, the last two may be absent."""

_NEEDED = ("tensor", "input", "output")
_MOST_ROWS = 1000
_TITLE = re.compile(r"(?P<name>[^\[\]]*?)\s*(?:\[(?P<unit>[^\[\]]*)\])?")


@record
class Measurement:
    """One line: a service, and what was measured of it in base units."""

    cells: Mapping[str, str]
    measured: Mapping[str, float]
    span: Span

    def serving(self) -> dict[str, Plain]:
        """Return what it states of the section `serving`, but for names that it leaves to the scenario."""
        names: dict[str, Plain] = {key: self.cells[key] for key in NAMED[1:] if self.cells.get(key)}
        degrees = {key: _scalar(self.cells.get(key) or "1") for key in LAYOUT}
        batch = self.cells.get("concurrency")
        return {**names, **degrees, **({"batch": _scalar(batch)} if batch else {})}

    def traffic(self) -> dict[str, Plain]:
        """Return the section `traffic`."""
        stated: dict[str, Plain] = {key: _scalar(self.cells[key]) for key in ("input", "output")}
        if self.cells.get("cache_hit"):
            stated["cache_hit"] = _scalar(self.cells["cache_hit"])
        if self.is_offline:
            stated["offline"] = True
        return stated

    @property
    def is_offline(self) -> bool:
        """Whether all requests were there from the start."""
        return self.cells.get("offline", "").casefold() == "true"


def _scalar(text: str) -> Plain:
    return int(text) if text.isdecimal() else text


def read_measurements(path: Path, name: str, place: Span | None) -> list[Measurement]:
    """Read a table of own measurements.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        What diagnostics call it.
    place : Span, optional
        Where the user names it.

    Raises
    ------
    UsageError
        CC103 when it cannot be read.
    ScenarioError
        CC621 for everything that is wrong with it, in one pass.
    """
    text = _text(path, name, place)
    document = Document(name, text)
    reader = csv.reader(text.splitlines(), strict=True)
    problems: list[Diagnostic] = []
    rows: list[Measurement] = []
    try:
        titles = _titles(next(reader, []), Span(document, 1, 1, 2))
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows += _row(titles, cells, Span(document, reader.line_num, 1, 2), problems)
    except csv.Error as error:
        problems.append(_wrong(f"the line is no table: {error}", Span(document, max(reader.line_num, 1), 1, 2)))
    if not problems and not rows:
        problems.append(_wrong("there is no line below the header", Span(document, 1, 1, 2)))
    if len(rows) > _MOST_ROWS:
        problems = [_wrong(f"{len(rows)} rows are more than the {_MOST_ROWS} that are read", rows[_MOST_ROWS].span)]
    if problems:
        raise ScenarioError(*problems)
    return rows


def _text(path: Path, name: str, place: Span | None) -> str:
    try:
        if path.is_dir():
            raise UsageError(Diagnostic("CC103", f"{name} is a folder", span=place, hint="name a CSV file in it"))
        with path.open("rb") as stream:
            data = stream.read(MAXIMUM_BYTES + 1)
        if len(data) > MAXIMUM_BYTES:
            message = f"{name} is larger than {MAXIMUM_BYTES} bytes"
            raise UsageError(Diagnostic("CC103", message, span=place, hint="keep the rows that matter"))
        return data.decode("utf-8-sig")
    except FileNotFoundError as error:
        raise UsageError(Diagnostic("CC103", f"{name} does not exist", span=place)) from error
    except UnicodeDecodeError as error:
        message = f"{name} is no UTF-8 text"
        raise UsageError(Diagnostic("CC103", message, span=place, hint="save it as CSV in UTF-8")) from error
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL in it
        reason = getattr(error, "strerror", None) or "the name is not that of a file"
        raise UsageError(Diagnostic("CC103", f"{name} cannot be read: {reason}", span=place)) from error


def _wrong(message: str, span: Span, hint: str = "") -> Diagnostic:
    return Diagnostic("CC621", message, span=span, hint=hint or "docs/serving.md shows a table and names its columns")


def _titles(cells: list[str], span: Span) -> list[tuple[str, str]]:
    """Return name and unit of each column.

    Raises
    ------
    ScenarioError
        CC621 for unknown, repeated and missing columns, and for units that are not those of a measurement.
    """
    known = (*NAMED, *LAYOUT, *TRAFFIC, *MEASURED)
    titles: list[tuple[str, str]] = []
    problems: list[Diagnostic] = []
    for cell in cells:
        found = _TITLE.fullmatch(cell.strip())
        name = found["name"].casefold() if found else cell.strip()
        unit = (found["unit"] or "").strip() if found else ""
        if name not in known:
            near = did_you_mean(name, known)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
            problems.append(_wrong(f"there is no column {name!r}", span, hint))
        elif name in (title for title, _ in titles):
            problems.append(_wrong(f"the column {name} is there twice", span, "keep one of them"))
        elif unit and name not in MEASURED:
            problems.append(_wrong(f"the column {name} has no unit", span, f"call it {name}"))
        titles.append((name, unit))
    names = [name for name, _ in titles]
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        problems.append(_wrong(f"the header lacks {', '.join(missing)}", span))
    if not any(name in names for name in MEASURED):
        columns = ", ".join(f"{name} [{unit}]" for name, (_, unit) in MEASURED.items())
        problems.append(_wrong("no column is a measurement", span, f"one or more of {columns}"))
    if problems:
        raise ScenarioError(*problems)
    return titles


def _row(
    titles: list[tuple[str, str]], texts: list[str], span: Span, problems: list[Diagnostic]
) -> Iterator[Measurement]:
    """Yield the measurement of a line; what is wrong with it goes to `problems`."""
    if len(texts) != len(titles):
        message = f"the line has {len(texts)} cells, the header {len(titles)}"
        problems.append(_wrong(message, span, "quote cells that hold a comma"))
        return
    cells = {name: text.strip() for (name, _), text in zip(titles, texts, strict=True)}
    found = list(_row_problems(cells, span))
    measured = {}
    for name, unit in titles:
        if name in MEASURED and cells[name]:
            try:
                measured[name] = _quantity(name, cells[name], unit)
            except QuantityProblem as problem:
                found.append(replace(_wrong(f"{name}: {problem.message}", span, problem.hint), span=span))
    if not found and not measured:
        found.append(_wrong("the line has no measurement", span, f"fill {', '.join(MEASURED)} or take the line out"))
    problems += found
    if not found:
        yield Measurement(cells, measured, span)


def _row_problems(cells: Mapping[str, str], span: Span) -> Iterator[Diagnostic]:
    for name in _NEEDED:
        if not cells[name]:
            yield _wrong(f"{name} is empty", span, f"state {name} of the measured service")
    offline = cells.get("offline", "").casefold()
    if offline not in ("", "true", "false"):
        yield _wrong(f"offline is {cells['offline']!r}", span, "true, false or empty")
    elif offline == "true":
        if cells.get("tpot") or cells.get("ttft"):
            yield _wrong("offline work has no latencies", span, "state its throughput alone")
    elif not cells.get("concurrency"):
        yield _wrong("concurrency is empty", span, "state the requests in flight, or offline: true")


def _quantity(name: str, text: str, unit: str) -> float:
    base, example = MEASURED[name]
    spec = QuantitySpec(base, minimum=0.0, exclusive_minimum=True, ranged=False)
    try:
        float(text)
    except ValueError:
        return spec.parse(text).mid
    if not unit:
        message = f"{text} has no unit"
        raise QuantityProblem("CC402", message, hint=f"name the unit in the header: {name} [{example}]")
    return spec.parse(f"{text} {unit}").mid
