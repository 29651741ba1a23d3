"""Review on a real home in Chromium: comments, conditions, delegation, the short path, packets; users, tokens, audit."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from pypdf import PdfReader

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

from .real import QUIET, Bank, opened  # noqa: E402 - after the library that it needs
from .test_browser import CHROMIUM  # noqa: E402

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]

SENTENCE = "给近30天浏览过理财但没买过的客户做一场理财拉新，发20元红包，预算50万，push加首页弹窗，下周一开始两周，风格热闹，留10%对照"
SCRIPT = "<img src=x onerror=document.title='owned'>"


@dataclass
class Tab:
    """A browser tab on the bank, and who sits before it."""

    page: Any
    bank: Bank

    def enter(self, user: str, path: str) -> Any:
        """Sign in by a one-time link and open a page."""
        self.page.goto(self.bank.link(user))
        return self.go(path)

    def go(self, path: str) -> Any:
        """Open a page and wait for what it fetches."""
        self.page.goto(path)
        self.page.wait_for_function("!document.querySelector('#main .bone')", timeout=60_000)
        return self.page

    def press(self, where: str, name: str) -> None:
        """Press the button of that name in a part of the page."""
        self.page.locator(where).get_by_role("button", name=name, exact=True).first.click()

    def say(self, name: str, /, **fields: str) -> None:
        """Fill the dialog's fields and press its button."""
        for field, text in fields.items():
            self.page.locator(f"#dialog [name={field}]").fill(text)
        self.press("#dialog .dialog-foot", name)

    def told(self, text: str) -> None:
        """A note says so, above whatever else is open; then it is put away."""
        note = self.page.locator("#toasts .toast", has_text=text).first
        expect(note).to_be_visible(timeout=60_000)
        box = note.bounding_box()
        at = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
        assert self.page.locator("#toasts").evaluate("rack => rack.matches(':popover-open')"), "above the dialog"
        assert 0 < at[0] < 1440
        self.page.evaluate("document.querySelectorAll('#toasts .toast').forEach(note => note.remove())")


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    """A studio over a home of its own."""
    with opened(tmp_path_factory.mktemp("review"), 6_000) as bank:
        yield bank


@pytest.fixture(scope="module")
def campaign(bank: Bank) -> str:
    """A campaign that the operator has made."""
    return str(bank.run("campaign", "new", SENTENCE, actor="operator")["id"])


@pytest.fixture
def tab(bank: Bank) -> Iterator[Tab]:
    """A tab; a script error fails the test, and so does a script of somebody's words."""
    errors: list[str] = []
    with sync_api.sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=bank.url, locale="zh-CN")
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield Tab(page, bank)
        assert page.title() != "owned"
        browser.close()
    assert errors == []


