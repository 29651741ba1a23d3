"""Edits of single figures: an old one and a new one (60天改90天), or the condition it belongs to (额度门槛提到5万)."""

import datetime as dt
import re
from dataclasses import replace
from typing import Any

from linghang.reading.audience.scan import quantity_days
from linghang.reading.edits.keys import parts
from linghang.reading.edits.named import continued, figure, named, names, plainly, unnamed_range
from linghang.reading.edits.tiers import staged
from linghang.reading.edits.top_shares import top_shares
from linghang.reading.edits.words import DROP, NOT_SO, ONLY, REJECTED, SWAP, TURNED_DOWN, Change
from linghang.reading.quantities import Quantity, whole

_BETWEEN = re.compile(
    r"[^,，。;0-9]{0,10}?(?:门槛|限制|窗口|线|太短了?|太长了?|太少了?|太多了?|太高了?|太低了?|太贵了?|不够|不行"
    r"|不现实|[,，])*\s*"
    r"[^,，。;0-9]{0,4}?(?:(?:改|换|调整?|放[宽大]?|收[紧窄]?|缩[短小]?|延长?|砍|减|降"
    r"|提高?|提升|加"
    r"|扩大?|拉长?|放大|下调|上调|压|涨|抬高?|升|给|做)[高低大小长短]?(?:到|为|至|成)"
    r"|改(?:成|为|到)?(?:最[高多]|至多|上限)|改|→|->|变成|变|给|becomes|goes (?:down |up )?to"
    r"|is now|should be|(?<=[,，])(?:而)?(?:应该)?是"
    r"|(?<=[,，])(?:要|得|至少要?|最少)"
    r"|to|instead of|(?<=[长短多少高低大小贵][,，])(?:就|那就|要"
    r"|用)?)\s*(?P<cmp>不到|少于|低于|小于|超过|大于|高于|多于|至少|不少于"
    r"|不低于|满|近|最近)?\s*"
)
_RATHER = re.compile(
    r",?\s?(?:and\s)?not\s(?:the\s)?|[^,，。;0-9]{0,12}?(?:instead of|rather than|而不是|代替|取代|替代)\s?(?:the\s)?"
)
_COUNTED = ("page_view", "click", "search", "purchase", "pay_count", "active_days", "touched")


def figures(change: Change) -> None:
    """Steps for figures of the base that the sentence replaces; the tokens behind them are used up."""
    top_shares(change)
    _ranged(change)
    _swapped(change)
    staged(change)
    named(change)
    plainly(change)
    unnamed_range(change)
    continued(change)
    _only_sum(change)
    _counts(change)
    _windows(change)


_FROM_TO = re.compile(
    r"(?:从|由|把|change|from|replace|swap|raise|move|cut|extend"
    r"|switch)\s?(?:the\s[a-z ]{0,20})?(?:from\s)?(?<!\sto\s)$"
)


def _ranged(change: Change) -> None:
    """change 90 days to 60 days: the two ends of what looks like a range are the old figure and the new one."""
    found = change.found
    for place in list(found.where("quantity")):
        quantity = found.quantity(place)
        if quantity is None or quantity.form != "range":
            continue
        low, high = quantity.values
        alone = found.text.strip(" .。") == found.tokens[place].text and not change.notes.get("topic")
        if low < high and not alone and not _FROM_TO.search(found.before(place, 30)):
            continue
        old, new = Quantity((low,), quantity.unit), Quantity((high,), quantity.unit)
        if any((_in_audience(change, place, place, old, new), _in_offer(change, place, old, new))) or _in_rest(
            change, place, old, new
        ):
            found.used.add(place)


def _swapped(change: Change) -> None:
    """X改Y: whatever in the base is X becomes Y."""
    found = change.found
    for place in range(len(found.tokens) - 1):
        other = next(
            (p for p in range(place + 1, min(place + 4, len(found.tokens))) if figure(change.found, p) is not None),
            None,
        )
        old, new = figure(change.found, place), figure(change.found, other) if other is not None else None
        if old is None or new is None or other is None or place in found.used:
            continue
        between = found.text[found.tokens[place].end : found.tokens[other].start]
        if _RATHER.fullmatch(between):
            # 120 days instead of 90: the new one stands first.
            old, new = new, old
        elif (
            between.strip() not in ("打", "再打")
            and not (_BETWEEN.fullmatch(between) or _turned_down(change, place, other))
        ) or _STAYS.search(between):
            continue
        if new.unit == "fold" and old.value == change.base.get("budget_cny") and between.strip().endswith("打"):
            # 一百万打八折
            change.step("set", "budget_cny", whole(round(old.value * new.values[0] / 10, 2)), place, other)
            continue
        if new.unit == "" and old.unit == "day" and (days := _DAYS.search(old.word)) is not None:
            # one week won't do, make it two
            new = replace(new, unit="day", values=tuple(value * _PER[days[0]] for value in new.values))
        if new.unit and old.unit and new.unit != old.unit:
            continue
        if (
            _in_audience(change, place, other, old, new)
            or _in_offer(change, place, old, new)
            or _in_rest(change, place, old, new)
        ):
            found.used.add(other)
            found.used.update(p for p in range(len(found.tokens)) if found.clause(p) == found.clause(place))


