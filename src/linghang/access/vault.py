"""Personal data at rest outside the analytics store: sealed with a key a person, which erasing that person destroys.

Texts are sealed with AES-256-GCM (NIST SP 800-38D). Each person's key lies in the database, itself sealed with the
home's key, which lies in a file that only its owner reads. Once a person's key is gone nothing of theirs can be read,
while every ledger that holds the sealed text still verifies.
"""

import secrets
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from linghang.access.homekeys import home_key
from linghang.access.store import person_keys
from linghang.base.errors import RefusedError
from linghang.kit.database import reading

_KEY = "vault_aes256.key"
_NONCE = 12
_MARK = "v1:"


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
        return _open(self._home_key(), sealed, self._bound(person, "key")) if sealed else b""

    def _key(self, person: int) -> bytes:
        known = self._known(person)
        if known:
            return known
        fresh = _seal(self._home_key(), AESGCM.generate_key(256), self._bound(person, "key"))
        with self.db.begin() as connection:
            if not connection.execute(sa.select(person_keys.c.person).where(self._mine(person))).first():
                values = {"institution_id": self.institution_id, "person": person, "sealed": fresh}
                connection.execute(person_keys.insert().values(**values))
        return self._known(person)

    def _home_key(self) -> bytes:
        return home_key(self.home, _KEY)


def _seal(key: bytes, data: bytes, bound: bytes) -> str:
    nonce = secrets.token_bytes(_NONCE)
    return _MARK + (nonce + AESGCM(key).encrypt(nonce, data, bound)).hex()


def _open(key: bytes, sealed: str, bound: bytes) -> bytes:
    try:
        raw = bytes.fromhex(sealed.removeprefix(_MARK))
        return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], bound)
    except (InvalidTag, ValueError) as error:
        raise RefusedError("access.vault_altered") from error
