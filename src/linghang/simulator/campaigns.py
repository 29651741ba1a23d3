"""One campaign among the customers: how far each has been moved, who has answered, and who would have anyway."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.special import logit, ndtri

from linghang.packs.model import Pack
from linghang.ports.population import Launched, Shown
from linghang.simulator.answering import benefit_effect, click_odds, contact_effect, rate_of, thresholds, told
from linghang.simulator.crowd import Crowd
from linghang.simulator.diary import Diary, micros
from linghang.simulator.draws import Flags, Floats, Ints, logistic, uniform_of

_HOUR = 3_600_000_000
_DEED: Mapping[str, str] = {"payments": "pay", "credit": "credit_drawn"}


@dataclass(frozen=True)
class Effects:
    """Where the log-odds come from: the seed, those without contact, and, for a real table, the pack's assumptions.

    ``assumed`` maps a channel to the multiple of the response without contact that its first contact makes.
    """

    seed: int
    base: Floats
    assumed: Mapping[str, float] = field(default_factory=dict)


class Course:
    """The course of a campaign for each customer of a crowd."""

    def __init__(self, pack: Pack, crowd: Crowd, launched: Launched, effects: Effects) -> None:
        count = len(crowd.ids)
        self.launched, self._pack, self._crowd, self._effects = launched, pack, crowd, effects
        self._product = next((item for item in pack.products if item.id == launched.product), None)
        self._threshold = thresholds(crowd, launched.campaign_id, effects.seed)
        self._moved, self._gift = np.zeros(count), np.zeros(count)
        self.contacts = np.zeros(count, np.int64)
        self._by_channel: dict[str, Ints] = {}
        self.responded = np.zeros(count, np.bool_)
        self.without: Flags = self._threshold < effects.base
        self._due = np.full(count, np.iinfo(np.int64).max)
        self._claimed: dict[int, Shown] = {}
        self._last: dict[int, Shown] = {}
        start, end = micros(launched.start), micros(launched.end)
        anyway = np.nonzero(self.without)[0]
        when = uniform_of(effects.seed, "when." + launched.campaign_id, crowd.keys[anyway])
        self._due[anyway] = start + (when * (end - start)).astype(np.int64)

    def meet(self, shown: Shown, who: Ints, at: Ints, week: Ints, topic: str, diary: Diary) -> None:
        """Let customers take in something at these instants; ``week`` counts what they met in seven days."""
        running = (at >= micros(self.launched.start)) & (at < micros(self.launched.end))
        who, at, week = who[running], at[running], week[running]
        again = self._by_channel.setdefault(shown.channel, np.zeros(len(self._crowd.ids), np.int64))
        self._moved[who] += self._contact(shown, who, again[who], week)
        self._gift[who] = np.maximum(self._gift[who], benefit_effect(self._crowd, who, shown))
        won = self._persuade(who, at)
        self._react(shown, who, at, week, topic, won, diary)
        again[who] += 1
        self.contacts[who] += 1
        self._last.update(dict.fromkeys(who.tolist(), shown))

    def _contact(self, shown: Shown, who: Ints, again: Ints, week: Ints) -> Floats:
        if not self._effects.assumed:
            return contact_effect(self._crowd, who, shown, again, week, self._effects.seed)
        base = self._effects.base[who]
        multiple = self._effects.assumed.get(shown.channel, 1.0)
        first = logit(np.clip(logistic(base) * multiple, 1e-9, 0.98)) - base
        return first * told()["contact"]["again"] ** again

    def _react(self, shown: Shown, who: Ints, at: Ints, week: Ints, topic: str, won: Flags, diary: Diary) -> None:
        """Sight, opening, click, claim and annoyance, each drawn from the seed alone."""
        key = f"sim:{self.launched.campaign_id}:{topic}"
        opened, clicked = rate_of(self._pack, shown)
        if shown.slot:
            diary.note("impression", who, at, shown, key + ":impression")
        elif opened:
            opens = self._draw("open." + topic, who) < opened
            diary.note("open", who[opens], at[opens] + _HOUR // 4, shown, key + ":open")
        if clicked:
            odds = click_odds(self._crowd, who, shown, clicked, self.contacts[who], self._effects.seed)
            hit = self._draw("click." + topic, who) < logistic(odds)
            hit |= won & (self._draw("direct." + topic, who) < told()["claim"]["direct"])
            self._clicked(shown, who[hit], at[hit], topic, diary)
        if not shown.slot:
            self._annoy(shown, who, at, week, topic, diary)

    def _clicked(self, shown: Shown, who: Ints, at: Ints, topic: str, diary: Diary) -> None:
        key = f"sim:{self.launched.campaign_id}:{topic}"
        diary.note("click", who, at + 4_000_000, shown, key + ":click", what=shown.slot or shown.channel)
        diary.note("page_view", who, at + 6_000_000, shown, key + ":page_view", what="activity_page")
        if not shown.benefit:
            return
        fresh = np.array([n not in self._claimed for n in who.tolist()], np.bool_)
        gap = np.minimum(self._odds(who) - self._threshold[who], 0.0)
        chance = told()["claim"]["share"] * np.exp(told()["claim"]["slope"] * gap)
        takes = fresh & (self._draw("claim." + topic, who) < chance)
        diary.note("claim", who[takes], at[takes] + 30_000_000, shown, key + ":claim", what=shown.benefit)
        self._claimed.update(dict.fromkeys(who[takes].tolist(), shown))

    def _annoy(self, shown: Shown, who: Ints, at: Ints, week: Ints, topic: str, diary: Diary) -> None:
        annoyed, key = told()["annoyed"], f"sim:{self.launched.campaign_id}:{topic}"
        tired = week >= told()["contact"]["most_a_week"]
        leaves = self._draw("leave." + topic, who) < annoyed["unsubscribe"] * np.where(
            tired, annoyed["unsubscribe_tired"], 1
        )
        diary.note("unsubscribe", who[leaves], at[leaves] + _HOUR, shown, key + ":unsubscribe")
        allowed = self._crowd.allowed.get(shown.channel, np.ones(len(self._crowd.ids), np.bool_))[who]
        angry = annoyed["complaint"] * np.where(allowed, 1.0, annoyed["complaint_no_consent"])
        complains = self._draw("complain." + topic, who) < angry
        diary.note("complaint", who[complains], at[complains] + 2 * _HOUR, shown, key + ":complaint")

    def _draw(self, topic: str, who: Ints) -> Floats:
        return uniform_of(self._effects.seed, f"{topic}.{self.launched.campaign_id}", self._crowd.keys[who])

    def _odds(self, who: Ints) -> Floats:
        return self._effects.base[who] + self._moved[who] + self._gift[who]

    def _persuade(self, who: Ints, at: Ints) -> Flags:
        """Those whom this contact moved over their threshold answer some hours later, within the window."""
        never = self._due[who] == np.iinfo(np.int64).max
        won = never & (self._threshold[who] < self._odds(who))
        wait = -np.log(self._draw("wait", who[won])) * told()["visit"]["delay_hours"] * _HOUR
        last = micros(self.launched.end) - 1
        self._due[who[won]] = np.minimum(at[won] + wait.astype(np.int64), last)
        return won

    def mature(self, now: int, diary: Diary) -> None:
        """Let those answer whose moment has come before ``now``, unless later contacts have put them off."""
        who = np.nonzero((self._due < now) & ~self.responded)[0]
        who = who[self._threshold[who] < self._odds(who)]
        self.responded[who] = True
        self._respond(who, self._due[who], diary)
        # Who was put off may be won again by a later contact.
        lost = np.nonzero((self._due < now) & ~self.responded)[0]
        self._due[lost] = np.iinfo(np.int64).max

    def _respond(self, who: Ints, at: Ints, diary: Diary) -> None:
        usual = self._product.unit_amount_fen if self._product else 0
        sigma = told()["visit"]["amount_sigma"]
        spread = np.exp(sigma * ndtri(self._draw("amount", who)) - sigma**2 / 2)
        amount = np.round(usual * spread).astype(np.int64)
        by_last: dict[Shown | Launched, list[int]] = {}
        for place, customer in enumerate(who.tolist()):
            by_last.setdefault(self._last.get(customer, self.launched), []).append(place)
        for shown, places in by_last.items():
            rows = np.array(places, np.int64)
            # Nobody's contact: the event tells of no campaign, as a real one would not.
            cause = shown if isinstance(shown, Shown) else _UNCAUSED
            self._tell(cause, who[rows], at[rows], amount[rows], diary)
        self._redeem(who, at, diary)

    def _tell(self, cause: Shown, who: Ints, at: Ints, amount: Ints, diary: Diary) -> None:
        key, product = f"sim:{self.launched.campaign_id}", self.launched.product
        kind = self._product.kind if self._product else ""
        diary.note("convert", who, at, cause, key + ":convert", what=product, amount=amount)
        if self.launched.objective in ("winback", "activate") and kind not in _DEED:
            diary.note("login", who, at - 60_000_000, cause, key + ":login")
        elif self.launched.objective != "awareness" and kind:
            deed = _DEED.get(kind, "purchase")
            diary.note(
                deed, who, at, cause, f"{key}:{deed}", what=product if deed != "purchase" else kind, amount=amount
            )

    def _redeem(self, who: Ints, at: Ints, diary: Diary) -> None:
        uses = self._draw("redeem", who) < told()["redeem"]["share"]
        for customer, moment, use in zip(who.tolist(), at.tolist(), uses.tolist(), strict=True):
            shown = self._claimed.get(customer)
            if shown is not None and use:
                one, then = np.array([customer], np.int64), np.array([moment + 1_000_000], np.int64)
                key, face = f"sim:{self.launched.campaign_id}:benefit_used", np.array([shown.face_fen], np.int64)
                diary.note("benefit_used", one, then, shown, key, what=shown.benefit, amount=face)


_UNCAUSED = Shown("", "", "", "", "")
