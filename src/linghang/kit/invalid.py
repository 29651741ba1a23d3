"""What a validator found wrong with a value, as findings whose words are ours in both languages."""

from collections.abc import Mapping, Sequence
from typing import Any

from linghang.base.findings import Finding, Severity

_KINDS: Mapping[str, tuple[str, ...]] = {
    "missing": ("missing", "missing_argument", "missing_keyword_only_argument", "missing_positional_only_argument"),
    "unknown": ("extra_forbidden", "unexpected_keyword_argument", "unexpected_positional_argument"),
    "whole": ("int_type", "int_parsing", "int_parsing_size", "int_from_float"),
    "number": ("float_type", "float_parsing", "finite_number", "decimal_type", "decimal_parsing"),
    "yes_or_no": ("bool_type", "bool_parsing"),
    "text": ("string_type", "string_unicode"),
    "pattern": ("string_pattern_mismatch",),
    "choice": ("literal_error", "enum"),
    "day": ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"),
    "instant": ("datetime_type", "datetime_parsing", "datetime_from_date_parsing", "timezone_naive", "time_parsing"),
    "list": ("list_type", "tuple_type", "set_type", "frozen_set_type", "iterable_type"),
    "object": ("dict_type", "mapping_type", "model_type", "dataclass_type", "model_attributes_type"),
    "short": ("string_too_short", "too_short", "bytes_too_short"),
    "long": ("string_too_long", "too_long", "bytes_too_long"),
    "low": ("greater_than_equal", "greater_than"),
    "high": ("less_than_equal", "less_than"),
    "json": ("json_invalid", "json_type"),
}  # fmt: skip
"""Our sentence ``invalid.KIND`` → the validator's types that it tells."""
_KIND_OF = {told: kind for kind, types in _KINDS.items() for told in types}
_LIMITS = ("min_length", "max_length", "ge", "gt", "le", "lt", "expected", "pattern")


def findings_of(problems: Sequence[Mapping[str, Any]], about: str) -> tuple[Finding, ...]:
    """One finding for each problem in pydantic's form (``ValidationError.errors()``). The refused values are not
    repeated: they may be secrets."""
    return tuple(_finding(problem, about) for problem in problems)


def _finding(problem: Mapping[str, Any], about: str) -> Finding:
    told = problem.get("ctx") or {}
    argument = ".".join(str(part) for part in problem["loc"]) or about
    kind = _KIND_OF.get(str(problem["type"]), "")
    if not kind:
        # A type that has no sentence of ours, or a check of our own that says what is wrong.
        text = str(told.get("error") or problem["msg"])
        return Finding("skill.bad_argument", Severity.S2, about, params={"argument": argument, "problem": text})
    limit = next((_word(told[name]) for name in _LIMITS if name in told), "")
    return Finding(f"invalid.{kind}", Severity.S2, about, params={"argument": argument, "limit": limit})


def _word(limit: Any) -> str:
    # Pydantic lists the choices as an English sentence: 'a', 'b' or 'c'.
    return str(limit).replace("' or '", "', '").replace("'", "")
