"""Scores readings against a file of labelled sentences, key by key, as the exam's contract scores them.

Each line of the file is ``{"id", "kind", "text", "expect", "after"?}``; edits name by ``after`` the line whose reading they
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
from pathlib import Path
from typing import Any

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


def load(path: str | Path) -> list[dict[str, Any]]:
    """The cases of a JSONL file."""
    return [json.loads(line) for line in Path(path).read_text("utf-8").splitlines() if line.strip()]


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


HERE = Path(__file__).parent / "data"
FRAMES = {"zh": "推基金，push，{}", "en": "Promote funds, push, {}"}


def sheet(name: str, pack: str = "demo", today: dt.date = TODAY) -> Tally:
    """A sheet of phrases (``reading_conditions``, ``reading_times``) read inside one short brief each."""
    found, tally = packs.load(pack), Tally()
    for row in load(HERE / f"{name}.jsonl"):
        got = read(FRAMES[row["lang"]].format(row["text"]), today=today, pack=found).reading
        if isinstance(row["expect"], list):
            right = _items(row["expect"]) == _items(got.get("audience"))
        else:
            wanted = {key: value for key, value in row["expect"].items() if key != "missing"}
            right = wanted == {key: got[key] for key in _WHEN if key in got}
        _exactly(tally, right, row["text"])
    return tally


_WHEN = ("start", "end", "start_time", "duration_days", "recurrence")


def main(path: str = "", *bases: str) -> int:
    """Print the table of a file (further files only lend their readings to edits); of all sets without one."""
    if path:
        print(table(score(load(path), [case for base in bases for case in load(base)])))
        return 0
    sets = [*sorted(HERE.glob("reading_blind_*.jsonl")), *sorted(HERE.glob("reading_own*.jsonl"))]
    known = [case for each in sets for case in load(each)]
    for each in sets:
        cases = load(each)
        names = {case["id"] for case in known}
        kept = [case for case in cases if case["kind"] != "edit" or case["after"] in names]
        print(f"== {each.stem} ({len(cases) - len(kept)} edits of readings that are not in these files left out)")
        print(table(score(kept, known)))
    for name in ("reading_conditions", "reading_times"):
        tally = sheet(name)
        print(f"== {name}: {tally.right} of {tally.wanted}  {' | '.join(tally.wrong[:12])}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
