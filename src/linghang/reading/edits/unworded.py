"""A figure that no wording gave a key: the key that holds one of its kind takes it (AUM那条卡到5万, use sixty).

Last of all readers, and only where a piece changes nothing yet. Each value of the base that could take the figure is
weighed: by its name in the piece or in the whole message, by its old value said beside the new one, by being the only
one of its kind. What two values could take alike is asked about.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from linghang.reading.audience.scan import Shape, quantity_days
from linghang.reading.edits.fields import FAMILY, PLAIN_NAMES
from linghang.reading.edits.keys import KEYS, Key
from linghang.reading.edits.named import EXPIRIES, figure, names, suits, with_figure
from linghang.reading.edits.words import LESS, MORE, NOT_SO, Change, computed
from linghang.reading.quantities import Quantity, whole

_SAID, _SAID_BEFORE, _HELD, _ONLY, _ALIKE = 4, 2, 4, 2, 1
_ENOUGH = 4
_NEAR = 12
"""A new value is seldom so many times larger or smaller than the old one."""
_NO = re.compile(r"(?:别|不要|不|没|甭|勿|禁止)$|(?<![a-z])(?:not|no|don't|never)\s$")


_AHEAD = re.compile(r"提前|提醒|到期|还款|ahead|remind|in advance|early")
"""提前5天提醒: how long before a day one is told."""
_AIMS = re.compile(
    r"(?:拉|招|揽|引|冲|收|获|做|搞|达)(?:到|个|来|够)?\s?\d[\d.,]*\s?[万亿wk千]?\s?(?:个|名|位|户)?(?:人|户|新)"
    r"|(?:go|aim|shoot|push) for\s|(?<![a-z])(?:get|acquire|recruit|bring in|win|reach)\s\d"
    r"|\d[\d,.]*k?\s(?:new\s)?(?:savers|customers|users|clients|members|buyers|investors)(?![a-z])"
)
"""先拉50万人, let's go for 8k savers: how many there shall be."""


@dataclass(frozen=True)
class _Holder:
    """A value of the base: a sum by its key, or a condition by its value or its window."""

    path: str
    held: tuple[float, ...]
    key: Key | None = None
    item: Shape | None = None
    window: bool = False

    def takes(self, quantity: Quantity) -> bool:
        """Whether the unit of a figure suits it."""
        if self.item is not None and self.window:
            return quantity.unit == "day"
        if self.item is not None:
            return suits(str(self.item["field"]), quantity)
        assert self.key is not None
        relative = quantity.unit in ("pct", "fold") and "" in self.key.units
        return quantity.unit in self.key.units or relative

    def is_named(self, change: Change, text: str) -> bool:
        """Whether a text speaks of it."""
        if self.key is not None:
            return bool(self.key.names.search(text)) or (self.path == "target.value" and bool(_AIMS.search(text)))
        assert self.item is not None
        field = str(self.item["field"])
        if field in EXPIRIES and _AHEAD.search(text):
            return True
        spoken = any(names(token, self.item) for token in change.found.tokens if token.text in text)
        return spoken or any(
            words.search(text) for words, name in PLAIN_NAMES if field in FAMILY.get(name, (name,))
        )  # fmt: skip


def unworded(change: Change) -> None:
    """A step for the one figure of a piece that has no key yet; nothing where no value, or more than one, takes it."""
    if not change.steps:
        _weigh(change)


def instead_of_the_old(change: Change) -> None:
    """500块的账单不划算，起点抬到1000: the reason names the value that holds, so the new figure is of its key."""
    aside: tuple[Quantity, ...] = change.notes.get("aside", ())
    figures = [place for place in range(len(change.found.tokens)) if figure(change.found, place) is not None]
    if len(figures) != 1 or not aside:
        return
    old = {value for each in aside for value in _values(each)}
    holders = [each for each in _holders(change.base) if old & set(each.held)]
    others = [key for key in KEYS if key.units and key.beside.search(change.found.text)]
    quantity = figure(change.found, figures[0])
    taking = [each for each in holders if quantity is not None and each.takes(quantity)]
    if len(taking) == 1 and quantity is not None and all(key.path == taking[0].path for key in others):
        _put(change, taking[0], figures[0], quantity)


