"""The figures that estimates are compared with, each with the scenario that should give it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from computecalc.errors import Diagnostic, Document, Span, UsageError
from computecalc.records import record
from computecalc.scenario.files import RawScenario

__all__ = ["Case", "CaseKind", "Line", "data_folder", "lines"]

CaseKind = Literal["published", "memory", "training", "serving", "footprint"]

_PACKAGE = Path(__file__).resolve().parents[2]


@record
class Case:
    """One figure to reproduce."""

    id: str
    kind: CaseKind
    raw: RawScenario
    """The run as a scenario: what its source states, and nothing of the answer."""
    metric: str
    unit: str
    measured: float
    """In `unit`."""
    source: str
    accelerator: str
    model: str
    tolerance: float | None = None
    """Largest relative error that this figure alone may have; None: it counts in the error of its class."""
    suspicious: str = ""
    """Why the figure itself is doubted; such a case is shown, and judged in no class."""
    note: str = ""
    subject: str = ""
    """What its class is called, where the metric alone does not say it."""
    group: str = ""
    """Class in which its error counts, where the table says so; else it follows from the scenario."""


class Line(NamedTuple):
    """A line of a table, and where it stands."""

    cells: Mapping[str, str]
    span: Span


def data_folder(package: Path = _PACKAGE) -> Path:
    """Return the folder of the shipped figures: the wheel's copy, else the checkout's.

    Raises
    ------
    UsageError
        CC103, when there is neither.
    """
    # parents[1] of src/computecalc is the checkout.
    for folder in (package / "_validation", package.parents[1] / "validation"):
        if folder.is_dir():
            return folder
    message = f"the figures to compare with are missing: neither {package / '_validation'} nor validation/ is there"
    raise UsageError(Diagnostic("CC103", message, hint="install computecalc anew"))


def lines(path: Path) -> Iterator[Line]:
    """Read a table line by line.

    Raises
    ------
    UsageError
        CC103, when the file cannot be read, or a line has more or fewer cells than the header.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(Diagnostic("CC103", f"{path} cannot be read: {error}")) from error
    document = Document(str(path), text)
    reader = csv.DictReader(text.splitlines(), strict=True)
    for cells in reader:
        span = Span(document, reader.line_num, 1, 2)
        if None in cells or None in cells.values():
            message = "the line has not as many cells as the header"
            raise UsageError(Diagnostic("CC103", message, span=span, hint="quote cells that hold a comma"))
        yield Line(cells, span)
