"""Skills of saved audiences: save, list, show, change, refresh, history, put away, delete, import a list."""

import base64
import io
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from linghang import customers, events, packs
from linghang.audiences import saving, store
from linghang.audiences.asked import asked, unknown, worded
from linghang.audiences.counting import conditions
from linghang.audiences.freshness import current_index, fallen_back
from linghang.audiences.hearing import explain
from linghang.audiences.index.running import numbers_of
from linghang.audiences.lists import ids_of
from linghang.audiences.model import Refresh, SavedAudience, Version
from linghang.audiences.rules import as_json, validate
from linghang.audiences.uploads import of_ids
from linghang.audiences.uses import Use, uses
from linghang.base.digest import plain
from linghang.base.errors import UsageError
from linghang.base.messages import render
from linghang.customers import masking
from linghang.kit.context import Context
from linghang.kit.skills import skill
from linghang.packs.model import Pack

MOST_PASTED = 200_000
"""Ids that may come with a call; more come as a file."""


@skill(
    "audience.save",
    effect="draft",
    permission="audience.edit",
    example={"name": "四十岁以下", "rule": {"field": "age", "op": "lt", "value": 40}},
    needs={"name": "audience.name", "text": "audience.said"},
    makes="audience.saved",
)
def save(
    ctx: Context, name: str, rule: Any = None, text: str = "", refresh: Refresh = "daily", note: str = ""
) -> dict[str, Any]:
    """Save a rule (or words) as an audience, and count it.

    ``refresh``: once keeps today's members for ever; hourly, daily and weekly count them again; live has no members of
    its own, its rule is asked whenever it is used.
    """
    pack = packs.load(ctx.pack)
    meant = asked(ctx, pack, rule, text)
    return _shown(ctx, pack, saving.save(ctx, pack, name, meant.rule, refresh=refresh, note=note))


@skill(
    "audience.list",
    effect="read",
    permission="audience.read",
    makes="audience.saved_ones",
    says=(
        "有哪些已存人群",
        "我保存过哪些人群",
        "列出已存人群",
        "我有哪些存好的人群",
        "之前存下来的人群有哪些",
        "which saved audiences are there",
        "list saved audiences",
    ),
)
def listing(ctx: Context, archived: bool = False) -> dict[str, Any]:
    """Saved audiences by name, each with owner, rule in words, size and its history, freshness and where it is used.

    ``data`` is the state of the data that a count would see now; an audience that was counted on another is ``behind``.
    """
    pack = packs.load(ctx.pack)
    every = store.every(ctx.db, ctx.institution_id)
    used = uses(ctx.db, ctx.institution_id, every)
    sizes = store.recent_sizes(ctx.db, ctx.institution_id)
    label = current_index(ctx, pack).label if every else ""
    names = {one.id: one.name for one in every}
    rows = [
        _row(ctx, pack, one, names, used.get(one.id, ()), label) | {"sizes": sizes.get(one.id, [])}
        for one in every
        if archived or not one.archived
    ]
    return {
        "audiences": rows, "archived": sum(one.archived for one in every), "data": _data(ctx, label), "zone": ctx.zone,
        "findings": worded(fallen_back(ctx.home, ctx.institution_id), ctx.locale),
    }  # fmt: skip


@skill("audience.show", effect="read", permission="audience.read", example={"audience": "四十岁以下"})
def show(ctx: Context, audience: str) -> dict[str, Any]:
    """A saved audience (by id or name): rule, size and history, freshness, versions, where it is used."""
    return _shown(ctx, packs.load(ctx.pack), store.find(ctx.db, ctx.institution_id, audience))


@skill("audience.change", effect="draft", permission="audience.edit", makes="audience.saved")
def change(
    ctx: Context,
    audience: str,
    name: str = "",
    rule: Any = None,
    text: str = "",
    refresh: Refresh | None = None,
    owner: str = "",
    note: str | None = None,
    version: int = 0,
) -> dict[str, Any]:
    """Change a saved audience: its name, rule, refresh, note, or hand it over to another owner. A new version.

    Only its owner may. With ``version``, a change that somebody made meanwhile is not overwritten but told.
    """
    pack = packs.load(ctx.pack)
    found = store.find(ctx.db, ctx.institution_id, audience)
    meant = asked(ctx, pack, rule, text).rule if rule is not None or text else None
    done = saving.change(
        ctx, pack, found, name=name, rule=meant, owner=owner, refresh=refresh, note=note, version=version
    )
    return _shown(ctx, pack, done)


