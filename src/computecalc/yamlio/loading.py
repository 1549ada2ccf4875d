"""Files, standard input, bytes and texts to the located tree.

What is no UTF-8 text of at most 5 MB is refused before the parser sees it.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import BinaryIO

from computecalc.errors import Diagnostic, Document, DocumentError, Span, UsageError, did_you_mean
from computecalc.yamlio.composing import compose
from computecalc.yamlio.nodes import Node

__all__ = ["MAXIMUM_BYTES", "load_bytes", "load_path", "load_stdin", "load_text"]

MAXIMUM_BYTES = 5_000_000
"""Size of the largest document accepted. [byte]"""

_BYTE_ORDER_MARK = "\ufeff"
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# YAML's printable characters; the parser would refuse the others too, at a place counted in bytes.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TEXT_HINT = "save the file as UTF-8 text"


def load_path(path: Path | str) -> Node:
    """Read a YAML file.

    Parameters
    ----------
    path : Path or str
        The file; diagnostics call it what it is called here.

    Returns
    -------
    Node
        The tree of the file's document.

    Raises
    ------
    UsageError
        CC103: the file does not exist, is a folder or cannot be read.
    DocumentError
        CC201 to CC208: what the file holds is not accepted.
    """
    name, path = str(path), Path(path)
    try:
        if path.is_dir():
            raise UsageError(Diagnostic("CC103", f"{name} is a folder", hint="name a file in it"))
        if path.stat().st_size > MAXIMUM_BYTES:
            raise _too_large(name)
        with path.open("rb") as stream:
            data = _read_limited(stream, name)
    except FileNotFoundError as error:
        hint = _missing_file_hint(path)
        raise UsageError(Diagnostic("CC103", f"{name} does not exist", hint=hint)) from error
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL in it
        reason = getattr(error, "strerror", None) or "the name is not that of a file"
        raise UsageError(Diagnostic("CC103", f"{name} cannot be read: {reason}")) from error
    return load_bytes(data, name)


def load_stdin() -> Node:
    """Read YAML from standard input, called ``<stdin>`` in diagnostics.

    Raises
    ------
    DocumentError
        CC201 to CC208: what it holds is not accepted.
    """
    return load_bytes(_read_limited(sys.stdin.buffer, "<stdin>"), "<stdin>")


def load_bytes(data: bytes, name: str) -> Node:
    """Read YAML from UTF-8 bytes, with or without a byte order mark.

    Parameters
    ----------
    data : bytes
        The text's encoding.
    name : str
        What diagnostics call it.

    Raises
    ------
    DocumentError
        CC201 to CC208: what it holds is not accepted.
    """
    if len(data) > MAXIMUM_BYTES:
        raise _too_large(name)
    if data.startswith(_UTF_16_MARKS):
        raise _not_text(Document(name, ""), 0, "the text is encoded as UTF-16")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        shown = Document(name, data.decode("utf-8", errors="replace").removeprefix(_BYTE_ORDER_MARK))
        offset = len(before.removeprefix(_BYTE_ORDER_MARK))
        raise _not_text(shown, offset, f"the byte 0x{data[error.start]:02x} is not UTF-8") from error
    return _load(text, name)


def load_text(text: str, name: str) -> Node:
    """Read YAML from a text.

    Parameters
    ----------
    text : str
        The YAML.
    name : str
        What diagnostics call it.

    Raises
    ------
    DocumentError
        CC201 to CC208: what it holds is not accepted.
    """
    # No character takes more than four bytes, so that most texts need not be encoded to be measured.
    if len(text) * 4 > MAXIMUM_BYTES and len(text.encode("utf-8", errors="replace")) > MAXIMUM_BYTES:
        raise _too_large(name)
    return _load(text, name)


def _load(text: str, name: str) -> Node:
    document = Document(name, text.removeprefix(_BYTE_ORDER_MARK))
    unprintable = _UNPRINTABLE.search(document.text)
    if unprintable is not None:
        character = f"U+{ord(unprintable.group()):04X}"
        raise _not_text(document, unprintable.start(), f"the control character {character} cannot stand in a text")
    return compose(document)


def _read_limited(stream: BinaryIO, name: str) -> bytes:
    data = stream.read(MAXIMUM_BYTES + 1)
    if len(data) > MAXIMUM_BYTES:
        raise _too_large(name)
    return data


def _too_large(name: str) -> DocumentError:
    limit = MAXIMUM_BYTES // 1_000_000
    span = Span(Document(name, ""), 1, 1, 2)
    return DocumentError(Diagnostic("CC204", f"{name} is larger than {limit} MB", span=span))


def _not_text(document: Document, offset: int, message: str) -> DocumentError:
    # One more character, so that a line break just before the place counts as a line of its own.
    lines = (document.text[:offset] + ".").splitlines()
    line, column = len(lines), len(lines[-1])
    diagnostic = Diagnostic("CC203", message, span=Span(document, line, column, column + 1), hint=_TEXT_HINT)
    return DocumentError(diagnostic)


def _missing_file_hint(path: Path) -> str:
    if not path.parent.is_dir():
        return f"there is no folder {path.parent}"
    try:
        siblings = [sibling.name for sibling in path.parent.iterdir()]
    except PermissionError:  # the file is what the user asked about, not its folder
        return ""
    near = did_you_mean(path.name, siblings, most=1)
    return f"did you mean {path.with_name(near[0])}?" if near else ""
