"""Who may be addressed: barriers as rules, one meaning for one customer and for an audience."""

import datetime as dt
from dataclasses import replace

import pytest

from linghang import customers, packs
from linghang.customers import Touch
from linghang.customers.rows import Row
from linghang.packs.model import Attribute, Label, Pack, Product

PACK = packs.load("demo")
CATALOGUE = customers.catalogue_of(PACK)
POLICY = customers.policy_of(PACK)
AT = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
GOOD = {"age": 40, "risk_assessed": True, "risk_level": "C3", "consent_sms": True, "phone_valid": True}
CHANNELS = {channel.id: channel for channel in PACK.channels}


def _product(kind: str, risk: str = "") -> Product:
    return next(item for item in PACK.products if item.kind == kind and item.risk == risk)


def _reasons(
    product: Product | None = None, channel: str = "sms", at: dt.datetime = AT, **values: object
) -> tuple[str, ...]:
    row = Row({**GOOD, **values})
    return customers.eligible(row, PACK, CATALOGUE, product, CHANNELS[channel], POLICY, at)


def test_nothing_stands_against_a_good_customer() -> None:
    assert _reasons(_product("fund", "R3")) == ()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"age": 17}, "customers.minor"),
        ({"blacklisted": True}, "customers.blacklisted"),
        ({"complaint": True}, "customers.complained"),
        ({"consent_sms": None}, "customers.no_consent"),
        ({"consent_sms": False}, "customers.no_consent"),
        ({"opted_out_sms": True}, "customers.opted_out"),
        ({"phone_valid": False}, "customers.unreachable"),
        ({"risk_level": "C2"}, "customers.unsuitable"),
        ({"risk_level": None}, "customers.unsuitable"),
    ],
)
def test_each_reason_alone(values: dict[str, object], expected: str) -> None:
    assert _reasons(_product("fund", "R3"), **values) == (expected,)


def test_no_assessment_is_told_as_such() -> None:
    found = _reasons(_product("fund", "R3"), risk_assessed=False, risk_level=None)
    assert found == ("customers.not_assessed", "customers.unsuitable")


def test_a_product_without_risk_needs_no_assessment() -> None:
    assert _reasons(_product("deposit"), risk_assessed=False, risk_level=None) == ()


def test_high_risk_is_not_pushed_to_the_elderly() -> None:
    assert _reasons(_product("fund", "R4"), age=65, risk_level="C5") == ("customers.elderly",)
    assert _reasons(_product("fund", "R4"), age=64, risk_level="C5") == ()


def test_credit_is_not_for_the_overdue_the_rejected_and_students() -> None:
    credit = _product("credit")
    found = _reasons(credit, overdue=True, loan_rejected=True, occupation="student")
    assert found == ("customers.overdue", "customers.loan_rejected", "customers.student")
    assert _reasons(_product("deposit"), overdue=True, occupation="student") == ()


def test_an_unknown_age_bars_nobody() -> None:
    assert _reasons(age=None) == ()


def test_night_and_caps_are_told_beside_the_rest() -> None:
    night = AT.replace(hour=15)
    touched = [Touch("sms", night - dt.timedelta(days=1))]
    row = Row({**GOOD, "opted_out_sms": True})
    found = customers.eligible(row, PACK, CATALOGUE, None, CHANNELS["sms"], POLICY, night, touches=touched)
    assert found == ("customers.opted_out", "customers.outside_hours", "customers.channel_cap")


def test_a_pack_without_such_fields_bars_nobody() -> None:
    bank = packs.load("uci-bank")
    assert [barrier.code for barrier in customers.barriers(bank, bank.products[0])] == ["customers.minor"]
    assert customers.channel_barriers(bank, bank.channels[0]) == ()


def _with(*names: str, **more: object) -> tuple[Pack, customers.Catalogue]:
    pack = replace(
        PACK,
        attributes=(
            *PACK.attributes,
            *(Attribute(name, "bool", Label(name, name), nothing_means="no") for name in names),
        ),
        digest="",
    )
    return pack, customers.catalogue_of(pack)


def test_a_product_is_offered_only_where_it_is_sold() -> None:
    local = replace(_product("deposit"), regions=("上海", "江苏"))
    assert _reasons(local, province="浙江") == ("customers.outside_region",)
    assert _reasons(local, province=None) == ("customers.outside_region",), "unknown is not inside"
    assert _reasons(local, province="上海") == ()


def test_the_vulnerable_are_kept_from_risk_and_credit() -> None:
    pack, catalogue = _with("vulnerable")

    def told(product: Product) -> tuple[str, ...]:
        row = Row({**GOOD, "vulnerable": True})
        return customers.eligible(row, pack, catalogue, product, CHANNELS["sms"], POLICY, AT)

    assert told(_product("fund", "R3")) == ("customers.vulnerable",)
    assert told(_product("credit")) == ("customers.vulnerable",)
    assert told(_product("deposit")) == ()


def test_an_opt_out_for_a_purpose_holds_for_its_products_only() -> None:
    pack, catalogue = _with("opted_out_credit")
    row = Row({**GOOD, "opted_out_credit": True})

    def told(product: Product) -> tuple[str, ...]:
        return customers.eligible(row, pack, catalogue, product, CHANNELS["sms"], POLICY, AT)

    assert told(_product("credit")) == ("customers.opted_out_purpose",)
    assert told(_product("deposit")) == ()


def test_credit_needs_a_known_age() -> None:
    assert _reasons(_product("credit"), age=None) == ("customers.age_unknown",)


def test_an_assessment_holds_for_a_year() -> None:
    pack = replace(
        PACK, attributes=(*PACK.attributes, Attribute("risk_assessed_days", "integer", Label("d", "d"))), digest=""
    )
    catalogue = customers.catalogue_of(pack)

    def told(days: int) -> tuple[str, ...]:
        row = Row({**GOOD, "risk_assessed_days": days})
        return customers.eligible(row, pack, catalogue, _product("fund", "R3"), CHANNELS["sms"], POLICY, AT)

    assert told(365) == ()
    assert told(366) == ("customers.assessment_expired",)


@pytest.mark.parametrize("risk", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("bears", [1, 2, 3, 4, 5])
def test_the_whole_table_of_risk_against_tolerance(risk: int, bears: int) -> None:
    fund = replace(_product("fund", "R3"), risk=f"R{risk}")
    assert _reasons(fund, risk_level=f"C{bears}") == (() if bears >= risk else ("customers.unsuitable",))
