"""What excuses a match: a denial before it, a condemnation after it, a warning or a quotation around it."""

import functools
import re
from bisect import bisect_left, bisect_right

_BREAK = re.compile(r"[,。;!?\n]|(?<!\d):|:(?!\d)")
_PIECE = re.compile(r"[,。;!?\n()→]|(?<!\d):|:(?!\d)")
_SENTENCE = re.compile(r"[。;!?\n]")
_EN_BREAK = re.compile(r"[,;!?\n]|\.(?!\d)|: ")
_EN_SENTENCE = re.compile(r"[!?\n;]|\.(?!\d)")

_DENIAL = re.compile(
    r"(?:不(?:作|做)任何|不(?:作出?|做出?|予|会)?(?:承诺|保证|担保|许诺)|不(?:代表|表明|构成|等于|等同于?|同于|意味着?|表示|预示|涉及|提供|设|含|作|再|得(?!不)|应|宜|许|可|允许|要|能|会|是|存在|具有|附赠|赠送|支持|适用|鼓励|建议|追求|使用|出现)"
    r"|≠|并非|绝非|非(?!常|凡|得|要|同|遗)|没有|并无|没法|无法|(?:都|绝|并|也)?不可能|没人能|谁也不能|难以|禁止|严禁|杜绝|拒绝|切勿|请勿|勿|莫|别(?:再|去)?(?:信|被|把|听|轻信|用|拿|碰|指望|图)|轻信|远离|抵制|警惕|谨防|小心|当心|防范|识别|识破|揭秘|打击|整治|打破|告别|何来|哪有|谈不上|未(?!来|必)|从未|消除|驳斥|拆穿|查处|所谓的?|号称|声称|自称|谎称|宣称|鼓吹)"
)
_NOT = re.compile(r"(?:(?<![\u4e00-\u9fff])[不非未无勿]|[不非]|(?:并|也|均|都|亦)(?:不|未|无))$")
_NOT_DENIED = re.compile(r"错过|放过|比|而是|不(?!含)|没|失望|辜负|怕|担心|操心|发愁|拖|等|用")
_CONDEMNED = re.compile(
    r"^[^。!?;\n]{0,12}?(?:(?:都|均|多|就|可能|往往|或|通常)?(?:是|为|属|系|涉嫌)?(?:骗局|诈骗|骗人|危害|(?:投资里的)?危险词|谎话|一首歌|歌名|书名|不合规|违反|误解|骗子|陷阱|误区|误解|谣言|套路|违规|违法|非法|虚假|话术|圈套|忽悠|不实)"
    r"|(?:都|均|这些)?(?:是|属)?不(?:被)?允许|不可信|不可能|不靠谱|不存在|(?:已|被)(?:明令)?禁止|的习惯|要不得|不可取|成(?:为|了)?(?:过去|历史)|退出|一去不复返|要(?:当心|警惕|小心)|(?:须|需|请|应)(?:当心|警惕|小心|立即报警)|等(?:字样|字眼|话术|表述|用语|说法|宣传|承诺|词)|的(?:说法|承诺|宣传|话术|诱惑|幌子|旗号|噱头)|(?:就像|好比|如同|犹如|无异于)?(?:会)?(?:让|使|导致|令)?[^,。]{0,6}(?:越滚越大|越来越大|恶化|崩溃|拖垮|拆东墙|饮鸩止渴|火坑|深渊|无底洞|窟窿|恶性循环|雪上加霜))"
)
_REBUFFED = re.compile(r"[”\"]?\?(?:不|没有|别|先别)(?:[,。!]|是|会|存在|对|可能)")
_LIST = re.compile(r"[、/或和及][^、/或和及]{0,8}$")
_GONE = re.compile(r"^[”\"]?[^,。!?;\n]{0,4}?(?:为什么|为何|怎么)?(?:不见了|消失|还有吗|还存在吗|还能买到吗|去哪)")
_WARNING = re.compile(
    r"警惕|谨防|当心|切勿|勿信|不要相信|不轻信|勿轻信|莫贪|远离|防骗|反诈|诈骗|骗局|骗子|不法分子|冒充|举报|识破|非法集资|凡是|凡[是以称]|涉嫌|电诈|96110|如遇|若遇|遇到.{0,8}(?:请|要|勿)"
)
_PULL = re.compile(
    r"认准|选择?我们|(?<!不是)(?<!并非)我们(?:才|是(?!中国|怎|如)|的(?:产品|平台|理财|基金|保本|课|群|老师)(?!净值|会|可能|也|都)|平台|家(?!的))|本(?:产品|平台|行)(?:才|却|承诺|保证)|本店|唯有我|加(?:我|微|V|v)|扫码|立即(?:买|购|申|投|领)|点击(?:买|购|申|领)|来我"
)
_QUOTE = re.compile('[“"‘「『《]([^“”"‘’「」『』《》\n]{1,40})[”"’」』》]')
_CONDEMNS = re.compile(
    r"投诉|核实|说法是错|是错的|都是托|是个?托|编辑部|读者来信|不是(?:我行|我司|本行|本公司|我们)|请勿转账|别转账|合规同事|合规部|报警|陷阱|误导|别信|勿信|不要信|整改|不是我们|并非我们|从未(?:开设|授权|推出|委托|发布|有过)|未授权|拒绝|通报|处理了|成(?:为|了)?(?:了)?历史|有人说|别处|问我|怎么理解|为什么叫|为何叫|三个词|两个词|一词|这句话|这类话|这种话|两个字|二字|字样|不等于|凡(?:是|声称|称)|声称|自称|谣言|往往|追涨|不能写|不得写|不准写|不许写|别写|都不能说|辟谣|真的吗|老话|俗语|谚语|警示|揭|罚款|罚没|骗|警惕|谨防|当心|切勿|请勿(?:使用|轻信|相信)|勿信|不要(?:轻)?(?:信|使用|因为)|不轻信|远离|防骗|反诈|诈骗|骗局|骗子|不法分子|冒充|假冒|非法集资|电诈|96110|12386"
    r"|误区|典型的|禁用|违规|举报|从未推荐|话术|提示:|多部门|典型案例|曝光|通报|非法荐股|案例|一案|判决|处罚|被罚|听到|遇到|问一句|问问|不可信|是什么|什么意思|何为|为何"
)
_ASKS = re.compile(
    r"(?:吗|(?<![怕等愁图慌急心用])什么|多少|哪里(?:查|看)|怎么(?:办|退|看|算|选|处理|投诉)|如何(?:看|理解|计算|投诉|处理|识别)|合规|可信|意思|区别|不同)$|为什么[^,]{0,8}$|^(?:为什么|为何|什么是|如何|怎么看|怎样)"
)
_OFFER = re.compile(r"找我|来找|来这|上我们|试试|戳|领取|立即|马上|赶紧|来一|就选|就来|快来|照样|这样的")
_DISOWNS = re.compile(
    r"不(?:能|会|得|应|可)?(?:等于|等同于?|代表|构成|预示|意味着?|用于宣传|保证|承诺)|不(?:被)?允许|并(?:不|非|未)(?:会|是|能)?|不(?:会)?承诺|(?:不能|没法|无法)(?:替|给|为|向)?(?:您|你|任何人)?(?:做决定|推荐|承诺|保证)|投资者自|自行承担|自担|没有(?:任何)?(?:赠品|礼品|返现|奖品)|不是[^,。]{0,4}(?:产品|理财|投资|承诺|存款)|(?:是|属于?|均为)(?:违规|违法|非法|骗局|诈骗|误区|误解|陷阱|谎言)|违反|不合规|不可信|请勿|切勿|不得|的危害|不可能稳|概念|是指|指的是|不具有|”之前|(?:债务|负担|窟窿|利息)[^,]{0,4}(?:越滚|越来越|更重)|不含|陷阱|不如先|不(?:附赠|赠送|返现|返佣|送礼|听|轻信)"
)
_BUT = re.compile(r"而是|但|却|胜似|更|只会|就能|也能")
_LESSON = re.compile(
    r"书讯|作者|谎言|新书|图书|读书|书单|书名|著|译|出版|办法|条例|规定|通知|指引|课|讲座|分享会|论坛|栏目|电影|纪录片|电视剧|报告|白皮书"
)
_QUOTED_AS = re.compile(
    r"(?:等)?(?:字样|字眼|话术|说法|表述|一词|宣传|承诺|用语|词汇|的(?:产品|项目|骗局|广告|短信|电话|幌子|名义|诱惑))|(?:所谓|号称|声称|宣称|以|打着|自称|什么是|何为|何谓|看到|警惕|拒绝|远离|关于|含有|禁用|不使用|避免|理解)[^。!?]{0,6}$"
)

