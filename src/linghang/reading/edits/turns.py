"""Conditions that turn into their opposite: 没提过款的改成提过款的."""

import re

from linghang.reading.audience.conditions import conditions, ordered
from linghang.reading.audience.scan import CAMPAIGN_PRODUCT, Hit
from linghang.reading.edits.words import Change
from linghang.reading.sentence import Sentence

_TURN = re.compile(r"(?:改|换|变|转)(?:成|为|到)?|→|->|(?<![a-z])(?:to|into)(?![a-z])")


def turned(change: Change, known: frozenset[str]) -> bool:
    """没提过款的改成提过款的: a condition turns into its opposite; each side of the verb is read by itself."""
    found = change.found
    for verb in _TURN.finditer(found.text):
        before = {p for p, t in enumerate(found.tokens) if t.end <= verb.start()}
        behind = {p for p, t in enumerate(found.tokens) if t.start >= verb.end()}
        clause = found.clause_at(verb.start())
        sides = [_side(found, before, clause, known), _side(found, behind, clause, known)]
        old, new = ({hit.shape["field"]: hit for hit in side} for side in sides)
        for field in old.keys() & new.keys():
            current = next((item for item in change.base.get("audience", []) if item["field"] == field), None)
            if current is None or bool(old[field].shape.get("negated")) == bool(new[field].shape.get("negated")):
                continue
            said = {key: value for key, value in new[field].shape.items() if value != CAMPAIGN_PRODUCT}
            shape = {key: value for key, value in current.items() if key != "negated"} | said
            change.step("set", f"audience[{field}]", ordered(shape), *old[field].places, *new[field].places)
            return True
    return False


def _side(found: Sentence, places: set[int], clause: int, known: frozenset[str]) -> list[Hit]:
    """The conditions of the tokens at these places of a clause, as if nothing else were said."""
    used = set(found.used)
    inside = {place for place in places if found.clause(place) == clause}
    found.used.update(set(range(len(found.tokens))) - inside)
    hits = conditions(found, known) if inside else []
    found.used.clear()
    found.used.update(used)
    return hits
