"""Turns as markup: what was said; the navigator's sentence, what it made and assumed, what may be chosen, the steps.

Pure functions of a reply to markup; a turn of an earlier day is shown by the same ones.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from linghang.doors.studio import blocks, parts
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Child, Markup, act, div, language, span, tag
from linghang.doors.studio.words import Words
from linghang.doors.studio.work import Work

Shape = Mapping[str, Any]
_STATES: Mapping[str, blocks.Tone] = {"failed": "bad", "refused": "bad", "waiting": "warn", "blocked": "warn",
                                    "cancelled": "quiet"}  # fmt: skip
_ENDED: Mapping[str, tuple[str, str]] = {
    "done": ("check", "tone-ok"), "failed": ("alert", "tone-bad"), "waiting": ("clock", ""), "blocked": ("alert", ""),
    "skipped": ("more", ""), "cancelled": ("stop", ""),
}  # fmt: skip
_TOLD = frozenset({"done", "failed"})
"""How a turn ended whose steps are told: a question or a refusal has done nothing."""
_LONGEST = 600
"""Characters of a sentence that are shown again; who pastes a document knows it."""
_WAITING_SECONDS = 2
"""From then on the time is told too."""


def progress(t: Words, work: Work) -> Markup:
    """The steps of the plan so far, the ones under way last."""
    ended: dict[str, str] = {}
    begun: dict[str, str] = {}
    again = False
    for line in work.lines:
        params: Shape = line.get("params") or {}
        name = str(params.get("skill", ""))
        if line.get("note") == "agents.step_begun":
            begun[str(params.get("id"))] = name
        elif line.get("note") == "agents.step_ended":
            ended[str(params.get("id"))] = f"{name} · {t.millis(float(params.get('millis') or 0))}"
        elif line.get("note") == "agents.replanned":
            again, ended, begun = True, {}, {}
    rows = [tag("li", icon("check", 14, "tone-ok"), span("grow small", text)) for text in ended.values()]
    rows += [tag("li", span("spin"), span("grow small", name)) for key, name in begun.items() if key not in ended]
    if len(rows) == len(ended):
        known = "talk.reading" if not work.lines else "talk.telling" if rows else "talk.starting"
        queued = work.queued or bool(work.lines and work.lines[-1].get("note") == "agents.turn_waits")
        rows.append(tag("li", span("spin"), span("grow small", t("talk.queued" if queued else known))))
    writes = next((str((line.get("params") or {}).get("text", "")) for line in reversed(work.lines)
                   if line.get("note") == "agents.model_writes"), "")  # fmt: skip
    draft = div("answer-draft", tag("p", t("talk.writes"), cls="muted small"), tag("p", writes)) if writes else None
    slow = work.seconds >= _WAITING_SECONDS and not work.queued
    head = tag("p", t("talk.working", seconds=f"{work.seconds:.0f}"), cls="num muted small") if slow else None
    turn = tag("p", t("talk.again"), cls="muted small") if again else None
    return div("answer", turn, tag("ul", rows, cls="steps"), draft, head, _stop(t, work.job, stopping=work.stopping))


def past(t: Words, rows: Sequence[Shape], now: str) -> Markup:
    """The list of past conversations; ``now`` is the one on the screen."""
    if not rows:
        return tag("p", t("talk.no_past"), cls="muted small chat-no-past")
    manage = tag("a", t("talk.manage"), href="/memory", cls="link small")
    return div("chat-past", tag("h3", t("talk.past"), cls="muted small"), conversations(t, rows, now), manage)


def conversations(t: Words, rows: Sequence[Shape], now: str) -> list[Markup]:
    """A line for each conversation: a click goes on with it."""
    return [
        tag("button", span("grow", str(row["title"]), lang=language(str(row["title"]))),
            span("muted small num", t("memory.turns", count=row["turns"], at=t.instant(row["updated"]))),
            type="button", cls="chat-row on" if row["id"] == now else "chat-row", **act("talk.reopen", id=row["id"]))
        for row in rows
    ]  # fmt: skip


def said(t: Words, text: str) -> Markup:
    """What a person said; of a document that was pasted the beginning."""
    more = tag("p", t("talk.cut", count=t.count(len(text))), cls="muted small") if len(text) > _LONGEST else None
    cut = f"{text[:_LONGEST]}…" if more else text
    return div(
        "turn me", div("bubble", span("visually-hidden", t("talk.you")), tag("p", cut, lang=language(cut)), more)
    )


def bubble(t: Words, child: Child) -> Markup:
    """What the navigator says, beside its face."""
    name = span("visually-hidden", t("actor.navigator"))
    return div("turn", span("face navigator", t("actor.navigator")[:1], aria_hidden="true"), div("bubble", name, child))


def elsewhere(t: Words, job: str, *, stopping: bool) -> Markup:
    """A turn that another page or door has begun and that has not ended."""
    row = tag("li", span("spin"), span("grow small", t("talk.elsewhere")))
    return div("answer", tag("ul", row, cls="steps"), _stop(t, job, stopping=stopping))


def _stop(t: Words, job: str, *, stopping: bool) -> Markup | None:
    if stopping:
        return tag("p", t("talk.stopping"), cls="muted small")
    if not job:
        return None
    stop = act("talk.stop", job=job)
    return div("line", blocks.button(t("talk.stop"), stop, small=True, symbol="stop", data_now=True))


def reply(t: Words, told: Shape) -> Markup:
    """A reply of the navigator, whole."""
    state = str(told.get("state", ""))
    shown: Sequence[Shape] = told.get("shown") or ()
    left_out: set[str] = {*map(str, told.get("below") or ())} if shown else set()
    lines = [line for line in str(told.get("text", "")).split("\n") if line and line not in left_out]
    name = t(f"talk.state_{state}") if state in _STATES else ""
    # A sentence that begins with the state needs no pill that says it once more.
    told_already = bool(lines) and lines[0].startswith(name)
    pieces: list[Child] = [blocks.pill(name, _STATES[state])] if name and not told_already else []
    pieces += [tag("p", line) for line in lines]
    pieces += [parts.block(t, one) for one in shown]
    pieces.append(_where(t, told))
    pieces.append(_assumed(t, told))
    pieces.append(_choices(t, told))
    pieces.append(_confirm(t, told))
    if state == "cancelled" and told.get("plan_id"):
        go_on = blocks.button(t("talk.go_on"), act("palette.say", text=t("talk.go_on")), small=True, symbol="play")
        pieces.append(div("line", go_on))
    pieces += [tag("p", tag("b", str(item["term"])), f" {item['meaning']}", cls="answer-term small")
               for item in (told.get("terms") or [])[:2]]  # fmt: skip
    pieces.append(_steps(t, told))
    return div("answer", pieces)


def failed(t: Words, sentence: str, said: str, words: Mapping[str, str]) -> Markup:
    """Work that ended without a reply: what happened, and the same once more."""
    again = blocks.button(t("talk.retry"), act("palette.say", text=said, **words), small=True, symbol="refresh")
    return div("answer", blocks.pill(t("talk.state_failed"), "bad"), tag("p", sentence), again)


def compiled(t: Words, doc: Shape, *, undone: bool = False) -> Markup:
    """A campaign after a click: its new version, a way to it, and a way back."""
    told = {"campaign": doc["id"], "makes": "campaign.changed", "state": "done"}
    code = "talk.taken_back" if undone else "talk.compiled"
    said = tag("p", t(code, name=str(doc.get("name", "")), version=doc.get("version", "")))
    return div("answer", said, _where(t, told))


def spoken(told: Shape) -> str:
    """A reply as a screen reader says it: its sentence, without what stands below."""
    left_out: set[str] = {*map(str, told.get("below") or ())}
    return " ".join(line for line in str(told.get("text", "")).split("\n") if line not in left_out)


def _assumed(t: Words, told: Shape) -> Markup | None:
    items = [item for item in told.get("chips") or () if item.get("text")][:8]
    if not items:
        return None
    campaign, said = str(told.get("campaign") or ""), _sentence(told)
    made = str(told.get("makes", "")).startswith("campaign.")
    chips = [_chip(t, item, campaign if made else "", said) for item in items]
    return div("answer-assumed", tag("p", t("goal.assumed"), cls="muted small"), blocks.chips(*chips))


def _chip(t: Words, item: Shape, campaign: str, said: str) -> Markup:
    """What was assumed: a click changes it in the campaign, or says the sentence again with another value."""
    key, value, text = str(item.get("key", "")), item.get("value"), str(item["text"])
    label = t(f"key.{key}") if t.has(f"key.{key}") else key
    named = key in ("product", "playbook") and not campaign  # their names are the campaign's
    if not key or named or item.get("source") == "model" or not (campaign or said):
        return blocks.chip(text)
    name = t.value(value) if isinstance(value, str) else ""
    shown = t("talk.chip", label=label, value=name) if name and name != value else text
    where = {"campaign": campaign} if campaign else {"said": said}
    change = act("talk.assume", key=key, value=value, label=label, reason=text, **where)
    return blocks.chip(shown, change, symbol="edit", title=text)


def _choices(t: Words, told: Shape) -> Markup | None:
    choices: Sequence[Shape] = told.get("choices") or ()
    if not choices:
        return None
    short = all(len(str(item["text"])) <= 12 for item in choices)
    buttons = [
        tag("button", *_label(item, number, short=short), type="button", cls="choice short" if short else "choice",
            **act("palette.say", text=_again(item, told), patch=item.get("patch"),
                  **{key: str(item.get(key, "")) for key in ("aim", "campaign", "despite", "words")}))
        for number, item in enumerate(choices, 1)
    ]  # fmt: skip
    return div("choices short" if short else "choices", buttons, role="group", aria_label=t("talk.choose"))


def _confirm(t: Words, told: Shape) -> Markup | None:
    """The way to where a person checks and confirms what another system would be told."""
    prepared = told.get("confirm")
    if not isinstance(prepared, Mapping):
        return None
    given = quote(json.dumps(prepared["arguments"], ensure_ascii=False))
    return div("line", blocks.link_button(t("talk.confirm"), f"/skills/{prepared['skill']}?given={given}", small=True,
                                          symbol="check"))  # fmt: skip


def _label(choice: Shape, number: int, *, short: bool) -> list[Child]:
    """What stands on a choice; a change also has the number that one may answer with."""
    text = str(choice["text"])
    if choice.get("kind") == "patch" and not short:
        return [span("muted num", str(number)), span("grow", text), icon("chevron", 14)]
    return [span("", text), None if short else icon("chevron", 14)]


def _again(choice: Shape, told: Shape) -> str:
    """What is said when a choice is taken: the sentence of the choice, or the same sentence read in the chosen way."""
    if choice.get("kind") in ("text", "patch"):
        return str(choice.get("says") or choice["text"])
    return str(told.get("about") or "") or _sentence(told) or str(choice["text"])


def _sentence(told: Shape) -> str:
    """What was said."""
    plan = told.get("plan")
    return str(plan["text"]) if isinstance(plan, Mapping) else str(told.get("said", ""))


def _where(t: Words, told: Shape) -> Child:
    """The way to a turn's campaign; a change that was made can be taken back."""
    if not told.get("campaign") or not str(told.get("makes", "")).startswith("campaign."):
        return None
    campaign = str(told["campaign"])
    back = None
    if told["makes"] == "campaign.changed" and told.get("state") == "done":
        back = blocks.button(t("document.undo"), act("talk.undo", campaign=campaign), kind="quiet", small=True,
                             symbol="undo")  # fmt: skip
    return div(
        "line", blocks.link_button(t("talk.open"), f"/campaigns/{campaign}", small=True, symbol="campaigns"), back
    )


