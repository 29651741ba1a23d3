"""What one file of a pack says of another: every name that is used must exist, every share be a share."""

import math
import re
import string
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from linghang.packs.binding import Problems, near
from linghang.packs.model import Attribute, Pack, ProductKind
from linghang.packs.yamlfiles import Path

OBJECTIVES = ("acquire", "activate", "convert", "retain", "winback", "cross_sell", "upsell", "awareness")
FIELDS = (
    "product", "benefit", "face", "threshold", "valid", "start", "end", "discount", "days", "brand", "risk", "apr",
    "provider", "festival", "telephone", "link", "fact", "minimum", "claim", "source",
)  # fmt: skip
"""What a phrase may be filled with: names (``product``, ``benefit``, ``brand``, ``provider``, ``festival``), amounts
with their unit (``face`` 20元, ``threshold`` 1000元), spans (``valid`` 14天, ``days`` 7天), dates (``start``, ``end``
12月12日), ``discount`` 1折, ``risk`` R2, ``apr`` as the product states it, ``telephone``, ``link``; of the product any
``fact``, the least amount (``minimum`` 10元起购), a figure (``claim``) with its ``source``."""
TONES = ("lively", "premium", "calm", "warm", "festive", "professional", "tech")
OUTSIDE_FIELDS = ("channel", "copy", "product", "touched", "product_tag", "campaign")
_RISKS = ("", "R1", "R2", "R3", "R4", "R5")
_CODE = re.compile(r"D-[A-Z0-9]+(?:-[A-Z0-9]+)*")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_HOUR = re.compile(r"(?:[01][0-9]|2[0-4]):[0-5][0-9]")
_METRIC = re.compile(
    r"[a-z_]+(?:\([a-z_,=|0-9 ]*\))?(?:\.[a-z_0-9]+)?(?: [-+] [a-z_]+(?:\([a-z_,=|0-9 ]*\))?(?:\.[a-z_0-9]+)?)*"
)


def check_references(pack: Pack, raw: Mapping[str, Any], problems: Problems) -> None:
    """Note every reference that leads nowhere and every number out of its range."""
    seen = _Names(pack, raw)
    for check in _CHECKS:
        check(pack, seen, problems)
    _check_phrases(raw.get("phrases") or [], pack, problems)


class _Names:
    """The names of a pack that others may use."""

    def __init__(self, pack: Pack, raw: Mapping[str, Any]) -> None:
        told = raw.get("benefits")
        benefits: Mapping[str, Any] = told if isinstance(told, Mapping) else {}
        self.attributes: dict[str, Attribute | None] = dict.fromkeys(_said(raw.get("attributes"), "name"))
        self.attributes |= {item.name: item for item in pack.attributes}
        self.products = {item.id for item in pack.products} | _said(raw.get("products"), "id")
        self.product_like = (
            self.products | set(get_args(ProductKind)) | {item.group for item in pack.products if item.group}
        )
        self.benefits = {item.id for item in pack.benefits} | _said(benefits.get("benefits"), "id")
        self.channels = {item.id for item in pack.channels} | _said(raw.get("channels"), "id")
        self.slots = {name for item in pack.slots for name in (item.id, *item.aliases)} | _said(raw.get("slots"), "id")
        self.metrics = {item.name for item in pack.metrics} | _said(raw.get("metrics"), "name")
        self.pools = {item.id for item in pack.pools} | _said(benefits.get("pools"), "id")
        self.behaviour = {
            name
            for item in pack.events
            for name in (item.name, item.amount_field, item.count_field, item.days_field)
            if name
        } | _said(raw.get("events"), "name")
        self.fields = set(self.attributes) | self.behaviour | set(OUTSIDE_FIELDS)


def _said(items: object, key: str) -> set[str]:
    """The names that a file gives, also those of entries that are wrong otherwise."""
    if not isinstance(items, list):
        return set()
    return {str(item[key]) for item in items if isinstance(item, Mapping) and isinstance(item.get(key), str)}


def _refer(name: str, among: Iterable[str], kind: str, path: Path, problems: Problems) -> None:
    names = sorted(among)
    if name not in names:
        allowed = ", ".join(names[:40]) + (" …" if len(names) > 40 else "")
        problems.add("pack.unknown_reference", path, found=name, kind=kind, near=near(name, names), allowed=allowed)


