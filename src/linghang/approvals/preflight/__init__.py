"""The pre-flight check: configuration faults that cause most first-day incidents, found before anybody approves.

Each check is a function of the document and the pack; it runs when the sections that it needs are there.
"""

import datetime as dt
from collections.abc import Callable, Iterable

from linghang.approvals.preflight import money, people, places, proof, shows, timing, words
from linghang.approvals.preflight.look import Look, found
from linghang.base.findings import Finding, Severity
from linghang.campaigns.model import Campaign
from linghang.campaigns.package import SIGNED
from linghang.packs.model import Pack

Check = Callable[[Look], Iterable[Finding]]

_MONEY = ("goal", "benefits", "layers")
_COPY = ("goal", "benefits", "layers", "copy", "combinations")
_SHOW = ("goal", "benefits", "layers", "creatives", "combinations", "page")
_CALENDAR = ("goal", "benefits", "placements")
_PROOF = ("goal", "audience", "experiment")

CHECKS: tuple[tuple[Check, tuple[str, ...]], ...] = (
    (timing.open_questions, ("goal",)),
    (timing.name, ("goal",)),
    (timing.window, ("goal",)),
    (timing.phases, ("goal",)),
    (timing.hours, ("goal",)),
    (people.size, ("audience",)),
    (people.freshness, ("audience",)),
    (people.rule, ("audience",)),
    (people.layers, ("audience", "layers")),
    (people.reach, ("goal", "audience")),
    (people.suitability, ("goal", "audience")),
    (people.credit, ("goal", "audience")),
    (money.budget, _MONEY),
    (money.allotments, _MONEY),
    (money.stocks, _MONEY),
    (money.validity, _MONEY),
    (money.fitting, _MONEY),
    (money.offer, _MONEY),
    (money.thresholds, _COPY),
    (words.places, _COPY),
    (words.offers, _COPY),
    (words.amounts, _COPY),
    (words.roles, _COPY),
    (words.wording, _COPY),
    (words.language, (*_COPY, "page")),
    (words.messages, _COPY),
    (words.distinct, _COPY),
    (shows.pictures, _SHOW),
    (shows.references, _SHOW),
    (shows.page, _SHOW),
    (shows.page_facts, ("goal", "page")),
    (places.known, _CALENDAR),
    (places.days, _CALENDAR),
    (places.silent_phases, _CALENDAR),
    (places.hours, _CALENDAR),
    (places.pacing, _CALENDAR),
    (places.overlapping, _CALENDAR),
    (places.frequency, ("goal",)),
    (places.contact, ("goal",)),
    (places.calendar, ("goal",)),
    (proof.arms, _PROOF),
    (proof.power, _PROOF),
    (proof.estimate, ("goal", "estimate")),
    (proof.review, ("goal", "compliance")),
    (proof.reviewed, ("compliance", "copy", "creatives", "page")),
    (proof.hand_edits, ("goal",)),
    (proof.level, ("goal",)),
    (proof.unresolved, ()),
)
"""Every check with the sections that it reads."""


def preflight(campaign: Campaign, pack: Pack, *, today: dt.date | None = None) -> tuple[Finding, ...]:
    """What stands against launching this document, the gravest first. Nothing found is an empty tuple.

    ``today`` adds the checks that depend on the day (past windows, stale audiences).
    """
    look = Look(campaign, pack, today)
    # One finding for all that is not there yet: mostly one unanswered question keeps the whole rest from being made.
    absent = [name for name in SIGNED if campaign.value(name) is None]
    findings = [found("section_absent", Severity.S1, absent[0], sections=", ".join(absent))] if absent else []
    for check, needs in CHECKS:
        if all(campaign.value(name) is not None for name in needs):
            findings.extend(check(look))
    unique = {(finding.code, finding.about, str(sorted(finding.params.items()))): finding for finding in findings}
    return tuple(sorted(unique.values(), key=lambda finding: (finding.severity, finding.about, finding.code)))
