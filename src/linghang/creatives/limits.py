"""What a text may be: how long in its role and place, which words it must avoid, which style the brief asks for."""

import re
from dataclasses import dataclass

from linghang.campaigns.sections import Goal
from linghang.packs.model import Channel, CopyRole, Pack, Product, Slot

_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u20e3]")
_CHINESE = re.compile("[\u3400-\u9fff]")
_CLOSING = ("。", "！", "？", "!", "?", ".", "~")
_FULL = {",": "，", "?": "？", "!": "！", ":": "：", ";": "；"}
_HALF = re.compile("(?<=[\u3400-\u9fff%+)])[,?!:;]|[,?!:;](?=[\u3400-\u9fff])")
_ASKED = re.compile("(?<=[吗呢])。|(?<=放哪儿)。|(?<=怎么省)。|(?<=缺什么)。|(?<=哪一块)。|(?<=占多少)。")
"""A full stop behind a question, where a part stands in a sentence of its own."""
_CONCEPTS = {
    "superlatives": (
        "最", "第一", "唯一", "顶级", "首选", "极致", "史上", "全网", "冠军", "best", "most", "top", "first", "no. 1",
        "unbeatable", "lowest", "highest",
    ),
    "yield": ("收益率", "收益", "年化", "回报", "yield", "return", "apy", "apr"),
    "收益率": ("收益率", "年化", "回报率"),
}  # fmt: skip
"""Forbidden ideas, as an operator names them, and the words that carry them."""


_OPPO_TITLE = 32
_GSM = 160 / 70


@dataclass(frozen=True)
class Place:
    """Where texts go: a slot's id or a channel's, its roles, and what surrounds the body of a message."""

    id: str
    channel: str
    roles: tuple[CopyRole, ...]
    prefix: str = ""
    suffix: str = ""
    longest: int = 0


_SLOT_ROLES = (CopyRole("title", 12), CopyRole("subtitle", 16, required=False), CopyRole("button", 4))
_SEND_ROLES = (CopyRole("body", 70),)


def place_of_slot(slot: Slot) -> Place:
    """A slot as a place for texts; a slot without roles takes title, subtitle and button."""
    return Place(slot.id, slot.channel, slot.roles or _SLOT_ROLES)


def place_of_channel(channel: Channel, lang: str) -> Place:
    """A sending channel as a place: signature before, way out after, and the longest whole message."""
    return Place(
        channel.id,
        channel.id,
        channel.roles or _SEND_ROLES,
        channel.prefix.of(lang) if channel.prefix else "",
        channel.suffix.of(lang) if channel.suffix else "",
        channel.max_chars,
    )


def room_of(place: Place, role: CopyRole, goal: Goal) -> int:
    """Characters that a role's own words may have: its length or the brief's rule, less what surrounds a body."""
    room = longest_of(place, role, goal.lang)
    said = goal.copy_rules.get(f"{role.role}_max_chars")
    if isinstance(said, int | float) and said > 0:
        room = min(room, int(said))
    if role.role == "body" and place.longest:
        return min(room, message_length(place, goal.lang) - _around(place, goal.lang))
    return room


def longest_whole(place: Place, role: CopyRole, lang: str) -> int:
    """Characters that a role's text may have as it is sent, with signature and way out."""
    longest = longest_of(place, role, lang)
    if role.role != "body":
        return longest
    longest += _around(place, lang)
    return min(longest, message_length(place, lang)) if place.longest else longest


def _around(place: Place, lang: str) -> int:
    """What signature and way out take; one place more for the full stop before the way out."""
    # Square brackets are of the plain alphabet's second page, where each counts two; Latin parts have spaces between.
    latin = 4 if lang == "en" and "[" in place.prefix else 0
    return len(place.prefix) + len(place.suffix) + latin + (1 if place.suffix else 0)


def message_length(place: Place, lang: str) -> int:
    """Characters of a whole message with signature and way out; an English one is of the plain alphabet."""
    return int(place.longest * (_GSM if lang == "en" else 1))


def longest_of(place: Place, role: CopyRole, lang: str) -> int:
    """Characters that a role may have. Lengths are told in 字; of Latin letters a place holds twice as many.

    Vendors of phones count so (vivo: 20 字 or 40 letters), except where another allows fewer (OPPO: 32 in a title);
    a text message of the plain alphabet has 160 letters instead of 70.
    """
    if lang != "en":
        return role.longest
    if place.id == "push" and role.role == "title":
        return min(2 * role.longest, _OPPO_TITLE)
    return 2 * role.longest


def measure(text: str, lang: str) -> int:
    """The room that a text takes: its characters; in an English one a Chinese character takes that of two letters."""
    return len(text) + (sum(bool(_CHINESE.match(letter)) or letter in _WIDE for letter in text) if lang == "en" else 0)


_WIDE = "，。：；？！、（）“”"
_CARRIERS = ("legal", "body", "script")
_SAYS_DISCLOSURES = {"subtitle": 16, "title": 20}
"""Roles that carry disclosures where a place has none of ``_CARRIERS``, and how long they have to be for that."""


def carrier_of(place: Place) -> str:
    """The role that carries a place's disclosures; empty where none has room for any, as an icon's four characters."""
    there = {role.role: role.longest for role in place.roles}
    for name in _CARRIERS:
        if name in there:
            return name
    return next((name for name, least in _SAYS_DISCLOSURES.items() if there.get(name, 0) >= least), "")


def whole(place: Place, role: str, text: str) -> str:
    """The text as it is sent: a body with signature and, after a full stop, the way out."""
    if role != "body":
        return text
    closed = not place.suffix or text.endswith(_CLOSING) or place.suffix.startswith((" ", *_CLOSING))
    latin = place.suffix and not _CHINESE.search(place.suffix)
    stop = "" if closed else ("." if latin else "。")
    space = " " if latin and not place.suffix.startswith(" ") else ""
    return f"{place.prefix}{' ' if place.prefix.endswith(']') else ''}{text}{stop}{space}{place.suffix}"


def typeset(text: str, lang: str) -> str:
    """Chinese text with full-width marks beside Chinese characters; numbers such as 1,000 keep theirs.

    English text in the plain alphabet of text messages: one dash outside of it would halve a message's length.
    """
    if lang != "zh":
        return text.replace("–", "-").replace("’", "'")
    return _ASKED.sub("？", _HALF.sub(lambda found: _FULL[found[0]], text))


def forbidden(goal: Goal, pack: Pack, product: Product | None) -> tuple[str, ...]:
    """Every word that no text may have, lower case: the brief's, the brand's, those that carry a forbidden idea."""
    words: list[str] = []
    for said in (*goal.forbidden_words, *pack.brand.avoid):
        if said == "product" and product is not None:
            words.extend((product.label.zh, product.label.en, *product.words))
        else:
            words.extend(_CONCEPTS.get(said, (said,)))
    return tuple(dict.fromkeys(word.lower() for word in words if word))


def allowed(text: str, words: tuple[str, ...], goal: Goal) -> bool:
    """Whether a text has none of the words, and no emoji where the brief says so."""
    lowered = text.lower()
    if any(_contains(lowered, word) for word in words):
        return False
    rules = goal.copy_rules
    if rules.get("no_emoji") and _EMOJI.search(text):
        return False
    return not (rules.get("no_exclamation") and ("!" in text or "！" in text))


def _contains(text: str, word: str) -> bool:
    """Latin words whole, Chinese ones anywhere."""
    if word.isascii():
        return re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", text) is not None
    return word in text
