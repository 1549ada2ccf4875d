"""Least and most of each metric of a sweep, from what its files say of themselves."""

from __future__ import annotations

from computecalc.sweeps.running import SweepResult

__all__ = ["extents"]


def extents(result: SweepResult) -> dict[str, tuple[float, float]]:
    """Return the least and the most of each metric over all rows; one that no row has is left out.

    Nothing but the ends of the files is read: their statistics hold both.
    """
    import pyarrow.parquet as pq

    found: dict[str, tuple[float, float]] = {}
    for path in result.files:
        metadata = pq.read_metadata(path)
        names = {metadata.schema.column(i).path: i for i in range(metadata.num_columns)}
        for group in range(metadata.num_row_groups):
            for name in result.metrics:
                statistics = metadata.row_group(group).column(names[name]).statistics
                if statistics is None or not statistics.has_min_max:
                    continue
                low, high = found.get(name, (statistics.min, statistics.max))
                found[name] = (min(low, statistics.min), max(high, statistics.max))
    return {name: found[name] for name in result.metrics if name in found}
