"""Eval of the picture engine: 200 random specs through the gates, seeded defects against them, contact sheets to look at.

    python -m evals.creative --out FOLDER [--count 200] [--seed 1] [--ocr] [--processes 2]

It reports and does not gate: shares passing first time and after repair, sentences read back by OCR, diversity of
palette and layout, defects caught by kind, false rejections, CPU-seconds.
"""

import argparse
import collections
import dataclasses
import json
import math
import multiprocessing
import random
import statistics
import time
from concurrent import futures
from pathlib import Path
from typing import Any

import numpy as np
import skia

from evals.creative_defects import DEFECTS
from evals.creative_words import words
from linghang.base.findings import Severity
from linghang.base.records import LayerRecord
from linghang.creatives.pictures import DesignSpec, Kit, Picture, compose, frames
from linghang.creatives.pictures.encode import decode
from linghang.creatives.pictures.gates import check
from linghang.creatives.pictures.gates.facts import texts_of
from linghang.creatives.pictures.gates.reading import crop, same
from linghang.creatives.pictures.painting.canvas import forget, paint_plate, pixels

MOODS = ("lively", "steady", "premium", "tech", "fresh", "guochao", "warm")
PRODUCTS = ("wealth", "fund", "mmf", "deposit", "savings", "gold", "insurance", "credit", "payments", "membership")
FESTIVALS = ("", "", "", "", "", "spring", "mid_autumn", "double11", "dragon_boat", "qixi")


@dataclasses.dataclass(frozen=True)
class Result:
    """What became of one spec."""

    number: int
    spec: DesignSpec
    picture: Picture
    cpu: float
    read: tuple[tuple[str, str, str, float], ...]


