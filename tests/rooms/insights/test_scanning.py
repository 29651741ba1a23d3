"""Every opportunity's sentence is read as a campaign that may begin, in both languages."""

import datetime as dt

import pytest

from linghang import packs, reading
from linghang.insights import scanning


@pytest.mark.parametrize("pattern", scanning.patterns(), ids=lambda item: item["id"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_brief_of_each_pattern_is_a_campaign(pattern: dict, language: str) -> None:
    pack = packs.load("uci-bank" if "poutcome" in pattern["needs"] else "demo")
    product = scanning._offered(pack, pattern["kinds"][0])
    assert product is not None
    sentence = scanning._sentence(pattern, pattern["kinds"][0], product, pack, language)
    told = reading.read(sentence, today=dt.date(2026, 11, 23), pack=pack)
    assert told.kind == "brief", sentence
    assert told.reading["missing"] == [], sentence
    assert told.reading["audience"], sentence
