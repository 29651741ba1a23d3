"""Chinese words of time, and dates in digits."""

import functools
import re
from importlib import resources

import yaml

from linghang.reading.quantities import NUMBER, number
from linghang.reading.times.model import Moment
from linghang.reading.times.units import UNIT_ZH, Rule, make, past, small, unit, valid

_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_WD = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_WEEKS = {
    "上上": -2,
    "上": -1,
    "这": 0,
    "本": 0,
    "这个": 0,
    "当": 0,
    "下": 1,
    "下个": 1,
    "上个": -1,
    "下下": 2,
    "下下个": 2,
    "上上个": -2,
}
# 看一下周三 is of this week; 统一下周发 of the next.
_REL = r"(?:上上个?|上个?|(?:(?<!一)|(?<=统一))下下?个?|这个?|本|当)"
_PART = (
    r"(?:(?:第[一二三四五1-5]个?|最后一?个|首个|头一?个)(?:周|星期|礼拜)[一二三四五六日天](?![次篇条封共直些般])"
    r"|(?:第[一二三四五1-5]个?|最后一?个|首个|头一?个)(?:工作日|交易日)|中下旬|上中旬|上旬|中旬|下旬|上半月|下半月|初|底|末|中(?![秋国高间文])|第[一二三四五1-5]个周末"
    r"|最后一个周末|第[一二三四五1-5]个?周|第[一二三四五1-5]个?星期|最后一周|头一周|首周|整月|全月"
    r"|上半个月|下半个月|前半个?月|后半个?月|最后[一两二三四五六七八九十1-9][天日]|[底末][一两二三四五六七1-9][天日](?!前|后|内)"
    r"|剩下的?(?:时间|日子|这?几天)|剩余(?:的)?(?:时间|天数))"
)
_SHIFTS = {
    "上午": 0,
    "早上": 0,
    "早": 0,
    "早晨": 0,
    "清晨": 0,
    "凌晨": 0,
    "中午": 12,
    "午间": 12,
    "下午": 12,
    "傍晚": 12,
    "晚上": 12,
    "晚间": 12,
    "夜晚": 12,
    "早间": 0,
    "午后": 12,
    "晚": 12,
    "夜里": 12,
    "夜间": 12,
    "当晚": 12,
    "今晚": 12,
    "明晚": 12,
}
_Y = r"(?P<y>20\d\d年?|今年|明年|去年|前年|后年|当年|次年|来年|翌年|转年)?\s?的?"
_CLOCK_P = r"(?P<p>当晚|凌晨|早上|早晨|清晨|上午|中午|午间|下午|傍晚|晚上|晚间|夜晚|早间|午后|夜里|夜间|早|晚)?"
_OFFSETS = {
    "今天": 0, "今日": 0, "今晚": 0, "今": 0, "即日": 0, "即刻": 0, "现在": 0, "立即": 0, "明天": 1, "明日": 1,
    "明晚": 1, "明早": 1, "明": 1,
    "后天": 2, "大后天": 3, "昨天": -1, "昨日": -1, "昨晚": -1, "前天": -2, "前日": -2, "大前天": -3, "大前日": -3,
}  # fmt: skip


@functools.cache
def festival_words() -> dict[str, str]:
    """How people say festivals, in both languages: word → name."""
    text = resources.files("linghang.reading").joinpath("lexicon/festivals.yaml").read_text("utf-8")
    table = yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    return {word: name for name, words in table.items() for word in words}


_FEST = "|".join(sorted(map(re.escape, festival_words()), key=len, reverse=True))


def _iso(hit: re.Match[str]) -> Moment:
    return make("date", int(hit[1]), int(hit[2]), int(hit[3]))


def _month_day(hit: re.Match[str]) -> Moment | None:
    year = _year_word(hit["y"])
    month, day = small(hit["m"]), small(hit["d"])
    if not valid(month, day):
        return None
    if hit.groupdict().get("d2"):
        last = small(hit["d2"])
        if re.search(r"[、和及]", hit[0]) and last != day + 1:
            return None
        return (
            make("range", make("date", year, month, day), make("date", year, month, last), "explicit")
            if last >= day
            else None
        )
    return make("date", year, month, day)


