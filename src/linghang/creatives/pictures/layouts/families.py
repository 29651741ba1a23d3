"""Which family lays out which slot: by shape, by size, and by whether it lies over a page."""

from collections.abc import Callable, Mapping

from linghang.creatives.pictures.design import Design
from linghang.creatives.pictures.layouts.banner import lay_banner
from linghang.creatives.pictures.layouts.popup import lay_popup
from linghang.creatives.pictures.layouts.portrait import lay_portrait
from linghang.creatives.pictures.layouts.sheet import Sheet
from linghang.creatives.pictures.model import DesignSpec, Frame


def family(frame: Frame) -> str:
    """The family of a slot."""
    if frame.transparent:
        return "popup"
    return "portrait" if frame.width / frame.height < 0.85 else "banner"


def lay_out(spec: DesignSpec, design: Design, mends: Mapping[str, float]) -> Sheet:
    """The sheet of a spec, laid out by its family with the repairs asked for."""
    name = family(spec.frame)
    sheet = Sheet(spec, design, _UNITS[name](spec.frame), mends)
    _FAMILIES[name](sheet)
    return sheet


_UNITS: dict[str, Callable[[Frame], float]] = {
    "portrait": lambda frame: frame.width / 1080,
    "banner": lambda frame: frame.height / 420,
    "popup": lambda frame: frame.width / 600,
}
_FAMILIES: dict[str, Callable[[Sheet], None]] = {"portrait": lay_portrait, "banner": lay_banner, "popup": lay_popup}
