"""Cells of a table that would do something in a spreadsheet or on a page: counted while the table is read."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute

from linghang.base.findings import Finding, Severity
from linghang.base.hostile import CODES, FORMULA, SCRIPT
from linghang.customers.sources import Ragged, Source
from linghang.kit.context import AuditEntry, Context

pc: Any = pyarrow.compute  # its functions are made when it is imported, so no checker knows them

CODE = "customers.disarmed_cells"


@dataclass
class Watch:
    """How many such cells were read."""

    formulas: int = 0
    scripts: int = 0

    @property
    def findings(self) -> tuple[Finding, ...]:
        """One finding for all of them."""
        if not self.formulas + self.scripts:
            return ()
        return (Finding(CODE, Severity.S4, "", params={"formulas": self.formulas, "scripts": self.scripts}),)


def watched(source: Source) -> tuple[Source, Watch]:
    """The source, and what is seen in it while it is read."""
    watch = Watch()

    def blocks(ragged: Ragged) -> Iterator[pa.RecordBatch]:
        for batch in source.blocks(ragged):
            for cells in batch.columns:
                if pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type):
                    watch.formulas += pc.sum(pc.match_substring_regex(cells, FORMULA)).as_py() or 0
                    watch.scripts += pc.sum(pc.match_substring_regex(cells, SCRIPT)).as_py() or 0
            yield batch

    return replace(source, blocks=blocks), watch


def note(ctx: Context, findings: tuple[Finding, ...], about: str) -> None:
    """Say in the audit log that a table brought such cells: a line an import."""
    for one in findings:
        if one.code == CODE:
            code = CODES["formula" if one.params["formulas"] else "script"]
            told = f"{about} · {one.params['formulas']} + {one.params['scripts']}"
            ctx.audit(AuditEntry(ctx.actor.name, ctx.skill, "draft", told, code, "", ctx.now))
