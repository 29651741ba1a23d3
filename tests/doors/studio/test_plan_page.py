"""A plan's page as markup: how each step went, and what can be done with the whole as it stands."""

from typing import Any

import pytest

from linghang.doors.studio.rooms.plans import steps_of
from linghang.doors.studio.words import Words

T = Words("zh-CN")
SKILLS: dict[str, Any] = {
    "audience.preview": {"title": "预览人群", "effect": "read", "data": "aggregate", "makes": "audience.size"},
    "campaign.new": {"title": "新建活动", "effect": "draft", "data": "aggregate", "makes": "campaign.document"},
}


def _plan(state: str, **went: Any) -> dict[str, Any]:
    steps = [
        {"id": "s1", "skill": "audience.preview", "makes": "audience.size", "arguments": {"text": "黄金拉新"}},
        {"id": "s2", "skill": "campaign.new", "makes": "campaign.document", "arguments": {}},
    ]
    return {"text": "黄金拉新", "state": state, "makes": "campaign.document", "steps": steps, "waves": [["s1"], ["s2"]],
            "went": went}  # fmt: skip


@pytest.mark.parametrize(
    ("state", "does", "says"),
    [
        ("proposed", "run", "运行计划"), ("running", "halt", "停止"), ("cancelled", "run", "继续运行"),
        ("failed", "run", "继续运行"), ("done", "run", "看结果"),
    ],
)  # fmt: skip
def test_a_plan_is_run_stopped_gone_on_with_and_looked_at(state: str, does: str, says: str) -> None:
    shown = str(steps_of(T, _plan(state), SKILLS))
    assert f'data-act="{does}"' in shown
    assert says in shown


def test_steps_that_have_run_say_how_they_went_and_the_others_nothing() -> None:
    shown = str(steps_of(T, _plan("cancelled", s1={"state": "done", "millis": 58.0}), SKILLS))
    assert shown.count("做完了") == 1
    assert "58 ms" in shown
    assert "已停下" in shown


def test_english_pages_say_it_in_english() -> None:
    shown = str(steps_of(Words("en"), _plan("failed", s1={"state": "failed", "millis": 0}), SKILLS))
    assert "Go on" in shown
    assert "Not done" in shown
