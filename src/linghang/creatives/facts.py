"""The facts of a campaign that copy may state: one truth for every text, from the document and the pack only."""

import datetime as dt
import re
from collections.abc import Mapping

from linghang.base.money import Money
from linghang.campaigns.sections import Goal
from linghang.packs.model import Benefit, Pack, Product

_ELSEWHERE = re.compile(r"风险等级R\d$|(?:透支)?年化|不得|仅限")
"""Facts with a field of their own, and limits that the disclosures say: alone in a sentence they read oddly."""
_APR = re.compile(r"年化[^,，。;；]*?\d[\d.]*\s*[%％][^,，。;；]*")
_RATE = re.compile(r"\d[\d.]*\s*[%％](?:\s*[–-]\s*\d[\d.]*\s*[%％])?")
_LEAST = {
    "zh": re.compile(r"\d[\d.]*万?(?:元|克)(?:起[存购投]|起)"),
    "en": re.compile(r"[Ff]rom (?:¥[\d.,]*\d|\d+ grams?)"),
}
_DAYS = re.compile(r"(\d+)\s*(?:天|日|days?)")
_DISCOUNT = re.compile(r"(\d(?:\.\d)?)\s*折")


def facts_of(goal: Goal, pack: Pack, benefit: Benefit | None, *, link: str = "") -> dict[str, str]:
    """Field of a phrase → its value in the goal's language. A fact that is not known is absent, never empty."""
    lang = goal.lang
    product = next((item for item in pack.products if item.id == goal.product), None)
    facts = {
        "product": product.label.of(lang) if product else "",
        "brand": pack.brand.name.of(lang),
        "start": _day(goal.start, lang),
        "end": _day(goal.end, lang),
        "festival": goal.festival,
        "telephone": pack.brand.telephone,
        "link": link,
        "risk": product.risk if product else "",
        "provider": product.provider.of(lang) if product and product.provider else "",
        "apr": _apr([fact.zh for fact in product.facts]) if product and lang == "zh" else "",
        "rate": _rate([fact.zh for fact in product.facts]) if product else "",
    }
    if product is not None:
        facts |= _of_product(product, lang)
    if benefit is not None:
        facts |= _of_benefit(benefit, lang)
    return {name: value for name, value in facts.items() if value}


def _of_product(product: Product, lang: str) -> Mapping[str, str]:
    """What may be said of a product: its facts one by one, the least amount, and a figure with its source."""
    told = [fact.of(lang) for fact in product.facts if not _ELSEWHERE.match(fact.zh)]
    least = next((found[0] for fact in told if (found := _LEAST[lang].search(fact))), "")
    proof = product.proofs[0] if product.proofs else None
    return {
        **{f"fact{number}": fact for number, fact in enumerate(told, 1)},
        "minimum": least,
        "claim": proof.claim.of(lang) if proof else "",
        "source": proof.source.of(lang) if proof else "",
    }


_WORTH = ("coupon", "red_packet", "cashback")
"""Benefits that are worth their face to the customer; of others it is what they cost us, and said only if named."""


def _of_benefit(benefit: Benefit, lang: str) -> Mapping[str, str]:
    name = benefit.label.zh
    days, discount = _DAYS.search(name), _DISCOUNT.search(name)
    said = amount(benefit.face_fen, "zh") in name
    return {
        "benefit": benefit.label.of(lang),
        "face": amount(benefit.face_fen, lang) if benefit.face_fen and (said or benefit.type in _WORTH) else "",
        "threshold": amount(benefit.threshold_fen, lang) if benefit.threshold_fen else "",
        "valid": _span(benefit.valid_days, lang) if benefit.valid_days else "",
        "days": _span(int(days[1]), lang) if days else "",
        "discount": (f"{discount[1]}折" if lang == "zh" else f"{100 - float(discount[1]) * 10:g}% off")
        if discount
        else "",
    }


def amount(fen: int, lang: str) -> str:
    """``20元`` or ``¥20``; cents only where there are any."""
    yuan = f"{Money(fen).yuan:.2f}".removesuffix(".00").rstrip()
    return f"{yuan}元" if lang == "zh" else f"¥{yuan}"


def _span(days: int, lang: str) -> str:
    return f"{days}天" if lang == "zh" else f"{days} day{'' if days == 1 else 's'}"


def _day(day: dt.date, lang: str) -> str:
    return f"{day.month}月{day.day}日" if lang == "zh" else f"{day:%b} {day.day}"


def _apr(facts: list[str]) -> str:
    return next((found[0].strip() for fact in facts if (found := _APR.search(fact))), "")


def _rate(facts: list[str]) -> str:
    """The figures of the annual rate alone; the same in every language."""
    said = _apr(facts)
    return found[0] if said and (found := _RATE.search(said)) else ""


_KINDS: Mapping[str, tuple[str, str]] = {
    "fund": ("基金", "Funds"), "wealth": ("理财", "Wealth"), "mmf": ("货币基金", "Cash"),
    "deposit": ("存款", "Deposit"), "savings": ("储蓄", "Savings"), "gold": ("黄金", "Gold"),
    "insurance": ("保险", "Cover"), "credit": ("借贷", "Credit"), "payments": ("支付", "Pay"),
    "membership": ("会员", "Member"),
}  # fmt: skip
_WORD = {"zh": re.compile(r"[\u3400-\u9fffA-Z+]{2,}"), "en": re.compile(r"[A-Za-z][A-Za-z &+-]+")}


def names_of(product: Product, lang: str) -> tuple[str, ...]:
    """How a product is called where only a name stands: its own, then its words, then what kind of thing it is."""
    kind = _KINDS.get(product.kind, ("", ""))[lang == "en"]
    said = (product.label.of(lang), *product.words, kind)
    named = [name for name in said if _WORD[lang].fullmatch(name)]
    return tuple(dict.fromkeys(name[:1].upper() + name[1:] for name in named))
