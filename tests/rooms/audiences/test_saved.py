"""Saved audiences by their skills: kept, counted again, changed, used, put away, deleted, and brought as a list."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from linghang import app
from linghang.access.rights import ROLES
from linghang.adapters.chdb_engine import ChdbEngine
from linghang.audiences import store
from linghang.base.errors import (
    ConflictError,
    ForbiddenError,
    LinghangError,
    RefusedError,
    UnknownItemError,
    UsageError,
)
from linghang.campaigns import store as campaigns
from linghang.campaigns.model import Campaign
from linghang.campaigns.sections import Brief, ReadingValue
from linghang.kit.context import Context
from linghang.testing.contexts import NOW, context

from .demo_bank import AUDIT, RICH, SIZE, WOMEN, YOUNG, ask, people


def later(ctx: Context, **delta: int) -> Context:
    at = ctx.now + dt.timedelta(**delta)
    return replace(ctx, clock=lambda: at)


def test_what_is_saved_is_counted_kept_and_told(bank: Context) -> None:
    told = ask(bank, "save", name="年轻", rule=YOUNG, note="demo")
    assert told["count"] == ask(bank, "count", rule=YOUNG)["count"] == SIZE * 20 // 50
    assert (told["owner"], told["version"], told["refresh"], told["behind"]) == ("operator", 1, "daily", False)
    assert (told["zh"], told["en"]) == ("年龄<40岁", "Age <40 years")
    assert [size["count"] for size in told["sizes"]] == [told["count"]]
    again = ask(bank, "show", audience="年轻")
    assert again["id"] == told["id"]
    assert again["rule"] == YOUNG
    row = next(row for row in ask(bank, "list")["audiences"] if row["name"] == "年轻")
    assert (row["count"], row["words"], row["sizes"], row["mine"]) == (told["count"], told["zh"], [told["count"]], True)
    assert [(line.skill, line.outcome) for line in AUDIT[-1:]] == [("audience.save", "done")]


@pytest.mark.parametrize("name", ["", "  ", "年龄（30", "a)", "x" * 61, "a「b」", 'a"b', "a\nb"])
def test_a_name_must_stand_in_a_sentence(bank: Context, name: str) -> None:
    with pytest.raises(UsageError) as refused:
        ask(bank, "save", name=name, rule=YOUNG)
    assert refused.value.code == "audiences.bad_name"


def test_a_name_is_given_once(bank: Context) -> None:
    ask(bank, "save", name="一次", rule=YOUNG)
    with pytest.raises(ConflictError) as refused:
        ask(bank, "save", name="一次", rule=RICH)
    assert refused.value.code == "audiences.name_taken"


def test_a_rule_that_means_nothing_is_not_saved(bank: Context) -> None:
    with pytest.raises(RefusedError) as refused:
        ask(bank, "save", name="坏", rule={"field": "agee", "op": "lt", "value": 40})
    assert "age" in str(refused.value.findings[0].params["near"])
    with pytest.raises(RefusedError) as unknown:
        ask(bank, "save", name="坏", rule={"audience": "年轻人群不存在"})
    assert unknown.value.findings[0].code == "audiences.unknown_audience"
    with pytest.raises(UnknownItemError):
        ask(bank, "show", audience="坏")


def test_members_are_those_of_the_last_refresh_but_of_a_live_one(engine: ChdbEngine, tmp_path: Path) -> None:
    ctx = replace(context(tmp_path, rights=ROLES["operator"], engine=engine), institution_id="growing")
    people(ctx, 1000, "small")
    ask(ctx, "save", name="held", rule=YOUNG)
    ask(ctx, "save", name="asked", rule=YOUNG, refresh="live")
    held = ask(ctx, "count", audience="held")["count"]
    assert held == ask(ctx, "count", audience="asked")["count"] == 400
    people(ctx, 2000, "large")
    told = ask(ctx, "show", audience="held")
    assert (told["behind"], told["count"]) == (True, 400)
    assert ask(ctx, "count", audience="held")["count"] == 400
    assert ask(ctx, "count", audience="asked")["count"] == 800
    soon = later(ctx, hours=25)
    done = ask(soon, "refresh_due")
    assert {one["name"]: one["count"] for one in done["refreshed"]} == {"held": 800, "asked": 800}
    assert done["failed"] == []
    assert ask(soon, "refresh_due")["refreshed"] == [], "nothing is due twice"
    told = ask(soon, "history", audience="held")
    assert [size["count"] for size in told["sizes"]] == [400, 800]
    assert ask(soon, "count", audience="held")["count"] == 800
    assert ask(soon, "show", audience="held")["behind"] is False


def test_what_others_are_made_of_is_refreshed_first_and_a_broken_one_stops_nobody(
    engine: ChdbEngine, tmp_path: Path
) -> None:
    app.declare_skills()
    ctx = replace(context(tmp_path, rights=ROLES["operator"], engine=engine), institution_id="chained")
    people(ctx, 1000, "small")
    ask(ctx, "save", name="z base", rule=YOUNG)
    ask(ctx, "save", name="a whole", rule={"all": [{"audience": "z base"}, WOMEN]})
    broken = ask(ctx, "save", name="broken", rule=RICH)
    kept = store.find(ctx.db, ctx.institution_id, broken["id"])
    gone = replace(kept, rule=store.parse({"field": "gone", "op": "ge", "value": 1}))
    store.change(ctx.db, ctx.institution_id, gone, actor="operator", cause="rule", at=ctx.now)
    people(ctx, 2000, "large")
    done = ask(later(ctx, hours=25), "refresh_due")
    assert [one["name"] for one in done["refreshed"]] == ["z base", "a whole"]
    assert [one["name"] for one in done["failed"]] == ["broken"]
    whole = ask(ctx, "count", rule={"all": [YOUNG, WOMEN]})["count"]
    assert {one["name"]: one["count"] for one in done["refreshed"]} == {"z base": 800, "a whole": whole}
    assert ask(ctx, "show", audience="broken")["count"] == broken["count"], "the last size stays"


def test_changes_are_versions_and_a_stale_one_is_told(bank: Context) -> None:
    first = ask(bank, "save", name="改", rule=YOUNG)
    second = ask(bank, "change", audience="改", rule={"all": [YOUNG, WOMEN]}, version=1)
    assert (second["version"], second["count"]) == (2, ask(bank, "count", rule={"all": [YOUNG, WOMEN]})["count"])
    with pytest.raises(ConflictError) as stale:
        ask(bank, "change", audience="改", name="改二", version=1)
    assert stale.value.code == "audiences.changed_meanwhile"
    third = ask(bank, "change", audience="改", name="改三")
    told = ask(bank, "history", audience="改三")
    assert [(one["version"], one["cause"], one["rule"]) for one in told["versions"]] == [
        (1, "save", first["rule"]), (2, "rule", second["rule"]), (3, "change", second["rule"]),
    ]  # fmt: skip
    assert third["version"] == 3


def test_a_rule_made_of_itself_is_refused(bank: Context) -> None:
    ask(bank, "save", name="甲", rule=YOUNG)
    ask(bank, "save", name="乙", rule={"audience": "甲"})
    with pytest.raises(RefusedError) as refused:
        ask(bank, "change", audience="甲", rule={"any": [{"audience": "乙"}, RICH]})
    assert refused.value.findings[0].code == "audiences.made_of_itself"


def test_only_the_owner_changes_and_an_admin_hands_over(bank: Context) -> None:
    ask(bank, "save", name="我的", rule=YOUNG)
    analyst = replace(bank, actor=replace(bank.actor, name="analyst", rights=ROLES["analyst"]))
    for verb, more in (("change", {"name": "你的"}), ("archive", {}), ("delete", {})):
        with pytest.raises(ForbiddenError) as refused:
            ask(analyst, verb, audience="我的", **more)
        assert refused.value.code == "audiences.not_owner"
    assert ask(analyst, "show", audience="我的")["mine"] is False
    designer = replace(bank, actor=replace(bank.actor, name="designer", rights=ROLES["designer"]))
    with pytest.raises(ForbiddenError):
        ask(designer, "save", name="设计", rule=YOUNG)


def test_an_owner_must_be_a_user(bank: Context) -> None:
    ask(bank, "save", name="移交", rule=YOUNG)
    with pytest.raises(UnknownItemError):
        ask(bank, "change", audience="移交", owner="nobody")


def test_what_is_used_is_not_deleted_but_put_away(bank: Context) -> None:
    kept = ask(bank, "save", name="被用", rule=YOUNG)
    ask(bank, "save", name="用它", rule={"not": {"audience": "被用"}})
    _campaign(bank, kept["id"])
    told = ask(bank, "show", audience="被用")
    assert sorted(use["kind"] for use in told["used"]) == ["audience", "campaign"]
    with pytest.raises(RefusedError) as refused:
        ask(bank, "delete", audience="被用")
    assert {one.code for one in refused.value.findings} == {"audiences.used_by_audience", "audiences.used_by_campaign"}
    assert ask(bank, "archive", audience="被用")["archived"]
    assert "被用" not in [row["name"] for row in ask(bank, "list")["audiences"]]
    assert "被用" in [row["name"] for row in ask(bank, "list", archived=True)["audiences"]]
    assert ask(bank, "count", audience="用它")["count"] == SIZE - kept["count"], "what refers to it goes on"
    assert not ask(later(bank, days=3), "show", audience="被用")["due"]
    assert not ask(bank, "archive", audience="被用", back=True)["archived"]
    ask(bank, "delete", audience="用它")
    with pytest.raises(UnknownItemError):
        ask(bank, "show", audience="用它")


def _campaign(ctx: Context, audience: str) -> None:
    reading = {"audience": [{"field": "saved_audience", "op": "eq", "value": audience}]}
    sections = {
        "brief": campaigns.given("brief", Brief("给被用的人发红包", ctx.today)),
        "reading": campaigns.given("reading", ReadingValue("brief", reading)),
    }
    made = Campaign("cmp_1", ctx.institution_id, 1, "operator", ctx.now, ctx.now, sections)
    campaigns.create(ctx.db, made, actor="operator", cause="new")


def test_the_scheduler_may_refresh_and_nothing_else(bank: Context) -> None:
    scheduler = replace(bank, actor=app.SCHEDULER)
    ask(scheduler, "refresh_due")
    with pytest.raises(ForbiddenError):
        ask(scheduler, "save", name="自动", rule=YOUNG)
    assert "audience.refresh_due" in {task.skill for task in app.TASKS}


def test_saved_audiences_are_named_in_words(bank: Context) -> None:
    ask(bank, "save", name="有钱人", rule=RICH)
    both = ask(bank, "count", rule={"all": [RICH, WOMEN]})["count"]
    for text in ("「有钱人」里的女性有多少", "有钱人人群中的女性", "women in the audience 有钱人"):
        assert ask(bank, "count", text=text)["count"] == both, text
    words = ask(bank, "explain", rule={"all": [{"audience": "有钱人"}, WOMEN]})
    assert "有钱人" in words["zh"]
    assert ask(bank, "explain", text=words["zh"])["rule"] == ask(bank, "explain", text=words["en"])["rule"]
    assert ask(bank, "explain", text=words["zh"])["rule"] == words["rule"]
    shared = ask(bank, "shared", text="「有钱人」和女性重合多少")
    assert shared["both"] == both


def test_a_list_is_accounted_for_line_by_line(bank: Context, tmp_path: Path) -> None:
    lines = ["customer_id,shop", "K1,a", " K2 ,a", "K2,b", ",b", "nobody,c", "'; DROP,c"]
    path = tmp_path / "shop.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    told = ask(bank, "upload", name="门店", table=str(path))
    assert told["made"] | {"examples": []} == {
        "given": 6, "members": 2, "duplicates": 1, "strangers": 2, "blank": 1, "gone": 0, "examples": [],
    }  # fmt: skip
    assert told["made"]["examples"] == ["nobody", "'; DROP"]
    assert (told["count"], told["source"], told["refresh"], told["rule"]) == (2, "upload", "once", None)
    assert (
        ask(bank, "count", rule={"all": [{"audience": "门店"}, {"field": "age", "op": "le", "value": 21}]})["count"]
        == 1
    )
    pq.write_table(pa.table({"客户号": ["K5", "K5", None]}), tmp_path / "shop.parquet")
    told = ask(bank, "upload", name="门店二", table=str(tmp_path / "shop.parquet"))
    assert (told["count"], told["made"]["duplicates"], told["made"]["blank"]) == (1, 1, 1)
    told = ask(bank, "upload", name="门店三", ids=["K7", "K7", "x"])
    assert (told["count"], told["made"]["given"]) == (1, 3)
    (tmp_path / "plain.txt").write_text("K1\r\nK2\r\n\r\nK3", encoding="utf-8")
    told = ask(bank, "upload", name="门店四", table=str(tmp_path / "plain.txt"))
    assert (told["made"]["given"], told["made"]["members"], told["made"]["blank"]) == (4, 3, 1)


@pytest.mark.parametrize(
    ("content", "more", "code"),
    [
        (b"a,b\n1,2\n", {}, "audiences.no_id_column"),
        (b"customer_id,b\nK1,2\n", {"column": "ids"}, "audiences.no_id_column"),
        (b"customer_id,b\nK1\n", {}, "audiences.unreadable_list"),
        (b"\xff\xfe\x00", {}, "audiences.unreadable_list"),
        (b"PAR1junk", {}, "audiences.unreadable_list"),
        (b"", {}, "audiences.unreadable_list"),
        (None, {}, "customers.no_file"),
    ],
)
def test_a_list_that_is_none_is_told(
    bank: Context, tmp_path: Path, content: bytes | None, more: dict[str, str], code: str
) -> None:
    path = tmp_path / "list.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(LinghangError) as refused:
        ask(bank, "upload", name="坏名单", table=str(path), **more)
    assert refused.value.code == code
    with pytest.raises(UnknownItemError):
        ask(bank, "show", audience="坏名单")


def test_a_list_has_no_rule_to_change(bank: Context) -> None:
    ask(bank, "upload", name="名单", ids=["K1"])
    for more in ({"rule": YOUNG}, {"refresh": "daily"}):
        with pytest.raises(RefusedError) as refused:
            ask(bank, "change", audience="名单", **more)
        assert refused.value.code == "audiences.no_rule"
    assert ask(bank, "refresh", audience="名单")["count"] == 1
    with pytest.raises(UsageError):
        ask(bank, "upload", name="空")


def test_versions_are_json_that_parses(bank: Context) -> None:
    told = ask(bank, "save", name="全部字段", rule={"any": [YOUNG, {"not": {"all": [RICH, WOMEN]}}]})
    assert json.loads(json.dumps(told))["rule"] == told["rule"]
    assert told["created"].startswith(NOW.strftime("%Y-%m-%d"))
