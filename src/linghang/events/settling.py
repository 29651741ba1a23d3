"""Finishing what was noted of the log and cut off: the old events go, the new ones come, the batch is closed."""

import threading

import sqlalchemy as sa

from linghang.events import store
from linghang.ports.analytics import Analytics

# Finding a key and inserting its event are two statements: one process writes the log, and one thread of it at a time.
one_writer = threading.Lock()


def prepare(engine: Analytics, institution_id: str) -> None:
    """Make sure that the tables are there that readers of the log look into."""
    store.create_corrections(engine, institution_id)


def settle(engine: Analytics, db: sa.Engine, institution_id: str) -> None:
    """Finish corrections that were cut off; nothing to do is the rule, and costs one look at the database."""
    if not store.unsettled(db, institution_id):
        return
    with one_writer:
        settle_all(engine, db, institution_id, store.create(engine, institution_id))


def settle_all(engine: Analytics, db: sa.Engine, institution_id: str, log: str) -> None:
    """The same for whoever writes the log now. Doing any part of it again changes nothing."""
    for number, state in store.unsettled(db, institution_id):
        touched, coming = store.create_corrections(engine, institution_id)
        if state == "erase":
            whose = f"customer IN (SELECT customer FROM {touched} WHERE batch = {number})"
            # As it was noted: a part of them may have gone in a try that was cut off.
            gone, _ = store.counts(db, institution_id, number)
            engine.execute(f"DELETE FROM {log} WHERE {whose}")
            engine.execute(f"DELETE FROM {coming} WHERE {whose}")
            store.close_batch(db, institution_id, number, gone, -gone)
            continue
        here = _count(engine, f"{coming} WHERE batch = {number}")
        replacing = _count(engine, f"{coming} WHERE batch = {number} AND replaces")
        there = _count(engine, f"{log} WHERE batch = {number}")
        if here != there:
            keys = f"SELECT key FROM {coming} WHERE batch = {number} AND replaces"
            hashes = f"SELECT cityHash64(key) FROM {coming} WHERE batch = {number} AND replaces"
            engine.execute(f"DELETE FROM {log} WHERE batch = {number}")
            engine.execute(f"DELETE FROM {log} WHERE batch < {number} AND key_hash IN ({hashes}) AND key IN ({keys})")
            names = ", ".join((*store.SCHEMA.names, "batch"))
            engine.execute(f"INSERT INTO {log} ({names}) SELECT {names} FROM {coming} WHERE batch = {number}")
        store.close_batch(db, institution_id, number, here, here - replacing)


def _count(engine: Analytics, what: str) -> int:
    return int(engine.query(f"SELECT count() AS n FROM {what}")["n"][0].as_py())
