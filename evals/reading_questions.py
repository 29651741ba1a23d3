"""Questions about results by construction: metric × split × filter × days × what is wanted, with the reading each must have.

``python -m evals.reading_questions [N [SEED]]`` reads N of them and prints, for each kind and each ingredient, how many failed.
"""

import datetime as dt
import functools
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import opencc
import yaml

from linghang import packs
from linghang.reading import read

TODAY = dt.date(2026, 11, 23)
DATA = Path(__file__).parent / "data/question_frames.yaml"
_RATES = frozenset(("ctr", "open_rate", "conversion_rate", "activation_rate", "redemption_rate", "churn_rate",
    "unsubscribe_rate", "complaint_rate", "delivery_rate"))  # fmt: skip
_TOO_HIGH = frozenset(
    ("unsubscribe_rate", "complaint_rate", "churn_rate", "cac_cny", "cost_cny", "coupon_unused_users")
)
_SUMS = frozenset(
    ("orders", "clicks", "impressions", "gmv_cny", "net_inflow_cny", "new_customers", "cost_cny", "redemptions")
)
# Split by what they are themselves, or figures whose own words are those of another kind of question.
_ODD = {"coupon_unused_users": ("coupon_face_value",), "new_customers": ("new_or_existing",), "sip_users": ("product",)}


# Split by old and new no one says 各新老客, each new vs existing customers.
_EACH = re.compile(r"各|每|不同|each|per")


@functools.cache
def frames() -> dict[str, Any]:
    """The ingredients."""
    return cast("dict[str, Any]", yaml.safe_load(DATA.read_text("utf-8")))


