"""The navigator: what is said becomes a goal, a plan, and its result, told in a sentence with what stands behind it.

What is not sure is asked with the three likeliest readings; what commits waits for a person; what nobody may have is
refused with the reason. Every turn is kept, and what must hold is held.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from linghang import knowledge, packs
from linghang.agents import ending, holding, lacking, memory, mind, store, turns
from linghang.agents.aims import shipped, sure
from linghang.agents.goals import LONGEST, Place, Understood, goal_of, understand
from linghang.agents.mind import Added
from linghang.agents.model import Aim, Goal, Json, Likely, Plan
from linghang.agents.offering import TALK, ask_back, chips, choices, opposed_by, products_of, refusal, talk, terms
from linghang.agents.picking import Picked, picked
from linghang.agents.placing import meaning_them, must_exist, narrowing, place_of
from linghang.agents.planning import Skills, plan
from linghang.agents.proposing import EDIT, edit_plan, for_left_aside, may_propose, proposed
from linghang.agents.running import Ran, report, run
from linghang.agents.showing import show
from linghang.agents.staff import hand_over, rooms
from linghang.agents.telling import below
from linghang.base.digest import digest, plain
from linghang.base.errors import LinghangError
from linghang.base.ids import new_id
from linghang.base.messages import render
from linghang.kit import stopping
from linghang.kit.catalogue import title
from linghang.kit.context import Context
from linghang.kit.skills import all_skills
from linghang.packs.model import Pack

_FIGURES = frozenset({"analysis.answer", "campaign.recap", "campaign.report"})
"""What a model may tell in its own words, with the numbers of the ledgers only."""


@dataclass(frozen=True)
class Asked:
    """A turn before it is planned."""

    text: str
    conversation: str
    turn: int
    place: Place
    pack: Pack
    skills: Skills
    despite: str = ""
    """What a person chose about remembered sentences that stand against this one: ``once``, ``forget`` or ``keep``."""


def say(
    ctx: Context, text: str, *, conversation: str, page: str, campaign: str, aim: str, rule: Json = None,
    despite: str = "", patch: Sequence[Mapping[str, Json]] = (), words: str = "",
) -> dict[str, Json]:  # fmt: skip
    """One turn: understand, plan, run, tell and keep. ``aim`` is the reading that a person chose when asked, ``rule``
    the audience that is on the screen, ``despite`` what to do with what is remembered against it, ``patch`` the change
    that was chosen as the meaning of ``words``. A sentence that only chooses (第二个) is read as what it chooses.

    Raises UnknownItemError("agents.no_campaign") for a campaign that does not exist: nothing was begun then.
    """
    name = conversation or _new_conversation(ctx)
    must_exist(ctx, campaign)
    store.open_conversation(ctx.db, ctx.institution_id, name, actor=ctx.actor.name, title=text, at=ctx.now)
    said = text if len(text) <= LONGEST else text[:400]
    if turns.stops(text) and (jobs := stop(ctx, conversation=name)):
        # It must not wait for what it is to stop.
        reply = {"state": "told", "aim": "stop", "text": render("agents.stopping", {"count": len(jobs)}, ctx.locale)}
        return turns.ended(ctx, name, turns.begun(ctx, name, said), said, reply)
    n = 0
    try:
        with turns.taken(ctx, name, said) as n:
            meant = Picked(text, aim, campaign, despite, tuple(patch), words)
            if not (aim or despite or patch) and (choice := picked(ctx, name, text)) is not None:
                meant = replace(choice, campaign=choice.campaign or campaign)
            return turns.ended(ctx, name, n, said, _meant(ctx, meant, name, n, page, rule))
    except LinghangError as error:
        n = n or turns.begun(ctx, name, said)
        told = turns.ended(ctx, name, n, said, turns.broken(ctx, error))
        if told["state"] == "cancelled":
            return told
        raise


def _meant(ctx: Context, meant: Picked, name: str, n: int, page: str, rule: Json) -> dict[str, Json]:
    """The reply to what is meant, be it said or chosen; ``about`` is the sentence that a next choice answers."""
    if meant.none:
        return {"state": "told", "aim": "", "text": render("agents.none_of_them", {}, ctx.locale), "choices": []}
    if meant.most:
        asked = render("agents.only_so_many", {"most": meant.most}, ctx.locale)
        return {"state": "asked", "aim": "", "text": asked, "choices": [*meant.choices], "about": meant.text}
    asked = replace(_asked(ctx, meant.text, name, n, page, meant.campaign), despite=meant.despite)
    if meant.patch:
        campaign = asked.place.campaign or meant.campaign
        if not campaign:
            return refusal(ctx, "agents.which_campaign")
        made = edit_plan(campaign, meant.text, meant.words, meant.patch)
        return _told(ctx, asked, None, _ran(ctx, asked, _plan_id(ctx, asked), made, None))
    return {"about": meant.text, **_answered(ctx, asked, meant.aim, rule)}


def _asked(ctx: Context, text: str, name: str, n: int, page: str, campaign: str) -> Asked:
    opened = store.open_conversation(ctx.db, ctx.institution_id, name, actor=ctx.actor.name, title=text, at=ctx.now)
    text = meaning_them(ctx, name, text)
    place = place_of(ctx, page, campaign or str(opened["focus"]), name, text)
    return Asked(text, name, n, place, packs.load(ctx.pack), registered())


def _answered(ctx: Context, asked: Asked, aim: str, rule: Json) -> dict[str, Json]:
    text, pack = asked.text, asked.pack
    if len(text) > LONGEST:
        return refusal(ctx, "agents.too_long", length=f"{len(text):,}", most=f"{LONGEST:,}")
    stopped = store.stopped_plan(ctx.db, ctx.institution_id, asked.conversation)
    if stopped and not aim and turns.goes_on(text):
        return _gone_on(ctx, asked, stopped)
    if not aim and (answer := _field_answered(ctx, asked)) is not None:
        return answer
    if not aim and (changed := narrowing(ctx, text, rule, pack)) is not None:
        return _narrowed(ctx, asked, changed)
    understood = understand(text, asked.place, pack, tuple(asked.skills.by_name.values()), today=ctx.today)
    chosen = _chosen(understood.likely, aim)
    if aim in ("", EDIT) and may_propose(chosen, understood, asked.place):
        offered = proposed(ctx, asked.place, understood, chosen, pack)
        if offered:
            return offered
    if chosen is None:
        return ask_back(ctx, understood)
    if chosen.makes in TALK:
        return talk(ctx, chosen, pack)
    return _carry_out(ctx, asked, understood, chosen)


def _field_answered(ctx: Context, asked: Asked) -> dict[str, Json] | None:
    """The reply to a sentence that answers what a skill of another system was waiting for; None for any other."""
    waits = lacking.pending(ctx, asked.conversation)
    if waits is None:
        return None
    if lacking.dropped(asked.text):
        said = render("agents.field_dropped", {"skill": title(waits.skill, ctx.locale)}, ctx.locale)
        return {"state": "told", "aim": "", "text": said, "choices": []}
    understood = understand(asked.text, asked.place, asked.pack, tuple(asked.skills.by_name.values()), today=ctx.today)
    made = lacking.completed(ctx, waits, understood, asked.pack)
    if isinstance(made, Plan):
        return _told(ctx, asked, None, _ran(ctx, asked, _plan_id(ctx, asked), made, None))
    return made


def stop(ctx: Context, *, conversation: str = "", plan_id: str = "") -> list[str]:
    """Wish that one's own work in a conversation, or on a plan, stops; the jobs that will."""
    jobs = store.jobs_of(ctx.db, ctx.institution_id, ctx.actor.name, conversation=conversation, plan_id=plan_id)
    for job in jobs:
        stopping.ask(ctx.db, ctx.institution_id, job, actor=ctx.actor.name, at=ctx.now)
    return jobs


