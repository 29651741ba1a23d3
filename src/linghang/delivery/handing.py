"""Hand over what is due: check again, mark, hand over, settle; in small sets, so that a crash costs nothing.

The order makes every point safe. A touch is reserved before a message is marked, a message is marked (with variant and
cost) before it may leave, and it is settled by its receipt. Who finds marked messages while holding the lock knows that
their sender died: an idempotent channel or one that remembers tells what left; where nobody can tell, the send is
``unknown`` and a person decides. So nothing is lost and nothing goes out twice.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from linghang import approvals, customers
from linghang.approvals import Keys
from linghang.base.digest import digest
from linghang.base.errors import RefusedError, UnavailableError
from linghang.base.findings import Finding, Severity
from linghang.base.records import DecisionRecord, SendState
from linghang.campaigns.model import Package, Status
from linghang.customers import ContactPolicy, Touch, Wish
from linghang.decisions import store as decision_log
from linghang.delivery import composing, outbox
from linghang.delivery.alone import alone
from linghang.delivery.composing import Files, Script
from linghang.delivery.launching import find
from linghang.delivery.ledger import SHADOW, Settlement, settle
from linghang.delivery.model import Addresses, Consent, Handed, Launched, Send
from linghang.delivery.outbox import Marked
from linghang.packs.model import Pack
from linghang.ports.channel import Channel, Message, Receipt

CHUNK = 1000
_KEYS_AT_ONCE = 50_000
LATER = customers.WAITS | {"decisions.campaign_cap"}
"""Reasons of the contact policy that pass with time: the send waits for another day instead of being given up."""
_NOT_NOW = customers.PASSES


@dataclass(frozen=True)
class Desk:
    """What a hand-over asks of others: who may be contacted, where, by which vendor, with which files.

    ``left`` tells what the package may still give of each benefit; ``emit`` hears of progress (done, of) after each
    set and may raise to stop there. ``zone`` tells a customer's own time zone (empty: the institution's).
    """

    db: sa.Engine
    keys: Keys
    pack: Pack
    channels: Mapping[str, Channel]
    consent: Consent
    addresses: Addresses
    files: Files
    left: Callable[[], Mapping[str, int]]
    link: str = ""
    seed: int = 0
    zone: Callable[[int], str] = field(default=lambda _number: "")
    emit: Callable[[int, int], None] = field(default=lambda _done, _of: None)


@dataclass
class _Tally:
    states: Counter[SendState] = field(default_factory=Counter)
    waiting: Counter[str] = field(default_factory=Counter)
    deferred: int = 0
    reconciled: int = 0
    cost_fen100: int = 0
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class _Ready:
    """A send with its message, ready to be marked."""

    send: Send
    message: Message
    marked: Marked


@dataclass(frozen=True)
class _Work:
    """One package being handed over at one instant."""

    desk: Desk
    package: Package
    launched: Launched
    play: Script
    policy: ContactPolicy
    now: dt.datetime
    tally: _Tally

    @property
    def institution(self) -> str:
        return self.package.institution_id

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(ZoneInfo(self.desk.pack.zone)).date()


def hand_over(desk: Desk, package: Package, *, now: dt.datetime, limit: int | None = None) -> Handed:
    """Hand over what is due now, at most ``limit`` sends, after checking signature, status, consent and policy again.

    Raises RefusedError ("delivery.not_running", ``approvals.*``), ConflictError("delivery.send_under_way").
    """
    launched = find(desk.db, package.institution_id, package.hash)
    if launched is None:
        raise RefusedError("delivery.not_running", campaign=package.campaign_id, status=str(Status.DRAFT))
    status = approvals.standing(desk.db, package.institution_id, package.hash).status
    if status is not Status.RUNNING:
        raise RefusedError("delivery.not_running", campaign=package.campaign_id, status=str(status))
    approvals.signed(desk.db, desk.keys, package)
    play = composing.script(package, desk.pack, desk.link)
    work = _Work(desk, package, launched, play, customers.policy_of(desk.pack), now, _Tally())
    room = limit if limit is not None else sum(launched.planned.values())
    for channel in launched.planned:
        with alone(desk.db, f"{package.institution_id}:{package.hash}:{channel}"):
            room -= _channel(work, channel, room)
    return _told(work)


def _channel(work: _Work, channel: str, room: int) -> int:
    """Hand over one channel's due sends; returns how many left ``planned``."""
    vendor = _vendor(work, channel)
    if vendor is None:
        return 0
    _reconcile(work, channel, vendor)
    if not _in_hours(work, channel):
        due = outbox.due_keys(work.desk.db, work.institution, work.package.hash, channel, work.today, _KEYS_AT_ONCE)
        work.tally.waiting["delivery.outside_hours"] += len(due)
        return 0
    done = 0
    while done < room:
        most = min(_KEYS_AT_ONCE, room - done)
        keys = outbox.due_keys(work.desk.db, work.institution, work.package.hash, channel, work.today, most)
        moved = 0
        for start in range(0, len(keys), CHUNK):
            moved += _set(work, channel, vendor, keys[start : start + CHUNK])
            work.desk.emit(done + moved, room)
            if _halted(work):
                return done + moved
        done += moved
        if not moved:
            break
    return done


