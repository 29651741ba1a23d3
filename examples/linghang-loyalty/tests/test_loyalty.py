"""The plug-in's own tests: no home, no engine."""

from dataclasses import replace
from pathlib import Path

import pytest
from linghang_loyalty import skills as _declared  # noqa: F401

from linghang.base.errors import ForbiddenError, RefusedError
from linghang.kit.skills import call
from linghang.testing.contexts import context

RIGHTS = ("benefit.read", "benefit.admin")


def test_a_price_in_points(tmp_path: Path) -> None:
    ctx = context(tmp_path, rights=RIGHTS)
    assert call(ctx, "loyalty.quote", {"text": "20元红包要多少积分"})["points"] == 2400
    with pytest.raises(RefusedError, match="no_amount"):
        call(ctx, "loyalty.quote", {"text": "红包要多少积分"})


def test_granting_is_for_a_person(tmp_path: Path) -> None:
    ctx = context(tmp_path, rights=RIGHTS)
    with pytest.raises(ForbiddenError, match="agent_needs_approval"):
        call(ctx.as_agent(), "loyalty.grant", {"campaign": "cmp_1", "points": 10})
    approved = replace(ctx.as_agent(), approved=frozenset({"loyalty.grant"}))
    assert call(approved, "loyalty.grant", {"campaign": "cmp_1", "points": 10})["points"] == 10
