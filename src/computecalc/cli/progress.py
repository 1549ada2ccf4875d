"""A bar for long work: on standard error, where that is a terminal, and only when there is something to wait for."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["Progressing"]

T = TypeVar("T")

_LEAST = 20
"""Steps below which nothing is shown."""

_PATIENCE = 0.5
"""Time before the bar appears. [s]"""


class Progressing:
    """Counts steps of a work whose number is known; leaves nothing behind on the terminal.

    Parameters
    ----------
    total : int
        Steps of the whole work.
    what : str
        What is counted, such as ``scenarios``.
    quiet : bool
        Whether nothing is shown at all.
    least : int
        Steps below which nothing is shown.
    """

    def __init__(self, total: int, what: str, *, quiet: bool = False, least: int = _LEAST) -> None:
        self._total, self._what, self._done = total, what, 0
        self._is_shown = not quiet and total >= least and sys.stderr.isatty()
        self._start = time.monotonic()
        self._bar: Progress | None = None
        self._task: Any = None

    def __enter__(self) -> Progressing:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, found: T) -> T:
        """Count one step, and hand on what came of it."""
        self._done += 1
        if self._bar is not None:
            self._bar.update(self._task, completed=self._done)
        elif self._is_shown and time.monotonic() - self._start > _PATIENCE:
            self._show()
        return found

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn(self._what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True, refresh_per_second=5)
        self._task = self._bar.add_task(self._what, total=self._total, completed=self._done)
        self._bar.start()
