"""Which family lays out which slot: by shape, by size, and by whether it lies over a page."""

from collections.abc import Callable, Mapping

from linghang.creatives.pictures.design import Design
from linghang.creatives.pictures.layouts.banner import lay_banner
from linghang.creatives.pictures.layouts.centred import lay_centred, suits
from linghang.creatives.pictures.layouts.popup import lay_popup
from linghang.creatives.pictures.layouts.portrait import lay_portrait
from linghang.creatives.pictures.layouts.sheet import Sheet
from linghang.creatives.pictures.layouts.small import lay_float, lay_icon, lay_strip
from linghang.creatives.pictures.layouts.square import lay_square
from linghang.creatives.pictures.model import DesignSpec, Frame


def family(frame: Frame) -> str:
    """The family of a slot: popup, float, icon, strip, banner, square or portrait."""
    side, aspect = min(frame.width, frame.height), frame.width / frame.height
    if side <= 176 and 0.7 < aspect < 1.4:
        return "icon"
    if frame.transparent and side <= 260 and 0.6 < aspect < 1.6:
        return "float"
    if frame.transparent and aspect < 1.2:
        return "popup"
    if aspect < 1.12:
        return "portrait"
    if aspect < 1.62:
        return "square"
    return "strip" if aspect > 3.6 else "banner"


def lay_out(spec: DesignSpec, design: Design, mends: Mapping[str, float]) -> Sheet:
    """The sheet of a spec, laid out by its family with the repairs asked for."""
    name = family(spec.frame)
    unit = _UNITS[name](spec.frame)
    sheet = Sheet(spec, design, unit, _LEADS[name] * unit, mends)
    if name == "banner" and suits(sheet):
        lay_centred(sheet)
    else:
        _FAMILIES[name](sheet)
    return sheet


_UNITS: dict[str, Callable[[Frame], float]] = {
    "portrait": lambda frame: min(frame.width / 1080, frame.height / 1560),
    "banner": lambda frame: min(frame.height / 420, frame.width / 760),
    "popup": lambda frame: min(frame.width / 600, frame.height / 760),
    "square": lambda frame: min(frame.width / 500, frame.height / 400),
    "strip": lambda frame: frame.height / 240,
    "icon": lambda frame: frame.width / 144,
    "float": lambda frame: frame.width / 200,
}
_LEADS = {"portrait": 160.0, "banner": 74.0, "popup": 70.0, "square": 52.0, "strip": 64.0, "icon": 20.0, "float": 20.0}
"""Usual sizes of the second title line in design pixels: they decide the face once for the whole picture."""
_FAMILIES: dict[str, Callable[[Sheet], None]] = {
    "portrait": lay_portrait,
    "banner": lay_banner,
    "popup": lay_popup,
    "square": lay_square,
    "strip": lay_strip,
    "icon": lay_icon,
    "float": lay_float,
}
