"""The same campaign cut by channel, by combination and by day. Attribution tells what came last, not what caused it."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from linghang.analysis.bench import Bench, events_part, ledger_part
from linghang.analysis.effect import window
from linghang.analysis.model import Channel, Day, VariantRead
from linghang.analysis.money import contacts
from linghang.analysis.passage import sends

_TOUCHED = "(state IN ('handed_over', 'delivered') OR (state = 'withheld' AND reason = 'delivery.shadow'))"
_OURS = "package = {package:String}"


def read_channels(bench: Bench, event: str) -> tuple[Channel, ...]:
    """Each channel of the campaign: customers reached, clicked, responded after it, and what it cost."""
    found: list[Channel] = []
    used = _used_benefits(bench)
    for channel in bench.package.sections["goal"]["channels"]:
        seen = events_part("DISTINCT customer", f"name = 'impression' AND {_OURS} AND channel = {{channel:String}}")
        touched = sends(f"{_TOUCHED} AND channel = :channel", "DISTINCT customer")
        clicked = events_part("DISTINCT customer", f"name = 'click' AND {_OURS} AND channel = {{channel:String}}")
        responded = events_part(
            "DISTINCT customer", f"name = {{event:String}} AND {_OURS} AND channel = {{channel:String}} AND {window()}"
        )
        cost = bench.base("contact_fen100", contacts(" AND s.channel = :channel"), channel=channel)
        found.append(
            Channel(
                channel,
                int(bench.base("reached", touched, seen, within="audience", channel=channel).value),
                int(bench.base("clicked", clicked, within="audience", channel=channel).value),
                int(bench.base("responded", responded, within="treated", channel=channel, event=event).value),
                round(cost.value / 100) + used[channel],
                used[channel],
            )
        )
    return tuple(found)


def read_days(bench: Bench, event: str) -> tuple[Day, ...]:
    """Every local day of the window up to the last one on which anything happened."""
    zone = ZoneInfo(bench.pack.zone)
    product = str(bench.package.sections["goal"]["product"])
    counts: dict[str, Counter[dt.date]] = defaultdict(Counter)
    for name in ("impression", "click"):
        part = events_part(
            "toString(toDate(at, {zone:String})) AS day, count() AS n",
            f"name = {{name:String}} AND {_OURS}",
            "GROUP BY day",
        )
        rows = bench.rows(part, {**bench.params, "name": name, "zone": bench.pack.zone})
        counts[name] = Counter(
            {dt.date.fromisoformat(day): int(n) for day, n in zip(rows["day"], rows["n"], strict=True)}
        )
    part = events_part(
        "customer, toString(toDate(min(at), {zone:String})) AS day",
        f"name = {{event:String}} AND object IN ({{product:String}}, '') AND {window()}",
        "GROUP BY customer",
    )
    rows = bench.rows(part, {**bench.params, "event": event, "product": product, "zone": bench.pack.zone})
    inside = bench.groups.inside(rows["customer"].astype(np.uint32), "treated")
    counts["convert"] = Counter(dt.date.fromisoformat(day) for day in rows["day"][inside])
    claimed = bench.rows(_CLAIMS, bench.params)["at"]
    counts["claim"] = Counter(_instant(text).astimezone(zone).date() for text in claimed)
    counts["sent"] = Counter(_instant(text).astimezone(zone).date() for text in bench.rows(_LEFT, bench.params)["at"])
    for name in ("complaint", "unsubscribe"):
        part = events_part(
            "customer, toString(toDate(min(at), {zone:String})) AS day", f"name = {{name:String}} AND {window()}",
            "GROUP BY customer",
        )  # fmt: skip
        rows = bench.rows(part, {**bench.params, "name": name, "zone": bench.pack.zone})
        inside = bench.groups.inside(rows["customer"].astype(np.uint32), "audience")
        counts[name] = Counter(dt.date.fromisoformat(day) for day in rows["day"][inside])
    days = sorted(day for count in counts.values() for day in count)
    if not days:
        return ()
    first = bench.launched.start.astimezone(zone).date()
    length = (max(days[-1], first) - first).days + 1
    return tuple(
        Day(
            day,
            *(
                counts[name][day]
                for name in ("convert", "claim", "impression", "click", "sent", "complaint", "unsubscribe")
            ),
        )
        for day in (first + dt.timedelta(days=n) for n in range(length))
    )


_CLAIMS = ledger_part(
    "SELECT at FROM benefit_entry WHERE institution_id = :institution AND package = :package AND kind = 'issue'"
)
_LEFT = ledger_part(
    "SELECT min(at) AS at FROM send_entry WHERE institution_id = :institution AND package = :package "
    "AND state IN ('handed_over', 'delivered', 'unknown') GROUP BY key"
)
_USED = ledger_part(
    "SELECT i.customer AS customer, i.at AS at, sum(r.redeemed_fen) AS n FROM benefit_entry r JOIN benefit_entry i "
    "ON i.institution_id = r.institution_id AND i.grant_id = r.grant_id AND i.kind = 'issue' "
    "WHERE r.institution_id = :institution AND r.package = :package AND r.kind = 'redeem' "
    "GROUP BY i.grant_id, i.customer, i.at"
)
_SHOWN = ledger_part(
    "SELECT customer, at, chosen FROM decision_log WHERE institution_id = :institution AND package = :package "
    "AND chosen <> '' AND decision_id NOT LIKE 'snd_%'"
)
_SENT = ledger_part(
    "SELECT s.customer AS customer, min(e.at) AS at, s.variant AS chosen FROM send s JOIN send_entry e "
    "ON e.institution_id = s.institution_id AND e.key = s.key WHERE s.institution_id = :institution "
    "AND s.package = :package AND s.variant <> '' AND (e.state IN ('handed_over', 'delivered') "
    "OR e.reason = 'delivery.shadow') GROUP BY s.key, s.customer, s.variant"
)


def read_variants(bench: Bench, event: str) -> tuple[VariantRead, ...]:
    """Each combination that anybody met: how often, and how many responded after meeting it last."""
    named = _named(bench)
    meetings = _meetings(bench)
    shown = Counter(chosen for met in meetings.values() for _, chosen in met)
    after = _last_met(bench, event, meetings)
    return tuple(
        VariantRead(name, str(named[name]["layer"]), str(named[name]["channel"]), count, after[name])
        for name, count in sorted(shown.items(), key=lambda item: (-item[1], item[0]))
        if name in named
    )


def _named(bench: Bench) -> Mapping[str, Mapping[str, Any]]:
    return {item["id"]: item for item in bench.package.sections["combinations"]["variants"]}


def _meetings(bench: Bench) -> Mapping[int, list[tuple[str, str]]]:
    """Customer → when they met which combination, shown or sent."""
    meetings: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for part in (_SHOWN, _SENT):
        rows = bench.rows(part, bench.params)
        for customer, at, chosen in zip(rows["customer"], rows["at"], rows["chosen"], strict=True):
            meetings[int(customer)].append((str(at), str(chosen)))
    return meetings


def _used_benefits(bench: Bench) -> Counter[str]:
    """Channel → the fen of used benefits that were claimed after a last touch of it; "" where nothing came before."""
    meetings, named = _meetings(bench), _named(bench)
    used: Counter[str] = Counter()
    rows = bench.rows(_USED, bench.params)
    for customer, at, fen in zip(rows["customer"], rows["at"], rows["n"], strict=True):
        before = [met for met in meetings.get(int(customer), []) if _instant(met[0]) <= _instant(at)]
        last = named.get(max(before)[1], {}) if before else {}
        used[str(last.get("channel", ""))] += int(fen)
    return used


def _last_met(bench: Bench, event: str, meetings: Mapping[int, list[tuple[str, str]]]) -> Counter[str]:
    part = events_part(
        "customer, formatDateTime(min(at), '%Y-%m-%dT%H:%i:%S.%fZ', 'UTC') AS first_at",
        f"name = {{event:String}} AND {_OURS} AND {window()}",
        "GROUP BY customer",
    )
    rows = bench.rows(part, {**bench.params, "event": event})
    inside = bench.groups.inside(rows["customer"].astype(np.uint32), "treated")
    after: Counter[str] = Counter()
    for customer, at in zip(rows["customer"][inside], rows["first_at"][inside], strict=True):
        before = [met for met in meetings.get(int(customer), []) if met[0] <= str(at)]
        if before:
            after[max(before)[1]] += 1
    return after


def _instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(str(text).replace("Z", "+00:00"))
