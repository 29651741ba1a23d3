"""May it go, who said yes, how it runs, what it did: compliance, approval, run, read-out."""

from collections.abc import Mapping, Sequence

from linghang.doors.studio import blocks
from linghang.doors.studio.campaign import rounds
from linghang.doors.studio.campaign.frame import big, faults, own, remark, step, why
from linghang.doors.studio.campaign.view import LIVE, SIGNERS, Shape, View
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Markup, act, div, span, tag
from linghang.doors.studio.shell import actor_name, face

_ORDER = ("draft", "in_review", "approved", "running", "ended")


def compliance(view: View) -> Markup:
    """The review by the rules in force on the launch date: verdict, findings with their law, assets by kind."""
    t, value = view.t, view.value("compliance")
    if not value:
        return step(view, "compliance")
    good = value["verdict"] == "compliant"
    found = view.remarks()
    verdict = (
        t("compliance.good")
        if good
        else t("compliance.bad", count=len([item for item in found if item.severity in ("S1", "S2")]))
    )
    unknown = sorted({fact.split(":")[-1] for asset in value["assets"] for fact in asset.get("not_evaluated", [])})
    return step(
        view,
        "compliance",
        big(
            verdict,
            t("compliance.assets", assets=len(value["assets"])),
            t("compliance.rules", rules=value["rules"], day=t.day(value["launch"])),
        ),
        div("asset-kinds", [_kind(view, kind, value["assets"]) for kind in ("copy", "picture", "page", "message")]),
        div("findings", [remark(view, item) for item in (found if len(found) < 6 else found[:5])]) if found else None,
        _missing(view, value["assets"]),
        tag(
            "p",
            t(
                "compliance.unknown",
                facts=t.listed([t(f"fact.{fact}") if t.has(f"fact.{fact}") else fact for fact in unknown]),
            ),
            cls="muted small",
        )
        if unknown
        else None,
        actions=blocks.button(t("compliance.again"), act("check"), kind="quiet", small=True, symbol="refresh"),
        findings=False,
    )


def _kind(view: View, kind: str, assets: Sequence[Shape]) -> Markup | None:
    mine = [asset for asset in assets if asset["kind"] == kind]
    if not mine:
        return None
    bad = sum(1 for asset in mine if asset["verdict"] == "violating")
    tone, text = ("bad", view.t("compliance.some_bad", count=bad)) if bad else ("ok", view.t("compliance.all_good"))
    return div(
        "asset-kind",
        span("muted small", view.t(f"asset.{kind}")),
        tag("b", str(len(mine)), cls="num"),
        blocks.pill(text, tone),
    )


def _missing(view: View, assets: Sequence[Shape]) -> Markup | None:
    rows = [
        tag("li", view.name(asset["place"]), " ", view.t.listed(asset["missing"]))
        for asset in assets
        if asset.get("missing")
    ]
    return div("", tag("h3", view.t("compliance.missing")), tag("ul", rows, cls="bare")) if rows else None


def approval(view: View) -> Markup:
    """The way to the signature: where it stands, who signed what hash, what to do now."""
    t = view.t
    place = _ORDER.index(view.status) if view.status in _ORDER else (1 if view.status == "rejected" else 3)
    steps = [
        div(
            f"track-step{' done' if n < place else ' at' if n == place else ''}",
            span("track-dot", icon("check", 12) if n < place else None),
            span("", t(f"approval.{name}")),
        )
        for n, name in enumerate(_ORDER)
    ]
    signed = [_signature(view, item) for item in view.extra.get("history") or ()]
    package = next((str(item["package"]) for item in reversed(view.extra.get("history") or ())), "")
    seal = blocks.facts((t("approval.package"), tag("code", package[:16], title=package))) if package else None
    return step(
        view,
        "approval",
        div("track", steps),
        why(view, t(f"approval.why_{view.status}") if t.has(f"approval.why_{view.status}") else t("approval.why")),
        div("signatures", signed) if signed else None,
        _asked(view),
        _faults(view),
        seal,
        div("line", next_actions(view)),
    )


