"""A small folder of figures whose predictions follow by hand, and outcomes made by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from computecalc.checks.validation.cases import Case, CaseKind
from computecalc.checks.validation.outcomes import Outcome
from computecalc.scenario.files import RawScenario
from computecalc.yamlio.loading import load_text
from computecalc.yamlio.nodes import MappingNode

RUNS = """\
version: 1
scenarios:
  hand:
    kind: train
    model: {parameters: 1B params}
    data: {tokens: 1T tokens, sequence_length: 2048}
    cluster: {accelerator: h100-sxm, count: 8, precision: bf16}
    efficiency: {mfu: 0.5, goodput: 1}
    money: {price: 1 USD/accelerator/h}
"""
# 6 x 1e9 x 1e12 = 6e21 FLOP; at 0.5 of the golden catalog's 1e15 FLOP/s that is 1.2e7 accelerator seconds = 3333.33 h.
FIGURES = """\
scenario,metric,unit,published,tolerance,error,outcome,circularity,source,note
hand,compute.model,FLOP,6e21,0.01,0,reproduced,none,a paper,
hand,accelerator_time.billed,accelerator*h,3000,0.10,0.1111,reproduced,none,a paper,
hand,accelerator_time.useful,accelerator*h,3000,0.10,0.1111,miss,none,a paper,
"""


@pytest.fixture
def figures(tmp_path: Path) -> Path:
    """Two figures of one run, one of them off by a ninth, and one that is known to miss."""
    folder = tmp_path / "figures"
    folder.mkdir()
    (folder / "published_runs.yaml").write_text(RUNS, encoding="utf-8")
    (folder / "published_runs.csv").write_text(FIGURES, encoding="utf-8")
    return folder


@pytest.fixture
def outcome() -> Callable[..., Outcome]:
    """Make an outcome from its measured and predicted figure."""

    def make(
        name: str,
        measured: float = 100.0,
        predicted: float | None = 100.0,
        *,
        group: str = "MoE",
        model: str = "m",
        accelerator: str = "a",
        low: float | None = None,
        high: float | None = None,
        tolerance: float | None = None,
        suspicious: str = "",
        reason: str = "",
        note: str = "",
        kind: CaseKind = "training",
    ) -> Outcome:
        node = load_text("kind: train", name)
        assert isinstance(node, MappingNode)
        case = Case(
            id=name,
            kind=kind,
            raw=RawScenario(name, node, node.span),
            metric="throughput.per_accelerator",
            unit="token/s",
            measured=measured,
            source="a table",
            accelerator=accelerator,
            model=model,
            tolerance=tolerance,
            suspicious=suspicious,
            note=note,
        )
        if predicted is None:
            return Outcome(case, group, reason=reason)
        ends = (predicted if low is None else low, predicted if high is None else high)
        return Outcome(case, group, ends[0], predicted, ends[1], "layout")

    return make
