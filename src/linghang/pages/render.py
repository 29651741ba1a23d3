"""Blocks become one static HTML file: inline style, inline pictures, every text escaped, no request to anywhere.

The one script (allowed by its hash in the page's own policy) tells the app that embeds the page which benefit was
tapped, and shows what the app answers. Without it the links ``linghang://claim`` are what an app's web view catches.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from html import escape
from importlib import resources
from typing import Any
from urllib.parse import quote

from linghang.base.digest import digest_bytes
from linghang.base.errors import UsageError
from linghang.base.messages import render
from linghang.campaigns.sections import Block, Page
from linghang.creatives.script import written
from linghang.packs.model import Brand
from linghang.pages.colours import theme_of
from linghang.pages.model import Picture

_MAGIC = ((b"\x89PNG\r\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"))


def build(
    title: str, blocks: tuple[Block, ...], brand: Brand, pictures: Mapping[str, Picture], lang: str, script: str = ""
) -> tuple[Page, bytes]:
    """The page of blocks and its bytes. ``pictures`` maps the digests that blocks name to what they show.

    ``script`` is that of the page's own words (``hant``: Traditional). The same arguments
    give the same bytes. Blocks of an unknown kind raise UsageError("pages.unknown_block").
    """
    for block in blocks:
        if block.kind not in _RENDERERS:
            raise UsageError("pages.unknown_block", kind=block.kind, have=", ".join(_RENDERERS))
    made = _Paper(lang, brand, pictures, script)
    body = "\n".join(_RENDERERS[block.kind](made, block.data) for block in blocks)
    html = _document(title, body, made).encode()
    terms = tuple(
        f"{item['heading']}：{item['text']}" if lang == "zh" else f"{item['heading']}: {item['text']}"
        for block in blocks
        if block.kind == "terms"
        for item in block.data["items"]
    )
    return Page(title, blocks, terms, digest_bytes(html), len(html), lang), html


def sniff(data: bytes) -> str:
    """The media type of a picture by its first bytes. Raises UsageError("pages.not_a_picture")."""
    for magic, mime in _MAGIC:
        if data.startswith(magic):
            return mime
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    raise UsageError("pages.not_a_picture", bytes=len(data))


class _Paper:
    """What every block's renderer needs: language, brand, pictures."""

    def __init__(self, lang: str, brand: Brand, pictures: Mapping[str, Picture], script: str) -> None:
        self.lang = lang
        self.script = script
        self.brand = brand
        self.pictures = pictures

    def word(self, code: str, **params: str | int) -> str:
        """A sentence of the page's own, escaped."""
        return escape(written(render(f"pages.ui.{code}", params, self.lang), self.script))

    @property
    def tag(self) -> str:
        """The language as HTML names it."""
        return "en" if self.lang == "en" else "zh-Hant" if self.script else "zh-CN"


