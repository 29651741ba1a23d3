"""What a reviewer reads beside the packet: the decision, what was found and what became of it, texts, comments."""

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import groupby

from linghang.campaigns.assets import finding_key, in_order
from linghang.doors.studio import blocks
from linghang.doors.studio.campaign import rounds
from linghang.doors.studio.campaign.cards_say import copy_line
from linghang.doors.studio.campaign.frame import becomes, faults, fix, new_words, own
from linghang.doors.studio.campaign.reviews import Remark
from linghang.doors.studio.campaign.view import SIGNERS, Shape, View
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Child, Markup, act, div, join, language, marked, span, tag
from linghang.doors.studio.shell import actor_name, face
from linghang.doors.studio.words import Words


def panel(title: str, body: Child, *, symbol: str, note: Child = None, actions: Child = None, id: str = "") -> Markup:
    """A card of the packet: a title with its symbol, what it holds, what can be done."""
    head = div(
        "card-head", icon(symbol), tag("h2", title), note, div("card-actions", actions) if actions else None
    )  # fmt: skip
    return tag("section", head, div("card-body", body), cls="panel", id=id or None)


def decision(view: View, waiting: Shape | None) -> Markup:
    """Where the package stands: its steps with who took them, its age, conditions, and what the reader can do."""
    t = view.t
    entries = rounds.entries(view)
    submitted = entries[0] if entries else {}
    taken = {str(item.get("step")): item for item in entries if item["kind"] == "approved"}
    steps = [_step(view, str(name), taken.get(str(name))) for name in submitted.get("chain") or ()]
    facts = blocks.facts(
        (t("verdict.by"), actor_name(t, str(submitted.get("actor", "")))) if submitted else None,
        (t("verdict.since"), _age(view, waiting)) if waiting else None,
        (t("verdict.reminded"), t("verdict.times", count=(waiting or {})["reminded"]))
        if (waiting or {}).get("reminded")
        else None,
        (t("approval.package"), tag("code", str(submitted["package"])[:16], title=str(submitted["package"])))
        if submitted
        else None,
        (t("verdict.path"), t("verdict.short")) if submitted.get("basis") else None,
        (t("verdict.until"), _until(view)) if rounds.until(view) else None,
    )  # fmt: skip
    return panel(
        t("verdict.title"),
        join(
            blocks.pill(t("verdict.unchanged"), "warn", "alert") if rounds.unchanged(view) else None,
            div("steps-of", steps) if steps else tag("p", t("approval.why_draft"), cls="muted"),
            facts,
            conditions(view),
            _rejected(view),
            _musts(view),
            div("line verdict-acts", verdict_acts(view, submitted, taken)),
        ),
        symbol="approvals",
        note=blocks.status(t, view.status),
        id="decision",
    )


def _step(view: View, name: str, entry: Shape | None) -> Markup:
    t = view.t
    who = signer_name(t, name)
    if entry is None:
        return div("step-of", span("step-dot"), div("grow", tag("b", who), tag("small", t("verdict.open"))))
    signer = actor_name(t, str(entry["actor"]))
    behalf = t("verdict.for", who=actor_name(t, str(entry["behalf"]))) if entry.get("behalf") else ""
    said = tag("p", str(entry["comment"]), cls="said") if entry.get("comment") else None
    told = tag("small", f"{signer}{behalf} · {t.instant(entry['at'])}", cls="num")
    return div("step-of done", span("step-dot", icon("check", 12)), div("grow", tag("b", who), told, said))


def signer_name(t: Words, step: str) -> str:
    """Who takes a step of a chain, as people read it."""
    return t(f"signer.{step}") if t.has(f"signer.{step}") else step


def _until(view: View) -> Markup:
    ends = span("num", view.t.instant(rounds.until(view)))
    return join(ends, " ", blocks.pill(view.t("verdict.lapsed"), "bad", "alert")) if rounds.lapsed(view) else ends


def _age(view: View, waiting: Shape) -> Markup:
    t = view.t
    since = t.instant(waiting["since"])
    if not waiting.get("due"):
        return span("num", since)
    late = dt.datetime.fromisoformat(str(waiting["due"])) < dt.datetime.now(dt.UTC)
    told = t("verdict.late" if late else "verdict.due", at=t.instant(waiting["due"]))
    return join(span("num", since), " ", blocks.pill(told, "bad" if late else "quiet", "clock"))


def conditions(view: View) -> Markup | None:
    """What the signatures ask for before the launch, with what was confirmed; signers confirm the rest."""
    t = view.t
    asked = rounds.conditions(view)
    if not asked:
        return None
    signer = SIGNERS & set(view.roles) and view.status == "approved"
    rows = [
        div(
            f"condition{' done' if done else ''}",
            icon("check" if done else "clock", 16),
            span("grow", point),
            blocks.button(t("verdict.fulfil"), act("ask.fulfil", condition=point), small=True)
            if signer and not done
            else None,
        )
        for point, done in asked
    ]
    return div("conditions", tag("h3", t("verdict.conditions_of")), rows)


