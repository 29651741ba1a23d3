"""The values of this room: what somebody wants, and the graph of skill calls that makes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Json = Any
"""A value of JSON types."""

StepState = Literal["planned", "running", "done", "failed", "blocked", "waiting", "skipped", "cancelled"]
"""``blocked``: something that it needs is not clear; ``waiting``: it commits, so a person has to do it; ``cancelled``:
somebody stopped it."""


@dataclass(frozen=True)
class Aim:
    """Something that people want of Linghang, known by the type that stands at its end.

    ``gather`` is made first where possible, ``then`` afterwards; ``otherwise`` maps a code that a step ended with to
    the type to make instead.
    """

    id: str
    makes: str
    gather: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    otherwise: Mapping[str, str] = field(default_factory=dict)
    skill: str = ""
    """The one skill that is meant, for aims that a skill's own ``says`` have made."""


@dataclass(frozen=True)
class Likely:
    """An aim that a sentence may have, and how likely it is (0–1)."""

    aim: Aim
    score: float


@dataclass(frozen=True)
class Goal:
    """What is wanted: the aim, what is known already (type → value), and how sure the recognition is."""

    aim: Aim
    text: str
    facts: Mapping[str, Json]
    confidence: float
    gather: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    playbook: str = ""


@dataclass(frozen=True)
class Ref:
    """The result of another step as an argument; ``path`` names the part of it (empty: the whole)."""

    step: str
    path: str = ""


@dataclass(frozen=True)
class Step:
    """One skill call. ``makes`` is the type that it is there for, ``why`` what wanted it, ``domain`` whose agent."""

    id: str
    skill: str
    arguments: Mapping[str, Json | Ref]
    makes: str
    why: str = ""
    domain: str = ""
    after: tuple[str, ...] = ()
    required: bool = True

    @property
    def needs(self) -> tuple[str, ...]:
        """Steps that must end before this one starts."""
        refs = [value.step for value in self.arguments.values() if isinstance(value, Ref)]
        return tuple(dict.fromkeys([*refs, *self.after]))


@dataclass(frozen=True)
class Plan:
    """A graph of steps that ends in what the goal wants. ``refusal`` is the code of why nothing can make it."""

    aim: str
    makes: str
    text: str
    steps: tuple[Step, ...] = ()
    playbook: str = ""
    confidence: float = 1.0
    refusal: str = ""
    params: Mapping[str, str | int | float] = field(default_factory=dict)
    replans: int = 0

    @property
    def terminal(self) -> Step | None:
        """The step that makes what is wanted."""
        return next((step for step in reversed(self.steps) if step.makes == self.makes), None)

    def waves(self) -> tuple[tuple[Step, ...], ...]:
        """The steps in rounds: those of one round need nothing of each other and may run side by side."""
        left = list(self.steps)
        done: set[str] = set()
        rounds: list[tuple[Step, ...]] = []
        while left:
            ready = tuple(step for step in left if set(step.needs) <= done)
            if not ready:
                break
            rounds.append(ready)
            done |= {step.id for step in ready}
            left = [step for step in left if step.id not in done]
        return tuple(rounds)
