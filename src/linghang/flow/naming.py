"""Saved audiences that a brief names: the reading does not know them, so they become its first edit."""

from typing import Any

from linghang import audiences, packs, reading
from linghang.kit.context import Context


def named(ctx: Context, text: str) -> list[dict[str, Any]]:
    """The patch of a reading that a sentence asks for by naming saved audiences; none where it names none.

    What else the sentence says of people stays a condition; what the names themselves would be read as does not.
    """
    found = audiences.named(text, audiences.saved_names(ctx.db, ctx.institution_id))
    patch: list[dict[str, Any]] = []
    if found.ids:
        told = reading.people(found.rest, today=ctx.today, pack=packs.load(ctx.pack))
        others = list((told or {}).get("audience", ()))
        patch.append({"op": "set", "path": "audience", "value": [*map(_item, found.ids), *others]})
    patch += [{"op": "add", "path": "exclusions", "value": _item(id)} for id in found.without]
    return patch


def _item(id: str) -> dict[str, Any]:
    return {"field": audiences.SAVED, "op": "eq", "value": id}


def fingerprint(ctx: Context, brief: str) -> str:
    """What the members of the saved audiences that a brief (as JSON) mentions depend on, in one word."""
    ids = audiences.mentioned(brief)
    return audiences.saved_fingerprint(ctx.db, ctx.institution_id, audiences.behind(ctx.db, ctx.institution_id, ids))
