"""The second mind: what a connected model adds to a turn, verified; without one, or when it fails, nothing is lost."""

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from linghang.agents.arbitration import Answered, arbitrate, narrated, propose, worded
from linghang.agents.model import Json
from linghang.base.messages import catalogue, render
from linghang.kit.asking import Told
from linghang.kit.context import Context
from linghang.packs.model import Pack
from linghang.reading import Reading

_ROWS = 40
_SHOWN = 160
_EVERY = 0.2
_ANSWER = re.compile(r'"answer"\s*:\s*"((?:[^"\\]|\\.)*)')


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
    heard = propose(ctx, ctx.llm, text, told, pack, timeout=ctx.llm.patience)
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
    passages = [str(item["text"]) for item in quotes]
    return _worded(ctx, worded(ctx, ctx.llm, question, passages, pack, timeout=ctx.llm.patience, heard=_writing(ctx)))


def narrative(ctx: Context, question: str, sentence: str, rows: Sequence[Mapping[str, Json]]) -> Added:
    """A model's telling of figures; the sentence of the ledgers stands when it has a number that they have not."""
    if ctx.llm is None or not sentence:
        return Added()
    facts = [sentence, *(json.dumps(row, ensure_ascii=False, default=str) for row in rows[:_ROWS])]
    return _worded(ctx, narrated(ctx, ctx.llm, question, facts, timeout=ctx.llm.patience, heard=_writing(ctx)))


def _worded(ctx: Context, heard: Told[Answered]) -> Added:
    if heard.value is None:
        return Added(note=_note(ctx, heard.error), tokens=heard.tokens)
    return Added("model", words=heard.value.answer, tokens=heard.tokens)


def _writing(ctx: Context) -> Callable[[str], None]:
    """Tells a model's words as they come, marked as not yet verified; at most some times a second."""
    whole: list[str] = []
    last = 0.0

    def heard(part: str) -> None:
        nonlocal last
        whole.append(part)
        if time.monotonic() - last >= _EVERY and (found := _ANSWER.search("".join(whole))):
            last = time.monotonic()
            ctx.emit("model", note="agents.model_writes", text=found[1].replace("\\n", " ")[-_SHOWN:])

    return heard


def _note(ctx: Context, error: str) -> str:
    name = ctx.llm.name if ctx.llm is not None else ""
    if error == "work.cancelled":
        return render("agents.model_stopped", {"model": name}, ctx.locale)
    code = f"agents.model_why.{error.removeprefix('llm.')}"
    why = render(code if code in catalogue() else "agents.model_why.failed", {}, ctx.locale)
    return render("agents.model_failed", {"model": name, "why": why}, ctx.locale)
