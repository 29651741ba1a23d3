"""The compiler.

Nothing changed, nothing done; a change touches only what depends on it; pins hold; a crash continues.
"""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from linghang import packs
from linghang.base.digest import digest
from linghang.base.errors import ConflictError, UnavailableError
from linghang.campaigns import sections as values
from linghang.campaigns import store
from linghang.campaigns.diff import diff
from linghang.campaigns.model import Campaign
from linghang.campaigns.sections import Pin, Pins
from linghang.flow.compiler import Compiled, compile_campaign
from linghang.flow.graph import Look, Made, Node, order
from linghang.kit.context import Context
from linghang.testing.contexts import NOW, context

MADE: list[str] = []


def _texts(ctx: Context, look: Look) -> Made:
    MADE.append("copy")
    words = look["brief"].text
    return Made(values.Texts({}, (values.Copy("t1", "l", "push", "title", f"{words}!", "benefit"),)))


def _layers(ctx: Context, look: Look) -> Made:
    MADE.append("layers")
    return Made(values.Layers(look["choice"].plan, ()))


def _combinations(ctx: Context, look: Look) -> Made:
    MADE.append("combinations")
    text = look["copy"].texts[0].text
    return Made(
        values.Variants((values.Variant("v", look["layers"].attribute, "l", "push", "push", {"title": text}, "", ""),))
    )


NODES = (
    Node("combinations", ("copy", "layers"), _combinations),
    Node("copy", ("brief.text", "@pack"), _texts),
    Node("layers", ("choice",), _layers),
)


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    MADE.clear()
    return context(tmp_path)


def fresh(ctx: Context, text: str = "a") -> Campaign:
    sections = {
        "brief": store.given("brief", values.Brief(text, dt.date(2026, 11, 23))),
        "choice": store.given("choice", values.Choice()),
        "pins": store.given("pins", Pins()),
    }
    campaign = Campaign("cmp_1", "test", 1, "operator", NOW, NOW, sections)
    store.create(ctx.db, campaign, actor="operator", cause="new")
    return campaign


def compiled(ctx: Context, campaign: Campaign, **facts: str) -> Compiled:
    return compile_campaign(ctx, campaign, NODES, packs.load("demo"), {"@pack": facts.get("pack", "p1")})


def changed(ctx: Context, campaign: Campaign, name: str, value: Any) -> Campaign:
    given = replace(campaign, sections={**campaign.sections, name: store.given(name, value)})
    return store.advance(ctx.db, given, actor="operator", cause="edit", at=NOW)


def states(done: Compiled) -> dict[str, str]:
    return {step.section: step.state for step in done.steps}


def test_sections_are_made_in_the_order_of_their_needs() -> None:
    assert [node.section for node in order(NODES)][-1] == "combinations"
    with pytest.raises(ValueError, match="without a way"):
        order((Node("a", ("b",), _texts), Node("b", ("a",), _texts)))


def test_a_second_compile_does_nothing(ctx: Context) -> None:
    done = compiled(ctx, fresh(ctx))
    MADE.clear()
    again = compiled(ctx, store.load(ctx.db, "test", "cmp_1"))
    assert states(again) == dict.fromkeys(states(again), "fresh")
    assert MADE == []
    assert {name: s.digest for name, s in again.campaign.sections.items()} == {
        name: s.digest for name, s in done.campaign.sections.items()
    }


def test_a_change_touches_only_what_depends_on_it(ctx: Context) -> None:
    done = compiled(ctx, fresh(ctx))
    MADE.clear()
    after = compiled(ctx, changed(ctx, done.campaign, "choice", values.Choice("bold")))
    assert states(after) == {"layers": "computed", "copy": "fresh", "combinations": "computed"}
    assert {step.section: step.causes for step in after.steps}["combinations"] == ("layers",)


def test_going_back_costs_nothing(ctx: Context) -> None:
    done = compiled(ctx, fresh(ctx))
    bold = compiled(ctx, changed(ctx, done.campaign, "choice", values.Choice("bold")))
    MADE.clear()
    back = compiled(ctx, changed(ctx, bold.campaign, "choice", values.Choice("balanced")))
    assert MADE == []
    assert back.campaign.sections["combinations"].digest == done.campaign.sections["combinations"].digest


