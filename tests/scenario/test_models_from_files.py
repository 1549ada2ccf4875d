"""Models of scenario files that are configurations beside them."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.errors import Diagnostic, ScenarioError
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.results import estimate
from computecalc.scenario.files import raw_scenarios
from computecalc.scenario.models import is_configuration
from computecalc.scenario.resolve import resolve
from computecalc.yamlio.loading import load_path
from computecalc.yamlio.nodes import from_flag
from tests.scenario.conftest import scenario_text

CONFIGS = Path(__file__).parents[1] / "data" / "configs"

PARAMETERS = 8_190_735_360
"""Of Qwen3 8B, counted on the model's own class."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of scenarios with a configuration below it, and one beside it."""
    place = tmp_path / "scenarios"
    (place / "models").mkdir(parents=True)
    shutil.copy(CONFIGS / "qwen3-8b.json", place / "models" / "config.json")
    shutil.copy(CONFIGS / "qwen3-8b.json", tmp_path / "outside.json")
    return place


def resolved(folder: Path, catalog: Catalog, model: str, *, flag: str = "") -> Resolved:
    file = folder / "s.yaml"
    file.write_text(scenario_text(f"model: {model}"), encoding="utf-8")
    overrides = {"model": from_flag("--set model", flag)} if flag else None
    (raw,) = raw_scenarios(load_path(file), overrides)
    return resolve(raw, catalog, today=date(2026, 11, 22))


def refused(folder: Path, catalog: Catalog, model: str) -> Diagnostic:
    with pytest.raises(ScenarioError) as caught:
        resolved(folder, catalog, model)
    (problem,) = caught.value.diagnostics
    return problem


@pytest.mark.parametrize("model", ["models/config.json", "./models/config.json", "models/../models/config.json"])
def test_paths_start_at_the_file(folder: Path, opened: Catalog, model: str) -> None:
    found = resolved(folder, opened, model)
    assert estimate(found).outputs["parameters.total"].mid == PARAMETERS
    assert found.choices["model"].value == model
    origin = found.inputs["model.hidden"].origin
    assert origin.kind == "scenario"
    assert origin.text == f"{folder / 's.yaml'}:5, config.json of model_type qwen3"
    assert origin.source == f"{model}, model_type qwen3"


def test_a_configuration_can_be_cut(folder: Path, opened: Catalog) -> None:
    found = resolved(folder, opened, "{base: models/config.json, layers: 12}")
    # A layer: 2 x 4096 x 4096 + 2 x 4096 x 1024 + 3 x 4096 x 12288 + 2 x 4096 + 2 x 128 = 192,946,432; 24 are gone.
    assert estimate(found).outputs["parameters.total"].mid == PARAMETERS - 24 * 192_946_432
    assert found.choices["model"].value == "models/config.json cut to layers 12"


def test_the_sequence_length_is_a_default(folder: Path, opened: Catalog) -> None:
    found = resolved(folder, opened, "models/config.json").inputs["data.sequence_length"]
    assert (found.range.mid, found.origin.kind) == (4096.0, "default")


@pytest.mark.parametrize("form", ["{}", "{{base: {}, layers: 2}}"])
def test_files_elsewhere_are_not_read(folder: Path, opened: Catalog, form: str) -> None:
    (folder / "link.json").symlink_to(folder.parent / "outside.json")
    for path in ("../outside.json", str(folder.parent / "outside.json"), "models/../../outside.json", "link.json"):
        problem = refused(folder, opened, form.format(path))
        assert (problem.code, problem.message) == (
            "CC303",
            f"{path} lies outside the folder of the scenario file",
        )
        assert problem.place == f"{folder / 's.yaml'}:5:12"


def test_a_flag_may_name_any_file(folder: Path, opened: Catalog) -> None:
    found = resolved(folder, opened, "models/config.json", flag=str(folder.parent / "outside.json"))
    assert found.inputs["model.hidden"].origin.kind == "flag"


def test_what_is_wrong_is_shown_in_the_configuration(folder: Path, opened: Catalog) -> None:
    (folder / "bad.json").write_text('{"model_type": "gpt2",\n "n_embd": "wide"}', encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        resolved(folder, opened, "bad.json")
    places = {problem.message: problem.place for problem in caught.value.diagnostics}
    assert places["the key `hidden_size` must be a whole number"] == f"{folder / 'bad.json'}:2:12"
    assert {note.message for problem in caught.value.diagnostics for note in problem.notes} == {"in scenario one"}


def test_a_missing_configuration_is_pointed_at_in_the_scenario(folder: Path, opened: Catalog) -> None:
    problem = refused(folder, opened, "nowhere.json")
    assert (problem.code, problem.place) == ("CC103", f"{folder / 's.yaml'}:5:12")
    # Beside other problems of the form, the path is not taken for an id of the catalog.
    file = folder / "s.yaml"
    file.write_text(scenario_text("model: nowhere.json\nlayout: {tensr: 2}"), encoding="utf-8")
    (raw,) = raw_scenarios(load_path(file))
    with pytest.raises(ScenarioError) as caught:
        resolve(raw, opened, today=date(2026, 11, 22))
    assert [each.code for each in caught.value.diagnostics] == ["CC301"]


@pytest.mark.parametrize(
    ("name", "expected"), [("a/config.json", True), ("C.JSON", True), ("llama-3.1-405b", False), ("json", False)]
)
def test_what_is_a_configuration(name: str, expected: bool) -> None:
    assert is_configuration(name) is expected
