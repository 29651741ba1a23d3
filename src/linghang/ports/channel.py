"""What we ask of a way to reach customers: take messages, be harmless when asked twice, say what became of them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable


@dataclass(frozen=True)
class Message:
    """One message for one customer. ``key`` is the idempotency key; ``address`` is resolved just before hand-over."""

    key: str
    channel: str
    address: str
    title: str
    body: str
    link: str = ""
    html: str = ""
    attachments: tuple[tuple[str, str, bytes], ...] = ()


@dataclass(frozen=True)
class Receipt:
    """What the channel says of a message. ``unknown``: it may have gone out, so it is never sent again silently."""

    key: str
    state: Literal["handed_over", "delivered", "failed", "unknown"]
    reason: str = ""


class Channel(Protocol):
    """A vendor that carries messages. ``idempotent``: it drops a key that it has seen."""

    idempotent: bool

    def hand_over(self, messages: Sequence[Message]) -> Sequence[Receipt]:
        """Take messages, one receipt each, in order. Raises UnavailableError when none was taken."""
        ...

    def seen(self, keys: Sequence[str]) -> frozenset[str] | None:
        """Which keys were taken before; None where the vendor cannot tell."""
        ...


class Sealing(Protocol):
    """What a channel keeps messages sealed with; equal length for equal length."""

    def seal(self, data: bytes, bound: bytes = b"") -> bytes:
        """Bytes that only ``open`` with the same ``bound`` reads."""
        ...

    def open(self, sealed: bytes, bound: bytes = b"") -> bytes:
        """The bytes again."""
        ...


@runtime_checkable
class Keeping(Protocol):
    """A channel that keeps what it took where this house can reach it."""

    def kept(self, channel: str, after: str = "") -> Iterator[str]:
        """The messages of a channel as JSON, in the order in which they were taken, from the one after a key on.

        Raises UnknownItemError("channel.unknown_key") for a key that was never taken.
        """
        ...

    def forget(self, addresses: Collection[str]) -> int:
        """Blank these addresses in what is kept; keys stay, so that nothing goes out twice. Returns how many."""
        ...