def _vendor(work: _Work, channel: str) -> Channel | None:
    vendor = work.desk.channels.get(channel) or work.desk.channels.get("file")
    if vendor is None:
        work.tally.waiting["delivery.no_vendor"] += 1
        params = {"channel": channel, "have": ", ".join(work.desk.channels) or "-"}
        work.tally.findings.append(Finding("delivery.no_vendor", Severity.S2, f"channels[{channel}]", params=params))
    return vendor


def _in_hours(work: _Work, channel: str) -> bool:
    local = work.now.astimezone(ZoneInfo(work.desk.pack.zone))
    minute = local.hour * 60 + local.minute
    times = work.play.view.running.get(channel, ())
    return any(work.now in running.window and running.first_minute <= minute < running.last_minute for running in times)


def _set(work: _Work, channel: str, vendor: Channel, keys: Sequence[str]) -> int:
    """One set of sends through all gates and out; returns how many are no longer planned for today."""
    due = outbox.fetch(work.desk.db, work.institution, keys)
    ready, refused = _prepared(work, channel, due)
    if work.launched.shadow:
        return _shadow(work, ready, refused)
    allowed, later = _reserved(work, ready)
    gone = _put_off(work, due, {**{key: (reason,) for key, reason in refused.items()}, **later})
    # A vendor that cannot tell what it took gets one at a time, so that a crash leaves one in doubt and not a thousand.
    size = CHUNK if vendor.idempotent else 1
    out = 0
    for start in range(0, len(allowed), size):
        if _halted(work):
            customers.settle(work.desk.db, work.institution, allowed[start:], sent=False)
            break
        out += _out(work, vendor, {key: ready[key] for key in allowed[start : start + size]})
    return gone + out


def _halted(work: _Work) -> bool:
    return bool(work.tally.waiting["delivery.channel_unavailable"] or work.tally.waiting["delivery.stopped"])


def _prepared(work: _Work, channel: str, due: Sequence[Send]) -> tuple[dict[str, _Ready], dict[str, str]]:
    """Messages of those who may be contacted now, and the reasons of those who may not."""
    numbers = [send.customer for send in due]
    refused = work.desk.consent(numbers, channel)
    addresses = work.desk.addresses([number for number in numbers if number not in refused], channel)
    left, touches = work.desk.left(), _touches(work, numbers)
    ready: dict[str, _Ready] = {}
    reasons: dict[str, str] = {}
    records: list[DecisionRecord] = []
    for send in due:
        if send.customer in refused or send.customer not in addresses:
            reasons[send.key] = refused.get(send.customer, "delivery.no_address")
            continue
        # A touch of this very send may be reserved already, by a run that died: it must not stand in its own way.
        own = [touch for touch in touches[send.customer] if touch.channel != channel]
        record = composing.choose(
            work.play, send, work.now, left=left, touches=own, zone=work.desk.zone(send.customer), seed=work.desk.seed
        )
        if not record.chosen:
            reasons[send.key] = next(iter(record.reasons.values()), "delivery.nothing_to_say")
            continue
        records.append(record)
        made = composing.message(work.play, send, record.chosen, addresses[send.customer], work.desk.files)
        cost = composing.cost_fen100(work.play.channels[channel], made)
        ready[send.key] = _Ready(send, made, Marked(send.key, record.chosen, cost))
    decision_log.append(work.desk.db, records)
    return ready, reasons


