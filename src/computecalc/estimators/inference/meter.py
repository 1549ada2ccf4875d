"""A meter that adds up what the operators of a step take: time, and how long memory and engines are busy."""

from __future__ import annotations

from dataclasses import dataclass, field

from computecalc.estimators.inference.inputs import ProductFormat, ServingInputs
from computecalc.estimators.trace import labelled
from computecalc.formulas.serving_products import (
    activation_bytes,
    busy_compute_time,
    busy_memory_time,
    product_work,
    weights_read,
)
from computecalc.formulas.serving_times import kernel_time, summed_time
from computecalc.formulas.table import Numeric
from computecalc.records import record

__all__ = ["Meter", "StepTime"]


@record
class StepTime:
    """Time of a step or of a part of it, in s."""

    time: Numeric
    memory: Numeric
    """Time for its memory traffic at the full bandwidth."""
    compute: Numeric
    """Time for its work at the full peak."""


@dataclass(slots=True)
class Meter:
    """Collects the operators of one layer."""

    inputs: ServingInputs
    times: list[Numeric] = field(default_factory=list)
    memory: list[Numeric] = field(default_factory=list)
    compute: list[Numeric] = field(default_factory=list)

    def kernel(
        self, label: str, work: Numeric, traffic: Numeric, peak: Numeric, *, reaching: tuple[Numeric, Numeric]
    ) -> None:
        """Add an operator by its work and traffic; `reaching` are the shares of peak and bandwidth."""
        compute = busy_compute_time(work=work, peak=peak)
        memory = busy_memory_time(traffic=traffic, bandwidth=self.inputs.memory_bandwidth)
        self.compute.append(compute)
        self.memory.append(memory)
        time = kernel_time(
            compute=compute, compute_efficiency=reaching[0], memory=memory, memory_efficiency=reaching[1]
        )
        self.times.append(labelled(time, label))

    def product(self, label: str, tokens: Numeric, parameters: Numeric, form: ProductFormat) -> None:
        """Add a matrix product: tokens by the parameters of one accelerator."""
        constants = self.inputs.constants
        self.kernel(
            label,
            product_work(tokens=tokens, parameters=parameters),
            weights_read(parameters=parameters, storage=form.storage),
            form.peak,
            reaching=(constants.efficiency(form.width), constants.weight_efficiency),
        )

    def activations(self, label: str, tokens: Numeric, width: Numeric) -> None:
        """Add the traffic of what goes into products and comes out."""
        element = self.inputs.constants.activation_element
        self.traffic(label, activation_bytes(tokens=tokens, width=width, element=element))

    def traffic(self, label: str, traffic: Numeric) -> None:
        """Add memory traffic at the full bandwidth; what kernels lose is in its fitted bytes."""
        memory = busy_memory_time(traffic=traffic, bandwidth=self.inputs.memory_bandwidth)
        self.memory.append(memory)
        self.times.append(labelled(memory, label))

    def wait(self, time: Numeric) -> None:
        """Add a time in which neither memory nor engines work."""
        self.times.append(time)

    def take(self, other: Meter) -> None:
        """Add all that another meter has collected."""
        self.times += other.times
        self.memory += other.memory
        self.compute += other.compute

    def total(self) -> StepTime:
        """Sum up."""
        return StepTime(
            summed_time(parts=self.times),
            summed_time(parts=self.memory) if self.memory else 0.0,
            summed_time(parts=self.compute) if self.compute else 0.0,
        )
