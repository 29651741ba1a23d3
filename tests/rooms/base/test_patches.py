"""A patch applies wholly or not at all, and its inverse restores the document."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linghang.base.errors import UsageError
from linghang.base.patches import apply

READING = {
    "budget_cny": 300000,
    "channels": ["push", "inapp_popup"],
    "offer": {"type": "coupon", "face_value_cny": 20},
    "audience": [{"field": "risk_level", "op": "ge", "value": "C3"}],
}

values = st.integers() | st.text(max_size=4) | st.lists(st.integers(), max_size=3)
patches = st.lists(
    st.one_of(
        st.builds(lambda p, v: {"op": "set", "path": p, "value": v}, st.sampled_from(["budget_cny", "offer.face_value_cny", "tone", "a.b"]), values),
        st.builds(lambda v: {"op": "add", "path": "channels", "value": v}, st.sampled_from(["sms", "push", "email"])),
        st.builds(lambda p: {"op": "remove", "path": p}, st.sampled_from(["offer", "budget_cny", "audience[risk_level]"])),
    ),
    max_size=5,
)  # fmt: skip


@given(patches)
def test_undo_restores(edits: list[dict[str, Any]]) -> None:
    try:
        after, inverse = apply(READING, edits)
    except UsageError:
        return
    assert apply(after, inverse)[0] == READING


def test_nothing_is_applied_when_one_fails() -> None:
    before = {**READING}
    with pytest.raises(UsageError, match="patch.no_such_path"):
        apply(READING, [{"op": "set", "path": "budget_cny", "value": 1}, {"op": "remove", "path": "nothing"}])
    assert before == READING


def test_an_element_is_named_by_its_field() -> None:
    predicate = {"field": "risk_level", "op": "between", "value": ["C3", "C5"]}
    after, _ = apply(READING, [{"op": "set", "path": "audience[risk_level]", "value": predicate}])
    assert after["audience"] == [predicate]


def test_add_appends_only_what_is_absent() -> None:
    after, _ = apply(READING, [{"op": "add", "path": "channels", "value": "push"}])
    assert after["channels"] == ["push", "inapp_popup"]


@pytest.mark.parametrize(
    "bad", [{"op": "move", "path": "a"}, {"op": "set"}, {"op": "add", "path": "budget_cny", "value": 1}]
)
def test_malformed_patches_are_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="patch.malformed"):
        apply(READING, [bad])
