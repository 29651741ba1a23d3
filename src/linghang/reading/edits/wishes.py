"""Which clauses of a message are heard as the wish, and which only say why."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from linghang.reading.acts import is_past
from linghang.reading.edits.keys import KEYS
from linghang.reading.edits.named import figure
from linghang.reading.edits.pieces import clauses, leans_back, unchanged
from linghang.reading.edits.reasons import beside
from linghang.reading.edits.unworded import held_figures
from linghang.reading.edits.words import DOUBLE, HALVE, SWAP
from linghang.reading.model import Span
from linghang.reading.sentence import Sentence


def wished(found: Sentence, base: Mapping[str, Any]) -> str:
    """The operator's words without the reasons beside the wish; all of them where there is no other clause."""
    said = clauses(found)
    kept = [clause for clause in said if not is_reason(found, base, clause)]
    if not kept or len(kept) == len(said):
        return found.normal.original
    return "，".join(found.normal.said(*clause) for clause in kept)


_ANSWERS = {"product": ("product",), "channels": ("channel", "slot"), "schedule": ("moment",), "start": ("moment",),
            "budget": ("budget",), "audience": ("state", "act", "field", "grade")}  # fmt: skip
"""What a clause names that answers a question of the base."""


# C3上个月推过了, we ran it last year
_HAPPENED = re.compile(r"[过了](?:$|[一-鿿]{0,2}$)|(?<![a-z])(?:was|were|did|had|ran|got|sent|saw|lost|went)(?![a-z])")


def is_reason(found: Sentence, base: Mapping[str, Any], clause: Span) -> bool:
    """Whether a clause only says why; what answers an open question of the base never does."""
    text = found.text[slice(*clause)]
    asked = [sense for key in base.get("missing", []) for sense in _ANSWERS.get(key, ())]
    if asked and any(found.tokens[at].has(*asked) for at in inside(found, clause)):
        return False
    gone = any(
        is_past(found.tokens[at].senses["moment"]) for at in inside(found, clause) if found.tokens[at].has("moment")
    )
    if gone and _HAPPENED.search(text):
        return True
    return unchanged(text) is None and (beside(found.normal.said(*clause)) or beside(text, marked=True))


def without_reason(
    found: Sentence, base: Mapping[str, Any], part: Span, said: Sequence[Span], reasons: Sequence[Span]
) -> tuple[Span, Span] | None:
    """A piece without the reasons that it begins with, and whole; None for a piece of nothing else.

    A reason that names what another thing now takes the place of (弹窗让给大促了，改用开屏) is read along.
    """
    within = [clause for clause in said if part[0] <= clause[0] and clause[1] <= part[1]]
    kept = list(itertools.dropwhile(lambda clause: clause in reasons, within))
    if not kept:
        return (part, part) if not within or _gives_way(found, base, part) else None
    wish = (kept[0][0], part[1])
    reason = (part[0], kept[0][0])
    if len(kept) == len(within) or _leans(found.text[slice(*kept[0])]) or _gives_way(found, base, reason):
        return wish, part
    # What the reason says of a value that holds is needed to know what changes.
    old = {quantity.value for at in inside(found, reason) if (quantity := figure(found, at)) is not None}
    return wish, part if old & held_figures(base) else wish


def inside(found: Sentence, part: Span) -> Iterator[int]:
    """The places of the tokens that begin within a part of the text."""
    return (at for at, token in enumerate(found.tokens) if part[0] <= token.start < part[1])


_REFERS = re.compile(r"(?<![a-z])(?:it|them|that|those)(?![a-z])|它|[这那](?:个|条|项)?(?![天周月几次波回])")


def _leans(text: str) -> bool:
    """Whether a wish speaks of what the reason named (raise it to 500k, 翻一番)."""
    sum_alone = any(words.search(text) for words in (DOUBLE, HALVE)) and not any(key.names.search(text) for key in KEYS)
    return leans_back(text) or sum_alone or bool(_REFERS.search(text))


_IN_ITS_PLACE = re.compile(
    rf"{SWAP.pattern}|[搬挪移](?:到|去)|顶上|顶替|替上|补上|put us on|(?<![a-z])(?:use|try)(?![a-z])"
)


def _names(said: str | Sequence[str]) -> Sequence[str]:
    return (said,) if isinstance(said, str) else said


def _gives_way(found: Sentence, base: Mapping[str, Any], part: Span) -> bool:
    held = {*base.get("channels", []), *base.get("slots", [])}
    spoken = {name for at in inside(found, part) for sense in ("channel", "slot")
              for name in _names(found.tokens[at].senses.get(sense, ()))}  # fmt: skip
    return bool(held & spoken) and bool(_IN_ITS_PLACE.search(found.text, part[1]))
