"""A message of several edits in its pieces: each is one change, made on what the pieces before it left.

Pieces part at stops, numbering and words of joining. What cannot stand alone stays with its neighbour: a complaint
(20块太少) with the wish behind it, a bare verb (撤了吧, 换成邮件) with what is before it, a list with its end.
"""

import itertools
import re

from linghang.reading.edits.keys import left_alone
from linghang.reading.edits.reasons import PARTED
from linghang.reading.edits.words import ADD, DOUBLE, DROP, HALVE, LESS, MORE, NOT_SO, ONLY, REJECTED, SWAP, TURNED_DOWN
from linghang.reading.sentence import Sentence

Span = tuple[int, int]

_VERBS = (
    "add|drop|cut|raise|lower|start|extend|move|make it|make the|set|change|remove|keep|switch|swap|push (?:the|it)|end"
    "|finish|wrap|run|kick|send|launch|stop|open|widen|narrow|allow|let|put|take|cancel|skip|exclude|cap|replace|bump"
    "|shift|reduce|increase|double|halve|use|leave|limit|shorten|only|target|no|don't|lift|pull|bring|delay|trim"
    "|tighten"
)
_STOP = re.compile(
    r"[,，。;；!！?？\n]+\s*|(?<=[\u4e00-\u9fffa-z0-9%])\s+(?=[\u4e00-\u9fff])(?!\s*[元块万千天日周月年个条次张])"
    r"|\.\s+(?=[a-z])"
    r"|(?:^|(?<=[\s,，。;；\n]))(?:[1-9一二三四五]\s?[.、)）](?=\s*[^\s\d])|[①-⑨])\s*"
    r"|(?=(?:然后|顺便|顺带|同时(?!段)|另外|还有|并且|外加)(?!一))"
    rf"|\s(?:but|while|and|then|plus|also|so)\s(?=(?:also\s|then\s|please\s|just\s)?(?:{_VERBS})(?![a-z]))"
    r"|\s(?:but|while)\s(?=(?:the|budget|with)\s)|\s?(?:\.{3,}|…)\s?|\s-\s+(?=[a-z])"
    r"|\sand\s(?!above|below|over|under|up )(?=[^,.;]{1,24}\s(?:only|too|out|instead|as well)(?:\W|$))"
    rf"|{PARTED}"
)
_LEAD = re.compile(
    r"^(?:另外|然后|顺便|顺带|同时|还有|并且|对了|哦|嗯|那|好的?|行|ok|okay|also|and|but|so|then|plus|please"
    r"|btw)+[,，\s]*"
)
# 换成邮件, 改到晚上7点: the thing that changes stands before.
_LEANS_BACK = re.compile(
    r"^(?:就|那就|直接|先|都|全|统一|可以|还是|一律|再)*(?:把它|给它)?(?:换成|改成|改为|换为|变成|调成|替换成"
    r"|替换为|改用|改走|改发|换|改(?=\d)|(?:放宽?|提高?|降低?"
    r"|升|加|调整?|压|缩短?|延长?|推迟?|收紧?|扩大?|砍)?(?:到|至|成)(?=\d|[一二两三四五六七八九十百])"
    r"|(?:不用|不必|无需|不再|别|取消)(?:再)?(?:排除|剔除|剔掉?|拦|屏蔽)(?:他们|她们|它们|掉|了|吧)*$"
    r"|用[^,，。;]{1,8}(?:顶上|代替|替代|替)|而?(?:应该)?是(?=\s?\d)|instead|make it|change it"
    r"|use [^,.;]{1,20} instead|replace (?:it|them))"
)
_BARE = re.compile(
    r"^(?:就|都|也|先|全|统统|一起|一并|直接|给我|麻烦|请|帮我|可以|还是|暂时|(?:那|这)(?:一)?(?:个|条|项|路|块|档|批)?(?:位置|渠道|资源位|点位|条件|规则|限制|人|客户)?|它|把它|把这[个条项])*"
    r"(?:(?:砍|撤|停|删|剔|排|去|关|下|拿|踢|筛|刨|拦|摘|抹|弃|免|省|收|放)(?:掉|了|走|出去?|开|去|除)?|去掉|拿掉|砍掉|删掉|删了?|去了|撤了?|撤掉|停了?|停掉|取消|不要了?|不发了?|不用了?|算了|免了|下掉|下线"
    r"|关了?|关掉|加上|补上|恢复|保留|留着|够了?"
    r"|(?:别|不)(?:上|发|用|做|投|推|打|放)了?|就行|即可|减半|翻倍|翻番|drop (?:it|them)"
    r"|remove (?:it|them)|cancel (?:it|them))(?:了|吧|掉"
    r"|就行|哈|啦|呗|即可|也行)*$"
)
_RATIO = re.compile(r"^(?:就|流量|量)?(?:按|以|照)?\s?\d{1,2}\s?[:比/]\s?\d{1,2}(?!\s?[日号月])")
# C3 and above, not C2: what is turned down belongs to what is wanted.
_NOT_THAT = re.compile(r"^(?:and |而)?(?:not|不是|并非)\s?[^,，。;]{1,14}$")
_COMPLAINT = re.compile(
    r"太|没[抢订约排拿申谈批]|[抢订约排拿]不[到上]|不够|不行|不现实|来不及|偏[大小高低多少贵]|嫌|有点"
    r"|批不下来|没批|不合适|不好|效果|赶不上|too "
    r"|not enough|isn't|won't|不太"
)
_TALKS = re.compile(
    r"[到为成至](?=\d)|\d|[一二两三四五六七八九十百千万]|不限|放开|限定|排除|剔|禁|延|提前|推迟|顺延|往后|往前|缩"
    r"|加|减|改|换|去|删|停|撤|要|用|发|走|只|别|不|也行|也可|都行|无所谓"
)
_UNCHANGED = re.compile(
    r"^(?P<what>[^,，。;]{0,14}?)(?:都|就|先|也|还是|保持|维持|一律)*(?:不变|不动|不改|别动|别改|不用(?:动|改|变)"
    r"|照旧|照样|一样|保持原样|维持原样|按原来的?|还是原来的?"
    r"|原样|保持|维持原来的?)(?:了|吧|哈|就行|即可)?$"
    r"|^(?:but )?(?:keep|leave)\s(?!out |off )(?:the\s)?(?P<kept>[a-z ]{3,24}?)(?:\s(?:as (?:it )?is"
    r"|unchanged|the same|alone))?$"
    r"|^(?:the )?same\s(?P<also>[a-z ]{3,24}?)(?: as before)?$"
    r"|^(?P<spared>[^,，。;只]{1,10}?)(?:保留|留着|别碰)(?:了|吧)?$"
    r"|^(?P<same>[a-z ]{3,24}?)\s(?:stays?(?: the same| put| (?:where|as|what|how) (?:it|they) (?:is|are))?"
    r"|remains?(?: the same)?|unchanged|as is"
    r"|as (?:planned|scheduled|before))$"
)
# 标题12字写不下: a figure that is complained of waits for the one that is wanted.
_FIGURE_DOWN = re.compile(rf"\d[^,，。;\d]{{0,4}}(?:{TURNED_DOWN.pattern})[^,，。;]{{0,2}}$")
_PLACES = re.compile(
    r"(?:push|推送|短信|首页弹窗|弹窗|邮件|企业?微信?|公众号|站内信|小程序|开屏|首页banner|banner|电话|sms|email)"
)
_KPI = re.compile(r"kpi|指标|考核|目标|target|goal")
_THE_REST = re.compile(
    r"(?:除了?[^,，。;]{1,8}?(?:以外|之外|外)?)?(?:其他|其它|其余|别的|剩下|另外|the rest|everything else|others?)"
)


