"""Measured latencies and throughputs of serving: a line of the table as the scenario of its service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from computecalc.checks.validation.cases import Case, Line, lines
from computecalc.checks.validation.numbers import number
from computecalc.scenario.files import RawScenario
from computecalc.yamlio.nodes import MappingNode, Plain, from_plain

__all__ = ["OFFLINE", "SERVED", "measured_rate", "raw_service", "serving_cases", "serving_scenario"]

SERVED = {
    "latency.tpot": "time between tokens",
    "latency.ttft": "time to first token",
    "throughput.replica": "throughput",
    "throughput.per_accelerator": "throughput",
}
"""Metrics that are compared, and what their classes are called."""

OFFLINE = "offline throughput"
"""What the class of throughput is called where all requests are there from the start."""

_LATENCIES = (("tpot", "latency.tpot"), ("ttft", "latency.ttft"))
_MILLISECONDS = 1000.0
"""Of a second, in which the table has latencies."""


def serving_cases(folder: Path) -> Iterator[Case]:
    """Read the tables of measured serving in a folder; none where there is no such table."""
    for path in sorted(folder.glob("measured_inference*.csv")):
        for line in lines(path):
            yield from _cases(line)


def _cases(line: Line) -> Iterator[Case]:
    """Yield a case for each figure of a line; they share the scenario, and so the estimate."""
    cells, raw = line.cells, raw_service(line)
    for column, metric in _LATENCIES:
        if cells[column]:
            yield _case(line, raw, column, metric, "ms", number(line, column))
    rate = measured_rate(line)
    if rate is None:
        return
    metric = "throughput.per_accelerator" if cells["count"] else "throughput.replica"
    yield _case(line, raw, "output_tokens_per_s", metric, "token/s", rate)


def raw_service(line: Line) -> RawScenario:
    """Return the scenario of a line at its place."""
    node = from_plain(serving_scenario(line.cells), line.span)
    assert isinstance(node, MappingNode)  # noqa: S101 - a tree of a mapping is one
    return RawScenario(line.cells["id"], node, line.span)


def measured_rate(line: Line) -> float | None:
    """Return the output tokens a second of a replica, or of an accelerator where `count` has how many there are.

    A closed loop whose latencies are measured has as many requests in flight as it keeps, so that its throughput
    follows from them (Little's law).
    """
    cells = line.cells
    if cells["output_tokens_per_s"]:
        count = number(line, "count") if cells["count"] else 1.0
        return number(line, "output_tokens_per_s") / count
    if cells["kind"] == "offline" or not (cells["tpot"] and cells["ttft"]):
        return None
    output = number(line, "output")
    lasting = (number(line, "ttft") + output * number(line, "tpot")) / _MILLISECONDS
    return number(line, "concurrency") * output / lasting


def _case(line: Line, raw: RawScenario, column: str, metric: str, unit: str, measured: float) -> Case:
    cells = line.cells
    return Case(
        id=f"{cells['id']} {column}",
        kind="serving",
        raw=raw,
        metric=metric,
        unit=unit,
        measured=measured,
        source=cells["source"],
        accelerator=cells["accelerator"],
        model=cells["model"],
        suspicious=cells["suspicious"],
        note=cells["notes"],
        subject=OFFLINE if metric.startswith("throughput") and cells["kind"] == "offline" else SERVED[metric],
    )


def serving_scenario(cells: Mapping[str, str]) -> dict[str, Plain]:
    """Return the scenario of a line: what its source states of the service, and nothing of its speed."""
    load: dict[str, Plain] = {"offline": True} if cells["kind"] == "offline" else {}
    stated = {"batch": cells["concurrency"], **{key: cells[key] for key in ("tensor", "data", "expert")}}
    return {
        "kind": "infer",
        "model": cells["model"],
        "traffic": {"input": int(cells["input"]), "output": int(cells["output"]), **load},
        "serving": {
            "accelerator": cells["accelerator"],
            "engine": cells["engine"],
            "precision": cells["precision"],
            **{key: int(value) for key, value in stated.items() if value},
        },
        # Not compared; single values spare the search for prices and the combination of ranges.
        "site": {"pue": 1, "grid_intensity": "0 gCO2e/kWh"},
        "power": {"accelerator": "1 W", "host_overhead": 1},
        "money": {"price": "1 USD/accelerator/h"},
    }
