"""The door of reading: one text, a batch of lines, or a question, to frozen readings."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from linghang.packs.model import Pack
from linghang.reading.acts import (
    asks,
    is_ours,
    is_outside,
    recognise,
    runs_again,
    sets_goal,
    side_by_side,
    wants_copy,
    wants_figures,
    without_bans,
)
from linghang.reading.brief import brief
from linghang.reading.draft import Draft
from linghang.reading.edits import asks_back, begins_anew, edit, permits, tells_all, wished
from linghang.reading.lexer import sentence
from linghang.reading.lexicon import Lexicon, lexicon
from linghang.reading.model import Alternative, Kind, Reading, Span
from linghang.reading.questions import question
from linghang.reading.sentence import Sentence

THRESHOLD = 0.5
"""Below this confidence a text is ``unclear``: it is asked, with the likeliest readings, and nothing is done."""

LONGEST_CHANGE = 2000
"""A change of a reading has at most so many characters; a longer text is asked about."""
_SURE = 0.8


def read(text: str, *, today: dt.date, pack: Pack | None, after: Mapping[str, Any] | None = None) -> Reading:
    """What an operator's text means. ``after`` is the reading that an edit changes; without it nothing is an edit."""
    words = lexicon(pack)
    # What is longer than any change is heard by how it begins, and is never read as thousands of changes.
    found = sentence(text if after is None else text[:LONGEST_CHANGE], words, after)
    ranked = recognise(found, has_base=after is not None)
    kind, confidence = _kind(found, ranked, words, after)
    alternatives = tuple(Alternative(name, round(score, 3)) for name, score in ranked[:3])
    if (
        after is not None
        and len(text) <= LONGEST_CHANGE
        and (_may_change(found, after, kind, confidence, today, words) or _wishes(found, after, today, words))
    ):
        done = edit(found, after, today, words)
        if done is not None:
            return _edit(text, done, max(confidence if kind == "edit" else 0.0, THRESHOLD), alternatives)
    if after is not None and tells_all(found) and not asks_back(found):
        # All of a campaign at once, and nothing of it changed: one of its own.
        kind, confidence = "brief", max(confidence, THRESHOLD)
    if confidence < THRESHOLD or kind == "edit" or (kind == "out_of_scope" and confidence < _SURE and is_ours(found)):
        return Reading("unclear", {}, confidence=min(confidence, 0.49), alternatives=alternatives)
    if kind == "analysis":
        return _reading("analysis", question(sentence(text, words), today, words), confidence, alternatives)
    if kind == "brief":
        return _brief(text, words, today, confidence, alternatives)
    return Reading(kind, {}, confidence=confidence, alternatives=alternatives)


def _wishes(found: Sentence, after: Mapping[str, Any], today: dt.date, words: Lexicon) -> bool:
    """Last year's texts were hated. Cut the budget: without the reason beside it, it is a change."""
    if (said := wished(found, after)) == found.normal.original:
        return False
    heard = sentence(said, words, after)
    kind, confidence = _kind(heard, recognise(heard, has_base=True), words, after)
    return _may_change(heard, after, kind, confidence, today, words)


def _kind(
    found: Sentence, ranked: Sequence[tuple[Kind, float]], words: Lexicon, after: Mapping[str, Any] | None
) -> tuple[Kind, float]:
    """The likeliest kind, where what a text wants to be done with figures or copy may say better."""
    kind, confidence = ranked[0]
    if kind == "analysis" and (rest := without_bans(found.text)).strip() and rest != found.text:
        kind, confidence = recognise(sentence(rest, words), has_base=after is not None)[0]
    aimed = wants_copy(found) or (sets_goal(found) and not asks(found))
    unsure = confidence < THRESHOLD or kind in ("analysis", "out_of_scope", "smalltalk")
    if unsure and (runs_again(found) or (aimed and not wants_figures(found))):
        # Two subject lines for the year-end review are written, not reckoned; 公众号拿10万曝光 is a goal.
        kind, confidence = "brief", max(dict(ranked).get("brief", 0.0), _SURE)
    if after is None and (
        (confidence < THRESHOLD and _puts_a_question(found)) or (kind == "brief" and side_by_side(found))
    ):
        kind, confidence = "analysis", max(confidence, THRESHOLD)
    return kind, confidence


