"""The terms (活动规则): sentences made from the goal, the benefits and the product, in the page's language.

What the data does not say is not written. A quantity is called limited only where fewer are there than customers.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from linghang.base.messages import render
from linghang.base.predicates import Combination, Predicate, Rule
from linghang.campaigns.sections import Allocation, Audience, Goal
from linghang.packs.model import Benefit, Brand, Product

_WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_SUITABILITY = frozenset({"fund", "wealth"})
_INVESTMENT = frozenset({"fund", "wealth", "gold", "mmf", "insurance"})


@dataclass(frozen=True)
class Term:
    """One numbered term: its heading and its sentence."""

    code: str
    heading: str
    text: str


def write_terms(
    goal: Goal,
    product: Product | None,
    benefits: tuple[Benefit, ...],
    allocation: Allocation | None,
    brand: Brand,
    lang: str,
    audience: Audience | None = None,
    binding: str = "",
) -> tuple[Term, ...]:
    """All terms in the order in which customers ask: when, who, what, how many, how, how long, risks, complaints.

    ``binding``: the language whose words of a disclosure bind; on a page in another one they stand beneath.
    """
    found = [
        _term("when", lang, **_when(goal, lang)),
        _term("who", lang, bank=brand.name.of(lang), conditions=_conditions(audience, lang)),
    ]
    if product is not None and product.kind in _SUITABILITY:
        level = product.risk.removeprefix("R") if product.risk else ""
        code = "suitable_level" if level else "suitable"
        found.append(_term(code, lang, heading="suitable", risk=product.risk, level=f"C{level}"))
    allotted = allotted_by_benefit(allocation)
    for benefit in benefits:
        found.extend(
            _benefit_terms(benefit, allotted.get(benefit.id, Allotted()), several=len(benefits) > 1, lang=lang)
        )
    if benefits:
        found.append(_term("fair", lang, bank=brand.name.of(lang)))
    if product is not None:
        found.extend(_risk_terms(product, lang, binding))
    found.append(_term("personal", lang))
    found.append(_term("change" if benefits else "change_plain", lang, heading="change"))
    contact = "complaints" if brand.telephone else "complaints_counter"
    found.append(_term(contact, lang, heading="complaints", bank=brand.name.of(lang), telephone=brand.telephone))
    return tuple(found)


@dataclass(frozen=True)
class Allotted:
    """Of one benefit: the customers that it is offered to, and how many the ledger may issue (0: no bound known)."""

    customers: int = 0
    grants: int = 0


def allotted_by_benefit(allocation: Allocation | None) -> Mapping[str, Allotted]:
    """Benefit id → what the allocation gives of it."""
    found: dict[str, Allotted] = {}
    for item in allocation.allotments if allocation else ():
        if item.benefit:
            before = found.get(item.benefit, Allotted())
            found[item.benefit] = Allotted(before.customers + item.customers, before.grants + item.grants)
    return found


def quantity(benefit: Benefit, allotted: Allotted) -> tuple[int, bool]:
    """How many are given out, and whether that is fewer than those who may want one. 0 where nothing is known.

    The page promises what the ledger sets aside at the launch, never the number of those who see the offer.
    """
    wanted = allotted.customers * max(benefit.per_customer, 1)
    bounds = [bound for bound in (benefit.stock, allotted.grants, wanted) if bound]
    issued = min(bounds, default=0)
    return issued, issued < wanted or (bool(benefit.stock) and not wanted)


def yuan(fen: int) -> str:
    """An amount of fen as yuan: no decimals for whole yuan, thousands separated."""
    return f"{fen // 100:,}" if fen % 100 == 0 else f"{fen / 100:,.2f}"


def day(date: dt.date, lang: str) -> str:
    """A day with its weekday, as people write it."""
    if lang == "en":
        return f"{_WEEKDAYS['en'][date.weekday()]} {date.day} {date:%b} {date.year}"
    return f"{date.year}年{date.month}月{date.day}日（周{_WEEKDAYS['zh'][date.weekday()]}）"


def _term(code: str, lang: str, *, heading: str = "", **params: str | int) -> Term:
    return Term(
        code,
        render(f"pages.term.{heading or code}.heading", {}, lang),
        render(f"pages.term.{code}.text", params, lang),
    )


def _when(goal: Goal, lang: str) -> Mapping[str, str]:
    return {"start": day(goal.start, lang), "start_time": goal.start_time or "00:00", "end": day(goal.end, lang)}


def _conditions(audience: Audience | None, lang: str) -> str:
    """Conditions of taking part that may be told openly. Others (credit, balances, behaviour) stay unsaid."""
    if audience is None:
        return ""
    codes = [code for predicate in _predicates(audience.rule) if (code := _public(predicate))]
    parts = [render(f"pages.condition.{code}", {}, lang) for code in dict.fromkeys(codes)]
    return (
        render("pages.condition.joined", {"conditions": "、".join(parts) if lang != "en" else ", ".join(parts)}, lang)
        if parts
        else ""
    )


def _public(predicate: Predicate) -> str:
    value = predicate.value if isinstance(predicate.value, tuple) else (predicate.value,)
    if predicate.field == "lifecycle" and predicate.op in ("eq", "in") and value == ("new",) and not predicate.negated:
        return "new"
    if predicate.field in ("kyc_done", "card_bound") and value == (True,) and not predicate.negated:
        return predicate.field
    return ""


def _predicates(rule: Rule) -> Iterator[Predicate]:
    if isinstance(rule, Predicate):
        yield rule
    elif isinstance(rule, Combination) and rule.how == "all":
        for part in rule.parts:
            yield from _predicates(part)


def _benefit_terms(benefit: Benefit, allotted: Allotted, *, several: bool, lang: str) -> Iterator[Term]:
    name = benefit.label.of(lang)
    sentences = [render(f"pages.offer.{'face' if _has_face(benefit) else 'plain'}", _offer(benefit, lang), lang)]
    if benefit.threshold_fen:
        sentences.append(render("pages.offer.threshold", _offer(benefit, lang), lang))
    issued, limited = quantity(benefit, allotted)
    if issued:
        sentences.append(render(f"pages.offer.{'limited' if limited else 'enough'}", {"count": f"{issued:,}"}, lang))
    sentences.append(render("pages.offer.per_customer", {"count": benefit.per_customer}, lang))
    if benefit.valid_days:
        sentences.append(render("pages.offer.valid_days", {"days": benefit.valid_days}, lang))
    if benefit.valid_to:
        sentences.append(render("pages.offer.valid_to", {"end": day(benefit.valid_to, lang)}, lang))
    sentences.append(render(f"pages.redeem.{benefit.type}", _offer(benefit, lang), lang))
    heading = render("pages.term.benefit.heading", {"name": name}, lang)
    heading = heading if several else render("pages.term.only_benefit.heading", {}, lang)
    yield Term(f"benefit:{benefit.id}", heading, _joined(sentences, lang))


def _has_face(benefit: Benefit) -> bool:
    # For the other types ``face_fen`` is what it costs the institution, not what the customer is told.
    return benefit.face_fen > 0 and benefit.type in ("coupon", "red_packet", "cashback")


def _offer(benefit: Benefit, lang: str) -> Mapping[str, str | int]:
    return {
        "name": benefit.label.of(lang),
        "amount": yuan(benefit.face_fen),
        "threshold": yuan(benefit.threshold_fen),
        "days": benefit.valid_days,
    }


def _risk_terms(product: Product, lang: str, binding: str) -> Iterator[Term]:
    texts = [label.of(lang) for label in product.disclosures.values()]
    if product.provider is not None:
        code = "pages.lender" if product.kind == "credit" else "pages.provider"
        texts.insert(0, render(code, {"provider": product.provider.of(lang)}, lang))
    if texts:
        code = "risk" if product.kind in _INVESTMENT else "notice"
        said = _joined(texts, lang)
        if binding and binding != lang and product.disclosures:
            words = _joined([label.of(binding) for label in product.disclosures.values()], binding)
            said = f"{said} {render('pages.binding', {'words': words}, lang)}"
        yield Term(code, render(f"pages.term.{code}.heading", {}, lang), said)


def _joined(sentences: list[str], lang: str) -> str:
    if lang == "en":
        return " ".join(text if text.endswith((".", "!", "?")) else f"{text}." for text in sentences)
    return "".join(text if text.endswith(("。", "！", "？")) else f"{text}。" for text in sentences)