def _faults(view: View) -> Markup | None:
    """What the pre-flight check finds in a draft, before anybody is asked to sign it."""
    found = view.extra.get("preflight")
    if found is None or view.status not in ("draft", "rejected"):
        return None
    lines = faults(view, found)
    clean = blocks.empty_line("check", view.t("verdict.flies"), view.t("verdict.flies_text"))
    count = span("badge quiet num", str(len(own(found)))) if lines else None
    return div("preflight", tag("h3", view.t("verdict.preflight"), " ", count), lines or clean)


def _asked(view: View) -> Markup | None:
    """The conditions of the signatures: until all are confirmed it cannot be launched."""
    rows = [
        div(f"condition{' done' if done else ''}", icon("check" if done else "clock", 16), span("grow", point))
        for point, done in rounds.conditions(view)
    ]
    return div("conditions", tag("h3", view.t("verdict.conditions_of")), rows) if rows else None


def _signature(view: View, item: Shape) -> Markup:
    t = view.t
    actor = str(item.get("actor", ""))
    act_ = str(item["kind"])
    text = t(f"approval.did_{act_}", who=actor_name(t, actor)) if t.has(f"approval.did_{act_}") else f"{actor} {act_}"
    reasons = [blocks.chip(t(f"reason.{name}")) for name in item.get("points") or ()] if act_ == "rejected" else []
    return div(
        "signature",
        face(t, actor),
        div(
            "grow",
            tag("p", text),
            tag("p", str(item["comment"]), cls="muted small") if item.get("comment") else None,
            div("chips", reasons) if reasons else None,
        ),
        span("muted small num", t.instant(item.get("at"))),
    )


def _signed(view: View) -> set[str]:
    """Who signed since it was last submitted."""
    signed: set[str] = set()
    for item in view.extra.get("history") or ():
        signed = set() if item.get("kind") == "submitted" else signed
        if item.get("kind") == "approved":
            signed.add(str(item.get("actor")))
    return signed


def next_actions(view: View, tab: str = "document") -> list[Markup]:
    """What can be done now on a tab of the campaign, the next step first."""
    t, status = view.t, view.status
    actor = str(view.extra.get("actor", ""))
    if not view.id or (view.working and status in ("draft", "rejected", "in_review", "approved")):
        return []  # what is being changed is not signed or launched meanwhile
    if status in ("draft", "rejected"):
        return _draft(view)
    if status == "in_review":
        roles = SIGNERS & set(view.roles)
        if not roles:
            return [
                blocks.pill(t("next.waits"), "info", "clock"),
                blocks.button(t("next.as_approver"), data_switch="approver"),
            ]
        if actor in _signed(view):
            # Their step is taken; the chain waits for the other role.
            other = next(iter(sorted(SIGNERS - roles or SIGNERS)))
            return [
                blocks.pill(t("next.waits"), "info", "clock"),
                blocks.button(t(f"next.as_{other}"), data_switch=other),
            ]
        return [
            blocks.button(t("next.approve"), act("ask.approve"), kind="primary", symbol="check"),
            blocks.button(t("next.reject"), act("ask.reject"), kind="danger"),
        ]
    launch = view.may("campaign.launch")
    phone = blocks.link_button(t("next.phone"), f"/campaigns/{view.id}/phone", kind="primary", symbol="phone")
    report = blocks.link_button(t("next.report"), f"/campaigns/{view.id}/report", kind="primary", symbol="analysis")
    table: Mapping[str, list[Markup]] = {
        "approved": _approved(view),
        "running": [
            report if tab == "phone" else phone,
            *([blocks.button(t("next.pause"), act("pause"), symbol="pause")] if launch else []),
        ],
        "paused": [blocks.button(t("next.resume"), act("resume"), kind="primary", symbol="play")] if launch else [],
        "ended": [report],
    }
    return table.get(status, [])


