"""scripts/refresh_grids.py on two grids and data files of the form that the packages have."""

from __future__ import annotations

import json
import runpy
import shutil
import sys
from pathlib import Path

import pytest

from computecalc.catalog.lookup import Catalog

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "scripts" / "refresh_grids.py"

GRIDS = """\
# A comment that stays.
version: 1
kind: grid
sources:
  egrid: {title: "EPA eGRID2023, as kept by codecarbon 3.3.2", publication: eGRID, as_of: 2023}
  mixes: {title: ecologits 0.11.3, publication: a package, as_of: 2025}
  own: {title: a paper, publication: a paper, as_of: 2020}
entries:
  US-VA:
    name: Virginia
    country: USA
    year: 2023
    provenance: {source: egrid, kind: published}
    intensity: {direct: 250 gCO2e/kWh}
  FRA:
    name: France
    aliases: [FR]
    country: FRA
    year: 2025
    provenance: {source: mixes, kind: published}
    intensity: {lifecycle: 41.44 gCO2e/kWh, direct: {value: 30 gCO2e/kWh, source: own, kind: published}}
    water: {value: 3 L/kWh, source: mixes, kind: published}
  DEU:
    name: Germany
    country: DEU
    year: 2020
    provenance: {source: own, kind: published}
    intensity: {lifecycle: 400 gCO2e/kWh}
"""

STATES = {
    "_source": {"name": "EPA eGRID2024", "year": 2024},
    # 500 lb/MWh x 453.59237 g/lb / 1000 kWh/MWh = 226.796 g/kWh
    "virginia": {"emissions": 500.0, "regionCode": "VA"},
}
MIXES = {
    "electricity_mixes": [
        {"name": "FRA", "gwp": 0.04144, "wue": 3.6737, "warnings": None},
        {"name": "DEU", "gwp": 0.32965, "wue": 3.908, "warnings": ["electricity-mix-wue-world"]},
    ]
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    catalog = tmp_path / "catalog"
    shutil.copytree(ROOT / "tests" / "data" / "catalog", catalog)
    (catalog / "grids" / "grids.yaml").unlink()
    (catalog / "grids" / "places.yaml").write_text(GRIDS, encoding="utf-8")
    return catalog


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two installed packages, as far as importlib.metadata can tell."""
    site = tmp_path / "site"
    for name, version, file, content in (
        ("codecarbon", "4.0", "private_infra/2024/usa_emissions.json", STATES),
        ("ecologits", "1.0", "electricity_mixes.json", MIXES),
    ):
        path = site / name / "data" / file
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(content), encoding="utf-8")
        about = site / f"{name}-{version}.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(site))


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.syspath_prepend(str(SCRIPT.parent))
    monkeypatch.setattr(sys, "argv", [str(SCRIPT), *arguments])
    with pytest.raises(SystemExit) as caught:
        runpy.run_path(str(SCRIPT), run_name="__main__")
    assert isinstance(caught.value.code, int)
    return caught.value.code


@pytest.mark.usefixtures("packages")
def test_differences_are_printed_with_both_years(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, str(folder)) == 1
    # France's intensity is the same; figures from elsewhere (France direct, Germany) are left alone.
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["US-VA", "intensity.direct", "250", "gCO2e/kWh", "(2023)", "->", "226.8", "gCO2e/kWh", "(2024)"],
        ["FRA", "water", "3", "L/kWh", "(2025)", "->", "3.6737", "L/kWh", "(no", "year)"],
        ["2", "figures", "differ"],
    ]
    assert (folder / "grids" / "places.yaml").read_text(encoding="utf-8") == GRIDS


@pytest.mark.usefixtures("packages")
def test_written_figures_are_read_back_with_their_source(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, "--write", str(folder)) == 0
    assert (folder / "grids" / "places.yaml").read_text(encoding="utf-8").startswith("# A comment that stays.\n")
    catalog = Catalog.open([folder])
    virginia, france = catalog.find("grid", "US-VA"), catalog.find("grid", "FR")
    assert virginia.fact("intensity.direct").value.mid == pytest.approx(226.8 / 3.6e6, rel=1e-12)
    assert virginia.fact("intensity.direct").as_of == "2024"
    assert france.fact("water").value.mid == pytest.approx(3.6737 / 3.6e6, rel=1e-12)
    assert [source.title for source in france.fact("water").sources] == ["ecologits 1.0, data files"]
    assert france.fact("intensity.lifecycle").value.mid == pytest.approx(41.44 / 3.6e6, rel=1e-12)
    # Written once, nothing differs any more.
    assert run(monkeypatch, str(folder)) == 0


def test_without_the_packages_it_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.metadata.distributions", lambda **_: iter(()))
    monkeypatch.setattr("importlib.metadata.Distribution.discover", lambda **_: iter(()))
    assert run(monkeypatch, str(folder)) == 2
    assert capsys.readouterr().err.splitlines() == [
        "codecarbon is not installed: its figures are not compared",
        "ecologits is not installed: its figures are not compared",
    ]
