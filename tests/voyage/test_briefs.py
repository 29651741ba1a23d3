"""Sentences over all kinds of products become documents that nothing in them forbids; the demo's own pays back."""

from collections.abc import Iterator

import pytest

from linghang.doors.cli.demo import DEMO_SENTENCE
from voyage.commands import Shell

pytestmark = pytest.mark.slow

BRIEFS = (
    "为双12做一场基金首投活动,面向AUM 5万以上没买过基金的客户,预算20万,push加短信,下周一开始两周",
    "白条促活:开通了没用过的客户,发3期免息券,预算5万,push加首页弹窗,下周开始10天",
    "给C3及以上、35到50岁的客户推固收+基金,申购费1折,预算8万,push加首页banner,下个月1号到15号",
    "年终会员日,给PLUS会员到期前30天的客户做续费,首月1元,预算3万,push加站内信,下周三开始一周",
    "百万医疗险推广,面向30到45岁有孩子的客户,送在线问诊服务,预算6万,push加首页banner,下周一起两周",
    "黄金节积存金活动,买过黄金的客户,手续费5折,预算2万,push加首页banner,12月10日到12月18日,风格国潮",
    "给经营贷有额度没支用的小微企业主做利息88折,预算10万,短信加电话,下周一开始三周,稳重",
    "为春节做一场年货节支付满减,全部绑卡客户,满100减10,预算50万,push加开屏,2月1日到2月15日,国潮风",
)


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    shell = Shell(tmp_path_factory.mktemp("briefs"))
    assert shell("init", "--pack", "demo", "--customers", "20000")["customers"] == 20000
    yield shell
    shell.run("home", "stop")


@pytest.mark.parametrize("brief", BRIEFS, ids=range(len(BRIEFS)))
def test_a_brief_becomes_a_document_that_may_go_out(shell: Shell, brief: str) -> None:
    made = shell("campaign", "new", brief, "--today", "2026-11-24")
    assert not made["missing"]
    assert made["sections"]["audience"]["value"]["count"] > 0
    assert made["sections"]["compliance"]["value"]["verdict"] == "compliant"
    assert not [item["message"] for item in made["findings"] if item["severity"] in ("S1", "S2")]


def test_a_reminder_gives_nothing_and_is_signed(shell: Shell) -> None:
    made = shell("campaign", "new", "提醒白条账单3天内到期的客户还款,不发券,push加短信,预算1万,明天开始5天")
    chosen = made["sections"]["benefits"]["value"]
    assert {row["benefit"] for row in chosen["allotments"]} == {""}
    assert chosen["committed_fen"] < 100_00, "contacts only"
    figures = {row["name"]: row["value"] for row in made["sections"]["estimate"]["value"]["figures"]}
    assert (figures["claims"], figures["redemptions"]) == (0, 0)
    assert not [item["message"] for item in made["findings"] if item["severity"] in ("S1", "S2")]
    assert not [item for item in made["findings"] if item["code"] == "goal.left_aside"]
    shell("campaign", "submit", made["id"])
    assert shell("campaign", "approve", made["id"], actor="approver")
    changed = shell("campaign", "new", "给近90天没买过理财的客户推理财,发10元红包,预算5万,push,下周一起一周")
    assert {row["benefit"] for row in changed["sections"]["benefits"]["value"]["allotments"]} != {""}
    quiet = shell("campaign", "edit", changed["id"], "改成纯提醒,不发券了")
    assert {row["benefit"] for row in quiet["sections"]["benefits"]["value"]["allotments"]} == {""}


def test_the_demos_own_sentence_goes_from_words_to_a_report(shell: Shell) -> None:
    made = shell("campaign", "new", DEMO_SENTENCE)
    plans = made["sections"]["plans"]["value"]["alternatives"]
    committed = [plan["allocation"]["committed_fen"] for plan in plans]
    assert committed == sorted(set(committed))  # three plans, each daring more
    shell("campaign", "submit", made["id"])
    shell("campaign", "approve", made["id"], actor="approver")
    launched = shell("campaign", "launch", made["id"])
    assert launched["planned"] > 0
    shell("campaign", "play", made["id"])
    rows = {row["name"]: row for row in shell("campaign", "report", made["id"])["rows"]}
    assert rows["clicks"]["value"] > 0


def test_a_second_demo_in_one_home_goes_on_where_the_first_stands(shell: Shell) -> None:
    campaigns = shell("campaign", "list")["campaigns"]
    made = shell.run("demo", "--customers", "20000", "--no-studio", text=True)
    assert made.returncode == 0, made.stderr
    assert "同一句话" in made.stdout
    assert "从零到复盘" in made.stdout
    assert shell("campaign", "list")["campaigns"] == campaigns
