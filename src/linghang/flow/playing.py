"""Playing customers against a live package, through the doors that real ones use, in fast-forward time.

Decisions, claims, redemptions and hand-overs are the real engine's; only the customers are simulated, and every event
of theirs says so. On a real table the responses come from a model fitted on the table's own outcomes.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from linghang import approvals, audiences, benefits, customers, decisions, delivery, packs
from linghang.access.vault import Vault
from linghang.base.errors import RefusedError, UnavailableError
from linghang.base.records import DecisionRecord
from linghang.campaigns.sections import Allocation, Json, Variants
from linghang.campaigns.store import section_type
from linghang.decisions import store as log
from linghang.flow import live
from linghang.flow.live import Live
from linghang.flow.standing import Standing, fresh, standing_of
from linghang.kit import files
from linghang.kit.context import Context
from linghang.ports.population import Floats, Launched, Shown, Touch, Visit

SEND_HOUR = dt.timedelta(hours=10, minutes=30)
"""When a day's messages are handed over in fast-forward, local time: inside every channel's hours."""


def hand_over(
    ctx: Context, item: Live, now: dt.datetime, limit: int | None = None, *, stand: Standing | None = None
) -> delivery.Handed:
    """Hand over what a package has due at an instant, with consent, policy and stock checked again.

    ``stand`` is how customers stand by the data of a moment; by default of this one.
    """
    pack = packs.load(ctx.pack)
    index = audiences.current_index(ctx, pack)
    known = stand or standing_of(ctx.db, ctx.institution_id, index, pack, now)
    names = tuple(item.package.sections["benefits"]["benefits"])

    def consent(numbers: Sequence[int], channel: str) -> Mapping[int, str]:
        # Asked for every set of sends: who opts out while a long hand-over runs is not written to any more.
        stand = fresh(known, ctx.db, ctx.institution_id, now)
        refused: dict[int, str] = {}
        for number in numbers:
            code = (
                stand.muted(number) or stand.barred(item.product, number) or stand.closed(number, channel, item.product)
            )
            if code:
                refused[number] = code
        return refused

    def addresses(numbers: Sequence[int], channel: str) -> Mapping[int, str]:
        if channel in ctx.channels:
            return customers.addresses_of(Vault(ctx.home, ctx.db, ctx.institution_id), list(numbers), channel)
        # The file channel writes external ids; the institution's own sender resolves them to addresses.
        ids = customers.Numbers(ctx.analytics, ctx.institution_id).ids(list(numbers))
        return {number: name for number, name in zip(numbers, ids, strict=True) if name}

    desk = delivery.Desk(
        db=ctx.db,
        keys=approvals.Keys(ctx.home),
        pack=pack,
        channels=ctx.channels,
        consent=consent,
        addresses=addresses,
        zone=known.zone,
        files=lambda name: files.get(ctx.home, name),
        left=lambda: benefits.left_in_package(ctx.db, ctx.institution_id, item.package.hash, names),
        seed=ctx.seed,
        emit=lambda done, of: ctx.emit("sending", done, of, "flow.sending"),
    )
    return delivery.hand_over(desk, item.package, now=now, limit=limit)


def play(ctx: Context, item: Live, days: int | None) -> dict[str, Json]:
    """Let the audience (and its holdout) live through the campaign's window, or its first ``days``."""
    if ctx.population is None:
        raise UnavailableError("population.absent")
    launched = delivery.find(ctx.db, ctx.institution_id, item.package.hash)
    if launched is None:
        raise UnavailableError("delivery.not_launched", campaign=item.package.campaign_id)
    until = launched.end if days is None else min(launched.end, launched.start + dt.timedelta(days=days))
    scene = _Scene(ctx, item)
    goal = item.package.sections["goal"]
    told = Launched(
        item.package.campaign_id,
        item.package.hash,
        goal["objective"],
        goal["product"],
        launched.start,
        launched.end,
        tuple(name for name in goal["slots"]),
    )
    numbers = np.sort(np.concatenate([members for _, members in item.layers]))
    ids = customers.Numbers(ctx.analytics, ctx.institution_id).ids(numbers.tolist())
    scene.place = dict(zip(ids, numbers.tolist(), strict=True))
    scene.name = dict(zip(numbers.tolist(), ids, strict=True))
    played = ctx.population.play(
        ctx.pack,
        [told],
        ids,
        seed=ctx.seed,
        post=scene.post,
        decide=scene.decide,
        messages=scene.messages,
        contacted=_contacted(ctx, numbers),
        until=until,
        passed=lambda instant: ctx.emit(
            "playing", (instant - launched.start).days, (until - launched.start).days, "flow.playing"
        ),
    )
    delivery.tell(ctx.db, ctx.analytics, ctx.institution_id, item.package.hash, source="simulated", now=ctx.now)
    scene.flush()
    return {
        "days": (until - launched.start).days,
        "events": scene.events,
        "decisions": scene.decided,
        "conversions": int(played[0].responded.sum()),
        "simulated": True,
        "shadow": launched.shadow,
        "true_effect": played[0].truth.effect,
    }


