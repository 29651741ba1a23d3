"""What callers know about an asset that its text cannot show: facts with forgiving types; unknown is not false."""

import datetime as dt
import re
from collections.abc import Mapping

from linghang.compliance.model import Fact

_YES = frozenset({"true", "yes", "y", "1", "是", "有", "已"})
_NO = frozenset({"false", "no", "n", "0", "否", "无", "没有", "none", "null", ""})


class Facts:
    """Context facts with forgiving types: ``"C2"``, ``2``, ``"22:10"``, an ISO instant, ``"yes"`` are all understood."""

    def __init__(self, told: Mapping[str, Fact] | None) -> None:
        self.told = dict(told or {})

    def __contains__(self, name: str) -> bool:
        return name in self.told and self.told[name] is not None

    def flag(self, *names: str) -> bool | None:
        """The first known fact of the names as a truth value; None when none is known."""
        for name in names:
            if name in self:
                value = self.told[name]
                if isinstance(value, str):
                    return value.strip().lower() not in _NO
                return bool(value)
        return None

    def number(self, *names: str) -> float | None:
        """The first known fact of the names as a number (digits of ``"R4"`` or ``"12px"`` count); None when unknown."""
        for name in names:
            if name in self:
                numbers = [found for found in map(_number, _flat(self.told[name])) if found is not None]
                if numbers:
                    return min(numbers)
        return None

    def words(self, *names: str) -> str:
        """The first known fact of the names as lower-case text; empty when unknown."""
        for name in names:
            if name in self:
                return " ".join(str(item) for item in _flat(self.told[name])).lower()
        return ""

    def hour(self, *names: str) -> dt.time | None:
        """The local hour of a fact: ``"23:10"`` or an ISO instant."""
        match = re.search(r"(?:^|[T ])(\d{1,2})(?::(\d{2}))?(?=\D|$)", self.words(*names).upper())
        if match is None or int(match.group(1)) > 24:
            return None
        hour = int(match.group(1)) % 24
        late = "PM" in self.words(*names).upper() and hour < 12
        return dt.time(hour + 12 if late else hour, int(match.group(2) or 0))


def _flat(value: Fact) -> list[object]:
    if isinstance(value, list):
        return list(value)
    if isinstance(value, Mapping):
        return list(value.values())
    return [value]


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, int | float):
        return float(value)
    match = re.search(r"-?\d+(?:\.\d+)?", str(value).replace(",", ""))
    return float(match.group()) if match else None
