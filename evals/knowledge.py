"""Knowledge: is the passage that answers a question found first, or among five; and is the answer given from it?

``linghang eval knowledge [FILE.jsonl]``: each line has question, and parts of the names of source and section; ``also``
are other places that answer as well, ``none`` marks a question that no document answers.
``LINGHANG_EMBEDDINGS_BASE_URL`` and ``LINGHANG_EMBEDDINGS_MODEL`` measure with real embeddings.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from linghang import packs
from linghang.adapters.openai_model import encoder_from_environment
from linghang.knowledge import ask, library, search

HERE = Path(__file__).parent


def _right(case: dict[str, Any], found: Any) -> bool:
    places = [(case["source"], case["section"]), *case.get("also", ())]
    return any(source in found.source and section in found.section for source, section in places)


def main(arguments: list[str]) -> int:
    """Search and ask every question, and print the shares."""
    path = Path(arguments[0]) if arguments else HERE / "data/knowledge_own.jsonl"
    cases = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    pack = packs.load("demo")
    encoder = encoder_from_environment(os.environ)
    index = library(pack, None, encoder)
    print(f"vectors: {index.encoder.name}{' (' + index.degraded + ')' if index.degraded else ''}")
    first = five = answered = right = 0
    unknown = [case for case in cases if case.get("none")]
    cases = [case for case in cases if not case.get("none")]
    started = time.process_time()
    for case in cases:
        hits = search(index, pack, case["question"], 5)
        ranks = [n for n, hit in enumerate(hits) if _right(case, hit)]
        first += ranks[:1] == [0]
        five += bool(ranks)
        told = ask(index, pack, case["question"])
        answered += told.known
        right += told.known and _right(case, told.quotes[0])
        if ranks[:1] != [0]:
            print(
                f"rank {ranks[0] + 1 if ranks else '>5'}: {case['question']} (wanted {case['source']} › {case['section']})"
            )
    count = len(cases)
    millis = (time.process_time() - started) * 1000 / max(count, 1)
    if cases:
        print(f"{count} questions over {len(index.passages)} passages: R@1 {first / count:.3f}, R@5 {five / count:.3f}; "
              f"answered {answered}, from the wanted passage {right}; {millis:.1f} CPU-ms a question")  # fmt: skip
    if unknown:
        said = [case["question"] for case in unknown if ask(index, pack, case["question"]).known]
        print(f"{len(unknown)} questions that no document answers: {len(said)} answered nevertheless {said}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
