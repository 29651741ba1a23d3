"""From the sections of a campaign to the blocks of its page. Only facts of the pack and the document are stated."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from linghang.base.digest import digest_bytes
from linghang.base.messages import render
from linghang.campaigns.sections import Allocation, Audience, Block, Goal, Page, Texts
from linghang.creatives.script import written
from linghang.packs.labels import Label
from linghang.packs.model import Benefit, Brand, Product
from linghang.pages.model import Picture
from linghang.pages.render import build, sniff
from linghang.pages.terms import Allotted, allotted_by_benefit, day, quantity, write_terms, yuan

PLACES = ("page", "landing", "landing_page")
"""Places of copy that belong to the page; copy of other places speaks to one layer and is not taken."""

_INVESTMENT = frozenset({"fund", "wealth", "gold", "mmf", "insurance"})
_FIGURE = re.compile(r"(\d+(?:\.\d+)?)\s*(%|折|期|天|bp|BP|积分|克|个月|% off| days| points)")
_Json = dict[str, Any]


def compose(
    goal: Goal,
    audience: Audience | None,
    allocation: Allocation | None,
    texts: Texts | None,
    product: Product | None,
    benefits: tuple[Benefit, ...],
    brand: Brand,
    hero_file: bytes | None,
    lang: str,
    binding: str = "",
    script: str = "",
) -> tuple[Page, bytes]:
    """The campaign's landing page: its value (``file`` is the digest of the bytes) and the HTML.

    ``benefits`` are those that the page may offer; where the allocation gives some of them, only these are shown,
    the most given first. ``hero_file`` holds the bytes of a PNG, JPEG, WebP or GIF, carried inside the page;
    ``binding`` is the language whose disclosures bind (``write_terms``), ``script`` that of the characters.
    Raises UsageError("pages.not_a_picture") for other bytes.
    """
    lang = "en" if lang.startswith("en") else "zh"
    offered = _offered(benefits, allocation)
    terms = write_terms(goal, product, offered, allocation, brand, lang, audience, binding)
    title = _said(texts, "title", lang) or _title(product, offered, goal, lang)
    hero: _Json = {
        "title": title,
        "subtitle": _said(texts, "subtitle", lang) or (brand.slogan.of(lang) if brand.slogan else ""),
        "button": _said(texts, "button", lang) or render(f"pages.ui.{'claim' if offered else 'learn'}", {}, lang),
        "period": render("pages.ui.period", {"start": day(goal.start, lang), "end": day(goal.end, lang)}, lang),
        "picture": digest_bytes(hero_file) if hero_file else "",
    }
    blocks = [Block("hero", hero)]
    if offered:
        blocks.append(Block("benefit", {"items": [_item(benefit, allocation, lang) for benefit in offered]}))
    blocks.append(Block("steps", {"items": _steps(product, offered, lang)}))
    if product is not None:
        blocks.append(Block("product", _product(product, lang)))
    risk = next((term for term in terms if term.code in ("risk", "notice")), None)
    if risk is not None:
        blocks.append(Block("risk", {"heading": risk.heading, "text": risk.text, "kind": risk.code}))
    blocks.append(Block("terms", {"items": [{"heading": term.heading, "text": term.text} for term in terms]}))
    blocks.append(Block("faq", {"items": _faq(product, offered, lang)}))
    blocks.append(Block("footer", {"bank": brand.name.of(lang), "telephone": brand.telephone}))
    pictures: dict[str, Picture] = {}
    if hero_file:
        alt = render("pages.alt.hero", {"title": title}, lang)
        pictures[hero["picture"]] = Picture(hero_file, sniff(hero_file), alt)
    if script:
        title, brand = written(title, script), _brand_in(brand, script)
        blocks = [replace(block, data=_in_script(block.data, script)) for block in blocks]
        pictures = {name: replace(one, alt=written(one.alt, script)) for name, one in pictures.items()}
    return build(title, tuple(blocks), brand, pictures, lang, script)


def _brand_in(brand: Brand, script: str) -> Brand:
    return replace(brand, name=Label(written(brand.name.zh, script), brand.name.en))


def _in_script(value: Any, script: str) -> Any:
    """Every text of a block's data in another script; keys and numbers stay."""
    if isinstance(value, str):
        return written(value, script)
    if isinstance(value, dict):
        return {key: _in_script(item, script) for key, item in value.items()}
    return [_in_script(item, script) for item in value] if isinstance(value, list) else value


