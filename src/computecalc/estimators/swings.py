"""What each ranged input alone does to a metric, widest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, overload

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["LateSwings", "Moves", "Swing", "driver_of", "sorted_swings"]


class Swing(NamedTuple):
    """A metric with one input at its low and high end and all others in the middle."""

    path: str
    low: float
    high: float

    @property
    def width(self) -> float:
        """Distance between the two."""
        return abs(self.high - self.low)


def sorted_swings(axes: Iterable[str], alone: Sequence[float]) -> tuple[Swing, ...]:
    """Return what each input does to a metric alone, by its values in the middle and at each input's low and high end.

    The widest comes first, and of equal ones the first by name; those that do not move the metric are left out.
    """
    ends = zip(axes, alone[1::2], alone[2::2], strict=True)
    moving = sorted((-abs(end - start), path, start, end) for path, start, end in ends if start != end)
    return tuple([Swing(path, start, end) for _, path, start, end in moving])


class Moves:
    """What each ranged input alone does to a metric, of many scenarios."""

    def __init__(self, axes: Sequence[str], alone: NDArray[np.float64]) -> None:
        self.axes = axes
        self.alone = alone
        """The middle, then each input at its low and its high end; shape (scenario, 1 + 2 axes)."""

    def widest(self) -> list[str | None]:
        """Return the input that moves the metric most in each scenario; of equal ones the first by name."""
        if not self.axes:
            return [None] * len(self.alone)
        order = sorted(range(len(self.axes)), key=self.axes.__getitem__)
        widths = np.abs(self.alone[:, 2::2] - self.alone[:, 1::2])[:, order]
        first = widths.argmax(axis=1)
        moves = widths[np.arange(len(first)), first] > 0.0
        return [self.axes[order[i]] if moved else None for i, moved in zip(first.tolist(), moves.tolist(), strict=True)]


class LateSwings(Sequence[Swing]):
    """The swings of one scenario, sorted when somebody reads more of them than the name of the widest."""

    __slots__ = ("_moves", "_row", "driver")

    def __init__(self, moves: Moves, row: int, driver: str) -> None:
        self._moves = moves
        self._row = row
        self.driver = driver

    def _sorted(self) -> tuple[Swing, ...]:
        return sorted_swings(self._moves.axes, self._moves.alone[self._row].tolist())

    @overload
    def __getitem__(self, place: int) -> Swing: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Swing, ...]: ...
    def __getitem__(self, place: int | slice) -> Swing | tuple[Swing, ...]:
        return self._sorted()[place]

    def __len__(self) -> int:
        return len(self._sorted())

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Swing]:
        return iter(self._sorted())

    def __eq__(self, other: object) -> bool:
        return self._sorted() == tuple(other) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._sorted())


def driver_of(swings: Sequence[Swing]) -> str | None:
    """Return the input that moves the metric most; None where none does."""
    if isinstance(swings, LateSwings):
        return swings.driver
    return swings[0].path if swings else None
