"""``linghang bench creative``: CPU-seconds and memory of finished pictures, warm and cold, beside a browser screenshot.

    python -m benchmarks.creative [--cache FOLDER] [--cold] [--browser]

CPU-seconds are of one process with one thread (``time.process_time``), file writing by WebP included, gates included,
OCR not. Aims: 1080×1920 warm ≤ 0.5, 750×320 ≤ 0.08, a text-only variant on a painted plate ≤ 0.15, 16 slots ≤ 5 s wall
on two cores, ≤ 400 MB a process. ``--browser`` screenshots a comparable layout in headless Chromium in the same run.
"""

import argparse
import dataclasses
import json
import multiprocessing
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent import futures
from pathlib import Path

import psutil

from linghang.creatives.pictures import Coupon, DesignSpec, Frame, Kit, Words, compose, frames
from linghang.creatives.pictures.painting.canvas import forget

WORDS = Words(
    title=("权益加磅", "省的不止一点点"),
    subtitle="每月18日 · 万元礼金限时开抢",
    button="立即领取",
    badge="理财季",
    coupons=(Coupon("18", "元", "支付立减券"), Coupon("8.8", "折", "黄金手续费"), Coupon("2", "%", "理财加息券")),
    legal="理财非存款,产品有风险,投资须谨慎。",
    brand="领航金融",
)
SPEC = DesignSpec("lively", "wealth", Frame("splash", 1080, 1920), WORDS, Kit("领航金融", "领"), seed=1)
PAGE = """<body style="margin:0;width:1080px;height:1920px;background:radial-gradient(circle at 50% 55%,#ffb45c,#e3241f 55%,#a80e14);
font-family:'Noto Sans CJK SC',sans-serif;color:#fff;text-align:center"><h1 style="font-size:200px;margin:160px 0 0;
-webkit-text-stroke:12px #8d0b10;paint-order:stroke;text-shadow:0 18px 24px #7008">权益加磅</h1><h2 style="font-size:150px;margin:0">
省的不止一点点</h2><p style="font-size:44px">每月18日 · 万元礼金限时开抢</p><div style="margin:700px 60px 0;display:flex;gap:24px">
<div style="flex:1;background:#fff;color:#c01;border-radius:24px;font-size:90px;box-shadow:0 12px 24px #0006">18</div>
<div style="flex:1;background:#fff;color:#c01;border-radius:24px;font-size:90px;box-shadow:0 12px 24px #0006">8.8</div></div>
<p style="font-size:22px">理财非存款,产品有风险,投资须谨慎。</p></body>"""


def cpu(work: Callable[[], object], times: int) -> float:
    """Median CPU-seconds of ``work``."""
    spent: list[float] = []
    for _ in range(times):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return round(statistics.median(spent), 3)


def warm(cache: Path) -> dict[str, float]:
    """Posters and banners whose elements are in the cache, plates painted anew each time."""
    found: dict[str, float] = {}
    for width, height in ((1080, 1920), (1080, 420), (750, 320), (600, 800)):
        spec = dataclasses.replace(SPEC, frame=Frame("x", width, height, transparent=(width, height) == (600, 800)))
        compose(spec, cache=cache)

        def once(spec: DesignSpec = spec) -> None:
            forget()
            compose(spec, cache=cache)

        found[f"{width}x{height}"] = cpu(once, 7)
    return found


def variant(cache: Path) -> float:
    """The same poster with other words of the same lengths: the plate is there, only letters are drawn."""
    titles = [("权益加倍", "省的就是这一点"), ("会员加码", "礼遇不止一点点"), ("理财加油", "收获不止一点点")]
    compose(SPEC, cache=cache)
    spent: list[float] = []
    for title in titles * 2:
        spec = dataclasses.replace(SPEC, words=dataclasses.replace(WORDS, title=title))
        spent.append(cpu(lambda spec=spec: compose(spec, cache=cache), 1))
    return round(statistics.median(spent), 3)


def job(frame: Frame, cache: str) -> float:
    """One slot of a set in a worker; returns its CPU-seconds."""
    start = time.process_time()
    compose(dataclasses.replace(SPEC, frame=frame), cache=Path(cache))
    return time.process_time() - start


def sixteen(cache: Path) -> dict[str, float]:
    """All slots of a campaign on two spawned workers that are already up: wall and CPU seconds."""
    context = multiprocessing.get_context("spawn")
    with futures.ProcessPoolExecutor(2, mp_context=context) as pool:
        list(pool.map(job, frames()[:2], [str(cache)] * 2))
        start = time.perf_counter()
        spent = list(pool.map(job, frames(), [str(cache)] * len(frames())))
        wall = time.perf_counter() - start
    return {"slots": len(spent), "wall": round(wall, 2), "cpu": round(sum(spent), 2)}


def cold() -> dict[str, float]:
    """A poster and a whole set into an empty cache: elements are rendered."""
    folder = Path(tempfile.mkdtemp())
    forget()
    try:
        start = time.process_time()
        compose(SPEC, cache=folder)
        poster = time.process_time() - start
        for frame in frames():
            forget()
            compose(dataclasses.replace(SPEC, frame=frame), cache=folder)
        return {"poster": round(poster, 2), "set": round(time.process_time() - start, 2)}
    finally:
        shutil.rmtree(folder)


def browser() -> dict[str, float]:
    """A screenshot of a comparable, simpler layout (no 3-D elements) in headless Chromium: wall, CPU, memory."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - a development tool

    with sync_playwright() as play:
        started = time.perf_counter()
        path = shutil.which("chromium") or shutil.which("chromium-headless-shell")
        chrome = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = chrome.new_page(viewport={"width": 1080, "height": 1920})
        launch = time.perf_counter() - started
        before = _spent()
        walls: list[float] = []
        for _ in range(5):
            start = time.perf_counter()
            page.set_content(PAGE)
            page.screenshot(type="jpeg", quality=88)
            walls.append(time.perf_counter() - start)
        spent = (_spent() - before) / 5
        memory = sum(p.memory_full_info().pss for p in psutil.Process().children(recursive=True)) / 2**20
        chrome.close()
    return {
        "launch": round(launch, 2),
        "wall": round(statistics.median(walls), 2),
        "cpu": round(spent, 2),
        "pss_mb": round(memory),
    }


def _spent() -> float:
    return sum(sum(p.cpu_times()[:2]) for p in psutil.Process().children(recursive=True))


def main() -> None:
    """Measure and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "linghang-bench-elements")
    parser.add_argument("--cold", action="store_true")
    parser.add_argument("--browser", action="store_true")
    options = parser.parse_args()
    figures: dict[str, object] = {"warm": warm(options.cache), "text_variant": variant(options.cache)}
    figures["set"] = sixteen(options.cache)
    figures["rss_mb"] = round(psutil.Process().memory_info().rss / 2**20)
    if options.cold:
        figures["cold"] = cold()
    if options.browser:
        figures["browser"] = browser()
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
