"""What breaks in a running campaign: a link of its funnel, a channel, customers' patience, the stock of benefits.

The last two whole days are held against the days before them. Only what is sure is told: the intervals of the two do
not meet, or the count would come about by chance once in a hundred times.
"""

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from linghang.analysis import Report
from linghang.analysis.model import Day
from linghang.base.findings import Finding, Severity
from linghang.delivery import Count
from linghang.experiments import Counts, wilson
from linghang.insights.model import Act

RECENT_DAYS = 2
FEWEST = 30
"""Fewer meetings than this in the recent days say nothing of a rate."""
HALVED = 0.5
"""A rate is down when it surely lies below this share of what it was."""
UNSEEN = 0.2
"""A slot is hardly seen when it is shown less often than this share of the usual."""
FAILING = 0.1
"""A channel fails when surely more than this share of what was tried lately did not arrive."""
WAITING = 20
"""So many overdue sends of a channel mean that nothing leaves by it."""
LOW = 0.1
"""Stock is nearly gone when less than this share is left while more than this share of the time is."""
BY_CHANCE = 0.01
ANGRY = 3
"""Fewer complaints than this are no rise."""
_LINKS = (("clicks", "met"), ("claims", "clicks"), ("conversions", "clicks"))
"""Links of the funnel: what follows of what came before."""
_REACHED_NOT: frozenset[str] = frozenset({"failed", "unknown"})

Stock = Mapping[str, tuple[int, int]]
"""Name → how much there was, how much is left."""


@dataclass(frozen=True)
class Standing:
    """What there is to see of a running campaign beside its report.

    ``budget_fen`` is what it may bind, ``expected_fen`` what its estimate said it would cost.
    ``tried`` are the sends tried in the last ``RECENT_DAYS``, ``overdue`` those that wait longer than they should, by
    channel; ``shares`` the pieces of its benefits, ``pools`` the fen of the pools that it draws on.
    """

    budget_fen: int
    expected_fen: int = 0
    tried: Sequence[Count] = ()
    overdue: Mapping[str, int] = field(default_factory=dict)
    shares: Stock = field(default_factory=dict)
    pools: Stock = field(default_factory=dict)


Seen = tuple[Finding, Act]


def broken(report: Report, standing: Standing, today: dt.date, left_of_time: float) -> Iterable[Seen]:
    """Everything that is broken now; ``left_of_time`` is the share of the campaign's time that is still to come."""
    yield from _channels(standing)
    if left_of_time > 0:
        yield from _links(report.daily, today)
        yield from _patience(report.daily, today)
        yield from _stock(standing, left_of_time)


def _finding(code: str, severity: Severity, about: str, evidence: Mapping[str, str | int | float],
             **params: str | int | float) -> Finding:  # fmt: skip
    return Finding(f"insights.{code}", severity, about, params=params, evidence=dict(evidence))


def _channels(standing: Standing) -> Iterable[Seen]:
    for channel in sorted({item.channel for item in standing.tried}):
        own = [item for item in standing.tried if item.channel == channel]
        tried = sum(item.sends for item in own)
        lost = [item for item in own if item.state in _REACHED_NOT]
        failed = sum(item.sends for item in lost)
        if tried >= FEWEST and wilson(Counts(tried, failed)).low > FAILING:
            reason = max(lost, key=lambda item: item.sends).reason
            told = {"tried": tried, "failed": failed, "reason": reason, "days": RECENT_DAYS, "source": "send_entry"}
            yield _finding("channel_fails", Severity.S2, f"channels[{channel}]", told, channel=channel, failed=failed,
                           tried=tried, percent=round(100 * failed / tried)), "drop_channel"  # fmt: skip
    for channel, waiting in sorted(standing.overdue.items()):
        if waiting >= WAITING:
            yield _finding("channel_stuck", Severity.S2, f"channels[{channel}]",
                           {"overdue": waiting, "source": "send"}, channel=channel,
                           waiting=waiting), "look"  # fmt: skip


def _parted(daily: Sequence[Day], today: dt.date) -> tuple[list[Day], list[Day]]:
    """The days before, and the recent whole days; the present day is neither."""
    first = today - dt.timedelta(days=RECENT_DAYS)
    return [day for day in daily if day.date < first], [day for day in daily if first <= day.date < today]


