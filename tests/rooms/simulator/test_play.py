"""Customers who answer campaigns: through the doors only, the same each time, with a truth that is known exactly."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from linghang import packs
from linghang.base.errors import UsageError
from linghang.ports.population import Launched, Played, Shown, Touch, Visit
from linghang.simulator import Population

START = dt.datetime(2026, 11, 25, 16, tzinfo=dt.UTC)  # midnight of the 26th in Shanghai
END = START + dt.timedelta(days=14)
IDS = tuple(f"LH{n:08d}" for n in range(12_000))
SALE = Launched("cmp_1", "pkg_1", "convert", "short_bond_fund", START, END, ("home_popup",))
POPUP = Shown("cmp_1", "pkg_1", "l1", "v1", "inapp_popup", "home_popup", "warm", "benefit")
PUSH = Shown("cmp_1", "pkg_1", "l1", "v2", "push", angle="benefit")
GIFT = replace(PUSH, benefit="fund_fee_1", benefit_type="fee_discount", face_fen=600)


def held(customer: str) -> bool:
    return int(customer[2:]) % 10 == 0


class Doors:
    """Everybody but the holdout sees the pop-up, and gets ``sends`` on day 2 and 5."""

    def __init__(self, sends: Shown | None = GIFT, slot: bool = True) -> None:
        self.visits: list[Visit] = []
        self.batches: list[pa.RecordBatch] = []
        self.sends, self.slot = sends, slot

    def decide(self, visits: Sequence[Visit]) -> list[Shown | None]:
        self.visits.extend(visits)
        return [POPUP if self.slot and not held(visit.customer) else None for visit in visits]

    def messages(self, start: dt.datetime, end: dt.datetime) -> list[Touch]:
        day = (start - START).days
        if self.sends is None or day not in (2, 5):
            return []
        at = start + dt.timedelta(hours=10)
        return [Touch(f"{name}-{day}", name, at, self.sends) for name in IDS if not held(name)]

    def play(self, seed: int = 7, launched: Launched = SALE, ids: Sequence[str] = IDS) -> Played:
        return Population().play(
            "demo", [launched], ids, seed=seed, post=self.batches.append, decide=self.decide, messages=self.messages
        )[0]

    @property
    def events(self) -> pa.Table:
        return pa.Table.from_batches(self.batches)


@pytest.fixture(scope="module")
def played() -> tuple[Doors, Played]:
    doors = Doors()
    return doors, doors.play()


HELD = np.array([held(name) for name in IDS])


def test_the_holdout_does_exactly_what_it_would_have_done(played: tuple[Doors, Played]) -> None:
    _, result = played
    assert (result.responded[HELD] == result.without[HELD]).all()
    assert result.contacts[HELD].sum() == 0


def test_contacts_and_benefits_cause_responses(played: tuple[Doors, Played]) -> None:
    _, result = played
    treated = ~HELD
    caused = result.responded[treated].mean() - result.without[treated].mean()
    assert 0.002 < caused < 0.03
    assert result.truth.customers == len(IDS)
    assert result.truth.effect == pytest.approx((result.responded.sum() - result.without.sum()) / len(IDS))


def test_the_base_rate_is_the_frozen_one(played: tuple[Doors, Played]) -> None:
    """0.0115 of the bank's customers buy a fund within 14 days without being asked; 5 standard errors around it."""
    _, result = played
    error = np.sqrt(0.0115 * 0.9885 / len(IDS))
    assert abs(result.without.mean() - 0.0115) < 5 * error


def test_playing_again_is_the_same_to_the_byte(played: tuple[Doors, Played]) -> None:
    doors, result = played
    again = Doors()
    second = again.play()
    assert (second.responded == result.responded).all()
    assert again.events.equals(doors.events)


def test_another_seed_is_another_bank(played: tuple[Doors, Played]) -> None:
    other = Doors().play(seed=8)
    assert (other.without != played[1].without).any()


def test_events_have_unique_keys_come_in_time_and_are_labelled(played: tuple[Doors, Played]) -> None:
    doors, _ = played
    events = doors.events
    assert len(set(events["key"].to_pylist())) == events.num_rows
    assert set(events["source"].to_pylist()) == {"simulated"}
    for batch in doors.batches:
        at = batch["at"].to_numpy(zero_copy_only=False)
        assert (np.diff(at) >= np.timedelta64(0)).all()
    converts = events.filter(pa.array([name == "convert" for name in events["name"].to_pylist()]))
    moments = converts["at"].to_pylist()
    assert all(START <= moment < END for moment in moments)


def test_the_log_tells_what_the_truth_says(played: tuple[Doors, Played]) -> None:
    doors, result = played
    rows = doors.events.select(["name", "customer_id", "object", "campaign_id"]).to_pylist()
    converted = {row["customer_id"] for row in rows if row["name"] == "convert"}
    assert converted == {name for name, yes in zip(IDS, result.responded, strict=True) if yes}
    assert all(row["object"] == "short_bond_fund" for row in rows if row["name"] == "convert")
    untouched = [row for row in rows if row["name"] == "convert" and held(row["customer_id"])]
    assert untouched
    assert all(row["campaign_id"] == "" for row in untouched)


def test_click_rates_are_near_the_usual_ones(played: tuple[Doors, Played]) -> None:
    doors, _ = played
    table = doors.events
    count = Counter(zip(table["name"].to_pylist(), table["channel"].to_pylist(), strict=True))
    assert 0.03 < count[("click", "inapp_popup")] / count[("impression", "inapp_popup")] < 0.15
    sent = 2 * (~HELD).sum()
    assert 0.01 < count[("click", "push")] / sent < 0.05
    assert 0.01 < count[("open", "push")] / sent < 0.08


