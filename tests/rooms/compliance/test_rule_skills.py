"""The rules as skills, with an institution's own file in its pack."""

import datetime as dt
import re
import shutil
from pathlib import Path

import pytest

from linghang import app, compliance, packs
from linghang.base.errors import PackError, UnknownItemError, UsageError
from linghang.base.messages import render
from linghang.compliance.english import article_in_english
from linghang.kit import skills
from linghang.kit.context import Context
from linghang.packs.loading import find
from linghang.testing.contexts import context

TODAY = dt.date(2026, 11, 23)
OWN = """
laws:
  house: {title: 领航银行品牌手册}
rules:
  - id: CN-BANK-01
    severity: S2
    topic: MORAL
    cites: ["house 第3条"]
    says: 不得称客户为“老铁”
    verified: V1
    triggers: ['老铁']
    examples: {hit: ["老铁们，会员日来了"], pass: ["会员日来了"]}
"""


@pytest.fixture
def own(tmp_path: Path) -> Context:
    """A desk of an institution whose pack has a rule of its own."""
    app.declare_skills()
    folder = tmp_path / "pack"
    shutil.copytree(find("demo"), folder)
    (folder / "rules").mkdir()
    (folder / "rules" / "cn.yaml").write_text(OWN, "utf-8")
    return context(tmp_path, pack=str(folder), rights=["rules.read"])


def ids(ctx: Context, **asked: str) -> list[str]:
    return [row["id"] for row in skills.call(ctx, "rules.list", asked)]


def test_an_institutions_own_rule_is_listed_shown_and_in_force(own: Context) -> None:
    assert "CN-BANK-01" in ids(own, words="老铁")
    shown = skills.call(own, "rules.show", {"rule": "cn-bank-01"})
    assert (shown["citations"][0]["law"], shown["own"]) == ("领航银行品牌手册", True)
    assert [row["id"] for row in skills.call(own, "rules.list", {}) if row["own"]] == ["CN-BANK-01"]
    told = skills.call(own, "compliance.check", {"text": "老铁们，会员日来了", "product": "brand", "channel": "push"})
    assert {finding["rule"] for finding in told["findings"]} >= {"CN-BANK-01"}
    assert "CN-BANK-01" in {rule.id for rule in compliance.rules_of(packs.load(own.pack), own.today)}


def test_rules_are_found_by_words_product_channel_and_day(own: Context) -> None:
    every = ids(own)
    loans = ids(own, product="loan")
    assert 0 < len(loans) < len(every)
    assert 0 < len(ids(own, channel="sms")) < len(every)
    assert "CN-AD-07" in ids(own, words="广告法 25")
    assert ids(own, words="没有这样的词") == []
    for spelt in ("广告法第二十五条", "《广告法》 第25条"):
        assert "CN-AD-07" in ids(own, words=spelt), spelt
    before, after = ids(own, launch_date="2026-09-29"), ids(own, launch_date="2026-09-30")
    assert "CN-FM-06" in set(after) - set(before)
    assert all(name.startswith("US-") for name in ids(own, jurisdiction="US"))


def test_rules_are_found_by_law_topic_severity_and_whose_they_are(own: Context) -> None:
    every = skills.call(own, "rules.list", {})
    for key, value in (("topic", "GUAR"), ("severity", "S1")):
        assert ids(own, **{key: value}) == [row["id"] for row in every if row[key] == value] != []
    cited = [row["id"] for row in every if any(one["law"] == "《广告法》" for one in row["citations"])]
    assert ids(own, law="《广告法》") == cited != []
    assert [row["id"] for row in skills.call(own, "rules.list", {"own": True})] == ["CN-BANK-01"]


def test_what_is_not_there_is_told_with_what_is_near(own: Context) -> None:
    with pytest.raises(UnknownItemError, match="no_rule") as told:
        skills.call(own, "rules.show", {"rule": "CN-AD-77"})
    assert "CN-AD-07" in str(told.value.params["near"])
    with pytest.raises(UsageError, match="bad_day"):
        ids(own, launch_date="tomorrow")
    with pytest.raises(UsageError, match="jurisdiction"):
        ids(own, jurisdiction="JP")


def test_a_file_that_does_not_hold_stops_and_names_the_line(own: Context) -> None:
    file = compliance.own_file(packs.load(own.pack))
    assert file is not None
    file.write_text("rules:\n  - id: CN-AD-07\n    off: true\n", "utf-8")
    with pytest.raises(PackError) as told:
        compliance.rules_of(packs.load(own.pack), dt.date(2026, 12, 1))
    assert told.value.findings[0].about == "cn.yaml:3"


def test_every_chinese_rule_and_law_has_its_english_beside_it() -> None:
    for rule in compliance.load_rules("CN"):
        told = compliance.rule_json(rule)
        assert str(told["says_en"]).isascii() or "“" in str(told["says_en"]), rule.id
        assert "Chinese" not in str(told["says_en"]), rule.id
        for citation in told["citations"]:  # type: ignore[union-attr]
            assert not _CHINESE.search(str(citation["law_en"])), citation  # type: ignore[index]


_CHINESE = re.compile("[\u4e00-\u9fff]")


def test_a_finding_in_english_says_what_the_rule_wants_in_english() -> None:
    material = compliance.Material("Guaranteed returns, no risk!", "fund", "push", lang="en")
    done = compliance.check(material, rules=compliance.load_rules("CN", TODAY), today=TODAY)
    findings = compliance.as_findings(done, "copy")
    assert findings
    for finding in findings:
        said = render(finding.code, finding.params, "en")
        assert not _CHINESE.search(said), said
        assert _CHINESE.search(render(finding.code, finding.params, "zh-CN"))


@pytest.mark.parametrize(
    ("article", "told"),
    [("第25条第1项", "Art. 25 item 1"), ("第2、19条", "Art. 2, 19"), ("第6条第1款", "Art. 6 para. 1"), ("", "")],
)
def test_articles_are_told_in_english(article: str, told: str) -> None:
    assert article_in_english(article) == told
