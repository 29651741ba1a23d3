"""Playing with an audience by its skills: sizes, overlaps, comparisons, suggestions, likes, layers, files, one's why."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from pyroaring import BitMap

from linghang.access.rights import ROLES
from linghang.access.sealing import opened
from linghang.base.digest import digest_bytes
from linghang.base.errors import ForbiddenError, LinghangError, RefusedError, UsageError
from linghang.kit import files
from linghang.kit.context import Context

from .demo_bank import RICH, SIZE, WOMEN, YOUNG, ask


def test_suggestions_of_a_saved_audience_move_its_own_conditions(bank: Context) -> None:
    ask(bank, "save", name="建议", rule={"all": [YOUNG, RICH]})
    told = ask(bank, "suggest", audience="建议", size=2000)
    assert told["suggestions"]
    now = ask(bank, "count", audience="建议")["count"]
    for one in told["suggestions"]:
        assert ask(bank, "count", rule=one["rule"])["count"] == one["count"]
        assert abs(one["count"] - 2000) < abs(now - 2000)
        assert "{" not in one["message"]


def test_two_audiences_beside_each_other(bank: Context) -> None:
    ask(bank, "save", name="对比甲", rule={"all": [YOUNG, WOMEN]})
    told = ask(bank, "compare", one="对比甲", other={"all": [YOUNG, RICH]})
    assert told["one"] == ask(bank, "count", audience="对比甲")["count"]
    assert told["both"] == ask(bank, "count", rule={"all": [YOUNG, WOMEN, RICH]})["count"]
    assert told["left"] == told["one"] - told["both"]
    assert told["came"] == told["other"] - told["both"]
    assert [len(told["conditions"][key]) for key in ("both", "one", "other")] == [1, 1, 1]
    assert {item["field"] for item in told["differences"]} >= {"gender"}


def test_overlaps_of_saved_and_unsaved(bank: Context) -> None:
    ask(bank, "save", name="重叠", rule=RICH)
    told = ask(bank, "overlap", audiences=["重叠"], rules={"女性": WOMEN})
    both = ask(bank, "count", rule={"all": [RICH, WOMEN]})["count"]
    assert told["shared"][0][1] == told["shared"][1][0] == both
    exactly = {tuple(sorted(part["names"])): part["count"] for part in told["only"]}
    assert exactly[("女性",)] == ask(bank, "count", rule=WOMEN)["count"] - both
    assert sum(exactly.values()) == ask(bank, "count", rule={"any": [RICH, WOMEN]})["count"]
    many = ask(bank, "overlap", rules={str(age): {"field": "age", "op": "ge", "value": age} for age in range(20, 26)})
    assert len(many["shared"]) == 6
    assert many["only"] == []
    with pytest.raises(UsageError):
        ask(bank, "overlap", rules={"a": WOMEN})


def test_a_lookalike_is_measured_and_saved(bank: Context) -> None:
    seed = {"all": [WOMEN, {"field": "aum_cny", "op": "ge", "value": 200_000}]}
    ask(bank, "save", name="种子", rule=seed)
    told = ask(bank, "lookalike", audience="种子", size=300, save_as="像种子")
    assert told["count"] == 300
    assert told["low"] <= told["lift"] <= told["high"]
    saved = ask(bank, "show", audience="像种子")
    assert (saved["id"], saved["count"], saved["source"]) == (told["audience"], 300, "lookalike")
    assert saved["made"]["lift"] == pytest.approx(told["lift"])
    assert ask(bank, "overlap", audiences=["种子", "像种子"])["shared"][0][1] == 0
    fields = {reason["field"] for reason in told["reasons"]}
    assert not fields & {"gender", "aum_cny"}, "what defines the seed is not looked at, through its name either"
    bounded = ask(bank, "lookalike", audience="种子", size=50, within=YOUNG, save_as="像种子年轻")
    assert ask(bank, "count", rule={"all": [{"audience": "像种子年轻"}, YOUNG]})["count"] == bounded["count"]


def test_a_seed_that_is_too_small_is_refused_and_nothing_saved(bank: Context) -> None:
    with pytest.raises(RefusedError) as refused:
        ask(bank, "lookalike", rule={"field": "aum_cny", "op": "ge", "value": 299_000}, size=10, save_as="无")
    assert refused.value.code == "audiences.too_few_seeds"
    with pytest.raises(LinghangError):
        ask(bank, "show", audience="无")


def test_layers_are_rules_that_part_the_audience(bank: Context) -> None:
    told = ask(bank, "layers", rule=WOMEN, by="value")
    assert told["count"] == ask(bank, "count", rule=WOMEN)["count"] == sum(one["count"] for one in told["layers"])
    for one in told["layers"]:
        assert ask(bank, "count", rule=one["rule"])["count"] == one["count"]
    with pytest.raises(RefusedError) as refused:
        ask(bank, "layers", rule=WOMEN, by="lifecycle")
    assert refused.value.code == "audiences.no_such_layers"


def test_files_hold_the_same_members_under_one_hash(bank: Context, tmp_path: Path) -> None:
    made = {form: ask(bank, "export", rule=RICH, form=form) for form in ("csv", "parquet", "bitmap")}
    size = ask(bank, "count", rule=RICH)["count"]
    assert {one["customers"] for one in made.values()} == {size}
    assert len({one["content"] for one in made.values()}) == 1
    kept = {form: files.get(bank.home, one["file"]) for form, one in made.items()}
    assert b"K500" not in kept["csv"], "an export is kept sealed"
    data = {form: opened(bank.home, sealed) for form, sealed in kept.items()}
    ids = {row["customer_id"] for row in csv.DictReader(data["csv"].decode().splitlines())}
    (tmp_path / "x.parquet").write_bytes(data["parquet"])
    assert ids == set(pq.read_table(tmp_path / "x.parquet")["customer_id"].to_pylist())
    assert ids == {f"K{n}" for n in range(500, SIZE)}
    numbers = sorted(BitMap.deserialize(data["bitmap"]))
    assert digest_bytes(b"".join(n.to_bytes(4, "little") for n in numbers)) == made["bitmap"]["content"]
    saved = ask(bank, "save", name="导出", rule=RICH)
    assert saved["snapshot"] == made["csv"]["content"], "a saved audience's snapshot has the same hash"
    analyst = replace(bank, actor=replace(bank.actor, rights=ROLES["analyst"]))
    with pytest.raises(ForbiddenError):
        ask(analyst, "export", rule=RICH)


def test_one_customer_is_told_why(bank: Context) -> None:
    rule: Any = {"all": [YOUNG, WOMEN]}
    told = ask(bank, "why", customer="K1", rule=rule)
    assert (told["inside"], [one["holds"] for one in told["conditions"]]) == (True, [True, True])
    assert told["channels"]["push"], "without consent the channel is barred, with the reason"
    other = ask(bank, "why", customer="K25", rule=rule)
    assert (other["inside"], [one["holds"] for one in other["conditions"]]) == (False, [False, True])
    assert "K25" not in str(other)
    with pytest.raises(LinghangError):
        ask(bank, "why", customer="nobody", rule=rule)


def test_samples_hide_what_a_role_may_not_see(bank: Context) -> None:
    told = ask(bank, "sample", rule=YOUNG, most=5, dimensions=["age", "salary_cny", "aum_cny"])
    assert len(told["rows"]) == len(told["customers"]) == 5
    assert all(id.startswith("K***") or id.startswith("***") for id in told["customers"])
    assert {row[1] for row in told["rows"]} == {"•••"}
    assert all(row[0] < 40 for row in told["rows"])
    officer = replace(bank, actor=replace(bank.actor, rights=ROLES["compliance"]))
    plain = ask(officer, "sample", rule=YOUNG, most=5, dimensions=["age", "salary_cny", "aum_cny"])
    assert all(id[1:].isdigit() for id in plain["customers"])
    assert [row[0] for row in plain["rows"]] == [20 + int(id[1:]) % 50 for id in plain["customers"]]
    assert [row[2] for row in plain["rows"]] == [int(id[1:]) * 100 for id in plain["customers"]]
