"""Cells that a spreadsheet would calculate are told as text; numbers stay numbers."""

import csv
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from linghang.audiences.exports import export
from linghang.base.cells import cell

FORMULAS = ("=1+1", "=cmd|' /C calc'!A0", "+SUM(A1)", "-2+3", "@SUM(1)", "\t=1", "\r=1", '＝HYPERLINK("http://x")')


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_are_text(text: str) -> None:
    assert cell(text).startswith("'")
    assert cell(text)[1:].split() == text.split()


@pytest.mark.parametrize("text", ["", "C0000001", "-12.5", "+3", "普通文字", "a=b", "1,234"])
def test_everything_else_stays_what_it_is(text: str) -> None:
    assert cell(text) == text


def test_an_export_of_members_holds_no_formula(tmp_path: Path) -> None:
    members = np.arange(len(FORMULAS), dtype=np.uint32)
    export(members, tmp_path / "out.csv", "csv", lambda some: pa.array([FORMULAS[int(n)] for n in some]))
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = [row[0] for row in csv.reader(file)][1:]
    assert rows == [cell(text) for text in FORMULAS]
    assert not [row for row in rows if row.startswith(("=", "+", "-", "@", "\t", "＝"))]