def registered() -> Skills:
    """The skills that are there now, by what they make."""
    return Skills.of(all_skills(), rooms())


def plan_only(ctx: Context, text: str, *, campaign: str = "", aim: str = "") -> tuple[Plan, Understood]:
    """The plan of a sentence without running it; the plan of what is not sure has a ``refusal``."""
    must_exist(ctx, campaign)
    pack = packs.load(ctx.pack)
    place = place_of(ctx, "", campaign, "", text)
    skills = registered()
    understood = understand(text, place, pack, tuple(skills.by_name.values()), today=ctx.today)
    chosen = _chosen(understood.likely, aim)
    if chosen is None or chosen.makes in TALK:
        code = "agents.not_sure" if chosen is None else "agents.nothing_to_do"
        return Plan(chosen.id if chosen else "", "", text, refusal=code), understood
    return plan(goal_of(understood, chosen, place, pack), skills), understood


def _carry_out(ctx: Context, asked: Asked, understood: Understood, aim: Aim) -> dict[str, Json]:
    held = holding.holding(ctx, asked.conversation, understood.reading.reading, aim.makes)
    opposed = tuple(item for item in held if memory.against(item, understood.reading.reading))
    if opposed and not asked.despite:
        return opposed_by(ctx, aim, opposed)
    if asked.despite in ("once", "forget"):
        held = tuple(item for item in held if item not in opposed)
    if asked.despite == "forget":
        store.forget(ctx.db, ctx.institution_id, ctx.actor.name, [item.id for item in opposed])
    patch = [step for item in held for step in item.patch]
    goal = _goal(asked, understood, aim, patch)
    made = plan(goal, asked.skills)
    found = asked.skills.by_name.get(aim.skill)
    if found is not None and found.manifest.origin and made.refusal in ("", "agents.nothing_makes"):
        filled = lacking.filled(ctx, made, goal, found, asked.pack)
        if not isinstance(filled, Plan):
            return filled
        made = filled
    if made.refusal:
        return {**refusal(ctx, made.refusal, makes=made.makes), "aim": aim.id}
    reply = _ran(ctx, asked, _plan_id(ctx, asked), made, goal)
    reply["held"] = [plain(item) for item in held]
    if held and reply["state"] == "done":
        reply["text"] += "\n" + holding.told(ctx, held)
    reply["confidence"] = goal.confidence
    return _told(ctx, asked, understood, reply)


