"""What it did: the report of a campaign and answers to questions, recomputed from ledgers and events whenever asked.

``report`` reads a launched package; every figure carries the statements and the formula that made it, and ``recompute``
proves it. Too few customers is a finding, not a zero.
"""

from linghang.analysis.bench import Bench, recompute
from linghang.analysis.groups import Groups
from linghang.analysis.model import (
    Answer,
    Arm,
    Base,
    Channel,
    Chart,
    Column,
    Day,
    Layer,
    Part,
    Report,
    Table,
    Told,
    VariantRead,
)
from linghang.analysis.report import bench_of, outcome_of, read_out, report, sentence, write_outcome

__all__ = [
    "Answer",
    "Arm",
    "Base",
    "Bench",
    "Channel",
    "Chart",
    "Column",
    "Day",
    "Groups",
    "Layer",
    "Part",
    "Report",
    "Table",
    "Told",
    "VariantRead",
    "bench_of",
    "outcome_of",
    "read_out",
    "recompute",
    "report",
    "sentence",
    "write_outcome",
]
