from __future__ import annotations

from pathlib import Path

import pytest

from computecalc.catalog.loading import load_file, open_file
from computecalc.errors import CatalogError, UsageError
from computecalc.units.ranges import Range

# Expected values by hand: 1 h = 3600 s, 1 kWh = 3.6e6 J, 1 byte = 8 bit, 1 mm2 = 1e-6 m^2.
FIGURES = {
    "peak.bf16": (989.4e12, "FLOP/s/accelerator"),
    "memory.capacity": (80e9, "byte/accelerator"),
    "memory.bandwidth": (3.35e12, "byte/s/accelerator"),
    "scale_up.bandwidth": (450e9, "byte/s/accelerator"),
    "scale_up.size": (8.0, "accelerator"),
    "network.bandwidth": (50e9, "byte/s/accelerator"),
    "server.size": (8.0, "accelerator/node"),
    "power.thermal_design": (700.0, "W"),
    "power.server_maximum": (10_200.0, "W/node"),
    "die.area": (814e-6, "m^2"),
    "embodied": (150e3, "gCO2e"),
}


@pytest.mark.parametrize("path", FIGURES)
def test_figures_are_in_base_units(frozen: Path, path: str) -> None:
    fact = load_file(frozen / "accelerators" / "nvidia.yaml")["h100-sxm"].fact(path)
    assert (fact.value.mid, fact.unit) == (pytest.approx(FIGURES[path][0]), FIGURES[path][1])


def test_the_full_unit_may_be_written(frozen: Path) -> None:
    a100 = load_file(frozen / "accelerators" / "nvidia.yaml")["a100-sxm-80gb"]
    assert (a100.fact("memory.capacity").value.mid, a100.fact("memory.capacity").unit) == (80e9, "byte/accelerator")
    assert a100.fact("server.size").value == Range.exact(8.0)
    assert a100.fact("scale_up.size").value == Range.exact(8.0)


def test_ranges_stay_ranges(frozen: Path) -> None:
    h100 = load_file(frozen / "accelerators" / "nvidia.yaml")["h100-sxm"]
    assert h100.fact("power.idle").value == Range(60.0, 70.0, 80.0)
    embodied = h100.fact("embodied").value
    assert (embodied.low, embodied.high) == (pytest.approx(105e3), pytest.approx(195e3))


def test_provenance_is_the_entrys_unless_the_figure_has_its_own(frozen: Path) -> None:
    h100 = load_file(frozen / "accelerators" / "nvidia.yaml")["h100-sxm"]
    assert h100.fact("peak.bf16").describe() == (
        "vendor-claim, NVIDIA H100 Tensor Core GPU datasheet, page 3, 2024-03-01"
    )
    server = h100.fact("power.server_maximum")
    assert server.describe() == "vendor-claim, DGX H100 datasheet, page 4, 2023"
    assert (server.sources[0].reference, server.note) == ("NVIDIA, DS-2022", "maximum of the server")
    assert h100.fact("embodied").describe() == (
        "derived, NVIDIA H100 Tensor Core GPU datasheet and DGX H100 datasheet, 2025-01"
    )


def test_labels_are_plain_words(frozen: Path) -> None:
    h100 = load_file(frozen / "accelerators" / "nvidia.yaml")["h100-sxm"]
    assert h100.labels == {
        "vendor": "NVIDIA",
        "generation": "hopper",
        "released": "2022-09-20",
        "memory.type": "HBM3",
        "scale_up.name": "NVLink 4",
    }
    assert (h100.name, h100.aliases, h100.notes) == ("H100 SXM5 80 GB", ("h100", "h100-80gb"), "Frozen for tests.")
    fp8 = load_file(frozen / "precisions" / "formats.yaml")["fp8"]
    assert fp8.labels["peak"] == "fp8, bf16"


def test_spans_point_at_the_value(frozen: Path) -> None:
    fact = load_file(frozen / "accelerators" / "meta.yaml")["mtia-400"].fact("memory.capacity")
    assert (fact.span.line, fact.span.column, fact.span.end_column) == (13, 37, 43)


