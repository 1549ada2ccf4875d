"""Values that are wrong, in the words of who must mend them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from computecalc.catalog.importers.huggingface import import_config
from computecalc.errors import Diagnostic, ScenarioError
from computecalc.yamlio.loading import load_text
from tests.catalog.importers.conftest import CONFIGS, GONE, changed_text

Refusing = Callable[..., tuple[Diagnostic, ...]]


@pytest.mark.parametrize(
    ("key", "value", "code", "message"),
    [
        ("hidden_size", GONE, "CC302", "the key `hidden_size` is missing"),
        ("vocab_size", GONE, "CC302", "the key `vocab_size` is missing"),
        ("num_hidden_layers", GONE, "CC302", "the key `num_hidden_layers` is missing"),
        ("hidden_size", 0, "CC302", "the key `hidden_size` is missing"),
        ("hidden_size", "big", "CC303", "the key `hidden_size` must be a whole number"),
        ("hidden_size", 16384.0, "CC303", "the key `hidden_size` must be a whole number"),
        ("num_attention_heads", True, "CC303", "the key `num_attention_heads` must be a whole number"),
        ("vocab_size", [1, 2], "CC303", "the key `vocab_size` must be a whole number"),
        ("hidden_size", -4, "CC303", "the key `hidden_size` must be from 1 to 1000000000"),
        ("vocab_size", 10**12, "CC303", "the key `vocab_size` must be from 1 to 1000000000"),
        ("num_hidden_layers", 10**8, "CC303", "the key `num_hidden_layers` must be from 1 to 10000"),
        ("attention_bias", 1, "CC303", "the key `attention_bias` must be true or false"),
        ("tie_word_embeddings", "no", "CC303", "the key `tie_word_embeddings` must be true or false"),
        ("num_key_value_heads", 7, "CC303", "the key `num_key_value_heads` does not divide the 128 attention heads"),
        ("num_attention_heads", 120, "CC303", "the key `hidden_size` is no multiple of the 120 heads"),
        (
            "add_cross_attention",
            True,
            "CC303",
            "the key `add_cross_attention` is understood as false only for model_type llama",
        ),
        # 0 is false to Python, but not to who wrote it.
        (
            "is_encoder_decoder",
            0,
            "CC303",
            "the key `is_encoder_decoder` is understood as false only for model_type llama",
        ),
    ],
)
def test_a_wrong_value_is_the_only_problem(refused: Refusing, key: str, value: Any, code: str, message: str) -> None:
    (problem,) = refused("llama-3.1-405b", **{key: value})
    assert (problem.code, problem.message) == (code, message)
    assert problem.span is not None
    assert problem.hint


def test_all_problems_come_in_one_pass_in_their_order(refused: Refusing) -> None:
    # Keys that are new come last; the missing one has no place but the start.
    problems = refused("llama-3.1-405b", vocab_size=GONE, hidden_size="big", rms_norm_ep=1e-5, tensor_size=3)
    assert [problem.message for problem in problems] == [
        "the key `vocab_size` is missing",
        "the key `hidden_size` must be a whole number",
        "the key `rms_norm_ep` is not understood for model_type llama",
        "the key `tensor_size` is not understood for model_type llama",
    ]


def test_two_names_of_one_thing_must_agree(refused: Refusing) -> None:
    (problem,) = refused("gpt-oss-20b", experts_per_token=8)
    assert problem.message == "the keys `num_experts_per_tok` and `experts_per_token` mean the same, but differ"


def test_a_section_is_read_like_the_rest(refused: Refusing) -> None:
    (missing,) = refused("dbrx", attn_config=GONE)
    assert (missing.code, missing.message) == ("CC302", "the key `attn_config` is missing")
    (wrong,) = refused("dbrx", attn_config=3)
    assert (wrong.code, wrong.message) == ("CC303", "the key `attn_config` must be a mapping")
    (unknown,) = refused("dbrx", attn_config={"kv_n_heads": 8, "kv_heads": 8})
    assert (unknown.code, unknown.message) == (
        "CC301",
        "the key `attn_config.kv_heads` is not understood for model_type dbrx",
    )
    (together,) = refused("dbrx", attn_config={"kv_n_heads": 7})
    assert together.message == "the key `attn_config.kv_n_heads` does not divide the 48 attention heads"


def test_lists_must_have_an_item_for_each_layer(refused: Refusing) -> None:
    (short,) = refused("mimo-v2-flash", hybrid_layer_pattern=[0, 1, 1])
    assert short.message == "the key `hybrid_layer_pattern` has 3 items for 48 layers"
    (mixed,) = refused("mimo-v2-flash", hybrid_layer_pattern=[0, "x"])
    assert mixed.message == "the key `hybrid_layer_pattern` must be a list of whole numbers"
    (word,) = refused("gpt-oss-20b", layer_types=["linear_attention"] * 24)
    assert word.message == "the key `layer_types` has the word `linear_attention`"


@pytest.mark.parametrize("name", sorted(path.stem for path in CONFIGS.glob("*.json")))
def test_nothing_in_a_file_is_an_internal_error(name: str) -> None:
    """Every key in turn holds what does not belong there: the answer is a model, or a diagnostic."""
    config = json.loads((CONFIGS / f"{name}.json").read_text(encoding="utf-8"))
    strange = ("x", -1, 10**30, [], [None], {"a": 1}, True, 1.5)
    refusals: list[Diagnostic] = []
    for index, key in enumerate(config.get("text_config", config)):
        text = changed_text(name, **{key: strange[index % len(strange)]})
        try:
            import_config(load_text(text, "config.json"))
        except ScenarioError as error:
            refusals += error.diagnostics
    assert len(refusals) >= 2
    assert all(problem.span is not None and problem.hint for problem in refusals)