def _may_change(
    found: Sentence, after: Mapping[str, Any], kind: Kind, confidence: float, today: dt.date, words: Lexicon
) -> bool:
    """With a base a text is taken for a change of it, unless it clearly asks, chats, or is a whole new brief."""
    if permits(found, after) or _LABELLED.match(found.text):
        return True
    if is_outside(found) or (kind in ("smalltalk", "check", "knowledge") and confidence >= _SURE):
        return False
    if kind != "edit" and asks_back(found) and not _TELLS.match(found.text):
        return False
    if (kind != "brief" or confidence < THRESHOLD) and not tells_all(found):
        return True
    told = brief(sentence(found.normal.original, words), today, words).values
    return not begins_anew(found, told, after)


def _edit(
    text: str,
    done: tuple[list[dict[str, Any]], dict[str, Any], dict[str, tuple[Span, ...]]],
    confidence: float,
    alternatives: tuple[Alternative, ...],
) -> Reading:
    patch, reading, spans = done
    changed = {re.split(r"[.\[]", str(step["path"]))[0] for step in patch}
    spans = _supported(text, changed - {"missing"}, spans, ())
    return Reading("edit", reading, patch=tuple(patch), spans=spans, confidence=confidence, alternatives=alternatives)


_LABELLED = re.compile(
    r"(?:活动的?)?(?:产品|标的|渠道|预算|人群|客群|目标|目的|面额|门槛|对照组?|语气|风格|配色|标题)(?:就|还是)?(?:用|走|改|换|定|变|调|写成|写为|算作)(?![么吗呢几多哪谁])"
)
"""产品用大额存单: what a part of the campaign is to be, however much it sounds like a term."""
_TELLS = re.compile(
    r"(?:再|也|请|麻烦|帮我)*(?:补|加|改|换|设|定|把|将|去掉|删|撤|限|只)"
    r"|(?:kpi|考核指标)[^,，。?？]{0,4}[换改]成"
    r"|(?:please )?(?:add|set|make|change|drop|remove|raise|cut"
    r"|use|swap)\s"
)
"""What opens with a verb of change tells, though it names a metric."""


def _puts_a_question(found: Sentence) -> bool:
    """How many …? about our customers or figures: what is asked is a figure, where nothing else is likelier."""
    return bool(_HOW_MANY.search(found.text)) and is_ours(found)


_HOW_MANY = re.compile(
    r"(?:^|[,，。]\s?)(?:how (?:many|much|long|often)|which|why)(?![a-z])[^?？]*[?？]\s*$"
    r"|了(?:多少|几)(?:个|人|单|户|笔)?\s*[?？。]?\s*$"
    r"|(?:多少|几个?)(?:人|客户|用户|单|笔)?[^,，。]{0,6}[?？]\s*$"
)


def _brief(
    text: str, words: Lexicon, today: dt.date, confidence: float, alternatives: tuple[Alternative, ...]
) -> Reading:
    draft = brief(sentence(text, words), today, words)
    found = _reading("brief", draft, confidence, alternatives)
    return Reading(
        "brief",
        found.reading,
        spans=found.spans,
        assumptions=found.assumptions,
        confidence=confidence,
        alternatives=alternatives,
        act="copy" if wants_copy(draft.sentence) else "plan",
    )


