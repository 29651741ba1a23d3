"""Who in this process is told of a batch the moment it is in the log, before it is closed: nobody asks for it again."""

import threading
import weakref
from collections.abc import Callable

import pyarrow as pa
import sqlalchemy as sa

Hear = Callable[[int, pa.Table], None]
_hearing: dict[tuple[str, str], list["weakref.WeakMethod[Hear]"]] = {}
_lock = threading.Lock()


def watch(db: sa.Engine, institution_id: str, hear: Hear) -> None:
    """Tell a method of every batch that is appended from now on, as long as its object lives."""
    with _lock:
        kept = _hearing.setdefault((str(db.url), institution_id), [])
        kept[:] = [one for one in kept if one() is not None]
        kept.append(weakref.WeakMethod(hear))


def tell(db: sa.Engine, institution_id: str, batch: int, events: pa.Table) -> None:
    """Tell those who watch an institution's log."""
    for one in _hearing.get((str(db.url), institution_id), ()):
        hear = one()
        if hear is not None:
            hear(batch, events)
