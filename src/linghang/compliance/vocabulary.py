"""What evaders hide, and how its characters may be written: the words of the rules, their sounds, shapes and parts.

Words are those of ``evasion.yaml``, of the lexicon's concepts and of the rules' patterns, so a new rule is guarded by
itself. Sounds come from pypinyin, parts from 漢語拆字字典 (``parts.txt``), shapes from characters that share a part.
"""

import functools
import os
import re
from collections.abc import Mapping

from linghang.compliance.glyphs import evasion, names, pictures, rules_folder
from linghang.compliance.loading import load_rules
from linghang.compliance.patterns import lexicon

os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # single characters are looked up: the phrases cost 0.3 s
from pypinyin.pinyin_dict import pinyin_dict

_TONES = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ", "aaaaeeeeiiiioooouuuuvvvvvnnnm")
_NOT_SAID = re.compile(r"<[a-z_0-9]+>|\[[^\]]*\]|\(\?<?[!=][^()]*(?:\([^()]*\)[^()]*)*\)|\\.|[\u4e00-\u9fff][?*{]")
_WORD = re.compile(r"[\u4e00-\u9fff]{2,6}")
_SHORT = 2
_LEAST_STROKES = 40
"""A part that so many characters share is a radical: having it in common makes no likeness."""
_RADICALS = {
    "人": "亻イ人", "水": "氵", "手": "扌", "心": "忄", "言": "讠訁", "金": "钅釒", "糸": "纟糹", "丝": "纟糹", "阜": "阝", "竹": "竹⺮",
    "艸": "艹", "玉": "王", "辵": "辶", "刀": "刂", "犬": "犭", "示": "礻", "衣": "衤", "食": "饣", "火": "灬", "攴": "攵", "肉": "月",
    "贝": "贝貝", "禾": "禾", "曰": "曰日", "足": "⻊", "马": "马馬", "门": "门門",
}  # fmt: skip
_LONE = frozenset(
    "的了是在到有与以也就都不没要会可能给对把从个一二三四五六七八九十百千万亿等为或且我你您他她它这那几多少上下前后内外中新老大小再又还每各"
    "和及跟同将被让向往于而并但只很太更最已未曾过着来去出入起止年月日号天周时分秒元块张份位名笔款次场道点层倍折起至由所其如若该本请凡则即"
    "看听说想做用买卖借还存取领抽送选办查投开关加减涨跌赚亏钱人家心手里吗呢吧啊哦呀嘛啦们得地好高低长短快慢真全半够别先再才刚正比像把按用靠凭无非"
)
"""Characters that often stand alone: no reader takes them for slips of others."""
DIGITS = {"0": "零", "1": "一", "2": "二", "3": "三", "4": "四", "5": "五", "6": "六", "7": "七", "8": "八", "9": "九"}


@functools.cache
def syllables(char: str) -> frozenset[str]:
    """The toneless readings of a character (``行`` → xing, hang, heng)."""
    told = pinyin_dict.get(ord(char), "").split(",")
    toned = [one for one in told if not one.isascii()] or told
    bare = {_bare(one) for one in toned if one}
    return frozenset({*bare, *(one.replace("v", "u") for one in bare if one in ("lv", "nv", "lve", "nve"))})


@functools.cache
def usual(char: str) -> frozenset[str]:
    """The usual reading of a character, blurred: a rare one (``的`` as di) is no homophone to a reader. A character that no
    common word has is read in all its ways."""
    if char not in _ordinary():
        return near(char)
    told = pinyin_dict.get(ord(char), "")
    return frozenset([_blur(_bare(told.split(",")[0]))]) if told else frozenset()


@functools.cache
def _ordinary() -> frozenset[str]:
    """The characters of common words."""
    return frozenset(char for word in common_words() for char in word)


