from __future__ import annotations

from typing import Any

import pytest

from computecalc.catalog.architecture import Architecture, Attention, DenseFeedForward, ExpertFeedForward
from computecalc.catalog.lookup import Catalog
from computecalc.catalog.shorthand import ModelCut, cut, model_from_config
from computecalc.errors import Diagnostic, ScenarioError

DENSE: dict[str, Any] = {"hidden": 512, "layers": 4, "heads": 8, "ffn": 2048, "gated": True, "vocab": 1000}
EXPERTS: dict[str, Any] = {
    "hidden": 512,
    "layers": 10,
    "heads": 8,
    "kv_heads": 2,
    "head_size": 128,
    "gated": True,
    "vocab": 1000,
    "tied_embeddings": True,
    "experts": 16,
    "experts_per_token": 2,
    "expert_ffn": 256,
    "shared_experts": 1,
}


def test_a_dense_model() -> None:
    model = model_from_config(DENSE)
    assert (model.hidden, model.vocab, model.tied_embeddings) == (512, 1000, False)
    # 512 / 8 = 64 wide heads; as many key heads as query heads.
    assert model.mixers == {"attention": Attention(heads=8, kv_heads=8, head_size=64)}
    assert model.feed_forwards == {"dense": DenseFeedForward(width=2048, gated=True)}
    assert [(g.count, g.mixer, g.feed_forward) for g in model.layers] == [(4, "attention", "dense")]


def test_a_model_with_experts_in_every_layer() -> None:
    model = model_from_config(EXPERTS)
    assert model.tied_embeddings is True
    assert model.mixers == {"attention": Attention(heads=8, kv_heads=2, head_size=128)}
    experts = ExpertFeedForward(experts=16, experts_per_token=2, width=256, gated=True, shared_experts=1)
    assert model.feed_forwards == {"experts": experts}
    assert [(g.count, g.feed_forward) for g in model.layers] == [(10, "experts")]


def test_dense_layers_come_before_the_experts() -> None:
    model = model_from_config({**EXPERTS, "dense_layers": 3, "ffn": 4096})
    assert [(g.count, g.feed_forward) for g in model.layers] == [(3, "dense"), (7, "experts")]
    assert model.feed_forwards["dense"] == DenseFeedForward(width=4096, gated=True)


def _without(config: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in config.items() if name != key}


def _only(caught: pytest.ExceptionInfo[ScenarioError]) -> Diagnostic:
    (diagnostic,) = caught.value.diagnostics
    return diagnostic


@pytest.mark.parametrize(
    ("config", "code", "message"),
    [
        (_without(DENSE, "gated"), "CC302", "the key `gated` is missing"),
        (_without(DENSE, "vocab"), "CC302", "the key `vocab` is missing"),
        (_without(DENSE, "ffn"), "CC302", "the key `ffn` is missing"),
        ({**DENSE, "heads": 7}, "CC303", "hidden (512) is not a multiple of heads (7)"),
        ({**DENSE, "kv_heads": 3}, "CC303", "heads (8) is not a multiple of kv_heads (3)"),
        ({**DENSE, "shared_experts": 1}, "CC303", "shared_experts belongs to a model with experts"),
        ({**DENSE, "dense_layers": 1}, "CC303", "dense_layers belongs to a model with experts"),
        (_without(EXPERTS, "experts_per_token"), "CC302", "the key `experts_per_token` is missing"),
        (_without(EXPERTS, "expert_ffn"), "CC302", "the key `expert_ffn` is missing"),
        ({**EXPERTS, "experts_per_token": 17}, "CC303", "experts_per_token (17) is more than experts (16)"),
        ({**EXPERTS, "ffn": 4096}, "CC303", "ffn is the width of dense layers, and there are none"),
        ({**EXPERTS, "dense_layers": 2}, "CC302", "the key `ffn` is missing"),
        (
            {**EXPERTS, "dense_layers": 10, "ffn": 64},
            "CC303",
            "dense_layers (10) leaves none of the 10 layers to the experts",
        ),
        ({**DENSE, "hiden": 512}, "CC301", "unknown key `hiden`"),
    ],
)
def test_what_cannot_be_is_refused(config: dict[str, Any], code: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        model_from_config(config)
    diagnostic = _only(caught)
    assert (diagnostic.code, diagnostic.message) == (code, message)


def test_the_wrong_key_is_marked() -> None:
    with pytest.raises(ScenarioError) as caught:
        model_from_config({**EXPERTS, "ffn": 4096})
    span = _only(caught).span
    assert span is not None
    assert "ffn" in span.document.line(span.line)
    assert "expert_ffn" not in span.document.line(span.line)


def _architecture(catalog: Catalog, name: str) -> Architecture:
    architecture = catalog.find("model", name).architecture
    assert architecture is not None
    return architecture


@pytest.mark.parametrize(("layers", "counts"), [(61, [3, 58]), (12, [3, 9]), (3, [3]), (2, [2])])
def test_a_cut_keeps_leading_groups_whole(catalog: Catalog, layers: int, counts: list[int]) -> None:
    whole = _architecture(catalog, "deepseek-v3")
    short = cut(whole, ModelCut(layers=layers))
    assert [group.count for group in short.layers] == counts
    assert [group.count for group in whole.layers] == [3, 58]
    assert (short.hidden, short.mixers, short.vocab) == (whole.hidden, whole.mixers, whole.vocab)


def test_a_cut_by_group(catalog: Catalog) -> None:
    short = cut(_architecture(catalog, "deepseek-v3"), ModelCut(layers=(1, 4)))
    assert [(group.count, group.feed_forward) for group in short.layers] == [(1, "mlp"), (4, "experts")]
    without_dense = cut(_architecture(catalog, "deepseek-v3"), ModelCut(layers=(0, 4)))
    assert [(group.count, group.feed_forward) for group in without_dense.layers] == [(4, "experts")]


def test_a_cut_may_change_the_vocabulary_alone(catalog: Catalog) -> None:
    changed = cut(_architecture(catalog, "llama-405b"), ModelCut(vocab=32000, tied_embeddings=True))
    assert (changed.vocab, changed.tied_embeddings, [group.count for group in changed.layers]) == (32000, True, [126])


@pytest.mark.parametrize("layers", [62, (3,), (4, 58), (0, 0), (3, 58, 1)])
def test_a_cut_only_takes_away(catalog: Catalog, layers: int | tuple[int, ...]) -> None:
    with pytest.raises(ScenarioError) as caught:
        cut(_architecture(catalog, "deepseek-v3"), ModelCut(layers=layers))
    assert _only(caught).code == "CC303"


def test_groups_with_different_mixers_are_cut_by_group_only() -> None:
    mixers = {name: {"type": "attention", "heads": 8, "kv_heads": 8, "head_size": 64} for name in ("wide", "near")}
    mixers["near"]["window"] = 128
    groups = [{"count": 18, "mixer": "near"}, {"count": 18, "mixer": "wide"}]
    fields = {"hidden": 512, "vocab": 1000, "tied_embeddings": False, "mixers": mixers, "layers": groups}
    whole = Architecture.model_validate(fields)
    with pytest.raises(ScenarioError) as caught:
        cut(whole, ModelCut(layers=12))
    assert _only(caught).hint == "state the layers of each group, at most [18, 18]"
    assert [group.count for group in cut(whole, ModelCut(layers=(6, 6))).layers] == [6, 6]
    assert cut(whole, ModelCut(layers=36)) == whole
