"""Check the wheel and the source distribution of a folder, and print what they hold and how large they are.

    python -m build --outdir dist && python scripts/check_package.py dist

The wheel must stay under 5 MB and hold the types, the catalog with its index, and the measured figures; the source
distribution must hold all that the tests read.
"""

from __future__ import annotations

import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

MOST_BYTES = 5_000_000
"""Size of the wheel."""

IN_WHEEL = (
    "computecalc/py.typed",
    "computecalc/__main__.py",
    "computecalc/_catalogs/index.json",
    "computecalc/_catalogs/accelerators/",
    "computecalc/_validation/",
)
IN_SOURCE = (
    "Makefile",
    "constraints.txt",
    "action.yml",
    "src/",
    "catalogs/",
    "validation/",
    "tests/",
    "docs/",
    "examples/",
    "schemas/",
    "scripts/",
    "benchmarks/",
)
EXTRAS = {"dask", "dev", "docs", "plot", "prices", "sweep"}
CLASSIFIERS = ("Typing :: Typed", "Programming Language :: Python :: 3.11")


def wheel_problems(path: Path) -> list[str]:
    """What is wrong with a wheel."""
    size = path.stat().st_size
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        metadata = Parser().parsestr(archive.read(next(n for n in names if n.endswith("/METADATA"))).decode())
    unpacked = sum(info.file_size for info in zipfile.ZipFile(path).infolist())
    shown = f"{size / 1e6:.2f} MB of at most {MOST_BYTES / 1e6:.0f}, {unpacked / 1e6:.1f} MB unpacked"
    print(f"{path.name}: {shown}, {len(names)} files")
    found = [f"the wheel has {size:,} bytes, more than {MOST_BYTES:,}"] if size > MOST_BYTES else []
    found += [f"the wheel lacks {part}" for part in IN_WHEEL if not any(name.startswith(part) for name in names)]
    found += [f"the wheel holds {name}" for name in names if name.endswith((".pyc", ".orig")) or "/tests/" in name]
    stated = set(metadata.get_all("Provides-Extra", []))
    found += [f"the extras are {sorted(stated)}, not {sorted(EXTRAS)}"] if stated != EXTRAS else []
    classifiers = metadata.get_all("Classifier", [])
    found += [f"no classifier {each}" for each in CLASSIFIERS if each not in classifiers]
    return found


def source_problems(path: Path) -> list[str]:
    """What is wrong with a source distribution."""
    with tarfile.open(path) as archive:
        names = [name.partition("/")[2] for name in archive.getnames()]
    print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB, {len(names)} files")
    return [f"the source distribution lacks {part}" for part in IN_SOURCE if not any(n.startswith(part) for n in names)]


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0] if arguments else "dist")
    wheels, sources = sorted(folder.glob("*.whl")), sorted(folder.glob("*.tar.gz"))
    if len(wheels) != 1 or len(sources) != 1:
        print(f"{folder} holds {len(wheels)} wheels and {len(sources)} source distributions, not one of each")
        return 2
    problems = [*wheel_problems(wheels[0]), *source_problems(sources[0])]
    for problem in problems:
        print(f"error: {problem}")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
