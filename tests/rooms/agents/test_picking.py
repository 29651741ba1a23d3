"""What was offered is chosen by a number, by words for it, or by saying what only it has; nothing else chooses."""

import pytest

from linghang.agents import store, turns
from linghang.agents.model import Json
from linghang.agents.picking import picked
from linghang.kit.context import Context

PATCHES: list[Json] = [
    {"kind": "patch", "campaign": "cmp_1", "words": "改成30", "text": text,
     "patch": [{"op": "set", "path": path, "value": 30}]}
    for text, path in (("预算 50万元 → 30万元", "budget_cny"), ("优惠面额 10元 → 30元", "offer.face_value_cny"),
                       ("使用门槛 100元 → 30元", "offer.threshold_cny"))
]  # fmt: skip
AIMS: list[Json] = [{"kind": "aim", "aim": "copy", "text": "写文案"}, {"kind": "aim", "aim": "count", "text": "数一下"}]


def offered(ctx: Context, choices: list[Json], text: str = "改成30", **more: Json) -> None:
    store.open_conversation(ctx.db, ctx.institution_id, "con_1", actor=ctx.actor.name, title=text, at=ctx.now)
    n = turns.begun(ctx, "con_1", text)
    turns.ended(ctx, "con_1", n, text, {"state": "asked", "text": "?", "choices": choices, **more})


@pytest.mark.parametrize(
    ("said", "place"),
    [("2", 1), ("第二个", 1), ("第2个吧", 1), ("要第三个", 2), ("就第一种", 0), ("②", 1), ("选3", 2), ("#1", 0), ("最后一个", 2),
     ("中间那个", 1), ("the second", 1), ("The 2nd one please", 1), ("option 3", 2), ("the last one", 2),
     ("面额那个", 1), ("门槛", 2), ("预算 50万元 → 30万元", 0), ("好的，第二个。", 1), ("二号", 1)],
)  # fmt: skip
def test_a_number_or_words_choose_one(ctx: Context, said: str, place: int) -> None:
    offered(ctx, PATCHES)
    choice = picked(ctx, "con_1", said)
    assert choice is not None
    assert (choice.patch, choice.campaign, choice.words) == (tuple(PATCHES[place]["patch"]), "cmp_1", "改成30")


@pytest.mark.parametrize(
    "said",
    [
        "30",
        "预算减半",
        "预算改成20万",
        "元",
        "再多两天",
        "第二个活动的预算",
        "两个都要改成短信",
        "second thoughts on the copy",
    ],
)
def test_what_says_something_else_chooses_nothing(ctx: Context, said: str) -> None:
    offered(ctx, PATCHES)
    assert picked(ctx, "con_1", said) is None


def test_a_chosen_aim_answers_the_sentence_that_was_asked_about(ctx: Context) -> None:
    offered(ctx, AIMS, "小金库")
    choice = picked(ctx, "con_1", "第二个")
    assert choice is not None
    assert (choice.text, choice.aim) == ("小金库", "count")
    offered(ctx, AIMS, "第二个", about="小金库")
    assert (again := picked(ctx, "con_1", "1")) is not None
    assert again.text == "小金库"


def test_a_number_beyond_the_choices_is_told_and_none_of_them_too(ctx: Context) -> None:
    offered(ctx, PATCHES)
    assert (beyond := picked(ctx, "con_1", "第九个")) is not None
    assert beyond.most == 3
    assert (none := picked(ctx, "con_1", "都不是")) is not None
    assert none.none


def test_without_choices_nothing_is_chosen(ctx: Context) -> None:
    offered(ctx, [])
    assert picked(ctx, "con_1", "2") is None
    assert picked(ctx, "con_none", "2") is None
