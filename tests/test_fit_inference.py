"""The fit of the serving model: it reads rows as they are meant, and finds constants that made them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from computecalc.catalog.lookup import Catalog

SCRIPTS = Path(__file__).parents[1] / "scripts"
FIRST = dict.fromkeys(("vllm", "tensorrt-llm", "sglang", "untuned"), (0.05, 0.1))

HEADER = (
    "id,kind,model,accelerator,tensor,data,expert,precision,engine,release,input,output,concurrency,tpot,ttft,"
    "output_tokens_per_s,count,source,source_version,suspicious,notes"
)
CLOSED = "inferencex-0001,closed,minimax-m2,b200-hgx,2,2,4,nvfp4,vllm,0.19.0,1024,512,64,7.25,61.5,,,s,v,,"
OFFLINE = "trtllm-0001,offline,qwen3-30b-a3b,gb200-nvl72,1,2,1,fp8,tensorrt-llm,1.0,128,2048,4096,,,30000,,s,v,,"
OPEN = "mlperf51-0012,offline,llama-2-70b,mi300x,,,,fp8,vllm,,294,301,,,,27804,8,s,v,,"
POWER_HEADER = (
    "id,model,model_as_printed,accelerator,count,parallelism,tensor,expert,attention_data,precision,input,output,"
    "concurrency,ttft_ms,tpot_ms,output_tokens_per_s,joule_per_output_token,accelerator_power_w,source,notes"
)
POWER = (
    "mlenergy-0665,gpt-oss-20b,x,h100-sxm,1,TP1 EP1 DP1,1,1,1,bf16,,400.5,16,,5.5,2900,0.17,490,s,"
    "vLLM; task=gpqa; max_num_seqs=16"
)


@pytest.fixture(autouse=True)
def scripts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    yield
    for name in [name for name in sys.modules if name.startswith(("serving_fit", "left_out_ranges"))]:
        del sys.modules[name]


def read(tmp_path: Path, *lines: str, power: tuple[str, ...] = ()) -> list[Any]:
    from serving_fit.rows import read_rows

    inference, measured = tmp_path / "measured_inference.csv", tmp_path / "power.csv"
    inference.write_text("\n".join((HEADER, *lines)) + "\n")
    measured.write_text("\n".join((POWER_HEADER, *power)) + "\n")
    return read_rows(tmp_path, measured, Catalog.open())


def test_rows_are_read_by_kind(tmp_path: Path) -> None:
    closed, offline, power = read(tmp_path, CLOSED, OFFLINE, power=(POWER,))
    assert (closed.kind, closed.engine, closed.precision, closed.suspect) == ("closed", "vllm", "nvfp4", False)
    assert (closed.tensor, closed.attention_data, closed.expert) == (2.0, 2.0, 4.0)
    assert (closed.interval, closed.first_token) == (0.00725, 0.0615)
    # 64 requests of 512 tokens in flight: 64 * 512 / (0.0615 + 512 * 0.00725) = 8684.
    assert closed.rate == pytest.approx(8684, abs=0.5)
    assert (offline.kind, offline.engine, offline.concurrency) == ("offline", "tensorrt-llm", 4096.0)
    assert (offline.tensor, offline.attention_data, offline.rate) == (1.0, 2.0, 30_000.0)
    # Weights of gpt-oss are 4 bits whatever the row says; 490 W are 70 % of 700 W; the row is on the list.
    assert (power.kind, power.precision, power.draw, power.suspect) == ("power", "mxfp4", 0.7, True)


def test_an_open_layout_is_the_one_that_the_estimate_chooses(tmp_path: Path) -> None:
    (row,) = read(tmp_path, OPEN)
    # 69 GB of weights fit on one accelerator of 192 GB, so that each of the eight is a replica.
    assert (row.tensor, row.attention_data, row.counted) == (1.0, 1.0, 1.0)
    assert row.rate == pytest.approx(27_804 / 8)
    assert row.concurrency > 500
    assert not row.is_reference


def test_a_power_row_without_a_task_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="mlenergy-0665: the notes name no task"):
        read(tmp_path, power=(POWER.replace("task=gpqa; ", ""),))


def test_a_generation_of_another_vendor_gets_its_own_factor(tmp_path: Path) -> None:
    from serving_fit.platforms import deviations, fitted_platforms
    from serving_fit.predicting import CENTRE, Model

    (row,) = read(tmp_path, OPEN)
    catalog = Catalog.open()
    found = float(Model([row], catalog).predicted(CENTRE, FIRST).rate[0])
    # Twice as slow as predicted: one cell against 0.3 without deviation leaves 2 ** (1 / 1.3) = 1.7043.
    model = Model([replace(row, rate=found / 2)] * 3, catalog)
    assert np.exp(deviations(model, CENTRE)) == pytest.approx([2.0] * 3)
    assert fitted_platforms(model, CENTRE, np.ones(3, dtype=bool)) == {"cdna3": pytest.approx(1.7043, abs=1e-4)}
    # With the factor the time is 1.7043 times that of the model.
    corrected = model.predicted(CENTRE, FIRST, {"cdna3": 1.7043}).rate[0]
    assert corrected == pytest.approx(found / 1.7043, rel=1e-3)


def test_a_range_holds_the_rows_of_other_pairs() -> None:
    from left_out_ranges import COVERED
    from serving_fit.judging import Columns, spread

    random = np.random.default_rng(1)
    count = 400
    pairs = [f"pair {place % 20}" for place in range(count)]
    # Pairs differ from each other as much as rows within one do.
    ratios = np.exp(np.repeat(random.normal(0, 0.2, 20)[None], 20, 0).ravel() + random.normal(0, 0.2, count))
    every = np.ones(count, dtype=bool)
    columns = Columns(np.full(count, "closed"), ~every, every, np.full(count, "hopper"), pairs, every)
    found = spread(columns, every, ratios, pairs)["dense"]
    assert found.covered >= COVERED
    assert found.level <= 0.1
    assert found.range.low < 1.0 < found.range.high
    inside = np.mean((found.range.low <= ratios) & (ratios <= found.range.high))
    assert inside == pytest.approx(1 - 2 * found.level, abs=0.01)


def test_constants_that_made_the_rows_are_found(tmp_path: Path) -> None:
    from serving_fit.fitting import fitted
    from serving_fit.predicting import CENTRE, NAMES, SPREAD, Model

    (row,) = read(tmp_path, CLOSED)
    made = [
        replace(row, concurrency=float(asked), prompt=prompt, tensor=tensor, attention_data=1.0, precision=precision)
        for asked in (1, 4, 16, 64, 256)
        for prompt in (128.0, 8192.0)
        for tensor in (1.0, 4.0)
        for precision in ("fp8", "nvfp4")
    ]
    # Everything slower than its prior by one spread.
    truth = CENTRE + SPREAD * np.array([-1.0 if name.endswith("efficiency") else 1.0 for name in NAMES])
    rows = [
        replace(one, interval=float(each))
        for one, each in zip(made, Model(made, Catalog.open()).intervals(truth), strict=True)
    ]
    model = Model(rows, Catalog.open())
    before = np.abs(np.log(model.intervals(CENTRE) / model.measured(CENTRE)))
    found = fitted(model, np.ones(len(rows), dtype=bool))
    after = np.abs(np.log(model.intervals(found) / model.measured(found)))
    assert before.mean() > 0.15
    assert after.mean() < 0.03
    # What these rows do not touch stays with its prior.
    for name in ("latent_overhead", "sglang.overhead", "offline_factor"):
        assert found[NAMES.index(name)] == CENTRE[NAMES.index(name)]


def test_a_power_curve_is_found() -> None:
    from serving_fit.power import draw, fitted_curve

    random = np.random.default_rng(0)
    memory, compute = random.uniform(0.0, 0.8, 60), random.uniform(0.0, 0.4, 60)
    measured = draw((0.43, 0.71, 0.97), memory, compute)
    found = fitted_curve(memory, compute, measured)
    assert np.abs(draw(found, memory, compute) / measured - 1).max() < 0.02


def test_first_tokens_find_their_engine_s_constants(tmp_path: Path) -> None:
    from serving_fit.first_token import fitted_first_token
    from serving_fit.predicting import CENTRE, ENGINES, Model

    (row,) = read(tmp_path, CLOSED)
    made = [replace(row, concurrency=float(asked)) for asked in (2, 8, 32, 128)]
    truth = dict.fromkeys(ENGINES, (0.05, 0.1))
    times = Model(made, Catalog.open()).predicted(CENTRE, truth).first_token
    rows = [replace(one, first_token=float(each)) for one, each in zip(made, times, strict=True)]
    found = fitted_first_token(Model(rows, Catalog.open()), CENTRE, np.ones(4, dtype=bool))
    assert found["vllm"] == pytest.approx((0.05, 0.1), rel=0.05)
    # An engine without rows takes the middle of those that have some.
    assert found["sglang"] == pytest.approx(found["vllm"])


def test_texts_are_catalog_files(tmp_path: Path) -> None:
    from left_out_ranges import Spread
    from serving_fit.judging import Columns, Errors, Own
    from serving_fit.predicting import CENTRE, ENGINES, values_of
    from serving_fit.verdict import INTERVAL, Verdict
    from serving_fit.writing import calibration_text, engines_text, priors_text, write

    from computecalc.catalog.indexing import scan
    from computecalc.units.ranges import Range

    first = {engine: (0.02 * place, 0.1) for place, engine in enumerate(ENGINES, start=1)}
    each, ends = Errors(7, 1.0, 2.0, 3.0, 1.0), Range(0.9, 1.0, 1.2)
    spreads = {label: Spread(ends, 0.07, 0.81, 7) for label in ("dense", "MoE, MLA")}
    within = {"dense": ends, "MoE, MLA": ends}
    subjects = {f"{INTERVAL}{more}, {label}": each for label in within for more in ("", ", power rows")}
    names = ("residual", "first_token_residual", "offline_residual")
    none: Any = None
    verdict = Verdict(
        by_pair=subjects,
        with_suspicious=subjects,
        by_generation=subjects,
        spreads=dict.fromkeys(names, spreads),
        within=dict.fromkeys(names[:2], within),
        own={"residual": {("dense", 2): Own(1.0, 2.0, 0.8)}},
        energy={"all dense": (each, each)},
        pairs=none,
        generations=none,
    )
    true = np.ones(2, dtype=bool)
    generations = np.array(["hopper", "cdna3"])
    columns = Columns(np.full(2, "closed"), ~true, true, generations, ["a", "b"], np.array([True, False]))
    curves = {"hopper": (0.6, 0.1, 1.2)}
    write(
        tmp_path,
        {
            "calibration/serving.yaml": calibration_text(values_of(CENTRE), verdict.note(columns), verdict.notes()),
            "engines/engines.yaml": engines_text(values_of(CENTRE), first),
            "priors/serving.yaml": priors_text(verdict, columns, {"cdna3": 1.5}, curves),
        },
    )
    index = scan(tmp_path).index
    assert sorted(index.entries["engine"]) == ["generic", "sglang", "tensorrt-llm", "vllm"]
    assert "serving-step" in index.entries["calibration"]
    priors = index.entries["prior"]
    assert priors["serving-residual-moe"].labels["structure"] == "moe"
    assert priors["serving-own-residual-dense"].labels["quantity"] == "serving.own_residual"
    assert priors["serving-measured-rows-hopper"].labels["generation"] == "hopper"
    assert priors["power-serving-base-hopper"].labels["generation"] == "hopper"
    text = (tmp_path / "priors" / "serving.yaml").read_text(encoding="utf-8")
    # The range of a generation is that of the others around its factor: 0.9 and 1.2 times 1.5.
    assert "value: 1.35..1.50..1.80" in text
    assert "percentiles 7 and 93 of 7 rows" in text
    assert "such a range of the other pairs holds 81% of the rows" in text


def test_the_shipped_table_of_predictions_is_of_the_shipped_rows() -> None:
    import csv

    folder = SCRIPTS.parent / "validation"
    with (folder / "serving_cross_validation.csv").open(encoding="utf-8", newline="") as stream:
        left_out = list(csv.DictReader(stream))
    assert tuple(left_out[0]) == ("id", "group_left_out", "generation_left_out")
    # Power rows are of a source without a licence: none of them may be among them.
    assert {line["id"].partition("-")[0] for line in left_out} == {
        *("inferencex", "trtllm", "mlperf41", "mlperf51", "tpu", "neuron")
    }
