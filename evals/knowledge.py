"""Knowledge: is the passage that answers a question found first, or among five; and is the answer given from it?

``linghang eval knowledge [FILE.jsonl]``: each line has question, and parts of the names of source and section.
``LINGHANG_EMBEDDINGS_BASE_URL`` and ``LINGHANG_EMBEDDINGS_MODEL`` measure with real embeddings.
"""

import json
import os
import sys
import time
from pathlib import Path

from linghang import packs
from linghang.adapters.openai_model import encoder_from_environment
from linghang.knowledge import ask, library, search

HERE = Path(__file__).parent


def main(arguments: list[str]) -> int:
    """Search and ask every question, and print the shares."""
    path = Path(arguments[0]) if arguments else HERE / "data/knowledge_own.jsonl"
    cases = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    pack = packs.load("demo")
    encoder = encoder_from_environment(os.environ)
    index = library(pack, None, encoder)
    print(f"vectors: {index.encoder.name}{' (' + index.degraded + ')' if index.degraded else ''}")
    first = five = answered = right = 0
    started = time.process_time()
    for case in cases:
        hits = search(index, pack, case["question"], 5)
        ranks = [n for n, hit in enumerate(hits) if case["source"] in hit.source and case["section"] in hit.section]
        first += ranks[:1] == [0]
        five += bool(ranks)
        told = ask(index, pack, case["question"])
        answered += told.known
        right += told.known and case["source"] in told.quotes[0].source and case["section"] in told.quotes[0].section
        if ranks[:1] != [0]:
            print(
                f"rank {ranks[0] + 1 if ranks else '>5'}: {case['question']} (wanted {case['source']} › {case['section']})"
            )
    millis = (time.process_time() - started) * 1000 / len(cases)
    count = len(cases)
    print(f"{count} questions over {len(index.passages)} passages: R@1 {first / count:.3f}, R@5 {five / count:.3f}; "
          f"answered {answered}, from the wanted passage {right}; {millis:.1f} CPU-ms a question")  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
