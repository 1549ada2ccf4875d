"""What users write of a chip of their own against one that is sold, as pydantic models."""

from __future__ import annotations

from typing import Annotated, Literal

from computecalc.scenario.schema import OverridesField, Positive, Power, Section, Site, UncertaintyField
from computecalc.units.fields import Quantity
from computecalc.units.ranges import Range

__all__ = ["Measure", "OwnChip", "SiliconScenario"]

Measure = Literal["bandwidth", "bf16", "fp16", "fp8", "fp4", "int8"]
_Price = Annotated[Range, Quantity("USD/accelerator", minimum=0.0)]


class OwnChip(Section):
    """A chip of one's own, how many are made, and what they stand for."""

    chip: str
    """Id or alias of a catalog accelerator with figures of its dies, memory and package."""
    against: str
    """Id or alias of the accelerator that would be bought in its place."""
    volume: Annotated[Range, Quantity("accelerator", bare="count", integer=True, **Positive)]
    """Chips made over all years."""
    development: Annotated[Range, Quantity("USD", minimum=0.0)] | None = None
    """Non-recurring engineering: design, verification, software, masks; absent: a prior."""
    measure: Measure | None = None
    """Rate that limits the work: memory bandwidth, or the dense peak of a format; absent: bf16."""
    work: Annotated[Range, Quantity("1", bare="count", **Positive)] | None = None
    """Bought accelerators that one chip stands for, in place of `measure`."""
    cost: Annotated[Range, Quantity("USD/accelerator", **Positive)] | None = None
    """What making one costs, in place of the figures of its dies."""
    price: Annotated[Range, Quantity("USD/accelerator", **Positive)] | None = None
    """Price of the bought accelerator; absent: that of the catalog."""
    server: _Price | None = None
    """Share of server and network of one chip; absent: not counted."""
    bought_server: _Price | None = None
    """The same of the bought accelerator; absent: not counted."""
    lifetime: Annotated[Range, Quantity("s", **Positive)] | None = None
    """Time for which both are used; absent: a prior."""
    utilization: (
        Annotated[Range, Quantity("1", bare="count", minimum=0.0, maximum=1.0, exclusive_minimum=True)] | None
    ) = None
    """Share of that time in which they are used; absent: a prior."""


class SiliconScenario(Section):
    """A chip of one's own against buying."""

    kind: Literal["silicon"]
    silicon: OwnChip
    site: Site = Site.model_construct()
    power: Power = Power.model_construct()
    uncertainty: UncertaintyField = None
    """How ranges are found: corners (the default), mc (Monte Carlo besides), off; or a mapping with its settings."""
    overrides: OverridesField = None
    """Numbers in the place of metrics, by metric id; what follows from a metric takes the number."""
