"""Skills of insights."""

from collections.abc import Mapping
from typing import Any

from linghang import audiences, packs
from linghang.base.digest import plain
from linghang.base.messages import render
from linghang.insights import store
from linghang.insights.dates import coming
from linghang.insights.entitlements import expiring, underspent
from linghang.insights.model import Opportunity
from linghang.insights.scanning import LEAST
from linghang.insights.scanning import scan as look
from linghang.kit.context import Context
from linghang.kit.skills import skill
from linghang.packs.model import Pack


@skill("insights.scan", effect="read", permission="insights.read", cost="medium", makes="opportunities")
def scan(ctx: Context, most: int = 8) -> list[Mapping[str, Any]]:
    """Opportunities among the present customers, the most valuable first, each with a sentence that makes a draft."""
    pack = packs.load(ctx.pack)
    language = "en" if ctx.locale.startswith("en") else "zh"
    return [
        {
            **plain(item),
            "title": render(item.code, item.params, ctx.locale),
            "reason": render(f"{item.code}_why", item.params, ctx.locale),
            "brief": item.brief[language],
        }
        for item in found(ctx, pack, most=most)
    ]


def found(ctx: Context, pack: Pack, *, most: int) -> tuple[Opportunity, ...]:
    """Opportunities among customers, in the benefit ledger and on the calendar, the most valuable first."""
    hidden = store.dismissed(ctx.db, ctx.institution_id, ctx.now)
    index = audiences.current_index(ctx, pack)
    every = [
        *look(index, pack, today=ctx.today, dismissed=hidden, most=most),
        *expiring(ctx.db, ctx.institution_id, pack, now=ctx.now),
        *underspent(ctx.db, ctx.institution_id, pack, today=ctx.today, size=index.population),
        *coming(ctx.analytics, ctx.institution_id, pack, today=ctx.today, least=LEAST),
    ]
    kept = [item for item in every if item.id not in hidden]
    return tuple(sorted(kept, key=lambda item: (-item.value_fen, item.id))[:most])


@skill("insights.dismiss", effect="draft", permission="insights.edit")
def dismiss(ctx: Context, id: str) -> Mapping[str, Any]:
    """Do not show an opportunity again for a month."""
    store.dismiss(ctx.db, ctx.institution_id, id, actor=ctx.actor.name, now=ctx.now)
    return {"dismissed": id}
