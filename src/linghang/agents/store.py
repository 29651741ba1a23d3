"""What the staff keeps: conversations and their turns, what is to be remembered, plans and how each step went."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from linghang.agents.model import Json, Plan, Ref, Step
from linghang.base.digest import plain
from linghang.base.errors import ConflictError, UnknownItemError
from linghang.kit.database import Instant, metadata, reading

conversations = sa.Table(
    "agent_conversation",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("actor", sa.String(80), nullable=False),
    sa.Column("title", sa.String(120), nullable=False),
    sa.Column("focus", sa.String(40), nullable=False, default=""),
    sa.Column("created", Instant, nullable=False),
    sa.Column("updated", Instant, nullable=False),
)
turns = sa.Table(
    "agent_turn",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("conversation", sa.String(40), primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True),
    sa.Column("key", sa.String(200), nullable=False, default=""),
    sa.Column("actor", sa.String(80), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("aim", sa.String(120), nullable=False),
    sa.Column("campaign", sa.String(40), nullable=False, default=""),
    sa.Column("reply", sa.Text, nullable=False),
    sa.Column("state", sa.String(12), nullable=False, server_default="ended"),
    sa.Column("job", sa.String(60), nullable=False, server_default=""),
    sa.Column("at", Instant, nullable=False),
)
memories = sa.Table(
    "agent_memory",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("actor", sa.String(80), nullable=False),
    sa.Column("conversation", sa.String(40), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("turn", sa.Integer, nullable=False),
    sa.Column("at", Instant, nullable=False),
)
plans = sa.Table(
    "agent_plan",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("actor", sa.String(80), nullable=False),
    sa.Column("conversation", sa.String(40), nullable=False, default=""),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("job", sa.String(60), nullable=False, server_default=""),
    sa.Column("at", Instant, nullable=False),
)
steps = sa.Table(
    "agent_step",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("plan", sa.String(40), primary_key=True),
    sa.Column("step", sa.String(40), primary_key=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("millis", sa.Float, nullable=False),
    sa.Column("at", Instant, nullable=False),
)


def plan_json(made: Plan) -> dict[str, Json]:
    """A plan as JSON; a reference is ``{"from": step, "path"}``."""
    return {**plain({key: value for key, value in vars(made).items() if key != "steps"}),
            "steps": [_step_json(step) for step in made.steps],
            "waves": [[step.id for step in wave] for wave in made.waves()]}  # fmt: skip


def _step_json(step: Step) -> dict[str, Json]:
    arguments = {
        name: {"from": value.step, "path": value.path} if isinstance(value, Ref) else plain(value)
        for name, value in step.arguments.items()
    }
    return {**plain({key: value for key, value in vars(step).items() if key != "arguments"}), "arguments": arguments}


def plan_of(shape: Mapping[str, Json]) -> Plan:
    """The plan that ``plan_json`` told of."""
    made = [
        Step(
            item["id"], item["skill"], {name: _argument(value) for name, value in item["arguments"].items()},
            item["makes"], item["why"], item["domain"], tuple(item["after"]), item["required"],
        )
        for item in shape["steps"]
    ]  # fmt: skip
    rest = {
        key: shape[key] for key in ("aim", "makes", "text", "playbook", "confidence", "refusal", "params", "replans")
    }
    return Plan(steps=tuple(made), **rest)


def _argument(value: Json) -> Json | Ref:
    if isinstance(value, Mapping) and set(value) == {"from", "path"}:
        return Ref(str(value["from"]), str(value["path"]))
    return value


def keep_plan(db: sa.Engine, institution_id: str, name: str, made: Plan, *, actor: str, conversation: str, state: str,
              at: dt.datetime, job: str = "") -> None:  # fmt: skip
    """Keep a plan, or its newer form; ``job`` is the one that runs it."""
    row = {"institution_id": institution_id, "id": name, "actor": actor, "conversation": conversation, "state": state,
           "body": json.dumps(plan_json(made), ensure_ascii=False), "job": job, "at": at}  # fmt: skip
    with db.begin() as connection:
        where = (plans.c.institution_id == institution_id) & (plans.c.id == name)
        connection.execute(plans.delete().where(where))
        connection.execute(plans.insert().values(**row))


def change_plan(db: sa.Engine, institution_id: str, name: str, made: Plan) -> None:
    """Keep the newer form of a plan that is being run."""
    where = (plans.c.institution_id == institution_id) & (plans.c.id == name)
    with db.begin() as connection:
        connection.execute(plans.update().where(where).values(body=json.dumps(plan_json(made), ensure_ascii=False)))


def end_plan(db: sa.Engine, institution_id: str, name: str, state: str) -> None:
    """Write down how a plan ended."""
    where = (plans.c.institution_id == institution_id) & (plans.c.id == name)
    with db.begin() as connection:
        connection.execute(plans.update().where(where).values(state=state))


def stopped_plan(db: sa.Engine, institution_id: str, conversation: str) -> str:
    """The plan of a conversation that was stopped last, if it has not been gone on with."""
    query = (
        sa.select(plans.c.id)
        .where(plans.c.institution_id == institution_id, plans.c.conversation == conversation,
               plans.c.state == "cancelled")
        .order_by(plans.c.at.desc())
        .limit(1)
    )  # fmt: skip
    with reading(db).connect() as connection:
        return str(connection.execute(query).scalar() or "")


def jobs_of(db: sa.Engine, institution_id: str, actor: str, *, conversation: str = "", plan_id: str = "") -> list[str]:
    """The jobs of a user that are under way in a conversation, or for a plan."""
    table, where = (
        (turns, (turns.c.conversation == conversation) & (turns.c.state == "running"))
        if conversation
        else (plans, (plans.c.id == plan_id) & (plans.c.state == "running"))
    )
    query = sa.select(table.c.job).where(table.c.institution_id == institution_id, table.c.actor == actor, where)
    with reading(db).connect() as connection:
        return [str(job) for job in connection.execute(query).scalars() if job]


def plan(db: sa.Engine, institution_id: str, name: str) -> tuple[Plan, str, str]:
    """A plan, its state and its conversation. Raises UnknownItemError("agents.no_plan")."""
    with reading(db).connect() as connection:
        row = connection.execute(
            sa.select(plans).where(plans.c.institution_id == institution_id, plans.c.id == name)
        ).one_or_none()
    if row is None:
        raise UnknownItemError("agents.no_plan", plan=name)
    return plan_of(json.loads(row.body)), row.state, row.conversation


def plans_of(db: sa.Engine, institution_id: str, actor: str, most: int) -> list[Mapping[str, Json]]:
    """A user's latest plans in short."""
    query = (
        sa.select(plans)
        .where(plans.c.institution_id == institution_id, plans.c.actor == actor)
        .order_by(plans.c.at.desc())
        .limit(most)
    )
    with reading(db).connect() as connection:
        rows = connection.execute(query).all()
    told = [(row, json.loads(row.body)) for row in rows]
    return [
        {"plan_id": row.id, "state": row.state, "at": plain(row.at), "text": body["text"], "makes": body["makes"],
         "steps": len(body["steps"]), "conversation": row.conversation}
        for row, body in told
    ]  # fmt: skip


