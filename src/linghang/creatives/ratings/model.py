"""What is rated and what a rating says: frozen values."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

FLAGS = ("palette", "shape", "perspective", "glyph", "saturation", "hue", "layout", "copy_fit")
"""Defects by the names of designers: 配色 造型 透视 字符 饱和度 色相, and for whole pictures 版式 图文契合.

A picture without any flag is usable (可用)."""

Subject = Literal["picture", "element"]
Purpose = Literal["learn", "audit", "repeat"]
"""Why something was put before a rater: to learn from, to measure what ships, to see whether raters agree."""
Value = str | int | float | bool


@dataclass(frozen=True)
class Candidate:
    """Something that can be made and rated. ``parameters`` are all that shaped it, by name; ``recipe`` makes it again.

    Angles (names that end in ``hue`` or ``yaw``, degrees) are circular, all other numbers are not.
    """

    id: str
    subject: Subject
    parameters: Mapping[str, Value]
    recipe: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Rating:
    """What one rater said of one candidate. Append-only: who changes their mind rates again, and the last one counts.

    ``millis`` is how long the look took.
    """

    candidate: str
    rater: str
    flags: frozenset[str]
    note: str
    at: dt.datetime
    millis: int = 0

    @property
    def usable(self) -> bool:
        """Whether the rater found no defect."""
        return not self.flags


@dataclass(frozen=True)
class Pair:
    """A rater's taste between two candidates: ``better`` was liked more than ``worse``."""

    better: str
    worse: str
    rater: str
    at: dt.datetime
