"""What is packaged: versions that agree, extras that README names, a checklist whose commands exist, a judged wheel."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

import computecalc

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_versions_agree() -> None:
    assert PROJECT["version"] == computecalc.__version__
    assert f"## [{computecalc.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_readme_names_every_extra() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for extra in PROJECT["optional-dependencies"].keys() - {"dev", "docs"}:
        assert f"`{extra}`" in readme, extra


def test_the_package_is_typed() -> None:
    assert "Typing :: Typed" in PROJECT["classifiers"]
    assert (ROOT / "src" / "computecalc" / "py.typed").is_file()


def test_python_m_is_the_program() -> None:
    ways = ([sys.executable, "-m", "computecalc"], [Path(sys.executable).with_name("computecalc")])
    said = {subprocess.run([*way, "--version"], capture_output=True, text=True, check=True).stdout for way in ways}
    assert len(said) == 1
    # The version of the catalog is the month that its data is of.
    assert re.fullmatch(r"computecalc \d+\.\d+\.\d+, catalog 20\d\d\.(0[1-9]|1[0-2])\n", said.pop())


def commands(page: str) -> list[str]:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return [line.strip() for line in re.findall(r"^ {7}(\S.*)$", text, re.MULTILINE)]


def test_the_commands_of_the_checklist_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("$(VENV)", ".venv")
    found = commands("releasing.md")
    assert len(found) >= 10
    for command in found:
        words = command.split()
        if words[0] == "make":
            assert re.search(rf"^{re.escape(words[1])}:", makefile, re.MULTILINE), command
        scripts = [word for word in words if word.startswith("scripts/") or word == ".ci/run"]
        assert all((ROOT / script).is_file() for script in scripts), command
        named = [
            word for word in words if word.startswith(("build/empty/bin/", ".venv/bin/", "python3", "make", ".ci"))
        ]
        assert named[:1] == words[:1], command


def packed(folder: Path, *, without: str = "", padding: int = 0) -> Path:
    """Write a wheel and a source distribution that hold what is wanted, less what starts with `without`."""
    folder.mkdir()
    extras = "\n".join(f"Provides-Extra: {each}" for each in PROJECT["optional-dependencies"])
    classifiers = "\n".join(f"Classifier: {each}" for each in PROJECT["classifiers"])
    wheel = ["py.typed", "__main__.py", "_catalogs/index.json", "_catalogs/accelerators/x.yaml", "_validation/x.csv"]
    with zipfile.ZipFile(folder / "computecalc-0.whl", "w", zipfile.ZIP_STORED) as archive:
        for name in wheel:
            if not without or not name.startswith(without):
                archive.writestr(f"computecalc/{name}", "x")
        archive.writestr("computecalc/padding", b"x" * padding)
        archive.writestr("computecalc-0.dist-info/METADATA", f"Name: computecalc\n{extras}\n{classifiers}\n")
    with tarfile.open(folder / "computecalc-0.tar.gz", "w:gz") as archive:
        for each in sorted(ROOT.iterdir()):
            if not each.name.startswith(".") and each.is_dir():
                archive.add(ROOT / "LICENSE", f"computecalc-0/{each.name}/x")
            elif each.is_file():
                archive.add(each, f"computecalc-0/{each.name}")
    return folder


@pytest.mark.parametrize(
    ("without", "padding", "code", "said"),
    [
        ("", 0, 0, "MB of at most 5"),
        ("", 5_000_001, 1, "more than 5,000,000"),
        ("py.typed", 0, 1, "the wheel lacks computecalc/py.typed"),
        ("_catalogs/index", 0, 1, "the wheel lacks computecalc/_catalogs/index.json"),
    ],
)
def test_a_wheel_is_judged_by_size_and_content(
    without: str, padding: int, code: int, said: str, tmp_path: Path
) -> None:
    folder = packed(tmp_path / "dist", without=without, padding=padding)
    script = ROOT / "scripts" / "check_package.py"
    run = subprocess.run([sys.executable, script, folder], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (code, "")
    assert said in run.stdout
