"""What the renderer needs besides the blocks: the brand's colours made readable, and the pictures' bytes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """Colours of a page as #RRGGBB. ``primary`` carries white text; ``ink`` and ``primary`` stand on white."""

    primary: str
    deep: str
    accent: str
    tint: str


@dataclass(frozen=True)
class Picture:
    """A picture that is carried inside the page, with the words that stand for it."""

    data: bytes
    mime: str
    alt: str
