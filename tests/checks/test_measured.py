"""Runs that codecarbon measured, beside estimates at the boundary that it measures."""

from __future__ import annotations

from pathlib import Path

import pytest

from computecalc.checks.measured_comparison import MeasuredComparison, compared
from computecalc.checks.measured_runs import MeasuredRun, read_measured_runs
from computecalc.errors import UsageError
from computecalc.estimators.inputs import ResolvedInput
from computecalc.estimators.origins import Origin
from computecalc.estimators.results import Estimate, MetricValue
from computecalc.units.ranges import Range

HEADER = (
    "timestamp,project_name,run_id,duration,emissions,emissions_rate,cpu_power,gpu_power,ram_power,cpu_energy,gpu_energy,"
    "ram_energy,energy_consumed,country_name,country_iso_code,region,cloud_provider,cloud_region,os,python_version,"
    "codecarbon_version,cpu_count,cpu_model,gpu_count,gpu_model,longitude,latitude,ram_total_size,tracking_mode,on_cloud,pue"
)
"""As codecarbon 2.2 to 2.4 writes it."""


def row(project: str = "run", gpus: str = "8", pue: str = "1.0", **cells: str) -> str:
    """An hour at 6 kW of accelerators, 1 kW of CPUs and 0.2 kW of memory, at 400 g/kWh."""
    values = {"duration": "3600", "emissions": "2.88", "gpu": "6.0", "energy": "7.2"} | cells
    return (
        f"2024-05-27T11:31:35,{project},r1,{values['duration']},{values['emissions']},0.0008,1000,6000,200,1.0,"
        f"{values['gpu']},0.2,{values['energy']},Canada,CAN,quebec,,,Linux,3.10,2.4.2,32,Xeon,{gpus},8 x H100,-71.2,"
        f"46.8,503.3,machine,N,{pue}"
    )


def read(folder: Path, *lines: str) -> list[MeasuredRun]:
    path = folder / "emissions.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_measured_runs(path)


KWH = 3.6e6


def estimated(
    name: str = "run", kind: str = "train", grid: tuple[float, float, float] | None = (0.3, 0.4, 0.5)
) -> Estimate:
    """0.8..1..1.2 h on 8 accelerators: 5..6..7 kWh of accelerators, 6..7.5..9 kWh with hosts; a grid in kg/kWh."""

    def value(metric: str, unit: str, low: float, mid: float, high: float) -> MetricValue:
        return MetricValue(metric, unit, low, mid, high)

    outputs = [
        value("accelerators", "accelerator", 8.0, 8.0, 8.0),
        value("time.wall", "s", 2880.0, 3600.0, 4320.0),
        value("energy.accelerator", "J", 5 * KWH, 6 * KWH, 7 * KWH),
        value("energy.it", "J", 6 * KWH, 7.5 * KWH, 9 * KWH),
        value("carbon.operational", "gCO2e", 1.0, 2.0, 3.0),  # with the PUE of the site: not what is compared
    ]
    inputs = {}
    if grid is not None:
        low, mid, high = (each * 1000 / KWH for each in grid)
        given = ResolvedInput(
            "site.grid_intensity", Range(low, mid, high), "gCO2e/J", Origin("flag", "--grid-intensity")
        )
        inputs["site.grid_intensity"] = given
    return Estimate(name, kind, None, inputs, {}, {each.id: each for each in outputs}, {}, ())


def one(folder: Path, line: str, estimate: Estimate | None = None) -> MeasuredComparison:
    comparisons, errors = compared(read(folder, HEADER, line), [estimate or estimated()])
    assert errors == []
    (comparison,) = comparisons
    return comparison


def test_units_are_those_that_codecarbon_documents(tmp_path: Path) -> None:
    (run,) = read(tmp_path, HEADER, row())
    assert run.duration == 3600.0
    assert run.emissions == pytest.approx(2880.0)  # 2.88 kg
    assert run.energy == pytest.approx(7.2 * 3.6e6)
    assert run.accelerator_energy == pytest.approx(6.0 * 3.6e6)
    assert (run.accelerators, run.pue, run.place, run.project, run.run) == (8.0, 1.0, "CAN quebec", "run", "r1")
    assert run.span.label.endswith("emissions.csv:2:1")


def test_columns_of_the_first_versions_are_enough(tmp_path: Path) -> None:
    header = (
        "timestamp,experiment_id,project_name,duration,emissions,energy_consumed,country_name,country_iso_code,region"
    )
    (run,) = read(tmp_path, header, "2021-10-27T22:34:13,0c8,run,857.0,0.0499,0.0881,USA,USA,Iowa")
    assert (run.accelerator_energy, run.accelerators, run.pue) == (None, None, 1.0)


def test_each_quantity_at_its_boundary(tmp_path: Path) -> None:
    found = {value.metric: value for value in one(tmp_path, row()).values}
    assert list(found) == ["time.wall", "energy.accelerator", "energy.it", "carbon.operational"]
    assert {name: value.standing for name, value in found.items()} == dict.fromkeys(found, "within")
    assert found["time.wall"].ratio == pytest.approx(1.0)
    assert found["energy.it"].ratio == pytest.approx(7.2 / 7.5)
    carbon = found["carbon.operational"]
    # 6 kWh at 300 g, 7.5 at 400, 9 at 500; the site's own PUE is not in it, since codecarbon had none.
    assert (carbon.low, carbon.mid, carbon.high) == pytest.approx((1800.0, 3000.0, 4500.0))
    assert carbon.ratio == pytest.approx(2880 / 3000)


