"""The dimension test: every formula with floats, arrays and pint quantities, in the units it declares."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pint
import pytest
from numpy.typing import NDArray

from computecalc.formulas.every import FORMULAS, Formula
from computecalc.formulas.table import Numeric, formula
from computecalc.units.registry import registry, unit

Maker = Callable[[int, str], Any]
"""Gives what stands for the parameter with this number and unit."""

COEFFICIENTS = {
    "adapter_parameters": "parameter",
    "all_reduce_bytes": "1/token/accelerator",
    "attention_product_flops": "FLOP/token^2",
    "boundary_bytes": "1/token/accelerator",
    "context_exchange_bytes": "1/token/accelerator",
    "core_time": "1/accelerator",
    "domain_ranks": "1/accelerator",
    "expert_gather_bytes": "1/accelerator",
    "activation_bytes": "1/token/accelerator",
    "cache_bytes": "1/request/accelerator",
    "cache_transfer_time": "request",
    "decode_context": "request",
    "decoded_tokens": "token/request",
    "domain_places": "1/accelerator",
    "expert_exchange_bytes": "1/token/accelerator",
    "expert_work": "FLOP/parameter/token/accelerator",
    "experts_bytes_read": "1/accelerator",
    "fresh_prompt": "request",
    "generation_time": "request/token",
    "head_bytes": "1/token/accelerator",
    "input_token_time": "replica/request",
    "kept_bytes": "1/token/accelerator",
    "operand_bytes": "1/accelerator",
    "padded_product_flops": "FLOP/accelerator",
    "key_value_bytes": "1/token",
    "latent_bytes": "1/token",
    "output_token_time": "request*replica/token",
    "product_work": "FLOP/parameter/token",
    "projection_flops": "FLOP/parameter/token",
    "projection_parameters": "parameter",
    "prompt_context": "request",
    "prompts_per_token": "token/request",
    "rank_block_parameters": "1/accelerator",
    "rank_core_work": "1/accelerator",
    "rank_expert_parameters": "1/accelerator",
    "rank_parameters": "1/accelerator",
    "rank_rows": "1/token",
    "routed_bytes": "1/accelerator",
    "replica_accelerators": "accelerator/replica",
    "request_compute": "1/request",
    "request_count": "1/request",
    "request_rate": "1/replica",
    "requests_joining": "token/request^2",
    "routed_traffic": "1/token/accelerator",
    "score_bytes": "1/token^2/accelerator",
    "six_n_d_flops": "FLOP/parameter/token",
    "six_n_d_tokens": "parameter*token/FLOP",
    "state_cache_bytes": "1/request/accelerator",
    "state_flops": "FLOP/token",
    "streamed_bytes": "1/accelerator",
    "token_count": "1/token",
    "user_token_rate": "token",
    "vector_parameters": "parameter",
    "wafer_count": "1/accelerator",
}
"""The only formulas whose literal (or count of one) carries a unit; any other unit must come out of the arguments."""


def number(index: int) -> float:
    """A plain value for a parameter; no two parameters get the same, none is a whole number."""
    return 1.6 + 0.73 * index


def triple(index: int) -> NDArray[np.float64]:
    return number(index) * np.array([1.0, 2.5, 0.3])


def column(index: int) -> NDArray[np.float64]:
    return number(index) * np.array([[1.0], [1.7]])


def is_sequence(entry: Formula, name: str) -> bool:
    return str(inspect.signature(entry.function).parameters[name].annotation).startswith("Sequence")


def called(entry: Formula, make: Maker) -> Any:
    """The formula's result for made arguments; sequences get three."""
    arguments: dict[str, Any] = {}
    for index, (name, text) in enumerate(entry.parameters.items()):
        if is_sequence(entry, name):
            arguments[name] = tuple(make(index + part, text) for part in range(3))
        else:
            arguments[name] = make(index, text)
    return entry.function(**arguments)


def quantity(value: Any, text: str) -> Any:
    return registry().Quantity(value, "" if text == "1" else text)


