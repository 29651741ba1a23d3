"""A small institution with every kind of field, unknown values, holes in its numbers and events around midnight."""

import datetime as dt
import random
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import sqlalchemy as sa

from linghang import audiences, customers
from linghang.audiences import store
from linghang.audiences.expansion import expand, surroundings
from linghang.audiences.model import SavedAudience
from linghang.base.predicates import Combination, Predicate, Rule, Saved
from linghang.customers import catalogue_of
from linghang.customers.rows import Happening, Holding, Row
from linghang.customers.schema import ARROW, columns_of
from linghang.kit.database import metadata, open_database
from linghang.packs.model import (
    Attribute,
    Brand,
    Channel,
    Choice,
    ContactBasis,
    CustomerTable,
    EventKind,
    Label,
    Pack,
    Product,
)
from linghang.ports.analytics import Analytics

ZONE = "America/New_York"
TODAY = dt.date(2024, 3, 11)
"""The day after the clocks went forward there, twelve days after a leap day."""
NOW = dt.datetime(2024, 3, 11, 16, tzinfo=dt.UTC)


def _label(text: str) -> Label:
    return Label(text, text)


def _choices(*values: str | int) -> tuple[Choice, ...]:
    return tuple(Choice(value, _label(f"label {value}"), (f"word {value}",)) for value in values)


PACK = Pack(
    id="world",
    version="1",
    label=_label("world"),
    zone=ZONE,
    currency="USD",
    jurisdiction="US",
    attributes=(
        Attribute("age", "integer", _label("age")),
        Attribute("flag", "bool", _label("flag")),
        Attribute("opted", "bool", _label("opted"), nothing_means="no"),
        Attribute("risk_level", "ordinal", _label("risk"), choices=_choices("C1", "C2", "C3", "C4", "C5")),
        Attribute("tier", "ordinal", _label("tier"), choices=_choices(1, 2, 3), nothing_means="no"),
        Attribute("colour", "category", _label("colour"), choices=_choices("red", "green", "blue")),
        Attribute("town", "category", _label("town")),
        Attribute("note", "text", _label("note"), nothing_means="no"),
        Attribute("balance", "money", _label("balance"), nothing_means="no"),
        Attribute("credit", "money", _label("credit")),
        Attribute("score", "number", _label("score")),
        Attribute("drift", "number", _label("drift"), nothing_means="no"),
        Attribute("born", "date", _label("born")),
        Attribute("mature_days", "integer", _label("matures"), nothing_means="no"),
        Attribute("never_filled", "integer", _label("never"), nothing_means="no"),
        Attribute("group", "category", _label("group"), choices=_choices("all", "staff", "owners"), parameter="group"),
        Attribute("holding", "bool", _label("holds"), nothing_means="no", parameter="product", source="holdings"),
        Attribute("holding_ever", "bool", _label("held"), nothing_means="no", parameter="product", source="holdings"),
        Attribute("holding_amount_cny", "money", _label("amount"), nothing_means="no", source="holdings"),
        Attribute("holding_count", "integer", _label("count"), nothing_means="no", source="holdings"),
        Attribute("holding_days", "integer", _label("days"), nothing_means="no", source="holdings"),
        Attribute("weather", "number", _label("weather"), source="external"),
    ),
    events=(
        EventKind("visit", _label("visit"), objects=("home", "fund_page")),
        EventKind(
            "buy", _label("buy"), has_amount=True, amount_field="buy_amount", count_field="buy_count",
            days_field="last_buy_days",
        ),
        EventKind("never_seen", _label("never seen"), days_field="never_seen_days"),
    ),
    metrics=(),
    products=(
        Product("f1", "fund", _label("f1"), risk="R3", group="growth"),
        Product("f2", "fund", _label("f2"), risk="R1"),
        Product("d1", "deposit", _label("d1")),
    ),
    benefits=(),
    pools=(),
    slots=(),
    channels=(Channel("push", _label("push"), consent="opted"), Channel("app", _label("app"), kind="slot")),
    contact=ContactBasis("consent_columns", _label("basis"), total_caps={1: 2, 7: 3}, product_caps={"fund": {30: 1}}),
    brand=Brand(_label("world"), "w", "#000000", "#ffffff", ""),
    customers=CustomerTable(id_column="customer_id"),
)  # fmt: skip

