"""Edits said in words (金币少一点,标题大一点,换成蓝色): a vocabulary of designers, parameters as the answer.

Deterministic and without a model: what the vocabulary (``knowledge/sayings.yaml``) does not hold is asked back, never
guessed. A sentence is parted into clauses; each names a thing and a direction, or a value that it shall take.
"""

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linghang.creatives.pictures import conventions
from linghang.creatives.pictures.design import Design, design
from linghang.creatives.pictures.editing import parameters
from linghang.creatives.pictures.model import Choice, DesignSpec

_CLAUSE = re.compile(r"[,，。;；、!！\n]|\band\b|\bthen\b|然后|并且|同时|另外", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![A-Za-z])-?\d+(?:\.\d+)?")
_VALUES = ("colours", "moods", "hero", "scene", "ground", "face", "title_style", "metal", "palette")
_COLD = (90.0, 335.0)
"""Hues between which a lively picture is no longer warm."""


@dataclass(frozen=True)
class Turn:
    """One parameter that a clause turned: from what to what. ``said`` are the person's own words."""

    parameter: str
    before: Choice | None
    after: Choice
    said: str


@dataclass(frozen=True)
class Unclear:
    """A clause that was not understood, and why: ``pictures.say_unknown`` (no word of it), ``pictures.say_what``
    (a thing without a direction; ``about`` names it) or ``pictures.say_text`` (texts are edited with the copy)."""

    said: str
    code: str
    about: str = ""


@dataclass(frozen=True)
class Said:
    """What a sentence asks for: ``changes`` for ``edit``, each with its turn, and what has to be asked."""

    changes: Mapping[str, Choice]
    turns: tuple[Turn, ...]
    unclear: tuple[Unclear, ...]


def understand(text: str, spec: DesignSpec) -> Said:
    """The changes that ``text`` asks of ``spec``; nothing is changed yet."""
    drawn = design(spec)
    changes: dict[str, Choice] = {}
    turns: list[Turn] = []
    unclear: list[Unclear] = []
    for clause in filter(None, (part.strip() for part in _CLAUSE.split(text))):
        found = _read(clause, spec, drawn, changes)
        if isinstance(found, Unclear):
            unclear.append(found)
            continue
        turns += [Turn(name, _now(name, spec, drawn), value, clause) for name, value in found.items()]
        changes |= found
    return Said(changes, tuple(turns), tuple(unclear))


def present(parameter: str, spec: DesignSpec) -> Choice | None:
    """What a parameter is in a spec: pinned, or as its seed draws it."""
    return _now(parameter, spec, design(spec))


def label(parameter: str, value: Choice | None, lang: str) -> str:
    """A value as people call it: an option by its word, a number short, nothing as a dash."""
    if value is None:
        return "—"
    table = {"mood": "moods"}.get(parameter, parameter)
    if table in _VALUES and isinstance(value, str) and value in _table(table):
        return _name(_table(table)[value]["words"], lang)
    if isinstance(value, bool) or not isinstance(value, float):
        return str(value)
    return f"{value:.0f}" if abs(value) >= 10 or value == int(value) else f"{value:.2f}"


def _read(clause: str, spec: DesignSpec, drawn: Design, before: Mapping[str, Choice]) -> dict[str, Choice] | Unclear:
    vocabulary = conventions.read("sayings")
    if _has(clause, vocabulary["again"]):
        return {"seed": spec.seed + 1}
    if _has(clause, vocabulary["texts"]):
        return Unclear(clause, "pictures.say_text")
    thing = _thing(clause)
    asked = _value(clause, thing)
    steps = _direction(clause, thing)
    if thing and (turned := _turned(clause, thing, steps, spec, drawn, before)):
        return turned
    if asked and (thing or not _left_over(clause, *asked)):
        return _valued(*asked, spec)
    for entry in vocabulary["together"].values():
        if _has(clause, entry["words"]):
            return {
                name: _clamped(name, _number(name, spec, drawn, before) + times * _step(name))
                for name, times in entry["steps"].items()
            }
    if thing:
        return Unclear(clause, "pictures.say_what", _name(_table("things")[thing]["words"], _lang(clause)))
    return Unclear(clause, "pictures.say_unknown")


def _turned(
    clause: str, thing: str, direction: tuple[str, int] | None, spec: DesignSpec, drawn: Design,
    before: Mapping[str, Choice],
) -> dict[str, Choice]:  # fmt: skip
    """A number set, taken away or moved by steps; empty when the clause does none of it."""
    entry = _table("things")[thing]
    qualities = {name: entry[name] for name in _table("qualities") if name in entry}
    figure = _NUMBER.search(clause)
    if figure and qualities:
        name = next(iter(qualities.values()))
        return {name: _clamped(name, float(figure.group()))}
    if _has(clause, conventions.read("sayings")["remove"]) and "amount" in qualities:
        return {qualities["amount"]: float(parameters()[qualities["amount"]]["low"])}
    if direction is None or direction[0] not in qualities:
        return {}
    name = qualities[direction[0]]
    return {name: _clamped(name, _number(name, spec, drawn, before) + direction[1] * _step(name))}


