"""The audience and its layers, as sections of the document."""

from dataclasses import replace

import numpy as np

from linghang import audiences, customers, estimates
from linghang.audiences import Index
from linghang.audiences.index.bits import Words
from linghang.base.findings import Finding, Severity
from linghang.base.predicates import Combination, Predicate, Rule
from linghang.campaigns.sections import Audience, Goal, Layer, Layers, Step
from linghang.flow.graph import Made
from linghang.kit.context import Context
from linghang.packs.model import Pack, Playbook, Product

PAST_DAYS = 180
"""How far back a layer's own responses are looked at."""


def address(ctx: Context, pack: Pack, rule: Rule, product: Product | None, channels: tuple[str, ...]) -> Made:
    """The section ``audience``. A rule that means nothing here, or that nobody satisfies, stops the walk (S1)."""
    wrong = tuple(
        replace(finding, severity=Severity.S1) if finding.severity is Severity.S2 else finding
        for finding in audiences.validate(rule, pack)
    )
    index = audiences.current_index(ctx, pack)
    if any(finding.severity is Severity.S1 for finding in wrong):
        empty = Combination("any", ())
        return Made(_section(ctx, index, pack, empty, np.zeros(index.words, np.uint64), ()), wrong)
    said = audiences.Said(customers.register_of(ctx.db, ctx.institution_id), ctx.now)
    done = audiences.screen(rule, index, pack, product=product, channels=channels, today=ctx.today, said=said)
    made = _section(ctx, index, pack, rule, done.allowed, audiences.waterfall(rule, index, ctx.today))
    made = replace(made, matched=done.matched, removed=done.removed, reach=dict(done.reach))
    findings = [*wrong, *_unknowns(made)]
    if not made.matched:
        findings.append(_nobody(rule, index))
    elif not made.count:
        worst = max(made.removed, key=lambda item: item.count)
        params = {"matched": made.matched, "reason": worst.code, "count": worst.count}
        findings.append(Finding("audience.all_removed", Severity.S1, "audience", params=params))
    return Made(made, tuple(findings))


def _section(ctx: Context, index: Index, pack: Pack, rule: Rule, allowed: Words, steps: tuple[Step, ...]) -> Audience:
    members = audiences.numbers_of(allowed)
    return Audience(
        rule=rule,
        base=index.population,
        matched=len(members),
        count=len(members),
        steps=steps,
        removed=(),
        profile=audiences.profile_of(allowed, index, audiences.default_dimensions(pack, index)),
        reach={},
        snapshot=audiences.snapshot(ctx.home, members),
        generation=index.label,
        as_of=ctx.now,
    )


def _unknowns(audience: Audience) -> list[Finding]:
    """A finding for each condition that leaves out customers of whom nothing is known, with how many."""
    return [
        Finding(
            "audience.unknown_other_side",
            Severity.S4,
            f"audience.{step.rule.field}",
            params={"field": step.rule.field, "count": step.unknown},
        )
        for step in audience.steps
        if isinstance(step.rule, Predicate) and step.unknown
    ]


def _nobody(rule: Rule, index: Index) -> Finding:
    """Which condition, left out, would bring back the most customers."""
    parts = audiences.conditions(rule)
    without = [
        (audiences.count(Combination("all", tuple(other for other in parts if other is not part)), index), part)
        for part in parts
    ]
    count, widest = max(without, key=lambda pair: pair[0], default=(0, None))
    name = widest.field if isinstance(widest, Predicate) else ""
    return Finding("audience.zero", Severity.S1, "audience", params={"widest": name, "count": count})


def cut(ctx: Context, pack: Pack, audience: Audience, goal: Goal, playbook: Playbook | None) -> Made:
    """The section ``layers``: disjoint, covering, with snapshots and the response usual without contact."""
    index = audiences.current_index(ctx, pack)
    bits = audiences.of_numbers(audiences.load(ctx.home, audience.snapshot), index.words)
    attribute, cuts = (playbook.layer_by, playbook.cuts) if playbook is not None else ("", ())
    found = audiences.layers(bits, index, pack, attribute=attribute, cuts=cuts)
    members = [audiences.layer_members(layer, bits, index) for layer in found.layers]
    responders = _responders(ctx, pack, index)
    past = [(_size(bitset & responders), layer.count) for layer, bitset in zip(found.layers, members, strict=True)]
    ground, source = estimates.ground_rate(goal.objective, goal.product, goal.product_kind, pack)
    rates = estimates.layer_rates(ground, past)
    made = tuple(
        _with_members(ctx, layer, bitset, rate)
        for layer, bitset, rate in zip(found.layers, members, rates, strict=True)
    )
    findings = [] if source else [Finding("layers.no_history", Severity.S3, "layers", params={"product": goal.product})]
    if len(made) < 3:
        findings.append(Finding("layers.too_few", Severity.S4, "layers", params={"count": len(made)}))
    return Made(Layers(found.attribute, made), tuple(findings))


def _with_members(ctx: Context, layer: Layer, bits: Words, rate: float) -> Layer:
    return replace(layer, snapshot=audiences.snapshot(ctx.home, audiences.numbers_of(bits)), base_rate=round(rate, 6))


def _responders(ctx: Context, pack: Pack, index: Index) -> Words:
    """Who responded before: by the table's own outcomes where it has them, else who bought anything lately."""
    table = audiences.sources_of(ctx).customers.history_table
    if table:
        rows = ctx.analytics.query(f"SELECT customer FROM {table} WHERE outcome ORDER BY customer")
        return audiences.of_numbers(rows["customer"].to_numpy(), index.words)
    if not any(event.name == "purchase" for event in pack.events):
        return np.zeros(index.words, np.uint64)
    bought = Predicate("purchase", "exists", window_days=PAST_DAYS)
    return audiences.bitset(index.plan(bought), index.words)


def _size(bits: Words) -> int:
    return int(np.bitwise_count(bits).sum())
