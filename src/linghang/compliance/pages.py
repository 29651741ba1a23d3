"""A landing page through the same engine: what a visitor can read of it, checked as one text."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html.parser import HTMLParser

from linghang.compliance.checking import check
from linghang.compliance.model import Check, Fact, Material, Reader, Rule

_SILENT = frozenset({"script", "style", "template", "noscript", "head", "svg"})
_VOID = frozenset(
    {"br", "img", "input", "meta", "link", "hr", "source", "wbr", "area", "base", "col", "embed", "track"}
)
_INLINE = frozenset({"a", "b", "i", "em", "strong", "span", "small", "sub", "sup", "u", "mark", "font", "label"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag not in _INLINE:
            self.parts.append("\n")
        if tag not in _VOID:
            self._hidden.append(tag in _SILENT or _unseen(told) or (bool(self._hidden) and self._hidden[-1]))
        if not (self._hidden and self._hidden[-1]):
            self.parts.append(told.get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and self._hidden:
            self._hidden.pop()
        if tag not in _INLINE:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not (self._hidden and self._hidden[-1]):
            self.parts.append(" ".join(data.split()))


def _unseen(attrs: Mapping[str, str]) -> bool:
    style = attrs.get("style", "").replace(" ", "").lower()
    return "hidden" in attrs or "display:none" in style or "visibility:hidden" in style or attrs.get("type") == "hidden"


def visible_text(html: str) -> str:
    """What a visitor reads of a page: a line for each block, hidden parts left out, pictures by their alternative text."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = ("".join(reader.parts)).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


def check_page(
    html: str,
    material: Material,
    *,
    rules: Sequence[Rule] | None = None,
    context: Mapping[str, Fact] | None = None,
    today: dt.date,
    reader: Reader = "off",
) -> Check:
    """The verdict on a page; ``material`` says product, jurisdiction and date, its text is replaced by what is visible.

    Spans count code points of the visible text, which is in ``Check.material.text``.
    """
    seen = replace(material, text=visible_text(html), channel=material.channel or "landing")
    return check(seen, rules=rules, context=context, today=today, reader=reader)
