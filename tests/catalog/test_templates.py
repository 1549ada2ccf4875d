"""Templates: they load once filled in, and say so where they are not."""

from __future__ import annotations

import re
from datetime import date

import pytest

from computecalc.catalog.attributes import KINDS, KindName
from computecalc.catalog.loading import parse_file
from computecalc.catalog.templates import TEMPLATE_KINDS, template
from computecalc.errors import CatalogError
from computecalc.yamlio.loading import load_text

DAY = date(2026, 3, 1)


@pytest.mark.parametrize("kind", TEMPLATE_KINDS)
def test_a_template_loads_once_its_brackets_are_taken_off(kind: KindName) -> None:
    text = re.sub(r"<([^<>]*)>", r"\1", template(kind, "mine", DAY))
    (entry,) = parse_file(load_text(text, "mine.yaml")).entries().values()
    assert (entry.kind, entry.id, entry.name) == (kind, "mine", "Name for people")
    assert entry.provenance.sources[0].as_of == "2026-03-01"
    required = {path for path, figure in KINDS[kind].figures.items() if figure.required}
    assert required <= set(entry.facts)


@pytest.mark.parametrize("kind", TEMPLATE_KINDS)
def test_a_template_that_is_not_filled_in_is_refused(kind: KindName) -> None:
    with pytest.raises(CatalogError, match="<"):
        parse_file(load_text(template(kind, "mine", DAY), "mine.yaml")).entries()


@pytest.mark.parametrize("kind", TEMPLATE_KINDS)
def test_a_template_names_and_describes_everything_that_its_kind_may_state(kind: KindName) -> None:
    lines = template(kind, "mine", DAY).splitlines()
    for path, given in (*KINDS[kind].labels.items(), *KINDS[kind].figures.items()):
        key = path.rpartition(".")[2]
        assert any(f"{key}: " in line and line.endswith(f"# {given.description}") for line in lines), path


def test_filled_in_values_keep_their_units() -> None:
    text = re.sub(r"<([^<>]*)>", r"\1", template("accelerator", "mine", DAY))
    entry = parse_file(load_text(text, "mine.yaml")).entries()["mine"]
    assert entry.fact("peak.bf16").value.mid == pytest.approx(1307e12, rel=1e-12)  # FLOP/s
    assert entry.fact("memory.capacity").value.mid == pytest.approx(192e9, rel=1e-12)  # byte
    assert entry.fact("server.size").value.mid == 8.0
