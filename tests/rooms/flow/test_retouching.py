"""Pictures turned by hand: kept as parameters of the document, so that new words and a new compile keep them."""

from pathlib import Path

from linghang.campaigns.sections import Pins, Retouch
from linghang.flow import documents, pictures
from linghang.kit.context import Context
from linghang.testing.contexts import context

from .test_compiler import fresh


def turned(*items: Retouch) -> Pins:
    return Pins(retouches=items)


def test_an_edit_touches_what_its_scope_names() -> None:
    pins = turned(Retouch({"coins": 3}), Retouch({"hue": 258}, layer="L1"), Retouch({"coins": 9}, "L1", "splash", "a"))
    assert pins.of("L2", "splash", "a") == {"coins": 3}
    assert pins.of("L1", "banner", "a") == {"coins": 3, "hue": 258}
    assert pins.of("L1", "splash", "a") == {"coins": 9, "hue": 258}


def test_a_second_edit_of_the_same_pictures_adds_to_the_first_and_none_takes_all_back(tmp_path: Path) -> None:
    ctx: Context = context(tmp_path)
    campaign = documents.retouch(ctx, fresh(ctx), Retouch({"coins": 3}, "L1", "splash", "a", said="金币少一点"))
    campaign = documents.retouch(ctx, campaign, Retouch({"hue": 258}, "L1", "splash", "a"))
    assert campaign.value("pins").of("L1", "splash", "a") == {"coins": 3, "hue": 258}
    assert len(campaign.value("pins").retouches) == 1
    campaign = documents.retouch(ctx, campaign, Retouch({}, "L1", "splash", "a"))
    assert campaign.value("pins").retouches == ()


def test_undo_takes_an_edit_back(tmp_path: Path) -> None:
    ctx = context(tmp_path)
    campaign = documents.retouch(ctx, fresh(ctx), Retouch({"coins": 3}))
    assert documents.undo(ctx, campaign).value("pins").retouches == ()


def test_an_edit_of_a_place_that_is_gone_is_told_and_one_that_touches_any_is_not() -> None:
    pins = turned(Retouch({"coins": 3}, slot="splash", said="金币少一点"), Retouch({"hue": 20}, layer="L1"))
    found = pictures.left_behind(pins, [("L1", "home_banner", "a"), ("L2", "home_banner", "a")])
    assert [(item.code, item.params["said"], item.params["slot"]) for item in found] == [
        ("pictures.retouch_idle", "金币少一点", "splash")
    ]
    assert pictures.left_behind(pins, [("L1", "splash", "a")]) == []
