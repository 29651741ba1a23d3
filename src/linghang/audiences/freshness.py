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
from linghang.base.errors import LinghangError, UnavailableError
from linghang.customers import store as customers
from linghang.customers.catalogue import Catalogue, catalogue_of
from linghang.kit.context import Context
from linghang.packs.model import Pack
from linghang.ports.analytics import Analytics

_LONGEST_TAIL = 1_000_000
"""Events after the build that are held in memory; with more, the index is built anew with them, aside."""
_opened: dict[Path, Index] = {}
_renewed: set[Path] = set()
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
            build(ctx.analytics, catalogue, sources, path, mark=mark, now=ctx.now)
            index = Index.open(path, catalogue)
        if sources.events is not None and sources.batch > index.batch:
            if index.tail is None:
                index.tail = Tail(ctx.analytics, sources.events, catalogue.zone, index.batch)
            index.tail.wanted = max(index.tail.wanted, sources.batch)
        _opened[path] = index
        if index.tail is not None and index.tail.rows > _LONGEST_TAIL and path not in _renewed:
            _renewed.add(path)
            renewal = (ctx.analytics, catalogue, sources, path, mark, ctx.now)
            threading.Thread(target=_renew, args=renewal, name="audience index", daemon=True).start()
    # The same arrays and notes for everybody; what rules refer to is the asker's.
    mine = copy.copy(index)
    around = surroundings(ctx, pack, catalogue)
    mine.expand = lambda rule: expand(rule, around)
    return mine


def _renew(engine: Analytics, catalogue: Catalogue, sources: Sources, path: Path, mark: str, now: dt.datetime) -> None:
    """Build a version with the events that have come; one that fails is told, and tried again with the next count."""
    try:
        build(engine, catalogue, sources, path, mark=mark, now=now)
        index = Index.open(path, catalogue)
        with _lock:
            _opened[path] = index
    except LinghangError as error:
        log.warning("the audience index of %s was not renewed: %s", path.name, error)
    finally:
        with _lock:
            _renewed.discard(path)


def sources_of(ctx: Context) -> Sources:
    """The data of the institution as they are now."""
    institution = ctx.institution_id
    held = customers.find_current(ctx.db, institution, "holdings")
    mark = events.mark(ctx.db, institution)
    log = events.table_name(institution) if mark.events else None
    return Sources(institution, customers.current(ctx.db, institution), held, log, mark.batch)


def _usable(path: Path, catalogue: Catalogue, sources: Sources, mark: str) -> Index | None:
    index = _opened.get(path)
    if index is None or not index.folder.is_dir() or files.condemned(index.folder):
        if files.current(path) is None:
            return None
        try:
            index = Index.open(path, catalogue)
        except UnavailableError:
            # A version that was cut or altered is not used; what it held is built again from the data.
            return None
    return index if (index.tables, index.mark) == (sources.tables, mark) else None
