"""SkyPilot's table of instances (``vms.csv``) as a catalog file of prices.

Columns that are read: ``InstanceType``, ``AcceleratorName``, ``AcceleratorCount``, ``Price``, ``SpotPrice``,
``Region`` and, where it is there, ``GpuInfo`` with the memory of one accelerator. Prices are those of an instance by
the hour: they are divided by its accelerators. Of the instances and zones of a region the cheapest counts.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping

from computecalc.errors import CatalogError, Diagnostic, Document, Span
from computecalc.records import record

__all__ = ["ImportedPrice", "ImportedPrices", "price_file", "read_prices"]

_REQUIRED = ("InstanceType", "AcceleratorName", "AcceleratorCount", "Price", "Region")
_COMMITMENTS = {"on-demand": "Price", "spot": "SpotPrice"}
_MEMORY = re.compile(r"SizeInMiB\W+([0-9]+)")
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""What JSON leaves as it is, and YAML does not take or takes for a line end."""
_GIGABYTE_IN_MIB = 1e9 / 2**20
_MEMORY_TOLERANCE = 0.15
"""Between the memory that is sold and the one that a driver reports, GB taken for GiB included."""

_SKYPILOT_NAMES = {"a100": "a100-sxm-40gb", "v100": "v100-sxm2-16gb"}
"""Names that SkyPilot gives to the smaller of two memories, and the catalog's aliases to the larger."""


@record
class ImportedPrice:
    """The rent of one accelerator in a region."""

    accelerator: str
    """Id in the catalog."""
    commitment: str
    region: str
    price: float
    """[USD/accelerator/h]"""
    instance: str


@record
class ImportedPrices:
    """What a table holds."""

    rows: tuple[ImportedPrice, ...]
    """By accelerator, commitment and region, the cheapest of each."""
    unknown: tuple[str, ...]
    """Names that are no accelerator of the catalog, or have another memory than it."""


def read_prices(text: str, file: str, capacities: Callable[[str], tuple[str, float] | None]) -> ImportedPrices:
    """Read a table of instances.

    Parameters
    ----------
    text : str
        The CSV.
    file : str
        Its name, for messages.
    capacities : callable
        Id and memory capacity in byte of the accelerator that a name stands for; None when there is none.

    Raises
    ------
    CatalogError
        CC503, with every line that is wrong, or when columns are missing or nothing is left.
    """
    document = Document(file, text)
    reader = csv.DictReader(io.StringIO(text), strict=True)
    found: dict[tuple[str, str, str], ImportedPrice] = {}
    unknown: dict[str, None] = {}
    problems: list[Diagnostic] = []
    try:
        _check_columns(reader.fieldnames or (), document)
        for row in reader:
            try:
                for price in _prices_of(row, capacities, unknown):
                    key = (price.accelerator, price.commitment, price.region)
                    if key not in found or price.price < found[key].price:
                        found[key] = price
            except ValueError as error:
                problems.append(_problem(document, reader.line_num, str(error)))
    except csv.Error as error:
        problems.append(_problem(document, reader.line_num + 1, f"not a CSV table: {error}"))
    if problems:
        raise CatalogError(*problems)
    return ImportedPrices(tuple(found[key] for key in sorted(found)), tuple(sorted(unknown)))


def _check_columns(names: object, document: Document) -> None:
    columns = list(names) if isinstance(names, list) else []
    missing = [column for column in _REQUIRED if column not in columns]
    if missing:
        message = f"the table has no column {', '.join(missing)}"
        hint = "it must be SkyPilot's vms.csv, header included"
        raise CatalogError(Diagnostic("CC503", message, span=Span(document, 1, 1, 2), hint=hint))


def _problem(document: Document, line: int, message: str) -> Diagnostic:
    return Diagnostic("CC503", message, span=Span(document, max(line, 1), 1, 2), hint="mend or remove the line")


def _prices_of(
    row: Mapping[str | None, str | None],
    capacities: Callable[[str], tuple[str, float] | None],
    unknown: dict[str, None],
) -> Iterator[ImportedPrice]:
    if None in row or None in row.values():
        raise ValueError("the line has more or fewer values than the header")
    cells = {str(column): str(value).strip() for column, value in row.items()}
    name = cells["AcceleratorName"]
    if not name:  # an instance without accelerators
        return
    count = _number(cells["AcceleratorCount"], "AcceleratorCount")
    known = _known(name, cells.get("GpuInfo", cells.get("GPUInfo", "")), capacities)
    if isinstance(known, str):
        unknown[known] = None
        return
    if not cells["Region"]:
        raise ValueError("Region is empty")
    for commitment, column in _COMMITMENTS.items():
        if cells.get(column):
            price = _number(cells[column], column) / count
            yield ImportedPrice(known[0], commitment, cells["Region"], price, cells["InstanceType"])


def _number(text: str, column: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value <= 0:
        raise ValueError(f"{column} is no number above 0: {text!r}")
    return value


def _known(
    name: str, description: str, capacities: Callable[[str], tuple[str, float] | None]
) -> tuple[str, float] | str:
    """Return id and memory of an accelerator, or what to call it in the list of the unknown."""
    known = capacities(_SKYPILOT_NAMES.get(name.casefold(), name))
    if known is None:
        return name
    stated = _MEMORY.search(description)
    if stated is None:
        return known
    gigabytes, expected = int(stated[1]) / _GIGABYTE_IN_MIB, known[1] / 1e9
    if abs(gigabytes - expected) > _MEMORY_TOLERANCE * expected:
        return f"{name} with {gigabytes:.0f} GB ({known[0]} has {expected:.0f} GB)"
    return known


def price_file(prices: ImportedPrices, *, provider: str, as_of: str, origin: str) -> str:
    """Return a catalog file with the prices.

    Parameters
    ----------
    prices : ImportedPrices
        What was read.
    provider : str
        Who rents out.
    as_of : str
        Day of the prices.
    origin : str
        Name of the table.
    """
    lines = [
        "# Imported by `computecalc catalog import prices`.",
        "version: 1",
        "kind: price",
        "sources:",
        "  table:",
        f"    title: {_quoted(f'SkyPilot catalog, instances of {provider}')}",
        f"    publication: {_quoted(origin)}",
        f"    as_of: {as_of}",
        "entries:",
    ]
    for row, key in zip(prices.rows, _ids(prices.rows, provider, as_of), strict=True):
        name = f"{provider} {row.accelerator} {row.commitment}, {row.region}, {as_of}"
        lines += [
            f"  {key}:",
            f"    name: {_quoted(name)}",
            f"    provider: {_quoted(provider)}",
            f"    accelerator: {row.accelerator}",
            f"    commitment: {row.commitment}",
            f"    region: {_quoted(row.region)}",
            "    provenance: {source: table, kind: published}",
            f"    price: {{value: {row.price:.6g} USD/accelerator/h, locator: {_quoted(row.instance)}}}",
        ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Return a text in double quotes: JSON is YAML, and nothing in it can end the value."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def _ids(rows: tuple[ImportedPrice, ...], provider: str, as_of: str) -> list[str]:
    """Return an id for each row; regions that differ only in what ids leave out get a number."""
    taken: dict[str, int] = {}
    found = []
    for row in rows:
        text = f"{provider}-{row.accelerator}-{row.commitment}-{row.region}-{as_of}"
        key = re.sub(r"[^a-z0-9.+]+", "-", text.lower()).strip("-.+")
        taken[key] = taken.get(key, 0) + 1
        found.append(key if taken[key] == 1 else f"{key}-{taken[key]}")
    return found
