"""What an answer says in one sentence: a message code, and cells of its table. No number is made here."""

from collections.abc import Callable, Mapping

from linghang.analysis.asked import Asked
from linghang.analysis.model import Scalar, Table


def say(asked: Asked, table: Table) -> tuple[str, dict[str, Scalar]]:
    """The sentence of a table: a code, and cells of the table."""
    place = len(asked.dimensions)
    if not table.rows or all(row[place] is None for row in table.rows):
        return "analysis.say_nothing", {}
    metric = table.columns[place].name
    return SENTENCES[_shape_of(asked, table)](metric, table, place)


def _shape_of(asked: Asked, table: Table) -> str:
    if not asked.dimensions:
        return "change" if asked.before is not None else "one"
    if asked.dimensions[0] in ("date", "hour") and len(table.rows) > 1:
        return "trend"
    return "parts" if len(table.rows) > 1 else "only"


def _say_one(metric: str, table: Table, place: int) -> tuple[str, dict[str, Scalar]]:
    return "analysis.say_one", {"metric": metric, "value": table.rows[0][place]}


def _say_change(metric: str, table: Table, place: int) -> tuple[str, dict[str, Scalar]]:
    value, before, change = table.rows[0][place : place + 3]
    direction = number_of(change)
    code = "analysis.say_up" if direction > 0 else "analysis.say_down" if direction < 0 else "analysis.say_same"
    return code, {"metric": metric, "value": value, "before": before, "change": change}


def _say_trend(metric: str, table: Table, place: int) -> tuple[str, dict[str, Scalar]]:
    told = [row for row in table.rows if row[place] is not None]
    peak = max(told, key=lambda row: number_of(row[place]))
    return "analysis.say_trend", {
        "metric": metric, "first": told[0][place], "first_at": told[0][0], "last": told[-1][place],
        "last_at": told[-1][0], "peak": peak[place], "peak_at": peak[0],
    }  # fmt: skip


def _say_parts(metric: str, table: Table, place: int) -> tuple[str, dict[str, Scalar]]:
    told = [row for row in table.rows if row[place] is not None]
    best, worst = max(told, key=lambda row: number_of(row[place])), min(told, key=lambda row: number_of(row[place]))
    return "analysis.say_parts", {
        "metric": metric, "most": best[place], "most_of": best[0], "least": worst[place], "least_of": worst[0],
    }  # fmt: skip


def _say_only(metric: str, table: Table, place: int) -> tuple[str, dict[str, Scalar]]:
    return "analysis.say_only", {"metric": metric, "value": table.rows[0][place], "of": table.rows[0][0]}


SENTENCES: Mapping[str, Callable[[str, Table, int], tuple[str, dict[str, Scalar]]]] = {
    "one": _say_one,
    "change": _say_change,
    "trend": _say_trend,
    "parts": _say_parts,
    "only": _say_only,
}


def rounded(value: float | None) -> float | int | None:
    """A number as a cell: whole where it is whole, else with six decimals."""
    if value is None:
        return None
    return int(value) if float(value).is_integer() else round(value, 6)


def number_of(value: Scalar) -> float:
    """The number of a cell, 0 for what is none."""
    return float(value) if isinstance(value, int | float) else 0.0
