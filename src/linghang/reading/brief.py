"""A brief: everything that one or many lines say about a campaign, and what they leave to be asked."""

import datetime as dt
import re

from linghang.reading.acts import wants_copy
from linghang.reading.audience.conditions import audience, fill_product, fit_expiry
from linghang.reading.audience.scan import CAMPAIGN_PRODUCT
from linghang.reading.budget import budget, whole_of_days
from linghang.reading.channels import channels
from linghang.reading.draft import Draft
from linghang.reading.flags import flags
from linghang.reading.gaps import missing
from linghang.reading.goals import goals
from linghang.reading.intent import objective
from linghang.reading.layers import segments
from linghang.reading.lexicon import Lexicon
from linghang.reading.looks import looks
from linghang.reading.offers import offers
from linghang.reading.products import implied_product, product, suit
from linghang.reading.rules import rules
from linghang.reading.schedule import due, schedule
from linghang.reading.sending_hours import of_one_channel
from linghang.reading.sentence import Sentence
from linghang.reading.stages import phases
from linghang.reading.times.moments import month_days, resolve

KEYS = (
    "objective", "product", "product_detail", "audience", "exclusions", "budget_cny", "budget_max_cny",
    "budget_reserve_cny", "start", "end", "start_time",
    "duration_days", "recurrence", "channels", "slots", "tone", "style", "color", "offer", "kpi", "target",
    "holdout_pct", "freq_cap", "experiment",
    "copy_rules", "send_window", "base_campaign", "segments", "layers", "phases", "missing", "flags",
)  # fmt: skip
_WHEN = (
    r"上上?个?月|去年|今年|前年|上上?周|上次|上回|上季度|上一次|上一期|上个季度|last month's?|last year's?|last week's?"
    r"|last time's?|\d{1,2}月份?"
    r"|may's|(?:the\s)?(?:january|february|march|april|june|july|august|september|october|november"
    r"|december)(?:'s)?(?=\s)"
)
_NAME = rf"(?P<name>(?:{_WHEN})的?[^,，。;；\n]{{2,16}}?|[^,，。;；\s]{{2,14}}?(?:活动|方案|campaign))"
_SUITE = r"(?:的?(?:方案|配置|那套|那次|那波|打法|人群|活动))?"
_REPEATS = (
    re.compile(
        r"(?:重跑|复跑|再跑|再做|再搞|重做|重新跑|重新做|复用|照搬|照着|参照|参考|沿用|复制|克隆|延续|照|跟着?|按照?|同"
        rf"|rerun|re-run|repeat|clone|copy)[^,，。;]{{0,3}}?(?:\"(?P<quoted>[^\"]{{2,24}})\"|{_NAME})(?:(?<=\")"
        rf"|(?=\s(?:with|but|for|on|in|and|starting|as)\s|[,，。;；\n]|$|的?(?:方案|配置|那套|人群)|再|来))"
    ),
    re.compile(
        rf"(?:(?:把|将|拿|用){_NAME}|(?:^|[,，。;\n])(?:帮我|给我|请|我想|想)?{_NAME.replace('<name>', '<name2>')})"
        rf"{_SUITE}(?:照原样|按原样|原封不动|照旧|照搬|复刻|原样|照样)?地?(?:来)?(?:再|重新|重|复|原样|照样|again)(?:来|跑"
        rf"|做|搞|用|上|发|推|走|开|复制)"
    ),
    # 国庆那波黄金拉新原样复用: what was done on a day that has a name.
    re.compile(
        r"(?:^|[,，。;\n])(?:把|将|就|按|照)?(?P<name>(?:国庆|春节|元旦|中秋|端午|五一|双十一|双11|双十二|双12"
        r"|618|年中|开门红|周年庆)"
        r"那[波次场轮期套][^,，。;；\n]{0,12}?)(?:就)?(?:原样|照样|整套|直接|原封不动|照原样)(?:地)?(?:复用|照搬"
        r"|沿用|照抄|再来|再跑|重跑|拿来用)"
    ),
    # 9月那次会员拉新效果好，原样再来一轮: it did well, and runs again.
    re.compile(
        r"(?:^|[,，。;\n])(?P<name>"
        rf"(?:{_WHEN})的?[^,，。;；\n]{{2,16}}?)的?(?:效果|反响|反馈|数据|表现|成绩|战绩|转化|跑得|做得)(?:都|很"
        rf"|挺|还|特别|相当|真)?"
        r"(?:好|不错|可以|行|棒|亮眼|理想)(?:了)?[,，]\s?(?:这次|这回|就|按|我们|咱们?|想)?(?:照原样|按原样"
        r"|原封不动|照旧|照搬|复刻|原样|照样|照着)?地?"
        r"(?:再|重新|重|复)(?:来|跑|做|搞|上|开|制|用)"
        r"|(?:^|[,.;\n]\s?)(?:our\s)?(?P<name2>"
        rf"(?:{_WHEN})\s[^,.;\n]{{3,30}}?)\s(?:worked|did|went|performed|ran)\s(?:really |very |so |quite )?"
        r"(?:well|great|fine|nicely)[,.;]\s"
        r"(?:so |let's |please |just )?(?:run|do|repeat|rerun|launch)\s(?:it|that|the same)"
    ),
)


