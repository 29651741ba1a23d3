"""Copy by a connected model: it proposes texts of a type, and each has to pass what our own texts pass, or is dropped.

A text is dropped for a number that is no fact, a placeholder or an address, another product's or benefit's name, a word
that brief or brand forbid, the wrong language, a length that its place does not have, a finding of the checker, silence
about the offer, or likeness to one that was taken. What is taken becomes phrases of a bank, so that the writer puts
disclosures to it and asks the checker again. Without a model, or when it fails, the general bank writes alone.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from pydantic import BaseModel, Field, TypeAdapter

from linghang.creatives.facts import facts_of
from linghang.creatives.limits import Place, allowed, forbidden, room_of, typeset
from linghang.creatives.numbers import strange_numbers
from linghang.creatives.phrases import role_of
from linghang.creatives.variety import Message, near, passed
from linghang.creatives.writer import Writer
from linghang.kit import asking
from linghang.kit.context import Context
from linghang.packs.model import Benefit, Pack, Phrase
from linghang.ports.llm import LanguageModel

Angle = Literal["benefit", "scene", "trust", "urgency", "social", "plain"]
PATIENCE = 20.0
MOST = 24
_STRANGE = re.compile(r"[{}<>\[\]\\`]|https?:|www\.|\.(?:com|cn|net)\b|@", re.IGNORECASE)
_HANZI = re.compile("[\u3400-\u9fff]")


class Proposal(BaseModel, extra="forbid"):
    """One text as a model proposes it."""

    title: str = Field(default="", max_length=80)
    body: str = Field(max_length=600)
    angle: Angle = "plain"


class Proposals(BaseModel, extra="forbid"):
    """What a model answers."""

    texts: list[Proposal] = Field(max_length=MOST)


_SHAPE: TypeAdapter[Proposals] = TypeAdapter(Proposals)


@dataclass(frozen=True)
class Proposed:
    """What came of asking: texts that passed, why others did not (text, reason), and the error of a failed model."""

    messages: tuple[Message, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    error: str = ""
    tokens: int = 0
    facts: Mapping[str, str] = field(default_factory=dict)


def propose(
    ctx: Context, model: LanguageModel, writer: Writer, place: Place, benefit: Benefit | None, count: int
) -> Proposed:
    """Ask a model for texts of a place and keep what passes. Never raises."""
    goal, pack = writer.goal, writer.pack
    facts = facts_of(goal, pack, benefit)
    rooms = {role.role: room_of(place, role, goal) for role in place.roles if role.role in ("title", "body", "script")}
    heard = asking.ask(
        ctx, model, asking.prompt("linghang.creatives", "copy"), _SHAPE, timeout=PATIENCE,
        language="简体中文" if goal.lang == "zh" else "English",
        place=place.id,
        limits=", ".join(f"{role} at most {room} characters" for role, room in rooms.items()),
        facts="\n".join(f"{name}: {value}" for name, value in facts.items()),
        tone=goal.tone, avoid=", ".join(writer.banned), count=str(min(count, MOST)),
    )  # fmt: skip
    if heard.value is None:
        return Proposed(error=heard.error, tokens=heard.tokens, facts=facts)
    kept: list[Message] = []
    refused: list[tuple[str, str]] = []
    for one in heard.value.texts:
        message = _message(one, place, goal.lang)
        reason = _reason(message, writer, place, benefit, facts, kept)
        sent = passed(message, writer, place, facts) if not reason else None
        if sent is None:
            refused.append((message.text, reason or "checker"))
        else:
            kept.append(sent)
    return Proposed(tuple(kept), tuple(refused), "", heard.tokens, facts)


def as_phrases(messages: Sequence[Message], place: Place, lang: str, facts: Mapping[str, str]) -> tuple[Phrase, ...]:
    """Texts that passed, as phrases of a bank: the facts in them are fields again, so that they serve every layer."""
    made: list[Phrase] = []
    for one in messages:
        roles = list(one.roles)
        for role in roles:
            text = one.plain if role == roles[-1] else one.roles[role]
            said, needs = _with_fields(text, facts)
            made.append(
                Phrase(role_of(place.id, role), said, "en" if lang == "en" else "zh", _angle(one.angle), needs=needs)
            )
    return tuple(made)


def _message(one: Proposal, place: Place, lang: str) -> Message:
    names = [role.role for role in place.roles]
    last = next((name for name in names if name in ("body", "script")), names[len(names) - 1])
    roles = {names[0]: typeset(one.title.strip(), lang)} if names[0] != last else {}
    return Message({**roles, last: typeset(one.body.strip(), lang)}, one.angle, ("model",))


def _reason(
    one: Message, writer: Writer, place: Place, benefit: Benefit | None, facts: Mapping[str, str],
    kept: Sequence[Message],
) -> str:  # fmt: skip
    """Why a text cannot be used, in a word; empty where nothing speaks against it."""
    goal, pack = writer.goal, writer.pack
    rooms = {role.role: room_of(place, role, goal) for role in place.roles}
    if not all(text for text in one.roles.values()) or any(len(text) > rooms[role] for role, text in one.roles.items()):
        return "length"
    if _STRANGE.search(one.text):
        return "placeholder"
    if bool(_HANZI.search(one.text)) != (goal.lang == "zh"):
        return "language"
    if strange_numbers(one.text, facts):
        return "number"
    if not allowed(one.text, forbidden(goal, pack, writer.product), goal):
        return "word"
    if _foreign(one.text, pack, facts):
        return "other_offer"
    if benefit is not None and not _speaks_of(one.text, facts):
        return "silent"
    if any(near(one, other) for other in kept):
        return "alike"
    return ""


def _foreign(text: str, pack: Pack, facts: Mapping[str, str]) -> bool:
    """Whether a text names a product or a benefit that is not the offer's (and is no part of a name that is)."""
    own = " ".join((facts.get("product", ""), facts.get("benefit", ""), facts.get("provider", ""), *facts.values()))
    names = {label for item in (*pack.products, *pack.benefits) for label in (item.label.zh, item.label.en)}
    return any(len(name) > 1 and name in text and name not in own for name in names)


def _speaks_of(text: str, facts: Mapping[str, str]) -> bool:
    return any(facts.get(name) and facts[name] in text for name in ("benefit", "face", "discount", "days"))


def _with_fields(text: str, facts: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """A text with fields for the facts in it, the longest first, so that each layer fills in its own."""
    needs: list[str] = []
    for name, value in sorted(facts.items(), key=lambda item: -len(item[1])):
        if len(value) > 1 and value in text:
            text = text.replace(value, "{" + name + "}")
            needs.append(name)
    return text, tuple(name for name in needs if not name.startswith("fact"))


def _angle(angle: str) -> Angle:
    return angle if angle in get_args(Angle) else "plain"  # type: ignore[return-value]
