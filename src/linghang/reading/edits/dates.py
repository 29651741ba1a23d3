"""Edits of time: new dates, shifts (往后延三天), longer and shorter runs (再多两天), hours."""

import datetime as dt
import re

from linghang.reading.edits.days import anchored, put_days
from linghang.reading.edits.hours import DAYS, bare, gives_way, hours, other_hour, other_window
from linghang.reading.edits.lengths import EARLIER, END, LATER, NEXT_WEEK, START, follows, moved, shifted
from linghang.reading.edits.words import Change
from linghang.reading.times.moments import Moment, Period, resolve


def dates(change: Change, today: dt.date) -> None:
    """Steps for ``start``, ``end``, ``start_time``, ``recurrence`` and ``duration_days``."""
    _new_days(change, today)
    follows(change)
    if hit := NEXT_WEEK.search(change.found.text):
        shifted(change, None, 1, "week", change.found.text[: hit.end()])
    for place in list(change.found.where("quantity")):
        quantity = change.found.quantity(place)
        if (
            quantity is not None
            and quantity.unit == "day"
            and quantity.form == "one"
            and not change.found.tokens[place].has("window")
            and not _of_people(change, place)
            and not re.search(r"窗口|时间窗|回溯|look-?back|window(?! of)", change.found.clause_text(place))
            and not _says_how_often(change, place)
        ):
            moved(change, place, quantity)
        elif quantity is not None and quantity.unit in ("hour", "minute") and not other_window(change, place, quantity):
            other_hour(change, place, quantity)
    hours(change)


def _says_how_often(change: Change, place: int) -> bool:
    """两周最多3次 says how often."""
    clause, behind = change.found.clause_text(place), change.found.after(place, 8)
    if re.match(r"(?:内|只|最多|许|能|发|推|收|到)*[一二两三四五六\d]+[次条封遍]", behind):
        return True
    return bool(_CAPPED.search(clause) and re.search(r"[次条封遍]|times", clause))


# Make it 120 days without opening the app.
_WITHOUT = re.compile(
    r"\s(?:without (?!a |any |sms|push|text)|of (?:silence|inactivity)|inactive|since (?:they"
    r"|their|the last)|away|dormant)"
)


def _of_people(change: Change, place: int) -> bool:
    """三个月没登录的, 持有满一年: days that belong to a condition beside them."""
    found = change.found
    if _WITHOUT.match(found.after(place, 24)):
        return True
    before = place - 1 - (place > 0 and found.tokens[place - 1].has("cmp"))
    if (
        before >= 0
        and found.tokens[before].has("act", "field")
        and not found.tokens[before].has("offer", "objective_verb")
        and found.text[found.tokens[before].end : found.tokens[place].start].strip()
        in ("", "满", "了", "满了", "过", "不满", "时间", "够", "超过", "达到")
    ):
        return True
    after = place + 1
    return (
        after < len(found.tokens)
        and found.tokens[after].has("neg", "act", "state")
        and not found.tokens[after].has("offer", "channel", "objective")
        and found.gap(place, after).strip() in ("", "内", "以上", "都", "以内")
        and bool(re.search(r"没|未|过|的|haven't|not", found.text[found.tokens[place].end :][:12]))
    )


def _idle(change: Change, place: int, period: Period, today: dt.date) -> bool:
    """Days that are gone, and days that are running of which nothing is said to go out (这个月投诉多)."""
    meant = anchored(change, change.found.tokens[place].senses["time"], period)
    last = meant.end or meant.start
    if last is None or period.clock:
        return False
    running = meant.start is not None and meant.start < today <= last
    return last < today or (running and not _SENDS.search(change.found.clause_text(place)))


def _spoken(change: Change, place: int) -> str:
    """The words that tell what a day is: of its clause, its piece, or the message (没写哪天结束，补12月6号)."""
    clause, message = change.found.clause_text(place), str(change.notes.get("message", ""))
    texts = [clause, change.found.text, *([message] if "end" not in change.base and END.search(message) else [])]
    return next((text for text in texts if START.search(text) or END.search(text)), change.found.text)


def _new_days(change: Change, today: dt.date) -> None:
    found = change.found
    for place in list(found.where("time")):
        token = found.tokens[place]
        if _no_day(change, place) or _said_twice(change, place, today):
            continue
        period = resolve(token.senses["time"], today, 1)
        if period is None or _idle(change, place, period, today):
            continue
        clause = _spoken(change, place)
        moment = _without_the_verb(token.senses["time"])
        if _new_weekday(change, place, moment):
            continue
        if moment.kind == "after" and (LATER.search(clause) or EARLIER.search(clause)):
            if LATER.search(token.text) and isinstance(moment.args[0], int | float):
                # two days later is how far, not when.
                shifted(change, place, moment.args[0], str(moment.args[1]), clause)
            continue
        if period.shape == "recurrence":
            _rhythm(change, place, period)
        else:
            put_days(change, place, anchored(change, token.senses["time"], period), clause, today)
        if period.clock:
            change.step("set", "start_time", period.clock, place)


