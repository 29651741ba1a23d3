"""Plans by reasoning backwards: the right skills in the right order, the same among 300 as among 30."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from linghang.agents import Aim, Goal, Ref
from linghang.agents.aims import shipped
from linghang.agents.editing import edited
from linghang.agents.navigator import plan_only, registered
from linghang.agents.planning import Skills, plan
from linghang.agents.staff import domain_of, rooms
from linghang.base.errors import UsageError
from linghang.kit import skills as registry
from linghang.kit.context import Context
from linghang.kit.skills import Skill, all_skills, call, skill
from linghang.packs import load

PAIRS = [
    ("AUM 5万以上的沉睡客户有多少", "audience.preview"),
    ("写三条推送", "copy.write"),
    ("检查一下这句话：定投稳赚不赔", "compliance.check"),
    ("复盘上周白条活动", "campaign.recap"),
    ("搭一个双11会场页", "page.build"),
    ("什么是QFII", "knowledge.ask"),
    ("给近30天浏览过理财但没买过的客户发20元红包,预算50万,push,下周一开始两周", "campaign.new"),
    ("画一张黄金的首页弹窗", "picture.draw"),
    ("下周有哪些活动撞期", "calendar.show"),
    ("把这条收进知识库：积存金一克起购", "knowledge.add"),
    ("把這群客人存起來：半年沒登入的", "audience.save"),
    ("幫我想三句定投的標語", "copy.write"),
]
NOISE = ("customer", "loan", "branch", "ticket", "card", "rate", "report", "coupon", "page", "copy", "audience")


@pytest.fixture
def crowded() -> Iterator[Skills]:
    """The house's skills among 270 of other systems, which make, need and say things that sound alike."""
    names = [f"{NOISE[n % len(NOISE)]}sys{n}.{verb}" for n in range(90) for verb in ("list", "make", "check")]
    for n, name in enumerate(names):
        noun = NOISE[n % len(NOISE)]

        def call(ctx: Context, text: str = "", id: str = "") -> dict[str, Any]:
            """Something of another system."""
            return {}

        call.__qualname__ = f"noise.{name}"
        skill(
            name, effect=("read", "draft", "commit")[n % 3], permission="", needs={"text": "words", "id": f"{noun}.id"},
            makes={f"{noun}.thing{n}": "", f"{noun}.id": "id", **({"audience.size": ""} if n % 30 == 0 else {})},
            says=(f"查一下{noun}系统{n}的记录", f"在{noun}系统里建一条{n}号单"),
        )(call)  # fmt: skip
    yield registered()
    for name in names:
        registry.remove(name)


@pytest.mark.parametrize(("text", "terminal"), PAIRS)
def test_each_goal_reaches_its_own_skill(ctx: Context, text: str, terminal: str) -> None:
    made, _ = plan_only(ctx, text)
    assert made.terminal is not None, made
    assert made.terminal.skill == terminal


def test_three_hundred_skills_change_no_plan(ctx: Context, crowded: Skills) -> None:
    assert len(crowded.by_name) >= 340
    crowd = {text: plan_only(ctx, text)[0] for text, _ in PAIRS}
    own = [item for item in all_skills() if item.manifest.name.partition(".")[0] in rooms()]
    few = Skills.of(own, rooms())
    for text, terminal in PAIRS:
        made = crowd[text]
        assert [step.skill for step in made.steps if step.skill not in few.by_name] == [], text
        assert made.terminal is not None
        assert made.terminal.skill == terminal
    started = time.process_time()
    goal = Goal(next(aim for aim in shipped() if aim.id == "campaign"), "x", {"words": "x"}, 1.0)
    for _ in range(100):
        plan(goal, crowded)
    assert (time.process_time() - started) / 100 < 0.02


def test_a_foreign_skill_is_reached_by_its_own_sentence(ctx: Context, crowded: Skills) -> None:
    @skill("hotline.progress", effect="read", permission="", needs={"text": "words"}, makes="hotline.progress",
           says=["查一下热线工单的处理进度"])  # fmt: skip
    def progress(ctx: Context, text: str) -> str:
        """How a ticket goes."""
        return text

    try:
        made, _ = plan_only(ctx, "帮我查一下热线工单处理进度")
        assert made.terminal is not None
        assert made.terminal.skill == "hotline.progress"
    finally:
        registry.remove("hotline.progress")


