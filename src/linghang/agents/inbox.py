"""The inbox: what agents saw and propose, each with a reason, evidence and one click to a draft. They never act.

What comes is limited a day; what a person dismisses teaches: a topic that is dismissed again and again is muted for
longer each time, and what is taken up comes first. Alarms of running campaigns are never held back.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from linghang import insights, packs
from linghang.agents.model import Json
from linghang.base.digest import plain
from linghang.base.errors import LinghangError, UnknownItemError
from linghang.base.messages import render
from linghang.benefits import balances
from linghang.campaigns import store as documents_store
from linghang.flow import documents, library, reporting, views
from linghang.insights.skills import found as opportunities_of
from linghang.kit.context import Context
from linghang.kit.database import Instant, metadata, reading

A_DAY = 6
"""New proposals a day, alarms not counted."""
OF_A_KIND = 3
"""New proposals of one kind a day."""
OPEN = 20
"""Proposals that may be open at once; what is worth less waits."""
IDLE_HOURS = 24
"""A draft that nobody touched for so long is unfinished."""
TIRED = 2
"""So many more dismissals than takings mute a topic."""
MUTED_DAYS = 14
"""A muted topic comes back after so many days for each dismissal."""
KEPT_DAYS = 60

items = sa.Table(
    "inbox_item",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("id", sa.String(160), primary_key=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("topic", sa.String(80), nullable=False),
    sa.Column("code", sa.String(80), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("value", sa.BigInteger, nullable=False, default=0),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("actor", sa.String(80), nullable=False, default=""),
    sa.Column("at", Instant, nullable=False),
    sa.Column("changed", Instant, nullable=False),
)


@dataclass(frozen=True)
class Candidate:
    """Something that could go into the inbox. ``alarm``: it concerns what runs now, so no limit holds it back."""

    id: str
    kind: str
    topic: str
    code: str
    value: int = 0
    params: Mapping[str, Json] = field(default_factory=dict)
    evidence: Mapping[str, Json] = field(default_factory=dict)
    brief: Mapping[str, str] = field(default_factory=dict)
    campaign: str = ""
    act: str = ""
    alarm: bool = False


def scan(ctx: Context) -> dict[str, Json]:
    """Look everywhere, and put what is new and worth it into the inbox; what is no longer so is closed."""
    seen = [*_opportunities(ctx), *_alarms(ctx), *_drafts(ctx), *_licences(ctx)]
    known = {str(row["id"]): row for row in _rows(ctx)}
    muted = _muted(ctx, list(known.values()))
    fresh = [item for item in seen if item.id not in known and item.topic not in muted]
    rank = _acceptance(list(known.values()))
    fresh.sort(key=lambda item: (not item.alarm, -item.value * rank.get(item.topic, 0.5), item.id))
    chosen = _limited(ctx, fresh, list(known.values()))
    with ctx.db.begin() as connection:
        for item in chosen:
            connection.execute(items.insert().values(**_row(ctx, item)))
        gone = [name for name, row in known.items() if row["state"] == "open" and name not in {one.id for one in seen}]
        if gone:
            where = (items.c.institution_id == ctx.institution_id) & items.c.id.in_(gone)
            connection.execute(items.update().where(where).values(state="past", changed=ctx.now))
    return {"seen": len(seen), "new": [item.id for item in chosen], "held_back": len(fresh) - len(chosen),
            "past": gone, "muted": sorted(muted)}  # fmt: skip


def _limited(ctx: Context, fresh: Sequence[Candidate], known: Sequence[Mapping[str, Json]]) -> list[Candidate]:
    day = ctx.now - dt.timedelta(days=1)
    today = [row for row in known if row["at"] > day and not row["alarm"]]
    room = min(A_DAY - len(today), OPEN - sum(1 for row in known if row["state"] == "open"))
    kinds: dict[str, int] = {}
    for row in today:
        kinds[str(row["kind"])] = kinds.get(str(row["kind"]), 0) + 1
    chosen: list[Candidate] = []
    for item in fresh:
        if item.alarm:
            chosen.append(item)
        elif room > 0 and kinds.get(item.kind, 0) < OF_A_KIND:
            chosen.append(item)
            room -= 1
            kinds[item.kind] = kinds.get(item.kind, 0) + 1
    return chosen


def _muted(ctx: Context, known: Sequence[Mapping[str, Json]]) -> dict[str, dt.datetime]:
    """Topics of which more was dismissed than taken, and until when they stay out."""
    muted: dict[str, dt.datetime] = {}
    for topic in {str(row["topic"]) for row in known}:
        own = [row for row in known if row["topic"] == topic]
        dismissed = [row for row in own if row["state"] == "dismissed"]
        taken = sum(1 for row in own if row["state"] == "drafted")
        if len(dismissed) - taken >= TIRED:
            until = max(row["changed"] for row in dismissed) + dt.timedelta(days=MUTED_DAYS * (len(dismissed) - taken))
            if until > ctx.now:
                muted[topic] = until
    return muted


def _acceptance(known: Sequence[Mapping[str, Json]]) -> dict[str, float]:
    """How often a topic was taken up, with one taken and one dismissed assumed before anything is known."""
    rank: dict[str, float] = {}
    for topic in {str(row["topic"]) for row in known}:
        own = [str(row["state"]) for row in known if row["topic"] == topic]
        taken, dismissed = own.count("drafted"), own.count("dismissed")
        rank[topic] = (taken + 1) / (taken + dismissed + 2)
    return rank


def listing(ctx: Context, *, state: str = "open") -> dict[str, Json]:
    """The inbox as a reader reads it: alarms first, then by worth; and what is muted, until when."""
    rows = _rows(ctx)
    rank = _acceptance(rows)
    own = [row for row in rows if not state or row["state"] == state]
    own.sort(key=lambda row: (not row["alarm"], -int(row["value"]) * rank.get(str(row["topic"]), 0.5), str(row["id"])))
    return {
        "items": [_shown(row, ctx.locale) for row in own],
        "muted": [{"topic": topic, "until": plain(until)} for topic, until in sorted(_muted(ctx, rows).items())],
        "counts": {name: sum(1 for row in rows if row["state"] == name)
                   for name in ("open", "dismissed", "drafted", "past")},
    }  # fmt: skip


def move(ctx: Context, name: str, state: str) -> dict[str, Json]:
    """Dismiss an item, or note that a draft was made of it. Raises UnknownItemError("inbox.unknown")."""
    where = (items.c.institution_id == ctx.institution_id) & (items.c.id == name)
    with ctx.db.begin() as connection:
        done = connection.execute(
            items.update().where(where).values(state=state, actor=ctx.actor.name, changed=ctx.now)
        )
    if not done.rowcount:
        raise UnknownItemError("inbox.unknown", item=name)
    return item(ctx, name)


def item(ctx: Context, name: str) -> dict[str, Json]:
    """One item. Raises UnknownItemError("inbox.unknown")."""
    found = next((row for row in _rows(ctx) if row["id"] == name), None)
    if found is None:
        raise UnknownItemError("inbox.unknown", item=name)
    return _shown(found, ctx.locale)


def _rows(ctx: Context) -> list[dict[str, Any]]:
    since = ctx.now - dt.timedelta(days=KEPT_DAYS)
    query = sa.select(items).where(items.c.institution_id == ctx.institution_id, items.c.changed > since)
    with reading(ctx.db).connect() as connection:
        rows = connection.execute(query.order_by(items.c.at, items.c.id)).all()
    return [{**row._mapping, **json.loads(row.body)} for row in rows]


def _row(ctx: Context, found: Candidate) -> dict[str, Json]:
    body = {"params": plain(found.params), "evidence": plain(found.evidence), "brief": dict(found.brief),
            "campaign": found.campaign, "act": found.act, "alarm": found.alarm}  # fmt: skip
    return {"institution_id": ctx.institution_id, "id": found.id, "kind": found.kind, "topic": found.topic,
            "code": found.code, "body": json.dumps(body, ensure_ascii=False), "value": found.value, "state": "open",
            "actor": "", "at": ctx.now, "changed": ctx.now}  # fmt: skip


def _shown(row: Mapping[str, Any], locale: str) -> dict[str, Json]:
    language = "en" if locale.startswith("en") else "zh"
    why = f"{row['code']}_why"
    reason = render(why, row["params"], locale)
    return {
        "id": row["id"], "kind": row["kind"], "topic": row["topic"], "state": row["state"], "alarm": row["alarm"],
        "title": render(row["code"], row["params"], locale), "reason": "" if reason.startswith(why) else reason,
        "brief": row["brief"].get(language, ""), "evidence": row["evidence"], "campaign": row["campaign"],
        "act": row["act"], "value_fen": row["value"], "at": plain(row["at"]),
    }  # fmt: skip


def _opportunities(ctx: Context) -> Iterable[Candidate]:
    try:
        seen = opportunities_of(ctx, packs.load(ctx.pack), most=30)
    except LinghangError:
        # Without customers or an engine there is nothing to see; the other watchers still look.
        return
    for found in seen:
        topic = found.id.partition(":")[0]
        kind = "benefit" if topic in ("benefit_expiring", "pool_underspent") else "opportunity"
        yield Candidate(found.id, kind, topic, found.code, found.value_fen, found.params, found.evidence, found.brief)


def _alarms(ctx: Context) -> Iterable[Candidate]:
    left = balances.stock_left(ctx.db, ctx.institution_id).benefits
    for name, _ in documents_store.listing(ctx.db, ctx.institution_id):
        campaign = documents.load(ctx, name)
        if str(campaign.status) not in ("running", "paused"):
            continue
        try:
            report = reporting.read(ctx, campaign)
        except LinghangError:
            continue
        allocation = campaign.value("benefits")
        own = {one: left.get(one, 1) for one in (allocation.benefits if allocation else ())}
        goal = campaign.value("goal")
        for seen in insights.watch(report, budget_fen=goal.budget_fen if goal else 0, left=own, now=ctx.now):
            day = ctx.today.isoformat()
            yield Candidate(
                f"alarm:{name}:{seen.finding.code}:{seen.finding.about}:{day}", "alarm", seen.finding.code,
                seen.finding.code, params=dict(seen.finding.params), evidence=dict(seen.finding.evidence),
                campaign=name, act=seen.act, alarm=seen.finding.severity in ("S1", "S2", "S3"),
            )  # fmt: skip


def _drafts(ctx: Context) -> Iterable[Candidate]:
    idle = ctx.now - dt.timedelta(hours=IDLE_HOURS)
    for name, _ in documents_store.listing(ctx.db, ctx.institution_id):
        campaign = documents.load(ctx, name)
        if str(campaign.status) not in ("draft", "rejected") or campaign.updated > idle:
            continue
        row = views.row(campaign)
        goal = campaign.value("goal")
        missing = [render(f"reading.key.{key}", {}, ctx.locale) for key in (goal.missing if goal else ())]
        days = (ctx.now - campaign.updated).days
        code = "inbox.draft_missing" if missing else "inbox.draft_idle"
        params = {"name": row["name"], "days": max(days, 1), "missing": "、".join(missing)}
        yield Candidate(f"draft:{name}", "draft", "draft", code, params=params, campaign=name,
                        evidence={"version": campaign.version, "updated": plain(campaign.updated)})  # fmt: skip


def _licences(ctx: Context) -> Iterable[Candidate]:
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
