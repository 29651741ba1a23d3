"""What we ask of an image model: one picture for one wish. It fills plates and elements; letters are never its work."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Ability:
    """What a server can do. ``masks``: it repaints only where a mask allows; ``seeds``: the same seed gives the same
    picture; ``transparent``: it can leave the ground of an element empty."""

    masks: bool = False
    seeds: bool = False
    transparent: bool = False


@dataclass(frozen=True)
class Wish:
    """One wish. ``avoid`` names what must not be seen; sizes are in px, and a server may answer in another size.

    ``base`` is a PNG to start from and ``mask`` a PNG of its size, white where the model may paint; a server without
    masks ignores both. ``transparent`` asks for an object on nothing.
    """

    prompt: str
    avoid: str
    width: int
    height: int
    seed: int = 0
    base: bytes = b""
    mask: bytes = b""
    transparent: bool = False


@dataclass(frozen=True)
class Made:
    """The file as the server gave it (unchecked), by which model, and how long it took in ms."""

    data: bytes
    model: str
    millis: float


class ImageMaker(Protocol):
    """An image model behind a server or in this process."""

    @property
    def name(self) -> str:
        """The server's name, for findings."""
        ...

    @property
    def ability(self) -> Ability:
        """What it can do; what it cannot is not asked of it."""
        ...

    def make(self, wish: Wish, *, timeout: float = 120.0) -> Made:
        """One picture within ``timeout`` seconds.

        Raises UnavailableError("images.unreachable" | "images.timeout" | "images.bad_answer" | "images.too_large")
        and RefusedError("images.refused") where the model's own safety rules refuse the wish.
        """
        ...