def _weigh(change: Change) -> None:
    figures = [(place, quantity) for place in range(len(change.found.tokens))
               if place not in change.found.used and (quantity := figure(change.found, place)) is not None
               and quantity.form in ("one", "range")]  # fmt: skip
    holders = list(_holders(change.base))
    best = sorted(
        ((_weight(change, holder, place, quantity, figures, holders), n, place)
         for n, holder in enumerate(holders) for place, quantity in figures if _free(change, holder, place, quantity)),
        key=lambda each: (-each[0], each[1], -each[2]),
    )  # fmt: skip
    if not best or best[0][0] < _ENOUGH or any(each[0] == best[0][0] and each[1] != best[0][1] for each in best[1:]):
        return
    _, n, place = best[0]
    _put(change, holders[n], place, dict(figures)[place])


def held_figures(base: Mapping[str, Any]) -> frozenset[float]:
    """All figures of a reading that a new one could take the place of."""
    return frozenset(value for holder in _holders(base) for value in holder.held)


def _holders(base: Mapping[str, Any]) -> Iterator[_Holder]:
    seen: set[str] = set()
    for key in KEYS:
        value = key.held(base)
        if key.shape == "sum" and isinstance(value, int | float) and key.path not in seen:
            seen.add(key.path)
            yield _Holder(key.path, (value,), key=key)
    for part in ("audience", "exclusions"):
        for item in base.get(part, []):
            path, value = f"{part}[{item['field']}]", item.get("value")
            if "window_days" in item:
                yield _Holder(path, (item["window_days"],), item=item, window=True)
            held = value if isinstance(value, list) else [value]
            if all(isinstance(each, int | float) for each in held):
                yield _Holder(path, tuple(held), item=item)


def _values(quantity: Quantity) -> tuple[Any, ...]:
    return tuple(whole(v) for v in (quantity_days(quantity) if quantity.unit == "day" else quantity.values))


def _free(change: Change, holder: _Holder, place: int, quantity: Quantity) -> bool:
    """Whether a figure may become this value: of its unit, not the one that holds, not one that is turned down."""
    before = change.found.text[: change.found.tokens[place].start]
    turned_down = NOT_SO.search(change.found.text[: change.found.tokens[place].end]) or _NO.search(before)
    return holder.takes(quantity) and _values(quantity) != holder.held and not turned_down


def _weight(
    change: Change,
    holder: _Holder,
    place: int,
    quantity: Quantity,
    figures: list[tuple[int, Quantity]],
    holders: list[_Holder],
) -> int:
    piece, message = change.found.text, str(change.notes.get("message", ""))
    others = [*(each for at, each in figures if at != place), *change.notes.get("aside", ())]
    said = holder.is_named(change, piece)
    weight = _SAID if said else _SAID_BEFORE if holder.is_named(change, message) else 0
    weight += _HELD * any(set(_values(each)) & set(holder.held) for each in others)
    weight += _ONLY * (sum(each.takes(quantity) for each in holders) == 1)
    relative = quantity.unit in ("pct", "fold") or MORE.search(piece) or LESS.search(piece)
    new, old = abs(_values(quantity)[0]), abs(holder.held[-1])
    weight += _ALIKE * bool(relative or (old and 1 / _NEAR <= new / old <= _NEAR))
    return weight


def _put(change: Change, holder: _Holder, place: int, quantity: Quantity) -> None:
    found = change.found
    before = found.text[: found.tokens[place].start]
    new: Any
    if holder.item is not None:
        if str(holder.item["field"]) in EXPIRIES and quantity.form == "one" and "value" in holder.item:
            new = {**holder.item, "value": _values(quantity)[0]}
        elif holder.window:
            new = {**holder.item, "window_days": _values(quantity)[0]}
        else:
            clause = [p for p in range(place + 1) if found.clause(p) == found.clause(place)]
            new = with_figure(change, holder.item, clause[0], place, quantity)
        if new is not None and new != holder.item:
            change.step("set", holder.path, new, place)
        return
    old = holder.held[0]
    new = computed(old, quantity, found.clause_text(place), before)
    if new is not None and new >= 0 and new != old:
        change.step("set", holder.path, new, place)
