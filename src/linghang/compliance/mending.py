"""A text mended: what breaks a rule cut or replaced, what is missing added, the offer's facts kept, and checked again."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from linghang.compliance.checking import check
from linghang.compliance.context import Facts
from linghang.compliance.disclosures import disclosures, filled
from linghang.compliance.model import Check, Fact, Reader, Rule

_ROUNDS = 3
_FACT = re.compile(
    r"\d{1,4}月\d{1,2}日|\d{4}-\d{2}-\d{2}|[¥$£€]?\d[\d,]*(?:\.\d+)?(?:%|折|元|块|万|亿|天|日|个月|期|年|张|份|次|名|人|克|px|:\d{2})?"
)
_STOPS = ",，。.;；!！?？、:：~～|｜ \n"
_BEFORE = {"zh": "，。；！？、：\n,;!?", "en": ",.;!?:\n"}
_LEAST = {"zh": 4, "en": 8}
"""Fewer letters than this, disclosures apart, are no text any more."""
_POINTERS = {
    "zh": {
        "fund": "基金的投资范围、费用与风险等级，请见产品页", "mmf": "货币基金的申购赎回规则，请见产品页",
        "wealth": "理财产品的期限、费用与风险等级，请见产品页", "deposit": "存款期限与利率以网点和App公示为准",
        "gold": "积存金的买卖价格与规则，请见产品页", "insurance": "保险责任与免责条款，请见产品页",
        "credit": "借款额度与费用以审批结果为准", "payments": "支付功能的使用说明，请见App", "membership": "会员权益与规则，请见活动页",
        "securities": "业务规则与费用，请见App公示", "brand": "业务介绍与服务时间，请见官方App",
    },
    "en": {"brand": "Terms and details are on the product page", "securities": "Charges and terms are on the product page"},
}  # fmt: skip
"""What may be said of a product when nothing else is left: where its terms stand."""
_STANDING = re.compile(
    r"[^。！!？?\n]{0,80}(?:有风险|须谨慎|需谨慎|非存款|以条款为准|资金由|年化利率（|年化利率\(|风险等级|不代表|不保证|等于存款|拒收请回复|规则(?:详?见|详情)|承保的)[^。！!？?\n]{0,80}[。！!？?]?"
    r"|【[^】]{0,40}】|^广告｜|R[1-5](?=[，,。])|(?:[^.!?]{0,80}(?:capital (?:is )?at risk|past performance|prospectus|marketing communication|costs money|reply stop|representative|apr\b|unsubscribe)[^.!?]{0,80}[.!?]?)",
    re.I,
)
"""Phrases that stand on any such asset and say nothing of the offer."""
_UNTRUE = frozenset({"CN-LN-07"})
"""Rules whose words are wrong whatever stands beside them, although they also want a disclosure."""
_FROM_CONTEXT = {
    "apr": ("apr", "annual_rate"), "provider": ("provider", "lender", "insurer"), "risk": ("product_risk", "risk"),
    "price": ("renew_price", "price"), "threshold": ("offer_threshold", "threshold"), "valid": ("valid",),
    "brand": ("brand", "institution"), "address": ("postal_address", "address"), "start": ("start",), "end": ("end",),
    "apy": ("apy",), "balance": ("balance", "minimum_balance"), "goto": ("goto_apr", "apr"), "example": ("example",),
}  # fmt: skip


def mended(
    done: Check,
    *,
    rules: Sequence[Rule] | None = None,
    context: Mapping[str, Fact] | None = None,
    today: dt.date,
    reader: Reader = "decides",
) -> Check:
    """The check with its ``fixed_text``: the text itself where it is in order, else a mend which passes the same check.

    Empty where no mend keeps the offer: when what is wrong is no matter of words (an hour, a consent), when a
    disclosure needs a fact that nobody gave (an annual rate), or when nothing would be left to say.
    """
    if done.verdict == "compliant":
        return replace(done, fixed_text=done.material.text)
    told = _facts(context or {})
    current = done
    for _ in range(_ROUNDS):
        text = _mended(current, told)
        if text is None or text == current.material.text:
            return done
        material = replace(current.material, text=text)
        current = check(material, rules=rules, context=context, today=today, reader=reader)
        if current.verdict == "compliant":
            return replace(done, fixed_text=text) if _kept(done, text) else done
    return done


def offer_facts(text: str) -> tuple[str, ...]:
    """The figures of a text: amounts, rates, dates, numbers of pieces, in order."""
    return tuple(match.group() for match in _FACT.finditer(text))


def _facts(context: Mapping[str, Fact]) -> dict[str, str]:
    known = Facts(context)
    told: dict[str, str] = {}
    for name, sources in _FROM_CONTEXT.items():
        value = next((str(known.told[source]) for source in sources if source in known), "")
        if value:
            told[name] = value
    return told


def _kept(done: Check, text: str) -> bool:
    """Whether every figure outside the words that were wrong is still said."""
    outside = _outside(done)
    return not Counter(offer_facts(outside)) - Counter(offer_facts(text))


def _pointing(pointer: str, rest: str, lang: str) -> str:
    """A pointer before what standing phrases are left."""
    said = (piece.strip(_STOPS) for piece in re.split("[。！!？?\n]" if lang == "zh" else "[.!?]\\s", rest))
    left = [piece for piece in said if _FACT.search(piece) or sum(map(str.isalnum, piece)) >= _LEAST[lang]]
    return "".join(f"{piece}。" for piece in (pointer, *left)) if lang == "zh" else ". ".join((pointer, *left)) + "."


def _outside(done: Check) -> str:
    """The text without the words that were wrong."""
    kept = list(done.material.text)
    for low, high in {hit.span for hit in done.hits if hit.located}:
        kept[low:high] = " " * (high - low)
    return "".join(kept)


def _mended(done: Check, told: Mapping[str, str]) -> str | None:
    lang = "zh" if done.material.jurisdiction == "CN" else "en"
    # A fact (an hour, a rating, a size) is not mended by other words, wherever it is cited.
    if any(
        (not hit.located or hit.code == "compliance.fact") and not hit.missing and not hit.advice for hit in done.hits
    ):
        return None
    text = done.material.text
    # What only wants a disclosure beside it stays: the disclosure is added below.
    cured = {hit.rule.id for hit in done.hits if hit.missing} - _UNTRUE
    # What only asks for a person's eye breaks nothing and stays.
    wrong = [
        hit.span for hit in done.hits if hit.located and not (hit.missing or hit.advice) and hit.rule.id not in cured
    ]
    for low, high in _merged(_whole(text, *span) for span in wrong):
        text = _cut(text, low, high, lang)
    if _said(text) < _LEAST[lang]:
        # The whole text was the breach: where it offered nothing else, a pointer to the product stands instead.
        if offer_facts(_STANDING.sub("", _outside(done))):
            return None
        pointer = _POINTERS[lang].get(done.material.product, _POINTERS[lang]["brand"])
        text = _pointing(pointer, text, lang)
    for code in done.missing_disclosures:
        said = _words(code, lang, told)
        if said is None:
            return None
        text = _joined(text, said, _place(code), lang)
    return text


def _said(text: str) -> int:
    """How many letters a text has besides its standing phrases."""
    return sum(char.isalnum() for char in _STANDING.sub("", text))


def _whole(text: str, low: int, high: int) -> tuple[int, int]:
    """A span that no longer opens a bracket without closing it, with a remark in brackets right behind it."""
    for opening, closing in (("（", "）"), ("(", ")"), ("“", "”")):
        if text.count(opening, low, high) > text.count(closing, low, high):
            end = text.find(closing, high)
            high = end + 1 if end >= 0 else high
        if text[high : high + 1] == opening and opening != "“":
            end = text.find(closing, high)
            high = end + 1 if end >= 0 else high
    return low, high


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans from the last to the first, those that touch as one."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(set(spans)):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged[::-1]


def _cut(text: str, low: int, high: int, lang: str) -> str:
    """The text without a piece, and without the stop that only it needed."""
    before, after = text[:low], text[high:]
    bare = after.lstrip(" ")
    begins = not before.strip() or before.endswith("\n")
    if bare[:1] in _STOPS and (begins or before.rstrip()[-1:] in _BEFORE[lang]):
        after = bare.lstrip(_STOPS)
    if not after.strip(_STOPS):
        before = before.rstrip("，、；：,;: ")
    return f"{before}{after}".strip(" \n")


def _words(code: str, lang: str, told: Mapping[str, str]) -> str | None:
    """A disclosure's words with the offer's facts; None where one of them is not known."""
    said, open_facts = filled(code, lang, told)
    return None if open_facts or not said else said


def _place(code: str) -> str:
    return next(item.place for item in disclosures() if item.code == code)


def _joined(text: str, said: str, place: str, lang: str) -> str:
    if place == "start":
        mark = "" if said.endswith(("】", "]")) else ("｜" if lang == "zh" else ". ")
        return f"{said}{mark}{text}"
    stop = "。" if lang == "zh" else ". "
    said = said.replace(",", "，").replace("(", "（").replace(")", "）") if lang == "zh" else said
    closed = text.rstrip().endswith(tuple("。！？.!?）)】"))
    end = "" if lang == "zh" or said.endswith(".") else "."
    return f"{text.rstrip()}{'' if closed else stop}{' ' if closed and lang == 'en' else ''}{said}{end}"
