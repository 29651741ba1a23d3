"""Customers who live on while campaigns run: they come by, see what the doors show them, click, and answer or do not.

Everything is drawn from the seed, the campaign and the customer, never from a running stream: played again after a
crash it comes to the same, and an event told twice has the same key.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

import numpy as np

from linghang.packs.model import Pack
from linghang.ports.population import Decide, Floats, Launched, Messages, Played, Post, Shown, Touch, Truth, Visit
from linghang.simulator.answering import base_log_odds, base_of_contacted, told
from linghang.simulator.campaigns import Course, Effects
from linghang.simulator.crowd import STAGES, Crowd, real_crowd, simulated_crowd
from linghang.simulator.diary import Diary, micros
from linghang.simulator.draws import Flags, Ints, uniform_of
from linghang.simulator.parameters import parameters
from linghang.simulator.tables import ids_of

_DAY = dt.timedelta(days=1)
_REFERENCE = 20_000


class Player:
    """Plays the customers of one bank through campaigns, a day at a time."""

    def __init__(self, pack: Pack, crowd: Crowd, launched: Sequence[Launched], courses: Sequence[Course], seed: int):
        self._pack, self._crowd, self._seed = pack, crowd, seed
        self._launched = tuple(launched)
        self._courses = {course.launched.campaign_id: course for course in courses}
        self._place = crowd.place()
        self._week = np.zeros((7, len(crowd.ids)), np.int64)
        self._diary = Diary(crowd.ids)
        self._told = 0

    def play(
        self,
        post: Post,
        decide: Decide | None,
        messages: Messages | None,
        until: dt.datetime | None,
        passed: Callable[[dt.datetime], None] | None,
    ) -> tuple[Played, ...]:
        """Live from the first start to the last end, or ``until``."""
        zone = ZoneInfo(self._pack.zone)
        now = min(item.start for item in self._launched)
        last = max(item.end for item in self._launched)
        last = last if until is None else min(last, until)
        while now < last:
            midnight = dt.datetime.combine(now.astimezone(zone).date() + _DAY, dt.time(), zone).astimezone(dt.UTC)
            end = min(midnight, last)
            self._live(now, end, decide, messages)
            for course in self._courses.values():
                course.mature(micros(end), self._diary)
            batch = self._diary.take()
            self._told += batch.num_rows
            if batch.num_rows:
                post(batch)
            if passed is not None:
                passed(end)
            now = end
        return tuple(self._played(course) for course in self._courses.values())

    def _live(self, start: dt.datetime, end: dt.datetime, decide: Decide | None, messages: Messages | None) -> None:
        self._week = np.roll(self._week, 1, axis=0)
        self._week[0] = 0
        if messages is not None:
            self._receive(messages(start, end))
        slots = {slot for item in self._launched if item.start < end and item.end > start for slot in item.slots}
        if decide is not None and slots:
            came = self._visitors(start)
            for slot in sorted(slots):
                self._stroll(slot, came, start, end, decide)

    def _visitors(self, day: dt.datetime) -> Flags:
        visit, crowd = told()["visit"], self._crowd
        chance = visit["mean"] * np.exp(visit["activity"] * crowd.latent["activity"] - visit["activity"] ** 2 / 2)
        chance = np.where(crowd.stage == STAGES.index("dormant"), visit["dormant"], chance)
        chance = np.where(crowd.stage == STAGES.index("churned"), visit["churned"], chance)
        return crowd.installed & (uniform_of(self._seed, f"visit.{day:%Y%m%d%H}", crowd.keys) < chance)

    def _stroll(self, slot: str, came: Flags, start: dt.datetime, end: dt.datetime, decide: Decide) -> None:
        place = next((item for item in self._pack.slots if item.id == slot), None)
        if place is None:
            return
        topic = f"{slot}.{start:%Y%m%d%H}"
        # daily_reach is a share of those who come on a day.
        sees = came & (uniform_of(self._seed, "see." + topic, self._crowd.keys) < min(place.daily_reach / 0.6, 1.0))
        who = np.nonzero(sees)[0]
        span = micros(end) - micros(start)
        at = micros(start) + self._hours(uniform_of(self._seed, "hour." + topic, self._crowd.keys[who]), span)
        order = np.argsort(at, kind="stable")
        who, at = who[order], at[order]
        ids = self._crowd.ids
        instants = [dt.datetime.fromtimestamp(int(moment) / 1e6, dt.UTC) for moment in at]
        answers = decide([Visit(ids[n], slot, moment) for n, moment in zip(who, instants, strict=True)])
        self._meet(answers, who, at, topic)

    def _hours(self, share: Floats, span: int) -> Ints:
        """Microseconds into the day, by the daily pattern; a part of a day keeps the order."""
        weights = np.asarray(parameters()["hours"]["day"], np.float64)
        edges = np.concatenate([[0.0], np.cumsum(weights) / weights.sum()])
        return np.minimum(np.interp(share, edges, np.arange(25) / 24) * span, span - 1).astype(np.int64)

    def _receive(self, touches: Sequence[Touch]) -> None:
        known = [touch for touch in touches if touch.customer in self._place]
        rounds: list[dict[str, Touch]] = []
        for touch in sorted(known, key=lambda item: (item.at, item.key)):
            # Two messages to one customer on one day are met one after the other.
            target = next((seen for seen in rounds if touch.customer not in seen), None)
            if target is None:
                target = {}
                rounds.append(target)
            target[touch.customer] = touch
        for number, group in enumerate(rounds):
            who = np.array([self._place[name] for name in group], np.int64)
            at = np.array([micros(touch.at) for touch in group.values()], np.int64)
            moment = min(touch.at for touch in group.values())
            self._meet([touch.shown for touch in group.values()], who, at, f"message.{moment:%Y%m%d%H%M}.{number}")

    def _meet(self, answers: Sequence[Shown | None], who: Ints, at: Ints, topic: str) -> None:
        """Let each customer take in what was shown, by combinations: there are few of them, and many customers."""
        by_shown: dict[Shown, list[int]] = {}
        for place, shown in enumerate(answers):
            if shown is not None and shown.campaign_id in self._courses:
                by_shown.setdefault(shown, []).append(place)
        for shown, places in by_shown.items():
            rows = np.array(places, np.int64)
            course = self._courses[shown.campaign_id]
            course.meet(shown, who[rows], at[rows], self._week.sum(axis=0)[who[rows]], topic, self._diary)
            self._week[0][who[rows]] += 1

    def _played(self, course: Course) -> Played:
        responded, without = course.responded, course.without
        truth = Truth(len(responded), int(responded.sum()), int(without.sum()))
        name = course.launched.campaign_id
        return Played(name, self._crowd.ids, responded, without, course.contacts, self._told, truth)


def simulated_player(pack: Pack, launched: Sequence[Launched], customers: Sequence[str], seed: int) -> Player:
    """A player of simulated customers. Raises UsageError("simulator.unknown_customer")."""
    crowd = simulated_crowd(pack, seed, customers)
    reference = simulated_crowd(pack, seed, ids_of(0, _REFERENCE).to_pylist())
    courses = [
        Course(pack, crowd, item, Effects(seed, base_log_odds(crowd, item, _kind(pack, item), seed, reference)))
        for item in launched
    ]
    return Player(pack, crowd, launched, courses, seed)


def shadow_player(
    pack: Pack, launched: Sequence[Launched], customers: Sequence[str], contacted: Floats, seed: int
) -> Player:
    """A player of a real table's customers, who respond with ``contacted`` when contacted by the table's channel."""
    crowd = real_crowd(pack, customers)
    usual = next((item for item in pack.channels if item.id == pack.customers.outcome_channel), None)
    base = base_of_contacted(contacted, usual.response if usual else 1.0)
    assumed = {channel.id: channel.response for channel in pack.channels}
    return Player(
        pack, crowd, launched, [Course(pack, crowd, item, Effects(seed, base, assumed)) for item in launched], seed
    )


def _kind(pack: Pack, launched: Launched) -> str:
    return next((item.kind for item in pack.products if item.id == launched.product), "default")
