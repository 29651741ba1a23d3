"""Contact sheets hold every combination that may run, at true proportion, and say what is out."""

import io

import pytest
from PIL import Image

from linghang.creatives.sheets import WIDTH, Cell, Group, contact_sheet


def picture(width: int, height: int, colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def opened(*groups: Group) -> Image.Image:
    return Image.open(io.BytesIO(contact_sheet("双12理财", "12 个组合", groups))).convert("RGB")


def test_a_sheet_grows_with_its_cells_and_shows_each_picture_whole() -> None:
    one = opened(Group("首页头图", (Cell("第1层·首页头图·a", (), picture(1080, 420, "#d7000f")),)))
    many = opened(Group("首页头图", tuple(Cell(f"第{n}层", (), picture(600, 800, "#0b2a5b")) for n in range(9))))
    assert one.width == many.width == WIDTH
    assert many.height > 2.5 * one.height
    red = [(x, y) for x in range(0, WIDTH, 4) for y in range(0, one.height, 4) if one.getpixel((x, y)) == (215, 0, 15)]
    wide = max(x for x, _ in red) - min(x for x, _ in red)
    high = max(y for _, y in red) - min(y for _, y in red)
    assert wide / high == pytest.approx(1080 / 420, rel=0.08)


def test_messages_and_reasons_are_written_in_full() -> None:
    long = "【领航银行】" + "满100元可用，领后14天内有效。" * 6
    plain = opened(Group("短信", (Cell("第1层·短信·a", ("短",)),)))
    said = opened(Group("短信", (Cell("第1层·短信·a", (long,), excluded=("文案提到权益，但这个组合不发权益。",)),)))
    assert said.height > plain.height + 100
    assert any(said.getpixel((x, y)) == (179, 38, 30) for x in range(48, 404) for y in range(150, said.height))


def test_an_empty_layer_is_a_sheet_with_its_title_only() -> None:
    assert opened().height < 250
