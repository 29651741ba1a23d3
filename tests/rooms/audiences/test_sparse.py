"""An index whose rare values are roaring bitmaps says what it says with plain words."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import pytest

from linghang import audiences
from linghang.adapters.chdb_engine import ChdbEngine
from linghang.audiences import reference
from linghang.audiences.index import files
from linghang.base.errors import UnavailableError
from linghang.customers import catalogue_of
from linghang.testing.institution import PACK, TODAY, World, make
from linghang.testing.rules import DAYS, random_rule


@pytest.fixture(scope="module")
def sparse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An institution whose index keeps as roaring bitmaps whatever fewer than a half of all have."""
    home = tmp_path_factory.mktemp("sparse")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "SPARSE_FROM", 0)
        patch.setattr(files, "_FEW", 2)
        made = make(home, ChdbEngine(home / "analytics"), 4)
        yield made
    made.context.analytics.close()
    made.context.db.dispose()


def test_rare_values_are_roaring_bitmaps_and_common_ones_are_not(sparse: World) -> None:
    store = sparse.index.store
    assert store.sparse("colour/is:0") is not None
    assert store.sparse("base/present") is None
    store.verify()


def test_rules_have_the_same_members(sparse: World) -> None:
    random = Random(11)
    for _ in range(60):
        rule, today = random_rule(random), random.choice(DAYS)
        expected = sorted(reference.members(sparse.expand(rule), sparse.rows, catalogue_of(PACK), today))
        assert audiences.members(rule, sparse.index, today).tolist() == expected, rule


def test_profiles_and_features_read_them(sparse: World) -> None:
    for dimension in audiences.profile(None, sparse.index, ["colour", "flag", "tier"], TODAY):
        assert sum(bar.count for bar in dimension.bars) == sparse.index.population
    numbers = np.array(sorted(sparse.rows), np.uint32)
    found = audiences.features(sparse.index, numbers, ["flag", "colour"]).to_pylist()
    assert [row["flag"] for row in found] == [sparse.rows[row["customer"]].values["flag"] for row in found]


def test_a_damaged_bitmap_is_found(sparse: World, tmp_path: Path) -> None:
    folder = sparse.index.folder
    place = next(place for place in sparse.index.store._places.values() if place.form == "roaring" and place.bytes > 40)
    path = folder / place.file
    data = path.read_bytes()
    at = place.offset + place.bytes - 1
    path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    try:
        with pytest.raises(UnavailableError, match="index_broken"):
            audiences.Index.open(folder.parent, catalogue_of(PACK)).store.verify()
    finally:
        path.write_bytes(data)
