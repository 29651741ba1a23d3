"""The inbox: what agents saw and propose, each with a reason, evidence and one click to a draft. They never act.

What comes is limited a day; what a person dismisses teaches: a topic that is dismissed again and again is muted for
longer each time, and what is taken up comes first. Alarms of running campaigns are never held back or muted.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from linghang.agents import watchers
from linghang.agents.model import Json
from linghang.agents.watchers import Candidate
from linghang.base.digest import plain
from linghang.base.errors import RefusedError, UnknownItemError
from linghang.base.messages import render
from linghang.kit.context import Context
from linghang.kit.database import Instant, metadata, reading
from linghang.kit.skills import call

A_DAY = 6
"""New proposals a day, alarms not counted."""
OF_A_KIND = 3
"""New proposals of one kind a day."""
OPEN = 20
"""Proposals that may be open at once; what is worth less waits."""
TIRED = 2
"""So many more dismissals than takings mute a topic."""
MUTED_DAYS = 14
"""A muted topic comes back after so many days for each dismissal."""
QUIET_DAYS = 30
"""What was put away or taken up is not proposed again for so long, even if it is still so."""
ALARM_QUIET_DAYS = 7
LEARNT_DAYS = 60
"""What people did in so many days is learnt from."""

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


def scan(ctx: Context) -> dict[str, Json]:
    """Look everywhere, and put what is new and worth it into the inbox; what is no longer so is closed.

    What is open keeps its place and gets today's figures. What was put away or taken up comes back after a while if it
    is still so, and at once when it was over in between.
    """
    seen = watchers.everything(ctx)
    with ctx.db.begin() as connection:
        # One transaction: a scan that is killed leaves nothing half done, and two at once follow one another.
        known = {str(row["id"]): row for row in _rows(connection, ctx)}
        rows = list(known.values())
        muted, rank = _muted(ctx, rows), _acceptance(ctx, rows)
        fresh = [item for item in seen.candidates
                 if _may_come(ctx, item, known.get(item.id)) and (item.alarm or item.topic not in muted)]  # fmt: skip
        fresh.sort(key=lambda item: (not item.alarm, -item.value * rank.get(item.topic, 0.5), item.id))
        chosen = _limited(ctx, fresh, rows)
        for item in chosen:
            _put(connection, ctx, item, known.get(item.id))
        for item in seen.candidates:
            if (row := known.get(item.id)) is not None and row["state"] == "open":
                _change(connection, ctx, item.id, body=_body(item, row["times"]), value=item.value)
        gone = [name for name, row in known.items()
                if row["state"] == "open" and seen.over(str(row["kind"]), str(row["campaign"]), name)]  # fmt: skip
        for name in gone:
            _change(connection, ctx, name, state="past", changed=ctx.now)
    return {"seen": len(seen.candidates), "new": [item.id for item in chosen], "held_back": len(fresh) - len(chosen),
            "past": gone, "muted": sorted(muted)}  # fmt: skip


def _may_come(ctx: Context, item: Candidate, known: Mapping[str, Any] | None) -> bool:
    if known is None or known["state"] == "past":
        return True
    quiet = dt.timedelta(days=ALARM_QUIET_DAYS if item.alarm else QUIET_DAYS)
    return known["state"] != "open" and ctx.now - known["changed"] > quiet


def _limited(ctx: Context, fresh: Sequence[Candidate], known: Sequence[Mapping[str, Any]]) -> list[Candidate]:
    """Every alarm; of the others so many as a day and the open inbox allow, the kinds in turn."""
    day = ctx.now - dt.timedelta(days=1)
    today = [row for row in known if row["at"] > day and not row["alarm"]]
    opened = sum(1 for row in known if row["state"] == "open" and not row["alarm"])
    room = min(A_DAY - len(today), OPEN - opened)
    kinds = Counter(str(row["kind"]) for row in today)
    chosen = [item for item in fresh if item.alarm]
    waiting = [item for item in fresh if not item.alarm]
    while room > 0 and (allowed := [item for item in waiting if kinds[item.kind] < OF_A_KIND]):
        item = min(allowed, key=lambda one: kinds[one.kind])
        waiting.remove(item)
        chosen.append(item)
        kinds[item.kind] += 1
        room -= 1
    return chosen


def _learnt(ctx: Context, known: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, list[dt.datetime]]]:
    """Topic → when its items were dismissed and taken up lately."""
    since = ctx.now - dt.timedelta(days=LEARNT_DAYS)
    learnt: dict[str, dict[str, list[dt.datetime]]] = {}
    for row in known:
        own = learnt.setdefault(str(row["topic"]), {"dismissed": [], "drafted": []})
        for what, times in row["times"].items():
            own[what] += [at for at in map(dt.datetime.fromisoformat, times) if at > since]
    return learnt


def _muted(ctx: Context, known: Sequence[Mapping[str, Any]]) -> dict[str, dt.datetime]:
    """Topics of which more was dismissed than taken, and until when they stay out."""
    muted: dict[str, dt.datetime] = {}
    for topic, own in _learnt(ctx, known).items():
        more = len(own["dismissed"]) - len(own["drafted"])
        if more >= TIRED and (until := max(own["dismissed"]) + dt.timedelta(days=MUTED_DAYS * more)) > ctx.now:
            muted[topic] = until
    return muted


def _acceptance(ctx: Context, known: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """How often a topic was taken up, with one taken and one dismissed assumed before anything is known."""
    return {
        topic: (len(own["drafted"]) + 1) / (len(own["drafted"]) + len(own["dismissed"]) + 2)
        for topic, own in _learnt(ctx, known).items()
    }


def listing(ctx: Context, *, state: str = "open") -> dict[str, Json]:
    """The inbox as a reader reads it: alarms first, then by worth; and what is muted, until when."""
    with reading(ctx.db).connect() as connection:
        rows = _rows(connection, ctx)
    rank = _acceptance(ctx, rows)
    own = [row for row in rows if not state or row["state"] == state]
    own.sort(key=lambda row: (not row["alarm"], -int(row["value"]) * rank.get(str(row["topic"]), 0.5), str(row["id"])))
    return {
        "items": [_shown(row, ctx.locale) for row in own],
        "muted": [{"topic": topic, "until": plain(until)} for topic, until in sorted(_muted(ctx, rows).items())],
        "counts": {name: sum(1 for row in rows if row["state"] == name)
                   for name in ("open", "dismissed", "drafted", "past")},
    }  # fmt: skip


LATER = "later"
"""A reason to dismiss that says nothing against the topic: it teaches nothing."""


def move(ctx: Context, name: str, state: str, said: str = "") -> dict[str, Json]:
    """Dismiss an item, note that a draft was made of it, or take it back (``open``); done twice it counts once.

    ``said`` is why. What is taken back no longer counts against its topic. Raises UnknownItemError("inbox.unknown").
    """
    with ctx.db.begin() as connection:
        row = next((row for row in _rows(connection, ctx) if row["id"] == name), None)
        if row is None:
            raise UnknownItemError("inbox.unknown", item=name)
        if row["state"] != state:
            times = dict(row["times"])
            if state == "open" and row["said"] != LATER:
                times[str(row["state"])] = times.get(str(row["state"]), [])[:-1]
            elif state != "open" and said != LATER:
                times[state] = [*times.get(state, []), ctx.now.isoformat()]
            body = {**json.loads(row["body"]), "times": times, "said": said[:200]}
            _change(connection, ctx, name, state=state, actor=ctx.actor.name, changed=ctx.now,
                    body=json.dumps(body, ensure_ascii=False))  # fmt: skip
    return item(ctx, name)


def item(ctx: Context, name: str) -> dict[str, Json]:
    """One item. Raises UnknownItemError("inbox.unknown")."""
    with reading(ctx.db).connect() as connection:
        found = next((row for row in _rows(connection, ctx) if row["id"] == name), None)
    if found is None:
        raise UnknownItemError("inbox.unknown", item=name)
    return _shown(found, ctx.locale)


def draft(ctx: Context, name: str) -> Any:
    """Make the draft that an item proposes: a campaign of its sentence, a copy with the remedy, the draft gone on with.

    One item has one draft, however often it is asked for. Raises RefusedError("inbox.no_draft").
    """
    found = item(ctx, name)
    own = replace(ctx, idempotency_key=f"inbox:{name}:{found['at']}")
    campaign, sentence = str(found["campaign"]), str(found["brief"])
    if found["topic"] == "draft":
        call(own, "campaign.compile", {"id": campaign})
        made = call(own, "campaign.show", {"id": campaign})
    elif found["kind"] == "alarm" and found["topic"] != "licence":
        made = call(own, "campaign.clone", {"id": campaign})
        if sentence and made["version"] == 1:
            made = call(own, "campaign.edit", {"id": made["id"], "text": sentence})
    elif sentence:
        made = call(own, "campaign.new", {"text": sentence, "patch": found["patch"]})
    else:
        raise RefusedError("inbox.no_draft", item=name)
    move(ctx, name, "drafted")
    return made


def _rows(connection: sa.Connection, ctx: Context) -> list[dict[str, Any]]:
    query = sa.select(items).where(items.c.institution_id == ctx.institution_id).order_by(items.c.at, items.c.id)
    return [{**_EARLIER, **json.loads(row.body), **row._mapping} for row in connection.execute(query)]


_EARLIER: Mapping[str, Any] = {"names": {}, "times": {}, "patch": [], "said": ""}
"""What bodies of earlier homes do not hold."""


def _put(connection: sa.Connection, ctx: Context, found: Candidate, before: Mapping[str, Any] | None) -> None:
    told = {"kind": found.kind, "topic": found.topic, "code": found.code, "value": found.value, "state": "open",
            "body": _body(found, before["times"] if before else {}), "actor": "", "at": ctx.now,
            "changed": ctx.now}  # fmt: skip
    if before is not None:
        _change(connection, ctx, found.id, **told)
    else:
        connection.execute(items.insert().values(institution_id=ctx.institution_id, id=found.id, **told))


def _change(connection: sa.Connection, ctx: Context, name: str, **told: Any) -> None:
    where = (items.c.institution_id == ctx.institution_id) & (items.c.id == name)
    connection.execute(items.update().where(where).values(**told))


def _body(found: Candidate, times: Mapping[str, Json]) -> str:
    body = {"params": plain(found.params), "evidence": plain(found.evidence), "brief": dict(found.brief),
            "names": plain(found.names), "patch": plain(found.patch),
            "campaign": found.campaign, "act": found.act, "alarm": found.alarm,
            "times": dict(times)}  # fmt: skip
    return json.dumps(body, ensure_ascii=False)


def _shown(row: Mapping[str, Any], locale: str) -> dict[str, Json]:
    language = "en" if locale.startswith("en") else "zh"
    params = _worded(row["params"], row["names"].get(language, {}), language)
    why = f"{row['code']}_why"
    reason = render(why, params, locale)
    act = str(row["act"])
    return {
        "id": row["id"], "kind": row["kind"], "topic": row["topic"], "state": row["state"], "alarm": row["alarm"],
        "title": _title(row, params, locale), "reason": "" if reason.startswith(why) else reason,
        "brief": row["brief"].get(language, ""), "evidence": row["evidence"], "patch": row["patch"],
        "campaign": row["campaign"],
        "act": act, "act_label": render(f"inbox.act.{act}", {}, locale) if act else "",
        "commit": _COMMITS.get(act, ""), "drafts": _drafts(row), "said": row["said"],
        "value_fen": row["value"], "at": plain(row["at"]),
    }  # fmt: skip


def _title(row: Mapping[str, Any], params: Mapping[str, Any], locale: str) -> str:
    """What was seen; an alarm says of which campaign."""
    title, name = render(row["code"], params, locale), str(params.get("name", ""))
    if not row["alarm"] or not name or name in title:
        return title
    return render("inbox.of_campaign", {"name": name, "title": title}, locale)


_COMMITS: Mapping[str, str] = {"pause": "campaign.pause", "stop": "campaign.stop"}
"""What a person may do at once about an alarm; an agent never does."""


def _drafts(row: Mapping[str, Any]) -> bool:
    """Whether one click makes a draft of an item."""
    return row["topic"] == "draft" or (row["topic"] != "licence" and (row["kind"] == "alarm" or bool(row["brief"])))


def _worded(params: Mapping[str, Any], names: Mapping[str, str], language: str) -> dict[str, Any]:
    joint = ", " if language == "en" else "、"
    return {
        key: joint.join(names.get(str(part), str(part)) for part in value)
        if isinstance(value, list)
        else names.get(str(value), value)
        for key, value in params.items()
    }