_TOWNS = ("York", "Ely", "Bath", "", "Örebro", "上海")


class World:
    """The institution as an opened home, and the same data as plain rows."""

    def __init__(self, context: Any, rows: Mapping[int, Row]) -> None:
        self.context = context
        self.rows = rows

    @property
    def index(self) -> audiences.Index:
        """The index of the present data."""
        return audiences.current_index(self.context, PACK)

    def expand(self, rule: Rule) -> Rule:
        """A rule with saved audiences and policies worked out."""
        return expand(rule, surroundings(self.context, PACK, catalogue_of(PACK)))

    @property
    def sources(self) -> audiences.Sources:
        """The present data."""
        return audiences.sources_of(self.context)


def make(home: Path, engine: Analytics, seed: int, size: int = 260) -> World:
    """Two imports (some customers leave, some come), holdings, events; a third of the events come after the index.

    The data are the same for a seed, whatever ``engine`` keeps them.
    """
    random_ = random.Random(seed)
    db = open_database(home / "app.db")
    metadata.create_all(db)
    target = customers.Target(engine, db, "world", PACK, NOW, TODAY)
    first = {f"k{n}": _person(random_) for n in range(size)}
    _import(target, first, "first")
    gone = {f"k{n}" for n in range(0, size, 7)}
    second = {id: person for id, person in first.items() if id not in gone}
    second |= {f"n{n}": _person(random_) for n in range(40)}
    _import(target, second, "second")
    everyone = [*first, *(id for id in second if id not in first)]
    holdings = [_holding(random_, id) for id in everyone for _ in range(random_.choice((0, 0, 1, 2, 3)))]
    customers.import_holdings(target, [pa.table(_columns(holdings))], name="holdings")
    events = [_event(random_, id, n) for n, id in enumerate(random_.choices(everyone, k=1500))]
    early, late = events[:1000], events[1000:]
    customers.post_events(target, pa.table(_columns(early)))
    context: Any = SimpleNamespace(
        home=home, institution_id="world", db=db, analytics=engine, now=NOW, today=TODAY, emit=lambda *_a, **_k: None
    )
    audiences.current_index(context, PACK)
    customers.post_events(target, pa.table(_columns(late)))
    _save(context, random_, everyone, target)
    return World(context, _rows(target, second, holdings, events, db))


def _save(context: Any, random_: random.Random, ids: list[str], target: customers.Target) -> None:
    """Three saved audiences (by a rule, of another, a list with strangers), and touches that reach the caps."""
    young = Predicate("age", "lt", 40)
    rest = Combination("not", (Combination("any", (Saved("aud_young"), Predicate("flag", "exists"))),))
    numbers = customers.Numbers(target.engine, "world").of(pa.array(random_.sample(ids, 90))).drop_null()
    listed = audiences.snapshot(context.home, np.sort(numbers.to_numpy()).astype("<u4"))
    for id, rule, digest in (("aud_young", young, ""), ("aud_rest", rest, ""), ("aud_list", None, listed)):
        kept = SavedAudience(id, id[4:], "operator", "rule" if rule else "upload", rule, "once", NOW, snapshot=digest)
        store.keep(context.db, "world", kept)
    wishes = [
        customers.Wish(
            f"t{n}",
            int(number),
            "push",
            NOW - dt.timedelta(hours=random_.randint(1, 200)),
            kind=random_.choice(("fund", "deposit", "")),
        )
        for n, number in enumerate(random_.choices(numbers.to_pylist(), k=200))
    ]
    customers.reserve(context.db, "world", wishes, customers.ContactPolicy(ZONE, pushed=frozenset({"push"})))


def _import(target: customers.Target, people: Mapping[str, Mapping[str, Any]], name: str) -> None:
    fields = {column.name: ARROW[column.storage] for column in columns_of(PACK) if column.name != "never_filled"}
    table = pa.table(
        {
            "customer_id": list(people),
            **{field: pa.array([p[field] for p in people.values()], kind) for field, kind in fields.items()},
        }
    )
    customers.import_batches(target, table.to_batches(100), name=name, columns=table.column_names)


