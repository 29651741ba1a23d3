"""Edits of one stage of an offer in stages: 下单那一段提到15元."""

import re

from linghang.reading.edits.words import Change, computed
from linghang.reading.quantities import whole

_STAGES = {"exposure": r"曝光|exposure|view", "click": r"点击|click", "order": r"下单|订单|首单|order"}


_EACH = re.compile(r"(?:各|每段|都)(?:再)?(?:加|减|涨|降|提|多|少)(?:个|到)?\s?$")


def staged(change: Change) -> None:
    """下单那一段提到15元: the stage that the piece names."""
    offer, found = change.base.get("offer"), change.found
    tiers = offer.get("tiers", []) if isinstance(offer, dict) else []
    places = [p for p in found.where("quantity") if (q := found.quantity(p)) is not None and q.unit in ("", "yuan")]
    if len(tiers) > 1 and (
        all_new := re.search(
            rf"(?<![\d/])\d+(?:\.\d+)?(?:\s?[/、]\s?\d+(?:\.\d+)?){{{len(tiers) - 1}}}(?![\d/])", found.text
        )
    ):
        # 三段红包调整为3/6/12元
        faces = [whole(float(face)) for face in re.findall(r"\d+(?:\.\d+)?", all_new[0])]
        change.step("set", "offer.tiers", [{**t, "face_value_cny": f} for t, f in zip(tiers, faces, strict=True)])
        found.used.update(found.where("quantity"))
        return
    if len(tiers) > 1 and len(places) == 1 and _EACH.search(found.before(places[0], 6)):
        # 三段红包各加1元
        made = [{**t, "face_value_cny": computed(t.get("face_value_cny", 0), found.quantity(places[0]), found.text,
                                                found.before(places[0], 20))} for t in tiers]  # fmt: skip
        change.step("set", "offer.tiers", made, *places)
        return
    named = [tier for tier in tiers if re.search(_STAGES.get(str(tier.get("stage")), r"(?!)"), found.text)]
    if len(named) != 1 or len(places) != 1:
        return
    new = computed(
        named[0].get("face_value_cny", 0), found.quantity(places[0]), found.text, found.before(places[0], 20)
    )
    made = [{**tier, "face_value_cny": new} if tier is named[0] else tier for tier in tiers]
    change.step("set", "offer.tiers", made, *places)
