"""`computecalc optimize`, as its users run it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran

Program = Callable[..., Ran]

MODEL = (
    *("optimize", "llama-3.1-8b", "--tokens", "1T tokens", "--sequence-length", "4096", "--global-batch", "128"),
    *("--price", "2 USD/accelerator/h", "--quick"),
)
ON_16 = (*MODEL, "--accelerator", "h100-sxm", "--count", "16")
FILE = """\
version: 1
scenarios:
  plan:
    kind: train
    model: llama-3.1-8b
    data: {tokens: 1T tokens, sequence_length: 4096, global_batch: 128}
    cluster: {accelerator: h100-sxm, count: 16}
    layout: {tensor: 8}
    efficiency: {mfu: 0.4}
  unbatched:
    kind: train
    model: llama-3.1-8b
    cluster: {accelerator: h100-sxm, count: 16}
"""


def searches(ran: Ran) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(ran.out)["searches"]
    return found


def values(search: dict[str, Any], metric: str, kind: str = "best") -> list[float]:
    runs = search["best"] if kind == "best" else search["front"]["runs"]
    return [run["outputs"][metric]["value"] for run in runs]


def test_the_best_runs_come_first_and_say_why(program: Program) -> None:
    ran = program(*ON_16, "--top", "3", "--format", "json")
    (search,) = searches(ran)
    assert (ran.code, search["by"], search["front"]["runs"]) == (0, "time.wall", [])
    walls = values(search, "time.wall")
    assert walls == sorted(walls)
    assert len(walls) == 3
    assert all("less time.wall than" in run["reason"] for run in search["best"])
    assert search["considered"] > search["fitting"] > 0


@pytest.mark.parametrize("kind", ["plain", "md", "table", "html"])
def test_what_is_held_is_told(program: Program, kind: str) -> None:
    ran = program(*ON_16, "--tensor", "4", "--recompute", "full", "--format", kind)
    assert "with tensor 4, recompute full as stated" in " ".join(ran.out.split())


def test_stated_keys_hold_and_the_others_are_searched(program: Program) -> None:
    held = ("--recompute", "full", "--set", "layout.micro_batch=2", "--set", "layout.sequence_parallel=false")
    (search,) = searches(program(*ON_16, "--tensor", "2", *held, "--top", "20", "--format", "json"))
    wanted = {"tensor": 2, "micro_batch": 2, "recompute": "full", "sequence_parallel": False}
    assert search["held"] == wanted
    layouts = [run["layout"] for run in search["best"]]
    assert all({key: layout[key] for key in wanted} == wanted for layout in layouts)
    assert len({layout["pipeline"] for layout in layouts}) > 1
    (free,) = searches(program(*ON_16, "--top", "1", "--format", "json"))
    assert values(free, "time.wall")[0] <= values(search, "time.wall")[0]


def test_what_is_held_may_leave_nothing(program: Program) -> None:
    ran = program(*ON_16, "--tensor", "8", "--pipeline", "4")
    assert ran.code == 2
    assert "error CC311: tensor 8 x pipeline 4 = 32 does not divide the count 16" in ran.err
    bad = program(*ON_16, "--tensor", "3")
    assert bad.code == 2
    assert "tensor 3 does not divide the 32 heads" in bad.err


def test_train_takes_the_same_layout(program: Program) -> None:
    (search,) = searches(program(*ON_16, "--top", "1", "--format", "json"))
    flags = [flag for flag in ON_16[1:] if flag != "--quick"]
    train = json.loads(program("train", *flags, "--format", "json").out)["scenarios"][0]
    layout = search["best"][0]["layout"]
    assert {key: train["inputs"][f"layout.{key}"]["value"] for key in layout} == {
        key: str(value).lower() if isinstance(value, bool) else value for key, value in layout.items()
    }
    assert train["outputs"]["time.wall"]["value"] == pytest.approx(values(search, "time.wall")[0], rel=1e-12)
    assert train["inputs"]["layout.tensor"]["source"]["kind"] == "search"


def test_counts_and_accelerators_are_searched_together(program: Program) -> None:
    flags = ("--accelerator", "h100-sxm,a100-sxm-80gb", "--count", "32,16", "--by", "cost", "--pareto")
    (search,) = searches(program(*MODEL, *flags, "--top", "99", "--format", "json"))
    clusters = {(run["accelerator"], run["outputs"]["accelerators"]["value"]) for run in search["best"]}
    assert clusters == {(name, count) for name in ("h100-sxm", "a100-sxm-80gb") for count in (16, 32)}
    costs = values(search, "cost.total")
    assert costs == sorted(costs)
    assert search["front"]["metrics"] == ["time.wall", "cost.total"]
    walls, prices = values(search, "time.wall", "front"), values(search, "cost.total", "front")
    assert walls == sorted(walls)
    assert prices == sorted(prices, reverse=True)
    assert costs[0] == prices[-1]


def test_one_cluster_weighs_time_against_memory(program: Program) -> None:
    (search,) = searches(program(*ON_16, "--pareto", "--format", "json"))
    assert search["front"]["metrics"] == ["time.step", "memory.per_accelerator"]
    steps, peaks = values(search, "time.step", "front"), values(search, "memory.per_accelerator", "front")
    assert steps == sorted(steps)
    assert peaks == sorted(peaks, reverse=True)
    assert len(steps) > 3
    assert steps[0] == values(search, "time.step")[0]


def test_limits_hold_and_memory_is_searched_within_them(program: Program) -> None:
    limits = ("--limit", "memory.per_accelerator <= 30 GB", "--limit", "mfu >= 0.1")
    (search,) = searches(program(*ON_16, *limits, "--pareto", "--format", "json"))
    assert search["limits"] == ["memory.per_accelerator <= 30 GB", "mfu >= 0.1"]
    assert max(values(search, "memory.per_accelerator")) <= 30e9
    (free,) = searches(program(*ON_16, "--pareto", "--format", "json"))
    # The fastest within the limit is the first run of the whole front that keeps it.
    within = [i for i, peak in enumerate(values(free, "memory.per_accelerator", "front")) if peak <= 30e9]
    assert values(search, "time.step")[0] <= values(free, "time.step", "front")[within[0]] * (1 + 1e-12)


def test_a_deadline_ranks_by_count(program: Program) -> None:
    ran = program(*MODEL, "--accelerator", "h100-sxm", "--wall-time", "90 d", "--format", "json")
    (search,) = searches(ran)
    assert (search["by"], search["limits"]) == ("accelerators", ["the deadline of the scenario"])
    assert max(values(search, "time.wall")) <= 90 * 86400.0
    counts = values(search, "accelerators")
    assert counts == sorted(counts)


def test_a_file_is_searched_scenario_by_scenario(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "plans.yaml"
    path.write_text(FILE, encoding="utf-8")
    ran = program("optimize", str(path), "--quick", "--format", "json", "-o", f"csv={tmp_path / 'best.csv'}")
    good, bad = searches(ran)
    assert (ran.code, good["status"], bad["status"]) == (2, "ok", "error")
    assert bad["diagnostics"][0]["code"] == "CC612"
    (note,) = (each for each in good["diagnostics"] if each["code"] == "CC606")
    assert note["message"] == "stated, but a search finds its own: efficiency.mfu"
    assert good["held"] == {"tensor": 8}
    assert {run["layout"]["tensor"] for run in good["best"]} == {8}
    assert (tmp_path / "best.csv").read_text(encoding="utf-8").startswith("scenario,list,rank,accelerator,name")
    changed = program("optimize", str(path), "--quick", "--format", "json", "--count", "8", "--set", "site.pue=2")
    assert values(searches(changed)[0], "accelerators")[0] == 8


@pytest.mark.parametrize(
    ("flags", "code", "told"),
    [
        (("--by", "speed"), "CC101", "--by cannot be 'speed'"),
        (("--format", "sarif"), "CC101", "there is no format 'sarif' of a search"),
        (("--format", "cvs"), "CC101", "did you mean csv?"),
        (("--limit", "time.wall <= 3"), "CC402", "`3` has no unit"),
        (("--limit", "cost.total <= 3 USD @high"), "CC408", "a search compares middle values"),
        (("--limit", "change(cost.total) <= 3 %"), "CC408", "a search compares middle values"),
        (("--limit", "time.wall <= 3 s"), "CC609", "the nearest has "),
        (("--count", "16,"), "CC101", "--count has an empty part"),
        (("--count", "16,some"), "CC401", "--count: `some`"),
        (("--count", "8..16,32"), "CC101", "--count is either a list or a range"),
        (("--count", "0"), "CC405", "--count: "),
        (("--accelerator", "h100-sxm,h1000"), "CC501", "there is no accelerator called `h1000`"),
        (("--count", "296"), "CC608", "no layout spreads the global batch evenly"),
    ],
)
def test_what_cannot_be_answered_ends_in_a_message(
    program: Program, flags: tuple[str, ...], code: str, told: str
) -> None:
    ran = program(*ON_16, *flags)
    assert ran.code == 2
    assert f"error {code}" in ran.err
    assert told in ran.err


def test_flags_of_a_model_do_not_go_with_a_file(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "plans.yaml"
    path.write_text(FILE, encoding="utf-8")
    ran = program("optimize", str(path), "--pue", "1.1")
    assert (ran.code, ran.out) == (2, "")
    assert "--set site.pue=1.1" in ran.err


def test_an_unknown_price_is_told(program: Program) -> None:
    flags = ("--by", "cost", "--format", "json")
    ran = program(*(flag for flag in MODEL[:8]), "--quick", "--accelerator", "mtia-400", "--count", "16", *flags)
    assert ran.code == 2
    assert "--price '2.50 USD/accelerator/h'" in ran.err


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("campus", "cluster: {accelerator: h100-sxm}, campus: {power: 1 GW}"),
        ("silicon", "silicon: {volume: 1000 accelerator}"),
    ],
)
def test_what_has_no_layout_is_told_so(program: Program, tmp_path: Path, kind: str, body: str) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(f"version: 1\nscenarios:\n  plan: {{kind: {kind}, {body}}}\n", encoding="utf-8")
    ran = program("optimize", str(path))
    assert ran.code == 2
    assert f"error CC612: plan is of kind {kind}, which has no layout" in ran.err
    assert "computecalc compare" in ran.err
