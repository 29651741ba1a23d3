"""A page or a picture as it is seen: sizes, contrast, what cannot be closed, and where each finding stands."""

import datetime as dt
from pathlib import Path

import pytest

from linghang import compliance
from linghang.adapters.chromium import browser_from_environment
from linghang.ports.browser import Popup, Screen, ShownText
from linghang.testing.browser import FakeBrowser

TODAY = dt.date(2026, 11, 23)
BODY = "每月100元起，可随时暂停，适合有耐心的人慢慢来。"
RISK = "基金有风险，投资需谨慎。"


def sight(
    *texts: tuple[str, float, float | None], product: str = "fund", popups: tuple[Popup, ...] = (), **context: object
) -> compliance.Sight:
    shown = tuple(
        ShownText(said, (0, 50.0 * n, 300, px), px, contrast, n) for n, (said, px, contrast) in enumerate(texts)
    )
    rules = compliance.load_rules("CN", TODAY)
    material = compliance.Material("", product, "landing")
    return compliance.check_shown(
        Screen(shown, popups),
        material,
        rules=rules,
        context=context,
        today=TODAY,  # type: ignore[arg-type]
    )


def broken(seen: compliance.Sight) -> set[str]:
    return {hit.rule.id for hit in seen.check.hits}


def test_a_page_in_order_breaks_nothing() -> None:
    seen = sight((BODY, 16, 18.0), (RISK, 16, 18.0), popups=(Popup((0, 0, 300, 400), (270, 10, 24, 24)),))
    assert seen.check.verdict == "compliant"


def test_risk_text_smaller_than_the_body_is_found() -> None:
    assert "CN-FM-18" in broken(sight((BODY, 16, 18.0), (RISK, 9, 18.0)))


def test_risk_text_that_is_hardly_seen_is_found_where_it_stands() -> None:
    seen = sight((BODY, 16, 18.0), (RISK, 16, 1.4))
    place = next(n for n, hit in enumerate(seen.check.hits) if hit.code == "compliance.faint")
    assert seen.boxes[place] == ((0, 50.0, 300, 16),)


@pytest.mark.parametrize(("daily", "annual", "found"), [(40, 10, True), (14, 14, False), (12, 20, False)])
def test_a_daily_rate_larger_than_the_annual_one_is_found(daily: float, annual: float, found: bool) -> None:
    seen = sight(
        ("每天仅0.3元", daily, 18.0), ("年化利率（单利）10.95%，由××银行提供资金。", annual, 18.0), product="credit"
    )
    assert ("CN-LN-02" in broken(seen)) is found


@pytest.mark.parametrize(
    ("close", "code"), [(None, "compliance.no_close"), ((280.0, 10.0, 6.0, 6.0), "compliance.small_close")]
)
def test_a_popup_must_close(close: tuple[float, float, float, float] | None, code: str) -> None:
    seen = sight((BODY + RISK, 16, 18.0), popups=(Popup((0, 0, 300, 400), close),))
    place = next(n for n, hit in enumerate(seen.check.hits) if hit.code == code)
    assert seen.check.verdict == "violating"
    assert seen.boxes[place]


def test_the_words_of_a_finding_may_stand_in_several_boxes() -> None:
    texts = (ShownText("稳赚", (0, 0, 40, 20), 20, 18.0, 0), ShownText("不赔", (40, 0, 40, 20), 20, 18.0, 0))
    rules = compliance.load_rules("CN", TODAY)
    seen = compliance.check_shown(
        Screen(texts), compliance.Material("", "fund", "poster"), rules=rules, today=TODAY, reader="off"
    )
    place = next(n for n, hit in enumerate(seen.check.hits) if hit.rule.topic == "GUAR")
    assert seen.boxes[place] == ((0, 0, 40, 20), (40, 0, 40, 20))


def test_what_a_machine_made_must_say_so() -> None:
    assert "CN-AD-17" in broken(sight((BODY + RISK, 16, 18.0), ai_generated=True))
    assert "CN-AD-17" not in broken(sight((BODY + RISK, 16, 18.0), ("本图由AI生成", 16, 18.0), ai_generated=True))


FOUND = browser_from_environment({})
PAGE = """<!doctype html><meta charset=utf-8><meta name=viewport content="width=device-width">
<body style="margin:0;font:16px sans-serif"><p>每月100元起</p><p style="display:none">保本</p>
<p style="font-size:9px;color:#eee">基金有风险，投资需谨慎。</p>
<div style="position:fixed;inset:10%;background:#fff">领券{close}</div></body>"""


@pytest.mark.browser
@pytest.mark.skipif(FOUND is None, reason="no Chromium here")
def test_chromium_tells_sizes_contrast_and_what_closes(tmp_path: Path) -> None:
    assert FOUND is not None
    screen = FOUND.look(PAGE.format(close="").encode(), width=390)
    said = {one.text: one for one in screen.texts}
    assert "保本" not in said
    risk = said["基金有风险，投资需谨慎。"]
    assert risk.px == 9
    assert risk.contrast is not None
    assert risk.contrast < 1.5
    assert [popup.close for popup in screen.popups] == [None]
    closed = FOUND.look(PAGE.format(close="<button aria-label=关闭>×</button>").encode(), width=390)
    assert closed.popups[0].close is not None


def test_the_fake_browser_shows_the_lines_of_the_source() -> None:
    assert [one.text for one in FakeBrowser().look(b"<p>one</p>\n\n<b>two</b>", width=390).texts] == ["one", "two"]
