"""Rated sets as trainers read them: a folder in a ZIP with a picture, a caption a picture, and a table of all."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence

from linghang.creatives.ratings.model import Rating
from linghang.creatives.ratings.store import Item
from linghang.kit import files
from linghang.kit.context import Context

_EPOCH = (1980, 1, 1, 0, 0, 0)


def rated_set(ctx: Context, items: Sequence[Item], ratings: Sequence[Rating]) -> tuple[bytes, int, int]:
    """A ZIP of everything rated, how many are usable, and how many are not.

    ``train/`` holds the usable ones with a ``.txt`` caption each (the form of LoRA trainers) and ``metadata.jsonl``
    (``file_name``, ``text``: the form of image-folder data sets); ``rejected/`` those with a defect and what it was.
    Usable is what the larger part of its looks found without defect; a tie is left out. Equal ratings give equal bytes.
    """
    looks: dict[str, list[Rating]] = {}
    for rating in ratings:
        looks.setdefault(rating.candidate, []).append(rating)
    chosen = {item.candidate.id: item for item in items if item.candidate.id in looks}
    target = io.BytesIO()
    tables: dict[str, list[Mapping[str, object]]] = {"train": [], "rejected": []}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, item in sorted(chosen.items()):
            clean = sum(look.usable for look in looks[name])
            dirty = len(looks[name]) - clean
            if clean == dirty:
                continue
            folder = "train" if clean > dirty else "rejected"
            file = f"{name}.{item.mime.removeprefix('image/')}"
            caption = caption_of(item)
            _add(archive, f"{folder}/{file}", files.get(ctx.home, item.file))
            _add(archive, f"{folder}/{name}.txt", caption.encode())
            flags = sorted({flag for look in looks[name] for flag in look.flags})
            tables[folder].append(
                {"file_name": file, "text": caption, "looks": len(looks[name]), "usable_looks": clean, "flags": flags,
                 "parameters": dict(item.candidate.parameters)}
            )  # fmt: skip
        for folder, rows in tables.items():
            lines = "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows)
            _add(archive, f"{folder}/metadata.jsonl", lines.encode())
    return target.getvalue(), len(tables["train"]), len(tables["rejected"])


def caption_of(item: Item) -> str:
    """A caption of what is seen, from the parameters: names as words, no figures."""
    told = [str(value) for value in item.candidate.parameters.values() if isinstance(value, str) and value]
    return ", ".join(dict.fromkeys([item.candidate.subject, *told]))


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, _EPOCH), data)
