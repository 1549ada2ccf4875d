"""Finding the catalog that is shipped, and its version and digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from computecalc.errors import CatalogError, Diagnostic
from computecalc.yamlio.nodes import ScalarNode, get

__all__ = ["VERSION_FILE", "catalog_version", "digest", "indexed_version", "shipped_folder"]

VERSION_FILE = "catalog.yaml"

_PACKAGE = Path(__file__).resolve().parents[1]


def shipped_folder(package: Path = _PACKAGE) -> Path:
    """Return the folder of the shipped catalog: the wheel's copy, else the checkout's.

    Raises
    ------
    CatalogError
        CC506, when there is neither.
    """
    # parents[1] of src/computecalc is the checkout.
    for folder in (package / "_catalogs", package.parents[1] / "catalogs"):
        if (folder / VERSION_FILE).is_file():
            return folder
    message = f"the catalog is missing: neither {package / '_catalogs'} nor a checkout's catalogs/ is there"
    raise CatalogError(Diagnostic("CC506", message, hint="install computecalc anew"))


def catalog_version(folder: Path) -> str:
    """Return the version that the folder's ``catalog.yaml`` states, such as ``2026.11``.

    Raises
    ------
    CatalogError
        CC506, when it states none.
    DocumentError, UsageError
        When the file cannot be read.
    """
    from computecalc.yamlio.loading import load_path

    root = load_path(folder / VERSION_FILE)
    node = get(root, ["version"])
    if not isinstance(node, ScalarNode) or node.value is None:
        raise CatalogError(Diagnostic("CC506", f"{VERSION_FILE} states no version", span=root.span))
    return node.text


def indexed_version(folder: Path) -> str:
    """Return the version that the folder's index states; needs no YAML library, so that it is quick.

    Raises
    ------
    CatalogError
        CC506, when there is no readable index.
    """
    try:
        return str(json.loads((folder / "index.json").read_text(encoding="utf-8"))["version"])
    except (OSError, ValueError, KeyError) as error:
        message = f"the catalog's index in {folder} cannot be read: {error}"
        raise CatalogError(Diagnostic("CC506", message, hint="install computecalc anew")) from error


def digest(files: Mapping[str, str]) -> str:
    """Return one digest for files given by name with their own digests, whatever their order."""
    lines = "".join(f"{content}  {name}\n" for name, content in sorted(files.items()))
    return f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}"
