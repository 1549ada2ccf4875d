"""Published footprints: the table's cases, the doubt about what cannot be, and what is wrong with a table."""

from __future__ import annotations

from pathlib import Path

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.checks.validation.footprints import FOOTPRINTS, footprint_cases, implausible
from computecalc.checks.validation.outcomes import outcomes
from computecalc.errors import UsageError

FOLDER = Path(__file__).resolve().parents[3] / "validation"
HEAD = (
    "id,class,model,accelerator,accelerator_hours,power,pue,grid_intensity,metric,unit,published,tolerance,source,"
    "licence,note\n"
)


def table(folder: Path, *rows: str) -> Path:
    (folder / "published_footprints.csv").write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return folder


def test_every_published_footprint_is_within_what_its_class_allows() -> None:
    found = list(outcomes(footprint_cases(FOLDER), Catalog.open(())))
    limits = {"footprints, circular": 0.02, "footprints, measured power": 0.15}
    for outcome in found:
        assert outcome.error is not None, outcome.case.id
        if outcome.group in limits:
            assert abs(outcome.error) <= limits[outcome.group], outcome.case.id
            assert outcome.case.tolerance == limits[outcome.group]
    counts = {name: sum(outcome.group == name for outcome in found) for name in FOOTPRINTS.values()}
    assert min(counts.values()) >= 7
    assert not any(outcome.case.suspicious for outcome in found)


def test_misses_of_predicted_power_stay_visible() -> None:
    found = {each.case.id: each for each in outcomes(footprint_cases(FOLDER), Catalog.open(()))}
    # 192 W x 0.8 x 1.3 against 378.5 W of a PaLM system.
    palm = found["draw-palm"]
    assert palm.predicted == pytest.approx(199.7, abs=0.1)
    assert palm.error == pytest.approx(-0.472, abs=0.001)
    assert not palm.within


def test_a_line_by_hand(tmp_path: Path) -> None:
    # 1000 h x 500 W x 1.2 x 400 g/kWh: 600 kWh, 0.24 t.
    row = "one,circular,M,h100-sxm,1000,500,1.2,400,carbon.operational,tCO2e,0.24,0.02,Somebody,facts cited,"
    (found,) = outcomes(footprint_cases(table(tmp_path, row)), Catalog.open(()))
    assert found.predicted == pytest.approx(0.24)
    assert (found.case.suspicious, found.basis) == ("", "")


def test_a_model_card_of_twelve_tons_is_doubted() -> None:
    # 12.9 t for 7.0 million hours of an H100 at 700 W: 4.9 GWh, 2.63 g/kWh, less than any grid; 2,040 t are 416 g/kWh.
    assert "2.63 gCO2e/kWh" in implausible(carbon=12.9, hours=7.0e6, power=700.0)
    assert implausible(carbon=2040.0, hours=7.0e6, power=700.0) == ""
    # Grams taken for kilograms.
    assert implausible(carbon=2.04e6, hours=7.0e6, power=700.0) != ""


def test_what_cannot_be_is_shown_and_judged_in_no_class(tmp_path: Path) -> None:
    row = "card,circular,M,h100-sxm,7000000,700,1.1,375,carbon.operational,tCO2e,12.9,0.02,A card,facts cited,"
    (case,) = footprint_cases(table(tmp_path, row))
    assert "outside of what grids emit" in case.suspicious


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a,guessed,M,h100-sxm,1,1,1,1,energy.it,J,1,,S,L,", "there is no class 'guessed'"),
        ("a,circular,M,h100-sxm,1,1,high,1,energy.it,J,1,,S,L,", "`pue` must be a number"),
        ("a,circular,M,h100-sxm,1,1,1,1,energy.it,J,much,,S,L,", "`published` must be a number"),
    ],
)
def test_a_wrong_table_is_refused_with_its_line(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        list(footprint_cases(table(tmp_path, row)))
    (found,) = caught.value.diagnostics
    assert (found.code, message in found.message) == ("CC103", True)
    assert found.span is not None
    assert found.span.line == 2


def test_no_table_no_cases(tmp_path: Path) -> None:
    assert list(footprint_cases(tmp_path)) == []
