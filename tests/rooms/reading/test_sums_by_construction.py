"""Sums of money put together from spellings, ways of telling and carriers read as they were put together."""

from evals.reading_sums import MAKERS, sentences, wrong
from linghang.packs import Pack


def test_sums_of_every_class_read_as_they_were_made(demo: Pack) -> None:
    seen, failed = set[str](), dict[str, object]()
    for name, text, wanted, _ in sentences(300, 2026):
        seen.add(name)
        if found := wrong(name, text, wanted, demo):
            failed[text] = found
    assert seen == MAKERS.keys()
    assert len(failed) <= 2, failed