def _contacted(ctx: Context, numbers: np.ndarray) -> Floats | None:
    """For a real table: each customer's probability of responding when contacted, from a model of its own outcomes."""
    past = customers.history(ctx.analytics, ctx.db, ctx.institution_id)
    if past is None or ctx.population is None:
        return None
    outcome = past["outcome"].to_pylist()
    columns = {name: past[name].to_pylist() for name in past.column_names if name not in ("customer", "outcome")}
    model = ctx.population.learn(ctx.pack, columns, outcome, seed=ctx.seed)
    chosen = past.filter(pa.array(np.isin(past["customer"].to_numpy(), numbers)))
    rows = {name: chosen[name].to_pylist() for name in columns}
    by_number = dict(zip(chosen["customer"].to_pylist(), model.probability(rows).tolist(), strict=True))
    return np.array([by_number.get(int(number), 0.0) for number in numbers], np.float64)


class _Scene:
    """The doors of one play: what it has decided and told so far."""

    def __init__(self, ctx: Context, item: Live) -> None:
        self.ctx, self.item = ctx, item
        self.pack = packs.load(ctx.pack)
        index = audiences.current_index(ctx, self.pack)
        self.stand = standing_of(ctx.db, ctx.institution_id, index, self.pack, ctx.now)
        self.target = customers.Target.of(ctx, self.pack)
        self.place: dict[str, int] = {}
        self.name: dict[int, str] = {}
        self.events = self.decided = self.posted = 0
        self.shown = _shown(item)
        allocation: Allocation = section_type("benefits").validate_python(item.package.sections["benefits"])
        self.granted = {benefit.id: benefit for benefit in allocation.granted}
        self.grants: dict[tuple[int, str], str] = {}
        self.seen: defaultdict[int, list[customers.Touch]] = defaultdict(list)
        self.people: dict[int, decisions.Customer] = {}
        self.pending: list[DecisionRecord] = []
        self.slots = {slot.id: slot.channel for slot in self.pack.slots}

    def decide(self, visits: Sequence[Visit]) -> list[Shown | None]:
        """The decision door: one logged decision a visit."""
        state = live.state_of(self.ctx, (self.item,))
        answers: list[Shown | None] = []
        for visit in visits:
            number = self.place[visit.customer]
            records = live.decide_all(
                self.ctx, self._person(number), (visit.slot,), visit.at, (self.item,), state, self.seen[number],
                self.slots,
            )  # fmt: skip
            self.pending.extend(records)
            chosen = self.shown.get(records[0].chosen)
            if chosen is not None:
                touch = customers.Touch(self.slots[visit.slot], visit.at, self.item.package.hash)
                self.seen[number] = [*self.seen[number][-8:], touch]
            answers.append(chosen)
        self.decided += len(visits)
        if len(self.pending) > 20_000:
            self.flush()
        return answers

    def flush(self) -> None:
        """Log the decisions that are not logged yet."""
        log.append(self.ctx.db, self.pending)
        self.pending = []

    def _person(self, number: int) -> decisions.Customer:
        found = self.people.get(number)
        if found is None:
            claimed = frozenset(benefit for owner, benefit in self.grants if owner == number)
            found = self.people[number] = live.person_of(self.stand, (self.item,), number, claimed)
        return found

    def messages(self, start: dt.datetime, end: dt.datetime) -> list[Touch]:
        """The send door: hand over the day's sends, then tell what reached whom."""
        local = start.astimezone(ZoneInfo(self.ctx.zone))
        moment = dt.datetime.combine(local.date(), dt.time(), ZoneInfo(self.ctx.zone)) + SEND_HOUR
        hand_over(self.ctx, self.item, moment.astimezone(dt.UTC), stand=self.stand)
        reached = delivery.reached(self.ctx.db, self.ctx.institution_id, self.item.package.hash, start, end)
        told: list[Touch] = []
        for sent, at in reached:
            shown = self.shown.get(sent.variant)
            if shown is not None and sent.customer in self.name:
                told.append(Touch(sent.key, self.name[sent.customer], at, shown))
        return told

    def post(self, batch: pa.RecordBatch) -> None:
        """The event door: claims and redemptions go through the ledger first; what it refuses did not happen."""
        keep = np.ones(batch.num_rows, np.bool_)
        names = batch.column("name").to_pylist()
        for row, name in enumerate(names):
            if name in ("claim", "benefit_used"):
                keep[row] = self._settle(name, batch, row)
        kept = batch.filter(pa.array(keep))
        package = pa.array([self.item.package.hash] * kept.num_rows)
        table = pa.table({**{name: kept.column(name) for name in kept.schema.names}, "package": package})
        # A named batch is taken once, however often a killed play begins again: the same seed makes the same batches.
        name = f"play:{self.item.package.hash}:{self.posted}"
        self.posted += 1
        self.events += customers.post_events(self.target, table, name=name, fresh=True, source="simulated").accepted

    def _settle(self, name: str, batch: pa.RecordBatch, row: int) -> bool:
        number = self.place[batch.column("customer_id")[row].as_py()]
        benefit_id = batch.column("object")[row].as_py()
        benefit = self.granted.get(benefit_id)
        at = batch.column("at")[row].as_py()
        key = batch.column("key")[row].as_py()
        if benefit is None:
            return False
        if name == "claim":
            mark = f"{self.item.package.hash[:16]}:{benefit_id}:{number}"
            grant = benefits.claim(
                self.ctx.db, self.ctx.institution_id, self.item.package.hash, benefit, number, key=mark, now=at
            )
            if isinstance(grant, benefits.Refusal):
                return False
            self.grants[(number, benefit_id)] = grant.id
            self.people.pop(number, None)
            return True
        grant_id = self.grants.get((number, benefit_id))
        if grant_id is None:
            return False
        amount = min(batch.column("amount_fen")[row].as_py() or benefit.face_fen, benefit.face_fen)
        try:
            benefits.redeem(self.ctx.db, self.ctx.institution_id, grant_id, amount_fen=amount, key=key, now=at)
        except RefusedError:
            # Too late or used already: the ledger says no, so it did not happen.
            return False
        return True


def _shown(item: Live) -> dict[str, Shown]:
    """Combination → what a customer sees of it."""
    package = item.package
    made: Variants = section_type("combinations").validate_python(package.sections["combinations"])
    moods = {one["id"]: one["mood"] for one in package.sections["creatives"]["pictures"]}
    angles = {
        (text["layer"], text["place"], text["variant"]): text["angle"] for text in package.sections["copy"]["texts"]
    }
    granted: Mapping[str, Any] = {one["id"]: one for one in package.sections["benefits"]["granted"]}
    found: dict[str, Shown] = {}
    for variant in made.variants:
        benefit = granted.get(variant.benefit, {})
        found[variant.id] = Shown(
            campaign_id=package.campaign_id,
            package=package.hash,
            layer=variant.layer,
            variant=variant.id,
            channel=variant.channel,
            slot=variant.place if variant.place != variant.channel else "",
            mood=moods.get(variant.creative, ""),
            angle=angles.get((variant.layer, variant.place, "a"), ""),
            benefit=variant.benefit,
            benefit_type=benefit.get("type", ""),
            face_fen=benefit.get("face_fen", 0),
            threshold_fen=benefit.get("threshold_fen", 0),
        )
    return found
