"""Write catalogs/index.json, or with --check tell whether it is fresh.

Reads and checks every file of the catalog on the way, so it is also the quickest proof that the data is sound.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from computecalc.catalog.index import INDEX_NAME, rendered
from computecalc.catalog.indexing import check_references, scan
from computecalc.catalog.locating import catalog_version
from computecalc.errors import ComputecalcError
from computecalc.yamlio.render import render_diagnostic

CATALOGS = Path(__file__).resolve().parents[1] / "catalogs"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the index is stale")
    parser.add_argument("folder", type=Path, nargs="?", default=CATALOGS, help="the catalog (default: catalogs/)")
    arguments = parser.parse_args()
    try:
        catalog = scan(arguments.folder, version=catalog_version(arguments.folder))
        check_references(catalog)
    except ComputecalcError as error:
        for diagnostic in error.diagnostics:
            print(render_diagnostic(diagnostic), file=sys.stderr)
        print(f"{len(error.diagnostics)} problem(s)", file=sys.stderr)
        return error.exit_code
    text = rendered(catalog.index)
    path = arguments.folder / INDEX_NAME
    if arguments.check:
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            return 0
        print(f"{path} is stale: run scripts/build_catalog_index.py", file=sys.stderr)
        return 1
    path.write_text(text, encoding="utf-8", newline="\n")
    for kind, rows in catalog.index.entries.items():
        print(f"{len(rows):5} {kind}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
