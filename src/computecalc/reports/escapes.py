"""Names and notes come from files of strangers: what each format must not take literally is escaped here."""

from __future__ import annotations

import unicodedata

__all__ = ["csv_text", "github_property", "github_text", "markdown_text", "terminal_text", "xml_text"]

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "::")
"""Of a formula of spreadsheets, or of a workflow command of GitHub, which reads what a job prints."""
_MARKDOWN_SPECIAL = "\\`*_{}[]<>#|!~"


def terminal_text(text: str) -> str:
    """Show control and format characters, which a terminal would obey, as escapes."""
    return "".join(
        character if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp") else _escaped(character)
        for character in text
    )


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def csv_text(text: str) -> str:
    """Put a quote before what a spreadsheet would run as a formula."""
    clean = terminal_text(text)
    return f"'{clean}" if text.startswith(_FORMULA_STARTS) else clean


def markdown_text(text: str) -> str:
    """Escape what would be markup or end a table cell."""
    return "".join(f"\\{c}" if c in _MARKDOWN_SPECIAL else c for c in terminal_text(text))


def github_text(text: str) -> str:
    """Escape what would end a workflow command of GitHub, so that nothing in it is read as another one."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def github_property(text: str) -> str:
    """Escape the value of a property of a workflow command."""
    return github_text(text).replace(":", "%3A").replace(",", "%2C")


def xml_text(text: str) -> str:
    """Show characters that XML forbids as escapes; what is markup is escaped by the writer. Lines stay lines."""
    return "\n".join(
        "".join(f"\\u{ord(c):04x}" if c in "\ufffe\uffff" else c for c in terminal_text(line))
        for line in text.split("\n")
    )
