"""A headless Chromium; where there is none, the tests of this folder are not collected, and the run says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.finding import CHROMIUM

collect_ignore_glob = [] if CHROMIUM else ["test_*.py"]

if CHROMIUM:
    from tests.browser.driving import Tab, started

    @pytest.fixture(scope="session")
    def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
        """One browser for all tests of a worker; each opens its own page in it."""
        driver = started(CHROMIUM, tmp_path_factory.mktemp("profile"))
        yield Tab(driver)
        driver.quit()

    @pytest.fixture
    def opened(tab: Tab, tmp_path: Path) -> Callable[..., Tab]:
        """Show a page of a text, as wide as wanted, in light unless said otherwise."""

        def show(text: str, *, width: int = 1280, height: int = 900, dark: bool = False) -> Tab:
            path = tmp_path / "report.html"
            path.write_text(text, encoding="utf-8")
            tab.show(path, width=width, height=height, dark=dark)
            return tab

        return show
