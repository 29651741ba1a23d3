"""The approval packet: everything that whoever signs must have seen, as parts of a paper. No figure is made here."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import PurePath
from typing import Any
from zoneinfo import ZoneInfo

from linghang import approvals, packs
from linghang.approvals import comments
from linghang.base.findings import Finding, Severity
from linghang.base.messages import catalogue, render
from linghang.base.money import Money
from linghang.campaigns.assets import finding_key, in_order, spans_in
from linghang.campaigns.model import Campaign, Package
from linghang.compliance.pages import visible_text
from linghang.flow import acts, paper, screens, views
from linghang.flow.briefings import briefing
from linghang.kit import files
from linghang.kit.context import Context

_TONES: Mapping[Severity, paper.Tone] = {
    Severity.S1: "bad", Severity.S2: "bad", Severity.S3: "warn", Severity.S4: "quiet",
}  # fmt: skip
_MOST_PAGE_LINES = 60


class Teller:
    """Words of a reader: sentences, names of ids, money, counts."""

    def __init__(self, ctx: Context, campaign: Campaign) -> None:
        self.ctx = ctx
        self.names = views.labels(campaign, packs.load(ctx.pack), ctx.locale)

    def __call__(self, code: str, **params: object) -> str:
        """A sentence of the packet."""
        return render(f"packet.{code}", params, self.ctx.locale)

    def told(self, code: str, params: Mapping[str, object] | None = None, otherwise: str = "") -> str:
        """Another room's sentence."""
        return render(code, params or {}, self.ctx.locale) if code in catalogue() else otherwise or code

    def name(self, id: object) -> str:
        """What an id is called."""
        return str(self.names.get(str(id), id))

    def instant(self, at: dt.datetime, form: str = "%m-%d %H:%M") -> str:
        """When, by the institution's clocks."""
        return f"{at.astimezone(ZoneInfo(self.ctx.zone)):{form}}"

    def money(self, fen: int | float) -> str:
        """An amount."""
        return f"{'−' if round(fen) < 0 else ''}¥{Money(abs(round(fen))).yuan:,.2f}"


def make(ctx: Context, campaign: Campaign, *, brief: bool = False) -> Mapping[str, Any]:
    """Write the packet (or the briefing for customer service) into the home; returns its digest and a file name."""
    package = acts.package_of(ctx, campaign)
    t = Teller(ctx, campaign)
    goal = campaign.value("goal")
    kind = "briefing" if brief else "packet"
    parts = briefing(t, campaign) if brief else list(_parts(t, campaign, package))
    data = paper.pdf(
        t(f"{kind}_title", name=goal.name),
        t("subtitle", id=campaign.id, version=campaign.version, status=t.told(f"status.{campaign.status}"),
          at=t.instant(ctx.now, "%Y-%m-%d %H:%M")),
        parts,
        foot=t("foot", hash=package.hash[:24]),
        at=ctx.now,
    )  # fmt: skip
    name = PurePath(f"{goal.name}-v{campaign.version}-{t(kind)}.pdf".replace("/", "-").replace("\\", "-")).name
    return {"id": campaign.id, "package": package.hash, "file": files.put(ctx.home, data), "name": name,
            "bytes": len(data)}  # fmt: skip


def _parts(t: Teller, campaign: Campaign, package: Package) -> Iterable[paper.Part]:
    yield paper.Part(t("summary"), [_summary(t, campaign, package)])
    yield paper.Part(t("signatures"), list(_signatures(t, campaign)))
    yield paper.Part(t("audience"), list(_audience(t, campaign)))
    yield paper.Part(t("benefits"), list(_benefits(t, campaign)))
    yield paper.Part(t("findings"), list(_findings(t, campaign, package)))
    yield paper.Part(t("preflight"), list(_preflight(t, campaign)))
    yield paper.Part(t("copy"), list(_copy(t, campaign)))
    yield paper.Part(t("pictures"), list(_pictures(t, campaign)))
    yield paper.Part(t("page"), list(_page(t, campaign)))
    yield paper.Part(t("schedule"), [_schedule(t, campaign)])
    yield paper.Part(t("expected"), list(_expected(t, campaign)))
    yield paper.Part(t("comments"), list(_comments(t, campaign)))


