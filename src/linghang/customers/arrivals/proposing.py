"""A proposal of what a table means: which column fills which field, of what kind it is, and how sure that is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute
from rapidfuzz import fuzz

from linghang.base.errors import UsageError
from linghang.base.findings import Finding, Severity
from linghang.customers.arrivals import kinds
from linghang.customers.arrivals.kinds import Look
from linghang.customers.arrivals.mapping import DAYS_SINCE, ID, NEEDED, OUTCOME, ColumnMap, Subject, TableMap, fields_of
from linghang.customers.model import Column
from linghang.customers.outcomes import SPELLINGS
from linghang.customers.parsing import words_of
from linghang.customers.schema import columns_of
from linghang.customers.sources import Ragged, Source
from linghang.packs.model import Attribute, Pack

pc: Any = pyarrow.compute  # its functions are made when it is imported, so no checker knows them

SAMPLE = 100_000
_SURE = 0.62
_BUT_FOR = 0.92
_FEN = re.compile(r"分\)?$|(?:^|_)fen$|cents?$", re.IGNORECASE)
_MONEY = re.compile(r"元|金额|余额|资产|收入|amount|amt|balance|income|yuan|cny|fen$", re.IGNORECASE)
_ASKED = re.compile(r"^(?:是否|是不是|有没有|有无|is|has)已?|(?:标志|标识|标记|与否|flag|yn)$")
"""How names of yes-or-no columns ask: 是否代发, 代发标志, is_payroll."""
_DATED = re.compile(r"(?:日期|时间|日|date|day|time|at|on)$")
_COUNTED = re.compile(r"^(?:距|dayssince)|(?:天数|时长|days)$")
"""How names of days end (注册日期), and what is said around the same of how many days ago it was (注册天数)."""
_LAST = re.compile(r"^(?:最近一次|最近|最后一次|最后|上一次|上次|末次)")
_DAY = Column("", "date", "")
_MOSTLY = 0.5
_DAYS_UNITS = ("天", "日", "day", "days")
_HOLDINGS: Mapping[str, tuple[str, ...]] = {
    ID: SPELLINGS[ID],
    "product": ("product", "product_id", "prod", "产品", "产品编号", "产品代码"),
    "kind": ("kind", "product_kind", "type", "产品类型", "类型"),
    "amount": ("amount", "balance", "amount_yuan", "金额", "余额", "持仓金额", "市值"),
    "since": ("since", "start", "open_date", "购买日期", "起息日", "开户日期"),
    "active": ("active", "holding", "是否持有", "在持"),
}


@dataclass(frozen=True)
class Proposal:
    """A drafted mapping with a note beside each column, what each column looks like, and what to look at."""

    mapped: TableMap
    looks: tuple[Look, ...]
    notes: Mapping[str, str]
    sure: Mapping[str, float]
    """How sure the meaning of a mapped column is, 0 … 1; one that somebody chose is not in it."""
    rows: int
    """Rows that were looked at."""
    findings: tuple[Finding, ...]
    sample: pa.Table


def propose(
    pack: Pack, source: Source, *, table: Subject | None = None, format: str = "", given: TableMap | None = None,
    choices: Mapping[str, str] | None = None, most: int = SAMPLE,
) -> Proposal:  # fmt: skip
    """Draft the mapping of a table from its first rows, or look at the table with the mapping that is ``given``.

    ``choices`` (column → field, or nothing to leave it out) beat both; ``most`` rows are looked at. Raises
    UsageError("customers.bad_choice").
    """
    read = {finding.code: str(finding.params.get("found", "")) for finding in source.findings}
    sample = _sample(source, most)
    looks = [kinds.look(name, sample[name].combine_chunks(), rows=sample.num_rows) for name in sample.column_names]
    subject = table or _subject(pack, source.columns, looks)
    chosen = _customers(pack, sample, looks) if subject == "customers" else _named(subject, looks)
    mapped = TableMap(
        subject,
        tuple(_mapped(pack, subject, look, chosen[look.name][0], sample) for look in looks if look.name in chosen),
        format=format,
        encoding=read.get("customers.other_encoding", "utf-8"),
        delimiter=read.get("customers.other_delimiter", ","),
        unknown=tuple(dict.fromkeys((*pack.customers.unknown, "", *(t.lower() for one in looks for t in one.nothing)))),
        ignored=tuple(look.name for look in looks if look.name not in chosen),
    )
    mapped = _as_chosen(pack, given or mapped, looks, choices or {}, sample)
    findings = [*source.findings, *_findings(pack, mapped, looks)]
    meant = {(one.source, one.field) for one in mapped.columns}
    sure = {name: score for name, (field, score) in chosen.items() if (name, field) in meant}
    notes = {look.name: _note(look, sure.get(look.name)) for look in looks}
    return Proposal(mapped, tuple(looks), notes, sure, sample.num_rows, tuple(findings), sample)


def _as_chosen(
    pack: Pack, mapped: TableMap, looks: Sequence[Look], choices: Mapping[str, str], sample: pa.Table
) -> TableMap:
    """The mapping with some columns as somebody chose; a field has one column, so that another one loses it."""
    known = {look.name: look for look in looks}
    fields = fields_of(pack, mapped.table)
    columns = {one.source: one for one in mapped.columns}
    for name, field in choices.items():
        if name not in known or (field and field not in fields):
            raise UsageError("customers.bad_choice", column=name, field=field)
        columns = {source: one for source, one in columns.items() if source != name and one.field != field}
        if field:
            columns[name] = _mapped(pack, mapped.table, known[name], field, sample)
    ordered = (columns[name] for name in known if name in columns)
    others = tuple(one for source, one in columns.items() if source not in known)
    return replace(mapped, columns=(*ordered, *others), ignored=tuple(name for name in known if name not in columns))


def _sample(source: Source, most: int) -> pa.Table:
    parts: list[pa.RecordBatch] = []
    count = 0
    for batch in source.blocks(Ragged()):
        parts.append(batch.slice(0, most - count))
        count += parts[-1].num_rows
        if count >= most:
            break
    if not parts:
        return pa.table({name: pa.array([], pa.string()) for name in source.columns})
    return pa.Table.from_batches(parts)


def _subject(pack: Pack, columns: Sequence[str], looks: Sequence[Look]) -> Subject:
    plain = {_plain(name) for name in columns}

    def has(spellings: Sequence[str]) -> bool:
        return any(_plain(one) in plain for one in spellings)

    names = {event.name for event in pack.events}
    tells = has(SPELLINGS["name"][:2]) or any(names & set(look.common) for look in looks)
    if has(SPELLINGS[ID]) and has(SPELLINGS["at"]) and tells:
        return "events"
    if has(SPELLINGS[ID]) and has(_HOLDINGS["product"]) and (has(_HOLDINGS["amount"]) or has(_HOLDINGS["since"])):
        return "holdings"
    return "customers"


def _named(subject: Subject, looks: Sequence[Look]) -> dict[str, tuple[str, float]]:
    """Columns of events and holdings, known by their names."""
    spellings = SPELLINGS if subject == "events" else _HOLDINGS
    scored = [
        (score, look.name, field)
        for look in looks
        for field, names in spellings.items()
        if (score := _likeness(look.name, names)) >= _SURE
    ]
    return _assigned(scored)


def _customers(pack: Pack, sample: pa.Table, looks: Sequence[Look]) -> dict[str, tuple[str, float]]:
    attributes = {attribute.name: attribute for attribute in pack.attributes}
    scored: list[tuple[float, str, str]] = []
    for look in looks:
        values = _values(sample, look.name)
        whole = look.missing == 0 and look.distinct == look.rows and look.kind in ("text", "integer")
        ids = (*SPELLINGS[ID], *((pack.customers.id_column,) if pack.customers.id_column else ()))
        # An id is complete and unlike any other; a column that only looks so is not called one.
        scored.append((_likeness(look.name, ids) * (1.0 if whole else 0.7), look.name, ID))
        if pack.customers.outcome_column:
            scored.append((_likeness(look.name, (pack.customers.outcome_column,)), look.name, OUTCOME))
        for column in columns_of(pack):
            attribute = attributes[column.name]
            names = (column.name, column.source, attribute.label.zh, attribute.label.en, *attribute.words)
            if _counts_days(attribute) and _dated(look, values):
                scored.append((_alike(_DATED, look.name, _COUNTED, names), look.name, column.name))
                continue
            likeness = _likeness(look.name, names)
            if column.storage == "bool":
                likeness = max(likeness, _alike(_ASKED, look.name, _ASKED, names))
            scored.append((_score(look, column, values, likeness), look.name, column.name))
    return _assigned([one for one in scored if one[0] >= _SURE])


def _counts_days(attribute: Attribute) -> bool:
    return attribute.kind == "integer" and attribute.unit in _DAYS_UNITS


def _dated(look: Look, values: pa.Array) -> bool:
    """Whether a column holds days, some of them perhaps impossible ones."""
    return look.kind == "date" or (look.kind == "text" and kinds.fit(values.slice(0, 5000), _DAY) >= _MOSTLY)


def _alike(around: re.Pattern[str], name: str, around_others: re.Pattern[str], spellings: Sequence[str]) -> float:
    """How surely a name is one of the spellings but for what is said around them: a little less than the very name."""
    core = _LAST.sub("上次", around.sub("", _plain(name)))
    others = (_LAST.sub("上次", around_others.sub("", _plain(one))) for one in spellings)
    return _BUT_FOR if core and core in others else 0.0


def _score(look: Look, column: Column, values: pa.Array, likeness: float) -> float:
    """How likely a column fills a field: by its name, and by whether its values are such as the field takes."""
    said = {text.lower() for text in look.common}
    listed = set(words_of(column.choices)) if column.choices else set[str]()
    if listed and len(said) >= 2 and said <= listed and look.distinct <= len(look.common):
        return max(likeness, 0.66 if len(said) >= 3 else 0.63 * likeness)
    if likeness < _SURE or not len(values):
        return likeness
    form = replace(column, format=look.format if column.storage == "date" else "", low=None, high=None)
    fits = kinds.fit(values.slice(0, 5000), form)
    # A table may write its choices in a way of its own: the name is believed, and the values are told of.
    return likeness if column.choices else likeness * (0.5 + 0.5 * fits)


def _assigned(scored: list[tuple[float, str, str]]) -> dict[str, tuple[str, float]]:
    """The best field of each column and the best column of each field, surest first."""
    found: dict[str, tuple[str, float]] = {}
    taken: set[str] = set()
    for score, name, field in sorted(scored, key=lambda one: (-one[0], one[1], one[2])):
        if name not in found and field not in taken:
            found[name] = (field, round(score, 2))
            taken.add(field)
    return found


def _likeness(name: str, spellings: Sequence[str]) -> float:
    mine = _plain(name)
    best = 0.0
    for one in spellings:
        other = _plain(one)
        if not mine or not other:
            continue
        if mine == other:
            return 1.0
        # Two characters of Chinese are a whole word: only long names are alike by their letters.
        if min(len(mine), len(other)) >= (3 if not mine.isascii() else 5):
            best = max(best, fuzz.ratio(mine, other) / 100 * 0.9)
    return best


def _plain(name: str) -> str:
    """A name without case, spaces, marks and the unit behind it."""
    return re.sub(r"[\s_\-./]|[((][^))]*[))]$", "", name).lower()


def _values(sample: pa.Table, name: str) -> pa.Array:
    text = pc.utf8_trim_whitespace(pc.fill_null(pc.cast(sample[name].combine_chunks(), pa.string()), ""))
    return text.filter(pc.invert(pc.is_in(pc.utf8_lower(text), value_set=pa.array(kinds.NOTHING))))


def _mapped(pack: Pack, subject: Subject, look: Look, field: str, sample: pa.Table) -> ColumnMap:
    known = {column.name: column for column in columns_of(pack)}
    storage = known[field].storage if subject == "customers" and field in known else ""
    money = storage == "money" or (field == "amount" and subject != "customers")
    counted = storage == "integer" and _dated(look, _values(sample, look.name))
    form = look.format if storage == "date" or counted or (field == "since" and subject == "holdings") else ""
    unit = "fen" if money and _FEN.search(look.name) else ""
    return ColumnMap(look.name, field, unit=unit, format=form, counts=DAYS_SINCE if counted else "")


def _findings(pack: Pack, mapped: TableMap, looks: Sequence[Look]) -> list[Finding]:
    by_name = {look.name: look for look in looks}
    found: list[Finding] = []
    have = {one.field for one in mapped.columns}
    lacking = [name for name in NEEDED[mapped.table] if name not in have]
    if lacking:
        found.append(_say("customers.mapping_lacks", Severity.S2, table=mapped.table, missing=", ".join(lacking)))
    known = {column.name: column for column in columns_of(pack)}
    labels = {attribute.name: attribute.label for attribute in pack.attributes}
    for one in mapped.columns:
        if one.source not in by_name:
            found.append(_say("customers.column_not_there", Severity.S2, column=one.source))
            continue
        look, column = by_name[one.source], known.get(one.field)
        if look.forms and one.format:
            found.append(
                _say("customers.day_unclear", Severity.S3, column=one.source, form=one.format, other=look.forms[0])
            )
        if one.counts:
            label = labels[one.field]
            say = {"field": one.field, "label": label.zh, "label_en": label.en}
            found.append(_say("customers.days_counted", Severity.S4, column=one.source, **say))
        if column is not None and column.choices:
            words = words_of(column.choices)
            strange = [text for text in look.common if text.lower() not in words]
            if strange:
                said = ", ".join(str(choice.value) for choice in column.choices[:20])
                found.append(
                    _say(
                        "customers.values_unmapped",
                        Severity.S3,
                        column=one.source,
                        values=", ".join(strange[:8]),
                        have=said,
                    )
                )
    left = [name for name in mapped.ignored if by_name[name].missing < by_name[name].rows]
    if left:
        found.append(
            _say("customers.columns_unmapped", Severity.S4, columns=", ".join(left[:20]), count=str(len(left)))
        )
    return found


def _kind_of(look: Look) -> str:
    return "money" if look.kind in ("number", "integer") and _MONEY.search(look.name) else look.kind


def _note(look: Look, sure: float | None) -> str:
    missing = f"{100 * look.missing / look.rows:.3g}%" if look.rows else "—"
    parts = [_kind_of(look), f"{look.distinct} values", f"{missing} missing"]
    if look.fits < 1:
        parts.append(f"{100 * (1 - look.fits):.2g}% do not fit")
    if sure is not None:
        parts.insert(0, f"{sure:.2f}")
    return "; ".join(parts)


def _say(code: str, severity: Severity, **params: str) -> Finding:
    return Finding(code, severity, params.get("column", ""), params=params)
