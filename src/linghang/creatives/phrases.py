"""Choose phrases: which fit, in which order, filled with facts; those of the pack first, a bank of ours after."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast, get_args

from linghang.creatives.bank import Setting, default_bank, fields_of, fitting, readings
from linghang.creatives.diversity import likeness
from linghang.creatives.limits import typeset
from linghang.experiments import uniform
from linghang.packs.model import Phrase, PhraseRole

__all__ = [
    "NEAR_DUPLICATE", "Wanted", "angles_for", "candidates", "default_bank", "names_benefit", "role_of", "roles_for",
    "sourced",
]  # fmt: skip

NEAR_DUPLICATE = 0.6
"""Two texts of one role that share more of their runs of two characters than this are near-duplicates."""
_ROLES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("push", "title"): ("push_title",),
    ("push", "body"): ("push_body",),
    ("site_msg", "title"): ("push_title",),
    ("sms", "body"): ("sms",),
    ("call", "script"): ("script",),
    ("call", "body"): ("script",),
    ("email", "subject"): ("subject", "push_title"),
    ("email", "preheader"): ("push_body", "subtitle"),
}
_REPEATABLE = ("button", "badge")
READINGS = 6
"""So many ways of saying a template are looked at for one text."""
_DETAIL = ("start", "end", "threshold", "valid", "minimum", "product", "festival")
"""Facts that a place need not say twice."""
_CALLED: Mapping[str, tuple[str, ...]] = {
    "新人": ("acquire",), "新客": ("acquire",), "newcomer": ("acquire",), "new customer": ("acquire",),
    "上次办理": ("retain", "winback", "upsell"), "上次购买": ("retain", "winback", "upsell"),
    "回归": ("winback",), "好久不见": ("winback",), "欢迎回来": ("winback",), "welcome back": ("winback",),
}  # fmt: skip
"""Words that say who the customers are, and the objectives of campaigns to such customers."""


@dataclass(frozen=True)
class Wanted:
    """The text that is wanted: role and place, whom it suits, its angles in order, facts, and how long it may be.

    ``said``: the place has named the benefit already; ``must``: it has to, somewhere. ``sources`` are the patterns of
    the place's texts so far, ``about`` the product's words.
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
    sources: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    alone: bool = True
    """Whether each text stands by itself: then a figure that others said has its source beside it."""


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


def candidates(
    wanted: Wanted, bank: Sequence[Phrase], others: Sequence[str], *, most: int = READINGS
) -> Iterator[tuple[Phrase, str]]:
    """Filled phrases that fit, best first: not like ``others`` before those that are, the pack's before ours.

    ``most`` is how many ways of saying each template are looked at.
    """
    scored: list[tuple[bool, bool, bool, bool, float, str, Phrase]] = []
    for own, phrase, filled in _said(wanted, tuple(bank), most):
        alike = max((likeness(filled, other) for other in others), default=0.0)
        near = alike > NEAR_DUPLICATE and wanted.role not in _REPEATABLE
        silent = wanted.must and not wanted.said and not names_benefit(phrase.text)
        rank = -score(phrase, filled, wanted) + (4 if near else 1) * alike
        scored.append((near and filled in others, silent, near, not own, rank, filled, phrase))
    scored.sort(key=lambda item: item[:6])
    seen: set[str] = set()
    for *_, filled, phrase in scored:
        if filled not in seen:
            seen.add(filled)
            yield phrase, filled


def _said(wanted: Wanted, bank: tuple[Phrase, ...], most: int) -> Iterator[tuple[bool, Phrase, str]]:
    """Every reading that fits role and room, filled; whether it is the pack's own."""
    known = frozenset(wanted.facts)
    setting = Setting(
        wanted.lang, wanted.kind, wanted.objective, wanted.offer, wanted.tone, wanted.about, known
    )  # fmt: skip
    own, own_parts = fitting(bank, setting)
    ours, our_parts = fitting(default_bank(), setting)
    parts = {name: (*own_parts.get(name, ()), *our_parts.get(name, ())) for name in {*own_parts, *our_parts}}
    roles = roles_for(wanted.place, wanted.role)
    for mine, phrases in ((True, own), (False, ours)):
        for phrase in phrases:
            if phrase.role not in roles:
                continue
            for said in readings(phrase, parts, known, most, wanted.seed):
                filled = typeset(_filled(said.text, wanted), wanted.lang)
                if (
                    0 < len(filled) <= wanted.room
                    and _true_to_benefit(said.text, filled, wanted.facts)
                    and _true_to_customers(said.text, wanted)
                    and (not wanted.alone or sourced(fields_of(said.text)))
                ):
                    yield mine, said, filled


_AFTER_COLON = re.compile(r"(?<=: )\{(fact\d+)\}")


def _filled(text: str, wanted: Wanted) -> str:
    """The text with its facts; after a colon an English fact goes on in a small letter."""
    if wanted.lang == "en":
        text = _AFTER_COLON.sub(lambda found: _small(wanted.facts[found[1]]), text)
    return text.format_map(wanted.facts)


def _small(fact: str) -> str:
    return fact[:1].lower() + fact[1:] if fact[1:2].islower() or fact[1:2] == " " else fact


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


def sourced(fields: Sequence[str]) -> bool:
    """Whether a claim has its source and a source its claim."""
    return ("claim" in fields) == ("source" in fields)


def roles_for(place: str, role: str) -> tuple[str, ...]:
    """Roles of phrases that may serve a role in a place."""
    return _ROLES.get((place, role), (role,))


def role_of(place: str, role: str) -> PhraseRole:
    """The role of phrases that serve a role in a place before all others."""
    first = roles_for(place, role)[0]
    return cast(PhraseRole, first) if first in get_args(PhraseRole) else "body"


def names_benefit(text: str) -> bool:
    """Whether a phrase says what is given."""
    return any(name in ("face", "benefit", "discount", "days") for name in fields_of(text))


def score(phrase: Phrase, filled: str, wanted: Wanted) -> float:
    """How well a phrase suits: written for this kind, offer, goal and tone, in the right angle, well filled."""
    angle = wanted.angles.index(phrase.angle) if phrase.angle in wanted.angles else len(wanted.angles)
    score = 2.0 - 0.4 * angle
    score += 1.0 * bool(phrase.kinds) + 1.2 * bool(phrase.offers) + 0.8 * bool(phrase.objectives or phrase.about)
    score += 1.0 * (wanted.tone in phrase.tones)
    if wanted.offer:
        # The benefit is said once in a place: by the title, or else by what follows it.
        score += (-3.0 if wanted.said else 1.2) * names_benefit(phrase.text)
    fields = fields_of(phrase.text)
    score -= 0.7 * sum(name in fields for source in wanted.sources for name in fields_of(source) if name in _DETAIL)
    score += 0.5 * len(filled) / wanted.room
    return score + 0.9 * uniform(len(filled), f"{wanted.seed}:{phrase.text}")
