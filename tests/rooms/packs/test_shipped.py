"""The packs that come with Linghang: they load, they are sound, and they carry the vocabulary that was promised."""

import pytest

from linghang import packs
from linghang.packs import Pack, fields_of


def _words(text: str) -> list[str]:
    return text.split()


FIELDS = _words(
    """
    age gender city city_tier province region occupation has_child payroll salary_cny device_os
    lifecycle member_tier segment register_days last_login_days last_active_days active_days active
    app_installed follow_manager lead_source kyc_done card_bound risk_assessed risk_level consent_sms
    opted_out_sms complaint credit_score churn_score aum_cny holding holding_ever holding_amount_cny
    holding_count holding_days maturity_days demand_deposit_cny monthly_flow_cny profit profit_pct
    sip_active pension_account pension_deposit holds_policy policy_expire_days benefit_expire_days
    credit_activated credit_approved credit_drawn credit_limit_cny loan_settled loan_rejected overdue
    instalment bill_exists bill_unpaid bill_amount_cny bill_due_days weather_temp_c product_tag
    """
)
BEHAVIOUR = _words(
    """
    page_view click search purchase purchase_amount_cny redeem redeem_amount_cny pay_count transfer_in
    apply convert in_campaign coupon_unused touched last_contact_days
    """
)
CHANNELS = _words(
    """
    push sms email inapp_popup inapp_banner splash feed site_msg wecom wechat_oa wechat_mini call
    branch web paid_ads douyin kuaishou xiaohongshu
    """
)
SLOTS = _words(
    """
    home_banner home_popup waist_banner pay_success_page bill_page cashier detail_page feed_card
    task_center search_box homepage_grid splash float_icon
    """
)
METRICS = _words(
    """
    reach reach_rate delivery_rate impressions clicks ctr open_rate orders conversion_rate
    activation_rate activations redemptions redemption_rate draw_rate first_purchase_rate new_customers
    sip_users segment_size coupon_unused_users cost_cny budget_left_cny cac_cny roi gmv_cny
    net_inflow_cny aum_change_cny ltv_cny retention_rate churn_rate unsubscribe_rate complaint_rate
    time_to_convert_days uplift
    """
)


@pytest.fixture(scope="module")
def demo() -> Pack:
    return packs.load("demo")


@pytest.fixture(scope="module")
def uci() -> Pack:
    return packs.load("uci-bank")


@pytest.mark.parametrize("name", packs.names())
def test_shipped_packs_have_no_findings(name: str) -> None:
    assert packs.check(name) == ()


def test_names_are_demo_and_uci_bank() -> None:
    assert packs.names() == ("demo", "uci-bank")


def test_demo_carries_every_field_of_the_exam(demo: Pack) -> None:
    assert set(FIELDS) - {attribute.name for attribute in demo.attributes} == set()


def test_demo_carries_every_behaviour_of_the_exam(demo: Pack) -> None:
    events = demo.events
    known = {name for e in events for name in (e.name, e.amount_field, e.count_field, e.days_field)}
    assert set(BEHAVIOUR) - known == set()


def test_demo_carries_every_channel_slot_and_metric_of_the_exam(demo: Pack) -> None:
    assert [channel.id for channel in demo.channels] == CHANNELS
    assert set(SLOTS) - {slot.id for slot in demo.slots} == set()
    assert set(METRICS) - {metric.name for metric in demo.metrics} == set()


def test_demo_sells_every_kind_and_funds_of_every_risk(demo: Pack) -> None:
    assert {product.kind for product in demo.products} == {
        "fund", "mmf", "wealth", "deposit", "gold", "insurance", "credit", "savings", "payments", "membership",
    }  # fmt: skip
    assert {product.risk for product in demo.products if product.kind == "fund"} == {"R1", "R2", "R3", "R4", "R5"}


def test_demo_has_a_playbook_for_every_objective(demo: Pack) -> None:
    covered = {objective for playbook in demo.playbooks for objective in playbook.objectives}
    assert covered == set(packs.OBJECTIVES)
    festival = next(playbook for playbook in demo.playbooks if playbook.festival)
    assert [name for name, _ in festival.phases] == ["warm_up", "burst", "encore"]


def test_slots_and_push_keep_the_hard_limits(demo: Pack) -> None:
    sizes = {slot.id: (slot.width, slot.height) for slot in demo.slots}
    assert sizes["splash"] == (1080, 1920)
    assert sizes["home_banner"] == (1080, 420)
    assert sizes["home_popup"] == (600, 800)
    push = next(channel for channel in demo.channels if channel.id == "push")
    assert {role.role: role.longest for role in push.roles} == {"title": 20, "body": 50}
    sms = next(channel for channel in demo.channels if channel.id == "sms")
    assert sms.max_chars == 70
    assert (sms.consent, sms.opt_out) == ("consent_sms", "opted_out_sms")


def test_everything_has_two_languages(demo: Pack) -> None:
    for item in (*demo.attributes, *demo.products, *demo.channels, *demo.slots, *demo.benefits, *demo.metrics):
        assert item.label.zh
        assert item.label.en


def test_gold_slip_is_a_loan_and_warns_of_the_trap(demo: Pack) -> None:
    term = next(term for term in demo.lexicon if term.term == "金条")
    assert term.canonical == "jintiao"
    assert term.trap is not None
    assert "金砖" in term.trap.zh
    loan = next(product for product in demo.products if product.id == "jintiao")
    assert loan.kind == "credit"
    assert "D-LOAN-APR" in loan.disclosures


def test_no_disclosure_is_left_with_a_gap(demo: Pack) -> None:
    for product in demo.products:
        for text in product.disclosures.values():
            assert "{" not in text.zh + text.en
    assert next(p for p in demo.products if p.id == "steady_90").disclosures["D-WEALTH-RLEVEL"].zh == "风险等级R2"


ROOM = {
    "title": 12,
    "subtitle": 16,
    "button": 4,
    "badge": 4,
    "push_title": 20,
    "push_body": 50,
    "sms": 56,
    "subject": 30,
}
SHORT = {
    "product": "小金库", "benefit": "5元支付券", "face": "5元", "threshold": "30元", "valid": "7天", "start": "1月2日",
    "end": "1月9日", "discount": "1折", "days": "7天", "brand": "领航银行", "risk": "R2", "apr": "7.2%",
    "provider": "领航", "festival": "双12", "telephone": "95199", "link": "",
}  # fmt: skip


def test_every_phrase_can_fit_its_role(demo: Pack) -> None:
    for phrase in demo.phrases:
        if phrase.role == "part" or phrase.lang == "en":
            continue
        assert len(phrase.text.format(**SHORT)) <= ROOM.get(phrase.role, 400), phrase.text


def test_phrases_make_no_forbidden_claim(demo: Pack) -> None:
    claims = (
        "保本",
        "稳赚",
        "零风险",
        "无风险",
        "最高收益",
        "第一",
        "秒到",
        "高收益",
        "低门槛",
        "躺赚",
        "手慢",
        "抢购",
        "guarantee",
        "risk-free",
    )
    for phrase in demo.phrases:
        assert not [claim for claim in claims if claim in phrase.text], phrase.text


def test_phrases_for_insurance_and_funds_promise_no_gift(demo: Pack) -> None:
    for phrase in demo.phrases:
        if "insurance" in phrase.kinds:
            assert "benefit" not in fields_of(phrase.text)
        if "fund" in phrase.kinds and phrase.offers:
            assert set(phrase.offers) == {"fee_discount"}