_DAYS = re.compile(r"week|month|周|星期|礼拜|月")
_PER = {"week": 7, "周": 7, "星期": 7, "礼拜": 7, "month": 30, "月": 30}
_STAYS = re.compile(r"上限|封顶|最多|不动")
_NAMING = ("field", "budget", "offer", "channel", "slot", "moment", "grade")
_FAR = 30


def _turned_down(change: Change, place: int, other: int) -> bool:
    """两次就算意向？太松了，至少四次: a figure that is complained of, and the next one, with no other thing between."""
    found = change.found
    between = found.gap(place, other)
    if len(between) > _FAR or any(token.has(*_NAMING) for token in found.tokens[place + 1 : other]):
        return False
    return bool(TURNED_DOWN.search(between) or NOT_SO.search(found.text[: found.tokens[place].end]))


def rejected(change: Change) -> None:
    """20块太少, 12月10号来不及, 250k instead of 300k: what is turned down is no wish."""
    found = change.found
    for place, token in enumerate(found.tokens):
        if not token.has("quantity", "moment"):
            continue
        behind = found.text[token.end :][:20]
        quantity = found.quantity(place)
        if quantity is not None and quantity.value == change.base.get("budget_cny") and _OUT_OF.match(behind):
            # 30万里头留一成机动: the budget that holds, said again.
            found.used.add(place)
        if (
            quantity is not None
            and quantity.value == change.base.get("budget_cny")
            and _TAKEN.search(found.before(place, 14))
        ):
            # take 10k off the 80k: the budget that holds, said again.
            found.used.add(place)
        if quantity is not None and _is_present(change, place, quantity):
            found.used.add(place)
        if REJECTED.match(behind) or re.search(
            r"(?:instead of|rather than|而不是|不是|not)\s?(?:the\s)?$", found.before(place, 14)
        ):
            found.used.add(place)


def _is_present(change: Change, place: int, quantity: Quantity) -> bool:
    """一千的门槛吓跑人，改五百: the figure that holds, said beside the one that is wanted."""
    found, offer = change.found, change.base.get("offer", {})
    later = [
        p for p in range(place + 1, len(found.tokens)) if (q := found.quantity(p)) and q.unit in (quantity.unit, "")
    ]
    held = {
        "": [offer.get("threshold_cny"), offer.get("face_value_cny"), change.base.get("holdout_pct")],
        "yuan": [offer.get("threshold_cny"), offer.get("face_value_cny")],
        "pct": [change.base.get("holdout_pct")],
    }.get(quantity.unit, [])
    return bool(later) and quantity.form == "one" and quantity.value in held and found.before(place, 1) not in "到成为"


_TAKEN = re.compile(r"(?:off|from|out of|of)\s(?:the|our|that|those)\s$")
_OUT_OF = re.compile(
    r"(?:元|块)?(?:的)?(?:总)?(?:预算)?(?:里|之?中|当中|内)(?:面|头)?[^,，。;]{0,4}(?:留|拿|划|抽|扣|出|匀|切|做)"
)


def _values(quantity: Quantity) -> list[Any]:
    return [whole(v) for v in (quantity_days(quantity) if quantity.unit == "day" else quantity.values)]


def _bound_behind(change: Change, place: int) -> str:
    after = place + 1
    found = change.found
    if (
        after < len(found.tokens)
        and found.clause(after) == found.clause(place)
        and found.gap(place, after).strip() == ""
    ):
        return str(found.tokens[after].senses.get("bound", ""))
    return ""