def _year_word(text: str | None) -> int | None:
    """A year in digits, or its distance from this one (明年 is 1)."""
    said = (text or "").strip().rstrip("年的 ")
    return int(said) if said.isdigit() else _year_shift(said)


def _numeric(hit: re.Match[str]) -> Moment | None:
    month, day = int(hit[1]), int(hit[2])
    if (hit[0].endswith("日") or hit.string[hit.end() :].startswith(("日", "天"))) and re.search(
        r"留存|复购", hit.string
    ):
        # 7/30日留存: kept after seven and after thirty days.
        return None
    return make("date", None, month, day) if valid(month, day) else None


def _compact(hit: re.Match[str]) -> Moment | None:
    """20261205, 1205-1212: days in digits alone."""
    if hit[0].startswith("20") and len(hit[0]) == 8:
        return make("date", int(hit[0][:4]), int(hit[0][4:6]), int(hit[0][6:]))
    low, high = (int(hit[0][:2]), int(hit[0][2:4])), (int(hit[0][-4:-2]), int(hit[0][-2:]))
    return make("range", make("date", None, *low), make("date", None, *high)) if valid(*low) and valid(*high) else None


_OPENED = re.compile(r"[日号)）一二三四五六天](?:起|开始|上线|启动)?[,，]?(?:一直|再|就)?(?:做|跑|持续)?[至到~-]$")


def _end_day(hit: re.Match[str]) -> Moment | None:
    """12月9日起至14日: a bare day of the month where a day opened a range."""
    opened = _OPENED.search(hit.string[max(0, hit.start() - 10) : hit.start()])
    return make("date", None, None, small(hit[0][:-1])) if opened else None


def _same_month_range(hit: re.Match[str]) -> Moment | None:
    """12.1~15."""
    month, first, last = int(hit[1]), int(hit[2]), int(hit[3])
    if not valid(month, last) or last <= first:
        return None
    return make("range", make("date", None, month, first), make("date", None, month, last), "explicit")


def _numeric_range(hit: re.Match[str]) -> Moment | None:
    low, high = (int(hit[1]), int(hit[2])), (int(hit[3]), int(hit[4]))
    return make("range", make("date", None, *low), make("date", None, *high)) if valid(*low) and valid(*high) else None


def _year_shift(text: str | None) -> int | None:
    return (
        None
        if not text
        else {"今": 0, "本": 0, "去": -1, "上": -1, "明": 1, "前": -2, "后": 2, "次": 1, "来": 1, "翌": 1, "转": 1}.get(
            text[0]
        )
    )


def _month(hit: re.Match[str]) -> Moment | None:
    if hit["rel"]:
        offset = _WEEKS.get(hit["rel"], _WEEKS.get(hit["rel"].rstrip("个"), 0))
        base = make("month", None, None, offset)
    else:
        month = small(hit["m"])
        if not 1 <= month <= 12:
            return None
        base = make("month", _year_word(hit["y"]), month, None)
    if hit["d"]:
        return make("month_day", base, small(hit["d"]))
    return _with_part(base, hit["part"], bool(hit["whole"] or hit["whole2"]))


_NTH_DAY = re.compile(r"(第.个?|最后一?个|首个|头一?个)(?:(?:周|星期|礼拜)([一二三四五六日天])|工作日|交易日)")


_SIDES = re.compile(r"对比|比较|相比|[比跟]|差|vs|哪个|环比|同比")


def _months(hit: re.Match[str]) -> Moment | None:
    """9-10月, 9月和10月: the months together, where they are not set side by side."""
    low, high = small(hit["a"]), small(hit["b"])
    listed = hit["to"] in "、和及"
    if not 1 <= low < high <= 12 or (listed and (high != low + 1 or _SIDES.search(hit.string))):
        return None
    year = _year_word(hit["y"])
    return make("range", make("month", year, low, None), make("month", year, high, None))


