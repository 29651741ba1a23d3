"""Asking a model for a typed value: prompts as files with versions, answers parsed tolerantly and checked, calls kept.

A model that answers in fenced JSON, with words around it or with a trailing comma is understood; what is not of the
type is asked once more with what was wrong; then the asker goes on without.
"""

import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
import yaml
from pydantic import TypeAdapter, ValidationError

from linghang.base.digest import digest
from linghang.base.errors import LinghangError, UnavailableError
from linghang.base.ids import new_id
from linghang.kit.context import Context
from linghang.kit.database import Instant, metadata, reading
from linghang.ports.llm import Answer, LanguageModel

T = TypeVar("T")
TRIES = 2
_LOOK = 0.05
_GRACE = 0.5
"""Seconds beyond its time that a model's own time-out may take to be told."""
LONGEST = 60_000
"""Characters of an answer that are looked at; a model that loops is cut off."""
_HEAD = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_FENCE = re.compile(r"```(?:json)?\s*(.*?)```", re.DOTALL)

calls = sa.Table(
    "model_call",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("actor", sa.String(80), nullable=False),
    sa.Column("prompt", sa.String(80), nullable=False),
    sa.Column("model", sa.String(120), nullable=False),
    sa.Column("asked", sa.String(64), nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("outcome", sa.String(40), nullable=False),
    sa.Column("tokens_in", sa.Integer, nullable=False),
    sa.Column("tokens_out", sa.Integer, nullable=False),
    sa.Column("millis", sa.Float, nullable=False),
    sa.Column("cost_micro", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("skill", sa.String(80), nullable=False, server_default=""),
    sa.Column("campaign", sa.String(40), nullable=False, server_default=""),
    sa.Column("day", sa.String(10), nullable=False, server_default=""),
    sa.Column("at", Instant, nullable=False),
)


@dataclass(frozen=True)
class Prompt:
    """A prompt file: its name and version, the inputs that it declares, and the two texts of it.

    ``domain`` is the domain agent that speaks by it: the model gets that domain's instructions too.
    """

    name: str
    version: str
    inputs: tuple[str, ...]
    system: str
    user: str
    domain: str = ""

    def render(self, **values: str) -> tuple[str, str]:
        """Both texts with the inputs put in. Raises ValueError for an input that is missing or not declared."""
        if set(values) != set(self.inputs):
            raise ValueError(f"prompt {self.name} takes {', '.join(self.inputs)}")
        user = self.user
        for name, value in values.items():
            user = user.replace("{{" + name + "}}", value)
        return self.system, user


@dataclass(frozen=True)
class Told(Generic[T]):
    """What a model said of a type; ``value`` is None when it said nothing of use, and ``error`` says why."""

    value: T | None
    error: str = ""
    tokens: int = 0
    millis: float = 0.0


def cost_of(model: LanguageModel, tokens_in: int, tokens_out: int) -> int:
    """What a call costs in millionths of a yuan, rounded up."""
    return -(-(model.price[0] * tokens_in + model.price[1] * tokens_out) // 1_000_000)


SILENCE = 8.0
"""Seconds between two words of a model that is writing; after that it has stalled."""


def prompt(package: str, name: str) -> Prompt:
    """A prompt of a room: ``prompts/NAME.md`` with a head (version, inputs, domain), the system's text, the user's."""
    text = (resources.files(package) / "prompts" / f"{name}.md").read_text("utf-8")
    head = _HEAD.match(text)
    if head is None:
        raise ValueError(f"prompt {name} has no head")
    told: dict[str, Any] = yaml.safe_load(head[1])
    system, _, user = text[head.end() :].partition("\n---\n")
    return Prompt(name, str(told["version"]), tuple(told["inputs"]), system.strip(), user.strip(),
                  str(told.get("domain", "")))  # fmt: skip


def ask(
    ctx: Context, model: LanguageModel, asked: Prompt, shape: TypeAdapter[T], *, timeout: float = 30,
    heard: Callable[[str], None] | None = None, **values: str,
) -> Told[T]:  # fmt: skip
    """A value of a type, or why there is none. Never raises: the asker has a mind of its own.

    ``heard`` gets the words as they come, before anything of them is verified.
    """
    system, user = asked.render(**values)
    if instructions := ctx.instructions.get(asked.domain, ""):
        system = f"{system}\n\nYour domain: {instructions}"
    schema = shape.json_schema()
    spent = 0
    started = time.monotonic()
    wrong = ""
    for _ in range(TRIES):
        left = timeout - (time.monotonic() - started)
        if left <= 0:
            return Told(None, "llm.timeout", spent, _since(started))
        again = f"\n\nYour last answer was not of the schema: {wrong[:300]}" if wrong else ""
        try:
            answer = _answered(ctx, model, (system, user + again), schema, left, heard)
        except LinghangError as error:
            _keep(ctx, asked, model.name, user, "", error.code, 0, 0, _since(started))
            return Told(None, error.code, spent, _since(started))
        spent += answer.tokens_in + answer.tokens_out
        cost = cost_of(model, answer.tokens_in, answer.tokens_out)
        try:
            value = shape.validate_python(parse(answer.text))
        except (ValueError, ValidationError) as error:
            wrong = str(error)
            _keep(ctx, asked, answer.model, user, answer.text, "malformed", answer.tokens_in, answer.tokens_out,
                  answer.millis, cost)  # fmt: skip
            continue
        _keep(ctx, asked, answer.model, user, answer.text, "typed", answer.tokens_in, answer.tokens_out,
              answer.millis, cost)  # fmt: skip
        return Told(value, "", spent, _since(started))
    return Told(None, "llm.malformed", spent, _since(started))


def _answered(
    ctx: Context, model: LanguageModel, words: tuple[str, str], schema: Mapping[str, Any], timeout: float,
    heard: Callable[[str], None] | None,
) -> Answer:  # fmt: skip
    """The model's answer, asked in a thread of its own: neither a server that stalls nor one that drips for ever
    outlasts its time, or a wish to stop. One that has begun to write and then falls silent is not waited for either.
    What it says after that is not heard.

    Raises UnavailableError("llm.timeout" | "llm.stalled" | "work.cancelled"), and what the model raises.
    """
    left = threading.Event()
    outcome: list[Answer | BaseException] = []
    last = [0.0]

    def hear(part: str) -> None:
        last[0] = time.monotonic()
        if left.is_set():
            raise UnavailableError("work.cancelled", step="model")
        if heard is not None:
            heard(part)

    def run() -> None:
        try:
            outcome.append(model.ask(words[0], words[1], schema=schema, timeout=timeout, heard=hear if heard else None))
        except BaseException as error:  # handed to the asker, who waits for it
            outcome.append(error)

    thread = threading.Thread(target=run, name="model", daemon=True)
    thread.start()
    deadline = time.monotonic() + timeout + _GRACE
    while thread.is_alive():
        thread.join(_LOOK)
        late = _late(ctx, model, timeout, deadline, last[0])
        if thread.is_alive() and late is not None:
            left.set()
            raise late
    (told,) = outcome
    if isinstance(told, BaseException):
        raise told
    return told


def _late(ctx: Context, model: LanguageModel, timeout: float, deadline: float, last: float) -> UnavailableError | None:
    """Why a model is not waited for any longer; None while it is. ``last`` is when it last said a word."""
    now = time.monotonic()
    if ctx.cancelled():
        return UnavailableError("work.cancelled", step="model")
    if last and now - last > SILENCE:
        return UnavailableError("llm.stalled", model=model.name, seconds=SILENCE)
    return UnavailableError("llm.timeout", model=model.name, seconds=round(timeout, 1)) if now > deadline else None


def parse(text: str) -> Any:
    """The JSON value of an answer, fenced, with words around it or with a trailing comma. Raises ValueError."""
    short = text[:LONGEST]
    fenced = _FENCE.search(short)
    for candidate in (short.strip(), fenced[1].strip() if fenced else "", _braced(short)):
        for form in (candidate, re.sub(r",\s*([}\]])", r"\1", candidate)):
            try:
                return json.loads(form)
            except (ValueError, RecursionError):
                continue
    raise ValueError("no JSON in the answer")


def _braced(text: str) -> str:
    first, last = text.find("{"), text.rfind("}")
    return text[first : last + 1] if 0 <= first < last else ""


def _since(started: float) -> float:
    return (time.monotonic() - started) * 1000


def _keep(ctx: Context, asked: Prompt, model: str, user: str, answer: str, outcome: str, tokens_in: int,
          tokens_out: int, millis: float, cost: int = 0) -> None:  # fmt: skip
    with ctx.db.begin() as connection:
        connection.execute(
            calls.insert().values(
                institution_id=ctx.institution_id, id=new_id("llm", ctx.now), actor=ctx.actor.name,
                prompt=f"{asked.name}@{asked.version}", model=model, asked=digest([asked.system, user]),
                answer=answer[:4000], outcome=outcome, tokens_in=tokens_in, tokens_out=tokens_out, millis=millis,
                cost_micro=cost, skill=ctx.skill,
                campaign=ctx.campaign, day=ctx.today.isoformat(), at=ctx.now,
            )
        )  # fmt: skip


def spent(
    db: sa.Engine, institution_id: str, by: str, *, since: str = "", campaign: str = ""
) -> list[Mapping[str, Any]]:
    """Calls, failed ones, tokens, seconds and cost (millionths of a yuan) by one of ``ACCOUNTS``, the dearest first.

    ``since`` is the first day (the institution's own days). A failed call is one that gave no value.
    """
    account = ACCOUNTS[by]
    where = [calls.c.institution_id == institution_id]
    where += [calls.c.day >= since] if since else []
    where += [calls.c.campaign == campaign] if campaign else []
    query = sa.select(
        account.label("key"), sa.func.count().label("calls"),
        sa.func.sum(sa.case((calls.c.outcome == "typed", 0), else_=1)).label("failed"),
        sa.func.sum(calls.c.tokens_in).label("tokens_in"), sa.func.sum(calls.c.tokens_out).label("tokens_out"),
        (sa.func.sum(calls.c.millis) / 1000).label("seconds"), sa.func.sum(calls.c.cost_micro).label("cost_micro"),
    ).where(*where).group_by(account)  # fmt: skip
    with reading(db).connect() as connection:
        rows = [dict(row._mapping) for row in connection.execute(query)]
    return sorted(rows, key=lambda row: (-row["cost_micro"], -row["tokens_in"] - row["tokens_out"], row["key"]))


ACCOUNTS: Mapping[str, sa.Column[str]] = {
    "day": calls.c.day, "skill": calls.c.skill, "campaign": calls.c.campaign, "model": calls.c.model,
    "prompt": calls.c.prompt, "person": calls.c.actor, "outcome": calls.c.outcome,
}  # fmt: skip
"""What calls of models are booked on."""
