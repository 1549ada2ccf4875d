"""Families that alternate between windowed and full attention: Gemma, gpt-oss, Llama 4, MiMo."""

from __future__ import annotations

from computecalc.catalog.importers.reading import ConfigReader, Family, key_set
from computecalc.catalog.importers.shapes import (
    Shape,
    attention,
    decoder,
    dense,
    experts,
    layer_count,
    layer_kinds,
    sparse_layers,
    windowed,
)

__all__ = ["FAMILIES"]

_LAYER_TYPES = {"full_attention": "full", "sliding_attention": "windowed"}

_LLAMA_4_PERIOD = 4
"""Every so many layers of Llama 4 have no positions and see everything, where the layers are not listed."""


def _gemma(reader: ConfigReader) -> Shape:
    bias = reader.flag("attention_bias")
    mixer = attention(reader, qkv_bias=bias, output_bias=bias)
    layers = [("attention", "mlp")] * layer_count(reader)
    return decoder(reader, mixers={"attention": mixer}, feed_forwards={"mlp": dense(reader)}, layers=layers, tied=True)


def _alternating_gemma(reader: ConfigReader, *, period: int, qk_norm: str | None) -> Shape:
    """Return Gemma 2 or 3: every `period`-th layer sees everything, and each block has a norm on both sides."""
    bias = reader.flag("attention_bias")
    mixer = attention(reader, qkv_bias=bias, output_bias=bias, qk_norm=qk_norm)
    period = reader.optional("sliding_window_pattern") or period

    def default(index: int) -> str:
        return "windowed" if (index + 1) % period else "full"

    return decoder(
        reader,
        mixers={"full": mixer, "windowed": windowed(mixer, reader.size("sliding_window"))},
        feed_forwards={"mlp": dense(reader)},
        layers=[(kind, "mlp") for kind in layer_kinds(reader, layer_count(reader), _LAYER_TYPES, default)],
        norms=4,
        tied=True,
    )


def _gemma4(reader: ConfigReader) -> Shape:
    local = attention(reader, qk_norm="head")
    full = local | {
        "kv_heads": reader.optional("num_global_key_value_heads") or local["kv_heads"],
        "head_size": reader.optional("global_head_dim") or local["head_size"],
    }
    divides = local["heads"] % full["kv_heads"] == 0
    reader.require(divides, "num_global_key_value_heads", "does not divide the attention heads")
    if reader.flag("attention_k_eq_v"):
        full["shared_key_value"] = True
    has_experts = reader.flag("enable_moe_block")
    feed_forward = dense(reader)
    unlisted = 0
    if has_experts:
        names = {"count": "num_experts", "width": "moe_intermediate_size", "top": "top_k_experts"}
        feed_forward = experts(reader, **names, parallel_dense_width=feed_forward["width"])
        # The router scales its input, one weight a channel, and each expert's output, one weight an expert.
        unlisted = reader.size("hidden_size") + feed_forward["experts"]
    else:
        reader.pass_over("num_experts moe_intermediate_size expert_intermediate_size top_k_experts")
    kinds = layer_kinds(
        reader, layer_count(reader), _LAYER_TYPES, lambda index: "windowed" if (index + 1) % 6 else "full"
    )
    return decoder(
        reader,
        mixers={"windowed": windowed(local, reader.size("sliding_window")), "full": full},
        feed_forwards={"feed_forward": feed_forward},
        layers=[(kind, "feed_forward") for kind in kinds],
        norms=7 if has_experts else 4,
        unlisted=unlisted,
        tied=True,
    )


def _gpt_oss(reader: ConfigReader) -> Shape:
    bias = reader.flag("attention_bias", True)
    mixer = attention(reader, qkv_bias=bias, output_bias=bias, sinks=True)
    routed = experts(reader, count="num_local_experts", width="intermediate_size", bias=True, router_bias=True)
    kinds = layer_kinds(reader, layer_count(reader), _LAYER_TYPES, lambda index: "full" if index % 2 else "windowed")
    return decoder(
        reader,
        mixers={"windowed": windowed(mixer, reader.size("sliding_window")), "full": mixer},
        feed_forwards={"experts": routed},
        layers=[(kind, "experts") for kind in kinds],
    )