def keep_step(db: sa.Engine, institution_id: str, plan_id: str, step: str, state: str, outcome: Mapping[str, Json],
              millis: float, at: dt.datetime) -> None:  # fmt: skip
    """Keep how a step ended, so that a run that starts again does not do it again."""
    where = (steps.c.institution_id == institution_id) & (steps.c.plan == plan_id) & (steps.c.step == step)
    with db.begin() as connection:
        connection.execute(steps.delete().where(where))
        connection.execute(
            steps.insert().values(institution_id=institution_id, plan=plan_id, step=step, state=state,
                                  outcome=json.dumps(plain(outcome), ensure_ascii=False), millis=millis, at=at)
        )  # fmt: skip


def steps_of(db: sa.Engine, institution_id: str, plan_id: str) -> dict[str, dict[str, Json]]:
    """How the steps of a plan went so far: step → state, outcome, milliseconds."""
    with reading(db).connect() as connection:
        rows = connection.execute(
            sa.select(steps).where(steps.c.institution_id == institution_id, steps.c.plan == plan_id)
        ).all()
    return {row.step: {"state": row.state, "millis": row.millis, **json.loads(row.outcome)} for row in rows}


def open_conversation(db: sa.Engine, institution_id: str, name: str, *, actor: str, title: str,
                      at: dt.datetime) -> Mapping[str, Json]:  # fmt: skip
    """A conversation, begun if it is new. Another user's is not found: UnknownItemError("agents.no_conversation")."""
    where = (conversations.c.institution_id == institution_id) & (conversations.c.id == name)
    with db.begin() as connection:
        row = connection.execute(sa.select(conversations).where(where)).one_or_none()
        if row is None:
            values = {"institution_id": institution_id, "id": name, "actor": actor, "title": title[:40], "focus": "",
                      "created": at, "updated": at}  # fmt: skip
            connection.execute(conversations.insert().values(**values))
            return values
    if row.actor != actor:
        raise UnknownItemError("agents.no_conversation", conversation=name)
    return dict(row._mapping)


