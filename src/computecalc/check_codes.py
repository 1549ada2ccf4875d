"""What the codes of budgets, locks and diffs mean: CC7xx, a part of `computecalc.error_codes`."""

from __future__ import annotations

__all__ = ["CHECK_CODES"]

CHECK_CODES: tuple[tuple[str, str, str, str], ...] = (
    (
        "CC701",
        "unusable baseline",
        "The file that changes are measured against is neither a saved result nor a lock file.",
        "Write one with `computecalc run ... -o json=PATH`.",
    ),
    (
        "CC702",
        "budget on nothing",
        "The names that a budget is on match no scenario of its file; it would pass for one that holds.",
        "Correct the name or the pattern below `on`.",
    ),
    (
        "CC703",
        "waiver that has ended",
        "The day until which a budget could be broken has passed; its limits count again.",
        "Meet the budget, or renew the waiver with a new day.",
    ),
    (
        "CC704",
        "no budget",
        "There is nothing to check: the files have no budgets, and no --check is given.",
        "Add `budgets:` to the file, or --check 'cost.total <= 75 MUSD'.",
    ),
    (
        "CC710",
        "no place for a lock file",
        "A lock lies beside the files it is of, and standard input has none, nor have files without a common folder.",
        "Name the lock: --lock PATH.",
    ),
    (
        "CC711",
        "two scenarios of one name in several files",
        "Locks and diffs find scenarios by their names, which must differ over all files that are named.",
        "Rename one of the two.",
    ),
    (
        "CC712",
        "unreadable result or lock",
        "The file is neither a result of `-o json=PATH` nor a lock file, is cut short, or has another schema_version.",
        "Write it anew: `computecalc lock PATH...` or `computecalc run ... -o json=PATH`.",
    ),
    (
        "CC713",
        "lock that would lose scenarios",
        "The lock file holds scenarios of a file that is there but not named; they would fall out of it in silence.",
        "Name all files of the lock, such as their folder, or another lock with --lock.",
    ),
    (
        "CC714",
        "no lock file",
        "There is no computecalc.lock.json beside the files, and --lock names none.",
        "Write it with `computecalc lock PATH...`, and commit it.",
    ),
    (
        "CC715",
        "no such revision",
        "git is not installed, the files lie in no repository, or the repository does not have the revision.",
        "Check the name with `git branch --all`; a shallow clone has to fetch it first.",
    ),
    (
        "CC716",
        "file not at the revision",
        "The revision has no such file, folder or match of the pattern.",
        "Name the folder instead: what is new in it is told as new.",
    ),
    (
        "CC717",
        "saved result that cannot be computed again",
        "An input that this version needs was not saved, has another unit, or is unknown to this version.",
        "Save the result again with this version; or verify it with the version that wrote it.",
    ),
    (
        "CC718",
        "stale lock file",
        "What scenarios come to, or what they rest on, is no longer what the lock file says.",
        "`computecalc diff` says why; `computecalc lock PATH...` takes it over.",
    ),
)
"""Id, title, cause and remedy."""
