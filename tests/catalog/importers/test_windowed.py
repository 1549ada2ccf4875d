"""What the keys of families with windowed layers change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from computecalc.catalog.architecture import Attention
from computecalc.catalog.importers.huggingface import ImportedModel
from computecalc.errors import Diagnostic
from tests.catalog.importers.conftest import GONE

Importing = Callable[..., ImportedModel]
Refusing = Callable[..., tuple[Diagnostic, ...]]


def counts(model: ImportedModel) -> dict[tuple[str | None, str | None], int]:
    return {(group.mixer, group.feed_forward): group.count for group in model.architecture.layers}


@pytest.mark.parametrize(
    ("name", "changes", "windowed", "full"),
    [
        ("gemma-2-9b", {}, 21, 21),
        ("gemma-2-9b", {"num_hidden_layers": 3}, 2, 1),
        ("gemma-3-1b", {}, 22, 4),
        ("gemma-3-1b", {"sliding_window_pattern": 13}, 24, 2),
        ("gemma-3-1b", {"layer_types": ["full_attention"] * 25 + ["sliding_attention"]}, 1, 25),
    ],
)
def test_layers_with_a_window(
    imported: Importing, name: str, changes: dict[str, Any], windowed: int, full: int
) -> None:
    assert counts(imported(name, **changes)) == {("windowed", "mlp"): windowed, ("full", "mlp"): full}


def test_gemma_3_leaves_out_what_is_usual(imported: Importing) -> None:
    mixer = imported("gemma-3-4b").architecture.mixers["windowed"]
    assert isinstance(mixer, Attention)
    assert (mixer.heads, mixer.kv_heads, mixer.head_size, mixer.window) == (8, 4, 256, 1024)


def test_every_sixth_layer_of_gemma_4_is_another_attention(imported: Importing) -> None:
    listed = imported("gemma-4-26b-a4b")
    assert counts(listed) == {("windowed", "feed_forward"): 25, ("full", "feed_forward"): 5}
    assert counts(imported("gemma-4-26b-a4b", layer_types=GONE)) == counts(listed)
    separate = imported("gemma-4-26b-a4b", attention_k_eq_v=False).architecture.mixers["full"]
    assert isinstance(separate, Attention)
    assert separate.shared_key_value is False


@pytest.mark.parametrize(
    ("key", "value"),
    [("hidden_size_per_layer_input", 256), ("num_kv_shared_layers", 10), ("use_double_wide_mlp", True)],
)
def test_parts_of_gemma_4_that_are_not_understood(refused: Refusing, key: str, value: Any) -> None:
    (problem,) = refused("gemma-4-26b-a4b", **{key: value})
    assert (problem.code, problem.message.split(" is ")[0]) == ("CC303", f"the key `{key}`")


def test_gpt_oss_alternates_where_the_layers_are_not_listed(imported: Importing) -> None:
    assert imported("gpt-oss-20b", layer_types=GONE).architecture == imported("gpt-oss-20b").architecture


def test_llama_4_by_rule_and_by_list(imported: Importing) -> None:
    maverick = counts(imported("llama-4-maverick"))
    # Every fourth of 48 layers sees everything, every second has experts: all that see everything do.
    assert maverick == {("windowed", "mlp"): 24, ("windowed", "experts"): 12, ("full", "experts"): 12}
    listed = imported("llama-4-maverick", no_rope_layers=[1] * 47 + [0], moe_layers=[0, 47])
    assert counts(listed) == {("windowed", "experts"): 1, ("windowed", "mlp"): 46, ("full", "experts"): 1}


def test_sinks_and_windows_of_mimo(imported: Importing, refused: Refusing) -> None:
    mixers = imported("mimo-v2-flash", add_swa_attention_sink_bias=False, sliding_window=GONE).architecture.mixers
    windowed = mixers["windowed"]
    assert isinstance(windowed, Attention)
    assert (windowed.sinks, windowed.window, windowed.value_head_size) == (False, 128, 128)
    (problem,) = refused("mimo-v2-flash", hybrid_layer_pattern=GONE)
    assert problem.message == "the key `hybrid_layer_pattern` is missing"
