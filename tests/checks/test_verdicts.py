"""What becomes of a limit: held, at risk, broken, or not to be judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from computecalc.checks.baselines import Baseline
from computecalc.checks.budgets import Budget, Limit, Waived
from computecalc.checks.expressions import parse_check
from computecalc.checks.verdicts import Verdict, exit_code, judged
from computecalc.estimators.results import Estimate, MetricValue

TODAY = date(2026, 3, 1)


def estimated(name: str = "run", **metrics: tuple[float, float, float] | str) -> Estimate:
    outputs = {
        path.replace("__", "."): MetricValue(path.replace("__", "."), "USD", None, None, None, reason=ends)
        if isinstance(ends, str)
        else MetricValue(path.replace("__", "."), "USD", *ends)
        for path, ends in metrics.items()
    }
    return Estimate(name, "train", None, {}, {}, outputs, {}, ())


COST = estimated(cost__total=(70.0, 80.0, 100.0))


def budget(*checks: str, **keys: object) -> Budget:
    limits = tuple(Limit(parse_check(text), None) for text in checks)
    return replace(Budget((("*", None),), "error", "warn", limits), **keys)  # type: ignore[arg-type]


def states(one: Budget, estimate: Estimate = COST, baseline: Baseline | None = None) -> list[str]:
    return [verdict.state for verdict in judged([one], [estimate], [], today=TODAY, baseline=baseline)[0]]


@pytest.mark.parametrize(
    ("check", "state"),
    [
        ("cost.total <= 100 USD", "PASS"),
        ("cost.total < 100 USD", "RISK"),
        ("cost.total <= 90 USD", "RISK"),
        ("cost.total <= 80 USD", "RISK"),
        ("cost.total < 80 USD", "FAIL"),
        ("cost.total <= 79 USD", "FAIL"),
        ("cost.total >= 70 USD", "PASS"),
        ("cost.total >= 75 USD", "RISK"),
        ("cost.total > 80 USD", "FAIL"),
        ("cost.total in 70..100 USD", "PASS"),
        ("cost.total in 75..95 USD", "RISK"),
        ("cost.total in 81..95 USD", "FAIL"),
        ("cost.total == 80 USD", "RISK"),
        # The end that is named is the one that is tested.
        ("cost.total <= 90 USD @high", "FAIL"),
        ("cost.total <= 100 USD @high", "PASS"),
        ("cost.total <= 75 USD @low", "RISK"),
        ("cost.total <= 69 USD @low", "FAIL"),
        ("cost.total >= 75 USD @high", "RISK"),
    ],
)
def test_states(check: str, state: str) -> None:
    assert states(budget(check)) == [state]


def test_tolerance_moves_the_limit_by_its_share() -> None:
    # 76 USD with 5 % is 79.8, with 6 % 80.56: the value is 80.
    for share, state in ((0.05, "FAIL"), (0.06, "RISK")):
        one = budget("cost.total <= 76 USD")
        limits = tuple(replace(limit, tolerance=share) for limit in one.limits)
        assert states(replace(one, limits=limits)) == [state]


def test_equality_with_a_tolerance_is_a_band() -> None:
    one = budget("cost.total == 78 USD")
    assert states(one) == ["FAIL"]
    limits = tuple(replace(limit, tolerance=0.03) for limit in one.limits)  # 75.66..80.34
    assert states(replace(one, limits=limits)) == ["RISK"]


def test_what_is_unknown_is_an_error_and_never_passed() -> None:
    one = budget("cost.total <= 100 USD", "time.wall <= 1 d")
    verdicts, _ = judged([one], [estimated(cost__total="no price is known")], ["broken"], today=TODAY)
    assert [(v.scenario, v.state) for v in verdicts] == [
        ("run", "ERROR"),
        ("run", "ERROR"),
        ("broken", "ERROR"),
        ("broken", "ERROR"),
    ]
    assert verdicts[0].reason == "no price is known"
    assert "kind train" in verdicts[1].reason
    assert exit_code(verdicts, ()) == 2


def test_changes_are_measured_against_the_baseline() -> None:
    before = Baseline("old.json", {"run": {"cost.total": 64.0}})
    one = budget("change(cost.total) <= 25 %", "change(cost.total) <= 24 %")
    verdicts, _ = judged([one], [COST], [], today=TODAY, baseline=before)
    # 70, 80 and 100 against 64: +9.375 %, +25 %, +56.25 %.
    assert (verdicts[0].low, verdicts[0].mid, verdicts[0].high) == (0.09375, 0.25, 0.5625)
    assert [verdict.state for verdict in verdicts] == ["RISK", "FAIL"]


def test_ends_are_compared_with_ends() -> None:
    """An unchanged range has a change of 0 at both ends; one that only widens upwards has one there."""
    value = COST.outputs["cost.total"]
    assert value.low is not None
    assert value.high is not None
    before = {"run": {"cost.total": value.mid}}
    one = budget("change(cost.total) <= 1 %")
    same = Baseline("old.json", before, {"run": {"cost.total": (value.low, value.high)}})
    (verdict,), _ = judged([one], [COST], [], today=TODAY, baseline=same)
    assert (verdict.state, verdict.low, verdict.mid, verdict.high) == ("PASS", 0.0, 0.0, 0.0)
    wider = Baseline("old.json", before, {"run": {"cost.total": (value.low, value.high / 1.5)}})
    (verdict,), _ = judged([one], [COST], [], today=TODAY, baseline=wider)
    assert (verdict.state, verdict.high) == ("RISK", pytest.approx(0.5))


@pytest.mark.parametrize(
    ("baseline", "says"),
    [
        (None, "there is no baseline"),
        (Baseline("old.json", {}), "has no scenario 'run'"),
        (Baseline("old.json", {"run": {"cost.total": None}}), "was not known"),
        (Baseline("old.json", {"run": {"cost.total": 0.0}}), "was 0"),
    ],
)
def test_a_change_without_a_baseline_is_an_error(baseline: Baseline | None, says: str) -> None:
    verdicts, _ = judged([budget("change(cost.total) <= 5 %")], [COST], [], today=TODAY, baseline=baseline)
    assert (verdicts[0].state, says in verdicts[0].reason) == ("ERROR", True)


def test_severity_decides_the_exit_code() -> None:
    def code(check: str, **keys: object) -> int:
        return exit_code(judged([budget(check, **keys)], [COST], [], today=TODAY)[0], ())

    assert code("cost.total <= 79 USD") == 1
    assert code("cost.total <= 79 USD", severity="warn") == 0
    assert code("cost.total <= 90 USD") == 0
    assert code("cost.total <= 90 USD", risk="error") == 1
    assert code("cost.total <= 100 USD", risk="error") == 0
    assert states(budget("cost.total <= 79 USD", severity="off")) == ["SKIP"]
    assert states(budget("cost.total <= 90 USD", risk="off")) == ["PASS"]


def test_a_waiver_holds_to_its_last_day() -> None:
    def waived(until: date) -> tuple[list[Verdict], int]:
        one = budget("cost.total <= 79 USD", waived=Waived(until, "a contract", None))
        verdicts, said = judged([one], [COST], [], today=TODAY)
        return verdicts, exit_code(verdicts, said)

    verdicts, code = waived(TODAY)
    assert (verdicts[0].state, verdicts[0].is_waived, code) == ("FAIL", True, 0)
    assert verdicts[0].reason == "waived until 2026-03-01: a contract"
    verdicts, code = waived(date(2026, 2, 28))
    assert (verdicts[0].is_waived, code) == (False, 1)


def test_a_waiver_that_ended_is_told() -> None:
    one = budget("cost.total <= 79 USD", waived=Waived(date(2026, 2, 28), "a contract", None))
    (said,) = judged([one], [COST], [], today=TODAY)[1]
    assert (said.code, said.severity) == ("CC703", "warning")


def test_a_budget_is_on_the_scenarios_it_names() -> None:
    estimates = [replace(COST, name=name) for name in ("llama/a", "llama/b", "chat")]
    one = budget("cost.total <= 100 USD", patterns=(("llama*", None),))
    assert [verdict.scenario for verdict in judged([one], estimates, [], today=TODAY)[0]] == ["llama/a", "llama/b"]


def test_a_budget_on_nothing_is_an_error() -> None:
    one = budget("cost.total <= 100 USD", patterns=(("rum", None),))
    verdicts, said = judged([one], [COST], [], today=TODAY)
    assert verdicts == []
    assert [(each.code, each.severity, each.hint) for each in said] == [("CC702", "error", "did you mean run?")]
    assert exit_code(verdicts, said) == 2


@pytest.mark.parametrize(
    ("metric", "reason"),
    [
        ("cost.owned_time", "cost.owned_time comes with money.ownership, which this scenario does not state"),
        ("cost.staff", "cost.staff comes with money.ownership or programme, which this scenario does not state"),
        ("latency.ttft", "a scenario of kind train has no latency.ttft"),
    ],
)
def test_what_would_bring_a_missing_metric_is_told(metric: str, reason: str) -> None:
    unit = {"cost.owned_time": "USD/accelerator/h", "cost.staff": "USD", "latency.ttft": "s"}[metric]
    (verdict,) = judged([budget(f"{metric} <= 2 {unit}")], [COST], [], today=TODAY)[0]
    assert (verdict.state, verdict.reason) == ("ERROR", reason)
