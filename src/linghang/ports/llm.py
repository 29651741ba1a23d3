"""What we ask of a language model: one typed answer to one prompt. It proposes; code verifies."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Answer:
    """The model's words with what they cost. Tokens are as the server counted them; ``millis`` is wall time.

    ``attempts`` counts requests, refused and broken ones too.
    """

    text: str
    model: str
    tokens_in: int
    tokens_out: int
    millis: float
    attempts: int = 1


class LanguageModel(Protocol):
    """A chat model behind any OpenAI-compatible endpoint.

    ``price`` is that of a million tokens in and out, in millionths of a yuan;
    ``patience`` the seconds that it has for its part of a turn.
    """

    name: str
    price: tuple[int, int]
    patience: float

    def ask(
        self,
        system: str,
        user: str,
        *,
        schema: Mapping[str, Any] | None = None,
        timeout: float = 30,
        heard: Callable[[str], None] | None = None,
    ) -> Answer:
        """One answer, as JSON text of ``schema`` where given; ``heard`` gets the words as they come.

        Whether the text is JSON is for the asker to check: servers differ. Raises UnavailableError on failure or
        time-out (``llm.timeout``, ``llm.unreachable``, ``llm.refused``, ``llm.failed``).
        """
        ...
