"""Turns of a conversation: stopped and gone on with, seen by every door, one after another, none lost or doubled."""

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from linghang.agents import store, turns
from linghang.base.errors import UnknownItemError
from linghang.flow import documents
from linghang.kit import skills as registry
from linghang.kit import stopping
from linghang.kit.context import Context, Progress
from linghang.kit.skills import call, skill

JUICE = "榨一桶果园的苹果汁"
CALLS: list[str] = []
AT_THE_PRESS = threading.Event()
TURNS: list[Progress] = []


@pytest.fixture(autouse=True)
def orchard() -> Iterator[None]:
    """A press that goes on until somebody stops it, or turns once when nobody waits at it."""
    CALLS.clear()
    AT_THE_PRESS.clear()

    @skill("orchard.pick", effect="read", permission="", makes="orchard.apples")
    def pick(ctx: Context) -> dict[str, int]:
        """Pick apples."""
        CALLS.append("pick")
        return {"apples": 7}

    @skill("orchard.press", effect="read", permission="", needs={"apples": "orchard.apples"}, makes="orchard.juice",
           says=[JUICE])  # fmt: skip
    def press(ctx: Context, apples: dict[str, int], slowly: bool = False) -> dict[str, int]:
        """Press them."""
        CALLS.append("press")
        if ctx.job == "job_slow":
            AT_THE_PRESS.set()
            for number in range(400):
                ctx.emit("pressing", number, 400, campaign="cmp_begun")
                time.sleep(0.01)
        return {"litres": apples["apples"] * 2}

    yield
    for name in ("pick", "press"):
        registry.remove(f"orchard.{name}")


def job(ctx: Context, name: str, key: str = "") -> Context:
    """A context as a job of the home has it."""
    return replace(ctx, job=name, idempotency_key=key or name,
                   cancelled=stopping.watch(ctx.db, ctx.institution_id, name))  # fmt: skip


def say(ctx: Context, text: str, conversation: str = "con_a", **more: str) -> dict:
    return dict(call(ctx, "agents.say", {"text": text, "conversation": conversation, **more}))


def stopped(ctx: Context, by: object) -> dict:
    """The reply of a slow turn that ``by`` stops when the press is at work."""
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(say, job(ctx, "job_slow"), JUICE)
        assert AT_THE_PRESS.wait(10)
        by()  # type: ignore[operator]
        return running.result(10)


def test_a_stopped_turn_tells_what_was_done_and_is_gone_on_with(ctx: Context) -> None:
    reply = stopped(ctx, lambda: call(ctx, "agents.cancel", {"conversation": "con_a"}))
    assert (reply["state"], reply["result"]) == ("cancelled", None)
    assert "orchard.pick" in reply["text"]
    assert "继续" in reply["text"]
    assert call(ctx, "agents.show", {"plan_id": reply["plan_id"]})["state"] == "cancelled"
    assert reply["campaign"] == "cmp_begun"
    (turn,) = store.turns_of(ctx.db, ctx.institution_id, "con_a")
    assert turn["reply"]["state"] == "cancelled"

    CALLS.clear()
    again = say(job(ctx, "job_later"), "继续")
    assert (again["state"], again["result"], again["plan_id"]) == ("done", {"litres": 14}, reply["plan_id"])
    assert CALLS == ["press"], "what was done is not done again"
    assert call(ctx, "agents.show", {"plan_id": reply["plan_id"]})["state"] == "done"
    assert store.stopped_plan(ctx.db, ctx.institution_id, "con_a") == "", "it is gone on with once"


def test_saying_stop_at_another_door_stops_what_runs(ctx: Context) -> None:
    told: list[dict] = []
    reply = stopped(ctx, lambda: told.append(say(job(ctx, "job_other"), "停一下")))
    assert reply["state"] == "cancelled"
    assert (told[0]["state"], told[0]["aim"]) == ("told", "stop")
    kept = store.turns_of(ctx.db, ctx.institution_id, "con_a")
    assert [(row["n"], row["text"]) for row in kept] == [(1, JUICE), (2, "停一下")]


def test_a_job_that_starts_again_after_the_wish_to_stop_does_nothing_more(ctx: Context) -> None:
    """Killed between the wish and its end: the plan is told as it stands, and nothing that was left runs."""
    stopping.ask(ctx.db, ctx.institution_id, "job_slow", actor="operator", at=ctx.now)
    reply = say(job(ctx, "job_slow"), JUICE)
    assert reply["state"] == "cancelled"
    assert CALLS == []


def test_what_was_done_before_the_wish_came_is_done(ctx: Context) -> None:
    reply = say(job(ctx, "job_quick"), JUICE)
    assert call(ctx, "agents.cancel", {"conversation": "con_a"}) == {"stopping": []}
    assert (reply["state"], reply["result"]) == ("done", {"litres": 14})


