"""Write the generated pages and schemas, or with --check tell which of them are stale.

The pages come from the code and the catalog: formulas, metrics, diagnostic codes, the command line, catalog tables,
priors, units, accuracy; the JSON Schemas come from the types that read and write files.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from docs_pages import PAGES

ROOT = Path(__file__).resolve().parents[1]


def stale_pages(root: Path = ROOT) -> list[str]:
    """Return the paths of generated files that are missing or differ from what the code would write."""
    stale = []
    for name, page in PAGES.items():
        path = root / name
        if not path.is_file() or path.read_text(encoding="utf-8") != page():
            stale.append(name)
    return stale


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file is stale")
    arguments = parser.parse_args()
    stale = stale_pages()
    for name in stale:
        if arguments.check:
            print(f"{name} is stale: run scripts/build_docs.py", file=sys.stderr)
            continue
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGES[name](), encoding="utf-8", newline="\n")
        print(f"wrote {name}")
    return 1 if arguments.check and stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
