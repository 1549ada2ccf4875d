from __future__ import annotations

import hashlib
import math
from statistics import NormalDist

import numpy as np
import pytest

from computecalc.units.distributions import normal_quantile, quantile_of, uniforms
from computecalc.units.ranges import Range

WORD = 2**64 - 1


FROZEN_UNIFORM = ["0x1.ed8e324dcecaap-2", "0x1.77ff92537dd87p-1", "0x1.83abe90222e99p-1"]
FROZEN_LOGNORMAL = ["0x1.ac02ecef897c6p+2", "0x1.129089f8b39fap+3", "0x1.198a9b3b7919fp+3"]


def philox(counter: list[int], key: list[int]) -> list[int]:
    """Philox 4x64-10 by Salmon et al. (2011), section 4.3: whole numbers alone, apart from NumPy's."""
    for _ in range(10):
        low, high = (0xD2E7470EE14C6C93 * counter[0], 0xCA5A826395121157 * counter[2])
        counter = [
            (high >> 64) ^ counter[1] ^ key[0],
            high & WORD,
            (low >> 64) ^ counter[3] ^ key[1],
            low & WORD,
        ]
        key = [(key[0] + 0x9E3779B97F4A7C15) & WORD, (key[1] + 0xBB67AE8584CAA73B) & WORD]
    return counter


def test_the_generator_of_this_test_gives_the_published_answer() -> None:
    # Known answers of the authors' Random123, kat_vectors, philox4x64 10, counter and key 0.
    assert philox([0, 0, 0, 0], [0, 0]) == [
        0x16554D9ECA36314C,
        0xDB20FE9D672D0FDC,
        0xD7E772CEE186176B,
        0x7E68B68AEC7BA23B,
    ]


@pytest.mark.parametrize(("seed", "name"), [(1, "money.price"), (0, "site.pue"), (2**63 - 1, "power.serving")])
def test_uniform_numbers_are_the_generators_words(seed: int, name: str) -> None:
    stream = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little")
    words = philox([1, 0, 0, 0], [seed, stream]) + philox([2, 0, 0, 0], [seed, stream])
    expected = [((word >> 12) + 0.5) / 2**52 for word in words]
    assert uniforms(seed, name, 8).tolist() == expected


def test_names_and_seeds_have_streams_of_their_own() -> None:
    first = uniforms(1, "a", 1000)
    assert abs(np.corrcoef(first, uniforms(1, "b", 1000))[0, 1]) < 0.1
    assert abs(np.corrcoef(first, uniforms(2, "a", 1000))[0, 1]) < 0.1
    assert uniforms(1, "a", 10).tolist() == first[:10].tolist()
    assert first.min() > 0.0
    assert first.max() < 1.0


@pytest.mark.parametrize(
    ("low", "mid", "high"),
    [(1.0, 2.0, 4.0), (2.45, 6.88, 12.29), (0.0, 0.0, 3.0), (-1.0, 5.0, 5.0), (1e200, 2e200, 9e200)],
)
def test_triangular_quantiles_are_those_of_the_two_sides(low: float, mid: float, high: float) -> None:
    shares = uniforms(7, "x", 200)
    found = quantile_of(Range(low, mid, high), "triangular", shares)
    for share, value in zip(shares.tolist(), found.tolist(), strict=True):
        # F(x) = (x - low)^2 / ((high - low)(mid - low)) below the mode, the mirror above: solved for x in Python's
        # floats, which IEEE 754 rounds as it does NumPy's.
        below, above = (mid - low) / (high - low), (high - mid) / (high - low)
        rising = low + (high - low) * math.sqrt(share * below)
        falling = high - (high - low) * math.sqrt((1.0 - share) * above)
        assert value == (rising if share < below else falling)
        assert low <= value <= high


def test_normal_quantiles_in_the_middle_and_far_out() -> None:
    shares = [1e-300, 1e-20, 1e-8, 0.025, 0.05, 0.0749, 0.2, 0.8, 0.95, 1.0 - 1e-10]
    # AS 241 in the standard library, on the logarithm of the platform.
    expected = [NormalDist().inv_cdf(share) for share in shares]
    assert normal_quantile(np.array(shares)) == pytest.approx(expected, rel=1e-14)
    assert normal_quantile(np.array([0.5])).tolist() == [0.0]
    # Tables: 1.959963984540054, 1.6448536269514722.
    assert normal_quantile(np.array([0.975, 0.95])) == pytest.approx([1.959963984540054, 1.6448536269514722], rel=1e-14)


def test_a_lognormal_has_its_ends_at_the_5th_and_95th_percentile() -> None:
    found = quantile_of(Range(1.0, 2.0, 8.0), "lognormal", np.array([0.05, 0.5, 0.95]))
    assert found == pytest.approx([1.0, 2.0, 8.0], rel=1e-14)
    # Two deviations above the middle of ln 2 + ln 4 z / 1.64485: 2 x 4^(2 / 1.64485) = 10.79...
    above = quantile_of(Range(1.0, 2.0, 8.0), "lognormal", np.array([NormalDist().cdf(2.0)]))
    assert above == pytest.approx([2.0 * 4.0 ** (2.0 / 1.6448536269514722)], rel=1e-12)


def test_a_side_without_width_stays_in_the_middle() -> None:
    found = quantile_of(Range(2.0, 2.0, 8.0), "lognormal", np.array([0.01, 0.3, 0.5]))
    assert found.tolist() == [2.0, 2.0, 2.0]


def test_a_lognormal_needs_a_low_end_above_0() -> None:
    with pytest.raises(ValueError, match="lies above 0"):
        quantile_of(Range(0.0, 1.0, 2.0), "lognormal", np.array([0.5]))


def test_digits_stay_what_they_were() -> None:
    # Frozen, to be the same on every platform: what a change of library or processor moves is found here.
    shares = uniforms(1, "money.price", 3)
    assert [value.hex() for value in shares.tolist()] == FROZEN_UNIFORM
    found = quantile_of(Range(2.45, 6.88, 12.29), "lognormal", shares)
    assert [value.hex() for value in found.tolist()] == FROZEN_LOGNORMAL
