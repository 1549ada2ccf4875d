"""MFU: stated, or the prior of the nearest case."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from computecalc.catalog.calibrated import STEP_CONSTANTS
from computecalc.catalog.lookup import Catalog
from computecalc.estimators.inputs import Resolved
from computecalc.scenario.files import raw_scenarios
from computecalc.scenario.resolve import resolve
from computecalc.yamlio.loading import load_text
from tests.conftest import TODAY

Resolving = Callable[..., Resolved]


@pytest.mark.parametrize(
    ("changes", "prior", "mid"),
    [
        ("", "prior mfu-hopper-bf16-dense", 0.40),
        ("model: {parameters: 1T, active_parameters: 100B}", "prior mfu", 0.30),  # a mixture of experts
        ("cluster: {accelerator: v100, count: 8}", "prior mfu", 0.30),  # another generation
        ("cluster: {accelerator: h100, count: 8, precision: fp8}", "prior mfu", 0.30),  # another precision
    ],
)
def test_the_most_specific_prior_that_holds_is_taken(resolved: Resolving, changes: str, prior: str, mid: float) -> None:
    mfu = resolved(f"{changes}\nefficiency: {{}}").inputs["efficiency.mfu"]
    assert (mfu.origin.kind, mfu.origin.text, mfu.range.mid) == ("prior", prior, mid)


def test_what_is_stated_wins(resolved: Resolving) -> None:
    mfu = resolved("efficiency: {mfu: 40 %}").inputs["efficiency.mfu"]
    assert (mfu.range.mid, mfu.origin.kind) == (0.4, "scenario")


def test_the_convention_is_causal_unless_stated(resolved: Resolving) -> None:
    assert resolved().choices["efficiency.convention"].value == "causal"
    stated = resolved("efficiency: {mfu: 0.4, convention: full}").choices["efficiency.convention"]
    assert (stated.value, stated.origin.kind) == ("full", "scenario")


PLAN = """\
  case:
    kind: train
    model: llama-3.1-8b
    data: {tokens: 1T tokens, sequence_length: 8192, global_batch: 512}
    cluster: {accelerator: ACCELERATOR, count: 64, precision: PRECISION}
    layout: {tensor: 2}
    efficiency: {STACK}
    site: {grid_intensity: 400 gCO2e/kWh}
    money: {price: 2 USD/accelerator/h}
