"""Every row of a sweep is the estimate of its case: the same scenarios, resolved and estimated one by one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from computecalc.errors import ComputecalcError
from computecalc.estimators.results import estimate
from computecalc.scenario.files import raw_scenarios
from computecalc.scenario.resolve import resolve
from computecalc.sweeps.running import SweepResult
from computecalc.yamlio.loading import load_text
from computecalc.yamlio.nodes import from_flag
from tests.sweeps.plans import ADAPTERS, CAMPUS, CATALOG, DENSE, EXPERTS, SERVED, STATED, swept

TODAY = date(2026, 3, 1)


def alone(text: str, settings: dict[str, Any]) -> dict[str, float] | str:
    """Estimate the scenario of a text with some values by the way that `run` goes, or return the code of its error."""
    document = load_text(text, "plan.yaml")
    raw = raw_scenarios(document, {path: from_flag("--set", str(value)) for path, value in settings.items()})[0]
    try:
        found = estimate(resolve(raw, CATALOG, today=TODAY))
    except ComputecalcError as error:
        return error.diagnostics[0].code
    return {name: value.mid for name, value in found.outputs.items() if value.mid is not None}


def settings_of(result: SweepResult, row: dict[str, Any]) -> dict[str, Any]:
    """Return what somebody would write to get the case of a row."""
    found = {}
    for path, unit in result.axes.items():
        value = int(row[path]) if isinstance(row[path], float) and row[path].is_integer() else row[path]
        found[path] = value if unit in (None, "1") else f"{value!r} {unit}"
    return found


def check_rows(text: str, result: SweepResult, count: int) -> None:
    table = result.table()
    draw = np.random.default_rng(11)
    chosen = draw.choice(table.num_rows, size=min(count, table.num_rows), replace=False)
    codes = set()
    for row in table.take(np.sort(chosen)).to_pylist():
        expected = alone(text, settings_of(result, row))
        codes.add(row["status"])
        if isinstance(expected, str):
            assert row["status"] == expected
            assert row["reason"]
            assert all(row[name] is None for name in result.metrics)
            continue
        assert row["status"] == "ok", (row["status"], row["reason"])
        for name in result.metrics:
            if name in expected:
                assert row[name] == pytest.approx(expected[name], rel=1e-9), name
            else:
                assert row[name] is None, name
    assert "ok" in codes


PLANS = {
    "accelerators and precisions": (
        DENSE,
        "    matrix: {cluster.accelerator: [h100-sxm, a100-sxm-80gb, b200-sxm], cluster.precision: [bf16, fp8], "
        "money.price: [1 USD/accelerator/h, 3 USD/accelerator/h]}\n",
    ),
    "counts move the data-parallel degree": (
        DENSE,
        "    matrix: {cluster.count: [32, 64, 1000, 256, 512], data.tokens: [1T tokens, 2T tokens]}\n",
    ),
    "counts and batches must suit each other": (
        DENSE,
        "    matrix: {cluster.count: [512, 1024, 2048, 4096], data.global_batch: [16, 48, 64, 128, 1024]}\n",
    ),
    "degrees of the layout": (
        DENSE,
        "    matrix: {layout.tensor: [1, 2, 4, 8], layout.pipeline: [1, 2, 4, 8], layout.micro_batch: [1, 2], "
        "layout.recompute: [none, full, selective], layout.sharding: [none, full]}\n",
    ),
    "experts": (
        EXPERTS,
        "    matrix: {layout.expert: [8, 32, 64], cluster.count: [1024, 2048, 4096], "
        "layout.pipeline: [8, 16], efficiency.expert_imbalance: [1.0, 1.2]}\n",
    ),
    "models": (
        STATED,
        "    matrix: {model: [llama-3.1-8b, llama-3.1-70b, no-such-model], data.tokens: [1e12, 2e12]}\n",
    ),
    "regions": (DENSE, "    matrix: {site.region: [US-VA, FRA, US-WA], cluster.count: [512, 1024]}\n"),
    "deadline": (
        STATED.replace("count: 512", "wall_time: 30 d"),
        "    matrix: {cluster.wall_time: [1 s, 20 d, 90 d]}\n",
    ),
    "services": (
        SERVED,
        "    matrix: {serving.accelerator: [h100-sxm, b200-sxm], traffic.rate: [1 request/s, 50 request/s, "
        "400 request/s], serving.batch: [1, 16, 128], traffic.output: [0 token/request, 300 token/request]}\n",
    ),
    "campus": (
        CAMPUS,
        "    matrix: {cluster.accelerator: [gb200-nvl72, h100-sxm], cluster.count: [1000, 100000], "
        "site.pue: [1.1, 1.3]}\n",
    ),
    "adapters": (
        ADAPTERS,
        "    matrix: {lora.rank: [8, 64], lora.targets: [attention, all], cluster.count: [8, 16]}\n",
    ),
    "overrides and ranges": (
        STATED.replace("mfu: 0.4,", "mfu: 0.3..0.4..0.5,") + "    overrides: {goodput: 0.7..0.8..0.9}\n",
        "    matrix: {data.tokens: [1e12, 2e12], site.pue: [1.1, 1.2], overrides.goodput: [0.5, 0.6]}\n",
    ),
    "inverse questions": (
        STATED.replace("data: {tokens: 1T tokens}", "data: {}").replace(
            "money: {price: 2", "money: {budget: 5 MUSD, price: 2"
        ),
        "    matrix: {money.budget: [1 MUSD, 9 MUSD], money.price: [1 USD/accelerator/h, 3 USD/accelerator/h]}\n",
    ),
    "batches that are searched": (
        SERVED.replace("batch: 32}", "}\n    targets: {tpot: 30 ms}"),
        "    matrix: {traffic.input: [500 token/request, 8000 token/request], targets.tpot: [10 ms, 40 ms]}\n",
    ),
}


@pytest.mark.parametrize("name", PLANS)
def test_a_matrix_is_the_estimates_of_its_points(name: str, tmp_path: Path) -> None:
    text, matrix = PLANS[name]
    result = swept(text + matrix, tmp_path / "out", partition_rows=64)
    check_rows(text, result, 24)


def test_points_come_in_the_order_of_run(tmp_path: Path) -> None:
    matrix = (
        "    matrix: {cluster.accelerator: [h100-sxm, b200-sxm], data.tokens: {from: 1T tokens, to: 4T tokens, "
        "points: 3}, cluster.count: [64, 128, 256]}\n"
        "    exclude: [{cluster.accelerator: b200-sxm, cluster.count: 64}, {data.tokens: 2.5T tokens}]\n"
        "    include: [{cluster.accelerator: a100-sxm-80gb, data.tokens: 9T tokens}, {site.pue: 1.5}]\n"
    )
    result = swept(STATED + matrix, tmp_path / "out", partition_rows=5)
    rows = result.table().to_pylist()
    run = [resolve(raw, CATALOG, today=TODAY) for raw in raw_scenarios(load_text(STATED + matrix, "plan.yaml"))]
    assert [row["case"] for row in rows] == list(range(len(run)))
    for row, resolved in zip(rows, run, strict=True):
        assert row["cost.total"] == pytest.approx(estimate(resolved).outputs["cost.total"].mid, rel=1e-9)
        assert row["cluster.count"] == resolved.inputs["cluster.count"].range.mid
        assert row["data.tokens"] == resolved.inputs["data.tokens"].range.mid
    assert rows[-2]["cluster.accelerator"] == "a100-sxm-80gb"
    assert rows[-1]["cluster.accelerator"] is None  # the scenario's own
    # Only the last point states it; of the others the row says what was resolved.
    assert [row["site.pue"] for row in rows] == [resolved.inputs["site.pue"].range.mid for resolved in run]
    assert rows[-1]["site.pue"] == 1.5


def test_values_may_be_mappings(tmp_path: Path) -> None:
    matrix = (
        "    matrix: {model: [{hidden: 4096, layers: 32, heads: 32, ffn: 11008, gated: true, vocab: 32000}, "
        "{parameters: 7e9}, {base: llama-3.1-70b, layers: 12}], data.tokens: [1e12, 2e12]}\n"
    )
    text = STATED.replace("    model: llama-3.1-8b\n", "") + matrix
    rows = swept(text, tmp_path / "out").table().to_pylist()
    run = [estimate(resolve(raw, CATALOG, today=TODAY)) for raw in raw_scenarios(load_text(text, "plan.yaml"))]
    assert [row["cost.total"] for row in rows] == pytest.approx([each.outputs["cost.total"].mid for each in run])
    assert [row["parameters.total"] for row in rows][2:4] == [7e9, 7e9]
    assert rows[2]["model"] == '{"parameters": 7000000000.0}'


SAMPLED = {
    "training": (
        DENSE,
        "    matrix: {cluster.count: [256, 512, 1000]}\n"
        "    sample: {cases: 300, method: METHOD, seed: 5, axes: {data.tokens: {from: 1T tokens, to: 20T tokens, "
        "spacing: log}, site.pue: 1.05..1.1..1.5, money.price: {range: 1..2..5 USD/accelerator/h, "
        "distribution: lognormal}, cluster.accelerator: [h100-sxm, b200-sxm], cluster.nic: {from: 100 Gbit/s, "
        "to: 800 Gbit/s}, layout.micro_batch: [1, 2, 4]}}\n",
    ),
    "experts": (
        EXPERTS,
        "    sample: {cases: 200, method: METHOD, axes: {efficiency.expert_imbalance: 1.0..1.1..1.4, "
        "site.pue: {from: 1, to: 2}, cluster.count: [1024, 2048]}}\n",
    ),
    "serving": (
        SERVED,
        "    sample: {cases: 200, method: METHOD, axes: {traffic.rate: {from: 1 request/s, to: 900 request/s, "
        "spacing: log}, traffic.input: {from: 100 token/request, to: 4000 token/request}, serving.batch: "
        "[1, 8, 64], money.price: 1..2..3 USD/accelerator/h}}\n",
    ),
}


@pytest.mark.parametrize("method", ["sobol", "lhs", "random"])
@pytest.mark.parametrize("name", SAMPLED)
def test_samples_are_the_estimates_of_their_values(name: str, method: str, tmp_path: Path) -> None:
    text, sample = SAMPLED[name]
    result = swept(text + sample.replace("METHOD", method), tmp_path / "out", partition_rows=128)
    check_rows(text, result, 12)


def test_a_batch_in_tokens_follows_the_length_of_sequences(tmp_path: Path) -> None:
    matrix = "    matrix: {data.global_batch: [4M tokens, 8M tokens], data.sequence_length: [2048 token, 4096 token]}\n"
    result = swept(DENSE + matrix, tmp_path / "out")
    rows = result.table().to_pylist()
    # 4e6 / 2048, 4e6 / 4096, 8e6 / 2048, 8e6 / 4096 sequences.
    assert [row["data.global_batch"] for row in rows] == [1953.125, 976.5625, 3906.25, 1953.125]
    for row, (batch, length) in zip(rows, [(b, n) for b in (4, 8) for n in (2048, 4096)], strict=True):
        expected = alone(DENSE, {"data.global_batch": f"{batch}M tokens", "data.sequence_length": f"{length} token"})
        assert not isinstance(expected, str)
        assert row["time.step"] == pytest.approx(expected["time.step"], rel=1e-9)
        assert row["cost.total"] == pytest.approx(expected["cost.total"], rel=1e-9)


def test_a_searched_layout_is_searched_for_each_count_and_batch(tmp_path: Path) -> None:
    text = DENSE.replace("    layout: {tensor: 8, pipeline: 4}\n", "")
    matrix = (
        "    matrix: {cluster.count: [8, 256, 512], data.global_batch: [512, 1024], "
        "money.price: [1 USD/accelerator/h, 2 USD/accelerator/h]}\n"
    )
    result = swept(text + matrix, tmp_path / "out")
    assert set(result.table(["status"])["status"].to_pylist()) == {"ok", "CC608"}  # 8 do not hold 70B parameters
    check_rows(text, result, 12)


def test_memory_that_is_not_known_is_null_and_what_certainly_does_not_fit_is_told(tmp_path: Path) -> None:
    text = """\
