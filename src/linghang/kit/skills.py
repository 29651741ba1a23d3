"""Skills: typed functions with a manifest, found by name and called through the same wrappers from every door.

A skill's first argument is the ``Context``; its other arguments are its schema, its docstring its description.
Wrapped around every call: arguments checked, right checked, idempotency (for ``commit``), audit.
"""

import inspect
import itertools
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, create_model
from rapidfuzz import process

from linghang.base import personal
from linghang.base.digest import canonical_json, digest, plain
from linghang.base.errors import ConflictError, ForbiddenError, LinghangError, UnknownItemError, UsageError
from linghang.base.findings import Finding, Severity
from linghang.base.hostile import CODES, hostile
from linghang.kit.context import AuditEntry, Context
from linghang.kit.database import Instant, metadata
from linghang.kit.invalid import findings_of

Effect = Literal["read", "draft", "commit"]
Function = TypeVar("Function", bound=Callable[..., Any])

calls = sa.Table(
    "skill_call",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("skill", sa.String(80), nullable=False),
    sa.Column("arguments", sa.String(64), nullable=False),
    sa.Column("result", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)


@dataclass(frozen=True)
class Manifest:
    """What a skill declares about itself.

    ``effect``: read tells, draft changes documents, commit spends or sends. ``durable``: long work that a door
    starts in the durable runner and that continues after a crash. ``data``: whether it returns aggregates or
    customers' rows (agents get aggregates only).

    For planning: ``needs`` maps an argument to the type of value that fills it (``words``, ``campaign.id`` …);
    ``makes`` maps the types that the result is or holds to where in it they stand (empty: the whole); ``says`` are
    sentences in which people ask for it.
    """

    name: str
    effect: Effect
    permission: str
    version: str
    cost: Literal["low", "medium", "high"]
    deterministic: bool
    cacheable: bool
    durable: bool
    data: Literal["aggregate", "rows"]
    description: str
    example: Mapping[str, Any]
    needs: Mapping[str, str] = field(default_factory=dict)
    makes: Mapping[str, str] = field(default_factory=dict)
    says: tuple[str, ...] = ()
    origin: Literal["", "openapi", "mcp"] = ""
    """What described it, where it was made from a description."""


@dataclass(frozen=True)
class Skill:
    """A function with its manifest and the model that checks its arguments."""

    manifest: Manifest
    function: Callable[..., Any]
    arguments: type[BaseModel]
    result: TypeAdapter[Any]

    def schema(self) -> dict[str, Any]:
        """The JSON schema of the arguments."""
        return self.arguments.model_json_schema()


_registry: dict[str, Skill] = {}
_changes = itertools.count(1)
_change = 0
LARGEST = 2**63 - 1
"""The largest whole number that an argument may be: what databases keep."""


def skill(
    name: str,
    *,
    effect: Effect,
    permission: str,
    version: str = "1",
    cost: Literal["low", "medium", "high"] = "low",
    deterministic: bool = True,
    cacheable: bool = False,
    durable: bool = False,
    data: Literal["aggregate", "rows"] = "aggregate",
    example: Mapping[str, Any] | None = None,
    needs: Mapping[str, str] | None = None,
    makes: str | Mapping[str, str] = "",
    says: Iterable[str] = (),
) -> Callable[[Function], Function]:
    """Declare the function below as a skill. Its name is ``room.verb``; a second one of that name is refused."""

    def register(function: Function) -> Function:
        whole = ({makes: ""} if makes else {}) if isinstance(makes, str) else dict(makes)
        manifest = Manifest(
            name, effect, permission, version, cost, deterministic, cacheable, durable, data,
            inspect.getdoc(function) or "", dict(example or {}), dict(needs or {}), whole, tuple(says),
        )  # fmt: skip
        add(Skill(manifest, function, _arguments_of(name, function), _result_of(function)))
        return function

    return register


def add(made: Skill) -> None:
    """Register a skill that was made from a description (an OpenAPI operation, a tool of an MCP server).

    Raises ValueError when another skill has its name, or when it ``needs`` an argument that it does not take.
    """
    name = made.manifest.name
    if name in _registry and _registry[name].function.__qualname__ != made.function.__qualname__:
        raise ValueError(f"two skills are called {name}")
    if strange := set(made.manifest.needs) - set(made.arguments.model_fields):
        raise ValueError(f"{name} needs what it does not take: {', '.join(sorted(strange))}")
    _registry[name] = made
    _changed()


def remove(name: str) -> None:
    """Forget a skill that was added from a description."""
    if _registry.pop(name, None) is not None:
        _changed()


def _changed() -> None:
    global _change  # noqa: PLW0603 - the registry is one per process
    _change = next(_changes)


def change() -> int:
    """A number that is another one after every skill that comes or goes: doors that are open look at it."""
    return _change


def _arguments_of(name: str, function: Callable[..., Any]) -> type[BaseModel]:
    hints = inspect.get_annotations(function, eval_str=True)
    fields: dict[str, Any] = {}
    for parameter in list(inspect.signature(function).parameters.values())[1:]:
        default = ... if parameter.default is inspect.Parameter.empty else parameter.default
        fields[parameter.name] = (hints[parameter.name], default)
    return create_model(name.replace(".", "_"), __config__=ConfigDict(extra="forbid"), **fields)


def _result_of(function: Callable[..., Any]) -> TypeAdapter[Any]:
    return TypeAdapter(inspect.get_annotations(function, eval_str=True).get("return", Any))


def all_skills() -> tuple[Skill, ...]:
    """Every registered skill, by name."""
    return tuple(_registry[name] for name in sorted(_registry))


def known(name: str) -> bool:
    """Whether there is a skill of a name."""
    return name in _registry


def find(name: str) -> Skill:
    """The skill of a name. Raises UnknownItemError with the nearest names."""
    found = _registry.get(name)
    if found is None:
        near = ", ".join(match for match, _, _ in process.extract(name, list(_registry), limit=3))
        raise UnknownItemError("skill.unknown", name=name, near=near)
    return found


def call(ctx: Context, name: str, arguments: Mapping[str, Any]) -> Any:
    """Run a skill as every door does, and return its typed result.

    Raises UsageError for wrong arguments, ForbiddenError without the right, ConflictError when an idempotency key
    is used again for other arguments, and whatever the skill raises. Everything but reads is audited, refusals too.
    """
    found = find(name)
    checked = _check(found, arguments)
    mark = digest({key: value for key, value in arguments.items() if value is not None})
    try:
        _authorise(ctx, found)
        at_work = replace(ctx, skill=name, campaign=_campaign_in(arguments) or ctx.campaign)
        result = _once(at_work, found, _covered(found, checked), mark)
    except LinghangError as error:
        if found.manifest.effect != "read" or isinstance(error, ForbiddenError):
            _audit_hostile(ctx, found, arguments)
            _audit(ctx, found, arguments, error.code)
        raise
    if found.manifest.effect != "read":
        _audit_hostile(ctx, found, arguments)
        _audit(ctx, found, arguments, "done", result)
    return result


WORDS = frozenset(("text", "title", "note", "comment", "reason", "reasons", "conditions"))
"""Arguments that are free words, and are kept as they are said: in documents, conversations, comments."""


def _covered(found: Skill, checked: Mapping[str, Any]) -> Mapping[str, Any]:
    """Arguments without personal numbers in what people wrote: no campaign, comment or conversation needs a phone.

    What is about single customers (``data="rows"``) is kept sealed, and documents are the institution's own.
    """
    manifest = found.manifest
    if manifest.effect == "read" or manifest.data == "rows" or manifest.name.startswith("knowledge."):
        return checked
    return {key: _without_numbers(value) if key in WORDS else value for key, value in checked.items()}


def _without_numbers(told: Any) -> Any:
    if isinstance(told, str):
        return personal.covered(told, strict=True)
    return [_without_numbers(one) for one in told] if isinstance(told, list) else told


def _campaign_in(arguments: Mapping[str, Any]) -> str:
    """The campaign that arguments name, if they do."""
    named = (arguments.get(key) for key in ("campaign", "campaign_id", "id"))
    return next((value for value in named if isinstance(value, str) and value.startswith("cmp_")), "")


def to_json(name: str, result: Any) -> Any:
    """A skill's result as JSON types."""
    return plain(result) if not isinstance(result, BaseModel) else find(name).result.dump_python(result, mode="json")


def _check(found: Skill, arguments: Mapping[str, Any]) -> dict[str, Any]:
    try:
        model = found.arguments.model_validate(dict(arguments))
    except ValidationError as error:
        findings = findings_of(error.errors(), found.manifest.name)
        allowed = ", ".join(found.arguments.model_fields)
        raise UsageError("skill.bad_arguments", findings, skill=found.manifest.name, allowed=allowed) from error
    told = {key: getattr(model, key) for key in found.arguments.model_fields}
    for key, value in told.items():
        if isinstance(value, int) and not -LARGEST <= value <= LARGEST:
            # No ledger can hold it: said here once, instead of in every room that asks a database.
            params = {"argument": key, "problem": f"-{LARGEST} … {LARGEST}"}
            finding = Finding("skill.bad_argument", Severity.S2, found.manifest.name, params=params)
            allowed = ", ".join(found.arguments.model_fields)
            raise UsageError("skill.bad_arguments", (finding,), skill=found.manifest.name, allowed=allowed)
    return told


def _authorise(ctx: Context, found: Skill) -> None:
    manifest = found.manifest
    if manifest.permission and manifest.permission not in ctx.actor.rights:
        raise ForbiddenError(
            "access.no_right", actor=ctx.actor.name, permission=manifest.permission, skill=manifest.name
        )
    if manifest.effect not in ctx.actor.effects:
        may = ", ".join(sorted(ctx.actor.effects))
        raise ForbiddenError(
            "access.no_effect", actor=ctx.actor.name, effect=manifest.effect, skill=manifest.name, may=may
        )
    if ctx.actor.kind == "agent":
        if manifest.data == "rows":
            raise ForbiddenError("access.rows_not_for_agents", skill=manifest.name)
        if manifest.effect == "commit" and manifest.name not in ctx.approved:
            raise ForbiddenError("access.agent_needs_approval", skill=manifest.name)


def _once(ctx: Context, found: Skill, checked: Mapping[str, Any], mark: str) -> Any:
    if found.manifest.effect != "commit" or not ctx.idempotency_key:
        return found.function(ctx, **checked)
    where = (calls.c.institution_id == ctx.institution_id) & (calls.c.key == ctx.idempotency_key)
    with ctx.db.connect() as connection:
        earlier = connection.execute(sa.select(calls).where(where)).one_or_none()
    if earlier is not None:
        if (earlier.skill, earlier.arguments) != (found.manifest.name, mark):
            raise ConflictError("skill.key_reused", key=ctx.idempotency_key, skill=earlier.skill)
        return found.result.validate_python(json.loads(earlier.result))
    result = found.function(ctx, **checked)
    with ctx.db.begin() as connection:
        connection.execute(
            calls.insert()
            .prefix_with("OR IGNORE", dialect="sqlite")
            .values(
                institution_id=ctx.institution_id,
                key=ctx.idempotency_key,
                skill=found.manifest.name,
                arguments=mark,
                result=canonical_json(result),
                at=ctx.now,
            )
        )
    return result


SECRET_ARGUMENTS = frozenset(("password", "old"))
"""Arguments that not even a digest is kept of: a digest of something short can be guessed."""


def _audit_hostile(ctx: Context, found: Skill, arguments: Mapping[str, Any]) -> None:
    """A formula or a script among the words of a write is disarmed where it leaves, and said here: a line a write."""
    kind = hostile(dict(arguments))
    if kind is not None:
        _audit(ctx, found, arguments, CODES[kind])


def _audit(ctx: Context, found: Skill, arguments: Mapping[str, Any], outcome: str, result: object = None) -> None:
    told = {key: value for key, value in arguments.items() if key not in SECRET_ARGUMENTS}
    about = next((str(told[key]) for key in ("id", "campaign_id", "package", "name") if told.get(key)), "")
    made = result.get("id") if isinstance(result, Mapping) else None
    if about in ("", "last") and isinstance(made, str):
        # What was made, or which one the last was.
        about = made
    ctx.audit(
        AuditEntry(ctx.actor.name, found.manifest.name, found.manifest.effect, about, outcome, digest(told), ctx.now)
    )
