"""What is public: its names, that it costs nothing until it is used, its types, and that results stay as they are."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import computecalc as cc

ROOT = Path(__file__).resolve().parents[2]

PUBLIC = [
    "ComputecalcError",
    "Diagnostic",
    "Estimate",
    "Estimates",
    "Input",
    "Lever",
    "Option",
    "Options",
    "Swing",
    "Value",
    "Verdict",
    "Verdicts",
    "__version__",
    "check",
    "estimate",
    "estimate_all",
    "optimize",
]
"""What docs/python-api.md promises to keep: names are added here, and never taken away."""


def test_what_is_public_is_listed_documented_and_there() -> None:
    assert cc.__all__ == PUBLIC
    page = (ROOT / "docs" / "python-api.md").read_text(encoding="utf-8")
    for name in PUBLIC:
        assert f"`{name}`" in page, name
        assert getattr(cc, name) is not None
        assert name in dir(cc)
    with pytest.raises(AttributeError, match="no attribute 'estimates'"):
        _ = cc.estimates  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", [name for name in PUBLIC if name not in ("__version__", "ComputecalcError")])
def test_every_public_name_has_words(name: str) -> None:
    found = getattr(cc, name)
    assert found.__doc__
    members = vars(found).items() if isinstance(found, type) else ()
    undocumented = [
        key
        for key, member in members
        if not key.startswith("_")
        and (callable(member) or isinstance(member, property))
        and not (member.fget if isinstance(member, property) else member).__doc__
    ]
    assert undocumented == []


def test_importing_the_package_loads_nothing() -> None:
    script = (
        "import json, sys\n"
        "before = set(sys.modules)\n"
        "import computecalc\n"
        "print(json.dumps(sorted(set(sys.modules) - before)))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(run.stdout) in (["computecalc"], ["__future__", "computecalc"])


USER = """
from pathlib import Path

import computecalc as cc

found: cc.Estimate = cc.estimate("llama-3.1-8b", tokens="15T tokens", accelerator="h100-sxm", count=1024, mfu=0.4)
cost: cc.Value = found["cost.total"].to("MUSD")
total: float = float(cost) if cost.is_known else 0.0
low: float | None = cost.low
for name, value in found.items():
    print(name.upper(), value.unit.upper())
sources: dict[str, str] = {path: given.source for path, given in found.inputs.items()}
exit_code: int = found.to_dict()["summary"]["exit_code"]
every: cc.Estimates = cc.estimate_all(Path("plan.yaml"), settings={"site.pue": 1.1})
names: tuple[str, ...] = every.names
first: cc.Estimate = every[0]
best: cc.Option = cc.optimize("llama-3.1-8b", accelerator=["h100-sxm"], count=[64, 128], global_batch=512)[0]
layout: dict[str, int | str | bool] = dict(best.layout)
verdicts: cc.Verdicts = cc.check(found, "cost.total <= 10 MUSD")
passed: bool = verdicts.passed
try:
    cc.estimate({"kind": "train"})
except cc.ComputecalcError as error:
    hints: list[str] = [each.hint for each in error.diagnostics]
"""

WRONG = """
import computecalc as cc

cc.estimate("llama-3.1-8b", tokns="15T tokens")
cc.estimate("llama-3.1-8b", accelerator=5)
text: str = cc.estimate("llama-3.1-8b", count=8)["cost.total"].mid
"""


def test_types_are_right_for_users_who_check_strictly(tmp_path: Path) -> None:
    right, wrong = tmp_path / "right.py", tmp_path / "wrong.py"
    right.write_text(USER, encoding="utf-8")
    wrong.write_text(WRONG, encoding="utf-8")
    # The cache of `make types`, with the same settings: without it mypy reads every library afresh.
    settings = ("--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(ROOT / ".mypy_cache"))
    run = subprocess.run(
        [sys.executable, "-m", "mypy", *settings, "--strict", str(right), str(wrong)],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        cwd=ROOT,
    )
    lines = [line for line in run.stdout.splitlines() if "error:" in line]
    assert [(Path(line.split(":")[0]).name, line.rsplit("[", 1)[1].rstrip("]")) for line in lines] == [
        ("wrong.py", "call-arg"),
        ("wrong.py", "arg-type"),
        ("wrong.py", "assignment"),
    ], run.stdout + run.stderr


def test_results_cannot_be_changed_or_pickled() -> None:
    found = cc.estimate("llama-3.1-8b", tokens="1T tokens", accelerator="h100-sxm", count=64, mfu=0.4)
    for name in ("name", "other"):
        with pytest.raises(AttributeError):
            setattr(found, name, "x")
    with pytest.raises(AttributeError):
        found["cost.total"].mid = 1.0  # type: ignore[misc]
    with pytest.raises(TypeError):
        found["cost.total"] = found["time.wall"]  # type: ignore[index]
    with pytest.raises(TypeError):
        found.inputs["site.pue"] = found.inputs["data.tokens"]  # type: ignore[index]
    with pytest.raises(TypeError, match="to_dict"):
        found.__reduce_ex__(4)


def test_a_page_leaves_no_hook_in_the_imports_of_others() -> None:
    found = cc.estimate("llama-3.1-8b", tokens="1T tokens", accelerator="h100-sxm", count=64, mfu=0.4)
    assert found.report("html").lower().startswith("<!doctype html>")
    assert "pygal" in sys.modules
    assert [finder for finder in sys.meta_path if type(finder).__module__ == "pygal"] == []
