"""The design knowledge names only what exists, and every convention has its reason."""

import re
from importlib import resources
from pathlib import Path

import pytest

from linghang.base.messages import catalogue
from linghang.creatives.pictures import conventions
from linghang.creatives.pictures.elements.model import kinds
from linghang.creatives.pictures.fonts import faces
from linghang.creatives.pictures.grounds.paint import STYLES
from linghang.creatives.pictures.palette import GOLDS

ROOT = Path(str(resources.files("linghang.creatives.pictures")))


@pytest.mark.parametrize("name", ["moods", "products", "festivals", "titles", "limits"])
def test_every_entry_has_a_reason(name: str) -> None:
    assert all(entry["reason"] for entry in conventions.read(name).values())


def test_moods_name_grounds_titles_faces_and_metals_that_exist() -> None:
    known = {face.id for face in faces()}
    for mood in conventions.read("moods").values():
        assert set(mood["grounds"]) <= set(STYLES)
        assert set(mood["titles"]) <= set(conventions.read("titles"))
        assert {face for chain in mood["faces"] for face in chain} <= known
        assert mood["accent"] in GOLDS


def test_products_and_festivals_name_elements_that_exist_and_none_that_is_forbidden() -> None:
    for product in conventions.read("products").values():
        used = set(product["heroes"]) | set(product["supports"])
        assert used <= set(kinds())
        assert not used & set(product["never"])
    for festival in conventions.read("festivals").values():
        assert set(festival.get("heroes") or {}) <= set(kinds())
        assert set(festival.get("grounds") or {}) <= set(STYLES)


def test_no_element_is_forbidden_by_law() -> None:
    banned = {kind for rule in conventions.read("taboos")["everywhere"] for kind in rule["kinds"]}
    assert not banned & set(kinds())


def test_green_is_never_the_colour_of_gain_in_chinese() -> None:
    assert "rising" in kinds()["bars"].paints
    assert conventions.read("products")["fund"]["hue"] == [20, 40]


def test_every_code_has_its_sentences() -> None:
    used: set[str] = set()
    for path in ROOT.rglob("*.py"):
        used |= set(re.findall(r'"(pictures\.[a-z_]+)(?::[a-z]+)?"', path.read_text("utf-8")))
    told = set(catalogue())
    assert {code for code in used if not code.endswith("_")} <= told
