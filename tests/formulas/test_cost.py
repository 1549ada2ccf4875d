from __future__ import annotations

import pytest

from computecalc.formulas.cost import discounted_price, rental_cost, total_cost


def test_rental_is_by_accelerator_and_second() -> None:
    # 30.84 million accelerator hours at 2.50 USD each: 77.1 million USD.
    found = rental_cost(accelerator_time=30.84e6 * 3600.0, price=2.50 / 3600.0)
    assert found == pytest.approx(77.1e6)


def test_nothing_costs_nothing() -> None:
    assert rental_cost(accelerator_time=0.0, price=1.0) == 0.0
    assert rental_cost(accelerator_time=1.0e9, price=0.0) == 0.0


@pytest.mark.parametrize("parts", [(12.5,), (10.0, 2.5), (0.0, 10.0, 2.5)])
def test_total_adds_every_part_once(parts: tuple[float, ...]) -> None:
    assert total_cost(parts=parts) == 12.5


def test_a_discount_is_taken_off_the_list() -> None:
    assert discounted_price(price=2.0, discount=0.4) == pytest.approx(1.2)
    assert discounted_price(price=2.0, discount=0.0) == 2.0
