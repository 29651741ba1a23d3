"""What a picture is asked for by, and what comes back: frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from linghang.base.findings import Finding
from linghang.base.records import LayerRecord

Mood = Literal["lively", "steady", "premium", "tech", "fresh", "guochao", "warm"]
Choice = str | int | float | bool


@dataclass(frozen=True)
class Frame:
    """The slot's frame: width and height in pixels, the most bytes of a file, whether it lies over a page.

    ``form`` is the file's form (``webp``, ``png``, ``jpeg``); empty leaves it to the engine.
    """

    id: str
    width: int
    height: int
    max_bytes: int = 300_000
    transparent: bool = False
    form: str = ""


@dataclass(frozen=True)
class Coupon:
    """One benefit as a ticket: a figure (``18``), its unit (``元``) and what it is (``支付立减券``)."""

    value: str
    unit: str = ""
    label: str = ""


@dataclass(frozen=True)
class Words:
    """The texts of a picture by role. ``title`` holds one or two lines; an empty text is left out.

    ``ai_label`` is the explicit mark of machine-made pictures (GB 45438-2025); ``lang`` is ``zh`` or ``en``.
    """

    title: tuple[str, ...]
    subtitle: str = ""
    button: str = ""
    badge: str = ""
    coupons: tuple[Coupon, ...] = ()
    legal: str = ""
    brand: str = ""
    ai_label: str = "AI生成"
    lang: Literal["zh", "en"] = "zh"


@dataclass(frozen=True)
class Kit:
    """The brand kit: name, short sign for the disc, colours as ``#RRGGBB``, and a logo as base64 of a PNG if any."""

    name: str = ""
    sign: str = ""
    primary: str = "#D7000F"
    accent: str = "#F3A823"
    logo: str = ""


@dataclass(frozen=True)
class DesignSpec:
    """Everything that a picture is made from; equal specs give equal pictures.

    ``product`` is a product kind of the pack (fund, wealth, deposit, gold, insurance, credit …), ``festival`` an id of
    ``knowledge/festivals.yaml`` or empty, ``layer`` the audience layer (taste of density and age). ``choices`` pin
    parameters that would otherwise be drawn from the seed (``hue``, ``ground``, ``composition``, ``title_style``,
    ``hero``, ``coins``, ``title_scale`` …, see ``parameters()``). ``knowledge`` is what the institution says otherwise
    than the engine's files, by table (``overrides.of_folder``).
    """

    mood: Mood
    product: str
    frame: Frame
    words: Words
    kit: Kit = Kit()
    festival: str = ""
    layer: str = ""
    seed: int = 0
    choices: Mapping[str, Choice] = field(default_factory=dict)
    knowledge: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Picture:
    """A finished picture: the file, and the record from which it can be made again bit for bit.

    ``findings`` are what remains to be said of it; the reasons why earlier attempts fell are in it as advice (S4).
    """

    data: bytes
    mime: str
    width: int
    height: int
    record: LayerRecord
    findings: tuple[Finding, ...]
    attempts: int
