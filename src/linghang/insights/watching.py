"""The watch over running campaigns: what goes wrong or well, and what a person might do. It proposes, never acts."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from linghang.analysis import Report
from linghang.base.findings import Finding, Severity
from linghang.insights.anomalies import Seen, Standing, broken
from linghang.insights.model import Act

PACE = 0.25
"""How far the share of the budget that is spent may run from the share of the time that is over."""
EARLY = 0.2
"""Before this share of the time nothing is said of the pace: first days are uneven."""
LATE = 0.5
"""From this share of the time on a loss that is sure is a reason to stop."""
QUIET = dt.timedelta(hours=24)
"""A campaign that nobody has met for so long after its start does not run as it should."""

_FROM_REPORT: Mapping[str, Act] = {
    "analysis.holdout_was_reached": "pause",
    "analysis.over_budget": "pause",
    "analysis.guardrail": "pause",
    "analysis.unknown_sends": "look",
    "experiments.ratio_mismatch": "look",
}
"""Findings of a report that call for something while the campaign still runs, and for what."""


@dataclass(frozen=True)
class Proposal:
    """Something seen in a running campaign and what might be done about it; a person decides."""

    campaign_id: str
    finding: Finding
    act: Act


def watch(report: Report, standing: Standing, *, now: dt.datetime, today: dt.date) -> tuple[Proposal, ...]:
    """What to look at in a running campaign, the gravest first. ``today`` is the day of ``now`` in its own zone."""
    elapsed = _elapsed(report, now)
    findings: list[Seen] = [
        *((finding, _FROM_REPORT[finding.code]) for finding in report.findings if finding.code in _FROM_REPORT),
        *_pace(report, standing, elapsed),
        *_silence(report, now),
        *_loss(report, elapsed),
        *_layers(report),
        *broken(report, standing, today, 1 - elapsed),
    ]
    proposals = [Proposal(report.campaign_id, finding, act) for finding, act in findings]
    return tuple(sorted(proposals, key=lambda item: (item.finding.severity, item.finding.code, item.finding.about)))


def _elapsed(report: Report, now: dt.datetime) -> float:
    length = (report.end - report.start).total_seconds()
    return min(max((now - report.start).total_seconds() / length, 0.0), 1.0) if length else 1.0


def _finding(code: str, severity: Severity, about: str, **params: str | int | float) -> Finding:
    return Finding(f"insights.{code}", severity, about, params=params)


def _pace(report: Report, standing: Standing, elapsed: float) -> Iterable[Seen]:
    """Too fast for what the campaign may spend, or too slow for what it was expected to cost."""
    cost = report.number("cost")
    if cost is None or elapsed < EARLY:
        return
    of_budget, of_expected = (cost / whole if whole else elapsed for whole in (standing.budget_fen,
                                                                              standing.expected_fen))  # fmt: skip
    passed = round(elapsed * 100)
    if of_budget - elapsed > PACE:
        yield _finding("spends_fast", Severity.S3, "cost", spent=round(of_budget * 100), elapsed=passed), "slow_down"
    elif elapsed - of_expected > PACE:
        spent = round(of_expected * 100)
        yield _finding("spends_slowly", Severity.S4, "cost", spent=spent, elapsed=passed), "speed_up"


def _silence(report: Report, now: dt.datetime) -> Iterable[Seen]:
    running = report.start + QUIET <= now < report.end
    met = (report.number("impressions") or 0) + (report.number("sent") or 0)
    if running and not met:
        yield _finding("nobody_met_it", Severity.S2, "impressions", hours=round(QUIET.total_seconds() / 3600)), "look"


def _loss(report: Report, elapsed: float) -> Iterable[Seen]:
    roi = report.told("roi")
    if elapsed >= LATE and roi is not None and roi.value is not None and roi.high is not None and roi.high < 0:
        yield _finding("surely_loses", Severity.S2, "roi", roi=round(roi.value, 2), high=round(roi.high, 2)), "stop"


def _layers(report: Report) -> Iterable[Seen]:
    """Layers that the campaign surely harms. Each interval stands for itself, so this is a reason to look closer."""
    for layer in report.layers:
        if layer.high is not None and layer.high < 0 and layer.lift is not None:
            points = round(layer.lift * 100, 2)
            yield (
                _finding("layer_harmed", Severity.S3, f"layers[{layer.layer}]", layer=layer.layer, points=points),
                "narrow",
            )
