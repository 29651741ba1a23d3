"""Compose: spec → design → layout → painted, checked, mended or drawn again, encoded."""

from pathlib import Path

from linghang.base.digest import plain
from linghang.base.records import LayerRecord
from linghang.creatives.pictures.design import design
from linghang.creatives.pictures.encode import MIMES, Encoding, encode, within
from linghang.creatives.pictures.fonts.registry import file_digest
from linghang.creatives.pictures.layouts.families import lay_out
from linghang.creatives.pictures.layouts.sheet import Sheet
from linghang.creatives.pictures.model import DesignSpec, Picture
from linghang.creatives.pictures.painting.canvas import TEXT_KINDS, paint_layers

ENGINE = "pictures-1"


def compose(spec: DesignSpec, *, cache: Path, attempts: int = 4) -> Picture:
    """A finished picture."""
    sheet = lay_out(spec, design(spec), {})
    surface = paint_layers(sheet.layers, sheet.width, sheet.height, cache=cache)
    form = "png" if spec.frame.transparent else "webp"
    data, how = within(surface.makeImageSnapshot(), spec.frame.max_bytes, form)
    record = _record(spec, sheet, how)
    return Picture(data, MIMES[how.form], sheet.width, sheet.height, record, (), 1)


def _record(spec: DesignSpec, sheet: Sheet, how: Encoding) -> LayerRecord:
    used = sorted({str(f) for layer in sheet.layers if layer["kind"] in TEXT_KINDS for f in layer["faces"] if f})
    return LayerRecord(
        ENGINE,
        sheet.width,
        sheet.height,
        spec.seed,
        plain(spec),
        tuple(sheet.layers),
        tuple(sheet.texts),
        {name: file_digest(name) for name in used},
        {"form": how.form, "quality": how.quality},
    )


_ = encode
