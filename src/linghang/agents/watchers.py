"""What could go into the inbox: opportunities, alarms of running campaigns, idle drafts, licences that end."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from linghang import delivery, insights, packs
from linghang.agents.model import Json
from linghang.analysis import Report
from linghang.base.digest import plain
from linghang.base.errors import LinghangError
from linghang.base.findings import Finding
from linghang.base.messages import render
from linghang.benefits import balances
from linghang.campaigns import store as documents_store
from linghang.campaigns.model import Campaign
from linghang.flow import documents, library, reporting, views
from linghang.insights.skills import found as opportunities_of
from linghang.kit.context import Context

IDLE_HOURS = 24
"""A draft that nobody touched for so long is unfinished."""
LOCALES = {"zh": "zh-CN", "en": "en"}


@dataclass(frozen=True)
class Candidate:
    """Something that could go into the inbox. ``alarm``: it concerns what runs now, so no limit holds it back.

    ``brief`` is the sentence that a draft is made of: of a new campaign, or of a copy of ``campaign``. ``names`` are
    what ids among ``params`` are called, by language; ``patch`` changes the sentence's reading.
    """

    id: str
    kind: str
    topic: str
    code: str
    value: int = 0
    params: Mapping[str, Json] = field(default_factory=dict)
    evidence: Mapping[str, Json] = field(default_factory=dict)
    brief: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    patch: tuple[Mapping[str, Any], ...] = ()
    campaign: str = ""
    act: str = ""
    alarm: bool = False


@dataclass(frozen=True)
class Seen:
    """What the watchers see now. Where they could not look, nothing is over: ``blind`` are kinds and campaigns."""

    candidates: tuple[Candidate, ...]
    blind: frozenset[str] = frozenset()

    def over(self, kind: str, campaign: str, name: str) -> bool:
        """Whether something that was seen before is no longer so."""
        here = any(item.id == name for item in self.candidates)
        return not here and kind not in self.blind and campaign not in self.blind


def everything(ctx: Context) -> Seen:
    """What all watchers see now."""
    found: list[Candidate] = []
    blind: set[str] = set()
    for watch, kinds in WATCHERS.items():
        try:
            found += watch(ctx, blind)
        except LinghangError:
            # Without customers or an engine there is nothing to see here; the other watchers still look.
            blind |= kinds
    return Seen(tuple({item.id: item for item in reversed(found)}.values())[::-1], frozenset(blind))


def _opportunities(ctx: Context, _blind: set[str]) -> Iterable[Candidate]:
    for found in opportunities_of(ctx, packs.load(ctx.pack), most=30):
        topic = found.id.partition(":")[0]
        kind = "benefit" if topic in ("benefit_expiring", "pool_underspent") else "opportunity"
        yield Candidate(found.id, kind, topic, found.code, found.value_fen, found.params, found.evidence, found.brief,
                        patch=found.patch)  # fmt: skip


def _alarms(ctx: Context, blind: set[str]) -> Iterable[Candidate]:
    for name, _ in documents_store.listing(ctx.db, ctx.institution_id):
        campaign = documents.load(ctx, name)
        if str(campaign.status) not in ("running", "paused"):
            continue
        try:
            report = reporting.read(ctx, campaign)
        except LinghangError:
            blind.add(name)
            continue
        standing = _standing(ctx, campaign, report)
        names = _names(ctx, campaign)
        for seen in insights.watch(report, standing, now=ctx.now, today=ctx.today):
            found = seen.finding
            # A pool is drawn on by several campaigns: it is told once.
            whose = "" if found.about.startswith("pools[") else name
            yield Candidate(
                f"alarm:{whose}:{found.code}:{found.about}"[:160], "alarm", found.code, found.code,
                params={**found.params, "name": str(views.row(campaign)["name"])},
                names={language: {str(value): own[str(value)] for value in found.params.values() if str(value) in own}
                       for language, own in names.items()},
                evidence=_evidence(found, report), campaign=name, act=seen.act,
                brief=_remedy(seen.act, found, campaign, names),
                alarm=found.severity in ("S1", "S2", "S3"),
            )  # fmt: skip


def _standing(ctx: Context, campaign: Campaign, report: Report) -> insights.Standing:
    goal, allocation, estimate = (campaign.value(name) for name in ("goal", "benefits", "estimate"))
    midnight = dt.datetime.combine(ctx.today, dt.time(), ZoneInfo(ctx.zone))
    pools = balances.pools(ctx.db, ctx.institution_id)
    cost = next((item.value for item in estimate.figures if item.name == "cost"), 0) if estimate is not None else 0
    return insights.Standing(
        budget_fen=allocation.committed_fen if allocation is not None else (goal.budget_fen if goal else 0),
        expected_fen=round(cost),
        tried=delivery.lately(ctx.db, ctx.institution_id, report.package,
                              since=midnight - dt.timedelta(days=insights.RECENT_DAYS)),
        overdue={} if str(campaign.status) == "paused" else delivery.overdue(
            ctx.db, ctx.institution_id, report.package, before=ctx.today - dt.timedelta(days=1)),
        shares=balances.shares(ctx.db, ctx.institution_id, report.package),
        pools={name: both for name, both in pools.items() if allocation is not None and name == allocation.pool},
    )  # fmt: skip


def _names(ctx: Context, campaign: Campaign) -> dict[str, dict[str, str]]:
    """What channels, layers, benefits, pools and figures are called, by language."""
    pack = packs.load(ctx.pack)
    figures = ("unsubscribe_rate", "complaint_rate")
    return {
        language: {
            **{pool.id: pool.label.of(locale) for pool in pack.pools},
            **{name: render(f"figure.{name}", {}, locale) for name in figures},
            **views.labels(campaign, pack, locale),
        }
        for language, locale in LOCALES.items()
    }


def _evidence(found: Finding, report: Report) -> dict[str, Json]:
    """What an alarm rests on: its own counts, or the figure of the report that it is about."""
    if found.evidence:
        return dict(found.evidence)
    about = found.about.removeprefix("figures[").removesuffix("]")
    told = report.told(about) or next((item for item in report.funnel if item.name == about), None)
    if told is None:
        return {key: value for key, value in found.params.items() if isinstance(value, int | float)}
    return {"figure": told.name, "value": told.value, "low": told.low, "high": told.high, "formula": told.formula,
            **{base.name: base.value for base in told.bases}}  # fmt: skip


def _remedy(act: str, found: Finding, campaign: Campaign,
            names: Mapping[str, Mapping[str, str]]) -> dict[str, str]:  # fmt: skip
    """What is to be changed in a copy of the campaign; empty where no sentence would mend it."""
    goal = campaign.value("goal")
    params: dict[str, Any] = {}
    if act == "drop_channel":
        channel = str(found.params.get("channel", ""))
        if goal is None or len(goal.channels) < 2:
            return {}
        params = {"channel": channel}
    elif act == "top_up" and goal is not None:
        params = {"budget": insights.rounded_yuan(goal.budget_fen * 2 / 100)}
    else:
        return {}
    return {
        language: render(f"inbox.remedy.{act}",
                         {key: names[language].get(str(value), value) for key, value in params.items()}, locale)
        for language, locale in LOCALES.items()
    }  # fmt: skip


def _drafts(ctx: Context, _blind: set[str]) -> Iterable[Candidate]:
    idle = ctx.now - dt.timedelta(hours=IDLE_HOURS)
    for name, _ in documents_store.listing(ctx.db, ctx.institution_id):
        campaign = documents.load(ctx, name)
        if str(campaign.status) not in ("draft", "rejected") or campaign.updated > idle:
            continue
        row = views.row(campaign)
        goal = campaign.value("goal")
        missing = list(goal.missing) if goal else []
        days = (ctx.now - campaign.updated).days
        code = "inbox.draft_missing" if missing else "inbox.draft_idle"
        params = {"name": row["name"], "days": max(days, 1), "missing": missing}
        names = {language: {key: render(f"reading.key.{key}", {}, locale) for key in missing}
                 for language, locale in LOCALES.items()}  # fmt: skip
        yield Candidate(f"draft:{name}", "draft", "draft", code, params=params, names=names, campaign=name,
                        evidence={"version": campaign.version, "updated": plain(campaign.updated)})  # fmt: skip


def _licences(ctx: Context, _blind: set[str]) -> Iterable[Candidate]:
    """Pictures in use whose licence has ended (an alarm) or ends within a month."""
    for asset, campaigns in library.running_out(ctx):
        over = asset.expired(ctx.today)
        day = asset.expires.isoformat() if asset.expires else ""
        params: dict[str, Json] = {"asset": asset.name, "day": day, "count": len(campaigns)}
        yield Candidate(
            f"licence:{asset.id}:{day}:{'over' if over else 'soon'}", "alarm" if over else "draft", "licence",
            "inbox.licence_over" if over else "inbox.licence_soon", params=params, campaign=campaigns[0],
            evidence={"asset": asset.id, "licence": asset.licence, "campaigns": list(campaigns)}, alarm=over,
        )  # fmt: skip


WATCHERS: Mapping[Callable[[Context, set[str]], Iterable[Candidate]], frozenset[str]] = {
    _opportunities: frozenset({"opportunity", "benefit"}),
    _alarms: frozenset(),
    _drafts: frozenset(),
    _licences: frozenset(),
}
"""Who looks → the kinds of what it would see, had it been able to look."""
