"""A model that streams over a real socket: slow, dripping, stalling, cut off, talking garbage. The turn is told, ends
in its time, can be stopped, and without the model's words the embedded mind's stand."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from streamed_model import END, Endpoint, Write, listening, piece

from linghang.access.rights import ROLES
from linghang.adapters.openai_model import model_from_environment
from linghang.kit import asking, stopping
from linghang.kit.context import Context, Progress
from linghang.kit.skills import call
from linghang.testing.contexts import context

QUESTION = "什么是QFII"
WORDS = '{"answer": "QFII是合格境外机构投资者"}'
PATIENCE = 1.2


def slow(write: Write) -> None:
    """The whole answer in pieces, a little at a time."""
    for start in range(0, len(WORDS), 7):
        write(piece(WORDS[start : start + 7]))
        time.sleep(0.3)
    write(END)


def stalls(write: Write) -> None:
    """A beginning, and then nothing."""
    write(piece('{"answer": "QFII是'))
    time.sleep(20)


def drips(write: Write) -> None:
    """A character now and then, for ever: no wait between two of them is long."""
    write(piece('{"answer": "QFII'))
    for _ in range(400):
        write(piece("是"))
        time.sleep(0.05)


def cut_off(write: Write) -> None:
    """The connection ends in the middle of a word, without a farewell."""
    write(piece('{"answer": "QFII是合'))


def breaks(write: Write) -> None:
    """Half a line of the protocol."""
    write(piece('{"answer": "QFII'))
    write('data: {"id": "1", "choi')


def garbage(write: Write) -> None:
    """No protocol at all."""
    write("data: <html>502 Bad Gateway</html>\n\n\x00\x01 event: ?\n\n")


def nonsense(write: Write) -> None:
    """The protocol, and no JSON in it."""
    for part in ("campaign.launch(", "all)", " 😀" * 200):
        write(piece(part))
    write(END)


@pytest.fixture
def server() -> Iterator[Endpoint]:
    told = Endpoint(slow)
    with listening(told):
        yield told


@pytest.fixture
def ctx(tmp_path: Path, server: Endpoint) -> Context:
    model = model_from_environment({"LINGHANG_LLM_BASE_URL": server.url, "LINGHANG_LLM_MODEL": "m",
                                    "LINGHANG_LLM_TIMEOUT": str(PATIENCE)})  # fmt: skip
    made = context(tmp_path, rights=ROLES["operator"])
    call(made, "agents.say", {"text": QUESTION})  # the encoder is loaded: what is timed below is the model's time
    return replace(made, llm=model)


def heard(seen: list[Progress]) -> list[str]:
    return [str(item.params["text"]) for item in seen if item.note == "agents.model_writes"]


def test_words_come_as_they_are_written(ctx: Context, server: Endpoint) -> None:
    seen: list[Progress] = []
    model = model_from_environment({"LINGHANG_LLM_BASE_URL": server.url, "LINGHANG_LLM_MODEL": "m"})
    reply = call(replace(ctx, llm=model, progress=seen.append), "agents.say", {"text": QUESTION})
    assert server.asked[0]["stream"] is True
    assert len(heard(seen)) > 1
    assert all("QFII是合格境外机构投资者".startswith(text) for text in heard(seen))
    assert (reply["mind"], reply["state"]) == ("model", "done")
    assert reply["text"].startswith("QFII是合格境外机构投资者")


@pytest.mark.parametrize("way", [stalls, drips, cut_off, breaks, garbage, nonsense])
def test_without_its_words_the_embedded_mind_answers_in_time(
    ctx: Context, server: Endpoint, way: Callable[[Write], None]
) -> None:
    plain = call(replace(ctx, llm=None), "agents.say", {"text": QUESTION})
    server.way = way
    started = time.monotonic()
    reply = call(ctx, "agents.say", {"text": QUESTION})
    took = time.monotonic() - started
    assert server.asked, "it was asked"
    assert (reply["state"], reply["mind"], reply["result"]) == ("done", "embedded", plain["result"])
    assert reply["text"].startswith(plain["text"])
    assert "没有用上" in reply["text"], "and it is told"
    assert took < PATIENCE + 4


@pytest.mark.parametrize("way", [stalls, drips])
def test_a_turn_is_stopped_while_a_model_writes(ctx: Context, server: Endpoint, way: Callable[[Write], None]) -> None:
    server.way = way
    patient = model_from_environment({"LINGHANG_LLM_BASE_URL": server.url, "LINGHANG_LLM_MODEL": "m",
                                      "LINGHANG_LLM_TIMEOUT": "60"})  # fmt: skip
    seen: list[Progress] = []
    running = replace(ctx, llm=patient, job="job_1", idempotency_key="job_1", progress=seen.append,
                      cancelled=stopping.watch(ctx.db, ctx.institution_id, "job_1"))  # fmt: skip
    with ThreadPoolExecutor(1) as pool:
        reply = pool.submit(call, running, "agents.say", {"text": QUESTION, "conversation": "con_a"})
        while not heard(seen):
            assert not reply.done(), reply.result()
            time.sleep(0.02)
        started = time.monotonic()
        assert call(ctx, "agents.cancel", {"conversation": "con_a"}) == {"stopping": ["job_1"]}
        told = reply.result(10)
    assert time.monotonic() - started < 3
    assert (told["state"], told["mind"]) == ("done", "embedded"), "the answer that was there stands"
    assert "停下" in told["text"]


def test_one_that_falls_silent_is_not_waited_for_to_the_end(
    ctx: Context, server: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "SILENCE", 0.3)
    server.way = stalls
    model = model_from_environment({"LINGHANG_LLM_BASE_URL": server.url, "LINGHANG_LLM_MODEL": "m"})
    began = time.monotonic()
    reply = call(replace(ctx, llm=model), "agents.say", {"text": QUESTION})
    assert time.monotonic() - began < 5
    assert (reply["state"], reply["mind"]) == ("done", "embedded")
    assert "写到一半停住了" in reply["text"]
