"""Cards are pure functions: they draw every stage of a document, and put findings where they belong."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from linghang.doors.studio import assuming
from linghang.doors.studio.campaign import cards_go, cards_offer, cards_say, cards_when, cards_who
from linghang.doors.studio.campaign.conversation import suggestions, thread
from linghang.doors.studio.campaign.header import header, outline
from linghang.doors.studio.campaign.reviews import remarks
from linghang.doors.studio.campaign.view import CARDS, View
from linghang.doors.studio.words import Words

from .fake import FakeHome

DRAW = (
    cards_who.goal, cards_who.audience, cards_offer.offer, cards_say.creative, cards_say.page, cards_when.schedule,
    cards_when.experiment, cards_when.estimate, cards_go.compliance, cards_go.approval, cards_go.run, cards_go.readout,
    outline, lambda view: header(view, "document"), lambda view: thread(view, None, {}, ""),
    lambda view: suggestions(view) or "",
)  # fmt: skip


def shown(locale: str = "zh-CN", **change: Any) -> View:
    home = FakeHome()
    doc = home.call("campaign.new", {"text": "给近30天浏览过理财但没买过的客户发红包"}, actor="operator", locale=locale)
    return View(Words(locale), {**doc, **change}, extra={"roles": ("operator",)})


class _Closed(HTMLParser):
    """Every element that is opened is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("img", "input", "br", "path"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag != "path":
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def text_of(markup: str) -> str:
    parser = _Closed()
    parser.feed(markup)
    assert parser.open == []
    return " ".join(parser.text)


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize("draw", DRAW)
def test_every_card_draws_every_stage_of_a_document_that_fills_in(draw: Any, locale: str) -> None:
    view = shown(locale)
    whole = dict(view.doc["sections"])
    for count in range(len(whole) + 1):
        part = dict(list(whole.items())[:count])
        for working in (False, True):
            now = View(view.t, {**view.doc, "sections": part}, working=working)
            assert isinstance(text_of(str(draw(now))), str)


@pytest.mark.parametrize(
    "status", ["draft", "in_review", "rejected", "approved", "running", "paused", "ended", "cancelled"]
)
def test_every_status_has_its_next_step_and_no_act_that_is_not_allowed(status: str) -> None:
    view = shown(status=status)

    def acts(role: str) -> set[str]:
        view.extra |= {"actor": role, "roles": (role,)}
        return set(re.findall(r'data-act="([a-z.]+)"', "".join(cards_go.next_actions(view))))

    signs = {"ask.approve", "ask.reject"} if status == "in_review" else set[str]()
    runs = {"approved": {"ask.launch"}, "running": {"pause"}, "paused": {"resume"}}
    assert acts("approver") == signs
    assert acts("operator") == runs.get(status, set())


def test_who_may_not_change_a_campaign_is_shown_no_way_to() -> None:
    view = shown()
    for role, may in (("operator", True), ("designer", True), ("approver", False), ("analyst", False)):
        view.extra["roles"] = (role,)
        drawn = "".join(str(draw(view)) for draw in DRAW)
        acts = set(re.findall(r'data-act="([a-z.]+)"', drawn))
        assert ({"assume", "copy", "choose", "fix"} <= acts) is may, (role, acts)
        assert not may or "assumed" in drawn


def test_an_assumption_is_changed_by_names_of_what_there_is() -> None:
    options = [{"value": "cash", "label": "日日盈"}, {"value": "steady", "label": "安心90天"}]
    told = {"key": "product", "value": "steady", "label": "产品"}
    found = str(assuming.form(Words("zh-CN"), told, lambda _key, value: str(value), options=options))
    assert '<option value="steady" selected>安心90天</option>' in found
    assert "<input" not in found
    assert assuming.options_of([{"key": "tone"}, {"key": "product", "options": options}], "product") == options
    assert assuming.options_of([{"key": "tone"}], "tone") == ()


def test_the_maker_is_not_offered_to_sign() -> None:
    view = shown(status="in_review")
    view.extra["actor"] = "operator"
    assert "ask.approve" not in "".join(cards_go.next_actions(view))


def test_a_finding_stands_at_the_card_that_shows_its_text_with_its_words_marked_and_a_fix() -> None:
    view = shown()
    assert [list(item.spans) for item in view.remarks("creative")] == [["c_growing_home_banner_title"]]
    assert view.state("creative") == "mend"
    drawn = cards_say.creative(view)
    assert ">笔都安心</mark>" in drawn
    assert "稳健打理，步步从容" in drawn
    assert 'data-act="fix"' in drawn
    assert 'data-act="fix"' not in cards_say.creative(shown(status="running"))


def test_a_range_of_joined_texts_is_marked_in_the_texts_that_it_covers_and_told_once() -> None:
    says = {
        "code": "compliance.says",
        "severity": "S1",
        "span": [3, 8],
        "params": {"text": "保本", "rule": "R", "says": "S"},
    }
    review = {"assets": [{"asset": "a+b", "kind": "copy", "place": "push", "findings": [says, says]}]}
    (told,) = remarks(Words("zh-CN"), review, [{"id": "a", "text": "甲乙丙丁"}, {"id": "b", "text": "戊己庚辛"}])
    assert told.times == 2
    assert told.spans == {"a": ((3, 4), (3, 4)), "b": ((0, 3), (0, 3))}
    assert told.quote == "保本"


def test_what_people_and_packs_say_is_never_markup() -> None:
    evil = '<img src=x onerror="alert(1)">'
    view = shown()
    sections = {**view.doc["sections"]}
    goal = {**sections["goal"], "value": {**sections["goal"]["value"], "product": evil}}
    brief = {**sections["brief"], "value": {**sections["brief"]["value"], "text": evil}}
    bad = View(view.t, {**view.doc, "name": evil, "sections": {**sections, "goal": goal, "brief": brief}})
    for draw in DRAW:
        assert "<img src=x" not in str(draw(bad))


def test_a_card_waits_is_made_and_is_fresh() -> None:
    view = shown()
    empty = View(view.t, {**view.doc, "sections": {}})
    assert {empty.state(card) for card in CARDS} == {"waiting"}
    working = View(view.t, {**view.doc, "sections": {}}, making=frozenset({"audience"}), working=True)
    assert working.state("audience") == "making"
    assert view.state("audience") == "fresh"
    assert view.state("run") == "waiting"


def test_values_of_a_profile_are_words() -> None:
    view = View(Words("zh-CN"), {"labels": {"job=blue-collar": "蓝领", "age": "年龄"}})
    told = [view.value_name(*pair) for pair in (("job", "blue-collar"), ("x", "true"), ("x", ""), ("age", "–30"),
                                                  ("age", "30–40"), ("aum", "500000–"))]  # fmt: skip
    assert told == ["蓝领", "是", "未知", "< 30", "30–40", "≥ 50 万"]


def test_a_rule_without_told_words_is_still_read_from_its_names() -> None:
    view = View(Words("zh-CN"), {"labels": {"aum_cny": "总资产"}})
    rule = {"how": "all", "parts": [{"field": "aum_cny", "op": "ge", "value": 50_000}]}
    assert view.rule_words(rule) == "总资产 ≥ ¥5 万"


def test_the_phone_shows_what_was_decided_and_says_why_where_nothing_was() -> None:
    from linghang.doors.studio.campaign import screen  # noqa: PLC0415
    from linghang.doors.studio.campaign.screens import person, spots  # noqa: PLC0415

    home, t = FakeHome(), Words("zh-CN")
    people = [
        person(item, str, "人群外") for item in home.call("phone.customers", {"campaign_id": "cmp_1"}, actor="operator")
    ]
    for one in people:
        told = spots(home.call("phone.home", {"customer": one.id}, actor="operator"), str)
        drawn = screen.home(t, "a", one, told, "10:00", "领航银行", popup=True)
        assert ("app-hero own" in drawn) == (one.held_out or one.outside)
        text_of(drawn)
        why = text_of(screen.reasons(t, told, "a"))
        if one.held_out:
            assert "对照组" in why