def _share(value: float, path: Path, problems: Problems, most: float = 1.0) -> None:
    if not (0 <= value <= most) or math.isnan(value):
        problems.add("pack.out_of_range", path, found=value, allowed=f"0–{most:g}")


def _least(value: float, least: float, path: Path, problems: Problems) -> None:
    if not value >= least:
        problems.add("pack.out_of_range", path, found=value, allowed=f"≥ {least:g}")


def _check_head(pack: Pack, _seen: _Names, problems: Problems) -> None:
    try:
        ZoneInfo(pack.zone)
    except (ZoneInfoNotFoundError, ValueError):
        problems.add("pack.not_allowed", ("pack", "zone"), found=pack.zone, allowed="IANA, Asia/Shanghai …", near="")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", pack.id):
        problems.add("pack.not_allowed", ("pack", "id"), found=pack.id, allowed="a-z, 0-9, -", near="")
    _hours(pack.contact.quiet, ("pack", "contact", "quiet"), problems)
    _check_contact(pack, _seen, problems)
    colours = {"primary": pack.brand.primary, "accent": pack.brand.accent, **pack.brand.colours}
    for name, colour in colours.items():
        if not _COLOUR.fullmatch(colour):
            where = ("brand", "colours", name) if name in pack.brand.colours else ("brand", name)
            problems.add("pack.not_allowed", where, found=colour, allowed="#RRGGBB", near="")


def _check_contact(pack: Pack, seen: _Names, problems: Problems) -> None:
    where: Path = ("pack", "contact")
    kinds = get_args(ProductKind)
    for kind in (*pack.contact.product_caps, *pack.contact.trading_days_only):
        _refer(kind, kinds, "product kind", where, problems)
    if pack.contact.zone_field:
        _refer(pack.contact.zone_field, seen.attributes, "attribute", (*where, "zone_field"), problems)
    for zone in pack.contact.zones.values():
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError):
            problems.add("pack.not_allowed", (*where, "zones"), found=zone, allowed="IANA, Asia/Urumqi …", near="")


def _hours(hours: tuple[str, str], path: Path, problems: Problems) -> None:
    for hour in hours:
        if not _HOUR.fullmatch(hour):
            problems.add("pack.not_allowed", path, found=hour, allowed="HH:MM", near="")


def _check_names(pack: Pack, _seen: _Names, problems: Problems) -> None:
    lists: Mapping[str, tuple[Path, list[str]]] = {
        "attributes": (("attributes",), [item.name for item in pack.attributes]),
        "events": (("events",), [item.name for item in pack.events]),
        "metrics": (("metrics",), [item.name for item in pack.metrics]),
        "products": (("products",), [item.id for item in pack.products]),
        "benefits": (("benefits", "benefits"), [item.id for item in pack.benefits]),
        "pools": (("benefits", "pools"), [item.id for item in pack.pools]),
        "slots": (("slots",), [item.id for item in pack.slots]),
        "channels": (("channels",), [item.id for item in pack.channels]),
        "playbooks": (("playbooks",), [item.id for item in pack.playbooks]),
        "lexicon": (("lexicon",), [item.term for item in pack.lexicon]),
    }
    for path, names in lists.values():
        first: dict[str, int] = {}
        for place, name in enumerate(names):
            if name in first:
                problems.add("pack.duplicate", (*path, place), found=name, allowed="")
            first.setdefault(name, place)


def _check_attributes(pack: Pack, _seen: _Names, problems: Problems) -> None:
    for place, item in enumerate(pack.attributes):
        path = ("attributes", place)
        if item.kind in ("category", "ordinal") and not item.choices:
            problems.add("pack.missing_key", path, key="choices", allowed="choices")
        for value, times in Counter(choice.value for choice in item.choices).items():
            if times > 1:
                problems.add("pack.duplicate", (*path, "choices"), found=str(value), allowed="")
        if item.low is not None and item.high is not None and item.low > item.high:
            problems.add("pack.out_of_range", (*path, "low"), found=item.low, allowed=f"≤ {item.high:g}")
        if item.name in pack.customers.never:
            problems.add("pack.never_used", path, found=item.name, allowed="")


