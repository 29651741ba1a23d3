"""What a conversation remembers: constraints that hold until they are taken back, and a bounded view of the past.

The document is the memory of a campaign. A conversation keeps, beside its turns, sentences that must hold from now on
(以后都不要发短信); each is read again as an edit of every later brief, so it holds at turn 200 as at turn 4.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linghang import packs, reading
from linghang.agents import store
from linghang.agents.model import Json
from linghang.base.digest import digest
from linghang.base.patches import apply
from linghang.kit.context import Context

BUDGET = 1200
"""The most tokens of a conversation's context, whatever its length."""
_LATEST = 6
_FOUND = 3
_LONGEST_TURN = 160
_EVERYWHERE = re.compile(r"(?:所有|任何|每个|全部)(?:的)?(?:对话|会话)|永远|always|in every conversation")
_LEAD = re.compile(
    r"^(?:请|麻烦)?(?:帮我)?(?:记住|记一下|记好|记着|remember(?: that)?)[:：,，\s]*|"
    r"^(?:以后|今后|往后|接下来|后面|从现在(?:起|开始)|from now on|going forward)[,，\s]*(?:的)?"
    r"(?:所有|任何|每个|每次)?(?:的)?(?:活动)?[,，\s]*(?:里|中)?(?:都|一律|全部)?[,，\s]*|"
    r"^(?:所有|任何|每个|每次)(?:的)?(?:活动|方案|campaigns?)(?:里|中)?(?:都|一律)?[,，\s]*|^(?:始终|永远|一律|always)[,，\s]*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Kept:
    """A constraint as it was applied: the sentence, the turn that said it, and the patch that it made."""

    id: str
    text: str
    turn: int
    patch: tuple[Mapping[str, Json], ...]


def core(text: str) -> str:
    """What has to hold, without the words that say that it has to."""
    before, bare = "", text.strip()
    while bare != before:
        before, bare = bare, _LEAD.sub("", bare, count=1)
    return bare or text.strip()


def keep(ctx: Context, conversation: str, text: str, turn: int) -> dict[str, Json]:
    """Remember a sentence; what it means for a brief, or an empty patch when it can only be shown, not enforced."""
    pack_patch = _patch(ctx, {}, core(text))
    scope = "" if _EVERYWHERE.search(text) else conversation
    name = f"mem_{digest([ctx.actor.name, scope, core(text)])[:16]}"
    store.remember(ctx.db, ctx.institution_id, name, actor=ctx.actor.name, conversation=scope, text=text.strip()[:400],
                   turn=turn, at=ctx.now)  # fmt: skip
    return {"id": name, "text": text.strip()[:400], "core": core(text), "patch": pack_patch, "turn": turn,
            "enforced": bool(pack_patch), "everywhere": not scope}  # fmt: skip


def constraints(ctx: Context, conversation: str, base: Mapping[str, Json]) -> tuple[Kept, ...]:
    """What was remembered, read as edits of a reading one after another; only those that change it."""
    held: list[Kept] = []
    present = dict(base)
    for row in store.remembered(ctx.db, ctx.institution_id, ctx.actor.name, conversation):
        patch = [*_patch(ctx, present, core(str(row["text"])))]
        patch = [step for step in patch if not _there(present, step)]
        present, _ = apply(present, patch)
        if (most := present.get("budget_max_cny")) and present.get("budget_cny", 0) > most:
            patch.append({"op": "set", "path": "budget_cny", "value": most})
            present["budget_cny"] = most
        if patch:
            held.append(Kept(str(row["id"]), str(row["text"]), int(row["turn"]), tuple(patch)))
    return tuple(held)


def against(item: Kept, said: Mapping[str, Json]) -> bool:
    """Whether what was remembered takes away what a brief asks for in so many words (以后不发短信; 现在发短信), or
    gives it less money than it says (以后预算都不超过20万; 现在预算50万)."""
    return any(
        step.get("value") is not None
        and (
            (step["op"] == "remove" and step["value"] in _listed(said, str(step["path"])))
            or (step["op"] == "set" and step["path"] == "budget_cny" and _more(said.get("budget_cny"), step["value"]))
        )
        for step in item.patch
    )


def _more(said: Json, held: Json) -> bool:
    return isinstance(said, int | float) and isinstance(held, int | float) and said > held


def _listed(said: Mapping[str, Json], path: str) -> list[Json]:
    found = said.get(path)
    return found if isinstance(found, list) else []


def _there(present: Mapping[str, Json], step: Mapping[str, Json]) -> bool:
    """Whether a patch says what the reading says already, or takes away the schedule of today's words."""
    if step["path"] in ("missing", "start", "end"):
        return True
    return step["op"] == "set" and present.get(str(step["path"])) == step.get("value")


def _patch(ctx: Context, base: Mapping[str, Json], text: str) -> list[dict[str, Json]]:
    told = reading.read(text, today=ctx.today, pack=packs.load(ctx.pack), after=dict(base))
    return [dict(step) for step in told.patch] if told.kind == "edit" else []


def tokens(text: str) -> int:
    """About how many tokens a text costs, rather too many than too few: one a Han character, one for three others."""
    han = sum(1 for char in text if "\u3400" <= char <= "\u9fff")
    return han + (len(text) - han + 2) // 3


def context(ctx: Context, conversation: str, text: str, *, budget: int = BUDGET) -> dict[str, Json]:
    """What an agent is told of a conversation: constraints first, then its campaigns, the latest turns and like ones.

    It never costs more than ``budget`` tokens: what is least needed is left out first.
    """
    rows = store.turns_of(ctx.db, ctx.institution_id, conversation)
    held = store.remembered(ctx.db, ctx.institution_id, ctx.actor.name, conversation)
    lines = [f"[约束 第{row['turn']}轮] {row['text']}" for row in held]
    campaigns = dict.fromkeys(str(row["campaign"]) for row in rows if row["campaign"])
    about = [f"[活动] {name}" for name in list(campaigns)[-5:]]
    latest = [_line(row) for row in rows[-_LATEST:]]
    like = [_line(row) for row in _alike(rows[:-_LATEST], text)]
    chosen: list[str] = []
    spent = 0
    for group in (lines, about, latest[::-1], like):
        for line in group:
            cost = tokens(line)
            if spent + cost <= budget:
                chosen.append(line)
                spent += cost
    return {"lines": chosen, "tokens": spent, "turns": len(rows), "constraints": len(held)}


def _line(row: Mapping[str, Any]) -> str:
    said = str(row["reply"].get("text", "")) if isinstance(row.get("reply"), Mapping) else ""
    return f"[第{row['n']}轮] {str(row['text'])[:_LONGEST_TURN]} → {said[:_LONGEST_TURN]}"


def _alike(rows: Sequence[Mapping[str, Any]], text: str) -> list[Mapping[str, Any]]:
    own = {text[n : n + 2] for n in range(len(text) - 1)}
    scored = [(len(own & {str(row["text"])[n : n + 2] for n in range(len(str(row["text"])) - 1)}), row) for row in rows]
    best = sorted((item for item in scored if item[0] > 1), key=lambda item: -item[0])[:_FOUND]
    return [row for _, row in best]


_ALL = re.compile(r"全部|所有|都忘|清空|清除|everything|all of it")
_FORGET = re.compile(
    r"^(?:请)?(?:忘掉|忘了|忘记|别记(?:了)?|不用记(?:了)?|删掉|清除|清空|forget(?: about| that)?)[:：,，\s]*"
    r"|(?:这条|那条|那句|约束|限制|要求|记忆)"
)


def meant(rows: Sequence[Mapping[str, Any]], text: str) -> list[str]:
    """Which of the remembered sentences a wish to forget names: those that share its words, or all."""
    if _ALL.search(text):
        return [str(row["id"]) for row in rows]
    said = _FORGET.sub("", text)
    pairs = {said[n : n + 2] for n in range(len(said) - 1)}
    scored = [
        (len(pairs & {str(row["text"])[n : n + 2] for n in range(len(str(row["text"])) - 1)}), row) for row in rows
    ]
    best = max((score for score, _ in scored), default=0)
    return [str(row["id"]) for score, row in scored if score and score == best]
