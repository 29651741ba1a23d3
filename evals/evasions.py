"""Disguises made by rule: the rules' own examples written as an evader writes them, each with the span that must be found.

For every positive example of which the checker cites words, a *trigger word* in them is sought: one without which the
finding is lost. That word is disguised in one of many styles, alone and two at a time. The finding must survive (the
same rule or topic) and cite the disguised words (IoU ≥ 0.5 of where they stand now). Examples that break nothing are
disguised as a whole where that changes no meaning, and must stay compliant. Examples are divided by a hash of their
text: one part to learn from, the other only to measure on.
"""

import datetime as dt
import functools
import random
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

from linghang import compliance
from linghang.compliance.glyphs import rules_folder
from linghang.compliance.patterns import lexicon
from linghang.compliance.vocabulary import common_words

TODAY = dt.date(2026, 11, 23)
Word = Callable[[str, random.Random], str]
_SIGNS = [*"·•・.。*_-—~^|丨/\\+=#@'`,，、;:：!！?…※★☆◆■□▲●→♥✦♪&$%§¤=＊～｜﹒‧∙⋅｡°…", "\u3000", " ", "\u00a0", "\u2009"]
_ZERO = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u180e", "\u034f", "\u2062", "\u200e", "\ufe0f"]
_EMOJI = list("💰🔥🚀👍✨🎉❤⭐🌟💎📈🧧🎁💪👏😊🍀🌈⚡🎯")
_BRACKETS = ["【】", "[]", "()", "（）", "「」", "『』", "<>", "《》", "{}", "〔〕"]
_LATIN = {
    "a": "а",
    "e": "е",
    "o": "о",
    "p": "р",
    "c": "с",
    "x": "х",
    "i": "і",
    "v": "ν",
    "A": "Α",
    "V": "Ѵ",
    "B": "В",
    "P": "Р",
}
_DIGITS = dict(zip("0123456789", "０１２３４５６７８９", strict=True))
_FANCY = {char: chr(0x1D7CE + int(char)) for char in "0123456789"}
_CIRCLED = {str(n): "⓪①②③④⑤⑥⑦⑧⑨"[n] for n in range(10)}
_TRADITIONAL = OpenCC("s2t")


@dataclass(frozen=True)
class Disguise:
    """A disguised text, and where the disguised words of the finding stand; no span: it must stay compliant."""

    style: str
    text: str
    line: Mapping[str, Any]
    rule: str
    topic: str
    span: tuple[int, int] | None
    held: bool


def _between(sign: Callable[[random.Random], str]) -> Word:
    def written(word: str, dice: random.Random) -> str:
        mark = sign(dice)
        return mark.join(word)

    return written


def _mixed(word: str, dice: random.Random) -> str:
    return "".join(char + (dice.choice(_SIGNS[:24]) if n < len(word) - 1 else "") for n, char in enumerate(word))


def _bracketed(word: str, dice: random.Random) -> str:
    pair = dice.choice(_BRACKETS)
    return "".join(f"{pair[0]}{char}{pair[1]}" for char in word)


def _entity(word: str, dice: random.Random) -> str:
    forms = ["&#{0};", "&#x{0:x};", "&#X{0:X};", "&#{0}", "&#x{0:x}", "&amp;#{0};", "＆#{0};", "&#0{0};"]
    form = dice.choice(forms)
    return "".join(form.format(ord(char)) for char in word)


def _some(word: str, dice: random.Random, change: Callable[[str], str], most: int) -> str:
    places = dice.sample(range(len(word)), min(most, len(word)))
    return "".join(change(char) if n in places else char for n, char in enumerate(word))


def _pinyin(style: Style) -> Word:
    def written(word: str, dice: random.Random) -> str:
        said = lazy_pinyin(word, style=style)
        case = dice.choice([str, str.upper, str.capitalize])
        if len(word) <= 4 and dice.random() < 0.4:
            return dice.choice(["", " "]).join(map(case, said))
        place = dice.randrange(len(word))
        return "".join(case(said[n]) if n == place else char for n, char in enumerate(word))

    return written


