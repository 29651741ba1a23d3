"""Where a brief asks for no tone, texts sound as the brand kit looks."""

import dataclasses

from linghang.campaigns.sections import Assumption
from linghang.creatives.brand import BrandKit
from linghang.flow.pictures import in_house_tone

from .test_changes import GOAL

ASSUMED = dataclasses.replace(GOAL, assumptions=(Assumption("tone", "lively", "goal.tone_default"),))


def test_a_tone_that_was_only_assumed_follows_the_kit_and_says_so() -> None:
    goal = in_house_tone(ASSUMED, BrandKit("领航", mood="premium"))
    assert goal.tone == "premium"
    assert [(item.value, item.code) for item in goal.assumptions] == [("premium", "goal.tone_brand")]


def test_a_tone_that_was_said_and_a_kit_without_a_mood_change_nothing() -> None:
    assert in_house_tone(GOAL, BrandKit("领航", mood="premium")) == GOAL
    assert in_house_tone(ASSUMED, BrandKit("领航")) == ASSUMED
