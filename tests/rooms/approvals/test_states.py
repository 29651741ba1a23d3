"""The state machine: no path reaches a launch without enough approvals, whatever is tried in whatever order."""

import datetime as dt
import tempfile
from pathlib import Path

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from approvals import samples as x
from linghang import access, approvals
from linghang.approvals import Keys
from linghang.approvals.model import Entry, Kind
from linghang.approvals.states import STEPS, fold, follow
from linghang.base.errors import ForbiddenError, RefusedError
from linghang.campaigns.model import Status
from linghang.kit.database import metadata, open_database

KINDS: tuple[Kind, ...] = tuple(Kind.__args__)  # type: ignore[attr-defined]


def entry(kind: Kind, actor: str, needed: int) -> Entry:
    return Entry(0, kind, "cmp_1", "p" * 64, 1, actor, x.NOW, needed=needed, makers=("operator",))


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(("a", "b", "c"))), max_size=30), st.integers(1, 2))
def test_only_enough_different_people_open_the_way(steps: list[tuple[Kind, str]], needed: int) -> None:
    standing = fold(())
    approvers: set[str] = set()
    for kind, actor in steps:
        try:
            following = follow(standing, entry(kind, actor, needed))
        except RefusedError:
            assert kind not in STEPS[standing.status]
            continue
        if kind == "approved":
            approvers.add(actor)
        if kind in ("submitted", "rejected", "withdrawn"):
            approvers.clear()
        if following.status in (Status.APPROVED, Status.RUNNING):
            assert len(approvers) >= needed
        standing = following


def test_nothing_follows_the_end() -> None:
    assert all(not STEPS[status] for status in (Status.ENDED, Status.CANCELLED))
    assert set(STEPS) == set(Status)


class Life(RuleBasedStateMachine):
    """Anybody tries anything in any order, on a real database."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name)
        self.db: sa.Engine = open_database(path / "app.db")
        metadata.create_all(self.db)
        access.seed(self.db, "demo", x.NOW)
        self.keys = Keys(path)
        self.document = x.stored(self.db)
        self.package = x.package(self.document)
        self.minutes = 0
        self.genuine = False

    def now(self) -> dt.datetime:
        self.minutes += 1
        return x.NOW + dt.timedelta(minutes=self.minutes)

    @rule()
    def submit(self) -> None:
        before = approvals.status(self.db, "demo", self.document.id)
        try:
            approvals.submit(
                self.db, self.document, self.package, x.PACK, actor=x.actor("operator"), now=self.now(), today=x.TODAY
            )
            self.genuine = self.genuine and before is not Status.REJECTED
        except RefusedError:
            assert before not in (Status.DRAFT, Status.REJECTED, Status.IN_REVIEW)

    @rule(who=st.sampled_from(("approver", "compliance", "operator", "designer")))
    def approve(self, who: str) -> None:
        try:
            approvals.approve(self.db, self.keys, self.package, actor=x.actor(who), now=self.now())
            assert who in ("approver", "compliance")
            self.genuine = True
        except (RefusedError, ForbiddenError):
            pass

    @rule(who=st.sampled_from(("approver", "operator")))
    def reject(self, who: str) -> None:
        try:
            approvals.reject(self.db, self.package, actor=x.actor(who), now=self.now(), comment="no")
            assert who == "approver"
            self.genuine = False
        except (RefusedError, ForbiddenError):
            pass

    @rule(kind=st.sampled_from([kind for kind in KINDS if kind not in ("rejected",)]))
    def step(self, kind: Kind) -> None:
        try:
            approvals.record(self.db, self.package, kind, actor=x.actor("operator"), now=self.now())
            assert kind not in ("approved", "submitted")
            if kind == "withdrawn":
                self.genuine = False
        except RefusedError:
            pass

    @invariant()
    def signed_only_if_approved(self) -> None:
        stands = approvals.standing(self.db, "demo", self.package.hash).status
        try:
            approvals.signed(self.db, self.keys, self.package)
            assert self.genuine
            assert stands in (Status.APPROVED, Status.RUNNING, Status.PAUSED)
        except RefusedError:
            assert stands not in (Status.APPROVED, Status.RUNNING, Status.PAUSED)

    @precondition(lambda self: self.minutes % 5 == 0)
    @invariant()
    def chained(self) -> None:
        assert approvals.verify(self.db, "demo").intact

    def teardown(self) -> None:
        self.db.dispose()
        self.folder.cleanup()


TestLife = Life.TestCase
TestLife.settings = __import__("hypothesis").settings(max_examples=12, stateful_step_count=15, deadline=None)
