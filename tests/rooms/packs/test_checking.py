"""Wrong packs: each error names the file, the line, what was found and what is allowed."""

from pathlib import Path

import pytest

from linghang import packs
from linghang.base.errors import ConflictError, PackError, UnknownItemError, UsageError
from linghang.base.findings import Finding
from linghang.base.messages import catalogue, render


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return packs.new(tmp_path / "bank", "my-bank")


def change(pack: Path, file: str, old: str, new: str) -> None:
    text = (pack / file).read_text("utf-8")
    assert old in text
    (pack / file).write_text(text.replace(old, new, 1), "utf-8")


def only(pack: Path) -> Finding:
    found = packs.check(pack)
    assert len(found) == 1, found
    return found[0]


def test_a_new_pack_is_valid_and_loads(pack: Path) -> None:
    assert packs.check(pack) == ()
    assert packs.load(pack).id == "my-bank"


def test_new_overwrites_nothing(pack: Path) -> None:
    before = (pack / "pack.yaml").read_text("utf-8")
    with pytest.raises(ConflictError, match="pack.exists"):
        packs.new(pack, "other")
    assert (pack / "pack.yaml").read_text("utf-8") == before


@pytest.mark.parametrize("name", ["", "Bad", "../up", "a b", "名"])
def test_new_refuses_a_bad_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="pack.bad_name"):
        packs.new(tmp_path / "bank", name)
    assert not (tmp_path / "bank").exists()


CASES = [
    ("benefits.yaml", "pool: main", "pool: mian", "pack.unknown_reference", "mian", "main"),
    ("benefits.yaml", "stock: 10000", "stok: 10000", "pack.unknown_key", "stok", "stock"),
    ("benefits.yaml", "type: coupon ", "type: cupon ", "pack.not_allowed", "cupon", "coupon"),
    ("benefits.yaml", "redemption: 0.3", "redemption: 1.3", "pack.out_of_range", 1.3, "0–1"),
    ("benefits.yaml", "face_cny: 10", "face_cny: ten", "pack.wrong_type", "ten", "yuan"),
    ("benefits.yaml", "face_cny: 10", "face_cny: 0.001", "pack.too_fine", "0.001", "1/100"),
    ("benefits.yaml", "{bank: 1.0}", "{bank: 0.9}", "pack.not_one", 0.9, ""),
    ("playbooks.yaml", "[coupon_10]", "[coupon_1]", "pack.unknown_reference", "coupon_1", "coupon_10"),
    ("playbooks.yaml", "channels: [sms]", "channels: [smss]", "pack.unknown_reference", "smss", "sms"),
    ("playbooks.yaml", "[convert, acquire", "[konvert, acquire", "pack.unknown_reference", "konvert", "convert"),
    ("playbooks.yaml", "cuts: [30, 45]", "cuts: [45, 30]", "pack.not_sorted", "45.0, 30.0", ""),
    ("channels.yaml", "consent: consent_sms", "consent: consent_x", "pack.unknown_reference", "consent_x", "consent"),
    ("channels.yaml", '"09:00"', '"9 Uhr"', "pack.not_allowed", "9 Uhr", "HH:MM"),
    ("products.yaml", "risk: R2", "risk: R9", "pack.not_allowed", "R9", "R1"),
    ("products.yaml", "[D-FUND-RISK]", "[D-FUN-RISK]", "pack.unknown_reference", "D-FUN-RISK", "D-FUND-RISK"),
    ("brand.yaml", '"#F2B134"', '"gold"', "pack.not_allowed", "gold", "#RRGGBB"),
    ("phrases.yaml", "{product}可办理", "{produkt}可办理", "pack.unknown_reference", "produkt", "product"),
    ("attributes.yaml", "kind: integer", "kind: int", "pack.not_allowed", "int", "integer"),
    ("pack.yaml", "zone: Asia/Shanghai", "zone: Asia/Shangai", "pack.not_allowed", "Asia/Shangai", "IANA"),
    ("pack.yaml", "basis: none", "basis: maybe", "pack.not_allowed", "maybe", "consent_columns"),
    ("history.yaml", "objective: convert", "objective: converting", "pack.unknown_reference", "converting", "convert"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "code", "found", "allowed"), CASES)