def brief(found: Sentence, today: dt.date, words: Lexicon) -> Draft:
    """The draft of a brief; the keys of ``values`` are those of the contract."""
    draft = Draft(found)
    draft.hints["copy"] = wants_copy(found)
    _put_aside(draft)
    base_campaign(draft, today)
    rules(draft)
    channels(draft)
    of_one_channel(draft)
    offers(draft)
    goals(draft)
    budget(draft)
    audience(draft, words.fields, lambda own, hits: segments(own, hits, words))
    phases(draft, today)
    reserve = [place for place, token in enumerate(found.tokens) if place in found.used and "product" in token.senses]
    product(draft, reserve)
    implied_product(draft, words.only_product)
    suit(draft)
    schedule(draft, today)
    due(draft, today)
    whole_of_days(draft)
    looks(draft)
    objective(draft)
    fill_product(draft.values, CAMPAIGN_PRODUCT)
    fit_expiry(draft.values)
    _open_to_all(draft)
    flags(draft)
    draft.values["missing"] = missing(draft.values, month_only="month" in draft.hints)
    draft.values = {key: draft.values[key] for key in KEYS if key in draft.values}
    return draft


_ASIDE = re.compile(
    r"(?:^|[,，。;])(?P<what>[^,，。;]{2,24}?)(?:就|先|都|也)?(?:别做了|不做了|先不做|不搞了|取消吧?|停了吧?"
    r"|先停|停掉不做了?|停掉了?|砍掉不做了?|砍掉了?|叫停了?|停做|不做|别搞了|不要做了|算了|先放放|先放一放"
    r"|(?:先|就|都)?(?:撂下|撂一边|放下|放一边|搁下|搁一边|搁置|缓一?缓|暂缓|停下|按下|押后|往后放|打住|收了)|撤了"
    r"|作废了?|废了|不要了|黄了)"
    r"(?=[,，。;]\s?(?:现在|就|我们)?(?:改|换|先|转|做|来))"
)


_NOT_THIS = re.compile(
    r"(?:^|[,，。;])(?:先)?(?:别|不|不要|先不|不再|停)(?:做|搞|推|跑|弄)(?P<what>[^,，。;]{2,24}?)了"
    r"(?=[,，。;]\s?(?:就)?(?:改|换|先|转|做|来|搞))"
)
_GREETING = re.compile(
    r"\s*(?:(?:各位|尊敬的|亲爱的)?(?:老师|领导|老板|同学|伙伴|大家|同事)(?:们)?)?(?:您好|你好|好|早|hi|hello"
    r"|hey)[^,，。!！\n]{0,8}[,，。!！\n]"
)


_PRIZE = re.compile(r"(?:抽|送|奖|奖品|赢|得|[台部]|是|one|an?|win|prize|\d\s?x)\s?(?:是|为)?\s?$")


# 客户要激活, goal: activate …, activate dormant users: what is wanted, nothing that they did.
_TO_WAKE = re.compile(r"(?:要|来|去|得|需要|想|做)$")
_ENDS = re.compile(r"(?:一下|下|的)?\s?(?:[,，。;；!！\n]|$)")
_GOAL_IS = re.compile(r"(?:goal|objective|aim|purpose|目标|目的)(?:是|为|\sis)?\s?:?\s?(?:to\s)?$")
_THE_DORMANT = re.compile(r"\s(?:our\s|the\s)?dormant")
# 转做存量：AUM20万以上…: a heading over those who are named behind it.
_TURNS_TO = re.compile(r"(?:转|改|换)(?:做|去做|攻|向)(?:存量|老客户?)$")
_HEADS = re.compile(r"[^,，。;；:：\n]{0,4}[:：]")
# Stop the fund acquisition; do gold instead.
_STOPPED = re.compile(
    r"(?:^|[,.;]\s)(?:please\s)?(?:stop|drop|scrap|cancel|forget|shelve)\s(?:the\s|our\s)?(?P<what>[^,.;]{2,30}?"
    r"(?:acquisition|conversion|campaign|promo|drive|win-?back|activation|cross-sell))"
    r"(?=[,.;]\s(?:let's |and |then )?(?:do|run|switch|go|make|start|move|focus|promote|push|sell)\s)"
)


