"""Money: integer minor units (fen) with a currency; never a float."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, order=True)
class Money:
    """An amount of money. ``fen`` is the integer number of minor units (1 yuan = 100 fen)."""

    fen: int
    currency: str = "CNY"

    @classmethod
    def of_yuan(cls, yuan: Decimal | int | str | float, currency: str = "CNY") -> "Money":
        """The amount nearest to ``yuan`` (half a fen rounds up)."""
        exact = Decimal(str(yuan)) * 100
        return cls(int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)), currency)

    @property
    def yuan(self) -> Decimal:
        """The amount in yuan, exact."""
        return Decimal(self.fen) / 100

    def __add__(self, other: "Money") -> "Money":
        return Money(self.fen + _same(self, other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.fen - _same(self, other), self.currency)

    def __mul__(self, count: int) -> "Money":
        return Money(self.fen * count, self.currency)


def _same(one: Money, other: Money) -> int:
    if one.currency != other.currency:
        raise ValueError(f"currencies differ: {one.currency} and {other.currency}")
    return other.fen


def split(total: int, weights: Sequence[float]) -> tuple[int, ...]:
    """Shares of ``total`` fen in proportion to ``weights`` that sum to it exactly (largest remainder).

    Raises ValueError for negative totals or weights, or weights that sum to zero.
    """
    whole = sum(weights)
    if total < 0 or whole <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("split needs a total and weights that are not negative, and a weight above zero")
    exact = [total * weight / whole for weight in weights]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(shares)), key=lambda i: (shares[i] - exact[i], i))
    for place in by_remainder[: total - sum(shares)]:
        shares[place] += 1
    return tuple(shares)
