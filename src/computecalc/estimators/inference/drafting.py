"""What drafts tokens for speculative decoding: its share of memory, and its time before each step that verifies."""

from __future__ import annotations

from dataclasses import replace

from computecalc.estimators.inference.inputs import ServingInputs
from computecalc.estimators.inference.meter import StepTime
from computecalc.estimators.inference.parts import replica_parts
from computecalc.estimators.inference.step import step_time
from computecalc.estimators.trace import labelled
from computecalc.formulas.serving_speculation import drafting_share_time, drafting_time
from computecalc.formulas.table import Numeric

__all__ = ["draft_inputs", "drafting"]


def draft_inputs(inputs: ServingInputs) -> ServingInputs | None:
    """Return the draft model as a workload of its own on the same accelerators; None where there is none."""
    if inputs.draft is None:
        return None
    return replace(
        inputs, model=inputs.draft.model, formats=inputs.draft.formats, draft=None, draft_share=None, drafted=0.0
    )


def drafting(inputs: ServingInputs, running: Numeric, verifying: StepTime) -> StepTime | None:
    """Time in which the tokens of one verification are drafted: one decode step of the draft model for each.

    Parameters
    ----------
    inputs : ServingInputs
        The workload.
    running : numeric
        Requests that decode in the replica. [request]
    verifying : StepTime
        The step of the large model.

    Returns
    -------
    StepTime or None
        None where nothing is drafted, or in no time.
    """
    small = draft_inputs(inputs)
    if small is None:
        return None if inputs.draft_share is None else _share(verifying, inputs.draft_share)
    step = step_time(small, replica_parts(small), running)
    return StepTime(
        labelled(drafting_time(step=step.time, drafted=inputs.drafted), "drafting"),
        drafting_time(step=step.memory, drafted=inputs.drafted),
        drafting_time(step=step.compute, drafted=inputs.drafted),
    )


def _share(verifying: StepTime, share: Numeric) -> StepTime:
    """Time of drafting as a share of a step, in which memory and engines are as busy as in the step."""
    return StepTime(
        labelled(drafting_share_time(step=verifying.time, share=share), "drafting"),
        drafting_share_time(step=verifying.memory, share=share),
        drafting_share_time(step=verifying.compute, share=share),
    )
