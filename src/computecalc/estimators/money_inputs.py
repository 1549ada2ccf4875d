"""Inputs of owning and of whole programmes: their units, and the numbers that the bill takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from computecalc.estimators.input_units import InputUnit
from computecalc.formulas.table import Numeric
from computecalc.records import record

__all__ = [
    "MONEY_INPUTS",
    "Bill",
    "Ownership",
    "Programme",
    "StaffGroup",
    "bill_inputs",
    "ownership_inputs",
    "staff_inputs",
]

_OWN = "money.ownership."
_STAFF = "programme.staff."

MONEY_INPUTS: dict[str, InputUnit] = {
    "site.electricity_price": InputUnit("USD/J"),
    f"{_OWN}accelerator_price": InputUnit("USD/accelerator"),
    f"{_OWN}server_price": InputUnit("USD/accelerator"),
    f"{_OWN}server_factor": InputUnit("1"),
    f"{_OWN}network_share": InputUnit("1"),
    f"{_OWN}interest": InputUnit("1/s"),
    f"{_OWN}lifetime": InputUnit("s"),
    f"{_OWN}residual": InputUnit("1"),
    f"{_OWN}replacement": InputUnit("1/s"),
    f"{_OWN}age": InputUnit("s"),
    f"{_OWN}year": InputUnit("s"),
    f"{_OWN}colocation": InputUnit("USD/W/s"),
    f"{_OWN}operations": InputUnit("1/s"),
    f"{_OWN}staff": InputUnit("USD/accelerator/s"),
    f"{_OWN}utilization": InputUnit("1"),
    "programme.development": InputUnit("1"),
    "programme.data": InputUnit("USD"),
}
"""Units of what only a bill beyond rent takes; groups of staff are added by name with `staff_inputs`."""

_OF_A_GROUP = {
    "count": InputUnit("1"),
    "compensation": InputUnit("USD/s"),
    "duration": InputUnit("s"),
    "bonus": InputUnit("USD"),
}

_MAYBE = (
    "accelerator_price",
    "server_price",
    "server_factor",
    "interest",
    "lifetime",
    "residual",
    "replacement",
    "age",
)
_NEEDED = ("network_share", "year", "colocation", "operations", "staff", "utilization")

Optional = Callable[[str], "Numeric | None"]


def staff_inputs(groups: Iterable[str]) -> dict[str, InputUnit]:
    """Return the inputs of named groups of staff with their units."""
    return {f"{_STAFF}{group}.{name}": unit for group in groups for name, unit in _OF_A_GROUP.items()}


@record
class Ownership:
    """What owning accelerators takes; either `replacement`, or interest, lifetime and residual value."""

    accelerator_price: Numeric | None
    """Of the accelerator alone; this or `server_price`, or neither where nobody knows a price."""
    server_price: Numeric | None
    server_factor: Numeric | None
    network_share: Numeric
    interest: Numeric | None
    lifetime: Numeric | None
    residual: Numeric | None
    replacement: Numeric | None
    age: Numeric | None
    """Time since the price was paid, for a rate of replacement."""
    year: Numeric
    colocation: Numeric
    operations: Numeric
    staff: Numeric
    utilization: Numeric
    electricity_price: Numeric


@record
class StaffGroup:
    """People of a programme who are paid alike."""

    name: str
    count: Numeric
    compensation: Numeric
    duration: Numeric
    bonus: Numeric


@record
class Programme:
    """What a programme takes besides its final run."""

    development: Numeric
    staff: tuple[StaffGroup, ...]
    data: Numeric | None


@record
class Bill:
    """What is paid besides rent. None: not asked for."""

    ownership: Ownership | None
    programme: Programme | None


def ownership_inputs(optional: Optional) -> Ownership | None:
    """Take the numbers of owning; None where accelerators are rented."""
    if optional(f"{_OWN}utilization") is None:
        return None
    needed = _needed(optional)
    numbers: dict[str, Any] = {name: optional(f"{_OWN}{name}") for name in _MAYBE}
    numbers |= {name: needed(f"{_OWN}{name}") for name in _NEEDED}
    return Ownership(electricity_price=needed("site.electricity_price"), **numbers)


def bill_inputs(paths: Iterable[str], optional: Optional) -> Bill | None:
    """Take the numbers of what is paid besides rent; None where there is nothing.

    Parameters
    ----------
    paths : iterable of str
        All inputs of the scenario.
    optional : callable
        What stands for an input, None where it is absent.
    """
    ownership, programme = ownership_inputs(optional), None
    development = optional("programme.development")
    if development is not None:
        groups = dict.fromkeys(path.split(".")[2] for path in paths if path.startswith(_STAFF))
        staff = tuple(_group(group, _needed(optional)) for group in groups)
        programme = Programme(development, staff, optional("programme.data"))
    return None if ownership is None and programme is None else Bill(ownership, programme)


def _group(name: str, needed: Callable[[str], Numeric]) -> StaffGroup:
    return StaffGroup(name, **{part: needed(f"{_STAFF}{name}.{part}") for part in _OF_A_GROUP})


def _needed(optional: Optional) -> Callable[[str], Numeric]:
    def needed(path: str) -> Numeric:
        found = optional(path)
        if found is None:
            raise KeyError(path)
        return found

    return needed