def _check_products(pack: Pack, _seen: _Names, problems: Problems) -> None:
    for place, item in enumerate(pack.products):
        path = ("products", place)
        if item.risk not in _RISKS:
            problems.add("pack.not_allowed", (*path, "risk"), found=item.risk, near="", allowed=", ".join(_RISKS[1:]))
        if item.kind in ("fund", "wealth") and not item.risk:
            problems.add("pack.missing_key", path, key="risk", allowed=", ".join(_RISKS[1:]))
        for code, text in item.disclosures.items():
            _code(code, (*path, "disclosures", code), problems)
            if "{" in text.zh + text.en:
                problems.add("pack.gap", (*path, "disclosures"), found=text.zh, disclosure=code)
        for code in item.short_disclosures:
            _code(code, (*path, "short_disclosures", code), problems)
        _least(item.unit_amount_fen, 0, (*path, "unit_amount_fen"), problems)
    for name in ("disclosures", "short_disclosures"):
        for code in getattr(pack, name):
            _code(code, (name, code), problems)


def _code(code: str, path: Path, problems: Problems) -> None:
    if not _CODE.fullmatch(code):
        problems.add("pack.not_allowed", path, found=code, allowed="D-…", near="")


def _check_benefits(pack: Pack, seen: _Names, problems: Problems) -> None:
    for place, item in enumerate(pack.benefits):
        path = ("benefits", "benefits", place)
        _refer(item.pool, seen.pools, "pool", (*path, "pool"), problems)
        for n, name in enumerate(item.products):
            _refer(name, seen.product_like, "product", (*path, "products", n), problems)
        for n, name in enumerate(item.lifecycles):
            _refer(name, _values(seen.attributes.get("lifecycle")), "lifecycle", (*path, "lifecycles", n), problems)
        _share(item.redemption, (*path, "redemption"), problems)
        for name in ("face_fen", "threshold_fen", "stock", "lift_log_se"):
            _least(getattr(item, name), 0, (*path, name), problems)
        _least(item.lift, 0.01, (*path, "lift"), problems)
        _least(item.per_customer, 1, (*path, "per_customer"), problems)
        if item.cost_bearer and abs(sum(item.cost_bearer.values()) - 1) > 1e-6:
            problems.add("pack.not_one", (*path, "cost_bearer"), found=round(sum(item.cost_bearer.values()), 6))
        if item.valid_from and item.valid_to and item.valid_to < item.valid_from:
            problems.add("pack.out_of_range", (*path, "valid_to"), found=item.valid_to.isoformat(),
                         allowed=f"≥ {item.valid_from.isoformat()}")  # fmt: skip
    for place, pool in enumerate(pack.pools):
        _least(pool.total_fen, 0, ("benefits", "pools", place, "total_fen"), problems)


def _values(attribute: Attribute | None) -> list[str]:
    return [str(choice.value) for choice in attribute.choices] if attribute else []


def _check_places(pack: Pack, seen: _Names, problems: Problems) -> None:
    for place, slot in enumerate(pack.slots):
        path = ("slots", place)
        _refer(slot.channel, seen.channels, "channel", (*path, "channel"), problems)
        _share(slot.rate, (*path, "rate"), problems)
        _share(slot.daily_reach, (*path, "daily_reach"), problems)
        for name in ("width", "height", "max_bytes", "capacity"):
            _least(getattr(slot, name), 1, (*path, name), problems)
    for place, channel in enumerate(pack.channels):
        path = ("channels", place)
        for name in ("consent", "opt_out", "reachable"):
            if getattr(channel, name):
                _refer(getattr(channel, name), seen.attributes, "attribute", (*path, name), problems)
        for name, rate in channel.rates.items():
            _share(rate, (*path, "rates", name), problems)
        for days, most in channel.caps.items():
            _least(min(days, most), 1, (*path, "caps", str(days)), problems)
        _least(channel.unit_cost_fen100, 0, (*path, "unit_cost_fen100"), problems)
        _hours(channel.hours, (*path, "hours"), problems)


