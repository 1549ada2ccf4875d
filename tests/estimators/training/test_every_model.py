"""Every model of the catalog under a stated layout: its memory is known, or the reason why it is not."""

from __future__ import annotations

from datetime import date
from math import fsum

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.estimators.results import Estimate, estimate
from computecalc.scenario.files import raw_scenarios
from computecalc.scenario.resolve import resolve
from computecalc.yamlio.loading import load_text

CATALOG = Catalog.open()
PARTS = ("weights", "gradients", "optimizer", "activations", "buffers")


def planned(model: str) -> Estimate:
    text = (
        "version: 1\n"
        "scenarios:\n"
        "  plan:\n"
        "    kind: train\n"
        f"    model: {model}\n"
        "    data: {tokens: 1T tokens, sequence_length: 4096, global_batch: 64}\n"
        "    cluster: {accelerator: h100-sxm, count: 16}\n"
        "    layout: {tensor: 1, pipeline: 2}\n"
        "    efficiency: {mfu: 0.4, goodput: 0.9}\n"
    )
    return estimate(resolve(raw_scenarios(load_text(text, "plan.yaml"))[0], CATALOG, today=date(2026, 11, 22)))


@pytest.mark.parametrize("model", CATALOG.ids("model"))
def test_the_parts_add_up_or_the_reason_is_given(model: str) -> None:
    outputs = planned(model).outputs
    whole = outputs["memory.per_accelerator"]
    if whole.mid is None:
        assert "counts alone" in whole.reason or "is not estimated yet" in whole.reason
        assert outputs["memory.per_accelerator.weights"].mid is not None
    else:
        parts = fsum(outputs[f"memory.per_accelerator.{part}"].mid or 0.0 for part in PARTS)
        assert whole.mid == pytest.approx(parts, rel=1e-12)


@pytest.mark.parametrize(
    ("model", "parts"),
    [
        ("qwen3-next-80b-a3b", "gated_delta mixers"),
        ("jamba-v0.1", "mamba mixers"),
        ("switch-c-2048", "cross-attention layers"),
    ],
)
def test_layers_that_are_not_counted_are_named(model: str, parts: str) -> None:
    reason = planned(model).outputs["memory.per_accelerator.activations"].reason
    assert reason == f"what {parts} keep for the backward pass is not estimated yet"