def test_other_kinds(frozen: Path) -> None:
    virginia = load_file(frozen / "grids" / "grids.yaml")["US-VA"]
    # 270 g/kWh / 3.6e6 J/kWh = 7.5e-5 g/J; 90 USD/MWh / 3.6e9 J/MWh = 2.5e-8 USD/J.
    assert virginia.fact("intensity.direct").value.mid == pytest.approx(7.5e-5)
    assert virginia.fact("electricity_price").value.mid == pytest.approx(2.5e-8)
    site = load_file(frozen / "sites" / "aws.yaml")
    # 0.18 L/kWh / 3.6e6 J/kWh = 5e-8 L/J.
    assert site["aws"].fact("wue").value.mid == pytest.approx(5e-8)
    assert site["aws-us-east-1"].fact("pue").value == Range.exact(1.15)
    assert site["aws-us-east-1"].fact("carbon_free_share").value.mid == 1.0
    # 1.80 USD/h / 3600 s/h = 5e-4 USD/s.
    price = load_file(frozen / "prices" / "nvidia.yaml")["lambda-h100-sxm-1y-2025-06"].fact("price")
    assert (price.value.mid, price.unit) == (pytest.approx(5e-4), "USD/accelerator/s")


def test_priors_have_the_unit_that_the_file_says(frozen: Path) -> None:
    priors = load_file(frozen / "priors" / "efficiency.yaml")
    assert (priors["mfu-hopper-bf16-dense"].fact("value").value, priors["host-overhead"].fact("value").value) == (
        Range(0.30, 0.40, 0.46),
        Range.exact(1.3),
    )
    assert priors["host-overhead"].fact("value").unit == "1"
    support = priors["staff"].fact("value")
    # 0.36 and 0.72 USD/h are 1e-4 and 2e-4 USD/s.
    assert (support.value.low, support.value.mid, support.value.high) == pytest.approx((1e-4, 1.5e-4, 2e-4))
    assert support.unit == "USD/accelerator/s"


def test_one_entry_of_a_file_can_be_read_alone(bad: Path) -> None:
    file = open_file(bad / "two-problems.yaml")
    with pytest.raises(CatalogError) as caught:
        file.entry("x1")
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["CC402"]


def test_a_missing_file_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load_file(tmp_path / "none.yaml")
    assert caught.value.diagnostics[0].code == "CC103"


NO_ORIGIN = "give the entry a `provenance: {source: ..., kind: ...}`"
DATES = "write 2024-03-01, 2024-03 or 2024"

