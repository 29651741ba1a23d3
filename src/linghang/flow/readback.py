"""Pictures read back by machine before they are put up for approval: what a reader cannot read, customers cannot.

Reading starts in a picture process when the pictures are there, and is over by the time that somebody submits; each
picture is read once (its file is named by its content). Where no reader is installed nothing is read or claimed.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter

from linghang.base.digest import canonical_json
from linghang.base.findings import Finding, Severity
from linghang.base.records import LayerRecord
from linghang.campaigns.model import Campaign
from linghang.campaigns.sections import Creatives
from linghang.creatives.pictures.encode import decode
from linghang.creatives.pictures.gates import eyes
from linghang.creatives.pictures.gates.facts import texts_of
from linghang.creatives.pictures.gates.reading import read_back
from linghang.kit import files, keeping
from linghang.kit.context import Context

READ = ("subtitle", "button", "legal", "figure", "label")
"""Roles that are read; titles in display faces are judged by the gates, since readers stumble where people do not."""
PATIENCE = 20.0
"""Seconds that a submission waits for readings; what is not read by then is told and does not block."""
_NEARLY = 0.6
_MOST_BYTES, _MOST_DAYS = 20_000_000, 90.0
"""Readings kept, so that a picture is read once; one that went is read again where it is asked for."""
_FINDINGS = TypeAdapter(tuple[Finding, ...])


def start(ctx: Context, campaign: Campaign) -> None:
    """Begin to read what was not read yet, without waiting."""
    if ctx.pool is not None and eyes.installed() and (left := _unread(ctx.home, campaign)):
        ctx.pool.submit(read_all, ctx.home, left)


def findings(ctx: Context, campaign: Campaign, *, patience: float = PATIENCE) -> tuple[Finding, ...]:
    """What readers stumbled over in the campaign's pictures (S2), waiting for readings at most ``patience`` seconds."""
    if not eyes.installed():
        return ()
    left = _unread(ctx.home, campaign)
    if left:
        _read(ctx, left, patience)
    found: list[Finding] = []
    for file, _ in _pictures(campaign):
        place = _place(ctx.home, file)
        if place.exists():
            keeping.touch(place)
            found += [_weighed(one) for one in _FINDINGS.validate_json(place.read_bytes())]
        else:
            found.append(Finding("pictures.unread", Severity.S4, about=file[:12], params={"seconds": patience}))
    return tuple(found)


def _weighed(found: Finding) -> Finding:
    """A line that is read nearly is shown to a person and does not block; less than that is wrong."""
    alike = found.evidence.get("likeness")
    near = isinstance(alike, float | int) and alike >= _NEARLY
    return replace(found, severity=Severity.S3) if near else found


def _read(ctx: Context, left: Sequence[tuple[str, str]], patience: float) -> None:
    home, pool = ctx.home, ctx.pool
    if pool is None:
        read_all(home, left)
        return
    until = time.monotonic() + patience
    # A job that began when the pictures were made may be at it: only when it makes no way is another one begun.
    begun = False
    while (now := _missing(home, left)) and time.monotonic() < until:
        ctx.emit("reading_back", len(left) - len(now), len(left), "flow.reading_back")
        time.sleep(0.25)
        if not begun and _missing(home, left) == now and time.monotonic() > until - patience + 2.0:
            pool.submit(read_all, home, now)
            begun = True


def read_all(home: Path, pictures: Sequence[tuple[str, str]]) -> None:
    """Read pictures (file and record) and keep what was found: for the picture processes."""
    reader = eyes.reader()
    if reader is None:
        return
    for file, record in _missing(home, pictures):
        told = TypeAdapter(LayerRecord).validate_json(files.get(home, record))
        facts = [fact for fact in texts_of(told.layers) if fact.role in READ]
        found = tuple(read_back(decode(files.get(home, file)), facts, reader))
        place = _place(home, file)
        place.parent.mkdir(parents=True, exist_ok=True)
        files.write_whole(place, canonical_json(found).encode())
    keeping.trim(home / "read", most_bytes=_MOST_BYTES, days=_MOST_DAYS)


def _missing(home: Path, pictures: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [one for one in pictures if not _place(home, one[0]).exists()]


def _unread(home: Path, campaign: Campaign) -> list[tuple[str, str]]:
    return _missing(home, _pictures(campaign))


def _pictures(campaign: Campaign) -> list[tuple[str, str]]:
    made: Creatives | None = campaign.value("creatives")
    return list(dict.fromkeys((item.file, item.record) for item in made.pictures)) if made is not None else []


def _place(home: Path, file: str) -> Path:
    return home / "read" / f"{file}.json"
