"""Latent attention with experts: DeepSeek V2 to V4, Kimi K2 and GLM-5."""

from __future__ import annotations

from typing import Any

from computecalc.catalog.importers.reading import ConfigReader, Family, key_set
from computecalc.catalog.importers.shapes import Shape, decoder, dense, experts, layer_count, sparse_layers

__all__ = ["FAMILIES", "latent_attention"]

_CHOOSING_COMPRESSION = 4
"""Tokens merged into one key in the layers of DeepSeek-V4 that have an indexer; the others merge many more."""


def latent_attention(reader: ConfigReader, **options: Any) -> Shape:
    """Return multi-head latent attention; `options` are more of its keys, those that are false or None are left out."""
    query_rank = reader.optional("q_lora_rank")
    return {
        "type": "mla",
        "heads": reader.size("num_attention_heads"),
        **({"query_rank": query_rank} if query_rank else {}),
        "kv_rank": reader.size("kv_lora_rank"),
        "nope_head_size": reader.size("qk_nope_head_dim"),
        "rope_head_size": reader.size("qk_rope_head_dim"),
        "value_head_size": reader.size("v_head_dim"),
        **{key: value for key, value in options.items() if value},
    }


def _indexer(reader: ConfigReader) -> Shape:
    return {
        "heads": reader.size("index_n_heads"),
        "head_size": reader.size("index_head_dim"),
        "keys": reader.size("index_topk"),
    }


def _latent(reader: ConfigReader, mixer: Shape) -> Shape:
    """Return a model with one latent attention, leading dense layers, then experts."""
    count = layer_count(reader)
    if reader.optional("n_routed_experts") is None:
        sparse, feed_forwards = [False] * count, {"mlp": dense(reader)}
        reader.pass_over(_OF_EXPERTS)
    else:
        sparse = sparse_layers(reader, count)
        shared = reader.optional("n_shared_experts")
        routed = experts(reader, count="n_routed_experts", width="moe_intermediate_size", shared_experts=shared)
        feed_forwards = {"mlp": dense(reader), "experts": routed}
    layers = [("attention", "experts" if one else "mlp") for one in sparse]
    return decoder(reader, mixers={"attention": mixer}, feed_forwards=feed_forwards, layers=layers)


def _deepseek(reader: ConfigReader) -> Shape:
    return _latent(reader, latent_attention(reader))


def _deepseek_sparse(reader: ConfigReader) -> Shape:
    if "shared" in (reader.items("indexer_types", str) or ()):
        hint = "describe the model by its layer groups instead"
        reader.refuse("indexer_types", "has layers that share an indexer, which is not understood", hint)
    return _latent(reader, latent_attention(reader, indexer=_indexer(reader)))


def _compressed(reader: ConfigReader) -> dict[str, Shape]:
    """Return the three kinds of attention of DeepSeek-V4 by name."""
    window: Shape = {
        "type": "compressed",
        "heads": reader.size("num_attention_heads"),
        "head_size": reader.size("head_dim"),
        "query_rank": reader.size("q_lora_rank"),
        "output_groups": reader.size("o_groups"),
        "output_rank": reader.size("o_lora_rank"),
        "window": reader.size("sliding_window"),
    }
    divides = window["heads"] % window["output_groups"] == 0
    reader.require(divides, "o_groups", f"does not divide the {window['heads']} attention heads")
    return {"window": window, "choosing": window | {"indexer": _indexer(reader)}, "compressing": window}


def _deepseek_v4(reader: ConfigReader) -> Shape:
    count = layer_count(reader)
    reader.demand("compress_ratios")  # which layers compress cannot be guessed
    ratios = (reader.items("compress_ratios", int, count) or [0] * count)[:count]
    kinds = _compressed(reader)
    mixers: dict[str, Shape] = {}
    layers: list[tuple[str | None, str | None]] = []
    for ratio in ratios:
        kind = "window" if ratio == 0 else "choosing" if ratio == _CHOOSING_COMPRESSION else "compressing"
        name = kind if kind != "compressing" else f"compressing-{ratio}"
        mixers[name] = kinds[kind] | ({"compression": ratio} if ratio else {})
        layers.append((name, "experts"))
    routed = experts(
        reader,
        count="n_routed_experts",
        width="moe_intermediate_size",
        shared_experts=reader.optional("n_shared_experts"),
    )
    streams, hidden = reader.optional("hc_mult") or 1, reader.size("hidden_size")
    # Hyper-connections: `streams` copies of the residual stream. Before and after each of the two blocks of a layer
    # they are mixed with weights that a projection of all copies gives: to read, to write and to mix them, each with
    # a bias, and a scale for each of the three. At the end they are joined by one more projection with bias and scale.
    mixings = (2 + streams) * streams
    block = mixings * streams * hidden + mixings + 3
    joined = streams * streams * hidden + streams + 1
    extra: Shape = {"unlisted": 2 * block, "unlisted_parameters": joined} if streams > 1 else {}
    return decoder(reader, mixers=mixers, feed_forwards={"experts": routed}, layers=layers, **extra)


_OF_EXPERTS = (
    "n_shared_experts num_experts_per_tok moe_intermediate_size first_k_dense_replace moe_layer_freq mlp_layer_types"
)
"""Keys without meaning in a model without experts."""

_IGNORED = key_set(
    "n_group topk_group topk_method num_nextn_predict_layers num_key_value_heads head_dim qk_head_dim layer_types"
    " index_share_for_mtp_iteration index_skip_topk_offset moe_router_dtype indexer_rope_interleave"
)
"""Routing among groups, layers that predict a token further, sizes that follow from others, positions."""

_NO_BIAS = {"attention_bias": (False,), "mlp_bias": (False,)}

_SPARSE = Family(
    _deepseek_sparse,
    names={"n_routed_experts": "num_experts"},
    fixed={**_NO_BIAS, "index_topk_freq": (1,), "index_topk_pattern": ()},
    ignored=_IGNORED,
)

FAMILIES: dict[str, Family] = {
    "deepseek_v2": Family(_deepseek, fixed=_NO_BIAS, ignored=_IGNORED),
    "deepseek_v3": Family(_deepseek, fixed=_NO_BIAS, ignored=_IGNORED),
    "kimi_k2": Family(_deepseek, fixed=_NO_BIAS, ignored=_IGNORED),
    "deepseek_v32": _SPARSE,
    "glm_moe_dsa": _SPARSE,
    "deepseek_v4": Family(
        _deepseek_v4,
        fixed={**_NO_BIAS, "num_key_value_heads": (1,)},
        ignored=key_set(
            "topk_method num_nextn_predict_layers num_hash_layers qk_rope_head_dim hc_sinkhorn_iters expert_dtype"
        ),
    ),
}
