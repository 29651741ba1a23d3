"""The response model of a real table: it ranks, it is calibrated, it never sees what is known only afterwards."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from linghang import packs
from linghang.base.errors import RefusedError, UsageError
from linghang.packs import Pack
from linghang.simulator import fit


@pytest.fixture(scope="module")
def pack() -> Pack:
    return packs.load("uci-bank")


def columns(pack: Pack, rows: list[dict[str, str]]) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for attribute in pack.attributes:
        source = attribute.column or attribute.name
        cells = [row[source] for row in rows]
        nothing = {*pack.customers.unknown, *attribute.empty}
        number = attribute.kind in ("integer", "number")
        found[attribute.name] = [None if c in nothing else float(c) if number else c for c in cells]
    return found


@pytest.fixture(scope="module")
def table(pack: Pack) -> tuple[dict[str, list[object]], list[bool]]:
    told = os.environ.get("LINGHANG_UCI_BANK", "")
    root = Path(__file__).resolve().parents[3]
    path = Path(told) if told else root.parent / "shared" / "data" / "uci_bank" / "bank-additional-full.csv"
    path = path / "bank-additional-full.csv" if path.is_dir() else path
    if not path.exists():
        if os.environ.get("CI"):
            pytest.fail("the UCI bank table is needed in CI: set LINGHANG_UCI_BANK")
        pytest.skip(
            "set LINGHANG_UCI_BANK to bank-additional-full.csv (UCI Machine Learning Repository, Bank Marketing)"
        )
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return columns(pack, rows), [row["y"] == "yes" for row in rows]


@pytest.mark.slow
def test_it_ranks_and_is_calibrated_on_rows_it_never_saw(
    pack: Pack, table: tuple[dict[str, list[object]], list[bool]]
) -> None:
    model = fit(pack, *table)
    report = model.report
    assert report["rows"] == 41_188
    assert report["responses"] == 4_640
    assert float(report["auc"]) > 0.78
    assert float(report["calibration_error"]) < 0.01
    assert float(report["mean_predicted"]) == pytest.approx(float(report["mean_observed"]), abs=0.005)
    assert report["source"] == "simulated"
    assert "duration" not in str(report["features"]).split(", ")
    few = {name: cells[:500] for name, cells in table[0].items()}
    chances = model.probability(few)
    assert ((chances > 0) & (chances < 1)).all()


def made(pack: Pack, count: int) -> tuple[dict[str, list[object]], list[bool]]:
    stream = np.random.default_rng(5)
    age = stream.integers(20, 70, count)
    job = stream.choice(["student", "retired", "admin."], count)
    chance = 0.05 + 0.3 * (job == "retired") + 0.2 * (age > 60)
    data: dict[str, list[object]] = {"age": age.tolist(), "job": job.tolist()}
    return data, (stream.random(count) < chance).tolist()


def test_the_same_table_gives_the_same_model(pack: Pack) -> None:
    data, outcome = made(pack, 2_000)
    one, two = fit(pack, data, outcome), fit(pack, data, outcome)
    assert (one.probability(data) == two.probability(data)).all()
    assert one.report == two.report


def test_it_learns_what_is_there(pack: Pack) -> None:
    data, outcome = made(pack, 4_000)
    model = fit(pack, data, outcome)
    low, high = model.probability({"age": [25, 68], "job": ["student", "retired"]})
    assert low < 0.12
    assert high > 0.35


def test_columns_known_only_afterwards_are_ignored(pack: Pack) -> None:
    data, outcome = made(pack, 2_000)
    cheating = {**data, "duration": [900.0 * yes for yes in outcome], "y": [str(yes) for yes in outcome]}
    assert fit(pack, cheating, outcome).report["features"] == "age, job"


def test_unknown_values_are_allowed(pack: Pack) -> None:
    data, outcome = made(pack, 2_000)
    model = fit(pack, data, outcome)
    assert np.isfinite(model.probability({"age": [None], "job": [None]})).all()
    assert np.isfinite(model.probability({"age": [30], "job": ["a job that nobody had"]})).all()


def test_too_few_outcomes_are_refused(pack: Pack) -> None:
    with pytest.raises(RefusedError, match="simulator.too_few_outcomes"):
        fit(pack, {"age": [30] * 100}, [False] * 100)
    with pytest.raises(RefusedError, match="simulator.too_few_outcomes"):
        fit(pack, {"age": [30] * 1_000}, [False] * 1_000)


def test_wrong_columns_are_told(pack: Pack) -> None:
    data, outcome = made(pack, 1_000)
    with pytest.raises(UsageError, match="simulator.column_absent"):
        fit(pack, {"shoe_size": data["age"]}, outcome)
    with pytest.raises(UsageError, match="simulator.lengths_differ"):
        fit(pack, data, outcome[:-1])
    with pytest.raises(UsageError, match="simulator.column_absent"):
        fit(pack, data, outcome).probability({"age": [30]})