@functools.cache
def near(char: str) -> frozenset[str]:
    """Readings blurred as ears blur them: zh/z, ch/c, sh/s, n/l, ing/in, eng/en, ang/an."""
    return frozenset(_blur(one) for one in syllables(char))


def _bare(syllable: str) -> str:
    plain = syllable.translate(_TONES)
    return "".join(char for char in plain if char.isascii() and char.isalpha())


@functools.cache
def _blur(syllable: str) -> str:
    short = re.sub(r"^([zcs])h", r"\1", re.sub("^n", "l", syllable))
    return re.sub(r"(i|e|a)ng$", r"\1n", short)


@functools.cache
def common_words() -> frozenset[str]:
    """Common words of two characters (derived from jieba's dictionary, MIT licence)."""
    text = (rules_folder() / "words.txt").read_text("utf-8")
    return frozenset(line[at : at + 2] for line in text.splitlines() for at in range(0, len(line), 2))


def in_a_word(text: str, at: int) -> bool:
    """Whether the character at a position makes a common word with a neighbour: then it means what it says."""
    pairs = word_pairs()
    return text[max(0, at - 1) : at + 1] in pairs or text[at : at + 2] in pairs or _tried(text, at)


def _tried(text: str, at: int) -> bool:
    """Whether the character is said twice with 一 between (翻一翻, 看一看): the verb itself, tried for a moment."""
    return any(
        low >= 0 and text[low + 1 : low + 2] == "一" and text[low] == text[low + 2 : low + 3] for low in (at, at - 2)
    )


@functools.cache
def word_pairs() -> frozenset[str]:
    """Words of two characters: common ones, and those of the trade; one that is only another's disguise (加薇) is no word."""
    meant = {tuple(usual(char) for char in word[:2]): word[:2] for word in core_words() if word[:2] in common_words()}
    meant |= {tuple(usual(char) for char in word[:2]): word[:2] for word in core_words() if len(word) > 2}
    trade = (word for word in hidden_pairs() if word not in core_words())
    feigned = {word for word in trade if meant.get(tuple(usual(char) for char in word), word) != word}
    return common_words() | (hidden_pairs() - feigned)


@functools.cache
def hidden_pairs() -> frozenset[str]:
    """The hidden words of two characters."""
    return frozenset(word for word in hidden_words() if len(word) == 2)


def stands_alone(char: str) -> bool:
    """Whether a character often stands alone in a sentence."""
    return char in _LONE


@functools.cache
def core_words() -> frozenset[str]:
    """The words that evaders hide most."""
    return frozenset(str(evasion()["words"]).split())


@functools.cache
def hidden_words() -> tuple[str, ...]:
    """Every word worth hiding: those of the patterns, and the common words of texts that break a rule."""
    short = (rules_folder() / "phrases.txt").read_text("utf-8").split()
    said = [*sorted(core_words()), *short, *(word for words in lexicon("zh").words.values() for word in words)]
    heard: list[str] = []
    for rule in load_rules("CN"):
        for trigger in rule.triggers:
            for source in trigger.find:
                said.extend(_WORD.findall(_NOT_SAID.sub(" ", source)))
        for example in rule.examples:
            if example.positive:
                heard.extend(example.text[at : at + 2] for at in range(len(example.text) - 1))
    plain = {word for word in said if len(word) > 1 and (word in core_words() or _WORD.fullmatch(word))}
    plain |= common_words().intersection(heard)
    return tuple(sorted(plain))


def plain_words(word: str) -> bool:
    """Whether every character of a word often stands alone: then it is guessed by its letters only."""
    return word not in core_words() and all(char in _LONE for char in word)


@functools.cache
def real_words() -> frozenset[str]:
    """Real words that merely sound like a hidden one."""
    return frozenset(str(evasion()["real"]).split())


