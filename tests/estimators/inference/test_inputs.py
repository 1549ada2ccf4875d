from __future__ import annotations

from dataclasses import fields

import pytest

from computecalc.catalog.calibrated import ENGINE_CONSTANTS, SERVING_CONSTANTS
from computecalc.estimators.inference.inputs import (
    SERVING_INPUTS,
    EngineConstants,
    ServingConstants,
    engine_constants,
    serving_constants,
)
from computecalc.estimators.input_units import INPUTS
from computecalc.units.registry import unit


def test_fields_are_the_constants_of_the_catalog() -> None:
    assert [each.name for each in fields(ServingConstants)] == list(SERVING_CONSTANTS)
    assert [each.name for each in fields(EngineConstants)] == list(ENGINE_CONSTANTS)


def test_constants_are_taken_by_their_paths() -> None:
    assert serving_constants(lambda path: float(len(path))).expert_tile == len("serving.expert_tile")
    assert engine_constants(lambda path: float(len(path))).chunk == len("engine.chunk")


def test_each_width_has_its_efficiency(perfect: ServingConstants) -> None:
    made = serving_constants(lambda path: {"half": 0.8, "byte": 0.5, "nibb": 0.4}.get(path[8:12], 0.0))
    assert [made.efficiency(width) for width in ("half", "byte", "nibble")] == [0.8, 0.5, 0.4]
    assert perfect.efficiency("byte") == 1.0


@pytest.mark.parametrize("path", SERVING_INPUTS)
def test_an_input_is_coherent_and_new(path: str) -> None:
    assert unit(SERVING_INPUTS[path].formula_unit).factor == 1.0
    assert path not in INPUTS
