"""Matrices: which points there are, what they are called, and what is refused before it is laid out."""

from __future__ import annotations

import time

import pytest

from computecalc.errors import ScenarioError
from computecalc.scenario.files import RawScenario
from computecalc.yamlio.nodes import get, locate, plain
from tests.scenario.conftest import raws

HEAD = "version: 1\nscenarios:\n  hw:\n    kind: train\n    cluster: {count: 8}\n"


def points(keys: str, **settings: str) -> list[RawScenario]:
    return raws(HEAD + "".join(f"    {line}\n" for line in keys.splitlines()), settings)


def values(raw: RawScenario, *paths: str) -> tuple[object, ...]:
    nodes = [get(raw.node, path.split(".")) for path in paths]
    return tuple(None if node is None else plain(node) for node in nodes)


def refused(keys: str) -> tuple[str, str, int]:
    (raw,) = points(keys)
    (problem,) = raw.errors
    return problem.code, problem.message, problem.span.line if problem.span else 0


TWO = "matrix: {cluster.accelerator: [h100-sxm, b200-sxm], cluster.precision: [bf16, fp8]}\n"


def test_every_combination_is_a_scenario_and_the_last_axis_moves_first() -> None:
    found = points(TWO)
    assert [raw.name for raw in found] == [
        "hw/h100-sxm/bf16",
        "hw/h100-sxm/fp8",
        "hw/b200-sxm/bf16",
        "hw/b200-sxm/fp8",
    ]
    assert [values(raw, "cluster.accelerator", "cluster.precision", "cluster.count") for raw in found] == [
        ("h100-sxm", "bf16", 8),
        ("h100-sxm", "fp8", 8),
        ("b200-sxm", "bf16", 8),
        ("b200-sxm", "fp8", 8),
    ]


def test_keys_of_the_matrix_are_no_part_of_its_points() -> None:
    raw = points(TWO + "exclude: [{cluster.precision: fp8}]\nname: '{scenario}-{cluster.accelerator}'")[0]
    assert set(raw.node.entries) == {"kind", "cluster"}


def test_what_agrees_with_an_exclusion_is_left_out_and_what_is_included_is_added() -> None:
    found = points(
        TWO
        + "exclude: [{cluster.accelerator: h100-sxm, cluster.precision: fp8}]\n"
        + "include: [{cluster.accelerator: mtia-400, cluster.count: 16}]"
    )
    assert [raw.name for raw in found] == ["hw/h100-sxm/bf16", "hw/b200-sxm/bf16", "hw/b200-sxm/fp8", "hw/mtia-400/16"]
    assert values(found[-1], "cluster.accelerator", "cluster.count", "cluster.precision") == ("mtia-400", 16, None)


def test_names_follow_a_template() -> None:
    found = points(TWO + "name: '{cluster.precision} on {cluster.accelerator} ({scenario})'")
    assert found[1].name == "fp8 on h100-sxm (hw)"


def test_a_point_wins_over_the_scenario_and_a_setting_over_the_point() -> None:
    found = points("matrix: {cluster.count: [16, 32]}")
    assert [values(raw, "cluster.count") for raw in found] == [(16,), (32,)]
    found = points("matrix: {cluster.count: [16, 32]}", **{"cluster.count": "64"})
    assert [values(raw, "cluster.count") for raw in found] == [(64,), (64,)]


def test_values_that_are_mappings_are_laid_over_and_numbered() -> None:
    found = points("matrix: {cluster: [{accelerator: a, count: 1}, {accelerator: b}]}")
    assert [raw.name for raw in found] == ["hw/#1", "hw/#2"]
    assert [values(raw, "cluster.accelerator", "cluster.count") for raw in found] == [("a", 1), ("b", 8)]


def test_a_value_keeps_its_place() -> None:
    raw = points(TWO)[3]
    assert locate(raw.node, ["cluster", "precision"]).label == "s.yaml:6:83"


