"""A word that a rule forbids is found however it is written; plain words are not taken for disguises; long texts are cheap."""

import datetime as dt
import sys
from types import FrameType

import pytest

from evals.innocents import innocents
from linghang import compliance
from linghang.compliance.nearby import Nearby

TODAY = dt.date(2026, 11, 23)
RISK = "基金有风险，投资需谨慎。"


def spans(text: str, product: str = "fund") -> dict[str, str]:
    """The rule and the words of each finding that patterns make."""
    done = compliance.check(compliance.Material(text, product, "feed"), today=TODAY, reader="off")
    return {hit.rule.topic: text[slice(*hit.span)] for hit in done.hits if hit.located}


@pytest.mark.parametrize(
    "written",
    [
        "保\u200b本\u200b保\u200b息", "保·本·保·息", "保 本 保 息", "保、本、保、息", "【保】【本】【保】【息】", "保🔥本🔥保🔥息", "保❤本保❤息",
        "&#20445;&#26412;保息", "&#x4fdd;&#x672c;保息", "&#20445&#26412保息", "&amp;#20445;&amp;#26412;保息", "＆#20445；本保息", "\\u4fdd\\u672c保息",
        "%E4%BF%9D本保息", "BaoBen保息", "bǎo běn bǎo xī", "bao本bao息", "bbbx", "保b保息", "饱本饱息", "堡本保息", "亻呆本亻呆息", "人呆本保息",
        "保-本_保=息", "息保本保", "保本̶保息̶",
    ],
)  # fmt: skip
def test_a_promise_is_found_however_it_is_written(written: str) -> None:
    found = spans(f"{written}。{RISK}")
    assert "GUAR" in found
    said = found["GUAR"].rstrip("。")
    assert len(said) * 2 >= len(written), said


@pytest.mark.parametrize(
    ("written", "meant", "topic", "product"),
    [
        ("目-标-收-益-12-%，只等你", "目-标-收-益-12-%", "PRED", "fund"), ("🍞本🍞息，存入即睡", "🍞本🍞息", "GUAR", "wealth"),
        ("支付行业T0P1，都在用", "行业T0P1", "ABS", "payments"), ("b@o ben wealth plan", "b@o ben", "GUAR", "wealth"),
        ("bao3ben3理财上架", "bao3ben3理财", "GUAR", "wealth"), ("添利YQNH4.6%，本周起售", "YQNH4.6%", "PRED", "wealth"),
        ("想提额的嫁薇芯xd6688，备注", "嫁薇芯xd6688", "QUAL", "credit"), ("加薇馨领取资料", "加薇馨领取资料", "QUAL", "fund"), ("加🛰️：jbao2026", "加🛰️：jbao2026", "QUAL", "fund"),
        ("国*家级平台，省心", "国*家级平台", "ABS", "payments"),
        ("零门坎，小白也能上", "零门坎", "INDUCE", "wealth"), ("金条呮涨不跌，闲钱换它", "金条呮涨不跌", "SAFE", "gold"),
        ("保X本保息，今天上线", "保X本保息", "GUAR", "wealth"), ("只涨×跌，点开", "只涨×跌", "GUAR", "fund"),
        ("周末福利：槛门低，点开", "槛门低", "INDUCE", "wealth"), ("零,风•险，今天上线", "零,风•险", "GUAR", "wealth"),
        ("U S D T理财。日结", "U S D T理财", "ILLEGAL", "crypto"), ("免审和，今天上线", "免审和", "LOAN", "credit"),
    ],
)  # fmt: skip
def test_classes_of_disguises(written: str, meant: str, topic: str, product: str) -> None:
    found = spans(written, product)
    said = found.get(topic, "")
    assert meant in said
    assert len(said) <= len(meant) + 2 * _WORD[said.isascii()], found


_WORD = {False: 2, True: 6}
"""What is cited may have a word more at either edge than the disguise itself."""


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("定投永远不亏，时间会给你答案", "定投永远不亏"), ("0风险💰人人可买", "0风险"), ("【领航】本金固若金汤，放心", "本金固若金汤"),
        ("我们是首选的理财平台", "首选的理财平台"), ("无成本的理财选择，点开", "无成本的"),
        ("息保本保（倒着读你就懂了）", "息保本保"),
    ],
)  # fmt: skip
def test_the_whole_claim_is_cited_not_a_keyword(text: str, cited: str) -> None:
    said = spans(text).values()
    assert any(cited in one and len(cited) * 2 >= len(one) for one in said), said


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("最近7日浏览记录仅保存在本机，您可随时清空。", "brand"), ("市场跌了怎么办？我们可以陪您一起复盘。" + RISK, "fund"),
        ("单利与复利有何不同？投连险、万能险怎么看？", "brand"), ("投资 金条 存款，各有不同。", "brand"), ("T+1到账，R2，90天。", "brand"),
        ("周 末 愉 快，欢迎来电。", "brand"), ("低门槛不等于没门槛：先看看自己的 钱 多久不用。", "brand"),
    ],
)  # fmt: skip
def test_plain_words_hide_nothing(text: str, product: str) -> None:
    assert not spans(text, product)


def test_what_only_looks_like_a_disguise_is_none() -> None:
    raised = {text: found for text in innocents(1000)[::3] if (found := spans(text, "brand"))}
    assert not raised, list(raised.items())[:5]


@pytest.mark.parametrize("style", ["&#{0};", "\u200b{1}", "{1}\u0336"])
def test_what_breaks_nothing_breaks_nothing_disguised(style: str) -> None:
    for text in ("本券12月31日前有效", "不承诺保本，过往业绩不预示未来。", "确保本人操作，请勿轻信保本保息的骗局。"):
        written = "".join(style.format(ord(char), char) for char in text)
        assert not spans(f"{written}。{RISK}")


def calls(text: str) -> int:
    """How many functions a check calls: work counted, whatever the machine."""
    counted = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        next(iter(compliance.check_batch([{"text": text, "product": "fund"}], today=TODAY)))
    finally:
        sys.setprofile(None)
    return counted


@pytest.mark.parametrize(
    "piece",
    [
        "近{n}年收益率{n}.6%，定投永远不亏，每月{n}00元起。阅读{n}遍合同，过往业绩不预示未来。",
        "保\u200b本{n}年年化收益定投永远不亏借款额度送{n}", "“保本”{n}", "全 国 第 {n}",
    ],
)  # fmt: skip
def test_twice_the_text_is_about_twice_the_work(piece: str) -> None:
    def long(size: int) -> str:
        return "".join(piece.format(n=n) for n in range(10, 10 + size))

    calls(long(3))
    short, double = calls(long(60)), calls(long(120))
    assert double <= 2.6 * short


def test_nearby_finds_each_item_once_and_nothing_that_only_touches() -> None:
    nearby: Nearby[str] = Nearby()
    nearby.add((0, 200), "long")
    nearby.add((60, 70), "short")
    nearby.add((5, 5), "empty")
    assert list(nearby.over((10, 150))).count("long") == 1
    assert sorted(nearby.over((65, 66))) == ["long", "short"]
    assert not nearby.touches((200, 300))
