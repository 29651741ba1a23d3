"""A bank's own rules: it adds, tightens, and switches off with a reason; it never loosens an S1 in silence."""

import datetime as dt
from pathlib import Path

import pytest

from linghang import compliance
from linghang.base.errors import PackError

DAY = dt.date(2026, 11, 23)


def own(folder: Path, text: str) -> Path:
    path = folder / "own.yaml"
    path.write_text(text, "utf-8")
    return path


def refused(folder: Path, text: str) -> tuple[str, str]:
    with pytest.raises(PackError) as told:
        compliance.load_rules("CN", DAY, own(folder, text))
    finding = told.value.findings[0]
    return finding.code, finding.about


def test_a_rule_is_switched_off_with_a_reason(tmp_path: Path) -> None:
    path = own(tmp_path, "rules:\n  - id: CN-SM-06\n    off: true\n    reason: 频控由触达系统统一处理\n")
    found = compliance.differences(compliance.load_rules("CN", DAY), compliance.load_rules("CN", DAY, path))
    assert [(item.rule, item.kind) for item in found] == [("CN-SM-06", "dropped")]


def test_not_without_one_and_the_finding_names_the_line(tmp_path: Path) -> None:
    told = refused(tmp_path, "rules:\n  - id: CN-SM-06\n    off: true\n")
    assert told == ("compliance.off_without_reason", "own.yaml:3")


@pytest.mark.parametrize("change", ["severity: S2", "products: [fund]", "effective_to: 2027-01-01"])
def test_an_s1_is_not_loosened_in_silence(tmp_path: Path, change: str) -> None:
    text = f"rules:\n  - id: CN-AD-07\n    {change}\n"
    assert refused(tmp_path, text)[0] == "compliance.loosened"
    path = own(tmp_path, f"{text}    reason: 合规部 2026-113 号意见\n")
    changed = next(rule for rule in compliance.load_rules("CN", DAY, path) if rule.id == "CN-AD-07")
    assert changed.reason == "合规部 2026-113 号意见"


def test_what_is_tightened_needs_no_reason(tmp_path: Path) -> None:
    path = own(tmp_path, "rules:\n  - id: CN-AD-01\n    severity: S1\n")
    found = compliance.differences(compliance.load_rules("CN", DAY), compliance.load_rules("CN", DAY, path))
    assert [(item.rule, item.kind, item.keys) for item in found] == [("CN-AD-01", "changed", ("severity",))]


def test_a_rule_is_added_and_its_examples_run(tmp_path: Path) -> None:
    path = own(tmp_path, """
laws:
  house: {title: 领航银行品牌手册}
rules:
  - id: BANK-01
    severity: S2
    topic: MORAL
    cites: ["house 第3条"]
    says: 不得称客户为“老铁”
    verified: V1
    triggers: ['老铁']
    examples: {hit: ["老铁们，会员日来了"], pass: ["会员日来了"]}
""")  # fmt: skip
    rules = compliance.load_rules("CN", DAY, path)
    mine = [rule for rule in rules if rule.id == "BANK-01"]
    assert compliance.run_examples(mine) == (2, [])
    with pytest.raises(PackError):
        compliance.load_rules("CN", DAY, own(tmp_path, "rules:\n  - id: BANK-02\n    off: true\n"))


def test_two_launch_dates_differ_by_what_came_into_force() -> None:
    found = compliance.differences(
        compliance.load_rules("CN", dt.date(2026, 9, 29)), compliance.load_rules("CN", dt.date(2026, 9, 30))
    )
    assert "CN-FM-06" in {item.rule for item in found if item.kind == "added"}
