"""What a text resembles: stories that promise, lawful twins, and where the bank is asked at all."""

import datetime as dt

import numpy as np
import pytest

from linghang.compliance import neighbours
from linghang.compliance.checking import check
from linghang.compliance.learned import read
from linghang.compliance.model import Material
from linghang.compliance.normalise import normalise

TODAY = dt.date(2026, 11, 23)
RISK = "基金有风险，投资需谨慎。"
STORIES = (
    "跟着走的人，鞋底从来没沾过水。",
    "钱放进来多少，走的时候一分不缺还带个伴儿。",
    "船马上离岸，还在系鞋带的可就赶不上了。",
)
TWINS = ("跟着走的人也可能亏损，过去不代表未来。", "您赎回的款项已到账，请查收。", "认购期至12月15日，提前结束会公告。")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_forbidden_example_knows_its_rule(lang: str) -> None:
    told = neighbours.bank(lang)
    assert 0 < len(told.rules) < told.said.shape[1]
    for side in (told.texts, told.selling):
        assert isinstance(side.yes, np.ndarray)
        assert isinstance(side.no, np.ndarray)
        assert min(len(side.yes), len(side.no)) > side.among
        assert not set(side.yes) & set(side.no)
        assert max(side.yes.max(), side.no.max()) < told.wholes.shape[1]
    assert told.said.shape[0] == told.wholes.shape[0] == told.axes.shape[1]


def test_a_story_is_nearer_to_what_is_forbidden_than_its_lawful_twin() -> None:
    stories, twins = (
        [one.margin for one in neighbours.heard([normalise(one).text for one in said], "zh")]
        for said in (STORIES, TWINS)
    )
    assert min(stories) > max(twins)


def test_a_direction_does_not_depend_on_what_was_asked_before() -> None:
    pieces = [normalise(one).text for one in STORIES]
    neighbours._known("zh").clear()
    together = [one.direction for one in neighbours.heard(pieces, "zh")]
    neighbours._known("zh").clear()
    alone = [neighbours.heard([piece], "zh")[0].direction for piece in reversed(pieces)][::-1]
    assert np.allclose(together, alone, atol=1e-5)


def test_a_story_that_no_pattern_names_cites_a_rule_and_a_clause() -> None:
    done = check(Material(STORIES[1] + RISK, "fund", "feed", jurisdiction="CN"), today=TODAY, reader="decides")
    assert done.verdict == "violating"
    hit = next(hit for hit in done.hits if hit.located)
    assert hit.rule.id.startswith("CN-")
    assert hit.rule.law
    assert STORIES[1][slice(*hit.span)]


def test_only_the_checkers_own_door_asks_what_a_text_resembles() -> None:
    view = normalise(STORIES[0])
    assert read(view, "fund", "zh").meaning is None
    assert read(view, "fund", "zh", meaning=True).meaning is not None
    done = check(Material(STORIES[0] + RISK, "fund", "feed", jurisdiction="CN"), today=TODAY)
    assert all(hit.advice for hit in done.hits)


def test_a_text_without_a_word_has_no_meaning() -> None:
    assert read(normalise(""), "fund", "zh", meaning=True).meaning is None
    assert check(Material("……", "brand", "push"), today=TODAY, reader="decides").verdict == "compliant"
