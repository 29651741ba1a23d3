"""Running a plan: rounds of steps side by side, each result kept, so that a run that starts again goes on.

A step that commits waits for a person unless that person has approved the skill beforehand. A step that fails is
planned anew without the skill that failed, or for another type that its aim names, a bounded number of times.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial

from linghang.agents import store
from linghang.agents.handing import Handed, WrongResultError, received
from linghang.agents.model import Goal, Json, Plan, Ref, Step, StepState
from linghang.agents.planning import Skills, plan
from linghang.agents.shielding import covered
from linghang.agents.staff import rooms
from linghang.base.digest import digest, plain
from linghang.base.errors import ForbiddenError, LinghangError
from linghang.base.messages import render
from linghang.kit.catalogue import title
from linghang.kit.context import Context, Progress
from linghang.kit.skills import call, to_json

log = logging.getLogger("linghang.agents")

REPLANS = 3
"""How often a plan may be made anew before what stands is told as it is."""
CANCELLED = "work.cancelled"
"""The code of what ended because somebody stopped it."""
_SIDE_BY_SIDE = 4


@dataclass(frozen=True)
class Done:
    """How a step ended. ``error`` is its code, ``message`` the sentence of it; ``result`` is JSON."""

    state: StepState
    result: Json = None
    error: str = ""
    message: str = ""
    findings: tuple[Mapping[str, Json], ...] = ()
    millis: float = 0.0
    recalled: bool = False
    begun: str = ""
    """The campaign that it had begun to make, where it was stopped."""
    handed: Handed | None = None
    """What the domain gave back, as a value of its type."""


@dataclass(frozen=True)
class Ran:
    """How a plan ended: the plan as it finally was, and each step by its id."""

    plan: Plan
    steps: Mapping[str, Done] = field(default_factory=dict)

    @property
    def terminal(self) -> Done | None:
        """How the step that makes what is wanted ended; None where it was not reached."""
        last = self.plan.terminal
        return self.steps.get(last.id) if last is not None else None

    @property
    def stopped(self) -> bool:
        """Whether somebody stopped it before what is wanted was made."""
        last = self.terminal
        return (last is None or last.state != "done") and any(done.state == "cancelled" for done in self.steps.values())

    @property
    def begun(self) -> str:
        """The campaign that a stopped step had begun to make."""
        return next((done.begun for done in self.steps.values() if done.begun), "")


def run(ctx: Context, plan_id: str, made: Plan, goal: Goal | None, skills: Skills) -> Ran:
    """Run a plan to its end. What was done in an earlier run of the same plan is not done again."""
    failed: set[str] = set()
    done: dict[str, Done] = {}
    for attempt in range(REPLANS + 1):
        done = _rounds(ctx, plan_id, made, _earlier(ctx, plan_id, made) | done)
        broken = next((step for step in made.steps if step.required and done[step.id].state == "failed"), None)
        told = done.get(made.terminal.id) if made.terminal else None
        following = None
        if attempt < REPLANS and goal is not None and not ctx.cancelled():
            following = _instead(goal, made, broken, told, done, failed, skills)
        if following is None:
            return Ran(made, done)
        report(ctx, "plan:again", attempt + 1, REPLANS, "agents.replanned", aim=following.aim)
        done = {name: item for name, item in done.items() if item.state == "done" and _same(made, following, name)}
        made = replace(following, replans=made.replans + 1)
        store.change_plan(ctx.db, ctx.institution_id, plan_id, made)
    return Ran(made, done)


def _same(one: Plan, other: Plan, name: str) -> bool:
    before = next((step for step in one.steps if step.id == name), None)
    after = next((step for step in other.steps if step.id == name), None)
    return (
        before is not None and after is not None and before.skill == after.skill and before.arguments == after.arguments
    )


def _instead(
    goal: Goal, made: Plan, broken: Step | None, told: Done | None, done: Mapping[str, Done], failed: set[str],
    skills: Skills,
) -> Plan | None:  # fmt: skip
    """The plan to try next, or None when what stands is the end of it."""
    code = done[broken.id].error if broken is not None else _said(told)
    other = goal.aim.otherwise.get(code)
    if other == "" or (broken is None and other is None):
        return None
    if other:
        aim = replace(goal.aim, makes=other, otherwise={}, skill="")
        following = plan(replace(goal, aim=aim, gather=(), then=()), skills, without=frozenset(failed))
    else:
        assert broken is not None
        if code in _NOT_THE_SKILL or code.startswith(("goal.", "drafts.", "access.")):
            return None
        failed.add(broken.skill)
        if broken.skill == goal.aim.skill:
            goal = replace(goal, aim=replace(goal.aim, skill=""))
        following = plan(goal, skills, without=frozenset(failed))
    return following if following.steps and following.steps != made.steps else None


_NOT_THE_SKILL = frozenset({"skill.bad_arguments", "access.no_right"})


def _said(told: Done | None) -> str:
    """The code of a finding with which a step that did end says that it has no answer."""
    if told is None or told.state != "done":
        return ""
    return next((str(item.get("code")) for item in told.findings), "")


def report(ctx: Context, step: str, done: int, of: int, note: str, **params: str | int | float) -> None:
    """Report progress where a wish to stop is looked at besides: it must not tear what is being written down."""
    ctx.progress(Progress(step, done, of, note, params))


def _rounds(ctx: Context, plan_id: str, made: Plan, earlier: Mapping[str, Done]) -> dict[str, Done]:
    done = dict(earlier)
    total = len(made.steps)
    for wave in made.waves():
        ready = [step for step in wave if step.id not in done]
        if ctx.cancelled():
            done |= {step.id: Done("cancelled", error=CANCELLED) for step in made.steps if step.id not in done}
            break
        for step in ready:
            report(ctx, f"step:{step.id}", len(done), total, "agents.step_begun", skill=title(step.skill, ctx.locale),
                   id=step.id)  # fmt: skip
        with ThreadPoolExecutor(_SIDE_BY_SIDE, thread_name_prefix="step") as pool:
            results = list(pool.map(partial(_one, ctx, plan_id, dict(done)), ready))
        for step, result in zip(ready, results, strict=True):
            done[step.id] = result
            if result.state in ("done", "waiting"):
                store.keep_step(ctx.db, ctx.institution_id, plan_id, step.id, result.state, _kept(step, result),
                                result.millis, ctx.now)  # fmt: skip
        for step, result in zip(ready, results, strict=True):
            told = {
                "skill": title(step.skill, ctx.locale),
                "id": step.id,
                "millis": round(result.millis, 1),
                "state": str(result.state),
            }
            report(ctx, f"step:{step.id}:{result.state}", len(done), total, "agents.step_ended", **told)
    for step in made.steps:
        done.setdefault(step.id, Done("skipped"))
    return done


def _kept(step: Step, result: Done) -> dict[str, Json]:
    return {"skill": step.skill, "mark": _mark(step), "result": result.result, "error": result.error,
            "message": result.message, "findings": list(result.findings),
            "handed": result.handed.told() if result.handed else None}  # fmt: skip


def _mark(step: Step) -> str:
    """What a kept result belongs to: the skill with its arguments, references as they stand."""
    return digest([step.skill, [[name, vars(value) if isinstance(value, Ref) else plain(value)]
                                for name, value in sorted(step.arguments.items())]])  # fmt: skip


def _earlier(ctx: Context, plan_id: str, made: Plan) -> dict[str, Done]:
    """What an earlier run has done of these very calls."""
    marks = {step.id: _mark(step) for step in made.steps}
    steps = {step.id: step for step in made.steps}
    rows = store.steps_of(ctx.db, ctx.institution_id, plan_id)
    return {
        name: Done(
            row["state"], row["result"], row["error"], row["message"], tuple(row["findings"]), row["millis"], True,
            handed=received(steps[name], row["result"]),
        )
        for name, row in rows.items()
        if row["state"] == "done" and row["mark"] == marks.get(name)
    }  # fmt: skip


def _one(ctx: Context, plan_id: str, done: Mapping[str, Done], step: Step) -> Done:
    """Call a step's skill as an agent of the user: refused rights and failures are told, never hidden."""
    started = time.perf_counter()
    if any(done[name].state not in ("done",) for name in _required(step)):
        return Done("skipped")
    arguments, missing = _filled(step, done)
    if missing:
        return Done(
            "blocked", error="agents.not_clear", message=render("agents.not_clear", {"what": missing}, ctx.locale)
        )
    begun: list[str] = []
    try:
        result = _called(ctx, plan_id, step, arguments, begun)
    except ForbiddenError as error:
        if error.code == "access.agent_needs_approval":
            return Done("waiting", {"skill": step.skill, "arguments": plain(arguments)}, error.code,
                        _sentence(error, ctx.locale), millis=_since(started))  # fmt: skip
        return _failed(error, ctx.locale, started)
    except LinghangError as error:
        if error.code == CANCELLED:
            return Done("cancelled", error=CANCELLED, millis=_since(started), begun="".join(begun[-1:]))
        return _failed(error, ctx.locale, started)
    except Exception as error:  # a foreign skill may fail in any way: that is told, and harms no other step
        log.exception("step %s failed", step.skill)
        failure = LinghangError("internal.failure", kind=type(error).__name__, reason=str(error)[:200], home="")
        return _failed(failure, ctx.locale, started)
    try:
        handed = received(step, result)
    except WrongResultError as wrong:
        return _failed(
            LinghangError("agents.wrong_result", skill=title(step.skill, ctx.locale), reason=str(wrong)[:200]),
            ctx.locale, started,
        )  # fmt: skip
    return Done("done", result, findings=_findings(result), millis=_since(started), handed=handed)


