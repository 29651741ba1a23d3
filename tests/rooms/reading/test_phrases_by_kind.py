"""Days, money, exclusions, goals, offers and limits in the words of operators, each inside one short brief."""

from evals.reading_phrases import phrases, wrong
from linghang.packs import Pack


def test_every_phrase_is_read_and_nothing_beside_it(demo: Pack) -> None:
    failed = {text: found for _, text, wanted, _ in phrases() if (found := wrong(text, wanted, demo))}
    assert not failed
