"""The skills of the staff: say, plan, run, show; what is remembered; who does what."""

from collections.abc import Mapping
from typing import Any, Literal

from linghang import packs
from linghang.agents import accounts, foreign, inbox, memory, navigator, store
from linghang.agents.editing import edited
from linghang.agents.model import Json
from linghang.agents.offering import aim_label
from linghang.agents.staff import domains, skills_of
from linghang.base.errors import RefusedError, UnavailableError, UsageError
from linghang.base.ids import new_id
from linghang.base.messages import render
from linghang.kit.context import Context
from linghang.kit.skills import all_skills, skill


@skill(
    "agents.say",
    effect="draft",
    permission="skills.call",
    cost="high",
    durable=True,
    deterministic=False,
    example={"text": "AUM 5万以上的沉睡客户有多少"},
)
def say(
    ctx: Context,
    text: str,
    conversation: str = "",
    page: str = "",
    campaign: str = "",
    aim: str = "",
    rule: dict[str, Any] | None = None,
    despite: Literal["", "once", "forget", "keep"] = "",
    patch: list[dict[str, Any]] | None = None,
    words: str = "",
) -> Mapping[str, Json]:
    """Say something to the navigator: it plans, does what reads and drafts, and tells; what commits waits for a person.

    ``page``, ``campaign`` and ``rule`` (an audience) are what is on the screen; ``aim`` is the reading chosen when it
    asked, ``despite`` what was chosen where something remembered stands against the sentence, ``patch`` the change
    that was chosen of those offered for ``words``. Choices are also made by saying so: 2, 第二个, the second.
    """
    return navigator.say(ctx, text, conversation=conversation, page=page, campaign=campaign, aim=aim, rule=rule,
                         despite=despite, patch=patch or (), words=words)  # fmt: skip


@skill("agents.plan", effect="draft", permission="skills.call", example={"text": "给近30天没登录的客户发短信推小金库"})
def plan(ctx: Context, text: str, campaign: str = "", aim: str = "", keep: bool = True) -> Mapping[str, Json]:
    """The plan of a sentence, without running it: steps, what each needs, rounds, and the aims that were likely."""
    made, understood = navigator.plan_only(ctx, text, campaign=campaign, aim=aim)
    name = ""
    if made.steps and keep:
        name = new_id("pln", ctx.now)
        store.keep_plan(ctx.db, ctx.institution_id, name, made, actor=ctx.actor.name, conversation="",
                        state="proposed", at=ctx.now)  # fmt: skip
    return {
        "plan_id": name,
        **store.plan_json(made),
        "message": render(made.refusal, made.params, ctx.locale) if made.refusal else "",
        "likely": [
            {"aim": item.aim.id, "score": item.score, "text": aim_label(item.aim, ctx.locale)}
            for item in understood.likely[:3]
        ],
    }


@skill("agents.change", effect="draft", permission="skills.call")
def change(ctx: Context, plan_id: str, changes: list[dict[str, Any]]) -> Mapping[str, Json]:
    """Change a plan: remove, move or insert a step, set an argument, or use another skill that makes the same.

    A plan that has run stays as it was: the change makes a new one.
    """
    made, state, conversation = store.plan(ctx.db, ctx.institution_id, plan_id)
    changed = edited(made, changes, navigator.registered())
    name = plan_id if state == "proposed" else new_id("pln", ctx.now)
    store.keep_plan(ctx.db, ctx.institution_id, name, changed, actor=ctx.actor.name, conversation=conversation,
                    state="proposed", at=ctx.now)  # fmt: skip
    return {"plan_id": name, "of": plan_id, "state": "proposed", **store.plan_json(changed)}


@skill("agents.run", effect="draft", permission="skills.call", cost="high", durable=True, deterministic=False)
def run(ctx: Context, plan_id: str) -> Mapping[str, Json]:
    """Run a kept plan; what was done in an earlier run of it is not done again."""
    return navigator.rerun(ctx, plan_id)


@skill("agents.cancel", effect="draft", permission="skills.call", example={"conversation": "con_1"})
def cancel(ctx: Context, conversation: str = "", plan_id: str = "") -> Mapping[str, Json]:
    """Stop one's own work in a conversation, or on a plan. Steps that are done stay; 继续 (go on) goes on.

    ``stopping`` are the jobs that will end at their next report; empty where nothing was under way.
    """
    if not conversation and not plan_id:
        raise UsageError("agents.cancel_what")
    return {"stopping": navigator.stop(ctx, conversation=conversation, plan_id=plan_id)}


