"""The signing key of a home: Ed25519 (RFC 8032) in ``home/keys``, made at first use, readable by its owner only.

An institution that keeps keys elsewhere names one in ``keys/approval.json`` ({"hmac": "env:NAME" | "file:PATH"}): then
signatures are HMAC-SHA-256 (RFC 2104) with it, and earlier Ed25519 signatures stay valid. Trust lies in these files,
never in the database: whoever can write rows still cannot make a signature. After a rotation the old public key stays
in ``keys/trusted``, so that packages signed before remain valid.
"""

import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from linghang.access.secret import resolve
from linghang.base.digest import digest_bytes
from linghang.base.errors import RefusedError, UnavailableError

_PRIVATE = "approval_ed25519.pem"
_SETTINGS = "approval.json"
_HMAC = "h"
"""The first letter of ids of HMAC keys; those of Ed25519 keys are hexadecimal."""
_LEAST_BYTES = 32


@dataclass(frozen=True)
class Keys:
    """The keys of a home. ``sign`` makes a key if there is none; ``verify`` never does."""

    home: Path

    @property
    def folder(self) -> Path:
        """Where they lie."""
        return self.home / "keys"

    def sign(self, message: bytes) -> tuple[str, str]:
        """Key id and signature (hex). Raises RefusedError("approvals.key_exposed") if others can read the key."""
        secret = self._hmac()
        if secret:
            return _hmac_id(secret), hmac.new(secret, message, hashlib.sha256).hexdigest()
        private = self._private()
        return _id(private.public_key()), private.sign(message).hex()

    def verify(self, key_id: str, signature: str, message: bytes) -> bool:
        """Whether a trusted key of this home signed exactly this message."""
        if len(key_id) != 16 or not key_id.isalnum():
            return False
        if key_id.startswith(_HMAC):
            secret = self._hmac()
            told = hmac.new(secret, message, hashlib.sha256).hexdigest() if secret else ""
            return bool(told) and key_id == _hmac_id(secret) and hmac.compare_digest(told, signature)
        try:
            raw = (self.folder / "trusted" / key_id).read_bytes()
            public = Ed25519PublicKey.from_public_bytes(raw)
            if _id(public) != key_id:
                return False
            public.verify(bytes.fromhex(signature), message)
        except (FileNotFoundError, ValueError, InvalidSignature):
            return False
        return True

    def rotate(self) -> str:
        """Put a new key in place of the present one; what was signed stays valid. Returns the new key's id."""
        self._write(replace=True)
        return _id(self._private().public_key())

    def _hmac(self) -> bytes:
        path = self.folder / _SETTINGS
        if not path.exists():
            return b""
        try:
            reference = str(json.loads(path.read_text("utf-8"))["hmac"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UnavailableError("approvals.key_unreadable", path=str(path), reason=type(error).__name__) from error
        found = resolve(reference).encode()
        if len(found) < _LEAST_BYTES:
            raise RefusedError("approvals.key_short", reference=reference, least=_LEAST_BYTES)
        return found

    def _private(self) -> Ed25519PrivateKey:
        path = self.folder / _PRIVATE
        if not path.exists():
            self._write(replace=False)
        if path.stat().st_mode & 0o077:
            raise RefusedError("approvals.key_exposed", path=str(path))
        try:
            key = load_pem_private_key(path.read_bytes(), password=None)
        except (OSError, ValueError) as error:
            raise UnavailableError("approvals.key_unreadable", path=str(path), reason=str(error)) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise UnavailableError("approvals.key_unreadable", path=str(path), reason=type(key).__name__)
        return key

    def _write(self, *, replace: bool) -> None:
        key = Ed25519PrivateKey.generate()
        public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        trusted = self.folder / "trusted"
        trusted.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder.chmod(0o700)
        # The public part first: a private key whose signatures nobody trusts would be worse than none.
        _durably(trusted / _id(key.public_key()), public, 0o644, replace=True)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _durably(self.folder / _PRIVATE, private, 0o600, replace=replace)


def _durably(path: Path, data: bytes, mode: int, *, replace: bool) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    try:
        if replace:
            draft.replace(path)
        else:
            # A link is refused if another process was first: then its key is the key.
            os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)


def _hmac_id(secret: bytes) -> str:
    return _HMAC + digest_bytes(b"linghang.approval.key:" + secret)[:15]


def _id(public: Ed25519PublicKey) -> str:
    return digest_bytes(public.public_bytes(Encoding.Raw, PublicFormat.Raw))[:16]
