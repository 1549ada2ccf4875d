"""Slips that other tools have made, each caught by a number of ours."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from computecalc.catalog.architecture import Architecture, Attention
from computecalc.catalog.lookup import Catalog
from computecalc.estimators.footprint import FootprintInputs, footprint
from computecalc.estimators.inputs import Resolved, TrainInputs
from computecalc.estimators.layers import ModelCount, count_model
from computecalc.estimators.results import estimate
from computecalc.estimators.shapes import ModelShape
from computecalc.estimators.training import estimate_training
from computecalc.units.problems import QuantityProblem
from computecalc.units.registry import conversion_factor

Shaped = Callable[[Architecture], ModelShape]
Resolve = Callable[..., Resolved]
Run = Callable[..., TrainInputs]

CATALOG = Catalog.open()


def counted(shape: Shaped, name: str, sequence_length: float = 4096.0) -> ModelCount:
    architecture = CATALOG.find("model", name).architecture
    assert architecture is not None
    return count_model(shape(architecture), sequence_length)


def layer_model(**changes: object) -> Architecture:
    given: dict[str, object] = {
        "hidden": 8,
        "vocab": 100,
        "tied_embeddings": False,
        "mixers": {"mixer": Attention(heads=4, kv_heads=2, head_size=3)},
        "feed_forwards": {},
        "layers": ({"count": 1, "mixer": "mixer"},),
    }
    return Architecture.model_validate(given | changes)


def test_top_k_missing_from_the_work_of_experts(shape: Shaped) -> None:
    # Mixtral visits 2 experts of 3 x 4096 x 14,336 = 176,160,768 in each of 32 layers: 2 x 2 x 32 x 176,160,768 =
    # 22.55 GFLOP forward of 26.57; with top-1 half of it would be missing.
    found = counted(shape, "mixtral-8x7b")
    experts = 2 * 2 * 32 * 176_160_768.0
    # Attention 2 x 32 x 41,943,040, router 2 x 32 x 32,768, head 2 x 131,072,000, core 32 x 2 x 2 x 4096 x 2048.
    others = 2 * 32 * (41_943_040 + 32_768) + 2 * 131_072_000 + 32 * 4 * 4096 * 2048
    assert found.forward == pytest.approx(experts + others, rel=1e-9)


def test_work_counted_with_all_experts_instead_of_the_active_ones(shape: Shaped) -> None:
    # DeepSeek-V3: 250.45 GFLOP a token; 6 N with all 671.03 B parameters would be 4026.
    found = counted(shape, "deepseek-v3")
    assert 3 * float(found.forward) == pytest.approx(250.45e9, rel=1e-3)
    assert 6 * float(found.parameters) == pytest.approx(4026.2e9, rel=1e-3)


def test_head_size_assumed_to_be_hidden_over_heads(shape: Shaped) -> None:
    # Hidden 8 over 4 heads is 2, the heads are of 3: query 8 x 12, key and value 8 x 6 each, output 12 x 8 = 288,
    # not 8 x 8 + 2 x 8 x 4 + 8 x 8 = 192.
    found = count_model(shape(layer_model()), 10.0)
    assert found.parameters == 288 + 16 + 800 + 800 + 8
    # Two products of 2 x 4 heads x 3 x 5 keys.
    assert found.core == 240.0


def test_grouped_keys_taken_for_less_attention_work(shape: Shaped) -> None:
    single = layer_model(mixers={"mixer": Attention(heads=4, kv_heads=1, head_size=3)})
    assert count_model(shape(single), 10.0).core == 240.0


def test_input_embedding_counted_as_work(shape: Shaped) -> None:
    # The head works 2 x 800, the embedding is looked up: 2 x 288 + 240 + 1600.
    assert count_model(shape(layer_model()), 10.0).forward == 2416.0


def test_head_of_tied_embeddings_forgotten(shape: Shaped) -> None:
    assert count_model(shape(layer_model(tied_embeddings=True)), 10.0).forward == 2416.0


def test_backward_of_the_head_forgotten(run: Run, shape: Shaped) -> None:
    found = estimate_training(run(model=shape(layer_model()), sequence_length=10.0))
    # Three times all of the forward pass, the head's 1600 in it.
    assert found["compute.per_token"] == 3 * 2416.0


def test_bias_and_norms_counted_as_matrix_work(shape: Shaped) -> None:
    biased = layer_model(
        mixers={"mixer": Attention(heads=4, kv_heads=2, head_size=3, qkv_bias=True, output_bias=True)},
        norm_bias=True,
        head_bias=True,
    )
    assert count_model(shape(biased), 10.0).forward == 2416.0


def test_recomputed_work_counted_as_model_work(run: Run, shape: Shaped) -> None:
    plain = estimate_training(run(model=shape(layer_model()), sequence_length=10.0))
    again = estimate_training(run(model=shape(layer_model()), sequence_length=10.0, recompute="full"))
    assert again["compute.model"] == plain["compute.model"]
    assert again["time.wall"] == plain["time.wall"]
    # 3 x 2416 + 816 of the layers over 3 x 2416.
    assert again["hfu"] / plain["hfu"] == pytest.approx(8064 / 7248)


def test_selective_recompute_multiplied_by_the_layers_twice(run: Run, shape: Shaped) -> None:
    deep = layer_model(layers=({"count": 5, "mixer": "mixer"},))
    found = estimate_training(run(model=shape(deep), sequence_length=10.0, recompute="selective", tokens=1.0))
    # The core of five layers, once: 5 x 240.
    assert found["compute.hardware"] - found["compute.model"] == pytest.approx(1200.0)


@pytest.mark.parametrize("state", ["weights", "gradients", "optimizer"])
def test_a_state_not_divided_by_tensor_and_pipeline(run: Run, state: str) -> None:
    bare = {"expert": 1.0, "data": 1.0, "sharding": "none"}
    one = estimate_training(run(**bare, tensor=1.0, pipeline=1.0))
    cut = estimate_training(run(**bare, tensor=8.0, pipeline=4.0))
    name = f"memory.per_accelerator.{state}"
    assert one[name] / cut[name] == pytest.approx(32.0)


def test_a_state_sharded_twice_or_not_at_all(run: Run) -> None:
    layout = {"tensor": 2.0, "pipeline": 5.0, "expert": 1.0, "data": 10.0}
    found = estimate_training(run(**layout, sharding="full"))
    held = sum(float(found[f"memory.per_accelerator.{s}"]) for s in ("weights", "gradients", "optimizer"))
    # All states of one copy are on all 100 accelerators together, once: 18 GB / 100.
    assert held == pytest.approx(found["memory.model_states"] / 100.0)


def memory_of(run: Run, shape: Shaped, **changes: object) -> dict[str, float]:
    """Memory of five layers of the layer model, alone on one accelerator but for what is changed."""
    deep = layer_model(layers=({"count": 5, "mixer": "mixer"},))
    alone = {"tensor": 1.0, "pipeline": 1.0, "expert": 1.0, "data": 1.0, "sharding": "none"}
    found = estimate_training(run(model=shape(deep), sequence_length=10.0, **alone | changes))
    return {name: float(value) for name, value in found.items() if name.startswith("memory")}


def test_memory_taken_as_the_larger_of_activations_and_gradients(run: Run, shape: Shaped) -> None:
    found = memory_of(run, shape)
    parts = ("weights", "gradients", "optimizer", "activations", "buffers")
    assert found["memory.per_accelerator"] == sum(found[f"memory.per_accelerator.{part}"] for part in parts)


def test_gradients_of_a_layered_model_not_divided_by_tensor_and_pipeline(run: Run, shape: Shaped) -> None:
    # One layer of 288 + 16 on each of five stages, the embedding's 800 on the first, over two tensor ranks, 4 bytes.
    found = memory_of(run, shape, tensor=2.0, pipeline=5.0)
    assert found["memory.per_accelerator.gradients"] == 4 * (304 + 800) / 2


def test_scores_recomputed_selectively_multiplied_by_the_layers_twice(run: Run, shape: Shaped) -> None:
    # Five layers no longer keep 4 heads x 10 x 10 scores of 2 bytes; one layer at work brings them back, but less than
    # the head has at work.
    plain, again = memory_of(run, shape), memory_of(run, shape, recompute="selective")
    name = "memory.per_accelerator.activations"
    assert plain[name] - again[name] == 5 * 800


def test_logits_forgotten(run: Run, shape: Shaped) -> None:
    wide = layer_model(layers=({"count": 5, "mixer": "mixer"},), vocab=1100)
    found = memory_of(run, shape)
    more = estimate_training(
        run(model=shape(wide), sequence_length=10.0, tensor=1.0, pipeline=1.0, expert=1.0, data=1.0, sharding="none")
    )
    # 1000 words more: 10 tokens x (2 + 4) bytes each, and the fresh gradient of 8 x 1000.
    name = "memory.per_accelerator.activations"
    assert more[name] - found[name] == 1000 * 60 + 16_000


def test_sharding_assumed_where_there_is_none(run: Run) -> None:
    layout = {"tensor": 1.0, "pipeline": 1.0, "expert": 1.0, "data": 100.0}
    found = estimate_training(run(**layout, sharding="none"))
    assert found["memory.per_accelerator.optimizer"] == 12e9


def test_pue_applied_twice() -> None:
    found = footprint(
        FootprintInputs(
            power=1000.0,
            thermal_design=1000.0,
            draw=None,
            host_overhead=1.0,
            pue=1.5,
            grid_intensity=100.0 / 3.6e6,
            price=None,
        ),
        billed=3600.0,
        accelerators=1.0,
    )
    # One kWh inside is 1.5 kWh outside and 150 g, not 225 g.
    assert found["carbon.operational"] == pytest.approx(150.0)
    assert found["power.facility_peak"] == pytest.approx(1500.0)


def test_utilization_taken_for_power(run: Run) -> None:
    # MFU says how long, not how many watts: half the MFU is twice the energy at the same draw.
    fast, slow = estimate_training(run(mfu=0.4)), estimate_training(run(mfu=0.2))
    assert slow["power.accelerator"] == fast["power.accelerator"] == pytest.approx(560.0)
    assert slow["energy.facility"] / fast["energy.facility"] == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("accelerator", "figure", "dense"),
    [
        # Data sheets print twice these, with 2:4 sparsity.
        ("a100-sxm-80gb", "peak.bf16", 312e12),
        ("h100-sxm", "peak.bf16", 989.4e12),
        ("h100-sxm", "peak.fp8", 1978.9e12),
    ],
)
def test_sparse_peaks_taken_for_dense_ones(accelerator: str, figure: str, dense: float) -> None:
    assert CATALOG.find("accelerator", accelerator).fact(figure).value.mid == pytest.approx(dense, rel=2e-3)


@pytest.mark.parametrize(
    ("accelerator", "peak"),
    [
        # A chip has two cores of half of this each.
        ("tpu-v3", 123e12),
        ("tpu-v4", 275e12),
        ("tpu-v5p", 459e12),
    ],
)
def test_a_tpu_core_counted_as_a_chip(accelerator: str, peak: float) -> None:
    assert CATALOG.find("accelerator", accelerator).fact("peak.bf16").value.mid == pytest.approx(peak, rel=5e-3)


def test_gigabits_taken_for_gigabytes() -> None:
    assert conversion_factor("Gbit/s", "byte/s") == 0.125e9
    assert conversion_factor("Gbit/s", "GB/s") == 0.125
    # The short form is read as either by different people, so it is no unit here.
    with pytest.raises(QuantityProblem, match="unknown unit `Gb`"):
        conversion_factor("Gb/s", "GB/s")


def test_a_word_of_money_is_by_the_hour_not_by_the_second(resolved: Resolve) -> None:
    found = estimate(
        resolved(
            "{kind: train, model: {parameters: 1B params}, data: {tokens: 1T tokens}, "
            "cluster: {accelerator: a100-sxm-80gb, count: 8}, efficiency: {mfu: 0.5, goodput: 1}, "
            "site: {pue: 1, grid_intensity: 1 gCO2e/kWh}, power: {accelerator: 400 W, host_overhead: 1}, "
            "money: {price: 3.6 USD/accelerator/h}}"
        )
    )
    # 6e21 / (312e12 x 0.5) = 38,461,538 s at 0.001 USD.
    assert found.outputs["cost.total"].mid == pytest.approx(38_461.538, rel=1e-6)