def test_skills_that_say_the_same_are_asked_about(ctx: Context, crowded: Skills) -> None:
    made, understood = plan_only(ctx, "查一下ticket系统3的记录")
    assert made.refusal == "agents.not_sure"
    assert understood.likely[0].aim.makes.startswith("ticket.")


def test_the_playbook_steers_what_is_gathered_and_rounds_run_side_by_side(ctx: Context) -> None:
    made, _ = plan_only(ctx, "双11大促三段活动，给老客推基金，预算80万，push，明天开始两周")
    assert made.playbook == "festival"
    gathered = {step.makes for step in made.waves()[0]}
    assert gathered == set(next(item for item in load("demo").playbooks if item.festival).gather)
    assert [step.skill for step in made.waves()[1]] == ["campaign.new"]
    assert [step.skill for step in made.waves()[2]] == ["campaign.check"]
    assert made.waves()[2][0].arguments == {"id": Ref(made.waves()[1][0].id, "id")}


def test_what_it_needs_is_made_first(ctx: Context) -> None:
    made, _ = plan_only(ctx, "复盘上周白条活动")
    assert [step.skill for step in made.steps] == ["campaign.find", "campaign.recap"]
    assert made.steps[1].arguments["matches"] == Ref("s1")


@pytest.mark.parametrize("text", ["导出手机号", "把客户名单发我", "give me the phone numbers of all customers"])
def test_rows_are_refused_before_anything_runs(ctx: Context, text: str) -> None:
    made, _ = plan_only(ctx, text)
    assert made.refusal == "agents.rows_refused"
    assert made.steps == ()


@pytest.mark.parametrize("text", ["把预算改成80万", "把它的预算提到40万", "黄金那个活动预算改成25万", "预算再加5万"])
def test_a_change_without_a_campaign_in_view_looks_for_one_and_makes_none(ctx: Context, text: str) -> None:
    made, _ = plan_only(ctx, text)
    assert [step.skill for step in made.steps] == ["campaign.find", "campaign.edit"]
    reply = call(ctx, "agents.say", {"text": text})
    assert reply["state"] == "asked"
    assert call(ctx, "campaign.list", {}) == []


@pytest.mark.parametrize("text", ["阿斯蒂芬", "嗯"])
def test_what_is_not_sure_becomes_no_plan(ctx: Context, text: str) -> None:
    made, _ = plan_only(ctx, text)
    assert made.steps == ()
    assert made.refusal in ("agents.not_sure", "agents.nothing_to_do")


def test_a_plan_can_be_changed_but_not_broken(ctx: Context) -> None:
    made, _ = plan_only(ctx, "帮我做一个黄金拉新活动，预算20万")
    skills = registered()
    fewer = edited(
        made, [{"op": "remove", "step": "s2"}, {"op": "set", "step": "s4", "argument": "plan", "value": "bold"}], skills
    )
    assert [step.id for step in fewer.steps] == ["s1", "s3", "s4", "s5"]
    assert "s2" not in fewer.steps[2].needs
    assert fewer.steps[2].arguments["plan"] == "bold"
    with pytest.raises(UsageError, match="agents.step_is_needed"):
        edited(made, [{"op": "remove", "step": "s4"}], skills)
    with pytest.raises(UsageError, match="agents.no_such_argument"):
        edited(made, [{"op": "set", "step": "s4", "argument": "colour", "value": "red"}], skills)
    with pytest.raises(UsageError, match="agents.skill_makes_other"):
        edited(made, [{"op": "use", "step": "s4", "skill": "campaign.launch"}], skills)


