"""No model may lower a measure of reading: bad ones beside the embedded mind, over labelled sentences, key by key."""

from evals.reading_minds import compare
from evals.sets import DATA, load


def test_no_bad_model_lowers_any_key() -> None:
    cases = load(DATA / "reading_blind_a.jsonl")
    names = {case["id"] for case in cases}
    some = [case for case in cases if case["kind"] != "edit" or case["after"] in names][::4]
    known = cases
    alone, lowered = compare(some, known)
    assert len(alone) > 15
    assert lowered == []


def test_the_comparison_would_see_a_mind_that_lowers() -> None:
    """The scorer itself is able to fail: a second mind that invents a value is seen in its key."""
    from dataclasses import replace  # noqa: PLC0415

    from evals.reading_minds import figures, score  # noqa: PLC0415

    cases = load(DATA / "reading_blind_a.jsonl")[:20]
    alone = figures(score(cases, cases))
    bad = figures(score(cases, cases, after_reading=lambda _text, told: replace(
        told, reading={**told.reading, "objective": "brand"})))  # fmt: skip
    assert bad["objective"] < alone["objective"]
