"""What a pattern cannot match without: of a thousand patterns only those are tried whose words a text has.

From the parsed regular expression come *factors*, sets of short strings one of which stands in every match. A text shows
which of its strings each pattern asks for, all patterns at once: a pattern is a bit, a string the bits of those that it
satisfies. What has no factor always passes.
"""

import importlib
from collections.abc import Iterable, Mapping
from typing import Any

Strings = frozenset[str]
_parser: Any = importlib.import_module("re._parser")
_MOST = 600
"""So many ways to write a stretch are listed; a longer list would say little."""
_SLOTS = 3
"""So many factors of a pattern are asked for."""
_NOTHING: Strings = frozenset({""})
_SHARE = {1: 0.05, 2: 0.004, 3: 0.001}
"""How often a string of so many characters stands in a text, roughly."""
_LONGEST = 3


def factors(regex: str, known: Mapping[str, tuple[Strings | None, list[Strings]]]) -> list[Strings]:
    """The sets of strings one of which every match has, the rarest first. ``known`` tells for single characters, which
    stand for concepts and forms, how they are written and what they cannot do without."""
    exact, told = _walked(_parser.parse(regex), known)
    return _rarest([exact] if exact is not None else told)


def written(
    regex: str, known: Mapping[str, tuple[Strings | None, list[Strings]]]
) -> tuple[Strings | None, list[Strings]]:
    """All ways to write what a regular expression matches, None where they are many; and its factors."""
    return _walked(_parser.parse(regex), known)


def _rarest(told: Iterable[Strings]) -> list[Strings]:
    keys = {frozenset(map(_key, one)) for one in told if "" not in one}
    return sorted(keys, key=lambda one: (_often(one), sorted(one)))[:_SLOTS]


def _often(one: Strings) -> float:
    return sum(_SHARE[len(key)] for key in one)


def _key(said: str) -> str:
    """The first characters of a string: three letters, or two characters of which one is no letter."""
    few = said[: _LONGEST - 1]
    return said[:_LONGEST] if few.isascii() else few


def _walked(items: Any, known: Mapping[str, Any]) -> tuple[Strings | None, list[Strings]]:
    run, whole, told = _NOTHING, True, list[Strings]()
    for operator, argument in items:
        exact, inner = _item(str(operator), argument, known)
        if exact is not None and len(run) * len(exact) <= _MOST:
            run = frozenset(before + after for before in run for after in exact)
            continue
        told += [run, *inner]
        run, whole = exact or _NOTHING, False
    return (run, []) if whole else (None, [one for one in (*told, run) if "" not in one])


def _item(operator: str, argument: Any, known: Mapping[str, Any]) -> tuple[Strings | None, list[Strings]]:
    if operator == "LITERAL":
        return known.get(chr(argument), (frozenset({chr(argument)}), []))
    if operator == "IN":
        return _one_of(argument, known)
    if operator == "BRANCH":
        return _either([_walked(one, known) for one in argument[1]])
    if operator in ("SUBPATTERN", "ATOMIC_GROUP"):
        return _walked(argument[-1] if operator == "SUBPATTERN" else argument, known)
    if operator in ("AT", "ASSERT", "ASSERT_NOT"):
        return _NOTHING, []
    if operator in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, most, body = argument
        exact, inner = _walked(body, known)
        if exact is not None and int(most) == 1:
            return (exact if least else exact | _NOTHING), []
        return None, ([exact] if exact is not None else inner) if least else []
    return None, []


def _one_of(told: Any, known: Mapping[str, Any]) -> tuple[Strings | None, list[Strings]]:
    """The characters of a class, None where they are too many to list; concepts that are alternatives are parsed as one."""
    ways: list[tuple[Strings | None, list[Strings]]] = []
    for operator, argument in told:
        if str(operator) == "LITERAL":
            ways.append(_item("LITERAL", argument, known))
        elif str(operator) == "RANGE" and argument[1] - argument[0] < _MOST // 10:
            ways.append((frozenset(map(chr, range(argument[0], argument[1] + 1))), []))
        else:
            return None, []
    return _either(ways)


def _either(ways: list[tuple[Strings | None, list[Strings]]]) -> tuple[Strings | None, list[Strings]]:
    listed = [exact for exact, _ in ways if exact is not None]
    if len(listed) == len(ways) and sum(map(len, listed)) <= _MOST:
        return frozenset().union(*listed), []
    best = [_rarest([exact] if exact is not None else inner)[:1] for exact, inner in ways]
    return None, [frozenset().union(*(one[0] for one in best))] if all(best) else []


class Sieve:
    """Patterns as bits: which of them a text may match."""

    def __init__(self) -> None:
        self._count = 0
        self._always = [0] * _SLOTS
        self._asked: list[dict[str, int]] = [{} for _ in range(_SLOTS)]
        self._known: dict[str, int] = {}

    def add(self, told: list[Strings]) -> int:
        """The bit of a pattern with these factors."""
        bit = 1 << self._count
        self._count += 1
        for slot in range(_SLOTS):
            for key in told[slot] if slot < len(told) else ():
                self._asked[slot][key] = self._asked[slot].get(key, 0) | bit
            if slot >= len(told):
                self._always[slot] |= bit
        self._known.clear()
        return bit

    def passing(self, text: str) -> int:
        """The bits of the patterns that a text may match. The last few texts are remembered."""
        if text not in self._known:
            if len(self._known) >= _TEXTS:
                self._known.clear()
            self._known[text] = self._sifted(text)
        return self._known[text]

    def _sifted(self, text: str) -> int:
        keys = {text[at : at + size] for size in range(1, _LONGEST + 1) for at in range(len(text) - size + 1)}
        left = -1
        for always, asked in zip(self._always, self._asked, strict=True):
            met = always
            for key in keys & asked.keys():
                met |= asked[key]
            left &= met
        return left


_TEXTS = 32
