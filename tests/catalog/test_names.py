from __future__ import annotations

import pytest

from computecalc.catalog.names import folded


@pytest.mark.parametrize("spelling", ["h100-sxm", "H100-SXM", "h100_sxm", "H100 SXM", "  h100-sxm "])
def test_spellings_of_one_name_fold_to_the_same(spelling: str) -> None:
    assert folded(spelling) == "h100-sxm"


def test_a_dot_is_part_of_the_name() -> None:
    assert folded("llama-3.1-8b") != folded("llama-31-8b")
