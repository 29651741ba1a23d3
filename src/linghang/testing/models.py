"""Language models for tests: one that answers what it is told to, and bad ones of every kind."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from linghang.base.errors import UnavailableError
from linghang.ports.llm import Answer


class FakeModel:
    """Answers with the next of ``answers`` (the last for ever), or with what a function of the prompt says."""

    def __init__(
        self, answers: Sequence[str] | Callable[[str], str], *, name: str = "fake", seconds: float = 0,
        price: tuple[int, int] = (0, 0), patience: float = 20.0,
    ) -> None:  # fmt: skip
        self.name, self.price, self.patience = name, price, patience
        self.asked: list[str] = []
        self._answers, self._seconds = answers, seconds

    def ask(
        self,
        system: str,
        user: str,
        *,
        schema: Mapping[str, Any] | None = None,
        timeout: float = 30,
        heard: Callable[[str], None] | None = None,
    ) -> Answer:
        """The next answer; one that would come after the time-out is none."""
        self.asked.append(system + "\n" + user)
        if self._seconds > timeout:
            raise UnavailableError("llm.timeout", model=self.name, seconds=timeout)
        time.sleep(self._seconds)
        if callable(self._answers):
            text = self._answers(user)
        else:
            text = self._answers[min(len(self.asked), len(self._answers)) - 1]
        if heard is not None:
            heard(text)
        return Answer(text, self.name, len(system + user) // 2, len(text) // 2, 1.0)


GARBAGE = (
    "",
    "I cannot",
    "{",
    "[1,2",
    "null",
    '{"proposals": 3}',
    "{}" * 5000,
    '{"tool": "campaign.launch"}',
    "😀" * 9000,
)
"""Answers of models that answer garbage, loop, or call tools that do not exist."""
