"""Where a title breaks into two lines: near its middle, never inside a word, a number with its unit, or a name."""

from collections.abc import Iterable

from linghang.compliance import common_words

_MARKS = ",，、 ·：:；;！!"
_CLINGING = frozenset("的地得了着过吗呢吧啊们个元起后前里内外中上下季节礼券天月年日%％，。、！？,.!?)）》」”万亿")
"""Characters that do not begin a line: particles, units, closing signs."""
_HELD = frozenset("从在把被给对向和与跟（(《「“第每¥￥")
"""Characters that do not end one."""
_WORD, _UNEASY = 4, 3


def two_lines(title: str, names: Iterable[str] = ()) -> tuple[str, ...]:
    """The title in one line or two of like length; ``names`` (of products, of benefits) stay whole.

    A comma or a space near the middle is the break, and is left out; else the place nearest to the middle that parts no
    word. Where every place is bad the title stays one line: a smaller line reads better than a broken word.
    """
    middle = len(title) / 2
    marks = [place for place, char in enumerate(title) if char in _MARKS and 1 < place < len(title) - 2]
    if marks:
        place = min(marks, key=lambda place: abs(place - middle))
        return title[:place].rstrip(_MARKS), title[place + 1 :].lstrip(_MARKS)
    held = {
        at
        for name in names
        if name
        for start in range(len(title))
        if title.startswith(name, start)
        for at in range(start + 1, start + len(name))
    }
    costs = {place: _cost(title, place, middle) for place in range(2, len(title) - 1) if place not in held}
    best = min(costs, key=lambda place: costs[place], default=0)
    if not best or costs[best] >= _WORD + middle / 2:
        return (title,)
    return title[:best], title[best:]


def _cost(title: str, place: int, middle: float) -> float:
    before, after = title[place - 1], title[place]
    cost = abs(place - middle)
    if before.isascii() and after.isascii() and before != " ":
        return cost + 2 * len(title)
    clings = after in _CLINGING and title[place : place + 2] not in common_words()
    if before.isdigit() or before in _HELD or clings:
        return cost + _WORD + _UNEASY
    if before + after in common_words():
        # The second half of a word that could as well end before it (一起|来, 起来) is a weaker bond.
        weaker = place >= 2 and title[place - 2] + before in common_words()
        return cost + (_UNEASY if weaker else _WORD)
    return cost
