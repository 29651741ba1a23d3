"""The grid of changes (``edit_grid``): a sample of its cells, the same each time, reads as its steps say."""

import datetime as dt
import json
import random
from typing import Any

import pytest
from edit_grid import BASE, Cell, sum_cells
from edit_grid_rest import row_cells, several_cells

from linghang.base.patches import apply
from linghang.packs import Pack
from linghang.reading import read
from linghang.reading.gaps import missing

TODAY = dt.date(2026, 11, 23)
SUMS, ROWS, SEVERAL = list(sum_cells()), list(row_cells()), list(several_cells())
SAMPLE = 150


def _plain(value: Any) -> Any:
    """A value in which lists are sets and what is empty is not there."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items() if each != []}
    if isinstance(value, list):
        return sorted(json.dumps(_plain(each), sort_keys=True, ensure_ascii=False) for each in value)
    return value


def _wrong(cell: Cell, pack: Pack) -> str:
    """What is wrong with the reading of a cell, empty when nothing is."""
    after = dict(apply(BASE, list(cell.steps))[0])
    after["missing"] = missing({key: value for key, value in after.items() if value != []})
    found = read(cell.text, today=TODAY, pack=pack, after=BASE)
    if found.kind != "edit":
        return f"{cell.text} → {found.kind}"
    return "" if _plain(after) == _plain(dict(found.reading)) else f"{cell.text} → {[*found.patch]}"


@pytest.mark.parametrize("cells", [SUMS, ROWS, SEVERAL], ids=["sums", "rows", "several"])
def test_sampled_cells_of_the_grid_are_read_as_their_steps_say(cells: list[Cell], demo: Pack) -> None:
    sample = random.Random(6).sample(cells, min(SAMPLE, len(cells)))
    assert [wrong for cell in sample if (wrong := _wrong(cell, demo))] == []


def test_the_grid_has_every_act_of_every_sum_in_three_scripts() -> None:
    acts = {(cell.key, cell.lang): set() for cell in SUMS}
    for cell in SUMS:
        acts[cell.key, cell.lang].add(cell.act)
    least = {"set", "to_up", "to_down", "raise", "lower", "halve", "double", "not_but", "pronoun", "stays"}
    assert all(least <= found for found in acts.values())
    assert {lang for _, lang in acts} == {"zh", "hant", "en"}
