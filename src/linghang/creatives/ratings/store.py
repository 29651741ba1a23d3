"""What was shown to raters and what they said: rounds and their items, and two append-only ledgers."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from linghang.base.digest import canonical_json
from linghang.base.errors import UnknownItemError
from linghang.creatives.ratings.model import Candidate, Pair, Purpose, Rating, Subject
from linghang.kit.appendonly import append_only
from linghang.kit.database import Instant, metadata, reading

rounds = sa.Table(
    "rating_round",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("subject", sa.String(12), nullable=False),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("actor", sa.String(80), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("learned_from", sa.Integer, nullable=False),
)

items = sa.Table(
    "rating_item",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("round", sa.String(40), primary_key=True),
    sa.Column("candidate", sa.String(40), primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("purpose", sa.String(8), nullable=False),
    sa.Column("subject", sa.String(12), nullable=False),
    sa.Column("parameters", sa.Text, nullable=False),
    sa.Column("recipe", sa.Text, nullable=False),
    sa.Column("file", sa.String(64), nullable=False),
    sa.Column("mime", sa.String(40), nullable=False),
    sa.Column("expected", sa.Float, nullable=False),
)

ratings = append_only(
    sa.Table(
        "rating",
        metadata,
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("round", sa.String(40), nullable=False),
        sa.Column("candidate", sa.String(40), nullable=False),
        sa.Column("rater", sa.String(80), nullable=False),
        sa.Column("flags", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("millis", sa.Integer, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Index("ix_rating_round", "institution_id", "round"),
    )
)

pairs = append_only(
    sa.Table(
        "rating_pair",
        metadata,
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("better", sa.String(40), nullable=False),
        sa.Column("worse", sa.String(40), nullable=False),
        sa.Column("rater", sa.String(80), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Index("ix_rating_pair_rater", "institution_id", "rater"),
    )
)


@dataclass(frozen=True)
class Round:
    """A round of rating; ``learned_from`` is how many ratings the model had when it chose."""

    id: str
    subject: Subject
    name: str
    actor: str
    at: dt.datetime
    learned_from: int


@dataclass(frozen=True)
class Item:
    """A candidate as it lies before raters: painted, with the purpose that raters do not see.

    ``expected`` is P(usable) as the model thought when the round began.
    """

    round: str
    candidate: Candidate
    purpose: Purpose
    place: int
    file: str
    mime: str
    expected: float


def begin(db: sa.Engine, institution_id: str, opened: Round, painted: Sequence[Item]) -> None:
    """Store a round with all its items, whole or not at all."""
    with db.begin() as connection:
        connection.execute(rounds.insert().values(institution_id=institution_id, **vars(opened)))
        connection.execute(
            items.insert(),
            [
                {
                    "institution_id": institution_id,
                    "round": item.round,
                    "candidate": item.candidate.id,
                    "place": item.place,
                    "purpose": item.purpose,
                    "subject": item.candidate.subject,
                    "parameters": canonical_json(item.candidate.parameters),
                    "recipe": canonical_json(item.candidate.recipe),
                    "file": item.file,
                    "mime": item.mime,
                    "expected": item.expected,
                }
                for item in painted
            ],
        )


def all_rounds(db: sa.Engine, institution_id: str) -> tuple[Round, ...]:
    """Every round, the newest first."""
    with reading(db).connect() as connection:
        found = connection.execute(
            sa.select(rounds).where(rounds.c.institution_id == institution_id).order_by(rounds.c.at.desc())
        ).all()
    return tuple(Round(row.id, row.subject, row.name, row.actor, row.at, row.learned_from) for row in found)


def round_of(db: sa.Engine, institution_id: str, name: str) -> Round:
    """A round by id; ``last`` or an empty name is the newest. Raises UnknownItemError("ratings.no_round")."""
    have = all_rounds(db, institution_id)
    found = have[0] if have and name in ("", "last") else next((one for one in have if one.id == name), None)
    if found is None:
        raise UnknownItemError("ratings.no_round", round=name or "last", have=", ".join(one.id for one in have[:5]))
    return found


def items_of(db: sa.Engine, institution_id: str, name: str = "") -> tuple[Item, ...]:
    """The items of a round in their order, or of all rounds."""
    where = items.c.institution_id == institution_id
    with reading(db).connect() as connection:
        found = connection.execute(
            sa.select(items)
            .where(where & (items.c.round == name) if name else where)
            .order_by(items.c.round, items.c.place)
        ).all()
    return tuple(
        Item(
            row.round,
            Candidate(row.candidate, row.subject, json.loads(row.parameters), json.loads(row.recipe)),
            row.purpose,
            row.place,
            row.file,
            row.mime,
            row.expected,
        )
        for row in found
    )


def rate(db: sa.Engine, institution_id: str, name: str, rating: Rating) -> None:
    """Write one rating down."""
    with db.begin() as connection:
        connection.execute(
            ratings.insert().values(
                institution_id=institution_id,
                round=name,
                candidate=rating.candidate,
                rater=rating.rater,
                flags=canonical_json(sorted(rating.flags)),
                note=rating.note,
                millis=rating.millis,
                at=rating.at,
            )
        )


def ratings_of(db: sa.Engine, institution_id: str, name: str = "") -> tuple[Rating, ...]:
    """What was said in a round, or in all: the last word of each rater on each item of each round."""
    where = ratings.c.institution_id == institution_id
    with reading(db).connect() as connection:
        found = connection.execute(
            sa.select(ratings).where(where & (ratings.c.round == name) if name else where).order_by(ratings.c.number)
        ).all()
    last = {(row.round, row.candidate, row.rater): row for row in found}
    return tuple(
        Rating(row.candidate, row.rater, frozenset(json.loads(row.flags)), row.note, row.at, row.millis)
        for row in last.values()
    )


def prefer(db: sa.Engine, institution_id: str, pair: Pair) -> None:
    """Write one comparison down."""
    with db.begin() as connection:
        connection.execute(pairs.insert().values(institution_id=institution_id, **vars(pair)))


def pairs_of(db: sa.Engine, institution_id: str, rater: str) -> tuple[Pair, ...]:
    """All comparisons of one rater, oldest first."""
    with reading(db).connect() as connection:
        found = connection.execute(
            sa.select(pairs)
            .where(pairs.c.institution_id == institution_id, pairs.c.rater == rater)
            .order_by(pairs.c.number)
        ).all()
    return tuple(Pair(row.better, row.worse, row.rater, row.at) for row in found)
