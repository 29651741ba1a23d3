"""What makes a sum of money a ceiling: the words right before it, or right behind it."""

import re

from linghang.reading.sentence import Sentence

_LEAD = re.compile(
    r"(?:(?:不|别|勿|莫)(?:要|能|可以?|得|许|准|应该?|会|用|想)*(?:花|用|投)?(?:超|高于|多于|大于|突?破|越)(?:过|出|越)?(?:了)?"
    r"|最多(?:也)?(?:就|只)?(?:能)?(?:花|用|投|给|批)?|(?:至多|顶多|撑死)(?:也)?(?:就|只)?(?:能)?(?:花|用|投|给|批)?|上限|封顶|最高"
    r"|(?:控制?|压|卡|框|锁|限制?|收)(?:在|到|住)|限额|≤|<=?|低于|少于"
    r"|(?:(?<![a-z])(?:no|not|never)|n't)(?:\s[a-z]+){0,3}?\s(?:more|higher|greater|over|above|beyond|exceed(?:ing)?)"
    r"(?:\sthan)?"
    r"|(?<![a-z])(?:at most|up to|max(?:imum)?|cap(?:ped|ping)?|ceiling|limit(?:ed)?|under|below|within"
    r"|(?:less|lower) than))"
    r"(?:[是为在:]|\s?(?:of|at|is|to|:|around|about|a|it))*\s?$"
)
_TAIL = re.compile(
    r"\s?(?:元|块)?(?:以内|之内|以下|之下|以里|不能超|不许超|别超|不超|不准超|不可超|封顶|内|左右封顶|为上限|为限"
    r"|打住|撑死|到顶|顶天|(?:yuan |cny |rmb )?(?:max(?:imum)?|tops|at (?:the )?(?:very )?most|and no more"
    r"|or (?:less|under|below)"
    r"|cap|上限))(?!\s*(?:在|到|为|是|at|of|:)?\s*\d)"
)


def stretch(found: Sentence, place: int) -> tuple[int, int]:
    """Where the clause of a sum begins and ends, or the brackets in it that hold the sum."""
    number, token = found.clause(place), found.tokens[place]
    begin, end = found.edge(number), found.edge(number + 1)
    opened = max(found.text.rfind(char, begin, token.start) for char in "(（")
    closed = min((at for char in ")）" if (at := found.text.find(char, token.end, end)) >= 0), default=end)
    return max(begin, opened + 1), closed


def leads(found: Sentence, place: int) -> re.Match[str] | None:
    """The words of a ceiling that end right before a sum, in its clause."""
    start = found.tokens[place].start
    return _LEAD.search(found.text, max(stretch(found, place)[0], start - 36), start)


def is_ceiling(found: Sentence, place: int) -> bool:
    """别超过30万, 30万以内, no more than 300k, 300k max: whether a sum must not be passed."""
    return leads(found, place) is not None or follows(found, place)


def follows(found: Sentence, place: int) -> bool:
    """30万以内, 300k max: the words of a ceiling right behind a sum."""
    return _TAIL.match(found.after(place, 24)) is not None


def of_customers(found: Sentence, place: int) -> bool:
    """AUM不超过30万, customers with holdings of up to 50k: a sum in whose clause a figure of customers is named."""
    begin, end = stretch(found, place)
    inside = [token for token in found.tokens if begin <= token.start < min(end, found.tokens[place].end + 24)]
    if any(token.senses.get("budget") == "total" for token in inside):
        return False
    return any(
        (token.has("field") or (token.has("act") and len(token.text) > 1)) and not token.has("budget", "metric_word")
        for token in inside
    )


def before_lead(found: Sentence, place: int) -> str | None:
    """What a clause says before the words of a ceiling; None where its sum has none."""
    hit = leads(found, place)
    return None if hit is None else found.text[stretch(found, place)[0] : hit.start()]
