"""YAML 1.2 core documents with positions, and errors that point into them.

* `nodes`: the located tree that everything here produces or reads; needs no YAML library.
* `core_schema`: which plain texts are numbers, booleans and nulls.
* `loading`: files, standard input, bytes and texts to nodes, within limits.
* `validation`: nodes to pydantic models; every problem as a diagnostic with its place.
* `render`: a diagnostic as text, with the line and a caret.

Only this package imports a YAML library.
"""

from __future__ import annotations

__all__ = ["core_schema", "loading", "nodes", "render", "validation"]
