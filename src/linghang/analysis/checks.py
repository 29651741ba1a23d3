"""What a person should know of a report: missing outcomes, broken arms, guardrails, money, doubts."""

import datetime as dt
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from linghang.analysis.bench import Bench, ledger_part
from linghang.analysis.model import Arm, Told
from linghang.analysis.passage import reached_parts
from linghang.base.findings import Finding, Severity
from linghang.experiments import HOLDOUT, Counts, sample_ratio, wilson

HIGHEST = {"unsubscribe_rate": 0.005, "complaint_rate": 0.0005}
"""Guardrails: more than this share of those who were reached, surely (the lower end of the interval), is too much."""
_ASKED = ledger_part(
    "SELECT DISTINCT customer FROM decision_log WHERE institution_id = :institution AND package = :package "
    "AND decision_id NOT LIKE 'snd_%'"
)
"""Customers for whom a slot was decided. Decisions of sends are left out: nobody of the holdout is ever planned one."""


def check(
    bench: Bench,
    figures: Sequence[Told],
    arms: Sequence[Arm],
    *,
    event: str,
    responded: bool,
    now: dt.datetime,
    played: dt.date | None = None,
) -> tuple[Finding, ...]:
    """All findings of a report, the gravest first. ``played``: the last day of a simulated campaign."""
    named = {item.name: item for item in figures}
    found = [
        *_outcomes(responded, event, bench, now, played),
        *_arms(bench, arms),
        *_guardrails(named),
        *_money(bench, named),
        *_sends(named),
    ]
    return tuple(sorted(found, key=lambda finding: finding.severity))


def _finding(code: str, severity: Severity, about: str, **params: str | int | float) -> Finding:
    return Finding(f"analysis.{code}", severity, about, params=params)


def _outcomes(responded: bool, event: str, bench: Bench, now: dt.datetime, played: dt.date | None) -> Iterable[Finding]:
    if not responded:
        yield _finding("no_outcomes", Severity.S3, "figures", event=event)
    # The end is the first instant after the window: the last day is the one before it.
    last = (bench.launched.end - dt.timedelta(microseconds=1)).astimezone(ZoneInfo(bench.pack.zone)).date()
    if played is not None and played < last:
        yield _finding("played_until", Severity.S4, "figures", until=last.isoformat(), day=played.isoformat())
    elif played is None and now < bench.launched.end:
        yield _finding("still_running", Severity.S4, "figures", until=last.isoformat())
    if bench.launched.shadow:
        yield _finding("shadow", Severity.S4, "figures")


def _arms(bench: Bench, arms: Sequence[Arm]) -> Iterable[Finding]:
    if not arms[1].n:
        yield _finding("no_holdout", Severity.S3, "arms")
    leaked = bench.base("leaked", *reached_parts(), within=HOLDOUT)
    if leaked.value:
        yield _finding("holdout_was_reached", Severity.S1, "arms", count=int(leaked.value))
    seen = [int(bench.base("asked", _ASKED, within=name).value) for name in (HOLDOUT, "treated")]
    shares = {arm.id: arm.share for arm in bench.groups.arms}
    held = shares.get(HOLDOUT, 0.0)
    if sum(seen) and held:
        pair = [arm for arm in bench.groups.arms if arm.id == HOLDOUT]
        treated = type(pair[0])("treated", 1 - held)
        yield from sample_ratio(seen, (pair[0], treated)).findings


def _guardrails(named: dict[str, Told]) -> Iterable[Finding]:
    for name, most in HIGHEST.items():
        told = named[name]
        hits, of = (int(base.value) for base in told.bases)
        if of and wilson(Counts(of, min(hits, of))).low > most:
            yield _finding(
                "guardrail", Severity.S2, f"figures[{name}]", metric=name, rate=round(hits / of, 6), most=most
            )


def _money(bench: Bench, named: dict[str, Told]) -> Iterable[Finding]:
    budget = int(bench.package.sections["goal"]["budget_fen"])
    cost = named["cost"].value or 0
    if cost > budget:
        yield _finding("over_budget", Severity.S1, "figures[cost]", cost_yuan=cost / 100, budget_yuan=budget / 100)
    roi = named["roi"]
    if roi.high is not None and roi.high < 0:
        yield _finding("loses_money", Severity.S3, "figures[roi]", roi=round(roi.value or 0, 2))


def unclaimed(used_fen: int) -> tuple[Finding, ...]:
    """Used benefits that no touch came before."""
    if not used_fen:
        return ()
    return (_finding("benefits_of_no_channel", Severity.S4, "channels", yuan=f"{used_fen / 100:,.2f}"),)


def _sends(named: dict[str, Told]) -> Iterable[Finding]:
    unknown = int(named["unknown"].value or 0)
    if unknown:
        yield _finding("unknown_sends", Severity.S3, "figures[unknown]", count=unknown)
