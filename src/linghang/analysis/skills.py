"""Skills of analysis: questions in words over the catalogue's metrics and dimensions."""

from collections.abc import Mapping
from typing import Any

from linghang import approvals, audiences, delivery, packs
from linghang import reading as readings
from linghang.analysis import words
from linghang.analysis.answering import answer
from linghang.analysis.asked import Asked, Numbers, Study, resolve
from linghang.analysis.desk import Desk
from linghang.analysis.model import Answer
from linghang.analysis.report import bench_of
from linghang.base.digest import plain
from linghang.base.errors import RefusedError
from linghang.base.messages import render
from linghang.base.predicates import Rule
from linghang.campaigns import store
from linghang.campaigns.store import section_type
from linghang.kit.context import Context
from linghang.kit.skills import skill

Json = Any


@skill("analysis.ask", effect="read", permission="analysis.read", cost="medium",
       example={"question": "各渠道的点击率对比"}, needs={"question": "words"}, makes="analysis.answer")  # fmt: skip
def ask(ctx: Context, question: str) -> Mapping[str, Json]:
    """Answer a question over the metrics and dimensions: a sentence, a table, what to draw, and the statements."""
    pack = packs.load(ctx.pack)
    told = readings.ask(question, today=ctx.today, pack=pack)
    if told.kind != "analysis":
        raise RefusedError("analysis.not_a_question", kind=told.kind, question=question[:80])
    studies = all_studies(ctx)
    asked = resolve(told.reading, pack, studies, today=ctx.today, members_of=lambda rule: _members(ctx, rule))
    made = answer(Desk(ctx.db, ctx.analytics, ctx.institution_id, pack, ctx.now), asked)
    return {"kind": "analysis", "reading": plain(told.reading), **shown(ctx, asked, made, studies)}


def all_studies(ctx: Context) -> tuple[Study, ...]:
    """Every campaign that was launched, the latest first, ready to be read."""
    pack = packs.load(ctx.pack)
    found: list[Study] = []
    for launched in delivery.listing(ctx.db, ctx.institution_id):
        package = store.package(ctx.db, ctx.institution_id, launched.package)
        approvals.must_match(package)
        layers = section_type("layers").validate_python(package.sections["layers"])
        members = {layer.id: audiences.load(ctx.home, layer.snapshot) for layer in layers.layers}
        bench = bench_of(ctx.db, ctx.analytics, package, pack, launched, members)
        found.append(Study(str(package.sections["goal"]["name"]), bench))
    return tuple(found)


def _members(ctx: Context, rule: Rule) -> Numbers:
    index = audiences.current_index(ctx, packs.load(ctx.pack))
    return audiences.numbers_of(audiences.bitset(index.plan(rule), index.words))


def shown(ctx: Context, asked: Asked, made: Answer, studies: tuple[Study, ...]) -> dict[str, Json]:
    """An answer for the wire: names and sentences in the caller's language beside the raw numbers."""
    pack, locale = asked.pack, ctx.locale
    columns = made.table.columns
    rows = [
        [
            words.value_name(column.name if column.name != "part" else str(row[0]), cell, pack, studies, locale)
            if column.kind == "dimension" and column.unit != "date" and column.name != "split"
            else words.heading(type(column)(str(cell), "dimension"), pack, locale)
            if column.name == "split" and cell
            else cell
            for column, cell in zip(columns, row, strict=True)
        ]
        for row in made.table.rows
    ]
    return {
        "sentence": words.sentence(made, pack, studies, locale),
        "table": {
            "columns": [words.heading(column, pack, locale) for column in columns],
            "names": [column.name for column in columns],
            "units": [column.unit if column.kind == "figure" else "" for column in columns],
            "rows": rows,
        },
        "chart": plain(made.chart),
        "query": made.query,
        "window": [asked.window.start.isoformat(), asked.window.end.isoformat()],
        "campaigns": [{"id": study.id, "name": study.name} for study in asked.scope],
        "findings": [
            {**plain(finding), "message": render(finding.code, finding.params, locale)} for finding in made.findings
        ],
    }