def assert_dimension(entry: Formula, make: Callable[[int], Any]) -> None:
    """Run a formula on quantities: the declared dimension must come out, and the numbers of the plain run."""
    found = called(entry, lambda index, text: quantity(make(index), text)) * quantity(1.0, entry.coefficient)
    if not isinstance(found, pint.Quantity):
        found = quantity(found, "1")
    wanted = quantity(1.0, entry.returns)
    assert found.dimensionality == wanted.dimensionality, f"{entry.name} gives {found.units}, declares {entry.returns}"
    plain = called(entry, lambda index, _: make(index))
    np.testing.assert_allclose(found.to(wanted.units).magnitude, plain, rtol=1e-12)


@pytest.mark.parametrize("name", FORMULAS)
def test_floats_arrays_and_quantities_agree(name: str) -> None:
    entry = FORMULAS[name]
    for make in (number, triple):
        assert_dimension(entry, make)
    # An array gives for each case what a float gives for it.
    each = [called(entry, lambda index, _, case=case: float(triple(index)[case])) for case in range(3)]
    np.testing.assert_allclose(called(entry, lambda index, _: triple(index)), each, rtol=1e-15)


@pytest.mark.parametrize("name", FORMULAS)
def test_shapes_broadcast(name: str) -> None:
    entry = FORMULAS[name]

    def mixed(index: int, _: str = "") -> NDArray[np.float64]:
        return column(index) if index == 0 else triple(index)

    found = np.asarray(called(entry, mixed))
    alone = len(entry.parameters) == 1 and not is_sequence(entry, next(iter(entry.parameters)))
    assert found.shape == ((2, 1) if alone else (2, 3))
    assert_dimension(entry, mixed)
    for row, case in np.ndindex(*found.shape):

        def cell(index: int, _: str, row: int = row, case: int = case) -> float:
            return float(column(index)[row, 0] if index == 0 else triple(index)[case])

        assert found[row, case] == pytest.approx(called(entry, cell), rel=1e-15)


@pytest.mark.parametrize("name", FORMULAS)
def test_declared_units_are_coherent(name: str) -> None:
    entry = FORMULAS[name]
    for text in (entry.returns, entry.coefficient, *entry.parameters.values()):
        assert unit(text).factor == 1.0, f"{entry.name} takes {text}, which is no coherent base unit"


def test_only_known_formulas_have_a_coefficient_with_a_unit() -> None:
    assert {name: entry.coefficient for name, entry in FORMULAS.items() if entry.coefficient != "1"} == COEFFICIENTS


def test_a_wrong_result_unit_is_found(scratch_formulas: None) -> None:
    @formula(returns="W", energy="J", time="s", version=1, cite=())
    def toy(*, energy: Numeric, time: Numeric) -> Numeric:
        return energy * time

    with pytest.raises(AssertionError, match=r"toy gives .*, declares W"):
        assert_dimension(FORMULAS["toy"], number)


def test_a_wrong_argument_unit_is_found(scratch_formulas: None) -> None:
    @formula(returns="byte", weights="byte", gradients="byte/parameter", version=1, cite=())
    def toy(*, weights: Numeric, gradients: Numeric) -> Numeric:
        return weights + gradients

    with pytest.raises(pint.DimensionalityError):
        assert_dimension(FORMULAS["toy"], number)


def test_a_missing_coefficient_is_found(scratch_formulas: None) -> None:
    @formula(returns="FLOP/token", parameters="parameter", version=1, cite=())
    def toy(*, parameters: Numeric) -> Numeric:
        return 2.0 * parameters

    with pytest.raises(AssertionError, match="declares FLOP/token"):
        assert_dimension(FORMULAS["toy"], number)


def test_a_hidden_conversion_is_found(scratch_formulas: None) -> None:
    # Right in dimension, but the declared hours would make it 3600 times too large for whoever passes seconds.
    @formula(returns="J", power="W", time="h", version=1, cite=())
    def toy(*, power: Numeric, time: Numeric) -> Numeric:
        return power * time

    with pytest.raises(AssertionError):
        assert_dimension(FORMULAS["toy"], number)
    with pytest.raises(AssertionError, match="no coherent base unit"):
        test_declared_units_are_coherent("toy")


def test_scalar_branches_are_found(scratch_formulas: None) -> None:
    @formula(returns="s", time="s", least="s", version=1, cite=())
    def toy(*, time: Numeric, least: Numeric) -> Numeric:
        return time if time > least else least

    with pytest.raises(ValueError, match="truth value of an array"):
        called(FORMULAS["toy"], lambda index, _: triple(index))
