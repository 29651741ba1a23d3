"""A Context for tests: a home in a folder, a fixed clock, a user, no engine unless one is given."""

import datetime as dt
import functools
import sqlite3
import tempfile
from collections.abc import Iterable
from pathlib import Path

from linghang.kit import migrations
from linghang.kit.context import Actor, AuditEntry, Context, Progress
from linghang.kit.database import open_database
from linghang.ports.analytics import Analytics

NOW = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)


def context(
    home: Path,
    *,
    now: dt.datetime = NOW,
    actor: str = "operator",
    rights: Iterable[str] = (),
    pack: str = "demo",
    engine: Analytics | None = None,
    key: str = "",
    audit: list[AuditEntry] | None = None,
    progress: list[Progress] | None = None,
) -> Context:
    """The context; ``audit`` and ``progress`` collect what is told."""
    kept = home / "app.db"
    if not kept.exists():
        kept.write_bytes(_fresh())
    db = open_database(kept)
    migrations.upgrade(db)
    return Context(
        institution_id="test",
        actor=Actor(actor, ("operator",), frozenset(rights)),
        clock=lambda: now,
        zone="Asia/Shanghai",
        locale="zh-CN",
        seed=7,
        home=home,
        pack=pack,
        db=db,
        audit=(audit if audit is not None else []).append,
        engine=engine,
        idempotency_key=key,
        progress=(progress if progress is not None else []).append,
    )


@functools.cache
def _fresh() -> bytes:
    """A new home's database: all revisions take 0.1 CPU-s, which a thousand tests need not spend each."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "app.db"
        db = open_database(path)
        migrations.upgrade(db)
        db.dispose()
        connection = sqlite3.connect(path)
        try:
            return connection.serialize()
        finally:
            connection.close()
