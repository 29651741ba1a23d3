"""Which aim a sentence has: the kind of its reading, words that speak for an aim, and sentences that skills name.

Nothing is decided here: the scores are given, the likeliest first. Whoever acts on them asks below ``SURE``.
"""

import functools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from typing import Any

import yaml

from linghang.agents.model import Aim, Cue, Likely
from linghang.kit.skills import Skill
from linghang.reading import Reading

SURE = 0.55
"""Below this the likeliest aims are offered and nothing is done."""
CLEAR = 0.06
"""The least lead over the second aim; nearer than that, both are offered."""
_AGAINST = 0.25
_BROAD = frozenset({"campaign", "edit", "analysis", "outside", "knowledge"})
"""Aims that a kind of reading alone speaks for: they yield to work that is named."""
_EXPLICIT, _YIELDS = 0.84, 0.8
_QUOTED = re.compile(r"[“\"「『《][^”\"」』》]*[”\"」』》]")
_NAMED = 0.72
"""How alike a sentence and one of a skill's own must be before they speak for it."""
_COUNT_METRICS = frozenset({"segment_size"})


@functools.cache
def shipped() -> tuple[Aim, ...]:
    """The aims of ``aims.yaml``."""
    rows = yaml.safe_load((resources.files("linghang.agents") / "aims.yaml").read_text("utf-8"))
    return tuple(_aim(row) for row in rows)


def _aim(row: Mapping[str, Any]) -> Aim:
    cues = tuple(Cue(float(weight), str(pattern)) for weight, pattern in row.get("cues", ()))
    return Aim(
        id=row["id"],
        makes=row["makes"],
        kinds=row.get("kinds", {}),
        cues=cues,
        against=tuple(row.get("against", ())),
        gather=tuple(row.get("gather", ())),
        then=tuple(row.get("then", ())),
        otherwise=row.get("otherwise", {}),
    )


def aims_of_skills(skills: Iterable[Skill]) -> tuple[Aim, ...]:
    """An aim for every skill that names sentences in which people ask for it; the skill itself is what is meant."""
    return tuple(
        Aim(f"skill:{found.manifest.name}", next(iter(found.manifest.makes), found.manifest.name),
            skill=found.manifest.name)
        for found in skills
        if found.manifest.says
    )  # fmt: skip


def likely(text: str, reading: Reading, skills: Sequence[Skill] = ()) -> tuple[Likely, ...]:
    """The aims that a sentence may have, likeliest first; those that nothing speaks for are left out."""
    plain = " ".join(text.lower().split())
    kinds = {item.kind: item.confidence for item in reading.alternatives} | {reading.kind: reading.confidence}
    plain = _QUOTED.sub("“”", plain)
    cues = {aim.id: _cue(aim, plain) for aim in shipped()}
    # Who names a piece of work in so many words wants that, not a campaign or a change that his words might also make.
    named_work = max((cue for name, cue in cues.items() if name not in _BROAD), default=0.0) >= _EXPLICIT
    found = [
        Likely(aim, round(_score(aim, plain, reading, kinds, cues[aim.id], broad=named_work), 4)) for aim in shipped()
    ]
    with_says = [item for item in skills if item.manifest.says]
    named = {item.manifest.name: _alike(plain, item.manifest.says) for item in with_says}
    found += [
        Likely(aim, round(0.97 * named[aim.skill], 4))
        for aim in aims_of_skills(with_says)
        if named[aim.skill] >= _NAMED
    ]
    return tuple(sorted((item for item in found if item.score > 0.02), key=lambda item: (-item.score, item.aim.id)))


def sure(found: Sequence[Likely]) -> bool:
    """Whether the first aim is likely enough, and clearly likelier than the second."""
    if not found or found[0].score < SURE:
        return False
    return len(found) == 1 or found[0].score - found[1].score >= CLEAR


def _cue(aim: Aim, text: str) -> float:
    if any(_search(pattern, text) for pattern in aim.against):
        return 0.0
    return max((item.weight for item in aim.cues if _search(item.pattern, text)), default=0.0)


def _score(aim: Aim, text: str, reading: Reading, kinds: Mapping[str, float], cue: float, *, broad: bool) -> float:
    spoken = 0.95 * sum(kinds.get(kind, 0.0) * share for kind, share in aim.kinds.items())
    spoken = _of_reading(aim, reading, spoken)
    if broad and aim.id in _BROAD:
        spoken *= _YIELDS
    score = 1 - (1 - spoken) * (1 - cue)
    return score * _AGAINST if any(_search(pattern, text) for pattern in aim.against) else score


def _of_reading(aim: Aim, reading: Reading, spoken: float) -> float:
    """What the reading itself tells beyond its kind: a brief that wants words, a question about a size."""
    if aim.id in ("copy", "campaign") and reading.kind == "brief":
        wants = reading.act == "copy"
        return max(spoken, 0.9 * reading.confidence) if wants == (aim.id == "copy") else spoken * 0.45
    if reading.kind == "analysis" and aim.id in ("count", "analysis"):
        sizes = set(reading.reading.get("metrics", ())) == _COUNT_METRICS and "time" not in reading.reading
        if aim.id == "count":
            return 0.9 * reading.confidence if sizes else spoken
        return spoken * 0.5 if sizes else spoken
    return spoken


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _search(pattern: str, text: str) -> bool:
    return bool(_compiled(pattern).search(text))


def _alike(text: str, says: Iterable[str]) -> float:
    """The best likeness of a sentence and some others: cosine of their pairs of characters, without digits."""
    own = _pairs(text)
    return max((_cosine(own, _pairs(item.lower())) for item in says), default=0.0)


@functools.lru_cache(maxsize=4096)
def _pairs(text: str) -> Mapping[str, int]:
    plain = re.sub(r"[\s\d,，。.!！?？:：;；]+", "", text)
    counted: dict[str, int] = {}
    for n in range(len(plain) - 1):
        counted[plain[n : n + 2]] = counted.get(plain[n : n + 2], 0) + 1
    return counted


def _cosine(one: Mapping[str, int], other: Mapping[str, int]) -> float:
    if not one or not other:
        return 0.0
    dot = sum(count * other.get(pair, 0) for pair, count in one.items())
    return dot / math.sqrt(sum(c * c for c in one.values()) * sum(c * c for c in other.values()))