def specs(count: int, seed: int) -> list[DesignSpec]:
    """Random specs over moods × products × festivals × slots × copy lengths, every mood and slot equally often."""
    stream = random.Random(seed)
    slots = [frame for frame in frames()]
    found: list[DesignSpec] = []
    for place in range(count):
        found.append(
            DesignSpec(
                mood=MOODS[place % len(MOODS)],
                product=stream.choice(PRODUCTS),
                festival=stream.choice(FESTIVALS),
                frame=slots[(place * 5 + place // len(slots)) % len(slots)],
                words=words(stream),
                kit=Kit("领航金融", "领"),
                seed=stream.randrange(10_000),
            )
        )
    return found


def run(number: int, spec: DesignSpec, cache: str, ocr: bool) -> Result:
    """Compose one spec and read its text back."""
    start = time.process_time()
    picture = compose(spec, cache=Path(cache))
    cpu = time.process_time() - start
    return Result(number, spec, picture, cpu, _read(picture) if ocr else ())


_readers: list[Any] = []


def reader() -> Any:
    """A line reader on RapidOCR with one thread; all switches are passed each time because they stick."""
    if not _readers:
        from rapidocr import RapidOCR  # noqa: PLC0415 - optional, and slow to import

        engine = RapidOCR(params={"Global.log_level": "error", "EngineConfig.onnxruntime.intra_op_num_threads": 1})

        def read(line: np.ndarray) -> tuple[str, float]:
            found = engine(np.ascontiguousarray(line[..., ::-1]), use_det=False, use_cls=False, use_rec=True)
            texts = getattr(found, "txts", None) or ("",)
            scores = getattr(found, "scores", None) or (0.0,)
            return str(texts[0]), float(scores[0])

        _readers.append(read)
    return _readers[0]


def _read(picture: Picture) -> tuple[tuple[str, str, str, float], ...]:
    image = decode(picture.data)
    rows: list[tuple[str, str, str, float]] = []
    for fact in texts_of(picture.record.layers):
        if fact.role in ("title", "subtitle", "button", "legal", "figure", "label"):
            found, _ = reader()(crop(image, fact))
            rows.append((fact.role, fact.text, found, same(fact.text, found)))
    return tuple(rows)


def damage(results: list[Result], cache: Path, per_kind: int, seed: int) -> dict[str, tuple[int, int]]:
    """Seeded defects: kind → (caught, made)."""
    stream = random.Random(seed)
    table: dict[str, tuple[int, int]] = {}
    good = [result for result in results if not wrong(result.picture)]
    for name, break_ in DEFECTS.items():
        caught = made = 0
        for result in stream.sample(good, len(good)):
            if made >= per_kind:
                break
            record = break_(result.picture.record, stream)
            if record is None:
                continue
            made += 1
            caught += bool(_findings(record, cache, len(result.picture.data)))
        table[name] = (caught, made)
    return table


def _findings(record: LayerRecord, cache: Path, size: int) -> list[Any]:
    known = [layer for layer in record.layers if layer["kind"] != "sprite" or _drawable(layer)]
    plate = pixels(paint_plate(known, record.width, record.height, cache=cache))
    forget()
    return [f for f in check(record, plate, size=size) if f.severity in (Severity.S1, Severity.S2)]


def _drawable(layer: Any) -> bool:
    from linghang.creatives.pictures.elements.model import kinds  # noqa: PLC0415

    return layer["element"]["kind"] in kinds()


def wrong(picture: Picture) -> list[Any]:
    """Findings that must be mended."""
    return [f for f in picture.findings if f.severity in (Severity.S1, Severity.S2)]


FLOORS = {"palette": 15.0, "ground_bits": 2.5, "hero_bits": 3.0, "layout": 0.7}
"""Below any of these a set is bland: half the spread of colours, six grounds or eight heroes in even use, and seven
title boxes of ten distinct within a slot. Set before the figures of the second session were taken."""


def diversity(results: list[Result]) -> dict[str, float]:
    """How different the pictures are: entropy (bits) of ground, hero and title style, and spread of hues and layouts.

    ``palette`` is the mean distance (OKLab × 100) between the mean colours of pairs, within each mood, so that seven
    moods alone do not count as diversity; ``layout`` the share of distinct title boxes within a slot (to 2 %).
    """
    thumbs = {r.number: _mean(r.picture) for r in results}
    pairs: list[float] = []
    for mood in MOODS:
        colours = [thumbs[r.number] for r in results if r.spec.mood == mood]
        pairs += [float(np.linalg.norm(a - b)) for n, a in enumerate(colours) for b in colours[n + 1 :]]
    grounds = collections.Counter(
        str(layer["style"]) for r in results for layer in r.picture.record.layers if layer["kind"] == "ground"
    )
    heroes = collections.Counter(_hero(r.picture.record) for r in results)
    boxes: dict[str, set[tuple[int, ...]]] = {}
    counts: collections.Counter[str] = collections.Counter()
    for r in results:
        title = next((t for t in r.picture.record.texts if t["role"] == "title"), None)
        if title is None:
            continue
        w, h = r.picture.width, r.picture.height
        box = title["box"]
        boxes.setdefault(r.spec.frame.id, set()).add(
            (round(50 * box[0] / w), round(50 * box[1] / h), round(50 * box[2] / w))
        )  # type: ignore[index]
        counts[r.spec.frame.id] += 1
    return {
        "palette": round(statistics.fmean(pairs), 1) if pairs else 0.0,
        "ground_bits": round(_bits(grounds), 2),
        "hero_bits": round(_bits(heroes), 2),
        "layout": round(sum(len(found) for found in boxes.values()) / max(1, sum(counts.values())), 2),
    }


def _hero(record: LayerRecord) -> str:
    sprites = [
        layer
        for layer in record.layers
        if layer["kind"] == "sprite" and layer["element"]["kind"] not in ("coin", "podium")
    ]  # type: ignore[index]
    return str(max(sprites, key=lambda s: s["side"])["element"]["kind"]) if sprites else ""  # type: ignore[index]


def _bits(counter: collections.Counter[str]) -> float:
    whole = sum(counter.values())
    return -sum(n / whole * math.log2(n / whole) for n in counter.values()) if whole else 0.0


def _mean(picture: Picture) -> np.ndarray:
    image = decode(picture.data).reshape(-1, 4).astype(float)
    return image[:, :3].mean(axis=0) / 2.55


def contact(results: list[Result], folder: Path, columns: int = 5, cell: int = 360) -> list[Path]:
    """Contact sheets of 25 pictures, in their own proportions, numbered in the file's order."""
    made: list[Path] = []
    for start in range(0, len(results), columns * 5):
        part = results[start : start + columns * 5]
        rows = -(-len(part) // columns)
        surface = skia.Surface(columns * cell, rows * cell)
        canvas = surface.getCanvas()
        canvas.clear(0xFF8A8F98)
        for place, result in enumerate(part):
            image = skia.Image.MakeFromEncoded(skia.Data.MakeWithCopy(result.picture.data))
            scale = min((cell - 10) / image.width(), (cell - 10) / image.height())
            wide, high = image.width() * scale, image.height() * scale
            x, y = place % columns * cell + (cell - wide) / 2, place // columns * cell + (cell - high) / 2
            sampling = skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear)
            canvas.drawImageRect(image, skia.Rect.MakeXYWH(x, y, wide, high), sampling)
            mark = skia.Paint(Color=0xFFFF2BD6 if wrong(result.picture) else 0xFF101418, AntiAlias=True)
            canvas.drawString(
                str(result.number), place % columns * cell + 4, place // columns * cell + 16, skia.Font(None, 15), mark
            )
        path = folder / f"contact_{start:03d}.png"
        surface.makeImageSnapshot().save(str(path), skia.kPNG)
        made.append(path)
    return made


def report(results: list[Result], defects: dict[str, tuple[int, int]]) -> dict[str, Any]:
    """The figures, as plain JSON."""
    count = len(results)
    first = sum(r.picture.attempts == 1 and not wrong(r.picture) for r in results)
    after = sum(not wrong(r.picture) for r in results)
    reasons = collections.Counter(
        f"{f.params['code']}:{f.about}" for r in results for f in r.picture.findings if f.code == "pictures.retried"
    )
    left = collections.Counter(f"{f.code}:{f.about}" for r in results for f in wrong(r.picture))
    out = collections.Counter(f.about for r in results for f in r.picture.findings if f.code == "pictures.left_out")
    read: dict[str, dict[str, Any]] = {}
    for role in ("title", "subtitle", "button", "legal", "figure", "label"):
        rows = [row for r in results for row in r.read if row[0] == role]
        if rows:
            exact = sum(row[3] == 1.0 for row in rows)
            read[role] = {
                "lines": len(rows),
                "exact": round(exact / len(rows), 3),
                "mean": round(statistics.fmean(r[3] for r in rows), 3),
            }
    caught, made = (sum(pair[side] for pair in defects.values()) for side in (0, 1))
    return {
        "count": count,
        "first_time": round(first / count, 3),
        "after_repair": round(after / count, 3),
        "false_rejection_bound": round(1 - first / count, 3),
        "reasons": dict(reasons.most_common()),
        "left": dict(left),
        "left_out": dict(out),
        "ocr": read,
        "diversity": (spread := diversity(results)),
        "diversity_floors_met": all(spread[name] >= floor for name, floor in FLOORS.items()),
        "defects": {name: f"{got}/{n}" for name, (got, n) in defects.items()},
        "defects_caught": f"{caught}/{made}",
        "cpu_mean": round(statistics.fmean(r.cpu for r in results), 3),
        "cpu_median": round(statistics.median(r.cpu for r in results), 3),
        "bytes_max": max(len(r.picture.data) for r in results),
    }


def main() -> None:
    """Run the eval and write figures, pictures and contact sheets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--defects", type=int, default=10, help="seeded defects of each kind")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--ocr", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    cache = options.cache or options.out / "cache"
    todo = specs(options.count, options.seed)
    context = multiprocessing.get_context("spawn")
    with futures.ProcessPoolExecutor(options.processes, mp_context=context) as pool:
        jobs = [pool.submit(run, number, spec, str(cache), options.ocr) for number, spec in enumerate(todo)]
        results = [job.result() for job in jobs]
    for result in results:
        kind = result.picture.mime.removeprefix("image/")
        (options.out / f"{result.number:03d}_{result.spec.mood}_{result.spec.frame.id}.{kind}").write_bytes(
            result.picture.data
        )
    contact(results, options.out)
    figures = report(results, damage(results, cache, options.defects, options.seed))
    misread = [row for r in results for row in r.read if row[3] < 1.0]
    (options.out / "misread.json").write_text(json.dumps(misread, ensure_ascii=False, indent=1), "utf-8")
    text = json.dumps(figures, ensure_ascii=False, indent=2)
    (options.out / "figures.json").write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
