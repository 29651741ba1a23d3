"""Scores the checker on labelled cases (JSON lines of the sample's form): ``linghang eval compliance [FILE …]``.

Without a file every set is checked, those of other writers apart from our own and from what is held out.

Rules of a case's ``also_ok`` are neutral, CN-EV-01 is always: a finding of theirs neither helps nor hurts. Spans are
found when any finding overlaps a labelled one with IoU ≥ 0.5. Times are CPU milliseconds an asset after a warm-up pass.
"""

import argparse
import datetime as dt
import json
import math
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evals import evasions
from evals.sets import STANDINGS, load, samples, sets
from linghang import compliance

Case = Mapping[str, Any]
TODAY = dt.date(2026, 11, 23)


def score(cases: Sequence[Case], answers: Sequence[Case]) -> dict[str, float]:
    """All figures of one set."""
    wrong = [c["label"] == "violating" for c in cases]
    said = [a["verdict"] == "violating" for a in answers]
    serious = [n for n, c in enumerate(cases) if c["max_severity"] == "S1"]
    figures = {
        "cases": float(len(cases)),
        "violating_recall": _share(s for s, w in zip(said, wrong, strict=True) if w),
        "false_alarms": _share(s for s, w in zip(said, wrong, strict=True) if not w),
        "s1_recall": _share(_serious(cases[n], answers[n]) for n in serious),
        "s1_recall_verdict": _share(said[n] for n in serious),
        "topic_f1": _topics(cases, answers),
        "disclosure_f1": _f1(_disclosures(c, a) for c, a in zip(cases, answers, strict=True)),
        "span_recall": _share(hit for c, a in zip(cases, answers, strict=True) for hit in _spans(c, a)),
    }
    styles = sorted({c["evasion"] for c in cases if c["evasion"]})
    for style in styles:
        figures[f"evasion_{style}"] = _share(
            _caught(c, a) for c, a in zip(cases, answers, strict=True) if c["evasion"] == style
        )
    written = [(c, a) for c, a in zip(cases, answers, strict=True) if c["evasion"] not in ("", "semantic")]
    figures["evasion_orthographic"] = _share(_caught(c, a) for c, a in written)
    return figures


def _share(found: Any) -> float:
    told = [bool(one) for one in found]
    return sum(told) / len(told) if told else float("nan")


def _serious(case: Case, answer: Case) -> bool:
    """Whether an S1 finding was made for a case labelled S1."""
    return any(f["severity"] == "S1" for f in answer["findings"])


def _counted(case: Case, answer: Case) -> list[Case]:
    neutral = {*case["also_ok"], "CN-EV-01"} - set(case["violations"])
    return [f for f in answer["findings"] if f["rule"] not in neutral]


def _topics(cases: Sequence[Case], answers: Sequence[Case]) -> float:
    return _f1(
        (set(c["topics"]), {f["topic"] for f in _counted(c, a)} | _gold_by_neutral(c, a))
        for c, a in zip(cases, answers, strict=True)
    )


def _gold_by_neutral(case: Case, answer: Case) -> set[str]:
    """A neutral rule's finding may still bring a topic that the case asks for."""
    return {f["topic"] for f in answer["findings"]} & set(case["topics"])


def _disclosures(case: Case, answer: Case) -> tuple[set[str], set[str]]:
    return set(case["missing_disclosures"]), set(answer["missing_disclosures"])


def _f1(pairs: Any) -> float:
    right = gold = said = 0
    for wanted, found in pairs:
        right, gold, said = right + len(wanted & found), gold + len(wanted), said + len(found)
    return 2 * right / (gold + said) if gold + said else float("nan")


def _spans(case: Case, answer: Case) -> list[bool]:
    found = [tuple(f["span"]) for f in answer["findings"] if f["span"][1] > f["span"][0]]
    hits: list[bool] = []
    for texts in case["spans"].values():
        for text in texts:
            at = case["text"].find(text)
            wanted = (at, at + len(text))
            hits.append(any(_iou(wanted, one) >= 0.5 for one in found))
    return hits


def _iou(one: tuple[int, int], other: tuple[int, int]) -> float:
    both = max(0, min(one[1], other[1]) - max(one[0], other[0]))
    either = max(one[1], other[1]) - min(one[0], other[0])
    return both / either if either else 0.0


def _caught(case: Case, answer: Case) -> bool:
    spans = _spans(case, answer)
    topics = {f["topic"] for f in answer["findings"] if f["span"][1] > f["span"][0]}
    return all(spans) if spans else bool(topics & set(case["topics"]))