def _person(random_: random.Random) -> dict[str, Any]:
    def maybe(value: Any) -> Any:
        return None if random_.random() < 0.2 else value

    return {
        "age": maybe(random_.randint(-3, 90)),
        "flag": maybe(random_.random() < 0.5),
        "opted": maybe(random_.random() < 0.5),
        "risk_level": maybe(random_.choice(("C1", "C2", "C3", "C4", "C5"))),
        "tier": maybe(random_.choice(("1", "2", "3"))),
        "colour": maybe(random_.choice(("red", "green", "blue"))),
        "town": maybe(random_.choice([town for town in _TOWNS if town])),
        "note": maybe(random_.choice(("vip", "call vip back", "x'y", "%_", "再联系"))),
        "balance": maybe(random_.choice((0, 1, 99, 100, 12_345, 5_000_000_000, -700))),
        "credit": maybe(random_.randint(-50_000, 50_000)),
        "score": maybe(random_.choice((0.0, -0.0, 0.1, 0.9, 1.0, 1e300, -2.5, 0.30000000000000004))),
        "drift": maybe(random_.choice((0.0, 0.5, -0.5))),
        "born": maybe(dt.date(1960, 1, 1) + dt.timedelta(days=random_.randint(0, 20_000))),
        "mature_days": maybe(random_.randint(0, 60)),
        "group": maybe(random_.sample(("staff", "owners", "other"), random_.randint(0, 3))),
    }


def _holding(random_: random.Random, id: str) -> dict[str, Any]:
    product = random_.choice(PACK.products)
    return {
        "customer_id": id, "product": product.id, "kind": product.kind,
        "amount_fen": random_.choice((0, 1, 100_00, 99_99)),
        "since": random_.choice((None, TODAY - dt.timedelta(days=random_.randint(0, 40)))),
        "active": random_.random() < 0.6,
    }  # fmt: skip


def _event(random_: random.Random, id: str, number: int) -> dict[str, Any]:
    # Many fall within minutes of a local midnight, some are late, some lie in the future.
    day = TODAY - dt.timedelta(days=random_.choice((-1, 0, 1, 2, 6, 7, 29, 30, 31, 200)))
    midnight = dt.datetime.combine(day, dt.time(), ZoneInfo(ZONE)).astimezone(dt.UTC)
    at = midnight + dt.timedelta(
        microseconds=random_.choice((-1, 0, 1, 1_000_000, 3_600_000_000, -7_200_000_000, 43_200_000_000))
    )
    name = random_.choice(("visit", "visit", "buy"))
    return {
        "customer_id": id, "name": name, "at": at, "object": random_.choice(("home", "fund_page", "f1", "d1", "")),
        "channel": random_.choice(("", "push")), "slot": "", "campaign_id": random_.choice(("", "cmp_1")),
        "amount_fen": random_.choice((0, 100, 250_00, -50_00)) if name == "buy" else 0, "key": f"e{number}",
    }  # fmt: skip


def _columns(rows: list[dict[str, Any]]) -> dict[str, Any]:
    columns: dict[str, Any] = {name: [row[name] for row in rows] for name in rows[0]}
    if "at" in columns:
        columns["at"] = pa.array(columns["at"], pa.timestamp("us", "UTC"))
    if "since" in columns:
        columns["since"] = pa.array(columns["since"], pa.date32())
    return columns


def _rows(
    target: customers.Target, people: Mapping[str, Mapping[str, Any]], holdings: Any, events: Any, _db: sa.Engine
) -> dict[int, Row]:
    numbers = customers.Numbers(target.engine, "world")
    dense = dict(zip(people, numbers.of(pa.array(list(people))).to_pylist(), strict=True))
    held: dict[str, list[Holding]] = {}
    for row in holdings:
        names = frozenset((row["product"], row["kind"]))
        held.setdefault(row["customer_id"], []).append(
            Holding(names, row["product"], row["amount_fen"], row["since"], row["active"])
        )
    done: dict[str, list[Happening]] = {}
    for row in events:
        names = frozenset(row[name] for name in ("object", "channel", "slot", "campaign_id")) - {""}
        day = row["at"].astimezone(ZoneInfo(ZONE)).date()
        about = tuple(row[name] for name in ("object", "channel", "slot", "campaign_id"))
        second = int(row["at"].timestamp() // 1)
        done.setdefault(row["customer_id"], []).append(
            Happening(row["name"], day, names, row["amount_fen"], second, about)
        )
    return {
        dense[id]: Row(person, tuple(held.get(id, ())), tuple(done.get(id, ())), TODAY) for id, person in people.items()
    }
