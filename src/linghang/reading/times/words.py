"""Words of time: the phrases, Chinese and English, that name a day, a stretch of days, an hour or a rhythm."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from linghang.reading.times import chinese, english, rhythms
from linghang.reading.times.model import Moment, Sense
from linghang.reading.times.units import Build, Rule, make

_SINCE = {"month": (
    r"本月至今|本月以来|本月累计|月初至今|这个月以来|这个月至今|month[\s-]to[\s-]date|(?<![a-z])mtd(?![a-z])"
    r"|so far this month"
),
          "year": r"今年以来|今年至今|年初至今|年初以来|year[\s-]to[\s-]date|(?<![a-z])ytd(?![a-z])|so far this year",
          "week": r"本周以来|本周至今|这周以来|week[\s-]to[\s-]date|(?<![a-z])wtd(?![a-z])|so far this week",
          "quarter": r"本季度以来|本季度至今|本季至今|quarter[\s-]to[\s-]date|(?<![a-z])qtd(?![a-z])"}  # fmt: skip
_LAUNCH = (
    r"(?:活动|campaign)?(?:上线|开始|启动|开展)(?:以来|至今|到现在)|活动以来"
    r"|since\s(?:the\s)?(?:campaign\s)?(?:launch|start)(?:ed)?"
)
_BOTH: tuple[Rule, ...] = (
    (_LAUNCH, "since", lambda hit: make("since", "campaign")),
    *((pattern, "moment", lambda hit, name=name: make("to_date", name)) for name, pattern in _SINCE.items()),
)
_COMPILED: list[tuple[re.Pattern[str], Sense, Build]] = [
    (re.compile(pattern), sense, build)
    for pattern, sense, build in (*chinese.RULES, *english.RULES, *rhythms.RULES, *_BOTH)
]


@dataclass(frozen=True)
class Word:
    """A phrase of time at ``[start, end)`` of the normalised text."""

    start: int
    end: int
    sense: Sense
    moment: Moment


def words(text: str) -> list[Word]:
    """The words of time in a normalised text, leftmost and longest, not overlapping."""
    found = sorted(_candidates(text), key=lambda word: (word.start, -word.end))
    kept: list[Word] = []
    last = 0
    for word in found:
        if word.start >= last:
            kept.append(word)
            last = word.end
    return kept


def _candidates(text: str) -> Iterator[Word]:
    for pattern, sense, build in _COMPILED:
        for hit in pattern.finditer(text):
            if not hit[0].strip():
                continue
            try:
                moment = build(hit)
            except (ValueError, KeyError, IndexError):
                moment = None
            if moment is not None:
                lead = len(hit[0]) - len(hit[0].lstrip())
                yield Word(hit.start() + lead, hit.start() + len(hit[0].rstrip()), sense, moment)
