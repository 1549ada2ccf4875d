from __future__ import annotations

from datetime import date

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.errors import ComputecalcError
from computecalc.scenario.files import RawScenario
from computecalc.scenario.serving.optimizing import ServiceScope, search_notes, service_spaces, spanned
from computecalc.yamlio.nodes import from_flag
from tests.scenario.conftest import raws

CATALOG = Catalog.open()
TODAY = date(2026, 3, 1)


def raw(serving: str, targets: str = "{}") -> RawScenario:
    text = (
        f"kind: infer, model: llama-3.1-8b, traffic: {{input: 10, output: 10}}, serving: {{{serving}}}, "
        f"targets: {targets}"
    )
    (found,) = raws(f"version: 1\nscenarios:\n  one: {{{text}}}\n")
    return found


def nodes(flag: str, *names: str) -> tuple[object, ...]:
    return tuple(from_flag(flag, name, resolve=False) for name in names)


def test_every_accelerator_has_its_formats() -> None:
    scope = ServiceScope(accelerators=nodes("--accelerator", "h100-sxm", "b200-hgx"))  # type: ignore[arg-type]
    spaces = service_spaces(raw("accelerator: a100-sxm-80gb"), CATALOG, scope, today=TODAY)
    found = [(space.accelerator, space.precision) for space in spaces]
    assert found == [
        *(("h100-sxm", name) for name in ("bf16", "fp8")),
        *(("b200-hgx", name) for name in ("bf16", "fp8", "nvfp4")),
    ]
    searched, held = spanned(spaces)
    assert searched["accelerator"] == "h100-sxm, b200-hgx"
    assert searched["tensor"] == "1 to 8"
    assert searched["batch"] == "1 to what fits"
    assert held == {"data": "1", "expert": "1"}
    assert any(note.code == "CC623" for note in search_notes(spaces))


def test_what_is_stated_is_held() -> None:
    serving = "accelerator: h100-sxm, precision: fp8, tensor: 2, pipeline: 1, batch: 16"
    spaces = service_spaces(raw(serving, "{tpot: 50 ms}"), CATALOG, ServiceScope(), today=TODAY)
    searched, held = spanned(spaces)
    assert searched == {}
    assert held == {
        "accelerator": "h100-sxm",
        "precision": "fp8",
        "tensor": "2",
        "data": "1",
        "expert": "1",
        "pipeline": "1",
        "batch": "16",
    }
    assert (spaces[0].question.batch, spaces[0].question.interval) == (16.0, 0.05)
    assert not any(note.code == "CC623" for note in search_notes(spaces))


def test_formats_may_be_named() -> None:
    scope = ServiceScope(precisions=nodes("--precision", "int4", "fp8"))  # type: ignore[arg-type]
    spaces = service_spaces(raw("accelerator: h100-sxm"), CATALOG, scope, today=TODAY)
    assert [space.precision for space in spaces] == ["int4", "fp8"]
    assert not any(note.code == "CC623" for note in search_notes(spaces))


def test_hardware_without_measurements_is_noted() -> None:
    notes = search_notes(service_spaces(raw("accelerator: mtia-400"), CATALOG, ServiceScope(), today=TODAY))
    assert sum(note.code == "CC616" for note in notes) == 1


def test_an_unknown_accelerator_is_told() -> None:
    scope = ServiceScope(accelerators=nodes("--accelerator", "h1000"))  # type: ignore[arg-type]
    with pytest.raises(ComputecalcError) as error:
        service_spaces(raw("accelerator: h100-sxm"), CATALOG, scope, today=TODAY)
    assert error.value.diagnostics[0].code == "CC501"
