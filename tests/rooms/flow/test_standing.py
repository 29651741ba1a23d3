"""How a customer stands is one thing: what the audience step counts, decisions refuse and people are told."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from linghang import audiences, customers
from linghang.adapters.chdb_engine import ChdbEngine
from linghang.audiences.index.bits import of_numbers
from linghang.audiences.index.nodes import Bits, Node
from linghang.base.predicates import Combination, Rule
from linghang.customers import Said
from linghang.customers.rows import Row, satisfies
from linghang.flow.standing import fresh, standing_of
from linghang.kit.database import metadata, open_database
from linghang.packs.model import Attribute, Label, Pack, Product
from linghang.testing.institution import PACK, TODAY, World, make

AT = dt.datetime(2024, 3, 11, 16, tzinfo=dt.UTC)
FUND = PACK.products[0]
PUSH = PACK.channels[0]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home = tmp_path_factory.mktemp("standing")
    made = make(home, ChdbEngine(home / "analytics"), 3)
    yield made
    made.context.analytics.close()
    made.context.db.dispose()


@pytest.fixture
def db(tmp_path) -> Iterator[sa.Engine]:
    engine = open_database(tmp_path / "app.db")
    metadata.create_all(engine)
    yield engine
    engine.dispose()


def test_it_says_of_everyone_what_the_rules_say_of_one_row(world: World, db: sa.Engine) -> None:
    catalogue, policy = customers.catalogue_of(PACK), customers.policy_of(PACK)
    stand = standing_of(db, "i", world.index, PACK, AT)
    for number, row in world.rows.items():
        told = tuple(reason.code for reason in stand.reasons(number, FUND.id, PUSH.id))
        assert told == customers.eligible(row, PACK, catalogue, FUND, PUSH, policy, AT)


def test_the_audience_step_counts_whom_it_keeps_out(world: World, db: sa.Engine) -> None:
    numbers = sorted(world.rows)
    free = [n for n in numbers if not standing_of(db, "i", world.index, PACK, AT).reasons(n, FUND.id, PUSH.id)]
    closed = [n for n in numbers if standing_of(db, "i", world.index, PACK, AT).closed(n, PUSH.id, FUND.id)]
    agreed = AT - dt.timedelta(minutes=5)
    customers.note(
        db,
        "i",
        [Said(free[0], "opt_out", agreed, PUSH.id), Said(free[1], "complaint", agreed)]
        + [Said(number, "consent", agreed, PUSH.id) for number in closed[:3]],
        now=AT,
    )
    stand = standing_of(db, "i", world.index, PACK, AT)
    said = audiences.Said(customers.register_of(db, "i"), AT)
    everyone = Combination("all", ())
    done = audiences.screen(everyone, world.index, PACK, product=FUND, channels=[PUSH.id], today=TODAY, said=said)
    allowed = set(audiences.numbers_of(done.allowed).tolist())
    assert allowed == {n for n in numbers if not stand.reasons(n, FUND.id, PUSH.id)}
    assert free[0] not in allowed
    assert free[1] not in allowed
    assert stand.reasons(free[0], FUND.id, PUSH.id)[0].source == "register"
    assert stand.consent(free[0], FUND.id)[PUSH.id] is False
    assert "customers.complained" in {item.code for item in done.removed}
    assert done.matched - sum(item.count for item in done.removed) == done.count
    assert all(not stand.closed(number, PUSH.id, FUND.id) for number in closed[:3]), "a younger consent opens again"


@pytest.mark.parametrize("product", PACK.products, ids=lambda product: product.id)
def test_every_reason_counts_as_many_in_the_audience_step_as_the_decision_step_refuses(
    world: World, db: sa.Engine, product: Product
) -> None:
    numbers, words = sorted(world.rows), ("opt_out", "complaint", "blacklisted", "consent")
    agreed = AT - dt.timedelta(minutes=5)
    told = [
        Said(number, words[place % 4], agreed, PUSH.id if words[place % 4] in ("opt_out", "consent") else "")
        for place, number in enumerate(numbers[::3])
    ]
    customers.note(db, "i", told, now=AT)
    stand = standing_of(db, "i", world.index, PACK, AT)
    said = audiences.Said(customers.register_of(db, "i"), AT)
    done = audiences.screen(
        Combination("all", ()), world.index, PACK, product=product, channels=[PUSH.id], today=TODAY, said=said
    )
    first = Counter(found[0].code for n in numbers if (found := stand.reasons(n, product.id, "")))
    left = [n for n in numbers if not stand.reasons(n, product.id, "")]
    closed = Counter(code for n in left if (code := stand.closed(n, PUSH.id, product.id)))
    counted = {item.code: item.count for item in done.removed if item.count}
    assert counted.pop("customers.no_channel", 0) == sum(closed.values())
    assert counted == dict(first)
    assert {item.code: item.count for item in done.channel_removed[PUSH.id] if item.count} == dict(closed)
    assert {"customers.complained", "customers.blacklisted"} <= set(first)
    assert closed["customers.opted_out"] > 0
    assert done.count + sum(first.values()) + sum(closed.values()) == len(numbers)


def test_who_opts_out_meanwhile_is_heard(world: World, db: sa.Engine) -> None:
    stand = standing_of(db, "i", world.index, PACK, AT)
    assert fresh(stand, db, "i", AT) is stand
    number = next(n for n in sorted(world.rows) if not stand.closed(n, PUSH.id, FUND.id))
    customers.note(db, "i", [Said(number, "opt_out", AT)], now=AT)
    assert fresh(stand, db, "i", AT).closed(number, PUSH.id, FUND.id) == "customers.opted_out"


def _good(world: World, db: sa.Engine, count: int = 4) -> list[int]:
    """Customers against whom nothing stood when the audience was made."""
    stand = standing_of(db, "i", world.index, PACK, AT)
    return [n for n in sorted(world.rows) if not stand.reasons(n, FUND.id, PUSH.id)][:count]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Said(0, "opt_out", AT, PUSH.id), "customers.opted_out"),
        (Said(0, "opt_out", AT), "customers.opted_out"),
        (Said(0, "complaint", AT), "customers.complained"),
        (Said(0, "blacklisted", AT), "customers.blacklisted"),
        (Said(0, "erased", AT, source="request"), "customers.erased"),
    ],
    ids=["consent withdrawn", "every channel", "complaint", "blacklist", "erased"],
)
def test_what_happens_between_the_audience_and_the_send_is_refused_by_its_reason(
    world: World, db: sa.Engine, said: Said, code: str
) -> None:
    """Of three good customers one says something: only that one is lost, to the decision, the send and the next count."""
    first, other, last = _good(world, db, 3)
    before = standing_of(db, "i", world.index, PACK, AT)
    customers.note(db, "i", [replace(said, customer=other)], now=AT)
    after = fresh(before, db, "i", AT)
    assert not before.reasons(other, FUND.id, PUSH.id)
    refused = [
        n for n in (first, other, last)
        if after.muted(n) or after.barred(FUND.id, n) or after.closed(n, PUSH.id, FUND.id)
    ]  # fmt: skip
    assert refused == [other]
    assert code in {reason.code for reason in after.reasons(other, FUND.id, PUSH.id)}
    told = audiences.Said(customers.register_of(db, "i"), AT)
    done = audiences.screen(
        Combination("all", ()), world.index, PACK, product=FUND, channels=[PUSH.id], today=TODAY, said=told
    )
    allowed = set(audiences.numbers_of(done.allowed).tolist())
    assert {first, last} <= allowed
    assert other not in allowed


@dataclass(frozen=True)
class _Aged:
    """An index of four customers whose assessments are so many days old on the day of the tables."""

    pack: Pack
    days: dict[int, int]
    as_of: dt.date = TODAY
    words: int = 1
    size: int = 8
    columns: tuple[str, ...] = ("risk_assessed_days",)

    def plan(self, rule: Rule | None, today: dt.date | None = None) -> Node:
        catalogue = customers.catalogue_of(self.pack)
        told = {n: Row({"risk_assessed_days": days, "risk_level": "C5", "age": 40}) for n, days in self.days.items()}
        hit = [n for n, row in told.items() if rule is None or satisfies(rule, row, catalogue, today or TODAY)]
        return Bits(of_numbers(np.array(hit, np.uint32), self.words))


def test_an_assessment_that_expires_after_the_audience_was_made_is_seen_at_the_send(db: sa.Engine) -> None:
    """The tables count the days of an assessment up to their own day; the decision and the send count on."""
    fund = replace(FUND, risk="R1", regions=())
    days = Attribute("risk_assessed_days", "integer", Label("d", "d"))
    pack = replace(PACK, attributes=(*PACK.attributes, days), products=(fund,), digest="aged")
    index: Any = _Aged(pack, {1: 100, 2: 360, 3: 365, 4: 400})
    made = standing_of(db, "i", index, pack, AT)
    left: dict[int, list[int]] = {}
    for passed in (0, 1, 6, 300):
        stand = fresh(made, db, "i", AT + dt.timedelta(days=passed))
        left[passed] = [n for n in index.days if stand.barred(fund.id, n) != "customers.assessment_expired"]
    assert left == {0: [1, 2, 3], 1: [1, 2], 6: [1], 300: []}
    assert made.barred(fund.id, 4) == "customers.assessment_expired"
    screened = audiences.screen(None, index, pack, product=fund, channels=[], today=TODAY + dt.timedelta(days=6))
    assert [(item.code, item.count) for item in screened.removed] == [("customers.assessment_expired", 3)]


def test_a_customer_may_have_a_zone(world: World, db: sa.Engine) -> None:
    pack = replace(PACK, contact=replace(PACK.contact, zone_field="colour", zones={"red": "Europe/London"}), digest="z")
    stand = standing_of(db, "i", world.index, pack, AT)
    for number, row in world.rows.items():
        assert stand.zone(number) == ("Europe/London" if row.values.get("colour") == "red" else "")
