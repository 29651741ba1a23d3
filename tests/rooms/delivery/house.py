"""A small house in a folder: an approved campaign, its members, a desk that hands over. Also a program to be killed."""

import datetime as dt
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
from approvals import samples as x
from sqlalchemy.event import listen

from linghang import access, approvals, delivery
from linghang.access.sealing import Sealer
from linghang.adapters.file_channel import FileChannel
from linghang.approvals import Keys
from linghang.campaigns import sections as s
from linghang.campaigns import store
from linghang.campaigns.model import Campaign, Package
from linghang.delivery import Desk, Launched
from linghang.kit.database import metadata, open_database
from linghang.packs.model import Pack
from linghang.ports.channel import Channel, Message, Receipt

DAY1 = dt.datetime(2026, 11, 30, 2, 30, tzinfo=dt.UTC)
"""10:30 in Shanghai on the campaign's first day."""
OPERATOR, APPROVER = x.actor("operator"), x.actor("approver")
LAYERS = {"l0": 60, "l1": 40, "l2": 20}
PACK: Pack = replace(x.PACK, digest="pack-digest", contact=replace(x.PACK.contact, cooldown_days=0))


def small(days: int = 2, scale: int = 1, **changed: Any) -> Campaign:
    """A campaign for 120 customers (times ``scale``) over a few days, by push and SMS."""
    sizes = {name: count * scale for name, count in LAYERS.items()}
    end = x.START + dt.timedelta(days=days - 1)
    layers = s.Layers(
        "aum_cny",
        tuple(replace(layer, count=sizes[layer.id]) for layer in x.LAYERS.layers),
    )
    allotments = tuple(
        replace(
            item, channels=("push", "sms"), customers=sizes[item.layer] * 9 // 10, grants=5 if item.benefit else 0,
            liability_fen=10_000 if item.benefit else 0, contact_fen=sizes[item.layer] * 4,
        )
        for item in x.ALLOTMENTS
    )  # fmt: skip
    total = sum(item.customers for item in allotments)
    daily = (total - total // days * (days - 1), *([total // days] * (days - 1)))
    placements = s.Placements(
        tuple(replace(item, end=end, daily=daily) for item in x.PLACEMENTS.placements if item.channel != "inapp_banner")
    )
    values: dict[str, Any] = {
        "goal": replace(x.GOAL, channels=("push", "sms"), slots=(), end=end, phases=(s.Phase("main", x.START, end),)),
        "audience": replace(x.AUDIENCE, count=120 * scale, matched=200 * scale, base=1000 * scale, reach={}),
        "layers": layers,
        "benefits": replace(
            x.ALLOCATION,
            allotments=allotments,
            committed_fen=sum(item.contact_fen + item.liability_fen for item in allotments),
        ),
        "placements": placements,
        "experiment": replace(x.EXPERIMENT, treated=108 * scale, holdout=12 * scale),
        "page": replace(x.PAGE, terms=(f"活动时间:2026年11月30日至{end.year}年{end.month}月{end.day}日",)),
    }
    return x.campaign(**{**values, **changed})


def members(scale: int = 1) -> dict[str, np.ndarray]:
    """Dense numbers of the layers."""
    sizes = [count * scale for count in LAYERS.values()]
    starts = np.cumsum([0, *sizes])
    return {
        name: np.arange(start, start + count, dtype=np.uint32)
        for name, count, start in zip(LAYERS, sizes, starts, strict=False)
    }


def database(folder: Path) -> sa.Engine:
    """The database of a folder."""
    db = open_database(folder / "app.db")
    metadata.create_all(db)
    access.seed(db, "demo", x.NOW)
    return db


def approved(db: sa.Engine, folder: Path, document: Campaign | None = None) -> Package:
    """An approved package."""
    document = document or small()
    store.create(db, document, actor="operator", cause="new")
    package = x.package(document)
    approvals.submit(db, document, package, PACK, actor=OPERATOR, now=x.NOW, today=x.TODAY)
    approvals.approve(db, Keys(folder), package, actor=APPROVER, now=x.NOW)
    return package


def launched(db: sa.Engine, folder: Path, package: Package, *, shadow: bool = False, scale: int = 1) -> Launched:
    """The launched package."""
    plan = delivery.plan_sends(package, members(scale), PACK)
    return delivery.launch(db, Keys(folder), package, PACK, plan, actor=OPERATOR, now=x.NOW, shadow=shadow)


def desk(db: sa.Engine, folder: Path, vendor: Channel, **changed: Any) -> Desk:
    """A desk at which everybody may be contacted."""
    values: dict[str, Any] = {
        "consent": lambda numbers, channel: {},
        "addresses": lambda numbers, channel: {number: f"c{number}@example.com" for number in numbers},
        "files": lambda name: b"picture",
        "left": lambda: {"coupon_20": 1000},
        **changed,
    }
    return Desk(db, Keys(folder), PACK, {"file": vendor}, **values)


def run(db: sa.Engine, folder: Path, package: Package, vendor: Channel, now: dt.datetime = DAY1) -> delivery.Handed:
    """One round of hand-over."""
    return delivery.hand_over(desk(db, folder, vendor), package, now=now)


class Deadly:
    """A channel and a database connection that kill their process at the n-th message or commit of a hand-over."""

    def __init__(self, inner: Channel, die_at: int, db: sa.Engine) -> None:
        self.inner, self.die_at, self.steps = inner, die_at, 0
        self.idempotent = inner.idempotent
        listen(db, "commit", lambda _connection: self._step())

    def _step(self) -> None:
        self.steps += 1
        if self.steps == self.die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def hand_over(self, messages: Sequence[Message]) -> list[Receipt]:
        receipts: list[Receipt] = []
        for message in messages:
            self._step()
            receipts.extend(self.inner.hand_over([message]))
            self._step()
        return receipts

    def seen(self, keys: Sequence[str]) -> frozenset[str] | None:
        self._step()
        return self.inner.seen(keys)


class Log:
    """A vendor without memory: it takes what it gets, writes it down for the test, and cannot tell."""

    idempotent = False

    def __init__(self, path: Path) -> None:
        self.path = path

    def hand_over(self, messages: Sequence[Message]) -> list[Receipt]:
        with self.path.open("a") as file:
            for message in messages:
                file.write(message.key + "\n")
                file.flush()
                os.fsync(file.fileno())
        return [Receipt(message.key, "handed_over") for message in messages]

    def seen(self, keys: Sequence[str]) -> frozenset[str] | None:
        return None


def main() -> None:
    """``house FOLDER KIND STEP…``: for each step a child hands over until it kills itself there; prints its kills."""
    folder, kind = Path(sys.argv[1]), sys.argv[2]
    killed = 0
    for step in map(int, sys.argv[3:]):
        # A fork before anything is opened: importing once is what makes many deaths affordable.
        child = os.fork()
        if child == 0:
            _hand_over_until(folder, kind, step)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
        killed += os.WIFSIGNALED(status)
    sys.stdout.write(f"{killed}\n")


def _hand_over_until(folder: Path, kind: str, step: int) -> None:
    db = open_database(folder / "app.db")
    (name,) = [item.package for item in delivery.listing(db, "demo")]
    package = store.package(db, "demo", name)
    inner: Channel = (
        FileChannel(folder / "outbox", Sealer(folder, "outbox")) if kind == "file" else Log(folder / "log.txt")
    )
    vendor = Deadly(inner, step, db)
    for day in range(2):
        run(db, folder, package, vendor, DAY1 + dt.timedelta(days=day))


if __name__ == "__main__":
    main()
