"""The state of reading conditions on customers: what was found where, and which window, negation and scope hold."""

import re
from dataclasses import dataclass, field
from typing import Any

from linghang.reading.quantities import Quantity, whole
from linghang.reading.sentence import Sentence

Shape = dict[str, Any]
CAMPAIGN_PRODUCT = "@product"
"""Stands for the product of the campaign until that is known."""
OPENED = "@opened"
"""Stands for the product of the campaign that was opened (开通了): a credit line is activated, others are bought."""
_NEG_BEFORE = re.compile(
    r"(?:没有?|未|从未|从没|不|无|非|尚未|还没|并未|没怎么|not|no|never|non-|haven't|hasn't|didn't|without"
    r"|un|isn't|aren't)\s*(?:有|曾|能|去|再|被|做|进行|完成|办理|发生|任何|any|a|yet|been|ever|current|currently)?\s*$"
)
_WINDOW_FILL = re.compile(
    r"[\s,的内里间都也还曾经有过且并但却仍只被我们咱行在均至少任何是否连续累计一直基本从来过后有在app上中]*"
    r"|.*\b(?:have|has|had|haven't|hasn't|who|that|did|didn't|not)?\s*"
)
# 近90天既没登录也没交易的: one window for both.
_BOTH = re.compile(r"也|又|且|并(?!且)|and|nor")
_FLIP = {"ge": "lt", "gt": "le", "le": "gt", "lt": "ge"}


@dataclass
class Hit:
    """A condition, the tokens that say it, and whether it only counts when nothing firmer was said (``weak``)."""

    shape: Shape
    places: list[int]
    weak: bool = False
    excluded: bool = False

    @property
    def first(self) -> int:
        """Its first token."""
        return min(self.places)


@dataclass
class Scan:
    """Conditions gathered from a sentence."""

    found: Sentence
    known: frozenset[str]
    hits: list[Hit] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    goals: list[int] = field(default_factory=list)
    """States that are what the campaign is for (引导绑卡), not what its customers are."""
    dated: set[int] = field(default_factory=set)
    """Windows that are the value of a condition (近90天注册) and so nobody else's window."""

    def add(self, shape: Shape, *places: int, weak: bool = False) -> None:
        """Note a condition and take its tokens."""
        self.hits.append(Hit(shape, sorted(set(places)), weak))
        self.taken.update(places)
        if shape["field"].endswith("_days"):
            self.dated.update(places)

    def free(self, place: int) -> bool:
        """Whether a place exists and nothing has used its token."""
        return 0 <= place < len(self.found.tokens) and place not in self.taken and place not in self.found.used

    def negation(self, place: int) -> int | None:
        """The place of the negation that governs a token: before it in its clause, with little between."""
        found = self.found
        for back in range(place - 1, max(-1, place - 4), -1):
            token = found.tokens[back]
            between = found.text[token.end : found.tokens[place].start]
            if found.clause(back) != found.clause(place) or len(between) > 8 or _SCOPE_ENDS.search(between):
                return None
            if token.has("neg"):
                return back
            if not (
                token.has("window", "product", "page", "bound") or token.text in ("在", "有", "with", "own", "hold")
            ):
                return None
        return None

    def window(self, place: int, *, inherit: bool) -> tuple[int, int] | None:
        """The look-back window of a behaviour as ``(place, days)``: before it in the clause, else right after it.

        A window that already belongs to another condition is only inherited where that is allowed.
        """
        found = self.found
        for back in range(place - 1, -1, -1):
            token = found.tokens[back]
            if found.clause(back) != found.clause(place) and not _ONLY.search(
                found.text[token.end : found.tokens[place].start]
            ):
                break
            if token.has("window"):
                shared = _BOTH.search(found.text[token.end : found.tokens[place].start])
                if back in self.taken and (not inherit or back in self.dated) and not shared:
                    return None
                return back, window_days(token.senses["window"])
            if (days := self._days_without(back, place)) is not None:
                return None if back in self.taken else (back, days)
            if token.has("moment") and (days := days_ago(token.senses["moment"])) is not None:
                return None if back in self.taken and not inherit else (back, days)
            if back in self.taken and not inherit and not token.has("neg", "channel"):
                break
            onward = found.tokens[back + 1].start
            if re.search(r"[、;]", found.text[token.end : onward]) and not _TURN.match(found.text, onward):
                break
        return self._window_after(place)

    def _days_without(self, back: int, place: int) -> int | None:
        """60天没动支: days right before a negation are those in which it did not happen."""
        found, quantity = self.found, self.found.quantity(back)
        if quantity is None or quantity.unit != "day" or quantity.form != "one" or back + 1 >= place:
            return None
        behind = found.tokens[back + 1]
        if not behind.has("neg") or not re.fullmatch(
            r"(?:都|一直|均|还|内|里|来|以来|\)|）)*", found.gap(back, back + 1)
        ):
            return None
        if found.tokens[place].senses.get("act", {}).get("kind") == "days":
            return None
        return int(quantity_days(quantity)[0])

    def _window_after(self, place: int) -> tuple[int, int] | None:
        found = self.found
        for ahead in range(place + 1, min(place + 5, len(found.tokens))):
            token = found.tokens[ahead]
            if found.clause(ahead) != found.clause(place) or not self.free(ahead):
                return None
            between = found.text[found.tokens[ahead - 1].end : token.start]
            if "、" in between or _BUT.search(between):
                return None
            if token.has("window"):
                return ahead, window_days(token.senses["window"])
            if token.has("act", "state", "field"):
                return None
        return None


