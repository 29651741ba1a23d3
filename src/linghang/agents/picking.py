"""What a person chose of what was offered last: by its number (2, 第二个, the second) or by words that only it has."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from linghang.agents import store
from linghang.agents.model import Json
from linghang.kit.context import Context

_HAN = "一二三四五六七八九十"
_ENGLISH = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_POLITE = (
    r"(?:请|那|就|嗯|好|好的|行|我?(?:要|选|选择|用|按|取)|就?(?:要|选|用|按|是)|choose|pick|take|go with|i mean)?"
)
_END = r"(?:吧|好了|就行|就好|即可|呗|啊|谢谢|please)?"
_COUNTED = re.compile(
    rf"{_POLITE}[\s,，]*(?:"
    rf"(?:第\s?(?P<zh>[{_HAN}]|\d{{1,2}})|(?P<han>[{_HAN}])号|(?P<bare>\d{{1,2}})|[#＃]\s?(?P<hash>\d{{1,2}})"
    r"|(?:number|no\.?|option)\s?(?P<n>\d{1,2}))\s?(?:个|种|条|项|号|款|选项)?"
    rf"|(?:the\s)?(?P<en>{'|'.join(_ENGLISH)}|\d(?:st|nd|rd|th))(?:\s(?:one|option|choice))?"
    r"|(?P<mid>中间|the middle)(?:那个|的|这个|\sone)?"
    r"|(?P<last>最后|the last|last)(?:一个|那个|一种|\sone)?)"
    rf"\s*{_END}",
    re.IGNORECASE,
)
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_NONE = re.compile(
    r"(?:这?(?:几|三|些)?个?)?(?:都|全)(?:不是|不对|不要|不行|没有)(?:了|的)?|(?:一个)?都不是|以上都不是|都不选"
    r"|none(?: of (?:them|these|those|the above))?|neither"
)
_POINTS = re.compile(r"^(?:就|要|选|是|改)?|(?:那个|这个|的那个|那条|的)?(?:吧|呗|啊)?$")
_LONGEST = 10
_MOST = 9
_END_MARKS = "。.!！~～ ,，"


@dataclass(frozen=True)
class Picked:
    """A choice as it is carried out: the sentence that it answers, and what it says about it.

    ``words`` are those that a ``patch`` was chosen for.
    ``none``: of what was offered nothing is meant; ``most``: a number beyond the choices that there were.
    """

    text: str = ""
    aim: str = ""
    campaign: str = ""
    despite: str = ""
    patch: tuple[Mapping[str, Json], ...] = ()
    words: str = ""
    none: bool = False
    most: int = 0
    choices: Sequence[Json] = field(default_factory=tuple)


def picked(ctx: Context, conversation: str, text: str) -> Picked | None:
    """What a sentence chooses of the choices of the turn before it; None where it chooses nothing."""
    rows = store.turns_of(ctx.db, ctx.institution_id, conversation, last=1)
    reply: Mapping[str, Json] = rows[0]["reply"] if rows else {}
    choices: Sequence[Json] = reply.get("choices") or ()
    if not choices:
        return None
    bare = text.strip(_END_MARKS).lower()
    about = str(reply.get("about") or rows[0]["text"])
    if _NONE.fullmatch(bare):
        return Picked(about, none=True)
    place = _place(bare, len(choices))
    if place is None:
        place = _by_words(bare, choices)
    if place is None:
        return None
    if not 0 <= place < len(choices):
        if bare.isdigit() and (place >= _MOST or choices[0].get("kind") == "patch"):
            # 30 behind three patches is a value, and no place.
            return None
        return Picked(about, most=len(choices), choices=choices)
    return _of(choices[place], about)


def _of(choice: Mapping[str, Json], about: str) -> Picked:
    kind = str(choice.get("kind", ""))
    if kind == "patch":
        return Picked(str(choice["text"]), campaign=str(choice["campaign"]), patch=tuple(choice["patch"]),
                      words=str(choice.get("words") or ""))  # fmt: skip
    said = str(choice.get("says") or choice["text"]) if kind == "text" else about
    return Picked(said, str(choice.get("aim") or ""), str(choice.get("campaign") or ""),
                  str(choice.get("despite") or ""))  # fmt: skip


def _place(bare: str, count: int) -> int | None:
    """The place that a sentence counts to, from 0; None where it counts to none."""
    if len(bare) == 1 and bare in _CIRCLED:
        return _CIRCLED.index(bare)
    hit = _COUNTED.fullmatch(bare)
    if hit is None:
        return None
    if hit["mid"]:
        return 1 if count == len("123") else None
    if hit["last"]:
        return count - 1
    if hit["en"]:
        word = hit["en"]
        return _ENGLISH.index(word) if word in _ENGLISH else int(word[0]) - 1
    number = hit["zh"] or hit["han"] or hit["bare"] or hit["hash"] or hit["n"]
    return _HAN.index(number) if number in _HAN else int(number) - 1


def _by_words(bare: str, choices: Sequence[Json]) -> int | None:
    """The one choice that has just these words (面额那个)."""
    words = _POINTS.sub("", bare).strip()
    if not 1 < len(words) <= _LONGEST and not any(words == str(one["text"]).lower() for one in choices):
        return None
    having = [n for n, one in enumerate(choices) if words in str(one["text"]).lower()]
    return having[0] if len(having) == 1 else None
