"""From a reading to a goal: what was not said is inferred from the pack and stated as an assumption.

Only what cannot be inferred and would change the result is asked back: the product and the audience stop the
walk (S1), a budget that an offer needs must be answered before review (S2), the rest is confirmed (S3).
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from string import capwords
from typing import Any, Literal

from rapidfuzz import fuzz

from linghang.base.findings import Finding, Severity
from linghang.campaigns.sections import Assumption, Goal, Json, Phase
from linghang.flow import incentives, language, stages
from linghang.packs.model import Pack, Playbook, Product
from linghang.reading.times.chinese import festival_words

_KINDS: Mapping[str, tuple[str, ...]] = {
    "savings": ("savings", "mmf", "deposit"),
    "fund": ("fund",),
    "wealth": ("wealth",),
    "insurance": ("insurance",),
    "credit": ("credit",),
    "gold": ("gold",),
    "payments": ("payments",),
    "membership": ("membership",),
}
"""A reading's product → kinds of products of a pack."""

_LEVELS: tuple[tuple[int, Literal["S", "A", "B", "C"]], ...] = (
    (500_000_000, "S"),
    (50_000_000, "A"),
    (5_000_000, "B"),
    (0, "C"),
)
"""Least budget in fen → level (domain.md 6.3: S from ¥5 M, A from ¥0.5 M, B from ¥50 k)."""

_DEFAULT_DAYS = 14
_DEFAULT_HOLDOUT = 10.0


@dataclass
class _Draft:
    assumptions: list[Assumption] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def assume(self, key: str, value: Json, code: str, **params: Json) -> None:
        self.assumptions.append(Assumption(key, value, code, params))

    def ask(self, key: str, severity: Severity, **params: str | int | float) -> None:
        self.findings.append(Finding(f"goal.missing_{key}", severity, key, params=params))


def set_goal(
    reading: Mapping[str, Json], *, text: str, today: dt.date, pack: Pack, inferred: tuple[Assumption, ...] = (),
    edits: Iterable[str] = (),
) -> tuple[Goal, tuple[Finding, ...]]:  # fmt: skip
    """The goal of a reading, and findings for what must be asked or confirmed. ``edits`` are later sentences."""
    draft = _Draft(list(inferred))
    product = _product(reading, text, pack, draft)
    playbook = _playbook(reading, text, pack, draft)
    said = stages.said(reading)
    start, end = _window(reading, today, draft, sum(item.days for item in said))
    channels, slots = _places(reading, pack, playbook, draft)
    budget = _budget(reading, draft)
    missing = tuple(str(key) for key in reading.get("missing", ()) if key != "product" or product is None)
    if "audience" in missing and not reading.get("audience"):
        draft.ask("audience", Severity.S1)
    _flags(reading, draft, start, today)
    said_later = tuple(edits)
    lang, script = language.spoken(text, said_later)
    objective = str(reading.get("objective") or (playbook.objectives[0] if playbook else "convert"))
    if "objective" not in reading:
        draft.assume("objective", objective, "goal.objective_default")
    festival = str(reading["festival"]) if "festival" in reading else _festival(text, pack)
    goal = Goal(
        name=_name(product, objective, start, lang, pack, festival),
        objective=objective,
        product=product.id if product else "",
        product_kind=product.kind if product else "",
        playbook=playbook.id if playbook else "",
        level=next(level for least, level in _LEVELS if budget >= least),
        start=start,
        end=end,
        phases=_phases(said, pack, playbook, start, end, draft),
        budget_fen=budget,
        channels=channels,
        slots=slots,
        kpi=str(reading.get("kpi") or (playbook.kpi if playbook else "conversion_rate")),
        holdout_pct=_holdout(reading, playbook, draft),
        tone=_tone(reading, product, draft),
        style=str(reading.get("style", "")),
        colours=tuple(str(colour) for colour in reading.get("color", ())),
        offer=_offer(reading) or (dict(incentives.NONE) if incentives.given_nothing(text, said_later) else {}),
        target=dict(reading.get("target", {})),
        start_time=str(reading.get("start_time", "")),
        recurrence=str(reading.get("recurrence", "")),
        copy_rules=dict(reading.get("copy_rules", {})),
        forbidden_words=_forbidden(reading),
        send_window=dict(reading.get("send_window", {})),
        freq_cap=dict(reading.get("freq_cap", {})),
        festival=festival,
        lang=lang,
        script=script,
        assumptions=tuple(draft.assumptions),
        missing=missing,
    )
    return goal, tuple(draft.findings)