def _without_the_verb(moment: Moment) -> Moment:
    """Start two days later: the verb is part of the phrase, the days are how far."""
    inner = moment.args[0] if moment.kind == "from" else None
    return inner if isinstance(inner, Moment) and inner.kind == "after" else moment


_SENDS = re.compile(
    r"投(?!诉)|[跑做发上推改换放挪到至起止延定设]|开始|结束|档期|(?<![a-z])(?:run|send|start|end|launch|go|move|make|through|until|from|by|on|this|for)(?![a-z])"
)
_MOVED = re.compile(r"(?:改|换|挪|移|调|搬|推|提前|提早|延|顺)(?:到|至)$")


def _new_weekday(change: Change, place: int, moment: Moment) -> bool:
    """Send it on Tuesdays instead: of what goes out every week a bare weekday is the new rhythm."""
    moved = _MOVED.search(change.found.before(place, 6) + change.found.tokens[place].text[:1])
    moment = (bare(moment) or moment) if moved else moment
    if not str(change.base.get("recurrence", "")).startswith("weekly:") or moment.kind != "weekday":
        return False
    clause = change.found.clause_text(place)
    if moment.args[0] is not None or START.search(clause) or END.search(clause):
        return False
    change.step("set", "recurrence", f"weekly:{DAYS[moment.args[1]]}", place)
    return True


def _no_day(change: Change, place: int) -> bool:
    """Words of time that say no new day: windows, hours, old days, 12号之后再加三天, a mere 现在."""
    found, token = change.found, change.found.tokens[place]
    if token.has("window", "clock", "since") or place in found.used or gives_way(change, place):
        return True
    if re.match(
        r"(?:那几天|当天|就|先|都|一律)*(?:不|别|甭|不要)(?:投|做|发|跑|上线|推|开|搞)(?!到)|(?:之?后|以后)?(?:再|又)(?:加|多|延|续)|(?:那天|当天)?(?:就|先)?(?:别|不|甭)(?:停|结束|收)",
        found.after(place, 6),
    ):
        return True
    kind = token.senses["time"]
    kind = kind.args[0] if kind.kind == "until" and isinstance(kind.args[0], Moment) else kind
    if kind.kind == "part" and place + 1 < len(found.tokens) and found.tokens[place + 1].has("moment"):
        # 月中15号
        return found.gap(place, place + 1) == ""
    if _NOT_THEN.search(found.before(place, 8) + token.text[:2]):
        return True
    at_once = token.text in ("now", "现在", "马上", "立即", "即刻")
    return at_once and not START.search(found.clause_text(place))


# 别停在一月底，一直写到除夕: the day that is turned down.
_NOT_THEN = re.compile(
    r"(?:不|别)(?:跑|做|投|发|上|搞)[\u4e00-\u9fff]{2}$|(?:别|不要|不用|甭)(?=[\u4e00-\u9fff]{2}$)|(?:别|不要|不用|甭|不必|不)(?:做|跑|拖|等|停|止|卡|放|定|选|拖|结束|只)?(?:在|到|于)(?:了)?.{0,2}$"
)


def _said_twice(change: Change, place: int, today: dt.date) -> bool:
    """周日29号: the day of the week and the date right beside it are one day."""
    found = change.found
    before = place - 1
    if before < 0 or "time" not in found.tokens[before].senses:
        return False
    first, second = (resolve(found.tokens[p].senses["time"], today, 1) for p in (before, place))
    if first is None or second is None or found.gap(before, place).strip(" (（,的当那天") != "":
        return False
    return (first.end or first.start) == (second.start or second.end)


_CAPPED = re.compile(
    r"每(?:人|客|个(?:人|客户|用户))|per (?:person|user|customer)|最多|不超过|上限|频控|频次|at most|no more than|max"
)


def _rhythm(change: Change, place: int, period: Period) -> None:
    hours = [t.senses["clock"].args for t in change.found.tokens if t.has("clock")]
    capped = _CAPPED.search(change.found.clause_text(place))
    if period.recurrence == "daily" and (capped or any(len(pair) == 2 for pair in hours)):
        # 每天10点到20点发 says the hours of every day, 每天最多1条 a cap: no rhythm.
        return
    if ":" not in period.recurrence and period.recurrence != "daily":
        return
    change.step("set", "recurrence", period.recurrence, place)
    if "start" not in change.base and period.start is not None:
        change.step("set", "start", period.start.isoformat(), place)
