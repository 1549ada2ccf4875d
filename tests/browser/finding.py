"""Where Chromium and its driver are; both must be there, and nothing is downloaded for tests."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from importlib.util import find_spec

__all__ = ["CHROMIUM", "MISSING", "Chromium"]


@dataclass(frozen=True)
class Chromium:
    """A browser and the program that drives it."""

    browser: str
    driver: str


def _found() -> Chromium | None:
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    driver = shutil.which("chromedriver")
    if browser is None or driver is None or find_spec("selenium") is None:
        return None
    return Chromium(browser, driver)


CHROMIUM = _found()
MISSING = "tests/browser is left out: there is no Chromium with its chromedriver here (`make browser` wants them)"