# file: [(line, column, code, message, hint)]; a hint of None is not ours to word.
BAD: dict[str, list[tuple[int, int, str, str, str | None]]] = {
    "no-provenance": [
        (9, 18, "CC503", "peak.bf16 has no source", NO_ORIGIN),
        (9, 18, "CC503", "peak.bf16 has no kind of value", NO_ORIGIN),
    ],
    "no-kind": [(10, 18, "CC503", "peak.bf16 has no kind of value", NO_ORIGIN)],
    "wrong-kind-of-value": [
        (9, 39, "CC503", "unknown kind of value `vendor claim`", "did you mean vendor-claim?"),
    ],
    "unknown-source": [(9, 34, "CC505", "unknown source `shet`", "did you mean sheet?")],
    "unknown-key": [
        (6, 3, "CC503", "x1 has no memory.capacity", "Main memory."),
        (11, 14, "CC503", "unknown key `capactiy`", "did you mean capacity?"),
    ],
    "unknown-top-key": [(3, 1, "CC503", "unknown key `source`", "did you mean sources?")],
    "unknown-figure-key": [(10, 39, "CC503", "unknown key `sorce`", "did you mean source?")],
    "no-value": [(10, 18, "CC503", "peak.bf16 has no value", "write `value: ...` or only the quantity")],
    "missing-figure": [(6, 3, "CC503", "x1 has no memory.bandwidth", "Bandwidth of the main memory.")],
    "no-peak": [
        (
            6,
            3,
            "CC503",
            "x1 has no peak figure",
            "at least one of bf16, fp16, fp32, fp4, fp6, fp64, fp8, int4, int8, tf32",
        )
    ],
    "not-a-quantity": [
        (11, 24, "CC503", "memory.capacity must be a quantity", "a number with its unit, byte or alike")
    ],
    "block-not-mapping": [
        (11, 13, "CC503", "memory must be a mapping", "its keys: bandwidth, capacity, carbon, price, type")
    ],
    "unknown-unit": [(11, 44, "CC403", None, None)],
    "wrong-dimension": [(11, 28, "CC404", None, None)],
    "missing-unit": [(11, 24, "CC402", None, None)],
    "negative": [(10, 18, "CC405", None, None)],
    "duplicate-alias": [(14, 3, "CC504", "x2: the name X_One is taken", "")],
    "bad-id": [
        (6, 3, "CC503", "`X1!` is not an id", "small letters, digits, `.`, `+` and `-`, first a letter or digit")
    ],
    "undated-source": [(4, 3, "CC503", "source sheet has no as_of", "")],
    "impossible-date": [(4, 73, "CC503", "as_of is not a date: `2024-02-30`", DATES)],
    "source-without-reference": [(4, 3, "CC503", "source sheet has neither url nor publication", "")],
    "wrong-version": [(1, 10, "CC503", "the version of the file format must be 1", "")],
    "wrong-kind": [(2, 7, "CC503", "unknown kind of entry `accelerators`", "did you mean accelerator?")],
    "no-sources": [(1, 1, "CC503", "the file has no sources", "")],
    "two-problems": [
        (11, 24, "CC402", None, None),
        (13, 3, "CC503", "x2 has no vendor", "Who sells it."),
        (15, 15, "CC503", "released is not a date: `soon`", DATES),
    ],
    "model-without-shape": [
        (
            6,
            3,
            "CC503",
            "m1 has no active_parameters",
            "a model without an architecture states parameters and active_parameters",
        )
    ],
    "model-with-both": [
        (
            9,
            17,
            "CC503",
            "parameters of m1 follows from its architecture and is not written",
            "a published figure goes to published.parameters",
        )
    ],
    "wrong-architecture": [(13, 16, "CC303", "heads (8) is not a multiple of kv_heads (3)", None)],
    "architecture-unknown-key": [(10, 7, "CC301", None, "did you mean `hidden`?")],
    "unsourced-architecture": [(6, 3, "CC503", "the architecture of m1 has no source and kind", NO_ORIGIN)],
    "undated-price": [
        (
            12,
            12,
            "CC503",
            "the price is not dated: `2024`",
            "add `as_of: 2024-03-01` to the price: prices change by the month",
        )
    ],
    "wrong-word": [(10, 17, "CC503", "unknown commitment `on demand`", "did you mean on-demand?")],
    "too-small-pue": [(9, 10, "CC405", None, None)],
}


def test_every_bad_file_has_its_case(bad: Path) -> None:
    assert sorted(path.stem for path in bad.glob("*.yaml")) == sorted(BAD)


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_at_the_right_place(bad: Path, name: str) -> None:
    with pytest.raises(CatalogError) as caught:
        load_file(bad / f"{name}.yaml")
    found = caught.value.diagnostics
    places = [(d.span.line, d.span.column, d.code) for d in found if d.span is not None]
    assert places == [case[:3] for case in BAD[name]]
    for diagnostic, (*_, message, hint) in zip(found, BAD[name], strict=True):
        assert message is None or diagnostic.message == message
        assert hint is None or diagnostic.hint == hint


def test_a_taken_name_points_to_its_first_owner(bad: Path) -> None:
    with pytest.raises(CatalogError) as caught:
        load_file(bad / "duplicate-alias.yaml")
    (note,) = caught.value.diagnostics[0].notes
    assert note.message == "x1 has it"
    assert note.span is not None
    assert note.span.line == 6
