"""``linghang check --picture`` on pictures that somebody else made: read by OCR, judged with place, size and contrast."""

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from linghang.creatives.pictures.gates import eyes
from linghang.doors.cli import run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not eyes.installed(), reason="no OCR here: the extra `ocr` of the lock brings it"),
]
FONT = str(files("mpl_font") / "fonts" / "noto" / "NotoSansCJKsc-Bold.otf")
RISK = "基金有风险，投资须谨慎"


def poster(path: Path, *lines: tuple[str, int, int, str]) -> Path:
    """A foreign poster: (words, top, px, colour) on dark blue."""
    picture = Image.new("RGB", (1080, 720), "#0d2a55")
    pen = ImageDraw.Draw(picture)
    for words, top, px, colour in lines:
        pen.text((60, top), words, font=ImageFont.truetype(FONT, px), fill=colour)
    picture.save(path)
    return path


@pytest.fixture
def checked(capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """``linghang check --json`` in this process: its exit code and what it printed."""

    def told(*words: str) -> Any:
        code = run(["check", "--json", *words, "--today", "2026-11-23"])
        out, err = capsys.readouterr()
        return code, json.loads(out or err)

    return told


def test_a_forbidden_promise_of_a_poster_is_found_where_it_stands(checked: Callable[..., Any], tmp_path: Path) -> None:
    path = poster(
        tmp_path / "bad.png",
        ("稳赚不赔 闭眼入", 120, 96, "#ffffff"),
        ("每月100元起", 320, 56, "#ffffff"),
        (RISK, 620, 20, "#26436e"),
    )
    code, told = checked("--product", "fund", "--channel", "poster", "--picture", str(path))
    assert (code, told["read_by"], told["verdict"]) == (0, "ocr", "violating")
    (promise, *_) = [one for one in told["findings"] if one["topic"] == "GUAR"]
    assert promise["severity"] == "S1"
    left, top, wide, high = promise["boxes"][0]
    assert 40 <= left <= 90
    assert 100 <= top <= 160
    assert wide > 300
    assert 60 <= high <= 150


def test_risk_text_that_is_small_or_faint_is_found_and_a_good_poster_passes(
    checked: Callable[..., Any], tmp_path: Path
) -> None:
    words = ("每月100元起，长期陪伴", 160, 56, "#ffffff")
    small = poster(tmp_path / "small.png", words, (RISK, 600, 22, "#ffffff"))
    faint = poster(tmp_path / "faint.png", words, (RISK, 560, 56, "#1d3f76"))
    good = poster(tmp_path / "good.png", words, (RISK, 560, 56, "#ffffff"))
    found = {
        path.stem: {
            one["rule"]
            for one in checked("--product", "fund", "--channel", "poster", "--picture", str(path))[1]["findings"]
        }
        for path in (small, faint, good)
    }
    assert "CN-FM-18" in found["small"]
    assert found["faint"], "what cannot be read is missing, or told as faint"
    assert "CN-FM-18" not in found["good"]


@pytest.mark.parametrize("name", ["none.png", "text.png"])
def test_what_is_no_picture_is_told(checked: Callable[..., Any], tmp_path: Path, name: str) -> None:
    (tmp_path / "text.png").write_text("not a picture")
    code, told = checked("--picture", str(tmp_path / name))
    assert code == 2
    assert told["error"]["code"] in ("cli.no_file", "library.not_a_picture"), told
