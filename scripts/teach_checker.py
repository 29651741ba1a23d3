"""Teaches the checker from the tree alone: the reader, the bank of neighbours, what findings weigh and how wide they cite.

``python scripts/teach_checker.py [--out FOLDER] [PART ...]`` writes ``reader_*.npz``, ``neighbours_*.npz``,
``extents.npz`` and ``weighing.yaml``; the same tree gives the same files, bit for bit. About three CPU-minutes, of which the weighing takes
one: it comes last, for it takes the senses of the readers. It learns from the rules' examples, twins, paraphrases and kinds
of the pack layer, and of ``evals/data`` the labelled sets (those that are held apart) and ``plain_texts.txt``.
``--check`` builds into a folder of its own and tells which files differ from those that are shipped; with parts only those.
"""

import argparse
import hashlib
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path

import teach_extents
import teach_neighbours
import teach_reader
import teach_weighing


@cache
def _texts() -> tuple[teach_reader.Text, ...]:
    return tuple(teach_reader.texts())


@cache
def _labelled() -> tuple[teach_reader.Text, ...]:
    return (*teach_reader.examples(), *teach_reader.labelled())


def _reader(lang: str, folder: Path) -> None:
    teach_reader.teach(lang, _texts(), folder)


def _bank(lang: str, folder: Path) -> None:
    teach_neighbours.build(lang, _labelled(), folder)


def _weighing(folder: Path) -> None:
    made = all((folder / f"reader_{lang}.npz").exists() for lang in ("zh", "en"))
    teach_weighing.teach(folder, folder if made else teach_reader._RULES)


PARTS: Mapping[str, Callable[[Path], None]] = {
    "reader_zh.npz": partial(_reader, "zh"),
    "reader_en.npz": partial(_reader, "en"),
    "neighbours_zh.npz": partial(_bank, "zh"),
    "neighbours_en.npz": partial(_bank, "en"),
    "extents.npz": teach_extents.teach,
    "weighing.yaml": _weighing,
}
"""What makes each file."""


def teach(folder: Path, parts: Sequence[str]) -> None:
    """Writes the files that are asked for."""
    for name in parts:
        started = time.process_time()
        PARTS[name](folder)
        sys.stdout.write(f"{name}: {time.process_time() - started:.0f} CPU-s\n")
        sys.stdout.flush()


def differing(folder: Path) -> list[str]:
    """The taught files that are not those of the tree."""
    made = sorted(folder.iterdir())
    return [path.name for path in made if _digest(path) != _digest(teach_reader._RULES / path.name)]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> int:
    """Teaches, or checks that the tree holds what it teaches."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; default: all")
    parser.add_argument("--out", type=Path, default=teach_reader._RULES)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"{', '.join(sorted(unknown))}: no such part; there are {', '.join(PARTS)}")
    parts = [name for name in PARTS if not options.parts or name in options.parts]
    if not options.check:
        options.out.mkdir(parents=True, exist_ok=True)
        teach(options.out, parts)
        return 0
    with tempfile.TemporaryDirectory() as made:
        teach(Path(made), parts)
        wrong = differing(Path(made))
    sys.stdout.write(f"differ: {', '.join(wrong)}\n" if wrong else f"{', '.join(parts)}: those of the tree\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
