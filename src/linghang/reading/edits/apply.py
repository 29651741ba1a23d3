"""One edit: all steps that a sentence asks for, applied to the reading that it changes."""

import datetime as dt
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from linghang.base.errors import UsageError
from linghang.base.patches import apply
from linghang.reading.brief import base_campaign
from linghang.reading.draft import Draft
from linghang.reading.edits.aims import aims
from linghang.reading.edits.amounts import amounts
from linghang.reading.edits.dates import dates
from linghang.reading.edits.exclusions import allowed, freed
from linghang.reading.edits.experiments import apportioned, details
from linghang.reading.edits.figures import figures, rejected
from linghang.reading.edits.fragments import fragment
from linghang.reading.edits.gifts import gifts, wares
from linghang.reading.edits.headed import headed
from linghang.reading.edits.looks import looks
from linghang.reading.edits.named import figure
from linghang.reading.edits.people import people
from linghang.reading.edits.pieces import clauses, pieces, unchanged
from linghang.reading.edits.places import places
from linghang.reading.edits.released import opened, released, removed_figures
from linghang.reading.edits.sums import in_scale, wordless
from linghang.reading.edits.unworded import instead_of_the_old, unworded
from linghang.reading.edits.wishes import inside, is_reason, without_reason
from linghang.reading.edits.wording import wording
from linghang.reading.edits.words import Change, Step
from linghang.reading.gaps import missing
from linghang.reading.lexer import sentence
from linghang.reading.lexicon import Lexicon
from linghang.reading.model import Span
from linghang.reading.offer_details import spend_and_save
from linghang.reading.quantities import Quantity
from linghang.reading.sentence import Sentence

_TOGETHER = 2
"""So many pieces that say nothing by themselves are still read together with the next."""


def edit(
    found: Sentence, base: Mapping[str, Any], today: dt.date, words: Lexicon
) -> tuple[list[Step], dict[str, Any], dict[str, tuple[Span, ...]]] | None:
    """The patch, the reading after it and the supporting spans; None when the sentence changes nothing.

    Each piece of the sentence changes what the pieces before it left; a piece that says nothing by itself is read
    together with the next one.
    """
    parts, said = pieces(found), clauses(found)
    reasons = [clause for clause in said if is_reason(found, base, clause)] if len(said) > 1 else []
    wishes = [wish for part in parts if (wish := without_reason(found, base, part, said, reasons)) is not None]
    if wishes and reasons:
        done = _edit(found, wishes, base, today, words, reasons)
        if done is not None:
            return done
    return _edit(found, [(part, part) for part in parts], base, today, words, ())


_Part = Span
_Done = tuple[list[Step], dict[str, Any], dict[str, tuple[Span, ...]]]


def _kept(found: Sentence, wishes: Sequence[_Part]) -> frozenset[str]:
    """The roots that a message says to leave alone."""
    kept = frozenset(root for low, high in wishes for root in unchanged(found.text[low:high]) or ())
    if "start" in kept and any(_DATES.search(found.text[low:high]) for low, high in wishes):
        # 日期换下周四，时间不变: here it is the hour that stays.
        return kept - {"start", "end", "duration_days", "length"}
    return kept


_DATES = re.compile(r"日期|日子|(?:发送|上线|开始|推送)日|(?<![a-z])dates?(?![a-z])")


def _edit(
    found: Sentence,
    parts: Sequence[tuple[_Part, _Part]],
    base: Mapping[str, Any],
    today: dt.date,
    words: Lexicon,
    reasons: Sequence[_Part],
) -> _Done | None:
    kept = _kept(found, [wish for wish, _ in parts])
    aside = sorted({at for reason in reasons for at in inside(found, reason)})
    spoken = tuple(quantity for at in aside if (quantity := figure(found, at)) is not None)
    made = Change(found, base)
    current: Mapping[str, Any] = base
    waiting: list[tuple[int, int]] = []
    topic = ""
    for part, whole in parts:
        if unchanged(found.text[part[0] : part[1]]) is not None:
            continue
        waiting = [*waiting[-_TOGETHER:], whole]
        known = _Known(today, words, kept, topic, tuple(made.steps), base, found.text, spoken)
        known = replace(known, muted=found.normal.span(whole[0], part[0])[1] if part != whole else 0)
        step = _change(found, part, current, replace(known, old_only=True)) if spoken else None
        if step is None:
            step = _change(found, (waiting[0][0], whole[1]), current, known)
        if step is None and known.muted:
            step = _change(found, whole, current, replace(known, muted=0))
        if step is None and len(waiting) > 1:
            step = _change(found, whole, current, known)
        topic = _topic(found, part) or topic
        if step is not None:
            steps, current, spans = step
            made.steps += steps
            for key, places in spans.items():
                made.spans.setdefault(key, []).extend(places)
            waiting = []
    if not made.steps:
        return None
    after = dict(current)
    if "length" in kept:
        _keep_length(made, base, after)
    _settle(made, after)
    return made.steps, after, {key: tuple(spans) for key, spans in made.spans.items()}


