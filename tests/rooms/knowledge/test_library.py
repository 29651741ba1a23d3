"""The demo's library: what it answers, what it says it does not know, where it says that it stands."""

import datetime as dt
from pathlib import Path

import pytest

from linghang import knowledge, packs
from linghang.base.errors import UnknownItemError, UsageError
from linghang.base.messages import render
from linghang.knowledge import Filter, Index
from linghang.packs import Pack


@pytest.fixture(scope="module")
def demo() -> Pack:
    return packs.load("demo")


@pytest.fixture(scope="module")
def shelf(demo: Pack) -> Index:
    return knowledge.library(demo)


ANSWERED = [
    ("QFII是什么意思", "合格境外机构投资者"),
    ("什么是QDII", "合格境内机构投资者"),
    ("七日年化怎么写", "数据来源和截止日期"),
    ("固收是收益固定吗", "不是“收益固定”"),
    ("小金库快赎限额是多少", "1万元"),
    ("小金庫快贖限額", "1万元"),
    ("短信几点可以发", "短信9:00至20:00"),
    ("推送标题最多多少字", "不超过20字"),
    ("大促预热占多少", "40%"),
    ("黄金拉新上次转化率多少", "转化率1.70%"),
    ("金条能画成黄金吗", "不得画成黄金"),
    ("投诉后多久不能触达", "90天"),
    ("首月1元怎么写", "次月起15元/月"),
    ("大额存单起存金额", "20万元起存"),
    ("S级活动提前多少天立项", "30天"),
    ("S级预算门槛", "500万元"),
    ("保险可以送礼品吗", "保险不写礼品"),
    ("双11 ROI 是多少", "ROI 0.56"),
    ("65岁客户可以买基金吗", "65岁以上"),
    ("开屏一天几个活动", "开屏一天一个"),
    ("教育金是保险吗", "都是保险产品"),
    ("存款保险保多少", "50万元以内"),
    ("怎么退订", "回复R即退订"),
    ("会员怎么取消续费", "管理续费"),
    ("等待期多长", "百万医疗险30天"),
    ("QDII确认时间", "T+2"),
    ("保险外呼禁止时段", "21:00至次日9:00"),
    ("白条促活用信率", "3.6%"),
    ("what is QDII", "currency risk"),
    ("is Little Treasury a deposit", "not a deposit"),
    ("how often may we send SMS", "once a week"),
]
UNKNOWN = [
    "公司食堂几点开门", "CEO是谁", "谁是行长", "今天天气怎么样", "比特币能不能推", "股票推荐", "如何办理房产过户",
    "怎样给手机换电池", "量子计算机多少钱", "who is the chairman", "what is the price of bitcoin", "红包雨什么时候发",
    "???", "的", "asdkjh", "小金库的客服电话是多少", "固收+的基金经理叫什么名字", "公积金怎么提取",
    "积存金的实物金条尺寸是多少厘米", "七日年化最高的一天是哪天", "定期存款怎么挂失", "短信通道的供应商是谁",
    "what is the bonded warehouse of gold",
]  # fmt: skip


@pytest.mark.parametrize(("question", "told"), ANSWERED)
def test_it_answers_in_the_words_of_a_source(demo: Pack, shelf: Index, question: str, told: str) -> None:
    answer = knowledge.ask(shelf, demo, question)
    assert answer.known, answer
    assert told in answer.quotes[0].text


@pytest.mark.parametrize("question", UNKNOWN)
def test_it_says_that_it_does_not_know(demo: Pack, shelf: Index, question: str) -> None:
    answer = knowledge.ask(shelf, demo, question)
    assert not answer.known, answer
    assert answer.quotes == ()
    assert answer.findings[0].code == "knowledge.nothing_known"
    assert question[:20] in render(answer.findings[0].code, answer.findings[0].params)


def test_every_quote_stands_word_for_word_where_it_says(demo: Pack, shelf: Index) -> None:
    texts = {passage.document.source: passage.document.text for passage in shelf.passages}
    for question, _ in ANSWERED:
        quotes = knowledge.ask(shelf, demo, question).quotes
        assert quotes, question
        for quote in quotes:
            assert texts[quote.source][quote.start : quote.end] == quote.text


def test_every_hit_stands_where_it_says(demo: Pack, shelf: Index) -> None:
    texts = {passage.document.source: passage.document.text for passage in shelf.passages}
    hits = knowledge.search(shelf, demo, "理财宣传要注意什么", 8)
    assert hits
    for hit in hits:
        assert texts[hit.source][hit.start : hit.end] == hit.text
        assert (Path(demo.folder) / hit.source).is_file()


def test_the_right_document_comes_first(demo: Pack, shelf: Index) -> None:
    expected = {
        "理财宣传 承诺": "规则-理财与基金宣传.md",
        "大促 返场": "规程-大促三段.md",
        "触达频次": "规程-触达规则.md",
        "双11复盘": "复盘-2025双11理财节.md",
        "PLUS 自动续费": "产品-PLUS会员.md",
        "上线检查 止损": "规程-活动上线流程.md",
    }
    for query, name in expected.items():
        assert knowledge.search(shelf, demo, query, 1)[0].source.endswith(name), query