def _document(title: str, body: str, paper: _Paper) -> str:
    brand, lang = paper.brand, paper.lang
    style, script = _asset("page.css"), _asset("page.js")
    theme = theme_of(brand)
    colours = f":root{{--primary:{theme.primary};--deep:{theme.deep};--accent:{theme.accent};--tint:{theme.tint}}}"
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'"
    )
    skip = paper.word("skip")
    return (
        f'<!doctype html>\n<html lang="{paper.tag}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover">\n'
        f'<meta name="color-scheme" content="light">\n<meta name="theme-color" content="{theme.primary}">\n'
        f"<title>{escape(title)} · {escape(brand.name.of(lang))}</title>\n<style>{colours}{style}</style>\n</head>\n"
        f'<body>\n<a class="skip" href="#terms">{skip}</a>\n<main>\n{body}\n</main>\n'
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def _asset(name: str) -> str:
    return resources.files("linghang.pages").joinpath(name).read_text("utf-8").strip()


def _card(paper: _Paper, name: str, inner: str, *, heading: str = "", style: str = "", anchor: str = "") -> str:
    title = escape(heading) if heading else paper.word(name)
    at = f' id="{anchor}"' if anchor else ""
    return (
        f'<section class="card {style}"{at} aria-labelledby="h-{name}"><h2 id="h-{name}">{title}</h2>{inner}</section>'
    )


def _hero(paper: _Paper, data: Mapping[str, Any]) -> str:
    picture = paper.pictures.get(str(data.get("picture", "")))
    image = ""
    if picture is not None:
        source = f"data:{picture.mime};base64,{base64.b64encode(picture.data).decode()}"
        image = f'<img class="kv" src="{source}" alt="{escape(picture.alt, quote=True)}">'
    subtitle = f'<p class="sub">{escape(str(data["subtitle"]))}</p>' if data.get("subtitle") else ""
    name = paper.brand.name.of(paper.lang)
    mark = f'<span class="mark" aria-hidden="true">{escape(paper.brand.sign or name[:1])}</span>'
    if paper.brand.logo:
        mark = f'<img class="logo" src="data:image/png;base64,{escape(paper.brand.logo, quote=True)}" alt="">'
    return (
        f'<header class="hero"><div class="bar">{mark}'
        f'<span>{escape(name)}</span></div>{image}<div class="head"><h1>{escape(str(data["title"]))}</h1>{subtitle}'
        f'<p class="period">{escape(str(data["period"]))}</p></div></header>\n<div class="dock">'
        f'<a class="cta" href="linghang://claim" data-claim="">{escape(str(data["button"]))}</a></div>'
    )


def _benefit(paper: _Paper, data: Mapping[str, Any]) -> str:
    tickets = "".join(_ticket(paper, item) for item in data["items"])
    several = f'<p class="note">{paper.word("several")}</p>' if len(data["items"]) > 1 else ""
    return _card(paper, "your_benefits", tickets + several, style="benefits")


def _ticket(paper: _Paper, item: Mapping[str, Any]) -> str:
    name, key = escape(str(item["name"]), quote=True), str(item["id"])
    shown = escape(key, quote=True)
    figure = (
        f"<b>{escape(str(item['amount']))}</b><span>{escape(str(item['unit']))}</span>"
        if item.get("amount")
        else f'<b class="glyph" aria-hidden="true">{escape(str(item["name"])[:1])}</b>'
    )
    notes = " · ".join(escape(str(note)) for note in item["notes"])
    act = paper.word("claim_one")
    return (
        f'<article class="ticket" data-benefit="{shown}"><p class="figure">{figure}</p>'
        f'<div class="what"><h3>{name}</h3><p>{notes}</p></div>'
        f'<a class="claim" href="linghang://claim?benefit={quote(key, safe="")}" data-claim="{shown}" '
        f'aria-label="{act} {name}">{act}</a></article>'
    )


def _steps(paper: _Paper, data: Mapping[str, Any]) -> str:
    items = "".join(
        f'<li><span class="n" aria-hidden="true">{n}</span><span>{escape(str(text))}</span></li>'
        for n, text in enumerate(data["items"], 1)
    )
    return _card(paper, "how", f'<ol class="steps">{items}</ol>')


def _product(paper: _Paper, data: Mapping[str, Any]) -> str:
    risk = f'<span class="risk-level">{paper.word("risk_level", risk=str(data["risk"]))}</span>' if data["risk"] else ""
    facts = "".join(f"<li>{escape(str(fact))}</li>" for fact in data["facts"])
    provider = f'<p class="note">{escape(str(data["provider"]))}</p>' if data.get("provider") else ""
    listed = f'<ul class="facts">{facts}</ul>' if facts else ""
    return _card(paper, "about", f'<p class="name">{escape(str(data["name"]))}{risk}</p>{listed}{provider}')


def _risk(paper: _Paper, data: Mapping[str, Any]) -> str:
    text = f"<p>{escape(str(data['text']))}</p>"
    return _card(paper, "risk", text, heading=str(data["heading"]), style="risk")


def _terms(paper: _Paper, data: Mapping[str, Any]) -> str:
    items = "".join(
        f"<li><h3>{escape(str(item['heading']))}</h3><p>{escape(str(item['text']))}</p></li>" for item in data["items"]
    )
    return _card(paper, "terms", f"<ol>{items}</ol>", style="terms", anchor="terms")


def _faq(paper: _Paper, data: Mapping[str, Any]) -> str:
    items = "".join(
        f"<details><summary>{escape(str(item['q']))}</summary><p>{escape(str(item['a']))}</p></details>"
        for item in data["items"]
    )
    return _card(paper, "faq", items)


def _footer(paper: _Paper, data: Mapping[str, Any]) -> str:
    telephone = str(data.get("telephone", ""))
    service = (
        f'<p><a href="tel:{quote(telephone)}">{paper.word("service", telephone=telephone)}</a></p>' if telephone else ""
    )
    return f"<footer><p>{paper.word('organiser', bank=str(data['bank']))}</p>{service}</footer>"


_RENDERERS: Mapping[str, Callable[[_Paper, Mapping[str, Any]], str]] = {
    "hero": _hero,
    "benefit": _benefit,
    "steps": _steps,
    "product": _product,
    "risk": _risk,
    "terms": _terms,
    "faq": _faq,
    "footer": _footer,
}
