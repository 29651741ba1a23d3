"""The navigator's reply as the sheet shows it: pure markup, everything said is escaped."""

from linghang.doors.studio.answers import progress, reply
from linghang.doors.studio.assuming import form, patch
from linghang.doors.studio.words import Words
from linghang.doors.studio.work import Work

T = Words("zh-CN")
STEP = {"skill": "audience.preview", "title": "预览人群", "makes": "audience.size", "state": "done", "millis": 12.0}


def test_a_reply_shows_its_sentence_plan_and_terms() -> None:
    shown = reply(T, {"state": "done", "text": "沉睡客户：215 人", "plan": {"text": "x", "steps": [STEP]},
                      "terms": [{"term": "AUM", "meaning": "金融资产总额", "trap": ""}]})  # fmt: skip
    assert "沉睡客户：215 人" in shown
    assert "预览人群" in shown
    assert "<b>AUM</b> 金融资产总额" in shown


def test_a_choice_says_the_same_sentence_with_the_chosen_aim() -> None:
    shown = reply(T, {"state": "asked", "text": "哪一个？", "said": "把预算改成80万",
                      "choices": [{"kind": "aim", "aim": "edit", "text": "修改当前活动"}]})  # fmt: skip
    assert "修改当前活动" in shown
    assert "把预算改成80万" in shown
    assert "&quot;aim&quot;: &quot;edit&quot;" in shown


def test_a_choice_of_products_is_short_and_says_the_whole_sentence() -> None:
    shown = reply(T, {"state": "asked", "text": "为哪个产品？", "said": "写三条推送",
                      "choices": [{"kind": "text", "text": "小金库", "says": "写三条推送，小金库"}]})  # fmt: skip
    assert ">小金库<" in shown
    assert "写三条推送，小金库" in shown
    assert "choices short" in shown


def test_a_choice_of_changes_is_numbered_and_carries_its_patch() -> None:
    step = {"op": "set", "path": "budget_cny", "value": 300000}
    shown = reply(T, {"state": "asked", "text": "哪一种？", "said": "改成30", "choices": [
        {"kind": "patch", "campaign": "cmp_1", "words": "改成30", "text": "预算 50万元 → 30万元", "patch": [step]},
        {"kind": "patch", "campaign": "cmp_1", "words": "改成30", "text": "优惠面额 10元 → 30元", "patch": []},
    ]})  # fmt: skip
    assert ">2</span>" in shown
    assert "预算 50万元 → 30万元" in shown
    for carried in ("budget_cny", "300000", "cmp_1", "改成30"):
        assert carried in shown


def test_a_stopped_turn_says_so_once() -> None:
    shown = reply(T, {"state": "cancelled", "text": "已停下，什么都没有做。", "choices": []})
    assert shown.count("已停下") == 1
    assert reply(T, {"state": "waiting", "text": "这一步要由人来点"}).count("等人来点") == 1


FOUND = {"rule": "CN-AD-07", "severity": "S1", "law": "《广告法》", "article": "第25条第1项", "fix": "删去这段文字",
         "message": "「保收益」违反 CN-AD-07：不得对收益作保证性承诺"}  # fmt: skip


def test_every_finding_is_shown_with_its_words_law_and_rule() -> None:
    items = [{**FOUND, "text": "保收益", "span": [5, 8]}, {**FOUND, "text": "稳赚不赔", "span": [9, 13]}]
    shown = reply(T, {"state": "done", "text": "有 2 处问题：\n- 第一处", "below": ["- 第一处"],
                      "shown": [{"kind": "findings", "text": "本基金保本保收益，稳赚不赔", "items": items, "count": 2}]})  # fmt: skip
    for word in ("保收益", "稳赚不赔"):
        assert f"<mark>{word}</mark>" in shown
        assert f'<q class="answer-word">{word}</q>' in shown
    assert "/approvals/rules?rule=CN-AD-07" in shown
    assert "第25条第1项" in shown
    assert "第一处" not in shown


def test_what_was_made_can_be_looked_at() -> None:
    shown = reply(
        T, {"state": "done", "text": "页面搭好了", "shown": [{"kind": "page", "file": "abc", "title": "双11"}]}
    )
    assert 'src="/files/abc"' in shown
    assert 'target="_blank"' in shown
    assert "/campaigns/cmp_1" in reply(T, {"state": "done", "text": "x", "shown": [
        {"kind": "rows", "items": [{"title": "秋季", "go": {"room": "campaign", "id": "cmp_1"}}], "count": 1}]})  # fmt: skip


def test_an_assumption_without_a_campaign_says_the_sentence_again() -> None:
    shown = reply(T, {"state": "done", "text": "好了", "said": "写三条小金库的推送", "makes": "copy.texts",
                      "chips": [{"key": "tone", "value": "calm", "text": "没有说语气，按产品"}]})  # fmt: skip
    assert "写三条小金库的推送" in shown
    assert "语气：" in shown


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
    assert "data-close" in shown
    assert 'data-act="talk.assumed"' in form(T, {"key": "tone", "value": "calm"}, lambda _k, v: str(v), "talk.assumed")
    assert patch({"key": "holdout", "value": "15", "old": 10}) == {"op": "set", "path": "holdout_pct", "value": 15}
    assert patch({"key": "channels", "value": ["sms"], "old": ["push"]})["value"] == ["sms"]


def test_what_is_under_way_shows_its_steps_and_what_a_model_writes() -> None:
    work = Work("w", "agents.say", "operator")
    assert "正在理解" in progress(T, work)
    work.lines += [
        {"note": "agents.step_begun", "params": {"id": "s1", "skill": "写文案"}},
        {"note": "agents.model_writes", "params": {"text": "今晚八点"}},
    ]
    shown = progress(T, work)
    assert "写文案" in shown
    assert "今晚八点" in shown
    work.queued = True
    work.lines.clear()
    assert "排在上一句后面" in progress(T, work)


def test_a_question_or_a_refusal_tells_no_steps() -> None:
    told = {"text": "为哪个产品？", "steps": [{"title": "写文案", "state": "failed", "millis": 4}], "plan_id": "pln_1"}
    assert "写文案" not in reply(T, {**told, "state": "asked"})
    assert "写文案" in reply(T, {**told, "state": "done"})