def _product(reading: Mapping[str, Json], text: str, pack: Pack, draft: _Draft) -> Product | None:
    told = str(reading.get("product", ""))
    if told not in _KINDS and (chosen := next((one for one in pack.products if one.id == told), None)) is not None:
        return chosen  # by its id: a chip was changed
    detail = str(reading.get("product_detail", ""))
    kinds = _KINDS.get(told, ())
    if not kinds and not detail:
        if (meant := _of_benefit(text, pack, draft)) is not None:
            return meant
        choices = ", ".join(product.label.zh for product in pack.products[:6])
        draft.ask("product", Severity.S1, choices=choices)
        return None
    candidates = [product for product in pack.products if not kinds or product.kind in kinds]
    if detail and (named := _named(detail, candidates)) is not None:
        return named
    if not candidates:
        sold = ", ".join(product.label.zh for product in pack.products[:6])
        draft.findings.append(
            Finding(
                "goal.product_not_sold", Severity.S1, "product", params={"product": detail or kinds[0], "sold": sold}
            )
        )
        return None
    if not detail and (said := _word_of(text, candidates)) is not None:
        return said
    safest = min(candidates, key=lambda product: (product.risk or "R0", candidates.index(product)))
    draft.assume("product", safest.id, "goal.product_default", product=safest.label.zh, product_en=safest.label.en)
    return safest


def _of_benefit(text: str, pack: Pack, draft: _Draft) -> Product | None:
    """What a benefit that the sentence names is for, where it is for something: 月度券包 is for members."""
    said = [
        (len(word), benefit.products[0])
        for benefit in pack.benefits
        for word in (benefit.label.zh, benefit.label.en, *benefit.words)
        if benefit.products and len(word) > 2 and word in text
    ]
    name = max(said, default=(0, ""))[1]
    found = next((product for product in pack.products if name and name in (product.id, product.kind)), None)
    if found is not None:
        draft.assume("product", found.id, "goal.product_of_offer", product=found.label.zh, product_en=found.label.en)
    return found


_LONG = 4
"""Letters of a word that names a product wherever it stands; 会员 and fund stand everywhere."""


def _word_of(text: str, candidates: list[Product]) -> Product | None:
    """The product of which the longest word stands in the sentence, where it is a name and no common word."""
    found = [
        (len(word), -place)
        for place, product in enumerate(candidates)
        for word in (product.label.zh, product.label.en, *product.words)
        if len(word) > (_LONG * 2 if word.isascii() else _LONG - 1) and word.lower() in text.lower()
    ]
    return candidates[-max(found)[1]] if found else None


def _named(detail: str, candidates: list[Product]) -> Product | None:
    for product in candidates:
        if detail in (product.id, product.label.zh, product.label.en, *product.words):
            return product
    scored = [
        (
            max(
                fuzz.ratio(detail.lower(), word.lower())
                for word in (product.label.zh, product.label.en, *product.words)
            ),
            n,
        )
        for n, product in enumerate(candidates)
    ]
    best = max(scored, default=(0.0, 0))
    contained = [
        product
        for product in candidates
        if any(len(word) > 1 and (word in detail or detail in word) for word in (product.label.zh, *product.words))
    ]
    if best[0] >= 75:
        return candidates[best[1]]
    return contained[0] if contained else None


def _playbook(reading: Mapping[str, Json], text: str, pack: Pack, draft: _Draft) -> Playbook | None:
    told = str(reading.get("playbook", ""))
    if (known := next((one for one in pack.playbooks if one.id == told), None)) is not None:
        return known
    objective = str(reading.get("objective", ""))
    fitting = [playbook for playbook in pack.playbooks if objective in playbook.objectives]
    if reading.get("phases") or "大促" in text:
        # A sale in phases is played by the playbook that has phases, whatever it is for.
        fitting = [playbook for playbook in pack.playbooks if len(playbook.phases) > 1] or fitting
    chosen = next(iter(fitting or pack.playbooks), None)
    if chosen is not None:
        draft.assume("playbook", chosen.id, "goal.playbook", playbook=chosen.label.zh, playbook_en=chosen.label.en)
    return chosen


