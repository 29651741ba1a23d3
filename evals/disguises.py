"""Disguises, every style by itself: forty words that evaders hide, written in each style, in three sentences.

A plain sentence must be found, and its disguised form must be found for the same topic, citing the disguised words. What is
counted for each style is the share of the plain ones that survive. Beside it stand texts that only look like disguises.
"""

import datetime as dt
import random
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.evasions import WORDS, Word, sounds_near
from evals.innocents import innocents
from linghang import compliance

TODAY = dt.date(2026, 11, 23)
TERMS: Mapping[str, tuple[str, ...]] = {
    "wealth": ("保本保息", "稳赚不赔", "零风险", "刚性兑付", "本金安全", "高收益", "低门槛", "预期收益", "预期年化", "保证收益"),
    "fund": ("无风险", "只涨不跌", "躺赚", "翻倍", "必涨", "闭眼入", "收益稳定", "永不亏损"),
    "credit": ("不查征信", "黑户可贷", "秒下款", "免审核", "无视征信", "当天放款", "以卡养卡", "人人可贷", "秒到账", "零利息"),
    "payments": ("全网最低", "第一品牌", "国家级", "独一无二", "央行推荐", "顶级服务"),
    "securities": ("内幕消息", "荐股", "牛股推荐", "加微信"),
    "insurance": ("返佣", "带病投保"),
}  # fmt: skip
CARRIERS = ("{}，今天就上线", "老客都说这款{}，别犹豫", "周末福利：{}，点开看看")


@dataclass(frozen=True)
class Written:
    """A term in a sentence, plain and disguised, and where the disguised words stand."""

    style: str
    product: str
    plain: str
    text: str
    span: tuple[int, int]


def _insert(word: str, dice: random.Random) -> str:
    place = dice.randrange(1, len(word))
    return word[:place] + dice.choice(["𝗻", "z", "X", "の", "ღ", "乛", "ing"]) + word[place:]


def _near_sound(word: str, dice: random.Random) -> str:
    """A homophone by a blurred sound (zh/z, n/l, in/ing, h/f)."""
    places = [n for n, char in enumerate(word) if sounds_near(char)]
    if not places:
        return word
    place = dice.choice(places)
    return word[:place] + dice.choice(sounds_near(word[place])) + word[place + 1 :]


STYLES: Mapping[str, Word] = {**WORDS, "inserted": _insert, "near_sound": _near_sound}


def written(seed: int = 11) -> Iterator[Written]:
    """Every style × term × carrier that changes the term."""
    for style, change in STYLES.items():
        for product, terms in TERMS.items():
            for term in terms:
                for carrier in CARRIERS:
                    dice = random.Random(zlib.crc32(f"{style}{term}{carrier}{seed}".encode()))
                    hidden = change(term, dice)
                    if hidden != term:
                        at = carrier.index("{")
                        yield Written(
                            style, product, carrier.format(term), carrier.format(hidden), (at, at + len(hidden))
                        )


def _answers(lines: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return list(compliance.check_batch(lines, today=TODAY))


def _line(text: str, product: str) -> dict[str, Any]:
    return {"text": text, "product": product, "channel": "feed", "jurisdiction": "CN", "context": {}}


def measured(seed: int = 11) -> tuple[dict[str, tuple[int, int, int]], list[str], list[str]]:
    """By style: tried, found, found with its words; what was missed; the innocent texts in which something was found."""
    cases = list(written(seed))
    plain = {(one.plain, one.product) for one in cases}
    known = dict(zip(plain, _answers([_line(*key) for key in plain]), strict=True))
    told: dict[str, tuple[int, int, int]] = {}
    missed: list[str] = []
    for one, answer in zip(cases, _answers([_line(one.text, one.product) for one in cases]), strict=True):
        at = one.span[0]
        word = (at, at + len(one.plain) - (len(one.text) - one.span[1] + one.span[0]))
        topics = {f["topic"] for f in known[one.plain, one.product]["findings"] if _covers(f["span"], word)}
        if not topics:
            missed.append(f"PLAIN {one.plain}")
            continue
        same = [f for f in answer["findings"] if f["span"][1] > f["span"][0] and f["topic"] in topics]
        over = [f for f in same if _covers(f["span"], one.span)]
        tried, found, cited = told.get(one.style, (0, 0, 0))
        told[one.style] = tried + 1, found + bool(same), cited + bool(over)
        if not over:
            missed.append(
                f"{one.style:16} {one.text} [{one.plain}] {[(f['rule'], f['text']) for f in answer['findings']]}"
            )
    lines = innocents(1000)
    raised = [
        f"{text} {[(f['rule'], f['text']) for f in answer['findings'] if f['text']]}"
        for text, answer in zip(lines, _answers([_line(text, "brand") for text in lines]), strict=True)
        if answer["verdict"] != "compliant"
    ]
    return told, missed, raised


def _covers(span: Sequence[int], words: tuple[int, int]) -> bool:
    """Whether most of the words are cited."""
    return 2 * (min(span[1], words[1]) - max(span[0], words[0])) >= words[1] - words[0]
