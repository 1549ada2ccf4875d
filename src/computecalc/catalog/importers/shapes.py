"""Parts that most families share, in the words of the catalog."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from computecalc.catalog.importers.reading import MOST_LAYERS, ConfigReader

__all__ = [
    "Layer",
    "Shape",
    "attention",
    "decoder",
    "dense",
    "experts",
    "layer_count",
    "layer_kinds",
    "sparse_layers",
    "stated_window",
    "windowed",
]

Shape = dict[str, Any]
Layer = tuple[str | None, str | None]
"""Names of the mixer and of the feed-forward of a layer."""


def layer_count(reader: ConfigReader) -> int:
    """Return the number of layers."""
    return reader.size("num_hidden_layers", most=MOST_LAYERS)


def attention(reader: ConfigReader, **options: Any) -> Shape:
    """Return softmax attention; `options` are more of its keys, those that are false or None are left out."""
    heads = reader.size("num_attention_heads")
    head_size = reader.optional("head_dim")
    if head_size is None:
        hidden = reader.size("hidden_size")
        reader.require(hidden % heads == 0, "hidden_size", f"is no multiple of the {heads} heads", "state head_dim")
        head_size = hidden // heads or 1
    kv_heads = reader.optional("num_key_value_heads") or heads
    reader.require(heads % kv_heads == 0, "num_key_value_heads", f"does not divide the {heads} attention heads")
    found: Shape = {"type": "attention", "heads": heads, "kv_heads": kv_heads, "head_size": head_size}
    return found | _stated(options)


def dense(reader: ConfigReader, *, gated: bool = True, bias: bool = False, width: int | None = None) -> Shape:
    """Return a dense feed-forward."""
    found: Shape = {"type": "dense", "width": width or reader.size("intermediate_size"), "gated": gated}
    return found | _stated({"bias": bias})


def experts(reader: ConfigReader, *, count: str, width: str, top: str = "num_experts_per_tok", **options: Any) -> Shape:
    """Return a mixture of experts; `count`, `width` and `top` are the keys that state it."""
    number, visited = reader.size(count), reader.size(top)
    reader.require(visited <= number, top, f"is more than the {number} experts", "no token visits an expert twice")
    found: Shape = {"type": "moe", "experts": number, "experts_per_token": visited, "width": reader.size(width)}
    return found | ({"gated": False} if options.get("gated") is False else {}) | _stated(options)


def _stated(options: Mapping[str, Any]) -> Shape:
    return {key: value for key, value in options.items() if value not in (None, False, 0)}


def stated_window(reader: ConfigReader) -> int | None:
    """Return the window of a family whose layers are all alike, None where it reaches over the whole context."""
    window, context = reader.optional("sliding_window"), reader.optional("max_position_embeddings")
    return None if window and context and window >= context else window


def windowed(mixer: Shape, window: int | None, **options: Any) -> Shape:
    """Return a mixer that looks back on a window only."""
    return mixer | _stated({"window": window, **options})


def layer_kinds(
    reader: ConfigReader,
    count: int,
    words: Mapping[str, str],
    default: Callable[[int], str],
    *,
    key: str = "layer_types",
) -> list[str]:
    """Return a name for each layer: what `words` makes of the listed words, else what `default` says of its number."""
    listed = reader.items(key, str, count)
    if listed is None:
        return [default(index) for index in range(count)]
    for word in dict.fromkeys(listed[:count]):
        if word not in words:
            reader.refuse(key, f"has the word `{word}`", f"understood: {', '.join(words)}")
    return [words.get(word, next(iter(words.values()))) for word in listed[:count]]


def sparse_layers(reader: ConfigReader, count: int) -> list[bool]:
    """Tell for each layer whether it has experts, by any of the keys that say so after DeepSeek's manner."""
    listed = reader.items("mlp_layer_types", str, count)
    first = reader.raw("first_k_dense_replace")
    frequency = reader.raw("moe_layer_freq")
    if isinstance(frequency, list):
        flags = reader.items("moe_layer_freq", int, count) or [1] * count
        return [flag != 0 for flag in flags[:count]]
    if frequency not in (None, 1):
        reader.refuse("moe_layer_freq", "is understood as 1 or a list only", "describe the model by its layer groups")
    if listed is not None:
        unknown = sorted(set(listed) - {"dense", "sparse"})
        if unknown:
            reader.refuse("mlp_layer_types", f"has the word `{unknown[0]}`", "understood: dense, sparse")
        return [word == "sparse" for word in listed[:count]]
    if first is not None and (isinstance(first, bool) or not isinstance(first, int) or first < 0):
        reader.refuse("first_k_dense_replace", "must be a whole number", "the number of leading dense layers")
        first = 0
    leading = int(first) if isinstance(first, int) else 0
    return [index >= leading for index in range(count)]


def decoder(
    reader: ConfigReader,
    *,
    mixers: Mapping[str, Shape],
    feed_forwards: Mapping[str, Shape],
    layers: Iterable[Layer],
    norms: int = 2,
    unlisted: int = 0,
    tied: bool = False,
    **outside: Any,
) -> Shape:
    """Return a whole model.

    Parameters
    ----------
    reader : ConfigReader
        States the widths and whether the embeddings are tied.
    mixers, feed_forwards : mapping
        Shapes by name; those that no layer uses are left out.
    layers : iterable of Layer
        One item a layer; equal ones become one group.
    norms : int
        Norms of each layer.
    unlisted : int
        Weights of each layer that no shape describes.
    tied : bool
        Whether the embeddings are tied where the configuration does not say.
    **outside
        More keys of an architecture.
    """
    groups = Counter(layers)
    used_mixers = {mixer for mixer, _ in groups}
    used = {feed_forward for _, feed_forward in groups}
    extra: Shape = ({"norms": norms} if norms != 2 else {}) | _stated({"unlisted_parameters": unlisted})
    return {
        "hidden": reader.size("hidden_size"),
        "vocab": reader.size("vocab_size"),
        "tied_embeddings": reader.flag("tie_word_embeddings", tied),
        **{key: value for key, value in outside.items() if value is not None and value is not False},
        "mixers": {name: shape for name, shape in mixers.items() if name in used_mixers},
        "feed_forwards": {name: shape for name, shape in feed_forwards.items() if name in used},
        "layers": [
            {
                "count": count,
                **({"mixer": mixer} if mixer else {}),
                **({"feed_forward": feed_forward} if feed_forward else {}),
                **extra,
            }
            for (mixer, feed_forward), count in groups.items()
        ],
    }