def _window(reading: Mapping[str, Json], today: dt.date, draft: _Draft, staged: int) -> tuple[dt.date, dt.date]:
    """``staged`` is how many days the phases that were named last together."""
    start = _date(reading.get("start"))
    end = _date(reading.get("end"))
    days = int(reading.get("duration_days") or staged)
    if start is None:
        start = today if end is not None else today + dt.timedelta(days=1)
        draft.assume("start", start.isoformat(), "goal.start_today" if end is not None else "goal.start_tomorrow")
        if end is None:
            draft.ask("schedule", Severity.S3, start=start.isoformat())
    if end is None:
        length = days or (1 if reading.get("start_time") and not reading.get("recurrence") else _DEFAULT_DAYS)
        end = start + dt.timedelta(days=length - 1)
        if not days:
            draft.assume("end", end.isoformat(), "goal.end_default", days=length)
    if end < start:
        draft.findings.append(
            Finding(
                "goal.window_reversed",
                Severity.S1,
                "schedule",
                params={"start": start.isoformat(), "end": end.isoformat()},
            )
        )
        end = start
    if end < today:
        draft.findings.append(
            Finding(
                "goal.window_past", Severity.S1, "schedule", params={"end": end.isoformat(), "today": today.isoformat()}
            )
        )
    return start, end


def _date(value: Any) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) else None


