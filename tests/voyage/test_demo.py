"""The voyage on the demo institution, and what people do wrong on the way."""

import json
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from pdf_words import words_of
from pypdf import PdfReader

from linghang.adapters.chromium import browser_from_environment
from voyage.commands import Shell

pytestmark = pytest.mark.slow

SENTENCE = (
    "给近30天浏览过理财但没买过的客户做一场理财拉新,发20元红包,预算50万,push加首页弹窗加首页banner,"
    "下周一开始两周,风格热闹,留10%对照"
)


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    shell = Shell(tmp_path_factory.mktemp("demo"))
    assert shell("init", "--pack", "demo", "--customers", "20000")["customers"] == 20000
    yield shell
    shell.run("home", "stop")


@pytest.fixture(scope="module")
def campaign(shell: Shell) -> dict[str, Any]:
    return shell("campaign", "new", SENTENCE, "--wait")


def value(document: dict[str, Any], name: str) -> Any:
    return document["sections"][name]["value"]


def test_every_layer_has_its_own_copy_picture_and_benefit(campaign: dict[str, Any]) -> None:
    layers = [layer["id"] for layer in value(campaign, "layers")["layers"]]
    assert len(layers) >= 3
    variants = [variant for variant in value(campaign, "combinations")["variants"] if not variant["excluded"]]
    for layer in layers:
        assert any(variant["layer"] == layer and variant["creative"] for variant in variants)
    titles = {
        tuple(sorted(text["text"] for text in value(campaign, "copy")["texts"] if text["layer"] == layer))
        for layer in layers
    }
    assert len(titles) == len(layers)


def test_pictures_have_the_slots_sizes_and_byte_limits(campaign: dict[str, Any]) -> None:
    sizes = {(picture["width"], picture["height"]) for picture in value(campaign, "creatives")["pictures"]}
    assert {(1080, 420), (600, 800)} <= sizes
    assert all(picture["bytes"] <= 300_000 for picture in value(campaign, "creatives")["pictures"])


def test_a_budget_edit_touches_no_picture(shell: Shell, campaign: dict[str, Any]) -> None:
    before = value(campaign, "creatives")
    after = shell("campaign", "edit", campaign["id"], "预算提到80万")
    assert value(after, "goal")["budget_fen"] == 80_000_000
    assert value(after, "creatives") == before
    undone = shell("campaign", "undo", campaign["id"])
    assert value(undone, "goal")["budget_fen"] == 50_000_000


def test_a_pin_is_never_overwritten(shell: Shell, campaign: dict[str, Any]) -> None:
    text = next(item for item in value(campaign, "copy")["texts"] if item["role"] == "title")
    path = f"copy.texts[{text['id']}].text"
    pinned = shell("campaign", "pin", campaign["id"], path, "新客理财专享")
    assert "新客理财专享" in json.dumps(value(pinned, "copy"), ensure_ascii=False)
    again = shell("campaign", "edit", campaign["id"], "预算提到60万")
    assert "新客理财专享" in json.dumps(value(again, "copy"), ensure_ascii=False)
    shell("campaign", "unpin", campaign["id"], path)


def test_from_review_to_report(shell: Shell, campaign: dict[str, Any]) -> None:
    shell("campaign", "submit", campaign["id"])
    _reminders_and_the_end_of_an_approval_follow_the_clock(shell, campaign["id"])
    _the_packet_holds_what_is_signed(shell, campaign["id"])
    refused = shell("campaign", "approve", campaign["id"], "--package", "0" * 16, code=1, actor="approver")
    assert refused["error"]["code"] == "approvals.changed_meanwhile"
    own = shell("campaign", "approve", campaign["id"], code=1)
    assert own["error"]["code"] == "access.no_right"
    shell("campaign", "approve", campaign["id"], actor="approver")
    shell("campaign", "launch", campaign["id"])
    shell("campaign", "play", campaign["id"])
    report = shell("campaign", "report", campaign["id"])
    assert report["simulated"] is True
    funnel = {row["name"]: row["value"] for row in report["rows"]}
    assert funnel["impressions"] > 0
    assert funnel["holdout"] > 0
    assert report["lift"]["low"] <= report["lift"]["value"] <= report["lift"]["high"]
    answer = shell("campaign", "ask", "各渠道的点击率对比")
    assert answer["table"]["rows"]


