"""The navigator: what is said becomes a goal, a plan, and its result, told in a sentence with what stands behind it.

What is not sure is asked with the three likeliest readings; what commits waits for a person; what nobody may have is
refused with the reason. Every turn is kept, and what must hold is held.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from linghang import knowledge, packs, reading
from linghang.agents import memory, mind, store
from linghang.agents.aims import shipped, sure
from linghang.agents.goals import LONGEST, Place, Understood, goal_of, understand
from linghang.agents.mind import Added
from linghang.agents.model import Aim, Json, Likely, Plan
from linghang.agents.placing import narrowing, place_of
from linghang.agents.planning import Skills, plan
from linghang.agents.running import Done, Ran, run
from linghang.agents.showing import show
from linghang.agents.staff import hand_over, rooms
from linghang.agents.telling import below, tell
from linghang.base.digest import digest, plain
from linghang.base.ids import new_id
from linghang.base.messages import render
from linghang.kit.catalogue import title
from linghang.kit.context import Context
from linghang.kit.skills import all_skills, call, find
from linghang.packs.model import Pack

LEAST = 0.15
"""A reading less likely than this is not worth offering."""
OFFERED = 3
"""How many readings are offered when none is sure."""
PRODUCTS = 12
"""How many products are offered where none was named."""
_ASKS = frozenset({"drafts.which_product"})
_TALK = frozenset({"talk", "nothing"})
_WORDS = ("tone", "style", "color", "copy_rules", "exclusions")
_HOLDS: Mapping[str, tuple[str, ...]] = {
    "campaign.document": (), "copy.texts": (*_WORDS, "channels"), "page.draft": _WORDS, "picture.drafts": _WORDS,
}  # fmt: skip
"""What is made of a brief → the keys of a reading that matter to it (none: all of them)."""
_FIGURES = frozenset({"analysis.answer", "campaign.recap", "campaign.report"})
"""What a model may tell in its own words, with the numbers of the ledgers only."""


@dataclass(frozen=True)
class Asked:
    """A turn before it is planned."""

    text: str
    conversation: str
    place: Place
    pack: Pack
    skills: Skills


def say(
    ctx: Context, text: str, *, conversation: str, page: str, campaign: str, aim: str, rule: Json = None
) -> dict[str, Json]:
    """One turn: understand, plan, run, tell and keep. ``aim`` is the reading that a person chose when asked, ``rule``
    the audience that is on the screen."""
    name = conversation or _new_conversation(ctx)
    opened = store.open_conversation(ctx.db, ctx.institution_id, name, actor=ctx.actor.name, title=text, at=ctx.now)
    pack = packs.load(ctx.pack)
    if len(text) > LONGEST:
        return _kept(
            ctx, name, text[:400], _refusal(ctx, "agents.too_long", length=f"{len(text):,}", most=f"{LONGEST:,}")
        )
    place = place_of(ctx, page, campaign or str(opened["focus"]), name, text)
    asked = Asked(text, name, place, pack, registered())
    if not aim and (changed := narrowing(ctx, text, rule, pack)) is not None:
        return _narrowed(ctx, asked, changed)
    understood = understand(text, place, pack, tuple(asked.skills.by_name.values()), today=ctx.today)
    chosen = _chosen(understood.likely, aim)
    if chosen is None:
        return _kept(ctx, name, text, _ask_back(ctx, understood))
    if chosen.makes in _TALK:
        return _kept(ctx, name, text, _talk(ctx, chosen, pack))
    return _carry_out(ctx, asked, understood, chosen)


def registered() -> Skills:
    """The skills that are there now, by what they make."""
    return Skills.of(all_skills(), rooms())


def plan_only(ctx: Context, text: str, *, campaign: str = "", aim: str = "") -> tuple[Plan, Understood]:
    """The plan of a sentence without running it; the plan of what is not sure has a ``refusal``."""
    pack = packs.load(ctx.pack)
    place = place_of(ctx, "", campaign, "", text)
    skills = registered()
    understood = understand(text, place, pack, tuple(skills.by_name.values()), today=ctx.today)
    chosen = _chosen(understood.likely, aim)
    if chosen is None or chosen.makes in _TALK:
        code = "agents.not_sure" if chosen is None else "agents.nothing_to_do"
        return Plan(chosen.id if chosen else "", "", text, refusal=code), understood
    return plan(goal_of(understood, chosen, place, pack), skills), understood


def _carry_out(ctx: Context, asked: Asked, understood: Understood, aim: Aim) -> dict[str, Json]:
    held = _constraints(ctx, asked, understood, aim)
    patch = [step for item in held for step in item.patch]
    goal = goal_of(understood, aim, asked.place, asked.pack, constraints=patch)
    goal = replace(goal, facts={**goal.facts, "conversation": asked.conversation})
    made = plan(goal, asked.skills)
    if made.refusal:
        reply = _refusal(ctx, made.refusal, makes=made.makes)
        return _kept(ctx, asked.conversation, asked.text, {**reply, "aim": aim.id})
    plan_id = _plan_id(ctx, asked)
    store.keep_plan(ctx.db, ctx.institution_id, plan_id, made, actor=ctx.actor.name, conversation=asked.conversation,
                    state="running", at=ctx.now)  # fmt: skip
    ctx.emit("plan", 0, len(made.steps), "agents.planned", plan=plan_id, aim=aim.id, steps=len(made.steps))
    ran = run(ctx, plan_id, made, goal, asked.skills)
    reply = outcome(ctx, plan_id, ran, asked.pack)
    reply["held"] = [plain(item) for item in held]
    if held and reply["state"] == "done":
        reply["text"] += "\n" + _held_words(ctx, held)
    reply["confidence"] = goal.confidence
    campaign = _campaign_of(reply, asked.place)
    _add_model(replace(ctx, campaign=campaign), understood, reply, asked.pack)
    if campaign:
        store.focus(ctx.db, ctx.institution_id, asked.conversation, campaign, ctx.now)
    return _kept(ctx, asked.conversation, asked.text, {**reply, "campaign": campaign})


def _narrowed(ctx: Context, asked: Asked, made: Plan) -> dict[str, Json]:
    """The audience in view, changed and counted; whoever shows it takes the ``rule`` of the reply over."""
    plan_id = _plan_id(ctx, asked)
    store.keep_plan(ctx.db, ctx.institution_id, plan_id, made, actor=ctx.actor.name, conversation=asked.conversation,
                    state="running", at=ctx.now)  # fmt: skip
    ctx.emit("plan", 0, len(made.steps), "agents.planned", plan=plan_id, aim=made.aim, steps=len(made.steps))
    reply = outcome(ctx, plan_id, run(ctx, plan_id, made, None, asked.skills), asked.pack)
    rule = reply["result"].get("rule") if reply["state"] == "done" and isinstance(reply["result"], Mapping) else None
    return _kept(ctx, asked.conversation, asked.text, {**reply, "rule": rule})


def _add_model(ctx: Context, understood: Understood, reply: dict[str, Json], pack: Pack) -> None:
    """What a connected model adds to the turn; a failure is told, and takes nothing away."""
    added = Added()
    if reply["makes"] == "campaign.document":
        added = mind.slots(ctx, understood.text, understood.reading, pack)
    elif reply["makes"] == "knowledge.answer" and isinstance(reply["result"], Mapping):
        added = mind.wording(ctx, understood.text, reply["result"].get("quotes", []), pack)
    elif reply["makes"] in _FIGURES and reply["state"] == "done" and isinstance(reply["result"], Mapping):
        rows = reply["result"].get("rows", [])
        added = mind.narrative(ctx, understood.text, reply["text"], rows if isinstance(rows, list) else [])
    reply |= {"mind": added.mind, "tokens": added.tokens, "chips": [*reply["chips"], *added.chips]}
    if added.words:
        # The sentence of the ledgers stays below a model's telling of it; of a quoted answer its source does.
        below = reply["text"] if reply["makes"] in _FIGURES else reply["text"].rpartition("\n")[2]
        reply["text"] = f"{added.words}\n{below}"
    if added.note:
        reply["text"] += f"\n{added.note}"


def outcome(ctx: Context, plan_id: str, ran: Ran, pack: Pack) -> dict[str, Json]:
    """A plan that ran, as it is told: the sentence, every step with its domain and sources, what is to be chosen."""
    index = knowledge.library(pack, ctx.home, ctx.encoder)
    shown = store.plan_json(ran.plan)
    for step, shape in zip(ran.plan.steps, shown["steps"], strict=True):
        done = ran.steps[step.id]
        task = hand_over(step, ran.plan.text, pack, index)
        shape["title"] = title(step.skill, ctx.locale)
        shape |= {"state": done.state, "millis": round(done.millis, 1), "error": done.error, "message": done.message,
                  "findings": list(done.findings), "sources": list(task.sources),
                  "handed": done.handed.told() if done.handed else None,
                  "recalled": done.recalled}  # fmt: skip
    last = ran.plan.terminal
    told = ran.terminal
    state = told.state if told is not None else "skipped"
    choices = _choices(ctx, ran)
    said = _words(ctx, ran, told)
    ended = told is not None and told.state == "done"
    if _commits(ran.plan):
        state = "waiting" if state in ("blocked", "skipped") else state
    elif state == "blocked" or (choices and state != "done"):
        state = "asked"
    return {
        "state": state,
        "aim": ran.plan.aim,
        "makes": ran.plan.makes,
        "text": said,
        "shown": show(ran.plan.makes, told.result) if told is not None and ended else [],
        "below": below(ran.plan.makes, said) if ended else [],
        "steps": [{key: shape[key] for key in ("title", "state", "millis")} for shape in shown["steps"]],
        "plan_id": plan_id,
        "plan": shown,
        "result": told.result if told is not None else None,
        "skill": last.skill if last is not None else "",
        "handed": told.handed.told() if told is not None and told.handed is not None else None,
        "results": {
            step.makes: ran.steps[step.id].result for step in ran.plan.steps if ran.steps[step.id].state == "done"
        },
        "chips": _chips(told),
        "choices": choices,
        "terms": _terms(ran.plan.text, pack, ctx.locale),
    }


def _words(ctx: Context, ran: Ran, told: Done | None) -> str:
    """The sentence of a plan's end: what was made, what waits for whom, or what stood in the way."""
    if told is not None and told.state == "done":
        return tell(ran.plan.makes, told.result, ctx.locale)
    if told is not None and told.state == "waiting":
        return _waits(ctx, ran.plan.terminal.skill if ran.plan.terminal else "")
    for step in ran.plan.steps:
        done = ran.steps[step.id]
        if done.state == "blocked":
            which = render("agents.which_campaign", {}, ctx.locale)
            return f"{_waits(ctx, step.skill)}\n{which}" if _commits(ran.plan) else which
        if done.state == "failed" and (step.required or (told is not None and told.state == "failed")):
            if done.error in _ASKS:
                # The choices stand below: sentence and finding would name them twice more.
                return render("agents.which_product", {}, ctx.locale)
            return "\n".join([done.message, *(str(item["message"]) for item in done.findings[:3])])
    return render("agents.not_reached", {}, ctx.locale)


