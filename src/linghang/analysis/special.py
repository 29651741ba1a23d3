"""Kinds of questions with a shape of their own: effect, funnel, duration, cause of a change, shares, pacing."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from linghang.analysis.asked import Asked, Study
from linghang.analysis.cells import metric_cells, side
from linghang.analysis.cuts import PARTITIONS, attribute_of
from linghang.analysis.desk import Cells, Desk, audience, instants
from linghang.analysis.effect import RESPONSE, read_effect
from linghang.analysis.metrics import Formula, formula_of
from linghang.analysis.model import Answer, Chart, Column, Scalar, Table
from linghang.analysis.money import read_cost
from linghang.analysis.passage import read_funnel
from linghang.analysis.telling import number_of, rounded
from linghang.base.errors import RefusedError
from linghang.base.findings import Finding, Severity
from linghang.base.windows import Window

CAUSES = ("channel", "slot", "product", "campaign", "city_tier", "new_or_existing", "gender", "aum_tier")
"""Where a change is looked for, in this order."""
_MOST_CAUSES = 8
_SEEN = ("impression", "open", "touched", "click")


def uplift(desk: Desk, asked: Asked) -> Answer:
    """Treated against holdout, with the interval of the difference. Too few customers is a finding, not a zero."""
    study = _one(asked)
    effect, arms, findings = read_effect(study.bench, RESPONSE)
    lift = effect[0]
    _note_bases(desk, lift.bases)
    rows: list[tuple[Scalar, ...]] = [
        (arm.arm, arm.n, arm.conversions, rounded(arm.rate), *_if_treated(arm.arm, lift.value, lift.low, lift.high))
        for arm in arms
    ]
    columns = (
        Column("experiment_group", "dimension"), Column("customers", "figure", "count"),
        Column("responses", "figure", "count"), Column("conversion_rate", "figure", "share"),
        Column("uplift", "figure", "share"), Column("low", "figure", "share"), Column("high", "figure", "share"),
    )  # fmt: skip
    table, chart = Table(columns, tuple(rows)), Chart("bar", "experiment_group", ("conversion_rate",))
    told: dict[str, Scalar] = {"treated": rows[0][3], "holdout": rows[1][3]}
    if lift.value is None or lift.low is None or lift.high is None:
        return Answer(
            "analysis.say_too_few", {}, {}, table, Chart("bar", "experiment_group", ("conversion_rate",)), "", findings
        )
    told |= {"uplift": rows[0][4], "low": rows[0][5], "high": rows[0][6]}
    code = "analysis.say_significant" if lift.low > 0 or lift.high < 0 else "analysis.say_not_significant"
    units = {"treated": "share", "holdout": "share"}
    return Answer(code, told, units, table, replace(chart, kind="interval"), "", findings)


def _if_treated(arm: str, *values: float | None) -> tuple[float | int | None, ...]:
    return tuple(rounded(value) if arm == "treated" else None for value in values)


def funnel(desk: Desk, asked: Asked) -> Answer:
    """The steps from the audience to the response."""
    study = _one(asked)
    steps = read_funnel(study.bench, RESPONSE)
    for step in steps:
        _note_bases(desk, step.bases)
    rows: list[tuple[Scalar, ...]] = []
    before: float | None = None
    for step in steps:
        value = step.value or 0.0
        rows.append((step.name, rounded(value), rounded(value / before) if before else None))
        before = value
    columns = (
        Column("step", "dimension"), Column("customers", "figure", "count"), Column("of_before", "figure", "share"),
    )  # fmt: skip
    params = {"first": rows[0][1], "first_of": rows[0][0], "last": rows[-1][1], "last_of": rows[-1][0]}
    units = {"first": "count", "last": "count"}
    return Answer(
        "analysis.say_funnel", params, units, Table(columns, tuple(rows)), Chart("funnel", "step", ("customers",)), ""
    )


def duration(desk: Desk, asked: Asked) -> Answer:
    """Days from a customer's first sight of anything to the first response after it: exact quantiles, not means."""
    params: dict[str, Scalar] = {**instants(asked)}
    members = audience(asked, "treated")
    where = [f"name IN ({', '.join(repr(name) for name in (*_SEEN, RESPONSE))})",
             "at >= parseDateTime64BestEffort({start:String}, 6, 'UTC')",
             "at < parseDateTime64BestEffort({end:String}, 6, 'UTC')"]  # fmt: skip
    if members is not None:
        where.append("customer IN {members:Array(UInt32)}")
    products = {study.product for study in asked.scope} - {""}
    if products:
        about = ", ".join("'" + name.replace("'", "\\'") + "'" for name in (*sorted(products), ""))
        where.append(f"(name != '{RESPONSE}' OR object IN ({about}))")
    seen = " OR ".join(f"name = '{name}'" for name in _SEEN)
    inner = (
        f"SELECT customer, minIf(at, {seen}) AS first_seen, minIf(at, name = '{RESPONSE}') AS responded "
        f"FROM {desk.log} WHERE {' AND '.join(where)} GROUP BY customer "
        f"HAVING countIf({seen}) > 0 AND countIf(name = '{RESPONSE}') > 0 AND responded >= first_seen"
    )
    sql = f"SELECT dateDiff('second', first_seen, responded) / 86400 AS n FROM ({inner})"
    days = sorted(value for block in desk.events(sql, params, members) for value in block["n"])
    rows: list[tuple[Scalar, ...]] = [
        (f"P{q * 100:g}", rounded(_quantile(days, q)), len(days)) for q in asked.quantiles if days
    ]
    columns = (
        Column("quantile", "dimension"), Column("time_to_convert_days", "figure", "days"),
        Column("customers", "figure", "count"),
    )  # fmt: skip
    table = Table(columns, tuple(rows))
    if not rows:
        finding = Finding("analysis.nothing_there", Severity.S3, "table")
        return Answer("analysis.say_nothing", {}, {}, table, Chart("number"), "", (finding,))
    told: dict[str, Scalar] = {"value": rows[0][1], "quantile": rows[0][0], "customers": rows[0][2]}
    units = {"value": "days", "customers": "count"}
    return Answer("analysis.say_duration", told, units, table, Chart("bar", "quantile", ("time_to_convert_days",)), "")


