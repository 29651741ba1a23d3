"""A channel that keeps the port's promise in memory, and fails where a test tells it to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from linghang.base.errors import UnavailableError
from linghang.ports.channel import Message, Receipt


@dataclass
class FakeChannel:
    """Takes messages in memory.

    ``idempotent`` drops a key it has seen; ``remembers`` lets ``seen`` answer. ``outcome`` gives each message its
    receipt (handed over by default); ``down`` makes it unavailable; ``before`` and ``after`` are called around each
    message and may raise, to die before or after it went out.
    """

    idempotent: bool = True
    remembers: bool = True
    down: bool = False
    outcome: Callable[[Message], Receipt] = field(default=lambda message: Receipt(message.key, "handed_over"))
    before: Callable[[Message], None] = field(default=lambda _message: None)
    after: Callable[[Message], None] = field(default=lambda _message: None)
    taken: list[Message] = field(default_factory=list)

    def hand_over(self, messages: Sequence[Message]) -> Sequence[Receipt]:
        """Take messages, one receipt each, in order. Raises UnavailableError("channel.down") where told to."""
        if self.down:
            raise UnavailableError("channel.down")
        receipts: list[Receipt] = []
        for message in messages:
            self.before(message)
            receipt = self.outcome(message)
            known = self.idempotent and any(earlier.key == message.key for earlier in self.taken)
            if receipt.state != "failed" and not known:
                self.taken.append(message)
            self.after(message)
            receipts.append(receipt)
        return receipts

    def seen(self, keys: Sequence[str]) -> frozenset[str] | None:
        """Which keys were taken before; None where the channel does not remember."""
        if not self.remembers:
            return None
        return frozenset(message.key for message in self.taken) & frozenset(keys)
