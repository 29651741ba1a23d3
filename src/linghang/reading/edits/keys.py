"""The keys that an edit changes, each in one row: its words, the figures that it takes, and what becomes of it.

Every reader of edits looks here: figures with a head (门槛降到100), sums without a figure (预算减半), what goes
(不发券了), what stays (面额不动). Words that name a key only in one of these places stand in that column.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Shape = Literal["sum", "date", "hour", "set", "text", "record"]
"""A ``sum`` is raised, cut, shared; a ``date`` or ``hour`` moves; a ``set`` gains and loses; the rest is replaced."""

PLAIN = ("", "yuan")


@dataclass(frozen=True)
class Key:
    """One key of a reading, or one part of a record (``offer.face_value_cny``).

    ``names`` says it anywhere; ``beside`` right before a figure (or behind it, where ``behind``), ``leaves`` beside a
    verb of taking away, ``stays`` where it is left alone: each is ``names`` unless the row says otherwise (None
    there: it is never so named). ``units`` are those of the figures that it takes.
    """

    path: str
    shape: Shape
    names: re.Pattern[str]
    units: tuple[str, ...]
    beside: re.Pattern[str]
    leaves: re.Pattern[str]
    stays: re.Pattern[str]
    behind: bool

    @property
    def root(self) -> str:
        """The key of the reading that holds it."""
        return self.path.partition(".")[0]

    def held(self, base: Mapping[str, Any]) -> Any:
        """Its value in a reading, None where it has none."""
        root, _, part = self.path.partition(".")
        value = base.get(root)
        return value.get(part) if part and isinstance(value, dict) else None if part else value

    def takes_part(self, base: Mapping[str, Any]) -> bool:
        """Whether a reading has the record that it is a part of."""
        return "." not in self.path or isinstance(base.get(self.root), dict)


_NEVER = re.compile(r"(?!)")


def _key(
    path: str,
    shape: Shape,
    names: str,
    *units: str,
    beside: str | None = "",
    leaves: str | None = "",
    stays: str | None = "",
    behind: bool = True,
) -> Key:
    def words(own: str | None) -> re.Pattern[str]:
        return _NEVER if own is None else re.compile(own or names)

    return Key(path, shape, re.compile(names), units, words(beside), words(leaves), words(stays), behind)


_NO_OTHER_PART = r"^(?!.*(?:面额|面值|金额|门槛|face value|threshold))"
_NO_END = r"^(?!.*(?:收尾|收官|收口|完结|结束|截止|开始|上线|时间点|发送时间|end|start))"

KEYS = (
    # money
    _key("budget_reserve_cny", "sum",
         r"机动(?:预算|金额?|的?钱)?|预留(?:预算|金额?|的?钱)?|备用(?:金额?|的?钱)?|预备(?:金额?|费)|准备金"
         r"|reserve|contingency|buffer",
         *PLAIN, "pct"),
    _key("budget_max_cny", "sum",
         r"(?:封顶|上限)的?预算|预算(?:的)?(?:上限|封顶|天花板)|budget (?:cap|ceiling)|ceiling", *PLAIN,
         beside=r"(?:封顶|上限)的?预算|(?:预算)?(?:上限|封顶|天花板)"
                r"|budget (?:cap|ceiling)|ceiling|cap the budget(?: at)?"
                r"|(?:hard|upper|absolute|overall) (?:cap|limit|ceiling) (?:of|at)|cap of"
                r"|(?:最高|最多|顶多)(?:可以|可|能|给)*(?:到|放到)?|不超过"
                # 预算别到60万: what must not be reached is no sum to set.
                r"|预算(?:别|不要|不能|不许|不得|不可)(?:再)?(?:超过?|到|过)",
         leaves=r"(?:预算)?(?:上限|封顶)|(?:budget )?(?:ceiling|cap)", stays=r"(?:预算)?上限|封顶|天花板|ceiling"
                                                                             r"|budget cap"),
    _key("budget_cny", "sum",
         r"预算|费用|经费|盘子|总额|投入|预留|机动|备用|预备金|准备金|钱(?!包)"
         r"|budget|(?<!minimum )(?<!min )spend(?!ing of)|reserve|contingency",
         *PLAIN, "pct", behind=False,
         beside=r"预算|费用|经费|盘子|总额|总投入|投入|资金|budget|(?<!minimum )(?<!min )spend(?!ing of)",
         leaves=r"总?预算(?!上限|封顶|[^,，。;]{0,5}零头)|经费|(?:total )?budget(?! (?:cap|ceiling))",
         stays=r"预算(?!上限|封顶)|费用|经费|盘子|钱|budget(?! cap)|spend"),
    # the offer
    _key("offer.threshold_cny", "sum", r"门槛|起用|满(?!意)|threshold|minimum|min(?:imum)? spend", *PLAIN,
         beside=r"(?:使用)?门槛|起用(?:金额)?|满(?!意|足|\d{1,2}[天周])|threshold|minimum(?: spend)?"
                r"|min(?: spend)?(?![a-z])",
         leaves=r"使用门槛|满减门槛|门槛|threshold|minimum(?: spend)?", stays=r"门槛|threshold|minimum"),
    _key("offer.quantity", "sum", r"张数|份数|数量|库存|限量|发放量|券量|总量|限发|quantity|stock|(?:the"
                                  r"|our) (?:coupons|vouchers|packets)(?![a-z])",
         "", "piece",
         beside=r"张数|份数|数量|库存|限量|发放量|总量|限发|quantity|stock|limit(?:ed)? to",
         leaves=r"限量|(?<=不限)量|(?:券的?)?(?:张数|份数|数量|发放量|库存)(?:限制|上限)?|quantity limit"
                r"|limit on quantity"
                r"|limited quantity|(?:coupon |voucher )?(?:quantity|stock)(?! exchange)"),
    _key("offer.quantity", "sum", r"(?:多|再|追加|补|备|加|一共|总共|共计?|合计)(?:备|发|放|印|送|加|补|给"
                                  r"|投放)?\s?$", "piece", behind=False,
         leaves=None, stays=None),
    _key("offer.face_value_cny", "sum",
         r"单个|个人最高|奖金|prize|券|红包|面额|面值|金额|奖励|立减|coupon|voucher|packet|face|offer|优惠|礼金"
         r"|首月|首年", *PLAIN,
         behind=False, leaves=None, stays=r"面额|面值|券金额|face value",
         beside=r"(?:券|红包)的?金额|(?:券|红包)?的?(?:面额|面值)|(?:优惠|抵扣|代金|满减)?券|红包|奖励|立减|首月|礼金"
                r"|奖金|(?:cash )?prize"
                r"|face value|coupons?(?![a-z])|vouchers?(?![a-z])|red packets?(?![a-z])"),
    _key("offer.face_value_cny", "sum",
         r"面额|面值|(?:优惠|抵扣|代金|满减)?券|红包|face value|(?:coupon|voucher|red packet)(?!s)", *PLAIN,
         leaves=None, stays=None),
    _key("offer.fee_discount", "sum", r"费率|折扣|手续费|申购费|fee(?:s| discount)?(?![a-z])", "fold", "pct",
         leaves=None),
    _key("offer.interest_free_days", "sum", r"免息(?:期|天数|券)?|天数|interest[- ]free(?: days| period)?", "day", "",
         beside=r"免息(?:期|天数|券)?|interest[- ]free(?: days| period)?", leaves=None, stays=r"免息|interest[- ]free"),
    _key("offer.days", "sum", r"体验期|有效期|validity", "day", leaves=None),
    _key("offer.periods", "sum", r"期数|分期|instal?lments", "period", "", leaves=r"期数", stays=r"期数|instal?lments"),
    _key("offer", "record",
         r"券|红包|优惠|礼品|礼包|抽奖|免息|奖励|返现|返利|返还|补贴|立减|满减|积分"
         r"|cash ?back|coupon|voucher|red packet|offer|lottery",
         beside=None, stays=rf"{_NO_OTHER_PART}.*(?:券|红包|优惠|权益|offer|coupon|voucher)",
         leaves=r"券|红包|优惠|礼品|礼包|抽奖|免息|奖励|返现|返利|返还|补贴|立减|满减|积分|费率折扣|(?:手续费|申购费|费率)(?:优惠|让利|减免|打折)"
                r"|cash ?back|coupon|voucher|red packet|offer|lottery|fee discount"),
    # how it is measured and limited
    _key("holdout_pct", "sum", r"对照|holdout|hold-out|留白|空白组|control|静默", "pct", "point", "",
         beside=r"对照组?(?:比例)?|留白|空白组|静默组?|holdout|hold-out|control(?: group)?",
         leaves=r"对照组?|holdout|hold-out|留白|空白组|control group", stays=r"对照|holdout|control"),
    _key("freq_cap", "record", r"频控|频次(?:限制|上限)?|frequency cap|freq cap", beside=None,
         stays=r"频次|频控|(?:frequency|freq) cap|^cap$"),
    _key("send_window", "record",
         r"(?:sms|push|sending)?\s?hours|时段(?:限制)?|发送时段|发送时间限制|send(?:ing)? (?:window|hours)",
         beside=None),
    _key("experiment", "record", r"ab(?![a-z])(?:测试|实验)?|a/b测试|实验|分组测试|a/b test|test", beside=None),
    _key("copy_rules.title_max_chars", "sum", r"标题|title|headline|subject(?: line)?", "char", "",
         leaves=r"标题(?:字数|长度)?(?:限制|上限)?|title (?:limit|length)"),
    _key("copy_rules.body_max_chars", "sum", r"正文|内文|body", "char", "", leaves=r"正文(?:字数)?(?:限制|长度)?"),
    _key("copy_rules.no_emoji", "text", r"emoji|表情", beside=None,
         leaves=r"(?:禁用?|不带|不用|不要|不放)?(?:emoji|表情)(?:符号)?(?:的?(?:限制|要求|规定)|禁令)"
                r"|(?:no[- ])?emojis? (?:ban|rule|limit|restriction)"),
    _key("copy_rules", "record", r"字数限制|标题限制|字数", beside=None, stays=None),
    _key("target.value", "sum", r"目标|target|goal|kpi|(?:获客|单客|人均)?成本|cac",
         "", "yuan", "people", "times", "piece", "pct",
         beside=r"目标|kpi|指标|target|goal", leaves=None, stays=None),
    _key("target", "record", r"目标|kpi|target|goal", beside=None),
    # when
    _key("end", "date", r"结束|截止|收尾|收官|(?<![a-z])end", beside=None, leaves=None),
    _key("start", "date", r"开始|上线|启动|start|launch", beside=None, leaves=None),
    _key("start_time", "hour", r"时间点|钟点|几点|点钟|发送时间|send time|hour", beside=None,
         leaves=r"(?:具体)?时间点|几点发|(?:send(?:ing)?|launch) time"),
    _key("recurrence", "text", r"按周|按月|按天|周发|(?:每周|每月|每天)(?:一次|的?节奏)?|周期性|recurrence",
         beside=None),
    # who, where, how it looks
    _key("audience", "set", r"人群|客群|受众|audience", beside=None, leaves=None),
    _key("channels", "set", r"渠道|channel", beside=None, leaves=None),
    _key("tone", "text", r"语气|调性|tone", beside=None),
    _key("color", "set", r"颜色|配色|色系|colou?rs?", beside=None),
    _key("style", "text", r"风格|style", beside=None),
)  # fmt: skip

_TOGETHER = {"channels": ("channels", "slots")}
_TIME = re.compile(rf"{_NO_END}.*(?:时间|档期|日期|排期|周期|dates?|schedule|timing)")
_LENGTH = re.compile(r"^(?!.*(?:标题|正文|文案|title|body|copy)).*(?:时长|天数|长度|跑几天|duration|length|run ?time)")


def named(path: str) -> re.Pattern[str]:
    """The words that name a key anywhere."""
    return next(key.names for key in KEYS if key.path == path)


def parts(root: str) -> tuple[Key, ...]:
    """The sums that are parts of a record."""
    return tuple(key for key in KEYS if key.shape == "sum" and key.root == root != key.path)


def sums(base: Mapping[str, Any]) -> Iterator[Key]:
    """The sums that a reading has, parts before wholes, in the order of the table."""
    seen: set[str] = set()
    for key in KEYS:
        if key.shape == "sum" and key.path not in seen and key.held(base) is not None:
            seen.add(key.path)
            yield key


def left_alone(text: str) -> tuple[str, ...]:
    """The paths that a text names as what stays as it is."""
    paths = [path for key in KEYS if key.stays.search(text)
             for path in _TOGETHER.get(key.path, (key.path,))]  # fmt: skip
    if _TIME.search(text):
        paths += ["start", "end", "duration_days"]
    return (*dict.fromkeys(paths), *(("length",) if _LENGTH.search(text) else ()))
