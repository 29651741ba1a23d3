"""What we ask of a language model: one typed answer to one prompt. It proposes; code verifies."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Answer:
    """The model's words with what they cost. Tokens are as the server counted them; ``millis`` is wall time."""

    text: str
    model: str
    tokens_in: int
    tokens_out: int
    millis: float


class LanguageModel(Protocol):
    """A chat model behind any OpenAI-compatible endpoint."""

    name: str

    def ask(self, system: str, user: str, *, schema: Mapping[str, Any] | None = None, timeout: float = 30) -> Answer:
        """One answer, as JSON text of ``schema`` where given. Raises UnavailableError on failure or time-out."""
        ...
