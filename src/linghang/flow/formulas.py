"""A figure's formula in the words of a person: names in the place of identifiers, signs of arithmetic of operators."""

import re

from linghang.base.messages import catalogue, render

_WHOLE = (
    ("contact_fen100 / 100", "contact_cost"),
    ("delivered * receipts / receipts", "delivered_known"),
    ("benefit_fen", "benefit_cost"),
)
"""Parts of formulas that are one thing to a reader, whatever units or cases they are computed by."""
_SIGNS = {" * ": " × ", " / ": " ÷ ", " - ": " − "}
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def in_words(formula: str, locale: str) -> str:
    """``responded / treated`` as 转化人数 ÷ 实验组; a name that nothing is called by stays as it is."""
    for part, name in _WHOLE:
        formula = formula.replace(part, name)
    for sign, written in _SIGNS.items():
        formula = formula.replace(sign, written)
    told = _NAME.sub(lambda found: _called(found[0], locale), formula)
    return re.sub(r"^\(([^()]*)\)$", r"\1", told)


def _called(name: str, locale: str) -> str:
    codes = (f"formula.{name}", f"figure.{name}")
    return next((render(code, {}, locale) for code in codes if code in catalogue()), name)
