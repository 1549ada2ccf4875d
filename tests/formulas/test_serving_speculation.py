"""Speculative decoding: tokens a step, with acceptances that are measured, alike, or fall with the place."""

from __future__ import annotations

import pytest

from computecalc.formulas.serving_speculation import (
    accepted_tokens,
    decayed_acceptance,
    drafting_share_time,
    drafting_time,
)


def decaying(first: float, decay: float, drafted: int) -> list[float]:
    found = [first]
    while len(found) < drafted:
        found.append(float(decayed_acceptance(before=found[-1], decay=decay)))
    return found


def test_alike_acceptances_promise_more_than_is_measured() -> None:
    # Leviathan et al., equation 1: (1 - 0.79^4) / (1 - 0.79) = 2.91 tokens a step at three drafted ones.
    alike = accepted_tokens(acceptances=(0.79, 0.79, 0.79))
    assert alike == pytest.approx((1 - 0.79**4) / 0.21, rel=1e-12)
    assert alike == pytest.approx(2.91, abs=0.005)
    # Measured: 2.49. 1 + 0.79 + 0.79^2 d + 0.79^3 d^3 with d = 0.766 is 1.79 + 0.47806 + 0.22160.
    assert accepted_tokens(acceptances=decaying(0.79, 0.766, 3)) == pytest.approx(2.49, abs=0.005)


def test_a_table_is_taken_as_it_is() -> None:
    # 1 + 0.8 + 0.8 x 0.65 + 0.8 x 0.65 x 0.55.
    assert accepted_tokens(acceptances=(0.8, 0.65, 0.55)) == pytest.approx(2.606)


@pytest.mark.parametrize(("first", "tokens"), [(0.0, 1.0), (1.0, 4.0)])
def test_all_or_nothing(first: float, tokens: float) -> None:
    assert accepted_tokens(acceptances=decaying(first, 1.0, 3)) == tokens


def test_drafts_are_written_one_after_the_other() -> None:
    assert drafting_time(step=0.004, drafted=5.0) == 0.02
    assert drafting_share_time(step=0.02, share=0.05) == pytest.approx(0.001)
