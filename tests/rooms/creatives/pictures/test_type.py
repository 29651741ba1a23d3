"""Lines break where Chinese allows, fit their width, and never show a box for a missing character."""

from hypothesis import given
from hypothesis import strategies as st

from linghang.creatives.pictures.fonts.registry import chain
from linghang.creatives.pictures.type.setting import path_of, set_line, wrap
from linghang.creatives.pictures.words import prepare

from .conftest import WORDS

FACES = chain(("sans-medium",))
texts = st.text(st.sampled_from("理财非存款产品有风险投资须谨慎,。;:!?()《》“”%18 ABCR2"), min_size=1, max_size=80)


@given(texts, st.floats(120, 600))
def test_lines_keep_all_characters_and_start_with_none_that_may_not(text: str, width: float) -> None:
    lines = [line.text for line in wrap(text, FACES, 20, width)]
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert not any(line[0] in ",。;:!?)》”%" for line in lines[1:] if line)


@given(st.floats(100, 500))
def test_lines_are_no_wider_than_asked(width: float) -> None:
    text = "基金有风险,投资须谨慎。过往业绩不预示未来表现,请阅读基金合同、招募说明书等法律文件。"
    assert all(line.width <= width + 20.5 for line in wrap(text, FACES, 20, width))


def test_words_and_numbers_are_not_broken() -> None:
    lines = [line.text for line in wrap("Past performance 2025.11.01—11.18 is no guarantee", FACES, 20, 150)]
    assert "performance" in " ".join(lines)
    assert any("2025.11.01" in line for line in lines)


def test_ink_boxes_are_where_the_outlines_are() -> None:
    line = set_line("一理", FACES, 100)
    bounds = path_of(line).computeTightBounds()
    assert abs(bounds.left() - line.ink.left) < 0.5
    assert abs(bounds.bottom() - line.ink.bottom) < 0.5


def test_a_counter_stays_open() -> None:
    """Simplified outlines are even-odd; re-added without rewinding, 享 loses its holes."""
    path = path_of(set_line("口", FACES, 100))
    bounds = path.computeTightBounds()
    assert not path.contains(bounds.centerX(), bounds.centerY())


def test_a_rare_character_falls_back_and_traditional_ones_are_set() -> None:
    line = set_line("臺灣證券龘", chain(("huangyou",)), 40)
    assert line.missing == ""
    assert all(line.faces)


def test_emoji_and_invisible_signs_are_taken_out_and_told() -> None:
    import dataclasses  # noqa: PLC0415

    words, findings = prepare(dataclasses.replace(WORDS, subtitle="红包🧧来\u200b了\ue123"))
    assert words.subtitle == "红包来了"
    assert [finding.code for finding in findings] == ["pictures.glyph_dropped"]
    assert findings[0].params["chars"] == "🧧\ue123"
    assert findings[0].fix is not None
    assert findings[0].fix.text == "红包来了"