def test_claims_come_before_uses_and_uses_need_a_response(played: tuple[Doors, Played]) -> None:
    doors, result = played
    rows = doors.events.to_pylist()
    claimed = {row["customer_id"]: row["at"] for row in rows if row["name"] == "claim"}
    used = {row["customer_id"]: row["at"] for row in rows if row["name"] == "benefit_used"}
    assert used
    assert all(claimed[name] < at for name, at in used.items())
    responded = {name for name, yes in zip(IDS, result.responded, strict=True) if yes}
    assert set(used) <= responded
    assert 0.2 < len(used) / len(claimed) <= 1


def test_only_those_with_the_app_come_by(played: tuple[Doors, Played]) -> None:
    doors, _ = played
    chunk = next(iter(Population().chunks("demo", customers=len(IDS), seed=7, today=dt.date(2026, 11, 23))))
    installed = chunk.customers.column("app_installed").to_pylist()
    named = dict(zip(chunk.customers.column("customer_id").to_pylist(), installed, strict=True))
    assert doors.visits
    assert all(named[visit.customer] for visit in doors.visits)


def effect(sends: Shown | None, ids: Sequence[str] = IDS) -> float:
    return Doors(sends, slot=False).play(ids=ids).truth.effect


def test_a_benefit_adds_and_a_larger_one_adds_more() -> None:
    none, small, large = effect(None), effect(PUSH), effect(replace(GIFT, benefit_type="coupon", face_fen=2_000))
    assert none == 0
    assert none < small < large
    assert effect(replace(GIFT, benefit_type="coupon", face_fen=300)) < large


def test_a_contact_without_consent_does_harm() -> None:
    chunk = next(iter(Population().chunks("demo", customers=len(IDS), seed=7, today=dt.date(2026, 11, 23))))
    rows = chunk.customers.select(["customer_id", "consent_push", "opted_out_push"]).to_pylist()
    refused = [row["customer_id"] for row in rows if not row["consent_push"] or row["opted_out_push"]]
    asked = [row["customer_id"] for row in rows if row["consent_push"] and not row["opted_out_push"]]
    assert effect(PUSH, refused) < 0 < effect(PUSH, asked)


def test_more_than_enough_contacts_stop_helping_and_annoy() -> None:
    class Storm(Doors):
        def messages(self, start: dt.datetime, end: dt.datetime) -> list[Touch]:
            at = [start + dt.timedelta(hours=hour) for hour in (9, 11, 13, 15, 17)]
            return [Touch(f"{name}-{n}-{start}", name, at[n], PUSH) for name in IDS[:4_000] for n in range(5)]

    storm, calm = Storm(slot=False), Doors(PUSH, slot=False)
    much = storm.play(ids=IDS[:4_000])
    few = calm.play(ids=IDS[:4_000])
    assert much.truth.effect <= few.truth.effect + 0.002
    gone = [sum(name == "unsubscribe" for name in doors.events["name"].to_pylist()) for doors in (storm, calm)]
    assert gone[0] > 5 * max(gone[1], 1)


def test_a_longer_campaign_sees_more() -> None:
    week = Doors(None, slot=False).play(launched=replace(SALE, end=START + dt.timedelta(days=7)))
    month = Doors(None, slot=False).play(launched=replace(SALE, end=START + dt.timedelta(days=28)))
    assert 3 < month.without.sum() / max(week.without.sum(), 1) < 5.5


def test_until_plays_a_part_of_the_window() -> None:
    doors = Doors()
    ends: list[dt.datetime] = []
    Population().play(
        "demo", [SALE], IDS[:2_000], seed=7, post=doors.batches.append, decide=doors.decide,
        until=START + dt.timedelta(days=3), passed=ends.append,
    )  # fmt: skip
    assert ends == [START + dt.timedelta(days=n) for n in (1, 2, 3)]
    assert max(doors.events["at"].to_pylist()) < START + dt.timedelta(days=3, hours=3)


def test_unknown_customers_are_refused() -> None:
    with pytest.raises(UsageError, match="simulator.unknown_customer"):
        Doors().play(ids=["4711"])


def test_nothing_launched_plays_nothing() -> None:
    assert Population().play("demo", [], IDS, seed=1, post=lambda batch: None) == ()


def test_shadow_customers_respond_as_their_model_says_when_called() -> None:
    """Everybody is called once: the share who respond is the model's mean; without a call a fifth of it (the pack)."""
    pack = packs.load("uci-bank")
    ids = [str(n) for n in range(20_000)]
    chance = np.full(len(ids), 0.2)
    launched = Launched("cmp_s", "pkg_s", "convert", "term_deposit", START, END)
    call = Shown("cmp_s", "pkg_s", "l1", "v1", "call")

    def messages(start: dt.datetime, end: dt.datetime) -> list[Touch]:
        return [Touch(name, name, start, call) for name in ids] if start == START else []

    def run(channel: Shown) -> Played:
        def door(start: dt.datetime, end: dt.datetime) -> list[Touch]:
            return [replace(touch, shown=channel) for touch in messages(start, end)]

        posted: list[pa.RecordBatch] = []
        return Population().play(
            "uci-bank", [launched], ids, seed=3, post=posted.append, messages=door, contacted=chance
        )[0]

    called, texted = run(call), run(replace(call, channel="sms"))
    multiple = next(channel.response for channel in pack.channels if channel.id == "call")
    assert called.responded.mean() == pytest.approx(0.2, abs=0.012)
    assert called.without.mean() == pytest.approx(0.2 / multiple, abs=0.007)
    assert called.without.mean() < texted.responded.mean() < called.responded.mean()
