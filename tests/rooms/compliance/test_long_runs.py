"""Texts that no writer writes end too, and spans still cite the original."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linghang.compliance.checking import check
from linghang.compliance.model import Material
from linghang.compliance.normalise import normalise

TODAY = dt.date(2026, 11, 23)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("run", ["1", "。", "a", "１", "1,000", "1.", "😀", "baobenbaoxi", "《", "保本", "no risk "])
def test_a_long_run_ends(run: str) -> None:
    text = run * (24_000 // len(run))
    assert check(Material(text, "brand", "push"), today=TODAY, reader="decides").verdict in ("compliant", "violating")


@given(st.integers(60, 400), st.sampled_from("1a。保😀"))
def test_what_stands_behind_a_run_is_cited_where_it_stands(length: int, char: str) -> None:
    text = f"{char * length} 本产品保本保息"
    done = check(Material(text, "fund", "push"), today=TODAY)
    assert any("保本" in text[slice(*hit.span)] for hit in done.hits if hit.located)


@given(st.text(max_size=300))
def test_a_view_never_points_outside_its_text(text: str) -> None:
    view = normalise(text)
    assert len(view.text) == len(view.starts) == len(view.ends) == len(view.hidden)
    assert all(0 <= low < high <= len(text) for low, high in zip(view.starts, view.ends, strict=True))