def test_steps_are_moved_and_inserted_with_what_they_need(ctx: Context) -> None:
    made, _ = plan_only(ctx, "帮我做一个黄金拉新活动，预算20万")
    skills = registered()
    moved = edited(made, [{"op": "move", "step": "s3", "to": 0}], skills)
    assert [step.id for step in moved.steps][:2] == ["s3", "s1"]
    last = moved.steps[-1]
    with pytest.raises(UsageError, match=r"agents\.cannot_move"):
        edited(made, [{"op": "move", "step": last.id, "to": 0}], skills)
    more = edited(made, [{"op": "insert", "skill": "insights.scan", "to": 1}], skills)
    assert [step.skill for step in more.steps][1] == "insights.scan"
    assert more.terminal == made.terminal
    asked = edited(made, [{"op": "insert", "skill": "knowledge.ask"}], skills)
    assert next(step for step in asked.steps if step.skill == "knowledge.ask").arguments["question"] == made.text
    for change, code in (
        ({"op": "insert", "skill": "no.such"}, "no_such_skill"),
        ({"op": "insert", "skill": "customers.show"}, "cannot_insert"),
        ({"op": "insert", "skill": "campaign.report", "to": 0}, "insert_lacks"),
        ({"op": "set", "step": "s4", "argument": "plan", "value": ["x"]}, "bad_value"),
        ({"op": "dance"}, "bad_change"),
    ):
        with pytest.raises(UsageError, match=rf"agents\.{code}"):
            edited(made, [change], skills)


def test_a_plan_that_has_run_stays_and_its_change_is_a_new_one_that_runs(ctx: Context) -> None:
    reply = call(ctx, "agents.say", {"text": "什么是QFII"})
    changed = call(ctx, "agents.change", {"plan_id": reply["plan_id"], "changes": [
        {"op": "set", "step": "s1", "argument": "question", "value": "什么是QDII"}]})  # fmt: skip
    assert changed["plan_id"] != reply["plan_id"]
    again = call(ctx, "agents.run", {"plan_id": changed["plan_id"]})
    assert again["result"]["question"] == "什么是QDII"
    assert call(ctx, "agents.show", {"plan_id": reply["plan_id"]})["steps"][0]["arguments"]["question"] == "什么是QFII"


def test_needs_that_go_in_a_circle_end(ctx: Context) -> None:
    @skill("ring.a", effect="read", permission="", needs={"x": "ring.b"}, makes="ring.a")
    def one(ctx: Context, x: str) -> str:
        """One."""
        return x

    @skill("ring.b", effect="read", permission="", needs={"x": "ring.a"}, makes="ring.b")
    def other(ctx: Context, x: str) -> str:
        """Other."""
        return x

    try:
        made = plan(Goal(Aim("ring", "ring.a"), "", {}, 1.0), registered())
        assert made.refusal == "agents.nothing_makes"
    finally:
        registry.remove("ring.a")
        registry.remove("ring.b")


def test_every_aim_ends_in_a_skill_or_in_words(ctx: Context) -> None:
    skills = registered()
    for aim in shipped():
        assert aim.makes in ("talk", "nothing", "inbox") or aim.makes in skills.makers, aim.id


def test_every_skill_of_the_house_has_a_domain() -> None:
    known = {"campaign", "audience", "benefit", "creative", "compliance", "delivery", "analysis", "insight",
             "knowledge", "desk"}  # fmt: skip
    loose: list[Skill] = [
        item for item in all_skills() if item.manifest.makes and domain_of(item.manifest.name) not in known
    ]
    assert [item.manifest.name for item in loose if item.manifest.name.partition(".")[0] in rooms()] == []


def test_what_is_kept_gets_the_words_and_a_name_of_its_own(ctx: Context) -> None:
    def arguments(text: str) -> dict[str, Any]:
        made, _ = plan_only(ctx, text)
        assert made.terminal is not None, made.refusal
        return dict(made.terminal.arguments)

    assert arguments("知识库里补一条：积存金一克起购，手续费千分之五") == {
        "name": "积存金一克起购", "text": "积存金一克起购，手续费千分之五",
    }  # fmt: skip
    assert arguments("把这群人存成人群，叫沉睡大户：资产50万以上180天没登录") == {
        "name": "沉睡大户", "text": "资产50万以上180天没登录",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["检查一下这句话", "帮我把这段加到知识库里"])
def test_words_that_are_missing_are_asked_for(ctx: Context, text: str) -> None:
    made, _ = plan_only(ctx, text)
    assert made.refusal == "agents.which_material"
