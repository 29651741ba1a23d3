"""Saved audiences by name in a sentence."""

import pytest

from linghang.audiences import named

KNOWN = {"aud_1": "高净值", "aud_2": "高净值沉睡", "aud_3": "Sleepers (gold)"}


@pytest.mark.parametrize(
    ("text", "ids", "without"),
    [
        ("给「高净值沉睡」发红包", ("aud_2",), ()),
        ("给高净值客户发红包", (), ()),
        ("高净值人群里的女性", ("aud_1",), ()),
        ("人群高净值沉睡有多少", ("aud_2",), ()),
        ("“高净值”和「高净值沉睡」重合多少", ("aud_1", "aud_2"), ()),
        ("给30岁以上的人发，排除「高净值」", (), ("aud_1",)),
        ("给「高净值」发，不要人群「高净值沉睡」", ("aud_1",), ("aud_2",)),
        ("push to the audience Sleepers (gold) except “高净值”", ("aud_3",), ("aud_1",)),
        ("push to sleepers", (), ()),
    ],
)
def test_a_name_counts_where_it_is_marked(text: str, ids: tuple[str, ...], without: tuple[str, ...]) -> None:
    found = named(text, KNOWN)
    assert (found.ids, found.without) == (ids, without)
    assert len(found.rest) == len(text)
    assert not any(KNOWN[id] in found.rest for id in (*ids, *without))
