"""What a benefit costs in points, and granting points (which a person confirms)."""

import re
from collections.abc import Mapping
from typing import Any

from linghang.base.errors import RefusedError
from linghang.kit.context import Context
from linghang.kit.skills import skill

POINTS_A_YUAN = 120
MOST = 50_000
_YUAN = re.compile(r"(\d+(?:\.\d+)?)\s*(?:元|块|yuan)")


@skill(
    "loyalty.quote",
    effect="read",
    permission="benefit.read",
    example={"text": "20元红包要多少积分"},
    needs={"text": "words"},
    makes="loyalty.price",
    says=["20元红包要多少积分", "10元券换算成积分是多少", "how many points for a 20 yuan coupon"],
)
def quote(ctx: Context, text: str) -> Mapping[str, Any]:
    """What a benefit of so many yuan costs in points."""
    found = _YUAN.search(text)
    if found is None:
        raise RefusedError("loyalty.no_amount", text=text[:40])
    yuan = float(found[1])
    return {"yuan": yuan, "points": round(yuan * POINTS_A_YUAN)}


@skill(
    "loyalty.grant",
    effect="commit",
    permission="benefit.admin",
    example={"campaign": "cmp_1", "points": 2400},
    makes="loyalty.grant",
)
def grant(ctx: Context, campaign: str, points: int) -> Mapping[str, Any]:
    """Set points aside for a campaign. Refused above the limit of the programme."""
    if not 0 < points <= MOST:
        raise RefusedError("loyalty.too_many", points=points, most=MOST)
    return {"campaign": campaign, "points": points, "by": ctx.actor.name}
