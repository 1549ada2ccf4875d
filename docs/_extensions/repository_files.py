"""Links from pages to files and folders of the checkout that are no pages: each gets a page that shows it.

On a code host `../examples/chat.yaml` leads to the file; in the site it leads to the file's text with a way to the file
itself, and `../examples/` to a list of what is in the folder. Files that are too large to read are only offered.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.addnodes import download_reference, pending_xref

__all__ = ["setup"]

_SHOWN = 100_000
"""Largest file that is shown. [byte]"""

_LEXERS = {".yaml": "yaml", ".json": "json", ".py": "python", ".md": "markdown", ".yml": "yaml"}


def _keep_links(app: Any, document: Any) -> None:
    """Turn links to files and folders of the checkout into links to their pages, and remember what they lead to."""
    root = Path(app.srcdir)
    for node in [*document.findall(download_reference), *document.findall(pending_xref)]:
        if node.get("reftype") != "myst" or node.get("refdomain") == "doc":
            continue
        _, absolute = app.env.relfn2path(node["reftarget"], node["refdoc"])
        path = Path(absolute)
        if not path.exists() or not path.is_relative_to(root):
            continue
        kept = nodes.reference("", "", *node.children, internal=True, refuri="")
        kept["repository_path"] = path.relative_to(root).as_posix()
        _remembered(app.env).setdefault(node["refdoc"], set()).add(kept["repository_path"])
        node.replace_self(kept)


def _remembered(env: Any) -> dict[str, set[str]]:
    if not hasattr(env, "repository_paths"):
        env.repository_paths = {}
    found: dict[str, set[str]] = env.repository_paths
    return found


def _resolve_links(app: Any, document: Any, name: str) -> None:
    for node in document.findall(nodes.reference):
        if path := node.get("repository_path"):
            node["refuri"] = app.builder.get_relative_uri(name, _page_of(Path(app.srcdir), path))


def _page_of(root: Path, path: str) -> str:
    return f"{path}/index" if (root / path).is_dir() else path


def _pages(app: Any) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the pages of all that links lead to, folders with all their files."""
    root = Path(app.srcdir)
    wanted = {path for paths in _remembered(app.env).values() for path in paths}
    for folder in sorted(path for path in wanted if (root / path).is_dir()):
        inside = sorted(
            each for each in (root / folder).rglob("*") if each.is_file() and "__pycache__" not in each.parts
        )
        names = [each.relative_to(root).as_posix() for each in inside]
        wanted.update(names)
        yield f"{folder}/index", {"title": f"{folder}/", "body": _listing(app, folder, names)}, "page.html"
    for path in sorted(path for path in wanted if (root / path).is_file()):
        yield path, {"title": path, "body": _shown(app, root / path, path)}, "page.html"


def _listing(app: Any, folder: str, names: list[str]) -> str:
    root = Path(app.srcdir)
    uri = app.builder.get_relative_uri
    rows = "".join(
        f'<tr><td><a href="{escape(uri(f"{folder}/index", name))}">{escape(name.removeprefix(f"{folder}/"))}</a></td>'
        f"<td>{escape(_first_comment(root / name))}</td></tr>"
        for name in names
    )
    table = f'<div class="table-wrapper"><table class="docutils files"><tbody>{rows}</tbody></table></div>'
    return f"<h1>{escape(folder)}/</h1>{table}"


def _first_comment(path: Path) -> str:
    """Return the first sentence of the comment at the head of a file."""
    if path.suffix not in _LEXERS:
        return ""
    words: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        text = line.lstrip("# ").strip()
        if text.startswith("yaml-language-server") or (not text and not words):
            continue
        if not text:
            break
        words.append(text)
    return re.split(r"(?<=[\w)]\.) (?=[A-Z])", " ".join(words), maxsplit=1)[0].removesuffix(":")


def _shown(app: Any, file: Path, path: str) -> str:
    target = Path(app.outdir) / path
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)
    head = f'<h1>{escape(path)}</h1><p><a href="{escape(file.name)}" download>Download the file</a></p>'
    if file.stat().st_size > _SHOWN:
        return head
    text = file.read_text(encoding="utf-8")
    shown: str = app.builder.highlighter.highlight_block(text, _LEXERS.get(file.suffix, "none"))
    return head + shown


def setup(app: Any) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("doctree-read", _keep_links, priority=100)
    app.connect("doctree-resolved", _resolve_links)
    app.connect("html-collect-pages", _pages)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
