"""Traditional Chinese: what was written and checked in Simplified, in the other script with the usual words."""

import functools

import opencc

_WORDS = {"賬戶": "帳戶", "賬單": "帳單", "默認": "預設", "鏈接": "連結", "短信": "短訊", "信息": "資訊"}
"""Words that the conversion of characters leaves as they are said on the mainland."""


def traditional(text: str) -> str:
    """The text in Traditional characters; every number, mark and Latin letter stays, and so does the length."""
    made = _converter().convert(text)
    for plain, usual in _WORDS.items():
        made = made.replace(plain, usual)
    return made


def written(text: str, script: str) -> str:
    """The text in a script: ``hant`` is Traditional, anything else as it is."""
    return traditional(text) if script == "hant" else text


def is_traditional(text: str) -> bool:
    """Whether a text is written in Traditional characters: more that only Big5 has than that only GB 2312 has."""
    only = [("gb2312", "big5"), ("big5", "gb2312")]
    simple, old = (sum(_within(letter, a) and not _within(letter, b) for letter in text) for a, b in only)
    return old > simple


def _within(letter: str, encoding: str) -> bool:
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        return False
    return "\u3400" <= letter <= "\u9fff"


@functools.cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2hk")
