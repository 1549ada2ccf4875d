"""Writes catalog files as compact YAML that reads well and comes out the same on every run."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

__all__ = ["block", "compact", "number", "slug", "write_catalog"]

WIDTH = 108
FLOW_WIDTH = 132
"""Mappings and lists may be wider than running text: one shape a line compares well."""
_PLAIN = re.compile(r"[A-Za-z0-9$(/][^\x00-\x1f\"'`{}\[\],#&*!|>%@]*")
_AMBIGUOUS = re.compile(
    r"[-+.0-9_]+([eE][-+]?[0-9]+)?|0[xo][0-9a-fA-F]+|[0-9]+:[0-9:]+|true|false|yes|no|on|off|null|y|n|~",
    re.IGNORECASE,
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?")


def number(value: float) -> str:
    """Return a number as people write it: no trailing zeros, no exponent."""
    text = f"{value:.10f}".rstrip("0").rstrip(".")
    return text or "0"


def slug(text: str) -> str:
    """Return a text as an id: lower case, hyphens between words."""
    return re.sub(r"[^a-z0-9.+]+", "-", text.lower()).strip("-")


def block(**items: Any) -> dict[str, Any]:
    """Return the items that have a value, in the order given."""
    return {key: value for key, value in items.items() if value not in (None, "", {}, [])}


def scalar(value: Any) -> str:
    """Return one YAML scalar, quoted where a plain one would be read as something else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return number(value)
    text = str(value)
    percent = text.removesuffix(" %")
    plain = bool(_PLAIN.fullmatch(percent)) and not percent.endswith((" ", ":")) and ": " not in percent
    if plain and (_DATE.fullmatch(text) or not _AMBIGUOUS.fullmatch(text)):
        return text
    return json.dumps(text, ensure_ascii=False)


def compact(value: Any) -> str:
    """Return a value in flow style, on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {compact(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(compact(item) for item in value) + "]"
    return scalar(value)


def _folded(text: str, indent: int) -> list[str]:
    pad = " " * indent
    return textwrap.wrap(
        text, WIDTH, initial_indent=pad, subsequent_indent=pad, break_long_words=False, break_on_hyphens=False
    )


def _lines(key: str, value: Any, indent: int) -> list[str]:
    """Return `key: value` in flow style where it fits on a line, else in block style."""
    pad, head = " " * indent, scalar(key)
    flat = f"{pad}{head}: {compact(value)}"
    if isinstance(value, str) and len(flat) > WIDTH and "\n" not in value:
        return [f"{pad}{head}: >-", *_folded(value, indent + 2)]
    if not isinstance(value, (Mapping, list)) or len(flat) <= FLOW_WIDTH:
        return [flat]
    lines = [f"{pad}{head}:"]
    if isinstance(value, Mapping):
        for inner, item in value.items():
            lines += _lines(inner, item, indent + 2)
    else:
        lines += [f"{pad}  - {compact(item)}" for item in value]
    return lines


def _entry(name: str, fields: Mapping[str, Any]) -> list[str]:
    """Return one entry: its fields one below the other."""
    lines = [f"  {scalar(name)}:"]
    for key, value in fields.items():
        lines += _lines(key, value, 4)
    return lines


def write_catalog(
    path: Path,
    *,
    kind: str,
    comment: str,
    sources: Mapping[str, Mapping[str, Any]],
    entries: Mapping[str, Mapping[str, Any]],
    flow: bool = False,
) -> None:
    """Write one file of the catalog.

    Parameters
    ----------
    path : Path
        File to write; its folder is made.
    kind : str
        Kind of all entries.
    comment : str
        First line, without the hash.
    sources, entries : mapping
        The file's contents, in the order to be written.
    flow : bool
        Write each entry as one flow mapping over two or three lines, for long lists of small entries.
    """
    lines = [f"# {line}" for line in textwrap.wrap(comment, WIDTH)]
    lines += ["version: 1", f"kind: {kind}", "sources:"]
    for name, source in sources.items():
        lines += _lines(name, source, 2)
    lines.append("entries:")
    for name, fields in entries.items():
        lines += _flow_entry(name, fields) if flow else _entry(name, fields)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _flow_entry(name: str, fields: Mapping[str, Any]) -> list[str]:
    """Return one entry as a flow mapping, its fields filled into lines."""
    rows, row = [], ""
    for key, value in fields.items():
        part = f"{scalar(key)}: {compact(value)}"
        if row and len(row) + len(part) > WIDTH - 8:
            rows.append(row + ",")
            row = part
        else:
            row = f"{row}, {part}" if row else part
    rows.append(row)
    rows[0], rows[1:] = "{" + rows[0], [" " + text for text in rows[1:]]
    return [f"  {scalar(name)}:", *(f"    {text}" for text in rows[:-1]), f"    {rows[-1]}}}"]