def _summary(t: Teller, campaign: Campaign, package: Package) -> paper.Facts:
    goal, audience = campaign.value("goal"), campaign.value("audience")
    brief = campaign.value("brief")
    return paper.Facts(
        [
            (t("said"), brief.text),
            (t("product"), t.name(goal.product)),
            (t("objective"), t.name(goal.objective)),
            (t("window"), f"{goal.start} – {goal.end}"),
            (t("channels"), t("sep").join(t.name(one) for one in goal.channels)),
            (t("level"), goal.level),
            (t("budget"), t.money(goal.budget_fen)),
            (t("people"), f"{audience.count:,}"),
            (t("owner"), t.told(f"studio.actor.{campaign.owner}", otherwise=campaign.owner)),
            (t("hash"), package.hash),
        ]
    )


def _signatures(t: Teller, campaign: Campaign) -> Iterable[paper.Item]:
    entries = [
        entry
        for entry in approvals.history(t.ctx.db, t.ctx.institution_id, campaign.id)
        if entry.kind in ("submitted", "approved", "rejected", "fulfilled", "withdrawn")
    ]
    if not entries:
        yield paper.Lines([t("unsigned")], quiet=True)
        return
    heads = [t(f"head_{name}") for name in ("at", "who", "did", "step", "words", "mark")]
    rows = [
        [
            t.instant(entry.at),
            _person(t, entry.actor) + (t("behalf", who=_person(t, entry.behalf)) if entry.behalf else ""),
            t(f"did_{entry.kind}"),
            t.told(f"studio.signer.{entry.step}", otherwise=entry.step) if entry.step else "",
            t("sep").join(filter(None, [entry.comment, *_points(t, entry.kind, entry.points)])),
            f"{entry.package[:8]}\n{entry.signature[:8]}".strip(),
        ]
        for entry in entries
    ]
    yield paper.Grid(heads, rows, (12, 18, 12, 12, 30, 16))


def _points(t: Teller, kind: str, points: Sequence[str]) -> list[str]:
    if kind == "rejected":
        return [t.told(f"studio.reason.{point}", otherwise=point) for point in points]
    return [t("condition", text=point) for point in points]


def _person(t: Teller, name: str) -> str:
    return t.told(f"studio.actor.{name}", otherwise=name)


def _audience(t: Teller, campaign: Campaign) -> Iterable[paper.Item]:
    document = views.document(t.ctx, campaign)
    audience, layers = campaign.value("audience"), campaign.value("layers")
    yield paper.Facts(
        [(t("rule"), str(document["audience_words"])), (t("as_of"), t.instant(audience.as_of, "%Y-%m-%d %H:%M"))]
    )
    words = [str(one) for one in document["step_words"]]
    yield paper.Grid(
        [t("head_step"), t("head_left"), t("head_out")],
        [[word, f"{step.remaining:,}", f"{step.removed:,}"] for word, step in zip(words, audience.steps, strict=True)],
        (60, 20, 20), (1, 2),
    )  # fmt: skip
    removed = [one for one in audience.removed if one.count]
    if removed:
        rows = [[t.told(one.code, {**one.params, "count": one.count}), f"{one.count:,}"] for one in removed]
        yield paper.Grid([t("head_reason"), t("head_out")], rows, (80, 20), (1,))
    reach = [[t.name(channel), f"{count:,}"] for channel, count in audience.reach.items()]
    yield paper.Grid([t("head_channel"), t("head_reach")], reach, (80, 20), (1,))
    rows = [[t.name(layer.id), f"{layer.count:,}", f"{layer.base_rate:.2%}"] for layer in layers.layers]
    yield paper.Grid([t("head_layer"), t("head_people"), t("head_base")], rows, (60, 20, 20), (1, 2))