def _touches(work: _Work, numbers: Sequence[int]) -> dict[int, tuple[Touch, ...]]:
    """The touches of this campaign, for the cap of its brief."""
    found = customers.touches_of(work.desk.db, work.institution, numbers, work.launched.start, work.now)
    return {
        number: tuple(touch for touch in own if touch.package == work.package.hash) for number, own in found.items()
    }


def _reserved(work: _Work, ready: Mapping[str, _Ready]) -> tuple[list[str], dict[str, tuple[str, ...]]]:
    ahead = outbox.ahead(
        work.desk.db,
        work.institution,
        work.package,
        [item.send.customer for item in ready.values()],
        work.today,
        customers.longest_window(work.policy),
    )
    wishes = [
        Wish(
            key, item.send.customer, item.send.channel, work.now, work.package.hash, item.send.benefit,
            work.desk.zone(item.send.customer), work.play.view.kind, ahead.get(item.send.customer, ()),
        )
        for key, item in ready.items()
    ]  # fmt: skip
    verdicts = customers.reserve(work.desk.db, work.institution, wishes, work.policy)
    return [key for key, why in verdicts.items() if not why], {key: why for key, why in verdicts.items() if why}


def _put_off(work: _Work, due: Sequence[Send], reasons: Mapping[str, tuple[str, ...]]) -> int:
    """Defer what is forbidden only today, withhold what is forbidden for good or cannot wait any longer."""
    until = {send.key: send.until for send in due}
    tomorrow = work.today + dt.timedelta(days=1)
    deferred: list[tuple[str, str]] = []
    withheld: list[Settlement] = []
    for key, why in reasons.items():
        hard = [reason for reason in why if reason not in LATER | _NOT_NOW]
        if not hard and set(why) <= _NOT_NOW:
            work.tally.waiting[why[0]] += 1
        elif not hard and tomorrow <= until[key]:
            deferred.append((key, next(reason for reason in why if reason in LATER)))
        else:
            withheld.append(Settlement(key, "withheld", (hard or list(why))[0]))
    outbox.defer(work.desk.db, work.institution, deferred, tomorrow)
    work.tally.deferred += len(deferred)
    return len(deferred) + _settled(work, withheld, "")


def _shadow(work: _Work, ready: Mapping[str, _Ready], refused: Mapping[str, str]) -> int:
    """A shadow run goes through the whole engine but the hand-over: no touch is reserved, costs are what they would."""
    settlements = [Settlement(key, "withheld", reason) for key, reason in refused.items()]
    numbers = [item.send.customer for item in ready.values()]
    span = dt.timedelta(days=customers.longest_window(work.policy))
    touches = customers.touches_of(work.desk.db, work.institution, numbers, work.now - span, work.now)
    for key, item in ready.items():
        earlier: tuple[Touch, ...] = touches[item.send.customer]
        why = customers.contact_reasons(
            earlier, item.send.channel, item.send.benefit, work.now, work.policy,
            zone=work.desk.zone(item.send.customer), kind=work.play.view.kind,
        )  # fmt: skip
        hard = [reason for reason in why if reason not in _NOT_NOW]
        cost = 0 if hard else item.marked.cost_fen100
        settlements.append(Settlement(key, "withheld", hard[0] if hard else SHADOW, cost))
    outbox.note_variants(work.desk.db, work.institution, [item.marked for item in ready.values()])
    return _settled(work, settlements, "")


