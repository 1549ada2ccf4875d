"""Runs that codecarbon measured: the rows of its emissions.csv, each number in base units with its place."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from pathlib import Path

from computecalc.errors import Diagnostic, Document, Span, UsageError
from computecalc.records import record
from computecalc.units.registry import conversion_factor

__all__ = ["MeasuredRun", "read_measured_runs"]

_MOST_BYTES = 50_000_000

_UNITS = {
    "duration": ("s", "s"),
    "emissions": ("kgCO2e", "gCO2e"),
    "energy_consumed": ("kWh", "J"),
    "cpu_energy": ("kWh", "J"),
    "gpu_energy": ("kWh", "J"),
    "ram_energy": ("kWh", "J"),
    "gpu_count": ("1", "1"),
    "pue": ("1", "1"),
}
"""Columns that are read with the unit that codecarbon writes (docs/edit/output.rst of codecarbon) and the base unit."""

_REQUIRED = ("project_name", "duration", "emissions", "energy_consumed")
"""Columns of every version of codecarbon."""


@record
class MeasuredRun:
    """One row."""

    project: str
    run: str
    """Its run_id; empty where the version writes none."""
    span: Span
    duration: float
    emissions: float
    energy: float
    """Accelerators, CPUs and RAM together, times `pue`."""
    accelerator_energy: float | None
    """Of accelerators, times `pue`; None where the table does not tell it apart."""
    accelerators: float | None
    """How many were measured; None where the table does not say."""
    pue: float
    """That codecarbon multiplied the energies with; 1 unless its user set one."""
    place: str
    """Country and region as codecarbon found them."""


def read_measured_runs(path: Path) -> list[MeasuredRun]:
    """Read the table that codecarbon writes.

    Raises
    ------
    UsageError
        CC103 when the file cannot be read, CC733 with every cell that is missing or no number.
    """
    text = _text(path)
    document = Document(str(path), text)
    reader = csv.reader(text.splitlines())
    try:
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise UsageError(_wrong(str(error), Span(document, reader.line_num, 1, 2))) from error
    header = [cell.strip() for cell in rows[0][1]] if rows else []
    missing = [name for name in _REQUIRED if name not in header]
    if missing:
        message = f"the table has no column {missing[0]}"
        raise UsageError(_wrong(message, Span(document, 1, 1, 2)))
    if len(rows) == 1:
        raise UsageError(_wrong("the table has a header and no run", Span(document, 1, 1, 2)))
    errors: list[Diagnostic] = []
    found = [_run(document, line, header, row, errors) for line, row in rows[1:]]
    if errors:
        raise UsageError(*errors)
    return found


def _text(path: Path) -> str:
    hint = "it is the emissions.csv that codecarbon writes"
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UsageError(Diagnostic("CC733", f"{path} is too large for a table of runs", hint=hint))
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror or error}"
        raise UsageError(Diagnostic("CC103", message, hint=hint)) from error
    except UnicodeDecodeError as error:
        raise UsageError(Diagnostic("CC733", f"{path} is not UTF-8 text", hint=hint)) from error


def _wrong(message: str, span: Span) -> Diagnostic:
    return Diagnostic("CC733", message, span=span, hint="it is the emissions.csv that codecarbon writes")


def _run(document: Document, line: int, header: list[str], row: list[str], errors: list[Diagnostic]) -> MeasuredRun:
    if len(row) != len(header):
        message = f"the line has {len(row)} cells, and the header {len(header)}"
        errors.append(_wrong(message, Span(document, line, 1, 2)))
    cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
    numbers: dict[str, float] = {}
    for name, (unit, base) in _UNITS.items():
        cell = cells.get(name, "")
        if not cell and name not in _REQUIRED:
            continue
        value = _number(cell)
        if value is None:
            said = f"{name} is {cell!r}, which is no number from 0 on" if cell else f"{name} is empty"
            errors.append(_wrong(said, _cell(document, line, header, row, name)))
        elif name == "pue" and value < 1.0:
            errors.append(_wrong(f"a PUE of {cell} is below 1", _cell(document, line, header, row, name)))
        else:
            numbers[name] = value * conversion_factor(unit, base)
    return MeasuredRun(
        project=cells.get("project_name", ""),
        run=cells.get("run_id", ""),
        span=Span(document, line, 1, 2),
        duration=numbers.get("duration", math.nan),
        emissions=numbers.get("emissions", math.nan),
        energy=numbers.get("energy_consumed", math.nan),
        accelerator_energy=numbers.get("gpu_energy"),
        accelerators=numbers.get("gpu_count") or None,
        pue=numbers.get("pue", 1.0),
        place=_placed(cells),
    )


def _number(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0.0 else None


def _cell(document: Document, line: int, header: list[str], row: list[str], name: str) -> Span:
    """Return the place of a cell; the start of its line where cells are quoted."""
    raw, index = document.line(line), header.index(name)
    if '"' in raw or index >= len(row):
        return Span(document, line, 1, 2)
    start = sum(len(cell) + 1 for cell in row[:index]) + 1
    return Span(document, line, start, start + max(len(row[index]), 1))


def _placed(cells: Mapping[str, str]) -> str:
    known = [cells.get(name, "") for name in ("country_iso_code", "region", "cloud_provider", "cloud_region")]
    return " ".join(each for each in known if each)
