"""What stands below a sentence: blocks that are small enough to be kept, and no rewriting that says something else."""

import json

from linghang.agents.showing import MOST, show, useful
from linghang.agents.telling import below, tell

FINDINGS = [
    {"rule": "CN-AD-07", "severity": "S1", "span": [5, 8], "text": word, "law": "《广告法》", "article": "第25条",
     "message": f"「{word}」违反 CN-AD-07：不得保证", "fix": "删去"}
    for word in ("保收益", "稳赚不赔")
]  # fmt: skip
VERDICT = {"text": "本基金保本保收益，稳赚不赔", "verdict": "violating", "findings": FINDINGS, "missing_disclosures": [],
           "fixed_text": "业务介绍与服务时间，请见官方App。"}  # fmt: skip


def test_every_finding_is_told_and_shown() -> None:
    said = tell("compliance.verdict", VERDICT, "zh-CN")
    assert "保收益" in said
    assert "稳赚不赔" in said
    assert "第25条" in said
    (block,) = show("compliance.verdict", VERDICT)
    assert [item["text"] for item in block["items"]] == ["保收益", "稳赚不赔"]
    assert below("compliance.verdict", said) == said.split("\n")[1:]


def test_a_rewriting_that_says_something_else_is_not_offered() -> None:
    assert not useful("业务介绍与服务时间，请见官方App。", VERDICT["text"])
    assert "业务介绍" not in tell("compliance.verdict", VERDICT, "zh-CN")
    mended = {**VERDICT, "text": "限时抢购，手慢无，详情见App", "fixed_text": "限时抢购，详情见App"}
    assert useful(mended["fixed_text"], mended["text"])
    assert show("compliance.verdict", mended)[1]["text"] == "限时抢购，详情见App"


def test_long_lists_are_cut_and_counted() -> None:
    rows = [{"id": f"cmp_{n}", "name": f"活动{n}", "status": "draft"} for n in range(40)]
    (block,) = show("campaigns", rows)
    assert len(block["items"]) == MOST
    assert block["count"] == 40
    assert len(json.dumps(block, ensure_ascii=False)) < 2000


def test_nothing_made_shows_nothing() -> None:
    assert show("campaigns", []) == []
    assert show("audience.size", None) == []
    assert show("a.type.of.strangers", {"x": 1}) == []
