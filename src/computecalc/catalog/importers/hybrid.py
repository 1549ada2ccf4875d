"""Families whose layers mix attention with linear recurrences and state spaces."""

from __future__ import annotations

import math
from collections import Counter

from computecalc.catalog.importers.deepseek import latent_attention
from computecalc.catalog.importers.llama import qwen_sparse_layers
from computecalc.catalog.importers.reading import MOST_LAYERS, ConfigReader, Family, key_set
from computecalc.catalog.importers.shapes import (
    Layer,
    Shape,
    attention,
    decoder,
    dense,
    experts,
    layer_count,
    layer_kinds,
    sparse_layers,
    stated_window,
)

__all__ = ["FAMILIES"]

_TIME_STEP_SHARE = 16
"""Channels of the hidden width for each of the time step's, where its rank is `auto`."""


def _qwen3_next(reader: ConfigReader) -> Shape:
    count = layer_count(reader)
    bias = reader.flag("attention_bias")
    full = attention(reader, qk_norm="head", output_gate=True, qkv_bias=bias, output_bias=bias)
    delta: Shape = {
        "type": "gated_delta",
        "key_heads": reader.size("linear_num_key_heads"),
        "value_heads": reader.size("linear_num_value_heads"),
        "key_head_size": reader.size("linear_key_head_dim"),
        "value_head_size": reader.size("linear_value_head_dim"),
        "convolution": reader.size("linear_conv_kernel_dim"),
    }
    divides = delta["value_heads"] % delta["key_heads"] == 0
    reader.require(divides, "linear_num_value_heads", "is no multiple of linear_num_key_heads")
    period = reader.optional("full_attention_interval") or 4
    words = {"full_attention": "full", "linear_attention": "delta"}
    kinds = layer_kinds(reader, count, words, lambda index: "delta" if (index + 1) % period else "full")
    if reader.has("num_experts"):
        sparse = qwen_sparse_layers(reader, count)
        shared, width = reader.optional("shared_expert_intermediate_size"), reader.optional("moe_intermediate_size")
        options: Shape = {"shared_experts": int(shared is not None), "shared_gate": shared is not None}
        routed = experts(
            reader,
            count="num_experts",
            width="moe_intermediate_size",
            shared_width=shared if shared != width else None,
            **options,
        )
        other = dense(reader, width=reader.optional("intermediate_size") or width)
        feed_forwards = {"experts": routed, "mlp": other}
    else:
        reader.items("mlp_only_layers", int)
        sparse, feed_forwards = [False] * count, {"mlp": dense(reader)}
    layers = [(kind, "experts" if one else "mlp") for kind, one in zip(kinds, sparse, strict=True)]
    return decoder(reader, mixers={"delta": delta, "full": full}, feed_forwards=feed_forwards, layers=layers)


def _rank(reader: ConfigReader, key: str) -> int:
    """Return the rank of the time step: a number, or `auto`."""
    return math.ceil(reader.size("hidden_size") / _TIME_STEP_SHARE) if reader.raw(key) == "auto" else reader.size(key)


def _jamba(reader: ConfigReader) -> Shape:
    count = layer_count(reader)
    mamba = {
        "type": "mamba",
        "expansion": reader.size("mamba_expand"),
        "state_size": reader.size("mamba_d_state"),
        "convolution": reader.size("mamba_d_conv"),
        "time_step_rank": _rank(reader, "mamba_dt_rank"),
        "inner_norms": True,
    }
    attention_period, attention_offset = _every(reader, "attn_layer")
    expert_period, expert_offset = _every(reader, "expert_layer")
    layers: list[Layer] = [
        (
            "attention" if index % attention_period == attention_offset else "mamba",
            "experts" if index % expert_period == expert_offset else "mlp",
        )
        for index in range(count)
    ]
    feed_forwards = {"mlp": dense(reader)}
    if reader.size("num_experts") > 1:
        feed_forwards["experts"] = experts(reader, count="num_experts", width="intermediate_size")
    else:  # the one expert is a dense feed-forward
        reader.pass_over("num_experts_per_tok")
        layers = [(mixer, "mlp") for mixer, _ in layers]
    return decoder(
        reader, mixers={"attention": attention(reader), "mamba": mamba}, feed_forwards=feed_forwards, layers=layers
    )


