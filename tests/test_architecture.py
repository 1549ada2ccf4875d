"""The house plan, enforced: who may import whom, what may stand where, how long things may be."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "computecalc"

ROOMS = (
    "foundation",
    "units",
    "yamlio",
    "catalog",
    "formulas",
    "estimators",
    "scenario",
    "sweeps",
    "checks",
    "reports",
    "api",
    "cli",
)
"""In order: a room imports from itself and from those before it. The foundation is the modules beside the rooms."""

DOORS = {"__init__.py": "api", "__main__.py": "cli"}
"""Modules beside the rooms that hand out what a room defines: the Python functions, and the program."""

OWNERS = {
    "pint": {"units"},
    "rich": {"reports", "cli"},
    "typer": {"cli"},
    "click": {"cli"},
    "yaml": {"yamlio"},
    "pygal": {"reports"},
    "matplotlib": {"reports"},
    "pandas": {"api"},
    "pyarrow": {"sweeps"},
    "scipy": {"sweeps"},
    "distributed": {"sweeps"},
}
"""Libraries that only some rooms may import."""

PURE = {"formulas": {"numpy"}, "estimators": {"numpy", "formulas", "catalog", "units"}}
"""All that these rooms may import besides the standard library, the foundation and themselves."""

MOST_LINES = 420
MOST_BODY_LINES = 55

SMALL_CONVERSIONS = {8, 12, 24, 30, 52, 60, 100, 365, 365.25}
"""Bits, months, hours, days, weeks, minutes, percent: conversions that no size betrays."""

PHYSICAL: set[tuple[str, float]] = set()
"""File and literal of coefficients of an equation that merely look like a conversion."""


@dataclass(frozen=True)
class Module:
    """One source file, parsed."""

    path: Path
    tree: ast.Module
    lines: int

    @property
    def name(self) -> str:
        return ".".join(("computecalc", *self.path.relative_to(SOURCE).with_suffix("").parts))

    @property
    def room(self) -> str:
        parts = self.path.relative_to(SOURCE).parts
        if len(parts) == 1 and parts[0] in DOORS:
            return DOORS[parts[0]]
        return parts[0] if len(parts) > 1 else "foundation"

    @property
    def imports(self) -> list[tuple[str, str]]:
        """Module and name of every import, wherever it stands; the name is empty for `import module`."""
        found: list[tuple[str, str]] = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [(alias.name, "") for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.name}: imports are absolute"
                found += [(node.module or "", alias.name) for alias in node.names]
        return found


@cache
def modules() -> dict[str, Module]:
    """Every module by its dotted name."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        module = Module(path, ast.parse(text), len(text.splitlines()))
        found[module.name] = module
    return found


def room_of(dotted: str) -> str:
    """The room that an import of `dotted` reaches into."""
    parts = dotted.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in ROOMS else "foundation"


def forbidden_imports(module: Module) -> list[str]:
    """Imports that go against the order of the rooms, or take a library that is not theirs."""
    found = []
    for target, name in module.imports:
        if target.split(".")[0] == "computecalc":
            # `from computecalc import cli` reaches as far as `from computecalc.cli import main`.
            reached = room_of(f"{target}.{name}" if target == "computecalc" else target)
            if ROOMS.index(reached) > ROOMS.index(module.room):
                found.append(f"{module.name} ({module.room}) imports {target} ({reached})")
            library = reached
        else:
            library = target.split(".")[0]
            if module.room not in OWNERS.get(library, set(ROOMS)):
                found.append(f"{module.name} ({module.room}) imports {library}")
        allowed = PURE.get(module.room)
        known = library in ("foundation", module.room, "__future__") or library in sys.stdlib_module_names
        if allowed is not None and not known and library not in allowed:
            found.append(f"{module.name} ({module.room}) imports {library}")
    return found


@pytest.mark.parametrize("name", modules())
def test_imports_follow_the_rooms(name: str) -> None:
    assert forbidden_imports(modules()[name]) == []


def test_every_folder_is_a_room_of_the_plan() -> None:
    folders = {path.name for path in SOURCE.iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    assert folders <= set(ROOMS)


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("units/toy.py", "from computecalc.catalog.lookup import Catalog"),
        ("formulas/toy.py", "def f():\n    from computecalc.reports.table import render"),
        ("formulas/toy.py", "import pint"),
        ("formulas/toy.py", "from pydantic import BaseModel"),
        ("estimators/toy.py", "import pandas"),
        ("scenario/toy.py", "import yaml.nodes"),
        ("catalog/toy.py", "from rich.table import Table"),
        ("reports/toy.py", "import typer"),
        ("errors.py", "from computecalc import cli"),
    ],
)
def test_a_wrong_import_is_found(place: str, text: str) -> None:
    assert len(forbidden_imports(Module(SOURCE / place, ast.parse(text), 1))) >= 1