def _waits(ctx: Context, skill: str) -> str:
    return render("agents.waits", {"skill": title(skill, ctx.locale) if skill else ""}, ctx.locale)


def _commits(made: Plan) -> bool:
    """Whether the plan ends in something that takes effect."""
    last = made.terminal
    return last is not None and find(last.skill).manifest.effect == "commit"


def _chips(told: Done | None) -> list[dict[str, Json]]:
    """What was assumed, each to be changed by a click."""
    found = told.result.get("assumptions") if told is not None and isinstance(told.result, Mapping) else None
    rows = found if isinstance(found, list) else []
    return [
        {
            "key": str(item.get("key", "")),
            "value": item.get("value"),
            "text": str(item.get("message") or item.get("words") or ""),
        }
        for item in rows
    ]


def _choices(ctx: Context, ran: Ran) -> list[dict[str, Json]]:
    """What a person may answer: campaigns that fit alike, or products, when that is what is not clear."""
    for step in ran.plan.steps:
        done = ran.steps[step.id]
        if step.skill == "campaign.find" and isinstance(done.result, Mapping) and not done.result.get("best"):
            # Where none fits, the latest ones are offered: the one that is meant is mostly among them.
            rows = done.result.get("matches") or call(ctx.as_agent(), "campaign.list", {})
            return [{"kind": "campaign", "campaign": str(row["id"]), "text": str(row["name"])}
                    for row in rows[:OFFERED]]  # fmt: skip
        if done.error in _ASKS:
            comma = ", " if ctx.locale.startswith("en") else "，"
            return [
                {"kind": "text", "text": item.label.of(ctx.locale),
                 "says": f"{ran.plan.text}{comma}{item.label.of(ctx.locale)}"}
                for item in packs.load(ctx.pack).products[:PRODUCTS]
            ]  # fmt: skip
    return []


