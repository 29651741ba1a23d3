"""What stands before a visitor, a rendered page or a foreign picture that was read, through the same engine.

Words come with place, size and contrast, so what no text can tell is known: whether the risk text is as large and as
clear as the rest, whether the annual rate is as large as the daily one, whether what lies over a page can be closed.
"""

import datetime as dt
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from linghang.compliance.checking import check
from linghang.compliance.model import Check, Fact, Hit, Material, Reader, Rule
from linghang.compliance.pictures import LEAST_CONTRAST
from linghang.ports.browser import Box, Screen, ShownText

_RISK = re.compile(
    r"有?风险|谨慎|不(?:代表|预示|保证|构成)|非存款|不等于存款|at risk|may (?:lose|fall)|not (?:guaranteed|insured)|past performance",
    re.I,
)
_ANNUAL = re.compile(
    r"(?:年化|年利率|综合融资成本)[^。;\n]{0,16}\d|\d+(?:\.\d+)?% ?(?:apr|aprc|representative)|\bapr\b", re.I
)
_DAILY = re.compile(r"(?:日息|日利率|每天|每日|一天|月息|月费率|日费率)[^。;\n]{0,10}\d|(?:per day|a day|daily)", re.I)
_LEAST_CLOSE = 16.0
"""CSS px: what is smaller cannot be hit with a finger."""
_FAINT = {"CN": "CN-FM-18", "UK": "UK-03", "EU": "EU-01"}
_CLOSES = {"CN": "CN-AD-13"}


@dataclass(frozen=True)
class Sight:
    """The verdict on what is shown; ``boxes`` has for each finding where its words stand."""

    check: Check
    boxes: tuple[tuple[Box, ...], ...]


def check_shown(
    screen: Screen,
    material: Material,
    *,
    rules: Sequence[Rule],
    context: Mapping[str, Fact] | None = None,
    today: dt.date,
    reader: Reader = "decides",
) -> Sight:
    """The verdict on a page or picture as it is seen. Facts of the caller go before what was measured."""
    words, starts, pieces = _written(screen.texts)
    facts: dict[str, Fact] = {**_measured(screen.texts), **(context or {})}
    done = check(replace(material, text=words), rules=rules, context=facts, today=today, reader=reader)
    seen = [*_faint(screen.texts, words, starts, done, rules), *_unclosed(screen, done, rules)]
    hits = (*done.hits, *(hit for hit, _ in seen))
    boxes = (*(_boxes(hit.span, starts, pieces) for hit in done.hits), *(box for _, box in seen))
    return Sight(replace(done, hits=hits, verdict="violating" if seen else done.verdict), boxes)


def _written(texts: Sequence[ShownText]) -> tuple[str, tuple[int, ...], tuple[ShownText, ...]]:
    """The words as one text, a line a block, and where each piece starts in it."""
    parts: list[str] = []
    starts: list[int] = []
    length, before = 0, None
    for one in texts:
        if before is None:
            gap = ""
        elif before.block != one.block:
            gap = "\n"
        else:
            gap = " " if before.text[-1:].isascii() and one.text[:1].isascii() else ""
        starts.append(length + len(gap))
        parts.append(gap + one.text)
        length += len(parts[-1])
        before = one
    return "".join(parts), tuple(starts), tuple(texts)


def _boxes(span: tuple[int, int], starts: Sequence[int], pieces: Sequence[ShownText]) -> tuple[Box, ...]:
    """The places of the pieces that a span touches; none for a finding about the whole."""
    if span[1] <= span[0]:
        return ()
    first = max(0, bisect_right(starts, span[0]) - 1)
    return tuple(piece.box for at, piece in zip(starts[first:], pieces[first:], strict=True) if at < span[1])


def _measured(texts: Sequence[ShownText]) -> dict[str, Fact]:
    """The sizes of risk text, of ordinary text (the size of most letters), of annual and daily rates."""
    lines = _blocks(texts)
    risk = [px for said, px in lines if _RISK.search(said)]
    annual = [px for said, px in lines if _ANNUAL.search(said)]
    daily = [px for said, px in lines if _DAILY.search(said) and not _ANNUAL.search(said)]
    letters: Counter[float] = Counter()
    for said, px in lines:
        letters[px] += 0 if _RISK.search(said) else len(said)
    facts: dict[str, Fact] = {}
    if risk and letters and letters.most_common(1)[0][1] > 0:
        facts |= {"risk_font_px": max(risk), "body_font_px": letters.most_common(1)[0][0]}
    if annual and daily:
        facts |= {"apr_font_px": max(annual), "daily_font_px": max(daily)}
    return facts


def _blocks(texts: Sequence[ShownText]) -> list[tuple[str, float]]:
    """Each piece with the size in which it is set; pictures' descriptions have none."""
    return [(one.text, one.px) for one in texts if one.px > 0]


def _faint(
    texts: Sequence[ShownText], words: str, starts: Sequence[int], done: Check, rules: Sequence[Rule]
) -> list[tuple[Hit, tuple[Box, ...]]]:
    rule = _rule(_FAINT, done, rules)
    found: list[tuple[Hit, tuple[Box, ...]]] = []
    for one, at in zip(texts, starts, strict=True):
        if rule and one.contrast is not None and one.contrast < LEAST_CONTRAST and _RISK.search(one.text):
            span = (at, at + len(one.text))
            hit = Hit(rule, span, words[slice(*span)], "compliance.faint", {"least": LEAST_CONTRAST})
            found.append((hit, (one.box,)))
    return found


def _unclosed(screen: Screen, done: Check, rules: Sequence[Rule]) -> list[tuple[Hit, tuple[Box, ...]]]:
    rule = _rule(_CLOSES, done, rules)
    found: list[tuple[Hit, tuple[Box, ...]]] = []
    for popup in screen.popups if rule else ():
        close = popup.close
        if rule and close is None:
            found.append((Hit(rule, code="compliance.no_close"), (popup.box,)))
        elif rule and close is not None and min(close[2:]) < _LEAST_CLOSE:
            params = {"px": min(close[2:]), "least": _LEAST_CLOSE}
            found.append((Hit(rule, code="compliance.small_close", params=params), (close,)))
    return found


def _rule(wanted: Mapping[str, str], done: Check, rules: Sequence[Rule]) -> Rule | None:
    name = wanted.get(done.material.jurisdiction)
    return next((rule for rule in rules if rule.id == name), None)
