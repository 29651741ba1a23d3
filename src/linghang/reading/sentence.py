"""A sentence as typed tokens in clauses, with what has been used up in reading it."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from linghang.reading.model import Token
from linghang.reading.normalise import Normal
from linghang.reading.quantities import Quantity


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
        return bisect_right(self.breaks, offset)

    def clause_text(self, place: int) -> str:
        """The text of a token's clause."""
        number = self.clause(place)
        return self.text[self.edge(number) : self.edge(number + 1)]

    def edge(self, number: int) -> int:
        """Where a clause begins (and the one before it ends)."""
        if number <= 0:
            return 0
        return self.breaks[number - 1] if number <= len(self.breaks) else len(self.text)

    def labelled(self, place: int) -> str:
        """The text of a token's clause, with the label before it (对照组: 5%)."""
        number = self.clause(place)
        start = self.edge(number)
        if number and self.text[start - 1] == ":":
            start = self.edge(number - 1)
        return self.text[start : self.edge(number + 1)]

    def where(self, sense: str) -> Iterator[int]:
        """Places of the tokens with a sense that nothing has used yet."""
        return (i for i, token in enumerate(self.tokens) if sense in token.senses and i not in self.used)

    def find(self, test: Callable[[Token], bool]) -> Iterator[int]:
        """Places of unused tokens that pass a test."""
        return (i for i, token in enumerate(self.tokens) if i not in self.used and test(token))

    def quantity(self, place: int) -> Quantity | None:
        """The quantity at a place, if it is one."""
        return self.tokens[place].senses.get("quantity") if 0 <= place < len(self.tokens) else None

    def use(self, start: int, end: int, *, spare: str = "") -> None:
        """Use up the tokens of a stretch of the text; those with the sense ``spare`` stay free."""
        for place, token in enumerate(self.tokens):
            if token.start >= start and token.end <= end and not (spare and spare in token.senses):
                self.used.add(place)
