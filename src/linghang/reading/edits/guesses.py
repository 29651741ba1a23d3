"""Where a value of a sentence could belong: a figure, a day, a thing, at each key of the campaign that takes it."""

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from linghang.reading.edits.keys import KEYS, PLAIN, Key
from linghang.reading.edits.words import DROP, LESS, MORE, ONLY, SWAP, computed
from linghang.reading.quantities import Quantity, whole
from linghang.reading.sentence import Sentence
from linghang.reading.times.moments import resolve

Step = Mapping[str, Any]
Base = Mapping[str, Any]


@dataclass(frozen=True)
class Guess:
    """A patch and how likely it is meant, beside others of the same sentence."""

    score: float
    patch: tuple[Step, ...]


def put(score: float, path: str, value: Any) -> Guess:
    """A value set at a path."""
    return Guess(score, ({"op": "set", "path": path, "value": value},))


_LATER = re.compile(r"推迟|延后|顺延|往后|推后|晚|后移|(?<![a-z])(?:later|postpone|delay|push(?:ed)? back)")
_EARLIER = re.compile(r"提前|提早|往前|早|前移|(?<![a-z])(?:earlier|sooner|forward|ahead)")
_OF_THE_RUN = re.compile(r"延长|拉长|缩短|长|短|(?<![a-z])(?:longer|shorter|extend)")
_NEW = {"holdout_pct": ("pct", ""), "budget_max_cny": PLAIN, "copy_rules.title_max_chars": ("char",),
        "offer.quantity": ("piece",)}  # fmt: skip
"""Keys that a campaign may get by a figure alone, though it has none yet, with the units of the figure."""
_TEN_THOUSAND = 10_000
_PERCENT = frozenset({"holdout_pct"})


def of_sums(found: Sentence, base: Base) -> Iterator[Guess]:
    """Each figure of the sentence at each sum of the campaign, and at its conditions."""
    for place, quantity in _figures(found):
        before = found.text[: found.tokens[place].start]
        for key in _sum_keys():
            yield from _at_key(found, base, key, quantity, before)
        for item in base.get("audience", []):
            yield from _at_condition(found, item, quantity, before)


def _figures(found: Sentence) -> Iterator[tuple[int, Quantity]]:
    for place in range(len(found.tokens)):
        quantity = found.quantity(place)
        # 再加一个, 换一个: one of something is no figure.
        one_of_it = quantity is not None and quantity.unit == "piece" and quantity.values == (1.0,)
        if quantity is not None and quantity.form == "one" and not one_of_it:
            yield place, quantity


def _sum_keys() -> Iterator[Key]:
    seen: set[str] = set()
    for key in KEYS:
        if key.shape == "sum" and key.path not in seen:
            seen.add(key.path)
            yield key


def _at_key(found: Sentence, base: Base, key: Key, quantity: Quantity, before: str) -> Iterator[Guess]:
    old = key.held(base)
    named = 0.5 if key.names.search(found.text) else 0.0
    if not isinstance(old, int | float) or isinstance(old, bool):
        if quantity.unit in _NEW.get(key.path, ()) and key.takes_part(base) and old is None:
            a_share = quantity.unit == "pct" and not MORE.search(found.text) and not LESS.search(found.text)
            yield put((0.5 if a_share else 0.2) + named, key.path, whole(quantity.values[0]))
        return
    for new, likely in _news(float(old), key, quantity, found.text, before):
        if new > 0 and new != old:
            yield put(likely - _strange(float(old), new) + named, key.path, whole(new))


def _strange(old: float, new: float) -> float:
    """What makes a new sum unlikely: far from the old one, or so near that nobody would ask for it."""
    by = abs(new - old) / old
    return 0.12 * abs(math.log10(new / old)) + (0.3 if by < _TOO_LITTLE else 0.1 if by < _LITTLE else 0.0)


def _news(old: float, key: Key, quantity: Quantity, text: str, before: str) -> Iterator[tuple[float, float]]:
    """The new sums that a figure may make of an old one, with how likely each is."""
    units = {*key.units, "pct"}
    if quantity.unit not in units and not (quantity.unit == "" and "yuan" in units):
        return
    if quantity.unit == "pct" and key.path in _PERCENT:
        yield quantity.values[0], 0.6
        return
    if quantity.unit == "pct":
        if key.path not in _SHARED and not key.names.search(text):
            return
        share = quantity.values[0] / 100
        likely = 0.48 if key.path == "budget_cny" else 0.4
        if MORE.search(text) or not LESS.search(text):
            yield old * (1 + share), likely
        if LESS.search(text) or not MORE.search(text):
            yield old * (1 - share), likely - 0.02
        return
    if key.path in _PERCENT and quantity.unit == "" and quantity.values[0] > _MOST_PERCENT:
        return
    tens = quantity.values[0] * _TEN_THOUSAND
    if old >= _TEN_THOUSAND and quantity.unit == "" and not quantity.big and old / _FAR <= tens <= old * _FAR:
        # Of a budget of 500,000 people speak in units of ten thousand: 改成30 is 300,000.
        quantity = Quantity((tens,), "yuan")
    new = computed(old, quantity, text, before)
    if new is not None:
        yield float(new), 0.6 if quantity.unit in ("", "pct") else 0.7


_TOO_LITTLE, _LITTLE = 0.01, 0.1
_MOST_PERCENT = 50
_SHARED = frozenset({"budget_cny", "offer.quantity", "target.value"})
"""Sums that people raise and cut by a share without naming them."""
_FAR = 100
"""So many times more or less than before is no sum that people mean."""


