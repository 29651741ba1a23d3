"""Size, members, and what each condition removes."""

import datetime as dt

from linghang.audiences.index.bits import Numbers
from linghang.audiences.index.nodes import Bits, Node, all_of, inverse
from linghang.audiences.index.opened import Index
from linghang.audiences.index.running import bitset, numbers
from linghang.audiences.index.running import count as count_node
from linghang.base.findings import Finding
from linghang.base.predicates import Combination, Predicate, Rule
from linghang.campaigns.sections import Step
from linghang.customers.catalogue import resolve


def count(rule: Rule | None, index: Index, today: dt.date | None = None) -> int:
    """How many customers satisfy a rule, exactly (None: all). Windows end with ``today``, by default the data's day.

    Raises RefusedError("audiences.bad_rule") with a finding for every predicate that has no meaning here.
    """
    return count_node(index.plan(rule, today), index.words)


def members(rule: Rule | None, index: Index, today: dt.date | None = None) -> Numbers:
    """The dense numbers of those customers, ascending."""
    return numbers(index.plan(rule, today), index.words)


def waterfall(rule: Rule, index: Index, today: dt.date | None = None) -> tuple[Step, ...]:
    """What each condition of a conjunction leaves and removes, in order; the first step is all customers.

    ``unknown`` of a step counts the removed whose value is not known, so that they can be looked at.
    """
    day = today or index.as_of
    steps = [Step(None, index.population, 0)]
    so_far = bitset(index.plan(None), index.words)
    for part in conditions(rule):
        before = Bits(so_far)
        so_far = bitset(all_of((before, index.plan(part, day))), index.words)
        remaining = count_node(Bits(so_far), index.words)
        lacking = _unknown(part, index)
        unknown = count_node(all_of((before, lacking, inverse(Bits(so_far)))), index.words) if lacking else 0
        steps.append(Step(part, remaining, steps[-1].remaining - remaining, unknown))
    return tuple(steps)


def conditions(rule: Rule) -> tuple[Rule, ...]:
    """The conditions that a rule adds one after another: the parts of a conjunction, nested ones in their order."""
    if isinstance(rule, Combination) and rule.how == "all":
        return tuple(part for inner in rule.parts for part in conditions(inner))
    return (rule,)


def _unknown(part: Rule, index: Index) -> Node | None:
    if not isinstance(part, Predicate):
        return None
    test = resolve(part, index.catalogue)
    if isinstance(test, Finding) or not test.field.unknown:
        return None
    return inverse(index.known(test.field))
