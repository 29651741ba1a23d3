"""The conversation's sheet in Chromium: it keeps its turns, its place and what is being typed, on every page."""

from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

from .test_browser import CONTRAST, address, page  # noqa: E402, F401 - fixtures of that module

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(120)]

SEEN = """() => { const t = document.getElementById('chat-thread').getBoundingClientRect();
  const said = [...document.querySelectorAll('#chat .turn.me')].pop().getBoundingClientRect();
  return said.top >= t.top - 1 && said.top < t.bottom; }"""


def _say(page: Any, text: str) -> None:  # noqa: F811
    page.fill("#chat-box", text)
    page.keyboard.press("Enter")


def test_turns_words_and_place_survive_answers_pages_and_reloads(page: Any) -> None:  # noqa: F811
    page.goto("/campaigns")
    page.keyboard.press("Control+j")
    expect(page.locator("#chat .examples")).to_be_visible()
    _say(page, "第一句")
    _say(page, "一个长答案")
    page.fill("#chat-box", "还没说完")
    expect(page.locator("#chat")).to_contain_text("答：一个长答案", timeout=15_000)
    assert page.locator("#chat .turn:not(.me)").count() == 2
    assert page.input_value("#chat-box") == "还没说完"
    assert page.evaluate("document.activeElement.id") == "chat-box"
    expect(page.locator("#chat-told")).to_contain_text("一个长答案")
    assert page.evaluate(SEEN), "a long answer is read from its question on"

    page.goto("/benefits")
    expect(page.locator("#chat .turn.me")).to_have_count(2, timeout=15_000)
    expect(page.locator("#chat-box")).to_have_value("还没说完")
    page.reload()
    expect(page.locator("#chat .turn.me")).to_have_count(2, timeout=15_000)
    page.keyboard.press("Control+j")
    expect(page.locator("#chat")).not_to_be_visible()
    page.goto("/campaigns")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("#chat")).not_to_be_visible()


def test_who_reads_further_up_stays_there_and_finds_the_newest(page: Any) -> None:  # noqa: F811
    page.goto("/campaigns")
    page.keyboard.press("Control+j")
    _say(page, "一个长答案")
    expect(page.locator("#chat")).to_contain_text("第59行", timeout=15_000)
    page.locator("#chat-thread").hover()
    page.mouse.wheel(0, 400)
    page.wait_for_timeout(200)
    before = page.evaluate("document.getElementById('chat-thread').scrollTop")
    _say(page, "又一个长答案")
    expect(page.locator("#chat .turn.me")).to_have_count(
        2, timeout=15_000
    )  # one's own words bring their turn into view
    page.mouse.wheel(0, -3000)
    page.wait_for_timeout(300)
    expect(page.locator("#chat")).to_contain_text("答：又一个长答案", timeout=15_000)
    assert page.evaluate("document.getElementById('chat-thread').scrollTop") < before
    page.locator("#chat-latest").click()
    assert page.evaluate(SEEN)


def test_a_past_conversation_is_opened_again(page: Any) -> None:  # noqa: F811
    page.goto("/memory")
    page.get_by_role("button", name="接着说").click()
    expect(page.locator("#chat")).to_contain_text("单日1万元", timeout=15_000)
    page.locator("#chat").get_by_role("button", name="新对话").click()
    expect(page.locator("#chat .turn")).to_have_count(0)
    page.locator("#chat").get_by_role("button", name="以前的对话").click()
    page.locator("#chat-list, .chat-list").get_by_role("button").first.click()
    expect(page.locator("#chat")).to_contain_text("快赎限额是多少")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_sheet_has_contrast_and_comes_from_below_on_a_phone(page: Any, address: str, theme: str) -> None:  # noqa: F811
    page.context.add_cookies([{"name": "lh_theme", "value": theme, "url": address}])
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/campaigns")
    page.get_by_role("button", name="对话").first.click()
    _say(page, "快赎限额是多少")
    expect(page.locator("#chat")).to_contain_text("答：快赎限额是多少", timeout=15_000)
    box = page.locator("#chat").bounding_box()
    assert box["width"] == 390
    assert abs(box["y"] + box["height"] - 844) <= 1
    assert box["y"] > 80
    assert page.evaluate(CONTRAST) == []
    page.keyboard.press("Escape")
    expect(page.locator("#chat")).not_to_be_visible()


def test_a_turn_is_stopped_by_its_button(page: Any) -> None:  # noqa: F811
    page.goto("/campaigns")
    page.keyboard.press("Control+j")
    _say(page, "慢慢说")
    page.locator("#chat").get_by_role("button", name="停止").click(timeout=10_000)
    expect(page.locator("#chat")).to_contain_text("已停下", timeout=15_000)
    expect(page.locator("#chat").get_by_role("button", name="继续")).to_be_visible()


def test_two_pages_of_one_conversation_see_each_other(page: Any) -> None:  # noqa: F811
    page.goto("/campaigns")
    page.keyboard.press("Control+j")
    page.locator("#chat").get_by_role("button", name="新对话").click()
    _say(page, "第一页说的")
    expect(page.locator("#chat")).to_contain_text("答：第一页说的", timeout=15_000)
    other = page.context.new_page()
    other.goto("/benefits")
    other.keyboard.press("Control+j")
    expect(other.locator("#chat")).to_contain_text("答：第一页说的", timeout=15_000)
    other.fill("#chat-box", "第二页说的")
    other.keyboard.press("Enter")
    page.fill("#chat-box", "还没说完")
    expect(page.locator("#chat")).to_contain_text("答：第二页说的", timeout=15_000)
    _say(page, "第三句")
    expect(other.locator("#chat")).to_contain_text("答：第三句", timeout=15_000)
    page.wait_for_timeout(2_500)
    for tab in (page, other):
        assert tab.locator("#chat .turn.me p").all_inner_texts() == ["第一页说的", "第二页说的", "第三句"]
    other.close()