def test_a_fact_outside_the_document_recomputes_what_names_it(ctx: Context) -> None:
    done = compiled(ctx, fresh(ctx))
    after = compiled(ctx, done.campaign, pack="p2")
    assert {step.section: step.causes for step in after.steps}["copy"] == ("@pack",)
    # The text came out the same, so what depends on it is still fresh.
    assert states(after)["combinations"] == "fresh"


def test_a_pin_holds_and_a_conflict_is_told(ctx: Context) -> None:
    done = compiled(ctx, fresh(ctx))
    pin = Pin("copy.texts[t1].text", "by hand", digest("a!"), "operator", NOW)
    pinned = compiled(ctx, changed(ctx, done.campaign, "pins", Pins((pin,))))
    assert pinned.campaign.value("copy").texts[0].text == "by hand"
    assert pinned.campaign.value("combinations").variants[0].copy["title"] == "by hand"
    assert [finding.code for finding in pinned.campaign.findings] == []
    edited = changed(ctx, pinned.campaign, "brief", values.Brief("b", dt.date(2026, 11, 23)))
    after = compiled(ctx, edited)
    assert after.campaign.value("copy").texts[0].text == "by hand"
    assert [finding.code for finding in after.campaign.findings] == ["pin.conflict"]
    again = compiled(ctx, store.load(ctx.db, "test", "cmp_1"))
    assert states(again) == dict.fromkeys(states(again), "fresh")
    freed = compiled(ctx, changed(ctx, again.campaign, "pins", Pins()))
    assert freed.campaign.value("copy").texts[0].text == "b!"
    assert freed.campaign.findings == ()


def test_what_was_finished_before_a_crash_is_not_made_again(ctx: Context) -> None:
    campaign = fresh(ctx)

    def broken(ctx: Context, look: Look) -> Made:
        raise RuntimeError("the process dies here")

    dying = tuple(replace(node, make=broken) if node.section == "combinations" else node for node in NODES)
    with pytest.raises(RuntimeError):
        compile_campaign(ctx, campaign, dying, packs.load("demo"), {"@pack": "p1"})
    MADE.clear()
    compiled(ctx, store.load(ctx.db, "test", "cmp_1"))
    assert MADE == ["combinations"]


def test_a_stale_version_is_refused(ctx: Context) -> None:
    campaign = fresh(ctx)
    changed(ctx, campaign, "choice", values.Choice("bold"))
    with pytest.raises(ConflictError, match="campaign.changed_meanwhile"):
        changed(ctx, campaign, "choice", values.Choice("cautious"))


def test_a_diff_names_paths_and_both_values(ctx: Context) -> None:
    one = compiled(ctx, fresh(ctx)).campaign
    other = compiled(ctx, changed(ctx, one, "choice", values.Choice("bold"))).campaign
    told = {(change.section, change.path): (change.before, change.after) for change in diff(one, other)}
    assert told[("choice", "plan")] == ("balanced", "bold")
    assert told[("layers", "attribute")] == ("balanced", "bold")
    assert ("copy", "texts.changed") not in told


def test_a_compile_that_is_stopped_keeps_whole_sections_and_is_gone_on_with(ctx: Context) -> None:
    stopping = replace(ctx, cancelled=lambda: "copy" in MADE)
    with pytest.raises(UnavailableError, match="work.cancelled"):
        compiled(stopping, fresh(ctx))
    stored = store.load(ctx.db, "test", "cmp_1")
    assert "combinations" not in stored.sections
    for name, section in stored.sections.items():
        assert section.digest == digest(section.value), f"{name} is whole"
    MADE.clear()
    done = compiled(ctx, stored)
    assert "combinations" in done.campaign.sections
    assert "copy" not in MADE, "what was made is not made again"
    assert compiled(ctx, done.campaign).campaign == done.campaign
