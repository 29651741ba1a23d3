"""Which aim a sentence has: what its words are composed of, what was read of it, and sentences that skills name.

Nothing is decided here: the scores are given, the likeliest first. Whoever acts on them asks below ``SURE``.
"""

import functools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from typing import Any

import yaml

from linghang.agents.intents import chances, plain
from linghang.agents.model import Aim, Likely
from linghang.kit.skills import Skill
from linghang.reading import Reading

SURE = 0.55
"""Below this the likeliest aims are offered and nothing is done."""
CLEAR = 0.06
"""The least lead over the second aim; nearer than that, both are offered."""
LEAST = 0.02
"""What is less likely is left out."""
_NAMED = 0.72
"""How alike a sentence and one of a skill's own must be before they speak for it."""
_LITERAL = 0.85
"""So alike, it is that sentence: the house's own aims yield."""


@functools.cache
def shipped() -> tuple[Aim, ...]:
    """The aims of ``aims.yaml``."""
    rows = yaml.safe_load((resources.files("linghang.agents") / "aims.yaml").read_text("utf-8"))
    return tuple(_aim(row) for row in rows)


def _aim(row: Mapping[str, Any]) -> Aim:
    return Aim(id=row["id"], makes=row["makes"], gather=tuple(row.get("gather", ())), then=tuple(row.get("then", ())),
               otherwise=row.get("otherwise", {}))  # fmt: skip


def aims_of_skills(skills: Iterable[Skill]) -> tuple[Aim, ...]:
    """An aim for every skill that names sentences in which people ask for it; the skill itself is what is meant."""
    return tuple(
        Aim(f"skill:{found.manifest.name}", next(iter(found.manifest.makes), found.manifest.name),
            skill=found.manifest.name)
        for found in skills
        if found.manifest.says
    )  # fmt: skip


def likely(text: str, reading: Reading, skills: Sequence[Skill] = (), *, focus: bool = False) -> tuple[Likely, ...]:
    """The aims that a sentence may have, likeliest first; those that nothing speaks for are left out.

    ``focus``: a campaign is in view that may be meant.
    """
    with_says = [item for item in skills if item.manifest.says]
    named = {item.manifest.name: _alike(plain(text), item.manifest.says) for item in with_says}
    most = _most(max(named.values(), default=0.0))
    own = chances(text, reading, focus=focus)
    found = [Likely(aim, round(min(own.get(aim.id, 0.0), most), 4)) for aim in shipped()]
    found += [
        Likely(aim, round(0.97 * named[aim.skill], 4))
        for aim in aims_of_skills(with_says)
        if named[aim.skill] >= _NAMED
    ]
    return tuple(sorted((item for item in found if item.score > LEAST), key=lambda item: (-item.score, item.aim.id)))


def _most(likeness: float) -> float:
    """How likely an aim of the house's own may be where a skill's own sentence is so much like what was said.

    Beside one that is like it both are offered; before one that is it the own aims yield.
    """
    if likeness < _NAMED:
        return 1.0
    return 1 - likeness if likeness >= _LITERAL else likeness


def sure(found: Sequence[Likely]) -> bool:
    """Whether the first aim is likely enough, and clearly likelier than the second."""
    if not found or found[0].score < SURE:
        return False
    return len(found) == 1 or found[0].score - found[1].score >= CLEAR


def _alike(text: str, says: Iterable[str]) -> float:
    """The best likeness of a sentence, or of a clause of it, and some others: cosine of their pairs of characters,
    without digits. A sentence that holds all of another one says that and more (给客户1024新建一个工单，优先级高).
    """
    own = _pairs(text)
    clauses = [own, *(_pairs(part) for part in _CLAUSE.split(text) if part.strip())]
    best = 0.0
    for item in says:
        other = _pairs(item.lower())
        best = max(best, *(_cosine(one, other) for one in clauses))
        if len(other) >= _ENOUGH and any(set(other) <= set(one) for one in clauses):
            best = max(best, _HELD)
    return best


_CLAUSE = re.compile(r"[,，。;；:：!！?？\n]")
_ENOUGH, _HELD = 4, 0.8


@functools.lru_cache(maxsize=4096)
def _pairs(text: str) -> Mapping[str, int]:
    bare = re.sub(r"[\s\d,，。.!！?？:：;；]+", "", text)
    counted: dict[str, int] = {}
    for n in range(len(bare) - 1):
        counted[bare[n : n + 2]] = counted.get(bare[n : n + 2], 0) + 1
    return counted


def _cosine(one: Mapping[str, int], other: Mapping[str, int]) -> float:
    if not one or not other:
        return 0.0
    dot = sum(count * other.get(pair, 0) for pair, count in one.items())
    return dot / math.sqrt(sum(c * c for c in one.values()) * sum(c * c for c in other.values()))
