"""Words that every room shares: money, findings, ids, digests, errors, windows, predicates, patches, records."""

from linghang.base.digest import canonical_json, digest
from linghang.base.findings import Finding, Fix, Severity
from linghang.base.ids import new_id
from linghang.base.money import Money
from linghang.base.predicates import Combination, Predicate, Rule
from linghang.base.records import DecisionRecord, Event, LayerRecord, Outcome, SendRecord
from linghang.base.windows import Window

__all__ = [
    "Combination",
    "DecisionRecord",
    "Event",
    "Finding",
    "Fix",
    "LayerRecord",
    "Money",
    "Outcome",
    "Predicate",
    "Rule",
    "SendRecord",
    "Severity",
    "Window",
    "canonical_json",
    "digest",
    "new_id",
]
