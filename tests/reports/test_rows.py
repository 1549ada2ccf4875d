from __future__ import annotations

from computecalc.api.outcomes import estimate_or_failure
from computecalc.catalog.calibrated import STEP_CONSTANTS
from computecalc.catalog.lookup import Catalog
from computecalc.estimators.results import Estimate
from computecalc.reports.document import ReportStyle
from computecalc.reports.rows import assumption_rows
from computecalc.scenario.files import raw_scenarios
from computecalc.yamlio.loading import load_text

PLAN = """\
version: 1
scenarios:
  plan:
    kind: train
    model: llama-3.1-8b
    data: {tokens: 1T tokens, global_batch: 512}
    cluster: {accelerator: h100-sxm, count: 64}
    layout: {tensor: 2}
    money: {price: 2 USD/accelerator/h}
"""


def test_the_constants_of_a_step_are_one_assumption() -> None:
    (raw,) = raw_scenarios(load_text(PLAN, "plan.yaml"), {})
    found = estimate_or_failure(raw, Catalog.open())
    assert isinstance(found, Estimate)
    assert {f"step.{name}" for name in STEP_CONSTANTS} <= set(found.inputs)
    rows = {row.path: row for row in assumption_rows(found, ReportStyle())}
    assert sorted(path for path in rows if path.startswith("step.")) == [
        "step.calibration",
        "step.half_sustained",
        "step.residual",
        "step.stack",
        "step.sustained",
    ]
    assert rows["step.calibration"].value == "training-step"
    assert rows["step.calibration"].origin == "calibration training-step (derived, 2026-11-22)"
