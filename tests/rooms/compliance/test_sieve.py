"""The sieve before the patterns: nothing that matches is kept out, and nearly all else is."""

import pytest

from linghang.compliance.loading import load_rules
from linghang.compliance.normalise import normalise
from linghang.compliance.patterns import Lexicon, lexicon
from linghang.compliance.sieve import Sieve, factors


@pytest.mark.parametrize(
    ("regex", "wanted"),
    [
        ("保本", [{"保本"}]),
        ("(?:保本|稳赚)[^。]{0,4}?(?:收益|利息)", [{"保本", "稳赚"}, {"收益", "利息"}]),
        ("(?:保本)?收益", [{"保本", "收益"}]),
        ("[一二]元", [{"一元", "二元"}]),
        (r"\d+元?", []),
        ("(?:保本|\\d+)", []),
        ("(?<!不)保本(?!吗)", [{"保本"}]),
        ("guaranteed returns?", [{"gua"}]),
    ],
)
def test_a_factor_is_what_every_match_has(regex: str, wanted: list[set[str]]) -> None:
    told = factors(regex, {})
    assert [one for one in wanted if one not in told] == []
    assert bool(told) == bool(wanted)


def test_a_concept_stands_for_its_words_also_among_alternatives() -> None:
    words = Lexicon("zh", {"gain": ("收益", "盈利"), "one": ("一",)}, {"n": r"\d+"})
    plain, either, counted = (
        words.pattern(source) for source in ("<gain>…高", "(?:<gain>|<n>)以上", "(?:<one>|<n>)只")
    )
    assert words.may(plain, "收益很高")
    assert not words.may(plain, "利息很高")
    assert words.may(either, "3以上")
    assert not words.may(either, "三种")
    assert words.may(counted, "2只")
    assert words.any_of(("<gain>…高", "(?:<one>|<n>)只"), "一只")


def test_a_pattern_that_comes_later_is_asked_too() -> None:
    sieve = Sieve()
    first = sieve.add([frozenset({"保本"})])
    assert sieve.passing("保本") & first
    later = sieve.add([frozenset({"保"}), frozenset({"息"})])
    assert not sieve.passing("保本") & later
    assert sieve.passing("保息") == later
    assert sieve.passing("安稳") == 0


@pytest.mark.parametrize(("jurisdiction", "lang"), [("CN", "zh"), ("US", "en"), ("UK", "en")])
def test_no_example_of_a_rule_loses_a_pattern_that_matches_it(jurisdiction: str, lang: str) -> None:
    words = lexicon(lang)
    passed = tried = 0
    rules = load_rules(jurisdiction)
    for rule in rules:
        for example in rule.examples[:3]:
            text = normalise(example.text).text
            for source in (source for trigger in rule.triggers for source in (*trigger.find, *trigger.unless)):
                pattern = words.pattern(source)
                assert words.may(pattern, text) or pattern.compiled.search(text) is None, source
            every = [words.pattern(source) for one in rules[::5] for trigger in one.triggers for source in trigger.find]
            tried, passed = tried + len(every), passed + sum(words.may(pattern, text) for pattern in every)
    assert passed < 0.3 * tried
