"""Skills of the asset library: bring a picture, find one by words or by look, see where each is used."""

import base64
import binascii
import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from linghang.base.digest import digest, plain
from linghang.base.errors import RefusedError, UsageError
from linghang.creatives.library import store
from linghang.creatives.library.look import likeness, look
from linghang.creatives.library.model import Asset, Rules
from linghang.creatives.library.taking import take
from linghang.kit import files
from linghang.kit.context import Context
from linghang.kit.skills import skill

_MOST = 60


@skill("asset.add", effect="draft", permission="creative.edit", cost="medium", makes="asset.id")
def add(
    ctx: Context, name: str, data: str, tags: list[str] | None = None, licence: str = "", expires: str = "",
    no_recolour: bool = False, min_side: int = 0, products: list[str] | None = None,
) -> Mapping[str, Any]:  # fmt: skip
    """Bring a picture (base64 of a JPG, PNG, WebP or SVG) with its licence, its last day and the brand's rules.

    It is cleaned first; the same picture brought again changes tags, licence and rules of the one that is there.
    """
    called = " ".join(name.split())[:120]
    if not called:
        raise UsageError("library.no_name")
    taken = take(_decoded(data))
    made = Asset(
        id=f"ast_{digest([taken.data.hex()])[:16]}", name=called, file=files.put(ctx.home, taken.data), mime=taken.mime,
        width=taken.width, height=taken.height, bytes=len(taken.data),
        tags=_tags(tags or ()), licence=licence.strip(),
        expires=_day(expires), rules=Rules(no_recolour, max(0, min_side), tuple(products or ())), look=look(taken.data),
        actor=ctx.actor.name,
    )  # fmt: skip
    store.keep(ctx.db, ctx.institution_id, made, ctx.now)
    return _told(ctx, made)


def _decoded(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UsageError("library.not_a_picture", found="base64", allowed="JPG, PNG, WebP, SVG") from error


@skill("asset.find", effect="read", permission="creative.read", makes="asset.list")
def find(ctx: Context, words: str = "", like: str = "", data: str = "") -> list[Mapping[str, Any]]:
    """Assets by words of name, tags and licence, or by look: like one of the library, or like a picture given."""
    have = store.everything(ctx.db, ctx.institution_id)
    if like or data:
        wanted = store.one(ctx.db, ctx.institution_id, like).look if like else look(take(_decoded(data)).data)
        ranked = sorted(have, key=lambda item: -likeness(wanted, item.look))
        return [{**_told(ctx, item), "likeness": round(likeness(wanted, item.look), 3)} for item in ranked[:_MOST]]
    asked = [word.lower() for word in words.split()]
    return [_told(ctx, item) for item in have if all(word in _words(item) for word in asked)][:_MOST]


@skill("asset.change", effect="draft", permission="creative.edit", needs={"asset": "asset.id"}, makes="asset.id")
def change(
    ctx: Context, asset: str, name: str = "", tags: list[str] | None = None, licence: str | None = None,
    expires: str | None = None, no_recolour: bool | None = None, min_side: int | None = None,
    products: list[str] | None = None,
) -> Mapping[str, Any]:  # fmt: skip
    """Change what is said of an asset: name, tags, licence, last day ("" for none), brand rules. The rest stays."""
    found = store.one(ctx.db, ctx.institution_id, asset)
    rules = Rules(
        found.rules.no_recolour if no_recolour is None else no_recolour,
        found.rules.min_side if min_side is None else max(0, min_side),
        found.rules.products if products is None else tuple(products),
    )
    made = dataclasses.replace(
        found,
        name=" ".join(name.split())[:120] or found.name,
        tags=found.tags if tags is None else _tags(tags),
        licence=found.licence if licence is None else licence.strip(),
        expires=found.expires if expires is None else _day(expires),
        rules=rules,
        actor=ctx.actor.name,
    )
    store.keep(ctx.db, ctx.institution_id, made, ctx.now)
    return _told(ctx, made)


@skill("asset.remove", effect="draft", permission="creative.edit", needs={"asset": "asset.id"})
def remove(ctx: Context, asset: str) -> Mapping[str, Any]:
    """Take an asset out of the library. Refused while campaigns use it; pictures made with it stay as they are."""
    found = store.one(ctx.db, ctx.institution_id, asset)
    used = store.uses_of(ctx.db, ctx.institution_id, asset=found.id)
    if used:
        where = ", ".join(f"{one.campaign}/{one.slot}" for one in used[:5])
        raise RefusedError("library.in_use", asset=found.name, where=where)
    store.remove(ctx.db, ctx.institution_id, found.id)
    return {"asset": found.name, "removed": True}


def _tags(said: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag.strip() for tag in said if tag.strip()))


def _words(item: Asset) -> str:
    return " ".join((item.name, *item.tags, item.licence)).lower()


def _day(text: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError("library.bad_day", text=text) from error


def _told(ctx: Context, item: Asset) -> Mapping[str, Any]:
    told = plain(item)
    told.pop("look")
    uses = store.uses_of(ctx.db, ctx.institution_id, asset=item.id)
    ends = item.ends_by(ctx.today + store.SOON)
    return {
        **told,
        "expired": item.expired(ctx.today),
        "ends_soon": ends and not item.expired(ctx.today),
        "uses": [plain(one) for one in uses],
    }
