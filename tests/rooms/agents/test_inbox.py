"""The inbox: limited, learning from dismissals, and the schedule that fills it once."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from linghang.agents import inbox
from linghang.agents.inbox import Candidate
from linghang.base.errors import RefusedError
from linghang.kit.context import Context
from linghang.kit.schedule import Task, claim
from linghang.kit.skills import call
from linghang.testing.contexts import NOW


def seen(monkeypatch: pytest.MonkeyPatch, *items: Candidate) -> None:
    """Let the watchers see these and nothing else (the watchers themselves have tests of their own)."""
    monkeypatch.setattr(inbox, "_opportunities", lambda _ctx: list(items))
    monkeypatch.setattr(inbox, "_alarms", lambda _ctx: [])
    monkeypatch.setattr(inbox, "_drafts", lambda _ctx: [])


def some(topic: str, n: int, **more: Any) -> list[Candidate]:
    return [Candidate(f"{topic}:{k}", topic, topic, "insights.credit_unused", 1000 * (k + 1),
                      {"size": k}, brief={"zh": "", "en": ""}, **more) for k in range(n)]  # fmt: skip


def later(ctx: Context, **time: float) -> Context:
    return replace(ctx, clock=lambda: NOW + dt.timedelta(**time))


def test_a_day_has_a_limit_and_the_most_valuable_come_first(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    seen(monkeypatch, *some("a", 9))
    told = inbox.scan(ctx)
    assert told["new"] == ["a:8", "a:7", "a:6"]
    assert told["held_back"] == 6
    assert inbox.scan(ctx)["new"] == []
    assert inbox.scan(later(ctx, days=1, hours=1))["new"] == ["a:5", "a:4", "a:3"]


def test_alarms_are_never_held_back(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    seen(monkeypatch, *some("a", 9), *[replace(item, kind="alarm", alarm=True) for item in some("alarm", 12)])
    told = inbox.scan(ctx)
    assert sum(name.startswith("alarm") for name in told["new"]) == 12
    assert inbox.listing(ctx)["items"][0]["alarm"]


def test_what_is_dismissed_again_and_again_is_muted_and_comes_back(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen(monkeypatch, *some("a", 3), *some("b", 1))
    inbox.scan(ctx)
    for name in ("a:0", "a:1"):
        inbox.move(ctx, name, "dismissed")
    seen(monkeypatch, *some("a", 6), *some("b", 2))
    told = inbox.scan(later(ctx, days=2))
    assert told["muted"] == ["a"]
    assert told["new"] == ["b:1"]
    assert inbox.scan(later(ctx, days=31))["new"] == ["a:5", "a:4", "a:3"]


def test_what_is_taken_up_ranks_before_what_is_worth_a_little_more(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen(monkeypatch, *some("a", 3), *some("b", 2))
    inbox.scan(ctx)
    inbox.move(ctx, "b:0", "drafted")
    inbox.move(ctx, "a:0", "dismissed")
    ranked = [item["id"] for item in inbox.listing(ctx)["items"]]
    assert ranked[0] == "b:1"


def test_what_is_no_longer_so_is_closed(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    seen(monkeypatch, *some("a", 2))
    inbox.scan(ctx)
    seen(monkeypatch, *some("a", 1))
    assert inbox.scan(ctx)["past"] == ["a:1"]


def test_an_item_without_a_sentence_makes_no_draft(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    seen(monkeypatch, *some("a", 1))
    inbox.scan(ctx)
    with pytest.raises(RefusedError, match="inbox.no_draft"):
        call(ctx, "inbox.draft", {"id": "a:0"})


def test_a_due_time_is_claimed_once_and_what_was_slept_through_is_done_once(ctx: Context) -> None:
    task = Task("inbox", "inbox.scan", 3600)
    assert len(claim(ctx.db, "test", [task], NOW)) == 1
    assert claim(ctx.db, "test", [task], NOW + dt.timedelta(minutes=59)) == []
    late = NOW + dt.timedelta(hours=7)
    assert len(claim(ctx.db, "test", [task], late)) == 1
    assert claim(ctx.db, "test", [task], late + dt.timedelta(minutes=1)) == []