def _valued(table: str, key: str, spec: DesignSpec) -> dict[str, Choice]:
    """The changes of a named value; a colour that would leave a lively picture cold takes it to another mood."""
    if table != "colours":
        return {{"moods": "mood"}.get(table, table): key}
    entry = _table("colours")[key]
    changes: dict[str, Choice] = dict(entry["set"])
    if "lively" in entry and spec.mood == "lively":
        changes["mood"] = entry["lively"]
    return changes


def _value(clause: str, thing: str) -> tuple[str, str] | None:
    """The value that a clause names: of the kinds that its thing takes, behind 换成 where said, longest first."""
    entry = _table("things")[thing] if thing else {}
    tables: Sequence[str] = entry.get("takes", () if thing else _VALUES)
    tail = _behind(clause)
    if tail != clause and not thing:
        tables = _VALUES  # 红包换成存钱罐: what stands before is what is there now
    found = [
        (len(word), table, key)
        for table in tables
        for key, one in _table(table).items()
        for word in one["words"]
        if _holds(tail, word)
    ]
    if not found and thing and tail != clause and _table("things")[thing].get("takes") is None:
        # 金币换成元宝: a thing without kinds of its own, named as what stands in the middle
        return _value(f"hero {tail}", "hero")
    return max(found, key=lambda one: one[0])[1:] if found else None


def _left_over(clause: str, table: str, key: str) -> bool:
    """Whether a clause without a thing says more than the value: 猫猫可爱些 is about cats, not about letters."""
    said = conventions.read("sayings")
    left = _behind(clause)
    degrees = [word for entry in _table("degrees").values() for word in entry["words"]]
    for word in sorted(
        (*_table(table)[key]["words"], *said["into"], *degrees, *said["fillers"]), key=len, reverse=True
    ):
        left = left.replace(word, "") if not word.isascii() else _whole(word).sub("", left)
    return len("".join(char for char in left if char.isalnum())) > 1


def _thing(clause: str) -> str:
    """What the clause speaks of: the longest word wins, before 换成 where that is said."""
    head = clause[: len(clause) - len(_behind(clause))] or clause
    found = [
        (len(word), name) for name, entry in _table("things").items() for word in entry["words"] if _holds(head, word)
    ]
    return max(found)[1] if found else ""


def _behind(clause: str) -> str:
    """What stands behind 换成, to, into …; the clause itself where nothing of the kind is said."""
    for word in conventions.read("sayings")["into"]:
        at = _place(clause, word)
        if at is not None and clause[at + len(word) :].strip():
            return clause[at + len(word) :]
    return clause


def _direction(clause: str, thing: str) -> tuple[str, int] | None:
    """Which quality is asked for and by how many steps (less is negative); qualities of the thing come first."""
    own = [name for name in _table("qualities") if thing and name in _table("things")[thing]]
    for quality in own:
        for side, sign in (("more", 1), ("less", -1)):
            if _has(clause, _table("qualities")[quality][side]):
                return quality, sign * _degree(clause)
    return None


def _degree(clause: str) -> int:
    for entry in _table("degrees").values():
        if _has(clause, entry["words"]):
            return int(entry["steps"])
    return int(conventions.read("sayings")["usual_steps"])


def _step(parameter: str) -> float:
    return float(conventions.read("sayings")["steps"][parameter])


def _number(name: str, spec: DesignSpec, drawn: Design, before: Mapping[str, Choice]) -> float:
    value = before.get(name, _now(name, spec, drawn))
    return float(value) if isinstance(value, int | float) else 0.0


def _now(name: str, spec: DesignSpec, drawn: Design) -> Choice | None:
    """What a parameter is now: pinned, or as the seed drew it."""
    if name in ("mood", "product", "festival", "seed"):
        return getattr(spec, name)
    if name in spec.choices:
        return spec.choices[name]
    if name == "hue":
        return round(drawn.palette.hue, 1)
    value = getattr(drawn, name, None)
    return value if isinstance(value, str | int | float) else None


def _clamped(name: str, value: float) -> float:
    entry = parameters()[name]
    return round(max(float(entry["low"]), min(float(entry["high"]), value)), 3)


def _has(clause: str, words: Sequence[str]) -> bool:
    return any(_holds(clause, word) for word in words)


def _holds(clause: str, word: str) -> bool:
    return _place(clause, word) is not None


def _place(clause: str, word: str) -> int | None:
    """Where a word stands: Chinese anywhere, Latin ones as whole words in any case."""
    if not word.isascii():
        at = clause.find(word)
        return at if at >= 0 else None
    found = _whole(word).search(clause)
    return found.start() if found else None


@functools.lru_cache(maxsize=1024)
def _whole(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z]){re.escape(word)}(?![A-Za-z])", re.IGNORECASE)


def _table(name: str) -> Mapping[str, Any]:
    return conventions.read("sayings")[name]


def _lang(clause: str) -> str:
    return "en" if clause.isascii() else "zh"


def _name(words: Sequence[str], lang: str) -> str:
    own = [word for word in words if word.isascii() == lang.startswith("en")]
    return own[0] if own else words[0]


def known_words(lang: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The things that can be asked for, each with what it can be changed into: for the page's help."""
    for entry in _table("things").values():
        options = [_name(one["words"], lang) for table in entry.get("takes", ()) for one in _table(table).values()]
        yield _name(entry["words"], lang), tuple(options)