def test_an_error_names_file_line_what_was_found_and_what_is_allowed(
    pack: Path, file: str, old: str, new: str, code: str, found: object, allowed: str
) -> None:
    change(pack, file, old, new)
    finding = next(item for item in packs.check(pack) if item.params["found"] == found)
    assert finding.code == code
    assert finding.params["file"] == file
    lines = (pack / file).read_text("utf-8").splitlines()
    assert new.strip() in lines[int(finding.params["line"] or 0) - 1]
    assert allowed in f"{finding.params['allowed']} {finding.params['near']}"
    with pytest.raises(PackError) as raised:
        packs.load(pack)
    assert code in {item.code for item in raised.value.findings}


def test_errors_of_several_files_are_told_together(pack: Path) -> None:
    change(pack, "benefits.yaml", "stock: 10000", "stok: 10000")
    change(pack, "playbooks.yaml", "channels: [sms]", "channels: [smss]")
    assert [item.params["file"] for item in packs.check(pack)] == ["benefits.yaml", "playbooks.yaml"]


def test_broken_yaml_names_its_line(pack: Path) -> None:
    change(pack, "brand.yaml", "short: 新机构", "short: [新机构")
    assert only(pack).code == "pack.yaml"
    assert int(only(pack).params["line"] or 0) >= 2


def test_a_key_said_twice_is_an_error(pack: Path) -> None:
    change(pack, "brand.yaml", "short: 新机构", "short: 新机构\nshort: 又一个")
    finding = only(pack)
    assert (finding.code, finding.params["line"]) == ("pack.duplicate_key", 3)


def test_two_items_of_one_name_are_an_error(pack: Path) -> None:
    text = (pack / "channels.yaml").read_text("utf-8")
    item = text[text.index("- id: sms") :]
    (pack / "channels.yaml").write_text(text + item, "utf-8")
    assert only(pack).code == "pack.duplicate"


def test_a_missing_file_is_named(pack: Path) -> None:
    (pack / "products.yaml").unlink()
    assert only(pack).params["file"] == "products.yaml"


def test_an_unknown_file_is_advice_and_does_not_stop_loading(pack: Path) -> None:
    (pack / "benefit.yaml").write_text("[]", "utf-8")
    finding = only(pack)
    assert finding.code == "pack.unknown_file"
    assert "benefits" in str(finding.params["near"])
    assert packs.load(pack).id == "my-bank"


def test_a_column_known_only_afterwards_cannot_be_an_attribute(pack: Path) -> None:
    change(pack, "pack.yaml", "never: []", "never: [age]")
    assert only(pack).code == "pack.never_used"


def test_words_stay_words(pack: Path) -> None:
    """``no`` is not false and 09:00 is not a number: YAML 1.1's surprises are off."""
    loaded = packs.load(pack)
    assert next(a for a in loaded.attributes if a.name == "consent_sms").nothing_means == "no"
    assert loaded.channels[0].hours == ("09:00", "20:00")


def test_an_unknown_pack_says_which_exist() -> None:
    with pytest.raises(UnknownItemError) as raised:
        packs.load("demoo")
    assert raised.value.params["have"] == "demo, uci-bank"
    assert raised.value.params["near"] == "demo"


def test_the_digest_follows_the_content(pack: Path) -> None:
    before = packs.load(pack)
    (pack / "knowledge" / "new.md").write_text("# 新文档", "utf-8")
    after = packs.load(pack)
    assert after.digest != before.digest
    assert after.products == before.products


def test_a_changed_file_is_read_anew(pack: Path) -> None:
    assert packs.load(pack).channels[0].unit_cost_fen100 == 500
    change(pack, "channels.yaml", "unit_cost_cny: 0.05", "unit_cost_cny: 0.0431")
    assert packs.load(pack).channels[0].unit_cost_fen100 == 431


def test_loading_works_where_nothing_can_be_cached(pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file, not a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    (pack / "knowledge" / "other.md").write_text("# 又一篇", "utf-8")
    assert packs.load(pack).id == "my-bank"


def test_a_spoilt_cache_is_not_believed(pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (pack / "knowledge" / "third.md").write_text("# 三", "utf-8")
    assert packs.check(pack) == ()
    for kept in (tmp_path / "linghang" / "packs").glob("*.json"):
        kept.write_text("{not json")
    assert packs.check(pack) == ()


def test_every_code_of_the_room_has_a_sentence(pack: Path) -> None:
    change(pack, "benefits.yaml", "stock: 10000", "stok: 10000")
    finding = only(pack)
    assert finding.code in catalogue()
    assert "benefits.yaml" in render(finding.code, finding.params, "en")
    assert "第 12 行" in render(finding.code, finding.params, "zh-CN")
