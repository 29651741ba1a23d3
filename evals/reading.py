"""Scores readings against labelled sentences, key by key, as the contract scores them: ``linghang eval reading [FILE BASES…]``.

Without a file every set is read, a line each, those of other writers apart from our own; with one its whole table is
printed. Each line of the file is ``{"id", "kind", "text", "expect", "after"?}``; edits name by ``after`` the line whose reading they
change (lines of other files can be given as bases; a line of kind ``base`` is only lent). Exact keys are right or wrong; lists of conditions and channels are
scored by F1 over all lines; a value is invented when its key is not expected at all.
"""

import datetime as dt
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evals.sets import DATA, STANDINGS, load, samples, sets
from linghang import packs
from linghang.base.patches import apply
from linghang.reading import Reading, read

TODAY = dt.date(2026, 11, 23)
EXACT = ("objective", "product", "budget_cny", "budget_max_cny", "budget_reserve_cny", "start", "end", "start_time",
    "recurrence", "duration_days", "tone", "style",
         "offer", "target", "kpi", "holdout_pct", "freq_cap", "experiment", "copy_rules", "send_window",
         "base_campaign")  # fmt: skip
SETS = ("channels", "slots", "audience", "exclusions", "missing", "color", "flags")
# Keys that may be said more or less fully without being invented.
LENIENT = frozenset(("product_detail", "kpi", "phases", "segments", "layers"))


@dataclass
class Tally:
    """Right answers of those wanted, or the parts of an F1."""

    right: int = 0
    wanted: int = 0
    given: int = 0
    wrong: list[str] = field(default_factory=list)

    def __add__(self, other: "Tally") -> "Tally":
        """Both tallies as one."""
        return Tally(
            self.right + other.right,
            self.wanted + other.wanted,
            self.given + other.given,
            [*self.wrong, *other.wrong],
        )

    @property
    def accuracy(self) -> float:
        """The share of wanted answers that are right."""
        return self.right / self.wanted if self.wanted else 1.0

    @property
    def f1(self) -> float:
        """2·right / (wanted + given)."""
        return 2 * self.right / (self.wanted + self.given) if self.wanted + self.given else 1.0


@dataclass
class Score:
    """All tallies of a run: ``keys`` for briefs, ``kinds``, and whole readings of edits and questions."""

    keys: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    whole: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    invented: list[str] = field(default_factory=list)
    milliseconds: float = 0.0
    cases: int = 0

    def __add__(self, other: "Score") -> "Score":
        """Both runs as one."""
        keys, whole = ({key: mine[key] + its[key] for key in {*mine, *its}}
                       for mine, its in ((self.keys, other.keys), (self.whole, other.whole)))  # fmt: skip
        return Score(
            defaultdict(Tally, keys),
            defaultdict(Tally, whole),
            [*self.invented, *other.invented],
            self.milliseconds + other.milliseconds,
            self.cases + other.cases,
        )


def score(
    cases: Sequence[Mapping[str, Any]],
    bases: Iterable[Mapping[str, Any]] = (),
    pack: str = "demo",
    today: dt.date = TODAY,
    after_reading: Callable[[str, Reading], Reading] | None = None,
) -> Score:
    """Read every case and tally it; ``bases`` are further cases that edits may refer to.

    ``after_reading`` is what a second mind makes of a reading (see ``reading_minds``).
    """
    found = packs.load(pack)
    known = {case["id"]: case for case in (*bases, *cases)}
    result = Score()
    read("预算10万", today=today, pack=found)
    for case in cases:
        if case["kind"] == "base":
            continue
        base = known[case["after"]]["expect"] if case["kind"] == "edit" else None
        begin = time.process_time()
        reading = read(case["text"], today=today, pack=found, after=base)
        if after_reading is not None:
            reading = after_reading(case["text"], reading)
        result.milliseconds += (time.process_time() - begin) * 1000
        result.cases += 1
        _tally(result, case, reading, base)
    return result


def _tally(result: Score, case: Mapping[str, Any], reading: Reading, base: Mapping[str, Any] | None) -> None:
    _exactly(result.whole["kind"], reading.kind == case["kind"], case["id"])
    expect = {key: value for key, value in case["expect"].items() if key != "intent"}
    if case["kind"] == "brief":
        _brief(result, case["id"], expect, reading.reading)
        _exactly(result.whole["brief, all keys"], _same(expect, reading.reading), case["id"])
    elif case["kind"] == "edit" and base is not None:
        after = apply(base, expect["patch"])[0] if "patch" in expect else expect["reading"]
        _exactly(result.whole["edit, reading after"], _same(after, reading.reading), case["id"])
    elif case["kind"] == "analysis":
        _exactly(result.whole["analysis, all keys"], _same(expect, reading.reading), case["id"])
        for key in sorted({*expect, *reading.reading}):
            same = _equal(expect.get(key), reading.reading.get(key))
            _exactly(result.whole[f"analysis.{key}"], same, case["id"])


def _exactly(tally: Tally, right: bool, name: str) -> None:
    tally.wanted += 1
    tally.given += 1
    tally.right += right
    if not right:
        tally.wrong.append(name)


