"""What another system's skill needs is filled from words that support it and asked for field by field; nothing is made
up, and whoever wants something else is not held."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from linghang import packs
from linghang.access.rights import ROLES
from linghang.agents import foreign
from linghang.agents.filling import answered, fill
from linghang.kit.context import Context
from linghang.kit.skills import all_skills, call, find
from linghang.ports.outside import Reply
from linghang.testing.contexts import context

TODAY = dt.date(2026, 11, 23)
PACK = packs.load("demo")
TICKET: dict[str, Any] = {
    "type": "object", "required": ["customer_id", "title", "priority"],
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "customer_id": {"type": "integer"}, "title": {"type": "string"},
        "priority": {"type": "string", "enum": ["low", "normal", "high"]},
        "due": {"type": "string", "format": "date"}, "note": {"type": "string"},
        "amount": {"type": "number", "description": "赔付金额"},
    },
}  # fmt: skip
SPEC: dict[str, Any] = {
    "openapi": "3.1.0", "info": {"title": "CRM", "version": "1"}, "servers": [{"url": "https://crm.example"}],
    "paths": {
        "/tickets": {"post": {
            "operationId": "createTicket", "summary": "新建一个工单",
            "requestBody": {"required": True, "content": {"application/json": {"schema": {
                "$ref": "#/components/schemas/Ticket"}}}}}},
        "/visits": {"get": {"operationId": "visits", "summary": "查网点的客流", "parameters": [
            {"name": "branch", "in": "query", "required": True, "schema": {"type": "string"}},
            {"name": "day", "in": "query", "required": True, "schema": {"type": "string", "format": "date"}}]}},
    },
    "components": {"schemas": {"Ticket": TICKET}},
}  # fmt: skip


@dataclass
class Wire:
    """What reached the other system."""

    sent: list[tuple[str, str, Any]] = field(default_factory=list)

    def must_be_open(self, url: str) -> None: ...

    def secret(self, reference: str) -> str:
        return reference

    def send(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: str | None = None
    ) -> Reply:
        self.sent.append((method, url, json.loads(body) if body else None))
        return Reply(200, '{"visitors": 321}')


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def ctx(tmp_path: Path, wire: Wire) -> Iterator[Context]:
    made = replace(context(tmp_path, rights=ROLES["operator"] | ROLES["engineer"]), outside=wire)  # type: ignore[arg-type]
    call(made, "skills.add", {"name": "crm", "openapi": json.dumps(SPEC)})
    yield made
    for name in [item.manifest.name for item in all_skills() if item.manifest.name.startswith("crm.")]:
        foreign.skills.remove(name)


def say(ctx: Context, text: str) -> dict[str, Any]:
    return dict(call(ctx, "agents.say", {"text": text, "conversation": "con_1"}))


def test_a_body_becomes_arguments_with_their_types_and_choices(ctx: Context, wire: Wire) -> None:
    schema = find("crm.create_ticket").schema()
    assert set(schema["properties"]) == set(TICKET["properties"]) - {"id"}
    assert schema["required"] == TICKET["required"]
    assert schema["properties"]["priority"]["enum"] == ["low", "normal", "high"]
    call(ctx, "crm.create_ticket", {"customer_id": 7, "title": "x", "priority": "low"})
    assert wire.sent == [("POST", "https://crm.example/tickets", {"customer_id": 7, "title": "x", "priority": "low"})]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("新建一个工单", {}),
        ("给客户1024新建一个工单，标题：登录失败，优先级高，明天截止",
         {"customer_id": 1024, "title": "登录失败", "priority": "high", "due": "2026-11-24"}),
        ("新建一个紧急工单，客户号 88123，标题“无法转账”，赔付金额200元",
         {"customer_id": 88123, "title": "无法转账", "priority": "high", "amount": 200.0}),
        ("open a ticket for customer 1024, title: login fails, priority low",
         {"customer_id": 1024, "title": "login fails", "priority": "low"}),
        ("新建工单，标题是理财页打不开，备注：客户很着急", {"title": "理财页打不开", "note": "客户很着急"}),
        ("新建工单，优先级高或者低都行", {}),
    ],
)  # fmt: skip
def test_only_what_words_support_is_filled(ctx: Context, text: str, values: dict[str, Any]) -> None:
    made = fill(text, find("crm.create_ticket").schema(), today=TODAY, pack=PACK)
    assert made.values == values
    assert all(words in text for words in made.words.values())
    assert made.open == [name for name in TICKET["required"] if name not in values]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [("customer_id", "客户号是1024", 1024), ("customer_id", "不知道", None), ("title", "标题是登录不上去", "登录不上去"),
     ("priority", "高", "high"), ("priority", "随便", None), ("due", "下周三", "2026-12-02"), ("due", "快点", None)],
)  # fmt: skip
def test_an_answer_is_of_its_fields_type_or_none(ctx: Context, name: str, text: str, value: Any) -> None:
    told = find("crm.create_ticket").schema()["properties"][name]
    assert answered(text, name, told, today=TODAY, pack=PACK) == value


def test_what_is_open_is_asked_one_by_one_and_a_person_confirms(ctx: Context, wire: Wire) -> None:
    first = say(ctx, "新建一个工单，标题：登录失败")
    assert (first["state"], first["pending"]["field"]) == ("asked", "customer_id")
    assert "客户号" in first["text"]
    assert "登录失败" in first["text"], "what is known is told"
    wrong = say(ctx, "不知道")
    assert (wrong["state"], wrong["pending"]["field"]) == ("asked", "customer_id")
    second = say(ctx, "1024")
    assert (second["pending"]["field"], [one["text"] for one in second["choices"]]) == (
        "priority",
        ["low", "normal", "high"],
    )
    done = say(ctx, "第三个")
    assert done["state"] == "waiting"
    assert done["confirm"] == {
        "skill": "crm.create_ticket", "arguments": {"title": "登录失败", "customer_id": 1024, "priority": "high"},
    }  # fmt: skip
    assert wire.sent == [], "an agent prepares, a person sends"
    call(ctx, "crm.create_ticket", done["confirm"]["arguments"])
    assert wire.sent[0][2] == {"title": "登录失败", "customer_id": 1024, "priority": "high"}


def test_what_reads_is_read_when_it_is_complete(ctx: Context, wire: Wire) -> None:
    assert say(ctx, "查网点的客流，网点：南京路")["pending"]["field"] == "day"
    reply = say(ctx, "12月1日")
    assert (reply["state"], reply["result"]) == ("done", {"visitors": 321})
    assert wire.sent[0][1] == "https://crm.example/visits?branch=%E5%8D%97%E4%BA%AC%E8%B7%AF&day=2026-12-01"


@pytest.mark.parametrize(("text", "state"), [("算了", "told"), ("什么是QFII", "done"), ("cancel", "told")])
def test_whoever_wants_something_else_is_not_held(ctx: Context, wire: Wire, text: str, state: str) -> None:
    say(ctx, "新建一个工单")
    reply = say(ctx, text)
    assert (reply["state"], "pending" in reply) == (state, False)
    assert wire.sent == []
    assert "pending" not in say(ctx, "1024")
