"""Who must approve a package: a chain of steps by level, amount, product and severity of findings.

A step is a role; each is taken by another person, and by nobody who had a hand in the document. ``floor_of`` is what
the house always asks, recomputed from the package itself whenever a signature is used; a pack may only ask for more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linghang.campaigns.model import Package
from linghang.packs.asking import ApprovalRule
from linghang.packs.model import Pack

SECOND_FROM_FEN = 500_000_000
"""From ¥5 M on (and at level S) two people must approve, one of them of compliance."""
THIRD_FROM_FEN = 2_000_000_000
"""From ¥20 M on a second approver joins them."""

FLOOR: tuple[ApprovalRule, ...] = (
    ApprovalRule("compliance", levels=("S",)),
    ApprovalRule("compliance", from_fen=SECOND_FROM_FEN),
    ApprovalRule("compliance", kinds=("credit", "insurance")),
    ApprovalRule("compliance", risks=("R4", "R5")),
    ApprovalRule("approver", from_fen=THIRD_FROM_FEN, count=2),
)
"""What the house asks. Where none of these holds, one reviewer of either role is enough. An institution that wants
compliance to see whatever a person must judge says so in its pack: ``{role: compliance, severities: [S3]}``."""
HOLDERS: Mapping[str, frozenset[str]] = {
    "reviewer": frozenset({"approver", "compliance"}),
    "approver": frozenset({"approver"}),
    "compliance": frozenset({"compliance"}),
}
"""Step → the roles of users who may take it."""
SHORT = ("reviewer",)
"""The chain of the short path: one person, for a change that touches no promise (see ``shortening``)."""


@dataclass(frozen=True)
class Weight:
    """What decides on the chain. ``severities`` are those of compliance findings that a person must judge."""

    level: str
    amount_fen: int
    kind: str
    risk: str
    severities: frozenset[str]


def weight_of(package: Package, pack: Pack | None = None) -> Weight:
    """The weight of a package. The product's risk is known to its pack only; without one, to no rule."""
    goal = package.sections["goal"]
    product = next((item for item in pack.products if item.id == goal["product"]), None) if pack else None
    assets: Sequence[Mapping[str, Any]] = package.sections["compliance"]["assets"]
    severities = frozenset(str(finding["severity"]) for asset in assets for finding in asset["findings"])
    return Weight(
        str(goal["level"]), int(goal["budget_fen"]), str(goal["product_kind"]), product.risk if product else "",
        severities,
    )  # fmt: skip


def floor_of(package: Package, pack: Pack | None = None) -> tuple[str, ...]:
    """The steps that the house always asks for."""
    return _chain(FLOOR, weight_of(package, pack))


def chain_of(package: Package, pack: Pack) -> tuple[str, ...]:
    """The steps that a package needs by the house and by its institution."""
    return _chain((*FLOOR, *pack.approvals), weight_of(package, pack))


def _chain(rules: Iterable[ApprovalRule], weight: Weight) -> tuple[str, ...]:
    most: dict[str, int] = {}
    for rule in rules:
        if _holds(rule, weight):
            most[rule.role] = max(most.get(rule.role, 0), rule.count)
    if set(most) & {"compliance", "approver"}:
        # Whoever judges the words does not decide on the money as well.
        most["approver"] = max(most.get("approver", 0), 1)
    # Any named role is a reviewer too: reviewers are added only as far as there are not enough of those.
    named = most.get("compliance", 0) + most.get("approver", 0)
    most["reviewer"] = max(most.get("reviewer", 0), 1) - named
    return tuple(role for role in ("compliance", "approver", "reviewer") for _ in range(max(0, most.get(role, 0))))


def _holds(rule: ApprovalRule, weight: Weight) -> bool:
    return (
        (not rule.levels or weight.level in rule.levels)
        and weight.amount_fen >= rule.from_fen
        and (not rule.kinds or weight.kind in rule.kinds)
        and (not rule.risks or weight.risk in rule.risks)
        and (not rule.severities or bool(weight.severities & set(rule.severities)))
    )


def left(chain: Sequence[str], taken: Iterable[str]) -> tuple[str, ...]:
    """The steps of a chain that nobody has taken yet."""
    rest = list(chain)
    for step in taken:
        if step in rest:
            rest.remove(step)
    return tuple(rest)


def step_for(chain: Sequence[str], taken: Iterable[str], roles: Iterable[str]) -> str:
    """The step that somebody of these roles takes next; empty when none is theirs."""
    held = set(roles)
    return next((step for step in left(chain, taken) if held & HOLDERS.get(step, frozenset())), "")


def covers(taken: Sequence[str], floor: Sequence[str]) -> bool:
    """Whether steps that were taken, each by another person, are at least those of a floor.

    A reviewer's step is covered by any other, a named role only by itself.
    """
    rest = list(taken)
    for step in sorted(floor, key=lambda step: step == "reviewer"):
        fit = next((item for item in rest if step in (item, "reviewer")), None)
        if fit is None:
            return False
        rest.remove(fit)
    return True