def _open_musts(view: View) -> int:
    return sum(bool(item.get("open")) for item in view.extra.get("comments") or ()) if view.status == "in_review" else 0


def _musts(view: View) -> Markup | None:
    """That comments which must be seen to stand between the package and a signature."""
    left = _open_musts(view)
    if not left:
        return None
    told = tag("a", view.t("verdict.musts_left", count=left), href="#comments")
    return tag("p", icon("alert", 16), told, cls="musts-left")


def _rejected(view: View) -> Markup | None:
    t = view.t
    told: Sequence[Shape] = view.extra.get("history") or ()
    last = told[-1] if told else {}
    if last.get("kind") != "rejected":
        return None
    reasons = [blocks.chip(t(f"reason.{name}")) for name in last.get("points") or ()]
    who = actor_name(t, str(last["actor"]))
    return div(
        "sent-back",
        tag("b", t("approval.did_rejected", who=who)),
        tag("p", str(last["comment"])),
        div("chips", reasons),
    )


def verdict_acts(view: View, submitted: Shape, taken: Mapping[str, Shape]) -> list[Markup]:
    """What the reader can do: sign or send back, remind, submit again by the short path."""
    t, actor = view.t, str(view.extra.get("actor", ""))
    signer = bool(SIGNERS & set(view.roles))
    if view.status in ("draft", "rejected") and "operator" in view.roles:
        approved = any(item["kind"] == "approved" for item in view.extra.get("history") or ())
        short = blocks.button(t("verdict.short_go"), act("do.short"), symbol="transfer", title=t("verdict.short_note"))
        return [blocks.button(t("next.submit"), act("submit"), kind="primary"), *([short] if approved else [])]
    if rounds.lapsed(view) and "operator" in view.roles:
        return [blocks.button(t("next.submit_again"), act("submit"), kind="primary")]
    if view.status == "approved" and signer:
        return [blocks.button(t("verdict.take_back"), act("ask.reject"), kind="danger")]
    if view.status != "in_review":
        return []
    comment = blocks.button(t("verdict.comment"), act("ask.comment"), symbol="message")
    if not signer:
        remind = (
            [blocks.button(t("next.remind"), act("ask.remind"), symbol="clock")] if "operator" in view.roles else []
        )
        switch = blocks.button(t("next.as_approver"), data_switch="approver")
        return [*remind, comment, switch]
    if actor in submitted.get("makers", ()):
        return [blocks.pill(t("verdict.own"), "warn", "alert"), comment]
    if actor in {str(item["actor"]) for item in taken.values()}:
        other = next(iter(sorted(SIGNERS - set(view.roles) or SIGNERS)))
        return [blocks.pill(t("next.waits"), "info", "clock"), blocks.button(t(f"next.as_{other}"), data_switch=other)]
    return [
        blocks.button(t("next.approve"), act("ask.approve"), kind="primary", symbol="check",
                      disabled=bool(_open_musts(view)) or None),
        blocks.button(t("next.reject"), act("ask.reject"), kind="danger"),
        comment,
    ]  # fmt: skip


def findings(view: View, preflight: Sequence[Shape]) -> Markup:
    """What the rules and the pre-flight check found, the gravest first, each with what became of it."""
    t = view.t
    remarks = view.remarks()
    lines = [_remark(view, item) for item in remarks]
    left = unseen(view)
    note = (
        blocks.pill(t("verdict.left", count=left), "warn", "alert")
        if left
        else blocks.pill(t("verdict.none_left"), "ok", "check")
    )
    review = (
        div("findings", lines) if lines else blocks.empty_line("check", t("verdict.clean"), t("verdict.clean_text"))
    )
    return join(
        panel(t("verdict.findings"), review, symbol="shield", note=note, id="findings"),
        panel(
            t("verdict.preflight"),
            faults(view, preflight) or blocks.empty_line("check", t("verdict.flies"), t("verdict.flies_text")),
            symbol="check",
            note=span("badge quiet num", str(len(own(preflight)))) if own(preflight) else None,
            id="preflight",
        ),
    )


def holds(item: Shape) -> bool:
    """Whether a delegation is in force now."""
    return not item.get("revoked") and dt.datetime.fromisoformat(str(item["until"])) > dt.datetime.now(dt.UTC)


def unseen(view: View) -> int:
    """How many of the review's findings nobody has seen to in this package."""
    return sum(1 for item in view.remarks() if _fate(view, _key(item)) is None)


def _key(item: Remark) -> str:
    return finding_key(item.code, item.kind, item.place, item.quote)


def _fate(view: View, key: str) -> Shape | None:
    """The newest comment about a finding."""
    package = next((item["package"] for item in reversed(list(view.extra.get("history") or ()))), "")
    own = [item for item in view.extra.get("comments") or () if item.get("about") == key and item["package"] == package]
    return own[-1] if own else None


