"""`catalog new`: templates on standard output or in a file that is not there yet."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran

pytestmark = pytest.mark.usefixtures("golden_catalog")


def test_a_filled_in_template_validates(program: Callable[..., Ran], tmp_path: Path) -> None:
    ran = program("catalog", "new", "accelerator", "my-chip")
    assert (ran.code, ran.err) == (0, "")
    (tmp_path / "chip.yaml").write_text(re.sub(r"<([^<>]*)>", r"\1", ran.out), encoding="utf-8")
    assert program("catalog", "validate", str(tmp_path)).code == 0
    assert "192 GB" in program("catalog", "show", "my-chip", "--catalog", str(tmp_path)).out


def test_a_file_is_never_overwritten_unasked(program: Callable[..., Ran], tmp_path: Path) -> None:
    path = tmp_path / "site.yaml"
    assert program("catalog", "new", "site", "-o", str(path)) == Ran(0, "", "")
    assert "  my-site:\n" in path.read_text(encoding="utf-8")
    path.write_text("mine", encoding="utf-8")
    ran = program("catalog", "new", "site", "-o", str(path))
    assert ran.code == 2
    assert "CC104" in ran.err
    assert "is there already" in ran.err
    assert path.read_text(encoding="utf-8") == "mine"
    assert program("catalog", "new", "site", "-o", str(path), "--force").code == 0
    assert path.read_text(encoding="utf-8").startswith("# A site.")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("grids",), "CC501: there is no template of 'grids'\n   hint: did you mean grid?"),
        (("prior",), "CC501: there is no template of 'prior'"),
        (("model", "My Model"), "CC503: 'My Model' is not an id"),
        (("model", "a: b"), "CC503: 'a: b' is not an id"),
    ],
)
def test_what_has_no_template(arguments: tuple[str, ...], message: str, program: Callable[..., Ran]) -> None:
    ran = program("catalog", "new", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
