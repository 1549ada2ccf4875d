"""`sweep`: a matrix or a sampled design space of up to a hundred million cases, as Parquet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from computecalc.api.subjects import Overlays, document_of, opened, setting_nodes
from computecalc.api.sweeping import limits_of
from computecalc.api.telling import told
from computecalc.errors import Diagnostic, UsageError
from computecalc.sweeps.reading import read_plan
from computecalc.sweeps.running import PARTITION_ROWS, SweepResult, run_sweep

__all__ = ["sweep"]

_ENGINES = ("embedded", "dask")


def sweep(
    subject: str | Path | Mapping[str, Any],
    folder: str | Path,
    /,
    *,
    name: str | None = None,
    metrics: str | Sequence[str] = (),
    where: str | Sequence[str] = (),
    partition_rows: int = PARTITION_ROWS,
    restart: bool = False,
    engine: Literal["embedded", "dask"] = "embedded",
    scheduler: str | None = None,
    workers: int | None = None,
    settings: Mapping[str, Any] | None = None,
    catalog: Overlays = None,
    progress: Callable[[int, int], object] | None = None,
) -> SweepResult:
    """Evaluate every case of a matrix or a sampled design space, and write it to a folder of Parquet files.

    A folder that holds a part of the same sweep is gone on with: partitions that are there are kept.

    Parameters
    ----------
    subject : str, Path or mapping
        A scenario file, or what it would say: a scenario with `matrix` or `sample`, or a whole file.
    folder : str or Path
        Where the partitions are written.
    name : str, optional
        Which scenario of a file; what to call it elsewhere.
    metrics : str or sequence of str
        Metric ids to write, or patterns such as ``cost.*``; all that are known if empty.
    where : str or sequence of str
        Limits such as ``"memory.fits == 1"``: only cases that keep all of them are written.
    partition_rows : int
        Cases of a partition.
    restart : bool
        Whether another sweep in the folder is replaced.
    engine : {"embedded", "dask"}
        In this process, or on a Dask cluster.
    scheduler : str, optional
        Address of the Dask scheduler; absent: local processes.
    workers : int, optional
        Processes of a local Dask cluster.
    settings, catalog
        As for `estimate`.
    progress : callable, optional
        Is told of partitions that are done, and of all.

    Raises
    ------
    ComputecalcError
        When the design space is wrong, the folder holds another sweep, or a library of the extra ``sweep`` is missing.
    """
    with told():
        if engine not in _ENGINES:
            raise UsageError(Diagnostic("CC101", f"there is no engine {engine!r}", hint="there are embedded and dask"))
        if engine == "embedded" and (scheduler is not None or workers is not None):
            raise UsageError(
                Diagnostic("CC101", "scheduler and workers go with engine='dask'", hint="state the engine")
            )
        if partition_rows < 1:
            raise UsageError(Diagnostic("CC101", f"partition_rows is at least 1, not {partition_rows}", hint="2**18"))
        document, library = document_of(subject, name)
        plan = read_plan(document, scenario=name, settings=setting_nodes(settings or {}), library=library)
        return run_sweep(
            plan,
            Path(folder),
            catalog=opened(catalog),
            metrics=(metrics,) if isinstance(metrics, str) else tuple(metrics),
            where=limits_of((where,) if isinstance(where, str) else where),
            partition_rows=partition_rows,
            restart=restart,
            engine=engine,
            scheduler=scheduler,
            workers=workers,
            progress=progress,
        )
