"""Fetch the JUnit schema of Jenkins into the virtual environment, where the tests validate against it.

    python scripts/fetch_junit_schema.py

Jenkins' xUnit plugin publishes it (junit-10.xsd, MIT licence). No wheel ships it as it is; the source distribution of
pytest does, whose own reports are tested against it. That of the pytest which is installed is taken from the package
index. Nothing is written outside the environment.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
from importlib.metadata import version
from pathlib import Path

MEMBER = "testing/example_scripts/junit-10.xsd"
TARGET = Path(sys.prefix) / "share" / "schemas" / "junit-10.xsd"


def main() -> int:
    wanted = f"pytest=={version('pytest')}"
    with tempfile.TemporaryDirectory() as folder:
        options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-binary", "pytest", "--dest", folder]
        subprocess.run([sys.executable, "-m", "pip", "download", *options, wanted], check=True)
        (archive,) = Path(folder).glob("*.tar.gz")
        with tarfile.open(archive) as members:
            (name,) = (name for name in members.getnames() if name.endswith(f"/{MEMBER}"))
            stream = members.extractfile(name)
            if stream is None:
                raise SystemExit(f"{name} in {archive.name} is no file")
            text = stream.read()
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(text)
    print(f"{TARGET.name} from the source distribution of {wanted}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
