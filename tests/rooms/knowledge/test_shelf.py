"""What a home keeps of its library: words and vectors that are not made twice, and what happens when an encoder fails."""

import contextlib
import datetime as dt
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from linghang import knowledge, packs
from linghang.access import rotation, sealing
from linghang.base.errors import UnavailableError
from linghang.kit.database import open_database
from linghang.knowledge import Document, Index
from linghang.knowledge.grams import grams
from linghang.packs import Pack
from linghang.ports.vectors import Vectors

TODAY = dt.date(2026, 11, 23)
FEES = Document("a.md", "费用", "# 费用\n## 赎回\n七天以内赎回收费1.5%。\n## 申购\n申购费打一折。\n")
HOURS = Document("b.md", "时段", "# 时段\n短信9:00至20:00发送。\n")


class Endpoint:
    """An encoder that counts what it is asked, and can fail."""

    name = "endpoint:test"
    dimensions = 2

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.down = False

    def encode(self, texts: Sequence[str]) -> Vectors:
        if self.down:
            raise UnavailableError("llm.unreachable", model=self.name, reason="down")
        self.asked += texts
        return np.array([[1.0, 0.0] if "赎" in text or "卖" in text else [0.0, 1.0] for text in texts], np.float32)


@pytest.fixture(scope="module")
def demo() -> Pack:
    return packs.load("demo")


def test_a_second_start_makes_nothing_again_and_only_what_changed_is_encoded(tmp_path: Path, demo: Pack) -> None:
    encoder = Endpoint()
    first = Index([FEES], encoder, tmp_path)
    assert len(encoder.asked) == 2
    first.close()
    again = Index([FEES, HOURS], encoder, tmp_path)
    assert len(encoder.asked) == 3
    hits = knowledge.search(again, demo, "一周就卖掉要钱吗", 3)
    assert hits[0].section == "赎回"
    assert "vector" in hits[0].by
    again.close()
    gone = Index([HOURS], encoder, tmp_path)
    assert knowledge.search(gone, demo, "赎回", 3) == () or all("赎回" not in hit.text for hit in gone.passages)
    with contextlib.closing(sqlite3.connect(":memory:")) as db:
        db.deserialize(sealing.read_bytes(tmp_path / "knowledge" / "index.db"))
        assert db.execute("select count(*) from word").fetchone() == (1,)
        assert db.execute("select count(*) from vector").fetchone() == (1,)


def test_words_are_known_as_by_a_plain_look(demo: Pack) -> None:
    index = knowledge.library(demo)
    for gram in ("七日", "年化", "qdii", "20", "1.70%", "plus+", "没有"):
        told = any(gram in grams(f"{p.text}\n{p.section}\n{p.document.title}") for p in index.passages)
        assert index.knows(gram) is told, gram


def test_an_endpoint_that_fails_leaves_the_embedded_encoder(tmp_path: Path, demo: Pack) -> None:
    encoder = Endpoint()
    encoder.down = True
    index = Index([FEES, HOURS], encoder, tmp_path)
    assert index.degraded == "llm.unreachable"
    assert index.encoder.name.startswith("use-m3")
    assert knowledge.search(index, demo, "赎回收费", 1)[0].section == "赎回"
    # One that fails later does no harm either, and one that comes back is used again.
    encoder.down = False
    back = Index([FEES, HOURS], encoder, tmp_path)
    assert back.encoder is encoder
    encoder.down = True
    assert knowledge.search(back, demo, "赎回收费", 1)[0].section == "赎回"
    assert back.degraded == "llm.unreachable"


def test_a_broken_file_is_made_anew(tmp_path: Path, demo: Pack) -> None:
    Index([FEES], None, tmp_path).close()
    path = tmp_path / "knowledge" / "index.db"
    sound = path.read_bytes()
    for broken in (b"not a database" * 400, sound[:-9], sound[:200] + b"x" + sound[201:]):
        path.write_bytes(broken)
        index = Index([FEES], None, tmp_path)
        assert knowledge.search(index, demo, "赎回收费", 1)[0].section == "赎回"
        assert sealing.read_bytes(path).startswith(b"SQLite format 3")


def test_a_home_keeps_its_index_and_a_new_document_is_found_at_once(tmp_path: Path, demo: Pack) -> None:
    knowledge.add(tmp_path, "食堂", "# 食堂\n食堂十一点半开门。\n", TODAY)
    assert "食堂十一点半" in knowledge.ask(knowledge.library(demo, tmp_path), demo, "食堂几点开门").quotes[0].text
    assert (tmp_path / "knowledge" / "index.db").exists()
    knowledge.add(tmp_path, "食堂", "# 食堂\n食堂十二点开门。\n", TODAY)
    assert "食堂十二点" in knowledge.ask(knowledge.library(demo, tmp_path), demo, "食堂几点开门").quotes[0].text


def test_no_word_of_a_document_stands_in_clear_in_a_home_and_one_of_before_is_taken_over(
    tmp_path: Path, demo: Pack
) -> None:
    def held() -> bytes:
        return b"".join(path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file())

    words = "zebrahouse"
    knowledge.add(tmp_path, "机密", f"# 机密\n{words} 将于三月并入总行。\n", TODAY)
    assert knowledge.ask(knowledge.library(demo, tmp_path), demo, f"{words}什么时候并入总行").known
    assert words.encode() not in held()
    # A home of before: the document in clear, beside an index in clear that nothing needs.
    folder = tmp_path / "knowledge"
    (folder / "旧.md").write_text(f"# 旧\n{words}old 由滨江支行保管。\n", "utf-8")
    for name in (".index.db", ".index.db-wal"):
        (folder / name).write_bytes(words.encode())
    assert words.encode() in held()
    rotation.settle(tmp_path, open_database(tmp_path / "app.db"), lambda: None)
    assert words.encode() not in held()
    told = knowledge.ask(knowledge.library(demo, tmp_path), demo, f"{words}old由谁保管")
    assert "滨江支行" in told.quotes[0].text
    assert knowledge.remove(tmp_path, "home:旧.md")
