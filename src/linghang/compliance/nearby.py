"""What overlaps a span, without looking at everything: spans by the cells of a ruler that they touch."""

from collections.abc import Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")
_CELL = 64


class Nearby(Generic[Item]):
    """Items at spans. With ``n`` of them over a text, finding those at a place costs what stands there, not ``n``."""

    def __init__(self) -> None:
        self._cells: dict[int, list[tuple[tuple[int, int], Item]]] = {}

    def add(self, span: tuple[int, int], item: Item) -> None:
        """Puts an item at a half-open span; an empty span touches nothing."""
        for cell in _cells(span):
            self._cells.setdefault(cell, []).append((span, item))

    def over(self, span: tuple[int, int]) -> Iterator[Item]:
        """The items that share a position with a span, each once, in the order in which they came within a cell."""
        for cell in _cells(span):
            for (low, high), item in self._cells.get(cell, ()):
                # An item that reaches over several cells is told by the first of them that the span touches.
                told_here = max(low, span[0]) // _CELL == cell
                if low < span[1] and span[0] < high and told_here:
                    yield item

    def touches(self, span: tuple[int, int]) -> bool:
        """Whether anything shares a position with a span."""
        return next(self.over(span), None) is not None


def _cells(span: tuple[int, int]) -> range:
    return range(span[0] // _CELL, (span[1] - 1) // _CELL + 1) if span[1] > span[0] else range(0)