def focus(db: sa.Engine, institution_id: str, name: str, campaign: str, at: dt.datetime) -> None:
    """Let a conversation be about a campaign from now on."""
    where = (conversations.c.institution_id == institution_id) & (conversations.c.id == name)
    with db.begin() as connection:
        connection.execute(conversations.update().where(where).values(focus=campaign, updated=at))


def conversations_of(db: sa.Engine, institution_id: str, actor: str, most: int = 50) -> list[dict[str, Json]]:
    """A user's conversations, the latest first, with the number of their turns."""
    counted = sa.select(sa.func.count()).where(
        turns.c.institution_id == institution_id, turns.c.conversation == conversations.c.id
    ).scalar_subquery()  # fmt: skip
    query = (
        sa.select(conversations, counted.label("turns"))
        .where(conversations.c.institution_id == institution_id, conversations.c.actor == actor)
        .order_by(conversations.c.updated.desc())
        .limit(most)
    )
    with reading(db).connect() as connection:
        return [{key: plain(value) for key, value in row._mapping.items() if key != "institution_id"}
                for row in connection.execute(query)]  # fmt: skip


def begin_turn(db: sa.Engine, institution_id: str, conversation: str, *, key: str, job: str, actor: str, text: str,
               at: dt.datetime) -> int:  # fmt: skip
    """Write down that a turn has begun and return its number; the same key is the same turn, which runs again."""
    mine = (turns.c.institution_id == institution_id) & (turns.c.conversation == conversation)
    for _ in range(_RACES):
        try:
            with db.begin() as connection:
                same = (
                    connection.execute(sa.select(turns.c.n).where(mine, turns.c.key == key)).scalar() if key else None
                )
                if same is not None:
                    connection.execute(
                        turns.update().where(mine, turns.c.n == same).values(state="running", job=job)
                    )  # fmt: skip
                    return int(same)
                last = connection.execute(sa.select(sa.func.coalesce(sa.func.max(turns.c.n), 0)).where(mine))
                n = int(last.scalar_one()) + 1
                connection.execute(
                    turns.insert().values(institution_id=institution_id, conversation=conversation, n=n, key=key,
                                          actor=actor, text=text, aim="", campaign="", reply="{}", state="running",
                                          job=job, at=at)
                )  # fmt: skip
                _touch(connection, institution_id, conversation, at)
            return n
        except IntegrityError:
            # Another process took the number at the same moment (a home on PostgreSQL): the next one is ours.
            continue
    raise ConflictError("agents.turn_raced", conversation=conversation)


