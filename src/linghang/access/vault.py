"""Personal data at rest outside the analytics store: sealed with a key a person, which erasing that person destroys.

Texts are sealed with AES-256-GCM (NIST SP 800-38D). Each person's key lies in the database, itself sealed with a data
key of the home (``access.keyring``). Once a person's key is gone nothing of theirs can be read,
while every ledger that holds the sealed text still verifies.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from linghang.access.keyring import Keyring, unwrapped
from linghang.access.store import person_keys
from linghang.base.errors import RefusedError
from linghang.kit.database import reading

_NONCE = 12
_MARK = "v1:"
_AT_ONCE = 1000


@dataclass(frozen=True)
class Vault:
    """The sealed texts of an institution's people, by their dense numbers."""

    home: Path
    db: sa.Engine
    institution_id: str

    def seal(self, person: int, text: str, *, about: str) -> str:
        """The text, readable only by ``open`` for the same person and the same ``about``. Empty stays empty."""
        return _seal(self._key(person), text.encode(), self._bound(person, about)) if text else ""

    def open(self, person: int, sealed: str, *, about: str) -> str:
        """The text again; empty when the person was erased.

        Raises RefusedError("access.vault_altered") for what was not sealed for this person and purpose.
        """
        if not sealed:
            return ""
        key = self._known(person)
        return _open(key, sealed, self._bound(person, about)).decode() if key else ""

    def erase(self, person: int) -> bool:
        """Destroy a person's key; returns whether there was one."""
        with self.db.begin() as connection:
            done = connection.execute(person_keys.delete().where(self._mine(person)))
        return bool(done.rowcount)

    def _mine(self, person: int) -> sa.ColumnElement[bool]:
        return (person_keys.c.institution_id == self.institution_id) & (person_keys.c.person == person)

    def _bound(self, person: int, about: str) -> bytes:
        return f"{self.institution_id}|{person}|{about}".encode()

    def _known(self, person: int) -> bytes:
        with reading(self.db).connect() as connection:
            sealed = connection.execute(sa.select(person_keys.c.sealed).where(self._mine(person))).scalar_one_or_none()
        return self._ring.unwrap(_raw(sealed), self._bound(person, "key"))[1] if sealed else b""

    def _key(self, person: int) -> bytes:
        known = self._known(person)
        if known:
            return known
        fresh = _MARK + self._ring.wrap(AESGCM.generate_key(256), self._bound(person, "key")).hex()
        with self.db.begin() as connection:
            if not connection.execute(sa.select(person_keys.c.person).where(self._mine(person))).first():
                values = {"institution_id": self.institution_id, "person": person, "sealed": fresh}
                connection.execute(person_keys.insert().values(**values))
        return self._known(person)

    @property
    def _ring(self) -> Keyring:
        return Keyring(self.home)


def rewrap(home: Path, db: sa.Engine) -> int:
    """Seal the keys of all persons of a database with the present data key; returns how many were not. Killed, the same
    call goes on: a transaction holds a thousand."""
    ring = Keyring(home)
    keys = tuple(ring.every())
    done, last = 0, ("", -1)
    while True:
        after = sa.tuple_(person_keys.c.institution_id, person_keys.c.person) > sa.tuple_(*map(sa.literal, last))
        order = (person_keys.c.institution_id, person_keys.c.person)
        with reading(db).connect() as connection:
            rows = connection.execute(sa.select(person_keys).where(after).order_by(*order).limit(_AT_ONCE)).all()
        if not rows:
            return done
        changed = [told for row in rows if (told := _rewrapped(ring, keys, row)) is not None]
        with db.begin() as connection:
            for institution_id, person, before, sealed in changed:
                # A person who was erased meanwhile, or whose key is new, is left alone.
                mine = (person_keys.c.institution_id == institution_id) & (person_keys.c.person == person)
                connection.execute(
                    person_keys.update().where(mine, person_keys.c.sealed == before).values(sealed=sealed)
                )
        done += len(changed)
        last = (rows[-1].institution_id, rows[-1].person)


def _rewrapped(ring: Keyring, keys: Sequence[tuple[str, bytes]], row: Any) -> tuple[str, int, str, str] | None:
    bound = f"{row.institution_id}|{row.person}|key".encode()
    id, key = unwrapped(keys, _raw(row.sealed), bound)
    if id == keys[0][0]:
        return None
    return row.institution_id, row.person, row.sealed, _MARK + ring.wrap(key, bound).hex()


def _raw(sealed: str) -> bytes:
    try:
        return bytes.fromhex(sealed.removeprefix(_MARK))
    except ValueError as error:
        raise RefusedError("access.vault_altered") from error


def _seal(key: bytes, data: bytes, bound: bytes) -> str:
    nonce = secrets.token_bytes(_NONCE)
    return _MARK + (nonce + AESGCM(key).encrypt(nonce, data, bound)).hex()


def _open(key: bytes, sealed: str, bound: bytes) -> bytes:
    raw = _raw(sealed)
    try:
        return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], bound)
    except (InvalidTag, ValueError) as error:
        raise RefusedError("access.vault_altered") from error