def test_a_stated_pue_is_on_both_sides(tmp_path: Path) -> None:
    found = {value.metric: value for value in one(tmp_path, row(pue="1.2")).values}
    assert found["energy.it"].mid == pytest.approx(7.5 * 1.2 * KWH)
    assert found["energy.accelerator"].high == pytest.approx(7 * 1.2 * KWH)
    assert found["carbon.operational"].mid == pytest.approx(3000 * 1.2)
    assert "PUE of 1.2" in found["energy.it"].boundary
    assert found["time.wall"].mid == 3600.0


@pytest.mark.parametrize(
    ("cell", "value", "metric", "standing"),
    [
        ("duration", "2879", "time.wall", "below"),
        ("duration", "2880", "time.wall", "within"),
        ("duration", "4321", "time.wall", "above"),
        ("energy", "9.01", "energy.it", "above"),
        ("gpu", "4.9", "energy.accelerator", "below"),
        ("emissions", "4.6", "carbon.operational", "above"),
    ],
)
def test_where_it_lies(tmp_path: Path, cell: str, value: str, metric: str, standing: str) -> None:
    found = {each.metric: each.standing for each in one(tmp_path, row(**{cell: value})).values}
    assert found[metric] == standing


def test_a_part_of_the_accelerators_is_compared_with_that_part(tmp_path: Path) -> None:
    comparison = one(tmp_path, row(gpus="2"))
    found = {value.metric: value for value in comparison.values}
    assert found["energy.it"].mid == pytest.approx(7.5 * KWH / 4)
    assert found["carbon.operational"].mid == pytest.approx(3000 / 4)
    assert found["time.wall"].mid == 3600.0
    assert comparison.notes == ("2 of 8 accelerators were measured: energy and carbon are estimated for those",)
    more = one(tmp_path, row(gpus="16"))
    assert {value.metric: value for value in more.values}["energy.it"].mid == pytest.approx(7.5 * KWH)
    assert "16 accelerators were measured" in more.notes[0]


def test_what_is_unknown_is_not_compared(tmp_path: Path) -> None:
    found = {value.metric: value for value in one(tmp_path, row(), estimated(grid=None)).values}
    carbon = found["carbon.operational"]
    assert (carbon.standing, carbon.mid, carbon.ratio) == ("unknown", None, None)


def test_runs_go_to_the_scenarios_of_their_projects(tmp_path: Path) -> None:
    runs = read(tmp_path, HEADER, row("a"), row("b"), row("a", duration="10"))
    comparisons, errors = compared(runs, [estimated("a"), estimated("b")])
    assert errors == []
    assert [(each.scenario, each.run.span.line) for each in comparisons] == [("a", 2), ("b", 3), ("a", 4)]


def test_codecarbons_own_name_belongs_to_the_only_scenario(tmp_path: Path) -> None:
    runs = read(tmp_path, HEADER, row("codecarbon"))
    assert [each.scenario for each in compared(runs, [estimated("a")])[0]] == ["a"]
    for estimates, failed in (([estimated("a"), estimated("b")], ()), ([estimated("a")], ("b",))):
        comparisons, errors = compared(runs, estimates, failed)
        assert comparisons == []
        assert [error.code for error in errors] == ["CC734"]


@pytest.mark.parametrize(
    ("project", "says"),
    [
        ("runn", "did you mean run?"),
        ("xyz", "there are run, chat, broken"),
        ("chat", "--calibrate"),
        ("broken", "mend"),
    ],
)
def test_a_run_that_can_be_compared_with_nothing(tmp_path: Path, project: str, says: str) -> None:
    estimates = [estimated("run"), estimated("chat", kind="infer")]
    comparisons, errors = compared(read(tmp_path, HEADER, row(project)), estimates, ["broken"])
    assert comparisons == []
    (error,) = errors
    assert (error.code, error.place.endswith("emissions.csv:2:1")) == ("CC734", True)
    assert says in error.hint


@pytest.mark.parametrize(
    ("lines", "place", "says"),
    [
        ([""], "1:1", "no column project_name"),
        (["project_name,duration,emissions"], "1:1", "no column energy_consumed"),
        ([HEADER], "1:1", "a header and no run"),
        ([HEADER, row(duration="abc")], "2:28", "duration is 'abc'"),
        ([HEADER, row(duration="-1")], "2:28", "no number from 0 on"),
        ([HEADER, row(energy="nan")], "2:", "energy_consumed is 'nan'"),
        ([HEADER, row(), row(emissions="")], "3:33", "emissions is empty"),
        ([HEADER, row(pue="0.9")], "2:", "PUE of 0.9 is below 1"),
        ([HEADER, "a,b,c"], "2:1", "3 cells, and the header 31"),
    ],
)
def test_what_is_no_table(tmp_path: Path, lines: list[str], place: str, says: str) -> None:
    with pytest.raises(UsageError) as error:
        read(tmp_path, *lines)
    first = error.value.diagnostics[0]
    assert first.code == "CC733"
    assert f"emissions.csv:{place}" in first.place
    assert says in first.message


def test_all_wrong_cells_are_told_in_one_pass(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        read(tmp_path, HEADER, row(duration="x", energy="y"), row(emissions="z"))
    assert [each.place.split(":")[1] for each in error.value.diagnostics] == ["2", "2", "3"]


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe")
    for name, code in (("a.csv", "CC103"), ("b.csv", "CC733")):
        with pytest.raises(UsageError) as error:
            read_measured_runs(tmp_path / name)
        assert error.value.diagnostics[0].code == code
