"""The navigator's reply as the sheet shows it: pure markup, everything said is escaped."""

from linghang.doors.studio.talk import reply
from linghang.doors.studio.words import Words

T = Words("zh-CN")
STEP = {"skill": "audience.preview", "title": "预览人群", "makes": "audience.size", "state": "done", "millis": 12.0}


def test_a_reply_shows_its_sentence_plan_and_terms() -> None:
    shown = reply(T, {"state": "done", "text": "沉睡客户：215 人", "plan": {"text": "x", "steps": [STEP]},
                      "terms": [{"term": "AUM", "meaning": "金融资产总额", "trap": ""}]})  # fmt: skip
    assert "沉睡客户：215 人" in shown
    assert "预览人群" in shown
    assert "AUM：金融资产总额" in shown


def test_a_choice_says_the_same_sentence_with_the_chosen_aim() -> None:
    shown = reply(T, {"state": "asked", "text": "哪一个？", "said": "把预算改成80万",
                      "choices": [{"kind": "aim", "aim": "edit", "text": "修改当前活动"}]})  # fmt: skip
    assert "修改当前活动" in shown
    assert "把预算改成80万" in shown
    assert "&quot;aim&quot;: &quot;edit&quot;" in shown
    assert "请选一个" in shown


def test_what_anybody_said_is_no_markup() -> None:
    assert "<script>" not in reply(T, {"state": "done", "text": "<script>alert(1)</script>"})


def test_what_waits_says_so_and_leads_to_its_campaign() -> None:
    shown = reply(T, {"state": "waiting", "text": "要由人来点", "campaign": "cmp_1", "makes": "campaign.launched"})
    assert "等人来点" in shown
    assert "/campaigns/cmp_1" in shown
