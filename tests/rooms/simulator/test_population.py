"""The customers of the bank in a box: what they are, that they agree with themselves, and that a seed makes them."""

import datetime as dt
import resource
import time
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest

from linghang import packs
from linghang.base.errors import UsageError
from linghang.simulator import Population
from linghang.simulator.population import Chunk

TODAY = dt.date(2026, 11, 23)


def made(count: int = 20_000, seed: int = 7, **more: float) -> Chunk:
    return next(iter(Population().chunks("demo", customers=count, seed=seed, today=TODAY, **more)))


@pytest.fixture(scope="module")
def chunk() -> Chunk:
    return made()


def column(chunk: Chunk, name: str) -> np.ndarray:
    return chunk.customers[name].to_numpy(zero_copy_only=False)


def share(chunk: Chunk, name: str) -> float:
    return float(np.mean(column(chunk, name).astype(bool)))


def test_every_column_attribute_of_the_pack_is_there_and_typed(chunk: Chunk) -> None:
    wanted = {a.column or a.name: a for a in packs.load("demo").attributes if a.source == "column"}
    assert set(chunk.customers.schema.names) == {"customer_id", *wanted}
    for name, attribute in wanted.items():
        kind = chunk.customers[name].type
        if attribute.kind in ("money", "integer"):
            assert pa.types.is_integer(kind), name
        elif attribute.kind == "bool":
            assert pa.types.is_boolean(kind), name


def test_values_are_the_packs_choices_and_within_its_limits(chunk: Chunk) -> None:
    for attribute in packs.load("demo").attributes:
        if attribute.source != "column":
            continue
        values = chunk.customers[attribute.name].to_pylist()
        flat = [
            item for value in values for item in (value if isinstance(value, list) else [value]) if item is not None
        ]
        if attribute.choices:
            assert set(flat) <= {str(choice.value) for choice in attribute.choices}, attribute.name
        scale = 100 if attribute.kind == "money" else 1
        if attribute.low is not None:
            assert min(flat) >= attribute.low * scale, attribute.name
        if attribute.high is not None:
            assert max(flat) <= attribute.high * scale, attribute.name


def test_a_seed_makes_the_same_customers_however_many_are_asked_for(chunk: Chunk) -> None:
    few = made(500)
    assert few.customers.equals(chunk.customers.slice(0, 500))
    ids = set(few.customers["customer_id"].to_pylist())
    mine = [row for row in chunk.holdings.to_pylist() if row["customer_id"] in ids]
    assert few.holdings.to_pylist() == mine
    assert not made(500, seed=8).customers.equals(few.customers)


def test_money_adds_up_to_the_fen(chunk: Chunk) -> None:
    """Assets are demand deposits and the active holdings of funds, deposits, gold and wealth products."""
    parts = {"mmf", "deposit", "gold", "fund", "wealth"}
    held: Counter[str] = Counter()
    for row in chunk.holdings.to_pylist():
        if row["active"] and row["kind"] in parts:
            held[row["customer_id"]] += row["amount_fen"]
    ids, demand = column(chunk, "customer_id"), column(chunk, "demand_deposit_cny")
    total = np.array([held[name] for name in ids]) + demand
    assert (total == column(chunk, "aum_cny")).all()


def test_nobody_holds_what_is_riskier_than_they_can_bear(chunk: Chunk) -> None:
    level = dict(zip(column(chunk, "customer_id"), column(chunk, "risk_level"), strict=True))
    risk = {product.id: product.risk for product in packs.load("demo").products if product.kind in ("fund", "wealth")}
    rows = [row for row in chunk.holdings.to_pylist() if row["active"] and row["product"] in risk]
    assert len(rows) > 1_000
    assert all(int(level[row["customer_id"]][1]) >= int(risk[row["product"]][1]) for row in rows)


def test_shares_are_those_of_the_domain(chunk: Chunk) -> None:
    ios = column(chunk, "device_os") == "iOS"
    installed = column(chunk, "app_installed")
    assert abs(np.mean(column(chunk, "consent_push")[ios & installed]) - 0.56) < 0.03
    assert abs(np.mean(column(chunk, "consent_push")[~ios & installed]) - 0.67) < 0.03
    assert abs(share(chunk, "consent_sms") - 0.62) < 0.02
    assert 0.08 < np.mean(column(chunk, "lifecycle") == "new") < 0.16
    assert 0.2 < np.mean(np.isin(column(chunk, "lifecycle"), ["dormant", "churned"])) < 0.4


def test_assets_are_lognormal_and_older_customers_have_more(chunk: Chunk) -> None:
    aum, age = column(chunk, "aum_cny") / 100, column(chunk, "age")
    rich = np.log(aum[aum > 500])
    assert 1.2 < rich.std() < 2.0
    assert np.median(aum[(age > 45) & (age < 60)]) > 1.5 * np.median(aum[age < 28])
    churn = column(chunk, "churn_score")
    assert abs(np.mean(churn >= 0.9) - 0.1) < 0.02


def test_the_life_cycle_agrees_with_the_days(chunk: Chunk) -> None:
    stage, registered, last = (column(chunk, name) for name in ("lifecycle", "register_days", "last_active_days"))
    assert (registered[stage == "new"] <= 90).all()
    assert (last[stage == "churned"] >= 180).all()
    assert (last <= registered).all()
    assert (column(chunk, "last_login_days") >= last).all()


