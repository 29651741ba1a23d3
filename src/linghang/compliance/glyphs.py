"""Characters that stand for others: Traditional and Japanese forms, look-alikes, parts of split characters.

All of it is data of ``packs/data/rules/evasion.yaml``; Traditional forms come from OpenCC's table.
"""

import functools
from collections.abc import Iterator, Mapping
from importlib import resources
from importlib.resources.abc import Traversable

from linghang.packs.yamlfiles import parse

_HEARD = 4
"""Of a picture with more characters than these nobody guesses which is meant."""


def rules_folder() -> Traversable:
    """The folder of the shipped rule data."""
    return resources.files("linghang.packs") / "data" / "rules"


@functools.cache
def evasion() -> Mapping[str, object]:
    """The raw tables of ``evasion.yaml``."""
    return parse((rules_folder() / "evasion.yaml").read_text("utf-8"))


@functools.cache
def lookalikes() -> Mapping[str, str]:
    """A character → what it looks like, where no plain writer would use it with its own meaning."""
    pairs = f"{evasion()['latin']} {evasion()['variants']}".split()
    return {**_signs()[0], **{pair[0]: pair[1:] for pair in pairs}}


@functools.cache
def split_characters() -> Mapping[str, str]:
    """Parts of a character written side by side → the character."""
    return table("split")


@functools.cache
def pictures() -> Mapping[str, str]:
    """A picture → the characters that it may stand for; it may also be mere decoration."""
    told = dict(_signs()[1])
    for sign, said in table("pictures").items():
        told[sign] = said + told.get(sign, "")
    return told


@functools.cache
def names() -> Mapping[str, str]:
    """A picture → its short name, of which a character may be heard (``🍞`` 面包 → 包 for 保)."""
    return {sign: said for sign, said in pictures().items() if len(said) <= _HEARD}


@functools.cache
def _signs() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Letters and radicals that look like others, and pictures with the characters of their names (``signs.txt``)."""
    alike: dict[str, str] = {}
    drawn: dict[str, str] = {}
    for line in (rules_folder() / "signs.txt").read_text("utf-8").splitlines():
        sign, _, said = line.partition("\t")
        if line.startswith("#") or not said:
            continue
        if said.isascii() or "\u2e80" <= sign <= "\u2fdf":
            alike[sign] = said
        else:
            drawn[sign] = "".join(char for char in said if char not in "的了和与在")
    return alike, drawn


def table(name: str) -> Mapping[str, str]:
    """One of the tables of texts in ``evasion.yaml``."""
    raw = evasion()[name]
    if not isinstance(raw, Mapping):
        raise TypeError(f"evasion.yaml: {name} is not a mapping")
    return {str(key): str(value) for key, value in raw.items()}


@functools.cache
def _simplified() -> Mapping[str, str]:
    forms = {char: others[0] for char, others in _opencc("TSCharacters.txt") if char != "乾"}
    forms |= {"徵": "征", "藉": "借", "瞭": "了", "著": "着"}
    for name in ("JPVariants.txt", "HKVariants.txt", "TWVariants.txt"):
        for char, others in _opencc(name):
            forms |= {other: forms.get(char, char) for other in others if other not in forms and not _plain(other)}
    return forms


def _opencc(name: str) -> Iterator[tuple[str, list[str]]]:
    """The single characters of one of OpenCC's tables, each with what stands for it."""
    for line in (resources.files("opencc") / "dictionary" / name).read_text("utf-8").splitlines():
        char, _, others = line.partition("\t")
        told = [one for one in others.split(" ") if len(one) == 1]
        if len(char) == 1 and told:
            yield char, told


def _plain(char: str) -> bool:
    """Whether a character is one of the simplified standard: a Japanese form that is also one keeps its own meaning (予, 芸)."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def simplified(char: str) -> str:
    """The Simplified form of a Chinese character, itself where there is none."""
    return _simplified().get(char, char)