def _goal(asked: Asked, understood: Understood, aim: Aim, patch: Sequence[Mapping[str, Json]]) -> Goal:
    goal = goal_of(understood, aim, asked.place, asked.pack, constraints=patch)
    return replace(goal, facts={**goal.facts, "conversation": asked.conversation, "turn": asked.turn})


def _ran(ctx: Context, asked: Asked, plan_id: str, made: Plan, goal: Goal | None) -> dict[str, Json]:
    """A plan run to its end and told; the plan's record says how it ended."""
    store.keep_plan(ctx.db, ctx.institution_id, plan_id, made, actor=ctx.actor.name, conversation=asked.conversation,
                    state="running", job=ctx.job, at=ctx.now)  # fmt: skip
    report(ctx, "plan", 0, len(made.steps), "agents.planned", plan=plan_id, aim=made.aim, steps=len(made.steps))
    reply = outcome(ctx, plan_id, run(ctx, plan_id, made, goal, asked.skills), asked.pack)
    store.end_plan(ctx.db, ctx.institution_id, plan_id, str(reply["state"]))
    return reply


def _told(ctx: Context, asked: Asked, understood: Understood | None, reply: dict[str, Json]) -> dict[str, Json]:
    """The reply with what a model adds; what was made is in focus from now on."""
    campaign = _campaign_of(reply, asked.place)
    if understood is not None and reply["state"] != "cancelled":
        _add_model(replace(ctx, campaign=campaign), understood, reply, asked.pack)
    if campaign:
        store.focus(ctx.db, ctx.institution_id, asked.conversation, campaign, ctx.now)
    words, offered = for_left_aside(ctx, reply, asked.pack, answering=understood is None)
    if offered and not reply["choices"]:
        reply["text"] += "\n" + render("agents.which_aside", {"words": words}, ctx.locale)
        reply["choices"] = offered
    reply["choices"] = reply["choices"] or products_of(ctx, reply)
    return {**reply, "campaign": campaign}


