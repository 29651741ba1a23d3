"""A change that names no value (再多一点, 往后挪挪, 去掉吧, 换一个): the usual steps of the keys that it could mean."""

import datetime as dt
import itertools
import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

from linghang.packs.model import Pack
from linghang.reading.edits.guesses import Base, Guess, moved, put
from linghang.reading.edits.keys import KEYS, Key, sums
from linghang.reading.edits.words import DROP, LESS, MORE
from linghang.reading.quantities import whole
from linghang.reading.sentence import Sentence

_TOO_MUCH = re.compile(
    r"(?:太|有点|偏|过于|嫌)(?:贵|多|高|大|长|宽|满|频繁)|[高贵多大长宽]了"
    r"|(?<![a-z])too (?:much|many|high|expensive|long|big|large|wide)"
)
_TOO_LITTLE = re.compile(
    r"(?:太|有点|偏|过于|嫌)(?:少|低|小|短|窄|便宜|寒酸)|不够|[低少小短窄]了"
    r"|(?<![a-z])(?:too (?:little|few|low|short|small|narrow)|not enough)"
)
_UP = re.compile(r"[高大多长宽](?:一?点|些|一些|一下)|(?<![a-z])(?:bigger|larger|longer|wider|higher|more)(?![a-z])")
_DOWN = re.compile(
    r"[低小少短窄](?:一?点|些|一些|一下)|便宜|节省|(?<![a-z])(?:smaller|shorter|narrower|lower|fewer|less|cheaper)(?![a-z])"
)
_LATER = re.compile(
    r"推迟|延后|顺延|往后|推后|后移|晚(?:一?点|些)|(?<![a-z])(?:later|postpone|delay|push (?:it )?back)"
)
_EARLIER = re.compile(r"提前|提早|往前|前移|早(?:一?点|些)|(?<![a-z])(?:earlier|sooner|bring (?:it )?forward)")
_MOVES = re.compile(r"挪|移|换个时间|改期|改时间|改日子|(?<![a-z])(?:move it|reschedule|shift it)")
_TOUCHES = re.compile(
    r"改|调|动一下|动动|优化|不太?(?:行|好|合适|对)|再想想|(?<![a-z])(?:change|adjust|tweak|fix|modify)(?![a-z])"
)
_LASTS = re.compile(r"长|短|(?<![a-z])(?:longer|shorter|extend)")
_TIME = re.compile(r"时间|日期|档期|排期|周期|天数|时长|(?<![a-z])(?:dates?|schedule|duration|run)(?![a-z])")
_OF_PRICE = re.compile(r"贵|便宜|省|(?<![a-z])(?:expensive|cheaper|cost)")
_SENDS = re.compile(r"发|推|(?<![a-z])send")
ANOTHER = re.compile(
    r"[换改](?:成|到)?(?:一?[个种款套条]|别的|其他|另)|另一?[个种]"
    r"|(?<![a-z])(?:another one|other one|something else|swap it)"
)
ONE_MORE = re.compile(
    r"(?:加|添|补|增|来)(?:上)?一?[个种条项](?!人|月|星期|礼拜)|(?<![a-z])(?:one more|add (?:one|another))"
)
_ORDER = ("budget_cny", "offer.face_value_cny", "offer.quantity", "offer.threshold_cny", "holdout_pct", "target.value",
          "offer.interest_free_days", "offer.days")  # fmt: skip
"""The sums that people mean most, in this order."""


def without_value(found: Sentence, base: Base, pack: Pack | None) -> Iterator[Guess]:
    """The usual steps that a sentence without any value could mean; none where it asks for no change at all."""
    text = found.text
    named = [key for key in sums(base) if key.names.search(text)]
    way = _way(text)
    runs = "start" in base and "end" in base
    later, earlier = bool(_LATER.search(text)), bool(_EARLIER.search(text))
    if runs and (later or earlier or _MOVES.search(text)):
        yield from _shifts(base, later=later or not earlier, earlier=earlier or not later)
        return
    if runs and (_TIME.search(text) or (way and _LASTS.search(text) and not named)):
        yield from _longer(base, way)
        if not named:
            return
    if DROP.search(text) and not way:
        yield from _gone(base, named)
    elif ANOTHER.search(text):
        yield from _exchanged(base, pack)
    elif ONE_MORE.search(text) and not named:
        yield from _added(base, pack)
    elif way or (named and (MORE.search(text) or LESS.search(text))):
        yield from _stepped(base, text, named, way)
    elif _TOUCHES.search(text):
        yield from _stepped(base, text, named, way) if named else _anything(base)


def _way(text: str) -> int:
    """1 for more, −1 for less, 0 where it does not say."""
    if _TOO_MUCH.search(text):
        return -1
    if _TOO_LITTLE.search(text):
        return 1
    up, down = (bool(one.search(text) or other.search(text)) for one, other in ((_UP, MORE), (_DOWN, LESS)))
    return up - down


