"""The same sentences about another institution's fields."""

import datetime as dt

import pytest

from linghang.reading import read
from linghang.reading.lexicon import lexicon

TODAY = dt.date(2026, 11, 23)


def test_a_brief_about_the_bank_table(bank) -> None:
    text = "给有房贷、没有违约记录的30到50岁客户推定期存款,预算5万,短信加电话,下周一开始两周,留10%对照"
    found = dict(read(text, today=TODAY, pack=bank).reading)
    assert found.pop("objective") == "cross_sell"
    assert found == {
        "product": "savings",
        "product_detail": "定期存款",
        "audience": [
            {"field": "housing", "op": "eq", "value": "yes"},
            {"field": "default", "op": "eq", "value": "no"},
            {"field": "age", "op": "between", "value": [30, 50]},
        ],
        "budget_cny": 50000,
        "start": "2026-11-30",
        "end": "2026-12-13",
        "channels": ["sms", "call"],
        "holdout_pct": 10,
        "missing": [],
    }


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("没有违约", {"field": "default", "op": "eq", "value": "no"}),
        ("没有个人贷款的", {"field": "loan", "op": "eq", "value": "no"}),
        ("已婚的", {"field": "marital", "op": "eq", "value": "married"}),
        ("学生和退休人员", {"field": "job", "op": "in", "value": ["student", "retired"]}),
    ],
)
def test_a_claim_names_the_value_that_satisfies_it(bank, said: str, expected: dict) -> None:
    found = read(f"给{said}客户推定期存款，电话，下周", today=TODAY, pack=bank).reading
    assert expected in found["audience"]


def test_the_only_product_is_assumed_and_told(bank) -> None:
    found = read("给已婚客户打电话，下周", today=TODAY, pack=bank)
    assert found.reading["product"] == "savings"
    assert "reading.product.only_one" in {item.reason for item in found.assumptions}


def test_a_field_that_the_catalogue_lacks_is_told_and_not_used(bank) -> None:
    found = read("给已婚女性推定期存款，电话，下周", today=TODAY, pack=bank)
    assert [shape["field"] for shape in found.reading["audience"]] == ["marital"]
    assert "reading.field_not_in_catalogue" in {item.reason for item in found.assumptions}


def test_every_field_of_the_contract_is_in_the_demo_pack(demo) -> None:
    words = lexicon(demo)
    used = {senses["state"]["field"] for senses in words.words.values() if "state" in senses}
    used |= {senses["field"]["field"] for senses in words.words.values() if "field" in senses}
    assert used - words.fields == set()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("上次营销成功过的客户", {"field": "poutcome", "op": "eq", "value": "success"}),
        ("上次联系距今超过90天的", {"field": "pdays", "op": "gt", "value": 90}),
        ("本次联系次数不超过3次的", {"field": "campaign", "op": "le", "value": 3}),
        ("蓝领或技术员", {"field": "job", "op": "in", "value": ["blue-collar", "technician"]}),
        ("企业家和自雇人士", {"field": "job", "op": "in", "value": ["entrepreneur", "self-employed"]}),
        ("customers with no default", {"field": "default", "op": "eq", "value": "no"}),
        ("tertiary education", {"field": "education", "op": "eq", "value": "university.degree"}),
        ("without a housing loan", {"field": "housing", "op": "eq", "value": "no"}),
    ],
)
def test_the_bank_table_in_operators_words(bank, said: str, expected: dict[str, object]) -> None:
    found = read(f"{said}，推定期存款，电话，下周", today=TODAY, pack=bank).reading
    assert expected in found["audience"]


def test_who_is_not_to_be_called_again_is_left_out(bank) -> None:
    found = read("上次活动失败的别再打了，推定期，电话", today=TODAY, pack=bank).reading
    assert found["exclusions"] == [{"field": "poutcome", "op": "eq", "value": "failure"}]


@pytest.mark.parametrize(
    ("said", "split"),
    [
        ("按职业看认购率", ["job"]),
        ("各学历的认购率", ["education"]),
        ("Conversion rate by job and education", ["job", "education"]),
    ],
)
def test_figures_are_split_by_the_banks_own_columns(bank, said: str, split: list[str]) -> None:
    found = read(said, today=TODAY, pack=bank).reading
    assert found["dimensions"] == split
    assert found["metrics"] == ["conversion_rate"]


def test_values_take_the_institutions_spelling(demo) -> None:
    choices = {attribute.name: {choice.value for choice in attribute.choices} for attribute in demo.attributes}
    for said in ("程序员", "码农", "骑手", "iOS用户", "安卓", "白金卡"):
        (condition,) = read(f"推基金，push，{said}，下周", today=TODAY, pack=demo).reading["audience"]
        assert condition["value"] in choices[condition["field"]], said
