"""What customers see, as a campaign document holds it: texts, pictures, their combinations and the landing page."""

from collections.abc import Mapping
from dataclasses import dataclass

from linghang.campaigns.given import Json


@dataclass(frozen=True)
class Copy:
    """One text of one role for a layer in a channel or slot (``place``), with the angle and the phrase it grew from.

    ``variant`` groups the roles that belong together: ``a``, ``b`` … speak of the layer's benefit, ``n`` of none.
    """

    id: str
    layer: str
    place: str
    role: str
    text: str
    angle: str
    lang: str = "zh"
    source: str = ""
    variant: str = "a"


@dataclass(frozen=True)
class Texts:
    """All copy of the campaign; ``facts`` are the only figures that any text may state (one truth everywhere)."""

    facts: Mapping[str, str]
    texts: tuple[Copy, ...]
    distinct_2: float = 0.0
    self_bleu: float = 0.0


@dataclass(frozen=True)
class Creative:
    """One picture of a layer for a slot. ``file`` and ``record`` are content hashes in the home's file store.

    ``variant`` is that of the texts drawn into it. ``chance`` is P(usable) as ratings taught it when it was chosen.
    """

    id: str
    layer: str
    slot: str
    mood: str
    width: int
    height: int
    mime: str
    bytes: int
    file: str
    record: str
    attempts: int = 1
    alt: str = ""
    variant: str = "a"
    chance: float | None = None


@dataclass(frozen=True)
class Creatives:
    """All pictures of the campaign."""

    pictures: tuple[Creative, ...]


@dataclass(frozen=True)
class Variant:
    """A combination (组合): copy × picture × benefit of a layer in one place, ready for decisions."""

    id: str
    name: str
    layer: str
    channel: str
    place: str
    copy: Mapping[str, str]
    creative: str
    benefit: str
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Variants:
    """All combinations; an excluded one keeps the codes of the reasons."""

    variants: tuple[Variant, ...]


@dataclass(frozen=True)
class Block:
    """A block of the landing page: kind (hero, benefit, steps, product, risk, terms, faq, footer) and its texts."""

    kind: str
    data: Mapping[str, Json]


@dataclass(frozen=True)
class Page:
    """The landing page: blocks, the terms (活动规则) made from the benefit's data, and the published file's hash."""

    title: str
    blocks: tuple[Block, ...]
    terms: tuple[str, ...]
    file: str
    bytes: int
    lang: str = "zh"