def faults(cases: Sequence[Case], answers: Sequence[Case]) -> list[str]:
    """A line for each case that is not right in verdict, topics, disclosures and spans."""
    lines: list[str] = []
    for case, answer in zip(cases, answers, strict=True):
        topics = {f["topic"] for f in _counted(case, answer)} | _gold_by_neutral(case, answer)
        gold = set(case["topics"])
        wanted, found = _disclosures(case, answer)
        bad = [
            answer["verdict"] != case["label"] and f"verdict {answer['verdict']}",
            topics - gold and f"topics +{sorted(topics - gold)}",
            gold - topics and f"topics -{sorted(gold - topics)}",
            wanted != found and f"disclosures +{sorted(found - wanted)} -{sorted(wanted - found)}",
            not all(_spans(case, answer)) and f"spans {_spans(case, answer)}",
        ]
        told = [one for one in bad if one]
        if told:
            got = [(f["rule"], f["text"]) for f in answer["findings"]]
            lines.append(
                f"{case['id']} {case['jurisdiction']} {case['product']}/{case['channel']} {answer['type']}: {case['text']}"
                f"\n    {'; '.join(map(str, told))}\n    want {case['violations']} {case['spans']}\n    got  {got}"
            )
    return lines


def run(cases: Sequence[Case]) -> tuple[Sequence[Case], float]:
    """The answers, and CPU milliseconds an asset, warm."""
    first = list(compliance.check_batch(cases, today=TODAY))
    start = time.process_time()
    answers = list(compliance.check_batch(cases, today=TODAY))
    spent = (time.process_time() - start) * 1000 / max(1, len(cases))
    if first != answers:
        raise SystemExit("two runs differ")
    return answers, spent


def disguised(limit: int) -> dict[str, dict[str, float]]:
    """Examples of the rules disguised by rule (``evasions``): by style and part, how many findings survive, and where."""
    told: dict[str, list[tuple[bool, bool]]] = {}
    for one in evasions.disguises(limit):
        answer = evasions.answer_to({**one.line, "text": one.text})
        part = "measured" if one.held else "learned"
        for name in (one.style, "all that must be found" if one.span else "all that must stay silent"):
            told.setdefault(f"{name} ({part})", []).append(evasions.survives(one, answer))
    return {
        name: {"n": len(found), "found": _share(f for f, _ in found), "span": _share(f and s for f, s in found)}
        for name, found in sorted(told.items())
    }


def main() -> None:
    """Prints the figures of each file, apart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="default: every set that there is, apart")
    parser.add_argument("--faults", action="store_true", help="also print every case that is not right")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--disguises", type=int, default=0, metavar="N", help="only disguise N examples of the rules")
    options = parser.parse_args()
    if options.disguises:
        for name, figures in disguised(options.disguises).items():
            print(f"  {name:40} {figures['n']:5}  found {figures['found']:.3f}  span {figures['span']:.3f}")
        return
    if not options.files and not options.faults and not options.json:
        print(overview())
        return
    for path in options.files or [path for files in sets("compliance").values() for path in files]:
        cases = load(path)
        answers, spent = run(cases)
        figures = {**score(cases, answers), "ms_per_asset": spent}
        if options.faults:
            print("\n".join(faults(cases, answers)))
        if options.json:
            print(json.dumps({"file": path.name, **figures}))
            continue
        print(path.name)
        for name, value in figures.items():
            print(f"  {name:24} {value:.3f}" if name != "cases" else f"  {name:24} {value:.0f}")


def overview() -> str:
    """Every set in a line, and those of one standing together; evasions by style are in a file's own table."""
    found = {standing: {path.stem: load(path) for path in files} for standing, files in sets("compliance").items()}
    found["sample"] = {"sample": samples("compliance_cases.jsonl")}
    lines: list[str] = []
    for standing, named in found.items():
        pooled: list[tuple[Case, Case]] = []
        rows: list[str] = []
        for name, cases in named.items():
            pairs = list(zip(cases, compliance.check_batch(cases, today=TODAY), strict=True))
            rows += [_row(name.removeprefix("compliance_").removeprefix("blind_"), pairs)] if pairs else []
            pooled += pairs
        if pooled:
            head = f"{'set':14}" + "".join(f"{title:>14}" for title in _OVERVIEW)
            lines += ["", f"== {standing}: {STANDINGS[standing]}", head, *rows]
            lines += [_row("all", pooled)] if len(rows) > 1 else []
    return "\n".join(lines[1:])


_OVERVIEW = {
    "recall": "violating_recall", "false alarms": "false_alarms", "S1 by rule": "s1_recall",
    "S1 verdict": "s1_recall_verdict", "topics": "topic_f1", "disclosures": "disclosure_f1", "spans": "span_recall",
    "orthographic": "evasion_orthographic", "semantic": "evasion_semantic",
}  # fmt: skip


def _row(name: str, pairs: Sequence[tuple[Case, Case]]) -> str:
    figures = score([case for case, _ in pairs], [answer for _, answer in pairs])
    values = [figures.get(key, float("nan")) for key in _OVERVIEW.values()]
    told = "".join(f"{'–' if math.isnan(value) else format(value, '.3f'):>14}" for value in values)
    return f"{f'{name} ({len(pairs)})':14}{told}"


if __name__ == "__main__":
    main()