def test_what_was_never_assessed_has_no_level(chunk: Chunk) -> None:
    assessed = column(chunk, "risk_assessed")
    levels = chunk.customers["risk_level"].is_null().to_numpy(zero_copy_only=False)
    assert (levels == ~assessed).all()
    days = chunk.customers["risk_assessed_days"]
    assert (days.is_null().to_numpy(zero_copy_only=False) == ~assessed).all()
    told = days.drop_null().to_numpy()
    assert told.min() >= 0
    assert 0.02 < (told > 365).mean() < 0.09
    since = column(chunk, "register_days")[assessed]
    assert (told <= since).all(), "nobody was assessed before they came"


def test_events_are_a_year_of_behaviour_before_today(chunk: Chunk) -> None:
    per_customer = chunk.events.num_rows / chunk.customers.num_rows
    assert 5 <= per_customer <= 20
    at = chunk.events["at"].to_numpy(zero_copy_only=False)
    midnight = np.datetime64("2026-11-22T16:00")  # in Shanghai
    assert at.max() < midnight
    assert at.min() >= midnight - np.timedelta64(366, "D")
    assert (np.diff(at) >= np.timedelta64(0)).all()
    assert len(set(chunk.events["key"].to_pylist())) == chunk.events.num_rows
    known = {event.name for event in packs.load("demo").events}
    assert set(chunk.events["name"].to_pylist()) <= known


def test_no_event_comes_after_the_last_visit_or_before_registration(chunk: Chunk) -> None:
    place = {name: n for n, name in enumerate(column(chunk, "customer_id"))}
    who = np.array([place[name] for name in chunk.events["customer_id"].to_pylist()])
    ago = (np.datetime64("2026-11-22T16:00") - chunk.events["at"].to_numpy(zero_copy_only=False)) / np.timedelta64(
        1, "D"
    )
    assert (ago <= column(chunk, "register_days")[who] + 1).all()
    looks = np.isin(chunk.events["name"].to_pylist(), ["page_view", "click", "search"])
    assert (ago[looks] > column(chunk, "last_active_days")[who][looks]).all()


def test_profile_and_log_agree(chunk: Chunk) -> None:
    ids = column(chunk, "customer_id")
    by_name: dict[str, set[str]] = {}
    for name, customer in zip(chunk.events["name"].to_pylist(), chunk.events["customer_id"].to_pylist(), strict=True):
        by_name.setdefault(name, set()).add(customer)
    assert by_name["complaint"] == set(ids[column(chunk, "complaint")])
    assert by_name["loan_rejected"] == set(ids[column(chunk, "loan_rejected")])
    assert by_name["credit_drawn"] <= set(ids[column(chunk, "credit_drawn")])
    assert set(ids[column(chunk, "opted_out_sms")]) <= by_name["unsubscribe"]
    lately = column(chunk, "last_login_days") < 365
    assert set(ids[lately]) <= by_name["login"]


def test_the_year_has_its_seasons(chunk: Chunk) -> None:
    names = np.array(chunk.events["name"].to_pylist())
    local = chunk.events["at"].to_numpy(zero_copy_only=False) + np.timedelta64(8, "h")
    day = local.astype("datetime64[D]")
    pay = Counter(day[names == "pay"].tolist())
    festival = sum(pay[dt.date(2026, 11, n)] for n in (1, 2, 3, 8, 9, 10, 11))
    usual = sum(pay[dt.date(2026, 10, n)] for n in (11, 12, 13, 18, 19, 20, 21))
    assert festival > 1.8 * usual
    salary = Counter(day[names == "transfer_in"].tolist())
    fifteenths = sum(salary[dt.date(2026, m, 15)] for m in range(5, 11))
    others = sum(salary[dt.date(2026, m, 20)] for m in range(5, 11))
    assert fifteenths > 1.5 * others
    hours = np.bincount(((local - day) / np.timedelta64(1, "h")).astype(int), minlength=24)
    assert hours[3] < hours[20] / 5


def test_volume_multiplies_behaviour(chunk: Chunk) -> None:
    much, none = made(2_000, volume=3.0), made(2_000, volume=0.0)
    looks = [sum(name == "page_view" for name in c.events["name"].to_pylist()) for c in (made(2_000), much, none)]
    assert 2.5 * looks[0] < looks[1] < 3.5 * looks[0]
    assert looks[2] == 0
    assert none.customers.equals(much.customers)


@pytest.mark.parametrize(("customers", "volume"), [(0, 1.0), (-5, 1.0), (10**9, 1.0), (10, -1.0)])
def test_impossible_sizes_are_refused(customers: int, volume: float) -> None:
    with pytest.raises(UsageError, match="simulator.bad_size"):
        next(iter(Population().chunks("demo", customers=customers, seed=1, today=TODAY, volume=volume)))


def test_a_real_institution_is_not_simulated() -> None:
    with pytest.raises(UsageError, match="simulator.not_simulated"):
        next(iter(Population().chunks("uci-bank", customers=10, seed=1, today=TODAY)))


def test_columns_are_told_before_any_customer_is_made(chunk: Chunk) -> None:
    assert Population().columns("demo") == tuple(chunk.customers.schema.names)


@pytest.mark.slow
def test_two_hundred_thousand_customers_take_seconds_and_one_blocks_memory() -> None:
    started, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    customers = events = 0
    for part in Population().chunks("demo", customers=200_000, seed=7, today=TODAY):
        customers += part.customers.num_rows
        events += part.events.num_rows
    assert customers == 200_000
    assert 1_000_000 <= events <= 4_000_000
    assert time.process_time() - started < 20
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 500
