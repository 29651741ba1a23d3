"""One spelling for what operators type: half width, lower case, Simplified, common slips mended, offsets kept."""

import functools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources

import opencc
import yaml

_HAN = re.compile(r"[\u3400-\u9fff]")
_ENDLESS = re.compile(r"\d{16,}")
_KEEP = frozenset("，。；：？！、（）《》“”‘’～")
# 【预算】80万 labels what follows.
_LABEL = {"【": "\n", "】": ":"}
_PLAIN = {"～": "~", "〜": "~", "—": "-", "–": "-", "―": "-", "－": "-", "−": "-", "‑": "-", "’": "'",
    "‘": "'", "“": '"', "”": '"',
          "「": '"', "」": '"', "『": '"', "』": '"', "﹑": "、", "‧": ".", "•": "、", "·": "·", "：": ":",
          "≧": "≥", "≦": "≤"}  # fmt: skip


@dataclass(frozen=True)
class Normal:
    """The normalised text; ``origin[i]`` is the place in ``original`` from which character ``i`` came."""

    text: str
    original: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text behind ``[start, end)`` of the normalised one."""
        if start >= end:
            return (0, 0)
        return (self.origin[start], self.origin[end - 1] + 1)

    def plain(self, start: int, end: int) -> str:
        """The words behind ``[start, end)`` in Simplified characters, Latin letters as they were typed."""
        said = self.said(start, end)
        text = self.text[start:end]
        if len(said) != len(text):
            return text.strip()
        return "".join(old if old.isascii() else new for old, new in zip(said, text, strict=True)).strip()

    def said(self, start: int, end: int) -> str:
        """The operator's own words behind ``[start, end)``."""
        first, last = self.span(start, end)
        return self.original[first:last]


def normalise(original: str) -> Normal:
    """The text in one spelling: NFKC, lower case, Traditional → Simplified, listed slips mended."""
    chars: list[str] = []
    origin: list[int] = []
    for place, char in enumerate(original):
        for plain in _fold(char):
            chars.append(plain)
            origin.append(place)
    # So many digits in a row are a card's number, or nonsense, and no amount of anything.
    text = _ENDLESS.sub(lambda hit: "#" * len(hit[0]), _simplified("".join(chars)))
    return _tight(_mend(text, original, origin))


# 12 月 28 日, 晚上 8 点: figures and their words of time stand apart only on the screen.
_APART = re.compile(r"(?<=\d)\s(?=[月号点]|年(?![初中底末前后])|日(?!常))|(?<=[年月])\s(?=\d{1,2}\s?[日号月])")


def _tight(normal: Normal) -> Normal:
    hits = [(*hit.span(), "") for hit in _APART.finditer(normal.text)]
    return rewritten(normal, hits) if hits else normal


def _fold(char: str) -> str:
    if char in _PLAIN:
        return _PLAIN[char]
    if char in _KEEP:
        return char
    if char in _LABEL:
        return _LABEL[char]
    if "\ue000" <= char <= "\uf8ff" or unicodedata.category(char) in ("Cf", "Co", "Cs"):
        return ""
    return unicodedata.normalize("NFKC", char).lower()


def _simplified(text: str) -> str:
    if not _HAN.search(text):
        return text
    changed = str(_converter().convert(text))
    if len(changed) == len(text):
        return changed
    # A phrase rule changed the length: convert character by character, so that places stay true.
    single = [str(_converter().convert(char)) for char in text]
    return "".join(new if len(new) == 1 else old for old, new in zip(text, single, strict=True))


@functools.cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@functools.cache
def _slips() -> tuple[re.Pattern[str], dict[str, str]]:
    text = resources.files("linghang.reading").joinpath("lexicon/slips.yaml").read_text("utf-8")
    table: dict[str, str] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return re.compile("|".join(sorted(map(re.escape, table), key=len, reverse=True))), table


def _mend(text: str, original: str, origin: list[int]) -> Normal:
    pattern, table = _slips()
    return rewritten(
        Normal(text, original, tuple(origin)), [(*hit.span(), table[hit.group()]) for hit in pattern.finditer(text)]
    )


def rewritten(normal: Normal, hits: Iterable[tuple[int, int, str]]) -> Normal:
    """The text with stretches ``(start, end, right)`` replaced, in order; characters keep their places."""
    pieces: list[str] = []
    places: list[int] = []
    last = 0
    for start, end, right in hits:
        pieces += [normal.text[last:start], right]
        places += normal.origin[last:start]
        width = end - start
        # The last character stands for the last one of the stretch, so that a span holds all of it.
        last_at = len(right) - 1 or -1
        places += [normal.origin[start + (width - 1 if i == last_at else min(i, width - 1))] for i in range(len(right))]
        last = end
    pieces.append(normal.text[last:])
    places += normal.origin[last:]
    return Normal("".join(pieces), normal.original, tuple(places))
