"""Addresses of customers by channel, sealed with each person's key: for channels that deliver, never for analytics."""

import datetime as dt
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from linghang.access.vault import Vault
from linghang.kit.database import Instant, metadata, reading

ABOUT = "address"
_AT_ONCE = 500

book = sa.Table(
    "customer_address",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("customer", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("channel", sa.String(40), primary_key=True),
    sa.Column("sealed", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)


def keep(vault: Vault, channel: str, told: Mapping[int, str], *, now: dt.datetime) -> int:
    """Keep addresses by dense number; a later one replaces. Returns how many."""
    rows = [
        {
            "institution_id": vault.institution_id, "customer": number, "channel": channel,
            "sealed": vault.seal(number, text, about=f"{ABOUT}:{channel}"), "at": now,
        }
        for number, text in told.items()
    ]  # fmt: skip
    with vault.db.begin() as connection:
        for start in range(0, len(rows), _AT_ONCE):
            part = rows[start : start + _AT_ONCE]
            mine = (book.c.institution_id == vault.institution_id) & (book.c.channel == channel)
            connection.execute(book.delete().where(mine & book.c.customer.in_([row["customer"] for row in part])))
            connection.execute(book.insert(), part)
    return len(rows)


def addresses_of(vault: Vault, numbers: Sequence[int], channel: str) -> dict[int, str]:
    """The addresses that are known of customers."""
    found: dict[int, str] = {}
    with reading(vault.db).connect() as connection:
        for start in range(0, len(numbers), _AT_ONCE):
            where = (
                (book.c.institution_id == vault.institution_id)
                & (book.c.channel == channel)
                & book.c.customer.in_(numbers[start : start + _AT_ONCE])
            )
            for row in connection.execute(sa.select(book.c.customer, book.c.sealed).where(where)).all():
                text = vault.open(row.customer, row.sealed, about=f"{ABOUT}:{channel}")
                if text:
                    found[row.customer] = text
    return found


def every(vault: Vault, number: int) -> tuple[str, ...]:
    """A person's addresses of all channels."""
    where = (book.c.institution_id == vault.institution_id) & (book.c.customer == number)
    with reading(vault.db).connect() as connection:
        rows = connection.execute(sa.select(book.c.channel, book.c.sealed).where(where)).all()
    return tuple(text for row in rows if (text := vault.open(number, row.sealed, about=f"{ABOUT}:{row.channel}")))


def forget(db: sa.Engine, institution_id: str, number: int) -> int:
    """Delete a person's addresses; returns how many."""
    where = (book.c.institution_id == institution_id) & (book.c.customer == number)
    with db.begin() as connection:
        return connection.execute(book.delete().where(where)).rowcount
