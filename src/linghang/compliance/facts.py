"""What only a fact can tell: hours, consent, caps, suitability, fonts, labels. Unknown facts are reported, never assumed."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from linghang.compliance.context import Facts
from linghang.compliance.model import Material, MaterialType


@dataclass(frozen=True)
class Case:
    """What a fact test sees."""

    material: Material
    kind: MaterialType
    facts: Facts
    text: str
    """The normalised text."""


Verdict = bool | None
"""True: broken; False: kept; None: a fact is unknown."""


@dataclass(frozen=True)
class FactRule:
    """A rule that facts decide. ``names`` are the facts it asks for; empty scopes mean everywhere."""

    rule: str
    names: tuple[str, ...]
    broken: Callable[[Case], Verdict]
    jurisdiction: str = "CN"
    channels: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ("promotion",)
    cites: str = ""
    """The words of the text that are about the fact, where there are any."""

    def applies(self, case: Case) -> bool:
        """Whether the rule binds this case."""
        material = case.material
        return (
            material.jurisdiction == self.jurisdiction
            and (not self.channels or material.channel in self.channels)
            and (not self.products or material.product in self.products)
            and (not self.kinds or case.kind in self.kinds)
        )


def _outside(first: int, last: int, *excuses: str) -> Callable[[Case], Verdict]:
    """Broken outside the hours ``first``–``last`` (local), unless the customer asked for it."""

    def broken(case: Case) -> Verdict:
        if case.facts.flag("customer_requested", "customer_scheduled", *excuses):
            return False
        hour = case.facts.hour("send_time", "call_time", "local_time")
        return None if hour is None else not (dt.time(first) <= hour < dt.time(last))

    return broken


def _without(*names: str) -> Callable[[Case], Verdict]:
    """Broken when the fact is known to be false."""

    def broken(case: Case) -> Verdict:
        told = case.facts.flag(*names)
        return None if told is None else not told

    return broken


def _with(*names: str) -> Callable[[Case], Verdict]:
    """Broken when the fact is known to be true."""
    return lambda case: case.facts.flag(*names)


def _suits(case: Case) -> Verdict:
    risk, appetite = case.facts.number("product_risk"), case.facts.number("audience_risk", "audience_risk_min")
    return None if risk is None or appetite is None else risk > appetite


def _minors(case: Case) -> Verdict:
    youngest, oldest = case.facts.number("audience_age_min"), case.facts.number("audience_age_max")
    if youngest is None and oldest is None:
        return None
    if case.facts.flag("guardian_consent", "guardian_account"):
        return False
    return (youngest is not None and youngest < 18) or (oldest is not None and oldest < 18)


def _elders(case: Case) -> Verdict:
    youngest, oldest = case.facts.number("audience_age_min"), case.facts.number("audience_age_max")
    risk = case.facts.number("product_risk")
    if risk is None or (youngest is None and oldest is None):
        return None
    if case.facts.flag("double_recorded", "reviewed_elder", "dual_record", "elder_review"):
        return False
    return risk >= 4 and max(youngest or 0, oldest or 0) >= 65


def _smaller(part: str, whole: str) -> Callable[[Case], Verdict]:
    def broken(case: Case) -> Verdict:
        small, large = case.facts.number(part), case.facts.number(whole)
        return None if small is None or large is None else small < large

    return broken


def _above(limit: float, *names: str) -> Callable[[Case], Verdict]:
    def broken(case: Case) -> Verdict:
        found = case.facts.number(*names)
        return None if found is None else found > limit

    return broken


def _below(limit: float, *names: str) -> Callable[[Case], Verdict]:
    def broken(case: Case) -> Verdict:
        found = case.facts.number(*names)
        return None if found is None else found < limit

    return broken


def _too_often(case: Case) -> Verdict:
    told = [
        (case.facts.number("sms_sent_7d", "sent_7d"), 3, "sms"),
        (case.facts.number("sms_sent_1d", "sent_1d", "sms_sent_today"), 1, "sms"),
        (case.facts.number("push_sent_1d", "push_sent_today"), 2, "push"),
    ]
    known = [found >= cap for found, cap, channel in told if found is not None and case.material.channel == channel]
    frequency = case.facts.number("freq_7d")
    if frequency is not None:
        known.append(frequency > 3)
    days = case.facts.number("days_since_last", "same_campaign_gap_days", "last_sent_days")
    if days is not None:
        known.append(days < 3)
    recent = case.facts.flag("complained_recently", "complaint_30d", "recent_complaint")
    if recent is not None:
        known.append(recent)
    return any(known) if known else None


_UNLICENSED = re.compile(
    r"influencer|kol|blogger|unlicensed|网红|达人|博主|大v|主播(?!.*持牌)|明星|艺人|celebrity|未持牌|无资质|素人|个人"
)
_LICENSED = re.compile(r"(?<!un)licensed|staff|employee|advisor|持牌|员工|投资顾问|基金经理|有资质|从业")


def _unlicensed_face(case: Case) -> Verdict:
    who = case.facts.words("presenter")
    licensed = case.facts.flag("licensed", "presenter_licensed")
    if licensed is not None:
        return not licensed
    if not who:
        return None
    return bool(_UNLICENSED.search(who)) and not _LICENSED.search(who)


_MARKETING = re.compile(
    r"market|promo|campaign|sale|loan|credit|apply|invest|product|\bad\b|ads|offer|shop|(?<![无非不])营销|活动|推广|借款|贷款|借钱|产品|购买|领券|广告|开户|理财|基金|保险"
)
_ALARM = re.compile(
    r"异常|冻结|风险提醒|安全(?:提醒|警告|验证|中心)|验证|退款|待领取|到账|失效|过期|被盗|登录|锁定|违规|逾期|中奖|工资|补贴|待处理|未读|系统通知|账户|账号|信用分|快递|包裹"
    r"|account|suspend|verify|security|refund|locked|unusual|alert|payment due|deliver"
)


def _disguised(case: Case) -> Verdict:
    landing = case.facts.words("landing", "landing_type", "target")
    if not landing:
        return None
    return bool(_MARKETING.search(landing)) and bool(_ALARM.search(case.text))


def _unlabelled(case: Case) -> Verdict:
    made = case.facts.flag("ai_generated")
    if made is None:
        return None
    label = case.facts.words("label", "ai_label")
    said = re.search(
        r"ai[- ]?(?:生成|合成|制作|辅助|创作|绘制|generated|assisted|made)|人工智能(?:生成|合成)|数字人|虚拟(?:人|主播|形象)|由ai|generated (?:by|with) ai|synthetic|ai[- ](?:avatar|assistant|agent|bot|model)|not a (?:person|human)|chatbot|virtual assistant|artificial intelligence",
        f"{case.text} {label}",
    )
    return made and not said


def _robot(case: Case) -> Verdict:
    caller = case.facts.words("caller")
    if not caller:
        return None
    machine = re.search(r"ai|robot|bot|智能|机器人|语音", caller) is not None
    said = re.search(r"ai|智能|机器人|语音助手|virtual|automated|robot|assistant", case.text) is not None
    real = re.search(r"真人|我是(?:您的)?(?:专属)?(?:客户经理|专员|顾问)|human|real person", case.text) is not None
    return machine and (real or not said)


def _fee_differs(case: Case) -> Verdict:
    agreed = case.facts.number("contract_fee", "contract_rate", "contract_apr")
    if agreed is None:
        return None
    said = [
        float(found.replace(",", "")) for found in re.findall(r"(\d[\d,]*(?:\.\d+)?)(?:%|元|块|/年|/月)", case.text)
    ]
    shown = case.facts.words("contract_fee", "contract_rate", "contract_apr")
    shares = {agreed} if "%" in shown else {agreed, round(agreed * 100, 6)}
    if not said:
        return (
            agreed > 0
            and re.search(r"免(?:费|手续费|申购费|管理费)|不收(?:费|手续费|钱)|零费[率用]|no fee|\bfree\b", case.text)
            is not None
        )
    return not any(abs(value - share) < 1e-6 for value in said for share in shares)


def _threshold_hidden(case: Case) -> Verdict:
    threshold = case.facts.number("offer_threshold")
    if threshold is None:
        return None
    plain = f"{threshold:g}"
    wan = f"{threshold / 10000:g}万" if threshold >= 10000 else plain
    return threshold > 0 and plain not in case.text.replace(",", "") and wan not in case.text


def _invented_crowd(case: Case) -> Verdict:
    real = case.facts.number("buyers", "actual_buyers", "participants")
    said = re.search(r"(\d+(?:\.\d+)?)(万|千|百)?\+?(?:多)?(?:人|位|名|用户|客户)", case.text)
    if real is None or said is None:
        return None
    claimed = float(said.group(1)) * {"万": 10_000, "千": 1_000, "百": 100}.get(said.group(2) or "", 1)
    return claimed > real * 1.05


def _no_renewal_terms(case: Case) -> Verdict:
    renews = case.facts.flag("auto_renew")
    if renews is None:
        return None
    price = case.facts.number("renew_price")
    if re.search(r"不(?:会)?自动续|到期不续|无自动续", case.text):
        return False
    return renews and price is not None and f"{price:g}" not in case.text


def _opted_out(case: Case) -> Verdict:
    return case.facts.flag("opted_out", f"opted_out_{case.material.channel}", "unsubscribed", "opt_out")


def _no_consent(channel: str) -> Callable[[Case], Verdict]:
    def broken(case: Case) -> Verdict:
        out, consent = (
            _opted_out(case),
            case.facts.flag(f"consent_{channel}", "consent", "prior_consent", "soft_opt_in"),
        )
        if out:
            return True
        return None if consent is None else not consent

    return broken


def _rating_lowered(case: Case) -> Verdict:
    manager = case.facts.number("manager_risk", "manager_rating", "manager_product_risk", "issuer_risk")
    shown = case.facts.number("shown_risk", "displayed_risk", "platform_risk", "product_risk")
    said = re.search(r"r([1-5])", case.text)
    # Where the text shows a rating, the product's own is what the manager gave it.
    manager = case.facts.number("product_risk") if manager is None and said else manager
    if manager is None:
        return None
    shown = float(said.group(1)) if said else shown
    return None if shown is None else shown < manager


def _approved(case: Case) -> Verdict:
    known = case.facts.flag("approved", "authorised", "authorized", "s21_approved", "approver")
    licensed = case.facts.flag("licensed")
    if known is None and licensed is None:
        return None
    return not (known or licensed)


_DAILY = r"(?:每天|每日|一天|日息|日利率|日费率|日均)[^,。;]{0,6}\d+(?:\.\d+)?(?:元|块|分|%)?"
_FEES = r"(?:[\u4e00-\u9fff]{2})?(?:费率?|率)[^,。;]{0,8}\d+(?:\.\d+)?(?:%|元)|[^,。;]{0,8}(?:免费|免手续费|不收费|不收手续费|零费[率用])"
_AGES = r"\d{1,2}(?:岁)?[^,。:]{0,3}\d{0,2}岁(?:客户|用户|人群|以上|以下)?|(?:初|高|中|小)(?:中|学)生[^,。:]{0,4}|未成年[^,。:]{0,4}|(?:退休|老年|银发)[^,。:]{0,6}"
_CROWD = r"[^,。!;]{0,4}\d+(?:\.\d+)?[万千百]?\+?多?(?:人|位|名|用户|客户)[^,。!;]{0,6}"
_GIFTS = r"[^,。!;]{0,4}\d[\d,.]*万?元[^,。!;]{0,10}"
_TRIALS = r"\d+(?:\.\d+)?元?(?:/月)?[^,。!;]{0,3}(?:体验|开通|试用|尝鲜|享|开|畅享)[^,。!;]{0,8}"
_REAL = r"(?:a |not a |i'm |i am )?(?:real|human|live)[^,.!;]{0,24}|[^,。!;]{0,4}真人[^,。!;]{0,6}"
_SMS_CALL = ("sms", "call")
_POPUP = ("inapp_popup", "splash")
_VIDEO = ("short_video", "live", "feed", "poster", "landing", "social")

FACT_RULES: tuple[FactRule, ...] = (
    FactRule("CN-SM-05", ("send_time",), _outside(8, 21, "customer_triggered"), channels=("sms", "push", "email")),
    FactRule("CN-CL-01", ("send_time",), _outside(9, 21), channels=("call",)),
    FactRule("CN-CL-01", ("do_not_call",), _with("do_not_call", "refused"), channels=("call",)),
    FactRule("CN-SM-06", ("sms_sent_7d",), _too_often, channels=("sms", "push", "call")),
    FactRule("CN-SM-01", ("consent_sms",), _no_consent("sms"), channels=("sms",)),
    FactRule("CN-SM-01", ("opted_out",), _opted_out, channels=("sms",)),
    FactRule("CN-AD-12", ("consent_email",), _no_consent("email"), channels=("email",)),
    FactRule("CN-AD-12", ("consent_call",), _no_consent("call"), channels=("call",)),
    FactRule("CN-PI-01", ("opted_out",), _opted_out, channels=("push", "email", "call")),
    FactRule("CN-SU-01", ("audience_risk", "product_risk"), _suits, products=("fund", "mmf", "wealth", "insurance", "gold", "securities")),
    FactRule("CN-SU-03", ("manager_risk",), _rating_lowered, products=("fund", "mmf", "wealth", "insurance"), kinds=(), cites=r"(?:风险)?(?:等级)?(?:为|:)?r[1-5]"),
    FactRule("CN-SU-04", ("audience_age_max", "product_risk"), _elders, products=("fund", "wealth", "insurance", "gold", "securities"), cites=_AGES),
    FactRule("CN-PI-04", ("audience_age_max",), _minors, cites=_AGES),
    FactRule("CN-PI-06", ("consent_share",), _without("consent_share", "separate_consent", "share_consent"), channels=("audience_export",), kinds=()),
    FactRule("CN-AD-14", ("landing",), _disguised, channels=("push", "sms", "inapp_popup", "feed", "paid_feed", "email"), kinds=(), cites=_ALARM.pattern),
    FactRule("CN-AD-13", ("close_delay_s",), _above(0, "close_delay_s"), channels=_POPUP, kinds=()),
    FactRule("CN-AD-13", ("close_button",), _without("close_button", "one_click_close"), channels=_POPUP, kinds=()),
    FactRule("CN-AD-13", ("reappears",), _with("reappears", "reopen_after_close", "fake_close"), channels=_POPUP, kinds=()),
    FactRule("CN-FM-18", ("risk_font_px", "body_font_px"), _smaller("risk_font_px", "body_font_px"), kinds=()),
    FactRule("CN-LN-02", ("apr_font_px", "daily_font_px"), _smaller("apr_font_px", "daily_font_px"), products=("credit",), kinds=(), cites=_DAILY),
    FactRule("CN-FD-14", ("risk_seconds",), _below(5, "risk_seconds"), products=("fund", "mmf"), kinds=()),
    FactRule("CN-AD-17", ("ai_generated",), _unlabelled, kinds=()),
    FactRule("CN-AD-10", ("likeness_license",), _without("likeness_license"), kinds=()),
    FactRule("CN-FM-01", ("presenter", "licensed"), _unlicensed_face, channels=("live", "short_video", "wechat_oa", "social", "moments", "chat", "feed", "paid_feed", "landing"), products=("fund", "mmf", "wealth", "deposit", "gold", "insurance", "credit", "securities")),
    FactRule("CN-CL-02", ("caller",), _robot, channels=("call",), kinds=()),
    FactRule("CN-FM-05", ("contract_fee",), _fee_differs, kinds=(), cites=_FEES),
    FactRule("CN-PR-05", ("offer_threshold",), _threshold_hidden, cites=_GIFTS),
    FactRule("CN-PR-06", ("buyers",), _invented_crowd, cites=_CROWD),
    FactRule("CN-PR-07", ("auto_renew", "renew_price"), _no_renewal_terms, cites=_TRIALS),
    FactRule("CN-PR-01", ("prize_max_cny",), _above(50_000, "prize_max_cny", "top_prize_cny", "max_prize")),
    FactRule("CN-FD-19", ("registered",), _without("registered", "csrc_registered"), products=("fund", "mmf")),
    FactRule("CN-FM-12", ("default_checked",), _with("default_checked", "prechecked", "pre_ticked"), kinds=()),
    FactRule("CN-FM-17", ("region_limited",), lambda case: None if case.facts.flag("region_limited") is None else bool(case.facts.flag("region_limited")) and not case.facts.flag("region_targeted", "region_checked", "geo_fenced"), products=("deposit", "credit"), kinds=()),
    FactRule("CN-SM-03", ("port",), lambda case: None if not case.facts.words("port", "sms_port", "sms_type") else bool(re.search(r"service|notice|otp|verif|服务|通知|验证", case.facts.words("port", "sms_port", "sms_type"))), channels=("sms",)),
    FactRule("US-10", ("send_time",), _outside(8, 21), "US", channels=_SMS_CALL),
    FactRule("US-10", ("consent_sms",), _no_consent("sms"), "US", channels=("sms",)),
    FactRule("US-10", ("consent_call",), _no_consent("call"), "US", channels=("call",)),
    FactRule("US-10", ("do_not_call",), _with("do_not_call", "dnc"), "US", channels=_SMS_CALL),
    FactRule("US-09", ("opted_out",), _opted_out, "US", channels=("email",)),
    FactRule("US-12", ("audience_age_max",), _below(13, "audience_age_max"), "US"),
    FactRule("UK-09", ("consent_sms",), _no_consent("sms"), "UK", channels=("sms",)),
    FactRule("UK-09", ("consent_email",), _no_consent("email"), "UK", channels=("email",)),
    FactRule("UK-09", ("do_not_call",), _with("do_not_call", "tps"), "UK", channels=("call",)),
    FactRule("UK-01", ("licensed",), _approved, "UK"),
    FactRule("UK-03", ("risk_font_px", "body_font_px"), _smaller("risk_font_px", "body_font_px"), "UK", kinds=()),
    FactRule("EU-05", ("consent_sms",), _no_consent("sms"), "EU", channels=("sms",)),
    FactRule("EU-05", ("consent_email",), _no_consent("email"), "EU", channels=("email",)),
    FactRule("EU-05", ("consent_call",), _no_consent("call"), "EU", channels=("call",)),
    FactRule("EU-05", ("default_checked",), _with("default_checked", "prechecked", "pre_ticked"), "EU", kinds=()),
    FactRule("EU-01", ("risk_font_px", "body_font_px"), _smaller("risk_font_px", "body_font_px"), "EU", kinds=()),
    FactRule("EU-07", ("ai_generated",), _unlabelled, "EU", kinds=(), cites=_REAL),
    FactRule("EU-07", ("caller",), _robot, "EU", channels=("call", "chat"), kinds=()),
)  # fmt: skip
"""Every rule that a fact decides, with the facts it asks for."""

CONSULTED = frozenset({
    "stock_limited", "deadline_real", "official_price_notice", "official_stop_notice", "rec_off_entry",
    "unsubscribe_link", "platform_licensed", "provider", "label", "renew_price", "customer_requested",
    "audience_age_min", "audience_risk_min", "body_font_px", "daily_font_px", "licensed", "approval_no", "qualified",
    "evidence", "guardian_consent", "guardian_account", "region_targeted", "postal_address", "ad_label",
})  # fmt: skip
"""Facts that excuse or satisfy something rather than decide a rule of their own."""
