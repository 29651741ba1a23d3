"""Every opportunity's sentence is read as a campaign that may begin, in both languages."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linghang import packs, reading
from linghang.insights import scanning
from linghang.insights.model import proposed_yuan


@pytest.mark.parametrize("pattern", scanning.patterns(), ids=lambda item: item["id"])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("budget", [500, 5_000, 20_000, 1_000_000])
def test_the_brief_of_each_pattern_is_a_campaign(pattern: dict, language: str, budget: int) -> None:
    pack = packs.load("uci-bank" if "poutcome" in pattern["needs"] else "demo")
    product = scanning._offered(pack, pattern["kinds"][0])
    assert product is not None
    sentence = scanning._sentence(pattern, pattern["kinds"][0], product, pack, budget, language)
    told = reading.read(sentence, today=dt.date(2026, 11, 23), pack=pack)
    assert told.kind == "brief", sentence
    assert told.reading["missing"] == [], sentence
    assert told.reading["audience"], sentence
    assert told.reading["budget_cny"] == budget, sentence


@given(st.integers(0, 10**13))
def test_a_proposed_budget_is_round_and_pays_back(value_fen: int) -> None:
    yuan = proposed_yuan(value_fen)
    assert str(yuan).strip("0") in ("1", "2", "5")
    assert yuan == 500 or yuan * 100 * 2 <= value_fen
    assert yuan == 500 or yuan * 100 * 8 >= value_fen