def _terms(text: str, pack: Pack, locale: str) -> list[dict[str, Json]]:
    """Words of the trade in what was said: what they mean here, and what they must not be taken for."""
    return [
        {"term": item.term.term, "meaning": item.term.meaning.of(locale),
         "trap": item.term.trap.of(locale) if item.term.trap else ""}
        for item in knowledge.terms_in(text, pack)[:5]
    ]  # fmt: skip


def _chosen(found: Sequence[Likely], aim: str) -> Aim | None:
    if aim:
        known = (*(item.aim for item in found), *shipped())
        return next((item for item in known if item.id == aim), None)
    return found[0].aim if sure(found) else None


def _ask_back(ctx: Context, understood: Understood) -> dict[str, Json]:
    offered = [item for item in understood.likely if item.aim.makes not in _TALK and item.score >= LEAST][:OFFERED]
    choices = [
        {"kind": "aim", "aim": item.aim.id, "text": aim_label(item.aim, ctx.locale), "score": item.score}
        for item in offered
    ] or _about(ctx, understood)
    if choices:
        return {"state": "asked", "aim": "", "text": render("agents.ask_back", {}, ctx.locale), "choices": choices}
    starters = _starters(ctx, packs.load(ctx.pack))
    return {"state": "asked", "aim": "", "text": render("agents.not_understood", {}, ctx.locale), "choices": starters}


