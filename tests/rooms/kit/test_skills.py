"""Skills: arguments, rights, idempotency, audit, and what an agent may not do."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from linghang.base.errors import ConflictError, ForbiddenError, UnknownItemError, UsageError
from linghang.kit.context import AuditEntry, Context
from linghang.kit.skills import all_skills, call, find, skill
from linghang.testing.contexts import context

RIGHTS = ("till.read", "till.pay")
PAID: list[int] = []


@dataclass(frozen=True)
class Receipt:
    """What was paid, and how many payments there have been."""

    fen: int
    number: int


@skill("till.look", effect="read", permission="till.read")
def look(ctx: Context, name: str, depth: int = 1) -> str:
    """Look."""
    return name * depth


@skill("till.pay", effect="commit", permission="till.pay")
def pay(ctx: Context, fen: int) -> Receipt:
    """Pay once."""
    PAID.append(fen)
    return Receipt(fen, len(PAID))


@skill("till.rows", effect="read", permission="till.read", data="rows")
def rows(ctx: Context) -> list[str]:
    """Customers' rows."""
    return ["c1"]


@pytest.fixture(autouse=True)
def _nothing_paid() -> None:
    PAID.clear()


def test_arguments_are_checked_before_anything_runs(tmp_path: Path) -> None:
    ctx = context(tmp_path, rights=RIGHTS)
    assert call(ctx, "till.look", {"name": "a", "depth": 2}) == "aa"
    with pytest.raises(UsageError, match="skill.bad_arguments") as refused:
        call(ctx, "till.pay", {"fen": "much", "to": "me"})
    assert {finding.params["argument"] for finding in refused.value.findings} == {"fen", "to"}
    assert PAID == []


def test_a_missing_right_is_refused_and_audited(tmp_path: Path) -> None:
    audit: list[AuditEntry] = []
    ctx = context(tmp_path, rights=["till.read"], audit=audit)
    with pytest.raises(ForbiddenError, match="access.no_right"):
        call(ctx, "till.pay", {"fen": 1})
    assert [(entry.skill, entry.outcome) for entry in audit] == [("till.pay", "access.no_right")]
    assert PAID == []


def test_a_key_pays_once_and_never_for_something_else(tmp_path: Path) -> None:
    ctx = context(tmp_path, rights=RIGHTS, key="k1")
    first = call(ctx, "till.pay", {"fen": 5})
    assert call(ctx, "till.pay", {"fen": 5}) == first == Receipt(5, 1)
    assert PAID == [5]
    with pytest.raises(ConflictError, match="skill.key_reused"):
        call(ctx, "till.pay", {"fen": 6})


def test_reads_leave_no_audit_and_commits_do(tmp_path: Path) -> None:
    audit: list[AuditEntry] = []
    ctx = context(tmp_path, rights=RIGHTS, audit=audit)
    call(ctx, "till.look", {"name": "a"})
    call(ctx, "till.pay", {"fen": 1})
    assert [(entry.skill, entry.outcome) for entry in audit] == [("till.pay", "done")]


def test_an_agent_reads_aggregates_and_commits_only_what_a_person_confirmed(tmp_path: Path) -> None:
    agent = context(tmp_path, rights=RIGHTS).as_agent()
    assert call(agent, "till.look", {"name": "a"}) == "a"
    with pytest.raises(ForbiddenError, match="access.rows_not_for_agents"):
        call(agent, "till.rows", {})
    with pytest.raises(ForbiddenError, match="access.agent_needs_approval"):
        call(agent, "till.pay", {"fen": 1})
    assert call(replace(agent, approved=frozenset({"till.pay"})), "till.pay", {"fen": 1}).fen == 1


def test_unknown_skills_name_the_nearest() -> None:
    with pytest.raises(UnknownItemError) as refused:
        find("till.lok")
    assert "till.look" in str(refused.value.params["near"])


def test_every_registered_skill_has_a_description_and_a_schema() -> None:
    for found in all_skills():
        assert found.manifest.description, found.manifest.name
        assert found.schema()["type"] == "object"
