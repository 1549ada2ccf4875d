"""Decoders from before Llama, with biases and plain feed-forwards, and two that kept their keys' names."""

from __future__ import annotations

from typing import Any

from computecalc.catalog.importers.reading import ConfigReader, Family, key_set
from computecalc.catalog.importers.shapes import Shape, attention, decoder, dense, layer_count, stated_window

__all__ = ["FAMILIES"]


def _plain(reader: ConfigReader, mixer: Shape, mlp: Shape, **options: Any) -> Shape:
    """Return a model with the same attention and dense feed-forward in every layer."""
    layers = [("attention", "mlp")] * layer_count(reader)
    return decoder(
        reader, mixers={"attention": mixer}, feed_forwards={"mlp": mlp}, layers=layers, norm_bias=True, **options
    )


def _four_times(reader: ConfigReader, *, bias: bool) -> Shape:
    """Return the feed-forward, four times as wide as the model where its width is not stated."""
    width = reader.optional("intermediate_size") or 4 * reader.size("hidden_size")
    return dense(reader, gated=False, bias=bias, width=width)


def _gpt2(reader: ConfigReader) -> Shape:
    mixer = attention(reader, qkv_bias=True, output_bias=True)
    positions = reader.size("max_position_embeddings")
    return _plain(reader, mixer, _four_times(reader, bias=True), learned_positions=positions, tied=True)


def _gpt_neox(reader: ConfigReader) -> Shape:
    bias = reader.flag("attention_bias", True)
    return _plain(reader, attention(reader, qkv_bias=bias, output_bias=bias), dense(reader, gated=False, bias=True))


def _bloom(reader: ConfigReader) -> Shape:
    mixer = attention(reader, qkv_bias=True, output_bias=True)
    return _plain(reader, mixer, _four_times(reader, bias=True), embedding_norm=True, tied=True)


def _opt(reader: ConfigReader) -> Shape:
    bias = reader.flag("enable_bias", True)
    projected = reader.optional("word_embed_proj_dim")
    is_plain = projected in (None, reader.size("hidden_size"))
    hint = "describe the model by its layer groups instead"
    reader.require(is_plain, "word_embed_proj_dim", "is understood at the value of hidden_size only", hint)
    has_last_norm = not reader.flag("_remove_final_layer_norm")
    has_last_norm &= reader.flag("do_layer_norm_before", True)
    return _plain(
        reader,
        attention(reader, qkv_bias=bias, output_bias=bias),
        dense(reader, gated=False, bias=bias),
        # The table of positions starts two rows late.
        learned_positions=reader.size("max_position_embeddings") + 2,
        final_norms=None if has_last_norm else 0,
        tied=True,
    )


def _falcon(reader: ConfigReader) -> Shape:
    bias = reader.flag("bias")
    is_new = reader.flag("new_decoder_architecture")
    is_multi_query, is_parallel = reader.flag("multi_query", True), reader.flag("parallel_attn", True)
    mixer = attention(reader, qkv_bias=bias, output_bias=bias)
    if not is_new:
        mixer["kv_heads"] = 1 if is_multi_query else mixer["heads"]
    norms_in_parallel = reader.optional("num_ln_in_parallel_attn") or (2 if is_new else 1)
    norms = norms_in_parallel if is_parallel or is_new else 2
    return _plain(reader, mixer, _four_times(reader, bias=bias), norms=norms, tied=True)


def _phi(reader: ConfigReader) -> Shape:
    mixer = attention(reader, qkv_bias=True, output_bias=True)
    # Attention and feed-forward start from the same normed input.
    return _plain(reader, mixer, _four_times(reader, bias=True), norms=1, head_bias=True)


def _starcoder2(reader: ConfigReader) -> Shape:
    bias = reader.flag("use_bias", True)
    mixer = attention(reader, qkv_bias=bias, output_bias=bias, window=stated_window(reader))
    return _plain(reader, mixer, dense(reader, gated=False, bias=bias), tied=True)


def _nemotron(reader: ConfigReader) -> Shape:
    return _plain(reader, attention(reader), dense(reader, gated=False))


def _dbrx(reader: ConfigReader) -> Shape:
    heads = reader.section("attn_config")
    forward = reader.section("ffn_config", moe_num_experts=4, moe_top_k=1, ffn_hidden_size=3584)
    mixer = attention(reader) | {"kv_heads": heads.optional("kv_n_heads") or 1}
    divides = mixer["heads"] % mixer["kv_heads"] == 0
    heads.require(divides, "kv_n_heads", f"does not divide the {mixer['heads']} attention heads")
    feed_forward = {
        "type": "moe",
        "experts": forward.size("moe_num_experts"),
        "experts_per_token": forward.size("moe_top_k"),
        "width": forward.size("ffn_hidden_size"),
    }
    layers = [("attention", "experts")] * layer_count(reader)
    return decoder(reader, mixers={"attention": mixer}, feed_forwards={"experts": feed_forward}, layers=layers)


_GPT_NAMES = {
    "hidden_size": "n_embd n_embed",
    "num_hidden_layers": "n_layer",
    "num_attention_heads": "n_head",
    "intermediate_size": "n_inner",
    "max_position_embeddings": "n_positions",
}

_SCALING = frozenset({"scale_attn_weights", "scale_attn_by_inverse_layer_idx", "reorder_and_upcast_attn", "n_ctx"})

_BLOOM_IGNORED = key_set(
    "apply_residual_connection_post_layernorm slow_but_exact masked_softmax_fusion attention_softmax_in_fp32"
    " bias_dropout_fusion offset_alibi skip_bias_add skip_bias_add_qkv unk_token_id n_inner seq_length"
)

FAMILIES: dict[str, Family] = {
    "gpt2": Family(_gpt2, names=_GPT_NAMES, ignored=_SCALING),
    "gpt_neox": Family(_gpt_neox, ignored=frozenset({"use_parallel_residual"})),
    "bloom": Family(_bloom, names=_GPT_NAMES, ignored=_BLOOM_IGNORED),
    "opt": Family(
        _opt,
        names={"intermediate_size": "ffn_dim"},
        fixed={"layer_norm_elementwise_affine": (True,)},
    ),
    "falcon": Family(
        _falcon,
        names={
            **_GPT_NAMES,
            "num_key_value_heads": "num_kv_heads n_head_kv",
            "intermediate_size": "ffn_hidden_size",
        },
        ignored=frozenset({"activation", "alibi", "apply_residual_connection_post_layernorm"}),
    ),
    "phi": Family(_phi, names={"intermediate_size": "n_inner"}, fixed={"qk_layernorm": (False,)}),
    "starcoder2": Family(_starcoder2, fixed={"mlp_type": ("default",), "norm_type": ("layer_norm",)}),
    "nemotron": Family(_nemotron, fixed={"attention_bias": (False,), "mlp_bias": (False,)}),
    "dbrx": Family(
        _dbrx,
        names={
            "hidden_size": "d_model",
            "num_attention_heads": "n_heads",
            "num_hidden_layers": "n_layers",
            "max_position_embeddings": "max_seq_len",
        },
        ignored=key_set(
            "ffn_act_fn moe_loss_weight moe_normalize_expert_weights moe_jitter_eps rope_theta"
            " uniform_expert_assignment hidden_size num_key_value_heads"
        ),
    ),
}
