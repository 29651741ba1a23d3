"""The data keys of a home: what seals the keys of files, of the outbox, of jobs and of persons (AES-256).

A home makes its own in ``keys/data``, a file a key that only its owner reads. An institution that keeps keys elsewhere
names one in ``keys/data.json`` ({"key": "env:NAME" | "file:PATH", "before": [the ones before it]}): its key is derived
from that secret (HKDF-SHA-256, RFC 5869). Keys stand in no database, no log and no argument.

What is sealed has a key of its own, sealed in turn with a data key; so a rotation need not hold anything still.
"""

import json
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from linghang.access.homekeys import home_key
from linghang.access.secret import resolve
from linghang.base.digest import digest_bytes
from linghang.base.errors import RefusedError, UnavailableError

NONCE = 12
ID = 16
"""Letters of a key's id: a digest of the key, from which nobody gets it back."""
_FOLDER = "data"
_CURRENT = "current"
_SETTINGS = "data.json"
_FIRST = "vault_aes256.key"
"""The one key of a home before there was a ring: it becomes the first of the ring."""
_LEAST_BYTES = 32


@dataclass(frozen=True)
class Keyring:
    """The data keys of a home."""

    home: Path

    def current(self) -> tuple[str, bytes]:
        """Id and key that new things are sealed with; made when first asked for.

        Raises RefusedError("access.key_exposed" | "access.data_key_short"), UnavailableError for a reference that leads
        nowhere ("access.no_secret") or settings that cannot be read ("access.data_key_unreadable").
        """
        if told := self._references():
            return _derived(told[0])
        pointer = self._folder / _CURRENT
        if not pointer.exists():
            self._begin()
        id = pointer.read_text("ascii").strip()
        return id, self._own(id)

    def every(self) -> Iterator[tuple[str, bytes]]:
        """All keys, the present one first."""
        first = self.current()
        yield first
        for reference in self._references()[1:]:
            yield _derived(reference)
        for path in sorted(self._folder.glob("*.key")):
            if path.stem != first[0]:
                yield path.stem, self._own(path.stem)

    def wrap(self, data: bytes, bound: bytes) -> bytes:
        """A few bytes sealed with the present key, for ``unwrap`` with the same ``bound`` only."""
        nonce = secrets.token_bytes(NONCE)
        return nonce + AESGCM(self.current()[1]).encrypt(nonce, data, bound)

    def unwrap(self, sealed: bytes, bound: bytes) -> tuple[str, bytes]:
        """The id of the key that sealed it, and the bytes.

        Raises RefusedError("access.vault_altered") when no key of this home opens it.
        """
        return unwrapped(self.every(), sealed, bound)

    def named(self, name: str) -> bytes:
        """A key for one purpose, kept sealed beside the data keys; made when first asked for."""
        path = self._folder / f"{name}.sealed"
        if not path.exists():
            self.current()
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _once(path, self.wrap(AESGCM.generate_key(256), name.encode()))
        return self.unwrap(path.read_bytes(), name.encode())[1]

    def rewrap(self) -> None:
        """Seal the keys of purposes with the present key."""
        for path in sorted(self._folder.glob("*.sealed")):
            id, key = self.unwrap(path.read_bytes(), path.stem.encode())
            if id != self.current()[0]:
                _replace(path, self.wrap(key, path.stem.encode()))

    def renew(self) -> str:
        """Put a new key in the place of the present one, which stays to open what it sealed. Returns its id.

        Where the key is kept elsewhere a new one is named there: then this only tells its id.
        """
        if not self._references():
            self.current()
            self._make_current(secrets.token_bytes(_LEAST_BYTES))
        return self.current()[0]

    def retire(self) -> int:
        """Destroy the home's keys that are not the present one, once nothing is sealed with them. Returns how many."""
        present = self.current()[0]
        old = [path for path in self._folder.glob("*.key") if path.stem != present]
        for path in old:
            path.unlink()
        return len(old)

    @property
    def _folder(self) -> Path:
        return self.home / "keys" / _FOLDER

    def _references(self) -> list[str]:
        path = self.home / "keys" / _SETTINGS
        if not path.exists():
            return []
        try:
            told = json.loads(path.read_text("utf-8"))
            return [str(told["key"]), *map(str, told.get("before", ()))]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise UnavailableError("access.data_key_unreadable", path=str(path), reason=type(error).__name__) from error

    def _own(self, id: str) -> bytes:
        path = self._folder / f"{id}.key"
        try:
            if path.stat().st_mode & 0o077:
                raise RefusedError("access.key_exposed", path=str(path))
            return path.read_bytes()
        except OSError as error:
            raise UnavailableError("access.data_key_unreadable", path=str(path), reason=type(error).__name__) from error

    def _begin(self) -> None:
        """The first key: the one that sealed persons before there was a ring, or a new one."""
        first = self.home / "keys" / _FIRST
        self._make_current(home_key(self.home, _FIRST))
        first.unlink(missing_ok=True)

    def _make_current(self, key: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        id = _id(key)
        _once(self._folder / f"{id}.key", key)
        _replace(self._folder / _CURRENT, id.encode())


def unwrapped(keys: Iterable[tuple[str, bytes]], sealed: bytes, bound: bytes) -> tuple[str, bytes]:
    """The id of the key of some that sealed a few bytes, and the bytes. Raises as ``Keyring.unwrap``."""
    for id, key in keys:
        try:
            return id, AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], bound)
        except (InvalidTag, ValueError):
            continue
    raise RefusedError("access.vault_altered")


def home_of(path: Path) -> Path:
    """The home in which a sealed file lies. Raises UnavailableError("access.sealed_without_home") outside of any."""
    for parent in path.absolute().parents:
        keys = parent / "keys"
        if (keys / _FOLDER).exists() or (keys / _SETTINGS).exists():
            return parent
    raise UnavailableError("access.sealed_without_home", path=path.name)


def _id(key: bytes) -> str:
    return digest_bytes(b"linghang.data.key:" + key)[:ID]


def _derived(reference: str) -> tuple[str, bytes]:
    secret = resolve(reference).encode()
    if len(secret) < _LEAST_BYTES:
        raise RefusedError("access.data_key_short", reference=reference, least=_LEAST_BYTES)
    key = HKDF(SHA256(), length=_LEAST_BYTES, salt=None, info=b"linghang.data.key").derive(secret)
    return _id(key), key


def _once(path: Path, data: bytes) -> None:
    """Write a file unless another process was first: then its content stands."""
    draft = _draft(path, data)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)


def _replace(path: Path, data: bytes) -> None:
    _draft(path, data).replace(path)


def _draft(path: Path, data: bytes) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return draft