def _every(reader: ConfigReader, name: str) -> tuple[int, int]:
    """Return how often a kind of layer comes, and the number of the first."""
    offset = f"{name}_offset"
    return reader.size(f"{name}_period"), reader.optional(offset) or 0


def _mamba(reader: ConfigReader) -> Shape:
    mixer = {
        "type": "mamba",
        "expansion": reader.size("expand"),
        "state_size": reader.size("state_size"),
        "convolution": reader.size("conv_kernel"),
        "time_step_rank": _rank(reader, "time_step_rank"),
    }
    return _only(reader, mixer, tied=True)


def _mamba2(reader: ConfigReader) -> Shape:
    return _only(reader, _state_space(reader, heads="num_heads", head_size="head_dim", state="state_size"), tied=False)


def _only(reader: ConfigReader, mixer: Shape, *, tied: bool) -> Shape:
    """Return a model of this mixer alone: one norm a layer, no feed-forward."""
    layers: list[Layer] = [("mamba", None)] * layer_count(reader)
    return decoder(reader, mixers={"mamba": mixer}, feed_forwards={}, layers=layers, norms=1, tied=tied)


def _state_space(reader: ConfigReader, *, heads: str, head_size: str, state: str) -> Shape:
    found: Shape = {
        "type": "mamba2",
        "heads": reader.size(heads),
        "head_size": reader.size(head_size),
        "groups": reader.size("n_groups"),
        "state_size": reader.size(state),
        "convolution": reader.size("conv_kernel"),
    }
    divides = found["heads"] % found["groups"] == 0
    reader.require(divides, "n_groups", f"does not divide the {found['heads']} heads")
    return found


_NEMOTRON_LAYERS: dict[str, Layer] = {
    "mamba": ("mamba", None),
    "attention": ("attention", None),
    "mlp": (None, "mlp"),
    "moe": (None, "experts"),
}

_NEMOTRON_WORDS = {name: name for name in _NEMOTRON_LAYERS} | {
    "linear_attention": "mamba",
    "full_attention": "attention",
}

_NEMOTRON_LETTERS = {"M": "mamba", "*": "attention", "-": "mlp", "E": "moe"}


def _nemotron_layers(reader: ConfigReader) -> list[Layer]:
    """Return the layers, listed by words or by letters."""
    pattern = reader.raw("hybrid_override_pattern")
    words = reader.items("layers_block_type", str)
    count = reader.optional("num_hidden_layers", most=MOST_LAYERS) or len(words or str(pattern))
    if pattern is None:
        if words is None:  # what the layers are cannot be guessed
            reader.demand("hybrid_override_pattern")
            return [_NEMOTRON_LAYERS["mamba"]]
        kinds = layer_kinds(reader, count, _NEMOTRON_WORDS, lambda _: "mamba", key="layers_block_type")
        return [_NEMOTRON_LAYERS[kind] for kind in kinds]
    if not isinstance(pattern, str) or len(pattern) != count or set(pattern) - set(_NEMOTRON_LETTERS):
        reader.refuse("hybrid_override_pattern", "must have one of M, *, - or E for each layer", "M mamba, * attention")
        return [_NEMOTRON_LAYERS["mamba"]]
    return [_NEMOTRON_LAYERS[_NEMOTRON_LETTERS[letter]] for letter in pattern]


def _nemotron_h(reader: ConfigReader) -> Shape:
    layers = _nemotron_layers(reader)
    used = Counter(layers)
    feed_forwards: dict[str, Shape] = {}
    if _NEMOTRON_LAYERS["mlp"] in used:
        feed_forwards["mlp"] = dense(reader, gated=False)
    if _NEMOTRON_LAYERS["moe"] in used:
        shared = reader.optional("n_shared_experts")
        feed_forwards["experts"] = experts(
            reader,
            count="n_routed_experts",
            width="moe_intermediate_size",
            gated=False,
            shared_experts=shared,
            shared_width=reader.size("moe_shared_expert_intermediate_size") if shared else None,
            latent_width=reader.optional("moe_latent_size"),
        )
    mixers = {
        "mamba": _state_space(reader, heads="mamba_num_heads", head_size="mamba_head_dim", state="ssm_state_size"),
        "attention": attention(reader, window=stated_window(reader)),
    }
    return decoder(reader, mixers=mixers, feed_forwards=feed_forwards, layers=layers, norms=1)