def _brief(result: Score, name: str, expect: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    for key in EXACT:
        if key in expect or key in given:
            _exactly(result.keys[key], _equal(expect.get(key), given.get(key)), name)
        if key not in expect and key in given and key not in LENIENT:
            result.invented.append(f"{name}.{key}")
    for key in SETS:
        want, got = _items(expect.get(key)), _items(given.get(key))
        tally = result.keys[key]
        common = len(want & got)
        tally.right += common
        tally.wanted += len(want)
        tally.given += len(got)
        if want != got:
            tally.wrong.append(name)
        if not want and got and key != "missing":
            result.invented.append(f"{name}.{key}")


def _items(value: Any) -> set[str]:
    return {json.dumps(item, sort_keys=True, ensure_ascii=False) for item in (value or [])}


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return _items(one) == _items(other)
    return one == other or (not one and not other)


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(_equal(one.get(key), other.get(key)) for key in {*one, *other} - LENIENT)


def table(result: Score) -> str:
    """The tallies as lines of text."""
    lines = [
        f"{result.cases} cases, {result.milliseconds / max(result.cases, 1):.2f} CPU-ms each",
        f"{'key':28}{'score':>8}{'wanted':>8}{'given':>7}  wrong",
    ]
    for key in (*EXACT, *SETS):
        tally = result.keys.get(key)
        if tally is not None and tally.wanted + tally.given:
            value = tally.f1 if key in SETS else tally.accuracy
            lines.append(f"{key:28}{value:8.3f}{tally.wanted:8}{tally.given:7}  {' '.join(tally.wrong[:12])}")
    for key, tally in sorted(result.whole.items()):
        lines.append(f"{key:28}{tally.accuracy:8.3f}{tally.wanted:8}{tally.given:7}  {' '.join(tally.wrong[:12])}")
    lines.append(f"{'invented values':28}{len(result.invented):8}                 {' '.join(result.invented[:12])}")
    return "\n".join(lines)


FRAMES = {"zh": "推基金，push，{}", "en": "Promote funds, push, {}"}


def sheet(name: str, pack: str = "demo", today: dt.date = TODAY) -> Tally:
    """A sheet of phrases (``reading_conditions``, ``reading_times``) read inside one short brief each."""
    found, tally = packs.load(pack), Tally()
    for row in load(DATA / f"{name}.jsonl"):
        got = read(FRAMES[row["lang"]].format(row["text"]), today=today, pack=found).reading
        if isinstance(row["expect"], list):
            right = _items(row["expect"]) == _items(got.get("audience"))
        else:
            wanted = {key: value for key, value in row["expect"].items() if key != "missing"}
            right = wanted == {key: got[key] for key in _WHEN if key in got}
        _exactly(tally, right, row["text"])
    return tally


_WHEN = ("start", "end", "start_time", "duration_days", "recurrence")


# The columns of the overview: what it is called → the tally, by F1 where it is a list.
OVERVIEW = {"objective": "objective", "product": "product", "budget": "budget_cny", "start": "start", "end": "end",
            "channels": "channels", "audience": "audience", "exclusions": "exclusions", "missing": "missing",
            "briefs": "brief, all keys", "edits": "edit, reading after", "questions": "analysis, all keys",
            "kind": "kind"}  # fmt: skip


def overview() -> str:
    """Every set in a line, pooled by standing; edits of readings that are nowhere to be had are left out and counted."""
    lines: list[str] = []
    shown = samples("briefs.jsonl")
    found = sets("reading")
    known = [*shown, *(case for files in found.values() for path in files for case in load(path))]
    names = {case["id"] for case in known}
    for standing, files in found.items():
        lines += ["", f"== {standing}: {STANDINGS[standing]}", _row("set", [*OVERVIEW, "invented"])]
        pooled = Score()
        for path in files:
            cases = load(path)
            kept = [case for case in cases if case["kind"] != "edit" or case["after"] in names]
            told = score(kept, known)
            lost = f"  ({len(cases) - len(kept)} edits of samples left out)" if len(kept) < len(cases) else ""
            name = path.stem.removeprefix("reading_").removeprefix("blind_")
            lines.append(_figures(f"{name} ({told.cases})", told) + lost)
            pooled = pooled + told
        lines.append(_figures(f"all ({pooled.cases})", pooled))
        lines.append(f"{pooled.milliseconds / max(pooled.cases, 1):.2f} CPU-ms a sentence")
    return "\n".join(lines[1:])


def _figures(name: str, told: Score) -> str:
    values: list[str] = []
    for key in OVERVIEW.values():
        tally = told.keys.get(key) or told.whole.get(key)
        counted = tally is not None and tally.wanted + tally.given > 0
        values.append(f"{tally.f1 if key in SETS else tally.accuracy:.3f}" if tally and counted else "–")
    return _row(name, [*values, str(len(told.invented))])


def _row(name: str, cells: Sequence[str]) -> str:
    return f"{name:14}" + "".join(f"{cell:>11}" for cell in cells)


def main(path: str = "", *bases: str) -> int:
    """Print the table of a file (further files only lend their readings to edits); of all sets without one."""
    if path:
        lent = [case for base in bases for case in load(base)]
        print(table(score(load(path), [*samples("briefs.jsonl"), *lent])))
        return 0
    print(overview())
    for name in ("reading_conditions", "reading_times"):
        tally = sheet(name)
        print(f"== {name}: {tally.right} of {tally.wanted}  {' | '.join(tally.wrong[:12])}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