def test_a_matrix_is_inherited_and_axes_are_added() -> None:
    text = (
        HEAD + "    matrix: {cluster.precision: [bf16, fp8]}\n  more: {extends: hw, matrix: {cluster.count: [1, 2]}}\n"
    )
    assert [raw.name for raw in raws(text)][2:] == [
        "more/bf16/1",
        "more/bf16/2",
        "more/fp8/1",
        "more/fp8/2",
    ]


@pytest.mark.parametrize(
    ("axis", "expected"),
    [
        # Four ratios of 2 between 1 and 16; three differences of 5 between 0 and 15.
        ("{from: 1T tokens, to: 16T tokens, points: 5, spacing: log}", ["1T", "2T", "4T", "8T", "16T"]),
        ("{from: 0T tokens, to: 15T tokens, points: 4}", ["0T", "5T", "10T", "15T"]),
        # 0.1 + 0.2 is 0.30000000000000004 in floats.
        ("{from: 0.1T tokens, to: 0.3T tokens, points: 3}", ["0.1T", "0.2T", "0.3T"]),
    ],
)
def test_an_axis_by_its_ends(axis: str, expected: list[str]) -> None:
    found = points(f"matrix: {{data.tokens: {axis}}}")
    assert [values(raw, "data.tokens") for raw in found] == [(f"{text} tokens",) for text in expected]


def test_steps_without_a_unit_are_numbers() -> None:
    found = points("matrix: {cluster.count: {from: 8, to: 32, points: 4}}")
    assert [values(raw, "cluster.count") for raw in found] == [(8,), (16,), (24,), (32,)]


@pytest.mark.parametrize(
    ("keys", "code", "says"),
    [
        ("matrix: {cluster.count: 8}", "CC303", "wants a list of values"),
        ("matrix: {cluster.count: []}", "CC303", "wants a list of values"),
        ("matrix: [1, 2]", "CC303", "wants paths with values"),
        ("matrix: {}", "CC313", "no axis"),
        ("matrix: {cluster..count: [1]}", "CC208", "is not a path"),
        (TWO + "exclude: [{cluster.precision: fp16}]", "CC313", "matches no point"),
        (TWO + "exclude: [{cluster.count: 8}]", "CC313", "matches no point"),
        (TWO + "exclude: [{}]", "CC303", "wants paths with values"),
        (TWO + "exclude: {cluster.precision: fp8}", "CC303", "wants a list of points"),
        (TWO + "exclude: [{cluster.precision: bf16}, {cluster.precision: fp8}]", "CC313", "every point"),
        (TWO + "name: 7", "CC303", "wants a text"),
        (TWO + "name: '{cluster.precison}'", "CC303", "is no axis that every point has"),
        ("exclude: [{cluster.count: 8}]", "CC301", "without a `matrix`"),
        ("name: run", "CC301", "without a `matrix`"),
        ("matrix: {data.tokens: {from: 1T tokens, to: 2 B tokens, points: 2}}", "CC404", "different units"),
        ("matrix: {data.tokens: {from: 0T tokens, to: 2T tokens, points: 3, spacing: log}}", "CC405", "above 0"),
        ("matrix: {data.tokens: {from: 1..2T tokens, to: 2T tokens, points: 3}}", "CC401", "wants one number"),
    ],
)
def test_what_is_no_matrix_is_told(keys: str, code: str, says: str) -> None:
    found, message, line = refused(keys)
    assert (found, says in message) == (code, True), message
    assert line >= 6


def test_two_points_of_one_name_are_refused() -> None:
    with pytest.raises(ScenarioError, match="two scenarios are called 'hw'"):
        points(TWO + "name: '{scenario}'")


def test_a_matrix_over_the_limit_is_refused_before_it_is_laid_out() -> None:
    # 100 values on each of 20 axes are 1e40 points: laid out they would fill every memory.
    axes = ", ".join(f"a.b{i}: [{', '.join(map(str, range(100)))}]" for i in range(20))
    start = time.monotonic()
    code, message, _ = refused(f"matrix: {{{axes}}}")
    assert time.monotonic() - start < 2.0
    assert code == "CC313"
    assert "may come to 100,000 scenarios" in message