def test_a_package_is_commented_sent_back_signed_on_conditions_and_goes_the_short_way(tab: Tab, campaign: str) -> None:
    queue, page = f"/approvals?id={campaign}", tab.page
    decision, comments = page.locator("#decision"), page.locator("#comments")

    tab.enter("operator", queue)
    tab.press("#decision", "送审")
    tab.told("已送审")

    # A comment begins at the section; an empty one leaves the dialog.
    tab.enter("compliance", queue)
    tab.press("#creative", "写意见")
    tab.say("写意见")
    tab.told("请写下意见")
    page.locator("#dialog [name=must]").check()
    tab.say("写意见", text=f"{SCRIPT}弹窗标题要写清门槛")
    tab.told("意见已记下")
    expect(page.locator("#creative .said-here.must")).to_contain_text("弹窗标题要写清门槛")
    expect(comments).to_contain_text(SCRIPT)

    # While it is open nobody signs, and it says why.
    expect(decision.get_by_role("button", name="签字批准")).to_be_disabled()
    expect(decision).to_contain_text("还有 1 条必须修改的意见没有解决")

    # A rejection needs a reason, and the maker reads it with what must be changed, where it must be changed.
    tab.press("#decision", "驳回")
    tab.say("驳回")
    tab.told("请写明原因")
    page.locator("#dialog [value=copy]").check()
    tab.say("驳回", comment="标题换掉")
    tab.told("已驳回")
    tab.enter("operator", f"/campaigns/{campaign}")
    expect(page.locator("#approval")).to_contain_text("标题换掉")
    expect(page.locator("#approval .chip", has_text="文案")).to_be_visible()
    expect(page.locator("#creative .said-here.must")).to_contain_text("弹窗标题要写清门槛")

    # The same again says that nothing changed; who waits may remind, once in four hours.
    tab.go(queue)
    tab.press("#decision", "送审")
    tab.told("已送审")
    expect(decision).to_contain_text("与上次驳回的内容完全相同")
    tab.press("#decision", "催审")
    tab.say("催审", note="明天上线")
    tab.told("已提醒审批人")
    expect(decision).to_contain_text("1 次")
    tab.press("#decision", "催审")
    tab.say("催审")
    tab.told("4 小时内不再重复催审")
    page.keyboard.press("Escape")

    # The approver is away: compliance signs on their behalf, on a condition and with an end.
    tab.enter("approver", queue)
    tab.press("#main", "委托他人签字")
    page.locator("#dialog [name=taker]").select_option("compliance")
    tab.say("委托他人签字", reason="休假")
    tab.told("已委托")
    expect(page.locator(".delegation")).to_contain_text("您已委托合规代签")
    tab.enter("compliance", queue)
    expect(page.locator(".delegation")).to_contain_text("审批人委托您代签")
    tab.press("#comments", "已解决")
    tab.told("已标为解决")
    tab.press("#decision", "签字批准")
    page.locator("#dialog [name=behalf]").select_option("approver")
    tab.say("签字批准", comment="同意", conditions="先发一小批")
    tab.told("已签字批准")
    expect(decision).to_contain_text("代 审批人")

    # Until the condition is confirmed nobody is offered the launch.
    tab.enter("operator", f"/campaigns/{campaign}")
    expect(page.locator(".doc-next")).to_contain_text("还有 1 个条件待确认")
    expect(page.locator("[data-act='ask.launch']")).to_have_count(0)
    tab.enter("approver", queue)
    tab.press(".conditions", "确认已满足")
    tab.say("确认已满足", comment="已小批量试发")
    tab.told("条件已确认满足")
    tab.press(".delegation", "收回委托")
    tab.told("委托已结束")
    expect(page.locator(".delegation")).to_have_count(0)
    tab.enter("operator", f"/campaigns/{campaign}")
    expect(page.locator("[data-act='ask.launch']").first).to_be_visible()

    # Fewer coins in the pictures: the approval is taken back, and one signature by the short path is enough.
    tab.bank.run("creative", "edit", "金币少一点", "--id", campaign, "--scope", "all", actor="operator")
    tab.go(queue)
    expect(decision).to_contain_text("草稿")
    tab.press("#decision", "走短流程送审")
    tab.told("已送审")
    expect(decision).to_contain_text("短流程")
    tab.enter("compliance", queue)
    tab.press("#decision", "签字批准")
    tab.say("签字批准")
    tab.told("已签字批准")
    expect(decision).to_contain_text("待上线")

    # The packet and the briefing are what a browser of whoever signs can open.
    for path, least in ((f"/packet/{campaign}.pdf", 4), (f"/packet/{campaign}.pdf?briefing=1", 1)):
        answer = page.request.get(path)
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/pdf"
        assert len(PdfReader(io.BytesIO(answer.body())).pages) >= least


