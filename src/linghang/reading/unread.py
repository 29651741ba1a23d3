"""What a reading left aside: clauses that support no value, told so that nothing is forgotten."""

import datetime as dt
import re
from collections.abc import Iterable

from linghang.packs.model import Pack
from linghang.reading.brief import brief
from linghang.reading.lexer import sentence
from linghang.reading.lexicon import lexicon
from linghang.reading.model import Span
from linghang.reading.questions import question

_BREAK = re.compile(
    r"(?<!\d),|,(?!\d{3}(?!\d))|[，。;；、！!？?\n]|且|并且|而且|同时|(?<![A-Za-z])(?:and|also|but)(?![A-Za-z])",
    re.IGNORECASE,
)
_FILLING = re.compile(
    r"[\s“”\"'「」《》（）()【】:：·~～…\-—+&/*.]|请|麻烦|帮我|帮忙|谢谢|多谢|辛苦|尽快|老板|亲|哈|啊|呢|吧|哦|嘛|呀|了|的|地|得|一下|这个|那个|这场|本次|这次"
    r"|我们|咱们|我想|想要|想|要|做|搞|弄|来|办|上|发|推|给|对|向|跟|和|与|及|或|为|就|都|也|还|再|是|有|在|把|用|一个|一场|一波|个|场|波|活动|方案|计划"
    r"|客户|用户|人群|人|们|大家|群体|目标|需求|安排|准备|需要|可以|主要|重点|另外|其他|其中|包括|比如|例如|等|等等|各位|大家|你好|您好|好|早|多少|几个|几位|几人|人数|规模|有多大|吗|么|查|看看|看|算|圈|筛|选|找|统计|一共|总共|总数|总量|总|目前|现在|当前|共|列出|名单|全体|全部|所有|全量"
    r"|(?:[^，,。;；、]{0,8})(?:不变|不动|别动|不用动|不改|照旧|照原来|唔使郁|唔郁|unchanged|as (?:it )?is)"
    r"|(?<![a-z])(?:please|thanks?|thank you|kindly|the|a|an|to|for|of|with|on|in|we|i|our|us|want|need|would|like|run"
    r"|do|make|create|launch|send|campaign|customers?|users?|people|those|who|are|is|be|have|has|them|it|that|this|will|also|how|many|count|number|size|show|find|list|there)(?![a-z])",
    re.IGNORECASE,
)
_LEAST = 2
"""Chinese characters, or one word of three letters, that must be left of a clause before it says anything."""


def left_aside(text: str, *, today: dt.date, pack: Pack | None) -> tuple[str, ...]:
    """The clauses of a sentence about customers in which nothing was read, neither as a brief nor as a question."""
    words = lexicon(pack)
    drafts = (brief(sentence(text, words), today, words), question(sentence(text, words), today, words))
    spans = [span for draft in drafts for places in draft.spans.values() for span in places]
    return tuple(text[start:end] for start, end in unread(text, spans))


def unread(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Half-open ranges of code points of clauses in which no value has its words and which do say something."""
    used = sorted(spans)
    found: list[Span] = []
    place = 0
    for cut in [*_BREAK.finditer(text), None]:
        end = cut.start() if cut is not None else len(text)
        clause = text[place:end]
        if not any(start < end and stop > place for start, stop in used) and (_says(clause) or _is_value(clause)):
            found.append(_trimmed(text, place, end))
        place = cut.end() if cut is not None else end
    return tuple(found)


_VALUE = re.compile(
    r"(?:约|大概|大约|就|共|一共|about|around)?\s?[¥$￥]?\s?(?:\d[\d,.]*|[零一二两三四五六七八九十百千半]{1,6})\s?"
    r"(?:个?[万千百亿wk]|million|thousand)*\s?(?:%|％|元|块钱?|人民币|天|日|号|周|个月|张|份|人|位|个|次|条|折|成|倍"
    r"|点|yuan|days?|people|customers|coupons?|percent)?\s?(?:左右|上下|以内|吧|的)?",
    re.IGNORECASE,
)


def _is_value(clause: str) -> bool:
    """Whether a clause is a figure alone (30, 15%, 100张): nobody says one for nothing."""
    figure = clause.strip()
    return (len(figure) > 1 or figure.isascii()) and bool(figure) and _VALUE.fullmatch(figure) is not None


def _says(clause: str) -> bool:
    left = _FILLING.sub("", clause)
    return len(re.findall(r"[\u3400-\u9fff]", left)) >= _LEAST or bool(re.search(r"[A-Za-z]{3,}", left))


def _trimmed(text: str, start: int, end: int) -> Span:
    clause = text[start:end]
    return (start + len(clause) - len(clause.lstrip()), end - len(clause) + len(clause.rstrip()))
