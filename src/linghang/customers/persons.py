"""One person: what is known, shown masked by role; the proof of what they agreed to; and erasing them on request.

Erasing deletes the person's rows, events and number from the analytics store and destroys the key of what is sealed
elsewhere. Ledgers keep their rows: they hold a dense number that nobody can lead back to a person any more, so sums,
chains and audits stay as they were.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from linghang import events
from linghang.access.vault import Vault
from linghang.customers import addresses, register, store
from linghang.customers.known import rows_of
from linghang.customers.numbers import Numbers
from linghang.customers.register import Said
from linghang.packs.model import Pack
from linghang.ports.analytics import Analytics

MASK = "***"
EVIDENCE = "consent"
"""What sealed evidence is about (see ``access.vault``)."""


def masked(customer: str) -> str:
    """An id with its middle hidden."""
    return customer if len(customer) < 5 else f"{customer[:2]}***{customer[-2:]}"


def shown(
    engine: Analytics, db: sa.Engine, institution_id: str, pack: Pack, number: int, *, plainly: bool
) -> dict[str, Any]:
    """A person's attributes; sensitive ones masked unless ``plainly``. What is not known is left out."""
    row = rows_of(engine, db, institution_id, [number])[number]
    hidden = {attribute.name for attribute in pack.attributes if attribute.sensitive}
    known = {attribute.name for attribute in pack.attributes}
    return {
        name: MASK if name in hidden and not plainly else value
        for name, value in row.values.items()
        if name in known and value is not None
    }


def proof(db: sa.Engine, vault: Vault, number: int, *, plainly: bool) -> list[dict[str, Any]]:
    """What a person said, when, how, to which wording, with the evidence (masked unless ``plainly``)."""
    found: list[dict[str, Any]] = []
    for item in register.of_customer(db, vault.institution_id, number):
        opened = vault.open(number, item.evidence, about=EVIDENCE) if plainly and item.evidence else ""
        evidence = opened if plainly else (MASK if item.evidence else "")
        told = {key: value for key, value in vars(item).items() if key not in ("evidence", "customer")}
        found.append({**told, "evidence": evidence})
    return found


def note(db: sa.Engine, vault: Vault, said: Said, evidence: str, *, now: dt.datetime) -> int:
    """Put what a person said into the register, its evidence sealed; returns the entry's number."""
    sealed = vault.seal(said.customer, evidence, about=EVIDENCE)
    return register.note(db, vault.institution_id, [replace(said, evidence=sealed)], now=now)


def erase(
    engine: Analytics, db: sa.Engine, vault: Vault, customer: str, *, actor: str, now: dt.datetime
) -> Mapping[str, int]:
    """Erase a person; returns how many rows went, by kind. Again it changes nothing, for the id is unknown then.

    Raises UnknownItemError("customers.unknown_customer").
    """
    institution_id = vault.institution_id
    number = Numbers(engine, institution_id).one(customer)
    register.note(
        db, institution_id, [Said(number, "erased", now, source="request", actor=actor)], now=now
    )  # first: from here on nobody addresses them, whatever happens to the rest
    told = {"addresses": addresses.forget(db, institution_id, number), "key": int(vault.erase(number))}
    told["events"] = events.erase(engine, db, institution_id, number, now=now)
    tables = {
        "rows": _generations(db, institution_id, "customers"),
        "holdings": _generations(db, institution_id, "holdings"),
        "number": (store.table_name("number", institution_id),),
    }
    for kind, names in tables.items():
        told[kind] = sum(_delete(engine, name, number) for name in names)
    return told


def _generations(db: sa.Engine, institution_id: str, subject: str) -> tuple[str, ...]:
    current = store.find_current(db, institution_id, subject)
    every = [*store.past(db, institution_id, subject), *([current] if current else [])]
    return tuple(name for item in every for name in (item.table, item.history_table) if name)


def _delete(engine: Analytics, table: str, number: int) -> int:
    if not engine.query(f"EXISTS TABLE {table}")["result"][0].as_py():
        return 0  # a generation that was replaced may have been dropped already, and the log may not exist yet
    where, params = "customer = {number:UInt32}", {"number": number}
    found = int(engine.query(f"SELECT count() AS n FROM {table} WHERE {where}", params)["n"][0].as_py())
    if found:
        engine.execute(f"DELETE FROM {table} WHERE {where}", params)
    return found
