"""What is paid besides rent: accelerators of one's own, and a whole programme."""

from __future__ import annotations

from collections.abc import Mapping

from computecalc.estimators.money_inputs import Bill
from computecalc.formulas.table import Numeric

__all__ = ["whole_bill"]


def whole_bill(
    bill: Bill,
    metrics: Mapping[str, Numeric],
    *,
    billed: Numeric,
    thermal_design: Numeric | None,
    host_overhead: Numeric,
    rent: Numeric | None,
) -> dict[str, Numeric]:
    """Return the metrics of cost that a bill beyond rent adds or replaces.

    Parameters
    ----------
    bill : Bill
        What is asked for.
    metrics : mapping
        Energy of the facility where it is known, and the rent where nothing is owned.
    billed : numeric
        Accelerator time that is reserved. [accelerator*s]
    thermal_design : numeric or None
        Thermal design power of an accelerator. [W/accelerator]
    host_overhead : numeric
        IT power over accelerator power. [1]
    rent : numeric or None
        Price of renting. [USD/accelerator/s]
    """
    found: dict[str, Numeric] = {}
    if bill.ownership is not None:
        from computecalc.estimators.ownership import owned_bill

        found |= owned_bill(
            bill.ownership,
            billed=billed,
            energy=metrics.get("energy.facility"),
            thermal_design=thermal_design,
            host_overhead=host_overhead,
            rent=rent,
        )
    if bill.programme is not None:
        from computecalc.estimators.programme import programme_bill

        found |= programme_bill(bill.programme, {**metrics, **found})
    return found
