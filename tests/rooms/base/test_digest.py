"""Two equal values have one text and one hash, on every machine and in every version."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linghang.base.digest import canonical_json, digest
from linghang.base.findings import Finding, Severity

VECTORS = [
    ({"b": 1, "a": [True, None, "领航"]}, '{"a":[true,null,"领航"],"b":1}'),
    (2.0, "2"),
    (0.1, "0.1"),
    (dt.date(2026, 11, 23), '"2026-11-23"'),
    (dt.datetime(2026, 11, 23, 8, tzinfo=ZoneInfo("Asia/Shanghai")), '"2026-11-23T00:00:00Z"'),
    (
        Finding("x.y", Severity.S1, "goal"),
        '{"about":"goal","code":"x.y","evidence":{},"fix":null,"params":{},"severity":"S1","span":null}',
    ),
]


@pytest.mark.parametrize(("value", "text"), VECTORS)
def test_vectors(value: object, text: str) -> None:
    assert canonical_json(value) == text


def test_hash_vector() -> None:
    assert digest({"a": 1}) == "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=6))
def test_order_of_keys_does_not_matter(value: dict[str, object]) -> None:
    assert digest(value) == digest(dict(reversed(list(value.items()))))


def test_what_has_no_canonical_form_is_refused() -> None:
    with pytest.raises(TypeError, match="without a zone"):
        canonical_json(dt.datetime(2026, 1, 1))
    with pytest.raises(TypeError, match="no canonical form"):
        canonical_json(object())
