from __future__ import annotations

import pytest

from computecalc.units.suggestions import hint_for_unit, is_currency_sign


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("gb", "did you mean `GB`? Case matters"),
        ("kwh", "did you mean `kWh`? Case matters"),
        ("Flop", "did you mean `FLOP`? Case matters"),
        ("FLOPS", "write `FLOP` (an amount) or `FLOP/s` (a rate)"),
        ("TFLOPS", "write `TFLOP` (an amount) or `TFLOP/s` (a rate)"),
        ("tflops", "write `TFLOP` (an amount) or `TFLOP/s` (a rate)"),
        ("kflops", "write `kFLOP` (an amount) or `kFLOP/s` (a rate)"),
        ("Gbps", "write `Gbit/s`"),
        ("GBps", "write `GB/s`"),
        ("EUR", "only USD is known: convert to US dollars first"),
        ("eur", "only USD is known: convert to US dollars first"),
        ("€", "only USD is known: convert to US dollars first"),
        ("M", "glue M to the number, as in `5M tokens`"),
        ("billion", "glue B to the number, as in `5B tokens`"),
        ("kg", "did you mean `kgCO2e`?"),
        ("TOPS", "did you mean `TFLOP/s`?"),
        ("s2", "write `s^2`"),
        ("furlong", "`computecalc units list` shows all units"),
    ],
)
def test_hint(name, hint):
    assert hint_for_unit(name) == hint


def test_a_slip_of_the_pen_names_the_nearest_first():
    assert hint_for_unit("acelerator").startswith("did you mean `accelerator` or ")


def test_currency_signs():
    assert [character for character in "$€£¥a" if is_currency_sign(character)] == ["€", "£", "¥"]
