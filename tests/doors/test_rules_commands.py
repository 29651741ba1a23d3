"""``linghang rules`` as a newcomer tries it: by product, topic, words; one whole; with a bank's file; and what is wrong."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from linghang.doors.cli import run

OWN = """
laws:
  house: {title: 领航银行品牌手册, effective: 2026-01-01}
rules:
  - {id: CN-BANK-01, severity: S2, topic: MORAL, cites: ["house 第3条"], says: 不得称客户为老铁, verified: V1,
     triggers: [老铁], examples: {hit: [老铁们看过来], pass: [老朋友看过来]}}
"""


class Told(NamedTuple):
    code: int
    out: str
    err: str


Rules = Callable[..., Told]


@pytest.fixture
def rules(capsys: pytest.CaptureFixture[str]) -> Rules:
    """``linghang rules`` in this process: its exit code and what it said."""

    def told(*words: str) -> Told:
        code = run(["rules", *words, "--today", "2026-11-23"])
        return Told(code, *capsys.readouterr())

    return told


def listed(rules: Rules, *words: str) -> list[dict[str, Any]]:
    done = rules("list", "--json", *words)
    assert done.code == 0, done.err
    return json.loads(done.out)["rules"]


def test_rules_are_listed_by_what_they_apply_to_with_all_that_they_declare(rules: Rules) -> None:
    found = listed(rules, "--product", "fund", "--severity", "S1")
    assert found
    for one in found:
        assert one["severity"] == "S1"
        assert not one["products"] or "fund" in one["products"]
        assert {"jurisdiction", "channels", "materials", "effective_from", "effective_to", "exceptions", "disclosures",
                "verified", "citations", "says_en"} <= set(one)  # fmt: skip
        assert all(not cite["effective"] or cite["effective"] <= "2026-11-23" for cite in one["citations"])
    assert "CN-PR-01" in {one["id"] for one in listed(rules, "--search", "抽奖 5万")}
    assert "CN-SM-02" in {one["id"] for one in listed(rules, "--search", "free refuse")}, "also by the English summary"


def test_a_rule_is_shown_in_sentences_in_either_language(rules: Rules, tmp_path: Path) -> None:
    shown = rules("show", "cn-fd-04").out
    assert "不预示未来" in shown
    assert "第6条第1款" in shown
    english = rules("show", "CN-FD-04", "--locale", "en").out
    assert "does not indicate the future" in english
    assert "Art. 6 para. 1" in english
    (tmp_path / "own.yaml").write_text(OWN, "utf-8")
    own = ("--overrides", str(tmp_path / "own.yaml"))
    assert "老铁" in rules("show", "CN-BANK-01", *own).out
    assert "CN-BANK-01" in rules("diff", *own).out


def test_a_banks_file_is_tested_by_its_own_examples(rules: Rules, tmp_path: Path) -> None:
    good = (
        OWN.replace("CN-BANK", "EU-BANK")
        .replace("triggers: [老铁]", "triggers: [homie]")
        .replace("hit: [老铁们看过来], pass: [老朋友看过来]", "hit: [Hey homie], pass: [Hey friend]")
    )
    bad = good.replace("hit: [Hey homie]", "hit: [Hey buddy]")
    for name, told in (("good.yaml", good), ("bad.yaml", bad)):
        (tmp_path / name).write_text(told, "utf-8")
    tested = rules("test", "--jurisdiction", "EU", "--overrides", str(tmp_path / "good.yaml"))
    assert tested.code == 0, tested.out
    failed = rules("test", "--jurisdiction", "EU", "--overrides", str(tmp_path / "bad.yaml"))
    assert failed.code == 1
    assert "EU-BANK-01 not found in: Hey buddy" in failed.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "CN-FD-99"), "CN-FD-09"),
        (("list", "--product", "funds"), "fund, mmf"),
        (("list", "--jurisdiction", "XX"), "CN, US, UK, EU"),
        (("list", "--launch-date", "soon"), "2026-11-23"),
        (("diff", "--overrides", "nothing.yaml"), "nothing.yaml"),
    ],
)
def test_what_does_not_exist_is_told_with_what_does(rules: Rules, words: tuple[str, ...], said: str) -> None:
    done = rules(*words)
    assert done.code in (1, 2)
    assert said in done.err.replace("\n", "") + done.out
