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


@functools.cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2hk")
