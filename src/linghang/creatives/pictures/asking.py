"""Asking by words: names as people say them (热闹, 春节, a product of the pack) become a spec, with what is usual."""

import re
from collections.abc import Mapping, Sequence

from linghang.base.errors import UnknownItemError
from linghang.creatives.pictures import conventions
from linghang.creatives.pictures.model import Coupon, Words

_COUPON = re.compile(r"^(?P<value>[0-9A-Za-z.,+]+)(?P<unit>[^:：]*)[:：]?(?P<label>.*)$")
_BUTTONS = {"zh": "立即查看", "en": "Learn more"}
_LABELS = {"zh": "AI生成", "en": "AI-made"}


def named(table: str, said: str) -> str:
    """The id in a file of knowledge that ``said`` names: the id itself, its label, or one of its words.

    Raises UnknownItemError with the entries that exist.
    """
    for name, entry in conventions.read(table).items():
        label = entry.get("label") or {}
        if said in (name, *label.values(), *(str(word) for word in entry.get("words") or ())):
            return str(name)
    return str(conventions.entry(table, said) and said)


def festival_of(said: str) -> str:
    """The id of the festival that ``said`` speaks of (``双十一大促`` → double11), by its longest word.

    Empty for one that has no look of its own: its pictures are drawn as on any other day.
    """
    found = [
        (len(word), str(name))
        for name, festival in conventions.read("festivals").items()
        for word in (str(name), *map(str, festival.get("words") or ()))
        if word and word in said
    ]
    return max(found)[1] if found else ""


def language(text: str) -> str:
    """``en`` for Latin letters without any Han character, else ``zh``."""
    han = any("\u3400" <= char <= "\u9fff" for char in text)
    return "en" if not han and any(char.isascii() and char.isalpha() for char in text) else "zh"


def coupon(said: str) -> Coupon:
    """``18元:支付立减券`` as a ticket: figure, unit, label. Raises UnknownItemError for what has no figure."""
    found = _COUPON.match(said.strip())
    if found is None:
        raise UnknownItemError("pictures.bad_coupon", said=said)
    return Coupon(found["value"], found["unit"].strip(), found["label"].strip())


def words(title: str, product: str, said: Mapping[str, str], coupons: Sequence[str] = ()) -> Words:
    """The words of a picture; button, notice and label that were not said (absent, not empty) take their usual text."""
    lang = said.get("lang") or language(title + said.get("subtitle", ""))
    lang = "zh" if lang.startswith("zh") else "en"
    notice = conventions.entry("products", product).get("notice") or {}
    lines = tuple(line.strip() for line in re.split(r"[|｜\n]", title) if line.strip())
    return Words(
        lines,
        said.get("subtitle", ""),
        said.get("button", _BUTTONS[lang]),
        said.get("badge", ""),
        tuple(coupon(item) for item in coupons),
        said.get("legal", str(notice.get(lang, ""))),
        said.get("brand", ""),
        said.get("ai_label", _LABELS[lang]),
        "zh" if lang == "zh" else "en",
    )
