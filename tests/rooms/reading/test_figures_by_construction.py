"""Figures of customers put together from fields, comparisons, sums and carriers read as they were put together."""

from evals.reading_figures import FIELDS, sentences, wrong
from linghang.packs import Pack


def test_figures_of_every_field_read_as_they_were_made(demo: Pack) -> None:
    seen, failed = set[str](), dict[str, object]()
    for name, text, shape, _ in sentences(300, 2026):
        seen.add(name)
        if found := wrong(text, shape, demo):
            failed[text] = found
    assert seen == FIELDS.keys()
    assert len(failed) <= 2, failed
