"""Values of experiments: counts, intervals, comparisons, designs. Shares are 0–1; intervals are two-sided."""

from dataclasses import dataclass

from linghang.base.findings import Finding


@dataclass(frozen=True)
class Arm:
    """An arm with its share of customers; the shares of an experiment sum to one."""

    id: str
    share: float


@dataclass(frozen=True)
class Counts:
    """Customers of an arm and how many of them responded. Counts of disjoint groups add."""

    n: int
    successes: int

    def __post_init__(self) -> None:
        if not 0 <= self.successes <= self.n:
            raise ValueError(f"{self.successes} successes of {self.n} customers cannot be")

    @property
    def rate(self) -> float:
        """Successes per customer; nan of nobody."""
        return self.successes / self.n if self.n else float("nan")

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.n + other.n, self.successes + other.successes)


@dataclass(frozen=True)
class Sums:
    """Sufficient statistics of a numerator y and a denominator x per customer. Sums of disjoint groups add.

    For a plain mean x is 1 for everyone; for CUPED x is the covariate before the campaign.
    """

    n: int
    y: float
    yy: float
    x: float = 0.0
    xx: float = 0.0
    xy: float = 0.0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.n + other.n,
            self.y + other.y,
            self.yy + other.yy,
            self.x + other.x,
            self.xx + other.xx,
            self.xy + other.xy,
        )


@dataclass(frozen=True)
class Interval:
    """An estimate with the interval that covers the truth with probability ``level``."""

    value: float
    low: float
    high: float
    level: float

    def __contains__(self, truth: float) -> bool:
        return self.low <= truth <= self.high


@dataclass(frozen=True)
class Comparison:
    """Treated against holdout: absolute ``difference``, ``relative`` lift, p-value, and in which way it was read.

    ``difference`` is None when there are too few customers: the findings say so. ``method`` is ``newcombe``,
    ``agresti_caffo``, ``welch``, ``ratio``, ``group_sequential`` or ``always_valid``.
    """

    difference: Interval | None
    relative: Interval | None
    p_value: float | None
    method: str
    findings: tuple[Finding, ...] = ()

    @property
    def significant(self) -> bool:
        """Whether the interval of the difference leaves out zero."""
        return self.difference is not None and 0.0 not in self.difference


@dataclass(frozen=True)
class Design:
    """How a campaign will be known to work; the fields of the section ``experiment`` and what is to be said of it.

    ``mde`` is the smallest absolute difference that is seen with ``power`` at ``alpha`` two-sided.
    """

    salt: str
    arms: tuple[Arm, ...]
    primary: str
    guardrails: tuple[str, ...]
    base_rate: float
    expected_lift: float
    mde: float
    alpha: float
    power: float
    treated: int
    holdout: int
    enough: bool
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Look:
    """One planned look: share of the information, the critical |z| and the alpha spent so far."""

    information: float
    critical: float
    spent: float


@dataclass(frozen=True)
class SampleRatio:
    """Whether arms got the customers that their shares promise (sample ratio mismatch)."""

    p_value: float
    mismatch: bool
    expected: tuple[float, ...]
    findings: tuple[Finding, ...] = ()
