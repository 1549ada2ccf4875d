"""Help offers pictures where a command draws them, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from computecalc.cli.main import COMMANDS
from tests.conftest import Ran

DRAW = {"train", "infer", "run", "compare", "optimize"}
"""As docs/charts.md names them."""


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in ("catalog", "units")])
def test_pictures_are_offered_by_what_draws(command: str, program: Callable[..., Ran]) -> None:
    ran = program(command, "--help")
    assert ran.code == 0
    assert ("png and svg" in " ".join(ran.out.split())) == (command in DRAW)
