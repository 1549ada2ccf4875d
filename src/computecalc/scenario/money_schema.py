"""What users write of owning accelerators and of whole programmes, as pydantic models."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from computecalc.scenario.schema import Money, NamedTrainScenario, Positive, Section, TrainScenario
from computecalc.units.fields import Quantity
from computecalc.units.ranges import Range

__all__ = [
    "NamedPaidTrainScenario",
    "Ownership",
    "OwningMoney",
    "PaidTrainScenario",
    "Programme",
    "StaffGroup",
]

_Price = Annotated[Range, Quantity("USD/accelerator", bare="never", **Positive)]
_Rate = Annotated[Range, Quantity("1/s", minimum=0.0, hint="a share of a time, such as 8 %/yr")]
_Part = Annotated[Range, Quantity("1", bare="count", minimum=0.0, maximum=1.0, exclusive_maximum=True)]
_Share = Annotated[Range, Quantity("1", bare="count", minimum=0.0, maximum=1.0, exclusive_minimum=True)]


class Ownership(Section):
    """Accelerators of one's own; what is not stated is a prior of the catalog."""

    accelerator_price: _Price | None = None
    """Price of one accelerator alone, such as `30K USD/accelerator`; absent: that of the catalog."""
    server_price: _Price | None = None
    """Price of one accelerator with its share of the server, in place of `accelerator_price`."""
    server_factor: Annotated[Range, Quantity("1", bare="count", minimum=1.0)] | None = None
    """Price of a server over that of its accelerators."""
    network_share: _Part | None = None
    """Share of the network in the price of the cluster."""
    interest: _Rate | None = None
    """Cost of capital, such as `8 %/yr`."""
    lifetime: Annotated[Range, Quantity("s", **Positive)] | None = None
    """Time until the hardware is replaced, such as `5 yr`."""
    residual: _Part | None = None
    """Share of its price that it sells for in the end."""
    replacement: Annotated[Range, Quantity("1/s", **Positive)] | None = None
    """Share of its value that is used up in a time (`32.2 %/yr`), in place of interest, lifetime and residual."""
    age: Annotated[Range, Quantity("s", minimum=0.0)] | None = None
    """Time since the price was paid; the value falls with `replacement`."""
    colocation: Annotated[Range, Quantity("USD/W/s", minimum=0.0)] | None = None
    """Rent of space, power supply and cooling for the peak IT power, such as `184 USD/kW/month`."""
    operations: _Rate | None = None
    """Repair, support and insurance, as a share of the price in a time."""
    staff: Annotated[Range, Quantity("USD/accelerator/s", minimum=0.0)] | None = None
    """Pay of those who run it, such as `200 USD/accelerator/yr`."""
    utilization: _Share | None = None
    """Share of its life that an accelerator is reserved for some work; idle time is borne by the rest."""


class OwningMoney(Money):
    """What it costs, accelerators of one's own among it."""

    ownership: Ownership | None = None
    """Accelerators of one's own in place of rented ones; `price` is then what they are compared with."""


class StaffGroup(Section):
    """People of a programme who are paid alike."""

    count: Annotated[Range, Quantity("1", bare="count", **Positive)]
    """Heads, full time."""
    compensation: Annotated[Range, Quantity("USD/s", minimum=0.0)] | None = None
    """Pay of one of them with equity, such as `900K USD/yr`; absent: a prior."""
    duration: Annotated[Range, Quantity("s", **Positive)]
    """Time that they work for the programme."""
    bonus: Annotated[Range, Quantity("USD", minimum=0.0)] | None = None
    """Paid once to each, such as `100 MUSD` for signing; absent: none."""


class Programme(Section):
    """A whole programme, of which the run is the last part."""

    development: Annotated[Range, Quantity("1", bare="count", minimum=1.0, hint="1 is the final run alone")] | None = (
        None
    )
    """Compute of all its runs over that of the final one; absent: a prior."""
    staff: dict[Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")], StaffGroup] = Field(default_factory=dict)
    """Groups of people by a name of your choice; absent: nobody is counted."""
    data: Annotated[Range, Quantity("USD", minimum=0.0)] | None = None
    """What data cost: licences, labels, collection; absent: not counted."""


class PaidTrainScenario(TrainScenario):
    """One training run with a bill beyond rent."""

    money: OwningMoney = OwningMoney.model_construct()
    programme: Programme | None = None


class NamedPaidTrainScenario(PaidTrainScenario, NamedTrainScenario):
    """The same of a model that is named."""

    model: str