def _initials(word: str, dice: random.Random) -> str:
    first = [said[0] for said in lazy_pinyin(word)]
    case = dice.choice([str, str.upper])
    if len(word) >= 4 and dice.random() < 0.4:
        return case("".join(first))
    place = dice.randrange(len(word))
    return "".join(case(first[n]) if n == place else char for n, char in enumerate(word))


def _homophones() -> dict[str, list[str]]:
    chars = sorted({char for word in common_words() for char in word})
    told: dict[str, list[str]] = {}
    for char, said in zip(chars, lazy_pinyin(chars, style=Style.TONE3), strict=True):
        told.setdefault(said, []).append(char)
    return {char: [c for c in same if c != char] for same in told.values() for char in same}


_SOUNDS = _homophones()


@functools.cache
def sounds_near(char: str) -> tuple[str, ...]:
    """Characters whose sound is taken for this one's (zh/z, n/l, in/ing) and is not the same."""
    said = lazy_pinyin(char)[0]
    blurred = _blurred(said)
    return tuple(c for c in _SOUNDS if (own := lazy_pinyin(c)[0]) != said and _blurred(own) == blurred)


def _blurred(said: str) -> str:
    short = re.sub(r"^([zcs])h", r"\1", said)
    return re.sub(r"([aei])ng$", r"\1n", re.sub("^n", "l", short))


def _sounding(word: str, dice: random.Random) -> str:
    """One or, in a long word, two characters replaced by others of the same sound that make no word with a neighbour."""
    for _ in range(8):
        places = dice.sample(range(len(word)), 2 if len(word) >= 4 else 1)
        said = "".join(dice.choice(_SOUNDS.get(c) or [c]) if n in places else c for n, c in enumerate(word))
        if said != word and not any(said[n : n + 2] in common_words() for n in range(len(said) - 1)):
            return said
    return word


def _parts() -> dict[str, str]:
    """The characters of two parts, and these."""
    text = (rules_folder() / "parts.txt").read_text("utf-8")
    return {line[0]: line[1:] for line in text.splitlines() if len(line) == 3}


def _shapes() -> dict[str, list[str]]:
    """Characters with the same second part."""
    same: dict[str, list[str]] = {}
    for char, pieces in _PIECES.items():
        same.setdefault(pieces[1], []).append(char)
    return {c: [o for o in group if o != c] for group in same.values() for c in group if len(group) > 1}


_PIECES = _parts()
_SHAPES = _shapes()
_HAND_SHAPES = {
    "保": "葆堡褓", "本": "夲木苯", "稳": "隐", "赚": "嫌谦", "零": "〇玲", "风": "凤飒", "险": "捡脸俭", "收": "攵攸", "益": "盆溢",
    "最": "蕞", "第": "弟苐", "信": "伩", "征": "证怔", "贷": "货贳", "款": "歀", "钱": "浅线", "高": "髙", "利": "刮俐", "息": "熄媳",
    "率": "卛", "无": "旡无", "全": "仝", "国": "囯", "金": "釒", "财": "材", "理": "狸", "基": "綦", "日": "曰", "未": "末", "已": "己",
}  # fmt: skip


def _looking(word: str, dice: random.Random) -> str:
    """One character replaced by one of like shape (another radical, a variant)."""
    for _ in range(8):
        place = dice.randrange(len(word))
        others = [*_SHAPES.get(word[place], []), *_HAND_SHAPES.get(word[place], "")]
        if others:
            said = word[:place] + dice.choice(others) + word[place + 1 :]
            if not any(said[n : n + 2] in common_words() for n in range(len(said) - 1)):
                return said
    return word


def _split(word: str, dice: random.Random) -> str:
    able = [n for n, char in enumerate(word) if char in _PIECES]
    if not able:
        return word
    place = dice.choice(able)
    return word[:place] + _PIECES[word[place]] + word[place + 1 :]