def _about(ctx: Context, understood: Understood) -> list[dict[str, Json]]:
    """What may be done with a thing that was only named: a product, an audience."""
    # With a campaign in view the sentence was read as an edit of it; what it names by itself is meant here.
    told = reading.read(understood.text, today=ctx.today, pack=packs.load(ctx.pack)).reading
    wanted = ("campaign", "copy", "knowledge") if told.get("product") else ()
    wanted = wanted or (("count", "campaign") if told.get("audience") else ())
    by_id = {aim.id: aim for aim in shipped()}
    return [{"kind": "aim", "aim": name, "text": aim_label(by_id[name], ctx.locale), "score": 0.0} for name in wanted]


def aim_label(aim: Aim, locale: str) -> str:
    """What an aim is called when it is offered."""
    if not aim.skill:
        return render(f"agents.aim.{aim.id}", {}, locale)
    told = find(aim.skill).manifest
    return f"{next(iter(told.says), told.description.partition(chr(10))[0])} ({aim.skill})"


def _talk(ctx: Context, aim: Aim, pack: Pack) -> dict[str, Json]:
    code = "agents.hello" if aim.id == "smalltalk" else "agents.outside"
    return {"state": "told", "aim": aim.id, "text": render(code, {}, ctx.locale), "choices": _starters(ctx, pack)}