def _llama4(reader: ConfigReader) -> Shape:
    count = layer_count(reader)
    bias = reader.flag("attention_bias")
    mixer = attention(reader, qkv_bias=bias, output_bias=bias)
    positions = reader.items("no_rope_layers", int, count) or [
        int((index + 1) % _LLAMA_4_PERIOD != 0) for index in range(count)
    ]
    words = {"full_attention": "full", "chunked_attention": "windowed"}
    kinds = layer_kinds(reader, count, words, lambda index: "windowed" if positions[index] else "full")
    step = reader.optional("interleave_moe_layer_step") or 1
    listed = reader.items("moe_layers", int)
    sparse = [index in listed if listed is not None else (index + 1) % step == 0 for index in range(count)]
    feed_forwards = {
        "mlp": dense(reader, width=reader.size("intermediate_size_mlp")),
        "experts": experts(reader, count="num_local_experts", width="intermediate_size", shared_experts=1),
    }
    chunked = windowed(mixer, reader.size("attention_chunk_size"), chunked=True)
    layers = [(kind, "experts" if one else "mlp") for kind, one in zip(kinds, sparse, strict=True)]
    return decoder(reader, mixers={"windowed": chunked, "full": mixer}, feed_forwards=feed_forwards, layers=layers)


def _mimo_v2(reader: ConfigReader) -> Shape:
    count = layer_count(reader)
    full = attention(
        reader, value_head_size=reader.optional("v_head_dim"), sinks=reader.flag("add_full_attention_sink_bias")
    )
    local: Shape = {
        "type": "attention",
        "heads": reader.size("swa_num_attention_heads"),
        "kv_heads": reader.size("swa_num_key_value_heads"),
        "head_size": reader.size("swa_head_dim"),
        "value_head_size": reader.size("swa_v_head_dim"),
    }
    sinks = reader.flag("add_swa_attention_sink_bias")
    reader.demand("hybrid_layer_pattern")  # which layers have a window cannot be guessed
    pattern = reader.items("hybrid_layer_pattern", int, count) or [0] * count
    shared = reader.optional("n_shared_experts")
    routed = experts(reader, count="n_routed_experts", width="moe_intermediate_size", shared_experts=shared)
    sparse = sparse_layers(reader, count)
    layers = [
        ("windowed" if local_one else "full", "experts" if one else "mlp")
        for local_one, one in zip(pattern[:count], sparse, strict=True)
    ]
    return decoder(
        reader,
        mixers={"full": full, "windowed": windowed(local, reader.size("sliding_window"), sinks=sinks)},
        feed_forwards={"mlp": dense(reader), "experts": routed},
        layers=layers,
    )


_GEMMA_3_DEFAULTS = {
    "vocab_size": 262208,
    "num_attention_heads": 8,
    "num_key_value_heads": 4,
    "head_dim": 256,
    "sliding_window": 4096,
    "max_position_embeddings": 131072,
}
"""Published configurations of Gemma 3 leave out what equals these."""

_GEMMA_3 = Family(
    lambda reader: _alternating_gemma(reader, period=6, qk_norm="head"),
    names={"sliding_window_pattern": "_sliding_window_pattern"},
    defaults=_GEMMA_3_DEFAULTS,
    ignored=frozenset({"cache_implementation"}),
)

_GEMMA_4 = Family(
    _gemma4,
    names={"moe_intermediate_size": "expert_intermediate_size"},
    fixed={
        "hidden_size_per_layer_input": (0,),
        "num_kv_shared_layers": (0,),
        "use_double_wide_mlp": (False,),
        "attention_bias": (False,),
    },
    ignored=frozenset({"vocab_size_per_layer_input"}),
)

_LLAMA_4_IGNORED = key_set(
    "use_qk_norm no_rope_layer_interval attn_temperature_tuning floor_scale attn_scale for_llm_compressor"
    " router_aux_loss_coef"
)
"""Its norms of queries and keys have no weights."""

FAMILIES: dict[str, Family] = {
    "gemma": Family(_gemma, defaults={"head_dim": 256}),
    "gemma2": Family(
        lambda reader: _alternating_gemma(reader, period=2, qk_norm=None),
        names={"sliding_window": "sliding_window_size"},
        defaults={"head_dim": 256, "sliding_window": 4096},
        ignored=frozenset({"cache_implementation"}),
    ),
    "gemma3": _GEMMA_3,
    "gemma3_text": _GEMMA_3,
    "gemma4": _GEMMA_4,
    "gemma4_text": _GEMMA_4,
    "gpt_oss": Family(
        _gpt_oss,
        names={"num_experts_per_tok": "experts_per_token"},
        ignored=frozenset({"initial_context_length"}),
    ),
    "llama4": Family(_llama4, ignored=_LLAMA_4_IGNORED),
    "llama4_text": Family(_llama4, ignored=_LLAMA_4_IGNORED),
    "mimo_v2_flash": Family(
        _mimo_v2,
        names={"sliding_window": "sliding_window_size"},
        fixed={"attention_bias": (False,)},
        ignored=frozenset({"attention_chunk_size", "n_group", "topk_group", "topk_method"}),
    ),
}
