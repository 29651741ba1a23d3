"""A launched campaign of 2,400 customers with known events, on the real engine."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa
from delivery import house
from delivery.house import DAY1, PACK

from linghang import analysis, benefits, events
from linghang.adapters.chdb_engine import ChdbEngine
from linghang.analysis import Bench
from linghang.base.records import DecisionRecord, Event
from linghang.benefits import ledger
from linghang.benefits.limits import open_limits
from linghang.campaigns.model import Package
from linghang.campaigns.sections import Allocation
from linghang.campaigns.store import section_type
from linghang.decisions import store as decision_log
from linghang.testing.channel import FakeChannel

SCALE = 20
HOUR = dt.timedelta(hours=1)


@dataclass
class World:
    """Everything that happened, known beforehand. ``others`` counts the small campaigns made beside the first."""

    db: sa.Engine
    folder: Path
    engine: ChdbEngine
    package: Package
    bench: Bench
    counts: dict[str, int] = field(default_factory=dict)
    others: int = 0


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChdbEngine]:
    engine = ChdbEngine(tmp_path_factory.mktemp("analytics"))
    yield engine
    engine.close()


def event(customer: int, name: str, at: dt.datetime, package: Package | None, **more: object) -> Event:
    told = {"campaign_id": package.campaign_id, "package": package.hash} if package else {}
    mark = f"{name}:{customer}:{at.isoformat()}:{more.get('slot', '')}:{more.get('key', '')}"
    values = {"source": "app", **told, **more, "key": mark}
    return Event("demo", customer, name, at, **values)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, engine: ChdbEngine) -> World:
    """The campaign after its two days: sends, impressions, clicks, claims and responses in known numbers."""
    folder = tmp_path_factory.mktemp("world")
    db = house.database(folder)
    package = house.approved(db, folder, house.small(scale=SCALE))
    launched = house.launched(db, folder, package, scale=SCALE)
    for day in range(2):
        house.run(db, folder, package, FakeChannel(), DAY1 + dt.timedelta(days=day))
    bench = analysis.bench_of(db, engine, package, PACK, launched, house.members(SCALE))
    treated, holdout = bench.groups.within("treated"), bench.groups.within("holdout")
    made: list[Event] = []
    shown, clicked = treated[:900], treated[:90]
    made += [event(int(n), "impression", DAY1, package, channel="inapp_banner", slot="home_banner") for n in shown]
    made += [
        event(int(n), "impression", DAY1 + HOUR, package, channel="inapp_banner", slot="home_banner")
        for n in shown[:100]
    ]
    made += [event(int(n), "click", DAY1 + HOUR, package, channel="push") for n in clicked]
    responded = [*treated[:150].tolist(), *holdout[:7].tolist()]
    for place, number in enumerate(responded):
        at = DAY1 + dt.timedelta(hours=2 + place % 24)
        credit = package if place < 40 else None
        made.append(
            event(
                number, "convert", at, credit, object="fund_mix", amount_fen=500_000, channel="push" if credit else ""
            )
        )
    # None of these may count: another product, before the window, after it, a stranger.
    made.append(event(int(treated[300]), "convert", DAY1, None, object="gold_bar"))
    made.append(event(int(treated[301]), "convert", launched.start - HOUR, None, object="fund_mix"))
    made.append(event(int(treated[302]), "convert", launched.end, None, object="fund_mix"))
    made.append(event(999_999, "convert", DAY1, None, object="fund_mix"))
    made.append(event(int(treated[5]), "unsubscribe", DAY1 + HOUR, package, channel="sms"))
    events.record(engine, db, made, now=DAY1)
    allocation: Allocation = section_type("benefits").validate_python(package.sections["benefits"])
    open_limits(db, "demo", package.hash, allocation, PACK)
    coupon = allocation.granted[0]
    for number in treated[:8].tolist():
        grant = ledger.claim(db, "demo", package.hash, coupon, number, key=f"claim:{number}", now=DAY1 + HOUR)
        assert isinstance(grant, benefits.Grant)
        if number in treated[:3]:
            ledger.redeem(db, "demo", grant.id, amount_fen=1500, key=f"use:{number}", now=DAY1 + 2 * HOUR)
    decided = [(int(n), "v_l0_home_banner", "treated") for n in shown] + [
        (int(n), "", "holdout") for n in holdout[:100]
    ]
    decision_log.append(
        db,
        [
            DecisionRecord("demo", f"dec_{n}", n, "home_banner", DAY1, chosen, package.hash, 1.0, {}, arm, "l0")
            for n, chosen, arm in decided
        ],
    )
    counts = {"treated": len(treated), "holdout": len(holdout), "sent": sum(launched.planned.values())}
    return World(db, folder, engine, package, bench, counts)


@pytest.fixture(scope="session")
def aside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An institution of its own for tests that write: what they add must not be counted in the first one."""
    folder, engine = tmp_path_factory.mktemp("aside"), ChdbEngine(tmp_path_factory.mktemp("aside_analytics"))
    db = house.database(folder)
    package = house.approved(db, folder, house.small())
    launched = house.launched(db, folder, package)
    yield World(db, folder, engine, package, analysis.bench_of(db, engine, package, PACK, launched, house.members()))
    engine.close()


@pytest.fixture(scope="session")
def found(world: World) -> analysis.Report:
    """The report after the campaign's end."""
    return analysis.read_out(world.bench, now=world.bench.launched.end)
