"""A language model behind an OpenAI-compatible endpoint, by pydantic-ai; and the embeddings of one.

A server is asked for JSON by its schema; one that does not know schemas (HTTP 400, 422) is asked in words from then
on. Requests are tried again when the server is busy or broken, never after the time-out of the whole.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx
import numpy as np
from openai import AsyncOpenAI
from pydantic_ai.direct import model_request_stream_sync, model_request_sync
from pydantic_ai.exceptions import AgentRunError, ModelHTTPError
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    PartDeltaEvent,
    PartStartEvent,
    SystemPromptPart,
    TextPart,
    TextPartDelta,
    UserPromptPart,
)
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.output import OutputObjectDefinition
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.settings import ModelSettings

from linghang.base.errors import UnavailableError, UsageError
from linghang.ports.llm import Answer
from linghang.ports.vectors import Vectors

ATTEMPTS = 3
_PAUSE = 0.5
_PATIENCE = 10.0
"""Seconds that an embeddings endpoint has for a request."""
_NO_SCHEMAS = frozenset({400, 404, 415, 422, 501})
_AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
_MOST_TOKENS = 1500
_DEAREST = 1e6
"""Yuan for a million tokens above which a price is a slip of the pen."""
_TEXTS = 16
"""Texts of one request to an embeddings endpoint."""
_IN_WORDS = "\n\nAnswer with one JSON object of this schema and nothing else:\n"


class OpenaiModel:
    """A model of pydantic-ai, asked synchronously. ``knows_schemas`` is None until the server has shown it.

    ``price`` is that of a million tokens in and out, in millionths of a yuan.
    """

    def __init__(
        self, model: Model, *, name: str = "", price: tuple[int, int] = (0, 0), patience: float = 20.0
    ) -> None:
        self.name = name or model.model_name
        self.price, self.patience = price, patience
        self.knows_schemas: bool | None = None
        self._model = model

    def ask(
        self,
        system: str,
        user: str,
        *,
        schema: Mapping[str, Any] | None = None,
        timeout: float = 30,
        heard: Callable[[str], None] | None = None,
    ) -> Answer:
        """One answer. Raises UnavailableError (``llm.timeout``, ``llm.unreachable``, ``llm.refused``)."""
        started = time.monotonic()
        reason = ""
        for attempt in range(1, ATTEMPTS + 1):
            left = timeout - (time.monotonic() - started)
            if left <= 0:
                break
            native = schema is not None and self.knows_schemas is not False
            try:
                response = self._request(system, user, schema, native=native, timeout=left, heard=heard)
            except Exception as error:
                reason = self._worth_trying_again(error, timeout, native=native)
            else:
                self.knows_schemas = True if native else self.knows_schemas
                return self._answer(response, started, attempt)
            time.sleep(min(_PAUSE * attempt, max(timeout - (time.monotonic() - started), 0)))
        if time.monotonic() - started >= timeout:
            raise UnavailableError("llm.timeout", model=self.name, seconds=round(timeout, 1))
        raise UnavailableError("llm.unreachable", model=self.name, reason=reason)

    def _worth_trying_again(self, error: Exception, timeout: float, *, native: bool) -> str:
        """Why a request failed that may be tried again. Raises UnavailableError for one that may not."""
        if isinstance(error, ModelHTTPError):
            reason = f"HTTP {error.status_code}"
            if native and error.status_code in _NO_SCHEMAS:
                self.knows_schemas = False
            elif error.status_code not in _AGAIN:
                raise UnavailableError("llm.refused", model=self.name, reason=reason) from error
            return reason
        late = "timed out" in str(error).lower() or "timeout" in type(error).__name__.lower()
        if late or isinstance(error, TimeoutError):
            raise UnavailableError("llm.timeout", model=self.name, seconds=round(timeout, 1)) from error
        if isinstance(error, AgentRunError | httpx.TransportError | OSError | ValueError):
            return str(error)[:200]
        raise error

    def _request(
        self, system: str, user: str, schema: Mapping[str, Any] | None, *, native: bool, timeout: float,
        heard: Callable[[str], None] | None,
    ) -> ModelResponse:  # fmt: skip
        words = user if schema is None or native else user + _IN_WORDS + json.dumps(schema, ensure_ascii=False)
        messages: list[ModelMessage] = [ModelRequest(parts=[SystemPromptPart(system), UserPromptPart(words)])]
        settings = ModelSettings(timeout=timeout, temperature=0.0, max_tokens=_MOST_TOKENS)
        parameters = (
            ModelRequestParameters(
                output_mode="native",
                output_object=OutputObjectDefinition(json_schema=dict(schema), name="answer", strict=False),
            )
            if native and schema is not None
            else ModelRequestParameters()
        )
        if heard is None:
            return model_request_sync(
                self._model, messages, model_settings=settings, model_request_parameters=parameters
            )
        stream = model_request_stream_sync(
            self._model, messages, model_settings=settings, model_request_parameters=parameters
        )
        with stream:
            for event in stream:
                if isinstance(event, PartStartEvent) and isinstance(event.part, TextPart) and event.part.content:
                    heard(event.part.content)
                elif isinstance(event, PartDeltaEvent) and isinstance(event.delta, TextPartDelta):
                    heard(event.delta.content_delta)
            return stream.response

    def _answer(self, response: ModelResponse, started: float, attempts: int) -> Answer:
        text = "".join(part.content for part in response.parts if isinstance(part, TextPart))
        millis = (time.monotonic() - started) * 1000
        usage = response.usage
        return Answer(text, self.name, usage.input_tokens or 0, usage.output_tokens or 0, millis, attempts)


class EndpointEncoder:
    """Sentence vectors from an OpenAI-compatible ``/embeddings``. ``name`` changes with model and endpoint."""

    def __init__(self, url: str, model: str, key: str = "", *, timeout: float = 30) -> None:
        self._url, self._model, self._key, self._timeout = url.rstrip("/"), model, key, timeout
        self.name = f"endpoint:{model}"
        self._dimensions = 0

    @property
    def dimensions(self) -> int:
        """Numbers of a vector, as the endpoint gives them."""
        if not self._dimensions:
            self._dimensions = int(self._batch(["维度"]).shape[1])
        return self._dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text. Raises UnavailableError("llm.unreachable" | "llm.refused" | "llm.failed")."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        return np.concatenate([self._batch(texts[n : n + _TEXTS]) for n in range(0, len(texts), _TEXTS)])

    def _batch(self, texts: Sequence[str]) -> Vectors:
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        try:
            answer = httpx.post(
                f"{self._url}/embeddings", json={"model": self._model, "input": list(texts)}, headers=headers,
                timeout=self._timeout,
            )  # fmt: skip
        except httpx.HTTPError as error:
            raise UnavailableError("llm.unreachable", model=self.name, reason=str(error)[:200]) from error
        if answer.status_code != 200:
            raise UnavailableError("llm.refused", model=self.name, reason=f"HTTP {answer.status_code}")
        try:
            rows = sorted(answer.json()["data"], key=lambda row: row["index"])
            made = np.array([row["embedding"] for row in rows], np.float32)
        except (ValueError, KeyError, TypeError) as error:
            raise UnavailableError("llm.failed", model=self.name, reason=str(error)[:200]) from error
        if made.ndim != 2 or len(made) != len(texts):
            raise UnavailableError("llm.failed", model=self.name, reason="wrong shape")
        norms = np.linalg.norm(made, axis=1, keepdims=True)
        return np.divide(made, norms, out=np.zeros_like(made), where=norms > 0)


def model_from_environment(environment: Mapping[str, str]) -> OpenaiModel | None:
    """The model that ``LINGHANG_LLM_BASE_URL`` (with ``_MODEL``, ``_KEY``) names, or None without one.

    ``LINGHANG_LLM_PRICE`` is the price of a million tokens in and out, in yuan (``2,8``), or those of several
    models (``qwen-max=2.4,9.6; deepseek-chat=2,8``); ``LINGHANG_LLM_TIMEOUT`` the seconds of its part of a turn.

    Raises UsageError("llm.settings") for an address without a model.
    """
    url, model = environment.get("LINGHANG_LLM_BASE_URL", ""), environment.get("LINGHANG_LLM_MODEL", "")
    if not url:
        return None
    if not model or not url.startswith(("http://", "https://")):
        raise UsageError("llm.settings", url=url, model=model)
    client = AsyncOpenAI(base_url=url, api_key=environment.get("LINGHANG_LLM_KEY") or "none", max_retries=0)
    return OpenaiModel(OpenAIChatModel(model, provider=OpenAIProvider(openai_client=client)), name=model,
                       price=price_of(model, environment.get("LINGHANG_LLM_PRICE", "")),
                       patience=_seconds(environment.get("LINGHANG_LLM_TIMEOUT", "")))  # fmt: skip


def _seconds(text: str) -> float:
    """A number of seconds. Raises UsageError("llm.timeout_setting")."""
    try:
        told = float(text or 20)
    except ValueError:
        told = 0.0
    if not 0 < told <= 600:
        raise UsageError("llm.timeout_setting", text=text[:40])
    return told


def price_of(model: str, text: str) -> tuple[int, int]:
    """A model's price in yuan, for tokens in and out, as millionths; (0, 0) where none is set for it.

    ``text`` holds one price for any model, or prices by model. Raises UsageError("llm.price").
    """
    prices = dict(_named_price(part, text) for part in text.split(";") if part.strip())
    return prices.get(model, prices.get("", (0, 0)))


def _named_price(part: str, text: str) -> tuple[str, tuple[int, int]]:
    name, _, figures = part.rpartition("=")
    try:
        yuan = [float(figure) for figure in figures.split(",")]
    except ValueError as error:
        raise UsageError("llm.price", text=text[:80]) from error
    if len(yuan) not in (1, 2) or not all(0 <= figure < _DEAREST for figure in yuan):
        raise UsageError("llm.price", text=text[:80])
    return name.strip(), (round(yuan[0] * 1_000_000), round(yuan[-1] * 1_000_000))


def encoder_from_environment(environment: Mapping[str, str]) -> EndpointEncoder | None:
    """The encoder that ``LINGHANG_EMBEDDINGS_MODEL`` names, or None without one.

    It is asked at ``LINGHANG_EMBEDDINGS_BASE_URL`` with ``LINGHANG_EMBEDDINGS_KEY``, else where the language model is.
    """
    model = environment.get("LINGHANG_EMBEDDINGS_MODEL", "")
    url = environment.get("LINGHANG_EMBEDDINGS_BASE_URL", "") or environment.get("LINGHANG_LLM_BASE_URL", "")
    if not model:
        return None
    if not url.startswith(("http://", "https://")):
        raise UsageError("llm.settings", url=url, model=model)
    own = environment.get("LINGHANG_EMBEDDINGS_BASE_URL", "")
    key = environment.get("LINGHANG_EMBEDDINGS_KEY", "") or ("" if own else environment.get("LINGHANG_LLM_KEY", ""))
    return EndpointEncoder(url, model, key, timeout=_PATIENCE)