def _reading(kind: Kind, draft: Draft, confidence: float, alternatives: tuple[Alternative, ...]) -> Reading:
    spans = {key: tuple(sorted(places)) for key, places in draft.spans.items() if key.split("[")[0] in draft.values}
    told = {key for key, value in draft.values.items() if value not in ([], None)} - {"missing", "flags"}
    spans = _supported(draft.sentence.normal.original, told, spans, tuple(item.key for item in draft.assumptions))
    return Reading(
        kind,
        draft.values,
        spans=spans,
        assumptions=tuple(draft.assumptions),
        confidence=confidence,
        alternatives=alternatives,
    )


def _supported(
    text: str, keys: set[str], spans: Mapping[str, tuple[Span, ...]], assumed: tuple[str, ...]
) -> dict[str, tuple[Span, ...]]:
    """The spans, with the whole sentence behind what no single word says (a kind of analysis, a key dropped)."""
    known = {re.split(r"[.\[]", key)[0] for key in spans} | set(assumed)
    return dict(spans) | {key: ((0, len(text)),) for key in sorted(keys - known)}


def ask(text: str, *, today: dt.date, pack: Pack | None) -> Reading:
    """The reading of a question about results; anything that is no question about results keeps its own kind."""
    words = lexicon(pack)
    ranked = recognise(sentence(text, words), has_base=False, asked=True)
    kind, confidence = ranked[0]
    alternatives = tuple(Alternative(name, round(score, 3)) for name, score in ranked[:3])
    if kind != "analysis":
        return Reading(
            kind if confidence >= THRESHOLD else "unclear", {}, confidence=confidence, alternatives=alternatives
        )
    return _reading("analysis", question(sentence(text, words), today, words), confidence, alternatives)


def slots(text: str, *, today: dt.date, pack: Pack | None) -> Mapping[str, Any]:
    """What a piece of a brief says, whatever kind of speaking it would be by itself; nothing is assumed or missed."""
    draft = brief(sentence(text, words := lexicon(pack)), today, words)
    assumed = {item.key for item in draft.assumptions} | {"missing", "flags"}
    return {key: value for key, value in draft.values.items() if key not in assumed}


def people(text: str, *, today: dt.date, pack: Pack | None) -> Mapping[str, Any]:
    """The customers that a text names, whatever it wants of them: ``audience`` and ``exclusions`` where it has any."""
    words = lexicon(pack)
    told = brief(sentence(text, words), today, words).values
    if not told.get("audience"):
        filters = question(sentence(text, words), today, words).values.get("filters", [])
        told = {**told, "audience": [item for item in filters if item.get("field") not in _NOT_PEOPLE]}
    return {key: told[key] for key in ("audience", "exclusions") if told.get(key)}


_NOT_PEOPLE = frozenset({"campaign", "channel", "product"})


def read_batch(lines: Iterable[Mapping[str, Any]], *, today: dt.date, pack: Pack | None) -> Iterator[dict[str, Any]]:
    """One answer for each line ``{"id", "text", "after_reading"?}``, in order, in the contract's form with its id."""
    for line in lines:
        found = read(str(line["text"]), today=today, pack=pack, after=line.get("after_reading"))
        yield {"id": line.get("id"), **to_json(found)}


def to_json(reading: Reading, *, spans: bool = False) -> dict[str, Any]:
    """What the commands print: ``kind`` and ``reading``, with ``patch`` for edits and the choices when it is"""
    """unclear."""
    shape: dict[str, Any] = {"kind": reading.kind, "reading": dict(reading.reading)}
    if reading.kind == "edit":
        shape["patch"] = [dict(step) for step in reading.patch]
    if reading.kind == "unclear":
        shape["alternatives"] = [{"kind": item.kind, "confidence": item.confidence} for item in reading.alternatives]
    if spans:
        shape["spans"] = {key: [list(span) for span in places] for key, places in reading.spans.items()}
        shape["assumptions"] = [
            {"key": item.key, "value": item.value, "reason": item.reason} for item in reading.assumptions
        ]
        shape["confidence"] = round(reading.confidence, 3)
    return shape
