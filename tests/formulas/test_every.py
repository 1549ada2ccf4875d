"""No file of formulas is forgotten where all of them are listed."""

from __future__ import annotations

from pathlib import Path

import computecalc.formulas
from computecalc.formulas import every

OTHERS = {"__init__", "every", "references", "table"}


def test_every_file_of_formulas_is_imported() -> None:
    files = {file.stem for file in Path(computecalc.formulas.__file__).parent.glob("*.py")} - OTHERS
    assert {formula.subject for formula in every.FORMULAS.values()} == files
    assert files <= set(every.__all__)
