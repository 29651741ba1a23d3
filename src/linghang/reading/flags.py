"""What must be refused or escalated before anything is planned, as ids of rules and two marks of schedule."""

import re
from typing import Any

from linghang.reading.draft import Draft
from linghang.reading.normalise import normalise

_PRIZE_CAP = 50_000
_BIG_PRIZES = re.compile(
    r"[一两二三1-9]\s?[辆台部](?:[\u4e00-\u9fff]{0,5}车|(?<=辆)(?=[,，。;]|$))|(?:一辆|一台)?(?:汽车|轿车"
    r"|特斯拉|电动车|新能源车|豪车|奔驰|宝马"
    r"|小米su7|suv|房子|套房|一套房|公寓)|(?<![a-z])(?:a "
    r"|one )?(?:car|tesla|bmw|house|apartment)(?![a-z])"
)
# A pair of lookaheads is anchored: unanchored it would scan the whole text again from every place of it.
_TEXTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("CN-SM-01", re.compile(
        r"(?:未授权|没授权|没有授权|未同意|没同意|没有同意|不同意|未勾选|没勾选|退订过?|拒收|没有短信授权"
        r"|无短信授权|未获授权)[^,，。;]{0,10}(?:也|都|照|一起|全部|一并|统统|照样|也要|继续)[^,，。;]{0,8}(?:发"
        r"|短信|触达|推)|(?:同没同意|同不同意|授没授权|有没有授权|有没有同意|是否授权|是否同意|同意与否"
        r"|授权与否)[^,，。;]{0,10}(?:别管|不管|无所谓|不用管|不重要|都行|都发|不看)|不管[^,，。;]{0,8}(?:授权"
        r"|同意|退订)|无论[^,，。;]{0,8}(?:授权|同意|退订)"
        r"|(?:regardless of|ignore|without)\s(?:the\s)?(?:sms\s)?(?:consent|opt)|even if they (?:opted out"
        r"|unsubscribed|didn't consent)|opted[- ]out users too|who (?:opted out|unsubscribed) too|绕过(?:退订"
        r"|授权|同意)")),
    ("CN-FM-14", re.compile(r"训练营|理财课|投资课|财商课|理财公开课|training camp|boot ?camp|学习营|体验课|陪跑营")),
    ("CN-LN-06", re.compile(
        r"\A(?=.*(?:大学生|在校生|学生|college students|students))(?=.*(?:贷|白条|金条|借款|信用卡|分期|loan"
        r"|credit))", re.DOTALL)),
    ("CN-AD-07", re.compile(
        r"保本保?|稳赚|零风险|无风险|包赚|保收益|刚性兑付|稳赚不赔|保证收益|guaranteed? (?:return|profit"
        r"|yield)s?|risk[- ]free|no risk")),
    ("CN-IN-01", re.compile(
        r"\A(?=.*(?:保险|投保|保单|医疗险|重疾|年金险|车险|insurance))(?=.*(?:返现|返佣|保费回扣|送红包"
        r"|送[^,，。;]{0,8}(?:京东卡|e卡|购物卡|礼品|手机|米|油|现金)|返[^,，。;]{0,6}(?:元|现金)|返保费"
        r"|送礼|cash ?back|返还保费))", re.DOTALL)),
    ("CN-FD-21", re.compile(
        r"\A(?=.*(?:基金|fund))(?=.*(?:抽奖送基金|送实物|送手机|抽iphone|送基金份额"
        r"|回扣))", re.DOTALL)),
    ("CN-DP-01", re.compile(
        r"\A(?=.*(?:存款|揽储|存单|定存|deposit))(?=.*(?:返现|返[^,，。;]{0,6}(?:元|现金|现)|送米|送油|米面油"
        r"|贴息|高息揽|送礼|返礼"
        r"|cash ?back))",
        re.DOTALL)),
    ("CN-FM-04", re.compile(
        r"\A(?=.*(?:私募|信托|private fund))(?=.*(?:公众号|朋友圈|抖音|小红书|全量|全渠道|开屏|短信群发|不特定"
        r"|所有用户|all users|all channels))", re.DOTALL)),
    ("CN-PI-04", re.compile(
        r"未成年|(?:1[0-7]|[6-9])岁以下|(?:1[0-7])\s?-\s?(?:1[0-7])岁|中小学生|高中生|小学生|初中生|minors"
        r"|under 18(?! ?(?:char|word|字))|teenagers")),
    ("CN-LN-04", re.compile(r"黑户|不查征信|无视征信|秒批|百分百下款|no credit check")),
    ("CN-LN-05", re.compile(r"以贷养贷|多头借贷的?(?:客户|用户)?|借新还旧")),
    ("CN-CL-01", re.compile(
        r"(?:晚上?|夜里|凌晨)?\s?(?:9点半|十点|10点|11点|21点|22点|23点|二十二点)(?:以?后"
        r"|之后)?[^,，。]{0,6}(?:打电话|外呼|电话)|(?:外呼|电话|打)[^,，。]{0,8}(?:晚上?\s?(?:9点半|十点|10点"
        r"|11点)|2[1-3]点|2[1-3]:)")),
    ("CN-SM-05", re.compile(
        r"(?:凌晨|半夜|夜里|晚上?\s?(?:十点|10点|11点|十一点)|2[2-3]点|2[2-3]:\d\d)[^,，。]{0,8}(?:短信|sms)"
        r"|短信[^,，。]{0,10}(?:凌晨|半夜|夜里|晚上?\s?(?:十点|10点|11点|十一点)|2[2-3]点|2[2-3]:\d\d)")),
    ("CN-PI-01", re.compile(
        r"导出?(?:所有|全部)?(?:客户|用户)?的?(?:手机号|身份证|名单|电话号码|明细)|手机号(?:导|发给|给)"
        r"|export (?:the )?(?:phone|mobile) numbers|把[^,，。]{0,10}(?:手机号|身份证号?"
        r"|电话)[^,，。]{0,6}(?:导出|发给|给到|给我)")),
    ("CN-LN-11", re.compile(
        r"\A(?=.*(?:贷款|借款|金条|白条|loan))(?=.*(?:炒股|买基金|买理财|付首付|购房首付|to invest|buy stocks))",
        re.DOTALL)),
    ("CN-SE-01", re.compile(r"荐股|内幕消息|内部消息|推荐股票|stock tips")),
    ("CN-AD-08", re.compile(r"明星代言|专家推荐|请.{0,4}(?:明星|专家|教授)代言")),
)  # fmt: skip
_DISGUISED = re.compile(
    r"[“\"「『]?[^“”\"]{1,12}(?:基金|理财|fund)[”\"」』]?\s?[(（]\s?(?:其实|实际上|实为|本质|actually|really)"
    r"|[“\"][^“”\"]{2,12}[”\"][^,，。;(（]{0,6}[,，(（]\s?(?:其实|实际上?|实为|本质上?|说白了|说穿了|底层|背后"
    r"|骨子里|真身)"
    r"(?:上)?(?:其实)?(?:就)?(?:是|为)"
)
_NOT_A_FLAG = re.compile(
    r"(?:不要|不能|别|不得|避免|不写|不提|禁止|不承诺|不说|排除|剔除|不含|不许|no|avoid|never|without|exclude"
    r"|除了)[^,，。;]{0,12}$"
)


