"""How fast a sentence is read, and phrases of time against two peers on the same phrases: accuracy and speed.

``linghang bench reading`` needs nothing more; ``pip install -e '.[bench-reading]'`` brings the peers, JioNLP and
Recognizers-Text. A phrase counts as right when its first and last day are (the last one only where the sheet names
it). Peers read the phrase alone, linghang reads it inside a brief, which is harder and slower. Every peer is given
today's date, and of several answers the one in the future is taken, as a brief means it.
"""

import contextlib
import datetime as dt
import importlib
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from evals.sets import DATA, load, sets
from linghang import packs
from linghang.reading import read
from linghang.reading.normalise import normalise
from linghang.reading.times.moments import resolve
from linghang.reading.times.phrases import phrases

TODAY = dt.date(2026, 11, 23)
Days = tuple[str, str] | None
Reader = Callable[[str, str], Days]


def main(*arguments: str) -> int:
    """Print both tables."""
    print(_sentences())
    print(_times())
    return 0


def _sentences() -> str:
    pack = packs.load("demo")
    texts = [
        case["text"] for files in sets("reading").values() for path in files for case in load(path) if case["text"]
    ]
    long = "".join(f"{text}。" for text in texts)
    long = (long * (50_000 // len(long) + 1))[:50_000]
    read(texts[0], today=TODAY, pack=pack)
    spent = sorted(_cpu(lambda text=text: read(text, today=TODAY, pack=pack)) for text in texts)
    half, full = (_cpu(lambda text=text: read(text, today=TODAY, pack=pack)) for text in (long[:25_000], long))
    return (
        f"{len(texts)} sentences: mean {sum(spent) / len(spent):.2f}, median {spent[len(spent) // 2]:.2f}, "
        f"P99 {spent[int(len(spent) * 0.99)]:.2f} CPU-ms\n"
        f"25,000 characters {half:.0f} CPU-ms, 50,000 characters {full:.0f} CPU-ms (ratio {full / half:.2f})"
    )


def _cpu(work: Callable[[], Any]) -> float:
    begin = time.process_time()
    work()
    return (time.process_time() - begin) * 1000


def _times() -> str:
    rows = [json.loads(line) for line in (DATA / "reading_times.jsonl").read_text("utf-8").splitlines()]
    rows = [row for row in rows if {"start", "end"} & row["expect"].keys() and "recurrence" not in row["expect"]]
    lines = [f"{'phrases of time':28}{'zh right':>10}{'en right':>10}{'CPU-ms each':>13}"]
    for name, reader in _readers().items():
        lines.append(_scored(name, reader, rows))
    return "\n".join(lines)


def _scored(name: str, reader: Reader, rows: list[Mapping[str, Any]]) -> str:
    right, wanted = {"zh": 0, "en": 0}, {"zh": 0, "en": 0}
    with contextlib.suppress(Exception):
        reader("明天", "zh")
    spent = 0.0
    for row in rows:
        begin = time.process_time()
        try:
            found = reader(row["text"], row["lang"])
        except Exception:  # a peer that fails on a phrase has not read it
            found = None
        spent += (time.process_time() - begin) * 1000
        wanted[row["lang"]] += 1
        right[row["lang"]] += _right(row["expect"], found)
    share = {lang: f"{right[lang] / wanted[lang]:.3f}" for lang in right}
    return f"{name:28}{share['zh']:>10}{share['en']:>10}{spent / len(rows):>13.2f}"


def _right(expect: Mapping[str, str], found: Days) -> bool:
    if found is None:
        return False
    return all(expect.get(key) in (None, value) for key, value in zip(("start", "end"), found, strict=True))


def _readers() -> dict[str, Reader]:
    readers: dict[str, Reader] = {"linghang, inside a brief": _brief, "linghang, phrase alone": _phrase}
    with contextlib.suppress(ImportError):
        readers["JioNLP (zh only)"] = _jionlp()
    with contextlib.suppress(ImportError):
        readers["Recognizers-Text"] = _recognizers()
    return readers


def _brief(text: str, lang: str) -> Days:
    frame = "推基金，push，C3，{}" if lang == "zh" else "Promote funds to C3 users, push, {}"
    found = read(frame.format(text), today=TODAY, pack=None).reading
    return found.get("start", ""), found.get("end", "")


def _phrase(text: str, lang: str) -> Days:
    for phrase in phrases(normalise(text).text):
        if phrase.sense == "moment" and (period := resolve(phrase.moment, TODAY)) is not None:
            return (str(period.start or ""), str(period.end or ""))
    return None


def _jionlp() -> Reader:
    with contextlib.redirect_stdout(None):
        parse: Any = importlib.import_module("jionlp").parse_time
    base = {"year": TODAY.year, "month": TODAY.month, "day": TODAY.day}

    def reader(text: str, lang: str) -> Days:
        if lang != "zh":
            return None
        found = parse(text, time_base=base)["time"]
        return str(found[0])[:10], str(found[1])[:10]

    return reader


def _recognizers() -> Reader:
    module: Any = importlib.import_module("recognizers_date_time")
    now = dt.datetime.combine(TODAY, dt.time())

    def reader(text: str, lang: str) -> Days:
        culture = module.Culture.Chinese if lang == "zh" else module.Culture.English
        values = module.recognize_datetime(text, culture, reference=now)[0].resolution["values"]
        days = [(v.get("start", v.get("value", ""))[:10], v.get("end", v.get("value", ""))[:10]) for v in values]
        ahead = [pair for pair in days if max(pair) >= TODAY.isoformat()]
        first, last = (ahead or days)[0]
        if "end" in values[0] and first != last:
            # Its ends are the day after the last one.
            last = (dt.date.fromisoformat(last) - dt.timedelta(days=1)).isoformat() if last else last
        return first, last

    return reader


if __name__ == "__main__":
    import sys

    raise SystemExit(main(*sys.argv[1:]))
