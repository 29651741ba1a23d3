"""Many texts for one offer: as many different messages as the bank can say, best first, each passed by the checker.

Messages are chosen one by one for what they say themselves and for being unlike those before (maximal marginal
relevance: Carbonell & Goldstein, SIGIR 1998); near-duplicates are left out, and every angle has its turn.
"""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from linghang.campaigns.sections import Goal
from linghang.creatives.bank import fields_of
from linghang.creatives.checking import Checked, Checker
from linghang.creatives.diversity import likeness
from linghang.creatives.facts import facts_of
from linghang.creatives.limits import Place, allowed, forbidden, room_of, whole
from linghang.creatives.phrases import NEAR_DUPLICATE, Wanted, candidates, sourced
from linghang.creatives.writer import ELSEWHERE, Writer, hard
from linghang.packs.model import Benefit, Pack

ANGLES = ("benefit", "scene", "trust", "urgency", "social", "plain")
READINGS = 40
_TITLES = 240
_BODIES = 480


@dataclass(frozen=True)
class Message:
    """The texts of one message by role, the angle of what leads it, and the patterns they grew from.

    ``plain`` is the last text without disclosures, signature and way out.
    """

    roles: Mapping[str, str]
    angle: str
    sources: tuple[str, ...]
    plain: str = ""

    @property
    def text(self) -> str:
        """All of it, a line a role."""
        return "\n".join(self.roles.values())

    @property
    def said(self) -> str:
        """The text without disclosures, signature and way out."""
        return "\n".join((*list(self.roles.values())[:-1], self.plain)) if self.plain else self.text


def messages(
    goal: Goal, pack: Pack, place: Place, benefit: Benefit | None, count: int, *, checker: Checker, seed: int = 0,
    before: Sequence[Message] = (),
) -> tuple[Message, ...]:  # fmt: skip
    """Up to ``count`` different messages of an offer for a place that sends; fewer where the bank is exhausted.

    None is like one of ``before``.
    """
    product = next((item for item in pack.products if item.id == goal.product), None)
    writer = Writer(goal, pack, product, forbidden(goal, pack, product), (), checker, seed)
    facts = facts_of(goal, pack, benefit)
    names = [item.role for item in place.roles]
    lead = names[0]
    role = next((name for name in names if name in ("body", "script")), names[len(names) - 1])
    heads = _texts(writer, place, lead, benefit, facts) if lead != role else [("", "plain", "")]
    bodies = _texts(writer, place, role, benefit, facts)
    made: list[Message] = []
    pool = _paired(heads, bodies, lead, role)
    queues = {angle: [one for one in pool if one.angle == angle] for angle in ANGLES}
    turns = itertools.cycle(ANGLES)
    idle = 0
    while len(made) < count and idle < len(ANGLES):
        queue = queues[next(turns)]
        found = _next(queue, [*before, *made], writer, place, facts, benefit)
        idle = 0 if found else idle + 1
        if found:
            made.append(found)
    return tuple(made)


def _next(
    queue: list[Message], made: Sequence[Message], writer: Writer, place: Place, facts: Mapping[str, str],
    benefit: Benefit | None,
) -> Message | None:  # fmt: skip
    """The first of a queue that is unlike what was said, fits with its disclosures and passes; the queue shrinks."""
    while queue:
        one = queue.pop(0)
        if any(near(one, other) for other in made):
            continue
        if benefit is not None and not any(_names(source) for source in one.sources):
            continue
        if sent := passed(one, writer, place, facts):
            return sent
    return None


def passed(one: Message, writer: Writer, place: Place, facts: Mapping[str, str]) -> Message | None:
    """The message as it is sent, with the disclosures that the checker asks for, or None where it cannot be."""
    role = list(one.roles)[-1]
    carried = list(writer.own)[:1]
    room = room_of(place, next(item for item in place.roles if item.role == role), writer.goal)
    for _ in range(3):
        body = writer.followed(one.roles[role], carried, facts)
        if len(body) > room:
            body = writer.followed(one.roles[role], carried, facts, short=True)
        if len(body) > room:
            return None
        sent = replace(one, roles={**one.roles, role: whole(place, role, body)}, plain=one.roles[role])
        checked: Checked = writer.ask(sent.text, place, "")
        if hard(checked.findings):
            return None
        lacking = [code for code in checked.missing if writer.disclosure(code, facts) and code not in carried]
        if not [code for code in checked.missing if code not in ELSEWHERE]:
            return sent
        if not lacking:
            return None
        carried += lacking
    return None


