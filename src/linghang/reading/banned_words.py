"""What the copy must not say: words that are banned before, behind or in quotes, in both languages."""

import re

from linghang.reading.draft import Draft
from linghang.reading.sentence import Sentence

_COPY = re.compile(r"文案|话术|标题|正文|素材|海报|内容里|合规要求|措辞|表述|copy|wording|text|subject")
_NOT_SAY = re.compile(
    r"(?:一律|绝对|千万|都|也|全部|里|中)?(?P<trigger>不要出现|不能出现|不得出现|不许出现|别出现|不出现|避免出现"
    r"|不要写|不能写|不写|别写|不要提到?|不能提|不提及?|别提|不说|不要说|别说|不得使用|不能用|不要带|不带|别带"
    r"|(?:不要|别|不许|不得|不能|不可以?)(?=承诺|保证|营销|广告|收益|排名|承诺|夸张|极限词|敏感词|促销|打扰性)"
    r"|(?:不准|不许|不能|不得|不可|禁止|严禁|切勿|勿|别|不要)(?:夹?带|夹|掺|放|含|有)(?:任何)?(?=营销|促销"
    r"|推销|广告|承诺|收益|排名|夸张)"
    r"|(?:禁止|严禁|杜绝)(?=营销|承诺|夸大|诱导|收益|保本|绝对化)"
    r"|(?:不要|别|无需)(?:有|带|放|加|任何)*(?=[^,，。;]{0,6}(?:信息|内容|字样|话术|词汇|表述|字眼)(?:[,，。;]"
    r"|$))|避开(?=[^,，。;]{1,14}(?:词|字眼|字样|说法|表述))|(?:不得|不能|不可|不许)含有?|避免使用|禁用|禁写"
    r"|禁提|禁说|忌写|忌用|严禁出现|禁止写|禁止出现|禁止使用|避免提?|不含|不得提|不准写|不准提|不谈|不讲"
    r"|不宣传|(?:不要|别|不能|不可以?|不得|避免)(?:使用|用|写上?|出现|含?有|带|说|提|讲)?(?=\"[^\"]{1,20}\")"
    r"|(?:不许|不准|禁止|严禁|切勿|勿)(?:使用|用|写上?|出现|含?有|带|说|提|讲)(?=\"[^\"]{1,20}\")"
    r"|(?<=文案)(?:里|中)?(?:要)?(?:避开|回避|规避|绕开)"
    r"|(?:不要|别|不能|不得|勿)(?:使用|用)(?=[^,，。;]{1,16}(?:字眼|字样|词汇|词语|措辞|说法|表述|话术|这种词"
    r"|这类词|这些词|的词))"
    r"|(?:不许|不准|不可以?|请勿|切勿|勿|严禁|禁止|禁|别|不要|不能|不得|不)(?:再)?(?:提及|提到|提|写|讲|谈"
    r"|涉及|宣称|暗示|强调)(?=[\u4e00-\u9fff])(?!现|额|升|供|高|交|前|醒|款|信|进)"
    r"|不(?=营销|推销|卖货)|别(?=推销|卖货))(?P<what>(?:(?!也?(?:不要|别|不能|不得|不许|不准|不可以?|勿"
    r"|不)(?:写|提|出现|说|带))[^,，。;；!！?？\n]){1,30})"
)
_NO_EN = re.compile(
    r"(?<![a-z])(?:no|avoid|without|(?:don't|do not|never) use|don't mention|do not mention|never mention"
    r"|not mention(?:ing)?|don't say"
    r"|steer clear of)\s(?:mentions? of\s|mentioning\s|references? to\s|any\s)*"
    r"(?P<what>(?![a-z\s]{1,30}\byet(?![a-z]))[a-z][a-z\s'-]{2,40}?)(?:\s(?:mention(?:s|ed|ing)?|numbers?|figures?|words?"
    r"|claims?|language|wording|talk|references?|in (?:the )?(?:copy|title|text)))*(?=[,.;!?\n]|$|\sand\b"
    r"|\sor\b)"
)
# 优惠字样别放; keep forecasts out of the copy; never use the words "best": what is named before, or in quotes.
_LEFT_OUT = re.compile(
    r"(?:^|[,，。;；\n])(?:文案里?|标题里?)?(?P<what>[^,，。;；\n]{1,16}?)(?:这类|这种|等)?(?:的)?(?:字样|字眼"
    r"|词汇?|措辞|表述|说法)(?:都|也|就|一律)?"
    r"(?:别|不要|不能|不许|不得|禁止?)(?:再)?(?:放|写|出现|用|提|有|带|上)"
)
_NONE_WITH = re.compile(
    r"(?:写|提|出现|带|用|含)(?:了|到"
    r"|有)?\s?(?P<what>\"[^\"]{1,12}\"(?:[、或和/]\"[^\"]{1,12}\")*)(?:[一两二三四五]个字|字样|字眼|这个?词|这种)?的?"
    r"(?:一律|都|全|统统|通通)?(?:不行|不许|不准|不能过?|禁止|免谈|打回|不要|不过)"
)
# “稳赚”“保本”这两个词文案里都不许出现, superlatives are banned: the ban stands behind the words.
_BANNED = re.compile(
    r"(?P<what>\"[^,，。;；\n]{1,40}\")\s?[这那]?(?:[一两二三四五六几些种类]?[个种类]?(?:字眼|字样|词语|词|字"
    r"|话|说法))?(?:在|，|,)?"
    r"(?:文案|标题|正文|短信|内容|素材|话术|海报)?(?:里面|里|中)?(?:都|也|一律|统统|绝对|就|通通|一概|全)?"
    r"(?:不许|不要|不能|不准|不得|不可以?|别|禁止|严禁|勿)(?:再|有)?(?:出现|写|用|提|放|带|上|说|使用)"
)
_BANNED_EN = re.compile(
    r"(?:^|[,.;!\n]\s?(?:and\s)?|\sand\s)(?:(?:the )?(?:words?|phrases?"
    r"|terms?)\s(?:like\s)?)?(?P<what>[a-z\"][a-z\s'\"-]{2,40}?)"
    r"\s(?:(?:must not|may not|should not|shouldn't|mustn't|cannot|can't|can not)\s(?:appear|be used|show up)"
    r"|(?:is|are)\s(?:strictly |all |both )?(?:banned|forbidden|off[- ]limits|prohibited|taboo"
    r"|not allowed in the copy|not to appear))"
)
_KEPT_OUT = re.compile(
    r"(?:keep|leave) (?P<what>[a-z][a-z\s'\"-]{2,50}?) out(?: of (?:the |our )?(?:copy|text|title|message"
    r"|headline|wording))?(?=[,.;!\n]|$)"
)
_QUOTED_EN = re.compile(
    r"(?:not|never|n't|avoid|without|no)\s(?:ever\s)?(?:contain|use|using|include|including|say|saying|mention"
    r"|mentioning|write"
    r"|writing|have)?\s?(?:the\s)?(?:words?|phrases?|terms?)?\s?(?P<what>\"[^\"]{1,30}\"(?:\s?(?:,|or|and|nor"
    r"|/)\s?(?:or\s)?\"[^\"]{1,30}\")*)"
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
            found.use(*hit.span())


_NOT_COPY = re.compile(
    r"短信|电话|push|弹窗|sms|call|email|popup|emoji|表情|holdout|deposit|budget|coupon|预算|打扰|than |later "
    r"|earlier |limit|one|longer|less|offers?$|discounts?$|incentives?$|rewards?$|gifts?$"
)
_NO_WORDS = ("channel", "slot", "act", "time", "state", "field", "product", "quantity")
_SALES_TALK = re.compile(r"(?:任何)?(?:营销|促销|推销|广告|承诺|收益|排名|夸张|卖货)")
_LISTED = re.compile(r"[、/]|(?<=.)(?:和|或者?|以及|及|与)|,\s?")
_TAIL = re.compile(
    r"(?:[这那]?(?:[一两二三四五六]个|俩|仨|二|两)[字词])?(?:等)?(?:这种|这类|这些|之类"
    r"|一类)?(?:相关)?(?:的)?(?:字样|字眼|词汇|词语|词|内容|表述|说法|信息|话术|用语)?(?:就行|即可|哈|了|吧|哦"
    r"|呀|啊)?$"
)


def bans(text: str) -> bool:
    """Whether a text bans words from the copy."""
    return bool(_NOT_SAY.search(text))


def banned_words(draft: Draft) -> None:
    """Put the words that the copy must not say into ``exclusions``."""
    _forbidden(draft)
    _left_out(draft)
    _forbidden_en(draft)


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
        draft.sentence.use(hit.start("trigger"), hit.end())


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
        for piece in [*re.split(r"\s(?:or|and)\s", what), *_more_words(found, hit.end())]:
            draft.add("exclusions", {"field": "copy", "op": "contains", "value": re.sub(r"^(?:any|the)\s", "", piece)})
        draft.note("exclusions", *hit.span())
        found.use(*hit.span())


_AND_WORDS = re.compile(r"\s(?:or|and|nor)\s(?P<what>[a-z][a-z'-]{2,20}(?:\s[a-z'-]{2,20})?)(?=[,.;!\n]|$)")
_LAST_WORD = re.compile(
    r"\s(?:mention(?:s|ed)?|numbers?|figures?|words?|claims?|language|wording|talk|references?|promises?)$"
)


def _more_words(found: Sentence, place: int) -> list[str]:
    """no superlatives or yield numbers: what is joined to a banned word is banned as well."""
    hit = _AND_WORDS.match(found.text, place)
    if hit is None or any(
        token.has("channel", "slot", "act", "time", "state", "field", "offer", "budget", "tone", "objective")
        for token in found.tokens
        if token.start < hit.end("what") and token.end > hit.start("what")
    ):
        return []
    found.use(*hit.span("what"))
    return [_LAST_WORD.sub("", hit["what"])]