_REACH = 80
"""So far from the words a denial or a condemnation is looked for."""

_PROMISES = frozenset("保承担许兜刚")
"""First characters of words that promise: a negation right before one denies the promise."""

_EN_DENIAL = re.compile(
    r"(?:\b(?:not|never|cannot|nor|neither|without|beware(?: of)?|avoid|no one|nobody|nothing|no investment|no such|ignore|report)\b|n't\b)"
    r"(?P<gap>[^,;!?\n.]{0,36})$"
)
_EN_NOT_DENIED = re.compile(r"miss|only|wait|worry|just|hesitate|forget|let|lose out|need")
_EN_CONDEMNED = re.compile(
    r"^[^.!?;\n]{0,40}\b(?:scams?|fraud|red flag|warning sign|does(?:n't| not) exist|do(?:n't| not) exist|is illegal|(?:is|are) (?:not|never)|(?:is|are)n't|too good to be true)\b"
)
_EN_NO_SUCH = re.compile(r"\b(?:no|nothing|nobody|not a|isn't|is no|there is no)\b[^.!?;\n]{0,30}$")
_EN_ASKED = re.compile(
    r"^(?:\W*)(?:what (?:does|do|is|are|did)|how (?:do|does|can|to)|is (?:anything|any|there|it)|are (?:there|any)|why (?:do|does|is|are)|who)\b[^.!]*\?|['‘\"][^'’\"]{2,40}['’\"](?: really)? mean"
)
_EN_DISOWNS = re.compile(
    r"\b(?:no|not|never|nothing|cannot|without|nobody|beware)\b[^.!?]{0,24}\b(?:guarantee\w*|assured|promise\w*|capital[- ]protected|insured|predict\w*|indicat\w*|reliable|prediction|share|approved)"
    r"|n't\b[^.!?]{0,24}\b(?:guarantee\w*|insured|protected|predict\w*)|\bbeware\b|\bavoid\b|\bno (?:investment|such thing|product|fund|one|certain)\b[^.!?]{0,30}\b(?:risk|guarantee|certain|gains?|safe)"
)
_EN_WARNING = re.compile(
    r"\b(?:(?:an? )?old saying|(?:bonds?|terms?|words?|jargon)[^.]{0,20}explained|explained:|what the words?|what (?:it|this) (?:means|covers)|myths?|legally covers|scam\w*|fraud\w*|beware|warning signs?|red flags?|watch out|be wary|be alert|report (?:it|them|suspicious)|anyone who|if someone)\b"
)


