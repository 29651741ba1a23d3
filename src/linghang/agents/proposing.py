"""What a change could mean that nobody could read: patches said in words, now and then, for a person to choose from.

Nothing is changed before one is chosen; it is then made like any other edit.
"""

import re
from collections.abc import Mapping, Sequence

from linghang.agents.goals import Place, Understood
from linghang.agents.model import Aim, Json, Plan, Step
from linghang.agents.staff import domain_of
from linghang.base.errors import LinghangError
from linghang.base.messages import render
from linghang.campaigns.model import Campaign
from linghang.flow import documents, proposals
from linghang.kit.context import Context
from linghang.packs.model import Pack
from linghang.reading import candidates

EDIT = "edit"
_MADE = {"undo": r"撤|回退|还原|恢复|退回|[改变换]回|上一[步版]|反悔|(?<![a-z])(?:undo|revert|back|restore|roll)",
         "stop": r"停|终止|下线|结束活动|(?<![a-z])(?:stop|terminate|end)",
         "pause": r"暂停|停|(?<![a-z])(?:pause|hold)",
         "resume": r"恢复|继续|重启|(?<![a-z])(?:resume|continue)",
         "launch": r"上线|发布|开跑|启动|推出|(?<![a-z])(?:launch|live|release|start)",
         "changes": r"改了|改动|变化|差异|区别|不一样|不同|(?<![a-z])(?:what|diff|changes)",
         "review": r"检查|审|合规|自查|问题|(?<![a-z])(?:check|review)",
         "approve": r"批|审|签|同意|通过|(?<![a-z])(?:approve|sign)",
         "submit": r"送审|提交|提审|报审|(?<![a-z])(?:submit)",
         "clone": r"复制|克隆|照着|再做|再来|再跑|再办|(?<![a-z])(?:clone|copy|again|repeat)",
         "sends": r"发送|发出|送达|发了|进度|(?<![a-z])(?:sent|sends|delivery|progress)",
         "smalltalk": r"你好|您好|嗨|谢|辛苦|再见|(?<![a-z])(?:hello|hi|thanks|bye)"}  # fmt: skip
"""What must be said for an aim that a change of a few words is easily taken for."""
_SAYS = {aim: re.compile(words, re.IGNORECASE) for aim, words in _MADE.items()}
_LETS_GO = re.compile(r"不要|不用|去掉|取消|算了|不改|(?<![a-z])(?:drop|never ?mind|cancel|forget)", re.IGNORECASE)
"""What may mean that the last change was none to make."""


_AGAIN = re.compile(
    r"照[着搬抄]|再(?:来|做|跑|办)一(?:遍|场|次|回)|复制|克隆|(?<![a-z])(?:clone|run it again|repeat)", re.IGNORECASE
)
"""What is to be made once more is a campaign of its own, and no change of this one."""


def may_propose(chosen: Aim | None, understood: Understood, place: Place) -> bool:
    """Whether a sentence is a change that was not read: a campaign is in view, and nothing else is surely wanted."""
    if place.reading is None or not place.campaign:
        return False
    told = understood.reading
    if _AGAIN.search(understood.text):
        return False
    if told.kind == "edit" and told.patch and chosen is not None:
        return False
    if told.kind not in ("edit", "unclear"):
        return False
    if chosen is None or chosen.id == EDIT:
        return True
    says = _SAYS.get(chosen.id)
    return says is not None and not says.search(understood.text)


def proposed(ctx: Context, place: Place, understood: Understood, chosen: Aim | None, pack: Pack) -> dict[str, Json]:
    """The question with the likeliest changes of the campaign in view; empty where there are none to choose from."""
    offered = choices_of(ctx, place.campaign, understood.text, pack)
    if not offered:
        return {}
    if chosen is not None and chosen.id == "undo" and _LETS_GO.search(understood.text):
        undo: Json = {"kind": "aim", "aim": "undo", "text": render("agents.aim.undo", {}, ctx.locale)}
        offered = [*offered[:2], undo]
    code = "agents.which_change" if len(offered) > 1 else "agents.this_change"
    asked = render(code, {"words": understood.text.strip()}, ctx.locale)
    return {"state": "asked", "aim": EDIT, "text": asked, "choices": offered, "campaign": place.campaign}


