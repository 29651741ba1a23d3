"""The second mind: what a connected model adds to a turn, verified; without one, or when it fails, nothing is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linghang.agents.arbitration import arbitrate, propose, worded
from linghang.agents.model import Json
from linghang.base.messages import render
from linghang.kit.context import Context
from linghang.packs.model import Pack
from linghang.reading import Reading

PATIENCE = 20.0
"""Seconds that a model has for its part of a turn."""


@dataclass(frozen=True)
class Added:
    """What a model added: chips to be confirmed, a wording, the mind that spoke, and a note when the model failed."""

    mind: str = "embedded"
    chips: tuple[Mapping[str, Json], ...] = ()
    words: str = ""
    note: str = ""
    tokens: int = 0


def slots(ctx: Context, text: str, told: Reading, pack: Pack) -> Added:
    """Proposals for what a brief leaves open, as chips: each rests on a quote that the embedded reader reads alike."""
    if ctx.llm is None or told.kind != "brief" or not told.reading.get("missing"):
        return Added()
    heard = propose(ctx, ctx.llm, text, told, pack, timeout=PATIENCE)
    if heard.value is None:
        return Added(note=_note(ctx, heard.error), tokens=heard.tokens)
    done = arbitrate(text, told, heard.value.proposals, pack, today=ctx.today, trusted=frozenset())
    chips = tuple(
        {"key": item.slot, "value": item.value, "quote": item.quote, "source": "model",
         "text": render("agents.model_proposes", {"slot": render(f"reading.key.{item.slot}", {}, ctx.locale),
                                                  "quote": item.quote}, ctx.locale)}
        for item in done.asked
    )  # fmt: skip
    return Added("model", chips, tokens=heard.tokens)


def wording(ctx: Context, question: str, quotes: Sequence[Mapping[str, Json]], pack: Pack) -> Added:
    """A model's wording of an answer that the documents give; their own words stand when it says more than they do."""
    if ctx.llm is None or not quotes:
        return Added()
    heard = worded(ctx, ctx.llm, question, [str(item["text"]) for item in quotes], pack, timeout=PATIENCE)
    if heard.value is None:
        return Added(note=_note(ctx, heard.error), tokens=heard.tokens)
    return Added("model", words=heard.value.answer, tokens=heard.tokens)


def _note(ctx: Context, error: str) -> str:
    name = ctx.llm.name if ctx.llm is not None else ""
    return render("agents.model_failed", {"model": name, "code": error}, ctx.locale)
