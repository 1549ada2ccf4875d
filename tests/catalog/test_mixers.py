from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from computecalc.catalog.architecture import Architecture

GROUPED = {"type": "attention", "heads": 4, "kv_heads": 2, "head_size": 3}
LATENT = {"type": "mla", "heads": 2, "kv_rank": 4, "nope_head_size": 3, "rope_head_size": 2, "value_head_size": 6}
COMPRESSED = {
    "type": "compressed",
    "heads": 4,
    "head_size": 3,
    "query_rank": 5,
    "output_groups": 2,
    "output_rank": 2,
    "window": 4,
}
DELTA = {
    "type": "gated_delta",
    "key_heads": 2,
    "value_heads": 4,
    "key_head_size": 3,
    "value_head_size": 3,
    "convolution": 4,
}
MAMBA2 = {"type": "mamba2", "heads": 4, "head_size": 3, "groups": 2, "state_size": 5, "convolution": 4}
INDEXER = {"heads": 2, "head_size": 3, "keys": 4}


def model(mixer: dict[str, Any], **layer: Any) -> dict[str, Any]:
    """A model of one layer, as data."""
    return {
        "hidden": 8,
        "vocab": 100,
        "tied_embeddings": False,
        "mixers": {"m": mixer},
        "layers": [{"count": 1, "mixer": "m"} | layer],
    }


@pytest.mark.parametrize(
    ("mixer", "message"),
    [
        (GROUPED | {"kv_heads": 3}, "heads (4) is not a multiple of kv_heads (3)"),
        (GROUPED | {"window": 4, "indexer": INDEXER}, "window and indexer exclude each other"),
        (GROUPED | {"bidirectional": True, "window": 4}, "window and bidirectional exclude each other"),
        (LATENT | {"indexer": INDEXER}, "an indexer needs query_rank"),
        (COMPRESSED | {"output_groups": 3}, "heads (4) is not a multiple of output_groups (3)"),
        (COMPRESSED | {"indexer": INDEXER}, "an indexer needs compression"),
        (DELTA | {"key_heads": 3}, "value_heads (4) is not a multiple of key_heads (3)"),
        (MAMBA2 | {"groups": 3}, "heads (4) is not a multiple of groups (3)"),
    ],
)
def test_sizes_that_cannot_be(mixer: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Architecture.model_validate(model(mixer))
    (error,) = raised.value.errors()
    assert (error["type"], error["msg"]) == ("CC303", message)


@pytest.mark.parametrize(
    "mixer",
    [
        GROUPED | {"indexer": INDEXER},
        LATENT | {"query_rank": 5, "indexer": INDEXER},
        COMPRESSED | {"compression": 4, "indexer": INDEXER},
        DELTA,
        MAMBA2,
        {"type": "kimi_delta", "heads": 2, "head_size": 3, "convolution": 4},
        {"type": "lightning", "heads": 2, "head_size": 3},
        {"type": "mamba", "expansion": 2, "state_size": 3, "convolution": 4, "time_step_rank": 5},
    ],
)
def test_the_type_chooses_the_shape(mixer: dict[str, Any]) -> None:
    found = Architecture.model_validate(model(mixer)).mixers["m"]
    assert found.type == mixer["type"]
    assert found.model_dump(exclude_unset=True) == mixer


def test_an_encoder_is_looked_at_by_attention() -> None:
    with pytest.raises(ValidationError, match=r"layers\[0\] crosses over with m, which is not `type: attention`"):
        Architecture.model_validate(model(DELTA, cross_mixer="m"))
    with pytest.raises(ValidationError, match=r"layers\[0\] names other, which mixers does not define"):
        Architecture.model_validate(model(GROUPED, cross_mixer="other"))
    assert Architecture.model_validate(model(GROUPED, cross_mixer="m")).layers[0].cross_mixer == "m"


def test_a_latent_norm_needs_a_latent_width() -> None:
    experts = {"type": "moe", "experts": 4, "experts_per_token": 2, "width": 6, "latent_norm": True}
    broken = model(GROUPED, feed_forward="f") | {"feed_forwards": {"f": experts}}
    with pytest.raises(ValidationError, match="latent_norm needs latent_width"):
        Architecture.model_validate(broken)
    whole = model(GROUPED, feed_forward="f") | {"feed_forwards": {"f": experts | {"latent_width": 3}}}
    assert Architecture.model_validate(whole).feed_forwards["f"].model_dump()["latent_width"] == 3
