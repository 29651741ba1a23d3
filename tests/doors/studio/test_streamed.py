"""A model behind a real endpoint that streams, seen in Chromium: its words come as they are written, a click stops it,
and when it falls silent the embedded mind answers and says so. The same home asks about a change that has three
readings, with a real campaign behind it."""

import datetime as dt
import itertools
import time
from collections.abc import Iterator
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

from .model_server import Endpoint, streaming  # noqa: E402
from .real import QUIET, Bank, opened  # noqa: E402

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]
LAST = "#chat .turn:not(.me) >> nth=-1"
BRIEF = "给近30天没登录的客户发短信推小金库，预算50万，明天开始两周，满100减10的券，限量5000张，15%"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with streaming() as made:
        yield made


@pytest.fixture(scope="module")
def bank(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LINGHANG_LLM_BASE_URL", endpoint.url)
        patch.setenv("LINGHANG_LLM_MODEL", "m")
        with opened(tmp_path_factory.mktemp("streamed"), 2000) as made:
            yield made


@pytest.fixture(scope="module")
def page(bank: Bank) -> Iterator[Any]:
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        made = browser.new_page(locale="zh-CN", viewport={"width": 1440, "height": 900})
        made.goto(bank.link("operator"))
        made.keyboard.press("Control+j")
        yield made
        browser.close()


def ask(page: Any, text: str) -> None:
    turns = page.locator("#chat .turn.me").count()
    page.fill("#chat-box", text)
    page.keyboard.press("Enter")
    expect(page.locator("#chat .turn.me")).to_have_count(turns + 1)


def choose(page: Any, name: str) -> str:
    turns = page.locator("#chat .turn.me").count()
    page.locator(LAST).get_by_role("button", name=name).click()
    expect(page.locator("#chat .turn.me")).to_have_count(turns + 1)
    return ended(page)


def ended(page: Any) -> str:
    expect(page.locator("#chat .spin")).to_have_count(0, timeout=60_000)
    return str(page.locator(LAST).inner_text())


def test_words_appear_as_they_are_written(page: Any, endpoint: Endpoint) -> None:
    endpoint.pause = 0.35
    ask(page, "什么是QFII")
    seen: list[str] = []
    deadline = time.monotonic() + 60
    while page.locator("#chat .spin").count() and time.monotonic() < deadline:
        drafts = page.locator(".answer-draft p:last-child").all_inner_texts()
        seen += [text for text in drafts if text and text not in seen]
        page.wait_for_timeout(150)
    assert len(seen) > 2, "not all at once"
    assert all(later.startswith(earlier) for earlier, later in itertools.pairwise(seen))
    assert "QFII是合格境外机构投资者，指经批准可以投资境内证券市场的境外机构。" in ended(page)
    assert endpoint.asked[-1]["stream"] is True


def test_a_click_stops_the_model_and_the_embedded_answer_stands(page: Any, endpoint: Endpoint) -> None:
    endpoint.pause = 2.0
    ask(page, "什么是七日年化")
    page.get_by_role("button", name="停止").last.click(timeout=20_000)
    told = ended(page)
    assert "已让模型 m 停下" in told
    assert "七日年化" in told
    assert told.count("停下") == 1


def test_one_that_falls_silent_is_told_and_the_embedded_mind_answers(page: Any, endpoint: Endpoint) -> None:
    endpoint.pause, endpoint.stall = 0.1, True
    ask(page, "什么是固收")
    told = ended(page)
    endpoint.stall = False
    assert "写到一半停住了" in told
    assert "固定收益类资产" in told


def test_a_figure_that_became_nothing_and_a_change_of_three_readings_are_buttons(page: Any, bank: Bank) -> None:
    ask(page, BRIEF)
    told = ended(page)
    assert "这些话没有用到，请确认是否遗漏：15%" in told
    assert "改好了" in choose(page, "对照组比例 10% → 15%")
    ask(page, "改成30")
    ended(page)
    shown = page.locator(f"{LAST} >> .choice").all_inner_texts()
    assert {text.split("\n")[-1] for text in shown} >= {"预算 50万元 → 30万元", "优惠面额 10元 → 30元"}
    assert "改好了" in choose(page, "优惠面额 10元 → 30元")
    end = dt.date.fromisoformat(_reading(bank)["end"])
    ask(page, "往后挪")
    ended(page)
    ask(page, "第二个")
    assert "改好了" in ended(page)
    reading = _reading(bank)
    assert (reading["holdout_pct"], reading["offer"]["face_value_cny"]) == (15, 30)
    assert reading["end"] == (end + dt.timedelta(days=3)).isoformat()
    assert reading["budget_cny"] == 500_000


def _reading(bank: Bank) -> dict[str, Any]:
    return dict(bank.run("campaign", "show", "last")["sections"]["reading"]["value"]["reading"])
