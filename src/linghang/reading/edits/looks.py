"""Edits of tone, style and colours: 那张红的换成金色, 语气活泼点, no red."""

import itertools
import re
from typing import Any

from linghang.reading.edits.words import SWAP, Change, verb_after, verb_before
from linghang.reading.sentence import Sentence


def looks(change: Change) -> None:
    """Steps for tone, style and colours: 那张红的换成金色 turns red into gold."""
    found = change.found
    for key in ("tone", "style"):
        spoken = [
            p
            for p in range(len(found.tokens))
            if p not in found.used and _look(found, p) == key
            if not re.search(r"(?:instead of|rather than|not|而不是|不是)\s*$", found.before(p, 12))
        ]
        if not spoken:
            continue
        place = spoken[-1]
        value = found.tokens[place].senses.get(key, "festive")
        clause = found.clause_text(place)
        behind = re.sub(r"^[格的色调系感]+", "", found.text[found.tokens[place].end :][:14])
        if (
            re.search(r"(?:不要|别|不用|不想|no|not|less)[^,，]{0,4}$", found.before(place, 6))
            or verb_after(behind) == "drop"
            or verb_before(found.clause_text(place)[: max(0, found.clause_text(place).find(found.tokens[place].text))])
            == "drop"
        ):
            if change.base.get(key) == value:
                change.step("remove", key, None, place)
        elif not (key == "style" and "tone" in found.tokens[place].senses and "风格" not in clause):
            change.step("set", key, value, place)
    _colours(change)


_TURNED_DOWN = re.compile(r"(?:色|的)*(?:太|有点|不好看|不合适)|\s(?:is|looks|feels) too")
# 金色留着
_STAYS = re.compile(
    r"(?:色|的|色的|系)?(?:就|先|还是|都)?(?:留着|保留|不动|别动|不变|照旧)|\s(?:stays?|can stay|is (?:fine|ok|good))"
)


_OF_STYLE, _OF_TONE = re.compile(r"风格|画面|视觉|画风|style|visual"), re.compile(r"语气|调性|口吻|文案|tone|voice")


def _look(found: Sentence, place: int) -> str:
    """Whether a word is of the tone or of the style: its clause says it of 节庆, which may be either."""
    token, clause = found.tokens[place], found.clause_text(place)
    styled = bool(_OF_STYLE.search(clause)) and not _OF_TONE.search(clause)
    if token.has("tone") and (token.has("style") or token.senses["tone"] == "festive"):
        return "style" if styled else "tone"
    return "tone" if token.has("tone") else "style" if token.has("style") else ""


def _colours(change: Change) -> None:
    found = change.found
    coloured = [
        p
        for p in range(len(found.tokens))
        if p not in found.used and (found.tokens[p].has("color") or _is_golden(change, p))
    ]
    spoken = [
        p for p in coloured if not re.search(r"(?:instead of|rather than|不是|而不是|not)\s*$", found.before(p, 12))
    ]
    spoken = [p for p in spoken if not _TURNED_DOWN.match(found.text[found.tokens[p].end :])] or spoken
    spoken = [p for p in spoken if not _STAYS.match(found.text[found.tokens[p].end :])]
    if not spoken:
        return
    named = [(place, _names(found.tokens[place].senses.get("color", "gold"))) for place in spoken]
    old: list[str] = list(change.base.get("color", []))
    cut = _turn(change, spoken)
    going = [name for place, names in named if place < cut for name in names]
    coming = [name for place, names in named if place >= cut for name in names]
    verb = verb_before(found.text[: found.tokens[spoken[-1]].start])
    if re.search(r"(?<![a-z])(?:no|without)(?: more)?\s$", found.before(spoken[0], 9)):
        verb = "drop"
    if cut > spoken[0] and all(name in old for name in going):
        new = [
            name for colour in old for name in (coming if colour == going[0] else [colour]) if colour not in going[1:]
        ]
        change.step("set", "color", list(dict.fromkeys(new)), *spoken)
    elif verb == "add" and re.search(r"加|再|也|添|补|带点|add|also|plus|too", found.text):
        for name in coming:
            change.step("add", "color", name, *spoken)
    elif verb == "drop" or verb_after(found.text[found.tokens[spoken[-1]].end :][:10]) == "drop":
        for name in coming:
            if name in old:
                change.step("remove", "color", name, *spoken)
    else:
        change.step("set", "color", list(dict.fromkeys(coming)), *spoken)


def _is_golden(change: Change, place: int) -> bool:
    """make it gold and black: beside another colour gold is one."""
    tokens = change.found.tokens
    sold = re.search(
        r"(?:promote|sell|push|推|卖|product(?: (?:to|is|becomes|should be))?)\s?$", change.found.before(place, 24)
    )
    if (
        tokens[place].text == "gold"
        and not sold
        and "gold" in change.base.get("color", [])
        and change.base.get("product") != "gold"
    ):
        return True
    beside = [p for p in (place - 1, place + 1) if 0 <= p < len(tokens) and tokens[p].has("color")]
    return tokens[place].text == "gold" and any(
        re.fullmatch(r"\s*(?:and|&|\+|/|,|with)\s*", change.found.gap(min(place, p), max(place, p))) for p in beside
    )


def _turn(change: Change, spoken: list[int]) -> int:
    """The first colour behind the verb of change: 红金改成深蓝+香槟金 parts what goes from what comes."""
    found = change.found
    for last, place in itertools.pairwise(spoken):
        gap = found.text[found.tokens[last].end : found.tokens[place].start]
        if SWAP.search(gap) or re.search(r"→|->|变|\b(?:into|to|with|for)\b", gap):
            return place
    return spoken[0]


def _names(value: Any) -> list[str]:
    return list(value) if isinstance(value, list) else [value]
