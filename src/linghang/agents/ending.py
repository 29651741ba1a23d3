"""How the end of a plan is told: what was made, what waits for whom, or what stood in the way."""

from collections.abc import Mapping

from linghang.agents import lacking
from linghang.agents.model import Json, Plan
from linghang.agents.offering import ASKS
from linghang.agents.running import Done, Ran
from linghang.agents.telling import tell
from linghang.base.messages import render
from linghang.kit.catalogue import title
from linghang.kit.context import Context
from linghang.kit.skills import find


def words(ctx: Context, ran: Ran, told: Done | None) -> str:
    """The sentence of a plan's end: what was made, what waits for whom, or what stood in the way."""
    if told is not None and told.state == "done":
        return tell(ran.plan.makes, told.result, ctx.locale)
    if told is not None and told.state == "waiting":
        return _waits(ctx, ran.plan.terminal.skill if ran.plan.terminal else "", told.result)
    for step in ran.plan.steps:
        done = ran.steps[step.id]
        if done.state == "blocked":
            which = render("agents.which_campaign", {}, ctx.locale)
            return f"{_waits(ctx, step.skill)}\n{which}" if commits(ran.plan) else which
        if done.state == "failed" and (step.required or (told is not None and told.state == "failed")):
            if done.error in ASKS:
                # The choices stand below: sentence and finding would name them twice more.
                return render("agents.which_product", {}, ctx.locale)
            return "\n".join([done.message, *(str(item["message"]) for item in done.findings[:3])])
    return render("agents.not_reached", {}, ctx.locale)


def _waits(ctx: Context, skill: str, prepared: Json = None) -> str:
    """What a person has to do; of another system's skill with what it would be told."""
    found = find(skill) if skill else None
    if found is not None and found.manifest.origin:
        arguments = prepared.get("arguments", {}) if isinstance(prepared, Mapping) else {}
        params = {"skill": title(skill, ctx.locale), "system": skill.partition(".")[0],
                  "known": lacking.known_words(found, arguments, ctx.locale) or "—"}  # fmt: skip
        return render("agents.waits_outside", params, ctx.locale)
    return render("agents.waits", {"skill": title(skill, ctx.locale) if skill else ""}, ctx.locale)


def confirm(told: Done | None) -> Json:
    """What a person may confirm: another system's skill with its arguments; nothing of this house's own."""
    prepared = told.result if told is not None and told.state == "waiting" else None
    if not isinstance(prepared, Mapping) or not find(str(prepared["skill"])).manifest.origin:
        return None
    return dict(prepared)


def commits(made: Plan) -> bool:
    """Whether the plan ends in something that takes effect."""
    last = made.terminal
    return last is not None and find(last.skill).manifest.effect == "commit"
