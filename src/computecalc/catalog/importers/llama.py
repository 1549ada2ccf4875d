"""Llama and the families that differ from it in a few keys: one attention, gated feed-forwards or experts."""

from __future__ import annotations

from computecalc.catalog.importers.reading import ConfigReader, Family
from computecalc.catalog.importers.shapes import (
    Shape,
    attention,
    decoder,
    dense,
    experts,
    layer_count,
    layer_kinds,
    sparse_layers,
    stated_window,
    windowed,
)

__all__ = ["FAMILIES", "qwen_sparse_layers"]

_LAYER_TYPES = {"full_attention": "attention", "sliding_attention": "windowed"}


def _llama(reader: ConfigReader) -> Shape:
    bias = reader.flag("attention_bias")
    mixer = attention(reader, qkv_bias=bias, output_bias=bias, window=stated_window(reader))
    mlp = dense(reader, bias=reader.flag("mlp_bias"))
    layers = [("attention", "mlp")] * layer_count(reader)
    return decoder(reader, mixers={"attention": mixer}, feed_forwards={"mlp": mlp}, layers=layers)


def _one_kind_of_experts(reader: ConfigReader, mixer: Shape, **options: bool) -> Shape:
    """Return a model with the same attention and the same experts in every layer."""
    feed_forward = experts(reader, count="num_local_experts", width="intermediate_size")
    layers = [("attention", "experts")] * layer_count(reader)
    return decoder(
        reader, mixers={"attention": mixer}, feed_forwards={"experts": feed_forward}, layers=layers, **options
    )


def _mixtral(reader: ConfigReader) -> Shape:
    return _one_kind_of_experts(reader, attention(reader, window=stated_window(reader)))


def _phimoe(reader: ConfigReader) -> Shape:
    bias = reader.flag("attention_bias")
    mixer = attention(reader, qkv_bias=bias, output_bias=bias, window=stated_window(reader))
    return _one_kind_of_experts(reader, mixer, norm_bias=True, head_bias=reader.flag("lm_head_bias"))


def _minimax_m2(reader: ConfigReader) -> Shape:
    return _one_kind_of_experts(reader, attention(reader, qk_norm="full" if reader.flag("use_qk_norm", True) else None))


def _olmoe(reader: ConfigReader) -> Shape:
    return _one_kind_of_experts(reader, attention(reader, qk_norm="full"))


def _grok(reader: ConfigReader) -> Shape:
    feed_forward = experts(reader, count="num_local_experts", width="intermediate_size")
    return decoder(
        reader,
        mixers={"attention": attention(reader)},
        feed_forwards={"experts": feed_forward},
        layers=[("attention", "experts")] * layer_count(reader),
        norms=4,
        tied=True,
    )


def _qwen_attentions(reader: ConfigReader, mixer: Shape, count: int) -> tuple[dict[str, Shape], list[str]]:
    """Return both kinds of attention, and which one each layer has."""
    stated = reader.optional("sliding_window")
    window = stated if reader.flag("use_sliding_window") else None
    first = reader.optional("max_window_layers") or 0

    def default(index: int) -> str:
        return "windowed" if window and index >= first else "attention"

    mixers = {"attention": mixer, "windowed": windowed(mixer, window)}
    return mixers, layer_kinds(reader, count, _LAYER_TYPES, default)


def qwen_sparse_layers(reader: ConfigReader, count: int) -> list[bool]:
    """Tell for each layer whether it has experts, by the keys of the Qwen families."""
    dense_layers = set(reader.items("mlp_only_layers", int) or ())
    step = reader.optional("decoder_sparse_step") or 1
    return [index not in dense_layers and (index + 1) % step == 0 for index in range(count)]


def _qwen(reader: ConfigReader, mixer: Shape) -> Shape:
    count = layer_count(reader)
    mixers, kinds = _qwen_attentions(reader, mixer, count)
    layers = [(kind, "mlp") for kind in kinds]
    return decoder(reader, mixers=mixers, feed_forwards={"mlp": dense(reader)}, layers=layers)


def _qwen2(reader: ConfigReader) -> Shape:
    return _qwen(reader, attention(reader, qkv_bias=reader.flag("attention_bias", True)))


def _qwen3_attention(reader: ConfigReader) -> Shape:
    bias = reader.flag("attention_bias")
    return attention(reader, qk_norm="head", qkv_bias=bias, output_bias=bias)


def _qwen3(reader: ConfigReader) -> Shape:
    return _qwen(reader, _qwen3_attention(reader))


def _qwen_experts(reader: ConfigReader, mixer: Shape) -> Shape:
    count = layer_count(reader)
    mixers, kinds = _qwen_attentions(reader, mixer, count)
    sparse = qwen_sparse_layers(reader, count)
    shared = reader.optional("shared_expert_intermediate_size")
    width = reader.optional("moe_intermediate_size")
    feed_forwards = {
        "experts": experts(
            reader,
            count="num_experts",
            width="moe_intermediate_size",
            shared_experts=1 if shared else 0,
            shared_width=shared if shared != width else None,
            shared_gate=shared is not None,
        ),
        "mlp": dense(reader, width=reader.optional("intermediate_size") or width),
    }
    layers = [(kind, "experts" if one else "mlp") for kind, one in zip(kinds, sparse, strict=True)]
    return decoder(reader, mixers=mixers, feed_forwards=feed_forwards, layers=layers)


