"""The report of a launched package: every figure read from ledgers and events, none kept, none invented."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import sqlalchemy as sa

from linghang.analysis import checks
from linghang.analysis.bench import Bench, events_part
from linghang.analysis.effect import RESPONSE, read_effect, read_layers, window
from linghang.analysis.groups import Groups, Numbers
from linghang.analysis.model import Report, Told
from linghang.analysis.money import layer_costs, read_cost, read_return
from linghang.analysis.passage import read_funnel, read_volumes
from linghang.analysis.splits import read_channels, read_days, read_variants
from linghang.base.errors import RefusedError
from linghang.base.records import Outcome
from linghang.campaigns import store
from linghang.campaigns.model import Package
from linghang.delivery import Launched
from linghang.packs.model import Pack
from linghang.ports.analytics import Analytics


def report(
    db: sa.Engine,
    engine: Analytics,
    package: Package,
    pack: Pack,
    launched: Launched,
    members: Mapping[str, Numbers],
    *,
    now: dt.datetime,
) -> Report:
    """The read-out now. ``members`` are the dense numbers of the package's layers, from its signed snapshots."""
    return read_out(bench_of(db, engine, package, pack, launched, members), now=now)


def bench_of(
    db: sa.Engine,
    engine: Analytics,
    package: Package,
    pack: Pack,
    launched: Launched,
    members: Mapping[str, Numbers],
) -> Bench:
    """The bench at which a report's figures can be read, and read again (``recompute``)."""
    return Bench(db, engine, package, pack, launched, Groups(package, members))


def read_out(bench: Bench, *, now: dt.datetime) -> Report:
    """The report of a bench."""
    event = RESPONSE
    effect, arms, too_few = read_effect(bench, event)
    costs = read_cost(bench)
    cost = next(item for item in costs if item.name == "cost")
    incremental = next(item for item in effect if item.name == "incremental")
    volumes = read_volumes(bench)
    sources = observed(bench)
    simulated = "simulated" in sources
    labels = tuple(
        code
        for code, holds in (
            ("analysis.label_simulated", simulated),
            ("analysis.label_mixed", simulated and len(sources) > 1),
            ("analysis.label_shadow", bench.launched.shadow),
        )
        if holds
    )
    figures = (*effect, *read_return(bench, cost, incremental), *costs, *volumes)
    responded = bool(_responses(bench, event))
    if not responded:
        # Nobody has told of a response: that is not known, and no zero.
        figures = tuple(_unknown(item) if item.name in EFFECTS else item for item in figures)
    daily, channels = read_days(bench, event), read_channels(bench, event)
    played = daily[-1].date if simulated and daily else None
    used = next(item.value or 0 for item in costs if item.name == "benefit_cost")
    rest = round(used) - sum(item.benefit_fen for item in channels)
    findings = (
        *checks.check(bench, figures, arms, event=event, responded=responded, now=now, played=played),
        *checks.unclaimed(rest),
    )
    return Report(
        campaign_id=bench.package.campaign_id,
        package=bench.package.hash,
        start=bench.launched.start,
        end=bench.launched.end,
        shadow=bench.launched.shadow,
        simulated=simulated,
        outcome_event=event,
        labels=labels,
        funnel=read_funnel(bench, event),
        figures=figures,
        arms=arms,
        layers=read_layers(bench, event, layer_costs(bench)),
        channels=channels,
        variants=read_variants(bench, event),
        daily=daily,
        findings=(*findings, *too_few),
    )


EFFECTS = ("lift", "incremental", "gain", "roi", "icpa")
"""Figures that say something only once responses are known."""


def _unknown(item: Told) -> Told:
    return replace(item, value=None, low=None, high=None, note="analysis.no_outcomes_yet")


def observed(bench: Bench) -> frozenset[str]:
    """Who observed what the report counts: ``import``, ``app``, ``simulated``."""
    part = events_part("DISTINCT source", f"(package = {{package:String}} OR name = {{event:String}}) AND {window()}")
    return frozenset(str(source) for source in bench.rows(part, {**bench.params, "event": RESPONSE})["source"])


def _responses(bench: Bench, event: str) -> int:
    part = events_part("count() AS n", f"name = {{event:String}} AND {window()}")
    return int(bench.base("responses", part, event=event).value)


def sentence(found: Report) -> tuple[str, dict[str, str]]:
    """The report in one sentence: a message code, with the figures it states as texts. No figure is made here."""
    incremental, roi = found.told("incremental"), found.told("roi")
    params = {"cost": f"{(found.number('cost') or 0) / 100:,.2f}"}
    if incremental is None or incremental.value is None or incremental.low is None or incremental.high is None:
        return "analysis.read_out_none", params
    params |= {
        "incremental": f"{abs(incremental.value) if incremental.high < 0 else incremental.value:,.0f}",
        "low": f"{incremental.low:,.0f}",
        "high": f"{incremental.high:,.0f}",
        "roi": f"{roi.value:.2f}" if roi is not None and roi.value is not None else "—",
    }
    if incremental.low > 0:
        return "analysis.read_out", params
    return ("analysis.read_out_negative" if incremental.high < 0 else "analysis.read_out_unsure"), params


def outcome_of(found: Report, package: Package, *, finished: dt.date) -> Outcome:
    """The report as the record that later estimates learn from.

    Raises RefusedError("analysis.no_outcome") while nobody was treated or nobody has responded: such a record would
    teach that nobody ever does.
    """
    treated, holdout = found.arms
    if not treated.n or any(finding.code == "analysis.no_outcomes" for finding in found.findings):
        raise RefusedError("analysis.no_outcome", found.findings, campaign=found.campaign_id)
    lift, incremental = found.told("lift"), found.told("incremental")
    gain = found.number("gain")
    goal = package.sections["goal"]
    return Outcome(
        institution_id=package.institution_id,
        campaign_id=package.campaign_id,
        package=package.hash,
        objective=str(goal["objective"]),
        product=str(goal["product"]),
        channels=tuple(goal["channels"]),
        treated=treated.n,
        holdout=holdout.n,
        treated_rate=treated.rate or 0.0,
        holdout_rate=holdout.rate,
        lift=lift.value if lift else None,
        lift_low=lift.low if lift else None,
        lift_high=lift.high if lift else None,
        incremental=incremental.value if incremental else None,
        cost_fen=round(found.number("cost") or 0),
        gain_fen=round(gain or 0),
        simulated=found.simulated,
        finished=finished,
    )


def write_outcome(db: sa.Engine, found: Report, package: Package, *, finished: dt.date, now: dt.datetime) -> Outcome:
    """Store the outcome of a campaign, in place of an earlier one of the same package. Raises as ``outcome_of``."""
    made = outcome_of(found, package, finished=finished)
    store.keep_outcome(db, made, now)
    return made