def _offered(benefits: tuple[Benefit, ...], allocation: Allocation | None) -> tuple[Benefit, ...]:
    given = allotted_by_benefit(allocation)
    if not given:
        return benefits
    return tuple(sorted((b for b in benefits if b.id in given), key=lambda b: (-given[b.id].customers, b.id)))


def _said(texts: Texts | None, role: str, lang: str) -> str:
    return next(
        (text.text for text in (texts.texts if texts else ())
         if text.place in PLACES and text.role == role and text.lang.startswith(lang)),
        "",
    )  # fmt: skip


def _title(product: Product | None, offered: tuple[Benefit, ...], goal: Goal, lang: str) -> str:
    if product is None:
        return offered[0].label.of(lang) if offered else goal.name
    return product.label.of(lang)


def _item(benefit: Benefit, allocation: Allocation | None, lang: str) -> _Json:
    name = benefit.label.of(lang)
    amount, unit = _figure(benefit, name, lang)
    issued, limited = quantity(benefit, allotted_by_benefit(allocation).get(benefit.id, Allotted()))
    notes = [
        render("pages.ui.threshold", {"threshold": yuan(benefit.threshold_fen)}, lang) if benefit.threshold_fen else "",
        render("pages.ui.valid_days", {"days": benefit.valid_days}, lang) if benefit.valid_days else "",
        render("pages.ui.limit", {"count": benefit.per_customer}, lang) if benefit.per_customer else "",
    ]
    return {
        "id": benefit.id, "name": name, "amount": amount, "unit": unit, "notes": [note for note in notes if note],
        "issued": issued, "limited": limited,
    }  # fmt: skip


def _figure(benefit: Benefit, name: str, lang: str) -> tuple[str, str]:
    """The figure that stands large on the ticket: the face in yuan, or the one that the name itself states."""
    if benefit.type in ("coupon", "red_packet", "cashback") and benefit.face_fen:
        return yuan(benefit.face_fen), render("pages.unit.yuan", {}, lang)
    found = _FIGURE.search(name)
    return (found.group(1), found.group(2).strip()) if found else ("", "")


def _steps(product: Product | None, offered: tuple[Benefit, ...], lang: str) -> list[str]:
    kind = product.kind if product else ""
    name = product.label.of(lang) if product else ""
    codes = ["claim"] if offered else (["open"] if product else [])
    if kind in ("fund", "wealth"):
        codes.append("assess")
    elif kind == "credit":
        codes.append("apply")
    elif kind in _INVESTMENT or kind == "deposit":
        codes.append("read")
    codes.append("use" if offered else "done")
    return [render(f"pages.step.{code}", {"product": name}, lang) for code in codes]


def _product(product: Product, lang: str) -> _Json:
    return {
        "id": product.id,
        "name": product.label.of(lang),
        "risk": product.risk,
        "facts": [fact.of(lang) for fact in product.facts],
        "provider": product.provider.of(lang) if product.provider else "",
    }


def _faq(product: Product | None, offered: tuple[Benefit, ...], lang: str) -> list[Mapping[str, str]]:
    days = {benefit.valid_days for benefit in offered if benefit.valid_days}
    entries: list[tuple[str, str, Mapping[str, int]]] = []
    if offered:
        entries.append(("who", "who", {}))
    if len(days) == 1:
        entries.append(("expire", "expire", {"days": days.pop()}))
    elif days:
        entries.append(("expire", "terms_vary", {}))
    if product is not None and product.kind in ("fund", "wealth", "gold", "mmf"):
        entries.append(("principal", "principal", {}))
    if product is not None and product.kind == "credit":
        entries.append(("cost", "cost", {}))
    entries.append(("stop", "stop", {}))
    return [
        {"q": render(f"pages.faq.{q}.q", {}, lang), "a": render(f"pages.faq.{a}.a", params, lang)}
        for q, a, params in entries
    ]
