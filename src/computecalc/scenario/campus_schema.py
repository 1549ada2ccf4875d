"""What users write of a campus to be built, as pydantic models."""

from __future__ import annotations

from typing import Annotated, Literal

from computecalc.scenario.money_schema import Ownership
from computecalc.scenario.schema import OverridesField, Positive, Power, Section, Site, UncertaintyField
from computecalc.units.fields import Quantity
from computecalc.units.ranges import Range

__all__ = ["Campus", "CampusCluster", "CampusMoney", "CampusScenario"]


class CampusCluster(Section):
    """What it hosts."""

    accelerator: str
    """Id or alias of a catalog accelerator."""
    count: Annotated[Range, Quantity("accelerator", bare="count", integer=True, **Positive)] | None = None
    """Accelerators; this or `campus.power`."""


class Campus(Section):
    """The site and its buildings."""

    power: Annotated[Range, Quantity("W", **Positive)] | None = None
    """Power that the site draws at most, cooling included, such as `1 GW`; the accelerators are solved from it."""
    capital: Annotated[Range, Quantity("USD/W", minimum=0.0)] | None = None
    """Capital for buildings, power supply and cooling for each critical (IT) power, such as `12 MUSD/MW`."""
    lifetime: Annotated[Range, Quantity("s", **Positive)] | None = None
    """Time over which that capital is paid back."""


class CampusMoney(Section):
    """What equipment and its running cost."""

    price: Annotated[Range, Quantity("USD/accelerator/s", minimum=0.0)] | None = None
    """Rent to compare with; absent: no comparison."""
    ownership: Ownership = Ownership.model_construct()
    """Servers and network; `colocation` is what the campus itself stands for."""


class CampusScenario(Section):
    """A data-centre campus: the accelerators that its power hosts, its capital, and what a year of it costs."""

    kind: Literal["campus"]
    cluster: CampusCluster
    campus: Campus = Campus.model_construct()
    site: Site = Site.model_construct()
    power: Power = Power.model_construct()
    money: CampusMoney = CampusMoney.model_construct()
    uncertainty: UncertaintyField = None
    """How ranges are found: corners (the default), mc (Monte Carlo besides), off; or a mapping with its settings."""
    overrides: OverridesField = None
    """Numbers in the place of metrics, by metric id; what follows from a metric takes the number."""
