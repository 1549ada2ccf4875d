from __future__ import annotations

import pytest

from computecalc.catalog.attributes import ANY_UNIT, KIND_NAMES, KINDS, Attribute, Kind


def test_every_kind_has_a_table_and_a_folder_of_its_own() -> None:
    assert tuple(KINDS) == KIND_NAMES
    assert len({kind.folder for kind in KINDS.values()}) == 14


@pytest.mark.parametrize("kind", KINDS.values(), ids=KIND_NAMES)
def test_a_path_is_one_thing_only(kind: Kind) -> None:
    labels, figures = set(kind.labels), set(kind.figures)
    assert not labels & figures
    assert not kind.blocks & (labels | figures)
    assert not {"name", "aliases", "provenance", "notes", "architecture"} & (labels | figures | kind.blocks)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KIND_NAMES)
def test_everything_is_described_and_every_unit_is_known(kind: Kind) -> None:
    for label in kind.labels.values():
        assert label.description.endswith(".")
    for attribute in kind.figures.values():
        assert attribute.description.endswith(".")
        if attribute.unit != ANY_UNIT:
            # One of the full unit is one of the base unit: the table speaks of coherent units only.
            text = "1" if attribute.unit == "1" else f"1 {attribute.fact_unit}"
            assert attribute.spec(full=True).parse(text).mid == 1.0


def test_units_of_figures_say_what_they_are_counted_for() -> None:
    figures = KINDS["accelerator"].figures
    assert figures["peak.bf16"].fact_unit == "FLOP/s/accelerator"
    assert figures["memory.capacity"].fact_unit == "byte/accelerator"
    assert figures["server.size"].fact_unit == "accelerator/node"
    assert figures["power.server_maximum"].fact_unit == "W/node"
    assert figures["power.thermal_design"].fact_unit == "W"


def test_required_figures_of_an_accelerator() -> None:
    figures = KINDS["accelerator"].figures
    required = {path for path, attribute in figures.items() if attribute.required}
    assert required == {"memory.capacity", "memory.bandwidth", "server.size"}
    assert KINDS["accelerator"].at_least_one == "peak"


def test_limits_reach_the_quantity() -> None:
    spec = Attribute("1", "A share.", maximum=1.0, positive=False).spec()
    assert (spec.minimum, spec.exclusive_minimum, spec.maximum) == (0.0, False, 1.0)
    assert Attribute("W", "A power.").spec().exclusive_minimum is True
    assert KINDS["site"].figures["pue"].spec().minimum == 1
    assert KINDS["site"].figures["pue"].spec().exclusive_minimum is False
