from __future__ import annotations

import errno
import io
import os
import sys
import unicodedata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from computecalc.errors import ComputecalcError, Diagnostic, DocumentError, UsageError
from computecalc.yamlio.core_schema import resolve
from computecalc.yamlio.loading import MAXIMUM_BYTES, load_bytes, load_path, load_stdin, load_text
from computecalc.yamlio.nodes import locate, plain
from computecalc.yamlio.render import render_diagnostic


def refused(data: bytes) -> Diagnostic:
    with pytest.raises(DocumentError) as caught:
        load_bytes(data, "s.yaml")
    (diagnostic,) = caught.value.diagnostics
    return diagnostic


def not_read(path: Path | str, kind: type[ComputecalcError] = UsageError) -> Diagnostic:
    with pytest.raises(kind) as caught:
        load_path(path)
    (diagnostic,) = caught.value.diagnostics
    return diagnostic


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: \xc3\xa9\r\n")
    node = load_path(path)
    assert plain(node) == {"a": 1, "b": "é"}
    assert locate(node, ["b"]).label == f"{path}:2:4"
    assert plain(load_path(str(path))) == plain(node)


def test_a_missing_file_and_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").touch()
    diagnostic = not_read(tmp_path / "scenaro.yaml")
    assert diagnostic.code == "CC103"
    assert diagnostic.message == f"{tmp_path / 'scenaro.yaml'} does not exist"
    assert diagnostic.hint == f"did you mean {tmp_path / 'scenario.yaml'}?"
    assert not_read(tmp_path / "zzz").hint == ""
    assert not_read(tmp_path / "nowhere" / "s.yaml").hint == f"there is no folder {tmp_path / 'nowhere'}"


def test_a_folder(tmp_path: Path) -> None:
    diagnostic = not_read(tmp_path)
    assert (diagnostic.code, diagnostic.message) == ("CC103", f"{tmp_path} is a folder")


def test_names_that_no_file_can_have(tmp_path: Path) -> None:
    assert not_read("a\0b").code == "CC103"
    diagnostic = not_read(tmp_path / ("x" * 5000))
    assert diagnostic.code == "CC103"
    assert "cannot be read" in diagnostic.message


def test_a_file_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").touch()
    assert not_read(tmp_path / "s.yaml" / "t.yaml").code == "CC103"


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The refusal is made here, because the system lets a superuser read every file."""

    def denied(self: Path, *_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))

    path = tmp_path / "s.yaml"
    path.touch()
    monkeypatch.setattr(Path, "open", denied)
    assert not_read(path).message == f"{path} cannot be read: Permission denied"


def test_a_folder_that_may_not_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "iterdir", denied)
    assert not_read(tmp_path / "s.yaml").hint == ""


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "s.yaml"
    with path.open("wb") as stream:
        stream.truncate(10_000_000)
    monkeypatch.setattr(Path, "open", None)
    diagnostic = not_read(path, DocumentError)
    assert (diagnostic.code, diagnostic.place) == ("CC204", f"{path}:1:1")
    assert diagnostic.message == f"{path} is larger than 5 MB"


def test_an_endless_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A device or a pipe says that it is empty and never ends; no more than the limit is taken from it."""

    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:
            buffer[:] = bytes(len(buffer))
            return len(buffer)

    path = tmp_path / "s.yaml"
    path.touch()
    monkeypatch.setattr(Path, "open", lambda *_: io.BufferedReader(Endless()))
    assert not_read(path, DocumentError).code == "CC204"


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"a: [")))
    with pytest.raises(DocumentError) as caught:
        load_stdin()
    assert caught.value.diagnostics[0].place == "<stdin>:1:5"
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"a: 1")))
    assert plain(load_stdin()) == {"a": 1}


def test_standard_input_is_read_up_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.BytesIO(b"#" * 6_000_000)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=stream))
    with pytest.raises(DocumentError) as caught:
        load_stdin()
    assert caught.value.diagnostics[0].code == "CC204"
    assert stream.tell() == 5_000_001


def test_size_limit_counts_bytes() -> None:
    comment = "#" + "é" * 2_499_998 + "\n"  # 1 + 2 × 2,499,998 + 1 = 4,999,998 bytes
    assert plain(load_text(comment + "a", "s.yaml")) == "a"
    with pytest.raises(DocumentError) as caught:
        load_text(comment + "abc", "s.yaml")
    assert caught.value.diagnostics[0].code == "CC204"
    assert refused(b"#" * (MAXIMUM_BYTES + 1)).code == "CC204"


@pytest.mark.parametrize("data", [b"\xff\xfea\0", b"\xfe\xff\0a"])
def test_utf_16(data: bytes) -> None:
    diagnostic = refused(data)
    assert (diagnostic.code, diagnostic.place) == ("CC203", "s.yaml:1:1")
    assert "UTF-16" in diagnostic.message
    assert diagnostic.hint == "save the file as UTF-8 text"


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"a: caf\xe9", "s.yaml:1:7"),
        (b"a: 1\r\nb: \xc3\xa9\xff", "s.yaml:2:5"),
        (b"\xef\xbb\xbfa\xff", "s.yaml:1:2"),
        (b"\xed\xa0\x80", "s.yaml:1:1"),
        (b"a: 1\n\0", "s.yaml:2:1"),
        (b"\xef\xbb\xbfa: \x1b[31m", "s.yaml:1:4"),
        (b"\x7fELF", "s.yaml:1:1"),
    ],
)
def test_what_is_not_text(data: bytes, place: str) -> None:
    diagnostic = refused(data)
    assert (diagnostic.code, diagnostic.place) == ("CC203", place)


def test_a_text_with_a_lone_surrogate() -> None:
    with pytest.raises(DocumentError) as caught:
        load_text("a: \ud800", "s.yaml")
    assert caught.value.diagnostics[0].code == "CC203"


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=60) | st.text("ab:-[]{}&*!|>'\"#%@` \t\n?,\r\x85é1", max_size=40).map(str.encode))
def test_any_bytes_give_a_tree_or_a_document_error(data: bytes) -> None:
    diagnostics: tuple[Diagnostic, ...] = ()
    try:
        span = load_bytes(data, "s.yaml").span
    except DocumentError as error:
        diagnostics = error.diagnostics
    else:
        assert span.line >= 1
        assert 1 <= span.column < span.end_column
    for diagnostic in diagnostics:
        assert diagnostic.code.startswith("CC2")
        assert diagnostic.place.startswith("s.yaml:")
        shown = render_diagnostic(diagnostic).replace("\n", "")
        assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Cs"}


_texts = st.text(max_size=12).filter(lambda text: isinstance(resolve(text), str) or not text)
_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | _texts,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(_texts, below, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_values)
def test_what_was_dumped_is_loaded(value: Any) -> None:
    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    assert plain(load_text(yaml.dump(value, Dumper=Dumper), "s.yaml")) == value
