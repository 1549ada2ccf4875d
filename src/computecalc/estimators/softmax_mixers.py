"""Mixers that weigh keys by softmax: attention, latent attention, compressed attention, and their indexers."""

from __future__ import annotations

from computecalc.estimators.blocks import Block, Core
from computecalc.estimators.mixer_shapes import AttentionShape, CompressedShape, IndexerShape, LatentAttentionShape
from computecalc.estimators.trace import labelled
from computecalc.formulas.attention import (
    attention_product_flops,
    causal_context,
    chunked_context,
    compressed_context,
    compressed_full_context,
    full_context,
)
from computecalc.formulas.flops import total_flops
from computecalc.formulas.parameters import joined_width, total_width
from computecalc.formulas.table import Numeric
from computecalc.records import record

__all__ = ["attention_block", "compressed_block", "latent_attention_block", "softmax_core"]


def attention_block(mixer: AttentionShape, hidden: Numeric) -> Block:
    """List the matrices and vectors of softmax attention."""
    options = mixer.options
    block = Block()
    queries = joined_width(heads=mixer.heads, head_size=mixer.head_size)
    keys = joined_width(heads=mixer.kv_heads, head_size=mixer.head_size)
    values = joined_width(heads=mixer.kv_heads, head_size=mixer.value_head_size)
    outputs = joined_width(heads=mixer.heads, head_size=mixer.value_head_size)
    block.add("query", hidden, queries, bias=options.qkv_bias)
    if not options.reused_key_value:
        block.add("key", hidden, keys, bias=options.qkv_bias)
        if not options.shared_key_value:
            block.add("value", hidden, values, bias=options.qkv_bias)
    block.add("output", outputs, hidden, bias=options.output_bias)
    if options.output_gate:
        block.add("output gate", hidden, queries)
    if options.relative_positions:
        block.add("relative positions", hidden, queries)
        block.hold("relative position biases", queries, 2.0)
    if options.sinks:
        block.hold("sinks", mixer.heads)
    if options.qk_norm:
        per_head = options.qk_norm == "head"
        block.hold("query norm", mixer.head_size if per_head else queries)
        if not options.reused_key_value:
            block.hold("key norm", mixer.head_size if per_head else keys)
    if mixer.indexer is not None:
        # MiniMax-M3's: both projected from the hidden width, with a norm each.
        block.add("indexer query", hidden, _indexer_queries(mixer.indexer))
        block.add("indexer key", hidden, mixer.indexer.head_size)
        block.hold("indexer norms", mixer.indexer.head_size, 2.0)
    return block


def latent_attention_block(mixer: LatentAttentionShape, hidden: Numeric) -> Block:
    """List the matrices and vectors of multi-head latent attention."""
    block = Block()
    key_size = total_width(parts=(mixer.nope_head_size, mixer.rope_head_size))
    up_size = total_width(parts=(mixer.nope_head_size, mixer.value_head_size))
    queries = joined_width(heads=mixer.heads, head_size=key_size)
    values = joined_width(heads=mixer.heads, head_size=mixer.value_head_size)
    if mixer.query_rank is None:
        block.add("query", hidden, queries)
    else:
        block.add("query down", hidden, mixer.query_rank)
        block.add("query up", mixer.query_rank, queries)
        block.hold("compressed query norm", mixer.query_rank)
    block.add("key-value down", hidden, total_width(parts=(mixer.kv_rank, mixer.rope_head_size)))
    block.add("key-value up", mixer.kv_rank, joined_width(heads=mixer.heads, head_size=up_size))
    block.add("output", values, hidden)
    block.hold("compressed key-value norm", mixer.kv_rank)
    if mixer.output_gate:
        block.add("output gate", hidden, values)
    if mixer.indexer is not None and mixer.query_rank is not None:
        block.add("indexer query", mixer.query_rank, _indexer_queries(mixer.indexer))
        block.add("indexer key", hidden, mixer.indexer.head_size)
        block.add("indexer head weights", hidden, mixer.indexer.heads)
        # A layer norm: weight and bias.
        block.hold("indexer key norm", mixer.indexer.head_size, 2.0)
    return block


def compressed_block(mixer: CompressedShape, hidden: Numeric) -> Block:
    """List the matrices and vectors of DeepSeek-V4's attention."""
    block = Block()
    joined = joined_width(heads=mixer.heads, head_size=mixer.head_size)
    block.add("query down", hidden, mixer.query_rank)
    block.add("query up", mixer.query_rank, joined)
    block.add("key", hidden, mixer.head_size)
    # Block-diagonal: each group maps its own heads to `output_rank`, which is one matrix of all heads to one rank.
    block.add("output down", joined, mixer.output_rank)
    block.add("output up", joined_width(heads=mixer.output_groups, head_size=mixer.output_rank), hidden)
    block.hold("compressed query norm", mixer.query_rank)
    block.hold("key norm", mixer.head_size)
    block.hold("sinks", mixer.heads)
    if mixer.compression is not None:
        _add_compressor(block, "compressed", mixer.head_size, mixer, hidden)
    if mixer.indexer is not None:
        block.add("indexer query", mixer.query_rank, _indexer_queries(mixer.indexer))
        block.add("indexer head weights", hidden, mixer.indexer.heads)
        _add_compressor(block, "indexer", mixer.indexer.head_size, mixer, hidden)
    return block


