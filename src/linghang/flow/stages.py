"""Phases as they were said (预热3天、爆发5天、返场2天; or with dates) laid into the campaign's window.

A window that was moved since takes its phases along: their lengths hold, their dates follow.
"""

import datetime as dt
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linghang.campaigns.sections import Json, Phase
from linghang.placements import phases as cut

_IDS = (
    ("warm_up", re.compile("预热|蓄水|teaser|warm")),
    ("burst", re.compile("爆发|高潮|正式|main")),
    ("encore", re.compile("返场|长尾|收尾|延续|encore")),
)


@dataclass(frozen=True)
class Stage:
    """A phase as it was said. ``days`` is its length (0: not said), ``start`` its first day where it has dates."""

    id: str
    days: int = 0
    start: dt.date | None = None
    channels: tuple[str, ...] = ()


def said(reading: Mapping[str, Json]) -> tuple[Stage, ...]:
    """The phases of a reading, in their order."""
    told = reading.get("phases")
    if not isinstance(told, list):
        return ()
    made = tuple(stage for item in told if isinstance(item, Mapping) for stage in _stages(item))
    ids = [stage.id for stage in made]
    return made if len(set(ids)) == len(ids) else ()


def _stages(item: Mapping[str, Json]) -> tuple[Stage, ...]:
    name = str(item.get("name") or item.get("id") or "")
    known = [id for id, words in _IDS if words.search(name.lower())]
    channels = tuple(str(channel) for channel in item.get("channels", ()))
    if len(known) > 1:
        # 预热、爆发、返场三个阶段: named together, the days are those of all.
        return tuple(Stage(id) for id in known)
    start = dt.date.fromisoformat(item["start"]) if item.get("start") else None
    end = dt.date.fromisoformat(item.get("end") or item["start"]) if start else None
    days = (end - start).days + 1 if start and end else int(item.get("days") or 0)
    return (Stage(known[0] if known else name, max(0, days), start, channels),)


def phases(
    told: Sequence[Stage],
    start: dt.date,
    end: dt.date,
    *,
    shares: Sequence[tuple[str, float]],
    usual: Sequence[tuple[str, float]],
) -> tuple[tuple[Phase, ...], bool]:
    """The phases of a window, and whether their lengths fit it.

    Said dates hold while they lie in the window; else said lengths follow one another from its first day, shared out
    anew where they do not add up to it. Phases without lengths take the ``usual`` shares of their kinds; where none
    were said, the playbook's ``shares`` hold.
    """
    if not told:
        return cut(start, end, shares), True
    dated = [stage.start for stage in told if stage.start is not None]
    if len(dated) == len(told) and dated == sorted(dated) and _inside(told, start, end):
        made = [Phase(s.id, day, day + dt.timedelta(days=s.days - 1)) for s, day in zip(told, dated, strict=True)]
    else:
        common = dict(usual)
        lengths = [(s.id, float(s.days) if s.days else 0.0) for s in told]
        if not all(length for _, length in lengths):
            lengths = [(s.id, common.get(s.id, 1 / len(told))) for s in told]
        made = list(_consecutive(told, start, end) or cut(start, end, lengths))
    channels = {stage.id: stage.channels for stage in told}
    whole = all(s.days for s in told) and not (len(dated) == len(told) and _inside(told, start, end))
    fits = not whole or sum(s.days for s in told) == (end - start).days + 1
    return tuple(Phase(p.id, p.start, p.end, channels.get(p.id, ())) for p in made), fits


def _inside(told: Sequence[Stage], start: dt.date, end: dt.date) -> bool:
    days = [(s.start, s.start + dt.timedelta(days=s.days - 1)) for s in told if s.start is not None]
    apart = all(one[1] < other[0] for one, other in itertools.pairwise(days))
    return apart and bool(days) and days[0][0] == start and days[-1][1] == end


def _consecutive(told: Sequence[Stage], start: dt.date, end: dt.date) -> tuple[Phase, ...]:
    """The said lengths one after another, if they fill the window exactly; else nothing."""
    if not all(stage.days for stage in told) or sum(stage.days for stage in told) != (end - start).days + 1:
        return ()
    made: list[Phase] = []
    first = start
    for stage in told:
        last = first + dt.timedelta(days=stage.days - 1)
        made.append(Phase(stage.id, first, last))
        first = last + dt.timedelta(days=1)
    return tuple(made)
