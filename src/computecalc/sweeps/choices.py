"""Cases picked from a sweep: the best by one metric, and the front of several; one partition in memory at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from computecalc.errors import Diagnostic, UsageError
from computecalc.estimators.metrics import metric
from computecalc.records import record
from computecalc.sweeps.running import SweepResult

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["MOST_KEPT", "Objective", "best_cases", "front_cases", "front_of", "objective_of"]

MOST_KEPT = 10_000
"""Cases that one question may come to."""

Row = dict[str, Any]
"""Column to value; None for null."""


@record
class Objective:
    """A metric, and whether less of it is better."""

    metric: str
    is_most: bool = False
    """Whether more of it is better."""

    @property
    def sign(self) -> float:
        """Factor that makes less better."""
        return -1.0 if self.is_most else 1.0


def objective_of(text: str, result: SweepResult) -> Objective:
    """Read ``METRIC``, of which the least is best, or ``-METRIC``, of which the most.

    Raises
    ------
    UsageError
        CC102 when there is no such metric, CC759 when the sweep does not have it.
    """
    wanted = text.strip()
    found = Objective(metric(wanted.removeprefix("-").strip()).id, wanted.startswith("-"))
    if found.metric not in result.metrics:
        message = f"the sweep does not have {found.metric}"
        hint = "choose it with --metrics, or state the inputs that it needs"
        raise UsageError(Diagnostic("CC759", message, hint=hint))
    return found


def best_cases(result: SweepResult, objective: Objective, count: int) -> list[Row]:
    """Return the best cases by one metric, the best first; of equal ones the first by number."""
    kept: list[tuple[float, int, Row]] = []
    for values, rows in _parts(result, [objective]):
        key = values[:, 0]
        places = np.argsort(key, kind="stable")[:count]
        if len(kept) == count:
            places = places[key[places] < kept[-1][0]]
        kept += [(float(key[i]), row["case"], row) for i, row in zip(places.tolist(), rows(places), strict=True)]
        kept = sorted(kept, key=lambda each: each[:2])[:count]
    return [row for _, _, row in kept]


def front_cases(result: SweepResult, objectives: Sequence[Objective]) -> list[Row]:
    """Return the cases that no other is better than in one objective and at least as good in all.

    They come in the order of the first objective; of cases that are equal in all, the first by number.

    Raises
    ------
    UsageError
        CC763, when they are too many.
    """
    front = np.empty((0, len(objectives)))
    kept: list[Row] = []
    for values, rows in _parts(result, objectives):
        places = front_of(values)
        found = np.concatenate([front, values[places]])
        both = [*kept, *rows(places)]
        order = front_of(found)
        front, kept = found[order], [both[i] for i in order.tolist()]
        if len(kept) > MOST_KEPT:
            message = f"the front has more than {MOST_KEPT:,} cases"
            hint = "weigh fewer metrics against each other, or narrow the sweep with --where"
            raise UsageError(Diagnostic("CC763", message, hint=hint))
    return kept


def front_of(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the rows that no other is as good as in all columns, less being better; of equal rows the first.

    Parameters
    ----------
    values : array
        One row a case, one column an objective; no NaN.
    """
    order = np.lexsort(values.T[::-1])
    if values.shape[1] == 2 and len(order):
        second = values[order, 1]
        before = np.concatenate([[np.inf], np.minimum.accumulate(second)[:-1]])
        found: NDArray[np.int64] = order[second < before]
        return found
    kept: list[int] = []
    while len(order):
        # The first in this order is as good as no later one in all: it is on the front.
        first = order[0]
        kept.append(int(first))
        rest = order[1:]
        order = rest[(values[rest] < values[first]).any(axis=1)]
    return np.array(kept, dtype=np.int64)


def _parts(result: SweepResult, objectives: Sequence[Objective]) -> Iterator[tuple[NDArray[np.float64], Any]]:
    """Yield for each partition the objectives of its known cases, less being better, and what reads their rows."""
    import pyarrow.parquet as pq

    names = [each.metric for each in objectives]
    columns = list(dict.fromkeys(["case", *result.axes, *names]))
    for path in result.files:
        table = pq.read_table(path, columns=columns)
        values = np.column_stack([table[each.metric].to_numpy() * each.sign for each in objectives])
        known = np.flatnonzero(~np.isnan(values).any(axis=1))

        def rows(places: NDArray[np.int64], table: Any = table, known: NDArray[np.int64] = known) -> list[Row]:
            found: list[Row] = table.take(known[places]).to_pylist()
            return found

        yield values[known], rows
