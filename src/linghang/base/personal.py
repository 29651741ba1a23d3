"""Personal numbers in free words: mobile phones, identity numbers, cards, e-mail addresses; found and covered.

Names of people are words like any other: nothing here finds them.
"""

import re

_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_IDENTITY = re.compile(r"(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])")
_CARD = re.compile(r"(?<!\d)(?:\d{4}[ -]?){3,4}\d{3,4}(?!\d)")
_PHONE = re.compile(r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")


def covered(text: str, *, strict: bool = False) -> str:
    """The text with its personal numbers covered.

    ``strict`` covers long numbers only where they are cards by their first and last digits (ISO/IEC 7812-1), so that
    two days written in a row stay what they are.
    """
    text = _MAIL.sub(lambda hit: f"{hit.group()[0]}***{hit.group()[hit.group().index('@') :]}", text)
    text = _IDENTITY.sub(lambda hit: f"{hit.group()[:3]}{'*' * 13}{hit.group()[-2:]}", text)
    text = _CARD.sub(lambda hit: hit.group() if strict and not _is_card(hit.group()) else _shown(hit.group()), text)
    return _PHONE.sub(lambda hit: f"{hit.group()[:3]}****{hit.group()[-4:]}", text)


def _shown(card: str) -> str:
    return f"{card[:4]} **** {_digits(card)[-4:]}"


def _is_card(text: str) -> bool:
    digits = [int(one) for one in _digits(text)]
    doubled = [one * 2 - 9 * (one > 4) for one in digits[-2::-2]]
    return digits[0] in (3, 4, 5, 6) and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