@skill("audience.refresh", effect="draft", permission="audience.refresh", cost="medium", makes="audience.saved")
def refresh(ctx: Context, audience: str) -> dict[str, Any]:
    """Count a saved audience anew on the data as they are now; its history has one size more."""
    pack = packs.load(ctx.pack)
    found = store.find(ctx.db, ctx.institution_id, audience)
    return _shown(ctx, pack, saving.refresh(ctx, pack, found))


@skill("audience.refresh_due", effect="draft", permission="audience.refresh", cost="high", durable=True)
def refresh_due(ctx: Context) -> dict[str, Any]:
    """Refresh every saved audience whose time has come; what could not be counted keeps its members and is told."""
    done, failed = saving.refresh_due(ctx, packs.load(ctx.pack))
    return {
        "refreshed": [{"id": one.id, "name": one.name, "count": one.count} for one in done],
        "failed": [
            {"id": one.id, "name": one.name, "message": render(error.code, error.params, ctx.locale)}
            for one, error in failed
        ],
    }


@skill("audience.history", effect="read", permission="audience.read")
def history(ctx: Context, audience: str, most: int = 400) -> dict[str, Any]:
    """The sizes of a saved audience, oldest first, and every version: who changed what when."""
    pack = packs.load(ctx.pack)
    found = store.find(ctx.db, ctx.institution_id, audience)
    sizes = store.history(ctx.db, ctx.institution_id, found.id, max(1, min(most, 10_000)))
    names = store.names(ctx.db, ctx.institution_id)
    versions = store.versions_of(ctx.db, ctx.institution_id, found.id)
    return {
        "id": found.id,
        "name": found.name,
        "sizes": [plain(size) for size in sizes],
        "versions": [_version(ctx, pack, one, names) for one in versions],
        "zone": ctx.zone,
    }


@skill("audience.archive", effect="draft", permission="audience.edit")
def archive(ctx: Context, audience: str, back: bool = False) -> dict[str, Any]:
    """Put a saved audience away, or bring it ``back``: then it is neither offered nor refreshed. Only its owner may."""
    pack = packs.load(ctx.pack)
    found = store.find(ctx.db, ctx.institution_id, audience)
    return _shown(ctx, pack, saving.archive(ctx, found, back=back))


@skill("audience.delete", effect="draft", permission="audience.edit")
def delete(ctx: Context, audience: str) -> dict[str, Any]:
    """Delete a saved audience with its history. Only its owner may, and not while campaigns or other audiences use it.

    Archiving is always possible.
    """
    found = store.find(ctx.db, ctx.institution_id, audience)
    saving.delete(ctx, found)
    return {"id": found.id, "name": found.name, "deleted": True}


@skill(
    "audience.upload",
    effect="draft",
    permission="audience.edit",
    cost="high",
    durable=True,
    data="rows",
    example={"name": "门店客户", "ids": ["C0000001", "C0000002"]},
    makes="audience.saved",
)
def upload(
    ctx: Context, name: str, table: str = "", ids: Sequence[str] = (), data: str = "", column: str = "", note: str = ""
) -> dict[str, Any]:
    """Save a list of customer ids as an audience, with what became of every line.

    The list is a CSV or Parquet file (``table``, or its bytes as base64: ``data``), or ``ids`` themselves.

    given = members + duplicates + strangers + blank + gone, exactly; ``examples`` are the first strangers.
    """
    pack = packs.load(ctx.pack)
    saving.checked_name(name)
    if sum(map(bool, (table, ids, data))) != 1:
        raise UsageError("audiences.no_list")
    if len(ids) > MOST_PASTED:
        raise UsageError("audiences.too_many_pasted", most=MOST_PASTED, found=len(ids))
    ctx.emit("audiences.reading_list", 0, 3)
    texts = pa.array([str(id) for id in ids], pa.string())
    if not ids:
        source = ctx.named_file(table) if table else _decoded(data)
        texts = ids_of(source, column=column, also=(pack.customers.id_column,))
    ctx.emit("audiences.matching_list", 1, 3)
    index = current_index(ctx, pack)
    told = of_ids(texts, customers.Numbers(ctx.analytics, ctx.institution_id), numbers_of(index.base))
    ctx.emit("audiences.saving", 2, 3)
    made = {
        "given": told.given, "members": len(told.members), "duplicates": told.duplicates, "strangers": told.strangers,
        "blank": told.blank, "gone": told.gone, "examples": list(told.examples),
    }  # fmt: skip
    kept = saving.save(ctx, pack, name, None, source="upload", members=told.members, made=masking.kept(made), note=note)
    # Strangers are told as they were written to whoever brought them, and kept masked.
    return {**_shown(ctx, pack, kept), "made": made}