def test_another_name_of_the_lexicon_finds_it_too(demo: Pack, shelf: Index) -> None:
    """货币型 stands in no document; the lexicon knows that it is a 货基."""
    assert any("货币基金" in hit.text for hit in knowledge.search(shelf, demo, "宝宝类", 3))


def test_filters_narrow_by_product_kind_and_date(demo: Pack, shelf: Index) -> None:
    by_kind = knowledge.search(shelf, demo, "转化率", 20, Filter(kind="review"))
    assert by_kind
    assert {hit.kind for hit in by_kind} == {"review"}
    later = knowledge.search(shelf, demo, "转化率", 20, Filter(kind="review", since=dt.date(2026, 9, 1)))
    assert {hit.source.rsplit("/", 1)[-1] for hit in later} == {"复盘-2026黄金拉新.md"}
    about = knowledge.search(shelf, demo, "增量", 20, Filter(product="jicunjin", kind="review"))
    assert {hit.source.rsplit("/", 1)[-1] for hit in about} == {"复盘-2026黄金拉新.md"}


def test_nothing_is_found_for_nothing(demo: Pack, shelf: Index) -> None:
    assert knowledge.search(shelf, demo, "   ") == ()
    assert knowledge.search(shelf, demo, "小金库", 0) == ()


def test_a_search_is_the_same_each_time(demo: Pack, shelf: Index) -> None:
    again = Index([passage.document for passage in shelf.passages if passage.start < 60][:14])
    assert again.passages
    assert knowledge.search(shelf, demo, "黄金") == knowledge.search(shelf, demo, "黄金")


def test_added_documents_are_found_and_replaced(demo: Pack, tmp_path: Path) -> None:
    question = "年会抽奖谁负责"
    assert not knowledge.ask(knowledge.library(demo, tmp_path), demo, question).known
    knowledge.add(tmp_path, "会议纪要 11-23", "# 会议纪要\n\n年会抽奖由行政部负责。", dt.date(2026, 11, 23))
    answer = knowledge.ask(knowledge.library(demo, tmp_path), demo, question)
    assert "行政部" in answer.quotes[0].text
    assert answer.quotes[0].source == "home:会议纪要 11-23.md"
    knowledge.add(tmp_path, "会议纪要 11-23", "# 会议纪要\n\n年会抽奖改由工会负责安排。", dt.date(2026, 11, 24))
    assert "工会" in knowledge.ask(knowledge.library(demo, tmp_path), demo, question).quotes[0].text


@pytest.mark.parametrize("name", ["../up", "", ".hidden", "a/b", "x" * 90, "a\nb"])
def test_a_document_cannot_be_put_elsewhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="knowledge.bad_name"):
        knowledge.add(tmp_path, name, "text", dt.date(2026, 11, 23))
    assert list(tmp_path.rglob("*.md")) == []


def test_an_empty_document_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="knowledge.empty"):
        knowledge.add(tmp_path, "x", "  \n", dt.date(2026, 11, 23))


def test_a_fact_is_not_answered_from_a_section_on_wording(demo: Pack, shelf: Index) -> None:
    for question in ("小金库快赎限额", "小金库快赎限额是多少"):
        answer = knowledge.ask(shelf, demo, question)
        assert answer.quotes[0].section != "常用说法"
        assert "1万元" in answer.quotes[0].text
    hits = knowledge.search(shelf, demo, "小金库不可以说什么", 3)
    assert "常用说法" in {hit.section for hit in hits}


def test_a_document_that_was_brought_is_read_opened_at_its_passage_and_taken_out(tmp_path: Path) -> None:
    brought = knowledge.bring(tmp_path, "制度.md", "# 金条制度\n\n## 额度\n金条额度每季度重算一次。".encode())
    index = knowledge.library(packs.load("demo"), tmp_path)
    passage = next(one for one in index.passages if one.document.source == brought.source)
    assert brought.text[passage.start : passage.end] == "金条额度每季度重算一次。"
    assert knowledge.remove(tmp_path, brought.source) == brought.source
    assert all(
        one.document.source != brought.source for one in knowledge.library(packs.load("demo"), tmp_path).passages
    )


@pytest.mark.parametrize("name", ["../x.md", "a/b.md", ".hidden.md", "x.exe", "空.md"])
def test_a_file_that_cannot_be_taken_leaves_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        knowledge.bring(tmp_path, name, b"")
    assert not list(tmp_path.rglob("*.*"))


def test_only_what_was_added_here_is_taken_out(tmp_path: Path) -> None:
    for source in ("knowledge/术语-基金与理财.md", "home:../secret.md", "home:none.md"):
        with pytest.raises(UnknownItemError, match="knowledge.not_own"):
            knowledge.remove(tmp_path, source)