def excused(text: str, start: int, end: int, *, chinese: bool) -> bool:
    """Whether the writer denies, condemns, or only quotes what stands at ``start:end`` of a normalised text."""
    if not chinese:
        return _excused_english(text, start, end)
    before = text[max(_after_last(_BREAK, text, start), start - _REACH) : start]
    if _NOT.search(before) or _denied(before):
        return True
    # «不保证本金»: the promise itself is what was matched, and the denial stands right before it.
    if before.endswith(("不", "未", "非")) and text[start] in _PROMISES:
        return True
    return warned_of(text, start, end)


def warned_of(text: str, start: int, end: int) -> bool:
    """Whether a Chinese text warns of the words, condemns them, or only quotes them."""
    sentence_start, sentence_end = sentence(text, start, end)
    after = text[end : end + _REACH]
    if _CONDEMNED.match(text[end : min(sentence_end, end + _REACH)]) or _GONE.match(after) or _REBUFFED.match(after):
        return True
    if _says(_WARNING, text, sentence_start, sentence_end) and not _says(_PULL, text):
        return True
    return _only_quoted(text, start, end) or _named_only(text, start, end)


def disowned(text: str, start: int, end: int, *, chinese: bool) -> bool:
    """Whether the clause at ``start:end`` itself denies, condemns or asks what it says (not excused: its neighbours)."""
    if not chinese:
        return _says(_EN_DISOWNS, text, start, end)
    low, high = sentence(text, start, end)
    asked = text[high : high + 1] == "?" and _says(_ASKS, text, low, high)
    asks = asked and not _says(_PULL, text) and not _says(_OFFER, text)
    return asks or (_says(_DISOWNS, text, start, end) and not _says(_BUT, text, start, end))


def _named_only(text: str, start: int, end: int) -> bool:
    """Whether a text which condemns or teaches quotes the words, or names them as a title."""
    quote = _quote_around(text, start)
    if quote is None:
        return False
    if text[quote[0]] == "《":
        return _says(_LESSON, text)
    return _says(_CONDEMNS, text) and not _says(_PULL, text)


