"""Catalog models against published totals, and against an independent counter's table."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from computecalc.catalog.architecture import Architecture
from computecalc.catalog.lookup import Catalog
from computecalc.estimators.layers import count_model
from computecalc.estimators.shapes import ModelShape
from computecalc.formulas.flops import training_flops

Shaped = Callable[[Architecture], ModelShape]

CATALOG = Catalog.open()
WITH_LAYERS = [entry.id for entry in CATALOG.entries("model") if entry.architecture is not None]
WITH_ACTIVE = [name for name in WITH_LAYERS if CATALOG.find("model", name).get("published.active_parameters")]
WITH_CLASS = [name for name in WITH_LAYERS if CATALOG.find("model", name).get("counted.parameters")]


@pytest.mark.parametrize(
    ("name", "sequence_length", "parameters", "active", "gflop_per_token"),
    [
        # The re-implementations that the table counts pad the vocabulary of 50,257 to 51,200.
        ("gpt3-175b", 2048.0, 174.58, 174.58, 1061.95),
        ("llama-3.1-8b", 8192.0, 8.03, 8.03, 51.47),
        ("llama-3.1-70b", 8192.0, 70.55, 70.55, 449.22),
        ("llama-3.1-405b", 8192.0, 405.85, 405.85, 2523.96),
        ("mixtral-8x7b", 4096.0, 46.70, 12.88, 79.71),
        ("qwen3-235b-a22b", 4096.0, 235.09, 22.19, 148.33),
        ("deepseek-v3", 4096.0, 671.03, 37.55, 250.45),
    ],
)
def test_golden_counts(
    shape: Shaped, name: str, sequence_length: float, parameters: float, active: float, gflop_per_token: float
) -> None:
    architecture = CATALOG.find("model", name).architecture
    assert architecture is not None
    if name == "gpt3-175b":
        architecture = architecture.model_copy(update={"vocab": 51200})
    found = count_model(shape(architecture), sequence_length)
    assert found.parameters == pytest.approx(parameters * 1e9, rel=1e-3)
    assert found.active == pytest.approx(active * 1e9, rel=1e-3)
    assert training_flops(forward=found.forward) == pytest.approx(gflop_per_token * 1e9, rel=1e-3)


@pytest.mark.parametrize("name", WITH_LAYERS)
def test_derived_totals_meet_the_published_ones(shape: Shaped, name: str) -> None:
    entry = CATALOG.find("model", name)
    assert entry.architecture is not None
    found = count_model(shape(entry.architecture), 4096.0)
    published = entry.fact("published.parameters").value.mid
    tolerance = entry.get("published.tolerance")
    allowed = 0.01 if tolerance is None else tolerance.value.mid
    assert found.parameters == pytest.approx(published, rel=allowed)
    # Tolerances are for rounding and for parts left out, not for wrong shapes.
    assert allowed <= 0.05


@pytest.mark.parametrize("name", WITH_CLASS)
def test_derived_totals_meet_the_count_on_the_model_s_own_class(shape: Shaped, name: str) -> None:
    entry = CATALOG.find("model", name)
    assert entry.architecture is not None
    counted = entry.fact("counted.parameters")
    assert counted.kind == "derived"
    assert count_model(shape(entry.architecture), 4096.0).parameters == pytest.approx(counted.value.mid, rel=1e-6)


@pytest.mark.parametrize("name", WITH_ACTIVE)
def test_derived_active_parameters_meet_the_published_ones(shape: Shaped, name: str) -> None:
    entry = CATALOG.find("model", name)
    published = entry.fact("published.active_parameters")
    assert entry.architecture is not None
    count = count_model(shape(entry.architecture), 4096.0)
    left_out = {
        "including embeddings": 0.0,
        "excluding input embedding": float(count.input_embedding),
        "excluding all embeddings": float(count.embeddings),
    }[entry.labels["active_convention"]]
    error = (float(count.active) - left_out) / published.value.mid - 1
    # An entry that is further off says so, by how much, and why.
    told = re.search(r"the derived count is ([\d.]+) % (above|below) it: .", published.note)
    assert (abs(error) > 0.02) == (told is not None)
    if told is not None:
        signed = float(told[1]) if told[2] == "above" else -float(told[1])
        assert 100 * error == pytest.approx(signed, abs=0.06)


def test_published_active_parameters_are_there_to_be_met() -> None:
    assert {"mixtral-8x7b", "deepseek-v3", "qwen3-235b-a22b", "kimi-k2", "kimi-k3", "glm-5"} <= set(WITH_ACTIVE)
    assert len(WITH_ACTIVE) == 42
    assert len(WITH_CLASS) == 91
    # 130 models, two of them known by their counts alone.
    assert len(WITH_LAYERS) == 128


@pytest.mark.parametrize(
    ("name", "core"),
    [
        # 36 layers of 32 states of 128 x 128, three products: 36 x 3,145,728. 12 layers of attention: two products of
        # 2 x 16 x 256 x 2048 = 16,777,216.
        ("qwen3-next-80b-a3b", 36 * 3_145_728 + 12 * 2 * 16_777_216),
        # 54 layers of 256 heads of 64, state 256, two products: 4 x 256 x 64 x 256 = 16,777,216. 10 layers of
        # attention: two products of 2 x 64 x 128 x 2048 = 33,554,432.
        ("nemotron-h-56b", 54 * 16_777_216 + 10 * 2 * 33_554_432),
        # 61 layers. 2048 of 4096 keys: 2048 (1 - 2048/8192) = 1536 a query; 2 x 128 x (192 + 128) x 1536. The indexer
        # scores 2048: 2 x 64 x 128 x 2048.
        ("deepseek-v3.2", 61 * (2 * 128 * 320 * 1536 + 2 * 64 * 128 * 2048)),
        # 43 layers with a window of 128: 128 (1 - 128/8192) = 126 keys. 21 layers pick 512 keys of 4 tokens:
        # 2048 (1 - 2048/8192) / 4 = 384, the indexer scores 512. 20 layers see 4096 / 2 / 128 = 16.
        (
            "deepseek-v4-flash",
            4 * 64 * 512 * (43 * 126 + 21 * 384 + 20 * 16) + 21 * 2 * 64 * 128 * 512,
        ),
        # 28 layers of 8192 channels, state 16: 4 x 8192 x 16. 4 of attention: two products of 2 x 32 x 128 x 2048.
        ("jamba-v0.1", 28 * 4 * 8192 * 16 + 4 * 2 * 16_777_216),
        # Encoder and cross-attention see 4096 keys, the decoder 2048: 15 x 4 x 32 x 64 x (4096 + 2048 + 4096).
        ("switch-c-2048", 15 * 4 * 32 * 64 * 10_240),
    ],
)
def test_cores_of_new_mixers(shape: Shaped, name: str, core: float) -> None:
    architecture = CATALOG.find("model", name).architecture
    assert architecture is not None
    assert count_model(shape(architecture), 4096.0).core == pytest.approx(core, rel=1e-12)
