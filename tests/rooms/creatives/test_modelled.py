"""Copy of connected models: what is true and fits is taken, everything else is dropped with a reason, none gets through."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic_ai.messages import ModelResponse, TextPart
from pydantic_ai.models.function import FunctionModel
from pydantic_ai.models.test import TestModel

from linghang.adapters.openai_model import OpenaiModel
from linghang.campaigns.sections import Goal
from linghang.creatives.copy import writer_of
from linghang.creatives.limits import place_of_channel
from linghang.creatives.modelled import Proposed, as_phrases, propose
from linghang.creatives.numbers import strange_numbers
from linghang.creatives.variety import messages
from linghang.creatives.writer import Writer
from linghang.flow import review
from linghang.kit.context import Context
from linghang.packs.model import Benefit
from linghang.ports.llm import LanguageModel
from linghang.testing.contexts import context
from linghang.testing.models import GARBAGE, FakeModel

from .test_copy_bank import DEMO, goal_of

PLACE = place_of_channel(next(item for item in DEMO.channels if item.id == "push"), "zh")
BENEFIT: Benefit = next(item for item in DEMO.benefits if item.id == "fund_fee_1")
GOOD = [
    {"title": "闲钱慢慢打理，申购费1折", "body": "活动至12月8日，10元起购，先看风险等级再决定。", "angle": "benefit"},
    {"title": "周末读一读基金介绍", "body": "固收+申购费1折，请先完成风险测评。", "angle": "scene"},
]
BAD = {
    "number": {"title": "申购费1折，还送88元", "body": "活动期内可参加，详情见页面。"},
    "spelt number": {"title": "申购费1折，再送三十元", "body": "活动期内可参加，详情见页面。"},
    "returns": {"title": "申购费1折，稳赚不赔", "body": "固收+收益稳稳到手，闭眼买也不会亏。"},
    "promise": {"title": "固收+申购费1折", "body": "买了就有高收益，本金绝对安全，放心大胆买。"},
    "rank": {"title": "全网最好的基金", "body": "固收+申购费1折，第一品牌值得信赖。"},
    "other": {"title": "固收+申购费1折", "body": "搭配百万医疗险一起买更划算。"},
    "other benefit": {"title": "固收+申购费1折", "body": "再领10元话费券。"},
    "link": {"title": "固收+申购费1折", "body": "点 http://x.cn 领取。"},
    "field": {"title": "固收+申购费{discount}", "body": "活动进行中，详情见页面。"},
    "long": {"title": "固收+申购费1折" * 4, "body": "活动进行中，详情见页面。"},
    "silent": {"title": "周末读书", "body": "喝杯茶，看看书，慢慢来。"},
    "english": {"title": "Fund fees off", "body": "Only now."},
}  # fmt: skip


def asked(tmp_path: Path, model: LanguageModel, count: int = 12) -> tuple[Goal, Writer, Proposed]:
    goal = goal_of("fixed_income_plus")
    ctx: Context = context(tmp_path)
    writer = writer_of(goal, DEMO, review.checker(goal, DEMO), 7)
    return goal, writer, propose(ctx, model, writer, PLACE, BENEFIT, count)


def answering(texts: list[dict[str, str]]) -> OpenaiModel:
    """A model of the agent library that answers these texts."""
    answer = json.dumps({"texts": texts}, ensure_ascii=False)
    return OpenaiModel(FunctionModel(lambda _messages, _info: ModelResponse([TextPart(answer)])), name="fn")


def without_schemas(model: TestModel) -> OpenaiModel:
    made = OpenaiModel(model, name="test")
    made.knows_schemas = False
    return made


def test_good_texts_are_taken_with_their_disclosure(tmp_path: Path) -> None:
    _, _, told = asked(tmp_path, answering(GOOD))
    assert told.refused == ()
    assert [one.roles["title"] for one in told.messages] == [one["title"] for one in GOOD]
    assert all("基金有风险" in one.roles["body"] and len(one.roles["body"]) <= 50 for one in told.messages)


@pytest.mark.parametrize("kind", BAD)
def test_nothing_of_a_bad_text_gets_through(kind: str, tmp_path: Path) -> None:
    _, _, told = asked(tmp_path, answering([BAD[kind], *GOOD]))
    said = " ".join(one.text for one in told.messages)
    assert BAD[kind]["body"] not in said
    assert len(told.messages) == len(GOOD)
    assert len(told.refused) == 1


def test_a_thoroughly_bad_model_adds_nothing_and_the_bank_writes(tmp_path: Path) -> None:
    goal, writer, told = asked(tmp_path, answering(list(BAD.values())))
    assert told.messages == ()
    assert len(told.refused) == len(BAD)
    own = messages(goal, DEMO, PLACE, BENEFIT, 10, checker=writer.checker, before=told.messages)
    assert len(own) == 10


@pytest.mark.parametrize("answer", GARBAGE)
def test_garbage_is_a_named_failure(answer: str, tmp_path: Path) -> None:
    _, _, told = asked(tmp_path, FakeModel([answer]))
    assert told.messages == ()
    assert told.error


@pytest.mark.parametrize(
    "model",
    [lambda: without_schemas(TestModel(custom_output_text="你好")), lambda: FakeModel(["{}"], seconds=60)],
    ids=["library's test model", "too slow"],
)
def test_test_models_and_slow_ones_leave_the_bank_alone(model: Callable[[], LanguageModel], tmp_path: Path) -> None:
    _, _, told = asked(tmp_path, model())
    assert told.messages == ()


def test_taken_texts_serve_other_layers_by_fields(tmp_path: Path) -> None:
    goal, _, told = asked(tmp_path, answering(GOOD))
    phrases = as_phrases(told.messages, PLACE, goal.lang, told.facts)
    assert {phrase.role for phrase in phrases} == {"push_title", "push_body"}
    assert phrases[0].text == "闲钱慢慢打理，申购费{discount}"
    assert "discount" in phrases[0].needs
    assert not [phrase for phrase in phrases if strange_numbers(re.sub("{.*?}", "", phrase.text), {})]
