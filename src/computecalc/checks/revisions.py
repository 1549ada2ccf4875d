"""Files as they are at a revision of a git repository, read from its objects: no checkout, nothing is changed.

What is asked for, and what it refers to, is written to a folder of its own, laid out as in the repository, so that
everything that reads files reads these.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from computecalc.errors import ComputecalcError, Diagnostic, Document, Note, Span, UsageError
from computecalc.yamlio.loading import load_bytes
from computecalc.yamlio.nodes import MappingNode, Node, ScalarNode, SequenceNode

__all__ = ["Extract", "Revision", "named_paths"]

_ENDINGS = (".yaml", ".yml")
_PATTERN = frozenset("*?[")
_FILE_MODES = ("100644", "100755")


class Revision:
    """One commit of the repository that some paths lie in."""

    def __init__(self, name: str, top: Path, commit: str) -> None:
        self.name = name
        self.top = top
        self._commit = commit
        self._files: dict[str, str] | None = None

    @classmethod
    def open(cls, name: str, paths: Sequence[str]) -> Revision:
        """Find a revision in the repository of paths.

        Raises
        ------
        UsageError
            CC715 without git, outside a repository, for paths of several, and for an unknown revision.
        """
        tops = {_top(path) for path in paths}
        if len(tops) != 1:
            raise _no_revision("the files lie in several repositories", "name those of one")
        top = tops.pop()
        commit = None
        if name and not name.startswith("-"):
            commit = _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        if not commit:
            hint = "`git branch --all` lists branches; a shallow clone of CI has to fetch it first: git fetch origin"
            raise _no_revision(f"the repository {top} has no revision {name!r}", hint)
        return cls(name, top, commit.decode().strip())

    @property
    def files(self) -> dict[str, str]:
        """Every file of the revision, by its path in the repository, with the id of its content."""
        if self._files is None:
            listed = _git(self.top, "ls-tree", "-r", "-z", "--full-tree", self._commit)
            if listed is None:
                raise _no_revision(f"the files of {self.name} cannot be listed", "is the repository whole? `git fsck`")
            self._files = dict(_listed(listed))
        return self._files

    def path(self, path: str) -> str:
        """Return what a path of the user's is called in the repository; a dot for its top."""
        folder, last = os.path.split(os.path.abspath(path))
        return Path(os.path.relpath(os.path.join(os.path.realpath(folder), last), self.top)).as_posix()

    def has_below(self, folder: str) -> bool:
        """Tell whether a folder of the repository holds any file."""
        return any(True for _ in self.below(folder))

    def below(self, folder: str) -> Iterator[str]:
        """Yield the files below a folder of the repository."""
        start = "" if folder in ("", ".") else f"{folder}/"
        return (file for file in self.files if file.startswith(start))

    def is_tracked_now(self, folder: str) -> bool:
        """Tell whether git knows a file of a folder today."""
        return bool(_git(self.top, "ls-files", "-z", "--", folder))

    def read(self, file: str) -> bytes:
        """Return the content of a file of the repository.

        Raises
        ------
        UsageError
            CC716 when the revision has no such file.
        """
        known = self.files.get(file)
        content = None if known is None else _git(self.top, "cat-file", "blob", known)
        if content is None:
            raise self.missing(file)
        return content

    def missing(self, file: str) -> UsageError:
        """Return the error for a file that the revision does not have."""
        message = f"there is no {file} at {self.name}"
        hint = "was it added since? name its folder: what is new in it is told as new"
        return UsageError(Diagnostic("CC716", message, hint=hint))


