"""Accelerators against the bands of export rules."""

from __future__ import annotations

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.estimators.export_control import control_bands, control_figures
from tests.catalog.entries_of import entries_of

TPP = 1e12 / 8

CATALOG = Catalog.open()


def figures(name: str) -> dict[str, float]:
    found = control_figures(CATALOG.find("accelerator", name))
    return {figure.path: figure.value.mid / (TPP if figure.path == "derived.tpp" else TPP / 1e-6) for figure in found}


def bands(name: str) -> dict[str, str]:
    found = control_bands(CATALOG.find("accelerator", name), CATALOG.entries("regulation"))
    return {band.regulation.id.removeprefix("us-ear-"): band.position for band in found}


@pytest.mark.parametrize(
    ("name", "performance", "density"),
    [
        ("h100-sxm", 15_824, 15_824 / 814),  # 989 x 16; the catalog has 1978.9 x 8
        ("h800-sxm", 15_824, 15_824 / 814),  # the same die
        ("h200", 15_824, 15_824 / 814),
        ("a100-sxm-80gb", 4992, 4992 / 826),  # 624 x 8
        ("a800-sxm-80gb", 4992, 4992 / 826),
        ("h20", 2368, 2368 / 814),  # 296 x 8
        ("l4", 1936, 1936 / 294),  # 242 x 8
    ],
)
def test_performance_and_density(name: str, performance: float, density: float) -> None:
    found = figures(name)
    assert found["derived.tpp"] == pytest.approx(performance, rel=1e-3)
    assert found["derived.tpp_density"] == pytest.approx(density, rel=1e-3)


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        # 4992 reaches 4800, and 6.04 per mm2 reaches 5.92; 2 x 300 GB/s of links reach 600.
        ("a100-sxm-80gb", {"3a090-a-1", "3a090-a-2", "3a090-2022", "review-2026"}),
        # 400 GB/s of links alone do not reach 600: the links to the host would decide.
        ("a800-sxm-80gb", {"3a090-a-1", "3a090-a-2", "review-2026"}),
        ("h800-sxm", {"3a090-a-1", "3a090-a-2", "review-2026"}),
        # 2368 is below the 2400 of b.1, and 2.91 per mm2 below the 3.2 of b.2.
        ("h20", {"review-2026"}),
        # 1936 reaches 1600, and 6.6 per mm2 reaches 5.92.
        ("l4", {"3a090-a-2", "review-2026"}),
        # 20,918 is less than 21,000, and 6 TB/s less than 6.5.
        ("mi325x", {"3a090-a-1", "3a090-a-2", "3a090-2022", "review-2026"}),
        # 36,000 is not.
        ("b200-sxm", {"3a090-a-1", "3a090-2022"}),
    ],
)
def test_bands_of_known_chips(name: str, inside: set[str]) -> None:
    assert {rule for rule, position in bands(name).items() if position == "inside"} == inside


def test_what_the_catalog_lacks_is_not_guessed() -> None:
    assert bands("a800-sxm-80gb")["3a090-2022"] == "not known"
    found = control_bands(CATALOG.find("accelerator", "b200-sxm"), CATALOG.entries("regulation"))
    (density,) = (band for band in found if band.regulation.id == "us-ear-3a090-a-2")
    assert (density.position, density.reason) == ("not known", "needs die.area")
    # Its performance alone keeps it out of b.1, whatever the area.
    assert bands("b200-sxm")["3a090-b-1"] == "outside"


@pytest.mark.parametrize(
    ("tera", "area", "inside"),
    [
        # At 8 bits: 300 x 8 = 2400 over 1500 mm2 is 1.6: both ends of b.1 belong to it.
        ("300", "1500", {"b-1"}),
        ("299.9", "1500", set()),
        ("300", "1501", set()),
        # 600 x 8 = 4800 is a.1, and no longer b.1.
        ("600", "1500", {"a-1", "b-2"}),
        ("599.9", "1500", {"b-1"}),
        # 200 x 8 = 1600 over 500 mm2 is 3.2 of b.2; over 270.27 mm2 it is 5.92, of a.2.
        ("200", "500", {"b-2"}),
        ("200", "501", set()),
        ("200", "270.27", {"a-2"}),
        ("200", "270.28", {"b-2"}),
        ("199.9", "270", set()),
    ],
)
def test_ends_of_the_bands(tera: str, area: str, inside: set[str]) -> None:
    figures = {"peak.bf16": "1 TFLOP/s", "peak.int8": f"{tera} TFLOP/s", "die.area": f"{area} mm2"}
    chip = entries_of("accelerator", {"chip": figures})["chip"]
    found = control_bands(chip, CATALOG.entries("regulation"))
    assert {
        band.regulation.id.removeprefix("us-ear-3a090-")
        for band in found
        if band.position == "inside" and band.regulation.id.startswith("us-ear-3a090-")
    } == inside


def test_a_range_around_a_bound_is_told() -> None:
    figures = {"peak.bf16": "1 TFLOP/s", "peak.int8": "500..600..700 TFLOP/s"}
    chip = entries_of("accelerator", {"chip": figures})["chip"]
    found = {band.regulation.id: band.position for band in control_bands(chip, CATALOG.entries("regulation"))}
    assert found["us-ear-3a090-a-1"] == "within range"
    # 500 x 8 = 4000 .. 5600 reaches 1600 throughout: the area alone is missing.
    assert found["us-ear-3a090-a-2"] == "not known"


def test_the_widest_of_equal_peaks_is_named() -> None:
    entry = CATALOG.find("accelerator", "h20")
    performance = control_figures(entry)[0]
    # 148 x 16 = 296 x 8; 74 x 19 bits of tf32 and 44 x 32 of fp32 are less.
    assert (performance.rule, performance.formula) == ("at peak.bf16", "total_processing_performance@1")
