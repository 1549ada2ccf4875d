"""Python in the documentation and in examples/ runs, and prints what is shown."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
_BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
PAGES = [
    page
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    if _BLOCK.search(page.read_text(encoding="utf-8"))
]


def test_the_guide_is_among_the_pages() -> None:
    assert ROOT / "docs" / "python-api.md" in PAGES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_blocks_of_python_print_what_is_shown(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = page.read_text(encoding="utf-8")
    told: list[str] = []
    names: dict[str, object] = {}
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
    for number, block in enumerate(_BLOCK.findall(text), 1):
        if ">>> " not in block:
            # A program that shows nothing; what does not begin as one is a fragment, for the tests of its page.
            if block.startswith(("import ", "from ")):
                exec(compile(block, f"{page.name}, block {number}", "exec"), names)
            continue
        test = doctest.DocTestParser().get_doctest(block, names, page.name, str(page), 0)
        results = runner.run(test, out=told.append, clear_globs=False)
        names = test.globs
        assert results.attempted > 0
    assert runner.failures == 0, "".join(told)


@pytest.mark.parametrize("program", sorted((ROOT / "examples").glob("*.py")), ids=lambda path: path.name)
def test_examples_in_python_run(program: Path, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-W", "error", str(program)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        cwd=tmp_path,
    )
    assert (run.returncode, run.stderr) == (0, "")
    if program.name == "python-api.py":
        # 8.03e9 parameters less their input embedding, 15e12 tokens, with attention over 8192 tokens: 7.5e23 to 9e23
        # FLOP at 989.5e12 FLOP/s and an MFU of 0.30 to 0.55 on 512 are 32 to 69 days of useful time.
        wall = re.search(r"^time\.wall +([\d.]+) +([\d.]+) +([\d.]+) +d$", run.stdout, re.MULTILINE)
        assert wall is not None, run.stdout
        assert 30.0 < float(wall[2]) < 75.0
        assert "sizes/1024" in run.stdout