def _approved(view: View) -> list[Markup]:
    t, left = view.t, rounds.open_conditions(view)
    other = blocks.button(t("next.as_operator"), data_switch="operator")
    if rounds.lapsed(view):
        again = blocks.button(t("next.submit_again"), act("submit"), kind="primary", symbol="approvals")
        return [blocks.pill(t("verdict.lapsed"), "bad", "alert"), again if view.may("campaign.submit") else other]
    if not left:
        launch = blocks.button(t("next.launch"), act("ask.launch"), kind="primary", symbol="delivery")
        return [launch if view.may("campaign.launch") else other]
    waits = blocks.pill(t("next.conditions", count=len(left)), "warn", "clock")
    confirm = (
        blocks.link_button(t("verdict.fulfil"), f"/approvals?id={view.id}", kind="primary")
        if SIGNERS & set(view.roles)
        else blocks.button(t("next.as_approver"), data_switch="approver")
    )
    return [waits, confirm]


def _draft(view: View) -> list[Markup]:
    t = view.t
    blocking = view.blocking()
    if not view.may("campaign.submit"):
        return [blocks.button(t("next.as_operator"), data_switch="operator")]
    if view.doc.get("next") == "answer" or (view.doc.get("missing") and not view.value("compliance")):
        return [blocks.button(t("next.answer"), act("speak", text=""), kind="primary", symbol="message")]
    if view.problems():
        card = view.card_of(blocking[0]) if blocking else "approval"
        return [blocks.link_button(t("next.mend", count=view.problems()), f"#{card}", kind="primary", symbol="alert")]
    return [blocks.button(t("next.submit"), act("submit"), kind="primary", symbol="approvals")]


def run(view: View) -> Markup:
    """How it runs: played days, what is sent, pause, stop; before the launch, what will happen."""
    t = view.t
    if view.status not in LIVE:
        return step(view, "run", tag("p", t("run.not_yet"), cls="muted"))
    controls: list[Markup] = []
    if not view.may("campaign.launch"):
        controls = []
    elif view.status == "running":
        controls = [
            *plays(view),
            blocks.button(t("next.pause"), act("pause"), symbol="pause"),
            blocks.button(t("run.stop"), act("ask.stop"), kind="danger", symbol="stop"),
        ]
    elif view.status == "paused":
        controls = [
            blocks.button(t("next.resume"), act("resume"), kind="primary", symbol="play"),
            blocks.button(t("run.stop"), act("ask.stop"), kind="danger", symbol="stop"),
        ]
    link = blocks.link_button(t("next.phone"), f"/campaigns/{view.id}/phone", symbol="phone")
    return step(view, "run", why(view, t(f"run.why_{view.status}")), playing(view), div("line", link, *controls))


def plays(view: View) -> list[Markup]:
    """Fast-forward on simulated customers: a week, or to the end."""
    t = view.t
    return [
        blocks.button(t("run.play_7"), act("play", days=7), symbol="play", small=True),
        blocks.button(t("run.play_all"), act("play", days=None), symbol="play", small=True),
    ]


def playing(view: View) -> Markup | None:
    """How many of the days have been played."""
    done = view.extra.get("playing")
    if not done:
        return None
    told = view.t("run.playing", done=done[0], of=done[1])
    return div("playing", blocks.meter(done[0] / max(done[1], 1), "brand", told), tag("p", told, cls="small num"))


def readout(view: View) -> Markup:
    """The read-out in one line, with the way to the full report."""
    t = view.t
    told = view.extra.get("report")
    if not told:
        text = t("readout.none") if view.status in LIVE else t("readout.later")
        return step(view, "readout", tag("p", text, cls="muted"))
    rows = [
        blocks.key_number(t.figure(row["value"], row["unit"]), str(row["label"]), _interval(view, row))
        for row in told["rows"][:4]
    ]
    labels = [blocks.caveat(str(label)) for label in told.get("labels", [])]
    return step(
        view,
        "readout",
        tag("p", str(told.get("sentence") or "")),
        div("keys", rows),
        div("line", labels) if labels else None,
        div("line", blocks.link_button(t("next.report"), f"/campaigns/{view.id}/report", symbol="analysis")),
    )


def _interval(view: View, row: Shape) -> str:
    if row.get("interval"):
        return str(row["interval"])
    return view.t.interval(row.get("low"), row.get("high"), row["unit"])