def _steps(t: Words, told: Shape) -> Markup | None:
    """Who did it and how long it took; several steps unfold. The plan can be changed and run again."""
    plan = told.get("plan")
    steps: Sequence[Shape] = plan["steps"] if isinstance(plan, Mapping) else told.get("steps") or ()
    state = str(told.get("state", ""))
    if state not in _TOLD or len(steps) < (1 if state == "done" else 2):
        return None
    whole = t.millis(sum(float(step.get("millis") or 0) for step in steps))
    names = [str(step.get("title") or step.get("skill", "")) for step in steps]
    code = "talk.plan_one" if len(steps) == 1 else "talk.plan"
    told_as = t(code, count=len(steps), name=names[0], took=whole or "—")
    change = None
    if told.get("plan_id"):
        change = tag("a", t("talk.change_plan"), href=f"/plans/{told['plan_id']}", cls="link")
    if len(steps) == 1:
        return div("answer-plan muted small", span("num", told_as), change)
    rows = [
        tag("li", icon(_ENDED.get(str(step.get("state")), _ENDED["skipped"])[0], 14,
                       _ENDED.get(str(step.get("state")), _ENDED["skipped"])[1]),
            span("grow", name), span("num muted", t.millis(float(step.get("millis") or 0))))
        for step, name in zip(steps, names, strict=True)
    ]  # fmt: skip
    unfold = tag("details", tag("summary", told_as), tag("ul", rows, cls="steps"))
    return div("answer-plan muted small", unfold, change)
