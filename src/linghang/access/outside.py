"""Which other systems the environment of a home names: in the audit log when it opens and they are not as before."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy as sa

from linghang.access import audit
from linghang.base.digest import digest
from linghang.kit.context import AuditEntry

ADDRESSES = (
    "LINGHANG_IMAGES_URL", "LINGHANG_LLM_BASE_URL", "LINGHANG_EMBEDDINGS_BASE_URL", "LINGHANG_SMTP_HOST",
    "LINGHANG_CLICKHOUSE", "LINGHANG_ALLOWED_HOSTS",
)  # fmt: skip
_SKILL = "home.addresses"


def note_addresses(
    home: Path, db: sa.Engine, institution_id: str, environment: Mapping[str, str], now: dt.datetime
) -> bool:
    """Note the addresses (never a key: what stands before an @ is left out); returns whether they are new."""
    told = {name: _shown(environment[name]) for name in ADDRESSES if environment.get(name)}
    mark = digest(told)
    before = audit.listing(db, institution_id, audit.Search(skill=_SKILL), limit=1)
    if before[0].arguments == mark if before else not told:
        return False
    about = " ".join(f"{name.removeprefix('LINGHANG_')}={value}" for name, value in told.items()) or "—"
    audit.note(home, db, institution_id, AuditEntry("home", _SKILL, "commit", about, "done", mark, now))
    return True


def _shown(value: str) -> str:
    parts = urlsplit(value)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else value[:80]