def _minimax(reader: ConfigReader) -> Shape:
    count = layer_count(reader)
    full = attention(reader)
    lightning = {"type": "lightning", "heads": full["heads"], "head_size": full["head_size"]}
    flags = reader.items("attn_type_list", int, count)
    words = {"full_attention": "full", "linear_attention": "lightning"}

    def default(index: int) -> str:
        # Where neither list is written, every other layer has softmax attention, as in the class of the model.
        return "full" if (flags[index] if flags is not None else index % 2) else "lightning"

    return decoder(
        reader,
        mixers={"lightning": lightning, "full": full},
        feed_forwards={"experts": experts(reader, count="num_local_experts", width="intermediate_size")},
        layers=[(kind, "experts") for kind in layer_kinds(reader, count, words, default)],
    )


def _minimax_m3(reader: ConfigReader) -> Shape:
    count = layer_count(reader)
    full = attention(reader, qk_norm="head" if reader.flag("use_qk_norm", True) else None)
    sparse_config = reader.section("sparse_attention_config")
    frequency = sparse_config.items("sparse_attention_freq", int, count) or [1] * count
    if not sparse_config.flag("use_sparse_attention", True):
        frequency = [0] * count
    indexer = {
        "heads": sparse_config.size("sparse_num_index_heads"),
        "head_size": sparse_config.size("sparse_index_dim"),
        "keys": sparse_config.size("sparse_topk_blocks") * sparse_config.size("sparse_block_size"),
    }
    shared, width = reader.optional("shared_intermediate_size"), reader.optional("moe_intermediate_size")
    feed_forwards = {
        "mlp": dense(reader, width=reader.size("dense_intermediate_size")),
        "experts": experts(
            reader,
            count="num_local_experts",
            width="moe_intermediate_size",
            shared_experts=reader.optional("n_shared_experts"),
            shared_width=shared if shared != width else None,
        ),
    }
    layers = [
        ("sparse" if is_sparse else "full", "experts" if one else "mlp")
        for is_sparse, one in zip(frequency[:count], sparse_layers(reader, count), strict=True)
    ]
    mixers = {"full": full, "sparse": full | {"indexer": indexer}}
    return decoder(reader, mixers=mixers, feed_forwards=feed_forwards, layers=layers)


def _kimi_linear(reader: ConfigReader) -> Shape:
    count = layer_count(reader)
    linear = reader.section("linear_attn_config")
    # The layers are counted from 1 there.
    full_layers = set(linear.items("full_attn_layers", int) or ())
    delta_layers = set(linear.items("kda_layers", int) or ())
    once = not full_layers & delta_layers and full_layers | delta_layers == set(range(1, count + 1))
    linear.require(once, "kda_layers", f"and full_attn_layers must list each of {count} layers once", "counted from 1")
    delta: Shape = {
        "type": "kimi_delta",
        "heads": linear.size("num_heads"),
        "head_size": linear.size("head_dim"),
        "convolution": linear.size("short_conv_kernel_size"),
    }
    if linear.flag("use_full_rank_gate"):
        delta["full_rank_gate"] = True
    routed = experts(
        reader,
        count="num_experts",
        width="moe_intermediate_size",
        top="num_experts_per_token",
        shared_experts=reader.optional("num_shared_experts"),
        latent_width=reader.optional("routed_expert_hidden_size"),
        latent_norm=reader.flag("latent_moe_use_norm"),
    )
    layers = [
        ("full" if number in full_layers else "delta", "experts" if one else "mlp")
        for number, one in enumerate(sparse_layers(reader, count), start=1)
    ]
    return decoder(
        reader,
        mixers={"delta": delta, "full": latent_attention(reader, output_gate=reader.flag("mla_use_output_gate"))},
        feed_forwards={"mlp": dense(reader), "experts": routed},
        layers=layers,
    )


