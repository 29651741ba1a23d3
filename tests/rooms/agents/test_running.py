"""Running plans: results kept, failures planned around a bounded number of times, commits left to people."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from linghang.agents import Aim, Goal, Plan, navigator, store
from linghang.agents.planning import plan
from linghang.agents.running import REPLANS, run
from linghang.base.errors import UnavailableError
from linghang.kit import skills as registry
from linghang.kit.context import Context
from linghang.kit.skills import skill

CALLS: list[str] = []
MEET = threading.Barrier(2, timeout=5)


@pytest.fixture(autouse=True)
def shop() -> Iterator[None]:
    """A few skills of a shop: two makers of a price, of which the first is ill."""
    CALLS.clear()

    @skill("shop.ask_dear", effect="read", permission="", makes="price")
    def dear(ctx: Context) -> int:
        """Ill."""
        CALLS.append("dear")
        raise UnavailableError("engine.absent")

    @skill("shop.ask_other", effect="read", permission="", cost="medium", makes="price")
    def other(ctx: Context) -> int:
        """Well."""
        CALLS.append("other")
        return 7

    @skill("shop.left", effect="read", permission="", makes="left")
    def left(ctx: Context) -> int:
        """Meets the right one: both run at once."""
        MEET.wait()
        return 1

    @skill("shop.right", effect="read", permission="", makes="right")
    def right(ctx: Context) -> int:
        """Meets the left one."""
        MEET.wait()
        return 2

    @skill("shop.both", effect="read", permission="", needs={"a": "left", "b": "right"}, makes="both")
    def both(ctx: Context, a: int, b: int) -> int:
        """The sum."""
        return a + b

    @skill("shop.buy", effect="commit", permission="", needs={"price": "price"}, makes="bought")
    def buy(ctx: Context, price: int) -> str:
        """Buy."""
        CALLS.append("buy")
        return "bought"

    @skill("shop.crash", effect="read", permission="", makes="crash")
    def crash(ctx: Context) -> str:
        """A bug."""
        raise ZeroDivisionError

    yield
    for name in ("ask_dear", "ask_other", "left", "right", "both", "buy", "crash"):
        registry.remove(f"shop.{name}")


def ran(ctx: Context, makes: str, name: str = "pln_1") -> tuple[Plan, dict]:
    skills = navigator.registered()
    goal = Goal(Aim("shop", makes), "", {}, 1.0)
    made = plan(goal, skills)
    done = run(ctx, name, made, goal, skills)
    return done.plan, {step.skill: done.steps[step.id] for step in done.plan.steps}


def test_a_failure_is_planned_around(ctx: Context) -> None:
    made, steps = ran(ctx, "price")
    assert CALLS == ["dear", "other"]
    assert steps["shop.ask_other"].result == 7
    assert made.replans == 1


def test_steps_of_a_round_run_side_by_side(ctx: Context) -> None:
    _, steps = ran(ctx, "both")
    assert steps["shop.both"].result == 3


def test_a_commit_waits_for_a_person_and_is_done_when_one_approved(ctx: Context) -> None:
    _, steps = ran(ctx, "bought")
    assert steps["shop.buy"].state == "waiting"
    assert "buy" not in CALLS
    _, steps = ran(replace(ctx, approved=frozenset({"shop.buy"})), "bought", "pln_2")
    assert steps["shop.buy"].result == "bought"


def test_a_run_that_starts_again_goes_on(ctx: Context) -> None:
    ran(ctx, "price")
    CALLS.clear()
    _, steps = ran(ctx, "price")
    # What failed is tried again; what was done in the earlier run is taken from there.
    assert CALLS == ["dear"]
    assert steps["shop.ask_other"].recalled


def test_a_bug_of_a_skill_is_told_and_harms_nothing(ctx: Context) -> None:
    _, steps = ran(ctx, "crash")
    assert steps["shop.crash"].error == "internal.failure"


def test_plans_are_made_anew_a_bounded_number_of_times(ctx: Context) -> None:
    for n in range(8):

        def ill(ctx: Context) -> int:
            """Ill."""
            CALLS.append("ill")
            raise UnavailableError("engine.absent")

        ill.__qualname__ = f"ill{n}"
        skill(f"ill{n}.ask", effect="read", permission="", makes="never")(ill)
    try:
        ran(ctx, "never")
        assert len(CALLS) == REPLANS + 1
    finally:
        for n in range(8):
            registry.remove(f"ill{n}.ask")


def test_plans_survive_as_json(ctx: Context) -> None:
    made, _ = navigator.plan_only(ctx, "复盘上周白条活动")
    assert store.plan_of(store.plan_json(made)) == made