class Extract:
    """What was taken out of a revision into a folder."""

    def __init__(self, revision: Revision, folder: Path) -> None:
        self._revision = revision
        self._folder = folder
        self._taken: set[str] = set()

    def scenarios(self, path: str) -> str:
        """Take out what an argument means, a file, a folder or a pattern, and all that it refers to.

        Returns
        -------
        str
            The argument that means the same in the folder.

        Raises
        ------
        UsageError
            CC716 when the revision has nothing of the kind.
        """
        name = self._revision.path(path)
        if name in self._revision.files:
            wanted = [name]
        elif self._revision.has_below(name):
            wanted = [each for each in self._revision.below(name) if _is_yaml(each) and _is_in(each, name)]
        elif _PATTERN & set(name):
            wanted = [each for each in self._revision.below(_fixed(name)) if _is_yaml(each)]
        else:
            wanted = []
        if not wanted:
            raise self._revision.missing(name)
        for file in wanted:
            self._take_with_references(file)
        return os.path.join(self._folder, *PurePosixPath(name).parts)

    def catalog(self, folder: Path) -> Path | None:
        """Take out a folder of catalog files; None where the revision does not have it.

        A folder that git does not know, at the revision or today, is taken as it is.
        """
        name = self._revision.path(str(folder))
        if name.startswith("../"):
            return folder
        files = [each for each in self._revision.below(name) if _is_yaml(each)]
        if not files:
            return None if self._revision.is_tracked_now(name) else folder
        for file in files:
            self._take(file)
        return self._folder.joinpath(*PurePosixPath(name).parts)

    def named(self, error: ComputecalcError) -> tuple[Diagnostic, ...]:
        """Return the diagnostics of an error with files called as at the revision, not as in the folder."""
        return tuple(self._renamed(each) for each in error.diagnostics)

    def _renamed(self, diagnostic: Diagnostic) -> Diagnostic:
        notes = tuple(Note(self._text(note.message), self._span(note.span)) for note in diagnostic.notes)
        message, hint = self._text(diagnostic.message), self._text(diagnostic.hint)
        return replace(diagnostic, message=message, hint=hint, span=self._span(diagnostic.span), notes=notes)

    def _span(self, span: Span | None) -> Span | None:
        if span is None or span.document.kind == "flag":
            return span
        document = span.document
        return span._replace(document=Document(self._text(document.name), document.text, document.kind))

    def _text(self, text: str) -> str:
        return text.replace(f"{self._folder}{os.sep}", f"{self._revision.name}:")

    def _take(self, file: str) -> bytes:
        parts = PurePosixPath(file).parts
        if ".." in parts or PurePosixPath(file).is_absolute():
            raise self._revision.missing(file)
        content = self._revision.read(file)
        target = self._folder.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        self._taken.add(file)
        return content

    def _take_with_references(self, file: str) -> None:
        """Take a file, and every file of its folder or below that a text in it names: `other.yaml#base`, a model."""
        waiting = [file]
        while waiting:
            current = waiting.pop()
            if current in self._taken:
                continue
            content = self._take(current)
            if not _is_yaml(current):
                continue
            folder = PurePosixPath(current).parent
            for text in _texts(content, current):
                for name in (text, text.rpartition("#")[0]):
                    referred = _joined(folder, name)
                    if referred in self._revision.files and referred not in self._taken:
                        waiting.append(referred)


def _texts(content: bytes, name: str) -> Iterator[str]:
    try:
        node = load_bytes(content, name)
    except ComputecalcError:
        return  # told where the file is read for its scenarios
    waiting: list[Node] = [node]
    while waiting:
        current = waiting.pop()
        match current:
            case ScalarNode():
                if isinstance(current.value, str):
                    yield current.value
            case SequenceNode():
                waiting += current.items
            case MappingNode():
                waiting += (entry.node for entry in current.entries.values())


def _joined(folder: PurePosixPath, name: str) -> str:
    """Return a relative path seen from a folder; `..` is followed as far as the repository goes."""
    return os.path.normpath((folder / name).as_posix()).replace(os.sep, "/") if name else ""


def _is_yaml(file: str) -> bool:
    return file.endswith(_ENDINGS)


def _is_in(file: str, folder: str) -> bool:
    return PurePosixPath(file).parent == PurePosixPath(folder)


def _fixed(pattern: str) -> str:
    """Return the folders of a pattern up to the first that is no plain name."""
    parts: list[str] = []
    for part in PurePosixPath(pattern).parts[:-1]:
        if _PATTERN & set(part):
            break
        parts.append(part)
    return "/".join(parts)


def _listed(listed: bytes) -> Iterator[tuple[str, str]]:
    for line in listed.split(b"\0"):
        head, tab, name = line.partition(b"\t")
        if tab:
            mode, _, blob = head.decode().split(" ")
            if mode in _FILE_MODES:
                yield name.decode("utf-8", "surrogateescape"), blob


def _top(path: str) -> Path:
    folder = Path(path).absolute()
    while not folder.is_dir():
        folder = folder.parent
    found = _git(folder, "rev-parse", "--show-toplevel")
    if not found:
        raise _no_revision(f"{path} lies in no git repository", "compare with a lock or a saved result in its place")
    return Path(os.path.realpath(found.decode().removesuffix("\n")))


def _git(folder: Path, *arguments: str) -> bytes | None:
    """Return what git says, None where it fails; it only reads objects, and runs no code of the repository."""
    program = shutil.which("git")
    if program is None:
        raise _no_revision("git is not installed", "compare with a lock or a saved result in its place")
    try:
        done = subprocess.run(  # noqa: S603 - the program is git, and arguments are no shell's
            [program, "-C", str(folder), *arguments], capture_output=True, check=False, stdin=subprocess.DEVNULL
        )
    except OSError as error:
        raise _no_revision(f"git cannot be run: {error.strerror or error}", "is it installed?") from error
    return done.stdout if done.returncode == 0 else None


def _no_revision(message: str, hint: str) -> UsageError:
    return UsageError(Diagnostic("CC715", message, hint=hint))


def named_paths(paths: Iterable[str]) -> list[str]:
    """Return the arguments that may be looked up at a revision.

    Raises
    ------
    UsageError
        CC716 for standard input.
    """
    found = list(paths)
    if "-" in found:
        hint = "name a file: standard input has no revision"
        raise UsageError(Diagnostic("CC716", "`-` cannot be compared with a revision", hint=hint))
    return found
