"""From a reading to what must be read: metrics, splits, windows, scope and filters, each resolved or refused."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from linghang.analysis.bench import Bench
from linghang.base.errors import RefusedError
from linghang.base.findings import Finding, Severity
from linghang.base.predicates import Combination, Predicate, Rule, from_json
from linghang.base.windows import Window, days
from linghang.packs.model import Pack

Numbers = npt.NDArray[np.uint32]
Json = Any
MemberOf = Callable[[Rule], Numbers]
"""A rule over customers → the sorted dense numbers of those who satisfy it."""
_USUAL_DAYS = 30
NATIVE = ("channel", "slot", "product", "segment", "experiment_group", "coupon_face_value")
"""Filters on what the ledgers and events themselves say; all others are conditions on customers."""


@dataclass(frozen=True)
class Study:
    """A launched campaign that questions may be about: its name for people and the bench that reads it."""

    name: str
    bench: Bench

    @property
    def id(self) -> str:
        """The campaign's id."""
        return self.bench.package.campaign_id

    @property
    def product(self) -> str:
        """The product that it offers."""
        return str(self.bench.package.sections["goal"]["product"])


@dataclass(frozen=True)
class Asked:
    """A question, resolved. ``scope`` are the campaigns that it is about; empty: the whole institution.

    ``members`` are the customers that its conditions leave, None for everybody. ``bins`` cut money in yuan.
    """

    pack: Pack
    kind: str
    metrics: tuple[str, ...]
    dimensions: tuple[str, ...]
    window: Window
    before: Window | None
    scope: tuple[Study, ...]
    members: Numbers | None = None
    native: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    bins: tuple[float, ...] = ()
    quantiles: tuple[float, ...] = (0.5,)
    order: str = ""
    top: int = 0
    findings: tuple[Finding, ...] = ()

    def within(self, window: Window) -> "Asked":
        """The same question about another window."""
        return replace(self, window=window)


def resolve(
    reading: Mapping[str, Json],
    pack: Pack,
    studies: Sequence[Study],
    *,
    today: dt.date,
    members_of: MemberOf,
) -> Asked:
    """What a reading asks for. ``studies`` are the launched campaigns, the latest first.

    What was not said and does not change the kind of answer is assumed and told as a finding. Raises RefusedError for
    what nothing here can answer.
    """
    findings: list[Finding] = []
    conditions, native, named = _filters(reading, pack)
    scope = _scope(reading, studies, named, findings)
    window, before = _windows(reading, pack, scope, today, findings)
    # An object of a product may be told as the product or as its kind.
    return Asked(
        pack=pack,
        kind=str(reading.get("analysis") or "summary"),
        metrics=tuple(str(name) for name in reading.get("metrics", ())),
        dimensions=tuple(dict.fromkeys(str(name) for name in reading.get("dimensions", ()))),
        window=window,
        before=before,
        scope=scope,
        members=members_of(Combination("all", tuple(conditions))) if conditions else None,
        native=native,
        bins=tuple(float(edge) for edge in reading.get("dimension_bins", ())),
        quantiles=tuple(float(q) for q in reading.get("quantiles", ())) or (0.5,),
        order=str(reading.get("order", "")),
        top=int(reading.get("top") or 0),
        findings=tuple(findings),
    )


def _filters(reading: Mapping[str, Json], pack: Pack) -> tuple[list[Predicate], dict[str, tuple[str, ...]], list[str]]:
    conditions: list[Predicate] = []
    native: dict[str, tuple[str, ...]] = {}
    campaigns: list[str] = []
    for item in reading.get("filters", ()):
        values = item.get("value")
        several = tuple(str(value) for value in (values if isinstance(values, list) else [values]))
        if item["field"] == "campaign":
            campaigns.extend(several)
        elif item["field"] in NATIVE and item.get("op") in ("eq", "in", "contains"):
            native[item["field"]] = _product_names(several, pack) if item["field"] == "product" else several
        else:
            conditions.append(from_json(item))
    return conditions, native, campaigns


