from __future__ import annotations

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.errors import CatalogError


def test_get_gives_none_for_what_is_not_stated(catalog: Catalog) -> None:
    mtia = catalog.find("accelerator", "mtia-400")
    assert mtia.get("power.thermal_design") is None


def test_fact_names_the_neighbours_of_what_is_missing(catalog: Catalog) -> None:
    with pytest.raises(CatalogError) as caught:
        catalog.find("accelerator", "a100-sxm-80gb").fact("peak.fp8")
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "CC502"
    assert diagnostic.message == (
        "a100-sxm-80gb has no peak.fp8; it has peak.fp32, peak.tf32, peak.bf16, peak.fp16, peak.int8"
    )
    assert diagnostic.hint == "state it in the scenario, or give an entry of your own with --catalog"


def test_fact_lists_everything_where_the_block_is_empty(catalog: Catalog) -> None:
    with pytest.raises(CatalogError, match=r"mtia-400 has no power.thermal_design; it has peak.bf16, peak.fp8, memory"):
        catalog.find("accelerator", "mtia-400").fact("power.thermal_design")


def test_fact_knows_a_misspelt_path_from_a_missing_figure(catalog: Catalog) -> None:
    with pytest.raises(CatalogError) as caught:
        catalog.find("accelerator", "h100-sxm").fact("memory.capacty")
    assert caught.value.diagnostics[0].hint == "did you mean memory.capacity?"


def test_a_model_has_its_architecture_with_sources(catalog: Catalog) -> None:
    model = catalog.find("model", "deepseek-v3")
    assert model.architecture is not None
    assert [group.count for group in model.architecture.layers] == [3, 58]
    assert [source.id for source in model.architecture_sources] == ["report", "readme"]
    assert model.architecture is model.architecture


def test_a_rumoured_model_has_counts_only(catalog: Catalog) -> None:
    model = catalog.find("model", "gpt-4-rumoured")
    assert model.architecture is None
    assert model.architecture_sources == ()
    assert (model.fact("parameters").value.mid, model.fact("active_parameters").value.mid) == (1.8e12, 2.8e11)
    assert model.fact("parameters").kind == "assumed"
