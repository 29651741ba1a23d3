"""What every language model promises: the adapter against a server on loopback, pydantic-ai's test models, the fake."""

import http.server
import json
import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from pydantic_ai.messages import ModelResponse, TextPart
from pydantic_ai.models.function import FunctionModel
from pydantic_ai.models.test import TestModel

from linghang.adapters.openai_model import (
    EndpointEncoder,
    OpenaiModel,
    encoder_from_environment,
    model_from_environment,
)
from linghang.base.errors import UnavailableError, UsageError
from linghang.ports.llm import LanguageModel
from linghang.testing.models import FakeModel

SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
Reply = Callable[[dict[str, Any], int], tuple[int, str]]


class Server:
    """A server that speaks OpenAI's protocol and behaves as told."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.reply: Reply = lambda _body, _n: (200, '{"city": "上海"}')
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                outer.asked.append(body)
                if self.path.endswith("/embeddings"):
                    rows = [{"index": n, "embedding": [float(len(text)), 1.0]} for n, text in enumerate(body["input"])]
                    return self.send(200, json.dumps({"data": rows[::-1]}))
                status, text = outer.reply(body, len(outer.asked))
                if body.get("stream") and status == 200:
                    parts = [{"choices": [{"index": 0, "delta": {"role": "assistant", "content": c}}]} for c in text]
                    parts.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
                    base = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
                    lines = "".join(f"data: {json.dumps(base | part)}\n\n" for part in parts) + "data: [DONE]\n\n"
                    return self.send(200, lines, "text/event-stream")
                message = {"role": "assistant", "content": text}
                told = {"id": "1", "object": "chat.completion", "created": 1, "model": "m",
                        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                        "usage": {"prompt_tokens": 11, "completion_tokens": 5, "total_tokens": 16}}  # fmt: skip
                return self.send(status, json.dumps(told) if status == 200 else '{"error": {"message": "no"}}')

            def send(self, status: int, text: str, kind: str = "application/json") -> None:
                data = text.encode()
                self.send_response(status)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                return None

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def model(self) -> OpenaiModel:
        made = model_from_environment({"LINGHANG_LLM_BASE_URL": self.url, "LINGHANG_LLM_MODEL": "m"})
        assert made is not None
        return made


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made._server.shutdown()


@pytest.fixture(params=["server", "function", "fake"])
def model(request: pytest.FixtureRequest, server: Server) -> LanguageModel:
    if request.param == "server":
        return server.model()
    if request.param == "function":
        return OpenaiModel(FunctionModel(lambda _m, _i: ModelResponse(parts=[TextPart('{"city": "上海"}')])))
    return FakeModel(['{"city": "上海"}'])


def test_a_schema_gives_json_and_tokens_are_counted(model: LanguageModel) -> None:
    answer = model.ask("system", "哪座城市", schema=SCHEMA)
    assert json.loads(answer.text) == {"city": "上海"}
    assert answer.tokens_in > 0
    assert answer.tokens_out > 0


def test_the_schema_is_sent_and_one_who_does_not_know_schemas_is_asked_in_words(server: Server) -> None:
    own = server.model()
    server.reply = lambda body, _n: (400, "") if "response_format" in body else (200, "```json\n{}\n```")
    assert own.ask("s", "u", schema=SCHEMA).attempts == 2
    assert own.knows_schemas is False
    assert server.asked[0]["response_format"]["json_schema"]["schema"]["required"] == ["city"]
    assert '"city"' in server.asked[1]["messages"][1]["content"]
    own.ask("s", "u", schema=SCHEMA)
    assert len(server.asked) == 3


def test_words_are_heard_as_they_come(server: Server) -> None:
    heard: list[str] = []
    answer = server.model().ask("s", "u", heard=heard.append)
    assert "".join(heard) == answer.text == '{"city": "上海"}'
    assert len(heard) > 3


def test_a_busy_server_is_asked_again_and_a_refusal_is_not(server: Server) -> None:
    server.reply = lambda _body, n: (503, "") if n == 1 else (200, "ok")
    assert server.model().ask("s", "u").attempts == 2
    server.asked.clear()
    server.reply = lambda _body, _n: (401, "")
    with pytest.raises(UnavailableError, match="llm.refused"):
        server.model().ask("s", "u")
    assert len(server.asked) == 1


def test_a_server_that_stalls_or_is_gone_is_left(server: Server) -> None:
    gate = threading.Event()

    def stall(_body: dict[str, Any], _n: int) -> tuple[int, str]:
        gate.wait(5)
        return 200, "late"

    server.reply = stall
    with pytest.raises(UnavailableError, match="llm.timeout"):
        server.model().ask("s", "u", timeout=0.5)
    gate.set()
    gone = model_from_environment({"LINGHANG_LLM_BASE_URL": "http://127.0.0.1:9/v1", "LINGHANG_LLM_MODEL": "m"})
    assert gone is not None
    with pytest.raises(UnavailableError, match=r"llm\.(unreachable|timeout)"):
        gone.ask("s", "u", timeout=3)


def test_the_librarys_test_model_is_heard() -> None:
    assert OpenaiModel(TestModel(custom_output_text="你好")).ask("s", "u").text == "你好"


def test_settings_are_both_or_none(server: Server) -> None:
    assert model_from_environment({}) is None
    assert encoder_from_environment({}) is None
    with pytest.raises(UsageError, match="llm.settings"):
        model_from_environment({"LINGHANG_LLM_BASE_URL": server.url})


def test_embeddings_are_unit_vectors_in_order(server: Server) -> None:
    made = EndpointEncoder(server.url, "e").encode(["一", "三个字"])
    assert np.allclose(np.linalg.norm(made, axis=1), 1)
    assert made[1, 0] > made[0, 0]


@pytest.mark.llm
def test_a_real_server_answers_in_the_schema() -> None:
    """Plumbing only: runs where LINGHANG_LLM_BASE_URL and LINGHANG_LLM_MODEL name a server (see docs/measurements.md)."""
    real = model_from_environment(os.environ)
    if real is None:
        pytest.skip("LINGHANG_LLM_BASE_URL names no server")
    answer = real.ask("Answer in JSON.", "Which city is the capital of France?", schema=SCHEMA, timeout=120)
    assert "city" in json.loads(answer.text)
