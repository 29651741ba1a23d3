"""The inbox: limited, learning from dismissals, and the schedule that fills it once."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from linghang.agents import inbox, watchers
from linghang.agents.watchers import Candidate
from linghang.base.errors import RefusedError
from linghang.kit.context import Context
from linghang.kit.schedule import Task, begun, claim
from linghang.kit.skills import call
from linghang.testing.contexts import NOW


def seen(monkeypatch: pytest.MonkeyPatch, *items: Candidate) -> None:
    """Let the watchers see these and nothing else (the watchers themselves have tests of their own)."""
    monkeypatch.setattr(watchers, "WATCHERS", {lambda _ctx, _blind: list(items): frozenset()})


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


def test_kinds_come_in_turn(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    seen(monkeypatch, *some("a", 9), *some("b", 9), *some("c", 1))
    assert sorted(name[0] for name in inbox.scan(ctx)["new"]) == ["a", "a", "a", "b", "b", "c"]


def test_an_alarm_is_never_muted(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    alarms = [replace(item, kind="alarm", alarm=True) for item in some("alarm", 5)]
    seen(monkeypatch, *alarms[:4])
    inbox.scan(ctx)
    for item in alarms[:4]:
        inbox.move(ctx, item.id, "dismissed")
    seen(monkeypatch, *alarms)
    assert inbox.scan(later(ctx, hours=1))["new"] == ["alarm:4"]
    again = inbox.scan(later(ctx, days=8))["new"]
    assert set(again) == {"alarm:0", "alarm:1", "alarm:2", "alarm:3"}


def test_what_was_over_comes_again_and_what_was_put_away_waits(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    seen(monkeypatch, *some("a", 2))
    inbox.scan(ctx)
    inbox.move(ctx, "a:0", "dismissed")
    seen(monkeypatch)
    assert inbox.scan(later(ctx, days=2))["past"] == ["a:1"]
    seen(monkeypatch, *some("a", 2))
    assert inbox.scan(later(ctx, days=3))["new"] == ["a:1"]
    assert inbox.scan(later(ctx, days=29))["new"] == []
    assert inbox.scan(later(ctx, days=100))["new"] == ["a:0"]


def test_what_is_open_gets_the_figures_of_today(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    seen(monkeypatch, *some("a", 1))
    inbox.scan(ctx)
    seen(monkeypatch, replace(some("a", 1)[0], value=77, params={"size": 4321}))
    assert inbox.scan(later(ctx, days=1, hours=1))["new"] == []
    (item,) = inbox.listing(ctx)["items"]
    assert item["value_fen"] == 77
    assert "4,321" in item["title"]


def test_where_nobody_could_look_nothing_is_over(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    seen(monkeypatch, *some("opportunity", 2))
    inbox.scan(ctx)

    def blind(_ctx: Context, _blind: set[str]) -> list[Candidate]:
        raise RefusedError("engine.absent")

    monkeypatch.setattr(watchers, "WATCHERS", {blind: frozenset({"opportunity"})})
    assert inbox.scan(ctx)["past"] == []
    assert inbox.listing(ctx)["counts"]["open"] == 2


def test_dismissing_twice_counts_once(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    seen(monkeypatch, *some("a", 2))
    inbox.scan(ctx)
    inbox.move(ctx, "a:0", "dismissed")
    inbox.move(ctx, "a:0", "dismissed")
    assert inbox.listing(ctx)["muted"] == []
    inbox.move(ctx, "a:1", "dismissed")
    assert [item["topic"] for item in inbox.listing(ctx)["muted"]] == ["a"]


def test_later_teaches_nothing_and_what_is_taken_back_counts_no_more(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen(monkeypatch, *some("a", 2), *some("b", 2))
    inbox.scan(ctx)
    for name in ("a:0", "a:1"):
        inbox.move(ctx, name, "dismissed", inbox.LATER)
    for name in ("b:0", "b:1"):
        inbox.move(ctx, name, "dismissed", "worthless")
    assert [item["topic"] for item in inbox.listing(ctx)["muted"]] == ["b"]
    assert {item["said"] for item in inbox.listing(ctx, state="dismissed")["items"]} == {"later", "worthless"}
    inbox.move(ctx, "b:1", "open")
    assert inbox.listing(ctx)["muted"] == []
    assert [item["id"] for item in inbox.listing(ctx)["items"]] == ["b:1"]


def test_names_are_told_in_the_reader_s_language(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    item = Candidate("alarm:x", "alarm", "insights.channel_fails", "insights.channel_fails", campaign="cmp_1",
                     params={"name": "拉新", "channel": "sms", "failed": 40, "tried": 50, "percent": 80},
                     names={"zh": {"sms": "短信"}, "en": {"sms": "SMS"}}, act="pause", alarm=True)  # fmt: skip
    seen(monkeypatch, item)
    inbox.scan(ctx)
    (told,) = inbox.listing(ctx)["items"]
    assert "短信" in told["title"]
    assert told["commit"] == "campaign.pause"
    assert "SMS" in inbox.item(replace(ctx, locale="en"), "alarm:x")["title"]


def test_a_due_time_is_claimed_once_and_what_was_slept_through_is_done_once(ctx: Context) -> None:
    task = Task("inbox", "inbox.scan", 3600)
    assert claim(ctx.db, "test", [task], NOW) == [(task, NOW)]
    begun(ctx.db, "test", task, "job_1")
    assert claim(ctx.db, "test", [task], NOW + dt.timedelta(minutes=59)) == []
    late = NOW + dt.timedelta(hours=7)
    assert claim(ctx.db, "test", [task], late) == [(task, late)]
    begun(ctx.db, "test", task, "job_2")
    assert claim(ctx.db, "test", [task], late + dt.timedelta(minutes=5)) == []


def test_a_claim_whose_process_died_is_claimed_again_with_the_same_time(ctx: Context) -> None:
    task = Task("inbox", "inbox.scan", 3600)
    claim(ctx.db, "test", [task], NOW)
    assert claim(ctx.db, "test", [task], NOW + dt.timedelta(seconds=30)) == []
    assert claim(ctx.db, "test", [task], NOW + dt.timedelta(minutes=2)) == [(task, NOW)]
    begun(ctx.db, "test", task, "job_1")
    assert claim(ctx.db, "test", [task], NOW + dt.timedelta(minutes=4)) == []
