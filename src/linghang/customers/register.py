"""The register: what customers said since the data came in — consents with their proof, opt-outs, complaints, lists.

Append-only and hash-chained. The tables of an institution are as old as their last import; who replied R to an SMS a
minute ago must not get the next one. So the register is asked besides the tables, at every step that addresses anybody.
Of the entries that fit a channel and purpose the latest decides; an opt-out stands until a later consent *here*, while
a consent counts only if it is younger than the tables (the bank may have taken it back since).
"""

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute
import sqlalchemy as sa

from linghang.access import chain
from linghang.access.heads import Heads
from linghang.access.model import Verification
from linghang.base.errors import UsageError
from linghang.kit.appendonly import append_only
from linghang.kit.database import Instant, metadata, reading

pc: Any = pyarrow.compute  # its functions are made when it is imported, so no checker knows them

Word = Literal["consent", "opt_out", "complaint", "blacklisted", "unlisted", "erased"]
Numbers32 = npt.NDArray[np.uint32]

PURPOSES: Mapping[str, str] = {
    "credit": "credit", "fund": "wealth", "mmf": "wealth", "wealth": "wealth", "gold": "wealth",
    "insurance": "insurance", "deposit": "deposit", "savings": "deposit", "payments": "payments",
    "membership": "payments",
}  # fmt: skip
"""Kind of product → the purpose for which customers agree or opt out. Empty means marketing of any kind."""

