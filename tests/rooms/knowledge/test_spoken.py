"""Questions in spoken words are answered as their plain ones are; none that nobody can answer becomes known by it."""

import pytest

from linghang import knowledge, packs
from linghang.knowledge.grams import plainly

PACK = packs.load("demo")
SHELF = knowledge.library(PACK)


@pytest.mark.parametrize(
    ("spoken", "plain"),
    [("QFII 是个啥东西", "QFII 是什么"), ("净值型是啥意思啊", "净值型是什么意思"), ("七日年化跟年化有啥不一样", "七日年化跟年化有什么区别"),
     ("AUM到底指啥", "AUM是什么"), ("白条逾期会咋样", "白条逾期会怎么样"), ("什么是QFII", "什么是QFII")],
)  # fmt: skip
def test_spoken_words_have_a_plain_form(spoken: str, plain: str) -> None:
    assert plainly(spoken) == plain


@pytest.mark.parametrize(
    ("question", "known"),
    [
        ("QFII 是个啥东西", True),
        ("固收加是什么风险等级", True),
        ("量子纠缠是个啥东西", False),
        ("固收加的基金经理到底叫啥", False),
    ],
)
def test_what_is_asked_in_spoken_words_is_answered_or_not_known(question: str, known: bool) -> None:
    told = knowledge.ask(SHELF, PACK, question)
    assert (told.known, told.question) == (known, question)
