"""Driving a headless Chromium: pages, sizes, themes, what it logged and what it asked the network for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.finding import Chromium

__all__ = ["Tab", "started"]

_OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
)


def started(chromium: Chromium, profile: Path) -> webdriver.Chrome:
    """Start a browser of its own profile that logs its console and its network."""
    options = webdriver.ChromeOptions()
    options.binary_location = chromium.browser
    for each in (*_OPTIONS, f"--user-data-dir={profile}"):
        options.add_argument(each)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(options=options, service=Service(chromium.driver))


class Tab:
    """The one tab of the browser."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def show(self, path: Path, *, width: int, height: int, dark: bool) -> None:
        """Open a file anew, with empty logs."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        self._command("Emulation.setDeviceMetricsOverride", metrics)
        self.media(dark=dark)
        self.driver.get("about:blank")
        self.logged()
        self.requests()
        self.driver.get(path.as_uri())

    def media(self, *, kind: str = "", dark: bool = False) -> None:
        """Look at the page as another medium does."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._command("Emulation.setEmulatedMedia", {"media": kind, "features": [scheme]})

    def _command(self, name: str, arguments: dict[str, Any]) -> Any:
        return self.driver.execute_cdp_cmd(name, arguments)

    def printed(self) -> int:
        """Print the page to a PDF; return its size in characters of base64."""
        return len(self._command("Page.printToPDF", {"printBackground": True})["data"])

    def all(self, selector: str) -> list[WebElement]:
        """Elements that a selector finds."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        """The only element that a selector finds."""
        (found,) = self.all(selector)
        return found

    def run(self, script: str, *arguments: Any) -> Any:
        """Evaluate a script in the page."""
        return self.driver.execute_script(script, *arguments)

    def logged(self) -> list[str]:
        """What the console was told since the last call."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> list[str]:
        """Addresses that were asked for since the last call."""
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        sent = [each["params"] for each in messages if each["method"] == "Network.requestWillBeSent"]
        return [each["request"]["url"] for each in sent]

    def move(self, slider: WebElement, position: int) -> None:
        """Set a slider as a pointer would."""
        script = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', {bubbles: true}))"
        self.run(script, slider, str(position))
