"""Sample designs exist for every product kind that can be rated: the copy bank may change, rounds must not stop."""

import pytest

from linghang import packs
from linghang.creatives.samples import sample_specs


@pytest.mark.parametrize(
    "product", ["wealth", "fund", "deposit", "gold", "insurance", "credit", "payments", "membership"]
)
def test_a_kind_has_titles_without_facts(product: str) -> None:
    specs = sample_specs(packs.load("demo"), "lively", product, "splash")
    assert specs
    assert all("{" not in line and "<" not in line for spec in specs for line in spec.words.title)
