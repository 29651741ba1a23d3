"""The verbs of changing, and what an edit works on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from linghang.reading.model import Span
from linghang.reading.quantities import Quantity, whole
from linghang.reading.sentence import Sentence

Verb = Literal["set", "more", "less", "add", "drop", "only", "swap", ""]
Step = dict[str, Any]

ONLY = re.compile(
    r"(?:砍|缩|精简|收|减|压缩|收缩|缩减)(?:成|到只剩|到|为)(?!\s?\d)|只剩|只要|只用|只保留|只留|只发|只走|只做"
    r"|仅保留|仅用|仅|只投|就用"
    r"|就留"
    r"|只推(?!给)"
    r"|just"
    r"|only|solely"
)
SWAP = re.compile(
    r"代替|替代|取代|顶替|(?:挪|转|移|迁)(?:到|成|去|给)|换成|改成|改为|替换成|替换为|换为|变成|变为|改用|改走|换"
    r"|改发|调成|调整为|调整成|调为|改做|改推"
    r"|switch(?:ed)? to|change[d]? to|replace[d]?(?: it)? with|swap[^,.;]{0,24}(?:for|to"
    r"|with)|instead(?: of)?|rather than"
    r"|转成|turn[^,.;]{0,20}into|(?<!整)改(?!动|进)|change|replace|switch|swap|use [^,.;]{1,20} instead"
)
DROP = re.compile(
    r"暂停|先停|叫停|停(?=吧|了|掉|$|[,，。;])|turn(?:ed)? off|switch(?:ed)? off|shut off|disable"
    r"|pause|scrap|(?:不|别|甭)(?:做|发|推|打|用|送|给|要|投|上|走|搞|弄|带|设|留)了?(?!过|到|足|小于"
    r"|少于|低于|超)|去掉|去除|去了吧|拿掉|砍掉|删掉|删了|删除|不要了?|取消|撤掉|撤了|撤销|移除|停掉|停了"
    r"|关掉|不用了?|不发了?|不做了?"
    r"|别发了?|别用了?|别要了?|别做了?|下掉|下线|免了|算了|不投了?|不限(?:制)?|放开|去了|干掉|剔掉|先不|不走了?"
    r"|别带|排掉"
    r"|排开|踢掉|筛掉|剔了|清掉|抹掉"
    r"|关了|停吧|收掉|不送了?|别送了?|不给了?|不设|drop|remove|delete|get rid of|take out|no longer|without|no more"
    r"|cut(?! (?:to|by|down|in half)(?![a-z])|[^,.;]{0,36}\s(?:to|by|down|in half)(?![a-z])| the budget)|lose"
    r"|ditch|cancel|stop|skip|kill|leave out"
    r"|lift(?=[^,.;]{0,30}\s(?:ban|restriction|limit|cap|rule|hours|window))"
)
ADD = re.compile(
    r"(?:圈|算|带|捎|补|添|纳|放|挂|配)(?:上|进来?|入)|加上|再加|加个|加一个|增加|新增|补上|补充|还要|也要|同时"
    r"|另外|再来|追加|添加|添|加入|加(?!到|至|仓|息"
    r"|码到)|多个|再补|带上|也发|也推|还有|外加|并且|add|also|include|plus|as well|additionally|append|too"
    r"|along with|(?<![只别])用(?![光完尽])|(?<![a-z])use(?![a-z])|多加|补一?[个条道项]"
    r"|再投|增投|上(?=[个一]|弹窗|短信|开屏"
    r"|push|banner|腰封)"
)
TO = re.compile(
    r"(?:(?:提|加|升|涨|调|降|减|砍|压|缩|收|放|扩|改|换|增|追|给|批|拉|抬|落|削|变|定|设|控制?|卡|做|上浮|下调"
    r"|上调|调整|提高|降低|缩短|延长|放宽|收紧|压缩|补|砸)(?:回)?(?:到|成|至|为|在|回)|提到|提高到|提升到|提升至"
    r"|加到|增加到|增至|加至|提至|涨到|升到|上调到|上调至|调到|调整到|调至|调高到"
    r"|调低到|降到|降至|减到|减至|减少到|砍到|压到|压缩到|缩到|下调到|下调至|改成|改为|改到|换成|定为|设为|设成"
    r"|变成|控制在|调成|调整为|放到|放宽到|收紧到|放大到|扩到|扩大到|收窄到|缩小到|统一成|是|为|改"
    r"|raise[^,.;]{0,20} to|increase[^,.;]{0,24} to|up(?:ped)? to|bump[^,.;]{0,20} to|cut[^,.;]{0,20} to"
    r"|lower[^,.;]{0,20} to|reduce[^,.;]{0,20} to|decrease[^,.;]{0,20} to|set[^,.;]{0,20} (?:to|at)"
    r"|change[^,.;]{0,20} to|make(?: it| that| the [a-z]+)?|to|=|:|：|到|至)(?:了|个|约|大概|差不多|只|\s|¥"
    r"|the\s)*$"
)
MORE = re.compile(
    r"放宽|宽松|放松|松(?=\s?(?:\d|[一二两三四五六七八九十]))|延长|拉长|放长|再长|长(?=\s?(?:\d"
    r"|[一二两三四五六七八九十]))|(?:再|多|追|又|额外)(?:给)?(?:批|拨|投|要|申请|划)(?:下来|下|了|到)?|提高|提升"
    r"|提|增加|加|追加|上调|涨|抬|拔高|往上"
    r"|(?<!最)(?<!至)多(?!少|久|端)|上浮|调高|翻|放大|再给|\+\s?$"
    r"|(?<![a-z])(?:raised?|lift(?:ed)?|increased?|more|extra|another|further|additional|bump(?:ed)?|up|add(?:ed)?|higher"
    r"|boost(?:ed)?|plus)(?![a-z])"
)
LESS = re.compile(
    r"收紧|缩短|(?:再|变|更)短|短(?=\s?(?:\d|[一二两三四五六七八九十]))|减少|减|缩水|缩(?!短)|砍|降低|降|下调"
    r"|(?<!至)(?<!最)少(?!儿|年|于)|缩减|压缩|压|调低|扣|削|省|下浮|打\S折|抠|拿掉|少给|少批|-\s?$"
    r"|收(?=[\d一二两三四五六七八九十])|抽(?!奖)|让(?:出|给)|腾出?|匀出|(?:拿|划|挪|调|匀|切|分)走|(?<![a-z])(?:cut|reduced?|decreased?|lower(?:ed)?|less|trim(?:med)?|slash(?:ed)?|minus|shaved?|knock(?:ed)?"
    r"|off|down(?=\s(?:by|to match)|\W*$))(?![a-z])"
)
REJECTED = re.compile(
    r"\s?(?:元|块|块钱|的话|这个|那个|的券|预算|的?门槛)?\s?(?:有点�?|实在|确实|还是|已经)?(?:太\S|不够|不行|可惜|浪费|不过瘾"
    r"|不现实|来不及|偏[大小高低多少贵]"
    r"|赶不上|嫌\S|多了|少了|不合适|批不下来|没批|(?:is |are |was )?(?:too |not enough|won't work|isn't enough))"
)
TURNED_DOWN = re.compile(
    r"太[^,，。;\d]|不够|不行|不现实|不合适|来不及|赶不上|偏[大小高低多少贵紧松]|嫌|吓|亏|不划算|寒酸|抠|勉强"
    r"|够呛|悬|不像样|没诚意|没吸引力|没意思|浪费|写不下|放不下|不像话|不够看|拿不出手|不痛不痒|不吉利|没人要|不过瘾"
    r"|(?<![a-z])(?:too|not enough|(?:isn't|aren't|won't be|not) (?:long |big |high |nearly )?enough"
    r"|won't (?:do|work|cut it)|doesn't work|overkill|tight|steep|stingy)(?![a-z])"
)
_FIGURE = r"[¥$]?(?:\d[\d.,]*|[一二两三四五六七八九十百千万半]+)[^,，。;\d]{0,4}"
NOT_SO = re.compile(
    r"(?:别|不要|不用|不再|甭|不是|并非|(?<![a-z])not|don't (?:use|do|give|go with|offer|send))"
    rf"(?:再|给|发|用|送|按|做|放|设|要|卡|看|搞|定|收|到)*\s?{_FIGURE}$"
)
"""别给20了: a figure that is not to be, at the end of what was said so far."""
HALVE = re.compile(
    r"减半|砍半|[斩劈]半|砍一半|砍掉一半|减一半|降一半|对半砍|一半就行|减少一半|腰斩|缩一半|压一半|打对折|打五折"
    r"|只要一半"
    r"|用一半|halve|cut (?:it |the [a-z]+ )?(?:in|by) half|half (?:of )?(?:it|the budget)|by half|in half"
)
DOUBLE = re.compile(
    r"(?:提|加|涨|增|翻|多)(?:高|加|大)?一倍|翻个?倍|翻个?番|翻一番|翻番|加倍|加一倍|增加一倍|提高一倍|双倍|多\S?一倍"
    r"|涨一倍"
    r"|翻一倍"
    r"|double"
    r"|twice(?! (?:a|per|each|every|daily|weekly))"
)
TRIPLE = re.compile(r"翻两番|三倍|翻三倍|triple|3倍|3x|two-fold increase")
TIMES = re.compile(
    r"(?:翻(?:到|成)?|提(?:到|高到)?|加到|涨到|变成|改成|改为|调成|调到|到|乘以?|x|×)?(?:原来|现在|之前"
    r"|原先)?的?\s?(\d+(?:\.\d+)?|[两二三四五六七八九十]"
    r"|一点五)\s?倍|(\d+(?:\.\d+)?)x\b|(?:乘以?|×|\*)\s?(\d+(?:\.\d+)?|[两二三四五六七八九十])(?![\d倍])"
)


@dataclass
class Change:
    """An edit in the making: the base, the sentence, and the steps found so far."""

    found: Sentence
    base: Mapping[str, Any]
    steps: list[Step] = field(default_factory=list)
    spans: dict[str, list[Span]] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)

    def step(self, op: str, path: str, value: Any = None, *places: int) -> None:
        """Add a step; ``remove`` without a value clears."""
        made: Step = {"op": op, "path": path}
        if value is not None:
            made["value"] = value
        if made not in self.steps:
            self.steps.append(made)
        for place in places:
            if place >= len(self.found.tokens):
                continue
            token = self.found.tokens[place]
            self.found.used.add(place)
            self.spans.setdefault(path, []).append(self.found.normal.span(token.start, token.end))

    def touched(self, key: str) -> bool:
        """Whether a step already changes a key."""
        return any(re.split(r"[.\[]", step["path"])[0] == key for step in self.steps)


def verb_before(text: str) -> Verb:
    """The verb of changing that governs what follows ``text`` in its clause: the last one said."""
    best: tuple[int, Verb] = (-1, "")
    for pattern, verb in ((ONLY, "only"), (SWAP, "swap"), (DROP, "drop"), (ADD, "add")):
        for hit in pattern.finditer(text):
            if hit.end() > best[0]:
                best = (hit.end(), verb)  # type: ignore[assignment]
    return best[1]


_COMPLAINT = re.compile(
    r"^(?:渠道|的|也)*(?:太|有点|效果(?![^,，。;不没]{0,4}(?:好|不错|可以|棒|高|赞))|没什么|不太|转化"
    r"|没(?=[抢订约排拿申谈要批])|[抢订约排拿申]不|被|满了?|来不及|做不)[^,，。;]{0,8}[,，]\s*(?:就|先|都|直接"
    r"|还是|那)*"
)


# 短信，去掉: a pause before a bare verb.
_PAUSE = re.compile(
    r"^[,，]\s*(?:就|都|也|先|直接|给我|麻烦|请)*(?=(?:去掉|拿掉|砍掉|删掉|停掉|撤掉|不要|取消|加上)(?:了"
    r"|吧)*\s*(?:$|[,，。;；!]))"
)


def verb_after(text: str) -> Verb:
    """The verb behind a thing: 短信不要了, push也加上, the banner goes away; past a complaint (太打扰了,撤了吧)."""
    text = _PAUSE.sub("", text)
    return _verb_behind(text) or _verb_behind(_COMPLAINT.sub("", text)) or ("drop" if _DROP_IT.match(text) else "")


_SO_BARE = re.compile(
    r"[^,，。;]{2,14}[,，]\s*(?:[那这]个?(?:位置|渠道|资源位|条件)?|它|我们|咱们?|那|就|先|都|直接|还是|干脆|只能)*(?P<verb>(?:撤|停|砍|删|去|关|下|拿|剔|排|摘)(?:了|掉|走|出去"
    r"|吧)*|(?:先)?不(?:做|发|打|走|用|投|上)(?:了|吧)*|算了|取消|免了)"
    r"(?:吧|哈|啦|呗)?\s*(?:$|[,，。;!])"
    r"|[^,.;]{2,30},\s?(?:so |please |let's |just )?(?:drop|remove|lose|skip|scrap|take) (?:it|them|that)(?![a-z])"
)


def given_up(text: str) -> bool:
    """电话排期满了,撤掉; sms quota is gone, skip it: what is said of a thing, and then that it goes."""
    hit = _SO_BARE.match(text)
    head = re.split(r"[,，]", text, maxsplit=1)[0]
    return hit is not None and not any(pattern.search(head) for pattern in (ONLY, SWAP, ADD, MORE))


_DROP_IT = re.compile(
    r"(?:\s(?:is|are|isn't|aren't|looks?|seems?|feels?|won't|doesn't|can't)\s[a-z' ]{2,24}?)?\s?[,:]\s?(?:so "
    r"|please |let's |just )?(?:drop|remove|lose|skip|scrap|take) (?:it|them|that)(?![a-z])"
)


def _verb_behind(text: str) -> Verb:
    head = re.split(r"[,，。;；]", text, maxsplit=1)[0]
    if re.match(
        r"(?:渠道|[这那]?[两俩仨几三](?:个|条|路)?|这个|那个|这条|那条|这一条|那一条|这块|那块|这项|那项|的"
        r"|资源位|限制|条件|要求|筛选"
        r"|限定)*\s*(?:就|都|也|先|暂时|全部|的话|可以|给我)*(?:(?:不用|不必|无需|不|别|甭)(?:再)?(?:打|送|给|投"
        r"|上|走|搞|弄|带|设|留|卡|要|用|发|做|推|看|管|限|考虑)(?!过)|无所谓|随便|不要|不用|不发"
        r"|不做|别发|别用|别做|去掉|拿掉|砍掉|删掉|删了|删除|取消|撤掉|撤了|撤销|移除|停掉|停了|关掉|下掉|下线|免了"
        r"|去了吧|算了|不投|不走|不送|别送|干掉|不设|放开|不限|不上|先停|停发|停推|停投|暂停|不推|别推)",
        head,
    ):
        return "drop"
    if re.match(r"(?:渠道|资源位|的|位)*\s*(?:也|都|再)?(?:加上|要加|补上|带上|要|发|上|加进来|一起发|加入)", head):
        return "add"
    if re.match(r"(?:这)?(?:[两俩三仨](?:个|条|路|样)?)?(?:就)?(?:够了?|就行|即可|就好|就可以)", head):
        return "only"
    if re.match(r"\s?only(?![a-z])", head):
        return "only"
    if re.match(
        r"\s?(?:的)?(?:太贵|成本太?高|效果(?:不好|太?差|一般)|没效果|不行|is too expensive|isn't working)", head
    ):
        return "drop"
    if re.match(
        r"(?:渠道|的|券|的券|这个|那个|上限|金额|时间)*\s*(?:换成|改成|改为|替换|换|改用|改走|调成|调整为|变成|改)",
        head,
    ):
        return "swap"
    return ""


SHARE = re.compile(
    r"一半|半数|(?<![a-z])(?P<half>half)(?![a-z]|\spast|[\s-](?:an?[\s-])?(?:hour|day|month|year|week))|(?<![a-z])(?:a"
    r"|one|1)[\s-](?P<part>third|quarter|fifth|tenth)"
    r"|(?<![a-z])(?P<most>two[\s-]thirds|three[\s-]quarters)|(?<![\d./])(?P<n>[1-9])/(?P<m>[2-9]|10)(?![\d./月号日])"
)
_NAMED = {"third": 1 / 3, "quarter": 1 / 4, "fifth": 1 / 5, "tenth": 1 / 10, "two thirds": 2 / 3, "two-thirds": 2 / 3,
    "three quarters": 3 / 4, "three-quarters": 3 / 4}  # fmt: skip
_KEPT = re.compile(
    r"(?:只?留下?|只?剩下?|只?保留|只用|只要|只给|只花|(?:批|拨|划|给|剩|保)(?:下来|下|了|到|住)"
    r"|(?<![多再追外加])[给批]|approved|granted|got|用|到|至|打|成|为|是|按|keep|only|to|leave|use|of)(?:原来的?"
    r"|原先的?|原?预算的?|原定的?|原本的?|之前的?"
    r"|现在的?|原有的?|原计划的?|the\s|just\s|only\s|its\s|his\s)*\s*$"
)
_OF_IT = re.compile(r"\s*(?:就行|就够|就好|即可|够了|的量|of (?:it|the|what)|is (?:fine|enough))")


def shares(text: str) -> float | None:
    """The share that a text names without a figure that the lexer knows: 一半, a third, 1/3."""
    hit = SHARE.search(text)
    return None if hit is None else _share(hit)


def _share(hit: re.Match[str]) -> float:
    if hit["n"]:
        return int(hit["n"]) / int(hit["m"])
    return _NAMED.get(hit["part"] or hit["most"] or "", 0.5)


def computed(old: float, quantity: Quantity | None, text: str, before: str) -> float | int | None:
    """The new amount: 减半, 翻倍, 提两成, 加10万, 提到80万; None if the words give no sum."""
    if quantity is None or quantity.unit == "times":
        return _wordless(old, text)
    after = text[text.find(before) + len(before) :] if before in text else ""
    if quantity.unit == "pct":
        original = re.search(r"^[^,，。]{0,12}?(?:原来的|原先的|original)", after)
        kept = bool(original and TO.search(before)) or bool(_KEPT.search(before))
        return _by_share(old, quantity.values[0] / 100, before, text, kept=kept)
    if quantity.unit == "fold":
        return whole(round(old * quantity.values[0] / 10, 2))
    amount = quantity.values[-1]
    behind = re.sub(r"^\s?[¥$]?[\d.,]+\s?(?:[kwm万元块](?![a-z])|yuan|million|thousand|percent|%)*", "", after)
    if re.match(r"\s?(?:off|less|lower|fewer)(?![a-z])", behind):
        return whole(old - amount)
    if re.match(r"\s?(?:more|extra|on top|higher)(?![a-z])", behind):
        return whole(old + amount)
    if re.search(r"再\S{1,2}$", before) and not (TO.search(before) or LESS.search(before)):
        # 再挤三万
        return whole(old + amount)
    if TO.search(before) or not (MORE.search(before) or LESS.search(before)):
        return whole(amount)
    if re.search(r"(?:再|多|额外|追|补|another|extra|more)", before) and not LESS.search(before):
        return whole(old + amount)
    return whole(old - amount) if LESS.search(before) else whole(old + amount)


def _by_share(old: float, share: float, before: str, text: str, *, kept: bool) -> float | int | None:
    """砍到七成 keeps the share, 砍三成 takes it away, 加三成 puts it on top."""
    if kept:
        return whole(round(old * share, 2))
    for words in (before, text):
        less, more = LESS.search(words), MORE.search(words)
        if less or more:
            return whole(round(old * (1 - share if less else 1 + share), 2))
    return whole(round(old * share, 2)) if share == 0.5 else None


def _wordless(old: float, text: str) -> float | int | None:
    if (new := _multiple(old, text)) is not None:
        return new
    if hit := SHARE.search(text):
        before, after = text[: hit.start()], text[hit.end() :]
        kept = bool(_KEPT.search(before)) or bool(_OF_IT.match(after))
        return _by_share(old, _share(hit), before, text, kept=kept)
    return whole(old / 2) if HALVE.search(text) else None


def _multiple(old: float, text: str) -> float | int | None:
    if hit := TIMES.search(text):
        raw = hit[1] or hit[2] or hit[3]
        factor = {
            "两": 2,
            "二": 2,
            "三": 3,
            "四": 4,
            "五": 5,
            "六": 6,
            "七": 7,
            "八": 8,
            "九": 9,
            "十": 10,
            "一点五": 1.5,
        }.get(raw)
        times = factor if factor is not None else float(raw)
        # 加两倍 puts twice the sum on top.
        return whole(old * (times + 1 if re.search(r"(?:加|增加?|多)\s?$", text[: hit.start()]) else times))
    if TRIPLE.search(text):
        return whole(old * (4 if "两番" in text else 3))
    if DOUBLE.search(text):
        return whole(old * 2)
    return None
