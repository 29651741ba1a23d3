"""Planning backwards: from the type that is wanted, over what skills make and need, to what is known already.

A skill that makes the wanted type is taken, and for each of its needs the same is asked, until everything is known or
made. Among several makers the mildest is taken: reading before drafting before committing, cheap before dear, own
before foreign. Only producers of the wanted types are looked at, so 300 skills cost no more than 30.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from linghang.agents.model import Goal, Json, Plan, Ref, Step
from linghang.agents.staff import domain_of
from linghang.kit.skills import Skill

_DEEPEST = 6
_EFFECTS = {"read": 0, "draft": 1, "commit": 2}
_COSTS = {"low": 0, "medium": 1, "high": 2}


@dataclass(frozen=True)
class Skills:
    """The registered skills by what they make."""

    by_name: Mapping[str, Skill]
    makers: Mapping[str, tuple[Skill, ...]]

    @classmethod
    def of(cls, skills: Iterable[Skill], own: Collection[str] = ()) -> "Skills":
        """The skills, mildest first for each type; ``own`` are the prefixes of this house's own rooms."""
        found: dict[str, list[Skill]] = {}
        names: dict[str, Skill] = {}
        for item in skills:
            names[item.manifest.name] = item
            for made in item.manifest.makes:
                found.setdefault(made, []).append(item)
        return cls(
            names, {made: tuple(sorted(items, key=lambda item: _mildness(item, own))) for made, items in found.items()}
        )


def _mildness(item: Skill, own: Collection[str]) -> tuple[int, int, int, str]:
    told = item.manifest
    foreign = bool(own) and told.name.partition(".")[0] not in own
    return (_EFFECTS[told.effect], int(foreign), _COSTS[told.cost], told.name)


@dataclass
class _Draft:
    """A plan that grows: its steps, and which step makes what at which path."""

    goal: Goal
    skills: Skills
    without: frozenset[str]
    steps: list[Step] = field(default_factory=list)
    made: dict[str, Ref] = field(default_factory=dict)

    def copy(self) -> "_Draft":
        return _Draft(self.goal, self.skills, self.without, list(self.steps), dict(self.made))

    def take(self, other: "_Draft") -> None:
        self.steps, self.made = other.steps, other.made


def plan(goal: Goal, skills: Skills, *, without: frozenset[str] = frozenset()) -> Plan:
    """The plan of a goal; ``without`` are skills that failed already.

    A goal that nothing can make gives a plan with a ``refusal`` and no steps.
    """
    empty = Plan(goal.aim.id, goal.aim.makes, goal.text, playbook=goal.playbook, confidence=goal.confidence)
    if refusal := _refusal(goal, skills):
        return replace(empty, refusal=refusal, params={"makes": goal.aim.makes})
    draft = _Draft(goal, skills, without)
    for wanted in goal.gather:
        _optional(draft, wanted, "gather")
    before = tuple(step.id for step in draft.steps)
    only = skills.by_name.get(goal.aim.skill)
    if not _make(draft, goal.aim.makes, "aim", 0, only=only, after=before):
        return replace(empty, refusal=_lacking(goal, skills), params={"makes": goal.aim.makes})
    for wanted in goal.then:
        _optional(draft, wanted, "then")
    return replace(empty, steps=tuple(draft.steps))


def _refusal(goal: Goal, skills: Skills) -> str:
    makers = skills.makers.get(goal.aim.makes, ())
    if makers and all(item.manifest.data == "rows" for item in makers):
        return "agents.rows_refused"
    return ""


def _lacking(goal: Goal, skills: Skills) -> str:
    """Why nothing makes what is wanted: the words are missing that it is to be made of, or nothing can."""
    makers = skills.makers.get(goal.aim.makes, ())
    lacks = "material" not in goal.facts and any("material" in item.manifest.needs.values() for item in makers)
    return "agents.which_material" if lacks else "agents.nothing_makes"


def _optional(draft: _Draft, wanted: str, why: str) -> None:
    """Add what makes a type if something can; a plan is no worse for going without."""
    if wanted in draft.made:
        return
    attempt = draft.copy()
    if _make(attempt, wanted, why, 1):
        last = attempt.steps[-1]
        attempt.steps[-1] = replace(last, required=False)
        draft.take(attempt)


def _make(
    draft: _Draft, wanted: str, why: str, depth: int, *, only: Skill | None = None, after: tuple[str, ...] = (),
    mild: bool = False,
) -> bool:  # fmt: skip
    """Add the steps that make a type; False, with the draft untouched, when nothing can."""
    if depth > _DEEPEST:
        return False
    candidates = (only,) if only is not None else draft.skills.makers.get(wanted, ())
    for item in candidates:
        told = item.manifest
        if told.name in draft.without or told.data == "rows" or (mild and told.effect != "read"):
            continue
        attempt = draft.copy()
        arguments = _arguments(attempt, item, depth)
        if arguments is None:
            continue
        step = Step(
            f"s{len(attempt.steps) + 1}", told.name, arguments, wanted, why, domain_of(told.name),
            tuple(name for name in after if name not in referred(arguments)),
        )  # fmt: skip
        attempt.steps.append(step)
        attempt.made |= {made: Ref(step.id, path) for made, path in told.makes.items()}
        attempt.made.setdefault(wanted, Ref(step.id))
        draft.take(attempt)
        return True
    return False


def referred(arguments: Mapping[str, Json | Ref]) -> set[str]:
    return {value.step for value in arguments.values() if isinstance(value, Ref)}


def _arguments(draft: _Draft, item: Skill, depth: int) -> dict[str, Json | Ref] | None:
    """What fills a skill's arguments, or None where one that it must have can be had from nowhere."""
    found: dict[str, Json | Ref] = {}
    for name, shape in item.arguments.model_fields.items():
        wanted = item.manifest.needs.get(name, "")
        if wanted in draft.goal.facts:
            found[name] = draft.goal.facts[wanted]
        elif wanted in draft.made or (wanted and _make(draft, wanted, name, depth + 1, mild=True)):
            found[name] = draft.made[wanted]
        elif shape.is_required():
            return None
    return found
