"""What export rules and laws measure, by the figures of data sheets."""

from __future__ import annotations

import pytest

from computecalc.formulas.regulation import (
    base_share,
    bidirectional_rate,
    cumulative_compute,
    performance_density,
    threshold_ratio,
    total_processing_performance,
)

TPP = 1e12 / 8
"""One tera-operation a second times one bit. [FLOP*byte/s]"""


@pytest.mark.parametrize(
    ("tera", "bits", "expected"),
    [
        (600, 8, 4800),  # the rule's own example: 600 tera integer operations at 8 bits,
        (300, 16, 4800),  # or 300 TFLOPS at 16 bits
        (989, 16, 15_824),  # H100, 989 dense TFLOPS of bf16
        (1979, 8, 15_832),  # and 1979 of fp8
        (624, 8, 4992),  # A100 and A800, 624 dense TOPS of int8
        (296, 8, 2368),  # H20, 296 dense TFLOPS of fp8
    ],
)
def test_performance_is_operations_times_bits(tera: float, bits: float, expected: float) -> None:
    performance = total_processing_performance(rate=tera * 1e12, width=bits / 8)
    assert performance / TPP == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("performance", "area", "expected"),
    [
        (4992, 826, 6.0436),  # A100: 4992 / 826 = 6.04358, above the 5.92 of 3A090.a.2
        (2368, 814, 2.9091),  # H20: 2368 / 814 = 2.90909, below the 3.2 of 3A090.b.2
        (15_824, 814, 19.4398),
    ],
)
def test_density_is_performance_over_area(performance: float, area: float, expected: float) -> None:
    density = performance_density(performance=performance * TPP, die_area=area * 1e-6)
    assert density / (TPP / 1e-6) == pytest.approx(expected, abs=5e-5)


def test_links_count_in_both_directions() -> None:
    # NVLink of an A100: 300 GB/s each way, which the rule of October 2022 counts as its 600.
    assert bidirectional_rate(one_way=300e9) == 600e9


def test_compute_adds_up_and_is_compared() -> None:
    assert cumulative_compute(base=9e24, run=2e24) == pytest.approx(1.1e25)
    assert cumulative_compute(base=0.0, run=2e24) == 2e24
    # A third of 3e24 is 1e24.
    assert base_share(base=3e24, run=1e24) == pytest.approx(1 / 3)
    assert threshold_ratio(compute=1e25, threshold=1e25) == 1.0
