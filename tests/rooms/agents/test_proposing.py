"""A change that nobody can read is asked with patches in words; the one that is chosen is made, no other is."""

from dataclasses import dataclass, replace

import pytest

from linghang import packs
from linghang.campaigns import store
from linghang.campaigns.model import Campaign
from linghang.flow import documents, sections
from linghang.flow import skills as flow_skills
from linghang.flow.graph import Look
from linghang.kit.context import Context
from linghang.kit.skills import call

BRIEF = "给近30天没登录的客户发短信和push推小金库，预算50万，12月1日到12月12日，满100减10的券，限量5000张"


@dataclass(frozen=True)
class Walked:
    campaign: Campaign


def read_only(ctx: Context, campaign: Campaign) -> Walked:
    """What a walk makes without an engine: the reading alone."""
    look = Look(campaign.id, packs.load(ctx.pack), {"brief": campaign.value("brief")})
    made = sections.reading(ctx, look)
    section = replace(store.given("reading", made.value), findings=made.findings)
    return Walked(store.fill(ctx.db, campaign, section))


@pytest.fixture
def draft(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(flow_skills, "bring_up_to_date", read_only)
    return read_only(ctx, documents.create(ctx, BRIEF, "balanced")).campaign.id


def say(ctx: Context, text: str, campaign: str = "", **more: object) -> dict[str, object]:
    return dict(call(ctx, "agents.say", {"text": text, "conversation": "con_1", "campaign": campaign, **more}))


def reading_of(ctx: Context, campaign: str) -> dict[str, object]:
    return dict(documents.load(ctx, campaign).value("reading").reading)


def texts(reply: dict[str, object]) -> list[str]:
    return [str(item["text"]) for item in reply["choices"]]  # type: ignore[union-attr]


def test_a_figure_without_a_key_is_asked_with_three_patches_and_nothing_is_changed(ctx: Context, draft: str) -> None:
    before = reading_of(ctx, draft)
    reply = say(ctx, "改成30", draft)
    assert reply["state"] == "asked"
    assert texts(reply) == ["预算 50万元 → 30万元", "优惠面额 10元 → 30元", "使用门槛 100元 → 30元"]
    assert reading_of(ctx, draft) == before
    assert documents.load(ctx, draft).version == 1


@pytest.mark.parametrize("said", ["第二个", "2", "the second", "面额那个"])
def test_the_one_that_is_chosen_is_made(ctx: Context, draft: str, said: str) -> None:
    before = reading_of(ctx, draft)
    say(ctx, "改成30", draft)
    reply = say(ctx, said, draft)
    assert (reply["state"], reply["makes"], reply["campaign"]) == ("done", "campaign.changed", draft)
    after = reading_of(ctx, draft)
    assert after == before | {"offer": {**before["offer"], "face_value_cny": 30}}  # type: ignore[dict-item]
    kept = documents.load(ctx, draft).value("brief").edits[-1]
    assert kept.text == "改成30", "what was said stands beside what was chosen"


def test_a_click_brings_the_patch_itself_and_old_buttons_still_work(ctx: Context, draft: str) -> None:
    first = say(ctx, "改成30", draft)["choices"][0]  # type: ignore[index]
    say(ctx, "往后挪", draft)
    reply = say(ctx, first["text"], draft, patch=first["patch"], words=first["words"])  # type: ignore[index]
    assert reply["state"] == "done"
    assert reading_of(ctx, draft)["budget_cny"] == 300_000


def test_a_patch_without_a_campaign_in_view_is_refused(ctx: Context) -> None:
    reply = say(ctx, "预算", patch=[{"op": "set", "path": "budget_cny", "value": 1}])
    assert (reply["state"], reply["error"]) == ("refused", "agents.which_campaign")


def test_none_of_them_and_numbers_beyond_change_nothing(ctx: Context, draft: str) -> None:
    say(ctx, "改成30", draft)
    beyond = say(ctx, "第八个", draft)
    assert (beyond["state"], len(texts(beyond))) == ("asked", 3)
    assert say(ctx, "都不是", draft)["state"] == "told"
    assert documents.load(ctx, draft).version == 1


@pytest.mark.parametrize("said", ["改一下", "不要了", "往后挪", "move it", "换一个"])
def test_a_change_of_few_words_is_never_taken_for_an_act(ctx: Context, draft: str, said: str) -> None:
    reply = say(ctx, said, draft)
    assert reply["state"] == "asked"
    assert len(texts(reply)) >= 2
    assert documents.load(ctx, draft).version == 1


def test_an_undo_that_says_so_is_no_question(ctx: Context, draft: str) -> None:
    say(ctx, "预算改成60万", draft)
    assert say(ctx, "撤销上一步", draft)["state"] == "done"
    assert reading_of(ctx, draft)["budget_cny"] == 500_000


def test_a_figure_of_an_edit_that_became_nothing_is_offered_at_its_keys(ctx: Context, draft: str) -> None:
    reply = say(ctx, "预算改成60万，15%", draft)
    assert reply["state"] == "done"
    assert "15%" in str(reply["text"])
    assert any("15%" in text for text in texts(reply))
    assert say(ctx, "1", draft)["state"] == "done"


def test_in_english_the_patches_are_english(ctx: Context, draft: str) -> None:
    shown = texts(say(replace(ctx, locale="en"), "make it 30", draft))
    assert shown[0] == "Budget: ¥500,000 → ¥300,000"
    assert not any("\u3400" <= char <= "\u9fff" for text in shown for char in text)
