"""HTML as values: every text is escaped unless it is ``Markup`` already, so that nothing said by anybody is markup."""

import json
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

_VOID = frozenset({"img", "input", "br", "hr", "source"})


class Markup(str):
    """Text that is HTML already. Made by ``tag``, ``join`` and ``raw`` only."""

    __slots__ = ()


Child = str | Markup | int | float | None | Iterable["Child"]


def raw(html: str) -> Markup:
    """HTML of our own (an icon, a style): never of anything that somebody said."""
    return Markup(html)


def join(*children: Child) -> Markup:
    """Children one after another."""
    return Markup("".join(_flat(children)))


def tag(name: str, /, *children: Child, **attributes: Any) -> Markup:
    """An element. ``cls`` is its class, ``data_x`` becomes ``data-x``; None and False leave an attribute out."""
    parts = [f"<{name}"]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        label = {"cls": "class", "html_for": "for"}.get(key, key.rstrip("_").replace("_", "-"))
        parts.append(f" {label}" if value is True else f' {label}="{escape(str(value), quote=True)}"')
    parts.append(">")
    if name in _VOID:
        return Markup("".join(parts))
    return Markup("".join((*parts, *_flat(children), f"</{name}>")))


def act(name: str, /, **arguments: Any) -> dict[str, str]:
    """The attributes that make a control call the page's handler ``name`` with these arguments."""
    return (
        {"data_act": name, "data_args": json.dumps(arguments, ensure_ascii=False)} if arguments else {"data_act": name}
    )


def div(cls: str, *children: Child, **attributes: Any) -> Markup:
    """A ``div`` of a class."""
    return tag("div", *children, cls=cls, **attributes)


def span(cls: str, *children: Child, **attributes: Any) -> Markup:
    """A ``span`` of a class."""
    return tag("span", *children, cls=cls or None, **attributes)


def language(text: str) -> str:
    """The language of what somebody wrote (copy, a brief, a page): it may be another than the page's."""
    return "zh-CN" if any("\u4e00" <= letter <= "\u9fff" for letter in text) else "en"


def marked(text: str, spans: Iterable[tuple[int, int]], titles: Mapping[tuple[int, int], str] | None = None) -> Markup:
    """``text`` with half-open ranges of code points marked; overlapping ranges are marked once."""
    parts: list[Child] = []
    place = 0
    for start, end in sorted({(max(one, 0), min(other, len(text))) for one, other in spans}):
        first = max(start, place)
        if end <= first:
            continue
        parts += [text[place:first], tag("mark", text[first:end], title=(titles or {}).get((start, end)))]
        place = end
    return join(*parts, text[place:])


def _flat(children: Iterable[Child]) -> Iterable[str]:
    for child in children:
        if child is None:
            continue
        if isinstance(child, Markup):
            yield child
        elif isinstance(child, str):
            yield escape(child, quote=True)
        elif isinstance(child, int | float):
            yield str(child)
        else:
            yield from _flat(child)