def _out(work: _Work, vendor: Channel, ready: Mapping[str, _Ready]) -> int:
    """Mark, hand over, settle. A vendor that took none puts them back; a crash in between leaves them marked."""
    if not ready:
        return 0
    db, batch = work.desk.db, f"bat_{digest([work.package.hash, sorted(ready)])[:32]}"
    marked = outbox.mark(db, work.institution, work.package.hash, [item.marked for item in ready.values()], batch)
    if stopped := [key for key in ready if key not in marked]:
        customers.settle(db, work.institution, stopped, sent=False)
        work.tally.waiting["delivery.stopped"] += len(stopped)
    messages = [item.message for key, item in ready.items() if key in marked]
    if not messages:
        return 0
    try:
        receipts = vendor.hand_over(messages)
    except UnavailableError as error:
        outbox.put_back(db, work.institution, sorted(marked))
        customers.settle(db, work.institution, sorted(marked), sent=False)
        _unavailable(work, messages[0].channel, error, len(marked))
        return 0
    costs = {key: item.marked.cost_fen100 for key, item in ready.items()}
    return _receipted(work, [message.key for message in messages], receipts, costs, batch)


def _unavailable(work: _Work, channel: str, error: UnavailableError, count: int) -> None:
    work.tally.waiting["delivery.channel_unavailable"] += count
    params = {"channel": channel, "reason": error.code}
    work.tally.findings.append(
        Finding("delivery.channel_unavailable", Severity.S2, f"channels[{channel}]", params=params)
    )


def _receipted(
    work: _Work, keys: Sequence[str], receipts: Sequence[Receipt], costs: Mapping[str, int], batch: str
) -> int:
    told = {receipt.key: receipt for receipt in receipts}
    settlements = []
    for key in keys:
        receipt = told.get(key) or Receipt(key, "unknown", "delivery.no_receipt")
        cost = 0 if receipt.state == "failed" else costs[key]
        settlements.append(Settlement(key, receipt.state, receipt.reason[:80], cost))
    done = _settled(work, settlements, batch)
    failed = [item.key for item in settlements if item.state == "failed"]
    customers.settle(work.desk.db, work.institution, failed, sent=False)
    customers.settle(work.desk.db, work.institution, [key for key in keys if key not in set(failed)], sent=True)
    return done


def _settled(work: _Work, settlements: Sequence[Settlement], batch: str) -> int:
    if not settlements:
        return 0
    with work.desk.db.begin() as connection:
        states = settle(connection, work.institution, work.package.hash, settlements, batch=batch, now=work.now)
    work.tally.states.update(states)
    work.tally.cost_fen100 += sum(item.cost_fen100 for item in settlements)
    return sum(states.values())


def _reconcile(work: _Work, channel: str, vendor: Channel) -> None:
    """Settle what an earlier process left marked: ask the vendor what it took; what nobody can tell becomes unknown."""
    pending = outbox.on_their_way(work.desk.db, work.institution, work.package.hash, channel)
    if not pending:
        return
    keys = [key for key, _, _ in pending]
    seen = vendor.seen(keys)
    if seen is None and not vendor.idempotent:
        lost = [Settlement(key, "unknown", "delivery.sender_died", cost) for key, _, cost in pending]
        _settled(work, lost, pending[0][1])
        customers.settle(work.desk.db, work.institution, keys, sent=True)
    else:
        taken = [
            Settlement(key, "handed_over", "delivery.reconciled", cost)
            for key, _, cost in pending
            if key in (seen or ())
        ]
        _settled(work, taken, pending[0][1])
        customers.settle(work.desk.db, work.institution, [item.key for item in taken], sent=True)
        outbox.put_back(work.desk.db, work.institution, [key for key in keys if key not in (seen or ())])
    work.tally.reconciled += len(pending)


def _told(work: _Work) -> Handed:
    tally = work.tally
    return Handed(
        package=work.package.hash,
        shadow=work.launched.shadow,
        handed_over=tally.states["handed_over"] + tally.states["delivered"],
        delivered=tally.states["delivered"],
        failed=tally.states["failed"],
        unknown=tally.states["unknown"],
        withheld=tally.states["withheld"],
        deferred=tally.deferred,
        reconciled=tally.reconciled,
        left=outbox.left(work.desk.db, work.institution, work.package.hash),
        cost_fen100=tally.cost_fen100,
        waiting=dict(tally.waiting),
        findings=tuple(tally.findings),
    )
