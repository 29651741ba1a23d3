"""HTML and script in every text field: told as text in cards, papers and landing pages, never run."""

import json
from html.parser import HTMLParser
from typing import Any

import pytest

from linghang.doors.studio import blocks
from linghang.doors.studio.campaign import (
    cards_go,
    cards_offer,
    cards_say,
    cards_when,
    cards_who,
    conversation,
    header,
    review_cards,
)  # fmt: skip
from linghang.doors.studio.campaign.view import View
from linghang.doors.studio.markup import act, div, marked, tag
from linghang.doors.studio.words import Words

from . import document as d
from .fake import FakeHome

ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</textarea><iframe src=javascript:alert(1)>",
    "{{constructor.constructor('alert(1)')()}}<b onmouseover=alert(1)>",
)
DRAW = (
    cards_who.goal, cards_who.audience, cards_offer.offer, cards_say.creative, cards_say.page, cards_when.schedule,
    cards_when.experiment, cards_when.estimate, cards_go.compliance, cards_go.approval, cards_go.run, cards_go.readout,
    review_cards.texts, review_cards.comments, header.outline, conversation.suggestions,
    lambda view: header.header(view, "document"),
    lambda view: review_cards.findings(view, view.doc["findings"]),
    lambda view: review_cards.decision(view, {"since": d.NOW.isoformat(), "due": d.NOW.isoformat(), "reminded": 1}),
    lambda view: conversation.thread(view, None, {}, "note"),
)  # fmt: skip
SAFE_KEYS = frozenset(
    ("id", "kind", "code", "severity", "status", "op", "how", "unit", "at", "start", "end", "launch", "as_of", "created",
     "updated", "created_at", "file", "record", "mime", "layer", "place", "slot", "channel", "section", "product_kind",
     "colour", "colours", "hours", "rule", "role", "asset", "creative", "benefit", "package", "step", "chain", "about",
     "lang", "objective", "level", "salt", "snapshot", "generation", "phase", "basis", "next", "verdict", "attribute",
     "path", "field", "span", "key", "value")
)  # fmt: skip
"""What is a name, a digest or a date of our own and never what somebody typed."""


class _Seen(HTMLParser):
    """The elements and handlers of a page as a browser would see them."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "iframe", "object", "embed", "b"):
            told = dict(attrs)
            if tag == "iframe" and (told.get("src") or "").startswith("/files/"):
                return
            if tag != "b" or any(name.startswith("on") for name, _ in attrs):
                self.bad.append(tag)
        for name, value in attrs:
            if name.startswith("on") and not (value or "").startswith("lh."):
                self.bad.append(f"{tag} {name}={value}")
            if name in ("href", "src", "action") and (value or "").strip().lower().startswith("javascript"):
                self.bad.append(f"{tag} {name}")


def spoiled(shape: Any, attack: str, key: str = "") -> Any:
    """A shape in which every text that somebody may have typed carries the attack."""
    if isinstance(shape, dict):
        return {name: spoiled(value, attack, str(name)) for name, value in shape.items()}
    if isinstance(shape, list):
        return [spoiled(value, attack, key) for value in shape]
    return f"{shape}{attack}" if isinstance(shape, str) and shape and key not in SAFE_KEYS else shape


def bad_in(html: str) -> list[str]:
    seen = _Seen()
    seen.feed(html)
    return seen.bad


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_card_runs_what_people_typed(attack: str) -> None:
    home = FakeHome()
    home.campaigns["cmp_1"]["name"] = f"活动{attack}"
    whole = spoiled(home.call("campaign.show", {"id": "cmp_1"}, actor="operator"), attack)
    whole["name"] = f"活动{attack}"
    entries = [
        {"number": 1, "kind": "submitted", "package": "p" * 64, "actor": f"wang{attack}", "at": d.NOW.isoformat(), "comment": attack,
         "chain": ["approver"], "step": "", "behalf": "", "points": [], "until": None, "basis": "", "makers": []},
        {"number": 2, "kind": "rejected", "package": "p" * 64, "actor": f"li{attack}", "at": d.NOW.isoformat(), "comment": attack,
         "chain": [], "step": "", "behalf": "", "points": ["copy"], "until": None, "basis": "", "makers": []},
    ]  # fmt: skip
    said = [{"number": 1, "campaign_id": "cmp_1", "package": "p" * 64, "section": "copy", "kind": "must", "text": attack,
             "actor": f"li{attack}", "at": d.NOW.isoformat(), "open": True, "about": ""}]  # fmt: skip
    for roles in (("operator",), ("approver",)):
        extra = {"actor": "x", "roles": roles, "history": entries, "comments": said}
        view = View(Words("zh-CN"), whole, extra=extra)
        for draw in DRAW:
            told = draw(view)
            html = "".join(str(one) for one in told) if isinstance(told, list | tuple) else str(told)
            assert bad_in(html) == [], getattr(draw, "__name__", "card")


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_block_tells_text_as_text(attack: str) -> None:
    t = Words("zh-CN")
    html = "".join(
        map(
            str,
            (
                blocks.button(attack, act(attack, text=attack), title=attack), blocks.pill(attack), blocks.chip(attack),
                blocks.row(attack, attack, href="/x"), blocks.table([attack], [[attack]]), blocks.facts((attack, attack)),
                blocks.field(attack, tag("input", value=attack, placeholder=attack)), blocks.empty("check", attack, attack),
                blocks.finding_line(t, {"severity": "S1", "message": attack, "about": attack}), div("x", attack),
                marked(attack, [(0, 4)], {(0, 4): attack}), blocks.composer(t, act("x"), attack, label=attack),
            ),
        )
    )  # fmt: skip
    assert bad_in(html) == []
    assert json.loads(json.dumps(attack)) == attack


def test_the_watcher_sees_what_would_run() -> None:
    for attack in ATTACKS[:4]:
        assert bad_in(f'<div title="">{attack}</div>') or bad_in(attack)
