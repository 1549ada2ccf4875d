"""What shells complete: ids of the catalog, metric ids and formats; each is looked up when a shell asks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from computecalc.catalog.attributes import KindName
    from computecalc.scenario.flags import Flag

__all__ = [
    "accelerators",
    "asked_command",
    "codes_and_metrics",
    "entries",
    "flag_completer",
    "kinds",
    "metric_assignments",
    "metrics",
    "models",
]

Found = list[tuple[str, str]]
"""Values, each with what a shell may show beside it."""

Completer = Callable[[str], Found]

_MOST_WORDS = 60
"""Characters that are shown beside a value."""


def asked_command() -> str | None:
    """Return the command that a shell completes words of; None where no shell asks, or it is not known yet."""
    if not os.environ.get("_COMPUTECALC_COMPLETE"):
        return None
    # Bash gives the words in the one, other shells in the other.
    words = (os.environ.get("_TYPER_COMPLETE_ARGS") or os.environ.get("COMP_WORDS") or "").split()
    return words[1] if len(words) > 1 else None


def flag_completer(flag: Flag) -> Completer | None:
    """Return what completes a flag that takes ids; None for one that takes anything else."""
    kinds = _KINDS.get(flag.path)
    if flag.path == "overrides":
        return metric_assignments
    return None if kinds is None else _entries_of(*kinds)


def models(incomplete: str) -> Found:
    """Complete a model."""
    return _entries(("model",), incomplete)


def accelerators(incomplete: str) -> Found:
    """Complete an accelerator."""
    return _entries(("accelerator",), incomplete)


def entries(incomplete: str) -> Found:
    """Complete an entry of any kind."""
    from computecalc.catalog.attributes import KIND_NAMES

    return _entries(KIND_NAMES, incomplete)


def kinds(incomplete: str) -> Found:
    """Complete a kind of entries."""
    from computecalc.catalog.attributes import KIND_NAMES

    return [(name, "") for name in KIND_NAMES if name.startswith(incomplete)]


def metrics(incomplete: str) -> Found:
    """Complete a metric id."""
    from computecalc.estimators.metrics import METRICS

    return [(each.id, _short(each.meaning)) for each in METRICS.values() if each.id.startswith(incomplete)]


def metric_assignments(incomplete: str) -> Found:
    """Complete the metric of a ``METRIC=...``; what is behind the sign is the user's."""
    return [] if "=" in incomplete else [(f"{name}=", words) for name, words in metrics(incomplete)]


def codes_and_metrics(incomplete: str) -> Found:
    """Complete what `explain` explains: a metric id, or a code once it is begun."""
    found = metrics(incomplete)
    if incomplete[:1].upper() == "C" and incomplete[1:2].upper() in ("", "C"):
        from computecalc.error_codes import CODES

        found += [(code, _short(entry.title)) for code, entry in CODES.items() if code.startswith(incomplete.upper())]
    return found


def _entries_of(*wanted: KindName) -> Completer:
    def complete(incomplete: str) -> Found:
        return _entries(wanted, incomplete)

    return complete


def _entries(wanted: Sequence[KindName], incomplete: str) -> Found:
    """Complete an id, or the last of several joined by commas; aliases where no id begins so."""
    from computecalc.catalog.lookup import Catalog

    before, comma, begun = incomplete.rpartition(",")
    catalog, start = Catalog.open(), begun.casefold()
    rows = [row for kind in wanted for row in catalog.rows(kind)]
    found = [(row.id, row.name) for row in rows if row.id.casefold().startswith(start)]
    if not found:
        found = [(alias, row.name) for row in rows for alias in row.aliases if alias.casefold().startswith(start)]
    return [(f"{before}{comma}{name}", _short(words)) for name, words in _once(found)]


def _once(found: Iterable[tuple[str, str]]) -> Found:
    return list(dict(found).items())


def _short(words: str) -> str:
    return words if len(words) <= _MOST_WORDS else f"{words[: _MOST_WORDS - 3]}..."


_KINDS: dict[str, tuple[KindName, ...]] = {
    "model.compute_optimal": ("scaling-law",),
    "cluster.accelerator": ("accelerator",),
    "cluster.precision": ("precision",),
    "serving.accelerator": ("accelerator",),
    "serving.precision": ("precision",),
    "serving.kv_precision": ("precision",),
    "serving.engine": ("engine",),
    "serving.speculative.draft": ("model",),
    "site.region": ("grid", "site"),
    "money.api_price": ("api-price",),
}
"""Kinds of entries that flags name, by their path."""