def _texts(
    writer: Writer, place: Place, role: str, benefit: Benefit | None, facts: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """Texts of a role with angle and pattern, the best first."""
    wanted = Wanted(
        role=role,
        place=place.id,
        lang=writer.goal.lang,
        kind=writer.goal.product_kind,
        objective=writer.goal.objective,
        offer=benefit.type if benefit else "",
        tone=writer.goal.tone,
        angles=ANGLES,
        facts=facts,
        room=room_of(place, next(item for item in place.roles if item.role == role), writer.goal),
        seed=f"{writer.seed}:{place.id}:{role}:many",
        about=writer.about,
        alone=len(place.roles) < 2,
    )
    found = candidates(wanted, writer.pack.phrases, (), most=READINGS)
    most = _TITLES if role == place.roles[0].role and len(place.roles) > 1 else _BODIES
    kept = [
        (filled, phrase.angle, phrase.text) for phrase, filled in found if allowed(filled, writer.banned, writer.goal)
    ]
    by_angle = {angle: [one for one in kept if one[1] == angle] for angle in ANGLES}
    mixed = [one for row in itertools.zip_longest(*by_angle.values()) for one in row if one is not None]
    return mixed[:most]


def _paired(
    heads: Sequence[tuple[str, str, str]], bodies: Sequence[tuple[str, str, str]], head: str, role: str
) -> list[Message]:
    """Titles with bodies that go with them: not twice the same fact, and every title as often as the next."""
    made: list[Message] = []
    following = [
        [one for one in bodies if not title or goes_with(source, title, angle, one)] for title, angle, source in heads
    ]
    for turn in range(max(1, 3 * len(bodies) // max(1, len(heads)))):
        for place, ((title, angle, source), fitting) in enumerate(zip(heads, following, strict=True)):
            if not fitting:
                continue
            body, own, pattern = fitting[(turn * 7 + place * 3) % len(fitting)]
            roles = {head: title, role: body} if title else {role: body}
            made.append(Message(roles, angle if title else own, tuple(filter(None, (source, pattern)))))
    return _unique(made)


def _unique(made: Sequence[Message]) -> list[Message]:
    by_text = {one.text: one for one in reversed(made)}
    return [one for one in made if by_text.get(one.text) is one]


_FOLLOWS: Mapping[str, tuple[str, ...]] = {
    "benefit": ("urgency", "benefit"),
    "scene": ("benefit", "plain", "trust"),
    "trust": ("trust", "plain"),
    "urgency": ("benefit", "plain", "trust"),
    "social": ("social",),
    "plain": ("benefit", "scene", "urgency", "trust"),
}
"""Angle of a title → angles of bodies that go on from it; a scene is not followed by another one."""
_SHORTEST = 12


def goes_with(source: str, title: str, angle: str, body: tuple[str, str, str]) -> bool:
    """Whether a body follows a title: it says nothing again that the title said, and is not thinner than a line."""
    text, own, pattern = body
    if own not in _FOLLOWS[angle] or len(text) < _SHORTEST:
        return False
    if set(fields_of(source)) & set(fields_of(pattern)) - {"telephone", "brand"}:
        return False
    if _names(source) and _names(pattern):
        return False
    if not sourced((*fields_of(source), *fields_of(pattern))):
        return False
    if any(likeness(title, clause) > _SAID for clause in _CLAUSE.split(text) if clause):
        return False
    return likeness(title, text) < 0.12


_CLAUSE = re.compile("[，。；：？！,.;:?!]")
_SAID = 0.2
"""A clause of a body that shares more with the title says it again: 按需借，量力还 and 按需借款，量力而行."""


def _names(source: str) -> bool:
    return any(name in ("face", "benefit", "discount", "days") for name in fields_of(source))


def near(one: Message, other: Message) -> bool:
    """Whether two messages are near-duplicates in what they say by themselves."""
    return likeness(one.said, other.said) > NEAR_DUPLICATE