@functools.cache
def index() -> Mapping[str, tuple[str, ...]]:
    """From first characters, blurred first sounds (``bao``), initials (``b'``; with what follows them ``b'b`` and ``b'本``) and
    shapes to the words that they may begin, those first that are hidden most."""
    told: dict[str, list[str]] = {}
    for word in hidden_words():
        first = word[0]
        keys = {
            first,
            *near(first),
            *(f"{one[0]}'" for one in syllables(first) if one),
            *(f"~{one}" for one in (*shapes(first), *(alike(first) if len(word) > _SHORT else ""))),
        }
        keys |= {f"{one[0]}'{word[1]}" for one in syllables(first) if one}
        keys |= {f"{one[0]}'{then}" for one in syllables(first) for then in (one[1:2], *_initials(word[1])) if then}
        keys |= {f"/{way}" for way in splits(first)}
        if first.isascii():
            keys = {f"{first}'", f"{first}'{word[1]}"}
        for key in keys:
            told.setdefault(key, []).append(word)
    core = core_words()
    return {key: tuple(sorted(value, key=lambda word: word not in core)) for key, value in told.items()}


@functools.cache
def followed(key: str, place: int = 1) -> Mapping[str, tuple[str, ...]]:
    """The words of a key by their character at a place: the second for most, which is plain where it is read plainly."""
    told: dict[str, list[str]] = {}
    for word in index().get(key, ()):
        if len(word) > place:
            told.setdefault(word[place], []).append(word)
    return {char: tuple(words) for char, words in told.items()}


@functools.cache
def figured(key: str, digit: str) -> tuple[str, ...]:
    """The words of a key of which the second character may be written as a digit: its name, or what sounds like it."""
    said = {DIGITS[digit], *pictures().get(digit, "")}
    heard = frozenset().union(*(near(one) for one in (DIGITS[digit], *names().get(digit, ""))))
    return tuple(word for word in index().get(key, ()) if word[1] in said or heard & usual(word[1]))


@functools.cache
def _initials(char: str) -> frozenset[str]:
    return frozenset(one[0] for one in syllables(char) if one) or frozenset(char)


@functools.cache
def _parts() -> Mapping[str, str]:
    text = (rules_folder() / "parts.txt").read_text("utf-8")
    return {line[0]: line[1:] for line in text.splitlines() if not line.startswith("#")}


@functools.cache
def splits(char: str) -> tuple[str, ...]:
    """The ways to write a character as its parts side by side, longest first."""
    parts = _parts().get(char, "")
    ways = [""]
    for part in parts:
        ways = [way + form for way in ways for form in dict.fromkeys((part, *_RADICALS.get(part, "")))]
    return tuple(way for way in ways if way)


@functools.cache
def split_ways() -> frozenset[str]:
    """Every way to write a character of a hidden word as its parts."""
    return frozenset(way for word in hidden_words() for char in word for way in splits(char))


@functools.cache
def _sharing() -> Mapping[str, tuple[str, ...]]:
    """A part → the characters that have it."""
    told: dict[str, list[str]] = {}
    for char, parts in _parts().items():
        for part in set(parts):
            told.setdefault(part, []).append(char)
    return {part: tuple(chars) for part, chars in told.items()}


def alike(char: str) -> str:
    """Characters that look like one at a glance, rare ones too: enough only inside longer words."""
    return _alike().get(char, "")


@functools.cache
def _alike() -> Mapping[str, str]:
    text = (rules_folder() / "alike.txt").read_text("utf-8")
    return {line[0]: line[1:] for line in text.splitlines() if not line.startswith("#")}


@functools.cache
def shapes(char: str) -> frozenset[str]:
    """Characters that look like one: those which share a part that is no radical, those which are a part or hold it whole."""
    like: set[str] = set()
    for part in _parts().get(char, ""):
        sharing = _sharing().get(part, ())
        if len(sharing) < _LEAST_STROKES:
            like.update(sharing)
            like.add(part)
    like.update(_sharing().get(char, ())[:_LEAST_STROKES])
    return frozenset(like - {char})