def _add_compressor(block: Block, name: str, head_size: Numeric, mixer: CompressedShape, hidden: Numeric) -> None:
    """List what merges tokens into one key: the keys, a gate for each, and positions within a span."""
    # Spans that overlap by half have two sets of keys and gates, one for each half.
    width = head_size if mixer.indexer is None else joined_width(heads=2.0, head_size=head_size)
    block.add(f"{name} key", hidden, width)
    block.add(f"{name} gate", hidden, width)
    if mixer.compression is not None:
        block.vectors.append((f"{name} positions", width, mixer.compression))
    block.hold(f"{name} key norm", head_size)


def _indexer_queries(indexer: IndexerShape) -> Numeric:
    return joined_width(heads=indexer.heads, head_size=indexer.head_size)


@record
class _Seen:
    """Keys that a query sees on average, in tokens."""

    credited: Numeric
    full: Numeric
    """Without credit for the causal mask."""


def softmax_core(
    mixer: AttentionShape | LatentAttentionShape | CompressedShape, sequence_length: Numeric, *, crossing: bool = False
) -> Core:
    """Count the work between queries and keys.

    Parameters
    ----------
    mixer : AttentionShape or LatentAttentionShape or CompressedShape
        Its shape.
    sequence_length : numeric
        Length of the training sequences. [token]
    crossing : bool
        The keys are those of an encoder, all of which every query sees.

    Returns
    -------
    Core
        Forward work, the indexer's included. [FLOP/token]
    """
    if isinstance(mixer, AttentionShape):
        key_size, value_size = mixer.head_size, mixer.value_head_size
    elif isinstance(mixer, LatentAttentionShape):
        key_size = total_width(parts=(mixer.nope_head_size, mixer.rope_head_size))
        value_size = mixer.value_head_size
    else:
        key_size = value_size = mixer.head_size
    scores: list[Numeric] = []
    values: list[Numeric] = []
    full: list[Numeric] = []
    for seen in _keys_seen(mixer, sequence_length, crossing):
        for size, products, label in ((key_size, scores, "queries by keys"), (value_size, values, "scores by values")):
            work = attention_product_flops(heads=mixer.heads, head_size=size, context=seen.credited)
            products.append(labelled(work, label))
            full.append(attention_product_flops(heads=mixer.heads, head_size=size, context=seen.full))
    indexing, indexing_full = _indexing(mixer, sequence_length)
    return Core(
        scores=scores[0] if len(scores) == 1 else labelled(total_flops(parts=scores), "queries by keys"),
        work=labelled(total_flops(parts=(*scores, *values, *indexing)), "attention core"),
        full=total_flops(parts=(*full, *indexing_full)),
    )


def _keys_seen(
    mixer: AttentionShape | LatentAttentionShape | CompressedShape, sequence_length: Numeric, crossing: bool
) -> list[_Seen]:
    """Kinds of keys that a query sees: tokens, and for compressed attention compressed keys as well."""
    if isinstance(mixer, CompressedShape):
        local = _looking_back(sequence_length, mixer.window)
        far = _compressed(mixer, mixer.indexer, sequence_length)
        return [local, far] if far is not None else [local]
    if isinstance(mixer, AttentionShape):
        window = full_context(sequence_length=sequence_length, window=sequence_length)
        if crossing or mixer.options.bidirectional:
            return [_Seen(window, window)]
        if mixer.options.chunked and mixer.window is not None:
            seen = chunked_context(sequence_length=sequence_length, chunk=mixer.window)
            return [_Seen(seen, full_context(sequence_length=sequence_length, window=mixer.window))]
    stated = mixer.window if isinstance(mixer, AttentionShape) else None
    picked = None if mixer.indexer is None else mixer.indexer.keys
    limit = stated if stated is not None else picked
    return [_looking_back(sequence_length, sequence_length if limit is None else limit)]


def _looking_back(sequence_length: Numeric, window: Numeric) -> _Seen:
    return _Seen(
        causal_context(sequence_length=sequence_length, window=window),
        full_context(sequence_length=sequence_length, window=window),
    )


def _compressed(mixer: CompressedShape, indexer: IndexerShape | None, sequence_length: Numeric) -> _Seen | None:
    """Compressed keys seen: those that the indexer picks, or all of them."""
    if mixer.compression is None:
        return None
    keys = sequence_length if indexer is None else indexer.keys
    sizes = {"sequence_length": sequence_length, "compression": mixer.compression, "keys": keys}
    return _Seen(compressed_context(**sizes), compressed_full_context(**sizes))


def _indexing(
    mixer: AttentionShape | LatentAttentionShape | CompressedShape, sequence_length: Numeric
) -> tuple[list[Numeric], list[Numeric]]:
    """Work of the indexer, which scores every key: credited with the mask, and not."""
    indexer = mixer.indexer
    if indexer is None:
        return [], []
    seen: _Seen | None = _looking_back(sequence_length, sequence_length)
    if isinstance(mixer, CompressedShape):
        seen = _compressed(mixer, None, sequence_length)
    if seen is None:
        return [], []
    work = attention_product_flops(heads=indexer.heads, head_size=indexer.head_size, context=seen.credited)
    full = attention_product_flops(heads=indexer.heads, head_size=indexer.head_size, context=seen.full)
    return [labelled(work, "indexer")], [full]
