"""Rules as the audience page edits them: each act gives a new rule, and what comes out can always be counted."""

import copy
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linghang import audiences
from linghang.doors.studio.people import tree
from linghang.doors.studio.people.circles import circles
from linghang.doors.studio.words import Words

AGE = {"field": "age", "op": "ge", "value": 30}
RICH = {"field": "aum_cny", "op": "between", "value": [10, 20]}
RULE: dict[str, Any] = {"all": [AGE, {"any": [RICH, {"not": {"all": [AGE, RICH]}}]}, {"not": {"audience": "aud_1"}}]}


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("0", AGE),
        ("1.0", RICH),
        ("1.1.not", {"all": [AGE, RICH]}),
        ("1.1.not.1", RICH),
        ("2.not", {"audience": "aud_1"}),
        ("", RULE),
    ],
)
def test_a_path_leads_to_a_part_and_puts_another(path: str, part: dict[str, Any]) -> None:
    before = copy.deepcopy(RULE)
    assert tree.part_at(RULE, path) == part
    other = {"all": [{"field": "x", "op": "exists"}]} if not path else {"field": "x", "op": "exists"}
    assert tree.part_at(tree.put(RULE, path, other), path) == other
    assert before == RULE, "the old rule stays as it was"


def test_dropping_the_last_of_a_group_drops_the_group() -> None:
    rule = tree.drop(RULE, "1.0")
    assert rule["all"][1] == {"any": [{"not": {"all": [AGE, RICH]}}]}
    assert tree.drop(rule, "1.0")["all"] == [AGE, {"not": {"audience": "aud_1"}}]
    assert tree.drop(RULE, "2.not")["all"] == RULE["all"][:2]
    assert tree.drop({"all": [AGE]}, "0") == {"all": []}


def test_turning_twice_is_nothing() -> None:
    for path in ("0", "1", "1.0", "2"):
        assert tree.turn(tree.turn(RULE, path), path) == RULE
    assert tree.turn({"all": [{**AGE, "negated": True}]}, "0") == {"all": [AGE]}


def test_groups_are_made_swapped_and_grow() -> None:
    rule = tree.add(tree.group({"all": [AGE]}, "0"), "0", RICH)
    assert rule == {"all": [{"any": [AGE, RICH]}]}
    assert tree.swap(rule, "0") == {"all": [{"all": [AGE, RICH]}]}
    assert tree.named(RULE) == {"age", "aum_cny"}


FIELD = {"name": "age", "kind": "integer", "stops": [10, 20, 30, 40], "choices": [], "window": False, "counted": False,
         "source": "column"}  # fmt: skip


@pytest.mark.parametrize(
    ("part", "what", "value", "after"),
    [
        (AGE, "value", "1,200", {**AGE, "value": 1200}),
        (AGE, "value", "nonsense", AGE),
        (AGE, "value", "inf", AGE),
        (AGE, "op", "between", {**AGE, "op": "between", "value": [30, 40]}),
        (RICH, "op", "le", {**RICH, "op": "le", "value": 20}),
        (RICH, "low", "25", {**RICH, "value": [25, 25]}),
        (RICH, "high", "5", {**RICH, "value": [5, 5]}),
        (AGE, "op", "exists", {"field": "age", "op": "exists"}),
        ({"field": "g", "op": "eq", "value": "F"}, "toggle", "M", {"field": "g", "op": "in", "value": ["F", "M"]}),
        ({"field": "g", "op": "in", "value": ["F", "M"]}, "toggle", "F", {"field": "g", "op": "eq", "value": "M"}),
        ({"field": "g", "op": "eq", "value": "F"}, "toggle", "F", {"field": "g", "op": "eq", "value": "F"}),
        ({"field": "v", "op": "exists", "window_days": 30}, "days", "7", {"field": "v", "op": "exists", "window_days": 7}),
        ({"field": "v", "op": "exists", "window_days": 30}, "days", "0", {"field": "v", "op": "exists", "window_days": 30}),
        ({"field": "k", "op": "exists"}, "truth", "no", {"field": "k", "op": "exists", "negated": True}),
        ({"sample_pct": 5}, "size", "150", {"sample_pct": 100}),
        ({"by": "aum", "top": 10}, "size", "20", {"by": "aum", "top": 20}),
        (AGE, "unheard", "1", AGE),
    ],
)  # fmt: skip
def test_a_setting_is_changed_and_nonsense_changes_nothing(
    part: dict[str, Any], what: str, value: str, after: dict[str, Any]
) -> None:
    before = copy.deepcopy(part)
    assert tree.changed(part, what, value, FIELD) == after
    assert part == before


@given(st.lists(st.tuples(st.sampled_from(["drop", "turn", "swap", "group", "add"]), st.integers(0, 99)), max_size=12))
def test_whatever_is_done_the_rule_stays_a_rule(acts: list[tuple[str, int]]) -> None:
    rule = copy.deepcopy(RULE)
    for name, number in acts:
        paths = _paths(rule, "")
        path = paths[number % len(paths)]
        kind = tree.how(tree.part_at(rule, path))
        if name == "swap" and kind not in ("all", "any"):
            continue
        if name == "add":
            if kind in ("all", "any"):
                rule = tree.add(rule, path, dict(AGE))
        elif path:
            rule = getattr(tree, name)(rule, path)
        assert set(rule) == {"all"}
        parsed = audiences.parse(rule)
        assert audiences.parse(audiences.as_json(parsed)) == parsed


def _paths(rule: dict[str, Any], path: str) -> list[str]:
    part = tree.part_at(rule, path)
    name = tree.how(part)
    inner = ["not"] if name == "not" else [str(n) for n in range(len(part[name]))] if name else []
    return [path, *(found for step in inner for found in _paths(rule, f"{path}.{step}".lstrip(".")))]


def test_four_audiences_show_all_fifteen_parts() -> None:
    names = ["a", "b", "c", "d"]
    parts = [
        {"names": [name for place, name in enumerate(names) if mask >> place & 1], "count": 100 + mask}
        for mask in range(1, 16)
    ]
    drawn = str(circles(names, parts, Words("zh-CN")))
    assert drawn.count("<ellipse") == 4
    assert {str(100 + mask) for mask in range(1, 16)} == set(re.findall(r">(1\d\d)</text>", drawn))
    assert drawn.count("legend-item") == 4
