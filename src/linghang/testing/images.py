"""An image model that keeps the port's promise without a model: soft colours by seed, and failures where told to."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from linghang.ports.images import Ability, Made, Wish


def gradient(wish: Wish, *, width: int = 0, height: int = 0) -> bytes:
    """A PNG of the wish's size: a dark red gradient, or a red disc on nothing where an element was wished."""
    width, height = width or wish.width, height or wish.height
    stream = np.random.default_rng(wish.seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    if wish.transparent:
        inside = np.hypot(x - width / 2, y - height / 2) < min(width, height) * 0.35
        shade = 120 + 100 * (1 - y / height)
        pixels = np.dstack([shade, shade * 0.2, shade * 0.2, np.where(inside, 255, 0)])
    else:
        tint = stream.uniform(0.6, 1.0)
        pixels = np.dstack([90 + 110 * tint * y / height, 12 + 30 * x / width, 20 + 20 * y / height])
    out = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(out, "PNG")
    return out.getvalue()


@dataclass
class FakeImages:
    """``answer`` gives the file of a wish (a soft gradient by default) and may raise; ``asked`` keeps the wishes."""

    name: str = "fake"
    ability: Ability = field(default_factory=lambda: Ability(masks=True, seeds=True, transparent=True))
    answer: Callable[[Wish], bytes] = field(default=gradient)
    asked: list[Wish] = field(default_factory=list)

    def make(self, wish: Wish, *, timeout: float = 120.0) -> Made:
        """The answer to the wish, at once."""
        self.asked.append(wish)
        return Made(self.answer(wish), "fake-1", 1.0)
