"""Teaches the checker from the tree alone: the learned reader, the bank of neighbours, the weighing of findings.

``python scripts/teach_checker.py [--out FOLDER]`` writes ``reader_*.npz``, ``neighbours_*.npz`` and ``weighing.yaml``;
the same tree gives the same files, bit for bit. About four CPU-minutes. It learns from the rules' examples, twins,
paraphrases and kinds of the pack layer, and of ``evals/data`` the labelled sets (held_a apart) and ``plain_texts.txt``.
``--check`` builds into a folder of its own and tells which files differ from those that are shipped.
"""

import argparse
import hashlib
import sys
import tempfile
from pathlib import Path

import teach_neighbours
import teach_reader
import teach_weighing


def teach(folder: Path) -> None:
    """Writes all five files."""
    teach_weighing.teach(folder)
    learned = list(teach_reader.texts())
    few = [*teach_reader.examples(), *teach_reader.labelled()]
    for lang in ("zh", "en"):
        teach_reader.teach(lang, learned, folder)
        teach_neighbours.build(lang, few, folder)


def differing(folder: Path) -> list[str]:
    """The taught files that are not those of the tree."""
    made = sorted(folder.iterdir())
    return [path.name for path in made if _digest(path) != _digest(teach_reader._RULES / path.name)]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> int:
    """Teaches, or checks that the tree holds what it teaches."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=teach_reader._RULES)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if not options.check:
        teach(options.out)
        return 0
    with tempfile.TemporaryDirectory() as made:
        teach(Path(made))
        wrong = differing(Path(made))
    sys.stdout.write(f"differ: {', '.join(wrong)}\n" if wrong else "all five files are those of the tree\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
