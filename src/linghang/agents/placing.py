"""Where something is said: the campaign that it names, that is on the screen or in focus; the audience in view."""

import re
from collections.abc import Mapping
from typing import Any

from linghang import audiences, packs, reading
from linghang.agents import store
from linghang.agents.goals import Place
from linghang.agents.model import Json, Plan, Step
from linghang.agents.staff import domain_of
from linghang.base.errors import LinghangError, UnknownItemError
from linghang.campaigns import store as store_of_campaigns
from linghang.flow import documents, views
from linghang.kit.context import Context
from linghang.packs.model import Pack

_FOLLOWS = re.compile(r"(?P<name>.{1,16}?)(?:那个|这个|那场|这场|的)?活动")
_DEFINITE = re.compile(
    r"^(?:把|请|回到|切到|切换到|切回|打开|看看|继续|刚才|刚刚|前面|之前|上面|的|那个|这个|那场|这场|那|这)+"
)
_ORDINAL = re.compile(r"第([一二三四五])(?:个|场)")
_NEW = re.compile(r"(?:做|搞|策划|新建|来|办|发起)(?:一|两)?(?:个|场|波)")
LATEST = 3
"""How many campaigns are named where the one that was meant does not exist."""
NARROW = "narrow"
"""The aim of a sentence that changes the audience in view."""


def place_of(ctx: Context, page: str, campaign: str, conversation: str, text: str) -> Place:
    """What is in view: the campaign that is named, else the one of the page or in focus."""
    named = campaign_named(ctx, conversation, text) if conversation else ""
    focus = named or campaign
    if named is None or not focus:
        return Place(page)
    try:
        found = documents.load(ctx, focus)
    except LinghangError:
        return Place(page)
    goal, told = found.value("goal"), found.value("reading")
    base = (
        dict(told.reading)
        if told is not None and str(found.status) in ("draft", "rejected", "approved", "in_review")
        else None
    )
    return Place(page, found.id, base, _kind(told.reading if told else {}, goal))


def meaning_them(ctx: Context, conversation: str, text: str) -> str:
    """A sentence in which 他们 or "them" means the audience that was counted just before, with that audience's words.

    Once a campaign was made or changed, its own audience is meant, and the sentence stays as it is.
    """
    found = _THEM.search(text)
    if found is None:
        return text
    for row in reversed(store.turns_of(ctx.db, ctx.institution_id, conversation, last=_RECENT)):
        reply: Any = row["reply"]
        if str(reply.get("makes", "")).startswith("campaign."):
            return text
        if reply.get("makes") == "audience.size" and reply.get("state") == "done":
            asked = _HOW_MANY.sub("", str(row["text"])).strip(" ，,。.?？")
            return text[: found.start()] + asked + text[found.end() :] if asked else text
    return text


_RECENT = 6
"""Turns back that a pronoun may reach."""
_THEM = re.compile(
    r"他们|她们|(?:上面|刚才|刚刚)?(?:这|那)(?:些|批|群|部分)(?:人|客户|用户|客群)"
    r"|\b(?:them|(?:these|those) (?:customers|people|clients))\b"
)
_HOW_MANY = re.compile(
    r"(?:一共|总共|大概|大约|现在|目前|分别)?(?:有|是)?(?:多少|几)(?:个|位|名)?(?:人|客户|用户)?(?:呢|啊|呀|吗)?[?？。.!！]*$"
    r"|^(?:请问|查一下|查查|看看|看一下|数一下|帮我查一下|帮我看看)|^how many\b|\b(?:are there|do we have|exist)\b",
    re.IGNORECASE,
)


def must_exist(ctx: Context, campaign: str) -> None:
    """Raises UnknownItemError("agents.no_campaign" | "agents.no_campaign_yet"), with those there are, for a campaign
    that is named and does not exist."""
    if not campaign:
        return
    try:
        documents.load(ctx, campaign)
    except UnknownItemError as error:
        known = [
            documents.load(ctx, name) for name, _ in store_of_campaigns.listing(ctx.db, ctx.institution_id)[:LATEST]
        ]
        if not known:
            raise UnknownItemError("agents.no_campaign_yet", campaign=campaign[:60]) from error
        have = "; ".join(f"{item.id} {views.row(item, ctx.locale)['name']}" for item in known)
        raise UnknownItemError("agents.no_campaign", campaign=campaign[:60], have=have) from error


def _kind(told: Mapping[str, Json], goal: Any) -> str:
    return str(told.get("product") or (goal.product_kind if goal is not None else ""))


def campaign_named(ctx: Context, conversation: str, text: str) -> str | None:
    """The campaign of this conversation that a sentence names: by its number in order, or by words of its brief.

    Empty where none is named; None where one is named that this conversation does not know, so that the one in focus
    is not meant either.
    """
    rows = store.turns_of(ctx.db, ctx.institution_id, conversation)
    known = list(dict.fromkeys(str(row["campaign"]) for row in rows if row["aim"] == "campaign" and row["campaign"]))
    if (counted := _ORDINAL.search(text)) and known:
        place = "一二三四五".index(counted[1])
        return known[place] if place < len(known) else None
    found = _FOLLOWS.search(text)
    if not found or _NEW.search(text):
        return ""
    name = _DEFINITE.sub("", found["name"])
    if len(name) < 2:
        return ""
    fitting = {
        str(row["campaign"]) for row in rows
        if row["aim"] == "campaign" and row["campaign"] and name in str(row["text"])
    }  # fmt: skip
    if len(fitting) == 1:
        return fitting.pop()
    pack = packs.load(ctx.pack)
    words = {word for item in pack.products for word in (item.label.zh, item.kind, *item.words) if len(word) > 1}
    return None if fitting or any(word in name for word in words) else ""


def narrowing(ctx: Context, text: str, rule: Any, pack: Pack) -> Plan | None:
    """The plan of a sentence that changes the audience in view (只留上海的); None where it says something else.

    Conditions that the sentence does not touch stay as they are.
    """
    if not isinstance(rule, Mapping):
        return None
    parts: list[Any] = list(rule.get("all", [rule]))
    plain = [part for part in parts if isinstance(part, Mapping) and set(part) <= _PLAIN and "field" in part]
    told = reading.read(text, today=ctx.today, pack=pack, after={"kind": "brief", "audience": plain})
    if told.kind != "edit" or not told.patch:
        return None
    if any(not str(step["path"]).startswith(("audience", "exclusions")) for step in told.patch):
        return None
    after = list(told.reading.get("audience", ()))
    barred = list(told.reading.get("exclusions", ()))
    fresh = audiences.from_reading({"audience": [one for one in after if one not in plain], "exclusions": barred})
    kept = [part for part in parts if part not in plain or part in after]
    made = {"all": [*kept, *audiences.as_json(fresh).get("all", ())]}
    step = Step("s1", "audience.preview", {"rule": made}, "audience.size", NARROW, domain_of("audience.preview"))
    return Plan(NARROW, "audience.size", text, (step,))


_PLAIN = frozenset({"field", "op", "value", "negated"})
