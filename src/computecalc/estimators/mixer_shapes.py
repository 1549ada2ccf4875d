"""The shapes of a layer's mixer as numbers."""

from __future__ import annotations

from collections.abc import Callable

from computecalc.catalog.mixers import (
    Attention,
    CompressedAttention,
    GatedDelta,
    Indexer,
    KimiDelta,
    Lightning,
    Mamba,
    Mamba2,
    Mixer,
    MultiLatentAttention,
)
from computecalc.formulas.table import Numeric
from computecalc.records import record

__all__ = [
    "AttentionShape",
    "CompressedShape",
    "GatedDeltaShape",
    "IndexerShape",
    "KimiDeltaShape",
    "LatentAttentionShape",
    "LightningShape",
    "Mamba2Shape",
    "MambaShape",
    "MixerShape",
    "mixer_shape",
]


@record
class IndexerShape:
    """`computecalc.catalog.mixers.Indexer` in numbers."""

    heads: Numeric
    head_size: Numeric
    keys: Numeric


@record
class AttentionShape:
    """`computecalc.catalog.mixers.Attention` in numbers."""

    heads: Numeric
    kv_heads: Numeric
    head_size: Numeric
    value_head_size: Numeric
    window: Numeric | None
    options: Attention
    indexer: IndexerShape | None = None


@record
class LatentAttentionShape:
    """`computecalc.catalog.mixers.MultiLatentAttention` in numbers."""

    heads: Numeric
    query_rank: Numeric | None
    kv_rank: Numeric
    nope_head_size: Numeric
    rope_head_size: Numeric
    value_head_size: Numeric
    output_gate: bool = False
    indexer: IndexerShape | None = None


@record
class CompressedShape:
    """`computecalc.catalog.mixers.CompressedAttention` in numbers."""

    heads: Numeric
    head_size: Numeric
    query_rank: Numeric
    output_groups: Numeric
    output_rank: Numeric
    window: Numeric
    compression: Numeric | None
    indexer: IndexerShape | None


@record
class GatedDeltaShape:
    """`computecalc.catalog.mixers.GatedDelta` in numbers."""

    key_heads: Numeric
    value_heads: Numeric
    key_head_size: Numeric
    value_head_size: Numeric
    convolution: Numeric


@record
class KimiDeltaShape:
    """`computecalc.catalog.mixers.KimiDelta` in numbers."""

    heads: Numeric
    head_size: Numeric
    convolution: Numeric
    full_rank_gate: bool


@record
class LightningShape:
    """`computecalc.catalog.mixers.Lightning` in numbers."""

    heads: Numeric
    head_size: Numeric


@record
class MambaShape:
    """`computecalc.catalog.mixers.Mamba` in numbers."""

    expansion: Numeric
    state_size: Numeric
    convolution: Numeric
    time_step_rank: Numeric
    inner_norms: bool


@record
class Mamba2Shape:
    """`computecalc.catalog.mixers.Mamba2` in numbers."""

    heads: Numeric
    head_size: Numeric
    groups: Numeric
    state_size: Numeric
    convolution: Numeric


MixerShape = (
    AttentionShape
    | LatentAttentionShape
    | CompressedShape
    | GatedDeltaShape
    | KimiDeltaShape
    | LightningShape
    | MambaShape
    | Mamba2Shape
)


class _Numbers:
    """Hands out what stands for the numbers of one shape, by their names."""

    def __init__(self, shape: Mixer | Indexer, path: str, number: Callable[[str, float], Numeric]) -> None:
        self._shape, self._path, self._number = shape, path, number

    def __call__(self, name: str) -> Numeric:
        return self._number(f"{self._path}.{name}", getattr(self._shape, name))

    def named(self, *names: str) -> dict[str, Numeric]:
        """Return several numbers by their names."""
        return {name: self(name) for name in names}

    def optional(self, name: str) -> Numeric | None:
        """Return a number, or None where the shape has none."""
        return None if getattr(self._shape, name) is None else self(name)

    def indexer(self, indexer: Indexer | None) -> IndexerShape | None:
        """Return the shape of an indexer, or None where there is none."""
        if indexer is None:
            return None
        numbers = _Numbers(indexer, f"{self._path}.indexer", self._number)
        return IndexerShape(**numbers.named("heads", "head_size", "keys"))


def mixer_shape(mixer: Mixer, path: str, number: Callable[[str, float], Numeric]) -> MixerShape:
    """Take a mixer with each of its numbers replaced by what `number` gives for its path and value."""
    numbers = _Numbers(mixer, path, number)
    match mixer:
        case Attention():
            return _attention(mixer, path, number)
        case MultiLatentAttention():
            return _latent(mixer, numbers)
        case CompressedAttention():
            return _compressed(mixer, numbers)
        case _:
            return _state(mixer, numbers)


def _state(mixer: GatedDelta | KimiDelta | Lightning | Mamba | Mamba2, numbers: _Numbers) -> MixerShape:
    match mixer:
        case GatedDelta():
            sizes = numbers.named("key_heads", "value_heads", "key_head_size", "value_head_size", "convolution")
            return GatedDeltaShape(**sizes)
        case KimiDelta():
            sizes = numbers.named("heads", "head_size", "convolution")
            return KimiDeltaShape(**sizes, full_rank_gate=mixer.full_rank_gate)
        case Lightning():
            return LightningShape(**numbers.named("heads", "head_size"))
        case Mamba():
            sizes = numbers.named("expansion", "state_size", "convolution", "time_step_rank")
            return MambaShape(**sizes, inner_norms=mixer.inner_norms)
        case Mamba2():
            return Mamba2Shape(**numbers.named("heads", "head_size", "groups", "state_size", "convolution"))


def _compressed(mixer: CompressedAttention, numbers: _Numbers) -> CompressedShape:
    return CompressedShape(
        **numbers.named("heads", "head_size", "query_rank", "output_groups", "output_rank", "window"),
        compression=numbers.optional("compression"),
        indexer=numbers.indexer(mixer.indexer),
    )


def _attention(mixer: Attention, path: str, number: Callable[[str, float], Numeric]) -> AttentionShape:
    numbers = _Numbers(mixer, path, number)
    return AttentionShape(
        heads=numbers("heads"),
        kv_heads=numbers("kv_heads"),
        head_size=numbers("head_size"),
        value_head_size=number(f"{path}.value_head_size", mixer.value_head_size or mixer.head_size),
        window=numbers.optional("window"),
        options=mixer,
        indexer=numbers.indexer(mixer.indexer),
    )


def _latent(mixer: MultiLatentAttention, numbers: _Numbers) -> LatentAttentionShape:
    return LatentAttentionShape(
        heads=numbers("heads"),
        query_rank=numbers.optional("query_rank"),
        kv_rank=numbers("kv_rank"),
        nope_head_size=numbers("nope_head_size"),
        rope_head_size=numbers("rope_head_size"),
        value_head_size=numbers("value_head_size"),
        output_gate=mixer.output_gate,
        indexer=numbers.indexer(mixer.indexer),
    )