def _keep_length(made: Change, base: Mapping[str, Any], after: dict[str, Any]) -> None:
    """12月10号开始，时长不变: the end moves with the start."""
    if "end" not in base or "start" not in base or made.touched("end") or not made.touched("start"):
        return
    first, last, new = (dt.date.fromisoformat(day) for day in (base["start"], base["end"], after["start"]))
    after["end"] = (new + (last - first)).isoformat()
    made.step("set", "end", after["end"])


def _left_alone(path: str, kept: frozenset[str]) -> bool:
    """Whether a path is, or is part of, what the message says to leave alone (面额不动 keeps only the face value)."""
    return path in kept or re.split(r"[.\[]", path)[0] in kept


def _holds(base: Mapping[str, Any], step: Step) -> bool:
    """一千的门槛吓跑人: a figure that holds already is no change, and the piece waits for the next."""
    if step["op"] == "set" and step["path"].startswith("audience["):
        return step.get("value") in base.get("audience", [])
    key, _, part = step["path"].partition(".")
    held = base.get(key)
    if part:
        held = held.get(part) if isinstance(held, dict) else None
    return (
        step["op"] == "set" and "[" not in step["path"] and isinstance(held, int | float) and held == step.get("value")
    )


def _gone_before(earlier: Sequence[Step], step: Step) -> bool:
    """门槛取消,无门槛: what went is not set to nothing as well."""
    return step.get("value") == 0 and {"op": "remove", "path": step["path"]} in earlier


@dataclass(frozen=True)
class _Known:
    """What holds for every piece: the day, the words, what is to be left alone, and the condition spoken of last."""

    today: dt.date
    words: Lexicon
    kept: frozenset[str]
    topic: str
    earlier: tuple[Step, ...] = ()
    first: Mapping[str, Any] = field(default_factory=dict)
    message: str = ""
    aside: tuple[Quantity, ...] = ()
    old_only: bool = False
    muted: int = 0


def _topic(found: Sentence, part: tuple[int, int]) -> str:
    """The field of the condition that a piece names."""
    place = bisect_left(found.tokens, part[1], key=lambda token: token.start)
    while place and found.tokens[place - 1].start >= part[0]:
        place -= 1
        if found.tokens[place].has("field"):
            return str(found.tokens[place].senses["field"]["field"])
    return ""


_Made = tuple[list[Step], dict[str, Any], dict[str, list[Span]]]


def _change(
    found: Sentence,
    part: tuple[int, int],
    base: Mapping[str, Any],
    known: _Known,
) -> _Made | None:
    """What one piece changes, with its spans in the operator's own text."""
    low, high = part
    first, last = found.normal.span(low, high)
    whole = (low, high) == (0, len(found.text))
    change = Change(
        replace(found, used=set()) if whole else sentence(found.normal.original[first:last], known.words, known.first),
        base,
    )
    change.notes |= {
        "topic": known.topic,
        "today": known.today,
        "earlier": known.earlier,
        "first": known.first,
        "words": known.words,
        "message": known.message,
        "aside": known.aside,
    }
    if first < known.muted:
        # Of a reason only what gives way and old figures are heard: no days, no people.
        change.found.used.update(
            at
            for at, token in enumerate(change.found.tokens)
            if first + change.found.normal.origin[token.start] < known.muted
            and not token.has("channel", "slot", "quantity", "window", "product", "offer")
        )
    if known.old_only:
        instead_of_the_old(change)
    else:
        _one(change, known.today, known.words)
    change.steps = [
        step
        for step in change.steps
        if not _left_alone(step["path"], known.kept)
        and not _gone_before(known.earlier, step)
        and not _holds(base, step)
    ]
    change.steps = [scaled for step in change.steps if (scaled := in_scale(step, base, known.message)) is not None]
    if not change.steps:
        return None
    try:
        after, _ = apply(base, change.steps)
    except UsageError:
        return None
    shift = 0 if whole else first
    spans = {key: [(a + shift, b + shift) for a, b in places] for key, places in change.spans.items()}
    return change.steps, after, spans


def _one(change: Change, today: dt.date, words: Lexicon) -> None:
    allowed(change)
    freed(change)
    if opened(change) or _runs_again(change, today):
        return
    apportioned(change)
    released(change)
    removed_figures(change)
    wording(change)
    aims(change)
    wordless(change)
    _saving(change)
    figures(change)
    rejected(change)
    gifts(change)
    _fold(change)
    headed(change)
    dates(change, today)
    people(change, words.fields)
    places(change)
    amounts(change)
    details(change)
    looks(change)
    wares(change)
    if not change.steps:
        fragment(change)
    unworded(change)


