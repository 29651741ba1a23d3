"""Rules of the sending: length and words of the copy, hours, how often, hold-outs, experiments."""

import re

from linghang.reading.draft import Draft
from linghang.reading.experiments import experiment
from linghang.reading.quantities import NUMBER, number, whole
from linghang.reading.sending_hours import hours
from linghang.reading.sentence import Sentence

_PARTS = (
    ("title_max_chars", re.compile(r"标题|主标|title|headline|subject")),
    ("body_max_chars", re.compile(r"正文|内容|文案|短信|副标|body|copy|text|message")),
)
_EMOJI = re.compile(
    r"(?:(?:不要|不能|不许|不准|不可|请勿|勿|不|别再?)(?:使用|出现|加入|添加|用|带|放|加|有|写)|不要用|不能用|勿用|不带"
    r"|不要|不用|别带|别用|不能有|不得有|去掉|禁用|不加|别加|没有|无|no|without"
    r"|don't use|do not use|avoid|skip|drop the|omit|minus"
    r"|leave out|不含"
    r"|不放"
    r"|别放)\s*(?:任何|any\s)?\s*(?:emojis?|表情符号|表情|颜文字)|emoji[^,，。]{0,3}(?:不要|别带|去掉|不带)"
)
_EXCLAIM = re.compile(
    r"(?:不带|不要|不用|别带|别用|no|without|去掉)\s*(?:任何)?\s*(?:感叹号|叹号|惊叹号|exclamation(?: marks?"
    r"| points?)?)"
)
_FEW = 6
_COPY = re.compile(r"文案|话术|标题|正文|素材|海报|内容里|合规要求|措辞|表述|copy|wording|text|subject")
_NOT_SAY = re.compile(
    r"(?:一律|绝对|千万|都|也|全部|里|中)?(?P<trigger>不要出现|不能出现|不得出现|不许出现|别出现|不出现|避免出现"
    r"|不要写|不能写|不写|别写|不要提到?|不能提|不提及?|别提|不说|不要说|别说|不得使用|不能用|不要带|不带|别带"
    r"|(?:不要|别|不许|不得|不能|不可以?)(?=承诺|保证|营销|广告|收益|排名|承诺|夸张|极限词|敏感词|促销|打扰性)"
    r"|(?:禁止|严禁|杜绝)(?=营销|承诺|夸大|诱导|收益|保本|绝对化)"
    r"|(?:不要|别|无需)(?:有|带|放|加|任何)*(?=[^,，。;]{0,6}(?:信息|内容|字样|话术|词汇|表述|字眼)(?:[,，。;]"
    r"|$))|避开(?=[^,，。;]{1,14}(?:词|字眼|字样|说法|表述))|(?:不得|不能|不可|不许)含有?|避免使用|禁用|禁写|禁提|禁说|忌写|忌用|严禁出现|禁止写|禁止出现|禁止使用|避免提?|不含|不得提|不准写|不准提|不谈|不讲"
    r"|不宣传|(?:不要|别|不能|不可以?|不得|避免)(?:使用|用|写上?|出现|含?有|带|说|提|讲)?(?=\"[^\"]{1,20}\")"
    r"|(?:不要|别|不能|不得|勿)(?:使用|用)(?=[^,，。;]{1,16}(?:字眼|字样|词汇|词语|措辞|说法|表述|话术|这种词|这类词|这些词|的词))"
    r"|(?:不许|不准|不可以?|请勿|切勿|勿|严禁|禁止|禁|别|不要|不能|不得|不)(?:再)?(?:提及|提到|提|写|讲|谈|涉及|宣称|暗示|强调)(?=[\u4e00-\u9fff])(?!现|额|升|供|高|交|前|醒|款|信|进)"
    r"|不(?=营销|推销|卖货)|别(?=推销|卖货))(?P<what>(?:(?!也?(?:不要|别|不能|不得|不许|不准|不可以?|勿|不)(?:写|提|出现|说|带))[^,，。;；!！?？\n]){1,30})"
)
_NO_EN = re.compile(
    r"(?<![a-z])(?:no|avoid|without|don't mention|do not mention|never mention|not mention(?:ing)?|don't say"
    r"|steer clear of)\s(?P<what>[a-z][a-z\s'-]{2,40}?)(?:\s(?:mention(?:s|ed|ing)?|numbers?|figures?|words?"
    r"|claims?|language|wording|talk|references?|in (?:the )?(?:copy|title|text)))*(?=[,.;!?\n]|$|\sand\b"
    r"|\sor\b)"
)
# 优惠字样别放; keep forecasts out of the copy; never use the words "best": what is named before, or in quotes.
_LEFT_OUT = re.compile(
    r"(?:^|[,，。;；\n])(?:文案里?|标题里?)?(?P<what>[^,，。;；\n]{1,16}?)(?:这类|这种|等)?(?:的)?(?:字样|字眼|词汇?|措辞|表述|说法)(?:都|也|就|一律)?"
    r"(?:别|不要|不能|不许|不得|禁止?)(?:再)?(?:放|写|出现|用|提|有|带|上)"
)
_NONE_WITH = re.compile(
    r"(?:写|提|出现|带|用|含)(?:了|到|有)?\s?(?P<what>\"[^\"]{1,12}\"(?:[、或和/]\"[^\"]{1,12}\")*)(?:[一两二三四五]个字|字样|字眼|这个?词|这种)?的?"
    r"(?:一律|都|全|统统|通通)?(?:不行|不许|不准|不能过?|禁止|免谈|打回|不要|不过)"
)
# “稳赚”“保本”这两个词文案里都不许出现, superlatives are banned: the ban stands behind the words.
_BANNED = re.compile(
    r"(?P<what>\"[^,，。;；\n]{1,40}\")\s?[这那]?(?:[一两二三四五六几些种类]?[个种类]?(?:字眼|字样|词语|词|字|话|说法))?(?:在|，|,)?"
    r"(?:文案|标题|正文|短信|内容|素材|话术|海报)?(?:里面|里|中)?(?:都|也|一律|统统|绝对|就|通通|一概|全)?"
    r"(?:不许|不要|不能|不准|不得|不可以?|别|禁止|严禁|勿)(?:再|有)?(?:出现|写|用|提|放|带|上|说|使用)"
)
_BANNED_EN = re.compile(
    r"(?:^|[,.;!\n]\s?|\sand\s)(?:(?:the )?(?:words?|phrases?|terms?)\s(?:like\s)?)?(?P<what>[a-z\"][a-z\s'\"-]{2,40}?)"
    r"\s(?:(?:must not|may not|should not|shouldn't|mustn't|cannot|can't|can not)\s(?:appear|be used|show up)"
    r"|(?:is|are)\s(?:strictly |all |both )?(?:banned|forbidden|off[- ]limits|prohibited|taboo"
    r"|not allowed in the copy|not to appear))"
)
_KEPT_OUT = re.compile(
    r"(?:keep|leave) (?P<what>[a-z][a-z\s'\"-]{2,50}?) out(?: of (?:the |our )?(?:copy|text|title|message"
    r"|headline|wording))?(?=[,.;!\n]|$)"
)
_QUOTED_EN = re.compile(
    r"(?:not|never|n't|avoid|without|no)\s(?:ever\s)?(?:contain|use|using|include|including|say|saying|mention|mentioning|write"
    r"|writing|have)?\s?(?:the\s)?(?:words?|phrases?|terms?)?\s?(?P<what>\"[^\"]{1,30}\"(?:\s?(?:,|or|and|nor|/)\s?(?:or\s)?\"[^\"]{1,30}\")*)"
)