def _denied(before: str) -> bool:
    """Whether the last denial before a match still governs it: near, or at the head of a list."""
    for denial in reversed(list(_DENIAL.finditer(before))):
        gap = before[denial.end() :]
        near = len(gap) <= 9 or (len(gap) <= 30 and _LIST.search(gap) is not None)
        if near and not _NOT_DENIED.search(gap):
            return True
    return False


def _excused_english(text: str, start: int, end: int) -> bool:
    before = text[max(_after_last(_EN_BREAK, text, start), start - _REACH) : start]
    if (denied := _EN_DENIAL.search(before)) and not _EN_NOT_DENIED.search(denied.group("gap")):
        return True
    stop = _next(_EN_SENTENCE, text, end)
    if _EN_NO_SUCH.search(before) or _EN_ASKED.search(_around(text, start, end)):
        return True
    if _EN_CONDEMNED.match(text[end : min(stop, end + _REACH)]):
        return True
    return _says(_EN_WARNING, text, _after_last(_EN_SENTENCE, text, start), stop)


def _around(text: str, start: int, end: int) -> str:
    """The English sentence around a match, with its closing sign."""
    return text[_after_last(_EN_SENTENCE, text, start) : _next(_EN_SENTENCE, text, end) + 1]


def _only_quoted(text: str, start: int, end: int) -> bool:
    quote = _quote_around(text, start)
    if quote is None or end > quote[1]:
        return False
    around = text[quote[1] : quote[1] + 8]
    before = text[max(0, quote[0] - 10) : quote[0]]
    return bool(_QUOTED_AS.match(around) or _QUOTED_AS.search(before))


def piece(text: str, start: int, end: int, *, chinese: bool = True) -> tuple[int, int]:
    """The clause, or clauses, in which ``start:end`` stands."""
    found = _BREAK if chinese else _EN_BREAK
    return _after_last(found, text, start), _next(found, text, end)


def clauses(text: str, *, chinese: bool = True) -> list[tuple[int, int]]:
    """The pieces between commas, stops and brackets, without blanks at their ends."""
    found = _PIECE if chinese else _EN_BREAK
    pieces: list[tuple[int, int]] = []
    start = 0
    for low, high in [*((match.start(), match.end()) for match in found.finditer(text)), (len(text), len(text))]:
        piece = text[start:low]
        if bare := piece.strip():
            lead = start + len(piece) - len(piece.lstrip())
            pieces.append((lead, lead + len(bare)))
        start = high
    return pieces


def sentence(text: str, start: int, end: int, *, chinese: bool = True) -> tuple[int, int]:
    """The sentence around ``start:end``."""
    found = _SENTENCE if chinese else _EN_SENTENCE
    return _after_last(found, text, start), _next(found, text, end)


def _after_last(pattern: re.Pattern[str], text: str, before: int) -> int:
    ends = _ends(pattern, text)
    place = bisect_right(ends, before)
    return ends[place - 1] if place else 0


def _next(pattern: re.Pattern[str], text: str, after: int) -> int:
    """Where the next match of a pattern begins, or the text ends."""
    begins = _begins(pattern, text)
    place = bisect_left(begins, after)
    return begins[place] if place < len(begins) else len(text)


# A text is asked about once for each match: what only depends on the text is found once, so that the cost stays linear.
_TEXTS = 32


@functools.lru_cache(maxsize=_TEXTS)
def _ends(pattern: re.Pattern[str], text: str) -> tuple[int, ...]:
    """Where each match of a pattern ends."""
    return tuple(match.end() for match in pattern.finditer(text))


@functools.lru_cache(maxsize=_TEXTS)
def _begins(pattern: re.Pattern[str], text: str) -> tuple[int, ...]:
    """Where each match of a pattern begins."""
    return tuple(match.start() for match in pattern.finditer(text))


@functools.lru_cache(maxsize=_TEXTS)
def _quotes(text: str) -> tuple[tuple[int, int], ...]:
    """The quotations of a text."""
    return tuple(match.span() for match in _QUOTE.finditer(text))


def _quote_around(text: str, start: int) -> tuple[int, int] | None:
    quotes = _quotes(text)
    place = bisect_right(quotes, (start, len(text)))
    return quotes[place - 1] if place and start < quotes[place - 1][1] else None


@functools.lru_cache(maxsize=_TEXTS * 4)
def _says(pattern: re.Pattern[str], text: str, start: int = 0, end: int | None = None) -> bool:
    """Whether a pattern stands in a piece of a text."""
    return pattern.search(text[start:end]) is not None
