"""Each rule of plausibility: an entry that breaks it, and one like it that does not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pytest

from computecalc.catalog.plausibility import Context, check_entries
from computecalc.catalog.plausibility_rules import RULES
from tests.catalog.entries_of import entries_of, stated_counts, whole

CHIP = {"generation": "hopper"}
"""The accelerator that prices and models refer to: 989 TFLOP/s, as `BASES` has it."""


@dataclass(frozen=True)
class Case:
    """Figures by path; the bad ones are laid over the good ones, the comment says why they are bad."""

    rule: str
    kind: str
    good: dict[str, str]
    bad: dict[str, str]
    said: str
    """The measured number in the message, derived in the comment."""
    severity: str = "error"
    others: dict[str, dict[str, str]] = field(default_factory=dict)


CASES = (
    # tf32 494.7 over fp32 67 is fine; 67 over 494.7, columns swapped, is 0.1354.
    Case(
        "peak-order", "accelerator", {"peak.tf32": "494.7 TFLOP/s", "peak.fp32": "67 TFLOP/s"},
        {"peak.tf32": "67 TFLOP/s", "peak.fp32": "494.7 TFLOP/s"}, "0.1354",
    ),
    # 3957.8 is the H100's sparse fp8 peak: four times the dense bf16 one of 989.4.
    Case("fp8-over-bf16", "accelerator", {"peak.fp8": "1978 TFLOP/s"}, {"peak.fp8": "3956 TFLOP/s"}, "4", "warning"),
    # 18 PFLOP/s is the B200's sparse fp4 peak: four times its dense fp8 one of 4.5.
    Case(
        "fp4-over-fp8", "accelerator",
        {"peak.bf16": "2250 TFLOP/s", "peak.fp8": "4500 TFLOP/s", "peak.fp4": "9000 TFLOP/s"},
        {"peak.fp4": "18000 TFLOP/s"}, "4", "warning",
    ),
    # The H200 with the sparse peak of the data sheet, 1978, beside an H100 with 989.
    Case(
        "twice-a-sibling", "accelerator", {"generation": "hopper", "power.thermal_design": "700 W"},
        {"peak.bf16": "1978 TFLOP/s"}, "2", "warning",
        others={"sibling": {"generation": "hopper", "power.thermal_design": "700 W"}},
    ),
    # 989e12 / 1e12 is 989 FLOP/byte.
    Case(
        "machine-balance", "accelerator", {"memory.type": "HBM3"},
        {"memory.bandwidth": "1000 GB/s"}, "989 FLOP/byte",
    ),
    # 3350 Gbit/s is 418.75 GB/s, over 80 GB 5.234 passes; as GB/s it is 41.9.
    Case(
        "memory-passes", "accelerator", {"memory.type": "HBM3"}, {"memory.bandwidth": "3350 Gbit/s"}, "5.234 passes/s",
    ),
    # 700 W over 814 mm2 is 0.86; the server's 10.2 kW would be 12.53.
    Case(
        "power-density", "accelerator", {"die.area": "814 mm2", "power.thermal_design": "700 W"},
        {"power.thermal_design": "10.2 kW"}, "12.53 W/mm2",
    ),
    # 989 TFLOP/s over 70 W is 14.13.
    Case("peak-per-watt", "accelerator", {"power.thermal_design": "700 W"}, {"power.thermal_design": "70 W"}, "14.13"),
    # 10.2 kW over 8 x 700 W is 1.82; 700 W for all eight is 0.125.
    Case(
        "server-over-accelerators", "accelerator",
        {"power.thermal_design": "700 W", "power.server_maximum": "10.2 kW/node"},
        {"power.server_maximum": "700 W/node"}, "0.125",
    ),
    # 650 W of 700 W is 0.9286.
    Case(
        "idle-over-thermal", "accelerator", {"power.thermal_design": "700 W", "power.idle": "70 W"},
        {"power.idle": "650 W"}, "0.9286",
    ),
    # 900 GB/s is both ways of NVLink 4.
    Case(
        "one-way-links", "accelerator", {"scale_up.name": "NVLink 4", "scale_up.bandwidth": "450 GB/s"},
        {"scale_up.bandwidth": "900 GB/s"}, "900 GB/s",
    ),
    # Today is 2026-03-01 in these tests: 31 days before April.
    Case("released", "model", {"released": "2026-02"}, {"released": "2026-04-01"}, "-31 days"),
    # 8B counted over 7B published is 1.143; 8.03B is within 1 %.
    Case(
        "total-parameters", "model", {"published.parameters": "8.03B params"},
        {"published.parameters": "7B params"}, "1.143",
    ),
    # 8B over 4B is 2.
    Case(
        "active-parameters", "model", {"published.active_parameters": "8B params"},
        {"published.active_parameters": "4B params"}, "2", "warning",
    ),
    # 80B active of 8B is 10.
    Case("active-within-total", "model", {}, {"active_parameters": "80B params"}, "10"),
    # 15B tokens for 8B parameters are 1.9; 15M are 0.001875.
    Case(
        "tokens-per-parameter", "model", {"training.tokens": "15T tokens"},
        {"training.tokens": "15M tokens"}, "0.001875",
    ),
    # 6 x 8e9 x 15e12 / (1.46e6 h x 3600 x 989e12) is 0.1385; days written as hours give 3.324, 24 times that.
    Case(
        "training-utilization", "model",
        {
            "training.tokens": "15T tokens",
            "training.accelerator": "chip",
            "training.accelerator_time": "1.46M accelerator*h",
        },
        {"training.accelerator_time": "60833.33 accelerator*h"}, "3.324",
    ),
    # 400 g/kWh as 4000; the highest of the families counts.
    Case(
        "grid-intensity", "grid", {"intensity.lifecycle": "450 gCO2e/kWh"},
        {"intensity.lifecycle": "4000 gCO2e/kWh"}, "4000 gCO2e/kWh",
    ),
    # 80 USD/kWh is 80,000 USD/MWh.
    Case(
        "electricity-price", "grid", {"electricity_price": "80 USD/MWh"},
        {"electricity_price": "80 USD/kWh"}, "8e+04 USD/MWh",
    ),
    Case("pue", "site", {}, {"pue": "11"}, "11"),
    # 1.8 L/Wh is 1800 L/kWh.
    Case("wue", "site", {"wue": "1.8 L/kWh"}, {"wue": "1.8 L/Wh"}, "1800 L/kWh"),
    # 2.5 USD/h over 0.989 PFLOP/s is 2.528; a server of eight for 98.32 USD/h is 99.41.
    Case("rent", "price", {}, {"price": "98.32 USD/accelerator/h"}, "99.41 USD/h"),
    # 30,000 USD over 989 TFLOP/s is 30.3; 30 MUSD is 30,330.
    Case("purchase", "purchase", {}, {"price": "30 MUSD/accelerator"}, "3.033e+04 USD"),
)  # fmt: skip


def broken(case: Case, figures: dict[str, str]) -> list[tuple[str, str, str]]:
    """Rule, severity and message of what one entry breaks."""
    entries = entries_of(case.kind, {"mine": figures})
    kinds = {"accelerator": entries_of("accelerator", {"chip": CHIP} | case.others)}
    kinds[case.kind] = {**kinds.get(case.kind, {}), **entries}
    if case.kind == "accelerator" and not case.others:
        kinds["accelerator"] = entries
    context = Context(whole(**kinds), date(2026, 3, 1), stated_counts)
    found = check_entries(list(entries.values()), RULES, context)
    return [(finding.rule, finding.diagnostic.severity, finding.diagnostic.message) for finding in found]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_good_entry_breaks_nothing(case: Case) -> None:
    assert broken(case, case.good) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_bad_entry_breaks_the_rule(case: Case) -> None:
    found = {rule: (severity, message) for rule, severity, message in broken(case, case.good | case.bad)}
    severity, message = found[case.rule]
    assert severity == case.severity
    assert f" is {case.said}, not " in message or f" is {case.said} " in message


def test_every_rule_has_a_case_and_a_reason() -> None:
    assert [case.rule for case in CASES] == [rule.id for rule in RULES]
    assert all(len(rule.reason) > 20 for rule in RULES)


@pytest.mark.parametrize(
    ("memory", "bandwidth", "capacity"),
    [  # one of each generation, from its data sheet: all within their bands
        ("HBM2", "900 GB/s", "16 GB"),
        ("HBM2e", "2039 GB/s", "80 GB"),
        ("HBM3", "5300 GB/s", "192 GB"),
        ("HBM3e", "8000 GB/s", "288 GB"),
        ("HBM4", "22000 GB/s", "288 GB"),
        ("GDDR6", "864 GB/s", "48 GB"),
        ("GDDR6X", "1008 GB/s", "24 GB"),
        ("GDDR7", "1792 GB/s", "32 GB"),
        ("LPDDR5", "204.8 GB/s", "128 GB"),
    ],
)
def test_each_generation_of_memory_has_its_band(memory: str, bandwidth: str, capacity: str) -> None:
    case = Case("memory-passes", "accelerator", {}, {}, "")
    figures = {"memory.type": memory, "memory.bandwidth": bandwidth, "memory.capacity": capacity}
    assert "memory-passes" not in [rule for rule, *_ in broken(case, figures)]
    swapped = figures | {"memory.capacity": capacity.replace(" GB", " MB")}
    assert "memory-passes" in [rule for rule, *_ in broken(case, swapped)]


def test_hours_for_a_trillion_tokens_are_not_those_of_the_run() -> None:
    # DeepSeek-V2 took 172.8 thousand H800 hours for each of 8.1 trillion tokens. Read as the hours of the whole run:
    # 6 x 21e9 x 8.1e12 / (172,800 x 3600 x 989e12) = 1.66 of the peak; times 8.1, 1.4 million hours: 0.205.
    case = Case("training-utilization", "model", {}, {}, "")
    figures = {
        "parameters": "236B params",
        "active_parameters": "21B params",
        "training.tokens": "8.1T tokens",
        "training.accelerator": "chip",
        "training.accelerator_time": "172.8K accelerator*h",
    }
    found = {rule: message for rule, _, message in broken(case, figures)}
    assert " is 1.65" in found["training-utilization"]
    whole_run = figures | {"training.accelerator_time": "1.4M accelerator*h"}
    assert "training-utilization" not in [rule for rule, *_ in broken(case, whole_run)]