def _left_out(draft: Draft) -> None:
    found = draft.sentence
    for pattern in (_LEFT_OUT, _NONE_WITH, _KEPT_OUT, _QUOTED_EN, _BANNED, _BANNED_EN):
        for hit in pattern.finditer(found.text):
            start = hit.start("what")
            quoted = [] if pattern is _BANNED_EN else re.findall(r"\"([^\"]{1,30})\"", hit["what"])
            pieces = quoted or re.split(r"[、/]|\s(?:or|and)\s|和|或", hit["what"])
            inside = [t for t in found.tokens if t.start >= start and t.end <= hit.end("what")]
            if pattern is _KEPT_OUT and any(t.has("channel", "slot") for t in inside):
                continue
            if pattern is _BANNED_EN and (_NOT_COPY.search(hit["what"]) or any(t.has(*_NO_WORDS) for t in inside)):
                continue
            for piece in pieces:
                begin = found.text.find(piece, start)
                value = re.sub(r"^(?:any|the)\s", "", found.normal.plain(begin, begin + len(piece)).strip("“”\"'「」 "))
                if value:
                    draft.add("exclusions", {"field": "copy", "op": "contains", "value": value})
            draft.note("exclusions", *hit.span())
            _use_within(found, *hit.span())


_NOT_COPY = re.compile(
    r"短信|电话|push|弹窗|sms|call|email|popup|emoji|表情|holdout|deposit|budget|coupon|预算|打扰|than |later "
    r"|earlier |limit|one|longer|less|offers?$|discounts?$|incentives?$|rewards?$|gifts?$"
)
_NO_WORDS = ("channel", "slot", "act", "time", "state", "field", "product", "quantity")
_SALES_TALK = re.compile(r"(?:任何)?(?:营销|促销|推销|广告|承诺|收益|排名|夸张|卖货)")
_LISTED = re.compile(r"[、/]|(?<=.)(?:和|或者?|以及|及|与)|,\s?")
_TAIL = re.compile(
    r"(?:[这那]?(?:[一两二三四五六]个|俩|仨|二|两)[字词])?(?:等)?(?:这种|这类|这些|之类|一类)?(?:相关)?(?:的)?(?:字样|字眼|词汇|词语|词|内容|表述|说法|信息|话术|用语)?(?:就行|即可|哈|了|吧|哦|呀|啊)?$"
)
_HOLDOUT = re.compile(
    r"对照|holdout|hold-out|hold out|留白|空白组|控制组|control|不发作|不触达作|不发做|基准组|静默组|留出"
)
_CAP = re.compile(
    r"最多|不超过|至多|上限|频控|频次|封顶|只发|只推|仅|不多于|max|at most|no more than|up to|limit|cap|不要超过|别超过"
)
_PERIODS = ((re.compile(r"每周|一周|每星期|一个?(?:礼拜|星期)|/\s?(?:周|wk|w(?![a-z]))|周频|per week"
    r"|a week|weekly|/week|每个?礼拜"
    r"|7天内"), 7),
    (re.compile(r"每天|每日|/\s?[天日]|一天|per day|a day|daily|/day|单日|当天"), 1),
            (re.compile(r"每月|/\s?月|一个月|每个月|per month|a month|monthly|/month|月内"), 30))  # fmt: skip
