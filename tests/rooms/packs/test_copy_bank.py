"""The demo's copy bank against the checker: what it says may be said, and with its disclosures it still fits."""

import datetime as dt

import pytest

from linghang import compliance, packs
from linghang.base.findings import Severity
from linghang.packs import Pack, Phrase, Product, fields_of

DAY = dt.date(2026, 11, 24)
FACTS = {
    "start": "11月24日", "end": "12月12日", "brand": "领航银行", "festival": "双12", "telephone": "95199", "valid": "14天",
    "threshold": "100元",
}  # fmt: skip
BENEFIT = {"fund": ("fee_discount", "基金申购费1折", "1折"), "gold": ("fee_discount", "积存金手续费5折", "5折"),
           "payments": ("coupon", "10元话费券", ""), "mmf": ("coupon", "20元新人支付券", ""),
           "deposit": ("rate_coupon", "定期加息券10BP", ""), "credit": ("discount", "还款立减5元", "")}  # fmt: skip
ROOM = {"push_body": ("push", 50), "sms": ("sms", 56)}
PRODUCTS = ("xiaojinku", "fixed_income_plus", "steady_90", "cd", "jicunjin", "jintiao", "medical_insurance", "pay_bind")


@pytest.fixture(scope="module")
def demo() -> Pack:
    return packs.load("demo")


def filled(phrase: Phrase, product: Product) -> str | None:
    """The phrase as it would be written for a product with a benefit that its kind may have."""
    offer, name, discount = BENEFIT.get(product.kind, ("", "", ""))
    facts = {**FACTS, "product": product.label.zh, "risk": product.risk, "benefit": name, "discount": discount}
    facts["provider"] = product.provider.zh if product.provider else ""
    facts["apr"] = product.disclosures["D-LOAN-APR"].zh if "D-LOAN-APR" in product.disclosures else ""
    known = {key: value for key, value in facts.items() if value}
    fits = phrase.lang == "zh" and (not phrase.kinds or product.kind in phrase.kinds)
    if not fits or (phrase.offers and offer not in phrase.offers):
        return None
    if not set(fields_of(phrase.text)) | set(phrase.needs) <= set(known):
        return None
    return phrase.text.format(**known)


def message(role: str, text: str) -> str:
    return f"【领航银行】{text}拒收请回复R" if role == "sms" else text


@pytest.mark.slow
@pytest.mark.parametrize("name", PRODUCTS)
def test_the_checker_passes_what_the_bank_says(demo: Pack, name: str) -> None:
    rules = compliance.load_rules("CN", DAY)
    product = next(item for item in demo.products if item.id == name)
    context = {"consent_sms": True, "send_time": "10:00", "product_risk": product.risk, "audience_risk": "C5"}
    told = clean = 0
    fitting = dict.fromkeys(ROOM, 0)
    for phrase in demo.phrases:
        text = filled(phrase, product)
        if text is None or phrase.role not in ROOM:
            continue
        channel, room = ROOM[phrase.role]
        material = compliance.Material(
            message(phrase.role, text), product=product.kind, channel=channel, jurisdiction="CN", lang="zh"
        )
        done = compliance.check(material, rules=rules, context=context, today=DAY)
        told += 1
        broken = [hit for hit in done.hits if not hit.missing and hit.rule.severity in (Severity.S1, Severity.S2)]
        if broken:
            continue
        clean += 1
        added = (product.disclosures.get(code) or demo.disclosures.get(code) for code in done.missing_disclosures)
        whole = text + ("" if text.endswith("。") else "。") + "".join(label.zh for label in added if label)
        fitting[phrase.role] += len(whole) <= room
    assert told >= 20
    assert clean >= 0.95 * told
    assert fitting["push_body"] >= 10
    assert fitting["sms"] >= 5