def _product_names(said: Sequence[str], pack: Pack) -> tuple[str, ...]:
    """The ids and kinds under which events name products; what the pack does not know stays as it was said."""
    found: list[str] = []
    for name in said:
        known = [
            item
            for item in pack.products
            if name.lower() in {word.lower() for word in (item.id, item.label.zh, item.label.en, *item.words)}
        ]
        found.extend(item.id for item in known)
        found.extend([name] if not known else [])
        found.extend(item.kind for item in known if item.kind == name)
    return tuple(dict.fromkeys(found))


def _scope(
    reading: Mapping[str, Json], studies: Sequence[Study], named: Sequence[str], findings: list[Finding]
) -> tuple[Study, ...]:
    if named:
        chosen = tuple(study for study in studies if any(_is_called(study, name) for name in named))
        if not chosen:
            have = ", ".join(study.name for study in studies[:6]) or "-"
            raise RefusedError("analysis.no_such_campaign", name=", ".join(named), have=have)
        return chosen
    missing = tuple(reading.get("missing", ()))
    needs_one = "campaign" in missing or reading.get("analysis") in ("uplift", "funnel", "pacing")
    timeless = "time" in missing and "time" not in reading
    if studies and (needs_one or timeless):
        study = studies[0]
        findings.append(
            Finding(
                "analysis.assumed_campaign", Severity.S4, "campaign", params={"campaign": study.id, "name": study.name}
            )
        )
        return (study,)
    if needs_one:
        raise RefusedError("analysis.nothing_launched")
    return ()


def _is_called(study: Study, name: str) -> bool:
    goal = study.bench.package.sections["goal"]
    product = next((item for item in study.bench.pack.products if item.id == goal["product"]), None)
    words = [
        study.id,
        study.name,
        str(goal["name"]),
        str(goal["objective"]),
        str(goal["product_kind"]),
        str(goal["festival"]),
    ]
    if product is not None:
        words += [product.label.zh, product.label.en, *product.words]
    told = name.lower().strip()
    return any(word and (told in word.lower() or (len(word) > 1 and word.lower() in told)) for word in words)


def _windows(
    reading: Mapping[str, Json], pack: Pack, scope: Sequence[Study], today: dt.date, findings: list[Finding]
) -> tuple[Window, Window | None]:
    told = reading.get("time")
    if not told:
        if scope:
            start = min(study.bench.launched.start for study in scope)
            return Window(start, max(study.bench.launched.end for study in scope)), None
        first = today - dt.timedelta(days=_USUAL_DAYS)
        findings.append(Finding("analysis.assumed_days", Severity.S4, "time", params={"days": _USUAL_DAYS}))
        return days(first, today - dt.timedelta(days=1), pack.zone), None
    first = _first_day(str(told.get("start", today.isoformat())), scope, today)
    last = dt.date.fromisoformat(str(told["end"])) if told.get("end") else today
    if last < first:
        raise RefusedError("analysis.window_reversed", start=str(first), end=str(last))
    return days(first, last, pack.zone), _before(str(told.get("compare_to", "")), first, last, pack)


def _first_day(said: str, scope: Sequence[Study], today: dt.date) -> dt.date:
    if said != "campaign_start":
        return dt.date.fromisoformat(said)
    if not scope:
        raise RefusedError("analysis.nothing_launched")
    from_goal = [str(study.bench.package.sections["goal"]["start"]) for study in scope]
    return min(dt.date.fromisoformat(min(from_goal)), today)


def _before(said: str, first: dt.date, last: dt.date, pack: Pack) -> Window | None:
    if not said:
        return None
    length = last - first + dt.timedelta(days=1)
    if said == "previous_day":
        return days(first - dt.timedelta(days=1), last - dt.timedelta(days=1), pack.zone)
    if said == "previous_period":
        return days(first - length, first - dt.timedelta(days=1), pack.zone)
    if said == "same_weekday_last_week":
        return days(first - dt.timedelta(days=7), last - dt.timedelta(days=7), pack.zone)
    if said == "yoy":
        return days(_a_year_before(first), _a_year_before(last), pack.zone)
    day = dt.date.fromisoformat(said)
    return days(day, day + length - dt.timedelta(days=1), pack.zone)


def _a_year_before(day: dt.date) -> dt.date:
    # The 29th of February has no day a year before: its last day of February stands in.
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)