_MAMBA_NUMERICS = key_set(
    "use_mamba_kernels use_mambapy use_associative_scan residual_in_fp32 rescale_prenorm_residual chunk_size"
    " time_step_min time_step_max time_step_limit time_step_floor time_step_scale time_step_init_scheme"
    " mamba_hidden_act mlp_hidden_act mamba_ssm_cache_dtype mamba_ssm_dtype ssm_cfg fused_add_norm rms_norm"
    " pad_vocab_size_multiple"
)

_QWEN3_NEXT = Family(
    _qwen3_next,
    fixed={"attn_output_gate": (True,)},
    ignored=_MAMBA_NUMERICS | {"mtp_num_hidden_layers", "mtp_use_dedicated_embeddings", "output_gate_type"},
)

_MINIMAX = Family(
    _minimax,
    fixed={"shared_intermediate_size": (0,), "sliding_window": (), "use_qk_norm": (False,)},
    ignored=key_set(
        "block_size full_attn_alpha_factor full_attn_beta_factor linear_attn_alpha_factor linear_attn_beta_factor"
        " mlp_alpha_factor mlp_beta_factor layernorm_full_attention_alpha layernorm_full_attention_beta"
        " layernorm_linear_attention_alpha layernorm_linear_attention_beta layernorm_mlp_alpha layernorm_mlp_beta"
        " postnorm shared_moe_mode"
    ),
)

_MINIMAX_M3 = Family(
    _minimax_m3,
    fixed={"attention_output_gate": (False,), "qk_norm_type": ("per_head",)},
    ignored=key_set(
        "use_gemma_norm num_mtp_modules num_nextn_predict_layers intermediate_size sparse_disable_index_value"
        " sparse_init_block sparse_local_block sparse_score_type"
    ),
)

FAMILIES: dict[str, Family] = {
    "qwen3_next": _QWEN3_NEXT,
    "qwen3_5_text": _QWEN3_NEXT,
    "qwen3_5_moe_text": _QWEN3_NEXT,
    "jamba": Family(
        _jamba,
        fixed={"mamba_conv_bias": (True,), "mamba_proj_bias": (False,), "sliding_window": ()},
        ignored=_MAMBA_NUMERICS,
    ),
    "mamba": Family(
        _mamba,
        fixed={"use_bias": (False,), "use_conv_bias": (True,)},
        ignored=_MAMBA_NUMERICS | {"intermediate_size", "d_inner", "d_model", "n_layer"},
    ),
    "mamba2": Family(
        _mamba2,
        fixed={"use_bias": (False,), "use_conv_bias": (True,), "expand": (2,)},
        ignored=_MAMBA_NUMERICS | {"time_step_rank", "norm_before_gate"},
    ),
    "nemotron_h": Family(
        _nemotron_h,
        names={"head_dim": "attention_head_dim"},
        fixed={
            "attention_bias": (False,),
            "mlp_bias": (False,),
            "mamba_proj_bias": (False,),
            "use_bias": (False,),
            "use_conv_bias": (True,),
        },
        ignored=_MAMBA_NUMERICS
        | key_set(
            "n_group topk_group moe_shared_expert_overlap num_nextn_predict_layers mtp_hybrid_override_pattern"
            " mtp_layers_block_type time_step_rank expand intermediate_size moe_intermediate_size moe_latent_size"
            " moe_shared_expert_intermediate_size n_routed_experts n_shared_experts num_experts_per_tok"
        ),
    ),
    "minimax": _MINIMAX,
    "minimax_text_01": _MINIMAX,
    "minimax_m1": _MINIMAX,
    "minimax_m3": _MINIMAX_M3,
    "minimax_m3_text": _MINIMAX_M3,
    "kimi_linear": Family(
        _kimi_linear,
        names={"max_position_embeddings": "model_max_length"},
        fixed={"attention_bias": (False,)},
        ignored=key_set(
            "moe_renormalize moe_router_activation_func num_expert_group topk_group topk_method use_grouped_topk"
            " num_nextn_predict_layers num_key_value_heads head_dim qk_head_dim mla_use_nope gate_lower_bound"
            " activation_situ_beta activation_situ_linear_beta attn_res_block_size"
        ),
    ),
}