def _reminders_and_the_end_of_an_approval_follow_the_clock(shell: Shell, id: str) -> None:
    def at(now: str, *words: str, code: int = 0, actor: str = "") -> Any:
        return shell(*words, "--now", now, code=code, actor=actor)

    # Reminded once, not again within four hours, again after them; past its hours the package is overdue.
    first = at("2026-11-23T09:00+08:00", "campaign", "remind", id, "--note", "明天上线")
    assert (first["reminded"], first["overdue"]) == (1, False)
    refused = at("2026-11-23T12:59+08:00", "campaign", "remind", id, code=1)
    assert refused["error"]["code"] == "approvals.reminded_lately"
    assert "2026年11月23日" in refused["error"]["message"]
    late = at("2026-11-24T13:01+08:00", "campaign", "remind", id)
    assert (late["reminded"], late["overdue"]) == (2, True)

    # An approval that ends is told as ended from that instant on, launches nothing, and is asked for again.
    until = "2026-11-25T18:00+08:00"
    at("2026-11-24T14:00+08:00", "campaign", "approve", id, "--until", until, actor="approver")
    held = at("2026-11-25T17:59+08:00", "skills", "call", "approvals.decided")
    assert [(item["kind"], item["expired"]) for item in held["result"]] == [("approved", False)]
    ended = at(until, "skills", "call", "approvals.decided")
    assert [item["expired"] for item in ended["result"]] == [True]
    refused = at(until, "campaign", "launch", id, code=1)
    assert refused["error"]["code"] == "approvals.expired"
    at(until, "campaign", "submit", id)
    assert at(until, "skills", "call", "approvals.decided")["result"] == []


def _the_packet_holds_what_is_signed(shell: Shell, id: str) -> None:
    document = shell("campaign", "show", id)
    made = shell("campaign", "packet", id, "--pdf", str(shell.folder / "packet.pdf"), actor="approver")
    reader = PdfReader(made["path"])
    told = "".join(words_of(page, reader) for page in reader.pages).replace("\n", "")
    # A text may begin on one sheet and end on the next: what stands at the foot between is no part of it.
    told = re.sub(r"活动包 [0-9a-f]+… · 内部资料，签名只对这一哈希有效\d+ / \d+", "", told)
    assert made["package"] in told
    assert document["audience_words"].replace("\n", "") in told
    for text in value(document, "copy")["texts"]:
        assert text["text"].replace("\n", " ") in told
    assert f"{value(document, 'audience')['count']:,}" in told
    pictures = sum(len(page.images) for page in reader.pages)
    screens = pictures - len(value(document, "creatives")["pictures"])
    if browser_from_environment(os.environ) is None:
        assert screens == 0
        assert "没有浏览器" in told
    else:
        assert screens >= 2
    brief = shell("campaign", "packet", id, "--briefing", "--pdf", str(shell.folder / "briefing.pdf"))
    assert len(PdfReader(brief["path"]).pages) <= 3


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("init", "--pack", "no-such-pack"), (1, 2)),
        (("campaign", "new", "今天天气怎么样"), (1,)),
        (("campaign", "new", ""), (2,)),
        (("campaign", "show", "cmp_nothing"), (1,)),
        (("campaign", "choose", "last", "reckless"), (2,)),
        (("--as", "nobody", "campaign", "list"), (1,)),
        (("campaign", "launch", "last", "--as", "analyst"), (1,)),
    ],
)
def test_bad_input_is_told_clearly(
    shell: Shell, campaign: dict[str, Any], words: tuple[str, ...], code: tuple[int, ...]
) -> None:
    done = shell.run(*words)
    assert done.returncode in code, done.stdout + done.stderr
    told = json.loads(done.stdout.splitlines()[-1])["error"]
    assert told["message"]
    assert told["code"] not in told["message"]


def test_contradictory_dates_and_a_tiny_budget_are_findings(shell: Shell) -> None:
    reversed_ = shell("campaign", "new", "12月31号开始,到12月1号结束,推基金,预算20w,给C3以上客户,push")
    assert "goal.window_reversed" in [finding["code"] for finding in reversed_["findings"]]
    assert "compliance" not in reversed_["sections"]
    tiny = shell("campaign", "new", "给C3以上客户推基金,短信,预算1分钱,明天开始三天")
    assert any(finding["severity"] in ("S1", "S2") for finding in tiny["findings"])


def test_an_audience_of_zero_says_which_condition_empties_it(shell: Shell) -> None:
    nobody = shell("campaign", "new", "给150岁以上的客户推基金,push,预算1万,明天开始三天")
    assert "audience.zero" in [finding["code"] for finding in nobody["findings"]]


def test_two_edits_at_once_lose_nothing(shell: Shell, campaign: dict[str, Any]) -> None:
    fresh = shell("campaign", "clone", campaign["id"], "--start", "2026-12-20")
    running = [shell.start("campaign", "edit", fresh["id"], text) for text in ("预算提到70万", "风格改成稳重")]
    outcomes = [process.communicate(timeout=120) and process.returncode for process in running]
    assert 0 in outcomes
    versions = shell("campaign", "versions", fresh["id"])["versions"]
    assert len(versions) == 1 + outcomes.count(0)