_ONLY_HOURS = re.compile(
    r"只在|仅在|只能|发送时间|发送时段|时段|时间段|之间发|内发|发送窗口|window|only|between|不早于"
    r"|send (?:it )?between|发"
)


def rules(draft: Draft) -> None:
    """Put copy rules and forbidden words, hold-out, experiment, frequency cap and sending hours."""
    _copy_rules(draft)
    _forbidden(draft)
    _left_out(draft)
    _forbidden_en(draft)
    _holdout(draft)
    experiment(draft)
    _frequency(draft)
    hours(draft)


def _copy_rules(draft: Draft) -> None:
    found = draft.sentence
    for place in list(found.where("quantity")):
        quantity = found.quantity(place)
        if quantity is None or quantity.unit != "char":
            continue
        if quantity.values[-1] <= _FEW and re.search(r"[\"']\s?(?:这|那)?$|[这那]$", found.before(place, 3)):
            # “最低”两个字 counts the word that is meant.
            continue
        if quantity.values[-1] <= _FEW and _NOT_SAY.search(found.before(place, 20) + found.tokens[place].text):
            continue
        near = found.clause_text(place)
        key = _part_before(found.before(place, 200)) or _part_before(near) or "title_max_chars"
        draft.values.setdefault("copy_rules", {}).setdefault(key, whole(quantity.values[-1]))
        draft.support("copy_rules", place)
    for key, pattern in (("no_emoji", _EMOJI), ("no_exclamation", _EXCLAIM)):
        if hit := pattern.search(found.text):
            draft.values.setdefault("copy_rules", {})[key] = True
            draft.note("copy_rules", *hit.span())
            _use_within(found, *hit.span(), spare="channel")


def _part_before(text: str) -> str:
    """The part of the copy that was spoken of last: 标题 or 正文."""
    ends = [(hit.end(), key) for key, cue in _PARTS for hit in cue.finditer(text)]
    return max(ends)[1] if ends else ""


def _use_within(found: Sentence, start: int, end: int, spare: str = "") -> None:
    for place, token in enumerate(found.tokens):
        if token.start >= start and token.end <= end and not (spare and spare in token.senses):
            found.used.add(place)


def _forbidden(draft: Draft) -> None:
    text = draft.sentence.text
    for hit in _NOT_SAY.finditer(text):
        what, trigger = hit["what"], hit["trigger"]
        if trigger in ("不带", "别带", "不要带") and what.startswith("货"):
            # 不带货 sells nothing; it forbids no word.
            continue
        if "emoji" in what or "表情" in what or "叹号" in what or _NOT_COPY.match(what.strip()):
            continue
        if trigger in ("不带", "别带", "不含", "禁用", "不能用", "避免", "不要带") and not (
            _COPY.search(text) or trigger in {"别带", "不带"} or _SALES_TALK.match(what)
        ):
            continue
        start = hit.start("what")
        for piece in _pieces(what):
            begin = text.find(piece, start)
            value = draft.sentence.normal.plain(begin, begin + len(piece)).strip("“”\"'「」 ")
            draft.add("exclusions", {"field": "copy", "op": "contains", "value": value})
        draft.note("exclusions", hit.start("trigger"), hit.end())
        _use_within(draft.sentence, hit.start("trigger"), hit.end())


def _pieces(what: str) -> list[str]:
    if quoted := re.findall(r'"([^"]{1,20})"', what):
        return quoted
    pieces: list[str] = []
    for piece in _LISTED.split(what):
        clean = _TAIL.sub("", re.sub(r"^(?:任何|不写|不提|不要|“|\")+", "", piece.strip())).strip(" “”\"'的")
        if clean:
            pieces.append(clean)
    return pieces


