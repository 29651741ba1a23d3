"""What is made of audiences: lookalikes, suggestions, comparisons, automatic layers, exports."""

import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyroaring import BitMap

from linghang import audiences, customers
from linghang.adapters.chdb_engine import ChdbEngine
from linghang.audiences.index.bits import of_numbers
from linghang.audiences.traits import fields_of, rule_of, traits
from linghang.base.errors import RefusedError, UnavailableError, UsageError
from linghang.base.predicates import Behaviour, Combination, Predicate, Ranked, Sampled
from linghang.kit.database import metadata, open_database
from linghang.testing.institution import NOW, PACK, TODAY

SIZE = 6000


@dataclass(frozen=True)
class Town:
    """An institution whose buyers are known: the old and rich buy, and whoever visited lately."""

    index: audiences.Index
    buyers: np.ndarray
    chance: np.ndarray
    numbers: customers.Numbers


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Six thousand customers with a planted cause."""
    home = tmp_path_factory.mktemp("town")
    engine = ChdbEngine(home / "analytics")
    db = open_database(home / "app.db")
    metadata.create_all(db)
    target = customers.Target(engine, db, "town", PACK, NOW, TODAY)
    random = np.random.default_rng(7)
    age = random.integers(18, 90, SIZE)
    balance = random.integers(0, 1_000_000_00, SIZE)
    visited = random.random(SIZE) < 0.3
    table = pa.table(
        {
            "customer_id": [f"k{n}" for n in range(SIZE)],
            "age": pa.array(age, mask=random.random(SIZE) < 0.1),
            "balance": balance,
            "flag": random.random(SIZE) < 0.5,
            "colour": random.choice(["red", "green", "blue"], SIZE, p=[0.6, 0.3, 0.1]),
        }
    )
    customers.import_batches(target, table.to_batches(), name="town", columns=table.column_names)
    who = np.flatnonzero(visited)
    events = {
        "customer_id": [f"k{n}" for n in who], "name": ["visit"] * len(who),
        "at": pa.array([NOW - dt.timedelta(days=3)] * len(who), pa.timestamp("us", "UTC")),
        "key": [f"e{n}" for n in who],
    }  # fmt: skip
    customers.post_events(target, pa.table(events))
    context = SimpleNamespace(
        home=home, institution_id="town", db=db, analytics=engine, now=NOW, today=TODAY, emit=lambda *_a, **_k: None
    )
    chance = 1 / (1 + np.exp(-(-4.5 + 1.5 * (age > 60) + 1.5 * (balance > 60_000_000) + 1.5 * visited)))
    numbers = customers.Numbers(engine, "town")
    dense = numbers.of(table["customer_id"]).to_numpy()
    by_number = np.zeros(SIZE)
    by_number[dense] = chance
    bought = np.flatnonzero(np.random.default_rng(8).random(SIZE) < by_number).astype(np.uint32)
    yield Town(audiences.current_index(context, PACK), bought, by_number, numbers)
    engine.close()
    db.dispose()


def _words(town: Town, numbers: np.ndarray) -> np.ndarray:
    return of_numbers(numbers, town.index.words)


def _count(town: Town, rule: object) -> int:
    return audiences.count(rule, town.index, TODAY)


def test_every_customer_is_in_one_cell_of_a_trait(town: Town) -> None:
    known = traits(town.index, PACK, TODAY)
    assert {"age", "balance", "flag", "colour", "visit"} <= {one.field for one in known}
    for trait in known:
        assert sum(int(np.bitwise_count(words).sum()) for words in trait.sets) == SIZE, trait.field
        for value, words in zip(trait.values, trait.sets, strict=True):
            rule = rule_of(trait, value, town.index)
            if rule is not None:
                assert audiences.members(rule, town.index, TODAY).tolist() == audiences.numbers_of(words).tolist()


def test_a_lookalike_is_measured_on_members_that_were_put_aside(town: Town) -> None:
    found = audiences.lookalike(_words(town, town.buyers), town.index, PACK, wanted=600, seed_number=1, today=TODAY)
    members = audiences.numbers_of(found.members)
    assert (found.count, len(members)) == (600, 600)
    assert not set(members.tolist()) & set(town.buyers.tolist()), "who is in the seed is not looked for"
    assert found.low <= found.lift <= found.high
    assert found.low > 1.5
    assert found.findings == ()
    # The lift that was told is one that the planted chances bear out, on people whom nobody asked the model about.
    others = np.setdiff1d(np.arange(SIZE), town.buyers)
    assert town.chance[members].mean() / town.chance[others].mean() > 1.5
    speaking = {reason.field for reason in found.reasons[:4]}
    assert speaking <= {"age", "balance", "visit"}


def test_a_seed_by_chance_is_said_to_be_no_better_than_chance(town: Town) -> None:
    seed = np.sort(np.random.default_rng(3).choice(SIZE, 900, replace=False)).astype(np.uint32)
    found = audiences.lookalike(_words(town, seed), town.index, PACK, wanted=500, seed_number=1, today=TODAY)
    assert [finding.code for finding in found.findings] == ["audiences.lookalike_no_better"]
    assert found.low <= 1 <= found.high


def test_a_lookalike_is_refused_where_it_cannot_be_learned(town: Town) -> None:
    with pytest.raises(RefusedError) as few:
        audiences.lookalike(_words(town, town.buyers[:99]), town.index, PACK, wanted=10, seed_number=1)
    assert few.value.code == "audiences.too_few_seeds"
    every = [trait.field for trait in traits(town.index, PACK, TODAY)]
    with pytest.raises(RefusedError) as blind:
        audiences.lookalike(
            _words(town, town.buyers), town.index, PACK, wanted=10, seed_number=1, without=every, today=TODAY
        )
    assert blind.value.code == "audiences.nothing_to_learn"
    with pytest.raises(UsageError):
        audiences.lookalike(_words(town, town.buyers), town.index, PACK, wanted=0, seed_number=1)
    fewer = audiences.lookalike(_words(town, town.buyers), town.index, PACK, wanted=SIZE * 2, seed_number=1)
    assert fewer.count == SIZE - len(town.buyers)
    assert fewer.findings[0].code == "audiences.fewer_than_wanted"


def test_the_fields_of_a_seed_can_be_kept_from_the_model() -> None:
    rule = Combination(
        "any", (Predicate("age", "ge", 3), Ranked("balance", top=3, among=Behaviour("visit", "count", "ge", 1)))
    )
    assert fields_of(rule) == {"age", "balance", "visit"}


RULE = Combination("all", (Predicate("age", "between", (40, 50)), Predicate("colour", "eq", "green")))


@pytest.mark.parametrize("wanted", [40, 120, 900, 3000])
def test_suggestions_come_nearer_to_the_wanted_size(town: Town, wanted: int) -> None:
    now = _count(town, RULE)
    found = audiences.suggest(RULE, town.index, PACK, wanted, TODAY)
    assert found
    misses = [abs(np.log(one.count / wanted)) for one in found]
    assert misses == sorted(misses)
    assert misses[-1] < abs(np.log(now / wanted))
    for one in found:
        assert _count(town, one.rule) == one.count, "sizes are counted, not estimated"
        assert (one.count > now) == (wanted > now)


def test_narrowing_can_be_exact(town: Town) -> None:
    found = {one.code: one for one in audiences.suggest(Predicate("flag", "exists"), town.index, PACK, 700, TODAY)}
    assert found["audiences.suggest_top"].count == 700
    assert isinstance(found["audiences.suggest_sample"].after, Sampled)


def test_a_window_is_moved_too(town: Town) -> None:
    rule = Predicate("visit", "exists", window_days=1)
    found = audiences.suggest(rule, town.index, PACK, 1800, TODAY)
    assert any(one.after is not None and getattr(one.after, "window_days", None) == 7 for one in found)


def test_two_audiences_are_compared(town: Town) -> None:
    index = town.index
    old, rich = Predicate("age", "ge", 60), Predicate("balance", "ge", 500_000)
    one, other = (audiences.bitset(index.plan(rule, TODAY), index.words) for rule in (old, rich))
    told = audiences.compare(one, other, index, ["age", "balance", "colour"], TODAY)
    assert (told.one, told.other) == (_count(town, old), _count(town, rich))
    assert told.both == _count(town, Combination("all", (old, rich)))
    assert (told.left, told.came) == (told.one - told.both, told.other - told.both)
    assert told.alike == told.both / (told.one + told.other - told.both)
    assert {item.field for item in told.differences} == {"age", "balance"}, "colours are alike by chance"
    same = audiences.compare(one, one, index, ["age"], TODAY)
    assert (same.alike, same.differences) == (1.0, ())


def test_differing_conditions_are_named() -> None:
    a, b, c = (Predicate("age", "ge", n) for n in (1, 2, 3))
    one, other = Combination("all", (a, b)), Combination("all", (b, c))
    assert audiences.differing(one, other) == ((b,), (a,), (c,))


def test_layers_by_uplift_can_be_read_and_cover_everybody(town: Town) -> None:
    index = town.index
    members = index.base
    numbers = audiences.numbers_of(members)
    noise = np.random.default_rng(2).normal(0, 0.01, len(numbers))
    layers = audiences.automatic("uplift", members, index, PACK, today=TODAY, uplift=town.chance[numbers] + noise)
    assert 3 <= len(layers.layers) <= 5
    found = [audiences.members(layer.rule, index, TODAY) for layer in layers.layers]
    together = np.concatenate(found)
    assert len(together) == len(set(together.tolist())) == SIZE
    assert [layer.count for layer in layers.layers] == [len(one) for one in found]
    means = [float(town.chance[one].mean()) for one in found]
    assert means == sorted(means, reverse=True)
    assert means[0] > 3 * means[-1]
    assert "balance" in str(layers.layers[0].params["rule_en"])


def test_no_layers_are_made_of_noise(town: Town) -> None:
    noise = np.random.default_rng(5).normal(0, 1, SIZE)
    layers = audiences.automatic("uplift", town.index.base, town.index, PACK, today=TODAY, uplift=noise)
    assert len(layers.layers) <= 2


def test_layers_by_value_and_what_is_missing(town: Town) -> None:
    layers = audiences.automatic("value", town.index.base, town.index, PACK, today=TODAY)
    assert layers.attribute == "balance"
    assert sum(layer.count for layer in layers.layers) == SIZE
    with pytest.raises(RefusedError) as refused:
        audiences.automatic("lifecycle", town.index.base, town.index, PACK, today=TODAY)
    assert refused.value.code == "audiences.no_such_layers"
    with pytest.raises(UsageError):
        audiences.automatic("uplift", town.index.base, town.index, PACK, uplift=np.zeros(3))


def test_every_form_of_an_export_holds_the_same_members(town: Town, tmp_path: Path) -> None:
    members = audiences.members(RULE, town.index, TODAY)
    ids = town.numbers.texts
    told = {form: audiences.export(members, tmp_path / f"x.{form}", form, ids) for form in ("parquet", "csv", "bitmap")}
    assert {one.content for one in told.values()} == {audiences.content_of(members)}
    assert told["csv"].content == audiences.snapshot(tmp_path, members)
    expected = town.numbers.ids(members)
    table = pq.read_table(told["parquet"].path)
    assert table["customer_id"].to_pylist() == expected
    assert table.schema.metadata[b"content"].decode() == told["csv"].content
    with told["csv"].path.open(encoding="utf-8", newline="") as file:
        assert [row["customer_id"] for row in csv.DictReader(file)] == expected
    assert list(BitMap.deserialize(told["bitmap"].path.read_bytes())) == members.tolist()
    assert not list(tmp_path.glob(".x*")), "no drafts are left"


def test_an_export_that_fails_leaves_what_was_there(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("before")

    def full(_numbers: np.ndarray) -> pa.Array:
        raise OSError(28, "No space left on device")

    with pytest.raises(UnavailableError) as failed:
        audiences.export(np.array([1], np.uint32), path, "csv", full)
    assert failed.value.code == "files.not_written"
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.csv"]
    assert path.read_text() == "before"
