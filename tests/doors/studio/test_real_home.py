"""The studio in Chromium on a real home: a sentence becomes a signed campaign that a customer taps, claims and moves.

Nothing is faked: the demo institution with its own home process, decision service, ledgers, event log and pictures.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

from .real import QUIET, Bank, opened  # noqa: E402 - after the library that it needs
from .test_browser import CHROMIUM  # noqa: E402

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

CUSTOMERS = 8_000
SENTENCE = (
    "给近30天浏览过理财但没买过的客户做一场理财拉新，发20元红包，预算50万，push加首页弹窗加首页banner，"
    "下周一开始两周，风格热闹，留10%对照"
)


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    """A studio over a home of its own, with a few thousand customers."""
    with opened(tmp_path_factory.mktemp("real"), CUSTOMERS) as bank:
        yield bank


@pytest.fixture
def page(bank: Bank) -> Iterator[Any]:
    """A browser tab; a script error fails the test."""
    errors: list[str] = []
    with sync_api.sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        tab = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=bank.url).new_page()
        tab.goto(bank.link("operator"))
        tab.on("pageerror", lambda error: errors.append(str(error)))
        yield tab
        browser.close()
    assert errors == []


def _number(text: str) -> int:
    found = re.search(r"\d[\d,]*", text)
    assert found is not None, text
    return int(found.group().replace(",", ""))


def _become(page: Any, place: int) -> None:
    page.get_by_role("button", name="切换用户").click()
    page.locator("#menu-user button").nth(place).click()
    page.wait_for_load_state()


def test_a_sentence_becomes_a_campaign_that_a_customer_taps_and_claims(page: Any) -> None:
    page.goto("/")
    page.fill("#speak", SENTENCE)
    page.keyboard.press("Enter")
    expect(page.locator("#compliance .key-value")).to_be_visible(timeout=90_000)
    submit = page.locator(".doc-next").get_by_role("button", name="送审")
    expect(submit).to_be_visible(timeout=60_000)
    campaign = page.url.split("?")[0].split("#")[0]
    assert "/campaigns/cmp_" in campaign
    people = _number(page.locator("#audience .key-value").inner_text())
    assert 0 < people < CUSTOMERS
    assert "拉新" in page.locator("#goal").inner_text()

    page.fill("#speak", "预算提到80万")
    page.keyboard.press("Enter")
    expect(page.locator(".doc-figures")).to_contain_text("¥80 万", timeout=30_000)
    expect(page.locator(".thread")).to_contain_text("预算 ¥50万 → ¥80万", timeout=15_000)
    page.locator(".doc-tools").get_by_role("button", name="撤销").click()
    expect(page.locator(".doc-figures")).to_contain_text("¥50 万", timeout=30_000)

    expect(submit).to_be_visible(timeout=30_000)
    submit.click()
    expect(page.locator(".doc-title")).to_contain_text("审批中", timeout=30_000)
    page.get_by_role("button", name="切换为审批人").first.click()
    page.wait_for_load_state()
    page.get_by_role("button", name="签字批准").first.click()
    page.locator("#dialog").get_by_role("button", name="签字批准").click()
    expect(page.locator(".doc-title")).to_contain_text("待上线", timeout=30_000)

    _become(page, 0)
    page.get_by_role("button", name="上线", exact=True).first.click()
    expect(page.locator("#dialog")).to_contain_text(f"{people:,}")
    page.locator("#dialog").get_by_role("button", name="上线").click()
    expect(page.locator(".doc-title")).to_contain_text("运行中", timeout=60_000)

    page.goto(campaign + "/phone")
    phone = page.locator(".phone-col").first
    tap = phone.locator(".app-pop .tap")
    expect(tap).to_be_visible(timeout=30_000)
    stock = page.locator(".stock b").first
    before = _number(stock.inner_text())
    tap.click()
    # The frame is zoomed, and Playwright does not map clicks into zoomed frames: the event is sent to the link itself.
    page.frame_locator(".phone-col:nth-child(1) iframe").locator(".cta").dispatch_event("click")
    expect(phone.locator(".app-sheet")).to_contain_text("领取成功", timeout=15_000)
    expect(stock).to_have_text(f"{before - 1:,}")
    expect(page.locator(".event-list")).to_contain_text("领取")
    phone.locator(".seen").first.click()
    lead = page.locator("#dialog .lead")
    expect(lead).to_contain_text("实验组")
    assert not re.search(r"var_|treated|L\d", lead.inner_text())

    page.goto(campaign + "/report")
    claimed = page.locator(".funnel-row", has_text="领取人数").locator("b")
    expect(claimed).to_have_text("1", timeout=30_000)
    page.locator(".report-top").get_by_role("button", name="快进 7 天").click()
    reached = page.locator(".funnel-row", has_text="触达").locator("b")
    expect(reached).not_to_have_text("3", timeout=60_000)
    expect(page.locator(".report-top .key-value")).to_have_count(5)
    expect(page.locator(".report canvas")).to_have_count(1)


def test_who_is_held_out_sees_nothing_and_every_page_answers(page: Any) -> None:
    page.goto("/campaigns")
    page.locator("[data-item]").first.click()
    page.wait_for_url("**/campaigns/cmp_*")
    page.goto(page.url.split("?")[0] + "/phone")
    column = page.locator(".phone-col").first
    held = column.locator("option", has_text="对照组").first
    expect(held).to_be_attached(timeout=30_000)
    column.locator("select").select_option(value=held.get_attribute("value"))
    expect(column.locator(".app-hero.own")).to_be_visible(timeout=15_000)
    expect(column.locator(".seen").first).to_contain_text("对照组")
    for path in ("/", "/insights", "/audiences", "/audiences/saved", "/audiences/compare", "/benefits", "/creatives", "/creatives/rating", "/pages", "/delivery", "/approvals",
                 "/calendar", "/analysis", "/knowledge", "/settings"):  # fmt: skip
        page.goto(path)
        page.wait_for_function("!document.querySelector('main .bone')", timeout=30_000)
        expect(page.locator("#toasts .bad")).to_have_count(0)


def test_an_audience_is_played_with_saved_and_named_in_a_brief(page: Any, bank: Bank) -> None:
    page.goto("/audiences?text=60天没登录、资产5万以上的客户")
    size = page.locator(".size .key-value")
    expect(size).to_be_visible(timeout=60_000)
    expect(page.locator(".reach-row").first).to_be_visible(timeout=60_000)
    first = _number(size.inner_text())
    page.locator("input[type=range]").nth(0).fill("0")
    expect(size).not_to_have_text(f"{first:,}", timeout=30_000)
    wider = _number(size.inner_text())
    said = page.input_value("#speak")
    asked = bank.run("audience", "count", said)
    assert asked["matched"] == wider > first, "page, sentence and command line agree"
    page.locator("h1").click()
    page.keyboard.press("s")
    page.locator("#dialog [name=name]").fill("很久没来")
    page.locator("#dialog").get_by_role("button", name="保存为新人群").click()
    expect(page.locator("h1")).to_have_text("很久没来", timeout=30_000)
    page.get_by_role("button", name="用于活动").click()
    page.wait_for_url("**/?say=*")
    # The desk fills its field after the page is there: what is read earlier is empty, and names nobody.
    expect(page.locator("#speak")).to_have_value(re.compile("很久没来"))
    page.fill("#speak", page.input_value("#speak") + "发20元红包推稳健理财，预算10万，push，下周一开始两周")
    page.keyboard.press("Enter")
    expect(page.locator("#audience")).to_contain_text("已存人群「很久没来」", timeout=90_000)
    page.goto("/audiences/saved")
    row = page.locator(".saved-row", has_text="很久没来")
    expect(row).to_contain_text("用在 1 处", timeout=30_000)
    expect(row).to_contain_text(f"{wider:,}")
