"""Second thoughts: 预算20万,哦不对,25万. What is taken back leaves the text before it is read."""

import re
from collections.abc import Sequence

from linghang.reading.model import Token
from linghang.reading.normalise import Normal

_MARK = re.compile(
    r"[,，、\s]*(?:哦|噢|啊|呃|额|哎|唉)?(?:不对|不是不是|说错了?|打错了?|写错了?|更正(?:一下)?|等等|哦不|啊不"
    r"|不不|不,不)[,，:\s]*(?:应该是|应该|改成|改为|换成|是)?\s*"
    r"|[,;\s-]*(?:oh\s)?(?:no,? wait|wait,? no|scratch that|sorry,|correction:?|i mean|make that|oops)[,:\s]*"
)
_KINDS = ("quantity", "moment", "channel", "slot", "grade", "product", "state", "offer", "objective", "tone")


def taken_back(normal: Normal, tokens: Sequence[Token]) -> Normal | None:
    """The text without what was corrected and the words of correcting; None when nothing was."""
    for hit in _MARK.finditer(normal.text):
        following = next((token for token in tokens if token.start >= hit.end() - 1 and token.end > hit.end()), None)
        if following is None or following.start - hit.end() > 4:
            continue
        kind = next((kind for kind in _KINDS if kind in following.senses), None)
        before = [t for t in tokens if t.end <= hit.start() + 1 and kind in t.senses and _same_unit(t, following)]
        if not before or hit.start() - before[-1].end > 6:
            continue
        return _without(normal, before[-1].start, hit.end())
    return None


def _same_unit(one: Token, other: Token) -> bool:
    first, second = one.senses.get("quantity"), other.senses.get("quantity")
    return first is None or second is None or first.unit == second.unit or "" in (first.unit, second.unit)


def _without(normal: Normal, start: int, end: int) -> Normal:
    text = normal.text[:start] + normal.text[end:]
    return Normal(text, normal.original, normal.origin[:start] + normal.origin[end:])
