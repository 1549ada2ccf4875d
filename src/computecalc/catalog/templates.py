"""Commented starter files of the catalog, made from the table of labels and figures.

Every text in angle brackets is a placeholder. With the brackets taken off, all examples together make a file that
loads; lines behind ``#`` are optional.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from computecalc.catalog.attributes import KINDS, Kind, KindName
from computecalc.units.readable import example

__all__ = ["TEMPLATE_KINDS", "template"]

TEMPLATE_KINDS: tuple[KindName, ...] = ("accelerator", "model", "price", "grid", "site")
"""Kinds that a user is likely to add."""

_STARTED: dict[KindName, tuple[str, ...]] = {
    "accelerator": ("generation", "peak.bf16", "power.thermal_design"),
    "model": ("developer", "training.tokens"),
    "price": (),
    "grid": ("country", "intensity.lifecycle"),
    "site": ("grid", "pue"),
}
"""Labels and figures that a new entry should have though it need not."""

_EXAMPLES: dict[str, str] = {
    "vendor": "AMD",
    "generation": "cdna3",
    "developer": "Meta",
    "provider": "Azure",
    "commitment": "on-demand",
    "accelerator": "h100-sxm",
    "country": "Norway",
    "grid": "US-VA",
    "server.size": "8",
    "pue": "1.2",
    "price": "2.50 USD/accelerator/h",
    "intensity.lifecycle": "30 gCO2e/kWh",
    "memory.capacity": "192 GB",
    "memory.bandwidth": "5300 GB/s",
    "peak.bf16": "1307 TFLOP/s",
    "power.thermal_design": "750 W",
    "training.tokens": "15T tokens",
}

_ARCHITECTURE = """\
    architecture:                           # or parameters: and active_parameters: where none is public
      hidden: <4096>
      vocab: <128256>
      tied_embeddings: <false>
      mixers:
        attention: {type: attention, heads: <32>, kv_heads: <8>, head_size: <128>}
      feed_forwards:
        mlp: {type: dense, width: <14336>, gated: <true>}
        # experts: {type: moe, experts: 8, experts_per_token: 2, width: 14336, gated: true}
      layers:
        - {count: <32>, mixer: attention, feed_forward: mlp}
"""


def template(kind: KindName, entry_id: str, today: date) -> str:
    """Return a catalog file with one entry to be filled in.

    Parameters
    ----------
    kind : str
        One of `TEMPLATE_KINDS`.
    entry_id : str
        Id of the entry.
    today : date
        The day the sources are read.
    """
    table = KINDS[kind]
    started = {path for path in (*table.labels, *table.figures) if _is_started(table, path)}
    lines = [
        f"# {table.title.capitalize()}. Replace what stands in <angle brackets>, brackets included; take `#` away from",
        "# the optional lines you need. Then: computecalc catalog validate DIR",
        "version: 1",
        f"kind: {kind}",
        "sources:",
        "  my-source:",
        "    title: <Title of the document>",
        "    url: <https://example.org/page>       # or publication: where there is no page",
        f"    as_of: {today.isoformat()}                     # when it was valid or read",
        "    # licence: CC BY 4.0",
        "entries:",
        f"  {entry_id}:",
        "    name: <Name for people>",
        "    # aliases: [another-name]",
        "    provenance: {source: my-source, kind: <published>}   # vendor-claim, measured, derived, assumed",
        *_block(table, started, "", 4),
    ]
    text = "\n".join(lines) + "\n"
    return text + (_ARCHITECTURE if kind == "model" else "") + "    # notes: What a reader must know.\n"


def _is_started(table: Kind, path: str) -> bool:
    given = table.labels.get(path) or table.figures[path]
    return given.required or path in _STARTED[table.name]


def _block(table: Kind, started: set[str], prefix: str, indent: int) -> Iterator[str]:
    """Give the lines of one mapping: what is started first, then what is optional behind `#`."""
    paths = [path for path in (*table.labels, *table.figures) if path.startswith(prefix)]
    keys = list(dict.fromkeys(path[len(prefix) :].split(".")[0] for path in paths))
    pad = " " * indent
    for wanted in (True, False):
        for key in keys:
            path = f"{prefix}{key}"
            inner = [other for other in paths if other.startswith(f"{path}.")]
            open_block = bool(started.intersection(inner))
            if path in table.labels or path in table.figures:
                if (path in started) == wanted:
                    yield _line(table, path, key, indent, commented=not wanted)
            elif open_block and wanted:
                yield f"{pad}{key}:"
                yield from _block(table, started, f"{path}.", indent + 2)
            elif not open_block and not wanted:
                yield f"{pad}# {key}:"
                yield from (_line(table, other, other[len(path) + 1 :], indent, behind="  ") for other in inner)


def _line(table: Kind, path: str, key: str, indent: int, *, commented: bool = True, behind: str = "") -> str:
    described = (table.labels.get(path) or table.figures[path]).description
    value = _example(table, path)
    text = f"# {behind}{key}: {value}" if commented else f"{key}: <{value}>"
    return f"{' ' * indent}{text}".ljust(44) + f"# {described}"


def _example(table: Kind, path: str) -> str:
    if path in _EXAMPLES:
        return _EXAMPLES[path]
    label = table.labels.get(path)
    if label is None:
        return f"... {example(table.figures[path].unit).partition(' ')[2]}".rstrip()
    return "2026-01-31" if label.date else label.allowed[0] if label.allowed else "..."
