"""Ids: sortable by time, with a prefix that says what they name (``cmp_``, ``pkg_``, ``aud_`` …)."""

import datetime as dt
import secrets

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id(prefix: str, now: dt.datetime, entropy: int | None = None) -> str:
    """An id of 48 bits of milliseconds and 80 bits of entropy in Crockford's base 32 (the ULID layout)."""
    millis = int(now.timestamp() * 1000)
    number = (millis << 80) | (secrets.randbits(80) if entropy is None else entropy & ((1 << 80) - 1))
    letters: list[str] = []
    for _ in range(26):
        letters.append(_ALPHABET[number & 31])
        number >>= 5
    return f"{prefix}_{''.join(reversed(letters))}"