def _stepped(base: Base, text: str, named: Sequence[Key], way: int) -> Iterator[Guess]:
    """Sums a usual step up or down: the keys that are named, else those that people mean most."""
    held = {key.path: key for key in sums(base)}
    keys = [key.path for key in named] or [path for path in _ORDER if path in held]
    if not named and _OF_PRICE.search(text):
        keys = [path for path in keys if path != "target.value"]
    if not named and _SENDS.search(text):
        keys.sort(key=lambda path: path != "offer.quantity")
    ways = (way,) if way else (1, -1)
    for rank, path in enumerate(keys):
        for turn, direction in enumerate(ways):
            for size in (1, 2, 3):
                score = 0.6 - 0.04 * rank - 0.05 * turn - 0.1 * (size - 1)
                yield from _step(score, path, float(held[path].held(base)), direction * size)


def _anything(base: Base) -> Iterator[Guess]:
    """What people change most, one of each kind: money, days, the gift."""
    held = {key.path: float(key.held(base)) for key in sums(base)}
    for rank, path in enumerate(path for path in _ORDER if path in held):
        yield from _step(0.6 - 0.06 * rank, path, held[path], 1)
    if "start" in base and "end" in base:
        yield from itertools.islice(_longer(base, 1), 1)


def _step(score: float, path: str, old: float, times: int) -> Iterator[Guess]:
    """A sum so many usual steps up or down: a tenth (of a small sum a half), as 1, 2 or 5 with noughts."""
    part = max(old / (10 if old >= _SMALL else 2), 1.0)
    nought = 10.0 ** math.floor(math.log10(part))
    new = old + times * min((1, 2, 5, 10), key=lambda one: abs(one * nought - part)) * nought
    if new > 0:
        yield put(score, path, whole(new))


_SMALL = 50


def _shifts(base: Base, *, later: bool, earlier: bool) -> Iterator[Guess]:
    """The whole run moved, or only its end."""
    first, last = (dt.date.fromisoformat(str(base[key])) for key in ("start", "end"))
    for direction in (1,) * later + (-1,) * earlier:
        for rank, days in enumerate((1, 3, 7)):
            yield from moved(0.6 - 0.05 * rank - 0.02 * (direction < 0), first, last, dt.timedelta(days * direction))
        yield put(0.52, "end", (last + dt.timedelta(3 * direction)).isoformat())


def _longer(base: Base, way: int) -> Iterator[Guess]:
    last = dt.date.fromisoformat(str(base["end"]))
    for rank, days in enumerate((3, 7, 1)):
        for direction in (way,) if way else (1, -1):
            end = last + dt.timedelta(days * direction)
            yield put(0.6 - 0.05 * rank - 0.02 * (direction < 0), "end", end.isoformat())


_PARTS = ("offer", "experiment", "freq_cap", "send_window", "holdout_pct", "target", "copy_rules", "tone", "color")
"""What a campaign can do without, in the order in which people let it go."""


def _gone(base: Base, named: Sequence[Key]) -> Iterator[Guess]:
    for rank, key in enumerate(named):
        yield Guess(0.7 - 0.02 * rank, ({"op": "remove", "path": key.path},))
    wholes = [key.path for key in KEYS if key.path in base and key.path in _PARTS]
    for rank, path in enumerate(sorted(dict.fromkeys(wholes), key=_PARTS.index)):
        yield Guess(0.6 - 0.06 * rank, ({"op": "remove", "path": path},))
    for key in ("channels", "slots"):
        have: list[Any] = list(base.get(key, []))
        for rank, name in enumerate(reversed(have) if len(have) > 1 or key == "slots" else ()):
            yield Guess(0.57 - 0.06 * rank, ({"op": "remove", "path": key, "value": name},))
    for item in list(base.get("exclusions", []))[-1:]:
        yield Guess(0.5, ({"op": "remove", "path": f"exclusions[{item['field']}]"},))
    conditions: list[Any] = list(base.get("audience", []))
    for item in reversed(conditions if len(conditions) > 1 else ()):
        yield Guess(0.53, ({"op": "remove", "path": f"audience[{item['field']}]"},))


def _spare(base: Base, pack: Pack | None) -> list[str]:
    """The pack's channels that the campaign does not use."""
    return [one.id for one in (pack.channels if pack else ()) if one.id not in base.get("channels", [])]


def _added(base: Base, pack: Pack | None) -> Iterator[Guess]:
    """One more: a channel, a place."""
    for rank, name in enumerate(_spare(base, pack)):
        yield Guess(0.6 - 0.05 * rank, ({"op": "add", "path": "channels", "value": name},))
    places = [one.id for one in (pack.slots if pack else ()) if one.id not in base.get("slots", [])]
    for rank, name in enumerate(places[:2]):
        yield Guess(0.58 - 0.05 * rank, ({"op": "add", "path": "slots", "value": name},))


def _exchanged(base: Base, pack: Pack | None) -> Iterator[Guess]:
    """One for another: a channel for one that is spare, another tone, another kind of gift."""
    have = [str(one) for one in base.get("channels", [])]
    for rank, name in enumerate(reversed(have)):
        for place, other in enumerate(_spare(base, pack)):
            changed = [other if one == name else one for one in have]
            yield put(0.6 - 0.04 * rank - 0.05 * place, "channels", changed)
    offer = base.get("offer")
    if isinstance(offer, dict) and offer.get("type") == "coupon":
        yield put(0.57, "offer.type", "red_packet")
    yield put(0.5, "tone", "warm" if base.get("tone") != "warm" else "lively")
