"""Does a connected model ever lower a reading? Every set is read by the embedded mind, then with bad models beside it.

``linghang eval reading_minds [FILE.jsonl …]``: for each bad model every key's score must be equal or better. The models
are the library's test models: garbage, silence, inventions for every slot, the operator's own words with wrong values, and
words of a neighbouring slot; each once as it is (a proposal is only asked) and once trusted in every slot.
"""

import json
import random
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from evals.reading import SETS, TODAY, Score, score
from evals.sets import load, sets
from linghang import packs
from linghang.agents.arbitration import SLOTS, Proposals, Proposed, arbitrate
from linghang.kit.asking import parse
from linghang.packs.model import Pack
from linghang.reading import Reading
from linghang.testing.models import GARBAGE, FakeModel

INVENTED: Mapping[str, Any] = {
    "product": "fund", "channels": ["sms", "push"], "audience": [{"field": "age", "op": "gte", "value": 65}],
    "schedule": {"start": "2027-01-01", "end": "2027-02-01"}, "start": "2027-01-01", "budget": 99_000_000,
}  # fmt: skip


def inventor(text: str, missing: Sequence[str]) -> list[dict[str, Any]]:
    """A value for every slot that is asked, resting on the whole sentence."""
    return [{"slot": slot, "value": INVENTED.get(slot), "quote": text} for slot in missing]


def quoter(text: str, missing: Sequence[str]) -> list[dict[str, Any]]:
    """Wrong values resting on words that do stand there."""
    pick = random.Random(text)
    found = []
    for slot in missing:
        for _ in range(6):
            start = pick.randrange(max(len(text) - 1, 1))
            found.append({"slot": slot, "value": INVENTED.get(slot), "quote": text[start : start + pick.randint(1, 8)]})
    return found


def all_slots(text: str, _missing: Sequence[str]) -> list[dict[str, Any]]:
    """Values also for what nobody asked."""
    return [{"slot": slot, "value": value, "quote": text} for slot, value in INVENTED.items()]


LIARS: Mapping[str, Callable[[str, Sequence[str]], list[dict[str, Any]]]] = {
    "inventor": inventor, "quoter": quoter, "all slots": all_slots,
}  # fmt: skip


def beside(answer: Callable[[str, Sequence[str]], str], pack: Pack, trusted: frozenset[str]) -> Callable[..., Reading]:
    """The reading of a sentence after a model has spoken."""

    def read(text: str, told: Reading) -> Reading:
        missing = [str(item) for item in told.reading.get("missing", ())]
        if told.kind != "brief" or not missing:
            return told
        model = FakeModel([answer(text, missing)])
        said = model.ask("", text).text
        try:
            proposals = TypeAdapter(Proposals).validate_python(parse(said)).proposals
        except (ValueError, ValidationError):
            return told
        return arbitrate(text, told, tuple(Proposed(i.slot, i.value, i.quote) for i in proposals), pack, today=TODAY,
                         trusted=trusted).reading  # fmt: skip

    return read


def figures(result: Score) -> dict[str, float]:
    """Every measure of a run; more is better."""
    keys = {key: (tally.f1 if key in SETS else tally.accuracy) for key, tally in result.keys.items()}
    return keys | {key: tally.accuracy for key, tally in result.whole.items()} | {"invented": -len(result.invented)}


def compare(
    cases: Sequence[Mapping[str, Any]], known: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, float], list[str]]:
    """The embedded mind's figures, and what any model lowered (with the model's name)."""
    pack = packs.load("demo")
    alone = figures(score(cases, known))
    lowered: list[str] = []
    minds: dict[str, Callable[[str, Sequence[str]], str]] = {
        f"garbage {n}": (lambda _t, _m, text=text: text) for n, text in enumerate(GARBAGE)
    } | {
        name: (lambda text, missing, liar=liar: json.dumps({"proposals": liar(text, missing)}, ensure_ascii=False))
        for name, liar in LIARS.items()
    }  # fmt: skip
    for name, answer in minds.items():
        for trusted in (frozenset[str](), frozenset(SLOTS)) if name in LIARS else (frozenset(SLOTS),):
            told = figures(score(cases, known, after_reading=beside(answer, pack, trusted)))
            for key, value in alone.items():
                if told.get(key, 0.0) < value:
                    lowered.append(
                        f"{name}{' trusted' if trusted else ''}: {key} {value:.3f} → {told.get(key, 0.0):.3f}"
                    )
    return alone, lowered


def main(*paths: str) -> int:
    """Every set (or the files given) with every bad model; 1 when any measure of any of them fell."""
    files = [Path(path) for path in paths] or [path for files in sets("reading").values() for path in files]
    known = [case for each in files for case in load(each)]
    names = {case["id"] for case in known}
    fell = 0
    for each in files:
        cases = [case for case in load(each) if case["kind"] != "edit" or case["after"] in names]
        alone, lowered = compare(cases, known)
        fell += len(lowered)
        print(f"{each.stem}: {len(cases)} cases, {len(alone)} measures, {len(GARBAGE) + 2 * len(LIARS)} bad minds: "
              f"{len(lowered)} measures lowered {' | '.join(lowered[:8])}")  # fmt: skip
    return int(fell > 0)


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
