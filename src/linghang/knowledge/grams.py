"""Texts as runs of characters: pairs of Han characters, whole Latin words, numbers; words that only ask are dropped."""

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Collection

import opencc

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z]+[+]?|[0-9]+(?:\.[0-9]+)?%?|[a-z0-9+]+")
_ASKING = re.compile(
    r"怎么写|如何写|怎样写|写什么|请问|我想知道|帮我查一下|帮我查|可以发|能发|最多|最少|最低|最高|至多|至少|禁止|什么情况下|情况下|不可以|不能|不要|想问一下|想问|能不能|可不可以|可以|能否|是不是|有没有|为什么|什么时候|是什么意思|什么意思|是什么|什么是|"
    r"叫什么|有什么区别|有什么不同|的区别|有什么|需要注意|要注意|应该|需要|要求|怎么样|怎么|怎样|如何|哪些|哪个|哪里|哪一|"
    r"是多少|多少|多久|多长|多大|几个|几点|几次|几天|几条|什么|是否|一下|告诉我|介绍|解释|说说|吗|呢|吧|的|了|请|要|是"
)
_JOINING = """
a an the is are was were be of to in on for and or not do does did can could may i we you it its
this that these what which who when where why how much many with by as at from there any about tell
me please our your
"""
_ENGLISH = frozenset(_JOINING.split())


_HINTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"几点|什么时候|何时|时间|when", ("时段", "时间", "when")),
    (r"多久|几天|多长时间|how long", ("有效期", "期限", "天内")),
    (r"几次|多少次|几条|频率|频次|how often", ("频次", "每天", "每周", "how often")),
    (r"注意|规定|要求|合规|不能|不可以|禁止|must|rules?", ("必须", "不得", "不能", "不写")),
    (r"怎么写|如何写|怎样写|写什么|写法", ("须写", "同屏", "写明")),
    (r"多少|效果|结果|怎么样|how (?:much|many)", ("结果",)),
    (r"区别|不同|difference", ("不是", "相反")),
)
"""What is asked → words that stand where it is answered."""


def hints(question: str) -> tuple[str, ...]:
    """Words that probably stand beside the answer."""
    plain = folded(question)
    return tuple(word for pattern, words in _HINTS if re.search(pattern, plain) for word in words)


def folded(text: str) -> str:
    """One spelling: half width, lower case. The length may change, so places are those of the original only."""
    return unicodedata.normalize("NFKC", text).lower()


def grams(text: str) -> Counter[str]:
    """What a text says, as a bag of pairs of characters and whole words."""
    counted: Counter[str] = Counter()
    for run in _RUN.findall(folded(text)):
        if "\u3400" <= run[0] <= "\u9fff":
            counted.update(run[n : n + 2] for n in range(len(run) - 1))
            if len(run) == 1:
                counted[run] += 1
        elif run not in _ENGLISH:
            counted[_stem(run)] += 1
    return counted


def _stem(word: str) -> str:
    """English plurals and verb forms, roughly: quotas of meaning, not grammar."""
    for ending in ("ies", "ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) > len(ending) + 3:
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word


def is_english(text: str) -> bool:
    """Whether a text has no Han character."""
    return not any("\u3400" <= char <= "\u9fff" for char in text)


def bare(question: str) -> str:
    """A question without the words that only ask."""
    return _ASKING.sub(" ", folded(question))


def asked(question: str) -> Counter[str]:
    """What a question asks about, as grams."""
    return grams(bare(question))


def runs(text: str) -> list[str]:
    """Stretches of Han characters, and Latin words or numbers, in order; English words that only join are left out."""
    found = _RUN.findall(folded(text))
    return [run if "\u3400" <= run[0] <= "\u9fff" else _stem(run) for run in found if run not in _ENGLISH]


_SPOKEN: tuple[tuple[str, str], ...] = (
    (r"到底|究竟|(?:这行|咱们?|你们?|大家)(?:说|讲)的", ""),
    (r"(?:是)?(?:个)?啥意思(?:啊|呀)?", "是什么意思"),
    (r"指的?是?(?:个)?(?:啥|什么)(?!时候)", "是什么"),
    (r"是(?:一?个)?(?:啥|什么)(?:东东|东西|玩意儿?|来着|概念)*(?:啊|呀|呢)?", "是什么"),
    (r"有(?:啥|什么)(?:不一样|差别|两样)|差在哪儿?里?|哪儿?里?不一样|怎么个不同", "有什么区别"),
    (r"咋样", "怎么样"), (r"咋", "怎么"), (r"啥", "什么"),
)  # fmt: skip
"""Spoken ways of asking → the plain one that documents are found by."""


def plainly(question: str) -> str:
    """A question in plain words: 是个啥东西 is 是什么."""
    for spoken, plain in _SPOKEN:
        question = re.sub(spoken, plain, question)
    return question


def simplified(text: str, known: Collection[str]) -> str:
    """Traditional characters as simplified ones, if the text has characters that no document has."""
    if all(char in known for char in text if "\u3400" <= char <= "\u9fff"):
        return text
    return _converter().convert(text)


@functools.cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")