def _places(
    reading: Mapping[str, Json], pack: Pack, playbook: Playbook | None, draft: _Draft
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    known = {channel.id: channel for channel in pack.channels}
    said = tuple(str(channel) for channel in reading.get("channels", ()))
    if "all" in said:
        said = tuple(channel.id for channel in pack.channels if channel.kind in ("send", "slot"))
        draft.assume("channels", list(said), "goal.channels_all")
    for channel in said:
        if channel not in known:
            params = {"channel": channel, "have": ", ".join(known)}
            draft.findings.append(Finding("goal.channel_absent", Severity.S2, "channels", params=params))
    channels = tuple(channel for channel in said if channel in known)
    if not channels:
        proposed = playbook.channels if playbook else tuple(known)[:1]
        channels = tuple(channel for channel in proposed if channel in known)
        draft.assume("channels", list(channels), "goal.channels_default")
        draft.ask("channels", Severity.S3, proposed=", ".join(known[channel].label.zh for channel in channels))
    excluded = {str(item.get("value")) for item in reading.get("exclusions", ()) if item.get("field") == "channel"}
    channels = tuple(channel for channel in channels if channel not in excluded)
    return channels, _slots(reading, pack, channels, playbook)


def _slots(
    reading: Mapping[str, Json], pack: Pack, channels: tuple[str, ...], playbook: Playbook | None
) -> tuple[str, ...]:
    by_name = {name: slot.id for slot in pack.slots for name in (slot.id, *slot.aliases)}
    said = [by_name[str(name)] for name in reading.get("slots", ()) if str(name) in by_name]
    channel_of = {slot.id: slot.channel for slot in pack.slots}
    covered = {channel_of[slot] for slot in said}
    preferred = [by_name[name] for name in (playbook.slots if playbook else ()) if name in by_name]
    for channel in channels:
        if channel in covered:
            continue
        fitting = [slot for slot in preferred if channel_of[slot] == channel]
        fitting = fitting or [slot.id for slot in pack.slots if slot.channel == channel][:1]
        said.extend(fitting)
    return tuple(dict.fromkeys(said))


def _budget(reading: Mapping[str, Json], draft: _Draft) -> int:
    said = reading.get("budget_cny")
    if said is None:
        said = reading.get("budget_max_cny")
    if said is None:
        if "budget" in reading.get("missing", ()):
            draft.ask("budget", Severity.S2)
        draft.assume("budget", 0, "goal.budget_none")
        return 0
    return round(float(said) * 100)


def _flags(reading: Mapping[str, Json], draft: _Draft, start: dt.date, today: dt.date) -> None:
    for flag in reading.get("flags", ()):
        if flag == "schedule_conflict":
            continue
        severity = Severity.S1 if str(flag).startswith(("CN-PR-01", "CN-SM-01")) else Severity.S3
        draft.findings.append(Finding("goal.flag", severity, "reading", params={"flag": str(flag)}))
    if start < today:
        draft.findings.append(
            Finding("goal.starts_in_past", Severity.S2, "schedule", params={"start": start.isoformat()})
        )


def _holdout(reading: Mapping[str, Json], playbook: Playbook | None, draft: _Draft) -> float:
    if "holdout_pct" in reading:
        return float(reading["holdout_pct"])
    share = playbook.holdout_pct if playbook else _DEFAULT_HOLDOUT
    draft.assume("holdout_pct", share, "goal.holdout_default", percent=f"{share:g}")
    return share


def _tone(reading: Mapping[str, Json], product: Product | None, draft: _Draft) -> str:
    if reading.get("tone"):
        return str(reading["tone"])
    tone = {"gold": "premium", "insurance": "warm", "deposit": "calm", "mmf": "calm", "credit": "lively"}.get(
        product.kind if product else "", "lively"
    )
    draft.assume("tone", tone, "goal.tone_default")
    return tone


def _offer(reading: Mapping[str, Json]) -> dict[str, Json]:
    offer = reading.get("offer", {})
    return dict(offer) if isinstance(offer, Mapping) else {"several": list(offer)}


def _forbidden(reading: Mapping[str, Json]) -> tuple[str, ...]:
    return tuple(
        str(item["value"])
        for item in reading.get("exclusions", ())
        if item.get("field") == "copy" and item.get("op") == "contains"
    )


def _phases(
    said: tuple[stages.Stage, ...],
    pack: Pack,
    playbook: Playbook | None,
    start: dt.date,
    end: dt.date,
    draft: _Draft,
) -> tuple[Phase, ...]:
    shares = playbook.phases if playbook else (("main", 1.0),)
    usual = next((item.phases for item in pack.playbooks if len(item.phases) > 1), shares)
    made, fits = stages.phases(said, start, end, shares=shares, usual=usual)
    if not fits:
        params = {"staged": sum(item.days for item in said), "days": (end - start).days + 1}
        draft.findings.append(Finding("goal.phases_do_not_fit", Severity.S3, "schedule", params=params))
    return made


def _festival(text: str, pack: Pack) -> str:
    """The festival of the pack that a sentence names, in either language."""
    said = {name for word, name in festival_words().items() if word.isascii() and word in text.casefold()}
    for term in pack.lexicon:
        words = (term.term, *term.aliases)
        if term.kind == "festival" and (said & {*words} or any(word and word in text for word in words)):
            return term.canonical or term.term
    return ""


def _name(product: Product | None, objective: str, start: dt.date, lang: str, pack: Pack, festival: str) -> str:
    """What a campaign is called: festival, product, aim and first day; without a product, by its aim alone."""
    if lang == "en":
        parts = (_festival_en(festival), product.label.en if product else "", objective.replace("_", " "))
        stem, since, longest = " · ".join(part for part in parts if part), f" · {start:%b %-d}", 60
    else:
        zh = {
            "acquire": "拉新", "activate": "促活", "convert": "转化", "retain": "留存", "winback": "召回",
            "cross_sell": "交叉销售", "upsell": "升级", "awareness": "品牌",
        }  # fmt: skip
        what = product.label.zh if product else pack.brand.name.zh if objective == "awareness" else "客户"
        stem, since, longest = f"{festival}{what}{zh.get(objective, '')}", f"（{start.month}月{start.day}日起）", 30
    return stem[: longest - len(since)] + since


def _festival_en(festival: str) -> str:
    """A festival in English, as it is said there; empty where only a Chinese name is known."""
    words = festival_words()
    known = words.get(festival, festival)
    said = (word for word, name in words.items() if name == known and word.isascii() and word[0].isalpha())
    return capwords(next(said, festival if festival.isascii() else ""))
