"""The way out for a word that is no unit of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping

from computecalc.errors import did_you_mean
from computecalc.units.definitions import spellings

__all__ = ["hint_for_unit", "is_currency_sign"]

_CURRENCIES = frozenset(
    ["EUR", "GBP", "CNY", "RMB", "JPY", "CHF", "CAD", "AUD", "INR", "KRW", "TWD", "SEK", "NOK", "DKK", "BRL", "PLN"]
)
_CURRENCY_SIGNS = frozenset("€£¥₩₹₽")
_COUNTS: Mapping[str, str] = {
    "K": "K",
    "k": "k",
    "M": "M",
    "T": "T",
    "thousand": "K",
    "million": "M",
    "billion": "B",
    "trillion": "T",
    "mn": "M",
    "bn": "B",
}
_RATES = re.compile(r"(?P<prefix>[kmgtpezy]?)flops", re.IGNORECASE)
_BIT_RATES = re.compile(r"(?P<prefix>[kKMGTP]?)(?P<letter>[bB])ps")
_POWERS = re.compile(r"(?P<name>[^0-9]+)(?P<exponent>[234])")
_REPLACEMENTS: Mapping[str, str] = {
    "g": "gCO2e",
    "kg": "kgCO2e",
    "t": "tCO2e",
    "kt": "ktCO2e",
    "ton": "tCO2e",
    "tons": "tCO2e",
    "tonne": "tCO2e",
    "tonnes": "tCO2e",
    "tCO2": "tCO2e",
    "kgCO2": "kgCO2e",
    "gCO2": "gCO2e",
    "l": "L",
    "ml": "mL",
    "b": "B` for bytes or `bit",
    "TOPS": "TFLOP/s",
    "POPS": "PFLOP/s",
    "TPU": "accelerator",
    "TPUs": "accelerators",
}


def is_currency_sign(character: str) -> bool:
    """Whether a character is the sign of a currency other than the dollar."""
    return character in _CURRENCY_SIGNS


def hint_for_unit(name: str) -> str:
    """Return what to write instead of `name`, empty when nothing is near."""
    for rule in (_currency, _count, _rate, _replacement, _other_case, _power):
        hint = rule(name)
        if hint:
            return hint
    near = did_you_mean(name, spellings())
    return f"did you mean {_any_of(near)}?" if near else "`computecalc units list` shows all units"


def _any_of(words: tuple[str, ...] | list[str]) -> str:
    return " or ".join(f"`{word}`" for word in words)


def _currency(name: str) -> str:
    known = name.upper() in _CURRENCIES or any(map(is_currency_sign, name))
    return "only USD is known: convert to US dollars first" if known else ""


def _count(name: str) -> str:
    suffix = _COUNTS.get(name)
    return f"glue {suffix} to the number, as in `5{suffix} tokens`" if suffix else ""


def _rate(name: str) -> str:
    if found := _RATES.fullmatch(name):
        prefix = found["prefix"].upper().replace("K", "k")
        return f"write `{prefix}FLOP` (an amount) or `{prefix}FLOP/s` (a rate)"
    if found := _BIT_RATES.fullmatch(name):
        prefix = found["prefix"].replace("K", "k")
        return f"write `{prefix}{'bit' if found['letter'] == 'b' else 'B'}/s`"
    return ""


def _replacement(name: str) -> str:
    instead = _REPLACEMENTS.get(name)
    return f"did you mean `{instead}`?" if instead else ""


def _other_case(name: str) -> str:
    same = [known for known in spellings() if known.casefold() == name.casefold()]
    return f"did you mean {_any_of(same)}? Case matters" if same else ""


def _power(name: str) -> str:
    found = _POWERS.fullmatch(name)
    if found and found["name"] in spellings():
        return f"write `{found['name']}^{found['exponent']}`"
    return ""
