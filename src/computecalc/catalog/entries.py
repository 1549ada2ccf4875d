"""An entry of the catalog: one accelerator, model, precision, grid, site, price, prior, regulation, and so on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from computecalc.catalog.attributes import KINDS, KindName
from computecalc.catalog.provenance import Fact, Provenance, Source
from computecalc.errors import CatalogError, Diagnostic, Span, did_you_mean
from computecalc.yamlio.nodes import Node, plain

if TYPE_CHECKING:
    from computecalc.catalog.architecture import Architecture

__all__ = ["Entry", "ModelEntry"]


@dataclass(frozen=True)
class Entry:
    """One entry, with every figure in base units and with its origin."""

    kind: KindName
    id: str
    name: str
    aliases: tuple[str, ...]
    labels: Mapping[str, str]
    """By dotted path, such as ``memory.type``."""
    facts: Mapping[str, Fact]
    """By dotted path, such as ``peak.bf16``."""
    provenance: Provenance
    notes: str
    span: Span
    """The id, where the entry is written."""

    def get(self, path: str) -> Fact | None:
        """Return the figure at `path`, or None where the entry states none."""
        return self.facts.get(path)

    def fact(self, path: str) -> Fact:
        """Return the figure at `path`.

        Raises
        ------
        CatalogError
            CC502, when the entry does not state it; the message names what it states instead.
        """
        found = self.facts.get(path)
        if found is not None:
            return found
        raise CatalogError(
            Diagnostic(
                "CC502",
                f"{self.id} has no {path}; it has {', '.join(self._neighbours(path)) or 'no figures at all'}",
                span=self.span,
                hint=self._remedy(path),
            )
        )

    def _neighbours(self, path: str) -> list[str]:
        block = path.rpartition(".")[0]
        siblings = [known for known in self.facts if block and known.startswith(f"{block}.")]
        return siblings or list(self.facts)

    def _remedy(self, path: str) -> str:
        table = KINDS[self.kind].figures
        if path not in table:
            near = did_you_mean(path, table)
            return f"did you mean {near[0]}?" if near else f"{KINDS[self.kind].title} never has this figure"
        return "state it in the scenario, or give an entry of your own with --catalog"


@dataclass(frozen=True)
class ModelEntry(Entry):
    """A model: besides its figures, the architecture that everything else is derived from."""

    architecture_node: Node | None
    """The architecture as it is written; absent: only parameter counts are public."""
    is_checked: bool = False
    """Whether the architecture was validated when the index was written, which holds the digest of this text."""

    @cached_property
    def architecture(self) -> Architecture | None:
        """The architecture, parsed when it is first asked for, because that imports pydantic.

        Raises
        ------
        CatalogError
            With the codes of a wrong scenario (CC301, CC302, ...), when it is not a valid architecture.
        """
        if self.architecture_node is None:
            return None
        from computecalc.catalog.architecture import Architecture, trusted_architecture

        if self.is_checked:
            return trusted_architecture(cast("dict[str, Any]", plain(self.architecture_node)))
        from computecalc.errors import ScenarioError
        from computecalc.yamlio.validation import validate

        try:
            return validate(Architecture, self.architecture_node)
        except ScenarioError as error:
            raise CatalogError(*error.diagnostics) from error

    @property
    def architecture_sources(self) -> tuple[Source, ...]:
        """The sources of the architecture; empty without one."""
        return self.provenance.sources if self.architecture_node is not None else ()