def choices_of(ctx: Context, campaign: str, words: str, pack: Pack) -> list[Json]:
    """The likeliest changes of a campaign that a few words could mean, each a patch with its values now and then."""
    try:
        document = documents.load(ctx, campaign)
    except LinghangError:
        return []
    told = document.value("reading")
    said: Mapping[str, Json] = dict(told.reading) if told is not None else {}
    now = proposals.present(document)
    found = candidates(words, now, today=ctx.today, pack=pack, recent=_changed_last(document))
    return [
        {
            "kind": "patch", "campaign": campaign, "words": words.strip(),
            "patch": proposals.on(said, one.patch, one.reading),
            "text": proposals.in_words(one.patch, now, one.reading, pack, ctx.locale),
        }
        for one in found
    ]  # fmt: skip


def _changed_last(document: Campaign) -> list[str]:
    """The paths that the last edit changed."""
    brief = document.value("brief")
    edits = brief.edits if brief is not None else ()
    return [str(step["path"]) for step in edits[-1].patch if step["path"] != "missing"] if edits else []


def for_left_aside(ctx: Context, reply: Mapping[str, Json], pack: Pack, *, answering: bool) -> tuple[str, list[Json]]:
    """The words of an edit that became nothing, and what they could change; empty without candidates.

    Those of the brief are asked about when it was said, and one after another while a person answers (``answering``).
    """
    result = reply.get("result")
    if reply.get("state") != "done" or not isinstance(result, Mapping) or not str(result.get("id")).startswith("cmp_"):
        return "", []
    codes = ("goal.edit_left_aside",)
    if answering or reply["makes"] == "campaign.document":
        codes = (*codes, "goal.left_aside")
    if reply["makes"] == "campaign.document" and (doubted := _taken_for_money(ctx, str(result["id"]), pack))[1]:
        return doubted
    for words in _aside(result, codes):
        offered = choices_of(ctx, str(result["id"]), words, pack)
        if offered:
            return words, offered
    return "", []


_BARE = re.compile(r"[\d,]+")


def _taken_for_money(ctx: Context, campaign: str, pack: Pack) -> tuple[str, list[Json]]:
    """A figure without a unit that a brief's budget was read from, and what else it could be."""
    document = documents.load(ctx, campaign)
    brief, told = document.value("brief"), document.value("reading")
    places = told.spans.get("budget_cny", ()) if brief is not None and told is not None else ()
    if len(places) != 1 or brief is None or told is None or told.reading.get("budget_cny") is None:
        return "", []
    start, end = places[0]
    words = brief.text[start:end].strip()
    if not _BARE.fullmatch(words) or re.search(_MONEY, brief.text[max(0, start - _NEAR) : end + 1]):
        return "", []
    now = {key: value for key, value in proposals.present(document).items() if key != "budget_cny"}
    gone: dict[str, Json] = {"op": "remove", "path": "budget_cny"}
    return words, [
        {"kind": "patch", "campaign": campaign, "words": words,
         "patch": [gone, *proposals.on(told.reading, one.patch, one.reading)],
         "text": proposals.in_words(one.patch, now, one.reading, pack, ctx.locale)}
        for one in candidates(words, now, today=ctx.today, pack=pack)
    ]  # fmt: skip


_MONEY = r"预算|费用|经费|花|投入|盘子|钱|[元块￥¥$]|budget|spend|cny|rmb|yuan"
_NEAR = 8


def _aside(result: Mapping[str, Json], codes: Sequence[str]) -> list[str]:
    found: Sequence[Json] = result.get("findings") or [
        item for section in (result.get("sections") or {}).values() for item in section.get("findings") or []
    ]
    said = [str((item.get("params") or {}).get("words", "")) for code in codes for item in found
            if item.get("code") == code]  # fmt: skip
    return [part for words in dict.fromkeys(said) for part in words.split("; ") if part]


def edit_plan(campaign: str, text: str, words: str, patch: Sequence[Mapping[str, Json]]) -> Plan:
    """The plan of a change that was chosen as what ``words`` mean."""
    arguments: dict[str, Json] = {"id": campaign, "text": words, "patch": [dict(step) for step in patch]}
    step = Step("s1", "campaign.edit", arguments, "campaign.changed", EDIT, domain_of("campaign.edit"))
    return Plan(EDIT, "campaign.changed", text, (step,))
