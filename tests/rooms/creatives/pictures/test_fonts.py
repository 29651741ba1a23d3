"""Faces are found in packages, caches and system folders; missing ones are told and can be fetched."""

import importlib
import io
import tarfile
from pathlib import Path

import pytest
from fontTools import subset
from fontTools.ttLib import TTFont

from linghang.base.findings import Severity
from linghang.creatives.pictures import DesignSpec, Frame, Kit, Words, compose, fonts
from linghang.creatives.pictures.fonts import registry
from linghang.creatives.pictures.fonts.registry import coverage
from linghang.creatives.pictures.words import is_traditional


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with Python packages only: empty cache, no system fonts."""
    monkeypatch.setenv("LINGHANG_CACHE", str(tmp_path))
    monkeypatch.setattr(registry, "_SYSTEM", ())
    registry.forget()
    yield tmp_path
    monkeypatch.undo()
    registry.forget()


def test_two_weights_of_chinese_are_there_with_packages_alone(bare: Path) -> None:
    present = {face.id for face in fonts.faces() if face.present}
    assert {"sans-regular", "sans-medium", "sans-bold"} <= present
    assert registry.pick(fonts.chain(("huangyou",)), "权") is not None


def test_every_face_names_an_open_licence() -> None:
    assert {face.licence for face in fonts.faces()} == {"OFL-1.1"}


def test_missing_faces_are_told_when_there_is_no_npm(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("linghang.creatives.pictures.fonts.install")
    monkeypatch.setattr(module, "_npm", lambda timeout: None)
    codes = {finding.code for finding in fonts.install()}
    assert "pictures.font_no_npm" in codes


def test_a_fetched_package_is_unpacked_to_ttf_beside_its_licence(bare: Path) -> None:
    def pack(package: str, folder: Path) -> bool:
        if package != "@fontsource/zcool-kuaile":
            return False
        with tarfile.open(folder / "kuaile.tgz", "w:gz") as archive:
            for name, data in (("package/LICENSE", b"OFL"), (f"package/files/{KUAILE}", _woff2())):
                info = tarfile.TarInfo(name)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
        return True

    findings = fonts.install(npm=pack)
    face = registry.face("kuaile")
    assert face.source == "cache"
    assert fonts.typeface("kuaile").unicharToGlyph(ord("权")) > 0
    assert (bare / "fonts" / "kuaile.licence.txt").read_bytes() == b"OFL"
    assert "kuaile" not in {finding.about for finding in findings}


KUAILE = "zcool-kuaile-chinese-simplified-400-normal.woff2"


def _woff2() -> bytes:
    source = next(face for face in fonts.faces() if face.id == "sans-bold")
    options = subset.Options(flavor="woff2", notdef_outline=True)
    font = TTFont(source.path)
    cutter = subset.Subsetter(options)
    cutter.populate(text="权益")
    cutter.subset(font)
    font.flavor = "woff2"
    stream = io.BytesIO()
    font.save(stream)
    return stream.getvalue()


def test_traditional_has_its_own_forms_in_two_weights_with_packages_alone(bare: Path) -> None:
    for weight in ("sans-bold", "sans-medium"):
        assert coverage(weight).glyph("骨") != coverage(f"{weight}-tc").glyph("骨")
        assert coverage(weight).glyph("一") == coverage(f"{weight}-tc").glyph("一")


def test_traditional_words_are_set_in_traditional_faces_from_title_to_legal_text(bare: Path, tmp_path: Path) -> None:
    words = Words(
        ("守護每一分收穫",), "說明請參閱條款", "立即瞭解", legal="投資有風險,過往業績不代表將來表現。", brand="領航"
    )
    assert is_traditional(words)
    assert not is_traditional(Words(("守护每一分收获",), legal="投资有风险"))
    spec = DesignSpec("steady", "insurance", Frame("banner", 540, 210), words, Kit("領航", "領"), seed=3)
    picture = compose(spec, cache=tmp_path)
    assert set(picture.record.fonts) <= {"sans-bold-tc", "sans-medium-tc", "sans-regular-tc", "sans-black-tc"}
    assert not [item for item in picture.findings if item.severity in (Severity.S1, Severity.S2)]