def conversion_literals(module: Module) -> list[str]:
    """Number literals that convert units: at least 1000 in size, at most a hundredth, or a known small one."""
    found = []
    for node in ast.walk(module.tree):
        if (
            not isinstance(node, ast.Constant)
            or isinstance(node.value, bool)
            or not isinstance(node.value, int | float)
        ):
            continue
        size = abs(node.value)
        suspect = size >= 1000 or 0 < size <= 0.01 or size in SMALL_CONVERSIONS
        if suspect and (module.path.name, node.value) not in PHYSICAL:
            found.append(f"{module.name}:{node.lineno}: {node.value}")
    return found


def is_year(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int) and 1900 < node.value < 2100


@pytest.mark.parametrize("name", [name for name, module in modules().items() if module.room in PURE])
def test_nothing_is_converted_in_formulas_and_estimators(name: str) -> None:
    module = modules()[name]
    if name == "computecalc.formulas.references":  # Bibliography: its only numbers are the years of publications.
        numbers = [node for node in ast.walk(module.tree) if isinstance(node, ast.Constant) and node.value is not True]
        assert all(isinstance(node.value, str) or is_year(node) for node in numbers)
        return
    assert conversion_literals(module) == []


@pytest.mark.parametrize("literal", ["3600", "86400.0", "1e9", "1e-3", "1024", "8", "8.0", "60", "100", "2**10 / 1000"])
def test_a_conversion_literal_is_found(literal: str) -> None:
    toy = Module(SOURCE / "formulas" / "toy.py", ast.parse(f"def f(x):\n    return x * {literal}"), 2)
    assert len(conversion_literals(toy)) == 1


def exported(module: Module) -> list[str] | None:
    """The names in `__all__`, in order; None when there is none."""
    for node in module.tree.body:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]:
            return [str(name) for name in ast.literal_eval(node.value)]
    return None


def defined(module: Module) -> set[str]:
    """All names bound at the top of a module."""
    found: set[str] = set()
    for node in module.tree.body:
        match node:
            case ast.FunctionDef() | ast.ClassDef():
                found.add(node.name)
            case ast.Assign():
                found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
            case ast.Import() | ast.ImportFrom():
                found |= {alias.asname or alias.name for alias in node.names}
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):  # what is imported when it is first asked for
                found |= defined(Module(module.path, ast.Module(node.body, []), 0))
            case _:
                pass
    return found


def public(module: Module) -> set[str]:
    """What `__all__` must name: functions and classes without underscore; decorated commands are reached otherwise."""
    return {
        node.name
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not any("command" in ast.unparse(decorator) for decorator in node.decorator_list)
    }


def rank(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions, each by name."""
    plain = name.strip("_")
    return (0 if plain.isupper() and len(plain) > 1 else 1 if plain[:1].isupper() else 2, name)


def has_code(module: Module) -> bool:
    return any(not isinstance(node, ast.Expr) for node in module.tree.body)


@pytest.mark.parametrize("name", [name for name, module in modules().items() if has_code(module)])
def test_all_is_sorted_and_complete(name: str) -> None:
    module = modules()[name]
    names = exported(module)
    assert names is not None, "no __all__"
    assert names == sorted(names, key=rank)
    assert len(names) == len(set(names))
    package = module.path.name == "__init__.py"
    submodules = {path.stem for path in module.path.parent.iterdir()} if package else set()
    assert set(names) <= defined(module) | submodules
    assert public(module) <= set(names)


def test_what_others_import_is_exported() -> None:
    missing = {
        f"{target}.{name} in {module.name}"
        for module in modules().values()
        for target, name in module.imports
        if target in modules() and name not in (exported(modules()[target]) or ())
    }
    assert missing == set()


def bodies(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Every function with the lines of its body, the docstring left out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[1:] if ast.get_docstring(node) is not None else node.body
            yield node.name, (node.end_lineno or 0) - first[0].lineno + 1 if first else 0


def test_files_and_functions_stay_short() -> None:
    long_files = {name: module.lines for name, module in modules().items() if module.lines > MOST_LINES}
    assert long_files == {}
    long_functions = {
        f"{name}.{function}": lines
        for name, module in modules().items()
        for function, lines in bodies(module.tree)
        if lines > MOST_BODY_LINES
    }
    assert long_functions == {}


def test_every_module_postpones_annotations_and_says_what_it_is_for() -> None:
    for name, module in modules().items():
        assert ast.get_docstring(module.tree), name
        if module.path.name != "__init__.py":
            assert ("__future__", "annotations") in module.imports, name


def test_no_source_holds_unfinished_work() -> None:
    unfinished = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    assert [name for name, module in modules().items() if unfinished.search(ast.unparse(module.tree))] == []


@pytest.mark.parametrize("flag", ["--help", "--version"])
def test_help_and_version_load_nothing_heavy(flag: str) -> None:
    script = (
        "import json, sys\n"
        "from computecalc.cli.main import main\n"
        "try:\n"
        f"    main(['{flag}'])\n"
        "except SystemExit as end:\n"
        "    print(json.dumps([end.code, sorted({name.partition('.')[0] for name in sys.modules})]))\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    code, loaded = json.loads(run.stdout.splitlines()[-1])
    assert code == 0
    assert {"numpy", "pint", "pydantic", "rich", "yaml"} & set(loaded) == set()
    assert "typer" in loaded
