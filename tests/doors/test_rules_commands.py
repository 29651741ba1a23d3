"""``linghang rules`` as a newcomer tries it: by product, topic, words; one whole; with a bank's file; and what is wrong."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

OWN = """
laws:
  house: {title: 领航银行品牌手册, effective: 2026-01-01}
rules:
  - {id: CN-BANK-01, severity: S2, topic: MORAL, cites: ["house 第3条"], says: 不得称客户为老铁, verified: V1,
     triggers: [老铁], examples: {hit: [老铁们看过来], pass: [老朋友看过来]}}
"""


def rules(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from linghang.doors.cli import main; main()", "rules", *words]
    return subprocess.run([*command, "--today", "2026-11-23"], capture_output=True, text=True, timeout=120, check=False)


def listed(*words: str) -> list[dict[str, Any]]:
    done = rules("list", "--json", *words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["rules"]


def test_rules_are_listed_by_what_they_apply_to_with_all_that_they_declare() -> None:
    found = listed("--product", "fund", "--severity", "S1")
    assert found
    for one in found:
        assert one["severity"] == "S1"
        assert not one["products"] or "fund" in one["products"]
        assert {"jurisdiction", "channels", "materials", "effective_from", "effective_to", "exceptions", "disclosures",
                "verified", "citations", "says_en"} <= set(one)  # fmt: skip
        assert all(not cite["effective"] or cite["effective"] <= "2026-11-23" for cite in one["citations"])
    assert "CN-PR-01" in {one["id"] for one in listed("--search", "抽奖 5万")}
    assert "CN-SM-02" in {one["id"] for one in listed("--search", "free refuse")}, "also by the English summary"


def test_a_rule_is_shown_in_sentences_in_either_language(tmp_path: Path) -> None:
    shown = rules("show", "cn-fd-04").stdout
    assert "不预示未来" in shown
    assert "第6条第1款" in shown
    english = rules("show", "CN-FD-04", "--locale", "en").stdout
    assert "does not indicate the future" in english
    assert "Art. 6 para. 1" in english
    (tmp_path / "own.yaml").write_text(OWN, "utf-8")
    own = ("--overrides", str(tmp_path / "own.yaml"))
    assert "老铁" in rules("show", "CN-BANK-01", *own).stdout
    assert "CN-BANK-01" in rules("diff", *own).stdout
    tested = rules("test", *own)
    assert tested.returncode == 0, tested.stdout


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
def test_what_does_not_exist_is_told_with_what_does(words: tuple[str, ...], said: str) -> None:
    done = rules(*words)
    assert done.returncode in (1, 2)
    assert said in done.stderr.replace("\n", "") + done.stdout
