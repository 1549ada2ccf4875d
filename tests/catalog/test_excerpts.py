from __future__ import annotations

from pathlib import Path

import pytest

from computecalc.catalog.excerpts import LineRanges, excerpt, outlined
from computecalc.catalog.loading import parse_file
from computecalc.yamlio.loading import load_text

FILE = """# a comment
version: 1
kind: site
sources:
  one: {title: One, publication: A, as_of: 2024}
  two:
    title: Two
    publication: B
    as_of: 2024

entries:
  s1:
    name: S1
    provenance: {source: two, kind: published}
    pue: 1.1
  s2:
    name: S2
    pue: {value: 1.2, source: one, kind: measured}
"""


def _lines(text: str, entry_id: str) -> LineRanges:
    root = load_text(text, "x.yaml")
    return outlined(root, text).lines_for(parse_file(root).entry(entry_id))


def test_an_entry_needs_the_head_its_sources_and_itself() -> None:
    # Lines 2-3 version and kind, 4 `sources:`, 6-10 source two, 11 `entries:`, 12-15 the entry.
    assert _lines(FILE, "s1") == ((2, 4), (6, 15))
    # Line 5 is source one; the file ends with an empty line 19.
    assert _lines(FILE, "s2") == ((2, 5), (11, 11), (16, 19))


def test_an_excerpt_keeps_every_line_at_its_number() -> None:
    cut = excerpt(FILE, [(2, 5), (11, 11), (16, 19)]).split("\n")
    whole = FILE.split("\n")
    assert len(cut) == 19
    assert [number for number, line in enumerate(cut, start=1) if line] == [2, 3, 4, 5, 11, 16, 17, 18]
    assert all(line in ("", whole[index]) for index, line in enumerate(cut))


def test_an_excerpt_ends_with_its_last_range_and_takes_ranges_in_any_order() -> None:
    assert excerpt("a\nb\nc\nd\n", [(3, 3), (1, 1), (2, 3)]) == "a\nb\nc"


@pytest.mark.parametrize(
    "text",
    [
        FILE.replace("title: One", 'title: "One \u2028 of two"'),
        "{version: 1, kind: site, sources: {}, entries: {s1: {name: S1}}}",
    ],
    ids=["line separator", "flow mapping"],
)
def test_files_that_cannot_be_cut_are_read_whole(text: str) -> None:
    assert _lines(text, "s1") == ((1, text.count("\n") + 1),)


def test_an_alias_keeps_the_part_of_its_anchor() -> None:
    text = FILE.replace("pue: 1.1", "pue: &same 1.1").replace("value: 1.2", "value: *same")
    assert _lines(text, "s1") == ((2, 4), (6, 15))
    # Beside its own lines 16-19 and source one in line 5: s1 in 12-15 with the anchor. Its source two is not read.
    assert _lines(text, "s2") == ((2, 5), (11, 19))


def test_sources_on_one_line_are_kept_together() -> None:
    text = """version: 1
kind: site
sources: {one: {title: One, publication: A, as_of: 2024}}
entries:
  s1: {name: S1, provenance: {source: one, kind: published}, pue: 1.1}
  s2: {name: S2}
"""
    assert _lines(text, "s1") == ((1, 5),)
    # An entry without sources keeps all of them: `sources` may not be empty.
    assert _lines(text, "s2") == ((1, 4), (6, 7))


def test_places_in_an_excerpt_are_those_of_the_file(frozen: Path) -> None:
    text = (frozen / "models" / "others.yaml").read_text(encoding="utf-8")
    whole = parse_file(load_text(text, "x.yaml")).entry("gpt-4-rumoured")
    part = parse_file(load_text(excerpt(text, _lines(text, "gpt-4-rumoured")), "x.yaml")).entry("gpt-4-rumoured")
    assert part.fact("parameters").span.label == whole.fact("parameters").span.label == "x.yaml:44:17"
    assert part.fact("parameters").describe() == whole.fact("parameters").describe()
