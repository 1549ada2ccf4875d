"""Partitions of a sweep as Parquet files: written whole or not at all, and read back to the last page."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from computecalc.estimators.metrics import METRICS
from computecalc.records import record
from computecalc.sweeps.analysis import AxisColumn
from computecalc.sweeps.evaluating import Evaluated
from computecalc.sweeps.limits import Limit

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["OK", "Counts", "Layout", "partition_name", "read_counts", "write_partition"]

OK = "ok"
"""Status of a case that was estimated."""

_COMPRESSION: dict[str, Any] = {
    # Measured on 2**18 cases with 53 metrics: Snappy writes 1.2 times as fast and takes 1.1 times the room;
    # dictionaries for all columns take twice the time.
    "compression": "zstd",
    "compression_level": 1,
    "write_page_checksum": True,
}


@record
class Layout:
    """What all partitions of a sweep have in common."""

    axes: tuple[AxisColumn, ...]
    metrics: tuple[str, ...]
    limits: tuple[Limit, ...]
    metadata: dict[str, str]
    """Digests and versions, carried by every file."""

    def schema(self) -> pa.Schema:
        """Return the columns: the number of the case, axes, status, metrics."""
        fields = [_field("case", pa.int64(), "1")]
        fields += [
            _field(axis.path, _TEXT, "") if axis.unit is None else _field(axis.path, pa.float64(), axis.unit)
            for axis in self.axes
        ]
        fields += [_field("status", _TEXT, ""), _field("reason", _TEXT, "")]
        fields += [_field(name, pa.float64(), METRICS[name].unit) for name in self.metrics]
        return pa.schema(fields)


@record
class Counts:
    """Cases of a partition."""

    cases: int
    failed: int
    """That cannot be estimated."""
    left_out: int
    """That are estimated and do not keep the limits."""
    written: int


_TEXT = pa.dictionary(pa.int32(), pa.string())


def _field(name: str, kind: pa.DataType, unit: str) -> pa.Field:
    return pa.field(name, kind, metadata={"unit": unit} if unit else None)


def partition_name(number: int) -> str:
    """Return the file of a partition."""
    return f"part-{number:06d}.parquet"


def write_partition(folder: Path, number: int, found: Evaluated, layout: Layout) -> Counts:
    """Write cases into the file of a partition; it takes its name when all of it is on the disk.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    kept = np.ones(len(found.numbers), dtype=bool)
    for limit in layout.limits:
        kept &= limit.holds(_metric(found, limit.metric))
    failed = int((found.refusals > 0).sum())
    written = int(kept.sum())
    left_out = len(kept) - written - (failed if layout.limits else 0)
    counts = Counts(len(kept), failed, left_out, written)
    table, constant = _table(found, kept, layout)
    state = {"number": number, "first": int(found.numbers[0]), **_plain(counts)}
    metadata = {**layout.metadata, "computecalc.partition": json.dumps(state, separators=(",", ":"))}
    _written(folder, partition_name(number), table.replace_schema_metadata(metadata), constant)
    return counts


def _plain(counts: Counts) -> dict[str, int]:
    return {
        "cases": counts.cases,
        "failed": counts.failed,
        "left_out": counts.left_out,
        "written": counts.written,
    }


def _metric(found: Evaluated, name: str) -> NDArray[np.float64]:
    values = found.metrics.get(name)
    return np.full(len(found.numbers), np.nan) if values is None else np.asarray(values)


def _table(found: Evaluated, kept: NDArray[np.bool_], layout: Layout) -> tuple[pa.Table, list[str]]:
    """Return the rows that are kept, and the columns that a dictionary makes small."""
    schema, every = layout.schema(), bool(kept.all())
    arrays: list[pa.Array] = [pa.array(found.numbers if every else found.numbers[kept])]
    constant: list[str] = []
    for axis in layout.axes:
        values = found.axes[axis.path] if every else found.axes[axis.path][kept]
        arrays.append(_numbers(axis.path, values, constant) if axis.unit is not None else _texts(values, axis.texts))
        if axis.texts:
            constant.append(axis.path)
    refusals = found.refusals if every else found.refusals[kept]
    codes = list(dict.fromkeys([OK, *(each.code for each in found.reasons)]))
    of_reason = np.array([0, *(codes.index(each.code) for each in found.reasons)], dtype=np.int64)
    arrays.append(_texts(of_reason[refusals], tuple(codes)))
    arrays.append(_texts(refusals - 1, tuple(each.reason for each in found.reasons)))
    for name in layout.metrics:
        values = _metric(found, name)
        arrays.append(_numbers(name, values if every else values[kept], constant))
    return pa.table(arrays, schema=schema), [*constant, "status", "reason"]


def _numbers(name: str, values: NDArray[Any], constant: list[str]) -> pa.Array:
    if len(values) and (values == values[0]).all():
        constant.append(name)
    return pa.array(values, type=pa.float64(), from_pandas=bool(np.isnan(values).any()))


def _texts(digits: NDArray[Any], texts: Sequence[str]) -> pa.DictionaryArray:
    """Return a column of texts by their numbers, null where that is -1."""
    indices = pa.array(digits.astype(np.int32), mask=digits < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(texts), type=pa.string()))


def _written(folder: Path, name: str, table: pa.Table, constant: list[str]) -> None:
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=f".{name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            pq.write_table(table, stream, use_dictionary=constant, **_COMPRESSION)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, folder / name)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def read_counts(path: Path, number: int, cases: int, layout: Layout) -> Counts | None:
    """Return the counts of a partition that is there, whole and of this sweep; None where it must be computed.

    Every page is read against its checksum.
    """
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            metadata = {key.decode(): value.decode() for key, value in (file.schema_arrow.metadata or {}).items()}
            state = json.loads(metadata["computecalc.partition"])
            counts = Counts(**{key: state[key] for key in ("cases", "failed", "left_out", "written")})
            if state["number"] != number or counts.cases != cases or file.metadata.num_rows != counts.written:
                return None
            if any(metadata.get(key) != value for key, value in layout.metadata.items()):
                return None
            if not file.schema_arrow.equals(layout.schema()):
                return None
            for group in range(file.num_row_groups):
                file.read_row_group(group)
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError):
        return None
    return counts