def _at_condition(found: Sentence, item: Mapping[str, Any], quantity: Quantity, before: str) -> Iterator[Guess]:
    old, field = item.get("value"), str(item.get("field", ""))
    if not isinstance(old, int | float) or isinstance(old, bool):
        return
    days = field.endswith("_days")
    if quantity.unit not in (("", "day") if days else ("", "yuan", "people", "times", "age")):
        return
    new = computed(float(old), quantity, found.text, before)
    if new is not None and new > 0 and new != old and (old <= 0 or old / _FAR < new < old * _FAR):
        likely = 0.5 if days and quantity.unit == "day" else 0.45
        yield put(
            likely - (_strange(float(old), float(new)) if old > 0 else 0.2),
            f"audience[{field}]",
            {**item, "value": new},
        )


def of_days(found: Sentence, base: Base, today: dt.date) -> Iterator[Guess]:
    """Each day of the sentence as first, as last and as the day that the whole run moves to; lengths of the run."""
    if "start" not in base or "end" not in base:
        return
    first, last = (dt.date.fromisoformat(str(base[key])) for key in ("start", "end"))
    for place in range(len(found.tokens)):
        if found.tokens[place].has("moment"):
            period = resolve(found.tokens[place].senses["time"], today, 1)
            day = period and (period.start or period.end)
            if day is not None:
                yield from moved(0.6, first, last, day - first)
                yield put(0.55, "start", day.isoformat())
                yield put(0.58 if day > last else 0.5, "end", day.isoformat())
    for _, quantity in _figures(found):
        if quantity.unit == "day" and quantity.values[0] <= _LONGEST_RUN:
            yield from _lengths(found.text, first, last, dt.timedelta(days=round(quantity.values[0])))


_LONGEST_RUN = 366


def _lengths(text: str, first: dt.date, last: dt.date, span: dt.timedelta) -> Iterator[Guess]:
    later, earlier = bool(_LATER.search(text)), bool(_EARLIER.search(text))
    more, less = bool(MORE.search(text)), bool(LESS.search(text))
    of_the_run = 0.1 if _OF_THE_RUN.search(text) else 0.0
    if not (more or less or later or earlier):
        yield put(0.6, "end", (first + span - dt.timedelta(days=1)).isoformat())
    if not (less or earlier):
        yield put(0.55 + of_the_run, "end", (last + span).isoformat())
        yield from moved(0.5, first, last, span)
    if not (more or later):
        yield put(0.45 + of_the_run, "end", (last - span).isoformat())
        yield from moved(0.4, first, last, -span)


def moved(score: float, first: dt.date, last: dt.date, by: dt.timedelta) -> Iterator[Guess]:
    """The whole run moved; it keeps its length."""
    yield Guess(score, ({"op": "set", "path": "start", "value": (first + by).isoformat()},
                        {"op": "set", "path": "end", "value": (last + by).isoformat()}))  # fmt: skip


def of_things(found: Sentence, base: Base) -> Iterator[Guess]:
    """Each channel, place, kind of customer or look of the sentence: added, the only one, left out."""
    for token in found.tokens:
        for sense, key in (("channel", "channels"), ("slot", "slots")):
            if token.has(sense):
                named = token.senses[sense]
                for name in [named] if isinstance(named, str) else list(named)[:1]:
                    yield from _listed(found.text, base, key, name)
        if token.has("state") and isinstance(token.senses["state"], Mapping):
            yield from _people(found.text, base, token.senses["state"])
        for sense in ("color", "tone", "style"):
            if token.has(sense):
                value = token.senses[sense]
                yield put(0.5, sense, [value] if sense == "color" else value)
                if sense == "color" and base.get("color"):
                    yield Guess(0.45, ({"op": "add", "path": "color", "value": value},))


def _listed(text: str, base: Base, key: str, name: str) -> Iterator[Guess]:
    have = [str(one) for one in base.get(key, [])]
    drops, only, swaps = (bool(pattern.search(text)) for pattern in (DROP, ONLY, SWAP))
    if name in have:
        if len(have) > 1:
            yield Guess(0.6 if drops else 0.5, ({"op": "remove", "path": key, "value": name},))
            yield put(0.6 if only else 0.55, key, [name])
        for other in have:
            if other != name:
                yield Guess(0.3, ({"op": "remove", "path": key, "value": other},))
        return
    yield Guess(0.5 if swaps or only else 0.6, ({"op": "add", "path": key, "value": name},))
    yield put(0.6 if swaps or only else 0.55, key, [name])
    for other in have if len(have) > 1 else ():
        yield put(0.45, key, [name if one == other else one for one in have])


def _people(text: str, base: Base, item: Mapping[str, Any]) -> Iterator[Guess]:
    field, drops = str(item.get("field", "")), bool(DROP.search(text))
    have = next((one for one in base.get("audience", []) if one.get("field") == field), None)
    if have is None:
        yield Guess(0.4 if drops else 0.6, ({"op": "add", "path": "audience", "value": dict(item)},))
    elif have == dict(item):
        out: Step = {"op": "remove", "path": f"audience[{field}]"}
        yield Guess(0.6, (out,))
        yield Guess(0.5, (out, {"op": "add", "path": "exclusions", "value": dict(item)}))
    else:
        yield put(0.4 if drops else 0.6, f"audience[{field}]", dict(item))
        values = have.get("value")
        if have.get("op") in ("eq", "in") and item.get("op") in ("eq", "in"):
            both = [*(values if isinstance(values, list) else [values]),
                    *(item["value"] if isinstance(item["value"], list) else [item["value"]])]  # fmt: skip
            yield put(0.55, f"audience[{field}]", {**have, "op": "in", "value": list(dict.fromkeys(both))})
    if have is None or have.get("value") != item.get("value"):
        yield Guess(0.6 if drops else 0.5, ({"op": "add", "path": "exclusions", "value": dict(item)},))