def _quantile(days: list[float], q: float) -> float:
    """The nearest-rank quantile: a value that occurred."""
    return days[min(len(days) - 1, max(0, -(-int(q * len(days) * 1_000_000) // 1_000_000) - 1))]


def root_cause(desk: Desk, asked: Asked) -> Answer:
    """Where a change came from: the parts whose figures moved most, over every split that the figure allows.

    A rate's change is parted exactly: each part's numerator over the common denominator.
    """
    before = asked.before or _window_before(asked)
    formula = formula_of(asked.metrics[0] if asked.metrics else "clicks", asked.pack)
    whole = replace(asked, dimensions=())
    now, then = (
        metric_cells(desk, whole, formula).get((), 0.0),
        metric_cells(desk, whole.within(before), formula).get((), 0.0),
    )
    rows: list[tuple[Scalar, ...]] = [("", "", rounded(then), rounded(now), rounded(now - then))]
    rows += _causes(desk, asked, before, formula, now - then)[:_MOST_CAUSES]
    unit = formula.metric.unit
    columns = (
        Column("split", "dimension"), Column("part", "dimension"), Column("before", "figure", unit),
        Column(formula.metric.name, "figure", unit), Column("change", "figure", unit),
    )  # fmt: skip
    params: dict[str, Scalar] = {
        "metric": formula.metric.name, "before": rows[0][2], "value": rows[0][3], "change": rows[0][4],
    }  # fmt: skip
    code = "analysis.say_cause_none"
    if len(rows) > 1:
        params |= {"split": rows[1][0], "part": rows[1][1], "part_change": rows[1][4]}
        code = "analysis.say_cause"
    units = {name: unit for name in ("before", "value", "change", "part_change")}
    return Answer(code, params, units, Table(columns, tuple(rows)), Chart("bar", "part", ("change",)), "")


def _causes(desk: Desk, asked: Asked, before: Window, formula: Formula, change: float) -> list[tuple[Scalar, ...]]:
    found: list[tuple[Scalar, ...]] = []
    for split in asked.dimensions or CAUSES:
        if split in PARTITIONS or (split not in CAUSES[:4] and attribute_of(split, asked.pack) is None):
            continue
        parted = replace(asked, dimensions=(split,))
        try:
            one, other = _addends(desk, parted, formula), _addends(desk, parted.within(before), formula)
        except RefusedError:
            # This figure cannot be parted so; the others may still tell.
            continue
        for key in {*one, *other}:
            now, then = one.get(key, 0.0), other.get(key, 0.0)
            # Parts that moved against the change explain nothing of it.
            if (now - then) * change > 0:
                found.append((split, key[0], rounded(then), rounded(now), rounded(now - then)))
    order = {split: n for n, split in enumerate(asked.dimensions or CAUSES)}
    return sorted(found, key=lambda row: (-abs(number_of(row[4])), order[str(row[0])], str(row[1])))


def _addends(desk: Desk, asked: Asked, formula: Formula) -> Cells:
    """Parts of a figure that add up to it: of a rate, numerators over the denominator of all."""
    if not formula.denominator:
        return metric_cells(desk, asked, formula)
    above = side(desk, asked, formula.numerator, formula, "treated")
    below = side(desk, replace(asked, dimensions=()), formula.denominator, formula, "treated")
    whole = (below or {}).get((), 0.0)
    if above is None or not whole:
        raise RefusedError("analysis.cannot_split", metric=formula.metric.name, by=", ".join(asked.dimensions))
    return {key: value / whole for key, value in above.items()}


def _window_before(asked: Asked) -> Window:
    length = asked.window.end - asked.window.start
    return Window(asked.window.start - length, asked.window.start)


def contribution(desk: Desk, asked: Asked) -> Answer:
    """What each part contributes to the whole, as its share."""
    question = asked if asked.dimensions else replace(asked, dimensions=("channel",))
    formula = formula_of(asked.metrics[0] if asked.metrics else "gmv_cny", asked.pack)
    cells = _addends(desk, question, formula)
    total = sum(cells.values())
    rows: list[tuple[Scalar, ...]] = [
        (*key, rounded(value), rounded(value / total) if total else None)
        for key, value in sorted(cells.items(), key=lambda item: -item[1])
    ]
    columns = (
        *(Column(name, "dimension") for name in question.dimensions),
        Column(formula.metric.name, "figure", formula.metric.unit), Column("of_total", "figure", "share"),
    )  # fmt: skip
    table = Table(columns, tuple(rows))
    if not rows:
        finding = Finding("analysis.nothing_there", Severity.S3, "table")
        return Answer("analysis.say_nothing", {}, {}, table, Chart("number"), "", (finding,))
    place = len(question.dimensions)
    params = {"metric": formula.metric.name, "part": rows[0][0], "value": rows[0][place], "share": rows[0][place + 1]}
    units = {"value": formula.metric.unit, "share": "share"}
    return Answer(
        "analysis.say_contribution",
        params,
        units,
        table,
        Chart("bar", question.dimensions[0], (formula.metric.name,)),
        "",
    )


def pacing(desk: Desk, asked: Asked) -> Answer:
    """How fast the budget is used against how much of the time is over."""
    rows: list[tuple[Scalar, ...]] = []
    for study in asked.scope:
        bench = study.bench
        costs = read_cost(bench)
        cost = next(item for item in costs if item.name == "cost")
        _note_bases(desk, cost.bases)
        budget = int(bench.package.sections["goal"]["budget_fen"])
        length = (bench.launched.end - bench.launched.start).total_seconds()
        passed = min(max((desk.now - bench.launched.start).total_seconds() / length, 0.0), 1.0)
        spent = (cost.value or 0.0) / budget if budget else None
        rows.append((study.id, budget, rounded(cost.value), rounded(spent), rounded(passed)))
    columns = (
        Column("campaign", "dimension"), Column("budget", "figure", "fen"), Column("cost_cny", "figure", "fen"),
        Column("spent", "figure", "share"), Column("elapsed", "figure", "share"),
    )  # fmt: skip
    first = rows[0]
    params = {"cost": first[2], "budget": first[1], "spent": first[3], "elapsed": first[4]}
    units = {"cost": "fen", "budget": "fen", "spent": "share", "elapsed": "share"}
    return Answer(
        "analysis.say_pacing",
        params,
        units,
        Table(columns, tuple(rows)),
        Chart("bar", "campaign", ("spent", "elapsed")),
        "",
    )


def _one(asked: Asked) -> Study:
    if not asked.scope:
        raise RefusedError("analysis.nothing_launched")
    return asked.scope[0]


def _note_bases(desk: Desk, bases: tuple[object, ...]) -> None:
    for base in bases:
        for part in getattr(base, "parts", ()):
            desk.note(part.query)


KINDS: Mapping[str, Callable[[Desk, Asked], Answer]] = {
    "uplift": uplift,
    "funnel": funnel,
    "duration": duration,
    "root_cause": root_cause,
    "contribution": contribution,
    "pacing": pacing,
}
