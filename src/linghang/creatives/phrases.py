"""Choose phrases: which fit, in which order, filled with facts; those of the pack first, a small bank of ours after."""

import functools
import re
import string
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from linghang.creatives.diversity import likeness
from linghang.creatives.limits import typeset
from linghang.experiments import uniform
from linghang.packs.model import Phrase

NEAR_DUPLICATE = 0.6
"""Two texts of one role that share more of their runs of two characters than this are near-duplicates."""
_ROLES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("push", "title"): ("push_title", "title"),
    ("push", "body"): ("push_body", "body"),
    ("sms", "body"): ("sms",),
    ("call", "script"): ("script",),
    ("call", "body"): ("script",),
    ("email", "subject"): ("subject", "push_title"),
    ("email", "preheader"): ("push_body", "subtitle"),
}
_REPEATABLE = ("button", "badge")
_CALLED: Mapping[str, tuple[str, ...]] = {
    "新人": ("acquire",), "新客": ("acquire",), "newcomer": ("acquire",), "new customer": ("acquire",),
    "上次办理": ("retain", "winback", "upsell"), "上次购买": ("retain", "winback", "upsell"),
    "回归": ("winback",), "好久不见": ("winback",), "欢迎回来": ("winback",), "welcome back": ("winback",),
}  # fmt: skip
"""Words that say who the customers are, and the objectives of campaigns to such customers."""


@dataclass(frozen=True)
class Wanted:
    """The text that is wanted: role and place, whom it suits, its angles in order, facts, and how long it may be.

    ``said``: the place has named the benefit already; ``must``: it has to, somewhere.
    """

    role: str
    place: str
    lang: str
    kind: str
    objective: str
    offer: str
    tone: str
    angles: tuple[str, ...]
    facts: Mapping[str, str]
    room: int
    seed: str
    said: bool = False
    must: bool = False


def angles_for(rank: int, variant: str, has_benefit: bool) -> tuple[str, ...]:
    """The angles that suit the layer of a rank (0 the warmest), best first.

    Who is warm is told plainly why it suits, the middle is met in a scene, who sleeps is woken by what it gets.
    """
    orders = (
        ("trust", "plain", "scene", "benefit", "social", "urgency"),
        ("scene", "benefit", "plain", "trust", "social", "urgency"),
        ("benefit", "urgency", "scene", "social", "plain", "trust"),
        ("urgency", "benefit", "social", "scene", "plain", "trust"),
    )
    order = orders[min(rank, len(orders) - 1)]
    if not has_benefit:
        order = (*(angle for angle in order if angle != "benefit"), "benefit")
    shift = 1 if variant != "a" else 0
    return (*order[shift:], *order[:shift])


def candidates(wanted: Wanted, bank: Sequence[Phrase], others: Sequence[str]) -> Iterator[tuple[Phrase, str]]:
    """Filled phrases that fit, best first: not like ``others`` before those that are, the pack's before ours."""
    scored: list[tuple[bool, bool, bool, bool, float, str, Phrase]] = []
    for own, phrases in ((True, bank), (False, default_bank())):
        for phrase in phrases:
            filled = _filled(phrase, wanted)
            if filled is not None:
                alike = max((likeness(filled, other) for other in others), default=0.0)
                near = alike > NEAR_DUPLICATE and wanted.role not in _REPEATABLE
                silent = wanted.must and not wanted.said and not names_benefit(phrase.text)
                rank = -_score(phrase, filled, wanted) + (4 if near else 1) * alike
                scored.append((near and filled in others, silent, near, not own, rank, filled, phrase))
    scored.sort(key=lambda item: item[:6])
    seen: set[str] = set()
    for *_, filled, phrase in scored:
        if filled not in seen:
            seen.add(filled)
            yield phrase, filled


def _filled(phrase: Phrase, wanted: Wanted) -> str | None:
    """The phrase with its facts, or None where it does not fit role, language, campaign, facts or room."""
    if phrase.lang != wanted.lang or phrase.role not in roles_for(wanted.place, wanted.role):
        return None
    for named, value in (
        (phrase.kinds, wanted.kind),
        (phrase.objectives, wanted.objective),
        (phrase.offers, wanted.offer),
    ):
        if named and value not in named:
            return None
    needed = (*phrase.needs, *_fields(phrase.text))
    if any(name not in wanted.facts for name in needed):
        return None
    filled = typeset(phrase.text.format_map(wanted.facts), wanted.lang)
    if not 0 < len(filled) <= wanted.room or not _true_to_benefit(phrase.text, filled, wanted.facts):
        return None
    return filled if _true_to_customers(phrase.text, wanted) else None


def _true_to_customers(text: str, wanted: Wanted) -> bool:
    """Whether words that call the customers new or returning fit what the campaign is for, or the benefit's name."""
    named = wanted.facts.get("benefit", "")
    return all(
        wanted.objective in objectives or word in named for word, objectives in _CALLED.items() if word in text.lower()
    )


def _true_to_benefit(text: str, filled: str, facts: Mapping[str, str]) -> bool:
    """Whether what follows the face value is what the benefit is called: ``{face}支付券`` is no 话费券."""
    if "{face}" not in text:
        return True
    found = re.search(
        re.escape(facts["face"]) + r"\s?([\u3400-\u9fff]{0,4}?(?:券|红包|金|卡)|coupon|voucher|red packet)", filled
    )
    return found is None or found[1].lower() in facts.get("benefit", "").lower()


def roles_for(place: str, role: str) -> tuple[str, ...]:
    """Roles of phrases that may serve a role in a place."""
    return _ROLES.get((place, role), (role,))


def names_benefit(text: str) -> bool:
    """Whether a phrase says what is given."""
    return any(name in ("face", "benefit", "discount", "days") for name in _fields(text))


@functools.cache
def _fields(text: str) -> tuple[str, ...]:
    return tuple(name for _, name, _, _ in string.Formatter().parse(text) if name)


def _score(phrase: Phrase, filled: str, wanted: Wanted) -> float:
    """How well a phrase suits: written for this kind, offer, goal and tone, in the right angle, well filled."""
    angle = wanted.angles.index(phrase.angle) if phrase.angle in wanted.angles else len(wanted.angles)
    score = 2.0 - 0.4 * angle
    score += 1.5 * bool(phrase.kinds) + 1.2 * bool(phrase.offers) + 0.8 * bool(phrase.objectives)
    score += 1.0 if wanted.tone in phrase.tones else (-0.6 if phrase.tones else 0.0)
    if wanted.offer:
        # The benefit is said once in a place: by the title, or else by what follows it.
        score += (-1.0 if wanted.said else 1.2) * names_benefit(phrase.text)
    score += 0.5 * len(filled) / wanted.room
    return score + 0.6 * uniform(len(filled), f"{wanted.seed}:{phrase.text}")


@functools.cache
def default_bank() -> tuple[Phrase, ...]:
    """Our own phrases, for roles that a pack leaves open: facts and nothing else."""
    raw = tomllib.loads(resources.files("linghang.creatives").joinpath("phrases.toml").read_text("utf-8"))
    made: list[Phrase] = []
    for group in raw["group"]:
        shared: dict[str, Any] = {key: value for key, value in group.items() if key not in ("texts", "needs")}
        needs = tuple(group.get("needs", ()))
        made.extend(Phrase(text=text, needs=needs, **shared) for text in group["texts"])
    return tuple(made)
