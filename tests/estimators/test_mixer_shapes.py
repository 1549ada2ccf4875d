from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from computecalc.catalog.architecture import Architecture, LayerGroup
from computecalc.catalog.mixers import (
    Attention,
    CompressedAttention,
    GatedDelta,
    Indexer,
    KimiDelta,
    Lightning,
    Mamba,
    Mamba2,
    MultiLatentAttention,
)
from computecalc.estimators.input_units import input_unit
from computecalc.estimators.mixer_shapes import CompressedShape, IndexerShape, KimiDeltaShape, mixer_shape
from computecalc.estimators.shapes import ModelShape, shape_numbers

Build = Callable[..., Architecture]

INDEXER = Indexer(heads=2, head_size=3, keys=4)
MIXERS = [
    Attention(heads=4, kv_heads=2, head_size=3, value_head_size=5, window=7),
    Attention(heads=4, kv_heads=2, head_size=3, value_head_size=5, indexer=INDEXER),
    MultiLatentAttention(
        heads=2, query_rank=5, kv_rank=4, nope_head_size=3, rope_head_size=2, value_head_size=6, indexer=INDEXER
    ),
    CompressedAttention(
        heads=4,
        head_size=3,
        query_rank=5,
        output_groups=2,
        output_rank=6,
        window=7,
        compression=8,
        indexer=INDEXER,
    ),
    GatedDelta(key_heads=1, value_heads=2, key_head_size=3, value_head_size=5, convolution=4),
    KimiDelta(heads=2, head_size=3, convolution=4),
    Lightning(heads=2, head_size=3),
    Mamba(expansion=2, state_size=3, convolution=4, time_step_rank=5),
    Mamba2(heads=4, head_size=3, groups=2, state_size=5, convolution=4),
]


def stated(shape: Any) -> dict[str, float]:
    """Every number of a mixer as it is written, by path."""
    found: dict[str, float] = {}
    for name, value in shape.model_dump(exclude_none=True).items():
        if isinstance(value, dict):
            found |= {f"m.{name}.{inner}": float(size) for inner, size in value.items()}
        elif isinstance(value, int) and not isinstance(value, bool):
            found[f"m.{name}"] = float(value)
    return found


@pytest.mark.parametrize("mixer", MIXERS, ids=lambda mixer: mixer.type)
def test_every_number_is_taken_once(mixer: Any) -> None:
    found: dict[str, float] = {}

    def collect(path: str, value: float) -> float:
        assert path not in found
        found[path] = float(value)
        return value

    mixer_shape(mixer, "m", collect)
    assert found == stated(mixer)


def test_numbers_stand_where_they_belong() -> None:
    doubled = mixer_shape(MIXERS[3], "m", lambda _, value: 2.0 * value)
    assert doubled == CompressedShape(8.0, 6.0, 10.0, 4.0, 12.0, 14.0, 16.0, IndexerShape(4.0, 6.0, 8.0))
    gated = KimiDelta(heads=2, head_size=3, convolution=4, full_rank_gate=True)
    assert mixer_shape(gated, "m", lambda _, value: float(value)) == KimiDeltaShape(2.0, 3.0, 4.0, True)


def test_what_is_absent_stays_absent() -> None:
    plain = CompressedAttention(heads=4, head_size=3, query_rank=5, output_groups=2, output_rank=6, window=7)
    shape = mixer_shape(plain, "m", lambda _, value: float(value))
    assert isinstance(shape, CompressedShape)
    assert (shape.compression, shape.indexer) == (None, None)


def test_windows_and_picked_keys_are_tokens() -> None:
    assert input_unit("model.mixers.sparse.window").unit == "token"
    assert input_unit("model.mixers.sparse.indexer.keys").unit == "token"
    assert input_unit("model.mixers.sparse.indexer.heads").unit == "1"


def test_crossing_layers_are_named_after_both_mixers(toy: Build, shape: Callable[[Architecture], ModelShape]) -> None:
    model = toy(layers=(LayerGroup(count=2, mixer="mixer", cross_mixer="mixer", feed_forward="ffn"),))
    (group,) = shape(model).groups
    assert group.label == "2 layers of mixer and mixer and ffn"
    assert group.cross_mixer == group.mixer


def test_unlisted_parameters_have_a_path_where_there_are_some(toy: Build) -> None:
    assert "model.unlisted_parameters" not in shape_numbers(toy())
    assert shape_numbers(toy(unlisted_parameters=7))["model.unlisted_parameters"] == 7.0
