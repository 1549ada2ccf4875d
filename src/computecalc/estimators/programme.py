"""The bill of a whole programme: its final run, the runs before it, people and data."""

from __future__ import annotations

from collections.abc import Mapping

from computecalc.estimators.money_inputs import Programme
from computecalc.estimators.trace import labelled
from computecalc.formulas.cost import total_cost
from computecalc.formulas.programme import development_cost, staff_cost
from computecalc.formulas.table import Numeric

__all__ = ["programme_bill"]


def programme_bill(programme: Programme, run: Mapping[str, Numeric]) -> dict[str, Numeric]:
    """Return the bill of a programme whose final run has a bill of its own.

    Parameters
    ----------
    programme : Programme
        What it takes besides.
    run : mapping
        Metrics of the final run; without its total cost, that of the programme is left out too.
    """
    groups = [
        labelled(
            staff_cost(count=group.count, compensation=group.compensation, duration=group.duration, bonus=group.bonus),
            f"staff: {group.name}",
        )
        for group in programme.staff
    ]
    found: dict[str, Numeric] = {}
    people = total_cost(parts=groups) if groups else None
    others = [] if people is None else [labelled(people, "staff")]
    if programme.data is not None:
        found["cost.data"] = programme.data
        others.append(programme.data)
    if people is not None:
        operating = run.get("cost.staff")
        found["cost.staff"] = people if operating is None else total_cost(parts=(people, operating))
    final = run.get("cost.total")
    if final is not None:
        before = labelled(development_cost(run=final, multiple=programme.development), "development runs")
        found |= {
            "cost.run": final,
            "cost.development": before,
            "cost.total": labelled(total_cost(parts=(final, before, *others)), "programme"),
        }
    return found