def _remark(view: View, item: Remark) -> Markup:
    t, key = view.t, _key(item)
    severity = blocks.SEVERITY_TONES.get(item.severity, "")
    quoted = [
        tag("p", marked(view.text(id), spans), cls="quoted", lang=language(view.text(id)))
        for id, spans in list(item.spans.items())[:2]
    ]
    where = view.name(item.place) + (t("finding.times", count=item.times) if item.times > 1 else "")
    law = span("", " · ", item.law, lang=language(item.law)) if item.law else None
    return div(
        f"finding {severity}",
        blocks.pill(t(f"severity.{item.severity}"), severity, "alert"),
        div(
            "finding-text",
            tag("p", item.message, lang=language(item.message)),
            quoted,
            tag("p", where, law, cls="source"),
            becomes(view, item),
            _resolution(view, _fate(view, key)),
        ),
        div("finding-acts", _finding_acts(view, item, key)),
    )


def _resolution(view: View, told: Shape | None) -> Markup | None:
    if told is None:
        return None
    t = view.t
    tone, word = ("bad", "verdict.must_open") if told.get("open") else ("ok", "verdict.seen_to")
    word = "verdict.resolved" if told["kind"] == "resolved" else word
    who = f"{actor_name(t, str(told['actor']))} · {t.instant(told['at'])}"
    return div(
        "resolution",
        blocks.pill(t(word), tone, "check"),
        span("grow", str(told["text"])) if told["text"] else None,
        tag("small", who, cls="num"),
    )


def _finding_acts(view: View, item: Remark, key: str) -> list[Markup]:
    """A draft takes the fix at once; in review a signer says it was seen to, or asks for the change."""
    t = view.t
    about, words = new_words(item)
    if view.editable:
        mend = fix(view, item.fix, (about, words))
        return [mend] if mend is not None else []
    if view.status != "in_review" or not SIGNERS & set(view.roles) or _fate(view, key):
        return []
    section = {"copy": "copy", "picture": "creatives", "page": "page"}.get(item.kind, "copy")
    want = t("verdict.want", old=item.quote, new=words) if words and item.quote else item.message
    seen = {"section": "compliance", "about": key, "text": t("verdict.seen_text"), "must": ""}
    return [
        blocks.button(t("verdict.seen"), act("do.comment", **seen), small=True, symbol="check"),
        blocks.button(
            t("verdict.ask"),
            act("do.comment", section=section, about=key, text=want, must="true"),
            small=True,
            symbol="edit",
        ),
    ]


def texts(view: View) -> Markup:
    """Every text of the packet, by place and layer, what offends marked in it."""
    t = view.t
    rows = sorted(view.value("copy").get("texts", []), key=lambda text: (str(text["place"]), str(text["layer"])))
    groups = []
    for place, mine in groupby(rows, key=lambda text: str(text["place"])):
        cells = []
        for layer, lines in groupby(mine, key=lambda text: str(text["layer"])):
            ordered = sorted(lines, key=lambda text: in_order(str(text["role"])))
            once = {(text["role"], text["text"]): text for text in ordered}
            name = view.name(layer) if layer else t("verdict.every_layer")
            cells.append(div("text-cell", tag("h4", name), [copy_line(view, text) for text in once.values()]))
        groups.append(div("text-group", tag("h3", view.name(place)), div("text-cells", cells)))
    return panel(t("verdict.texts"), groups, symbol="edit", note=span("badge quiet num", str(len(rows))), id="texts")


def comments(view: View) -> Markup:
    """What people said about the sections, the open musts first."""
    t = view.t
    rows = sorted(view.extra.get("comments") or (), key=lambda item: (not item.get("open"), -int(item["number"])))
    shown = [item for item in rows if item["kind"] != "resolved"]
    body = div("comments", [_comment(view, item) for item in shown]) if shown else blocks.empty_line(
        "message", t("verdict.no_comments"), t("verdict.no_comments_text"))  # fmt: skip
    add = blocks.button(t("verdict.comment"), act("ask.comment"), small=True, symbol="message")
    return panel(t("verdict.comments"), body, symbol="message", actions=add, id="comments")


def _comment(view: View, item: Shape) -> Markup:
    t = view.t
    section = str(item["section"])
    where = t.told(f"section.{section}", otherwise=section)
    state = blocks.pill(t("verdict.must_open"), "bad", "alert") if item.get("open") else None
    if item["kind"] == "must" and not item.get("open"):
        state = blocks.pill(t("verdict.resolved"), "ok", "check")
    resolve = None
    if item.get("open") and SIGNERS & set(view.roles):
        resolve = blocks.button(t("verdict.resolve"), act("do.resolve", number=item["number"]), small=True)
    return div(
        "comment",
        face(t, str(item["actor"])),
        div(
            "grow",
            div("line", tag("b", actor_name(t, str(item["actor"]))), span("chip solid", where), state),
            tag("p", str(item["text"]), lang=language(str(item["text"]))),
            tag("small", t.instant(item["at"]), cls="num muted"),
        ),
        resolve,
    )