def _qwen2_moe(reader: ConfigReader) -> Shape:
    return _qwen_experts(reader, attention(reader, qkv_bias=reader.flag("qkv_bias", True)))


def _qwen3_moe(reader: ConfigReader) -> Shape:
    return _qwen_experts(reader, _qwen3_attention(reader))


def _olmo(reader: ConfigReader) -> Shape:
    bias = reader.flag("attention_bias")
    return decoder(
        reader,
        mixers={"attention": attention(reader, qkv_bias=bias, output_bias=bias)},
        feed_forwards={"mlp": dense(reader)},
        layers=[("attention", "mlp")] * layer_count(reader),
        norms=0,  # its norms have no weights
        final_norms=0,
    )


def _olmo2(reader: ConfigReader) -> Shape:
    mixer = attention(reader, qk_norm="full")
    layers = [("attention", "mlp")] * layer_count(reader)
    return decoder(reader, mixers={"attention": mixer}, feed_forwards={"mlp": dense(reader)}, layers=layers)


def _cohere(reader: ConfigReader) -> Shape:
    count = layer_count(reader)
    mixer = attention(reader, qk_norm="heads" if reader.flag("use_qk_norm") else None)
    window = reader.optional("sliding_window")
    period = reader.optional("sliding_window_pattern") or 4

    def default(index: int) -> str:
        return "windowed" if window and (index + 1) % period else "attention"

    return decoder(
        reader,
        mixers={"attention": mixer, "windowed": windowed(mixer, window)},
        feed_forwards={"mlp": dense(reader)},
        layers=[(kind, "mlp") for kind in layer_kinds(reader, count, _LAYER_TYPES, default)],
        norms=1,  # attention and feed-forward start from the same normed input
        tied=True,
    )


def _glm(reader: ConfigReader, *, norms: int) -> Shape:
    mixer = attention(reader, qkv_bias=reader.flag("attention_bias", True))
    layers = [("attention", "mlp")] * layer_count(reader)
    return decoder(
        reader, mixers={"attention": mixer}, feed_forwards={"mlp": dense(reader)}, layers=layers, norms=norms
    )


def _glm4_moe(reader: ConfigReader) -> Shape:
    count = layer_count(reader)
    norm = "head" if reader.flag("use_qk_norm") else None
    mixer = attention(reader, qkv_bias=reader.flag("attention_bias"), qk_norm=norm)
    shared = reader.optional("n_shared_experts")
    feed_forwards = {
        "mlp": dense(reader),
        "experts": experts(reader, count="n_routed_experts", width="moe_intermediate_size", shared_experts=shared),
    }
    layers = [("attention", "experts" if one else "mlp") for one in sparse_layers(reader, count)]
    return decoder(reader, mixers={"attention": mixer}, feed_forwards=feed_forwards, layers=layers)


_GROUPED = frozenset({"n_group", "topk_group", "topk_method", "num_nextn_predict_layers"})
"""Routing among groups of experts, and layers that predict a token further: not part of the decoder."""

_M2_IGNORED = frozenset({"use_mtp", "mtp_transformer_layers", "num_mtp_modules"})

_GROK_IGNORED = frozenset(
    {"attn_output_multiplier", "embedding_multiplier_scale", "output_multiplier_scale", "max_attn_value"}
)

FAMILIES: dict[str, Family] = {
    "llama": Family(_llama),
    "mistral": Family(_llama),
    "ministral3": Family(_llama),
    "phi3": Family(_llama),
    "mixtral": Family(_mixtral, names={"num_local_experts": "num_experts"}),
    "phimoe": Family(_phimoe),
    "minimax_m2": Family(
        _minimax_m2,
        fixed={"shared_intermediate_size": (0,), "qk_norm_type": ("per_layer",)},
        ignored=_M2_IGNORED | {"attn_type_list"},
    ),
    "olmoe": Family(_olmoe, names={"num_local_experts": "num_experts"}, fixed={"attention_bias": (False,)}),
    "grok-1": Family(
        _grok,
        names={"num_local_experts": "num_experts", "num_experts_per_tok": "num_selected_experts"},
        ignored=_GROK_IGNORED,
    ),
    "qwen2": Family(_qwen2),
    "mimo": Family(_qwen2, ignored=frozenset({"num_nextn_predict_layers"})),
    "qwen2_moe": Family(_qwen2_moe),
    "qwen3": Family(_qwen3),
    "qwen3_vl_text": Family(_qwen3),
    "qwen3_moe": Family(_qwen3_moe, fixed={"use_qk_norm": (True,), "qkv_bias": (False,)}),
    "qwen3_vl_moe_text": Family(_qwen3_moe, fixed={"use_qk_norm": (True,), "qkv_bias": (False,)}),
    "olmo": Family(_olmo),
    "olmo2": Family(_olmo2, fixed={"attention_bias": (False,)}),
    "cohere": Family(_cohere, fixed={"attention_bias": (False,)}),
    "cohere2": Family(_cohere, fixed={"attention_bias": (False,), "layer_switch": (4,)}),
    "glm": Family(lambda reader: _glm(reader, norms=2)),
    "glm4": Family(lambda reader: _glm(reader, norms=4)),
    "glm4_moe": Family(_glm4_moe, ignored=_GROUPED),
}