def _gone_on(ctx: Context, asked: Asked, plan_id: str) -> dict[str, Json]:
    """The plan that was stopped, from where it stands: what was done is not done again."""
    made, _, _ = store.plan(ctx.db, ctx.institution_id, plan_id)
    understood = understand(made.text, asked.place, asked.pack, tuple(asked.skills.by_name.values()), today=ctx.today)
    aim = _chosen(understood.likely, made.aim) if made.aim else None
    goal = _goal(asked, understood, aim, ()) if aim is not None else None
    return _told(ctx, asked, understood, _ran(ctx, asked, plan_id, made, goal))


def _narrowed(ctx: Context, asked: Asked, made: Plan) -> dict[str, Json]:
    """The audience in view, changed and counted; whoever shows it takes the ``rule`` of the reply over."""
    reply = _ran(ctx, asked, _plan_id(ctx, asked), made, None)
    rule = reply["result"].get("rule") if reply["state"] == "done" and isinstance(reply["result"], Mapping) else None
    return {**reply, "rule": rule}


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
    offered = choices(ctx, ran)
    said = ending.words(ctx, ran, told)
    ended = told is not None and told.state == "done"
    if ran.stopped:
        state, said, offered = "cancelled", turns.stopped(ctx, ran), []
    elif ending.commits(ran.plan):
        state = "waiting" if state in ("blocked", "skipped") else state
    elif state == "blocked" or (offered and state != "done"):
        state = "asked"
    return {
        "state": state,
        "aim": ran.plan.aim,
        "begun": ran.begun,
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
        "chips": chips(told),
        "choices": offered,
        "confirm": ending.confirm(told),
        "terms": terms(ran.plan.text, pack, ctx.locale),
    }


def _chosen(found: Sequence[Likely], aim: str) -> Aim | None:
    if aim:
        known = (*(item.aim for item in found), *shipped())
        return next((item for item in known if item.id == aim), None)
    return found[0].aim if sure(found) else None


def _campaign_of(reply: Mapping[str, Json], place: Place) -> str:
    result = reply.get("result")
    if reply["state"] == "done" and isinstance(result, Mapping) and str(result.get("id", "")).startswith("cmp_"):
        return str(result["id"])
    return str(reply.get("begun") or place.campaign)


def _new_conversation(ctx: Context) -> str:
    if ctx.idempotency_key:
        return f"con_{digest([ctx.institution_id, ctx.actor.name, ctx.idempotency_key])[:26]}"
    return new_id("con", ctx.now)


def _plan_id(ctx: Context, asked: Asked) -> str:
    if ctx.idempotency_key:
        return f"pln_{digest([ctx.institution_id, ctx.actor.name, ctx.idempotency_key, asked.text])[:26]}"
    return new_id("pln", ctx.now)


def rerun(ctx: Context, plan_id: str) -> dict[str, Json]:
    """Run a kept plan (perhaps edited) from where it stands, and tell its end."""
    made, _, conversation = store.plan(ctx.db, ctx.institution_id, plan_id)
    asked = Asked(made.text, conversation, 0, Place(), packs.load(ctx.pack), registered())
    reply = _ran(ctx, asked, plan_id, made, None)
    return {"conversation": conversation, "campaign": _campaign_of(reply, Place()), **reply}
