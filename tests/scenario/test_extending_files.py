"""Scenarios that extend those of other files, and files that must not be reached."""

from __future__ import annotations

from pathlib import Path

import pytest

from computecalc.scenario.files import RawScenario, raw_scenarios
from computecalc.scenario.other_files import Library
from computecalc.yamlio.loading import load_path
from computecalc.yamlio.nodes import locate, plain

BASE = """\
version: 1
defaults: {site: {pue: 1.3, region: US-VA}}
profiles:
  cheap: {money: {price: 1 USD/accelerator/h}}
scenarios:
  big: {extends: cheap, kind: train, site: {pue: 1.2}}
"""


def scenarios(folder: Path, text: str, *, library: Library | None = None) -> list[RawScenario]:
    path = folder / "plan.yaml"
    path.write_text(f"version: 1\ndefaults: {{site: {{pue: 1.5, region: FRA}}}}\nscenarios:\n{text}", encoding="utf-8")
    return raw_scenarios(load_path(path), library=library)


def only_error(found: list[RawScenario]) -> tuple[str, str, str]:
    (problem,) = found[0].errors
    return problem.code, problem.message, problem.place.rpartition("/")[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    below = tmp_path / "plans"
    (below / "shared").mkdir(parents=True)
    (below / "shared" / "base.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "outside.yaml").write_text(BASE, encoding="utf-8")
    return below


def test_what_is_extended_comes_with_its_own_ancestry_and_defaults(folder: Path) -> None:
    (found,) = scenarios(folder, "  mine: {extends: shared/base.yaml#big, data: {tokens: 1T tokens}}\n")
    # Lowest are the defaults here (1.5, FRA), then those there (1.3, US-VA), then the scenario there (1.2).
    assert plain(found.node) == {
        "site": {"pue": 1.2, "region": "US-VA"},
        "money": {"price": "1 USD/accelerator/h"},
        "kind": "train",
        "data": {"tokens": "1T tokens"},
    }


def test_a_value_from_another_file_keeps_its_place_there(folder: Path) -> None:
    (found,) = scenarios(folder, "  mine: {extends: shared/base.yaml#cheap}\n")
    assert locate(found.node, ["money", "price"]).label.endswith("shared/base.yaml:4:26")


@pytest.mark.parametrize("name", ["../outside.yaml#big", "shared/../../outside.yaml#big"])
def test_a_file_outside_the_folder_is_not_read(folder: Path, name: str) -> None:
    code, message, place = only_error(scenarios(folder, f"  mine: {{extends: {name}}}\n"))
    assert (code, place) == ("CC312", "plan.yaml:4:19")
    assert "outside the folder" in message


def test_nor_through_a_link_nor_by_an_absolute_path(folder: Path) -> None:
    (folder / "link.yaml").symlink_to(folder.parent / "outside.yaml")
    for name in ("link.yaml", folder.parent / "outside.yaml"):
        assert only_error(scenarios(folder, f"  mine: {{extends: '{name}#big'}}\n"))[0] == "CC312"


def test_a_file_that_the_user_named_may_be_extended(folder: Path) -> None:
    library = Library([folder.parent / "outside.yaml"])
    (found,) = scenarios(folder, "  mine: {extends: ../outside.yaml#cheap}\n", library=library)
    assert plain(locate_node(found, "money")) == {"price": "1 USD/accelerator/h"}


def locate_node(raw: RawScenario, key: str):  # type: ignore[no-untyped-def]
    return raw.node.entries[key].node


def test_a_name_that_is_not_there_is_told_with_the_file(folder: Path) -> None:
    code, message, _ = only_error(scenarios(folder, "  mine: {extends: shared/base.yaml#bigg}\n"))
    assert code == "CC307"
    assert "'bigg'" in message
    assert "shared/base.yaml" in message


def test_what_is_wrong_with_the_other_file_is_told_there(folder: Path) -> None:
    (folder / "bad.yaml").write_text("version: 1\nscenarios: {a: {}}\nother: 1\n", encoding="utf-8")
    found = scenarios(folder, "  mine: {extends: bad.yaml#a}\n")
    (problem,) = found[0].errors
    assert (problem.code, problem.place.rpartition("/")[2]) == ("CC301", "bad.yaml:3:1")
    assert problem.notes[0].span is not None
    assert problem.notes[0].span.label.endswith("plan.yaml:4:19")


def test_a_file_that_is_not_there(folder: Path) -> None:
    (problem,) = scenarios(folder, "  mine: {extends: shared/bse.yaml#big}\n")[0].errors
    assert problem.code == "CC103"
    assert "base.yaml" in problem.hint


def test_a_circle_through_files_ends(folder: Path) -> None:
    (folder / "other.yaml").write_text(
        "version: 1\nscenarios: {there: {extends: 'plan.yaml#mine'}}\n", encoding="utf-8"
    )
    code, message, _ = only_error(scenarios(folder, "  mine: {extends: other.yaml#there}\n"))
    assert code == "CC308"
    assert "there" in message
