"""Between which hours one sends, and by which channel."""

import itertools
import re

from linghang.reading.draft import Draft
from linghang.reading.sentence import Sentence


def _night_rule(found: Sentence) -> str | None:
    """短信晚上不发，只在9点到18点: the channel whose hours are spoken of stands in the clause before."""
    hit = re.search(r"(?:晚上|夜里|夜间|晚间|早上|周末)(?:不|别|不要)(?:发|打|推)[,，]", found.text)
    if hit is None:
        return None
    number = found.clause_at(hit.start())
    return next(
        (t.senses["channel"] for t in found.tokens if t.has("channel") and found.clause_at(t.start) == number), None
    )


_FROM_HOUR = re.compile(r"(?:(?:不|别|不要|不能|不得|不可|勿)早于|最早|earliest|not before|no earlier than|after)\s?$")
_TO_HOUR = re.compile(
    r"(?:(?:不|别|不要|不能|不得|不可|勿)(?:晚|迟)于|最晚|最迟|latest|not after|no later than|(?:and|or) before)\s?$"
)


def _led(found: Sentence, place: int) -> str:
    """What leads to an hour; 早 and 晚 of 最早9点 belong to it."""
    token = found.tokens[place]
    return found.text[max(0, token.start - 16) : token.start + (token.text[0] in "早晚")]


def _bounds(found: Sentence) -> tuple[int, int] | None:
    """别早于9点、别晚于21点; 9点后21点前: two hours that bound the sending without a word between them."""
    hours = [p for p in found.where("clock") if len(found.tokens[p].senses["clock"].args) == 1]
    for low, high in itertools.pairwise(hours):
        early = _FROM_HOUR.search(_led(found, low)) or re.match(r"(?:以|之)?后", found.after(low, 2))
        late = _TO_HOUR.search(_led(found, high)) or re.match(r"(?:以|之)?前", found.after(high, 2))
        if early and late and found.clause(high) - found.clause(low) <= 1:
            return low, high
    return None


def of_one_channel(draft: Draft) -> None:
    """The hours of a brief with a single channel are that channel's."""
    window, names = draft.values.get("send_window"), draft.values.get("channels", [])
    if window and "channel" not in window and len(names) == 1 and names != ["all"]:
        draft.values["send_window"] = {"channel": names[0], **window}


def hours(draft: Draft) -> None:
    """Put ``send_window``."""
    found = draft.sentence
    if (pair := _bounds(found)) is not None:
        start, end = (found.tokens[place].senses["clock"].args[0] for place in pair)
        draft.put("send_window", {"start": start, "end": end}, *pair)
    for place in list(found.where("clock")):
        hours = found.tokens[place].senses["clock"].args
        if len(hours) != 2:
            continue
        value: dict[str, object] = {}
        channel = next(
            (
                t.senses["channel"]
                for t in found.tokens
                if "channel" in t.senses and found.clause_at(t.start) == found.clause(place)
            ),
            None,
        )
        if channel is None and (alone := _night_rule(found)) is not None:
            channel = alone
        if channel and channel != "all":
            value["channel"] = channel
        draft.put("send_window", {**value, "start": hours[0], "end": hours[1]}, place)
        # 每天10点到12点 says the hours of every day, no rhythm.
        for other in list(found.where("recurrence")):
            if (
                found.clause(other) == found.clause(place)
                and found.tokens[other].senses["recurrence"].args[0] == "daily"
            ):
                draft.support("send_window", other)
