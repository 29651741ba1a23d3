"""What a change that was not read could mean: patches of the campaign that is there, the likeliest first.

Every value that stands in the sentence is tried at every key that takes such a value (``guesses``, ``turns_of``); what
the campaign could not hold (an end before its start, a coupon above its threshold) is left out. Nothing is done with a
candidate before a person has chosen it.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linghang.base.errors import UsageError
from linghang.base.patches import apply, root
from linghang.packs.model import Pack
from linghang.reading.edits.guesses import Guess, of_days, of_sums, of_things
from linghang.reading.edits.steps import without_value
from linghang.reading.lexer import sentence
from linghang.reading.lexicon import lexicon
from linghang.reading.sentence import Sentence

MOST = 3
"""So many are offered."""
LONGEST = 40
"""Characters of a sentence that is guessed at: a longer one says more than a value and no key."""
_SPOKEN_OF_LAST = 0.15
"""What a key gains that was changed just before."""


@dataclass(frozen=True)
class Candidate:
    """A patch, the reading that it would make, and how likely it is meant (only good for comparing)."""

    patch: tuple[Mapping[str, Any], ...]
    reading: Mapping[str, Any]
    score: float


def candidates(
    text: str, base: Mapping[str, Any], *, today: dt.date, pack: Pack | None, recent: Iterable[str] = ()
) -> tuple[Candidate, ...]:
    """The likeliest changes of ``base`` that ``text`` could ask for, each another one.

    ``recent`` are the paths that were changed last: a figure alone mostly goes on about those.
    """
    if len(text) > LONGEST or not text.strip():
        return ()
    found = sentence(text, lexicon(pack), base)
    guesses = [*of_sums(found, base), *of_days(found, base, today), *of_things(found, base)]
    if guesses and _says_more(found):
        return ()
    guesses = guesses or [*without_value(found, base, pack)]
    last = {root(path) for path in recent}
    ranked = sorted(guesses, key=lambda one: -_score(one, last))
    made: list[Candidate] = []
    seen: set[str] = set()
    for guess in ranked:
        after = _applied(base, guess)
        if after is None or not _holds_together(base, after, today):
            continue
        mark = json.dumps(after, sort_keys=True, default=str)
        if mark not in seen:
            seen.add(mark)
            made.append(Candidate(guess.patch, after, round(_score(guess, last), 3)))
    return tuple(_spread(made))


_AROUND = re.compile(
    r"[\s,，。.!！?？~～“”\"'的了吧呢啊呀呗吗就再请把到成为个点些下那这它一]|改|换|调|加|减|少|多|去掉|不要|只|要|用|发|推|动|我们?|给|让|帮|想"
    r"|(?<![a-z])(?:make|it|to|change|set|the|a|please|by|use|only|add|drop|more|less|on|for)(?![a-z])"
)
_MOST_AROUND = 4


def _says_more(found: Sentence) -> bool:
    """Whether a sentence says much beside its values: it is about something else then (今天天气真不错)."""
    kept = list(found.text)
    for token in found.tokens:
        kept[token.start : token.end] = [" "] * (token.end - token.start)
    rest = _AROUND.sub(" ", "".join(kept))
    return len(re.findall(r"[\u3400-\u9fff]|[a-z]{2,}", rest)) > _MOST_AROUND


def _score(guess: Guess, last: set[str]) -> float:
    spoken_of = any(root(str(step["path"])) in last for step in guess.patch)
    return guess.score + (_SPOKEN_OF_LAST if spoken_of else 0.0)


def _spread(made: Sequence[Candidate]) -> list[Candidate]:
    """The best of each key before the second of any."""
    firsts: dict[str, Candidate] = {}
    for one in made:
        firsts.setdefault(str(one.patch[0]["path"]), one)
    chosen = [*firsts.values()][:MOST]
    chosen += [one for one in made if one not in chosen][: MOST - len(chosen)]
    return chosen


def _applied(base: Mapping[str, Any], guess: Guess) -> dict[str, Any] | None:
    """The reading after a guess; None where it changes nothing or does not fit."""
    try:
        after, _ = apply(base, guess.patch)
    except UsageError:
        return None
    after = {key: value for key, value in after.items() if value != [] or key == "missing"}
    return None if after == dict(base) else after


def _holds_together(before: Mapping[str, Any], after: Mapping[str, Any], today: dt.date) -> bool:
    """Whether a campaign could be so."""
    start, end = (str(after.get(key) or "") for key in ("start", "end"))
    given = after.get("offer")
    offer: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    face, threshold = (float(offer.get(key) or 0) for key in ("face_value_cny", "threshold_cny"))
    budget, most = (float(after.get(key) or 0) for key in ("budget_cny", "budget_max_cny"))
    sums = (after.get("budget_cny"), offer.get("face_value_cny"), offer.get("quantity"))
    return not (
        (start and end and start > end)
        or (end and end < today.isoformat())
        or (start != before.get("start") and start < today.isoformat())
        or (threshold and face >= threshold)
        or (most and budget > most)
        or not 0 <= float(after.get("holdout_pct") or 0) <= _MOST_HELD_BACK
        or any(isinstance(value, int | float) and value <= 0 for value in sums)
        or not after.get("channels", True)
        or not after.get("audience", True)
    )


_MOST_HELD_BACK = 50
"""Percent of customers: more than half are never held back."""
