"""Profiles of emission factors: months and hours of a year, and what is refused with its line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from computecalc.errors import Document, ScenarioError, Span
from computecalc.scenario.profile import Profile, load_profile

KWH = 3.6e6
HEAD = "time,intensity [gCO2e/kWh]\n"
Load = Callable[[str], Profile]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def read(text: str) -> Profile:
        (tmp_path / "grid.csv").write_text(text, encoding="utf-8")
        return load_profile("grid.csv", Span(Document(str(tmp_path / "plan.yaml"), "x: grid.csv"), 1, 4, 12))

    return read


def months(values: list[float]) -> str:
    return HEAD + "".join(f"2025-{month:02d},{value}\n" for month, value in enumerate(values, 1))


def hours(year: int = 2025, *, value: Callable[[int], float] = lambda _: 100.0) -> list[str]:
    start, count = datetime(year, 1, 1), (datetime(year + 1, 1, 1) - datetime(year, 1, 1)).days * 24
    return [f"{start + timedelta(hours=hour):%Y-%m-%dT%H:00},{value(hour)}\n" for hour in range(count)]


def test_months_count_by_their_days(load: Load) -> None:
    # 100 g but for 465 g in January: 100 + 365 x 31 / 365 = 131 g.
    found = load(months([465.0] + [100.0] * 11))
    assert found.intensity == pytest.approx(131.0 / KWH)
    assert (found.periods, found.step, found.year, found.is_weighted) == (12, "months", "2025", False)


@pytest.mark.parametrize(("year", "count"), [(2025, 8760), (2024, 8784)])
def test_hours_of_a_year_and_of_a_leap_year(load: Load, year: int, count: int) -> None:
    found = load(HEAD + "".join(hours(year, value=lambda hour: 200.0 if hour % 24 < 12 else 400.0)))
    assert found.intensity == pytest.approx(300.0 / KWH)
    assert (found.periods, found.step) == (count, "hours")


def test_a_run_of_three_months_has_a_load_in_those_alone(load: Load) -> None:
    lines = [f"2025-{month:02d},{100 * month},{1 if month in (4, 5, 6) else 0}\n" for month in range(1, 13)]
    found = load("time,intensity [gCO2e/kWh],load\n" + "".join(lines))
    assert found.intensity == pytest.approx(500.0 / KWH)
    assert found.is_weighted


def test_other_units_are_converted(load: Load) -> None:
    text = months([400.0] * 12).replace("gCO2e/kWh", "kgCO2e/MWh")
    assert load(text).intensity == pytest.approx(400.0 / KWH)


FULL = months([100.0] * 12)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (FULL.replace("2025-03,100.0\n", ""), 4, "a gap: 2025-03 should follow"),
        (FULL.replace("2025-04", "2025-03"), 5, "a repetition, or out of order: 2025-04"),
        (FULL.replace("2025-12,100.0\n", ""), 12, "the profile has 11 months, which are not one year"),
        (FULL + "2026-01,100\n", 14, "the profile has 13 months"),
        (FULL.replace("2025-05,100.0", "2025-05,-1"), 6, "the intensity is -1, which no intensity can be"),
        (FULL.replace("2025-05,100.0", "2025-05,nan"), 6, "the intensity is nan"),
        (FULL.replace("2025-05,100.0", "2025-05,n/a"), 6, "the intensity is 'n/a', no number"),
        (FULL.replace("2025-05,100.0", "2025-05"), 6, "the line has 1 cells, the header 2"),
        (FULL.replace("2025-01,", "2025-02,", 1), 2, "the profile does not begin with a year"),
        (FULL.replace("2025-02,", "2025-13,", 1), 3, "'2025-13' is no time"),
        (FULL.replace("2025-02,", "February,", 1), 3, "'February' is no time of the profile"),
        (FULL.replace(" [gCO2e/kWh]", ""), 1, "the columns are time, intensity"),
        (FULL.replace("gCO2e/kWh", "L/kWh"), 1, "the unit of the intensity"),
        (HEAD, 1, "the profile has no lines"),
        ("", 1, "the columns are none"),
        (HEAD + "".join(hours()[:-24]), 8737, "the profile has 8,736 hours"),
        (HEAD + "".join([*hours()[:99], *hours()[100:]]), 101, "a gap: 2025-01-05T03:00 should follow"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(load: Load, text: str, line: int, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(text)
    (found,) = caught.value.diagnostics
    assert found.code == "CC636"
    assert message in found.message
    assert found.span is not None
    assert (found.span.document.name.endswith("grid.csv"), found.span.line) == (True, line)


def test_all_loads_zero_is_no_run(load: Load) -> None:
    text = "time,intensity [gCO2e/kWh],load\n" + "".join(f"2025-{month:02d},1,0\n" for month in range(1, 13))
    with pytest.raises(ScenarioError, match="all loads are 0"):
        load(text)


def test_a_file_that_is_not_there_is_told_where_it_is_named(tmp_path: Path) -> None:
    place = Span(Document(str(tmp_path / "plan.yaml"), "x: grid.csv"), 1, 4, 12)
    with pytest.raises(ScenarioError) as caught:
        load_profile("grid.csv", place)
    (found,) = caught.value.diagnostics
    assert (found.code, found.span) == ("CC636", place)
    (tmp_path / "grid.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ScenarioError, match="it is not UTF-8"):
        load_profile("grid.csv", place)


@pytest.mark.parametrize("name", ["../grid.csv", "/etc/grid.csv"])
def test_a_file_outside_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_profile(name, Span(Document(str(tmp_path / "plan.yaml"), "x"), 1, 1, 2))
    assert caught.value.diagnostics[0].code == "CC303"
