"""What stands beside a wish and changes nothing: why it is wished, who said so, how things stand, thanks.

A linear model over the words of a clause; ``lexicon/reasons.yaml`` holds its weights, fitted by
``scripts/teach_reasons.py`` on messages whose clauses are labelled. What it takes for a reason is only left out where
the rest of the message changes something.
"""

import functools
import math
import re
from importlib import resources

import yaml

from linghang.reading.edits.words import ADD, DROP, LESS, MORE, ONLY, SWAP
from linghang.reading.normalise import normalise

PARTED = (
    r"(?<=[^\s,，。;；])(?=(?:免得|省得|以免|以防|毕竟|因为|不然|否则|要不然|谁让))"
    r"|,?\s(?=(?:because|since (?:we|they|it|the|our)|as (?:we|they|it's|our)|otherwise|or else|so that"
    r"|given (?:that|how)|in case)\s)"
    r"|\s(?=to (?:be safe|be on the safe side|save (?:money|cost|costs|budget)|keep (?:it|things) [a-z]+"
    r"|make (?:sure|room))(?:\W|$))"
)
"""Where a reason begins within a piece."""

_MARKED = re.compile(
    r"^(?:免得|省得|以免|以防|毕竟|因为|由于|反正|不然|否则|要不然|谁让|生?怕|主要是?(?!推|卖|做|发|给)|原因(?:是|[:：])|考虑到"
    r"|(?:我|刚才?|刚刚|之前|上次)*(?:看|听|说|写|打|记|弄|搞|发)(?:错|岔|漏|混)了?"
    r"|(?:谢谢|多谢|感谢|辛苦|麻烦(?:你|您|了)|拜托|谢啦|感恩)(?:你|您|了|啦|哈|大家|各位)*$"
    r"|(?:thanks|thank you|cheers|ta|much appreciated|please)(?: (?:a lot|so much|very much|again))?$"
    r"|(?:because|since (?:we|they|it|the|our)|as (?:we|they|it's|our)|otherwise|or else|so that|given (?:that|how)"
    r"|in case|after all)\s"
    r"|(?:up|down) from\s|比(?:原来|原计划|原定|之前|现在|上次)|(?:还)?(?:没|忘了?|漏了?)(?:写|填|说|定)"
    r"|[a-z ]{2,24} (?:feels|looks|sounds|seems|reads) (?:wrong|off|odd|too |cheap|dated"
    r"|silly|childish|cold|stiff|tacky|flat)"
    r"|(?:finance|legal|compliance|risk|treasury|management|marketing|head office"
    r"|the (?:boss|board|team|agency|cfo|ceo))\s"
    r"(?:only |just |have |has |had |already )*(?:(?!want|ask|need|request|demand)[a-z]+ed|took|gave|cut|taken|given)\s"
    r"|[¥$]?\d[\d,.]*\s?[a-z%]{0,8}\s(?:is|are|was|feels|looks|seems|sounds|won't|isn't)\s(?!the|our|now|what|fine|ok|enough)"
    r"|to (?:be safe|be on the safe side|save (?:money|cost|costs|budget)|keep (?:it|things) [a-z]+"
    r"|make (?:sure|room)))"
)
_ORDERS = re.compile(
    r"(?:应该[是为]|[改换][成到为]|去掉|[把将]|请|麻烦|帮我|加上|不要|别(?![的人家处])|所以|那就)"
    r"|(?:please|make|set|drop|use|add|remove|change|let's|so)\s"
)
"""How a wish begins, whatever follows."""
_VERBS = (("only", ONLY), ("swap", SWAP), ("drop", DROP), ("add", ADD), ("more", MORE), ("less", LESS))
_WORDS = re.compile(r"[a-z'0]+|[\u4e00-\u9fff]|[^\sa-z\u4e00-\u9fff]")
_FIGURES = re.compile(r"\d+(?:[.,:]\d+)*")
_LONG = 24
_ENOUGH = 0.6


def beside(text: str, *, marked: bool = False) -> bool:
    """Whether a clause only says why or how things stand (by its first words alone where ``marked``)."""
    said = text.strip(" ,，。;；!！?？.~～")
    return bool(_MARKED.match(said)) or (not marked and not _ORDERS.match(said) and likely(said) > _ENOUGH)


def likely(text: str) -> float:
    """How likely a clause is a reason, 0 to 1."""
    weights = _weights()
    total = weights["bias"] + sum(weights.get(name, 0.0) * value for name, value in features(text).items())
    return 1 / (1 + math.exp(-total))


def features(text: str) -> dict[str, float]:
    """The words of a clause, alone, in twos and in threes, its verbs of change, and its length; figures are alike."""
    said = _FIGURES.sub("0", normalise(text).text.strip(" ,，。;；!！?？.~～"))
    words = ["^", *_WORDS.findall(said), "$"]
    made: dict[str, float] = {}
    for width in (1, 2, 3):
        made |= {" ".join(words[at : at + width]): 1.0 for at in range(len(words) - width + 1)}
    for name, verb in _VERBS:
        if (hit := verb.search(said)) is not None:
            made |= {f"@{name}": 1.0, "@any": 1.0}
            if hit.start() <= 2:
                made |= {f"@{name}^": 1.0, "@any^": 1.0}
    made["@long"] = min(len(words) - 2, _LONG) / _LONG
    return made


@functools.cache
def _weights() -> dict[str, float]:
    text = resources.files("linghang.reading").joinpath("lexicon/reasons.yaml").read_text("utf-8")
    table: dict[str, float] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return table
