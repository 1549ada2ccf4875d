"""What tests of several rooms share: the frozen catalog, the program run in-process, and the goldens."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
GOLDENS = TESTS / "goldens"
TODAY = date(2026, 3, 1)
"""The day on which golden estimates are made; the newest price of the golden catalog is then 28 days old."""


@dataclass(frozen=True)
class Ran:
    """What one run of the program left behind."""

    code: int
    out: str
    err: str


class FrozenDate(date):
    """A calendar that stands still."""

    @classmethod
    def today(cls) -> FrozenDate:
        return cls(TODAY.year, TODAY.month, TODAY.day)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="write what is printed now to tests/goldens")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    from tests.browser.finding import CHROMIUM, MISSING

    if CHROMIUM is None:
        terminalreporter.write_line(MISSING)


@pytest.fixture(scope="session")
def indexed_catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The golden catalog, indexed afresh so that no second copy of the index can grow stale."""
    from computecalc.catalog.index import INDEX_NAME, rendered
    from computecalc.catalog.indexing import scan
    from computecalc.catalog.locating import catalog_version

    source = TESTS / "data" / "golden-catalog"
    folder = Path(shutil.copytree(source, tmp_path_factory.mktemp("golden") / "catalog"))
    index = scan(source, version=catalog_version(source)).index
    (folder / INDEX_NAME).write_text(rendered(index), encoding="utf-8")
    return folder


@pytest.fixture
def golden_catalog(indexed_catalog: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put the golden catalog in the place of the shipped one, and stop the calendar."""
    # Imported before it is patched: what it imports by name would stay patched for good.
    import computecalc.catalog.lookup

    assert computecalc.catalog.lookup.shipped_folder
    for module in ("computecalc.catalog.locating", "computecalc.catalog.lookup"):
        monkeypatch.setattr(f"{module}.shipped_folder", lambda: indexed_catalog)
    for module in ("computecalc.api.outcomes", "computecalc.api.judging", "computecalc.cli.resolving"):
        monkeypatch.setattr(f"{module}.date", FrozenDate)
    return indexed_catalog


@pytest.fixture
def program(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run the program in this process, as its users do."""
    from computecalc.cli.main import main

    def run(*arguments: str) -> Ran:
        with pytest.raises(SystemExit) as stop:
            main(list(arguments))
        printed = capsys.readouterr()
        assert isinstance(stop.value.code, int)
        return Ran(stop.value.code, printed.out, printed.err)

    return run


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the golden of a name; `pytest --update-goldens` writes it instead."""

    def compare(name: str, text: str) -> None:
        path = GOLDENS / name
        if request.config.getoption("--update-goldens"):
            path.write_text(text, encoding="utf-8", newline="\n")
        assert text == path.read_text(encoding="utf-8"), f"{path} differs: look, then pytest --update-goldens"

    return compare