@skill("agents.show", effect="read", permission="skills.read")
def show(ctx: Context, plan_id: str) -> Mapping[str, Json]:
    """A kept plan, and how its steps went so far."""
    made, state, conversation = store.plan(ctx.db, ctx.institution_id, plan_id)
    went = store.steps_of(ctx.db, ctx.institution_id, plan_id)
    return {"plan_id": plan_id, "state": state, "conversation": conversation, **store.plan_json(made), "went": went}


@skill("agents.plans", effect="read", permission="skills.read")
def plans_made(ctx: Context, limit: int = 20) -> list[Mapping[str, Json]]:
    """One's own latest plans: the sentence, how many steps, what they make, and where they stand."""
    return store.plans_of(ctx.db, ctx.institution_id, ctx.actor.name, min(max(limit, 1), 100))


@skill("agents.list", effect="read", permission="skills.read")
def listing(ctx: Context) -> list[Mapping[str, Json]]:
    """The domain agents: their names, their skills, and the kinds of documents that are their slice of knowledge."""
    names = [item.manifest.name for item in all_skills()]
    return [
        {"id": item.id, "label": item.label.of(ctx.locale), "skills": list(skills_of(item.id, names)),
         "knowledge": list(item.knowledge), "instructions": item.instructions, "version": item.version}
        for item in domains()
    ]  # fmt: skip


@skill("agents.spent", effect="read", permission="skills.read", makes="models.spent")
def model_spent(ctx: Context, days: int = 30, campaign: str = "") -> Mapping[str, Json]:
    """What a connected model was asked in the last days and what it cost: calls, tokens, seconds and yuan, as a sum and
    by day, skill, campaign, model, prompt version and person; of one campaign, if one is named.
    """
    return accounts.told(ctx, days=min(max(days, 1), 3660), campaign=campaign)


@skill("applications.list", effect="read", permission="pack.read")
def applications(ctx: Context) -> list[Mapping[str, Json]]:
    """The applications of the institution: a user's job, the domains that it composes, sentences to begin with."""
    return [
        {"id": item.id, "label": item.label.of(ctx.locale), "about": item.about.of(ctx.locale),
         "domains": list(item.domains), "aims": list(item.aims), "page": item.page,
         "starters": [text.of(ctx.locale) for text in item.starters]}
        for item in packs.load(ctx.pack).applications
    ]  # fmt: skip


@skill("memory.keep", effect="draft", permission="skills.call",
       needs={"text": "words", "conversation": "conversation", "turn": "turn"}, makes="memory.kept")  # fmt: skip
def keep(ctx: Context, text: str, conversation: str = "", turn: int = 0) -> Mapping[str, Json]:
    """Remember a sentence that must hold from now on, in this conversation or (所有对话, always) in every one.

    ``turn`` is the number of the turn that says it; by default the next one of the conversation.
    """
    if conversation and not turn:
        turn = len(store.turns_of(ctx.db, ctx.institution_id, conversation, running=True)) + 1
    return memory.keep(ctx, conversation, text, turn)


@skill("memory.list", effect="read", permission="skills.read", needs={"conversation": "conversation"},
       makes="memory.told")  # fmt: skip
def remembered(ctx: Context, conversation: str = "*") -> Mapping[str, Json]:
    """What is remembered for oneself: each sentence, the turn that said it, what it means, and since when."""
    rows = store.remembered(ctx.db, ctx.institution_id, ctx.actor.name, conversation)
    return {"items": [{**row, "core": memory.core(str(row["text"]))} for row in rows]}


@skill("memory.forget", effect="draft", permission="skills.call",
       needs={"text": "words", "conversation": "conversation"}, makes="memory.forgotten")  # fmt: skip
def forget(ctx: Context, text: str = "", id: str = "", conversation: str = "*") -> Mapping[str, Json]:
    """Forget something: by its id, by words that it has in common with what is said, or everything (全部)."""
    rows = store.remembered(ctx.db, ctx.institution_id, ctx.actor.name, conversation)
    chosen = [str(row["id"]) for row in rows if row["id"] == id] if id else memory.meant(rows, text)
    return {"forgotten": store.forget(ctx.db, ctx.institution_id, ctx.actor.name, chosen), "ids": chosen}


@skill("memory.conversations", effect="read", permission="skills.read")
def conversations(ctx: Context) -> list[Mapping[str, Json]]:
    """One's own conversations, the latest first."""
    return list(store.conversations_of(ctx.db, ctx.institution_id, ctx.actor.name))