def end_turn(db: sa.Engine, institution_id: str, conversation: str, n: int, *, aim: str, campaign: str,
             reply: Mapping[str, Json], at: dt.datetime) -> None:  # fmt: skip
    """Write down how a turn ended."""
    mine = (turns.c.institution_id == institution_id) & (turns.c.conversation == conversation) & (turns.c.n == n)
    with db.begin() as connection:
        connection.execute(
            turns.update().where(mine).values(
                reply=json.dumps(plain(reply), ensure_ascii=False), campaign=campaign, aim=aim, state="ended")
        )  # fmt: skip
        _touch(connection, institution_id, conversation, at)


def _touch(connection: sa.Connection, institution_id: str, conversation: str, at: dt.datetime) -> None:
    where = (conversations.c.institution_id == institution_id) & (conversations.c.id == conversation)
    connection.execute(conversations.update().where(where).values(updated=at))


_RACES = 20
"""How often a number is tried for."""


def turns_of(
    db: sa.Engine, institution_id: str, conversation: str, *, last: int = 0, after: int = 0, running: bool = False
) -> list[dict[str, Json]]:
    """The turns of a conversation, oldest first: all that have ended, or the ``last`` ones, those ``after`` a number;
    with ``running`` those under way too.
    """
    query = sa.select(turns).where(turns.c.institution_id == institution_id, turns.c.conversation == conversation,
                                   turns.c.n > after)  # fmt: skip
    query = query if running else query.where(turns.c.state == "ended")
    query = query.order_by(turns.c.n.desc()).limit(last) if last else query.order_by(turns.c.n)
    with reading(db).connect() as connection:
        rows = [
            {**{key: plain(value) for key, value in row._mapping.items() if key not in ("institution_id", "reply")},
             "reply": json.loads(row.reply)}
            for row in connection.execute(query)
        ]  # fmt: skip
    return rows[::-1] if last else rows


def forget_conversation(db: sa.Engine, institution_id: str, conversation: str, actor: str) -> int:
    """Delete a conversation of a user with its turns and what was remembered in it; how many turns went."""
    with db.begin() as connection:
        own = connection.execute(
            conversations.delete().where(conversations.c.institution_id == institution_id,
                                         conversations.c.id == conversation, conversations.c.actor == actor)
        ).rowcount  # fmt: skip
        if not own:
            raise UnknownItemError("agents.no_conversation", conversation=conversation)
        gone = connection.execute(
            turns.delete().where(turns.c.institution_id == institution_id, turns.c.conversation == conversation)
        ).rowcount
        connection.execute(
            memories.delete().where(memories.c.institution_id == institution_id,
                                    memories.c.conversation == conversation)
        )  # fmt: skip
    return int(gone)


def remember(db: sa.Engine, institution_id: str, name: str, *, actor: str, conversation: str, text: str, turn: int,
             at: dt.datetime) -> None:  # fmt: skip
    """Keep a sentence that must hold from now on; an empty conversation means every conversation of the user."""
    row = {"institution_id": institution_id, "id": name, "actor": actor, "conversation": conversation, "text": text,
           "turn": turn, "at": at}  # fmt: skip
    with db.begin() as connection:
        connection.execute(memories.insert().prefix_with("OR REPLACE", dialect="sqlite").values(**row))


def remembered(db: sa.Engine, institution_id: str, actor: str, conversation: str = "*") -> list[dict[str, Json]]:
    """What holds for a user in a conversation (``*``: in any), in the order in which it was said."""
    query = sa.select(memories).where(memories.c.institution_id == institution_id, memories.c.actor == actor)
    if conversation != "*":
        query = query.where(memories.c.conversation.in_(("", conversation)))
    with reading(db).connect() as connection:
        return [{key: plain(value) for key, value in row._mapping.items() if key != "institution_id"}
                for row in connection.execute(query.order_by(memories.c.at, memories.c.id))]  # fmt: skip


def forget(db: sa.Engine, institution_id: str, actor: str, names: Sequence[str]) -> int:
    """Delete what was remembered for a user; how many there were."""
    with db.begin() as connection:
        return int(
            connection.execute(
                memories.delete().where(memories.c.institution_id == institution_id, memories.c.actor == actor,
                                        memories.c.id.in_(list(names)))
            ).rowcount
        )  # fmt: skip


Row = Mapping[str, Any]
