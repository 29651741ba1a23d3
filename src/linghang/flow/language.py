"""In which language and script a campaign speaks: what the operator asks for, else that of the sentence itself."""

import re
from collections.abc import Iterable
from typing import Literal

from linghang.creatives.script import is_traditional

Language = tuple[Literal["zh", "en"], Literal["", "hant"]]
"""Language and script."""
_SAYS = r"(?:文案|语言|語言|推送|短信|邮件|海报|图|圖|页面|全部|整体|用|改|换|換|写|寫|做成|版本?|出)"
_WAYS: tuple[tuple[re.Pattern[str], Language], ...] = (
    (re.compile(r"繁体|繁體|正體|正体(?:字|中文)|traditional chinese", re.I), ("zh", "hant")),
    (re.compile(r"简体|簡體|简中|simplified chinese|\bin chinese\b|chinese (?:copy|version|text)", re.I), ("zh", "")),
    (re.compile(rf"{_SAYS}[^,，。;；、\n]{{0,6}}(?:中文)", re.I), ("zh", "")),
    (
        re.compile(
            rf"{_SAYS}[^,，。;；、\n]{{0,6}}(?:英文|英语|英語)|(?:英文|英语|英語)(?:的)?(?:文案|版|推送|短信|海报|页面)"
            r"|\bin english\b|english (?:copy|version|texts?)",
            re.I,
        ),
        ("en", ""),
    ),
)
_NOT = re.compile(r"(?:不要|别|不用|不做|不出|无需|no|not|without)\s*\S{0,4}$", re.I)


def asked(text: str) -> Language | None:
    """The language that a sentence asks for, the last one named; None where it says nothing of it."""
    found: list[tuple[int, Language]] = []
    for pattern, language in _WAYS:
        found += [(match.end(), language) for match in pattern.finditer(text) if not _NOT.search(text[: match.start()])]
    return max(found, default=(0, None))[1]


def spoken(text: str, edits: Iterable[str] = ()) -> Language:
    """The language of a campaign: what its sentence or the last edit of it asks for, else that of the sentence."""
    for said in (*reversed([edit for edit in edits if edit]), text):
        if (language := asked(said)) is not None:
            return language
    if text.isascii():
        return ("en", "")
    return ("zh", "hant" if is_traditional(text) else "")
