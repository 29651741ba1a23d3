"""Whether what comes with a base is no change of it: a question about it, or a whole new brief."""

import re
from collections.abc import Mapping
from typing import Any

from linghang.reading.edits.words import DROP, SWAP
from linghang.reading.sentence import Sentence

_ASKS = re.compile(
    r"为什么|为啥|为何|多大|多高|多少(?![^,，。]{0,6}(?:都行|都可以|无所谓|不限))|怎么样|咋样|怎么(?:回事|掉|降"
    r"|涨|跌|办|算|看)|如何"
    r"|哪(?:个|些|种|天|里)|谁(?!都)|多久(?!都)|(?:有没有|是不是|能不能|可不可以)(?![^?？]{0,30}(?:改|换|加|减|提|降|去"
    r"|删|撤|推迟|提前))"
    r"|[吗呢么][?？]?$|[了过到来完]没有?[?？]?$"
    r"|(?<![a-z])(?:why|how (?:many|much|did|do|does|is|was|were|are|well|long|often|come)|what(?:'s| is| was"
    r"| are| were"
    r"| did| does| do| happened| about)|which|who(?:'s| is| was| are| did)|when (?:did|is|was|will|does)|did|does"
    r"|was|were"
    r"|is there|are there|is it|are we|tell me)(?![a-z])"
)
_SHOWS = re.compile(
    r"^(?:请|麻烦|帮我|给我|帮忙|我想)*\s?(?:看看|看一下|看下|查一下|查下|查询|统计|分析|复盘|总结|汇总|对比|比较"
    r"|列|拉一下|拉个|导出"
    r"|盘点|展示|算一下|算算|show|list|compare|summari[sz]e|recap|break ?down|report|rank|plot|forecast|analy[sz]e)"
)
_NEW = re.compile(r"重新做一个|另起|新建一个|new campaign|另外做一个|再做一个新|新开一个|换一个活动")
_PARTS = (
    ("product", "objective"),
    ("audience",),
    ("channels", "slots"),
    ("start", "end", "recurrence", "duration_days"),
    ("budget_cny", "budget_max_cny", "offer"),
)
_MOVES = re.compile(
    r"[提升涨加降减压砍缩延]到|提高|降低|减少|增加|上调|下调|延长|缩短|推迟|提前|顺延|再加|放宽|收紧|不变|照旧"
    r"|(?<![a-z])(?:raise|increase|cut|reduce|lower|extend|postpone|delay|instead|unchanged|keep)(?![a-z])"
)
_SAID = (
    ("product", "objective"),
    ("state", "act", "field", "grade"),
    ("channel", "slot"),
    ("moment",),
    ("budget", "offer"),
)
_WHOLE = 4
"""So many of the parts of a campaign said at once are a campaign of their own."""


def asks_back(found: Sentence) -> bool:
    """Whether a text, read in plain wordings, is clearly a question or wants to see figures."""
    # 手续费能不能再让点？做3折: what is told behind a question counts.
    text = re.split(r"[?？]\s*(?=[^\s?？]{3})", found.text.strip())[-1]
    return bool(_ASKS.search(text) or _SHOWS.match(text))


def tells_all(found: Sentence) -> bool:
    """Whether a text names what is sold and most parts of a campaign, and has no verb of change."""
    spoken = [any(token.has(*senses) for token in found.tokens) for senses in _SAID]
    changes = any(pattern.search(found.text) for pattern in (SWAP, DROP, _MOVES))
    return spoken[0] and sum(spoken) >= _WHOLE and not changes


def begins_anew(found: Sentence, told: Mapping[str, Any], base: Mapping[str, Any]) -> bool:
    """Whether what a text tells as a brief is a campaign of its own, and no answer to what the base still lacks."""
    if _NEW.search(found.text):
        return True
    parts = [part for part in _PARTS if any(key in told for key in part)]
    asked = set(base.get("missing", []))
    answers = sum(1 for part in parts if asked & {key.removesuffix("_cny") for key in part})
    return len(parts) - answers >= _WHOLE