entries = append_only(
    sa.Table(
        "consent_entry",
        metadata,
        sa.Column("institution_id", sa.String(40), primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("customer", sa.BigInteger, nullable=False),
        sa.Column("word", sa.String(12), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("wording", sa.String(80), nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("noted", Instant, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Index("ix_consent_entry_customer", "institution_id", "customer"),
    )
)
"""``evidence`` is sealed (``access.vault``); ``wording`` names the text that the customer agreed to."""


@dataclass(frozen=True)
class Said:
    """An entry. Empty ``channel`` and ``purpose`` mean all. ``at`` is when it was said, ``noted`` when it came in."""

    customer: int
    word: Word
    at: dt.datetime
    channel: str = ""
    purpose: str = ""
    source: str = ""
    wording: str = ""
    evidence: str = ""
    actor: str = ""
    noted: dt.datetime | None = None
    number: int = 0


@dataclass
class Register:
    """The entries of an institution up to ``last``, ready for look-ups. ``mute_days`` follow a complaint."""

    last: int = 0
    said: dict[int, list[Said]] = field(default_factory=dict)
    _kept: dict[tuple[str, str], dict[int, Said]] = field(default_factory=dict)
    _numbers: dict[Hashable, Numbers32] = field(default_factory=dict)

    def _once(self, key: Hashable, found: Callable[[], Iterable[int]]) -> Numbers32:
        """Worked out once: what is in a register never changes, and every count of an audience asks for it."""
        if key not in self._numbers:
            numbers = _sorted(found())
            numbers.flags.writeable = False
            self._numbers[key] = numbers
        return self._numbers[key]

    def latest(self, channel: str, purpose: str) -> Mapping[int, Said]:
        """Customer → the consent or opt-out that decides for a channel and purpose."""
        found = self._kept.get((channel, purpose))
        if found is None:
            found = self._kept[channel, purpose] = {
                customer: fitting[-1]
                for customer, own in self.said.items()
                if (fitting := [item for item in own if _about(item, channel, purpose)])
            }
        return found

    def muted(self, at: dt.datetime, mute_days: int) -> dict[str, Numbers32]:
        """Who may not be contacted at all: reason → sorted dense numbers."""
        since = at - dt.timedelta(days=mute_days)
        everyone = self.said.items()
        listed = self._once("listed", lambda: [number for number, own in everyone if _listed(own)])
        complainers = self._once("complaint", lambda: [number for number, own in everyone if _word(own, "complaint")])
        complained = [
            number
            for number in complainers.tolist()
            if any(item.word == "complaint" and since < item.at <= at for item in self.said[number])
        ]
        told = {
            "customers.erased": self.erased,
            "customers.blacklisted": listed,
            "customers.complained": _sorted(complained),
        }
        return {code: numbers for code, numbers in told.items() if len(numbers)}

    @property
    def erased(self) -> Numbers32:
        """Who was erased."""
        return self._once("erased", lambda: [number for number, own in self.said.items() if _word(own, "erased")])

    def opted_out(self, channel: str, purpose: str) -> Numbers32:
        """Who opted out of a channel for a purpose."""
        latest = self.latest(channel, purpose).items()
        return self._once(
            ("out", channel, purpose), lambda: [number for number, item in latest if item.word == "opt_out"]
        )

    def consented(self, channel: str, purpose: str, since: dt.datetime) -> Numbers32:
        """Who agreed to a channel for a purpose after ``since``."""
        latest = self.latest(channel, purpose).items()
        return self._once(
            ("in", channel, purpose, since),
            lambda: [number for number, item in latest if item.word == "consent" and item.at > since],
        )


def _about(item: Said, channel: str, purpose: str) -> bool:
    return item.word in ("consent", "opt_out") and item.channel in ("", channel) and item.purpose in ("", purpose)


def _word(own: Sequence[Said], word: Word) -> bool:
    return any(item.word == word for item in own)


def _listed(own: Sequence[Said]) -> bool:
    words = [item.word for item in own if item.word in ("blacklisted", "unlisted")]
    return bool(words) and words[-1] == "blacklisted"


def _sorted(numbers: Iterable[int]) -> Numbers32:
    return np.array(sorted(numbers), np.uint32)


def note(db: sa.Engine, institution_id: str, many: Sequence[Said], *, now: dt.datetime) -> int:
    """Append entries; returns the number of the last. Evidence must be sealed already.

    Raises UsageError("customers.said_later") for what was said after ``now``.
    """
    for item in many:
        if item.at > now:
            raise UsageError("customers.said_later", at=item.at.isoformat(), now=now.isoformat())
    values = [
        {
            "customer": item.customer, "word": item.word, "channel": item.channel, "purpose": item.purpose,
            "at": item.at, "source": item.source, "wording": item.wording, "evidence": item.evidence,
            "actor": item.actor, "noted": now,
        }
        for item in many
    ]  # fmt: skip
    with db.begin() as connection:
        made = chain.link_all(connection, entries, institution_id, values)
    return int(made[-1]["number"]) if made else 0


_HEEDED: Mapping[str, Word] = {"unsubscribe": "opt_out", "complaint": "complaint"}
"""Events that are a customer's word: who unsubscribes or complains through any door is heard at once."""


def heed(db: sa.Engine, institution_id: str, table: pa.Table, *, now: dt.datetime) -> int:
    """Put what events say into the register; told again it adds nothing. Returns how many entries were new.

    An unsubscription without a channel is taken as one from every channel. In fast-forward play events lie after
    ``now``; they are noted at their own time.
    """
    telling = table.filter(pc.is_in(table["name"], value_set=pa.array(list(_HEEDED), pa.string())))
    if not telling.num_rows:
        return 0
    known = register_of(db, institution_id)
    channels = telling["channel"].to_pylist() if "channel" in telling.column_names else [""] * telling.num_rows
    fresh: list[Said] = []
    for customer, name, at, channel in zip(
        telling["customer"].to_pylist(), telling["name"].to_pylist(), telling["at"].to_pylist(), channels, strict=True
    ):
        said = Said(customer, _HEEDED[name], at, channel or "" if name == "unsubscribe" else "", source="event")
        if not any(_same(said, item) for item in (*known.said.get(customer, ()), *fresh)):
            fresh.append(said)
    if fresh:
        note(db, institution_id, fresh, now=max([now, *(item.at for item in fresh)]))
    return len(fresh)


def _same(one: Said, other: Said) -> bool:
    return (one.customer, one.word, one.at, one.channel) == (other.customer, other.word, other.at, other.channel)


def register_of(db: sa.Engine, institution_id: str) -> Register:
    """The register as it is now. Only entries that came in since the last call are read."""
    key = (str(db.url), institution_id)
    known = _known.get(key, Register())
    query = sa.select(entries).where((entries.c.institution_id == institution_id) & (entries.c.number > known.last))
    with reading(db).connect() as connection:
        rows = connection.execute(query.order_by(entries.c.number)).all()
    if rows:
        said = {customer: list(own) for customer, own in known.said.items()}
        for row in rows:
            said.setdefault(row.customer, []).append(_said(row))
        for own in said.values():
            own.sort(key=lambda item: (item.at, item.number))
        known = _known[key] = Register(rows[-1].number, said)
    return known


_known: dict[tuple[str, str], Register] = {}


def of_customer(db: sa.Engine, institution_id: str, customer: int) -> tuple[Said, ...]:
    """Everything that a customer said, oldest first, with its proof (sealed)."""
    where = (entries.c.institution_id == institution_id) & (entries.c.customer == customer)
    with reading(db).connect() as connection:
        return tuple(
            _said(row) for row in connection.execute(sa.select(entries).where(where).order_by(entries.c.number))
        )


def verify(db: sa.Engine, institution_id: str, anchor: str = "", home: Path | None = None) -> Verification:
    """Check the register's hash chain, as ``access.audit.verify`` does."""
    if home is not None:
        return Heads(home).verify(db, entries, institution_id, anchor)
    return chain.verify(db, entries, institution_id, anchor)


def _said(row: sa.Row[tuple[object, ...]]) -> Said:
    return Said(
        row.customer, row.word, row.at, row.channel, row.purpose, row.source, row.wording, row.evidence, row.actor,
        row.noted, row.number,
    )  # fmt: skip
