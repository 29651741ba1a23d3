"""Make a picture again from its record alone: the same layers, faces and encoder give the same bytes."""

from pathlib import Path

from linghang.base.errors import UnavailableError
from linghang.base.records import LayerRecord
from linghang.creatives.pictures.encode import Encoding, encode
from linghang.creatives.pictures.fonts.registry import file_digest
from linghang.creatives.pictures.painting.canvas import paint_plate, paint_texts, pixels


def paint(record: LayerRecord, *, cache: Path) -> bytes:
    """The file of a record, bit for bit as it was composed.

    Raises UnavailableError("pictures.face_changed") when a face is missing or another file than the one recorded:
    a picture with other letters would be another picture.
    """
    for name, digest in record.fonts.items():
        if file_digest(name) != digest:
            raise UnavailableError("pictures.face_changed", face=name)
    plate = paint_plate(record.layers, record.width, record.height, cache=cache)
    how = Encoding(
        form=str(record.encoding.get("form", "webp")),
        quality=int(str(record.encoding.get("quality", 88))),
        method=int(str(record.encoding.get("method", 0))),
    )
    return encode(pixels(paint_texts(record.layers, plate)), how, str(record.encoding.get("note", "")))
