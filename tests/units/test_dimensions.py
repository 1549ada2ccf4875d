from __future__ import annotations

import pytest

from computecalc.units.dimensions import combined, dimension_text, dimension_words


def test_combined_sums_exponents_sorts_and_drops_what_cancels():
    assert combined([("s", 1), ("J", 1), ("s", -2), ("byte", 1), ("byte", -1)]) == (("J", 1), ("s", -1))


@pytest.mark.parametrize(
    ("factors", "text", "words"),
    [
        ([], "1", "a plain number"),
        ([("J", 1), ("s", -1)], "J/s", "power"),
        ([("m", 2)], "m^2", "area"),
        ([("FLOP", 1)], "FLOP", "computation (an amount)"),
        ([("FLOP", 1), ("s", -1)], "FLOP/s", "computation per time (a rate)"),
        # Time stands last, except in rates of work and data.
        ([("USD", 1), ("s", -1), ("accelerator", -1)], "USD/accelerator/s", "money per accelerator and time"),
        ([("s", 1), ("accelerator", 1)], "accelerator*s", "accelerators times time"),
        ([("FLOP", 1), ("s", -1), ("accelerator", -1)], "FLOP/s/accelerator", "computation per time and accelerator"),
        ([("byte", 1), ("s", -1)], "byte/s", "data per time"),
        ([("s", -1)], "1/s", "a number per time"),
        ([("gCO2e", 1), ("J", -2)], "gCO2e/J^2", "carbon per energy to the power of 2"),
    ],
)
def test_text_and_words(factors, text, words):
    dimension = combined(factors)
    assert dimension_text(dimension) == text
    assert dimension_words(dimension) == words
