"""What people read of rights and skills has words: a new right or skill without them fails here, not on a page."""

import re

from linghang.access.rights import RIGHTS
from linghang.app import declare_skills
from linghang.base.messages import catalogue
from linghang.kit.skills import all_skills

declare_skills()
CHINESE = re.compile("[\u4e00-\u9fff]")


def test_every_right_and_its_room_have_names() -> None:
    codes = {
        code for right in RIGHTS for code in (f"access.right.{right}", f"studio.people.room_{right.split('.')[0]}")
    }
    assert sorted(codes - set(catalogue())) == []


def test_every_skill_has_a_title_and_a_sentence_in_both_languages() -> None:
    own = [skill.manifest.name for skill in all_skills() if skill.function.__module__.startswith("linghang.")]
    assert own
    for name in own:
        for table in ("skill_title", "skill_about"):
            told = catalogue().get(f"{table}.{name}")
            assert told is not None, f"{table}.{name}"
            assert CHINESE.search(told["zh"]) or told["zh"] == told["en"], name
            assert not CHINESE.search(told["en"]), name
