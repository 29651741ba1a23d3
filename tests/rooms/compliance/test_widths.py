"""How wide a finding is cited: what a careful reader marks, at words and clauses."""

import datetime as dt
import itertools

import pytest

from linghang import compliance
from linghang.compliance.extents import cited_as
from linghang.compliance.loading import load_rules
from linghang.compliance.model import Hit
from linghang.compliance.normalise import normalise
from linghang.compliance.pieces import clauses
from linghang.compliance.widths import inside_words

TODAY = dt.date(2026, 11, 23)
RULES = {rule.id: rule for place in ("CN", "US") for rule in load_rules(place, TODAY)}


def cited(text: str, *found: tuple[str, str]) -> list[str]:
    """What is cited where the words were located for these rules."""
    view = normalise(text)
    hits = [Hit(RULES[rule], (text.index(words), text.index(words) + len(words))) for rule, words in found]
    done = cited_as(hits, view, clauses(view.text), lambda span: 0.9)
    return [text[slice(*hit.span)] for hit in done]


def test_a_short_clause_is_cited_whole_whatever_word_was_located() -> None:
    assert cited("跌了我们全额贴补，基金有风险", ("CN-FD-01", "全额贴补")) == ["跌了我们全额贴补"]


def test_a_long_clause_is_cited_in_part_and_never_within_a_word() -> None:
    text = "我们这个团队多年来一直为您挑选的这只产品保证本金而且流程简单手续方便客服随时在线"
    (said,) = cited(text, ("CN-FD-01", "保证本金"))
    assert "保证本金" in said
    assert len(said) < len(text)
    inside = inside_words(text)
    assert not inside & {text.index(said), text.index(said) + len(said)}


def test_words_of_one_rule_in_one_claim_are_one_finding() -> None:
    assert len(cited("保本保息稳赚不赔，放心", ("CN-WM-01", "保本保息"), ("CN-WM-01", "稳赚不赔"))) == 1


def test_clauses_that_break_rules_apart_are_cited_apart() -> None:
    text = "仅剩最后2个名额！已有3万人抢购"
    said = cited(text, ("CN-PR-06", "最后2个名额"), ("CN-PR-06", "3万人抢购"))
    assert said == ["仅剩最后2个名额", "已有3万人抢购"]


@pytest.mark.parametrize(
    "text", ["跟存款一样省心，利息比定期高", "年化收益12.5%起，只等你", "guaranteed profits for everyone"]
)
def test_words_and_figures_are_not_cut(text: str) -> None:
    inside = inside_words(text)
    for word in ("存款", "省心", "12.5%", "guaranteed"):
        at = text.find(word)
        assert at < 0 or all(place in inside for place in range(at + 1, at + len(word)))


def test_no_phrase_ends_with_a_word_that_wants_another() -> None:
    (said,) = cited("Take it home tonight with nothing down and 60 payments of $289", ("US-03", "nothing down"))
    assert "nothing down" in said
    assert said.split()[-1] not in {"and", "60", "of", "with"}
    (named,) = cited("钱到得飞快而且把门槛全部取消的信用贷款", ("CN-FM-06", "钱到"))
    assert named[-1] not in "得把"


def test_citations_do_not_overlap_and_lie_within_the_text() -> None:
    text = "零门槛、高收益、秒到账，人人都能买的稳赚理财，错过再等一年"
    found = [("CN-FM-06", "零门槛"), ("CN-WM-01", "稳赚"), ("CN-WM-07", "错过再等一年"), ("CN-SU-01", "人人都能买")]
    view = normalise(text)
    hits = [Hit(RULES[rule], (text.index(words), text.index(words) + len(words))) for rule, words in found]
    spans = sorted(hit.span for hit in cited_as(hits, view, clauses(view.text), lambda span: None))
    assert all(0 <= low < high <= len(text) for low, high in spans)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))


def test_a_text_of_many_findings_is_cited_as_found() -> None:
    text = "保本" * 300
    view = normalise(text)
    hits = [Hit(RULES["CN-WM-01"], (at, at + 2)) for at in range(0, 600, 2)]
    done = cited_as(hits, view, clauses(view.text), lambda span: 0.9)
    assert [hit.span for hit in done] == [hit.span for hit in hits]


def test_nothing_located_stays_as_it_is() -> None:
    whole = Hit(RULES["CN-FD-01"])
    assert cited_as([whole], normalise("稳赚"), [(0, 2)], lambda span: None) == (whole,)
    done = compliance.check(compliance.Material("", "fund", "feed"), today=TODAY)
    assert not [hit for hit in done.hits if hit.located]