"""


def planned(
    accelerator: str = "h100-sxm", precision: str = "bf16", stack: str = "stack: nemo", task: str = "pretrain"
) -> Resolved:
    """Resolve a plan whose step is predicted, with the shipped catalog."""
    text = PLAN.replace("ACCELERATOR", accelerator).replace("PRECISION", precision).replace("STACK", stack)
    text = text.replace("kind: train", f"kind: train\n    task: {task}")
    (raw,) = raw_scenarios(load_text(f"version: 1\nscenarios:\n{text}", "s.yaml"), {})
    return resolve(raw, Catalog.open(), today=TODAY)


def origin(found: Resolved, path: str) -> str:
    return found.inputs[path].origin.text


def test_a_plan_without_mfu_takes_what_a_step_needs() -> None:
    found = planned()
    assert "efficiency.mfu" not in found.inputs
    assert {f"step.{name}" for name in STEP_CONSTANTS} <= set(found.inputs)
    assert found.choices["step.calibration"].value == "training-step"
    assert (found.choices["efficiency.stack"].value, origin(found, "step.stack")) == ("nemo", "stack nemo")
    assert "efficiency.mfu" in planned(stack="mfu: 0.4").inputs
    assert "step.tile" not in planned(stack="mfu: 0.4").inputs


def test_software_that_is_not_stated_is_any_of_those_measured() -> None:
    found = planned(stack="goodput: 0.9")
    assert found.choices["efficiency.stack"].value == "generic"
    spread = found.inputs["step.stack"].range
    assert 1.0 <= spread.low < spread.mid < spread.high


def test_what_software_decides_comes_before_the_calibration() -> None:
    plain, eager = planned(), planned(stack="stack: nemo-eager")
    assert origin(plain, "step.expert_wait") == "calibration training-step"
    assert origin(eager, "step.expert_wait") == "stack nemo-eager"
    assert eager.inputs["step.expert_wait"].range.mid > plain.inputs["step.expert_wait"].range.mid
    assert origin(eager, "step.tile") == "calibration training-step"


@pytest.mark.parametrize(
    ("precision", "half_peak"),
    # Datasheet of the H100 SXM, dense, TFLOP/s: head and attention run in 16 bits beside FP8 layers (989.4), but in
    # single precision (67) and TF32 (494.7) when the whole step does; 16-bit rates there give an MFU above 1.
    [("bf16", 989.4e12), ("fp8", 989.4e12), ("fp32", 67.0e12), ("tf32", 494.7e12)],
)
def test_wide_precisions_do_nothing_in_16_bits(precision: str, half_peak: float) -> None:
    assert planned(precision=precision).inputs["cluster.half_peak"].range.mid == pytest.approx(half_peak, rel=1e-3)


def test_a_generation_may_have_constants_of_its_own() -> None:
    hopper, ultra = planned(), planned("gb300-nvl72")
    assert origin(ultra, "step.core_efficiency") == "calibration training-step-blackwell-ultra"
    ratio = ultra.inputs["step.core_efficiency"].range.mid / hopper.inputs["step.core_efficiency"].range.mid
    assert ratio == pytest.approx(2.0, rel=1e-3)
    assert origin(ultra, "step.tile") == "calibration training-step"


@pytest.mark.parametrize(
    ("accelerator", "precision", "sustained", "half"),
    [
        ("h100-sxm", "bf16", "step-sustained-hopper", "step-half-hopper"),
        ("h100-sxm", "fp8", "step-sustained-hopper-fp8", "step-half-hopper"),
        ("h100-sxm", "tf32", "step-sustained-hopper", "step-half-hopper"),
        # A card of the same generation sustains another share.
        ("rtx-5090", "bf16", "step-sustained-rtx-5090", "step-half-rtx-5090"),
        ("b200-hgx", "bf16", "step-sustained-blackwell", "step-half-blackwell"),
        # Never measured.
        ("tpu-v4", "bf16", "step-sustained-any", "step-half-any"),
        ("mtia-400", "fp8", "step-sustained-any-fp8", "step-half-any"),
    ],
)
def test_sustained_peaks_are_those_of_accelerator_generation_and_precision(
    accelerator: str, precision: str, sustained: str, half: str
) -> None:
    found = planned(accelerator, precision)
    assert origin(found, "step.sustained") == f"prior {sustained}"
    assert origin(found, "step.half_sustained") == f"prior {half}"


def test_what_was_never_measured_has_a_wider_range() -> None:
    known, unknown = planned().inputs["step.residual"], planned("tpu-v4").inputs["step.residual"]
    assert (known.range.mid, unknown.range.mid) == (1.0, 1.0)
    assert unknown.range.low < known.range.low
    assert unknown.range.high > known.range.high
    assert "unvalidated" in unknown.origin.note


@pytest.mark.parametrize(("accelerator", "told"), [("mtia-400", 1), ("h100-sxm", 0)])
def test_an_accelerator_without_measurements_is_called_unvalidated(accelerator: str, told: int) -> None:
    notes = [each for each in planned(accelerator).diagnostics if each.code == "CC613"]
    assert len(notes) == told
    assert all("mtia-400 is unvalidated" in each.message for each in notes)


def test_fine_tuning_has_the_range_of_measured_fine_tuning() -> None:
    pretraining, tuning = planned(), planned(task="lora")
    known, wider = pretraining.inputs["step.residual"], tuning.inputs["step.residual"]
    assert origin(tuning, "step.residual") == "prior step-residual-tuning-hopper-dense"
    assert origin(planned(task="sft"), "step.residual") == "prior step-residual-tuning-hopper-dense"
    assert wider.range.mid == 1.0
    assert wider.range.low < known.range.low < known.range.high < wider.range.high
    # What the range comes from is all that differs: constants and sustained peaks are those of pre-training.
    assert tuning.inputs["step.sustained"] == pretraining.inputs["step.sustained"]


@pytest.mark.parametrize(
    ("accelerator", "task", "told"),
    [
        ("mi300x", "pretrain", ["no training of a dense model on cdna3 has been measured"]),
        ("mi300x", "lora", []),  # MLPerf has runs with adapters on it
        ("a100-sxm-80gb", "pretrain", []),
        ("a100-sxm-80gb", "lora", ["no fine-tuning of a dense model on ampere has been measured"]),
    ],
)
def test_what_was_measured_is_told_by_task(accelerator: str, task: str, told: list[str]) -> None:
    found = planned(accelerator, task=task)
    notes = [each.message.partition("unvalidated: ")[2] for each in found.diagnostics if each.code == "CC613"]
    assert notes == told
    prior = found.inputs["step.residual"].origin.text
    assert prior.startswith("prior step-residual-any" if told and task == "pretrain" else "prior step-residual")
    assert ("any" in prior) == bool(told)


@pytest.mark.parametrize(("accelerator", "told"), [("inferentia2", 1), ("trainium2", 0)])
def test_training_on_a_chip_for_inference_is_warned_about(accelerator: str, told: int) -> None:
    warnings = [each for each in planned(accelerator).diagnostics if each.code == "CC617"]
    assert len(warnings) == told
    assert all(each.severity == "warning" and "inferentia2 is made for inference" in each.message for each in warnings)