_GUARANTEES = {"wealth": "CN-WM-01", "fund": "CN-FD-01"}


def flags(draft: Draft) -> None:
    """Put ``flags`` where there are any."""
    values = draft.values
    found: list[str] = []
    if values.get("start", "") > values.get("end", "9999"):
        found.append("schedule_conflict")
    if _prize(draft):
        found.append("CN-PR-01")
    text = _without_forbidden(draft)
    for rule, pattern in _TEXTS:
        hit = pattern.search(text)
        if hit is not None and not _NOT_A_FLAG.search(
            text[max(0, hit.start() - 40) : hit.start()] if hit.group() else ""
        ):
            if not hit.group() and rule == "CN-LN-06" and _excluded(values, "occupation"):
                continue
            found.append(rule)
    if _without_consent(values):
        found.append("CN-SM-01")
    if _DISGUISED.search(text):
        found.append("CN-FD-20")
    if _unsuitable(draft):
        found.append("CN-SU-01")
    if found:
        # A promise of return is forbidden for each kind of product by a rule of its own.
        own = _GUARANTEES.get(values.get("product", ""), "CN-AD-07")
        values["flags"] = list(dict.fromkeys(own if rule == "CN-AD-07" else rule for rule in found))


def _without_forbidden(draft: Draft) -> str:
    """The text without the words that copy must not use: to forbid 稳赚 promises nothing."""
    text = draft.sentence.text
    for item in draft.values.get("exclusions", []):
        if item["field"] == "copy":
            said = normalise(str(item["value"])).text
            text = text.replace(said, " " * len(said))
    return text


def _without_consent(values: dict[str, Any]) -> bool:
    """Messages by SMS to those who did not agree, or who opted out (通信短信息服务管理规定)."""
    if "sms" not in values.get("channels", []):
        return False
    for shape in values.get("audience", []):
        if (shape["field"] == "consent_sms" and shape.get("negated")) or (
            shape["field"] == "opted_out_sms" and not shape.get("negated")
        ):
            return True
    return False


def _excluded(values: dict[str, Any], field: str) -> bool:
    return any(shape["field"] == field for shape in values.get("exclusions", []))


def _prize(draft: Draft) -> bool:
    """Prizes of a draw above 50,000 yuan (反不正当竞争法), in money or in kind."""
    offer = draft.values.get("offer", {})
    if offer.get("type") != "lottery":
        return False
    return offer.get("face_value_cny", 0) > _PRIZE_CAP or bool(_BIG_PRIZES.search(draft.sentence.text))


def _unsuitable(draft: Draft) -> bool:
    """A product graded above what the customers bear: R4 for C2."""
    risk = draft.hints.get("product_risk")
    grade = next((shape for shape in draft.values.get("audience", []) if shape["field"] == "risk_level"), None)
    if risk is None or grade is None or grade["op"] not in ("eq", "le", "lt", "in", "between"):
        return False
    levels = grade["value"] if isinstance(grade["value"], list) else [grade["value"]]
    lowest = "C1" if grade["op"] in ("le", "lt") else min(str(level) for level in levels)
    return risk[1] not in ("le", "lt") and int(risk[0][1:]) > int(lowest[1:])
