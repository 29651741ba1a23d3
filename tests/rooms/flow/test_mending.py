"""A fix of one text holds that text's words only, whatever it was checked with."""

from linghang.base.findings import Finding, Fix, Severity
from linghang.flow.mending import mended_apart

WORDS = {"title": "稳赚不赔", "body": "1元起购\n随时可取", "legal": "产品有风险"}
ASSET = "title+body+legal"


def _finding(span: tuple[int, int] | None, fixed: str) -> Finding:
    fix = Fix("compliance.fix_text", text=fixed)
    return Finding("compliance.violates", Severity.S1, ASSET, span=span, fix=fix)


def _texts(*findings: Finding) -> list[str | None]:
    return [item.fix.text if item.fix else None for item in mended_apart(ASSET, findings, WORDS)]


def test_only_the_text_that_offends_gets_new_words() -> None:
    assert _texts(_finding((0, 4), "先看风险\n1元起购\n随时可取\n产品有风险")) == ["先看风险"]
    assert _texts(_finding((0, 4), "先看风险\n1元起购\n随时可取\n产品有风险\n理财非存款")) == ["先看风险"]


def test_two_findings_of_two_texts_each_get_their_own() -> None:
    fixed = "先看风险\n1元起购\n按规则取\n产品有风险"
    assert _texts(_finding((0, 4), fixed), _finding((10, 14), fixed)) == ["先看风险", "1元起购\n按规则取"]


def test_what_cannot_be_taken_apart_is_no_fix() -> None:
    gone = "1元起购\n随时可取\n产品有风险\n理财非存款"  # the title was cut out and a line added below
    assert _texts(_finding((0, 4), gone)) == [None]
    assert _texts(_finding((0, 4), "先看风险")) == [None]
    assert _texts(_finding(None, "稳赚不赔\n1元起购\n随时可取\n产品有风险\n理财非存款")) == [None]
    assert _texts(_finding((0, 4), "\n1元起购\n随时可取\n产品有风险")) == [None]


def test_one_text_alone_keeps_its_fix() -> None:
    alone = Finding("compliance.violates", Severity.S1, "title", span=(0, 4), fix=Fix("x", text="先看风险"))
    assert mended_apart("title", [alone], WORDS) == (alone,)