version: 1
scenarios:
  coarse:
    kind: train
    model: {parameters: 1.8T params, active_parameters: 280B params}
    data: {tokens: 13T tokens}
    cluster: {accelerator: a100-sxm-80gb, count: 25000}
    efficiency: {mfu: 0.34, goodput: 0.9}
"""
    result = swept(text + "    matrix: {cluster.count: [64, 25000]}\n", tmp_path / "out")
    # States of 1.8e12 parameters at 16 to 18 bytes are some 30 TB: 64 x 80 GB = 5.1 TB do not hold them.
    assert [row["memory.fits"] for row in result.table().to_pylist()] == [0.0, None]
    check_rows(text, result, 2)


def test_a_deadline_that_no_count_meets_is_refused_case_by_case(tmp_path: Path) -> None:
    text = """\
version: 1
scenarios:
  late:
    kind: train
    model: llama-3.1-405b
    data: {tokens: 15T tokens}
    cluster: {accelerator: h100-sxm, wall_time: 60 d}
    efficiency: {mfu: 0.4}
    reliability: {interruptions: 1e-3 1/accelerator/h, restart: 1 h}
"""
    result = swept(text + "    matrix: {cluster.wall_time: [1 d, 60 d, 900 d, 5000 d]}\n", tmp_path / "out")
    statuses = result.table(["status"])["status"].to_pylist()
    assert "CC611" in statuses
    assert "ok" in statuses
    check_rows(text, result, 4)
