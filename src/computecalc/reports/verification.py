"""What became of a saved result that was computed again, in every format."""

from __future__ import annotations

import json
from collections import Counter

from computecalc.checks.saved import Ends
from computecalc.checks.verifying import Verified, VerifiedOutput
from computecalc.estimators.metrics import METRICS
from computecalc.reports.document import ReportStyle
from computecalc.reports.escapes import markdown_text, terminal_text
from computecalc.reports.listing import Listing, render_listing
from computecalc.units.display import display_range

__all__ = ["VERIFY_FORMATS", "render_verified"]

VERIFY_FORMATS = ("table", "plain", "json", "csv", "md")

_HEADER = ("scenario", "metric", "state", "saved", "computed", "difference")
_REMARK = (
    "Compared: low, value and high of each output with what the saved inputs give. Not compared: the inputs with "
    "today's files and catalog (`computecalc diff` does), budgets, and thresholds of law."
)


def render_verified(name: str, verified: Verified, style: ReportStyle) -> str:
    """Return in one of `VERIFY_FORMATS` what differs and what could not be verified; JSON has every output."""
    if name == "json":
        return json.dumps(_document(verified), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    rows = [_row(each, style) for each in verified.outputs if each.state != "same"]
    listing = render_listing(name, Listing(_HEADER, rows), style) if rows or name == "csv" else ""
    if name == "csv":
        return listing
    escaped = markdown_text if name == "md" else terminal_text
    said = escaped(_summary(verified))
    return f"{listing}\n{said}\n{_REMARK}\n" if listing else f"{said}\n{_REMARK}\n"


def _summary(verified: Verified) -> str:
    counts = Counter(each.state for each in verified.outputs)
    scenarios = len({each.scenario for each in verified.outputs})
    said = f"{verified.name}: {scenarios} scenarios, {counts['same']} outputs the same, {counts['differs']} differ"
    return f"{said}, {counts['not verified']} not verified" if counts["not verified"] else said


def _row(output: VerifiedOutput, style: ReportStyle) -> tuple[str, ...]:
    difference = output.reason or ("" if output.worst is None else f"{output.worst:.2g}")
    saved, found = _shown(output, output.saved, style), _shown(output, output.found, style)
    if saved == found and output.state == "differs":
        saved, found = (_shown(output, each, style, digits=15) for each in (output.saved, output.found))
    return (output.scenario, output.metric or "all", output.state, saved, found, difference)


def _shown(output: VerifiedOutput, ends: Ends | None, style: ReportStyle, digits: int | None = None) -> str:
    if ends is None:
        return ""
    low, mid, high = ends.low, ends.mid, ends.high
    if low is None or mid is None or high is None:
        return "unknown"
    if output.metric not in METRICS:
        return repr(mid)
    shown = display_range(low, mid, high, METRICS[output.metric].unit, digits=digits or style.digits)
    return f"{'..'.join(dict.fromkeys((shown.low, shown.mid, shown.high)))} {shown.unit}".rstrip()


def _document(verified: Verified) -> dict[str, object]:
    return {
        "schema_version": 1,
        "verified": verified.name,
        "outputs": [
            {
                "scenario": each.scenario,
                "metric": each.metric or None,
                "state": each.state,
                "saved": _ends(each.saved),
                "computed": _ends(each.found),
                "difference": each.worst,
                "reason": each.reason or None,
            }
            for each in verified.outputs
        ],
        "exit_code": verified.exit_code,
    }


def _ends(ends: Ends | None) -> dict[str, float | None] | None:
    return None if ends is None else {"low": ends.low, "value": ends.mid, "high": ends.high}