_DRAWN = {
    "钱": "💰💵", "零": "0⃣0️⃣", "一": "1️⃣①", "风": "🌬💨", "险": "⚠", "涨": "📈", "牛": "🐂🐮", "王": "👑", "冠": "🏆", "红": "🧧", "礼": "🎁",
    "房": "🏠", "银": "🏦", "锁": "🔒", "躺": "🛌🛏", "睡": "😴", "秒": "⚡", "免": "🆓", "卡": "💳", "百": "💯", "火": "🔥", "飞": "🚀", "羊": "🐑",
    "鸡": "🐔", "基": "🐔", "包": "🍞", "月": "🌙", "日": "☀", "星": "⭐", "不": "❌🚫", "无": "🈚", "得": "🉐", "满": "🈵", "有": "🈶", "空": "🈳",
    "微": "🤏", "信": "✉📩", "财": "💰", "赚": "💰🤑", "花": "🌸", "心": "❤", "手": "✋", "眼": "👁", "家": "🏠", "车": "🚗", "金": "🪙🥇", "快": "💨⚡",
}  # fmt: skip


def _drawn(word: str, dice: random.Random) -> str:
    able = [n for n, char in enumerate(word) if char in _DRAWN]
    if not able:
        return word
    place = dice.choice(able)
    return word[:place] + dice.choice([c for c in _DRAWN[word[place]] if c not in "\ufe0f\u20e3"]) + word[place + 1 :]


def _masked(word: str, dice: random.Random) -> str:
    if len(word) < 3:
        return word
    place = dice.randrange(1, len(word))
    return word[:place] + dice.choice("*×某○X") + word[place + 1 :]


WORDS: Mapping[str, Word] = {
    "zero_width": lambda word, dice: dice.choice(_ZERO).join(word),
    "separator": _between(lambda dice: dice.choice(_SIGNS)),
    "separator_mixed": _mixed,
    "space": _between(lambda dice: dice.choice([" ", "  ", "\u3000", "\u00a0", "\u2003"])),
    "brackets": _bracketed,
    "emoji_between": _between(lambda dice: dice.choice(_EMOJI)),
    "html_entity": _entity,
    "traditional": lambda word, dice: _TRADITIONAL.convert(word),
    "pinyin": _pinyin(Style.NORMAL),
    "pinyin_tones": _pinyin(Style.TONE),
    "initials": _initials,
    "homophone": _sounding,
    "look_alike": _looking,
    "split": _split,
    "emoji_word": _drawn,
    "mask": _masked,
    "reverse": lambda word, dice: word[::-1] if len(word) > 2 else word,
    "combining": lambda word, dice: "".join(f"{char}\u0336" for char in word),
}
"""A trigger word → the word disguised; the same word where the style cannot disguise it."""


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


WHOLE: Mapping[str, Callable[[str], str]] = {
    "full_width": _wide,
    "traditional_all": _TRADITIONAL.convert,
    "digits_fancy": lambda text: "".join(_FANCY.get(c, c) for c in text),
    "look_alike_latin": lambda text: "".join(_LATIN.get(c, c) for c in text),
    "entity_all": lambda text: "".join(f"&#{ord(c)};" if "\u4e00" <= c <= "\u9fff" else c for c in text),
    "zero_width_all": "\u200b".join,
}
"""Ways to write a whole text otherwise without touching what it says."""


def held(text: str) -> bool:
    """Whether an example is only measured on (seven of ten)."""
    return zlib.crc32(text.encode()) % 10 >= 3