@skill("memory.conversation", effect="read", permission="skills.read")
def conversation(ctx: Context, id: str, last: int = 50) -> Mapping[str, Json]:
    """The turns of a conversation of one's own, what is remembered in it, and what an agent is told of it."""
    mine = {str(row["id"]) for row in store.conversations_of(ctx.db, ctx.institution_id, ctx.actor.name, 1000)}
    if id not in mine:
        raise RefusedError("agents.no_conversation", conversation=id)
    return {
        "id": id,
        "turns": store.turns_of(ctx.db, ctx.institution_id, id, last=last, running=True),
        "memory": store.remembered(ctx.db, ctx.institution_id, ctx.actor.name, id),
        "context": memory.context(ctx, id, ""),
    }


@skill("memory.turns", effect="read", permission="skills.read")
def later_turns(ctx: Context, id: str, after: int = 0) -> list[Mapping[str, Json]]:
    """The turns of a conversation of one's own after a number, those under way (state ``running``) among them: what
    somebody who has seen the earlier ones has to look at."""
    rows = store.turns_of(ctx.db, ctx.institution_id, id, after=after, running=True)
    return [row for row in rows if row["actor"] == ctx.actor.name]


@skill("memory.delete", effect="draft", permission="skills.call")
def delete(ctx: Context, id: str) -> Mapping[str, Json]:
    """Delete a conversation of one's own with its turns and what was remembered in it; campaigns stay."""
    return {"deleted": id, "turns": store.forget_conversation(ctx.db, ctx.institution_id, id, ctx.actor.name)}


@skill("inbox.list", effect="read", permission="insights.read", makes="inbox")
def inbox_list(ctx: Context, state: str = "open") -> Mapping[str, Json]:
    """What agents propose (open, dismissed, drafted, past): title, reason, evidence, a sentence that makes a draft."""
    return inbox.listing(ctx, state=state)


@skill("inbox.scan", effect="draft", permission="insights.read", cost="medium", durable=True)
def inbox_scan(ctx: Context) -> Mapping[str, Json]:
    """Look for opportunities, alarms of running campaigns, lapsing benefits and idle drafts, within the limits."""
    return inbox.scan(ctx)


@skill("inbox.dismiss", effect="draft", permission="insights.edit")
def inbox_dismiss(ctx: Context, id: str, reason: str = "") -> Mapping[str, Json]:
    """Put an item away; topics that are put away again and again are muted for a while.

    ``reason`` (later, doing, wrong, worthless, or words) is kept; ``later`` does not count against the topic.
    """
    return inbox.move(ctx, id, "dismissed", reason)


@skill("inbox.reopen", effect="draft", permission="insights.edit")
def inbox_reopen(ctx: Context, id: str) -> Mapping[str, Json]:
    """Take back that an item was put away: it is open again and no longer counts against its topic."""
    return inbox.move(ctx, id, "open")


@skill("inbox.draft", effect="draft", permission="campaign.edit", cost="high", durable=True)
def inbox_draft(ctx: Context, id: str) -> Mapping[str, Json]:
    """Make the draft that an item proposes: a campaign of its sentence, a copy of the campaign with the remedy, or the
    idle draft gone on with. Asked twice it is one draft; refused for an item that proposes none.
    """
    return inbox.draft(ctx, id)


@skill("inbox.show", effect="read", permission="insights.read")
def inbox_show(ctx: Context, id: str) -> Mapping[str, Json]:
    """One item of the inbox with its reason, its evidence and what may be done about it."""
    return inbox.item(ctx, id)


@skill("skills.add", effect="commit", permission="pack.admin")
def add_system(
    ctx: Context, name: str, openapi: str = "", address: str = "", url: str = "", secret: str = "", mcp: str = ""
) -> Mapping[str, Json]:
    """Add a system that the institution has: by its OpenAPI description (JSON text, or the address of one), or as an
    MCP server (``mcp``: its address, or the command that starts it, which must be allowed on the home's machine).

    What reads there becomes a skill that reads; everything else needs a person's confirmation. ``secret`` is a
    reference (env:CRM_TOKEN); ``url`` is where the system answers, if the description does not say.
    """
    if mcp:
        return foreign.add_tools(ctx, name, mcp, secret)
    if address:
        if ctx.outside is None:
            raise UnavailableError("outside.absent")
        openapi = ctx.outside.send("GET", address).text
    return foreign.add(ctx, name, openapi, url, secret)


@skill("skills.remove", effect="commit", permission="pack.admin")
def remove_system(ctx: Context, name: str) -> Mapping[str, Json]:
    """Take a system away with all the skills that it brought."""
    return foreign.remove(ctx, name)
