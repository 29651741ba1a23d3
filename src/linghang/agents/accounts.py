"""What a connected model was asked and what it cost, booked on days, skills, campaigns and models."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from linghang.agents.model import Json
from linghang.base.errors import LinghangError
from linghang.base.messages import render
from linghang.flow import documents, views
from linghang.kit.asking import ACCOUNTS, spent
from linghang.kit.catalogue import title
from linghang.kit.context import Context

SHOWN = ("day", "skill", "campaign", "model", "prompt", "person")
"""The accounts that are told side by side."""


def told(ctx: Context, *, days: int, campaign: str) -> dict[str, Json]:
    """The last ``days`` days (of one campaign, if one is named): the sum, and the same sum by each account.

    ``priced`` is false where tokens were used and no price was set for the model: its cost is not known, not nothing.
    """
    since = (ctx.today - dt.timedelta(days=days - 1)).isoformat()
    by = {name: spent(ctx.db, ctx.institution_id, name, since=since, campaign=campaign) for name in ACCOUNTS}
    model = ctx.llm
    price = (
        {"in": model.price[0] / 1e6, "out": model.price[1] / 1e6} if model is not None and any(model.price) else None
    )
    return {
        "model": model.name if model is not None else "",
        "price_cny_per_million": price,
        "since": since,
        "campaign": campaign,
        "total": _row({"key": "", **_sum(by["model"])}, "", all(_priced(row) for row in by["model"])),
        **{f"by_{name}": [_row(row, _label(ctx, name, str(row["key"])), _priced(row)) for row in by[name]]
           for name in SHOWN},
        "failures": [{"code": str(row["key"]), "calls": row["calls"]}
                     for row in by["outcome"] if row["key"] != "typed"],
    }  # fmt: skip


def _sum(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    names = ("calls", "failed", "tokens_in", "tokens_out", "seconds", "cost_micro")
    return {name: sum(row[name] for row in rows) for name in names}


def _priced(row: Mapping[str, Any]) -> bool:
    return row["cost_micro"] > 0 or not row["tokens_in"] + row["tokens_out"]


def _row(row: Mapping[str, Any], label: str, priced: bool) -> dict[str, Json]:
    return {
        "key": row["key"], "label": label, "calls": row["calls"], "failed": row["failed"],
        "tokens_in": row["tokens_in"], "tokens_out": row["tokens_out"], "seconds": round(row["seconds"], 1),
        "cost_cny": round(row["cost_micro"] / 1e6, 6), "priced": priced,
    }  # fmt: skip


def _label(ctx: Context, account: str, key: str) -> str:
    if not key:
        return render("agents.account_none", {}, ctx.locale)
    if account == "skill":
        return title(key, ctx.locale)
    if account != "campaign":
        return key
    try:
        return str(views.row(documents.load(ctx, key))["name"])
    except LinghangError:
        return key