def _benefits(t: Teller, campaign: Campaign) -> Iterable[paper.Item]:
    chosen = campaign.value("benefits")
    yield paper.Facts(
        [
            (t("budget"), t.money(chosen.budget_fen)),
            (t("committed"), t.money(chosen.committed_fen)),
            (t("pool"), t.name(chosen.pool) if chosen.pool else t("none")),
        ]
    )
    rows = [
        [
            t.name(one.layer),
            t("sep").join(t.name(channel) for channel in one.channels),
            t.name(one.benefit) if one.benefit else t("none"),
            f"{one.customers:,}",
            f"{one.grants:,}",
            t.money(one.liability_fen + one.contact_fen),
            t.money(one.cost_fen),
        ]
        for one in chosen.allotments
    ]
    heads = [t(f"head_{name}") for name in ("layer", "channel", "benefit", "people", "grants", "most", "cost")]
    yield paper.Grid(heads, rows, (16, 18, 18, 11, 11, 14, 14), (3, 4, 5, 6))


def _findings(t: Teller, campaign: Campaign, package: Package) -> Iterable[paper.Item]:
    review = campaign.value("compliance")
    yield paper.Lines([t("review", assets=len(review.assets), rules=review.rules, day=review.launch)], quiet=True)
    said = [one for one in comments.listing(t.ctx.db, t.ctx.institution_id, campaign.id) if one.package == package.hash]
    seen: dict[str, int] = {}
    for asset in review.assets:
        for finding in asset.findings:
            quote = str(finding.params.get("text") or "")
            key = finding_key(finding.code, asset.kind, asset.place, quote)
            seen[key] = seen.get(key, 0) + 1
            if seen[key] == 1:
                yield _remark(t, finding, asset.kind, asset.place, [one for one in said if one.about == key])
        if asset.missing:
            text = t("missing", place=t.name(asset.place), codes=t("sep").join(asset.missing))
            yield paper.Remark(t.told("studio.severity.S2"), "bad", text)
    if not seen:
        yield paper.Lines([t("nothing_found")])


def _remark(
    t: Teller, finding: Finding, kind: str, place: str, said: Sequence[comments.Comment]
) -> paper.Remark:  # fmt: skip
    law = " ".join(str(finding.evidence[key]) for key in ("law", "article") if finding.evidence.get(key))
    where = f"{t.told(f'studio.asset.{kind}')} · {t.name(place)}"
    fate = ""
    if said:
        last = said[-1]
        asked = next((one.text for one in said if one.number == last.refers), "")
        text = t("resolved_of", text=last.text or asked) if last.kind == "resolved" else last.text
        fate = t("fate", who=_person(t, last.actor), text=text, at=t.instant(last.at))
    return paper.Remark(
        t.told(f"studio.severity.{finding.severity}"), _TONES[finding.severity],
        t.told(finding.code, finding.params), " · ".join(filter(None, [where, law])), fate,
    )  # fmt: skip


def _preflight(t: Teller, campaign: Campaign) -> Iterable[paper.Item]:
    pack = packs.load(t.ctx.pack)
    found = approvals.preflight(campaign, pack, today=t.ctx.today)
    own = [one for one in found if not one.code.startswith("compliance.")]
    if not own:
        yield paper.Lines([t("flies")])
    for told in views.findings_told(own, t.names, t.ctx.locale):
        severity = Severity(str(told["severity"]))
        yield paper.Remark(t.told(f"studio.severity.{severity}"), _TONES[severity], str(told["message"]))


def _copy(t: Teller, campaign: Campaign) -> Iterable[paper.Item]:
    texts, review = campaign.value("copy").texts, campaign.value("compliance")
    words = {text.id: text.text for text in texts}
    marks: dict[str, list[tuple[int, int]]] = {}
    for asset in review.assets:
        for finding in asset.findings if asset.kind == "copy" else ():
            for id, spans in spans_in(asset.asset, finding.span, words).items():
                marks.setdefault(id, []).extend(spans)
    ordered = sorted(texts, key=lambda text: (text.place, text.layer))
    for (place, layer), own in groupby(ordered, key=lambda text: (text.place, text.layer)):
        yield paper.Lines([f"{t.name(place)} · {t.name(layer) if layer else t('every_layer')}"], bold=True)
        # A text that stands in several combinations is read once.
        once: dict[tuple[str, str], list[tuple[int, int]]] = {}
        for text in sorted(own, key=lambda text: in_order(text.role)):
            once.setdefault((text.role, text.text), []).extend(marks.get(text.id, ()))
        for (role, said), spans in once.items():
            yield paper.Marked(t.told(f"studio.role.{role}", otherwise=role), said, sorted(set(spans)))


