"""What the keys of DeepSeek's relatives change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from computecalc.catalog.architecture import MultiLatentAttention
from computecalc.catalog.importers.huggingface import ImportedModel
from computecalc.catalog.mixers import CompressedAttention
from computecalc.errors import Diagnostic
from tests.catalog.importers.conftest import GONE

Importing = Callable[..., ImportedModel]
Refusing = Callable[..., tuple[Diagnostic, ...]]


def counts(model: ImportedModel) -> dict[str | None, int]:
    return {group.feed_forward: group.count for group in model.architecture.layers}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"mlp": 3, "experts": 58}),
        ({"first_k_dense_replace": 0}, {"experts": 61}),
        ({"first_k_dense_replace": 61}, {"mlp": 61}),
        ({"moe_layer_freq": [0, 1] + [1] * 59}, {"mlp": 1, "experts": 60}),
        ({"mlp_layer_types": ["dense"] * 5 + ["sparse"] * 56}, {"mlp": 5, "experts": 56}),
        ({"n_routed_experts": None}, {"mlp": 61}),
    ],
)
def test_which_layers_have_experts(imported: Importing, changes: dict[str, Any], expected: dict[str, int]) -> None:
    assert counts(imported("deepseek-v3", **changes)) == expected


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("moe_layer_freq", 2, "the key `moe_layer_freq` is understood as 1 or a list only"),
        ("first_k_dense_replace", -1, "the key `first_k_dense_replace` must be a whole number"),
        ("mlp_layer_types", ["hash"] * 61, "the key `mlp_layer_types` has the word `hash`"),
        ("attention_bias", True, "the key `attention_bias` is understood as false only for model_type deepseek_v3"),
        ("kv_lora_rank", GONE, "the key `kv_lora_rank` is missing"),
    ],
)
def test_what_is_not_understood(refused: Refusing, key: str, value: Any, message: str) -> None:
    (problem,) = refused("deepseek-v3", **{key: value})
    assert problem.message == message


def test_queries_may_be_projected_directly(imported: Importing) -> None:
    mixers = [imported(name).architecture.mixers["attention"] for name in ("deepseek-v2-lite", "deepseek-v3")]
    assert all(isinstance(mixer, MultiLatentAttention) for mixer in mixers)
    assert [getattr(mixer, "query_rank", 0) for mixer in mixers] == [None, 1536]


def test_layers_that_share_an_indexer_are_refused(refused: Refusing) -> None:
    kinds = ["full"] * 3 + ["shared"] * 75
    (problem,) = refused("glm-5", indexer_types=kinds)
    assert problem.message == "the key `indexer_types` has layers that share an indexer, which is not understood"


def test_compression_by_layer(imported: Importing) -> None:
    architecture = imported("deepseek-v4-flash").architecture
    assert [(group.count, group.mixer) for group in architecture.layers] == [
        (2, "window"),
        (21, "choosing"),
        (20, "compressing-128"),
    ]
    mixers = {name: mixer for name, mixer in architecture.mixers.items() if isinstance(mixer, CompressedAttention)}
    assert {name: (mixer.compression, mixer.indexer is not None) for name, mixer in mixers.items()} == {
        "window": (None, False),
        "choosing": (4, True),
        "compressing-128": (128, False),
    }


def test_copies_of_the_residual_stream(imported: Importing) -> None:
    # Four streams of 4096: each of two mixings projects 16,384 to (2 + 4) x 4 = 24, with 24 biases and 3 scales;
    # at the end they are joined by 16,384 x 4, 4 biases and a scale.
    architecture = imported("deepseek-v4-flash").architecture
    assert {group.unlisted_parameters for group in architecture.layers} == {2 * (16_384 * 24 + 24 + 3)}
    assert architecture.unlisted_parameters == 16_384 * 4 + 4 + 1
    single = imported("deepseek-v4-flash", hc_mult=1).architecture
    assert (single.layers[0].unlisted_parameters, single.unlisted_parameters) == (0, 0)


def test_compression_must_be_stated_and_fit(refused: Refusing) -> None:
    (missing,) = refused("deepseek-v4-flash", compress_ratios=GONE)
    assert missing.message == "the key `compress_ratios` is missing"
    (short,) = refused("deepseek-v4-flash", compress_ratios=[0, 4])
    assert short.message == "the key `compress_ratios` has 2 items for 43 layers"
    (groups,) = refused("deepseek-v4-flash", o_groups=7)
    assert groups.message == "the key `o_groups` does not divide the 64 attention heads"
