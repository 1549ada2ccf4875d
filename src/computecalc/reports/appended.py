"""What follows the estimates in formats for people: the verdicts on limits from flags, and measured runs."""

from __future__ import annotations

from computecalc.reports.document import ReportDocument, ReportStyle

__all__ = ["appendix"]


def appendix(name: str, document: ReportDocument, style: ReportStyle) -> str:
    """Return what a format says of a document after its estimates, with the line that sets it off; else nothing."""
    parts: list[str] = []
    if document.verdicts:
        parts.append(_verdicts(name, document, style))
    if document.measured:
        parts.append(_measured(name, document, style))
    return "".join(f"\n{part}" for part in parts if part)


def _verdicts(name: str, document: ReportDocument, style: ReportStyle) -> str:
    match name:
        case "table":
            from computecalc.reports.check_table import render_check_table

            return render_check_table(document, style)
        case "plain":
            from computecalc.reports.check_text import render_check_plain

            return render_check_plain(document, style)
        case "md":
            from computecalc.reports.check_text import render_check_markdown

            return render_check_markdown(document, style)
    return ""


def _measured(name: str, document: ReportDocument, style: ReportStyle) -> str:
    from computecalc.reports import measured_text

    match name:
        case "table":
            return measured_text.render_measured_table(document.measured, style)
        case "plain":
            return measured_text.render_measured_plain(document.measured, style)
        case "md":
            return measured_text.render_measured_markdown(document.measured, style)
    return ""
