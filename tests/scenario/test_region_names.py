"""What people type as a region: each leads to a grid, or to a cloud region and its grid."""

from __future__ import annotations

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.errors import CatalogError
from computecalc.scenario.footprint import find_region

GRIDS = {
    "USA": ["US", "usa", "U.S.", "United States", "america"],
    "US-VA": ["us-va", "Virginia", "N. Virginia", "northern virginia", "Ashburn"],
    "US-TX": ["TX", "texas", "Dallas", "abilene"],
    "US-OR": ["OR", "Oregon", "the dalles"],
    "US-IA": ["iowa", "Council Bluffs"],
    "US-TN": ["Tennessee", "memphis"],
    "EGRID-ERCT": ["ERCOT"],
    "EGRID-CAMX": ["CAISO"],
    "FRA": ["FR", "france", "FRA", "Paris"],
    "DEU": ["DE", "Germany", "frankfurt", "Deutschland"],
    "GBR": ["UK", "gb", "london", "England", "Great Britain", "united_kingdom"],
    "IRL": ["Ireland", "Dublin"],
    "NLD": ["Netherlands", "The Netherlands", "amsterdam"],
    "SWE": ["sweden", "Stockholm"],
    "CHE": ["Switzerland", "Zürich", "zurich"],
    "CZE": ["Czechia", "Czech Republic"],
    "TUR": ["Turkey", "Türkiye"],
    "ARE": ["UAE", "Dubai"],
    "JPN": ["JP", "tokyo"],
    "KOR": ["South Korea", "korea", "Seoul"],
    "BRA": ["Brazil", "São Paulo", "sao paulo"],
    "CA-QC": ["Quebec", "Montréal"],
    "SGP": ["singapore"],
    "NOR": ["Norway", "NO"],
}
SITES = {  # what is typed, the site, and its grid
    "us-east-1": ("aws-us-east-1", "US-VA"),
    "US_EAST_1": ("aws-us-east-1", "US-VA"),
    "aws us-east-1": ("aws-us-east-1", "US-VA"),
    "eu-central-1": ("aws-eu-central-1", "DEU"),
    "ap-southeast-5": ("aws-ap-southeast-5", "MYS"),
    "us-central1": ("gcp-us-central1", "US-IA"),
    "europe-west4": ("gcp-europe-west4", "NLD"),
    "eastus": ("azure-eastus", "US-VA"),
    "uksouth": ("azure-uksouth", "GBR"),
    "germanywestcentral": ("azure-germanywestcentral", "DEU"),
    "swedencentral": ("azure-swedencentral", "SWE"),
    "japaneast": ("azure-japaneast", "JPN"),
}
TYPED = [(typed, grid) for grid, names in GRIDS.items() for typed in names]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.open()


def test_the_table_is_long_enough() -> None:
    assert len(TYPED) + len(SITES) >= 60


@pytest.mark.parametrize(("typed", "grid"), TYPED)
def test_a_place_is_its_grid(catalog: Catalog, typed: str, grid: str) -> None:
    found = find_region(catalog, typed)
    assert (found.kind, found.id) == ("grid", grid)


@pytest.mark.parametrize("typed", SITES)
def test_a_cloud_region_is_a_site_that_names_its_grid(catalog: Catalog, typed: str) -> None:
    found = find_region(catalog, typed)
    assert (found.kind, found.id, found.labels["grid"]) == ("site", *SITES[typed])


def test_a_name_of_two_places_is_asked_back(catalog: Catalog) -> None:
    with pytest.raises(CatalogError) as caught:
        find_region(catalog, "Georgia")
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "CC501"
    assert "georgia-country" in diagnostic.hint or "georgia-us" in diagnostic.hint


@pytest.mark.parametrize("code", ["CA", "DE", "IN", "AR", "ID", "IL"])
def test_codes_of_countries_are_never_those_of_us_states(catalog: Catalog, code: str) -> None:
    names = {"CA": "Canada", "DE": "Germany", "IN": "India", "AR": "Argentina", "ID": "Indonesia", "IL": "Israel"}
    assert find_region(catalog, code).name == names[code]


def test_water_is_where_its_source_has_it(catalog: Catalog) -> None:
    # ecologits 0.11.3: 3.1321 L/kWh for the United States; for the United Arab Emirates only the world's value.
    assert catalog.find("grid", "US").fact("water").value.mid == pytest.approx(3.1321 / 3.6e6, rel=1e-12)
    assert catalog.find("grid", "UAE").get("water") is None
