import datetime as dt
import re
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticKnownError

from linghang.base.messages import catalogue, render
from linghang.kit import invalid


class Wanted(BaseModel):
    model_config = ConfigDict(extra="forbid")
    days: Annotated[int, Field(ge=1, le=90)] = 7
    mood: Literal["lively", "steady"] = "lively"
    start: dt.date = dt.date(2026, 12, 1)
    name: Annotated[str, Field(min_length=2, max_length=4)] = "ab"
    rows: list[int] = []
    options: dict[str, int] = {}
    on: bool = False
    share: float = 0.5


@pytest.mark.parametrize(
    ("given", "kind", "limit"),
    [
        ({"days": "many"}, "whole", ""),
        ({"days": 0}, "low", "1"),
        ({"days": 91}, "high", "90"),
        ({"mood": "wild"}, "choice", "lively, steady"),
        ({"start": "tomorrow"}, "day", ""),
        ({"name": "a"}, "short", "2"),
        ({"name": "abcde"}, "long", "4"),
        ({"name": 3}, "text", ""),
        ({"rows": 3}, "list", ""),
        ({"options": 3}, "object", ""),
        ({"on": "perhaps"}, "yes_or_no", ""),
        ({"share": "half"}, "number", ""),
        ({"colour": "red"}, "unknown", ""),
    ],
)
def test_what_is_wrong_is_told_in_both_languages_without_the_value(
    given: dict[str, object], kind: str, limit: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        Wanted.model_validate(given)
    (finding,) = invalid.findings_of(refused.value.errors(), "skill.x")
    assert (finding.code, finding.params["limit"]) == (f"invalid.{kind}", limit)
    chinese = render(finding.code, finding.params, "zh-CN")
    said = (
        chinese.replace(str(finding.params["argument"]), "").replace(limit, "").replace("true", "").replace("false", "")
    )
    assert not re.search("[A-Za-z]{2}", said)
    assert re.search("[\u4e00-\u9fff]", said)
    assert (
        str(next(iter(given.values()))) not in render(finding.code, finding.params, "en").split() or kind == "unknown"
    )


def test_every_kind_has_its_sentence_and_every_type_is_one_of_the_validators() -> None:
    for kind, types in invalid._KINDS.items():
        assert f"invalid.{kind}" in catalogue()
        for name in types:
            try:
                PydanticKnownError(name)  # type: ignore[arg-type]
            except KeyError as error:
                pytest.fail(f"{name}: {error}")
            except TypeError:
                pass  # The type exists and wants its context.


def test_a_check_of_our_own_keeps_its_words() -> None:
    problem = {
        "type": "value_error",
        "loc": ("rule",),
        "msg": "Value error, x",
        "ctx": {"error": ValueError("没有字段")},
    }
    (finding,) = invalid.findings_of([problem], "skill.x")
    assert finding.params == {"argument": "rule", "problem": "没有字段"}
