"""A new pack: a commented minimal one that passes the check, to be filled in."""

import re
from importlib import resources
from pathlib import Path

from linghang.base.errors import ConflictError, UnavailableError, UsageError

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def new(path: str | Path, name: str) -> Path:
    """Write a minimal valid pack called ``name`` into the folder ``path`` and return it.

    Raises UsageError("pack.bad_name"), ConflictError("pack.exists") for a folder that holds something,
    UnavailableError("pack.not_written").
    """
    if not _NAME.fullmatch(name):
        raise UsageError("pack.bad_name", name=name)
    target = Path(path)
    template = Path(str(resources.files("linghang.packs"))) / "template"
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise ConflictError("pack.exists", path=str(target))
        for source in sorted(template.rglob("*")):
            place = target / source.relative_to(template)
            if source.is_dir():
                place.mkdir(parents=True, exist_ok=True)
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(source.read_text("utf-8").replace("NEW_PACK", name), "utf-8")
    except OSError as error:
        raise UnavailableError("pack.not_written", path=str(target), reason=error.strerror or str(error)) from error
    return target.resolve()
