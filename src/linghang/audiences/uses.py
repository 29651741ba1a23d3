"""Where saved audiences are used: by the newest versions of campaigns, and by other saved audiences."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from linghang.audiences import store
from linghang.audiences.model import SavedAudience
from linghang.audiences.rules import SAVED
from linghang.base.predicates import Rule, Saved, leaves
from linghang.campaigns import store as campaigns

_ID = re.compile(r"aud_[0-9a-z]+")


@dataclass(frozen=True)
class Use:
    """Something that refers to a saved audience."""

    kind: Literal["campaign", "audience"]
    id: str
    name: str


def uses(db: sa.Engine, institution_id: str, every: Iterable[SavedAudience] | None = None) -> dict[str, list[Use]]:
    """Saved audience → what refers to it, for all that are used."""
    found: dict[str, list[Use]] = {}
    for one in store.every(db, institution_id) if every is None else every:
        for id in referred(one.rule):
            found.setdefault(id, []).append(Use("audience", one.id, one.name))
    for campaign, texts in campaigns.newest_texts(db, institution_id, "brief", "reading", "goal").items():
        goal: Mapping[str, Any] = json.loads(texts.get("goal", "{}"))
        for id in mentioned(texts.get("reading") or texts.get("brief", "")):
            found.setdefault(id, []).append(Use("campaign", campaign, str(goal.get("name") or campaign)))
    return found


def referred(rule: Rule | None) -> tuple[str, ...]:
    """The saved audiences that a rule names, each once."""
    named = (leaf.audience for leaf in leaves(rule) if isinstance(leaf, Saved)) if rule is not None else ()
    return tuple(dict.fromkeys(named))


def mentioned(text: str) -> tuple[str, ...]:
    """The saved audiences that a brief or a reading refers to, given as JSON text."""
    return tuple(dict.fromkeys(_ID.findall(text))) if SAVED in text else ()


def behind(db: sa.Engine, institution_id: str, ids: Iterable[str]) -> tuple[str, ...]:
    """These saved audiences and all that their rules are made of."""
    known = {one.id: one for one in store.every(db, institution_id)}
    waiting, found = list(ids), dict[str, None]()
    while waiting:
        id = waiting.pop()
        if id in known and id not in found:
            found[id] = None
            waiting += referred(known[id].rule)
    return tuple(found)
