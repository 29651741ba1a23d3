"""Skills of insights."""

from collections.abc import Mapping
from typing import Any

from linghang import audiences, packs
from linghang.base.digest import plain
from linghang.base.messages import render
from linghang.insights import store
from linghang.insights.scanning import scan as look
from linghang.kit.context import Context
from linghang.kit.skills import skill


@skill("insights.scan", effect="read", permission="insights.read", cost="medium", makes="opportunities")
def scan(ctx: Context, most: int = 8) -> list[Mapping[str, Any]]:
    """Opportunities among the present customers, the most valuable first, each with a sentence that makes a draft."""
    pack = packs.load(ctx.pack)
    hidden = store.dismissed(ctx.db, ctx.institution_id, ctx.now)
    language = "en" if ctx.locale.startswith("en") else "zh"
    return [
        {
            **plain(item),
            "title": render(item.code, item.params, ctx.locale),
            "reason": render(f"{item.code}_why", item.params, ctx.locale),
            "brief": item.brief[language],
        }
        for item in look(audiences.current_index(ctx, pack), pack, dismissed=hidden, most=most)
    ]


@skill("insights.dismiss", effect="draft", permission="insights.edit")
def dismiss(ctx: Context, id: str) -> Mapping[str, Any]:
    """Do not show an opportunity again for a month."""
    store.dismiss(ctx.db, ctx.institution_id, id, actor=ctx.actor.name, now=ctx.now)
    return {"dismissed": id}