def clauses(found: Sentence) -> list[Span]:
    """What stands between stops and words of joining, as spans of the normalised text."""
    text = found.text
    covered = {place for token in found.tokens for place in range(token.start + 1, token.end)}
    cuts = [hit.span() for hit in _STOP.finditer(text) if hit.start() not in covered or hit.start() == hit.end()]
    cuts = [cut for cut in cuts if cut[0] not in covered]
    edges = [0, *itertools.chain.from_iterable(cuts), len(text)]
    raw = [(low, high) for low, high in zip(edges[::2], edges[1::2], strict=True) if text[low:high].strip()]
    return list(itertools.chain.from_iterable(_turning(text, low, high) for low, high in raw))


def pieces(found: Sentence) -> list[Span]:
    """The pieces of a sentence, each a clause or several that only together say something."""
    text, made = found.text, list[Span]()
    for low, high in clauses(found):
        lead = _LEAD.match(text[low:high])
        words = text[low + (lead.end() if lead else 0) : high].strip()
        if (
            made
            and words
            and (_joins_back(words) or _rest_of(text[slice(*made[-1])], words) or _unfinished(found, made[-1]))
        ):
            made[-1] = (made[-1][0], high)
        elif words:
            made.append((low, high))
    return made


_COMES = re.compile(r"(?<=[\u4e00-\u9fffa-z])(?:再)?(?:加上|补上|再加|新增)")


