"""What another system's skill still needs to know: filled from the words that ask for it, else asked field by field.

The question stands in the reply (``pending``) with what is known so far; the next sentence of the conversation answers
it. Whoever says 算了, or clearly wants something else, is not held.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from linghang.agents import filling, store
from linghang.agents.aims import SURE
from linghang.agents.goals import Understood
from linghang.agents.model import Goal, Json, Plan, Step
from linghang.agents.staff import domain_of
from linghang.base.errors import LinghangError
from linghang.base.messages import render
from linghang.kit.catalogue import title
from linghang.kit.context import Context
from linghang.kit.skills import Skill, find
from linghang.packs.model import Pack

_DROPPED = re.compile(
    r"(?:那就?|还是)?(?:算了|取消|不用了?|不要了?|不做了?|不建了?|放弃|先不(?:弄|做|办|建)?了?)(?:吧)?"
    r"|cancel|never ?mind|forget it|stop",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Pending:
    """A skill that waits for one field: what was asked for, what is known, and the field."""

    skill: str
    text: str
    have: Mapping[str, Json]
    field: str


def pending(ctx: Context, conversation: str) -> Pending | None:
    """What the turn before asked for, where it asked for a field of a skill that is still there."""
    rows = store.turns_of(ctx.db, ctx.institution_id, conversation, last=1)
    told = rows[0]["reply"].get("pending") if rows else None
    if not isinstance(told, Mapping):
        return None
    try:
        find(str(told["skill"]))
    except LinghangError:
        return None
    return Pending(str(told["skill"]), str(told["text"]), dict(told["have"]), str(told["field"]))


def dropped(text: str) -> bool:
    """Whether a sentence says no more than that nothing shall be done."""
    return _DROPPED.fullmatch(text.strip().rstrip("。.!！~～ ")) is not None


def completed(ctx: Context, waits: Pending, understood: Understood, pack: Pack) -> Plan | dict[str, Json] | None:
    """The plan with the field answered, or the next question; None where the sentence wants something else."""
    found = find(waits.skill)
    schema = found.schema()
    told = _field(schema, waits.field)
    value = filling.answered(understood.text, waits.field, told, today=ctx.today, pack=pack)
    other = next((one.score for one in understood.likely[:1] if one.aim.skill != waits.skill), 0.0)
    if other >= (SURE if value is None else _SURER):
        return None
    if value is None:
        return _question(ctx, found, waits, wrong=understood.text)
    # One answer may say more than it was asked for.
    have = {**waits.have, waits.field: value}
    more = filling.fill(understood.text, schema, today=ctx.today, pack=pack, given=have)
    named = {name: one for name, one in more.values.items() if name in have or more.words[name] != understood.text}
    return following(ctx, found, waits.text, named)


_SURER = 0.9
"""So sure must another wish be before an answer is taken for it."""


def filled(ctx: Context, made: Plan, goal: Goal, found: Skill, pack: Pack) -> Plan | dict[str, Json]:
    """The plan of a skill with what the words of its goal fill, or the question for the first field that is open.

    A plan that stands already gains the fields that may be given.
    """
    if made.steps:
        return _enriched(ctx, made, goal, found, pack)
    needs = found.manifest.needs
    known = {name: goal.facts[kind] for name, kind in needs.items() if kind in goal.facts}
    filled = filling.fill(goal.text, found.schema(), today=ctx.today, pack=pack, given=known)
    return following(ctx, found, goal.text, filled.values)


def following(ctx: Context, found: Skill, text: str, have: Mapping[str, Json]) -> Plan | dict[str, Json]:
    """The plan where every field that must be given is known, else the question for the first that is not."""
    schema = found.schema()
    open_ = [name for name in schema.get("required", ()) if name not in have]
    if open_:
        return _question(ctx, found, Pending(found.manifest.name, text, have, open_[0]))
    manifest = found.manifest
    makes = next(iter(manifest.makes), manifest.name)
    step = Step("s1", manifest.name, dict(have), makes, f"skill:{manifest.name}", domain_of(manifest.name))
    return Plan(f"skill:{manifest.name}", makes, text, (step,))


def _enriched(ctx: Context, made: Plan, goal: Goal, found: Skill, pack: Pack) -> Plan:
    """A plan whose last step also has the fields that may be given and that the words fill."""
    last = made.terminal
    if last is None or last.skill != found.manifest.name:
        return made
    more = filling.fill(goal.text, found.schema(), today=ctx.today, pack=pack, without=last.arguments).values
    steps = tuple(replace(step, arguments={**more, **step.arguments}) if step is last else step for step in made.steps)
    return replace(made, steps=steps)


def known_words(found: Skill, have: Mapping[str, Json], locale: str) -> str:
    """What is known so far, as people say it: 客户号 1024、优先级 high."""
    schema = found.schema()
    said = [f"{filling.label(name, _field(schema, name), locale)} {value}" for name, value in have.items()]
    return ("、" if locale.startswith("zh") else ", ").join(said)


def _question(ctx: Context, found: Skill, waits: Pending, *, wrong: str = "") -> dict[str, Json]:
    schema = found.schema()
    told = _field(schema, waits.field)
    allowed = filling.options(told)
    called = filling.label(waits.field, told, ctx.locale)
    params = {"skill": title(waits.skill, ctx.locale), "field": called, "said": wrong.strip()[:40],
              "known": known_words(found, waits.have, ctx.locale)}  # fmt: skip
    lines = [render("agents.field_wrong", params, ctx.locale)] if wrong else []
    lines.append(render("agents.field_asked_more" if waits.have else "agents.field_asked", params, ctx.locale))
    return {
        "state": "asked", "aim": f"skill:{waits.skill}", "text": "\n".join(lines), "skill": waits.skill,
        "choices": [{"kind": "text", "text": one, "says": one} for one in allowed[:_MOST_CHOICES]],
        "pending": {"skill": waits.skill, "text": waits.text, "have": dict(waits.have), "field": waits.field},
    }  # fmt: skip


_MOST_CHOICES = 8


def _field(schema: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return schema.get("properties", {}).get(name, {})