def _starters(ctx: Context, pack: Pack) -> list[dict[str, Json]]:
    """Sentences that work, one of each application."""
    starters = [item for app in pack.applications for item in app.starters[:1]][:OFFERED]
    return [{"kind": "text", "text": item.of(ctx.locale)} for item in starters]


def _refusal(ctx: Context, code: str, **params: Any) -> dict[str, Json]:
    return {"state": "refused", "aim": "", "error": code, "text": render(code, params, ctx.locale), "choices": []}


def _constraints(ctx: Context, asked: Asked, understood: Understood, aim: Aim) -> tuple[memory.Kept, ...]:
    if aim.makes not in _HOLDS:
        return ()
    held = memory.constraints(ctx, asked.conversation, understood.reading.reading)
    return tuple(item for item in held if any(_touches(step, _HOLDS[aim.makes]) for step in item.patch))


def _touches(step: Mapping[str, Json], keys: Sequence[str]) -> bool:
    path = str(step["path"])
    value = step.get("value")
    if keys and path == "exclusions" and isinstance(value, Mapping) and value.get("field") not in ("copy", "channel"):
        return False
    return not keys or path.startswith(tuple(keys))


def _held_words(ctx: Context, held: Sequence[memory.Kept]) -> str:
    def told(code: str, some: Sequence[memory.Kept]) -> str:
        said, turns = "；".join(memory.core(item.text) for item in some), "、".join(str(item.turn) for item in some)
        return render(code, {"said": said, "turns": turns}, ctx.locale) if some else ""

    # What was asked for outside any conversation has no turn.
    parts = (told("agents.held", [item for item in held if item.turn]),
             told("agents.held_always", [item for item in held if not item.turn]))  # fmt: skip
    return "\n".join(part for part in parts if part)


def _campaign_of(reply: Mapping[str, Json], place: Place) -> str:
    result = reply.get("result")
    if reply["state"] == "done" and isinstance(result, Mapping) and str(result.get("id", "")).startswith("cmp_"):
        return str(result["id"])
    return place.campaign


def _new_conversation(ctx: Context) -> str:
    if ctx.idempotency_key:
        return f"con_{digest([ctx.institution_id, ctx.actor.name, ctx.idempotency_key])[:26]}"
    return new_id("con", ctx.now)


def _plan_id(ctx: Context, asked: Asked) -> str:
    if ctx.idempotency_key:
        return f"pln_{digest([ctx.institution_id, ctx.actor.name, ctx.idempotency_key, asked.text])[:26]}"
    return new_id("pln", ctx.now)


def _kept(ctx: Context, conversation: str, text: str, reply: dict[str, Json]) -> dict[str, Json]:
    """The reply with its place in the conversation; what is kept of it leaves out the large results."""
    small = {key: value for key, value in reply.items() if key not in ("result", "results", "plan")}
    n = store.add_turn(
        ctx.db, ctx.institution_id, conversation, key=ctx.idempotency_key, actor=ctx.actor.name, text=text,
        aim=str(reply.get("aim", "")), campaign=str(reply.get("campaign", "")), reply=small, at=ctx.now,
    )  # fmt: skip
    return {
        "said": text,
        "conversation": conversation,
        "turn": n,
        "chips": [],
        "terms": [],
        "held": [],
        "campaign": "",
        **reply,
    }


def rerun(ctx: Context, plan_id: str) -> dict[str, Json]:
    """Run a kept plan (perhaps edited) from where it stands, and tell its end."""
    made, _, conversation = store.plan(ctx.db, ctx.institution_id, plan_id)
    store.keep_plan(ctx.db, ctx.institution_id, plan_id, made, actor=ctx.actor.name, conversation=conversation,
                    state="running", at=ctx.now)  # fmt: skip
    ctx.emit("plan", 0, len(made.steps), "agents.planned", plan=plan_id, aim=made.aim, steps=len(made.steps))
    ran = run(ctx, plan_id, made, None, registered())
    reply = outcome(ctx, plan_id, ran, packs.load(ctx.pack))
    return {"conversation": conversation, "campaign": _campaign_of(reply, Place()), **reply}