def _decoded(data: str) -> io.BytesIO:
    try:
        return io.BytesIO(base64.b64decode(data, validate=True))
    except ValueError as error:
        raise UsageError("audiences.unreadable_list", path="data", reason="base64") from error


def _shown(ctx: Context, pack: Pack, one: SavedAudience) -> dict[str, Any]:
    """Everything about one audience."""
    label = current_index(ctx, pack).label
    names = store.names(ctx.db, ctx.institution_id)
    used = uses(ctx.db, ctx.institution_id).get(one.id, ())
    findings = () if one.rule is None else (*validate(one.rule, pack), *unknown(ctx, one.rule))
    return {
        **_row(ctx, pack, one, names, used, label),
        "rule": None if one.rule is None else as_json(one.rule),
        "zh": _words(pack, one, names, "zh-CN"),
        "en": _words(pack, one, names, "en"),
        "parts": [] if one.rule is None else [explain(part, pack, ctx.locale, names) for part in conditions(one.rule)],
        "snapshot": one.snapshot,
        "sizes": [plain(size) for size in store.history(ctx.db, ctx.institution_id, one.id)],
        "versions": [
            _version(ctx, pack, item, names) for item in store.versions_of(ctx.db, ctx.institution_id, one.id)
        ],
        "data": _data(ctx, label),
        "zone": ctx.zone,
        "findings": worded((*findings, *fallen_back(ctx.home, ctx.institution_id)), ctx.locale),
    }


def _row(
    ctx: Context, pack: Pack, one: SavedAudience, names: Mapping[str, str], used: Sequence[Use], label: str
) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "owner": one.owner,
        "source": one.source,
        "words": _words(pack, one, names, ctx.locale),
        "count": one.count,
        "refresh": one.refresh,
        "as_of": plain(one.as_of),
        "behind": one.label != label,
        "due": one.due(ctx.now),
        "version": one.version,
        "created": plain(one.created),
        "note": one.note,
        "archived": one.archived,
        "made": dict(one.made),
        "used": [plain(use) for use in used],
        "mine": one.owner == ctx.actor.name,
    }


def _words(pack: Pack, one: SavedAudience, names: Mapping[str, str], locale: str) -> str:
    if one.rule is not None:
        return explain(one.rule, pack, locale, names)
    return render(f"audiences.from_{one.source}", {"count": f"{one.count:,}", **_told(one.made)}, locale)


def _told(made: Mapping[str, Any]) -> dict[str, Any]:
    plain_ones = {name: value for name, value in made.items() if isinstance(value, str | int | float)}
    return {name: f"{value:,}" if isinstance(value, int) else value for name, value in plain_ones.items()}


def _version(ctx: Context, pack: Pack, one: Version, names: Mapping[str, str]) -> dict[str, Any]:
    words = "" if one.rule is None else explain(one.rule, pack, ctx.locale, names)
    return {**plain(one), "rule": None if one.rule is None else as_json(one.rule), "words": words}


def _data(ctx: Context, label: str) -> dict[str, Any]:
    """What a count would see now: the state of the data, and when the newest event of the log happened."""
    newest = events.newest(ctx.analytics, ctx.db, ctx.institution_id)
    return {"label": label, "newest_event": plain(newest) if newest is not None else None}