def _check_playbooks(pack: Pack, seen: _Names, problems: Problems) -> None:
    for place, item in enumerate(pack.playbooks):
        path = ("playbooks", place)
        lists = (
            ("objectives", item.objectives, OBJECTIVES, "objective"),
            ("offers", item.offers, seen.benefits, "benefit"),
            ("channels", item.channels, seen.channels, "channel"),
            ("slots", item.slots, seen.slots, "slot"),
            ("guardrails", item.guardrails, seen.metrics, "metric"),
        )
        for key, names, among, kind in lists:
            for n, name in enumerate(names):
                _refer(name, among, kind, (*path, key, n), problems)
        _refer(item.kpi, seen.metrics, "metric", (*path, "kpi"), problems)
        if item.layer_by:
            _refer(item.layer_by, seen.attributes, "attribute", (*path, "layer_by"), problems)
        if abs(sum(share for _, share in item.phases) - 1) > 1e-6:
            problems.add("pack.not_one", (*path, "phases"), found=round(sum(share for _, share in item.phases), 6))
        _share(item.holdout_pct, (*path, "holdout_pct"), problems, 100)
        if list(item.cuts) != sorted(item.cuts):
            problems.add("pack.not_sorted", (*path, "cuts"), found=", ".join(map(str, item.cuts)))


def _check_lexicon(pack: Pack, seen: _Names, problems: Problems) -> None:
    for place, item in enumerate(pack.lexicon):
        path = ("lexicon", place)
        among = {"product": seen.product_like, "slot": seen.slots, "event": seen.behaviour}.get(item.kind)
        if among is not None and item.canonical:
            _refer(item.canonical, among, item.kind, (*path, "canonical"), problems)
        if item.field:
            _refer(item.field, seen.fields, "field", (*path, "field"), problems)
        attribute = seen.attributes.get(item.field)
        if attribute and attribute.choices and item.value is not None:
            for value in item.value if isinstance(item.value, tuple) else (item.value,):
                _refer(str(value), _values(attribute), "value", (*path, "value"), problems)


def _check_rest(pack: Pack, seen: _Names, problems: Problems) -> None:
    for place, item in enumerate(pack.history):
        path = ("history", place)
        _refer(item.objective, OBJECTIVES, "objective", (*path, "objective"), problems)
        if item.product:
            _refer(item.product, seen.product_like, "product", (*path, "product"), problems)
        _share(item.rate, (*path, "rate"), problems)
        _least(item.between_sd, 0, (*path, "between_sd"), problems)
    if pack.customers.outcome_product:
        _refer(
            pack.customers.outcome_product,
            seen.product_like,
            "product",
            ("pack", "customers", "outcome_product"),
            problems,
        )
    if pack.customers.outcome_channel:
        _refer(
            pack.customers.outcome_channel, seen.channels, "channel", ("pack", "customers", "outcome_channel"), problems
        )
    for place, metric in enumerate(pack.metrics):
        for key in ("numerator", "denominator"):
            formula = getattr(metric, key)
            if formula and not _METRIC.fullmatch(formula):
                problems.add("pack.not_allowed", ("metrics", place, key), found=formula, near="",
                             allowed="source(key=value, …).measure ± …")  # fmt: skip


def fields_of(text: str) -> tuple[str, ...]:
    """The {fields} of a phrase, in order. Raises ValueError for unbalanced braces."""
    return tuple(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def _check_phrases(groups: list[Any], pack: Pack, problems: Problems) -> None:
    types = {item.type for item in pack.benefits}
    for n, group in enumerate(groups if pack.phrases else []):
        path = ("phrases", n)
        lists = (
            ("kinds", get_args(ProductKind), "product kind"),
            ("objectives", OBJECTIVES, "objective"),
            ("offers", types, "benefit type"),
            ("needs", FIELDS, "field"),
            ("tones", TONES, "tone"),
        )
        for key, among, kind in lists:
            for m, name in enumerate(group.get(key) or ()):
                _refer(str(name), among, kind, (*path, key, m), problems)
        for m, text in enumerate(group["texts"]):
            words = text.get("text", "") if isinstance(text, Mapping) else str(text)
            try:
                names = fields_of(words)
            except ValueError:
                problems.add("pack.not_allowed", (*path, "texts", m), found=words, allowed="{field}", near="")
                continue
            for name in names:
                _refer(name, FIELDS, "field", (*path, "texts", m), problems)


_CHECKS: tuple[Callable[[Pack, _Names, Problems], None], ...] = (
    _check_head, _check_names, _check_attributes, _check_products, _check_benefits, _check_places, _check_playbooks,
    _check_lexicon, _check_rest,
)  # fmt: skip
