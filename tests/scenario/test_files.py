"""Merging: which layer wins, and that every value keeps its place."""

from __future__ import annotations

import pytest

from computecalc.errors import ScenarioError
from computecalc.scenario.files import RawScenario, raw_scenarios
from computecalc.yamlio.loading import load_text
from computecalc.yamlio.nodes import locate, plain
from tests.scenario.conftest import raws

LAYERS = """\
version: 1
defaults:
  site: {region: US-VA, pue: 1.1}
profiles:
  cheap: {money: {price: 1 USD/accelerator/h}, site: {pue: 1.2}}
  dear: {money: {price: 9 USD/accelerator/h}}
scenarios:
  base: {kind: train, data: {tokens: 1T tokens}}
  single: {extends: base, data: {sequence_length: 4096}}
  both: {extends: [cheap, dear], site: {pue: 1.3}}
  other: {extends: [dear, cheap]}
  nested: {extends: [both, base], layout: auto}
"""


def merged(name: str, **settings: str) -> RawScenario:
    paths = {path.replace("__", "."): value for path, value in settings.items()}
    return {raw.name: raw for raw in raws(LAYERS, paths)}[name]


def test_scenarios_come_in_the_order_written() -> None:
    assert [raw.name for raw in raws(LAYERS)] == ["base", "single", "both", "other", "nested"]


def test_profiles_are_not_scenarios_and_defaults_lie_under_all() -> None:
    assert plain(merged("base").node) == {
        "site": {"region": "US-VA", "pue": 1.1},
        "kind": "train",
        "data": {"tokens": "1T tokens"},
    }


def test_extending_one_adds_to_it() -> None:
    found = plain(merged("single").node)
    assert isinstance(found, dict)
    assert found["data"] == {"tokens": "1T tokens", "sequence_length": 4096}
    assert "extends" not in found


@pytest.mark.parametrize(
    ("name", "price", "pue"), [("both", "9 USD/accelerator/h", 1.3), ("other", "1 USD/accelerator/h", 1.2)]
)
def test_later_parents_win_and_the_scenario_wins_over_all(name: str, price: str, pue: float) -> None:
    found = plain(merged(name).node)
    assert isinstance(found, dict)
    assert (found["money"], found["site"]) == ({"price": price}, {"region": "US-VA", "pue": pue})


def test_ancestors_of_ancestors_are_merged_too() -> None:
    assert plain(merged("nested").node) == {
        "site": {"region": "US-VA", "pue": 1.3},
        "money": {"price": "9 USD/accelerator/h"},
        "kind": "train",
        "data": {"tokens": "1T tokens"},
        "layout": "auto",
    }


@pytest.mark.parametrize(
    ("path", "place"),
    [("site.region", "s.yaml:3:18"), ("site.pue", "s.yaml:10:46"), ("money.price", "s.yaml:6:25")],
)
def test_a_value_keeps_the_place_of_the_layer_it_came_from(path: str, place: str) -> None:
    assert locate(merged("both").node, path.split(".")).label == place


def test_a_setting_wins_over_the_file() -> None:
    raw = merged("both", site__pue="1.4", cluster__count="8")
    assert plain(raw.node)["site"] == {"region": "US-VA", "pue": 1.4}  # type: ignore[index,call-overload]
    assert locate(raw.node, ["site", "pue"]).label == "--set site.pue"
    assert locate(raw.node, ["site", "region"]).label == "s.yaml:3:18"


def test_two_runs_merge_the_same() -> None:
    assert [plain(raw.node) for raw in raws(LAYERS)] == [plain(raw.node) for raw in raws(LAYERS)]


def test_a_chain_of_64_is_merged_and_one_of_65_is_not() -> None:
    def chain(links: int) -> str:
        fragments = "".join(f"  p{i}: {{extends: p{i + 1}}}\n" for i in range(1, links))
        end = f"  p{links}: {{kind: train}}\n"
        return f"version: 1\nprofiles:\n{fragments}{end}scenarios:\n  one: {{extends: p1}}\n"

    assert plain(raws(chain(64))[0].node) == {"kind": "train"}
    (problem,) = raws(chain(65))[0].errors
    assert problem.code == "CC303"


def test_a_broken_scenario_leaves_the_others_alone() -> None:
    good, bad = raws("version: 1\nscenarios:\n  good: {kind: train}\n  bad: {extends: god}\n")
    assert (good.errors, bad.errors[0].code, bad.errors[0].hint) == ((), "CC307", "did you mean good?")


def test_defaults_extend_nothing() -> None:
    with pytest.raises(ScenarioError) as caught:
        raws("version: 1\ndefaults: {extends: a}\nscenarios: {a: {}}\n")
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.place) == ("CC301", "s.yaml:2:12")


def test_budgets_are_not_passed_over_in_silence() -> None:
    text = (
        "version: 1\n"
        "scenarios:\n"
        "  a: {kind: train}\n"
        "  b: {kind: train}\n"
        "budgets:\n"
        "  - {on: a, checks: [cost.total <= 1 MUSD]}\n"
    )
    first, second = raw_scenarios(load_text(text, "plan.yaml"))
    assert [(note.code, note.severity, note.span and note.span.label) for note in first.notes] == [
        ("CC606", "note", "plan.yaml:5:1")
    ]
    assert second.notes == ()