_AGAIN = re.compile(r"复用|照搬|沿用|重跑|照抄|再来|再跑|拿来用|rerun|re-run|repeat")


def _runs_again(change: Change, today: dt.date) -> bool:
    """国庆那波原样复用: the campaign that this one repeats; its day is part of its name."""
    if _modelled_on(change, today):
        return True
    if not _AGAIN.search(change.found.text):
        return False
    return _repeats(change, change.found.normal.original, today)


# 参照的那场改成9月的黄金拉新
_MODEL = re.compile(
    r"(?:参照|参考|对标|照着|样板|蓝本|沿袭|底子|底版|模板|原型|范本|基础)(?:的)?(?:(?:那|这)?[个一]?[场波次期轮]|那个|活动|对象)*(?:的?活动)?"
    r"(?:改成|换成|改为|换为|改用|换到|改|换|用)(?P<zh>[^,，。;]{3,24})$"
    r"|(?:base|reference|model) campaign (?:should be |is now |becomes |to )(?P<en>[^,.;]{3,40})$"
)


def _modelled_on(change: Change, today: dt.date) -> bool:
    """The campaign that this one follows is another one now."""
    hit = _MODEL.search(change.found.normal.original)
    if hit is None:
        return False
    return _repeats(change, f"照搬{hit['zh']}" if hit["zh"] else f"repeat {hit['en']}", today)


def _repeats(change: Change, text: str, today: dt.date) -> bool:
    draft = Draft(sentence(text, change.notes["words"]))
    base_campaign(draft, today)
    if "base_campaign" not in draft.values:
        return False
    said, held = str(draft.values["base_campaign"]), str(change.base.get("base_campaign", ""))
    name, _, when = said.partition("（")
    if when and (tail := re.search(rf"(?:{_AGAIN.pattern})$", name)) and tail.start():
        # 照9月那次黄金拉新重跑: the verb is no part of the name.
        name, said = name[: tail.start()], f"{name[: tail.start()]}（{when}"
    if _AGAIN.fullmatch(name) and when and "（" in held:
        # 照9月那期重跑: the same campaign, of another month.
        said = f"{held.partition('（')[0]}（{when}"
    change.step("set", "base_campaign", said)
    return True


_OFF = re.compile(
    r"(?<![\d,])(\d[\d,]*)\s?(?:yuan |rmb |cny )?off\s(?:every |orders? (?:of |over |above )|a spend of "
    r"|spends? (?:of |over )|for "
    r"|over |above )?(\d[\d,]*)(?![\d%])"
)


def _saving(change: Change) -> None:
    """把券改成满100减15: both figures of the offer at once."""
    if not isinstance(change.base.get("offer"), dict):
        return
    value: dict[str, Any] = {}
    draft = Draft(change.found)
    spend_and_save(draft, value)
    if hit := _OFF.search(change.found.text):
        # 50 off 2,000
        value |= {"face_value_cny": int(hit[1].replace(",", "")), "threshold_cny": int(hit[2].replace(",", ""))}
        span = range(hit.start(), hit.end())
        change.found.used.update(p for p, t in enumerate(change.found.tokens) if t.start in span)
    for key, said in value.items():
        change.step("set", f"offer.{key}", said)


def _fold(change: Change) -> None:
    """抽奖换成满300减20的券: figures that were read first belong to the new offer."""
    whole = next((step for step in change.steps if step["path"] == "offer" and step["op"] == "set"), None)
    parts = [step for step in change.steps if step["path"].startswith("offer.")]
    if whole is None or not parts:
        return
    said = {step["path"].removeprefix("offer."): step["value"] for step in parts}
    kept = {"type": whole["value"]["type"]} if "face_value_cny" in said else dict(whole["value"])
    whole["value"] = kept | said
    change.steps = [step for step in change.steps if step not in parts]


def _settle(change: Change, after: dict[str, Any]) -> None:
    """What is still to be asked: answered questions go; what the edit took away is asked again."""
    for key in [key for key, value in after.items() if value == [] and key != "missing"]:
        del after[key]
    moved = change.touched("start") or change.touched("end")
    if moved and "schedule_conflict" in after.get("flags", []) and _in_order(after):
        change.step("remove", "flags", "schedule_conflict")
        after["flags"] = [flag for flag in after["flags"] if flag != "schedule_conflict"]
        if not after["flags"]:
            del after["flags"]
    before = list(change.base.get("missing", []))
    open_now = missing(after, month_only="start" in before)
    open_before = missing(change.base, month_only="start" in before)
    settled = [key for key in before if key in open_now or key not in open_before]
    settled += [key for key in open_now if key not in open_before and key not in settled]
    if settled != before:
        change.step("set", "missing", settled)
        after["missing"] = settled


def _in_order(reading: Mapping[str, Any]) -> bool:
    return str(reading.get("start", "")) <= str(reading.get("end", "9"))
