"""Questions put together from figures, splits, filters, days and wishes read as they were put together."""

from collections import Counter

from evals.reading_questions import MAKERS, TODAY, questions, wrong
from linghang.packs import Pack
from linghang.reading import read


def test_questions_of_every_kind_read_as_they_were_made(demo: Pack) -> None:
    asked, failed = Counter[str](), dict[str, object]()
    missed = Counter[str]()
    for kind, text, expected, _ in questions(480, 2026):
        asked[kind] += 1
        if found := wrong(text, expected, demo):
            failed[text] = found
            missed[kind] += 1
    assert asked.keys() == MAKERS.keys()
    assert len(failed) <= 5, failed
    assert max(missed.values(), default=0) <= 2, failed


def test_every_value_of_a_question_has_words_behind_it(demo: Pack) -> None:
    for _, text, _, _ in questions(120, 7):
        found = read(text, today=TODAY, pack=demo)
        if found.kind == "analysis":
            assumed = {item.key for item in found.assumptions} | {"missing", "flags"}
            told = {key for key, value in found.reading.items() if value not in ([], None)} - assumed
            assert told <= {key.split("[")[0] for key in found.spans}, text
