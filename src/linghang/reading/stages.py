"""Phases of one brief: 预热/爆发/返场, 第一波/第二波, each with its own days or length and, where said, channels."""

import datetime as dt
import re
from typing import Any

from linghang.reading.draft import Draft
from linghang.reading.sentence import Sentence
from linghang.reading.times.moments import Period, resolve

_NAMES = re.compile(
    r"预热(?:期)?|蓄水(?:期)?|爆发(?:期)?|高潮(?:期)?|返场(?:期)?|长尾(?:期)?|收尾(?:期)?|延续期|正式期"
    r"|第[一二三四1-4](?:波|阶段|期|轮|段)|首波|(?<![a-z])(?:phase|wave|stage)\s(?:\d|one|two|three)"
    r"|(?<![a-z])(?:teaser|warm-?up|main event|encore)(?![a-z])"
)
_THREE = re.compile(r"预热[、/,+到→-]*爆发[、/,+到→-]*返场")


_NUMBER = r"(\d{1,2}|[一二两三四五六七八九十])"
_LENGTHS = {word: n for n, word in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_AFTER = re.compile(rf"[ 为是共持续约:]{{0,4}}{_NUMBER}\s?(天|周|days?|weeks?)(?!\s?(?:[到至后前内]|after|before))")
_BEFORE = re.compile(rf"{_NUMBER}[\s-]?(天|周|days?|weeks?)的?\s?(?:of\s)?$")


def phases(draft: Draft, today: dt.date) -> None:
    """Put ``phases`` when at least two are named with days or lengths, and ``start`` and ``end`` over dated days."""
    found = draft.sentence
    hits = list(_NAMES.finditer(found.text))
    if len(hits) < 2:
        return
    made: list[dict[str, Any]] = []
    bounds = [hit.start() for hit in hits[1:]] + [len(found.text)]
    used: list[int] = []
    last = 0
    for hit, until in zip(hits, bounds, strict=True):
        phase: dict[str, Any] = {"name": hit[0]}
        place, period = _days(found, hit.start(), hit.end(), until, today, used)
        days = _length(found.text, hit.start(), hit.end())
        if period is not None and period.start is not None and days in (0, _span(period)):
            phase |= {"start": period.start.isoformat(), "end": (period.end or period.start).isoformat()}
            used.append(place)
        elif days:
            phase["days"] = days
        channels = _channels(found, hit.end(), until)
        if channels:
            phase["channels"] = channels
        if (
            not {"start", "days"} & set(phase)
            and made
            and {"start", "days"} & set(made[-1])
            and found.clause_at(hit.start()) == found.clause_at(last)
        ):
            # 第一波 12.1-12.3 预热: two names of one phase.
            made[-1] = made[-1] | {"name": made[-1]["name"] + hit[0]} | ({"channels": channels} if channels else {})
        else:
            made.append(phase)
        last = hit.start()
    made = _once(made)
    dated = [phase for phase in made if "start" in phase]
    if not _told_apart(made) and not _THREE.search(found.text):
        return
    draft.values["phases"] = made
    draft.note("phases", hits[0].start(), hits[-1].end())
    if dated:
        draft.put("start", min(phase["start"] for phase in dated), *used)
    if dated and not any("days" in phase for phase in made):
        draft.put("end", max(phase["end"] for phase in dated), *used)


def _told_apart(made: list[dict[str, Any]]) -> bool:
    """Whether at least two phases say something of their own: days, a length or channels."""
    return any(sum(key in phase for phase in made) > 1 for key in ("start", "days", "channels"))


def _once(made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """预热期push, … 12.5-12.8预热: a phase that is spoken of twice is one."""
    merged: dict[str, dict[str, Any]] = {}
    for phase in made:
        key = re.sub(r"期$", "", str(phase["name"]))
        merged[key] = phase | merged.get(key, {}) if key in merged else phase
    return list(merged.values())


def _days(
    found: Sentence, start: int, end: int, until: int, today: dt.date, used: list[int]
) -> tuple[int, Period | None]:
    """The days of a phase: said behind its name before the next, else right before it."""
    free = [p for p in found.where("moment") if p not in used]
    own = found.clause_at(start)
    behind = [p for p in free if end <= found.tokens[p].start < until]
    near = [p for p in behind if found.clause(p) == own]
    near += [p for p in free if 0 <= start - found.tokens[p].end <= 2]
    near += [
        p
        for p in behind
        if found.clause(p) != own
        and (used or until < len(found.text))
        and found.tokens[p].senses["moment"].kind != "festival"
        and not _NAMES.match(found.text, found.tokens[p].end)
    ]
    for place in near:
        period = resolve(found.tokens[place].senses["moment"], today, 1)
        if period is not None and period.start is not None:
            return place, period
    return -1, None


def _span(period: Period) -> int:
    return ((period.end or period.start) - period.start).days + 1 if period.start else 0


def _length(text: str, start: int, end: int) -> int:
    """How many days a phase lasts: said right behind its name (预热3天), else before it (3天预热); 0 if neither."""
    hit = _AFTER.match(text, end) or _BEFORE.search(text, max(0, start - 12), start)
    if hit is None:
        return 0
    return (int(hit[1]) if hit[1].isdigit() else _LENGTHS[hit[1]]) * (7 if hit[2][0] in "周w" else 1)


def _channels(found: Sentence, start: int, until: int) -> list[str]:
    """Channels said of this phase: in its own clause, for what the whole campaign uses stands in another."""
    own = found.clause_at(start - 1)
    names = [
        t.senses["channel"] if t.has("channel") else t.senses["slot"][1]
        for t in found.tokens
        if t.has("channel", "slot") and start <= t.start < until and found.clause_at(t.start) == own
    ]
    if not names:
        # 首页banner预热期用: the place stands before the phase, in its clause.
        names = [
            t.senses["channel"] if t.has("channel") else t.senses["slot"][1]
            for t in found.tokens
            if t.has("channel", "slot") and t.end <= start and found.clause_at(t.start) == found.clause_at(start - 1)
        ]
    names = [name for name in names if name]
    return list(dict.fromkeys(names)) if len(names) < 4 else []