def _called(ctx: Context, plan_id: str, step: Step, arguments: Mapping[str, Json], begun: list[str]) -> Json:
    """The result of a step's skill as JSON; ``begun`` takes the campaigns that it tells of on its way."""

    def heard(told: Progress) -> None:
        if campaign := str(told.params.get("campaign") or ""):
            begun.append(campaign)
        ctx.progress(told)

    key = f"{plan_id}:{step.id}:{_mark(step)[:12]}"
    own = replace(ctx.as_agent(), idempotency_key=key, progress=heard)
    result = to_json(step.skill, call(own, step.skill, arguments))
    # Another system may answer with what this house gives to no agent.
    return result if step.skill.partition(".")[0] in rooms() else covered(result)


def _required(step: Step) -> Sequence[str]:
    return [value.step for value in step.arguments.values() if isinstance(value, Ref)]


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000


def _failed(error: LinghangError, locale: str, started: float) -> Done:
    findings = tuple({**plain(item), "message": render(item.code, item.params, locale)} for item in error.findings)
    return Done("failed", None, error.code, _sentence(error, locale), findings, _since(started))


def _sentence(error: LinghangError, locale: str) -> str:
    return render(error.code, error.params, locale)


def _findings(result: Json) -> tuple[Mapping[str, Json], ...]:
    found = result.get("findings") if isinstance(result, Mapping) else None
    return tuple(item for item in found if isinstance(item, Mapping)) if isinstance(found, list) else ()


def _filled(step: Step, done: Mapping[str, Done]) -> tuple[dict[str, Json], str]:
    """The arguments with the results that they refer to; the name of one that turned out to be empty."""
    filled: dict[str, Json] = {}
    for name, value in step.arguments.items():
        if not isinstance(value, Ref):
            filled[name] = value
            continue
        found: Json = done[value.step].result
        for key in value.path.split(".") if value.path else ():
            found = found.get(key) if isinstance(found, Mapping) else None
        if found in (None, ""):
            return {}, name
        filled[name] = found
    return filled, ""
