"""`computecalc sweep`: a design space of up to a hundred million cases, as Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from computecalc.cli.options import (
    CatalogOption,
    ColorOption,
    DigitsOption,
    OutputOption,
    QuietOption,
    ReportOptions,
    SetOption,
    UnitOption,
    VerboseOption,
    pairs,
)

__all__ = ["sweep"]


def sweep(
    path: Annotated[str, typer.Argument(metavar="PATH", help="A scenario file, or - for standard input.")],
    *,
    to: Annotated[
        Path,
        typer.Option(
            "--to", metavar="FOLDER", help="Where partitions are written; one of the same sweep is gone on with."
        ),
    ],
    scenario: Annotated[
        str | None, typer.Option("--scenario", help="NAME of the scenario, where the file has several.")
    ] = None,
    metrics: Annotated[
        str | None, typer.Option("--metrics", help="Metrics to write, such as time.wall,cost.*; all that are known.")
    ] = None,
    where: Annotated[
        list[str] | None, typer.Option("--where", help="Write rows that hold, such as 'memory.fits == 1'; repeatable.")
    ] = None,
    top: Annotated[int | None, typer.Option("--top", help="Show the N best cases by --by.")] = None,
    by: Annotated[str | None, typer.Option("--by", help="METRIC of which the least is best, or -METRIC.")] = None,
    pareto: Annotated[
        str | None, typer.Option("--pareto", help="Show the front of metrics, such as cost.total,time.wall,-mfu.")
    ] = None,
    partition_rows: Annotated[int, typer.Option("--partition-rows", min=1, max=2**22, help="Cases of a partition.")] = 2
    ** 18,
    restart: Annotated[bool, typer.Option("--restart", help="Replace another sweep in the folder.")] = False,
    engine: Annotated[str, typer.Option("--engine", help="embedded, or dask: on a Dask cluster.")] = "embedded",
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", help="Address of the Dask scheduler; its workers must reach FOLDER.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, max=1024, help="Processes of a local Dask cluster.")
    ] = None,
    format: Annotated[
        str | None, typer.Option("-f", "--format", help="table, plain, json, jsonl, csv or md; table on a terminal.")
    ] = None,
    output: OutputOption = None,
    unit: UnitOption = None,
    digits: DigitsOption = 4,
    set_: SetOption = None,
    catalog: CatalogOption = None,
    color: ColorOption = "auto",
    quiet: QuietOption = False,
    verbose: VerboseOption = False,  # noqa: ARG001 - read by the last door for errors
) -> None:
    """Evaluate a matrix or a sampled design space of up to 1e8 cases, and write it as Parquet."""
    from computecalc.api.sweeping import plan_of
    from computecalc.catalog.lookup import Catalog
    from computecalc.cli.sweeping import Question, answer_sweep

    plan = plan_of(path, pairs(set_, "--set", "site.pue=1.1"), scenario)
    question = Question(
        folder=to,
        metrics=[name.strip() for name in (metrics or "").split(",") if name.strip()],
        where=where or (),
        top=top,
        by=by,
        pareto=pareto,
        rows=partition_rows,
        restart=restart,
        engine=engine,
        scheduler=scheduler,
        workers=workers,
    )
    options = ReportOptions(format, output or (), unit or (), digits, color, quiet)
    raise typer.Exit(answer_sweep(plan, Catalog.open(catalog or ()), question, options))