# 没有信用卡但有房贷: what follows a turn is meant as it stands.
_SCOPE_ENDS = re.compile(r"[的、但却而]|不过|but")


# 近14天看过3次、就是没下单: behind a turn the same days are meant.
_TURN = re.compile(r"(?:可)?就是(?=[没未不])|但|却|(?:还|一直|始终)(?=[没未])")


# 开通了却近45天一笔没用: the days behind a turn are those of what follows.
_BUT = re.compile(r"[却但]|可是|就是")
# 看过3次及以上,就是没下单: this turn reaches over the comma.
_ONLY = re.compile(r"^[^,，。;；]{0,20}[,，]\s?(?:可|但|却)?就是[没未][^,，。;；]{0,4}$")


def days_ago(moment: Any) -> int | None:
    """The look-back window that a past day says (昨天点了: one day); None for days that are not of the past."""
    if moment.kind == "offset" and moment.args[0] < 0:
        return -int(moment.args[0])
    return None


def window_days(moment: Any) -> int:
    """The days of a look-back window (近半年 counts 180 days, a month 30)."""
    amount, unit = moment.args
    days = amount * {"day": 1, "week": 7, "month": 30, "year": 365, "trading": 1}[unit]
    return 180 if unit == "year" and amount == 0.5 else round(days)


def quantity_days(quantity: Quantity) -> tuple[float | int, ...]:
    """Durations in whole days (半年 counts 180)."""
    return tuple(180 if value == 182.5 else whole(value) for value in quantity.values)


def compare(scan: Scan, place: int) -> tuple[str, list[int]]:
    """The comparison said around a quantity (超过 before it, 以上 behind it), with the tokens that say it; ''"""
    """for none."""
    found = scan.found
    op, places = "", list[int]()
    before, after = place - 1, place + 1
    if scan.free(before) and found.tokens[before].has("cmp") and found.gap(before, place).strip(" 的约") == "":
        op = found.tokens[before].senses["cmp"]
        places.append(before)
        minus = before - 1
        if (
            scan.free(minus)
            and found.tokens[minus].has("neg")
            and found.gap(minus, before).strip() == ""
            and op in _FLIP
        ):
            op = _FLIP[op]
            places.append(minus)
    if (
        scan.free(after)
        and found.tokens[after].has("bound")
        and found.gap(place, after).strip(" 元块的") == ""
        and _bounds(found, after)
    ):
        if not op or op == "eq":
            op = found.tokens[after].senses["bound"]
        elif op in ("lt", "gt"):
            pass
        places.append(after)
    elif not op and scan.free(after) and found.tokens[after].senses.get("bound") == "lt":
        op = "lt"
    if not op and (quantity := found.quantity(place)) is not None and quantity.plus:
        op = "ge"
    return _without_the_bound(scan, place, op, places)


def _without_the_bound(scan: Scan, place: int, op: str, places: list[int]) -> tuple[str, list[int]]:
    """3万以上不含3万: the bound itself is left out."""
    found, after = scan.found, max([place, *places]) + 1
    same = found.quantity(after + 1)
    if not scan.free(after) or found.tokens[after].text not in ("不含", "不包括", "不包含", "excluding"):
        return op, places
    bound = found.quantity(place)
    if same is None or bound is None or same.values[0] != bound.values[0]:
        return op, places
    return {"ge": "gt", "le": "lt"}.get(op, op), [*places, after, after + 1]


def _bounds(found: Sentence, place: int) -> bool:
    """Whether ``+`` or 起 behind a figure means "and more", and is no join of channels."""
    token = found.tokens[place]
    if token.text in ("+", "plus"):
        following = place + 1
        return not (
            following < len(found.tokens)
            and found.tokens[following].has("channel", "slot", "style", "tone", "product")
            and found.gap(place, following).strip() == ""
            and not (found.gap(place - 1, place) == "" and found.gap(place, following) == " ")
        )
    return True


def is_negated_text(found: Sentence, place: int) -> bool:
    """Whether a negation that is no token of its own stands right before a token (非会员)."""
    return bool(_NEG_BEFORE.search(found.before(place, 4)))
