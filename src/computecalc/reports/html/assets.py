"""Style and script of the page, and the policy that lets a browser run these two and nothing else."""

from __future__ import annotations

import json
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from computecalc.reports.html.markup import Markup, element, void

__all__ = ["data_block", "head_parts", "script_block"]

_FOLDER = Path(__file__).parent


@cache
def _text(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _style() -> str:
    return f"{_text('page.css')}{_text('charts.css')}"


def _script() -> str:
    return f"{_text('page.js')}{_text('explore.js')}"


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def head_parts() -> Markup:
    """Return policy and style: no request, no frame, no form, no script but ours."""
    policy = (
        f"default-src 'none'; script-src {_hash(_script())}; style-src {_hash(_style())}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    return Markup(
        void("meta", http_equiv="Content-Security-Policy", content=policy)
        + void("meta", name="referrer", content="no-referrer")
        + void("link", rel="icon", href="data:,")
        + element("style", Markup(_style()))
    )


def script_block() -> Markup:
    """Return the script of the page."""
    return element("script", Markup(_script()))


def data_block(name: str, data: Any) -> Markup:
    """Return data that the script reads; no text in it can end the block or be read as markup."""
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return element("script", Markup(text), type="application/json", id=name)