class Kitchen:
    """Draws ingredients with one seed and remembers what it drew (``drawn``), so that holes can be told."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.drawn: list[str] = []
        self.lang = "zh"

    def one(self, choices: Any) -> Any:
        """One of several, remembered when it is text."""
        found = self.random.choice(list(choices))
        if isinstance(found, str):
            self.drawn.append(found)
        return found

    def entry(self, rows: list[dict[str, Any]]) -> tuple[dict[str, Any], str]:
        """One row that has words of the language, and one of its words."""
        row = self.random.choice([row for row in rows if row.get(self.lang)])
        return row, self.one(row[self.lang])

    def time(self, rows: list[dict[str, Any]] | None = None) -> tuple[dict[str, Any], str]:
        """Days and their words; figures at their end stand apart from what follows."""
        row, words = self.entry(rows or frames()["times"])
        words = words + "的" if self.lang == "zh" and words[-1].isdigit() else words
        return {key: value.isoformat() for key, value in row["v"].items()}, words

    def metric(self, *, of: Callable[[str], bool] = lambda name: True) -> tuple[str, str]:
        """A figure and its words."""
        name = self.random.choice([name for name in frames()["metrics"] if of(name)])
        return name, self.one(frames()["metrics"][name][self.lang])

    def split(self, *without: str) -> tuple[str, str]:
        """A split and its words."""
        name = self.random.choice([name for name in frames()["dimensions"] if name not in without])
        return name, self.one(frames()["dimensions"][name][self.lang])

    def filter(self, split: str, likely: float = 0.4) -> tuple[list[dict[str, Any]], str]:
        """Now and then a filter that goes with the split, and its words."""
        if self.random.random() > likely:
            return [], ""
        rows = [row for row in frames()["filters"] if split not in row["not"]]
        row, words = self.entry(rows)
        return [row["v"]], words

    def frame(self, name: str) -> str:
        """A frame of a kind of question."""
        return self.one(frames()[name][self.lang])


Made = tuple[str, dict[str, Any]]


def _filled(frame: str, **words: str) -> str:
    said = words.get("m", "")
    text = frame.replace("{M}", said[:1].upper() + said[1:])
    for name, value in words.items():
        text = text.replace("{" + name + "}", value)
    return " ".join(text.split()).replace(" ,", ",").replace(" .", ".").replace(" ?", "?")


def _base(metric: str, kind: str, time: dict[str, Any], filters: list[dict[str, Any]], *splits: str) -> dict[str, Any]:
    made: dict[str, Any] = {"metrics": [metric], "dimensions": list(splits), "analysis": kind}
    if time:
        made["time"] = dict(time)
    else:
        made["missing"] = ["time"]
    if filters:
        made["filters"] = filters
    return made


def _plural(kitchen: Kitchen, words: str) -> str:
    return words if kitchen.lang == "zh" else "cities" if words == "city" else words + "s"


def _split(kitchen: Kitchen, kind: str, name: str) -> Made:
    frame = kitchen.frame(name)
    split, by = kitchen.split(*(("new_or_existing",) if kind != "breakdown" or _EACH.search(frame) else ()))
    metric, words = kitchen.metric(
        of=lambda name: split not in _ODD.get(name, ()) and (kind != "contribution" or name in _SUMS)
    )
    time, when = kitchen.time()
    filters, of = kitchen.filter(split) if "{f}" in frame else ([], "")
    if any(item["field"] == "product" and metric == "sip_users" for item in filters):
        filters, of = [], ""
    return _filled(frame, t=when, m=words, d=by, f=of), _base(metric, kind, time, filters, split)


def _ranking(kitchen: Kitchen, name: str) -> Made:
    frame, _, order = kitchen.frame(name).partition("|")
    split, by = kitchen.split("gender", "new_or_existing", "aum_tier", "coupon_face_value", "city_tier", "hour")
    worst = any(word in frame for word in ("最差", "最好", "best", "worst", "垫底"))
    metric, words = kitchen.metric(
        of=lambda name: split not in _ODD.get(name, ()) and not (worst and name in _TOO_HIGH)
    )
    time, when = kitchen.time()
    top = kitchen.random.choice([2, 3, 5, 10])
    said = kitchen.one([str(top), {2: "两", 3: "三", 5: "五", 10: "十"}[top]] if kitchen.lang == "zh" else [str(top)])
    made = _base(metric, "ranking", time, [], split) | {"order": order or "desc"}
    if "{n}" in frame:
        made["top"] = top
    elif name == "ranking_one":
        made["top"] = 1
    return _filled(frame, t=when, m=words, d=by, n=said, ds=_plural(kitchen, by)), made


def _cause(kitchen: Kitchen) -> Made:
    way = kitchen.random.choice(["down", "up"])
    rows = frames()["root_cause"][way]
    metric, words = kitchen.metric(of=lambda name: name not in ("coupon_unused_users", "sip_users"))
    frame = kitchen.frame("root_cause")
    time, when = kitchen.time([row for row in frames()["times"][:9] if "近" not in "".join(row["zh"])])
    filters, of = kitchen.filter("") if "{f}" in frame else ([], "")
    turns = {"x": kitchen.one(rows["zh" if kitchen.lang == "zh" else "x"])} if "{x}" in frame else {}
    turns |= {name: kitchen.one(rows[name]) for name in ("xd", "xn") if "{" + name + "}" in frame}
    one_day = time["start"] == time["end"]
    made = _base(metric, "root_cause", time, filters) | {"direction": way}
    made["time"]["compare_to"] = "previous_day" if one_day else "previous_period"
    return _filled(frame, t=when, m=words, f=of, **turns), made


def _sides(kitchen: Kitchen) -> Made:
    row, pair = kitchen.entry(frames()["compare_pairs"])
    metric, words = kitchen.metric(of=lambda name: name not in ("new_customers", "coupon_unused_users", "sip_users"))
    time, when = kitchen.time()
    made = _base(metric, "compare", time, [row["f"]] if "f" in row else [], row["d"])
    return _filled(kitchen.frame("compare_sides"), t=when, m=words, p=pair), made


def _days(kitchen: Kitchen) -> Made:
    row, frame = kitchen.entry(frames()["compare_days"])
    metric, words = kitchen.metric(of=lambda name: name != "coupon_unused_users")
    time = {key: value.isoformat() for key, value in row["t"][0].items()}
    made = _base(metric, "compare", time, [])
    made["time"]["compare_to"] = row["c"]
    return _filled(frame, m=words), made


def _trend(kitchen: Kitchen, name: str) -> Made:
    frame = kitchen.frame(name)
    metric, words = kitchen.metric(of=lambda name: name != "coupon_unused_users")
    rows = frames()["times"]
    time, when = kitchen.time(rows[2:6] if name == "trend" else [rows[7], rows[8], rows[10]])
    filters, of = kitchen.filter("") if "{f}" in frame else ([], "")
    # 按周 is the grain of the days; each day stands as a split as well.
    made = _base(metric, "trend", time, filters, *(["date"] if name == "trend" else []))
    made["time"]["grain"] = {"trend": "day", "trend_week": "week", "trend_month": "month"}[name]
    return _filled(frame, t=when, m=words, f=of), made


def _test(kitchen: Kitchen, name: str) -> Made:
    metric, words = kitchen.metric(
        of=lambda name: name in _RATES or name in ("roi", "net_inflow_cny", "first_purchase_rate", "ctr")
    )
    frame, percent = kitchen.frame(name), kitchen.random.choice([90, 95, 99])
    made = _base(metric, "uplift", {}, [], "experiment_group") | {"missing": ["campaign"]}
    made |= {"interval": percent / 100} if name == "interval" else {"stat_test": "significance"}
    return _filled(frame, m=words, p=str(percent)), made


def _bins(kitchen: Kitchen) -> Made:
    row, edges = kitchen.entry(frames()["bins"])
    metric, words = kitchen.metric(of=lambda name: name != "coupon_unused_users")
    frame = kitchen.frame("bins_frames")
    time, when = kitchen.time() if "{t}" in frame and kitchen.random.random() < 0.7 else ({}, "")
    made = _base(metric, "breakdown", time, [], "aum_tier") | {"dimension_bins": row["v"]}
    return _filled(frame, m=words, t=when, b=edges), made


def _unused(kitchen: Kitchen) -> Made:
    frame = kitchen.frame("unused")
    split, by = kitchen.split("product", "hour", "aum_tier", "new_or_existing")
    time, when = kitchen.time(frames()["times"][:8]) if "{t}" in frame else ({}, "")
    return _filled(frame, d=by, t=when), _base("coupon_unused_users", "breakdown", time, [], split)


def _duration(kitchen: Kitchen) -> Made:
    frame = kitchen.frame("duration")
    time, when = kitchen.time(frames()["times"][:8]) if "{t}" in frame else ({}, "")
    made = _base("time_to_convert_days", "duration", time, [])
    tail = ""
    if kitchen.random.random() < 0.5:
        row, tail = kitchen.entry(frames()["quantiles"])
        made["quantiles"] = row["v"]
    return _filled(frame, t=when).rstrip("?") + tail, made


def _validation(kitchen: Kitchen) -> Made:
    time, when = kitchen.time([row for row in frames()["times"][2:9] if "近14天" not in row["zh"]])
    made = _base("churn_rate", "validation", time, [{"field": "churn_score", "op": "ge", "value": "high"}])
    return _filled(kitchen.frame("validation"), t=when), made


def _cohort(kitchen: Kitchen) -> Made:
    row, pair = kitchen.entry(frames()["cohort_pairs"])
    days, listed = kitchen.entry(frames()["cohort_days"])
    frame = kitchen.frame("cohort_frames")
    time, when = kitchen.time(frames()["times"][5:9]) if "{t}" in frame and kitchen.random.random() < 0.6 else ({}, "")
    made = _base(
        "retention_rate", "cohort", time, [{"field": "product", "op": "in", "value": row["v"]}], "product", "day_n"
    )
    return _filled(frame, p=pair, n=listed, t=when).rstrip(" ,，"), made | {"day_n": days["v"]}


def _funnel(kitchen: Kitchen) -> Made:
    frame = kitchen.frame("funnel")
    time, when = kitchen.time()
    filters, of = kitchen.filter("") if "{f}" in frame else ([], "")
    made = _base("", "funnel", time, filters) | {"metrics": ["impressions", "clicks", "orders"]}
    return _filled(frame, t=when, f=of), made


def _forecast(kitchen: Kitchen) -> Made:
    metric, words = kitchen.metric(of=lambda name: name not in ("coupon_unused_users", "reach"))
    time, when = kitchen.time(frames()["forecast"]["times"])
    return _filled(kitchen.frame("forecast"), m=words, t=when), _base(metric, "forecast", time, [])


def _pacing(kitchen: Kitchen) -> Made:
    row, of = kitchen.entry([row for row in frames()["filters"] if row["v"]["field"] == "campaign"])
    time, when = kitchen.time([frames()["times"][9]])
    return _filled(kitchen.frame("pacing"), f=of, t=when), _base("cost_cny", "pacing", time, [row["v"]])


def _table(kitchen: Kitchen) -> Made:
    split, by = kitchen.split("aum_tier", "new_or_existing")
    fits = lambda name: split not in _ODD.get(name, ()) and name != "coupon_unused_users"  # noqa: E731
    metric, words = kitchen.metric(of=fits)
    other, more = kitchen.metric(of=lambda name: fits(name) and name != metric)
    time, when = kitchen.time()
    made = _base(metric, "table", time, [], split) | {"metrics": [metric, other]}
    tail = ""
    if kitchen.random.random() < 0.4:
        row, tail = kitchen.entry(frames()["outputs"])
        made["output"] = row["v"]
    return _filled(kitchen.frame("table"), m=words, m2=more, d=by, t=when) + tail, made


def _summary(kitchen: Kitchen) -> Made:
    name = "summary_f" if kitchen.lang == "en" and kitchen.random.random() < 0.5 else "summary"
    frame = kitchen.frame(name)
    metric, words = kitchen.metric(of=lambda name: name not in ("coupon_unused_users",))
    time, when = kitchen.time()
    filters, of = kitchen.filter("", 0.6 if name == "summary" else 1.0) if "{f}" in frame else ([], "")
    if metric == "sip_users" and any(item["field"] == "product" for item in filters):
        filters, of = [], ""
        frame = frame.replace(" for {f}", "").replace(" among {f}", "")
    return _filled(frame, t=when, m=words, f=of), _base(metric, "summary", time, filters)


def _alert(kitchen: Kitchen) -> Made:
    kitchen.lang = "zh"
    way = frames()["alert"][kitchen.random.choice(["over", "under"])]
    metric, words = kitchen.metric(of=_RATES.__contains__)
    time, when = kitchen.time()
    percent = kitchen.random.choice([1, 2, 5])
    text = _filled(kitchen.frame("alert"), m=words, t=when, p=str(percent), o=kitchen.one(way["zh"]))
    return text, _base(metric, "summary", time, []) | {
        "alert": {"metric": metric, "op": way["op"], "value": percent / 100}
    }


MAKERS: Mapping[str, Callable[[Kitchen], Made]] = {
    "breakdown": lambda k: _split(k, "breakdown", "breakdown"),
    "contribution": lambda k: _split(k, "contribution", "contribution"),
    "ranking": lambda k: _ranking(k, "ranking"),
    "ranking_all": lambda k: _ranking(k, "ranking_all"),
    "ranking_one": lambda k: _ranking(k, "ranking_one"),
    "root_cause": _cause,
    "sides": _sides,
    "days": _days,
    "trend": lambda k: _trend(k, "trend"),
    "trend_week": lambda k: _trend(k, "trend_week"),
    "trend_month": lambda k: _trend(k, "trend_month"),
    "uplift": lambda k: _test(k, "uplift"),
    "interval": lambda k: _test(k, "interval"),
    "bins": _bins,
    "unused": _unused,
    "duration": _duration,
    "validation": _validation,
    "cohort": _cohort,
    "funnel": _funnel,
    "forecast": _forecast,
    "pacing": _pacing,
    "table": _table,
    "summary": _summary,
    "alert": _alert,
}


def questions(count: int, seed: int) -> Iterator[tuple[str, str, dict[str, Any], list[str]]]:
    """``count`` questions, each kind in turn: its kind, its text, the reading it must have, its ingredients."""
    kitchen, to_traditional = Kitchen(seed), opencc.OpenCC("s2hk")
    for number in range(count):
        name = list(MAKERS)[number % len(MAKERS)]
        kitchen.drawn, kitchen.lang = [], kitchen.random.choice(["zh", "zh", "en"])
        text, made = MAKERS[name](kitchen)
        if kitchen.lang == "zh" and kitchen.random.random() < 0.25:
            text = str(to_traditional.convert(text))
        yield name, text, {key: value for key, value in made.items() if value != []}, kitchen.drawn


def wrong(text: str, expected: Mapping[str, Any], pack: Any) -> dict[str, tuple[Any, Any]]:
    """The keys of a question that are read otherwise: wanted and given."""
    found = read(text, today=TODAY, pack=pack)
    given = {key: value for key, value in found.reading.items() if value not in ([], None)}
    if found.kind != "analysis":
        return {"kind": ("analysis", found.kind)}
    return {
        key: (expected.get(key), given.get(key))
        for key in {**expected, **given}
        if _plain(expected.get(key)) != _plain(given.get(key))
    }


def _plain(value: Any) -> Any:
    """Lists without order, also inside of filters."""
    if isinstance(value, list):
        return sorted(map(repr, map(_plain, value)))
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return value


def main(count: str = "4800", seed: str = "1") -> int:
    """Print what failed: by kind, by ingredient, and examples."""
    pack = packs.load("demo")
    seen: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    parts, bad = Counter[str](), Counter[str]()
    shown: Counter[str] = Counter()
    for name, text, expected, drawn in questions(int(count), int(seed)):
        seen[name] += 1
        failed = wrong(text, expected, pack)
        for part in set(drawn):
            parts[part] += 1
            bad[part] += bool(failed)
        if failed:
            kinds[name] += 1
            if shown[name] < 12:
                shown[name] += 1
                print(f"[{name}] {text}\n    {failed}")
    for name in seen:
        print(f"{name:14}{kinds[name]:5} of {seen[name]}")
    print(f"{sum(kinds.values())} of {sum(seen.values())} failed")
    worst = sorted((p for p in bad if parts[p] >= 4 and bad[p] / parts[p] > 0.3), key=lambda p: -bad[p] / parts[p])
    print("; ".join(f"{p} {bad[p]}/{parts[p]}" for p in worst[:60]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
