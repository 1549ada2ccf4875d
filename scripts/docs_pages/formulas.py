"""The pages of all formulas, one a subject: equation, code, units, validity, example and literature."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable
from functools import partial
from importlib import import_module

from computecalc.formulas.every import FORMULAS, REFERENCES, Formula
from docs_pages.markdown import page, table

__all__ = ["GROUPS", "formula_pages", "formulas_page", "subject_page"]

GROUPS: dict[str, tuple[str, ...]] = {
    "Model and work": ("parameters", "attention", "flops", "tuning", "scaling", "inverse"),
    "Training: memory": ("memory", "activations", "buffers", "stages", "ranks", "hybrid"),
    "Training: time of a step": (
        *("gemm", "streams", "passes", "experts", "routing"),
        *("collectives", "overlap", "pipelining", "utilization"),
    ),
    "Training: the whole run": ("duration", "goodput", "checkpoints"),
    "Serving: a replica": (
        *("serving_requests", "serving_tokens", "serving_attention", "serving_experts", "serving_products"),
        *("serving_links", "serving_times", "serving_memory", "serving_latency", "serving_throughput"),
        *("serving_speculation", "serving_prompts", "serving_pools"),
    ),
    "Serving: a fleet": ("serving_demand", "serving_fleet", "serving_cost", "serving_purchase"),
    "Power, carbon, water": ("power", "training_draw", "carbon", "carbon_totals", "embodied", "water"),
    "Money": ("cost", "capital", "ownership", "buildout", "programme", "silicon", "custom_silicon", "equivalence"),
    "Regulation": ("regulation",),
}
"""The files of `computecalc.formulas` in the order of the reference."""

_INTRODUCTION = """\
Every formula the program has, by subject. A formula is a pure function of numbers in coherent base units; results
name it with its version (`run_flops@1`), which rises with every change that moves a result. The pages are written from
the code, so that equation, units and expression are those that compute. The same of one formula in the terminal:
`computecalc explain run_flops`. [Methodology](../methodology.md) says how they hang together."""

_READING = """\
A *coefficient* is the unit of an equation's literal number: the 2 of 2 N is 2 FLOP/parameter/token."""

_FOLDER = "formulas"


def formulas_page() -> str:
    """Return the page that leads to the subjects, with every formula in one table and the literature."""
    missing = {formula.subject for formula in FORMULAS.values()} ^ {each for group in GROUPS.values() for each in group}
    if missing:
        raise ValueError(f"scripts/docs_pages/formulas.py and formulas/ disagree on the subjects {sorted(missing)}")
    parts = [_group(title, subjects) for title, subjects in GROUPS.items()]
    parts.append("## Literature")
    parts.append("\n".join(f"* **{key}**: {reference}" for key, reference in sorted(REFERENCES.items())))
    return page("Formulas", _INTRODUCTION, *parts)


def formula_pages() -> dict[str, Callable[[], str]]:
    """Return path and maker of the page of each subject."""
    subjects = (subject for group in GROUPS.values() for subject in group)
    return {f"docs/reference/{_FOLDER}/{subject}.md": partial(subject_page, subject) for subject in subjects}


def subject_page(subject: str) -> str:
    """Return the page of one file of formulas."""
    members = _members(subject)
    head = (
        f"{_introduction(subject)} File `src/computecalc/formulas/{subject}.py`.\n\n"
        f"{_READING} [All formulas](../formulas.md), [methodology](../../methodology.md)."
    )
    return page(f"Formulas: {_words(subject)}", head, *(_formula(formula) for formula in members))


def _group(title: str, subjects: tuple[str, ...]) -> str:
    lines = [f"## {title}", ""]
    for subject in subjects:
        names = ", ".join(f"[{each.name}]({_FOLDER}/{subject}.md#{_anchor(each)})" for each in _members(subject))
        lines.append(f"* **[{_words(subject)}]({_FOLDER}/{subject}.md)**: {_introduction(subject)} {names}")
    return "\n".join(lines)


def _members(subject: str) -> list[Formula]:
    return sorted((each for each in FORMULAS.values() if each.subject == subject), key=lambda each: each.name)


def _words(subject: str) -> str:
    return subject.replace("_", " ")


def _anchor(formula: Formula) -> str:
    return f"{formula.name}{formula.version}"


def _introduction(subject: str) -> str:
    """Return the first paragraph of the file's docstring."""
    text = inspect.getdoc(import_module(f"computecalc.formulas.{subject}")) or ""
    return " ".join(text.partition("\n\n")[0].split())


def _formula(formula: Formula) -> str:
    lines = [f"## {formula.reference}", "", formula.summary, ""]
    if formula.equation:
        lines += ["```math", formula.equation, "```", ""]
    lines += ["```python", _code(formula), "```", ""]
    if notes := _notes(formula):
        lines += [notes, ""]
    descriptions = _described(formula, "Parameters")
    rows = [(name, unit, descriptions.get(name, "")) for name, unit in formula.parameters.items()]
    result = _described(formula, "Returns").get("numeric", "")
    lines += [table(("argument", "unit", "meaning"), [*rows, ("result", formula.returns, result)])]
    if formula.coefficient != "1":
        lines += [f"Its coefficient carries {formula.coefficient}.", ""]
    if example := _raw_section(formula, "Examples").strip():
        lines += ["```pycon", example, "```", ""]
    lines += [f"Source: {_section(formula, 'References') or ', '.join(formula.cite)}"]
    return "\n".join(lines)


def _code(formula: Formula) -> str:
    """Return the body of the function as it stands in the file, without its docstring."""
    source = textwrap.dedent(inspect.getsource(formula.function))
    (function,) = ast.parse(source).body
    if not isinstance(function, ast.FunctionDef):
        raise TypeError(f"{formula.name} is no plain function")
    begin = function.body[0].end_lineno or 0
    return textwrap.dedent("\n".join(source.splitlines()[begin:])).strip()


def _notes(formula: Formula) -> str:
    """Return what the Notes say beside the equation: where it holds, and what it leaves out."""
    before, found, after = _raw_section(formula, "Notes").partition(".. math::")
    rest = after.strip().partition("\n\n")[2] if found else ""
    text = "\n\n".join(part for part in (before.strip(), rest.strip()) if part)
    return re.sub(r":math:`([^`]+)`", r"$\1$", text)


def _described(formula: Formula, title: str) -> dict[str, str]:
    """Return what a section of the docstring says of each name, without the unit in brackets at its end."""
    found: dict[str, str] = {}
    section = _raw_section(formula, title)
    for name, text in re.findall(r"^(\w+)(?: : [^\n]*)?\n((?:    [^\n]*\n?)+)", section, re.M):
        words = " ".join(text.split())
        found[name] = re.sub(r"\s*\[[^\[\]]*\]$", "", words)
    return found


def _section(formula: Formula, title: str) -> str:
    return " ".join(_raw_section(formula, title).split())


def _raw_section(formula: Formula, title: str) -> str:
    pattern = rf"^{title}\n-+\n(.*?)(?=^\w[^\n]*\n-{{3,}}\n|\Z)"
    found = re.search(pattern, formula.documentation, re.M | re.S)
    return found.group(1) if found else ""
