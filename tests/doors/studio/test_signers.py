"""Who has signed is offered the other step, not the same one again."""

from linghang.doors.studio.campaign import cards_go
from linghang.doors.studio.campaign.view import View
from linghang.doors.studio.words import Words


def _buttons(actor: str, *history: tuple[str, str]) -> str:
    told = [{"kind": kind, "actor": who} for kind, who in history]
    view = View(
        Words("zh-CN"),
        {"id": "cmp_1", "status": "in_review", "sections": {}},
        extra={"actor": actor, "roles": (actor,), "history": told},
    )
    return "".join(cards_go.next_actions(view))


def test_who_has_signed_waits_for_the_other_role() -> None:
    assert "ask.approve" in _buttons("approver", ("submitted", "operator"))
    done = _buttons("approver", ("submitted", "operator"), ("approved", "approver"))
    assert "ask.approve" not in done
    assert 'data-switch="compliance"' in done


def test_a_new_round_asks_everybody_again() -> None:
    assert "ask.approve" in _buttons(
        "approver", ("submitted", "o"), ("approved", "approver"), ("rejected", "c"), ("submitted", "o")
    )
