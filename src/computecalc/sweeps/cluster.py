"""The same partitions on a Dask cluster: workers compute and write them, and send back no more than the counts."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from importlib import import_module
from typing import Any

from computecalc import __version__
from computecalc.errors import ComputecalcError, Diagnostic, EstimateError, UsageError
from computecalc.sweeps.partitions import Counts
from computecalc.sweeps.proving import Prover
from computecalc.sweeps.running import Job, computed

__all__ = ["mapped"]

_PATIENCE = 20
"""Time in which a scheduler answers. [s]"""

_PROVERS: dict[str, Prover] = {}
"""Of a worker: what it has proved of the sweep that it works on."""


def mapped(
    job: Job, numbers: Sequence[int], *, scheduler: str | None = None, workers: int | None = None
) -> Iterator[tuple[int, Counts]]:
    """Compute partitions on a cluster, in any order.

    Parameters
    ----------
    job : Job
        What they need; its folder must be the same for all workers.
    numbers : sequence of int
        The partitions.
    scheduler : str, optional
        Address of a cluster; absent: one of local processes, of one thread each.
    workers : int, optional
        Processes of a local cluster; absent: one for each processor.

    Raises
    ------
    UsageError
        CC761 when the cluster does not answer or its workers end, CC762 for workers of another version.
    ComputecalcError
        What a worker met.
    """
    distributed: Any = import_module("distributed")
    with ExitStack() as stack:
        try:
            client = _client(stack, distributed, scheduler, workers)
            remote = client.scatter(job, broadcast=True, hash=False)
            futures = {
                client.submit(_part, remote, __version__, number, pure=False, priority=-number): number
                for number in numbers
            }
            for future, counts in distributed.as_completed(futures, with_results=True):
                if isinstance(counts, _Met):
                    raise counts.error()
                yield futures[future], counts
        except (OSError, distributed.KilledWorker, distributed.client.FutureCancelledError) as error:
            raise _unanswered(scheduler, error) from error


def _client(stack: ExitStack, distributed: Any, scheduler: str | None, workers: int | None) -> Any:
    if scheduler is None:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="computecalc-"))
        cluster = stack.enter_context(
            distributed.LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                dashboard_address=None,
                local_directory=folder,
                silence_logs=50,
            )
        )
        return stack.enter_context(distributed.Client(cluster))
    return stack.enter_context(distributed.Client(scheduler, timeout=_PATIENCE))


class _Met:
    """An error on its way from a worker: exceptions lose their diagnostics when they travel."""

    def __init__(self, kind: type[ComputecalcError], diagnostics: tuple[Diagnostic, ...]) -> None:
        self._kind, self._diagnostics = kind, diagnostics

    def error(self) -> ComputecalcError:
        """Return it as it was."""
        return self._kind(*self._diagnostics)


def _part(job: Job, version: str, number: int) -> Counts | _Met:
    """Compute one partition in a worker."""
    if version != __version__:
        message = f"a worker has version {__version__} of the program, the command has {version}"
        hint = "install the same version on all machines"
        return _Met(UsageError, (Diagnostic("CC762", message, hint=hint),))
    name = job.layout.metadata["computecalc.inputs"]
    if name not in _PROVERS:
        _PROVERS.clear()
        _PROVERS[name] = Prover(job.analysis)
    try:
        return computed(job, number, _PROVERS[name])
    except ComputecalcError as error:
        return _Met(type(error), error.diagnostics)


def _unanswered(scheduler: str | None, error: BaseException) -> ComputecalcError:
    where = "the local Dask cluster" if scheduler is None else f"the Dask cluster at {scheduler}"
    message = f"{where} does not answer or lost its workers: {' '.join(str(error).split())[:200]}"
    hint = "check the address and that workers can write to the folder; run again to go on where it stopped"
    kind = UsageError if isinstance(error, OSError) else EstimateError
    return kind(Diagnostic("CC761", message, hint=hint))
