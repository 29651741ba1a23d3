"""Answers: metrics over dimensions as a table, a chart of it, and a sentence whose numbers are the table's cells."""

from collections.abc import Sequence
from dataclasses import replace

from linghang.analysis import special
from linghang.analysis.asked import Asked
from linghang.analysis.cells import metric_cells
from linghang.analysis.desk import Cells, Desk
from linghang.analysis.metrics import Formula, formula_of
from linghang.analysis.model import Answer, Chart, Column, Scalar, Table
from linghang.analysis.telling import number_of, rounded, say
from linghang.base.errors import RefusedError
from linghang.base.findings import Finding, Severity

NOT_COVERED = frozenset({"forecast", "validation", "recommendation", "cohort"})
"""Kinds that ask for more than a reading of the past; they are refused, not imitated."""


def answer(desk: Desk, asked: Asked) -> Answer:
    """The answer to a question. Raises RefusedError where nothing here can answer it, with what to ask instead."""
    if asked.kind in NOT_COVERED:
        raise RefusedError("analysis.not_covered", kind=asked.kind)
    if asked.kind in special.KINDS:
        return _with_findings(special.KINDS[asked.kind](desk, asked), desk, asked.findings)
    if asked.metrics == ("time_to_convert_days",):
        return _with_findings(special.duration(desk, asked), desk, asked.findings)
    if not asked.metrics:
        return _with_findings(special.funnel(desk, asked), desk, asked.findings)
    question = _shaped(asked)
    formulas = tuple(formula_of(name, asked.pack) for name in question.metrics)
    table, findings = _table(desk, question, formulas)
    made = Answer("", {}, {}, table, _chart(question, table), "", findings)
    code, params = say(question, table)
    return _with_findings(replace(made, sentence=code, params=params), desk, asked.findings)


def _shaped(asked: Asked) -> Asked:
    """The question with the dimension that its kind implies."""
    if asked.kind == "trend" and "date" not in asked.dimensions and "hour" not in asked.dimensions:
        return replace(asked, dimensions=(*asked.dimensions, "date"))
    return asked


def _table(desk: Desk, asked: Asked, formulas: Sequence[Formula]) -> tuple[Table, tuple[Finding, ...]]:
    columns = [Column(name, "dimension", "date" if name == "date" else "text") for name in asked.dimensions]
    by_metric: list[Cells] = []
    findings: list[Finding] = []
    for formula in formulas:
        columns.append(Column(formula.metric.name, "figure", formula.metric.unit))
        by_metric.append(metric_cells(desk, asked, formula))
        findings.extend(_caveats(formula, asked))
        if asked.before is not None:
            columns += [
                Column("before", "figure", formula.metric.unit, {"metric": formula.metric.name}),
                Column("change", "figure", formula.metric.unit, {"metric": formula.metric.name}),
            ]
            earlier = metric_cells(desk, asked.within(asked.before), formula)
            by_metric += [earlier, _changes(by_metric[-1], earlier)]
    keys = sorted({key for cells in by_metric for key in cells})
    rows = [(*key, *(rounded(cells.get(key)) for cells in by_metric)) for key in keys]
    table = Table(tuple(columns), tuple(_ordered(rows, asked, formulas)))
    if not table.rows:
        findings.append(Finding("analysis.nothing_there", Severity.S3, "table"))
    return table, tuple(findings)


def _changes(now: Cells, before: Cells) -> Cells:
    return {key: now.get(key, 0.0) - before.get(key, 0.0) for key in {*now, *before}}


def _ordered(rows: list[tuple[Scalar, ...]], asked: Asked, formulas: Sequence[Formula]) -> list[tuple[Scalar, ...]]:
    """In order of time where there is one, of bins where they are numbers, else by the first figure."""
    place = len(asked.dimensions)
    first = asked.dimensions[0] if asked.dimensions else ""
    if first in ("date", "hour", "aum_tier", "coupon_face_value", "city_tier"):
        rows.sort(key=lambda row: tuple(_sortable(str(cell)) for cell in row[:place]))
    elif asked.dimensions:
        up = asked.order in ("asc", "ascending") or (not asked.order and formulas[0].metric.better == "down")
        rows.sort(key=lambda row: (row[place] is None, number_of(row[place]) * (1 if up else -1), row[:place]))
    return rows[: asked.top] if asked.top else rows


def _sortable(text: str) -> tuple[int, float, str]:
    head = text.partition("–")[0] if "–" in text else text
    try:
        return (0, float(head or "-inf"), text)
    except ValueError:
        return (2 if text == "?" else 1, 0.0, text)


def _caveats(formula: Formula, asked: Asked) -> list[Finding]:
    """What must be known of a figure: what it leaves out, or that it is credited and not caused."""
    sources = {term.source for term in (*formula.numerator, *formula.denominator)}
    findings: list[Finding] = []
    if "cost" in sources and {"channel", "slot"} & {*asked.dimensions, *asked.native}:
        findings.append(Finding("analysis.benefits_not_by_channel", Severity.S4, formula.metric.name))
    if "experiment" in sources and "channel" in asked.dimensions:
        findings.append(Finding("analysis.credited_not_caused", Severity.S3, formula.metric.name))
    return findings


def _chart(asked: Asked, table: Table) -> Chart:
    figures = tuple(column.name for column in table.columns if column.kind == "figure" and column.name != "change")
    if not asked.dimensions:
        return Chart("number", "", figures)
    kind = "line" if asked.dimensions[0] in ("date", "hour") else "bar"
    return Chart(kind, asked.dimensions[0], figures)


def _with_findings(made: Answer, desk: Desk, findings: Sequence[Finding]) -> Answer:
    units = {column.name: column.unit for column in made.table.columns}
    return replace(
        made, units={**made.units, **units}, query=";\n".join(desk.statements), findings=(*findings, *made.findings)
    )
