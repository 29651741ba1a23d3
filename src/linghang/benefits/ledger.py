"""The benefit ledger: reserve → issue → redeem → expire → reclaim, append-only, never more than the limits hold.

Every verb takes an idempotency key: the same key again returns what it did the first time. A grant binds its full
face value from the moment it is reserved until it is reclaimed; what was not used when it was redeemed is let go at
once. So at any moment and for any number of processes, Σ granted × face ≤ total for the pool and for the package.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from linghang.base.errors import ConflictError, RefusedError, UnknownItemError
from linghang.benefits.limits import bind, give_back, room_for
from linghang.benefits.model import Grant, GrantState, Refusal
from linghang.benefits.store import entries
from linghang.packs.model import Benefit

_STATES: Mapping[str, GrantState] = {
    "reserve": "reserved",
    "issue": "issued",
    "redeem": "redeemed",
    "expire": "expired",
    "reclaim": "reclaimed",
}
_BEFORE: Mapping[str, tuple[GrantState, ...]] = {
    "issue": ("reserved",),
    "redeem": ("issued",),
    "expire": ("reserved", "issued"),
    "reclaim": ("reserved", "expired", "redeemed"),
}
_ORDER = {kind: place for place, kind in enumerate(_STATES)}


def reserve(
    db: sa.Engine,
    institution_id: str,
    package: str,
    benefit: Benefit,
    customer: int,
    *,
    key: str,
    now: dt.datetime,
) -> Grant | Refusal:
    """Hold one benefit for a customer, or say why not (a value: nothing was held).

    Raises UnknownItemError("benefits.unknown_scope") if no limits were opened, ConflictError("benefits.key_reused").
    """
    with db.begin() as connection:
        return _grant_each(connection, institution_id, package, benefit, ((customer, key),), now, ("reserve",))[0]


def claim(
    db: sa.Engine,
    institution_id: str,
    package: str,
    benefit: Benefit,
    customer: int,
    *,
    key: str,
    now: dt.datetime,
) -> Grant | Refusal:
    """Reserve and issue in one transaction: what happens when a customer taps 领取."""
    with db.begin() as connection:
        return _grant_each(connection, institution_id, package, benefit, ((customer, key),), now, _CLAIM)[0]


def claim_many(
    db: sa.Engine,
    institution_id: str,
    package: str,
    benefit: Benefit,
    asks: Sequence[tuple[int, str]],
    *,
    now: dt.datetime,
) -> tuple[Grant | Refusal, ...]:
    """``claim`` for many (customer, key) in one transaction, in their order: first come, first served."""
    with db.begin() as connection:
        return _grant_each(connection, institution_id, package, benefit, asks, now, _CLAIM)


def reserve_many(
    db: sa.Engine,
    institution_id: str,
    package: str,
    benefit: Benefit,
    customers: Iterable[int],
    *,
    now: dt.datetime,
) -> Mapping[int, Grant | Refusal]:
    """Reserve for many customers in one transaction; keys follow from package, benefit and customer.

    Who comes after the stock has run out gets the refusal; nobody is skipped silently.
    """
    asks = [(customer, f"{package[:16]}:{benefit.id}:{customer}") for customer in dict.fromkeys(customers)]
    with db.begin() as connection:
        found = _grant_each(connection, institution_id, package, benefit, asks, now, ("reserve",))
    return {customer: answer for (customer, _), answer in zip(asks, found, strict=True)}


def issue(db: sa.Engine, institution_id: str, grant_id: str, *, key: str, now: dt.datetime) -> Grant:
    """Turn a reservation into a right that the customer has. Raises RefusedError("benefits.wrong_state")."""
    with db.begin() as connection:
        grant = _grant(connection, institution_id, grant_id)
        return _move(connection, institution_id, grant, "issue", key, now, held_fen=0)


def redeem(db: sa.Engine, institution_id: str, grant_id: str, *, amount_fen: int, key: str, now: dt.datetime) -> Grant:
    """Use a right, for up to its face value; what is not used goes back to the pool.

    Raises RefusedError ("benefits.expired", "benefits.too_much", "benefits.wrong_state").
    """
    with db.begin() as connection:
        grant = _grant(connection, institution_id, grant_id)
        if not 0 <= amount_fen <= grant.face_fen:
            raise RefusedError("benefits.too_much", amount_fen=amount_fen, face_fen=grant.face_fen)
        if grant.state == "issued" and grant.expires is not None and now >= grant.expires:
            raise RefusedError("benefits.expired", grant=grant_id)
        unused = grant.face_fen - amount_fen
        return _move(connection, institution_id, grant, "redeem", key, now, held_fen=-unused, redeemed_fen=amount_fen)


def expire_due(db: sa.Engine, institution_id: str, *, now: dt.datetime, most: int = 10_000) -> tuple[Grant, ...]:
    """Expire every open grant whose time is over and give its value back: expire, then reclaim, in one transaction."""
    done: list[Grant] = []
    with db.begin() as connection:
        for grant in _open_before(connection, institution_id, now, most):
            expired = _move(connection, institution_id, grant, "expire", f"{grant.id}:expire", now, held_fen=0)
            done.append(
                _move(
                    connection,
                    institution_id,
                    expired,
                    "reclaim",
                    f"{grant.id}:reclaim",
                    now,
                    held_fen=-grant.face_fen,
                    held_pieces=-1,
                )
            )
    return tuple(done)


def reclaim(db: sa.Engine, institution_id: str, grant_id: str, *, key: str, now: dt.datetime) -> Grant:
    """Take a reservation back, or what was redeemed when the order is refunded. Raises RefusedError."""
    with db.begin() as connection:
        grant = _grant(connection, institution_id, grant_id)
        freed = grant.redeemed_fen if grant.state == "redeemed" else grant.face_fen
        return _move(connection, institution_id, grant, "reclaim", key, now, held_fen=-freed, held_pieces=-1)


def grants_of(db: sa.Engine, institution_id: str, customer: int) -> tuple[Grant, ...]:
    """Every grant of a customer, oldest first, as the rows say."""
    with db.connect() as connection:
        rows = connection.execute(
            sa.select(entries).where(entries.c.institution_id == institution_id, entries.c.customer == customer)
        ).all()
    return tuple(sorted(_fold(rows), key=lambda grant: (grant.at, grant.id)))


_CLAIM = ("reserve", "issue")
_CHUNK = 500
_INSERT = entries.insert()
_BY_KEYS = sa.select(entries).where(
    entries.c.institution_id == sa.bindparam("institution"), entries.c.key.in_(sa.bindparam("keys", expanding=True))
)
_HELD = (
    sa.select(entries.c.customer, sa.func.sum(entries.c.held_pieces))
    .where(
        entries.c.institution_id == sa.bindparam("institution"),
        entries.c.benefit == sa.bindparam("named"),
        entries.c.customer.in_(sa.bindparam("customers", expanding=True)),
    )
    .group_by(entries.c.customer)
)


def _grant_each(
    connection: sa.Connection,
    institution_id: str,
    package: str,
    benefit: Benefit,
    asks: Sequence[tuple[int, str]],
    now: dt.datetime,
    verbs: tuple[str, ...],
) -> tuple[Grant | Refusal, ...]:
    """Answer (customer, key) in order: what the key did before, a new grant, or why not; then write all at once."""
    room = room_for(connection, institution_id, package, benefit)
    earlier = _earlier(connection, institution_id, [key for _, key in asks])
    held = _held(connection, institution_id, benefit.id, [customer for customer, _ in asks])
    expires = now + dt.timedelta(days=benefit.valid_days)
    answers: list[Grant | Refusal] = []
    fresh: list[tuple[str, Grant]] = []
    for customer, key in asks:
        if key in earlier:
            answers.append(_again(connection, institution_id, earlier[key], package, benefit.id, customer))
        elif held.get(customer, 0) >= benefit.per_customer:
            answers.append(Refusal("benefits.customer_cap", {"benefit": benefit.id, "cap": benefit.per_customer}))
        elif len(fresh) >= room.pieces:
            answers.append(Refusal(room.code, {"benefit": benefit.id, "pool": benefit.pool}))
        else:
            grant = Grant(
                f"grt_{key}",
                package,
                benefit.id,
                benefit.pool,
                customer,
                benefit.face_fen,
                _STATES[verbs[-1]],
                now,
                expires,
            )
            held[customer] = held.get(customer, 0) + 1
            fresh.append((key, grant))
            answers.append(grant)
    rows = [
        _row(institution_id, key if verb == "reserve" else f"{key}:{verb}", verb, grant, now)
        for key, grant in fresh
        for verb in verbs
    ]
    if rows:
        connection.execute(_INSERT, rows)
        bind(connection, institution_id, package, benefit, len(fresh))
    return tuple(answers)


def _row(institution_id: str, key: str, verb: str, grant: Grant, now: dt.datetime) -> dict[str, Any]:
    binds = verb == "reserve"
    return {
        "institution_id": institution_id,
        "key": key,
        "grant_id": grant.id,
        "kind": verb,
        "package": grant.package,
        "benefit": grant.benefit,
        "pool": grant.pool,
        "customer": grant.customer,
        "face_fen": grant.face_fen,
        "held_fen": grant.face_fen if binds else 0,
        "held_pieces": 1 if binds else 0,
        "redeemed_fen": 0,
        "at": now,
        "expires": grant.expires,
    }


def _again(
    connection: sa.Connection, institution_id: str, row: sa.Row[Any], package: str, benefit: str, customer: int
) -> Grant:
    if (row.kind, row.package, row.benefit, row.customer) != ("reserve", package, benefit, customer):
        raise ConflictError("benefits.key_reused", key=row.key)
    return _grant(connection, institution_id, row.grant_id)


def _earlier(connection: sa.Connection, institution_id: str, keys: Sequence[str]) -> dict[str, sa.Row[Any]]:
    found: dict[str, sa.Row[Any]] = {}
    for start in range(0, len(keys), _CHUNK):
        part = keys[start : start + _CHUNK]
        rows = connection.execute(_BY_KEYS, {"institution": institution_id, "keys": list(part)})
        found |= {row.key: row for row in rows}
    return found


def _held(connection: sa.Connection, institution_id: str, benefit: str, customers: Sequence[int]) -> dict[int, int]:
    """Pieces of a benefit that each customer has and that were not taken back."""
    found: dict[int, int] = {}
    for start in range(0, len(customers), _CHUNK):
        part = list(customers[start : start + _CHUNK])
        given = {"institution": institution_id, "named": benefit, "customers": part}
        found |= {customer: int(pieces) for customer, pieces in connection.execute(_HELD, given).tuples()}
    return found


def _move(
    connection: sa.Connection,
    institution_id: str,
    grant: Grant,
    kind: str,
    key: str,
    now: dt.datetime,
    *,
    held_fen: int,
    held_pieces: int = 0,
    redeemed_fen: int = 0,
) -> Grant:
    earlier = _by_key(connection, institution_id, key)
    if earlier is not None:
        if (earlier.kind, earlier.grant_id) != (kind, grant.id):
            raise ConflictError("benefits.key_reused", key=key)
        return grant
    if grant.state not in _BEFORE[kind]:
        raise RefusedError("benefits.wrong_state", grant=grant.id, state=grant.state, verb=kind)
    connection.execute(
        entries.insert().values(
            institution_id=institution_id,
            key=key,
            grant_id=grant.id,
            kind=kind,
            package=grant.package,
            benefit=grant.benefit,
            pool=grant.pool,
            customer=grant.customer,
            face_fen=grant.face_fen,
            held_fen=held_fen,
            held_pieces=held_pieces,
            redeemed_fen=redeemed_fen,
            at=now,
            expires=grant.expires,
        )
    )
    if held_fen or held_pieces:
        give_back(connection, institution_id, grant.package, grant.benefit, grant.pool, -held_fen, -held_pieces)
    return Grant(
        grant.id, grant.package, grant.benefit, grant.pool, grant.customer, grant.face_fen, _STATES[kind], now,
        grant.expires, redeemed_fen or grant.redeemed_fen,
    )  # fmt: skip


def _by_key(connection: sa.Connection, institution_id: str, key: str) -> sa.Row[Any] | None:
    where = (entries.c.institution_id == institution_id) & (entries.c.key == key)
    return connection.execute(sa.select(entries).where(where)).one_or_none()


def _grant(connection: sa.Connection, institution_id: str, grant_id: str) -> Grant:
    rows = connection.execute(
        sa.select(entries).where(entries.c.institution_id == institution_id, entries.c.grant_id == grant_id)
    ).all()
    if not rows:
        raise UnknownItemError("benefits.unknown_grant", grant=grant_id)
    return _fold(rows)[0]


def _fold(rows: Sequence[sa.Row[Any]]) -> list[Grant]:
    """Grants as their entries say: the state is that of the last verb."""
    found: dict[str, Grant] = {}
    for row in sorted(rows, key=lambda row: (row.at, _ORDER[row.kind])):
        spent = row.redeemed_fen or (found[row.grant_id].redeemed_fen if row.grant_id in found else 0)
        found[row.grant_id] = Grant(
            row.grant_id, row.package, row.benefit, row.pool, row.customer, row.face_fen, _STATES[row.kind], row.at,
            row.expires, spent,
        )  # fmt: skip
    return list(found.values())


def _open_before(connection: sa.Connection, institution_id: str, now: dt.datetime, most: int) -> list[Grant]:
    closing = entries.alias("closing")
    closed = sa.exists().where(
        closing.c.institution_id == entries.c.institution_id,
        closing.c.grant_id == entries.c.grant_id,
        closing.c.kind.in_(("redeem", "expire", "reclaim")),
    )
    due = connection.execute(
        sa.select(entries.c.grant_id)
        .where(
            entries.c.institution_id == institution_id,
            entries.c.kind == "reserve",
            entries.c.expires <= now,
            ~closed,
        )
        .order_by(entries.c.expires, entries.c.grant_id)
        .limit(most)
    ).scalars()
    return [_grant(connection, institution_id, grant_id) for grant_id in due]
