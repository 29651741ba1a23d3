"""The touch ledger on a real PostgreSQL: senders on several machines share a customer's last place under a cap."""

import datetime as dt
import multiprocessing
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from linghang.customers import ContactPolicy, Wish, reserve
from linghang.customers.touches import ledger
from linghang.kit.database import open_database

from .servers import WORD, postgres

pytestmark = pytest.mark.database
NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
POLICY = ContactPolicy("UTC", {1: 1}, {}, pushed=frozenset(("push",)))
CUSTOMERS, SENDERS = 200, 4


def _send(url: str, name: int, together: Any) -> None:
    db = open_database(url)
    for customer in range(CUSTOMERS):
        together.wait(timeout=60)
        reserve(db, "i", [Wish(f"{name}-{customer}", customer, "push", NOON)], POLICY)


def test_senders_of_a_cluster_never_share_out_more_than_the_cap(tmp_path: Path) -> None:
    with postgres(tmp_path) as server:
        if server is None:
            pytest.skip("postgresql is not installed: scripts/install-test-tools brings Debian's packages")
        url = f"postgresql+psycopg://owner:{WORD}@127.0.0.1:{server.port}/bank"
        db = open_database(url)
        ledger.create(db)
        start = multiprocessing.get_context("spawn")
        together = start.Barrier(SENDERS)
        senders = [start.Process(target=_send, args=(url, name, together)) for name in range(SENDERS)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join(timeout=120)
        assert [sender.exitcode for sender in senders] == [0] * SENDERS
        with db.connect() as connection:
            held = Counter(connection.execute(sa.select(ledger.c.customer)).scalars())
        db.dispose()
    assert held == dict.fromkeys(range(CUSTOMERS), 1)
