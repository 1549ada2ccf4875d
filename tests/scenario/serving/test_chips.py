"""Number formats on shipped accelerators, with engines for them and without."""

from __future__ import annotations

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.estimators.inference.inputs import ServingFormats
from computecalc.estimators.inference.resolved import service_inputs
from computecalc.scenario.resolve import resolve
from tests.conftest import TODAY
from tests.scenario.conftest import raws

CATALOG = Catalog.open()

# Bytes of a weight with its scales: one of 8 bits for 16 values, 32 values, or 2.5 byte and padding for 128.
BYTES = {"bf16": 2.0, "fp8": 1.0, "int8": 1.0, "nvfp4": 0.5 + 1 / 16, "mxfp4": 0.5 + 1 / 32, "int4": 0.53}


def served(model: str, accelerator: str, precision: str, more: str = "tensor: 1") -> ServingFormats:
    (raw,) = raws(f"""version: 1
scenarios:
  one:
    kind: infer
    model: {model}
    traffic: {{input: 100, output: 100}}
    serving: {{accelerator: {accelerator}, precision: {precision}, {more}}}
""")
    resolved = resolve(raw, CATALOG, today=TODAY)
    return service_inputs(resolved, lambda given: given.range.mid).serving.formats


# Dense TFLOP/s of the data sheets, 16 bits first. A format without engines is multiplied in 16 bits.
@pytest.mark.parametrize(
    ("accelerator", "peaks"),
    [
        ("a100-sxm-80gb", {"bf16": 312, "fp8": 312, "int8": 624, "nvfp4": 312, "mxfp4": 312, "int4": 312}),
        ("h100-sxm", {"bf16": 989, "fp8": 1979, "int8": 1979, "nvfp4": 989, "mxfp4": 989, "int4": 989}),
        ("b200-hgx", {"bf16": 2250, "fp8": 4500, "int8": 4500, "nvfp4": 9000, "mxfp4": 9000, "int4": 2250}),
        ("mi300x", {"bf16": 1307, "fp8": 2615, "int8": 2615, "nvfp4": 1307, "mxfp4": 1307, "int4": 1307}),
        ("mi355x", {"bf16": 2517, "fp8": 5033, "int8": 5033, "mxfp4": 10066, "int4": 2517}),
        ("tpu-v6e", {"bf16": 918, "fp8": 918, "int8": 1836, "nvfp4": 918, "mxfp4": 918, "int4": 918}),
        ("trainium2", {"bf16": 667, "fp8": 1299, "int8": 667, "nvfp4": 667, "mxfp4": 667, "int4": 667}),
        ("mtia-400", {"bf16": 3000, "fp8": 6000, "int8": 3000, "mxfp4": 12000, "int4": 3000}),
        ("v100-sxm2-32gb", {"bf16": 125, "fp8": 125, "int8": 125, "nvfp4": 125, "mxfp4": 125, "int4": 125}),
    ],
)
def test_a_format_without_engines_is_multiplied_in_16_bits(accelerator: str, peaks: dict[str, float]) -> None:
    for precision, peak in peaks.items():
        found = served("llama-3.1-8b", accelerator, precision).feed_forward
        assert found.storage == BYTES[precision], precision
        assert float(found.peak) / 1e12 == pytest.approx(peak, rel=1e-3), precision


@pytest.mark.parametrize(("accelerator", "peak"), [("h100-sxm", 989.4e12), ("b200-hgx", 9000e12)])
def test_attention_of_a_mixture_stays_in_16_bits(accelerator: str, peak: float) -> None:
    # gpt-oss: MXFP4 experts alone; DeepSeek-V3 in NVFP4: latent attention and dense layers stay.
    experts = served("gpt-oss-120b", accelerator, "mxfp4", "tensor: 2").experts
    assert (experts.storage, experts.peak) == (0.53125, pytest.approx(peak, rel=1e-3))
    for model, precision in (("gpt-oss-120b", "mxfp4"), ("deepseek-v3", "nvfp4")):
        found = served(model, accelerator, precision, "tensor: 8")
        for part in (found.attention, found.feed_forward, found.head):
            assert (part.storage, part.width) == (2.0, "half")


def test_eight_bits_are_for_all_matrices_but_the_head() -> None:
    found = served("deepseek-v3", "h200-sxm", "fp8", "tensor: 8")
    assert [part.storage for part in (found.attention, found.feed_forward, found.experts, found.head)] == [1, 1, 1, 2]


@pytest.mark.parametrize("precision", [*BYTES, "fp16"])
def test_caches_of_every_format(precision: str) -> None:
    (raw,) = raws(f"""version: 1
scenarios:
  one:
    kind: infer
    model: llama-3.1-8b
    traffic: {{input: 1600, output: 0}}
    serving: {{accelerator: h100-sxm, tensor: 1, precision: bf16, kv_precision: {precision}}}
""")
    inputs = service_inputs(resolve(raw, CATALOG, today=TODAY), lambda given: given.range.mid).serving
    assert inputs.cache_element == BYTES.get(precision, 2.0)