def test_a_finding_is_mended_by_one_click_where_it_stands(tab: Tab, campaign: str) -> None:
    texts = tab.bank.run("campaign", "show", campaign)["sections"]["copy"]["value"]["texts"]
    body = next(item["id"] for item in texts if (item["place"], item["role"]) == ("push", "body"))
    path = f"copy.texts[{body}].text"
    tab.bank.run("campaign", "pin", campaign, path, "理财稳赚不赔，回家看看", actor="operator")
    page = tab.enter("operator", f"/campaigns/{campaign}")

    # What blocks is told at its words, in the pre-flight list, and on the button that leads there.
    found = page.locator("#compliance .finding.bad", has_text="稳赚不赔")
    expect(found.locator("mark")).to_contain_text("稳赚不赔")
    expect(page.locator("#compliance .pill").first).to_have_text("需处理")
    expect(page.locator("#approval .preflight .finding.bad")).to_contain_text("合规检查没有通过")
    expect(page.locator(".doc-next")).to_contain_text("处理 1 个问题")

    found.get_by_role("button").click()
    expect(page.locator("#compliance .finding.bad")).to_have_count(0, timeout=60_000)
    expect(page.locator("#compliance .key-value")).to_have_text("全部合规")
    expect(page.locator("#creative")).not_to_contain_text("稳赚不赔")
    expect(page.locator("#approval .preflight .finding.bad")).to_have_count(0)
    expect(page.locator(".doc-next")).to_contain_text("送审")

    # The next version tells what the click did, and takes it back.
    page.get_by_role("button", name="撤销").first.click()
    expect(page.locator("#compliance .finding.bad")).to_have_count(1, timeout=60_000)
    tab.bank.run("campaign", "unpin", campaign, path, actor="operator")


def test_users_are_added_changed_and_let_go_and_tokens_and_sessions_end(tab: Tab) -> None:
    page = tab.enter("admin", "/settings")
    tab.press("#main", "添加用户")
    page.locator("#dialog [value=approver]").check()
    tab.say("添加用户", name="li.hua", label=f"{SCRIPT}李华", password="short")
    tab.told("密码太弱")
    # Enter in a field of a dialog is its button.
    page.locator("#dialog [name=password]").fill("long enough 7")
    page.keyboard.press("Enter")
    tab.told("已添加 li.hua")
    row = page.locator("#main tr", has_text="li.hua")
    expect(row).to_contain_text("李华")
    tab.press("#main tr:has-text('li.hua')", "修改")
    page.locator("#dialog [value=compliance]").check()
    page.locator("#dialog [name=active]").uncheck()
    tab.say("保存")
    tab.told("立即生效")
    expect(row).to_contain_text("已停用")
    expect(row).to_contain_text("合规")

    tab.go("/settings/own")
    page.locator("[name=scope]").select_option("read")
    page.locator("[name=days]").fill("7")
    tab.press("#main", "生成令牌")
    secret = page.locator("#dialog .secret").inner_text()
    assert secret.startswith("lh_")
    page.keyboard.press("Escape")
    tab.press("#main", "撤销")
    expect(page.locator("#main")).to_contain_text("已撤销")
    tab.page.fill("[name=old]", "not this one")
    tab.page.fill("[name=password]", "another long 7")
    tab.press("#main", "设置密码")
    tab.told("原密码不对")

    # The log knows all of it, holds together, and can be taken away; the secret is nowhere in it.
    tab.go("/settings/audit")
    page.locator("[name=skill]").fill("设置密码")
    page.keyboard.press("Enter")
    expect(page.locator("#main tbody tr", has_text="users.add")).to_have_count(0)
    page.locator("[name=skill]").fill("users.")
    tab.press("#main", "搜索")
    expect(page.locator("#main tbody tr").first).to_contain_text("access.wrong_old_password")
    expect(page.locator("#main tbody tr", has_text="access.weak_password")).to_have_count(1)
    tab.press("#main", "校验哈希链")
    expect(page.locator(".chain")).to_contain_text(re.compile(r"\d+ 行完整，没有被改动"))
    with page.expect_download() as taken:
        page.get_by_role("link", name="导出全部").click()
    exported = taken.value.path().read_text("utf-8")
    assert "users.token" in exported
    assert secret not in exported
    assert "long enough 7" not in exported


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pages_of_review_and_settings_are_no_wider_than_the_screen(
    tab: Tab, campaign: str, width: int, lang: str
) -> None:
    tab.page.context.add_cookies([{"name": "lh_locale", "value": lang, "url": tab.bank.url}])
    tab.page.set_viewport_size({"width": width, "height": 844})
    tab.enter("compliance", f"/approvals?id={campaign}")
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= width
    tab.enter("admin", "/settings")
    for path in ("/settings", "/settings/own", "/settings/audit"):
        tab.go(path)
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= width, path
