"""What was not understood is told, and what was is not."""

import datetime as dt

import pytest

from linghang import packs, reading

TODAY = dt.date(2026, 11, 23)
PACK = packs.load("demo")
CONDITIONS = ("近30天没登录", "30到50岁", "AUM5万以上", "买过基金", "一线城市")
STRANGE = ("养狗", "星座是白羊座", "喜欢跑步", "住在学校附近")


def aside(text: str) -> tuple[str, ...]:
    return reading.left_aside(text, today=TODAY, pack=PACK)


@pytest.mark.parametrize("strange", STRANGE)
@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("shape", ["{0}、{1}的客户", "{1}，{0}的客户", "{0}且{1}，有多少人？"])
def test_a_condition_that_nobody_understands_is_told(shape: str, condition: str, strange: str) -> None:
    (told,) = aside(shape.format(condition, strange))
    assert strange in told


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize(
    "shape", ["{0}的客户", "帮我圈一下{0}的人群，谢谢", "{0}，一共有多少？", "各位好，麻烦看看{0}的用户有几个"]
)
def test_what_was_read_and_what_is_mere_manners_is_not(shape: str, condition: str) -> None:
    assert aside(shape.format(condition)) == ()


def test_a_brief_tells_what_it_did_not_use() -> None:
    text = "给近30天浏览过理财但没买过的客户发8元红包，预算1万，顺便办个棋局，push，下周一开始两周"
    told = reading.read(text, today=TODAY, pack=PACK)
    left = reading.unread(text, [span for places in told.spans.values() for span in places])
    assert [text[start:end] for start, end in left] == ["顺便办个棋局"]
    assert reading.unread("", []) == ()
    assert reading.unread("，。！", []) == ()
