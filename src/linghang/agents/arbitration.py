"""What a model proposes is verified before it counts; the embedded mind's own values are never touched.

A slot is taken from a model only if the embedded reading left it open and asks for it, if its quote stands in the
operator's words and supports no other slot, if the embedded reader, given the quote alone, finds the same value, and
if the model has earned trust in that slot. Everything else becomes a question. So no model can lower a measure of the
reading: what it may add is what would have been asked.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter

from linghang import knowledge, reading
from linghang.agents.model import Json
from linghang.kit.asking import Told, ask, prompt
from linghang.kit.context import Context
from linghang.packs.model import Pack
from linghang.ports.llm import LanguageModel
from linghang.reading import Reading

SLOTS: Mapping[str, tuple[str, ...]] = {
    "product": ("product",),
    "channels": ("channels",),
    "audience": ("audience",),
    "schedule": ("start", "end"),
    "start": ("start",),
    "budget": ("budget_cny",),
}
"""What a reading may miss → the keys that would answer it."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Proposed:
    """A slot that a model proposes, with the words that it rests on."""

    slot: str
    value: Any
    quote: str


@dataclass(frozen=True)
class Proposals:
    """What a model proposes for a sentence."""

    proposals: tuple[Proposed, ...] = ()


@dataclass(frozen=True)
class Answered:
    """A model's answer from passages."""

    answer: str = ""


@dataclass(frozen=True)
class Arbitrated:
    """A reading after arbitration: what was taken, what is only asked, what was dropped and why."""

    reading: Reading
    taken: tuple[Proposed, ...] = ()
    asked: tuple[Proposed, ...] = ()
    dropped: tuple[tuple[Proposed, str], ...] = ()
    error: str = ""


def propose(
    ctx: Context, model: LanguageModel, text: str, told: Reading, pack: Pack, *, timeout: float
) -> Told[Proposals]:
    """Ask a model for the slots that a reading misses. It is told the catalogue's names, never a customer's row."""
    catalogue = {
        "product": sorted({item.kind for item in pack.products}),
        "channels": [item.id for item in pack.channels],
        "fields": [item.name for item in pack.attributes][:80],
    }
    return ask(
        ctx, model, prompt("linghang.agents", "slots"), TypeAdapter(Proposals), timeout=timeout, text=text[:2000],
        missing=", ".join(str(item) for item in told.reading.get("missing", ())),
        catalogue=json.dumps(catalogue, ensure_ascii=False), terms=terms_for(text, pack, ctx.locale),
    )  # fmt: skip


def terms_for(text: str, pack: Pack, locale: str) -> str:
    """What a model is told of the words of the trade in a text: 金条 is a loan here, not bullion."""
    lines = [
        f"- {item.term.term}: {item.term.meaning.of(locale)}" + (f" ({trap.of(locale)})" if trap else "")
        for item in knowledge.terms_in(text, pack)[:8]
        for trap in [item.term.trap]
    ]
    return "\n".join(dict.fromkeys(lines)) or "-"


def arbitrate(
    text: str, told: Reading, proposals: Sequence[Proposed], pack: Pack, *, today: dt.date, trusted: frozenset[str]
) -> Arbitrated:
    """A reading with what of the proposals stands; slots outside ``trusted`` are only asked."""
    missing = [str(item) for item in told.reading.get("missing", ())]
    values = dict(told.reading)
    taken: list[Proposed] = []
    asked: list[Proposed] = []
    dropped: list[tuple[Proposed, str]] = []
    for item in proposals:
        why, found = _verified(text, told, item, missing, pack, today)
        if why:
            dropped.append((item, why))
        elif item.slot not in trusted:
            asked.append(item)
        else:
            values |= found
            missing.remove(item.slot)
            taken.append(item)
    if taken:
        values["missing"] = missing
    return Arbitrated(replace(told, reading=values) if taken else told, tuple(taken), tuple(asked), tuple(dropped))


def _verified(
    text: str, told: Reading, item: Proposed, missing: Sequence[str], pack: Pack, today: dt.date
) -> tuple[str, dict[str, Json]]:
    keys = SLOTS.get(item.slot)
    if keys is None or item.slot not in missing or any(key in told.reading for key in keys):
        return "not_asked", {}
    place = text.find(item.quote) if item.quote.strip() else -1
    if place < 0:
        return "not_said", {}
    end = place + len(item.quote)
    used = [span for spans in told.spans.values() for span in spans if span != (0, len(text))]
    if any(start < end and place < stop for start, stop in used):
        return "supports_another", {}
    alone = reading.slots(item.quote, today=today, pack=pack)
    found = {key: alone[key] for key in keys if key in alone}
    if not found:
        return "says_something_else", {}
    return ("", found) if _same(item.value, found, keys) else ("says_something_else", {})


def _same(value: Any, found: Mapping[str, Json], keys: Sequence[str]) -> bool:
    given = value if isinstance(value, Mapping) else {keys[0]: value}
    return all(
        json.dumps(given.get(key), sort_keys=True, default=str) == json.dumps(told, sort_keys=True, default=str)
        or (isinstance(told, list) and given.get(key) in told)
        for key, told in found.items()
    )


def supported(answer: str, passages: Sequence[str]) -> bool:
    """Whether an answer rests on passages: every number is theirs, and most of what it says too."""
    told = "".join(passages)
    numbers = set(_NUMBER.findall(told))
    if not answer.strip() or any(number not in numbers for number in _NUMBER.findall(answer)):
        return False
    pairs = [answer[n : n + 2] for n in range(len(answer) - 1) if answer[n : n + 2].strip()]
    return bool(pairs) and sum(pair in told for pair in pairs) / len(pairs) >= 0.6


def worded(
    ctx: Context, model: LanguageModel, question: str, passages: Sequence[str], pack: Pack, *, timeout: float,
    heard: Callable[[str], None] | None = None,
) -> Told[Answered]:  # fmt: skip
    """A model's wording of an answer, or why there is none; one that the passages do not support is none."""
    told = ask(
        ctx, model, prompt("linghang.agents", "answer"), TypeAdapter(Answered), timeout=timeout, heard=heard,
        question=question[:500], passages="\n".join(passages)[:4000], terms=terms_for(question, pack, ctx.locale),
    )  # fmt: skip
    return _only_supported(told, passages)


def narrated(
    ctx: Context, model: LanguageModel, question: str, facts: Sequence[str], *, timeout: float,
    heard: Callable[[str], None] | None = None,
) -> Told[Answered]:  # fmt: skip
    """A model's telling of figures, or why there is none; a number that the facts do not have makes it none."""
    told = ask(
        ctx, model, prompt("linghang.agents", "narrative"), TypeAdapter(Answered), timeout=timeout, heard=heard,
        question=question[:500], facts="\n".join(facts)[:6000],
    )  # fmt: skip
    return _only_supported(told, facts)


def _only_supported(told: Told[Answered], passages: Sequence[str]) -> Told[Answered]:
    if told.value is not None and not supported(told.value.answer, passages):
        return replace(told, value=None, error="llm.unsupported")
    return told