def answer_to(line: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer of the patterns alone: the learned reader knows the examples and would tell them by their rest."""
    material = compliance.Material(
        line["text"], line["product"], line["channel"], jurisdiction=line["jurisdiction"], launch_date=TODAY
    )
    return compliance.to_json(compliance.check(material, context=line["context"], today=TODAY, reader="off"))


def _line(example: Any, rule: Any) -> dict[str, Any]:
    return {
        "text": example.text, "product": example.product or (rule.products[0] if rule.products else "brand"),
        "channel": example.channel or (rule.channels[0] if rule.channels else "landing"),
        "jurisdiction": rule.jurisdiction, "context": dict(example.context),
    }  # fmt: skip


def _trigger(line: Mapping[str, Any], finding: Mapping[str, Any]) -> tuple[int, int] | None:
    """A word of the lexicon, or two to four characters, without which the finding is not made."""
    text, (low, high) = line["text"], finding["span"]
    known = {word for words in lexicon("zh").words.values() for word in words}
    places = [
        (at, at + size)
        for size in (4, 3, 2)
        for at in range(low, high - size + 1)
        if all("\u4e00" <= char <= "\u9fff" for char in text[at : at + size])
    ]
    places.sort(key=lambda place: (text[slice(*place)] not in known, text[slice(*place)] not in common_words(), place))
    for at, end in places[:12]:
        lost = {**line, "text": f"{text[:at]}{'丙' * (end - at)}{text[end:]}"}
        answer = answer_to(lost)
        if not any(found["topic"] == finding["topic"] for found in answer["findings"]):
            return at, end
    return None


def disguises(limit: int = 0, seed: int = 7) -> Iterator[Disguise]:
    """The whole set, the same for the same seed."""
    rules = [rule for rule in compliance.load_rules("CN")]
    cases = [(rule, example) for rule in rules for example in rule.examples]
    random.Random(seed).shuffle(cases)
    for rule, example in cases[: limit or None]:
        line = _line(example, rule)
        dice = random.Random(zlib.crc32(example.text.encode()) ^ seed)
        yield from _bad(rule, line, dice) if example.positive else _good(line, dice)


def _good(line: Mapping[str, Any], dice: random.Random) -> Iterator[Disguise]:
    if answer_to(line)["verdict"] != "compliant":
        return
    style = dice.choice(sorted(WHOLE))
    text = WHOLE[style](line["text"])
    yield Disguise(f"ok:{style}", text, line, "", "", None, held(line["text"]))


def _bad(rule: Any, line: Mapping[str, Any], dice: random.Random) -> Iterator[Disguise]:
    answer = answer_to(line)
    found = [f for f in answer["findings"] if f["span"][1] > f["span"][0] and rule.id in (f["rule"], *f["supporting"])]
    place = _trigger(line, found[0]) if found else None
    if place is None:
        return
    text, (low, high), topic = line["text"], found[0]["span"], found[0]["topic"]
    word = text[slice(*place)]
    styles = dice.sample(sorted(WORDS), 3)
    two = dice.sample(sorted(WORDS), 2)
    told = [(style, WORDS[style](word, dice)) for style in styles]
    once = WORDS[two[0]](word[:1] + word[1:], dice)
    if two[0] in ("homophone", "look_alike", "emoji_word", "traditional"):
        told.append(("mixture", WORDS[two[1]](once, dice) if two[1] not in ("pinyin", "initials") else once))
    for style, written in told:
        if written != word:
            said = text[: place[0]] + written + text[place[1] :]
            end = high + len(written) - len(word)
            yield Disguise(style, said, line, rule.id, topic, (low, end), held(text))
    style = dice.choice(sorted(WHOLE))
    yield _over_all(style, rule.id, topic, line, (low, high))


def _over_all(style: str, rule: str, topic: str, line: Mapping[str, Any], span: tuple[int, int]) -> Disguise:
    change, text = WHOLE[style], line["text"]
    before, inside = change(text[: span[0]]), change(text[: span[1]])
    if style == "zero_width_all" and span[0]:
        before += "\u200b"
    return Disguise(style, change(text), line, rule, topic, (len(before), len(inside)), held(text))


def survives(one: Disguise, answer: Mapping[str, Any]) -> tuple[bool, bool]:
    """Whether the finding is still made, and whether it cites the disguised words."""
    if one.span is None:
        return answer["verdict"] == "compliant", True
    same = [f for f in answer["findings"] if one.rule in (f["rule"], *f["supporting"]) or f["topic"] == one.topic]
    return bool(same), any(_iou(tuple(f["span"]), one.span) >= 0.5 for f in same)


def _iou(one: tuple[int, ...], other: tuple[int, int]) -> float:
    both = max(0, min(one[1], other[1]) - max(one[0], other[0]))
    return both / (max(one[1], other[1]) - min(one[0], other[0])) if both else 0.0
