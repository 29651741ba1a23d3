"""A sentence as typed tokens: quantities, phrases of time, grades and words of the lexicon, in clauses."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from linghang.reading.lexicon import Lexicon
from linghang.reading.model import Token
from linghang.reading.normalise import Normal, normalise
from linghang.reading.quantities import Quantity, quantities
from linghang.reading.timelex import phrases

_GRADE = re.compile(r"(?<![a-z0-9])([cr])([1-5])(?:\s?(?:-|~|到|至|to)\s?[cr]?([1-5]))?(?![0-9a-z])")
_BREAK = re.compile(
    r"[,，。;；!！?？\n]|(?<![0-9a-z])\.(?=\s|$)|(?<=[a-z0-9%])\.(?=\s|$)|:(?=\s|$)|(?<=[\u4e00-\u9fff]):|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])|\s-\s"
)
_SINGLE = frozenset("买看点来查持投办借进翻续赎搜逛赎卖有是为从达满破超女男抽")
_ASPECT = frozenset("过了≥>=<≤")


@dataclass(frozen=True)
class Sentence:
    """The tokens of a normalised text in order, and the clauses as ``(first, past)`` places of tokens."""

    normal: Normal
    tokens: tuple[Token, ...]
    breaks: tuple[int, ...]
    used: set[int] = field(default_factory=set, compare=False)

    @property
    def text(self) -> str:
        """The normalised text."""
        return self.normal.text

    def gap(self, first: int, second: int) -> str:
        """What stands between two tokens, by their places."""
        return self.text[self.tokens[first].end : self.tokens[second].start]

    def before(self, place: int, width: int = 12) -> str:
        """The text before a token."""
        start = self.tokens[place].start
        return self.text[max(0, start - width) : start]

    def after(self, place: int, width: int = 12) -> str:
        """The text after a token."""
        end = self.tokens[place].end
        return self.text[end : end + width]

    def clause(self, place: int) -> int:
        """The number of the clause in which a token starts."""
        return self.clause_at(self.tokens[place].start)

    def clause_at(self, offset: int) -> int:
        """The number of the clause at a place of the text."""
        return sum(1 for stop in self.breaks if stop <= offset)

    def clause_text(self, place: int) -> str:
        """The text of a token's clause."""
        number = self.clause(place)
        edges = (0, *self.breaks, len(self.text))
        return self.text[edges[number] : edges[number + 1]]

    def where(self, sense: str) -> Iterator[int]:
        """Places of the tokens with a sense that nothing has used yet."""
        return (i for i, token in enumerate(self.tokens) if sense in token.senses and i not in self.used)

    def find(self, test: Callable[[Token], bool]) -> Iterator[int]:
        """Places of unused tokens that pass a test."""
        return (i for i, token in enumerate(self.tokens) if i not in self.used and test(token))

    def quantity(self, place: int) -> Quantity | None:
        """The quantity at a place, if it is one."""
        return self.tokens[place].senses.get("quantity") if 0 <= place < len(self.tokens) else None


def sentence(original: str, lexicon: Lexicon) -> Sentence:
    """The tokens of what an operator wrote."""
    normal = normalise(original)
    text = normal.text
    found = [*_times(text), *_grades(text), *_quantities(text), *_words(text, lexicon)]
    found.sort(key=lambda item: (item[0], -item[1]))
    tokens: list[Token] = []
    last = 0
    for start, end, _, senses in _merged(found):
        if start >= last:
            tokens.append(Token(start, end, text[start:end], senses))
            last = end
    tokens = _corrected(text, tokens)
    stops = [
        hit.end() for hit in _BREAK.finditer(text) if not any(token.start < hit.start() < token.end for token in tokens)
    ]
    return Sentence(normal, tuple(tokens), tuple(stops))


_CORRECTION = re.compile(
    r"(?:哦|噢|啊|呃|额|哎|唉)?[,，]?(?:不对|不是不是|说错了|打错了|写错了|更正|更正一下|改一下|等等|哦不|啊不|不不|不,不)[,，]?(?:是|应该是|改成|改为|换成)?"
    r"|(?:no wait|wait,? no|scratch that|sorry,|correction:?|i mean|make that|rather,|oops)[,\s]*"
)


def _corrected(text: str, tokens: list[Token]) -> list[Token]:
    """明天,不对,后天: what is taken back leaves, with the kind of thing that comes instead."""
    for hit in _CORRECTION.finditer(text):
        following = next((token for token in tokens if token.start >= hit.end()), None)
        if following is None:
            continue
        kinds = [kind for kind in _CORRECTABLE if kind in following.senses]
        before = [
            token
            for token in tokens
            if token.end <= hit.start() and kinds and kinds[0] in token.senses and _same_unit(token, following)
        ]
        if before:
            tokens = [token for token in tokens if token is not before[-1]]
    return tokens


_CORRECTABLE = ("quantity", "moment", "channel", "slot", "grade", "product", "state", "objective", "offer")


def _same_unit(one: Token, other: Token) -> bool:
    first, second = one.senses.get("quantity"), other.senses.get("quantity")
    return first is None or second is None or first.unit == second.unit or "" in (first.unit, second.unit)


_Found = tuple[int, int, int, Mapping[str, Any]]


def _merged(found: list[_Found]) -> Iterator[_Found]:
    """Several readings of the same stretch become one token with all their senses (time before number)."""
    place = 0
    while place < len(found):
        start, end, rank, senses = found[place]
        merged = dict(senses)
        place += 1
        while place < len(found) and found[place][:2] == (start, end):
            other = found[place][3]
            if not ({"time", "quantity"} & merged.keys() and {"time", "quantity"} & other.keys()):
                merged.update({key: value for key, value in other.items() if key not in merged})
            elif "time" in other:
                merged = {**{k: v for k, v in merged.items() if k != "quantity"}, **other}
            place += 1
        yield start, end, rank, merged


def _times(text: str) -> Iterator[_Found]:
    for phrase in phrases(text):
        senses = {"time": phrase.moment, phrase.sense: phrase.moment}
        yield phrase.start, phrase.end, 0, senses


def _grades(text: str) -> Iterator[_Found]:
    for hit in _GRADE.finditer(text):
        low = (hit[1] + hit[2]).upper()
        value = (low,) if hit[3] is None else (low, (hit[1] + hit[3]).upper())
        yield hit.start(), hit.end(), 1, {"grade": value}


def _quantities(text: str) -> Iterator[_Found]:
    for start, end, quantity in quantities(text):
        yield start, end, 2, {"quantity": quantity}


def _words(text: str, lexicon: Lexicon) -> Iterator[_Found]:
    for start, end, senses in lexicon.find(text):
        if end - start == 1 and text[start] in _SINGLE and not _supported(text, start):
            continue
        yield start, end, 3, senses


def _supported(text: str, start: int) -> bool:
    char = text[start]
    after = text[start + 1 : start + 2]
    before = text[start - 1 : start] if start else ""
    if char in "有持":
        return bool(after) and before not in ("所", "只", "还", "也", "都", "没")
    if char in "女男":
        return not ("\u4e00" <= before <= "\u9fff" and before not in "的给是、和对") or after in (
            "",
            "，",
            "、",
            ",",
            " ",
        )
    if char in "是为从达满破超抽":
        return True
    return after in _ASPECT or before in ("没", "未", "不", "过") or after.isdigit()
