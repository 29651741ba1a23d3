"""Writes ``packs/data/rules/signs.txt``: pictures with their Chinese names, and letters that look like others.

Names are those of the Unicode CLDR by way of the package ``emoji`` (BSD); likenesses those of Unicode's confusables
by way of ``confusable-homoglyphs`` (MIT). Both must be installed only for this. A line is a sign, a tab, what it says.
"""

import json
import unicodedata
from importlib import resources
from pathlib import Path

TARGET = Path(__file__).parent.parent / "src" / "linghang" / "packs" / "data" / "rules" / "signs.txt"
_SOURCE = "# Unicode CLDR names of emoji, and Unicode confusables (https://www.unicode.org/license.txt)"


def _names() -> dict[str, str]:
    """A picture of one code point → the Chinese characters of its name."""
    raw = json.loads((resources.files("emoji") / "unicode_codes" / "emoji_zh.json").read_text("utf-8"))
    told: dict[str, str] = {}
    for sign, entry in raw.items():
        name = entry if isinstance(entry, str) else entry.get("zh", "")
        bare = sign.replace("\ufe0f", "")
        said = "".join(char for char in name if "\u4e00" <= char <= "\u9fff")
        if len(bare) == 1 and ord(bare) > 0x2000 and said:
            told[bare] = said
    return told


def _likenesses() -> dict[str, str]:
    """A letter or character → the ASCII letter or Chinese character that it looks like, one for one."""
    raw = json.loads((resources.files("confusable_homoglyphs") / "confusables.json").read_text("utf-8"))
    told: dict[str, str] = {}
    for sign, others in raw.items():
        for other in others:
            meant = other["c"]
            plain = len(meant) == 1 and meant.isascii() and meant.isalpha()
            chinese = len(meant) == 1 and "\u4e00" <= meant <= "\u9fff" and "\u2e80" <= sign <= "\u2fdf"
            folds = len(sign) != 1 or unicodedata.normalize("NFKC", sign).isascii()
            if not folds and unicodedata.category(sign) != "Sm" and (plain or chinese):
                told.setdefault(sign, meant.lower())
    return told


def _enclosed() -> dict[str, str]:
    """Letters and figures in circles and squares which compatibility forms leave alone."""
    told = {chr(first + n): chr(97 + n) for first in (0x1F150, 0x1F170, 0x1F1E6) for n in range(26)}
    told |= {chr(first + n): str(n + 1) for first in (0x2776, 0x2780, 0x278A) for n in range(9)}
    return told | {chr(0x24F5 + n): str(n + 1) for n in range(9)}


def main() -> None:
    """Writes the file."""
    lines = [_SOURCE]
    lines.extend(f"{sign}\t{said}" for sign, said in sorted({**_names(), **_likenesses(), **_enclosed()}.items()))
    TARGET.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
