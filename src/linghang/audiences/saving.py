"""Saved audiences as people keep them: save, change, refresh, put away, delete. Each act is a version or a size."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from linghang import access
from linghang.audiences import store
from linghang.audiences.counting import members
from linghang.audiences.freshness import current_index
from linghang.audiences.index.bits import Numbers, count, of_numbers
from linghang.audiences.index.opened import Index
from linghang.audiences.model import Refresh, SavedAudience, Size, SourceKind
from linghang.audiences.snapshots import load, snapshot
from linghang.audiences.uses import Use, behind, referred, uses
from linghang.base.errors import ForbiddenError, LinghangError, RefusedError, UsageError
from linghang.base.findings import Finding, Severity
from linghang.base.ids import new_id
from linghang.base.predicates import Rule
from linghang.kit.context import Context
from linghang.packs.model import Pack

LONGEST_NAME = 60
_BAD = re.compile(r"[「」『』“”\"‘’《》\n\r\t]")


def save(
    ctx: Context, pack: Pack, name: str, rule: Rule | None, *, refresh: Refresh = "daily", note: str = "",
    source: SourceKind = "rule", members: Numbers | None = None, made: Mapping[str, Any] | None = None,
) -> SavedAudience:  # fmt: skip
    """Keep an audience under a name, and count it at once. Without a rule ``members`` are who is in it.

    Raises UsageError("audiences.bad_name"), ConflictError("audiences.name_taken").
    """
    index = current_index(ctx, pack)
    often: Refresh = refresh if rule is not None else "once"
    kept = SavedAudience(
        new_id("aud", ctx.now), checked_name(name), ctx.actor.name, source, rule, often, ctx.now,
        note=note.strip(), made=made or {},
    )  # fmt: skip
    digest = "" if members is None else snapshot(ctx.home, members)
    # Counted before it is kept: a rule that cannot be counted is never there.
    size = _size(ctx, replace(kept, snapshot=digest), index)
    store.keep(ctx.db, ctx.institution_id, kept)
    store.note_size(ctx.db, ctx.institution_id, kept.id, size)
    return store.find(ctx.db, ctx.institution_id, kept.id)


def change(
    ctx: Context, pack: Pack, audience: SavedAudience, *, name: str = "", rule: Rule | None = None, owner: str = "",
    refresh: Refresh | None = None, note: str | None = None, version: int = 0,
) -> SavedAudience:  # fmt: skip
    """A new version with what is given; a changed rule is counted at once.

    ``version`` is the one that the change was made on; another is refused. Raises
    ForbiddenError("audiences.not_owner"), ConflictError("audiences.changed_meanwhile" | "audiences.name_taken"),
    RefusedError("audiences.no_rule") for the rule or refresh of a list, ("audiences.bad_rule") for a rule that is made
    of the audience itself.
    """
    must_own(ctx, audience)
    if rule is not None and audience.id in behind(ctx.db, ctx.institution_id, referred(rule)):
        params = {"audience": audience.name, "near": audience.name}
        finding = Finding("audiences.made_of_itself", Severity.S2, audience.id, params=params)
        raise RefusedError("audiences.bad_rule", (finding,), count=1)
    if audience.rule is None and (rule is not None or refresh not in (None, "once")):
        raise RefusedError("audiences.no_rule", audience=audience.name)
    if owner:
        access.find(ctx.db, ctx.institution_id, owner)
    wanted = replace(
        audience,
        name=checked_name(name) if name else audience.name,
        rule=rule if rule is not None else audience.rule,
        owner=owner or audience.owner,
        refresh=refresh or audience.refresh,
        note=audience.note if note is None else note.strip(),
        version=version or audience.version,
    )
    if replace(wanted, version=audience.version) == audience and wanted.version == audience.version:
        return audience
    index = current_index(ctx, pack)
    recount = (wanted.rule, wanted.refresh) != (audience.rule, audience.refresh)
    size = _size(ctx, wanted, index) if recount else None
    cause = "rule" if wanted.rule != audience.rule else "hand_over" if wanted.owner != audience.owner else "change"
    made = store.change(ctx.db, ctx.institution_id, wanted, actor=ctx.actor.name, cause=cause, at=ctx.now)
    if size is not None:
        store.note_size(ctx.db, ctx.institution_id, made.id, size)
    return store.find(ctx.db, ctx.institution_id, made.id)


def refresh(ctx: Context, pack: Pack, audience: SavedAudience) -> SavedAudience:
    """Count it anew on the present data, with its new members as its snapshot; the history has one size more.

    Of a list those are counted who are still customers. Raises what counting its rule raises; then the last members
    stay.
    """
    size = _size(ctx, audience, current_index(ctx, pack))
    store.note_size(ctx.db, ctx.institution_id, audience.id, size)
    return store.find(ctx.db, ctx.institution_id, audience.id)


def refresh_due(ctx: Context, pack: Pack) -> tuple[list[SavedAudience], list[tuple[SavedAudience, LinghangError]]]:
    """Refresh all whose time has come: (those that were, those that could not with why). One does not stop the others.

    What others are made of comes first, so that all of one run see the same members.
    """
    done: list[SavedAudience] = []
    failed: list[tuple[SavedAudience, LinghangError]] = []
    waiting = [one for one in store.every(ctx.db, ctx.institution_id) if one.due(ctx.now)]
    for place, audience in enumerate(_ordered(waiting)):
        ctx.emit("audiences.refreshing", place, len(waiting), name=audience.name)
        try:
            done.append(refresh(ctx, pack, audience))
        except LinghangError as error:
            failed.append((audience, error))
    return done, failed


def _ordered(audiences: list[SavedAudience]) -> list[SavedAudience]:
    """What others are made of first."""
    from_below: dict[str, SavedAudience] = {}
    known = {one.id: one for one in audiences}

    def visit(one: SavedAudience, above: tuple[str, ...]) -> None:
        for id in referred(one.rule):
            if id in known and id not in above:
                visit(known[id], (*above, one.id))
        from_below.setdefault(one.id, one)

    for one in audiences:
        visit(one, (one.id,))
    return list(from_below.values())


def archive(ctx: Context, audience: SavedAudience, *, back: bool = False) -> SavedAudience:
    """Put away, or bring ``back``: an archived one is neither offered nor refreshed; what refers to it goes on."""
    must_own(ctx, audience)
    if audience.archived is not back:
        return audience
    cause = "restore" if back else "archive"
    wanted = replace(audience, archived=not back)
    return store.change(ctx.db, ctx.institution_id, wanted, actor=ctx.actor.name, cause=cause, at=ctx.now)


def delete(ctx: Context, audience: SavedAudience) -> None:
    """Forget an audience that nothing refers to.

    Raises RefusedError("audiences.in_use") with a finding for every campaign and audience that does.
    """
    must_own(ctx, audience)
    used = uses(ctx.db, ctx.institution_id).get(audience.id, [])
    if used:
        raise RefusedError(
            "audiences.in_use", tuple(_use(audience, one) for one in used), audience=audience.name, count=len(used)
        )
    store.forget(ctx.db, ctx.institution_id, audience.id)


def _use(audience: SavedAudience, use: Use) -> Finding:
    return Finding(f"audiences.used_by_{use.kind}", Severity.S2, audience.id, params={"name": use.name, "id": use.id})


def must_own(ctx: Context, audience: SavedAudience) -> None:
    """Raises ForbiddenError("audiences.not_owner") unless the actor owns it, or deals with users and their things."""
    if ctx.actor.name != audience.owner and "users.admin" not in ctx.actor.rights:
        raise ForbiddenError("audiences.not_owner", audience=audience.name, owner=audience.owner)


def checked_name(name: str) -> str:
    """A name that can stand in a sentence. Raises UsageError("audiences.bad_name")."""
    told = " ".join(name.split())
    # A bracket that never closes would swallow what stands after the name in a rule's words.
    paired = all(told.count(one) == told.count(other) for one, other in ("()", "（）", "[]", "【】"))
    if not 1 <= len(told) <= LONGEST_NAME or _BAD.search(name) or not paired:
        raise UsageError("audiences.bad_name", name=name[:80], most=LONGEST_NAME)
    return told


def _size(ctx: Context, audience: SavedAudience, index: Index) -> Size:
    if audience.rule is None:
        present = of_numbers(_within(load(ctx.home, audience.snapshot), index), index.words) & index.base
        return Size(ctx.now, count(present), index.label, audience.snapshot)
    found = members(audience.rule, index, ctx.today)
    digest = snapshot(ctx.home, found) if audience.refresh != "live" else ""
    return Size(ctx.now, len(found), index.label, digest)


def _within(numbers: Numbers, index: Index) -> Numbers:
    return np.asarray(numbers[numbers < index.size], np.uint32)