def _sum(days: Sequence[Day], what: str) -> int:
    if what == "met":
        return sum(day.impressions + day.sent for day in days)
    return sum(int(getattr(day, what)) for day in days)


def _links(daily: Sequence[Day], today: dt.date) -> Iterable[Seen]:
    """The first link of the funnel that broke; what stands behind it fails with it."""
    before, recent = _parted(daily, today)
    if gone := _unseen(before, recent):
        yield gone
        return
    for what, of in _LINKS:
        pairs = [(_sum(days, of), _sum(days, what)) for days in (before, recent)]
        (n, hits), (n_now, hits_now) = pairs
        if min(n, n_now) < FEWEST:
            return
        was, now = wilson(Counts(n, min(hits, n))), wilson(Counts(n_now, min(hits_now, n_now)))
        if now.high < HALVED * was.low:
            told = {"before": hits, "before_of": n, "recent": hits_now, "recent_of": n_now, "days": RECENT_DAYS,
                    "was_at_least": round(was.low, 4), "now_at_most": round(now.high, 4)}  # fmt: skip
            yield _finding(f"collapse_{what}", Severity.S2, f"funnel[{what}]", told, was=round(100 * was.value, 1),
                           now=round(100 * now.value, 1), days=RECENT_DAYS), "look"  # fmt: skip
            return


def _unseen(before: Sequence[Day], recent: Sequence[Day]) -> Seen | None:
    """Slots that showed the campaign every day and hardly show it any more; messages come in waves and do not count."""
    had, has = _sum(before, "impressions"), _sum(recent, "impressions")
    usual = had / len(before) if before else 0.0
    if len(before) < RECENT_DAYS or usual * RECENT_DAYS < FEWEST or has > UNSEEN * usual * RECENT_DAYS:
        return None
    told = {"before": had, "earlier": len(before), "recent": has, "days": RECENT_DAYS, "usual_a_day": round(usual, 1)}
    return _finding("collapse_impressions", Severity.S2, "funnel[impressions]", told, was=round(usual), count=has,
                    days=RECENT_DAYS), "look"  # fmt: skip


def _patience(daily: Sequence[Day], today: dt.date) -> Iterable[Seen]:
    before, recent = _parted(daily, today)
    for what in ("complaints", "unsubscribes"):
        met_before, met = _sum(before, "met"), _sum(recent, "met")
        had, has = _sum(before, what), _sum(recent, what)
        if has < ANGRY or not met or not met_before:
            continue
        # What the days before would let expect; where nobody complained yet, as if one half had.
        expected = max(had, 0.5) / met_before * met
        if has > 2 * expected and _at_least(has, expected) < BY_CHANCE:
            told = {"before": had, "before_met": met_before, "recent": has, "recent_met": met, "days": RECENT_DAYS}
            yield _finding(f"rise_{what}", Severity.S2, f"figures[{what}]", told, count=has,
                           before=had, earlier=len(before), days=RECENT_DAYS), "pause"  # fmt: skip


def _at_least(count: int, expected: float) -> float:
    """The chance of ``count`` or more events where ``expected`` are expected (Poisson)."""
    below = sum(math.exp(-expected + k * math.log(expected) - math.lgamma(k + 1)) for k in range(count))
    return max(0.0, 1.0 - below)


def _stock(standing: Standing, left_of_time: float) -> Iterable[Seen]:
    for benefit, (total, left) in sorted(standing.shares.items()):
        told = {"total": total, "left": left, "time_left": round(left_of_time, 2), "source": "benefit_limit"}
        about = f"benefits[{benefit}]"
        if total and left <= 0:
            yield _finding("benefit_gone", Severity.S3, about, told, benefit=benefit), "top_up"
        elif total and left / total < LOW < left_of_time:
            yield _finding("benefit_nearly_gone", Severity.S3, about, told, benefit=benefit, left=left,
                           percent=round(100 * left / total)), "top_up"  # fmt: skip
    for pool, (total, left) in sorted(standing.pools.items()):
        if total and left / total < LOW:
            told = {"total_fen": total, "left_fen": left, "source": "benefit_limit"}
            yield _finding("pool_nearly_empty", Severity.S3, f"pools[{pool}]", told, pool=pool,
                           left=f"{left / 100:,.0f}", percent=round(100 * left / total)), "top_up"  # fmt: skip