def test_nobody_stops_what_another_one_does(ctx: Context) -> None:
    other = replace(ctx, actor=replace(ctx.actor, name="designer"))
    reply = stopped(ctx, lambda: [call(other, "agents.cancel", {"conversation": "con_a"}),
                                  call(ctx, "agents.cancel", {"conversation": "con_a"})])  # fmt: skip
    assert reply["state"] == "cancelled"
    stops = ctx.db.connect().exec_driver_sql("SELECT actor FROM job_stop").scalars().all()
    assert stops == ["operator"]


@pytest.mark.parametrize("text", ["停", "停止", "取消吧", "先停一下", "别做了", "stop", "Cancel it!", "打住"])
def test_words_that_stop(text: str) -> None:
    assert turns.stops(text)


@pytest.mark.parametrize(
    "text", ["停用客户不要发", "取消首页banner", "停止小金库活动", "stop the campaign", "别做短信了"]
)
def test_words_that_say_something_else(text: str) -> None:
    assert not turns.stops(text)
    assert not turns.goes_on(text)


@pytest.mark.parametrize("text", ["继续", "接着做", "好，继续吧", "把刚才停下的做完", "go on", "Continue.", "繼續"])
def test_words_that_go_on(text: str) -> None:
    assert turns.goes_on(text)


def test_every_door_sees_a_turn_from_its_beginning(ctx: Context) -> None:
    seen: list[list[dict]] = []
    stopped(ctx, lambda: [seen.append(call(ctx, "memory.turns", {"id": "con_a"})),
                          call(ctx, "agents.cancel", {"conversation": "con_a"})])  # fmt: skip
    assert [(row["n"], row["state"], row["job"]) for row in seen[0]] == [(1, "running", "job_slow")]
    assert [row["state"] for row in call(ctx, "memory.turns", {"id": "con_a"})] == ["ended"]
    assert call(ctx, "memory.turns", {"id": "con_a", "after": 1}) == []
    assert call(replace(ctx, actor=replace(ctx.actor, name="designer")), "memory.turns", {"id": "con_a"}) == []


@pytest.mark.parametrize("seed", range(4))
def test_what_is_said_at_once_is_kept_once_each_in_order(ctx: Context, seed: int) -> None:
    """Several doors say something at once, some of them twice with one key (a wire that resends)."""
    pick = random.Random(seed)
    conversation, count = f"con_{seed}", pick.randint(2, 6)
    twice = {n for n in range(count) if pick.random() < 0.4}
    said = [f"什么是QFII，第{n}问" for n in range(count) for _ in range(2 if n in twice else 1)]
    with ThreadPoolExecutor(len(said)) as pool:
        replies = list(pool.map(
            lambda text: say(replace(ctx, idempotency_key=f"{conversation}{text}"), text, conversation), said
        ))  # fmt: skip
    kept = store.turns_of(ctx.db, ctx.institution_id, conversation)
    assert sorted(row["text"] for row in kept) == sorted(set(said))
    assert [row["n"] for row in kept] == list(range(1, count + 1))
    assert {(row["text"], row["n"]) for row in kept} == {(told["said"], told["turn"]) for told in replies}
    assert all(row["state"] == "ended" and row["reply"]["state"] == "done" for row in kept)


def test_a_turn_waits_for_the_one_before_it(ctx: Context) -> None:
    heard: list[Progress] = []
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(say, job(ctx, "job_slow"), JUICE)
        assert AT_THE_PRESS.wait(10)
        second = pool.submit(say, replace(job(ctx, "job_next"), progress=heard.append), JUICE)
        while not any(told.note == "agents.turn_waits" for told in heard):
            time.sleep(0.01)
        assert CALLS == ["pick", "press"], "it has not begun"
        stopping.ask(ctx.db, ctx.institution_id, "job_slow", actor="operator", at=ctx.now)
        assert first.result(10)["state"] == "cancelled"
        assert (second.result(10)["state"], second.result()["turn"]) == ("done", 2)


def test_a_turn_that_ends_with_an_error_is_kept_with_it(ctx: Context) -> None:
    with pytest.raises(UnknownItemError) as refused:
        say(ctx, "预算提到80万", campaign="cmp_nowhere")
    assert refused.value.code == "agents.no_campaign_yet"
    assert store.turns_of(ctx.db, ctx.institution_id, "con_a", running=True) == []


def test_a_campaign_that_does_not_exist_is_told_with_those_that_do(ctx: Context) -> None:
    made = documents.create(ctx, "给近30天没登录的客户推小金库，预算5万，push，明天开始两周", "balanced")
    for skill_name in ("agents.say", "agents.plan"):
        with pytest.raises(UnknownItemError) as refused:
            call(ctx, skill_name, {"text": "预算提到80万", "campaign": "cmp_nowhere"})
        assert refused.value.code == "agents.no_campaign"
        assert made.id in str(refused.value.params["have"])