def _with_part(base: Moment, part: str | None, whole: bool = False) -> Moment:
    if whole:
        return make("part", base, "整月")
    if not part:
        return base
    if part.endswith("周末"):
        return make("part", base, "weekend:" + ("-1" if part.startswith("最后") else str(small(part[1]))))
    if hit := _NTH_DAY.fullmatch(part):
        count = small(part[1]) if part[0] == "第" else -1 if part[0] == "最" else 1
        return make("part", base, f"day:{count}:{_WD[hit[2]]}" if hit[2] else f"trading:{count}")
    if part.startswith("第"):
        return make("part", base, small(part[1]))
    fixed: dict[str, object] = {"末": "底", "最后一周": -1, "头一周": 1, "首周": 1, "全月": "整月",
        "上半个月": "上半月", "前半月": "上半月", "前半个月": "上半月", "下半个月": "下半月", "后半月": "下半月",
        "后半个月": "下半月"}  # fmt: skip
    if hit := re.fullmatch(r"[底末]?(?:最后)?(\S)[天日]", part):
        return make("part", base, f"last:{small(hit[1])}")
    if part.startswith("剩"):
        return make("part", base, "rest")
    return make("part", base, fixed.get(part, part))


def _bare_part(hit: re.Match[str]) -> Moment:
    part = hit["part"] or hit["part2"]
    scope = make("month", None, None, 0)
    if part in ("初", "上旬"):
        scope = make("month", None, None, 1)
    return _with_part(scope, part)


def _year_part(hit: re.Match[str]) -> Moment:
    shift = _year_shift(hit["rel"])
    base = (
        make("year", int(hit["y"]), None)
        if hit["y"]
        else make("year", None, shift if shift is not None else (1 if hit["part"] == "初" else 0))
    )
    if hit["part"].startswith("最后"):
        return _with_part(base, hit["part"])
    return make("part", base, {"末": "底", "终": "底"}.get(hit["part"], hit["part"]))


def _week(hit: re.Match[str]) -> Moment:
    offset = _WEEKS.get(hit["rel"], _WEEKS.get(hit["rel"].rstrip("个"), 0))
    if hit["d"] in ("末",):
        return make("weekend", offset)
    return make("weekday", offset, _WD[hit["d"]]) if hit["d"] else make("week", offset)


def _weekdays(hit: re.Match[str]) -> Moment | None:
    """本周六日, 下周三、周四: neighbouring days of one week."""
    days = [_WD[char] for char in re.findall(r"[一二三四五六日天]", hit["d"])]
    if days != list(range(days[0], days[0] + len(days))):
        return None
    week = _WEEKS.get(hit["rel"], 0) if hit["rel"] else None
    return make("range", make("weekday", week, days[0]), make("weekday", week, days[-1]))


def _festival(hit: re.Match[str]) -> Moment:
    return make("festival", festival_words()[hit["f"]], _year_word(hit["y"]))


def _clock_zh(hit: re.Match[str]) -> Moment | None:
    hour = small(hit["h"])
    if not hit["h"].isdigit() and _is_a_bit(hit):
        return None
    tail = hit["min"]
    minute = {"半": 30, "一刻": 15, "三刻": 45}.get(tail or "", 0) if not (tail or "").isdigit() else int(tail)
    shift = _SHIFTS.get(hit["p"] or "", 0)
    if shift and hour < 12 and not (shift == 12 and hit["p"] in ("中午", "午间") and hour >= 10):
        hour += 12
    return make("clock", f"{hour:02d}:{minute:02d}") if hour <= 24 and minute < 60 else None


def _hours_zh(hit: re.Match[str]) -> Moment | None:
    """9-18点: the hours between which one sends."""
    shift = _SHIFTS.get(hit["p"] or "", 0)
    low, high = (int(hit[name]) + (shift if int(hit[name]) < 12 else 0) for name in ("low", "high"))
    return make("clock", f"{low:02d}:00", f"{high:02d}:00") if low < high <= 24 else None