def _forbidden_en(draft: Draft) -> None:
    found = draft.sentence
    for hit in _NO_EN.finditer(found.text):
        what = hit["what"].strip()
        inside = [token for token in found.tokens if token.end > hit.start("what") and token.start < hit.end("what")]
        if _NOT_COPY.match(what) or any(
            token.has("channel", "slot", "act", "time", "state", "field") for token in inside
        ):
            continue
        if any(token.has("offer", "budget", "tone") for token in inside):
            continue
        if any(token.has("product") for token in inside) and not re.search(r"mention|talk|reference|say", hit[0]):
            continue
        for piece in re.split(r"\s(?:or|and)\s", what):
            draft.add("exclusions", {"field": "copy", "op": "contains", "value": re.sub(r"^(?:any|the)\s", "", piece)})
        draft.note("exclusions", *hit.span())
        _use_within(found, *hit.span())


def _holdout(draft: Draft) -> None:
    found = draft.sentence
    for place in list(found.where("quantity")):
        quantity = found.quantity(place)
        if (
            quantity is not None
            and quantity.unit == "pct"
            and quantity.form == "one"
            and _HOLDOUT.search(found.labelled(place))
        ):
            draft.put("holdout_pct", quantity.value, place)
            return


def _cap_candidates(found: Sentence) -> list[tuple[int, int]]:
    """Counts that may cap how often, with 1 where a word of capping stands in their clause."""
    candidates: list[tuple[int, int]] = []
    for place in list(found.where("quantity")):
        quantity = found.quantity(place)
        if quantity is None or quantity.unit not in ("times", "piece") or quantity.form != "one":
            continue
        clause = found.clause_text(place)
        capped = bool(_CAP.search(clause))
        if any(token.has("field") for token in found.tokens[max(0, place - 2) : place]):
            # 联系次数不超过3次 bounds what customers had.
            continue
        if _DAY_OF_WEEK.search(clause) and not capped:
            continue
        if quantity.unit == "piece" and not (
            quantity.word in ("条", "封", "个", "message", "messages", "pushes", "emails", "texts", "touches")
            and capped
            and per_days(clause)
        ):
            continue
        if capped or (per_days(clause) and re.search(r"每人|一人|单人|单客|频|每周|per|a week|每月|每天", clause)):
            candidates.append((place, 1 if capped else 0))
    return candidates


def _frequency(draft: Draft) -> None:
    found = draft.sentence
    candidates = _cap_candidates(found)
    if not candidates:
        return
    place, _capped_rank = max(candidates, key=lambda item: item[1])
    clause = found.clause_text(place)
    window = per_days(clause) or next((w for other, _ in candidates if (w := per_days(found.clause_text(other)))), None)
    if re.search(r"看|浏览|买|登录|点击|支付|付款|交易|消费|刷|下单|打开|访问|viewed|bought", found.before(place, 8)):
        return
    if window is None and re.search(r"(?:只|就|仅)(?:发|推|做|搞|跑)(?:这|那)?$", found.before(place, 4)):
        # 只发这一次 says that nothing repeats.
        return
    quantity = found.quantity(place)
    assert quantity is not None
    value: dict[str, object] = {"max": quantity.value}
    if window:
        value["window_days"] = window
    draft.put("freq_cap", value, *(other for other, _ in candidates))
    for other in list(found.where("recurrence")):
        if found.tokens[other].senses["recurrence"].args[0] in ("weekly", "monthly", "daily"):
            draft.support("freq_cap", other)


_DAY_OF_WEEK = re.compile(
    r"每个?(?:周|星期|礼拜)[一二三四五六日天](?![次篇条封])|every (?:mon|tue|wed|thu|fri|sat|sun)|每个?月\d{1,2}[号日]"
)


def per_days(text: str) -> int | None:
    """The days over which a frequency counts: 每周 7, 每三天 3; None where none are said."""
    for pattern, days in _PERIODS:
        if pattern.search(text):
            return days
    if hit := re.search(
        rf"({NUMBER})\s?(?:个)?(?:周|星期|礼拜)(?!一|二|三|四|五|六|日|天)(?:内|最多|不超过|只|一次)"
        rf"|every (\d) weeks|每隔?\s?({NUMBER})\s?个?(?:周|星期|礼拜)",
        text,
    ):
        weeks = number(hit[1] or hit[2] or hit[3])
        return None if weeks is None else int(weeks * 7)
    if hit := re.search(r"(\d{1,2}|[一二两三四五六七八九十]{1,3})\s?(?:天|日)(?:内)?|every (\d{1,2}) days", text):
        days = number(hit[1] or hit[2])
        return None if days is None else int(days)
    return None
