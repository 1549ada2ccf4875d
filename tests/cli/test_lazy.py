"""Groups whose commands are imported one by one."""

from __future__ import annotations

import subprocess
import sys

from typer.main import get_command

from computecalc.cli.lazy import lazy_app


def test_a_command_is_built_when_it_is_asked_for() -> None:
    group = get_command(
        lazy_app({"schema": ("computecalc.cli.schema:schema", "Prints."), "none": ("no.such.module:x", "Fails.")})
    )
    assert list(group.commands) == ["schema", "none"]
    assert (group.commands["schema"].name, group.commands["schema"].help) == ("schema", "Prints.")
    assert group.commands["schema"] is group.commands["schema"]
    assert "other" not in group.commands


def test_a_group_in_a_group_keeps_its_help() -> None:
    group = get_command(lazy_app({"import": ("computecalc.cli.catalog.imports:import_app", "Imports.")}))
    inner = group.commands["import"]
    assert (inner.name, inner.help) == ("import", "Imports.")
    assert list(inner.commands) == ["model", "prices"]


def test_listing_loads_neither_the_importers_nor_the_search() -> None:
    script = (
        "import sys\nfrom computecalc.cli.main import main\n"
        "try:\n    main(['catalog', 'list', '--format', 'csv'])\n"
        "except SystemExit:\n"
        "    print(sorted(name for name in sys.modules if name.startswith('computecalc.cli.catalog')))\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.splitlines()[-1] == str(
        ["computecalc.cli.catalog", "computecalc.cli.catalog.list", "computecalc.cli.catalog.naming"]
    )