def _in_audience(change: Change, place: int, other: int, old: Quantity, new: Quantity) -> bool:
    done = False
    fields = [t.senses["field"]["field"] for t in change.found.tokens[max(0, place - 2) : place] if t.has("field")]
    items = [(name, each) for name in ("audience", "exclusions") for each in change.base.get(name, [])]
    spoken = change.found.tokens[max(0, place - 2) : other + 3]
    # 30天没登录改成60天 is of the login, not of the page that was seen within 30 days.
    meant = [(name, each) for name, each in items if any(names(token, each) for token in spoken)]
    for key, item in meant or items:
        if old.unit == "" and fields and item["field"] not in fields:
            continue
        changed = _with_number(item, _values(old), _values(new), old.unit)
        bound = _bound_behind(change, other)
        if changed is not None and bound and changed.get("value") == _values(new)[0]:
            changed = {**changed, "op": bound}
        if changed is not None:
            change.step("set", f"{key}[{item['field']}]", changed, place, other)
            done = True
    return done


def _with_number(item: dict[str, Any], before: list[Any], after: list[Any], unit: str) -> dict[str, Any] | None:
    if unit == "day" and item.get("window_days") == before[0]:
        return {**item, "window_days": after[0]}
    if unit in ("yuan", "people", "fold") and not str(item["field"]).endswith("_cny"):
        return None
    if unit == "pct" and item["field"] == "profit_pct" and item.get("value") == -before[0]:
        return {**item, "value": -after[0]}
    if item.get("value") == before[0]:
        return {**item, "value": after[0]} if len(after) == 1 else {**item, "op": "between", "value": after}
    if isinstance(item.get("value"), list) and item["value"] == before:
        return {**item, "value": after} if len(after) > 1 else None
    if isinstance(item.get("value"), list) and len(before) == len(after) == 1 and before[0] in item["value"]:
        return {**item, "value": [after[0] if value == before[0] else value for value in item["value"]]}
    return None


def _in_offer(change: Change, place: int, old: Quantity, new: Quantity) -> bool:
    offer = change.base.get("offer", {})
    for key in parts("offer"):
        if key.held(change.base) == _values(old)[0] and (old.unit in key.units or new.unit in key.units):
            change.step("set", key.path, _values(new)[0], place, place + 1)
            return True
    tiers = offer.get("tiers", [])
    if any(tier.get("face_value_cny") == old.value for tier in tiers) and new.unit in ("", "yuan"):
        # 下单那段从10块提到15块: the stage that holds the old value.
        made = [{**t, "face_value_cny": new.value} if t.get("face_value_cny") == old.value else t for t in tiers]
        change.step("set", "offer.tiers", made, place, place + 1)
        return True
    if "fee_discount" in offer and "fold" in (old.unit, new.unit):
        change.step(
            "set", "offer.fee_discount", round(new.values[0] / (10 if new.values[0] < 10 else 100), 4), place, place + 1
        )
        return True
    return False


def _in_rest(change: Change, place: int, old: Quantity, new: Quantity) -> bool:
    base = change.base
    if old.unit == new.unit == "day" and "start" in base and "end" in base:
        first, last = (dt.date.fromisoformat(base[key]) for key in ("start", "end"))
        if (last - first).days + 1 == _values(old)[0]:
            # 三天变五天: the run.
            change.step("set", "end", (first + dt.timedelta(days=_values(new)[0] - 1)).isoformat(), place, place + 1)
            return True
    for key in ("budget_cny", "budget_max_cny", "holdout_pct"):
        if change.base.get(key) == _values(old)[0]:
            change.step("set", key, _values(new)[0], place, place + 1)
            return True
    for key in parts("copy_rules"):
        if key.held(base) == _values(old)[0] and "char" in (old.unit, new.unit):
            change.step("set", key.path, _values(new)[0], place, place + 1)
            return True
    cap = base.get("freq_cap")
    if isinstance(cap, dict) and cap.get("max") == _values(old)[0] and "times" in (old.unit, new.unit):
        change.step("set", "freq_cap.max", _values(new)[0], place, place + 1)
        return True
    target = change.base.get("target")
    if isinstance(target, dict) and target.get("value") == _values(old)[0]:
        change.step("set", "target.value", _values(new)[0], place, place + 1)
        return True
    return False