def _is_a_bit(hit: re.Match[str]) -> bool:
    """一点 and 早一点 are no hours; a spelled hour needs 上午 before it or 整, 到, 发 behind it."""
    if hit["h"] == "一" and hit["p"] in (None, "早", "晚"):
        return True
    before = hit.string[max(0, hit.start() - 1) : hit.start()]
    if before in ("到", "至", "于") or (before in ("改", "换", "挪", "调", "在") and hit["h"] != "两"):
        # 改到八点, 挪到三点: what one moves to is an hour.
        return False
    return not hit["p"] and not re.match(
        r"[到至\-~发推前后开整钟半]", hit.string[hit.end() - 1 :] if hit[0][-1] in "整钟半" else hit.string[hit.end() :]
    )


RULES: tuple[Rule, ...] = (
    (r"(?<!\d)(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?(?!\d)", "moment", _iso),
    (
        rf"(?<![\d一二三四五六七八九十]){_Y}(?P<m>{_N})月(?:份)?(?P<d>{_N})[日号]?\s?(?:-{{1,2}}|~|到"
        rf"|至|[、和及])\s?(?P<d2>{_N})(?:[日号](?!\d)|(?=[两三四五六]天))", "moment", _month_day),
    (rf"(?<![\d一二三四五六七八九十]){_Y}(?P<m>{_N})月(?:份)?(?P<d>{_N})(?:号|日(?!(?:[、/和]\d{{1,3}}[日天])*的?(?:留存|复购))"
        rf"|(?![\d个天次折元万条日号]|线城|(?:-|~|到|至)\d{{1,3}}岁))", "moment",
    _month_day),
    (
        r"(?<![\d.a-z¥$/])(\d{1,2})[./](\d{1,2})[日号]?\s?(?:-|~|到"
        r"|至)\s?(\d{1,2})[./](\d{1,2})[日号]?(?!\d|\.\d|[%/折元万w倍])", "moment", _numeric_range),
    (r"(?:(?<![\d.a-z¥$/乘×*-])|(?<=[日号天)）一二三四五六]-)|(?<=--))(?<!首月)(?<!首季)(?<!首年)(?<!特价)(?<!只要)(?<!仅需)(?<!月费)(?<!乘以)"
     r"(\d{1,2})[./](\d{1,2})(?!\s?[日天]的?(?:留存|复购|流失|回访)|留存|复购|回访)"
     r"(?:[日号]|(?!\d|\.\d|[%/折元万w倍年月小个天次百千亿]|[mkx](?![a-z])"
     r"|\s?(?:million|mn|bn|thousand|hundred|yuan|cny|rmb|percent|per\scent|times)(?![a-z])))", "moment", _numeric),
    (r"(?<![\d.a-z¥$/])(\d{1,2})\.(\d{1,2})\s?[-~]\s?(\d{1,2})[日号]?(?!\d|\.\d|[%/折元万w倍岁天次个])", "moment",
    _same_month_range),
    (r"(?<!\d)20[2-4]\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?![\d万w元])"
     r"|(?<![\d.¥])(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\s?[-~到至]\s?(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?![\d万w元])",
     "moment", _compact),
    (rf"(?:(?<=[至到~])|(?<=[日号)]-)){_N}日(?![内均活报志常])", "moment",
     _end_day),
    (r"(?<![\d.月:])(\d{1,2})\s?(?:-|~|到|至)\s?(\d{1,2})号(?![码线楼店])", "moment", lambda hit: make("range",
     make("date", None, None, int(hit[1])), make("date", None, None, int(hit[2])))
     if 1 <= int(hit[1]) < int(hit[2]) <= 31 else None),
    (rf"(?<![\d.]){_N}号(?![码线楼店])", "moment", lambda hit: make("date", None, None, small(hit[0][:-1]))),
    (rf"(?<![\d.月:])(?P<y>20\d\d年|今年|去年|明年)?的?(?P<a>{_N})月?份?\s?(?P<to>-|~|到|至|、|和|及)\s?(?P<b>{_N})月(?:份)?"
     r"(?![\d一二三四五六七八九十上中下初底末第最前后头])", "moment", _months),
    (
        rf"(?!下月初至今)(?P<whole>整个|全)?(?:(?P<rel>{_REL})月(?!度)|{_Y}(?<!\d)(?P<m>{_N})月(?!度))(?:份)?(?P<whole2>一?整个?月"
        rf"|全月|一个月整)?的?(?:月?(?P<part>{_PART})|(?P<d>{_N})[号日](?!(?:[、/和]\d{{1,3}}[日天])*的?(?:留存|复购"
        r"|流失)))?", "moment", _month),
    (
        r"(?:(?<=一下)|(?<![个上下本这每半整\d一二三四五六七八九十季年]))月(?P<part>[底末](?:最后)?[一两二三四五六七1-9][天日](?!前|后|内)"
        r"|初|中(?!旬)|底|末)"
        r"|(?<![月个])(?P<part2>中下旬|上旬|中旬|下旬)", "moment", _bare_part),
    (r"(?P<rel>今|本|明)年(?:的)?(?P<part>最后[一两二三四五六七八九十1-9][天日])(?P<y>)", "moment", _year_part),
    (r"(?:(?P<rel>今|本|去|明|上)年?|(?P<y>20\d\d)年?)?年(?P<part>底|末|终(?![奖礼好盛特钜巨回感答福献总盘冲理基大购促狂会])|初"
     r"|中(?!旬))", "moment", _year_part),
    (rf"(?P<rel>{_REL})?(?:周|星期|礼拜)(?P<d>[一二三四五六日天](?:[、,]?(?:周|星期|礼拜)?[一二三四五六日天])+)(?:两|三|四)?天?"
     r"(?![一二三四五六])", "moment", _weekdays),
    (rf"(?P<rel>{_REL})(?:周|星期|礼拜)?(?:的)?工作日", "moment", lambda hit: make("range",
     make("weekday", _WEEKS[hit["rel"]], 0), make("weekday", _WEEKS[hit["rel"]], 4))),
    (
        rf"(?P<rel>{_REL})(?:周|星期|礼拜)(?P<d>[二三四五六日天末](?!线城)|一(?![共直些样次般线整]|下(?!午)|[个点])(?!起(?!到|$|[,，。;；]"
        rf"|至|连|[两二三四五六七八九十\d]{{1,3}}\s?(?:天|周|个月))))?(?:之内|以内|内(?!容))?", "moment", _week),
    (r"(?:(?<=[^统]一下)|(?<![每上下本这第个\d一二三四五六七八九十半两]))(?:周|星期|礼拜)(?P<d>[一二三四五六日天])(?![次篇条封共直些般]|线城)",
    "moment", lambda hit: make("weekday", None, _WD[hit["d"]])),
    (r"(?:(?<=[^统]一下)|(?<![每上下本这]))周末", "moment", lambda hit: make("weekend", None)),
    (
        r"大后天|后天|明天|明日|明(?=[晚早]\s?[\d一二三四五六七八九十])|明晚|明早|今天|今日"
        r"|今(?=晚\s?[\d一二三四五六七八九十])|今晚|大前天|大前日|(?<!提)前天|(?<![之以提目])前日|昨天|昨日|昨晚|即日|即刻|现在(?!改|换|要|想|的|做|来)|立即|马上(?!到期)"
        r"|立刻|尽快", "moment", lambda hit: make("offset", _OFFSETS.get(hit[0], 0))),
    (r"(?:圣诞元旦)?双旦(?:期间|当天)?(?!.{0,6}[(（]\s?\d)", "moment",
     lambda hit: make("range", make("festival", "圣诞节", None), make("festival", "元旦", None))),
    (r"明后两?天", "moment", lambda hit: make("range", make("offset", 1), make("offset", 2))),
    (r"(?<![\d一二三四五六七八九十半几去今明当多本])年前", "moment", lambda hit: make("until", make("festival", "除夕",
    None))),
    (rf"(?<![超不])(?:再过(?P<m>{NUMBER})(?P<v>{UNIT_ZH})(?!内|以内|之内)"
     rf"|过(?P<n>{NUMBER})(?P<u>{UNIT_ZH})(?:再|就)?(?=[发推上开做启正起,，。;；)）→~-]|\s?[到至]|$))", "moment",
    lambda hit: make("after", number(hit["n"] or hit["m"]), unit(hit["u"] or hit["v"]))),
    (rf"(?:再)?(?:过)?(?P<n>{NUMBER})(?P<u>{UNIT_ZH})(?:之后|以后|后)(?![的]?(?:未|没|仍|还))", "moment",
    lambda hit: make("after", number(hit["n"]), unit(hit["u"]))),
    (rf"(?:(?P<y>20\d\d年|今年|明年|去年|前年)的?)?(?<![a-z\d])(?P<f>{_FEST})(?![元人%个w万字]|\d+(?!\d*天))", "moment",
    _festival),
    (r"(?:大年|正月|(?<![今去明前后\d])年|(?<![月年最当起]))初(?P<d>[一二三四五六七八九十])(?!次|级|期|步|个?季|月)",
    "moment",
    lambda hit: make("lunar_day", small(hit["d"]))),
    (r"正月(?P<d>二?十[一二三四五六七八九]?)(?!个|天)", "moment", lambda hit: make("lunar_day", small(hit["d"]))),
    (r"(?:腊月|年)(?P<d>二十[三四五六七八九])(?![个天多几\d万岁])", "moment",
    lambda hit: make("lunar_eve", small(hit["d"]))),
    (r"(?P<y>20\d\d年?|今年|去年|明年|前年)?的?(?:第?(?P<q>[一二三四1-4])季度|第(?P<q3>[一二三四])季(?!节)|(?<![a-z])q(?P<q2>[1-4])(?![0-9]|[a-z](?![1-5])))",
     "moment", lambda hit: make("quarter", _year_word(hit["y"]), small(hit["q"] or hit["q3"] or hit["q2"]), None)),
    (rf"(?P<rel>{_REL})季度?(?!节)", "moment", lambda hit: make("quarter", None, None, _WEEKS.get(hit["rel"],
    _WEEKS.get(hit["rel"].rstrip("个"), 0)))),
    (r"(?P<y>20\d\d年|今年|去年|明年|前年)?的?(?P<h>上|下)半年", "moment", lambda hit: make("half",
    _year_word(hit["y"]), 1 if hit["h"] == "上" else 2)),
    (r"(20\d\d)年|今年|去年|明年|前年", "moment", lambda hit: make("year", int(hit[1]) if hit[1] else None,
    _year_shift(hit[0]))),
    (r"(?:下一?个|次一?个?|首个|第一个)交易日", "moment", lambda hit: make("trading", 1)),
    (
        rf"(?:最近|近|过去|(?<!提)(?<!以)(?<!之)(?<!目)前|这)的?(?P<n>{NUMBER})?(?P<u>{UNIT_ZH})(?:之?内|以内"
        r"|里|以来)?(?!免息|加息|体验)", "window", past),
    (rf"(?P<n>{NUMBER})(?P<u>(?!月){UNIT_ZH}|个?小时)(?:之?内|以内)(?!容)", "window", past),
    (rf"{_CLOCK_P}\s?(?<![\d.])(?P<low>\d{{1,2}})\s?[-~到至]\s?(?P<high>\d{{1,2}})点(?![击赞评])", "clock", _hours_zh),
    (
        rf"{_CLOCK_P}\s?(?<!\d)(?P<h>\d{{1,2}}|二?十[一二三四五六七八九]?|[一二三四五六七八九两])(?:点钟?"
        r"|时(?=[到至前后发推,，]|$))(?P<min>半|一刻|三刻|\d{1,2}(?=分|(?!\d)))?分?(?:整|钟)?(?![击赞评])", "clock",
        _clock_zh),
    (r"(?:凌晨|夜里)?[零0]点(?:整)?(?![几一二三四五六七八九\d击赞评])", "clock", lambda hit: make("clock", "00:00")),
    (rf"{_CLOCK_P}\s?(?<![\d:])(?P<h>[01]?\d|2[0-4]):(?P<min>[0-5]\d)(?::[0-5]\d)?(?!\d)(?!\s?[ap]\.?m)", "clock",
     _clock_zh),
)  # fmt: skip
