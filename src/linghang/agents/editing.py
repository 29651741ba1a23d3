"""A person's changes to a plan: each is checked, and one after which the plan would not run is refused.

- ``{"op": "remove", "step"}``
- ``{"op": "set", "step", "argument", "value"}``
- ``{"op": "use", "step", "skill"}``: another skill that makes the same
- ``{"op": "move", "step", "to"}``: a place in the order, from 0
- ``{"op": "insert", "skill", "to", "arguments"}``: what the new step needs is taken from the steps before it and from
  what the plan knows
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from linghang.agents.model import Json, Plan, Ref, Step
from linghang.agents.planning import Skills, referred
from linghang.agents.staff import domain_of
from linghang.base.errors import UsageError
from linghang.kit.invalid import findings_of
from linghang.kit.skills import Skill

MOST_STEPS = 40


def edited(made: Plan, changes: Sequence[Mapping[str, Json]], skills: Skills) -> Plan:
    """A plan after changes, one after another.

    Raises UsageError for what does not exist, is not of its type, or would leave a step without what it needs.
    """
    for change in changes:
        steps = list(made.steps)
        op = str(change.get("op", ""))
        if op == "insert":
            steps = _inserted(made, change, skills)
        elif op in _CHANGES:
            place = _place(steps, str(change.get("step", "")))
            steps = _CHANGES[op](made, steps, place, change, skills)
        else:
            raise UsageError("agents.bad_change", change=str(dict(change))[:200])
        made = replace(made, steps=tuple(steps))
    return made


def _place(steps: Sequence[Step], name: str) -> int:
    for place, step in enumerate(steps):
        if step.id == name:
            return place
    raise UsageError("agents.no_such_step", step=name, have=", ".join(step.id for step in steps))


def _removed(made: Plan, steps: list[Step], place: int, _change: Mapping[str, Json], _skills: Skills) -> list[Step]:
    name = steps[place].id
    users = [step.id for step in steps if name in referred(step.arguments)]
    if users or (made.terminal is not None and made.terminal.id == name):
        raise UsageError("agents.step_is_needed", step=name, by=", ".join(users) or made.makes)
    rest = [step for step in steps if step.id != name]
    return [replace(step, after=tuple(one for one in step.after if one != name)) for step in rest]


def _set(_made: Plan, steps: list[Step], place: int, change: Mapping[str, Json], skills: Skills) -> list[Step]:
    step, argument = steps[place], str(change.get("argument", ""))
    fields = _skill(step.skill, skills).arguments.model_fields
    if argument not in fields:
        raise UsageError("agents.no_such_argument", argument=argument, step=step.id, have=", ".join(fields))
    value = _checked(step.id, argument, fields[argument], change.get("value"))
    steps[place] = replace(step, arguments={**step.arguments, argument: value})
    return steps


def _checked(step: str, argument: str, field: FieldInfo, value: Json) -> Json:
    """A value as its argument takes it; a text is also read as JSON, as forms and command lines give it."""
    shape: TypeAdapter[Json] = TypeAdapter(field.annotation or object)
    try:
        return shape.dump_python(shape.validate_python(value), mode="json")
    except ValidationError as error:
        try:
            return shape.dump_python(shape.validate_python(json.loads(value)), mode="json")
        except (ValueError, TypeError, RecursionError):
            found = findings_of(error.errors(), argument)
            raise UsageError("agents.bad_value", found, argument=argument, step=step) from error


def _used(_made: Plan, steps: list[Step], place: int, change: Mapping[str, Json], skills: Skills) -> list[Step]:
    step, name = steps[place], str(change.get("skill", ""))
    found = skills.by_name.get(name)
    if found is None or step.makes not in found.manifest.makes:
        have = ", ".join(item.manifest.name for item in skills.makers.get(step.makes, ()))
        raise UsageError("agents.skill_makes_other", skill=name, makes=step.makes, have=have)
    kept = {key: value for key, value in step.arguments.items() if key in found.arguments.model_fields}
    steps[place] = replace(step, skill=name, arguments=kept, domain=domain_of(name))
    return steps


def _moved(_made: Plan, steps: list[Step], place: int, change: Mapping[str, Json], _skills: Skills) -> list[Step]:
    """A step at another place: it waits for the one before it, and for none behind it."""
    step = steps.pop(place)
    to = min(max(int(change.get("to", 0)), 0), len(steps))
    behind = {item.id for item in steps[to:]}
    before = steps[:to]
    if late := referred(step.arguments) & behind:
        raise UsageError("agents.cannot_move", step=step.id, needs=", ".join(sorted(late)))
    if early := [item.id for item in before if step.id in referred(item.arguments)]:
        raise UsageError("agents.cannot_move", step=step.id, needs=", ".join(early))
    waits = [name for name in step.after if name not in behind]
    if before and before[-1].id not in (*waits, *referred(step.arguments)):
        waits.append(before[-1].id)
    freed = [replace(item, after=tuple(name for name in item.after if name != step.id)) for item in before]
    return [*freed, replace(step, after=tuple(waits)), *steps[to:]]


def _inserted(made: Plan, change: Mapping[str, Json], skills: Skills) -> list[Step]:
    steps = list(made.steps)
    name = str(change.get("skill", ""))
    found = _skill(name, skills)
    if found.manifest.data == "rows" or len(steps) >= MOST_STEPS:
        raise UsageError("agents.cannot_insert", skill=name, most=MOST_STEPS)
    last = next((place for place, step in enumerate(steps) if step == made.terminal), len(steps))
    to = min(max(int(change.get("to", last)), 0), len(steps))
    numbers = [int(step.id[1:]) for step in steps if step.id[1:].isdigit()]
    own = f"s{max(numbers, default=0) + 1}"
    given = change.get("arguments") or {}
    arguments: dict[str, Json | Ref] = {}
    known = _known(made, steps[:to], skills)
    for key, field in found.arguments.model_fields.items():
        if key in given:
            arguments[key] = _checked(own, key, field, given[key])
        elif (wanted := found.manifest.needs.get(key, "")) in known:
            arguments[key] = known[wanted]
        elif field.is_required():
            raise UsageError("agents.insert_lacks", skill=name, argument=key)
    makes = next(iter(found.manifest.makes), name)
    after = (steps[to - 1].id,) if to and steps[to - 1].id not in referred(arguments) else ()
    step = Step(own, name, arguments, makes, "added", domain_of(name), after, required=False)
    return [*steps[:to], step, *steps[to:]]


def _known(made: Plan, before: Sequence[Step], skills: Skills) -> dict[str, Json | Ref]:
    """What is known at a place of a plan, by type: its sentence, what its steps were given, what those before make."""
    known: dict[str, Json | Ref] = {"words": made.text}
    for step in made.steps:
        needs = skills.by_name[step.skill].manifest.needs if step.skill in skills.by_name else {}
        for argument, value in step.arguments.items():
            if argument in needs and not isinstance(value, Ref):
                known.setdefault(needs[argument], value)
    for step in before:
        if step.skill in skills.by_name:
            makes = skills.by_name[step.skill].manifest.makes
            known |= {kind: Ref(step.id, path) for kind, path in makes.items()}
    return known


def _skill(name: str, skills: Skills) -> Skill:
    found = skills.by_name.get(name)
    if found is None:
        raise UsageError("agents.no_such_skill", skill=name)
    return found


_CHANGES = {"remove": _removed, "set": _set, "use": _used, "move": _moved}
"""Name of a change → how it is made."""