def _only_sum(change: Change) -> None:
    """金额门槛改成大于1万: the one sum that the audience bounds."""
    found = change.found
    sums = [
        i
        for i in change.base.get("audience", [])
        if str(i["field"]).endswith("_cny") and isinstance(i.get("value"), int | float)
    ]
    if len(sums) != 1:
        return
    for place in list(found.where("quantity")):
        quantity = found.quantity(place)
        clause = found.clause_text(place)
        if (
            quantity is None
            or quantity.form != "one"
            or quantity.unit not in ("", "yuan")
            or not re.search(r"金额|额度|门槛|余额|资产", clause)
        ):
            continue
        cmp = next(
            (
                found.tokens[p].senses["cmp"]
                for p in (place - 1, place - 2)
                if p >= 0 and "cmp" in found.tokens[p].senses
            ),
            None,
        )
        bound = found.tokens[place + 1].senses.get("bound") if place + 1 < len(found.tokens) else None
        if (cmp or bound) in ("ge", "gt", "le", "lt"):
            change.step(
                "set", f"audience[{sums[0]['field']}]", {**sums[0], "op": cmp or bound, "value": quantity.value}, place
            )
            return


def _counts(change: Change) -> None:
    """看详情页的次数改成3次以上: the one condition that counts gets the new count."""
    found = change.found
    counted = [i for i in change.base.get("audience", []) if i["field"] in _COUNTED and isinstance(i.get("value"), int)]
    plain = [i for i in change.base.get("audience", []) if i["field"] in _COUNTED and i["op"] == "exists"]
    counted = counted or [{**i, "op": "ge"} for i in plain if not i.get("negated")]
    if len(counted) != 1:
        return
    for place in list(found.where("quantity")):
        quantity = found.quantity(place)
        if quantity is None or quantity.unit not in ("times", "piece") or quantity.form != "one":
            continue
        if REJECTED.match(found.text[found.tokens[place].end :]):
            continue
        clause = found.clause_text(place)
        if not re.search(
            r"看|浏览|点|买|次数|登录|支付|view|click|bought|购|seen|saw|visit",
            found.text if quantity.unit == "times" else clause,
        ) or re.search(r"每人|频|每周|每天|最多发", clause):
            continue
        bound = found.tokens[place + 1].senses.get("bound") if place + 1 < len(found.tokens) else None
        item = counted[0]
        if quantity.value == item.get("value") and any(
            (q := found.quantity(p)) is not None and q.unit == quantity.unit
            for p in range(place + 1, len(found.tokens))
        ):
            # 看过两次的改成看过三次: the count that holds.
            continue
        changed = {**item, "op": bound or item["op"], "value": quantity.value}
        spoken = [p for p in range(len(found.tokens)) if found.clause(p) == found.clause(place)]
        change.step("set", f"audience[{item['field']}]", changed, *spoken)
        return


def _windows(change: Change) -> None:
    """窗口改成90天, 近60天就行: the look-back windows of the audience change together."""
    found = change.found
    if DROP.search(found.text) or not (
        SWAP.search(found.text)
        or ONLY.search(found.text)
        or re.search(
            r"放宽|缩短|延长|扩|收紧|拉长|拉到|放到|窗口|window|widen|narrow|shorten|tighten|extend|relax", found.text
        )
    ):
        return
    for place in range(len(found.tokens)):
        found_figure = figure(change.found, place)
        if found_figure is None or found_figure.unit != "day" or place in found.used or not _is_window(change, place):
            continue
        if not found.tokens[place].has("window") and (
            _RUN.search(found.text) or any(t.has("offer") for t in found.tokens)
        ):
            # 缩短成一周 speaks of the run, 免息期缩短到5天 of the offer.
            continue
        windowed = [item for item in change.base.get("audience", []) if "window_days" in item]
        dated = [
            i
            for i in change.base.get("audience", [])
            if i["field"] in ("last_login_days", "register_days", "last_active_days")
        ]
        for item in windowed or dated:
            key = "window_days" if windowed else "value"
            change.step("set", f"audience[{item['field']}]", {**item, key: _values(found_figure)[0]}, place)
        return


_RUN = re.compile(r"缩短|延长|拉长|周期|时长|活动|档期|shorten|extend(?!.*window)")


def _is_window(change: Change, place: int) -> bool:
    found = change.found
    token = found.tokens[place]
    if any(other.has("act", "state", "field") for other in found.tokens[place + 1 : place + 3]):
        return False
    if place and found.tokens[place - 1].has("act", "exclude"):
        return False
    return token.has("window") or bool(
        re.search(r"窗口|时间窗|时间范围|回溯|window|(?:放宽|缩短|收紧)(?:到|为|至|成)", found.before(place, 10))
    )