def _put_aside(draft: Draft) -> None:
    """白条逾期挽回别做了,改成…: what is not to be done says nothing of what is."""
    found = draft.sentence
    if hit := _GREETING.match(found.text):
        found.used.update(i for i, token in enumerate(found.tokens) if token.end <= hit.end())
    for place, token in enumerate(found.tokens):
        if token.text.startswith("iphone") and _PRIZE.search(found.before(place, 8)):
            # One iPhone to be won says nothing of whose telephone it is.
            found.used.add(place)
    _purpose(draft)
    for hit in (*_ASIDE.finditer(found.text), *_NOT_THIS.finditer(found.text), *_STOPPED.finditer(found.text)):
        low, high = hit.span("what")
        draft.hints.setdefault("aside", []).append((low, high))
        found.used.update(i for i, token in enumerate(found.tokens) if low <= token.start and token.end <= high)


def _purpose(draft: Draft) -> None:
    """What is wanted is no deed of customers: the word of activation that is a goal, the heading over who follows."""
    found = draft.sentence
    for place, token in enumerate(found.tokens):
        wanted = token.has("state") and _TO_WAKE.search(found.before(place, 4)) and _ENDS.match(found.after(place, 2))
        aimed = _GOAL_IS.search(found.before(place, 16)) or _THE_DORMANT.match(found.after(place, 16))
        aimed = aimed or (token.text == "activate" and token.start == 0)
        # 支付绑卡激活: behind another aim it is one more.
        aimed = aimed or (
            place > 0
            and bool(_ENDS.match(found.after(place, 2)))
            and found.tokens[place - 1].has("objective")
            and found.gap(place - 1, place) == ""
        )
        if token.senses.get("objective") == "activate" and (wanted or aimed):
            draft.hints["purpose"] = place
            found.used.add(place)
        if token.has("state") and _HEADS.match(found.after(place, 6)) and _TURNS_TO.search(found.text[: token.end]):
            found.used.add(place)


def _open_to_all(draft: Draft) -> None:
    """A public draw on all channels is open to everybody."""
    values = draft.values
    if (
        not values.get("audience")
        and values.get("offer", {}).get("type") == "lottery"
        and values.get("channels") == ["all"]
    ):
        draft.assume("audience", [{"field": "segment", "op": "eq", "value": "all"}], "reading.audience.public_draw")


def base_campaign(draft: Draft, today: dt.date) -> None:
    """Put ``base_campaign``: the name of a campaign that shall run again."""
    found = draft.sentence
    hit = next((hit for pattern in _REPEATS if (hit := pattern.search(found.text))), None)
    if hit is None:
        return
    spoken = next(name for name in ("quoted", "name", "name2") if hit.groupdict().get(name) is not None)
    low, high = hit.span(spoken)
    when = next(
        (token for token in found.tokens if token.has("moment") and low <= token.start < high),
        None,
    )
    year = None
    if when is not None and when.senses["moment"].kind == "festival":
        # 上次618基金拉新, 去年双11黄金: the day names the campaign.
        year, when = when.senses["moment"].args[1], None
    for place, token in enumerate(found.tokens):
        if low <= token.start < high and token.has("time"):
            found.used.add(place)
    begin = when.end if when is not None else low
    name = re.sub(
        r"(?:复盘|总结|回顾)(?:一下|下|一遍)?(?:并|再|后|,)?$|^(?:'s\s|的|那场|那次|那个|那波|那轮|那期|那套|一次"
        r"|一遍|一下|上次|上一次|上一期|上回|去年|今年|前年)+|的?(?:活动|方案)?(?:一样|同样)?$",
        "",
        found.text[begin:high].strip(),
    ).strip('"')
    if year is not None:
        name = name.replace("的", "")
        name += f"（{today.year + year if abs(year) < 100 else year}）"
    if (
        when is not None
        and (period := resolve(when.senses["moment"], today, -1)) is not None
        and period.start is not None
    ):
        label = (
            f"（{period.start:%Y-%m}）"
            if period.shape == "month"
            and (period.start, period.end) == month_days(period.start.year, period.start.month)
            else f"（{period.start.year}-Q{(period.start.month + 2) // 3}）"
            if when.senses["moment"].kind == "quarter"
            else f"（{period.start.isoformat()}）"
        )
        name += label
    draft.values["base_campaign"] = name
    draft.note("base_campaign", low, high)
    if when is not None:
        found.used.add(found.tokens.index(when))
