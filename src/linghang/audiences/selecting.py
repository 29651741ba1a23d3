"""The audience and layers sections of a campaign, made in one go: what the flow asks of this room."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from linghang.audiences.counting import waterfall
from linghang.audiences.index.bits import of_numbers
from linghang.audiences.index.opened import Index
from linghang.audiences.index.running import numbers_of
from linghang.audiences.layering import layer_members, layers
from linghang.audiences.profiles import default_dimensions, profile_of
from linghang.audiences.rules import validate
from linghang.audiences.screening import Capped, screen
from linghang.audiences.snapshots import load, snapshot
from linghang.base.errors import RefusedError
from linghang.base.findings import Finding, Severity, blocks
from linghang.base.predicates import Rule
from linghang.campaigns.sections import Audience, Layer, Layers
from linghang.packs.model import Pack, Product


def select(
    home: Path,
    index: Index,
    pack: Pack,
    rule: Rule,
    *,
    product: Product | None,
    channels: Sequence[str],
    today: dt.date,
    dimensions: Sequence[str] = (),
    capped: Capped | None = None,
) -> tuple[Audience, tuple[Finding, ...]]:
    """The audience section: exact size, what each condition and reason removes, profile, reach, snapshot.

    Raises RefusedError("audiences.bad_rule") when a predicate has no meaning in this pack; an empty audience is a value
    with a finding.
    """
    findings = list(validate(rule, pack))
    if blocks(tuple(findings)):
        raise RefusedError("audiences.bad_rule", tuple(findings), count=len(findings))
    done = screen(rule, index, pack, product=product, channels=channels, today=today, capped=capped)
    members = numbers_of(done.allowed)
    if not done.count:
        code = "audiences.nobody_matches" if not done.matched else "audiences.nobody_allowed"
        findings.append(Finding(code, Severity.S1, "audience", params={"matched": done.matched}))
    if pack.contact.basis == "none":
        note = pack.contact.note
        params = {"note": note.zh, "note_en": note.en}
        findings.append(Finding("audiences.no_contact_basis", Severity.S3, "audience", params=params))
    section = Audience(
        rule=rule,
        base=index.population,
        matched=done.matched,
        count=done.count,
        steps=waterfall(rule, index, today),
        removed=done.removed,
        profile=profile_of(done.allowed, index, dimensions or default_dimensions(pack, index), today),
        reach=done.reach,
        snapshot=snapshot(home, members),
        generation=index.label,
        as_of=dt.datetime.combine(index.as_of, dt.time(), ZoneInfo(pack.zone)).astimezone(dt.UTC),
    )
    return section, tuple(findings)


def cut(
    home: Path,
    index: Index,
    pack: Pack,
    audience: Audience,
    *,
    today: dt.date,
    attribute: str = "",
    cuts: Sequence[float] = (),
    base_rate: float = 0.0,
    history: pa.Table | None = None,
) -> Layers:
    """The layers section of an audience: each with its count, snapshot and expected response without contact.

    ``history`` (``customer``, ``outcome`` after a contact) gives a layer its own rate where at least 30 of its
    customers are in it: theirs relative to all, times ``base_rate``, shrunk towards it by 100 customers' worth.
    """
    members = of_numbers(load(home, audience.snapshot), index.words)
    made = layers(members, index, pack, attribute=attribute, cuts=cuts, today=today)
    outcomes = _outcomes(history, index.size) if history is not None else None
    found: list[Layer] = []
    for layer in made.layers:
        numbers = numbers_of(layer_members(layer, members, index, today))
        rate = base_rate if outcomes is None else _rate(numbers, outcomes, base_rate)
        found.append(Layer(layer.id, layer.code, layer.rule, layer.count, layer.params, snapshot(home, numbers), rate))
    return Layers(made.attribute, tuple(found))


_PRIOR = 100.0
_LEAST_KNOWN = 30


def _outcomes(history: pa.Table, size: int) -> np.ndarray:
    known = np.full(size, np.nan)
    numbers = history["customer"].to_numpy()
    known[numbers[numbers < size]] = (
        history["outcome"].to_numpy(zero_copy_only=False).astype(np.float64)[numbers < size]
    )
    return known


def _rate(numbers: np.ndarray, outcomes: np.ndarray, base_rate: float) -> float:
    mine = outcomes[numbers]
    mine = mine[~np.isnan(mine)]
    everyone = float(np.nanmean(outcomes)) if np.isfinite(outcomes).any() else 0.0
    if len(mine) < _LEAST_KNOWN or not everyone:
        return base_rate
    shrunk = (float(mine.sum()) + _PRIOR * everyone) / (len(mine) + _PRIOR)
    return min(1.0, base_rate * shrunk / everyone)
