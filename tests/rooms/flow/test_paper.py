"""Paper: Chinese fonts inside the file, every word in it, marks, pictures on white, lines that begin well."""

import datetime as dt
import io

import pytest
from pdf_words import words_of
from PIL import Image
from pypdf import PdfReader

from linghang.flow import paper

AT = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)


def made(*items: paper.Item) -> PdfReader:
    data = paper.pdf("送审包：测试", "第 1 版", [paper.Part("部分", items)], foot="活动包 abc", at=AT)
    return PdfReader(io.BytesIO(data))


def words(reader: PdfReader) -> str:
    return "".join(words_of(page, reader) for page in reader.pages).replace("\n", "")


def test_fonts_are_embedded_and_every_page_names_the_package() -> None:
    reader = made(paper.Lines([f"第{n}行：理财非存款，产品有风险，投资须谨慎。" for n in range(120)]))
    assert len(reader.pages) > 1
    for page in reader.pages:
        assert "活动包 abc" in words_of(page, reader)
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            kinds = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert any(name in kinds for name in ("/FontFile2", "/FontFile3"))


def test_every_kind_of_item_says_its_words() -> None:
    told = words(
        made(
            paper.Facts([("预算", "¥500,000.00"), ("一个很长很长很长的问题，长得放不进一行里去？", "答复")]),
            paper.Grid(["分层", "人数"], [["年龄 <30岁", "1,234"]], (3, 1), (1,)),
            paper.Marked("主标题", "保本保收益的理财", [(0, 5)]),
            paper.Remark("阻断", "bad", "「保本」违反 CN-WM-01", "《办法》第25条", "合规：已要求修改"),
        )
    )
    for expected in ("¥500,000.00", "答复", "年龄 <30岁", "1,234", "保本保收益的理财", "《办法》第25条", "已要求修改"):
        assert expected in told


@pytest.mark.parametrize(
    "text", ["", "😀🎉 红包", "\x00\x1b[31m", "<script>alert(1)</script>", "x" * 5000, "理" * 5000]
)
def test_whatever_people_wrote_can_be_printed(text: str) -> None:
    reader = made(
        paper.Lines([text]),
        paper.Facts([(text[:80], text)]),
        paper.Marked(text[:20], text),
        paper.Remark("S1", "bad", text),
    )
    assert len(reader.pages) >= 1


def test_no_line_begins_with_a_mark() -> None:
    sentence = "净值或价格会波动，可能损失本金，也可能没有收益，请根据自身风险承受能力决定。"
    reader = made(*[paper.Lines(["一" * n + sentence]) for n in range(40)])
    lines = [line.strip() for page in reader.pages for line in words_of(page, reader).splitlines() if line.strip()]
    assert not [line for line in lines if line[0] in "，。、；：！？"]


def test_a_word_with_figures_is_not_torn_at_the_end_of_a_line() -> None:
    sentence = "1元起购，金额自己定，期限与费率看说明书。理财非存款，产品有风险，投资须谨慎。风险等级R1"
    reader = made(*[paper.Marked("正文", "一" * n + sentence, [(n, n + 2)]) for n in range(50)])
    lines = [line.strip() for page in reader.pages for line in words_of(page, reader).splitlines() if line.strip()]
    assert sum("R1" in line for line in lines) == 50
    assert not [line for line in lines if line[0] in "，。、；：！？"]


def test_transparent_corners_become_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")
    reader = made(paper.Pictures([("首页弹窗", out.getvalue())]))
    found = [image.image for page in reader.pages for image in page.images]
    assert [picture.convert("RGB").getpixel((5, 5)) for picture in found if picture is not None] == [(255, 255, 255)]


def test_the_same_parts_make_the_same_file() -> None:
    part = paper.Part("部分", [paper.Lines(["理财"])])
    one, two = (paper.pdf("题", "副题", [part], foot="f", at=AT) for _ in range(2))
    assert one == two
