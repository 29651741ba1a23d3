"""An index of any size made directly, for measurements: columns and bitsets from a seed, no table in between."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from linghang.audiences.index.behaviour import happened
from linghang.audiences.index.bits import packed
from linghang.audiences.index.columns import narrowest, usual_cuts
from linghang.audiences.index.files import Draft, building
from linghang.audiences.index.happenings import WINDOWS
from linghang.audiences.index.opened import Index
from linghang.audiences.index.running import COMPILED_FROM, warm
from linghang.audiences.index.tail import built
from linghang.customers.catalogue import Catalogue, Interval, Spans, Test

CHUNK = 1 << 22
AS_OF = dt.date(2026, 11, 23)
EVENT = "page_view"
PAGES = ("home", "wealth_page", "fund_detail", "gold", "credit_page", "bill_page", "membership_page", "sip_page")
Array = npt.NDArray[Any]
Random = np.random.Generator

SHARES: Mapping[str, tuple[tuple[str, ...], tuple[float, ...]]] = {
    "gender": (("M", "F"), (0.52, 0.48)),
    "city_tier": (("1", "2", "3", "4", "5"), (0.14, 0.25, 0.27, 0.2, 0.14)),
    "lifecycle": (("new", "existing", "mature", "dormant", "churned"), (0.1, 0.32, 0.25, 0.2, 0.13)),
    "device_os": (("iOS", "Android", "HarmonyOS"), (0.25, 0.53, 0.22)),
    "risk_level": (("C1", "C2", "C3", "C4", "C5"), (0.15, 0.32, 0.3, 0.15, 0.08)),
    "member_tier": (("normal", "silver", "gold", "platinum", "diamond"), (0.55, 0.25, 0.13, 0.05, 0.02)),
}
"""Category → values with their shares."""
FLAGS: Mapping[str, float] = {
    "active": 0.46, "app_installed": 0.82, "consent_sms": 0.38, "opted_out_sms": 0.06, "consent_push": 0.6,
    "complaint": 0.004, "card_bound": 0.7, "payroll": 0.12, "sip_active": 0.05, "credit_activated": 0.33,
}  # fmt: skip
NUMBERS: Mapping[str, tuple[str, Callable[[Random, int], Array]]] = {
    "age": ("integer", lambda random, count: np.clip(random.normal(41, 13, count), 18, 95).astype(np.int64)),
    "aum_cny": ("money", lambda random, count: np.minimum(random.lognormal(14, 2, count), 4e9).astype(np.int64)),
}


@dataclass(frozen=True)
class Sizes:
    """How much was made: customers, events, bytes on disk, CPU seconds."""

    customers: int
    events: int
    bytes: int
    cpu_seconds: float


def synthesise(root: Path, catalogue: Catalogue, customers: int, *, seed: int, events_each: float = 1.0) -> None:
    """Build an index of ``customers`` with six categories, ten flags, two numbers and ``events_each`` page views each."""
    strange = {name for name, (values, _) in SHARES.items() if set(values) - set(catalogue.fields[name].values)}
    if strange:
        raise ValueError(f"the pack has other values of {', '.join(sorted(strange))}: a rule would hold nobody")
    if (customers + 63) // 64 >= COMPILED_FROM:
        warm()
    with building(root, customers) as draft:
        columns: dict[str, dict[str, Any]] = {}
        base = draft.reserve("base", [("present", "<u8", draft.words)])["present"]
        _fill_ones(base, customers)
        for place, (name, (values, shares)) in enumerate(SHARES.items()):
            columns[name] = _category(draft, name, values, shares, np.random.default_rng((seed, 1, place)))
        for place, (name, share) in enumerate(FLAGS.items()):
            columns[name] = _flag(draft, name, share, np.random.default_rng((seed, 2, place)))
        for place, (name, (storage, make)) in enumerate(NUMBERS.items()):
            columns[name] = _number(draft, name, storage, make, np.random.default_rng((seed, 3, place)))
        events = _events(draft, catalogue, int(customers * events_each), np.random.default_rng((seed, 4)))
        draft.seal(
            {
                "label": "synthetic", "batch": 0, "mark": "", "built": "2026-11-23T00:00:00+00:00",
                "as_of": AS_OF.isoformat(), "population": customers, "institution_id": "synthetic", "table": "",
                "columns": columns, "events": events, "products": [],
            }
        )  # fmt: skip


def open_synthetic(root: Path, catalogue: Catalogue) -> Index:
    """The synthetic index in ``root``."""
    return Index.open(root, catalogue)


def _fill_ones(base: Array, customers: int) -> None:
    base[: customers // 64] = np.uint64(0xFFFFFFFFFFFFFFFF)
    if customers % 64:
        base[customers // 64] = np.uint64((1 << customers % 64) - 1)


def _chunks(draft: Draft) -> list[tuple[int, int]]:
    return [(start, min(start + CHUNK, draft.size)) for start in range(0, draft.size, CHUNK)]


def _words(start: int, stop: int) -> slice:
    return slice(start // 64, (stop + 63) // 64)


def _category(
    draft: Draft, name: str, values: Sequence[str], shares: Sequence[float], random: Random
) -> dict[str, Any]:
    arrays = draft.reserve(
        name, [(f"is:{code}", "<u8", draft.words) for code in range(len(values))] + [("raw", "u1", draft.words * 64)]
    )
    edges = np.cumsum(shares)[:-1].astype(np.float32)
    for start, stop in _chunks(draft):
        codes = np.searchsorted(edges, random.random(stop - start, np.float32), side="right").astype(np.uint8)
        arrays["raw"][start:stop] = codes + 1
        for code in range(len(values)):
            arrays[f"is:{code}"][_words(start, stop)] = packed(codes == code)
    storage = "ordinal" if name in ("city_tier", "risk_level", "member_tier") else "category"
    return {"storage": storage, "values": list(values), "offset": 0, "cuts": [], "complete": True}


def _flag(draft: Draft, name: str, share: float, random: Random) -> dict[str, Any]:
    arrays = draft.reserve(name, [("true", "<u8", draft.words)])
    for start, stop in _chunks(draft):
        arrays["true"][_words(start, stop)] = packed(random.random(stop - start, np.float32) < share)
    return {"storage": "bool", "values": [], "offset": 0, "cuts": [], "complete": True}


def _number(
    draft: Draft, name: str, storage: str, make: Callable[[Random, int], Array], random: Random
) -> dict[str, Any]:
    low, high = (18, 95) if name == "age" else (0, 4_000_000_000)
    cuts = usual_cuts(low, high, storage)
    bits = [(f"le:{place}", "<u8", draft.words) for place in range(len(cuts))]
    arrays = draft.reserve(name, [*bits, ("raw", narrowest(0, high), draft.words * 64)])
    for start, stop in _chunks(draft):
        values = make(random, stop - start)
        arrays["raw"][start:stop] = values
        for place, cut in enumerate(cuts):
            arrays[f"le:{place}"][_words(start, stop)] = packed(values <= cut)
    return {"storage": storage, "values": [], "offset": 0, "cuts": cuts, "complete": True}


def _events(draft: Draft, catalogue: Catalogue, count: int, random: Random) -> dict[str, Any]:
    name = f"event:{EVENT}"
    arrays = draft.reserve(
        name,
        [
            ("customer", "<u4", count),
            ("day", "<u2", count),
            ("second", "<u4", 0),
            ("names", "<u2", count),
            ("amount", "<i8", 0),
        ],
    )
    today = (AS_OF - dt.date(1970, 1, 1)).days
    filled = 0
    for start, stop in _chunks(draft):
        # Few customers do much: the number of events of each is geometric, so that the total is what was asked for.
        each = random.geometric(0.5, stop - start) - 1 if count >= draft.size else np.zeros(stop - start, np.int64)
        owners = np.repeat(np.arange(start, stop, dtype=np.uint32), each)[: count - filled]
        arrays["customer"][filled : filled + len(owners)] = owners
        arrays["day"][filled : filled + len(owners)] = today - random.integers(0, 365, len(owners))
        arrays["names"][filled : filled + len(owners)] = random.integers(0, len(PAGES), len(owners))
        filled += len(owners)
    # What rounding left over belongs to the last customer.
    arrays["customer"][filled:] = draft.size - 1
    arrays["day"][filled:] = today - 400
    things = [[page, "", "", ""] for page in PAGES]
    segment = built({**arrays, "amount": np.zeros(0, np.int64)}, things)
    found = catalogue.behaviours[EVENT]
    once = Spans((Interval(low=1),))
    draft.store(
        name,
        {f"within:{days}": happened([segment], Test(found, once, None, days), AS_OF, draft.words) for days in WINDOWS},
    )
    return {EVENT: {"names": things, "count": count}}
