"""The index that belongs to the data: opened once, built anew when the data or the pack have changed."""

import copy
import datetime as dt
import logging
import threading
from pathlib import Path

from linghang import events
from linghang.audiences.expansion import expand, surroundings
from linghang.audiences.index import files
from linghang.audiences.index.building import build
from linghang.audiences.index.opened import Index
from linghang.audiences.index.sources import Sources
from linghang.audiences.index.tail import Tail
from linghang.base.errors import ConflictError, LinghangError, UnavailableError
from linghang.base.findings import Finding, Severity
from linghang.customers import store as customers
from linghang.customers.catalogue import Catalogue, catalogue_of
from linghang.customers.register import register_of
from linghang.kit.context import Context
from linghang.packs.model import Pack
from linghang.ports.analytics import Analytics

_LONGEST_TAIL = 1_000_000
"""Events after the build that are held in memory; with more, the index is built anew with them, aside."""
_opened: dict[Path, Index] = {}
_renewed: set[Path] = set()
_fallen: dict[Path, Finding] = {}
"""Where an earlier version answers because the last one was broken."""
_ATTEMPTS = 3
_lock = threading.Lock()
log = logging.getLogger("linghang.audiences")


def index_path(home: Path, institution_id: str) -> Path:
    """Where the index of an institution lies in a home."""
    return home / "index" / institution_id


def current_index(ctx: Context, pack: Pack) -> Index:
    """The index of the institution's present customers, holdings and events.

    It is built now if there is none of these customers and holdings; events that came since are read with it. The same
    version comes back until it is built anew: aside, while the old one goes on counting, when many events have come
    since. Raises UnknownItemError("customers.none_yet") before the first import.
    """
    catalogue = catalogue_of(pack)
    sources = sources_of(ctx)
    mark = catalogue.mark
    path = index_path(ctx.home, ctx.institution_id)
    with _lock:
        index = _usable(path, catalogue, sources, mark)
        if index is None:
            ctx.emit("audiences.indexing", 0, sources.customers.rows)
            sources = _build(ctx, catalogue, sources, path, mark)
            index = Index.open(path, catalogue)
        if sources.events is not None:
            if index.tail is None:
                events.prepare(ctx.analytics, ctx.institution_id)
                index.tail = Tail(ctx.analytics, sources.events, sources.touched, catalogue.zone, index.batch)
                events.watch(ctx.db, ctx.institution_id, index.tail.push)
            index.tail.wanted = max(index.tail.wanted, sources.batch)
        _opened[path] = index
        grown = index.tail is not None and index.tail.rows > _LONGEST_TAIL
        if (grown or path in _fallen) and path not in _renewed:
            _renewed.add(path)
            renewal = (ctx.analytics, catalogue, sources, path, mark, ctx.now)
            threading.Thread(target=_renew, args=renewal, name="audience index", daemon=True).start()
    # The same arrays and notes for everybody; what rules refer to is the asker's.
    mine = copy.copy(index)
    erased = register_of(ctx.db, ctx.institution_id).erased
    if len(erased):
        mine.without(erased)
    around = surroundings(ctx, pack, catalogue)
    mine.expand = lambda rule: expand(rule, around)
    return mine


def _build(ctx: Context, catalogue: Catalogue, sources: Sources, path: Path, mark: str) -> Sources:
    """Build a version; an event that was corrected meanwhile makes it begin anew."""
    for attempt in range(_ATTEMPTS):
        try:
            build(ctx.analytics, catalogue, sources, path, mark=mark, now=ctx.now)
        except ConflictError as error:
            if error.code != "audiences.log_changed" or attempt == _ATTEMPTS - 1:
                raise
            sources = sources_of(ctx)
        else:
            break
    return sources


def _renew(engine: Analytics, catalogue: Catalogue, sources: Sources, path: Path, mark: str, now: dt.datetime) -> None:
    """Build a version with the events that have come; one that fails is told, and tried again with the next count."""
    try:
        build(engine, catalogue, sources, path, mark=mark, now=now)
        index = Index.open(path, catalogue)
        with _lock:
            _opened[path] = index
            _fallen.pop(path, None)
    except LinghangError as error:
        log.warning("the audience index of %s was not renewed: %s", path.name, error)
    finally:
        with _lock:
            _renewed.discard(path)


def sources_of(ctx: Context) -> Sources:
    """The data of the institution as they are now."""
    institution = ctx.institution_id
    held = customers.find_current(ctx.db, institution, "holdings")
    events.settle(ctx.analytics, ctx.db, institution)
    mark = events.mark(ctx.db, institution)
    log = events.table_name(institution) if mark.batch else None
    touched = events.touched_name(institution)
    return Sources(institution, customers.current(ctx.db, institution), held, log, mark.batch, touched)


def fallen_back(home: Path, institution_id: str) -> tuple[Finding, ...]:
    """That the index went back to an earlier version because its last one was broken; nothing once it is built anew."""
    found = _fallen.get(index_path(home, institution_id))
    return () if found is None else (found,)


def _usable(path: Path, catalogue: Catalogue, sources: Sources, mark: str) -> Index | None:
    """The version that answers for these customers and holdings: the current one, or, if it is broken, one before it.

    Only a version of the very same customers is gone back to: with the events that came since it answers exactly.
    """
    index = _opened.get(path)
    if index is None or not index.folder.is_dir() or files.condemned(index.folder):
        index = _opens(path, catalogue, files.current(path))
        if index is None:
            return _before(path, catalogue, sources, mark)
    return index if (index.tables, index.mark) == (sources.tables, mark) else None


def _opens(path: Path, catalogue: Catalogue, folder: Path | None) -> Index | None:
    if folder is None:
        return None
    try:
        index = Index(folder, catalogue)
        index.store.complete()
    except UnavailableError as error:
        # A version that was cut or altered is not used.
        files.condemn(folder)
        log.warning("a version of the audience index of %s is broken: %s", path.name, error)
        return None
    return index


def _before(path: Path, catalogue: Catalogue, sources: Sources, mark: str) -> Index | None:
    for folder in files.fall_back(path):
        index = _opens(path, catalogue, folder)
        if index is None or (index.tables, index.mark) != (sources.tables, mark):
            continue
        try:
            index.store.verify()
        except UnavailableError:
            continue
        files.point_back(path, folder)
        params = {"version": folder.name, "built": index.built.isoformat()}
        _fallen[path] = Finding("audiences.went_back", Severity.S3, "index", params=params)
        log.warning("the audience index of %s went back to %s", path.name, folder.name)
        return index
    return None