def _turning(text: str, low: int, high: int) -> list[Span]:
    """去掉深圳加上广州: what goes and what comes are two changes."""
    gone = DROP.search(text, low, high)
    come = _COMES.search(text, gone.end() + 2, high) if gone else None
    return [(low, high)] if come is None else [(low, come.start()), (come.start(), high)]


def _rest_of(left: str, words: str) -> bool:
    """推送留着，别的都去掉: what is kept tells what the rest is."""
    return bool(re.search(r"(?:留着|保留)\W*$", left)) and bool(_THE_REST.match(words))


def leans_back(words: str) -> bool:
    """Whether a clause says what to do and not with what (撤了吧, 换成邮件): the thing stands before."""
    return bool(_BARE.match(words.strip()) or _LEANS_BACK.match(words.strip()))


def _joins_back(words: str) -> bool:
    return (
        bool(
            re.match(
                r"(?:流量|量|就|按)*(?:[一二三四五六七八九]{2}(?:开|分)|对半|平分|均分)|(?:做|当|作为?|用作|留作|当作)(?:个)?(?:对照|留白|空白)",
                words,
            )
        )
        or bool(re.match(r"(?:流量|量|人群)?各(?:占|分|拿|给)?\s?(?:\d|一半|半)", words))
        or bool(re.match(r"(?:and )?b(?:版|组)?\s?(?:占|给|:)?\s?[\d一二三四五六七八九]", words))
        or bool(
            re.match(
                r"(?:and )?[cd](?:版|组)?\s?(?:占|给|:)\s?[\d一二三四五六七八九]|(?:and )?[cd]\s?\d{1,2}\s?%", words
            )
        )
        or bool(_BARE.match(words) or _RATIO.match(words) or _LEANS_BACK.match(words) or _NOT_THAT.match(words))
    )


def _unfinished(found: Sentence, left: Span) -> bool:
    """Whether the left piece waits for the right one: a complaint, or things without a word of what to do."""
    text = found.text[left[0] : left[1]]
    if unchanged(text) is not None:
        return False
    last = re.split(r"[,，。;；!！\n]", text)[-1]
    if REJECTED.search(last) or NOT_SO.search(last) or (_COMPLAINT.search(last) and not _says_verb(last)):
        return True
    if _KPI.search(last) and any(t.has("metric_word") for t in found.tokens if left[0] <= t.start < left[1]):
        return False
    if _FIGURE_DOWN.search(last):
        return True
    return not _says_verb(last) and not any(
        found.quantity(place) is not None or token.has("time", "clock", "tone", "style", "color", "grade")
        for place, token in enumerate(found.tokens)
        if left[0] <= token.start < left[1]
    )


def _says_verb(text: str) -> bool:
    return any(pattern.search(text) for pattern in (ONLY, SWAP, DROP, ADD, MORE, LESS, DOUBLE, HALVE, _TALKS))


def unchanged(text: str) -> tuple[str, ...] | None:
    """The roots that a piece says to leave alone (结束时间不动); None when it says no such thing."""
    hit = _UNCHANGED.match(_LEAD.sub("", text.strip()).rstrip(" .。!！"))
    if hit is None:
        return None
    what = hit["what"] or hit["kept"] or hit["same"] or hit["also"] or hit["spared"] or ""
    if _THE_REST.match(what):
        return ()
    if hit["spared"] and _PLACES.fullmatch(what):
        # push留着，弹窗换成banner
        return ()
    named = left_alone(what)
    return named if named or not hit["spared"] else None