def _pictures(t: Teller, campaign: Campaign) -> Iterable[paper.Item]:
    items = [
        (
            f"{t.name(one.slot)} · {t.name(one.layer)}\n{one.width} × {one.height} · {one.file[:12]}",
            files.get(t.ctx.home, one.file),
        )
        for one in sorted(campaign.value("creatives").pictures, key=lambda one: (one.slot, one.layer))
    ]
    yield paper.Pictures(items) if items else paper.Lines([t("none")])


def _page(t: Teller, campaign: Campaign) -> Iterable[paper.Item]:
    page = campaign.value("page")
    html = files.get(t.ctx.home, page.file).decode("utf-8", "replace")
    lines = list(dict.fromkeys(line.strip() for line in visible_text(html).splitlines() if line.strip()))
    yield paper.Facts([(t("page_title"), page.title), (t("page_file"), page.file)])
    yield screens.pictured(t, t.ctx.browser, files.get(t.ctx.home, page.file))
    yield paper.Lines([t("page_words")], quiet=True)
    yield paper.Lines(lines[:_MOST_PAGE_LINES])
    if len(lines) > _MOST_PAGE_LINES:
        yield paper.Lines([t("page_more", count=len(lines) - _MOST_PAGE_LINES)], quiet=True)


def _schedule(t: Teller, campaign: Campaign) -> paper.Item:
    rows = [
        [
            t.name(one.slot or one.channel), t.told(f"studio.phase.{one.phase}", otherwise=t.name(one.phase)),
            f"{one.start:%m-%d} – {one.end:%m-%d}", "–".join(one.hours), f"{sum(one.daily):,}",
        ]
        for one in campaign.value("placements").placements
    ]  # fmt: skip
    heads = [t(f"head_{name}") for name in ("place", "phase", "days", "hours", "contacts")]
    return paper.Grid(heads, rows, (28, 18, 22, 18, 14), (4,))


def _expected(t: Teller, campaign: Campaign) -> Iterable[paper.Item]:
    estimate, trial = campaign.value("estimate"), campaign.value("experiment")
    rows = [
        [t.told(f"figure.{one.name}", otherwise=t.told(f"studio.figure.{one.name}", otherwise=t.name(one.name))),
         *(_figure(t, value, one.unit) for value in (one.value, one.low, one.high))]
        for one in estimate.figures
    ]  # fmt: skip
    yield paper.Grid(
        [t("head_figure"), t("head_value"), t("head_low"), t("head_high")], rows, (40, 20, 20, 20), (1, 2, 3)
    )
    if estimate.simulated:
        yield paper.Lines([t("simulated")], quiet=True)
    yield paper.Facts(
        [
            (t("trial"), t("trial_words", treated=f"{trial.treated:,}", holdout=f"{trial.holdout:,}")),
            (t("trial_effect"), f"{trial.mde:.2%} ({t('enough' if trial.enough else 'not_enough')})"),
        ]
    )


def _figure(t: Teller, value: float, unit: str) -> str:
    if unit == "fen":
        return t.money(value)
    return f"{value:.2%}" if unit == "share" else f"{value:,.2f}" if unit == "ratio" else f"{value:,.0f}"


def _comments(t: Teller, campaign: Campaign) -> Iterable[paper.Item]:
    rows = [
        [
            t.instant(one.at), _person(t, one.actor), t.told(f"section.{one.section}", otherwise=one.section),
            t("open_must") if one.open else t(f"kind_{one.kind}"), one.text,
        ]
        for one in comments.listing(t.ctx.db, t.ctx.institution_id, campaign.id)
        if one.text
    ]  # fmt: skip
    if not rows:
        yield paper.Lines([t("no_comments")], quiet=True)
        return
    heads = [t(f"head_{name}") for name in ("at", "who", "section", "kind", "words")]
    yield paper.Grid(heads, rows, (13, 14, 14, 14, 45))
