"""Lints the documentation: links, rooms described, messages in both languages, files that stay short, labelled sets."""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "linghang"
LONGEST = 400
"""Lines of a source file; no file is longer, and none may be again."""


def broken_links() -> list[str]:
    """Relative links of Markdown files that lead nowhere."""
    found: list[str] = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text("utf-8")):
            if not (page.parent / target).exists():
                found.append(f"{page.relative_to(ROOT)}: {target} does not exist")
    return found


def undescribed_rooms() -> list[str]:
    """Rooms that ARCHITECTURE.md does not name, or whose package has no docstring."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    found: list[str] = []
    for room in sorted(path for path in SOURCE.iterdir() if (path / "__init__.py").exists()):
        if f"`{room.name}/`" not in text:
            found.append(f"ARCHITECTURE.md does not name {room.name}/")
        if not (room / "__init__.py").read_text("utf-8").lstrip().startswith('"""'):
            found.append(f"{room.name}/__init__.py has no docstring")
    return found


def half_translated() -> list[str]:
    """Message tables that lack one of the languages."""
    found: list[str] = []
    for file in SOURCE.rglob("messages.toml"):
        stack = [("", tomllib.loads(file.read_text("utf-8")))]
        while stack:
            prefix, table = stack.pop()
            if {"zh", "en"} & set(table) and not all(isinstance(table.get(key), str) for key in ("zh", "en")):
                found.append(f"{file.relative_to(ROOT)}: {prefix} needs zh and en")
            inner = ((key, value) for key, value in table.items() if isinstance(value, dict))
            stack.extend((f"{prefix}.{key}".strip("."), value) for key, value in inner)
    return found


def long_files() -> list[str]:
    """Source files that are longer than ``LONGEST``."""
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in SOURCE.rglob("*.py")}
    return [f"{path.relative_to(ROOT)}: {length} lines" for path, length in lengths.items() if length > LONGEST]


def untold_sets() -> list[str]:
    """Files of ``evals/data`` that its README does not name, or of which it tells another number of lines."""
    text = (ROOT / "evals" / "data" / "README.md").read_text("utf-8")
    told = dict(re.findall(r"^\| `([\w.]+\.jsonl)` \| ([\d,]+) \|", text, re.MULTILINE))
    have = {
        path.name: f"{len(path.read_text('utf-8').splitlines()):,}"
        for path in (ROOT / "evals" / "data").glob("*.jsonl")
    }
    return [
        f"evals/data/README.md: {name} has {have.get(name)} lines, it tells {told.get(name)}"
        for name in sorted({*told, *have})
        if have.get(name) != told.get(name)
    ]


def main() -> int:
    """Print every problem; 1 if there is any."""
    problems = [*broken_links(), *undescribed_rooms(), *half_translated(), *long_files(), *untold_sets()]
    print("\n".join(problems) or "docs: good")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
