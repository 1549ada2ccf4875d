"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from computecalc.errors import Diagnostic, UsageError

__all__ = ["AtomicFile"]


class AtomicFile:
    """A file that takes its name when all of it is written; until then an old one of that name stays whole.

    What is no file, such as a pipe, is written to as it is.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._temporary: Path | None = None
        self._stream: IO[bytes] | None = None

    def __enter__(self) -> Self:
        """Open it.

        Raises
        ------
        UsageError
            CC104 when it cannot be written.
        """
        try:
            if self._path.exists() and not self._path.is_file() and not self._path.is_dir():
                self._stream = self._path.open("wb")
                return self
            self._path = Path(os.path.realpath(self._path))  # a link stays a link
            handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}.")
            self._temporary = Path(name)
            self._stream = open(handle, "wb")
        except OSError as error:
            raise self._unwritable(error) from error
        return self

    def write(self, content: str | bytes) -> None:
        """Add to it; text is written as UTF-8.

        Raises
        ------
        UsageError
            CC104 when it cannot be written.
        """
        if self._stream is None:
            raise ValueError("the file is not open")
        try:
            self._stream.write(content.encode() if isinstance(content, str) else content)
        except OSError as error:
            raise self._unwritable(error) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give it its name where all went well; else leave nothing."""
        try:
            if self._stream is not None:
                self._stream.close()
            if kind is None and self._temporary is not None:
                os.chmod(self._temporary, 0o666 & ~_umask())
                os.replace(self._temporary, self._path)
                self._temporary = None
        except OSError as problem:
            if kind is None:
                raise self._unwritable(problem) from problem
        finally:
            if self._temporary is not None:
                self._temporary.unlink(missing_ok=True)

    def _unwritable(self, error: OSError) -> UsageError:
        message = f"cannot write {self._path}: {error.strerror or error}"
        return UsageError(Diagnostic("CC104", message, hint="check the folder and its rights"))


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
