"""computecalc: what AI compute takes, in time, memory, energy, carbon and money, with a source for every number."""

__all__ = ["__version__"]

__version__ = "0.1.0"
