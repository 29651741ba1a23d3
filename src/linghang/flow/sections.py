"""How each section is made: a few lines a section that call the rooms and join what they say."""

from linghang import audiences, benefits, compliance, customers, estimates, experiments, pages, placements
from linghang import reading as readings
from linghang.base.digest import digest
from linghang.base.findings import Finding, Severity
from linghang.base.patches import apply
from linghang.campaigns import sections as values
from linghang.campaigns import store
from linghang.creatives import combinations as mixing
from linghang.creatives import copy as writing
from linghang.flow import documents, pictures, review
from linghang.flow.goal import set_goal
from linghang.flow.graph import Look, Made
from linghang.kit import files
from linghang.kit.context import Context
from linghang.packs.model import Benefit, Pack


def reading(ctx: Context, look: Look) -> Made:
    """The sentence read on the day it was said, then every later edit in turn."""
    brief: values.Brief = look["brief"]
    told = readings.read(brief.text, today=brief.today, pack=look.pack)
    said = dict(told.reading)
    for edit in brief.edits:
        said, _ = apply(said, edit.patch)
        said = readings.settle(said, edit.patch)
    spans = {key: tuple(tuple(span) for span in found) for key, found in told.spans.items()}
    return Made(values.ReadingValue(told.kind, said, spans, told.confidence))  # type: ignore[arg-type]


def goal(ctx: Context, look: Look) -> Made:
    """The reading with every blank filled from the pack."""
    brief: values.Brief = look["brief"]
    value, findings = set_goal(look["reading"].reading, text=brief.text, today=brief.today, pack=look.pack)
    return Made(value, findings)


def plans(ctx: Context, look: Look) -> Made:
    """Three plans side by side, each allocated within its budget and estimated."""
    stock = benefits.stock_left(ctx.db, ctx.institution_id)
    made, findings = benefits.alternatives(
        look["goal"], look["layers"], look["audience"], look.pack, stock=stock if stock.pools else None
    )
    known = store.all_outcomes(ctx.db, ctx.institution_id)
    figured = estimates.with_figures(made, look["goal"], look["layers"], look.pack, outcomes=known, seed=ctx.seed)
    return Made(figured, findings)


def allocation(ctx: Context, look: Look) -> Made:
    """The allocation of the plan that the operator takes."""
    chosen = look["choice"].plan
    return Made(next(item.allocation for item in look["plans"].alternatives if item.id == chosen))
