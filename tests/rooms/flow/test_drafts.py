"""Single pieces of one sentence: texts, a page, a recap; what is missing is asked, never invented."""

from dataclasses import replace
from pathlib import Path

import pytest

from linghang import packs
from linghang.access.rights import ROLES
from linghang.base.errors import RefusedError
from linghang.base.predicates import Combination
from linghang.campaigns.sections import Allocation, Copy, Layer, Layers, Texts
from linghang.compliance.skills import check_text
from linghang.flow import pictures
from linghang.flow.drafts import build_page, write_copy
from linghang.flow.goal import set_goal
from linghang.flow.recaps import recap
from linghang.kit import files
from linghang.kit.context import AuditEntry, Context
from linghang.ports.images import Wish
from linghang.testing.contexts import context
from linghang.testing.images import FakeImages


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    return context(tmp_path, rights=ROLES["operator"])


def test_three_texts_are_three_different_texts_that_the_checker_passes(ctx: Context) -> None:
    made = write_copy(ctx, "写三条小金库的推送")
    bodies = [" ".join(text["roles"].values()) for text in made["texts"]]
    assert len(set(bodies)) == 3
    assert made["channels"] == ["push"]
    assert all(check_text(ctx, text, "mmf", "push")["verdict"] == "compliant" for text in bodies)


def test_without_a_product_it_is_asked_which(ctx: Context) -> None:
    with pytest.raises(RefusedError, match="drafts.which_product"):
        write_copy(ctx, "写三条推送")
    assert write_copy(ctx, "写三条推送", product="gold")["product"]


def test_a_festival_page_offers_what_the_playbook_offers(ctx: Context) -> None:
    made = build_page(ctx, "搭一个双11会场页")
    assert made["title"] == "双11会场"
    assert made["benefits"]
    assert made["verdict"] == "compliant"
    assert "双11会场" in files.get(ctx.home, made["file"]).decode()


def test_what_the_ledgers_do_not_know_the_documents_may(ctx: Context) -> None:
    told = recap(ctx, "复盘上周白条活动")
    assert told["report"] is None
    assert any("白条" in source["title"] for source in told["sources"])
    with pytest.raises(RefusedError, match="recap.nothing_ran"):
        recap(ctx, "复盘上周量子计算活动")


def test_an_image_server_that_sends_us_elsewhere_is_refused_and_in_the_audit_log_once_a_run(tmp_path: Path) -> None:
    inside = "http://169.254.169.254/latest/meta-data"

    def elsewhere(_wish: Wish) -> bytes:
        raise RefusedError("images.elsewhere", server="studio-gpu", to=inside)

    noted: list[AuditEntry] = []
    server = FakeImages("studio-gpu", answer=elsewhere)
    ctx = replace(context(tmp_path, rights=ROLES["operator"], audit=noted), images=server, skill="campaign.new")
    pack = packs.load(ctx.pack)
    goal, _ = set_goal({}, text="", today=ctx.today, pack=pack)
    goal = replace(goal, product_kind="mmf", slots=("waist_banner", "home_banner"))
    layers = Layers("", (Layer("all", "layer.all", Combination("all", ()), 0),))
    texts = Texts({}, tuple(Copy(f"c{n}", "all", n, "title", "每天攒一点", "plain", "zh") for n in goal.slots))
    drawn, _ = pictures.draw(ctx, goal, layers, texts, Allocation(0, 0, (), 0.0), pack)
    assert len(server.asked) >= 2, "each picture asks"
    assert [item.slot for item in drawn.pictures] == list(goal.slots), "the engine's own plates stand in"
    assert [(one.skill, one.outcome) for one in noted] == [("campaign.new", "images.elsewhere")]
    assert "studio-gpu" in noted[0].about
    assert inside in noted[0].about


@pytest.mark.parametrize("side", [1, 20_000])
def test_a_slot_of_an_impossible_size_gets_a_finding_and_the_others_their_pictures(ctx: Context, side: int) -> None:
    pack = packs.load(ctx.pack)
    slots = tuple(replace(slot, width=side, height=side) if slot.id == "home_popup" else slot for slot in pack.slots)
    goal, _ = set_goal({}, text="", today=ctx.today, pack=pack)
    goal = replace(goal, product_kind="mmf", slots=("home_popup", "waist_banner"))
    layers = Layers("", (Layer("all", "layer.all", Combination("all", ()), 0),))
    texts = Texts(
        {},
        tuple(
            Copy(f"c{place}", "all", place, "title", "每天攒一点", "plain", "zh")
            for place in ("home_popup", "waist_banner")
        ),
    )
    drawn, found = pictures.draw(
        ctx, goal, layers, texts, Allocation(0, 0, (), 0.0), replace(pack, slots=slots)
    )  # fmt: skip
    assert [item.slot for item in drawn.pictures] == ["waist_banner"]
    assert [(item.code, item.about) for item in found if item.code == "pictures.bad_frame"] == [
        ("pictures.bad_frame", "home_popup")
    ]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("搭一个双12会场页", "2026-12-06", "2026-12-12"),
        ("搭一个双11会场页", "2027-11-05", "2027-11-11"),
        ("build a Double 12 page", "2026-12-06", "2026-12-12"),
        ("做一个春节专题页", "2027-02-05", "2027-02-12"),
        ("做一个双12会场页，12月1日到12月12日", "2026-12-01", "2026-12-12"),
        ("做一个圣诞页面，跑三天", "2026-12-25", "2026-12-27"),
    ],
)
def test_a_page_for_a_festival_is_dated_by_it(ctx: Context, text: str, start: str, end: str) -> None:
    made = build_page(ctx, text)
    assert (made["start"], made["end"]) == (start, end)
