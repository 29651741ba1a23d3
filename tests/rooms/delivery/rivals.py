"""Campaigns that race: each a process of its own, handing over at the same moment to the same customers."""

import datetime as dt
import multiprocessing
import sys
from pathlib import Path
from typing import Any

import house

from linghang import delivery
from linghang.access.sealing import Sealer
from linghang.adapters.file_channel import FileChannel
from linghang.campaigns import store
from linghang.kit.database import open_database

ROUNDS, AT_ONCE = 16, 9
"""Small sets, so that the racers meet at many customers and not once a day."""


def main() -> None:
    """``rivals FOLDER PACKAGE…``: a process a package; all start together, round after round."""
    folder, names = Path(sys.argv[1]), sys.argv[2:]
    start = multiprocessing.get_context("fork")
    together: Any = start.Barrier(len(names))
    racers = [start.Process(target=_race, args=(folder, name, together)) for name in names]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    sys.exit(max(racer.exitcode or 0 for racer in racers))


def _race(folder: Path, name: str, together: Any) -> None:
    db = open_database(folder / "app.db")
    package = store.package(db, "demo", name)
    desk = house.desk(db, folder, FileChannel(folder / "outbox", Sealer(folder, "outbox")))
    for day in range(3):
        for _ in range(ROUNDS):
            together.wait(timeout=60)
            delivery.hand_over(desk, package, now=house.DAY1 + dt.timedelta(days=day), limit=AT_ONCE)


if __name__ == "__main__":
    main()
