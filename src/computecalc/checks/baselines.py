"""What changes are measured against: the estimates of a saved result or of a lock file."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from computecalc.errors import Diagnostic, UsageError
from computecalc.records import record

__all__ = ["Baseline", "read_baseline"]

_MOST_BYTES = 500_000_000


@record
class Baseline:
    """Each metric of each scenario, in canonical units, as it was."""

    name: str
    """What the user calls it."""
    values: Mapping[str, Mapping[str, float | None]]
    """The middles."""
    ranges: Mapping[str, Mapping[str, tuple[float, float]]] = field(default_factory=dict)
    """Low and high of those that are ranges."""

    def value(self, scenario: str, metric: str) -> float | None:
        """Return what a metric was; None where it was not known or there was no such scenario."""
        return self.values.get(scenario, {}).get(metric)

    def ends(self, scenario: str, metric: str, mid: float) -> tuple[float, float, float]:
        """Return low, middle and high of a metric whose middle is known; all the same where it had no range."""
        low, high = self.ranges.get(scenario, {}).get(metric, (mid, mid))
        return low, mid, high


def read_baseline(path: Path) -> Baseline:
    """Read the outputs of a saved result (`-o json=PATH`) or of a lock file.

    Raises
    ------
    UsageError
        CC103 when the file cannot be read, CC701 when it is neither.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UsageError(Diagnostic("CC701", f"{path} is too large for a baseline"))
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"the baseline {path} cannot be read: {error.strerror or error}"
        hint = "write one with `computecalc run ... -o json=PATH`"
        raise UsageError(Diagnostic("CC103", message, hint=hint)) from error
    except (ValueError, RecursionError) as error:
        raise _unusable(path, "it is not JSON") from error
    outputs = dict(_outputs(path, document))
    values = {
        name: {metric: _number(path, metric, output) for metric, output in found.items()}
        for name, found in outputs.items()
    }
    ranges = {
        name: {metric: ends for metric, output in found.items() if (ends := _range(path, metric, output)) is not None}
        for name, found in outputs.items()
    }
    return Baseline(str(path), values, ranges)


def _outputs(path: Path, document: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    scenarios = document.get("scenarios") if isinstance(document, dict) else None
    if isinstance(scenarios, dict):  # a lock file keeps them by name
        scenarios = [{"name": name, **each} for name, each in scenarios.items() if isinstance(each, dict)]
    if not isinstance(scenarios, list):
        raise _unusable(path, "it has no scenarios")
    for scenario in scenarios:
        outputs = scenario.get("outputs") if isinstance(scenario, dict) else None
        name = scenario.get("name") if isinstance(scenario, dict) else None
        if not isinstance(outputs, dict) or not isinstance(name, str):
            raise _unusable(path, "a scenario in it has no name or no outputs")
        yield name, outputs


def _range(path: Path, metric: str, output: Any) -> tuple[float, float] | None:
    """Return low and high; None for a metric without a range, or one that was unknown."""
    if not isinstance(output, dict):
        return None
    low, high = (_number(path, metric, {"value": output.get(end)}) for end in ("low", "high"))
    return None if low is None or high is None else (low, high)


def _number(path: Path, metric: str, output: Any) -> float | None:
    value = output.get("value") if isinstance(output, dict) else output
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _unusable(path, f"its {metric} is not a number")
    return float(value)


def _unusable(path: Path, why: str) -> UsageError:
    message = f"{path} is neither a saved result nor a lock file: {why}"
    return UsageError(Diagnostic("CC701", message, hint="write one with `computecalc run ... -o json=PATH`"))
