"""What a package's round of review leaves to do, and where it is told."""

from typing import Any

from linghang.doors.studio.campaign import cards_go, review_cards, rounds
from linghang.doors.studio.campaign.view import View
from linghang.doors.studio.words import Words

SIGNED = {"kind": "approved", "actor": "approver", "step": "reviewer", "package": "p1", "points": ["先发一小批"],
          "until": "2026-12-14T00:00:00+08:00", "at": "2026-11-29T11:00:00+00:00"}  # fmt: skip
SUBMITTED = {"kind": "submitted", "actor": "operator", "package": "p1", "chain": ["reviewer"],
             "at": "2026-11-29T10:00:00+00:00"}  # fmt: skip
FULFILLED = {"kind": "fulfilled", "actor": "approver", "package": "p1", "points": ["先发一小批"],
             "at": "2026-11-29T12:00:00+00:00"}  # fmt: skip
SENT_BACK = {"kind": "rejected", "actor": "compliance", "package": "p1", "points": ["copy"], "comment": "标题",
             "at": "2026-11-29T10:30:00+00:00"}  # fmt: skip
MUST = {"number": 1, "kind": "must", "open": True, "package": "p1", "section": "copy", "text": "写清门槛", "about": "",
        "actor": "compliance", "at": "2026-11-29T10:20:00+00:00"}  # fmt: skip


def _view(status: str, *history: dict[str, Any], role: str = "operator", comments: tuple[Any, ...] = ()) -> View:
    extra = {"actor": role, "roles": (role,), "history": list(history), "comments": list(comments)}
    return View(Words("zh-CN"), {"id": "cmp_1", "status": status, "sections": {}}, extra=extra)


def test_a_launch_is_offered_once_every_condition_is_confirmed() -> None:
    waits = _view("approved", SUBMITTED, SIGNED)
    assert rounds.open_conditions(waits) == ["先发一小批"]
    assert "ask.launch" not in "".join(cards_go.next_actions(waits))
    assert "还有 1 个条件待确认" in "".join(cards_go.next_actions(waits))
    assert "先发一小批" in cards_go.approval(waits)
    done = _view("approved", SUBMITTED, SIGNED, FULFILLED)
    assert rounds.conditions(done) == [("先发一小批", True)]
    assert "ask.launch" in "".join(cards_go.next_actions(done))


def test_the_end_of_a_signature_is_told_after_its_conditions_were_confirmed() -> None:
    assert "12月14日" in review_cards.decision(_view("approved", SUBMITTED, SIGNED, FULFILLED), None)


def test_who_signs_is_told_that_nothing_changed_since_it_was_sent_back() -> None:
    again = _view("in_review", SUBMITTED, SENT_BACK, SUBMITTED)
    other = _view("in_review", SUBMITTED, SENT_BACK, {**SUBMITTED, "package": "p2"})
    assert "完全相同" in review_cards.decision(again, None)
    assert "完全相同" not in review_cards.decision(other, None)


def test_reasons_of_a_rejection_stand_on_the_document() -> None:
    assert "文案" in cards_go.approval(_view("rejected", SUBMITTED, SENT_BACK))


def test_a_comment_stands_at_the_section_that_it_is_about_until_another_package_is_submitted() -> None:
    view = _view("rejected", SUBMITTED, SENT_BACK, comments=(MUST,))
    assert [item["text"] for item in rounds.said(view, "creative")] == ["写清门槛"]
    assert rounds.said(view, "page") == []
    resubmitted = _view("in_review", SUBMITTED, SENT_BACK, {**SUBMITTED, "package": "p2"}, comments=(MUST,))
    assert rounds.said(resubmitted, "creative") == []


def test_makers_read_what_must_be_changed_about_a_finding() -> None:
    asked = {**MUST, "about": "compliance.x|copy|popup|20元"}
    seen = {**MUST, "number": 2, "kind": "remark", "open": False, "about": "compliance.x|copy|popup|20元"}
    maker = _view("rejected", SUBMITTED, SENT_BACK, comments=(asked, seen))
    signer = _view("rejected", SUBMITTED, SENT_BACK, role="compliance", comments=(asked, seen))
    assert [item["number"] for item in rounds.said(maker, "creative")] == [1]
    assert rounds.said(signer, "creative") == []
