"""Texts that would do something where they are shown: formulas of spreadsheets, scripts of pages.

Both are disarmed where they leave (``base.cells``, escaping at the doors). Here they are only known for what they are,
so that the audit log can say who brought one.
"""

import re
from typing import Any, Literal

Kind = Literal["formula", "script"]

FORMULA = r"^\s*(?:[=＝]\s*[A-Za-z(+\-@\d\"']|[+\-@＋－＠].*(?:\w\(|\|.*!))"
"""A formula, or what calls a function or another program (OWASP, CSV injection). A signed number is neither."""
SCRIPT = r"(?i)<\s*(?:script|iframe|object|embed|svg|form|meta|base)\b|<[^<>]*\son[a-z]+\s*=|javascript\s*:"
CODES: dict[Kind, str] = {"formula": "text.formula", "script": "text.script"}
"""What the audit log says of a write that brought one."""
_PATTERNS: dict[Kind, re.Pattern[str]] = {"formula": re.compile(FORMULA), "script": re.compile(SCRIPT)}
_LONGEST = 100_000
_FILES = frozenset(("data", "logo", "openapi"))
"""Arguments that hold a file."""


def hostile(told: Any) -> Kind | None:
    """What the first such text in a value is, wherever in it that stands."""
    if isinstance(told, str):
        return next((kind for kind, pattern in _PATTERNS.items() if pattern.search(told[:_LONGEST])), None)
    if isinstance(told, dict):
        told = [value for key, value in told.items() if key not in _FILES]
    if isinstance(told, list | tuple):
        return next((kind for one in told if (kind := hostile(one))), None)
    return None
