"""Published configurations: exact counts, the same numbers as the catalog's, and every key accounted for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from computecalc.catalog.architecture import Architecture
from computecalc.catalog.importers.huggingface import FAMILIES, ImportedModel, architecture_from_config, load_config
from computecalc.catalog.lookup import Catalog
from computecalc.errors import Diagnostic, DocumentError, ScenarioError, UsageError
from computecalc.yamlio.loading import load_text
from computecalc.yamlio.nodes import MappingNode
from tests.catalog.importers.conftest import CONFIGS, GONE, changed_text, counted

Importing = Callable[..., ImportedModel]
Refusing = Callable[..., tuple[Diagnostic, ...]]

CATALOG = Catalog.open()
NAMES = sorted(path.stem for path in CONFIGS.glob("*.json"))
IN_CATALOG = [name for name in NAMES if CATALOG.has("model", name)]

EXACT = {
    # Counted on the model's own class in transformers 5.23.0, without weights.
    "bloom-176b": 176_247_271_424,
    "command-r-35b": 34_980_831_232,
    "command-r-plus": 103_810_674_688,
    "deepseek-v2-lite": 15_706_484_224,
    "deepseek-v3": 671_026_404_352,
    "deepseek-v3.2": 671_877_929_216,
    "deepseek-v4-flash": 284_332_230_231,
    "falcon-40b": 41_303_293_952,
    "falcon-7b": 6_921_720_704,
    "gemma-2-9b": 9_241_705_984,
    "gemma-3-1b": 999_885_952,
    # That count is of a vocabulary of 262,144; the published configuration has 64 rows more, of 2560 weights each.
    "gemma-3-4b": 3_880_099_328 + 64 * 2560,
    "gemma-4-26b-a4b": 25_233_141_760,
    "gemma-4-31b": 30_697_345_280,
    "gemma-7b": 8_537_680_896,
    "glm-4.5": 352_797_814_784,
    "glm-5": 743_911_199_232,
    "gpt-neox-20b": 20_554_567_680,
    "gpt-oss-20b": 20_914_757_184,
    "gpt2-xl": 1_557_611_200,
    "jamba-v0.1": 51_570_323_328,
    "kimi-k2": 1_026_408_209_408,
    "llama-3.1-405b": 405_853_388_800,
    "llama-4-maverick": 400_711_848_960,
    "llama-4-scout": 107_769_861_120,
    "mimo-v2-flash": 308_778_768_832,
    "minimax-m2": 228_689_748_992,
    "minimax-m3": 426_174_565_632,
    "minimax-text-01": 456_089_655_296,
    "mistral-nemo-12b": 12_247_782_400,
    "mixtral-8x7b": 46_702_792_704,
    "nemotron-3-super-120b-a12b": 120_668_687_360,
    "nemotron-3-ultra-550b-a55b": 549_308_968_960,
    "nemotron-4-340b": 341_029_195_776,
    "nemotron-h-56b": 56_324_350_464,
    "olmo-2-7b": 7_298_617_344,
    "opt-66b": 65_719_701_504,
    "phi-3-medium": 13_960_238_080,
    "phi-3.5-moe": 41_873_153_344,
    "qwen2.5-7b": 7_615_616_512,
    "qwen3-30b-a3b": 30_532_122_624,
    "qwen3-8b": 8_190_735_360,
    "qwen3-next-80b-a3b": 79_674_391_296,
    "qwen3.5-27b": 26_895_998_464,
    "qwen3.5-35b-a3b": 34_660_610_688,
    "starcoder2-7b": 7_173_923_840,
    # By hand. Embeddings 2 x 32,000 x 4096 = 262,144,000; a layer 2 x 4096 x 4096 + 2 x 4096 x 1024 +
    # 3 x 4096 x 14,336 + 2 x 4096 = 218,112,000; 32 of them, and a last norm of 4096.
    "mistral-7b-v0.1": 7_241_732_096,
    # Embeddings 2 x 51,200 x 2560 = 262,144,000, bias of the head 51,200, last norm 5120; a layer
    # 4 x (2560 x 2560 + 2560) + 2 x 2560 x 10,240 + 10,240 + 2560 + 5120 = 78,671,360; 32 of them.
    "phi-2": 2_779_683_840,
    # Embeddings 2 x 50,304 x 4096 = 412,090,368; a layer 4 x 4096 x 4096 + 3 x 4096 x 11,008 = 202,375,168; 32 of them.
    "olmo-7b": 6_888_095_744,
    # Embeddings 2 x 50,304 x 2048 = 206,045,184; a layer 4 x 2048 x 2048 + 64 x 3 x 2048 x 1024 + 64 x 2048 +
    # 2 x 2048 + 2 x 2048 = 419,569,664; 16 of them, and a last norm of 2048.
    "olmoe-1b-7b": 6_919_161_856,
    # Embeddings 2 x 151,936 x 2048 = 622,329,856; a layer: attention 4 x 2048 x 2048 + 3 x 2048, experts
    # 60 x 3 x 2048 x 1408, shared expert 3 x 2048 x 5632 and its gate 2048, router 60 x 2048, norms 2 x 2048:
    # 570,560,512; 24 of them, and a last norm of 2048.
    "qwen1.5-moe-a2.7b": 14_315_784_192,
    # Embeddings 2 x 151,552 x 4096 = 1,241,513,984; a layer: 2 x 4096 x 4096 + 2 x 4096 x 256 + 4096 + 512,
    # 3 x 4096 x 13,696, four norms: 203,969,024; 40 of them, and a last norm of 4096.
    "glm-4-9b": 9_400_279_040,
    # Embeddings 2 x 100,352 x 6144 = 1,233,125,376; a layer 2 x 6144 x 6144 + 2 x 6144 x 1024 +
    # 16 x 3 x 6144 x 10,752 + 16 x 6144 + 2 x 6144 = 3,259,084,800; 40 of them, and a last norm of 6144.
    "dbrx": 131_596_523_520,
    # Inner width 5120. A layer: in 2 x 2560 x 5120, convolution 5 x 5120, projections of the state 5120 x 192, time
    # step 160 x 5120 + 5120, decay rates 16 x 5120, skip 5120, out 5120 x 2560, norm 2560: 41,244,160; 64 of them;
    # the tied embedding 50,280 x 2560 and a last norm.
    "mamba-2.8b": 2_768_345_600,
    # A layer: in 2560 x (2 x 5120 + 2 x 128 + 80), convolution 5 x 5376, three vectors of 80 heads, gated norm 5120,
    # out 5120 x 2560, norm 2560: 40,216,560; 64 of them; the tied embedding 50,288 x 2560 and a last norm.
    "mamba2-2.7b": 2_702_599_680,
}

SERVED_LONGER = {"deepseek-v3", "deepseek-v2-lite", "gemma-7b", "minimax-text-01"}
"""Models whose configuration allows a longer context than their publisher serves."""


def test_there_is_a_configuration_of_every_architecture() -> None:
    assert len(NAMES) >= 50
    types = {load_config(CONFIGS / f"{name}.json").model_type for name in NAMES}
    # The others read like one of these, by the same function.
    assert set(FAMILIES) - types == {
        "cohere2",
        "gemma3",
        "gemma4",
        "glm",
        "llama4",
        "mimo",
        "ministral3",
        "minimax",
        "minimax_m1",
        "minimax_m3_text",
        "qwen3_vl_moe_text",
        "qwen3_vl_text",
    }


@pytest.mark.parametrize("name", EXACT)
def test_counts_are_exact(imported: Importing, name: str) -> None:
    assert counted(imported(name).architecture).parameters == EXACT[name]


def test_all_others_are_in_the_catalog() -> None:
    assert set(NAMES) - set(EXACT) == {"grok-1", "kimi-k3"}
    assert {"grok-1", "kimi-k3"} <= set(IN_CATALOG)


def test_the_guide_names_every_model_type() -> None:
    guide = (CONFIGS.parents[2] / "docs" / "catalog-format.md").read_text(encoding="utf-8")
    assert [name for name in FAMILIES if f"`{name}`" not in guide] == []


def test_the_source_of_every_configuration_is_told() -> None:
    told = (CONFIGS / "SOURCES.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"`{name}`" not in told] == []


def layers(architecture: Architecture) -> list[str]:
    """Every group of layers with its shapes spelled out, whatever they are called."""
    spelled = []
    for group in architecture.layers:
        mixer = architecture.mixers[group.mixer].model_dump() if group.mixer else None
        shape = architecture.feed_forwards[group.feed_forward].model_dump() if group.feed_forward else None
        if shape is not None and shape["type"] == "moe" and shape["shared_width"] == shape["width"]:
            shape["shared_width"] = None  # says the same
        rest = group.model_dump(exclude={"mixer", "feed_forward"})
        spelled.append(repr((mixer, shape, rest)))
    return sorted(spelled)


def outside(architecture: Architecture) -> dict[str, Any]:
    return architecture.model_dump(exclude={"layers", "mixers", "feed_forwards"})


@pytest.mark.parametrize("name", IN_CATALOG)
def test_the_catalog_has_the_same_numbers(imported: Importing, name: str) -> None:
    entry = CATALOG.find("model", name)
    assert entry.architecture is not None
    found = imported(name)
    assert layers(found.architecture) == layers(entry.architecture)
    expected = outside(entry.architecture)
    if name == "gemma-3-4b":
        expected["vocab"] += 64
    assert outside(found.architecture) == expected
    published = entry.get("context_length")
    if published is not None and found.context_length is not None and name not in SERVED_LONGER:
        assert found.context_length == published.value.mid


@pytest.mark.parametrize("name", NAMES)
def test_a_key_that_nobody_knows_is_refused(refused: Refusing, name: str) -> None:
    (problem,) = refused(name, secret_sauce=3)
    assert problem.code == "CC301"
    assert problem.message.startswith("the key `secret_sauce` is not understood for model_type ")


def test_an_unknown_key_is_pointed_at() -> None:
    text = changed_text("llama-3.1-405b", num_key_value_head=8)
    lines = text.splitlines()
    with pytest.raises(ScenarioError) as caught:
        architecture_from_config(mapping(text))
    (problem,) = caught.value.diagnostics
    # The key is added last: it stands on the last line but one, after two blanks.
    assert problem.place == f"config.json:{len(lines) - 1}:3"
    assert problem.hint == "did you mean `num_key_value_heads`?"


def mapping(text: str) -> MappingNode:
    node = load_text(text, "config.json")
    assert isinstance(node, MappingNode)
    return node


def test_null_says_nothing(imported: Importing) -> None:
    assert imported("llama-3.1-405b", secret_sauce=None) == imported("llama-3.1-405b")


def test_a_key_beside_the_text_config_is_refused() -> None:
    config = json.loads((CONFIGS / "gemma-3-4b.json").read_text(encoding="utf-8")) | {"adapter_rank": 8}
    with pytest.raises(ScenarioError) as caught:
        architecture_from_config(mapping(json.dumps(config)))
    assert [each.message for each in caught.value.diagnostics] == [
        "the key `adapter_rank` is not understood beside text_config"
    ]


def test_what_is_not_counted_is_said(imported: Importing) -> None:
    assert imported("qwen3.5-27b").notes == (
        "Only the text decoder is counted.",
        "Layers that predict a token further are not counted.",
    )
    assert imported("kimi-k2").notes == ()


def test_only_the_whole_says_that_embeddings_are_tied() -> None:
    # Kimi K3's text decoder says so itself; taken out there, the whole still does.
    config = json.loads((CONFIGS / "kimi-k3.json").read_text(encoding="utf-8"))
    del config["text_config"]["tie_word_embeddings"]
    config["tie_word_embeddings"] = True
    assert architecture_from_config(mapping(json.dumps(config))).tied_embeddings is True


def test_the_class_stands_in_for_the_model_type(imported: Importing) -> None:
    assert imported("qwen3-30b-a3b", model_type=GONE).model_type == "qwen3_moe"
    # A copy of DeepSeek-V4 is called so by a serving engine.
    assert imported("deepseek-v4-flash", model_type="deepseek_ref").model_type == "deepseek_v4"
    assert imported("gpt2-xl", model_type=GONE).model_type == "gpt2"


def test_an_unknown_model_type_is_refused_with_the_known_ones(refused: Refusing) -> None:
    (problem,) = refused("llama-3.1-405b", model_type="lama", architectures=GONE)
    assert (problem.code, problem.message) == ("CC306", "configurations of model_type `lama` are not understood")
    assert problem.hint.startswith("did you mean llama or ")
    assert problem.hint.endswith(", ".join(sorted(FAMILIES)))


def test_no_model_type_is_refused(refused: Refusing) -> None:
    (problem,) = refused("llama-3.1-405b", model_type=GONE, architectures=GONE)
    assert (problem.code, problem.place) == ("CC302", "config.json:1:1")


@pytest.mark.parametrize("text", ["[1, 2]", '"llama"', "12"])
def test_a_file_that_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        architecture_from_config(load_text(text, "config.json"))  # type: ignore[arg-type]
    assert caught.value.diagnostics[0].message == "config.json is no configuration: it must be a mapping"


def test_files_that_cannot_be_read() -> None:
    with pytest.raises(UsageError, match="is a folder"):
        load_config(CONFIGS)
    with pytest.raises(UsageError, match="does not exist"):
        load_config(CONFIGS / "nowhere.json")
    with pytest.raises(DocumentError):
        load_text('{"model_type": "llama",', "config.json")
