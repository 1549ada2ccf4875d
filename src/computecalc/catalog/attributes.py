"""What an entry may hold: the labels and figures of each kind, as one table.

Loading, validation, the index, `catalog show` and the reference page all read this table and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping

from computecalc.catalog.calibrated import ENGINE_CONSTANTS, SERVING_CONSTANTS, STACK_CONSTANTS, STEP_CONSTANTS
from computecalc.catalog.kinds import ANY_UNIT, KIND_NAMES, Attribute, Kind, KindName, Label
from computecalc.catalog.regulations import REGULATION_FIGURES, REGULATION_LABELS

__all__ = ["ANY_UNIT", "KINDS", "KIND_NAMES", "Attribute", "Kind", "KindName", "Label"]

_EXCEPTIONS = {
    "exceptions": Label("Rules of plausibility that do not hold for it; its notes say why.", several=True),
}

_PEAK_FORMATS = {
    "fp64": "double precision",
    "fp32": "single precision",
    "tf32": "TensorFloat-32",
    "bf16": "bfloat16",
    "fp16": "half precision, accumulating in fp32",
    "fp8": "8-bit floating point",
    "fp6": "6-bit floating point",
    "fp4": "4-bit floating point",
    "int8": "8-bit integer",
    "int4": "4-bit integer",
}

_INTENSITIES = {
    "intensity.direct": Attribute("gCO2e/J", "Carbon of burning the fuel, generation only.", positive=False),
    "intensity.lifecycle": Attribute("gCO2e/J", "Carbon over the life cycle of plants and fuel.", positive=False),
    "intensity.consumption": Attribute(
        "gCO2e/J", "Carbon of the electricity consumed, imports counted.", positive=False
    ),
    "intensity.market": Attribute(
        "gCO2e/J", "Carbon of contracts and the residual mix; market-based, never taken for a location.", positive=False
    ),
}

_MANUFACTURING = {
    "silicon.dies": Attribute("1", "Compute dies of one accelerator, all of one size.", bare="count", ranged=False),
    "silicon.wafer_price": Attribute("USD", "Price of one processed wafer."),
    "silicon.wafer_diameter": Attribute("m", "Diameter of the wafer; 300 mm where nothing is stated.", ranged=False),
    "silicon.defect_density": Attribute("1/m^2", "Fatal defects per area.", positive=False),
    "silicon.clustering": Attribute("1", "Clustering of defects, negative binomial model; 2 to 3.", bare="count"),
    "silicon.yield": Attribute("1", "Share of dies that work, in place of defects.", bare="count", maximum=1.0),
    "silicon.energy": Attribute("J/m^2", "Electricity of the fab per area of wafer.", positive=False),
    "silicon.grid_intensity": Attribute("gCO2e/J", "Carbon of the fab's electricity.", positive=False),
    "silicon.gases": Attribute("gCO2e/m^2", "Process gases that escape, per area of wafer.", positive=False),
    "silicon.materials": Attribute("gCO2e/m^2", "Raw materials, per area of wafer.", positive=False),
    "memory.price": Attribute("USD/byte", "Purchase price of the main memory.", positive=False),
    "memory.carbon": Attribute("gCO2e/byte", "Carbon of making the main memory.", positive=False),
    "packaging.price": Attribute("USD", "Package, its assembly and test of one accelerator.", positive=False),
    "packaging.carbon": Attribute("gCO2e", "Carbon of the package and its assembly.", positive=False),
    "packaging.yield": Attribute("1", "Share of assembled packages that work.", bare="count", maximum=1.0),
    "manufacturing.cost": Attribute("USD", "Stated cost of making one accelerator, in place of the derived one."),
}

_METHODS = {
    "vendor": "the vendor's product carbon footprint",
    "teardown": "a teardown of the hardware",
    "assessment": "a life-cycle assessment of others",
    "model": "a bottom-up model of its parts",
}

_ACCELERATOR = Kind(
    name="accelerator",
    folder="accelerators",
    title="an accelerator",
    at_least_one="peak",
    labels={
        "vendor": Label("Who sells it.", required=True, listed=True),
        "generation": Label("Architecture, such as hopper or tpu-v5p; priors are kept by it.", listed=True),
        "released": Label("First shipped or announced.", date=True, listed=True),
        "process": Label("Manufacturing process of the compute die."),
        "form_factor": Label("Module or card, such as SXM5 or PCIe."),
        "memory.type": Label("Technology of the main memory, such as HBM3."),
        "scale_up.name": Label("Name of the scale-up interconnect, such as NVLink 4."),
        **_EXCEPTIONS,
    },
    figures={
        **{
            f"peak.{name}": Attribute("FLOP/s", f"Dense peak rate of the matrix engine, {words}.", per="accelerator")
            for name, words in _PEAK_FORMATS.items()
        },
        "memory.capacity": Attribute("byte", "Main memory.", per="accelerator", required=True),
        "memory.bandwidth": Attribute("byte/s", "Bandwidth of the main memory.", per="accelerator", required=True),
        "sram.capacity": Attribute("byte", "On-chip memory that programs can use.", per="accelerator"),
        "sram.bandwidth": Attribute("byte/s", "Bandwidth of the on-chip memory.", per="accelerator"),
        "scale_up.bandwidth": Attribute(
            "byte/s", "Scale-up links of one accelerator, one direction.", per="accelerator"
        ),
        "scale_up.size": Attribute(
            "accelerator", "Accelerators in one scale-up domain.", bare="count", ranged=False, minimum=1
        ),
        "network.bandwidth": Attribute(
            "byte/s", "Network interface of one accelerator, one direction.", per="accelerator"
        ),
        "server.size": Attribute(
            "accelerator",
            "Accelerators in one server.",
            per="node",
            bare="count",
            required=True,
            ranged=False,
            minimum=1,
        ),
        "power.thermal_design": Attribute("W", "Thermal design power of one accelerator."),
        "power.idle": Attribute("W", "Draw of one accelerator that waits."),
        "power.server_maximum": Attribute("W", "Largest draw of a whole server.", per="node"),
        "die.area": Attribute("m^2", "Area of the compute dies."),
        "embodied": Attribute("gCO2e", "Carbon of making one accelerator, the range over the methods known."),
        **{f"embodied_by.{method}": Attribute("gCO2e", f"The same by {words}.") for method, words in _METHODS.items()},
        **_MANUFACTURING,
    },
)

_MODEL = Kind(
    name="model",
    folder="models",
    title="a model",
    labels={
        "family": Label("Family, such as Llama.", listed=True),
        "developer": Label("Who trained it.", listed=True),
        "released": Label("First published.", date=True, listed=True),
        "openness": Label("What is open, with the licence."),
        "active_convention": Label("What the publisher counts as active parameters."),
        "training.accelerator": Label("Id of the accelerator it was trained on."),
        "status": Label("How firm the description is.", allowed=("released", "rumoured", "benchmark"), listed=True),
        **_EXCEPTIONS,
    },
    figures={
        "parameters": Attribute("parameter", "All parameters, where no architecture is public.", bare="count"),
        "active_parameters": Attribute(
            "parameter", "Parameters a token passes, where no architecture is public.", bare="count"
        ),
        "published.parameters": Attribute("parameter", "Published total, kept to check the derived one.", bare="count"),
        "published.active_parameters": Attribute(
            "parameter", "Published active parameters, kept to check.", bare="count"
        ),
        "counted.parameters": Attribute(
            "parameter", "Parameters counted on the model's own class, kept to check.", bare="count", ranged=False
        ),
        "published.tolerance": Attribute(
            "1", "Relative rounding of the published total.", maximum=1.0, ranged=False, bare="count"
        ),
        "training.tokens": Attribute("token", "Tokens seen in pre-training.", bare="count"),
        "training.sequence_length": Attribute(
            "token", "Length of a pre-training sequence.", bare="count", ranged=False
        ),
        "training.accelerator_time": Attribute("accelerator*s", "Accelerator time of pre-training, as published."),
        "context_length": Attribute("token", "Longest context that is served.", bare="count", ranged=False),
    },
)

_PRECISION = Kind(
    name="precision",
    folder="precisions",
    title="a precision",
    labels={
        "peak": Label(
            "Accelerator peaks it computes at, the first that exists is taken.",
            required=True,
            several=True,
            listed=True,
        ),
    },
    figures={
        "storage": Attribute("byte/parameter", "One stored weight, its share of scales included.", required=True),
        "recipe.weights": Attribute("byte/parameter", "Weights held in training with Adam.", positive=False),
        "recipe.gradients": Attribute("byte/parameter", "Gradients held in training with Adam.", positive=False),
        "recipe.optimizer": Attribute("byte/parameter", "Master weights and moments held by Adam.", positive=False),
        "recipe.activations": Attribute("byte", "One value kept for the backward pass."),
    },
)

_GRID = Kind(
    name="grid",
    folder="grids",
    title="a grid",
    at_least_one="intensity",
    labels={
        "country": Label("Country, or the country of the region.", listed=True),
        "year": Label("Year of the figures.", date=True, listed=True),
        **_EXCEPTIONS,
    },
    figures={
        **_INTENSITIES,
        "electricity_price": Attribute("USD/J", "Price of electricity for industry."),
        "water": Attribute("L/J", "Water consumed in generating the electricity, off-site.", positive=False),
    },
)

_SITE = Kind(
    name="site",
    folder="sites",
    title="a site",
    labels={
        "operator": Label("Who runs it; its fleet figures stand in for missing ones.", listed=True),
        "grid": Label("Id of the grid it draws from.", listed=True),
        "location": Label("Place in words.", listed=True),
        **_EXCEPTIONS,
    },
    figures={
        "pue": Attribute("1", "Power usage effectiveness: facility energy over IT energy.", bare="count", minimum=1),
        "wue": Attribute("L/J", "Water usage effectiveness: on-site water over IT energy.", positive=False),
        "carbon_free_share": Attribute(
            "1", "Share of electricity that is carbon-free.", bare="count", maximum=1.0, positive=False
        ),
        **_INTENSITIES,
    },
)

_PRICE = Kind(
    name="price",
    folder="prices",
    title="a price",
    labels={
        "provider": Label("Who rents it out.", required=True, listed=True),
        "accelerator": Label("Id of the accelerator.", required=True, listed=True),
        "commitment": Label(
            "How long the renter is bound.",
            required=True,
            allowed=("on-demand", "spot", "1y", "3y", "reserved"),
            listed=True,
        ),
        "region": Label("Region of the provider.", listed=True),
        **_EXCEPTIONS,
    },
    figures={"price": Attribute("USD/accelerator/s", "Rent of one accelerator.", required=True, listed=True)},
)

_PURCHASE = Kind(
    name="purchase",
    folder="purchases",
    title="a purchase price",
    labels={
        "accelerator": Label("Id of the accelerator.", required=True, listed=True),
        "scope": Label(
            "What the price holds: the accelerator alone, or with its share of a board or server; or how it was found"
            " where nobody asked it: an analyst's average over sales, or an estimate.",
            required=True,
            allowed=("accelerator", "server-share", "sales-average", "estimate"),
            listed=True,
        ),
        "vendor": Label("Who asked it.", listed=True),
        **_EXCEPTIONS,
    },
    figures={"price": Attribute("USD/accelerator", "Price of buying one accelerator.", required=True, listed=True)},
)

_API_PRICE = Kind(
    name="api-price",
    folder="api-prices",
    title="a price of tokens",
    labels={
        "provider": Label("Who sells them.", required=True, listed=True),
        "sold": Label("Name of the model as it is sold.", required=True, listed=True),
        "weights": Label(
            "Whether its weights can be had, so that it can be served by others.",
            required=True,
            allowed=("open", "closed"),
            listed=True,
        ),
        "model": Label("Id of the model in this catalog, where it is one.", listed=True),
        **_EXCEPTIONS,
    },
    figures={
        "input": Attribute("USD/token", "Price of an input token.", required=True, listed=True),
        "cached_input": Attribute("USD/token", "Price of an input token that is found in a cache.", positive=False),
        "output": Attribute("USD/token", "Price of an output token.", required=True),
    },
)

_PRIOR = Kind(
    name="prior",
    folder="priors",
    title="a prior",
    labels={
        "quantity": Label("The input it stands in for, such as efficiency.mfu.", required=True, listed=True),
        "accelerator": Label("Id of the accelerator it holds for.", listed=True),
        "generation": Label("Accelerator generation it holds for.", listed=True),
        "precision": Label("Precision it holds for.", listed=True),
        "structure": Label("Structure of model it holds for.", allowed=("dense", "moe", "any"), listed=True),
    },
    figures={"value": Attribute(ANY_UNIT, "The range, in a unit of the file's choice.", required=True)},
)

_CONSTANTS = {
    f"step.{name}": Attribute(unit, meaning, bare="count" if unit == "1" else "never", positive=False)
    for name, (unit, meaning) in STEP_CONSTANTS.items()
}

_CALIBRATION = Kind(
    name="calibration",
    folder="calibration",
    title="a calibration",
    labels={"generation": Label("Accelerator generation that it holds for; absent: every one.", listed=True)},
    figures={
        **_CONSTANTS,
        **{
            f"serving.{name}": Attribute(unit, meaning, bare="count", positive=False)
            for name, (unit, meaning) in SERVING_CONSTANTS.items()
        },
    },
)

_ENGINE = Kind(
    name="engine",
    folder="engines",
    title="a serving engine",
    labels={},
    figures={
        f"engine.{name}": Attribute(unit, meaning, bare="count", positive=False)
        for name, (unit, meaning) in ENGINE_CONSTANTS.items()
    },
)

_STACK = Kind(
    name="stack",
    folder="stacks",
    title="a software stack",
    labels={},
    figures={
        "step.factor": Attribute(
            "1",
            "Step time over that of the calibrated model, for training with this software.",
            bare="count",
            required=True,
        ),
        **{f"step.{name}": _CONSTANTS[f"step.{name}"] for name in STACK_CONSTANTS},
    },
)

_SCALING_LAW = Kind(
    name="scaling-law",
    folder="scaling-laws",
    title="a scaling law",
    labels={"data": Label("What it was fitted on.", required=True, listed=True)},
    figures={
        "fitted.parameters": Attribute("parameter", "Sizes of the models it was fitted on.", bare="count"),
        "fitted.tokens": Attribute("token", "Tokens they were trained on.", bare="count"),
        "loss.irreducible": Attribute("1", "Loss that remains, in nats a token.", bare="count"),
        "loss.parameter_term": Attribute("1", "Loss that one parameter adds.", bare="count"),
        "loss.token_term": Attribute("1", "Loss that one token adds.", bare="count"),
        "loss.parameter_exponent": Attribute("1", "Power with which loss falls with parameters.", bare="count"),
        "loss.token_exponent": Attribute("1", "Power with which loss falls with tokens.", bare="count"),
        "ratio.deviation": Attribute(
            "1", "Best ratio of tokens to parameters that it is consistent with, over its estimate.", bare="count"
        ),
        "allocation.compute": Attribute("FLOP", "Compute at which the best number of parameters is stated."),
        "allocation.parameters": Attribute("parameter", "Best number of parameters at that compute.", bare="count"),
        "allocation.exponent": Attribute("1", "Power of compute with which it grows.", bare="count", maximum=1.0),
    },
)

_REGULATION = Kind(
    name="regulation",
    folder="regulations",
    title="a regulation",
    at_least_one="threshold",
    labels=REGULATION_LABELS,
    figures=REGULATION_FIGURES,
)

KINDS: Mapping[KindName, Kind] = {
    kind.name: kind
    for kind in (
        _ACCELERATOR,
        _MODEL,
        _PRECISION,
        _GRID,
        _SITE,
        _PRICE,
        _PURCHASE,
        _API_PRICE,
        _PRIOR,
        _CALIBRATION,
        _STACK,
        _ENGINE,
        _SCALING_LAW,
        _REGULATION,
    )
}
