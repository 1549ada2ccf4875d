"""The folder of a sweep: partitions beside `sweep.json`, which says whose they are."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from computecalc.errors import Diagnostic, UsageError

__all__ = ["MANIFEST", "opened", "read_manifest", "unwritable", "write_manifest"]

MANIFEST = "sweep.json"

_PARTITION = re.compile(r"part-\d{6}\.parquet")
_UNFINISHED = re.compile(r"\.(part-\d{6}\.parquet|sweep\.json)\..*")


def opened(folder: Path, identity: Mapping[str, Any], *, restart: bool) -> None:
    """Make the folder ready: new, or with what is there of the same sweep.

    Parameters
    ----------
    folder : Path
        Where the sweep is written.
    identity : mapping
        What says which sweep it is.
    restart : bool
        Whether another sweep in it is replaced.

    Raises
    ------
    UsageError
        CC755 for another sweep, CC756 for a folder that holds other things, CC104 when it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        names = sorted(each.name for each in folder.iterdir())
    except OSError as error:
        raise unwritable(folder, error) from error
    for name in names:
        if not (name == MANIFEST or _PARTITION.fullmatch(name) or _UNFINISHED.fullmatch(name)):
            message = f"the folder {folder} holds other things than a sweep, such as {name}"
            raise UsageError(Diagnostic("CC756", message, hint="name a folder that does not exist yet"))
    before = read_manifest(folder) if MANIFEST in names else None
    if before is None and any(_PARTITION.fullmatch(name) for name in names) and not restart:
        message = f"the folder {folder} holds partitions without a {MANIFEST}"
        raise UsageError(Diagnostic("CC756", message, hint="name another folder, or --restart to replace them"))
    if before is not None and not restart:
        different = [key for key, value in identity.items() if before.get("identity", {}).get(key) != value]
        if different:
            message = f"the folder {folder} holds another sweep: its {', '.join(different)} differ"
            hint = "name another folder, or --restart to replace what is there"
            raise UsageError(Diagnostic("CC755", message, hint=hint))
    try:
        for name in names:
            if _UNFINISHED.fullmatch(name) or restart:
                (folder / name).unlink()
    except OSError as error:
        raise unwritable(folder, error) from error


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return what `sweep.json` of a folder says.

    Raises
    ------
    UsageError
        CC756 when there is none, or when it cannot be read.
    """
    path = folder / MANIFEST
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is not JSON'}"
        raise UsageError(Diagnostic("CC756", message, hint="name the folder of a sweep, or another one")) from error
    if not isinstance(found, dict) or not isinstance(found.get("identity"), dict):
        message = f"{path} is no record of a sweep"
        raise UsageError(Diagnostic("CC756", message, hint="name the folder of a sweep, or another one"))
    return found


def write_manifest(folder: Path, content: Mapping[str, Any]) -> None:
    """Write `sweep.json`, whole or not at all.

    Raises
    ------
    UsageError
        CC104 when it cannot be written.
    """
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=f".{MANIFEST}.")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, folder / MANIFEST)
        temporary = None
    except OSError as error:
        raise unwritable(folder, error) from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def unwritable(folder: Path, error: OSError) -> UsageError:
    """Return the error that a folder cannot be written to."""
    message = f"cannot write to {folder}: {error.strerror or error}"
    hint = "check the folder, its rights and the room on the disk; what is finished stays, and a new run goes on"
    return UsageError(Diagnostic("CC104", message, hint=hint))
