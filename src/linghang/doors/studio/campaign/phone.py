"""The live phone (演示手机): customers of different layers side by side, fed by real decisions and real ledgers."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from nicegui import ui

from linghang.base.errors import LinghangError
from linghang.doors.studio import blocks
from linghang.doors.studio.campaign import moves, screen
from linghang.doors.studio.campaign.header import header
from linghang.doors.studio.campaign.screens import Claimed, Person, Reason, Spot, claimed, person, reasons, spots
from linghang.doors.studio.campaign.view import LIVE, Shape, View
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Markup, div, join, span, tag
from linghang.doors.studio.shell import Studio
from linghang.doors.studio.stage import Stage, Told

_PHONES = ("a", "b", "c")


def register(studio: Studio) -> None:
    """Register ``/campaigns/{id}/phone``."""

    @ui.page("/campaigns/{id}/phone", response_timeout=60)
    async def phone(id: str) -> None:
        async with studio.page("campaigns", crumbs=("tab.phone",), cls="wide") as stage:
            await Demo(stage, id).build()


@dataclass
class Phone:
    """One phone: who holds it, what the home screen shows, where the customer is."""

    person: Person
    spots: tuple[Spot, ...] = ()
    popup: bool = True
    open: Spot | None = None
    page: str = ""
    claimed: Claimed | None = None
    taken: set[str] = field(default_factory=set)


class Demo:
    """Three phones, and beside them what their taps move: stock, events, the report."""

    def __init__(self, stage: Stage, id: str) -> None:
        self.stage = stage
        self.t = stage.t
        self.id = id
        self.doc: Shape = {}
        self.people: list[Person] = []
        self.phones: dict[str, Phone] = {}
        self.at = ""
        self.events: list[tuple[str, str, str]] = []
        self.before: Shape | None = None
        self.left: dict[str, int] = {}
        self.first_left: dict[str, int] = {}

    async def build(self) -> None:
        """Lay the page out and switch the phones on."""
        stage = self.stage
        doc = await stage.attempt(stage.session.call("campaign.show", id=self.id))
        if doc is None:
            stage.box("lost", "lh-box", blocks.empty("phone", self.t("document.unknown"), ""))
            return
        self.doc = doc
        view = self.view()
        stage.box("head", "doc-head", header(view, "phone"))
        if view.status not in LIVE:
            stage.box("wait", "lh-box", self._not_live())
            return
        self._listen()
        with ui.element("div").classes("demo"):
            with ui.element("div").classes("phones"):
                for key in _PHONES:
                    with ui.element("div").classes("phone-col"):
                        stage.box(f"who-{key}", "lh-box")
                        stage.box(f"screen-{key}", "lh-box", screen.empty(self.t))
                        stage.box(f"why-{key}", "lh-box")
            with ui.element("aside").classes("moves"):
                stage.box("clock", "lh-box")
                stage.box("stock", "lh-box", blocks.loading(self.t, self.t("phone.stock")))
                stage.box("figures", "lh-box")
                stage.box("events", "lh-box")
        ui.timer(0.05, self._start, once=True)

    def view(self) -> View:
        """The campaign for the header."""
        return View(self.t, self.doc, extra={"actor": self.stage.session.actor, "roles": self.stage.session.roles})

    def _not_live(self) -> Markup:
        t = self.t
        back = blocks.link_button(
            t("phone.to_plan"), f"/campaigns/{self.id}#approval", kind="primary", symbol="approvals"
        )
        return tag(
            "section", blocks.empty("phone", t("phone.not_live"), t("phone.not_live_text"), back), cls="panel demo-wait"
        )

    def _listen(self) -> None:
        for name, handler in (
            ("tap", self._tap),
            ("dismiss", self._dismiss),
            ("back", self._back),
            ("hold", self._hold),
            ("page.claim", self._claim),
            ("explain", self._explain),
            ("time", self._time),
            ("pause", self._pause),
            ("resume", self._resume),
        ):
            self.stage.on(name, handler)

    async def _start(self) -> None:
        stage = self.stage
        told = await stage.attempt(stage.session.call("phone.customers", campaign_id=self.id))
        named, outside = self.view().name, self.t("phone.outside")
        self.people = [person(item, named, outside) for item in told or []]
        self.at = self._first_moment()
        self._show_clock()
        self._show_events()
        if not self.people:
            stage.show("stock", blocks.empty("audiences", self.t("phone.nobody"), self.t("phone.nobody_text")))
            return
        for key, one in zip(_PHONES, self._first_people(), strict=False):
            self.phones[key] = Phone(one)
            await self._load(key)
        await self._figures()

    def _first_people(self) -> list[Person]:
        """One customer of each layer, treated where there is one; where layers run out, one of the holdout."""
        chosen: list[Person] = []
        for layer in dict.fromkeys(one.layer for one in self.people):
            own = [one for one in self.people if one.layer == layer]
            chosen.append(next((one for one in own if not one.held_out), own[0]))
        held = [one for one in self.people if one.held_out]
        rest = [*held, *self.people]
        while len(chosen) < len(_PHONES) and rest:
            one = rest.pop(0)
            if one not in chosen:
                chosen.append(one)
        return chosen[: len(_PHONES)]

    def _first_moment(self) -> str:
        """Now where the campaign runs now, else ten in the morning of the first day on which everything runs."""
        zone = ZoneInfo(self.t.zone)
        goal = self.doc.get("sections", {}).get("goal", {}).get("value", {})
        now = dt.datetime.now(zone)
        placements = self.doc.get("sections", {}).get("placements", {}).get("value", {}).get("placements", [])
        starts = [item["start"] for item in placements if item.get("slot")] or [goal.get("start")]
        start, end = max(starts), goal.get("end")
        if start and end and not start <= now.date().isoformat() <= end:
            now = dt.datetime.combine(dt.date.fromisoformat(start), dt.time(10), zone)
        return now.isoformat(timespec="minutes")

    async def _load(self, key: str) -> None:
        """Ask for the home screen of who holds the phone, at the demo's time."""
        phone = self.phones[key]
        told = await self.stage.attempt(self.stage.session.call("phone.home", customer=phone.person.id, at=self.at))
        phone.spots = spots(told, self.view().name) if told is not None else ()
        self._count((told or {}).get("left", {}).get(self.id, {}))
        phone.popup, phone.open, phone.claimed = True, None, None
        self._show(key)
        for spot in phone.spots:
            if spot.shown:
                self._happened(phone, "seen", spot.label)

    def _show(self, key: str) -> None:
        phone, t, stage = self.phones[key], self.t, self.stage
        clock = dt.datetime.fromisoformat(self.at).strftime("%H:%M")
        stage.show(f"who-{key}", screen.chooser(t, key, self.people, phone.person))
        if phone.open is not None and phone.page:
            stage.show(f"screen-{key}", screen.landing(t, key, phone.open, clock, phone.page, phone.claimed))
        else:
            bank = str(self.doc.get("institution_label") or t("phone.bank"))
            stage.show(f"screen-{key}", screen.home(t, key, phone.person, phone.spots, clock, bank, popup=phone.popup))
        stage.show(f"why-{key}", screen.reasons(t, phone.spots, key) if phone.spots else join())

    def _spot(self, told: Told) -> tuple[str, Phone, Spot] | None:
        key = str(told.get("phone", ""))
        phone = self.phones.get(key)
        spot = next((item for item in phone.spots if item.decision_id == told.get("decision")), None) if phone else None
        return (key, phone, spot) if phone is not None and spot is not None else None

    async def _tap(self, told: Told) -> None:
        found = self._spot(told)
        if found is None:
            return
        key, phone, spot = found
        answer = await self.stage.session.call("phone.tap", decision_id=spot.decision_id)
        phone.page = str((answer or {}).get("page") or spot.page or self.view().value("page").get("file", ""))
        phone.open, phone.claimed, phone.popup = spot, None, False
        self._happened(phone, "click", spot.label)
        self._show(key)
        await self._figures()

    def _dismiss(self, told: Told) -> None:
        phone = self.phones[str(told["phone"])]
        phone.popup = False
        self._happened(phone, "dismiss", self.t("phone.popup"))
        self._show(str(told["phone"]))

    def _back(self, told: Told) -> None:
        phone = self.phones[str(told["phone"])]
        phone.open, phone.claimed = None, None
        self._show(str(told["phone"]))

    async def _hold(self, told: Told) -> None:
        key = str(told["phone"])
        one = next((item for item in self.people if item.id == told.get("value")), None)
        if one is not None:
            self.phones[key] = Phone(one)
            await self._load(key)

    async def _claim(self, told: Told) -> None:
        found = self._spot(told)
        if found is None:
            return
        key, phone, spot = found
        if spot.decision_id in phone.taken:
            self.stage.toast(self.t("phone.already"), "info")
            return
        result = claimed(await self.stage.session.call("phone.claim", decision_id=spot.decision_id))
        if not result.done:
            self.stage.toast(result.reason, "bad")
            await self._figures()
            return
        if result.left is not None:
            self._count({spot.benefit: result.left})
        phone.taken.add(spot.decision_id)
        phone.claimed = result
        self._happened(phone, "claim", result.label or spot.benefit_label)
        self._show(key)
        self.stage.run(f"lh.claimed({json.dumps(key)}, {json.dumps(self.t('phone.claimed_short'))})")
        await self._figures()

    async def _explain(self, told: Told) -> None:
        found = self._spot(told)
        if found is None:
            return
        _, phone, spot = found
        t = self.t
        first, *others = reasons(
            await self.stage.session.call("phone.explain", decision_id=spot.decision_id), self._option
        )
        tone, symbol = ("tone-ok", "check") if spot.shown else ("tone-bad", "close")
        left = [tag("li", span("opt-dot"), span("grow", self._named(item), span("muted", item.why))) for item in others]
        lead = first.why if spot.shown or not spot.why else spot.why
        body = div(
            "explained",
            div(
                "who-line",
                span(
                    "muted",
                    t("phone.explain_who", name=phone.person.label, layer=phone.person.layer_label, slot=spot.label),
                ),
            ),
            div("lead", icon(symbol, 20, tone), tag("p", lead)),
            self._shown_here(spot) if spot.shown else None,
            join(tag("h3", t("phone.others")), tag("ul", left, cls="why-steps")) if left else None,
            tag("p", t("phone.decision"), " ", tag("code", spot.decision_id[-12:]), cls="muted small"),
        )
        self.stage.dialog(t("phone.why" if spot.shown else "phone.why_not"), body)

    def _named(self, item: Reason) -> Markup | None:
        if not item.names:
            return None
        more = self.t("phone.and_more", count=len(item.names) - 2) if len(item.names) > 2 else ""
        return join(tag("b", self.t.listed(list(item.names[:2])) + more), " ")

    def _option(self, what: str) -> str:
        """A combination as people know it: its words and its benefit. Those of other campaigns keep their names."""
        view = self.view()
        found = next(
            (
                item
                for item in view.value("combinations").get("variants", [])
                if item["id"] == what.rsplit("/", maxsplit=1)[-1]
            ),
            None,
        )
        if found is None:
            return ""
        title = found["copy"].get("title") or next(iter(found["copy"].values()), "")
        return f"{title} × {view.name(found['benefit'])}" if found["benefit"] else str(title)

    def _shown_here(self, spot: Spot) -> Markup:
        picture = (
            tag("img", src=f"/files/{spot.picture}", alt=spot.copy.get("title", ""), cls="shown-pic")
            if spot.picture
            else None
        )
        gift = span("chip solid", icon("gift", 14), spot.benefit_label) if spot.benefit_label else None
        return div(
            "shown-here",
            picture,
            div("", tag("b", spot.copy.get("title", "")), tag("p", spot.copy.get("subtitle", ""), cls="muted"), gift),
        )

    async def _time(self, told: Told) -> None:
        moment = dt.datetime.fromisoformat(self.at)
        day, hour = str(told.get("day") or moment.date()), str(told.get("hour") or f"{moment:%H:%M}")
        self.at = dt.datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=moment.tzinfo).isoformat(timespec="minutes")
        for key in self.phones:
            await self._load(key)

    async def _pause(self, _told: Told) -> None:
        await self._move("pause")

    async def _resume(self, _told: Told) -> None:
        await self._move("resume")

    async def _move(self, verb: str) -> None:
        """Pause or resume, then ask every phone again: a paused campaign vanishes from all of them."""
        await self.stage.session.call(f"campaign.{verb}", id=self.id)
        self.stage.toast(self.t(f"did.{verb}"))
        self.doc = await self.stage.session.call("campaign.show", id=self.id)
        self.stage.show("head", header(self.view(), "phone"))
        for key in self.phones:
            await self._load(key)

    def _happened(self, phone: Phone, what: str, about: str) -> None:
        self.events.insert(0, (what, phone.person.label, about))
        del self.events[40:]
        self._show_events()

    def _show_clock(self) -> None:
        self.stage.show("clock", moves.clock(self.t, self.at, self.view().value("goal")))

    def _show_events(self) -> None:
        self.stage.show("events", moves.events(self.t, self.events))

    def _count(self, left: Mapping[str, int]) -> None:
        """Take what the ledger says is left, and show it."""
        self.left |= left
        self.first_left = {**left, **self.first_left}
        view = self.view()
        whole: dict[str, int] = {}
        for row in view.value("benefits").get("allotments", []):
            whole[row["benefit"]] = whole.get(row["benefit"], 0) + (row.get("grants") or row["customers"])
        self.stage.show("stock", moves.stock(self.t, self.left, self.first_left, whole, view.name))

    async def _figures(self) -> None:
        """Fetch the report again; what moved since the page was opened is shown as a difference."""
        stage, t = self.stage, self.t
        try:
            report = await stage.session.call("campaign.report", id=self.id)
        except LinghangError as error:
            stage.show("figures", blocks.card(t("phone.report"), tag("p", stage.sentence(error), cls="muted small")))
            return
        before = self.before = self.before or report
        stage.show("figures", moves.funnel(t, report, before, f"/campaigns/{self.id}/report"))
