"""The navigator's reply as the sheet shows it: pure markup, everything said is escaped."""

from linghang.doors.studio.assuming import form, patch
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


def test_an_assumption_is_changed_by_a_click_where_there_is_a_campaign() -> None:
    told = {"state": "done", "text": "草稿好了", "campaign": "cmp_1", "makes": "campaign.document",
            "chips": [{"key": "holdout", "value": 10, "text": "对照组按 10% 留"}]}  # fmt: skip
    shown = reply(T, told)
    assert 'data-act="talk.assume"' in shown
    assert "&quot;holdout&quot;" in shown
    assert "talk.assume" not in reply(T, {**told, "campaign": ""})


def test_a_change_can_be_taken_back_where_it_was_said() -> None:
    told = {"state": "done", "text": "改好了", "campaign": "cmp_1", "makes": "campaign.changed"}
    assert 'data-act="talk.undo"' in reply(T, told)
    assert "talk.undo" not in reply(T, {**told, "makes": "campaign.document"})


def test_the_form_of_an_assumption_gives_its_patch() -> None:
    shown = form(
        T, {"key": "holdout", "value": 10, "label": "对照组", "campaign": "cmp_1"}, lambda _key, value: str(value)
    )
    assert 'data-act="assumed"' in shown
    assert 'data-act="unassumed"' in shown
    assert patch({"key": "holdout", "value": "15", "old": 10}) == {"op": "set", "path": "holdout_pct", "value": 15}
    assert patch({"key": "channels", "value": ["sms"], "old": ["push"]})["value"] == ["sms"]
