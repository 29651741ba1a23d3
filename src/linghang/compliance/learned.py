"""Findings of the learned reader: clauses that mean what a rule forbids, whatever their words."""

import functools
import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from linghang.compliance.disclosures import accepts
from linghang.compliance.matching import applies
from linghang.compliance.model import Hit, Material, MaterialType, Rule
from linghang.compliance.nearby import Nearby
from linghang.compliance.neighbours import Meaning, heard, resembled
from linghang.compliance.neighbours import meaning as meaning_of
from linghang.compliance.normalise import View, normalise
from linghang.compliance.pieces import clauses
from linghang.compliance.reader import Reading, readings, sells, weights
from linghang.compliance.stance import disowned, excused


@dataclass(frozen=True)
class Bar:
    """How much is asked before a clause is a finding: ``logit(wrong) + lean · logit(sells) ≥ least``.

    A notice or a lesson speaks of what it warns of, so a text that sells needs less. Below ``unlikely`` a pattern's
    finding of severity S2 or S3 is taken for a coincidence of words; an S1 always stays. A clause that is more likely
    right than wrong (``floor``) is none, whatever its company.
    """

    floor: float
    lean: float
    least: float
    unlikely: float


BARS = {"zh": Bar(0.55, 0.8, 1.5, -2.0), "en": Bar(0.6, 0.3, 2.4, -2.5)}
"""Chosen by cross-validation over the sets (docs/measurements.md)."""
_SHORTEST = {False: 4, True: 6}
"""A clause of fewer letters is no finding, and no advice."""
_FEW_WORDS = 3
"""Nor is an English one of fewer words advice: two words of a title are half a sentence."""
_ALONE = 0.9
"""The score from which a clause is a finding beside others, and advice in a campaign: whoever reviews one reads it all."""
_CURED = frozenset({
    "CN-FD-11", "CN-FD-12", "CN-FD-16", "CN-FD-17", "CN-FD-05", "CN-AD-04", "CN-AD-15", "CN-PR-05", "CN-WM-03", "CN-LN-02",
    "CN-LN-03", "CN-LN-09", "CN-FM-11", "US-02", "US-03", "US-04", "US-08", "UK-05",
})  # fmt: skip
"""Rules about words that want a disclosure beside them: where it is carried, the words are in order."""
_FIT = -2.5
"""The least score of a sense: below it no rule fits a clause."""


@dataclass(frozen=True)
class Read:
    """A text as the learned reader sees it."""

    view: View
    lang: str
    clauses: tuple[Reading, ...]
    selling: float
    meaning: Meaning | None = field(default=None, compare=False)
    """What it resembles; None where only the reader was asked."""

    @property
    def alone(self) -> tuple[Reading, ...]:
        """The clauses, without those that are two together."""
        return tuple(one for one in self.clauses if one.alone)

    def strength(self, one: Reading) -> float:
        """The weight of evidence against a clause in this text."""
        return _logit(one.wrong) + BARS[self.lang].lean * max(-4.0, min(4.0, _logit(self.selling)))

    def likely(self, span: tuple[int, int]) -> bool:
        """Whether an original span stands in a clause that may be wrong."""
        least = BARS[self.lang].unlikely
        near = False
        for one in self._nearby.over(span):
            if self.strength(one) >= least:
                return True
            near = True
        return not near

    def opening(self, span: tuple[int, int]) -> float | None:
        """How likely the clause that begins where an original span does is wrong; None where none begins there."""
        return self._opening.get(span[0])

    @functools.cached_property
    def _opening(self) -> dict[int, float]:
        return {self.view.starts[one.start]: one.wrong for one in self.alone}

    def carries(self, code: str) -> bool:
        """Whether it carries a disclosure; asked once for each code."""
        if code not in self._carried:
            self._carried[code] = accepts(code, self.view, self.lang)
        return self._carried[code]

    @functools.cached_property
    def _carried(self) -> dict[str, bool]:
        return {}

    @functools.cached_property
    def _nearby(self) -> Nearby[Reading]:
        nearby: Nearby[Reading] = Nearby()
        for one in self.clauses:
            nearby.add((self.view.starts[one.start], self.view.ends[one.end - 1]), one)
        return nearby


def read(view: View, product: str, lang: str, *, meaning: bool = False) -> Read:
    """Scores a view's clauses and the whole; with ``meaning`` also by what they resemble, which takes a sentence encoder."""
    parts = tuple(readings(view, product, lang))
    selling = sells(view.text, product, lang)
    if not meaning or not parts:
        return Read(view, lang, parts, selling)
    resembles = meaning_of([view.text[one.start : one.end] for one in parts if one.alone], lang)
    leaning = _HEARS * _logit(selling) + _LEANS * resembles.selling
    return Read(view, lang, parts, 1 / (1 + math.exp(-leaning)), resembles)


def foresee(texts: Iterable[tuple[str, str]]) -> None:
    """Asks what texts that are read soon mean, all together: the encoder then knows them. Each is told with its language."""
    pieces: dict[str, list[str]] = {"zh": [], "en": []}
    for text, lang in texts:
        view = normalise(text)
        pieces[lang].extend(view.text[low:high] for low, high in clauses(view.text, chinese=lang == "zh"))
    for lang, said in pieces.items():
        heard(said, lang)


_HEARS, _LEANS = 0.3, 25.0
"""What the reader's word that a text sells weighs, and what nearness to texts that do, in logits a unit of likeness."""


def suspected(text: Read, material: Material, kind: MaterialType, rules: Mapping[str, Rule]) -> Hit | None:
    """The clause that reader and examples together find worst, by the rule of the nearest examples which binds the material.

    For a text that breaks a rule as a whole although no clause was found by itself: a story, an image, an allusion.
    """
    if text.meaning is None:
        return None
    settled = _reviewed(text)
    told = zip(text.alone, text.meaning.clauses, text.meaning.directions, strict=True)
    worst = max(
        (one for one in told if settled.get((one[0].start, one[0].end)) != ""),
        key=lambda told: (blamed(told[0], told[1]), -told[0].start),
        default=None,
    )
    if worst is None:
        return None
    one, _, direction = worst
    near = (rules[name] for name in resembled(direction, text.lang) if name in rules)
    rule = next((rule for rule in near if applies(rule, material, kind)), None)
    rule = rule or forbidden_by(one, material, kind, rules, text.lang)
    if rule is None:
        return None
    return Hit(
        rule, text.view.span(one.start, one.end), evasion=text.view.conceals(one.start, one.end), likelihood=one.wrong
    )


def blamed(one: Reading, margin: float) -> float:
    """How much reader and examples together hold against a clause."""
    return _logit(one.wrong) / 4 + _RESEMBLES * margin


_RESEMBLES = 6.0
"""What nearness to forbidden clauses weighs beside the reader's word."""


def learned(
    text: Read, material: Material, kind: MaterialType, rules: Mapping[str, Rule], known: Collection[Hit] = (), *,
    advice: bool = False,
) -> Iterator[Hit]:  # fmt: skip
    """A hit for each clause of which the reader is sure, by the rule for this product whose sense fits best.

    Two neighbouring clauses are one finding only where neither says it alone. Where something was found already (``known``, or a worse
    clause), a clause about another topic must stand alone: its company is no evidence. A word or two say too little.
    """
    least, floor = BARS[text.lang].least, _ALONE if advice else BARS[text.lang].floor
    view = text.view
    topics = {hit.rule.topic for hit in known}
    settled = _reviewed(text)
    for one, paired in _worst_first(text):
        if (said := settled.get((one.start, one.end))) is not None:
            rule = rules.get(said)
            if rule is not None and applies(rule, material, kind):
                topics.add(rule.topic)
                span = view.span(one.start, one.end)
                # A pattern of the same rule names the words closer.
                if not any(hit.rule.id == said and hit.span[0] < span[1] and span[0] < hit.span[1] for hit in known):
                    yield Hit(rule, span, evasion=view.conceals(one.start, one.end))
            continue
        size = sum(char.isalnum() for char in view.text[one.start : one.end])
        if text.strength(one) < least or one.wrong < floor or size < _SHORTEST[advice]:
            continue
        if advice and text.lang == "en" and len(view.text[one.start : one.end].split()) < _FEW_WORDS:
            continue
        if any(text.strength(part) >= least for part in paired):
            continue
        place = (view.text, one.start, one.end)
        if excused(*place, chinese=text.lang == "zh") or disowned(*place, chinese=text.lang == "zh"):
            continue
        rule = forbidden_by(one, material, kind, rules, text.lang)
        if rule is None or (rule.id in _CURED and _carried(rule, text)):
            continue
        if topics and rule.topic not in topics and one.wrong < _ALONE:
            continue
        topics.add(rule.topic)
        evasion = view.conceals(one.start, one.end)
        yield Hit(rule, view.span(one.start, one.end), evasion=evasion, likelihood=one.wrong, advice=advice)


def _reviewed(text: Read) -> dict[tuple[int, int], str]:
    """The clauses that a person has judged in these very words: the rule that they break, "" where they break none."""
    if text.meaning is None:
        return {}
    told = zip(text.alone, text.meaning.reviewed, strict=True)
    return {(one.start, one.end): rule for one, rule in told if rule is not None}


def _carried(rule: Rule, text: Read) -> bool:
    return bool(rule.disclosures) and all(text.carries(code) for code in rule.disclosures)


def forbidden_by(
    one: Reading, material: Material, kind: MaterialType, rules: Mapping[str, Rule], lang: str
) -> Rule | None:
    """The rule that fits a clause best among those which bind this material; None when the fit is poor."""
    names = weights(lang).rules
    for place in sorted(range(len(names)), key=lambda n: -one.senses[n]):
        if one.senses[place] < _FIT:
            return None
        for name in names[place]:
            rule = rules.get(name)
            if rule is not None and applies(rule, material, kind):
                return rule
    return None


def _logit(share: float) -> float:
    bound = min(max(share, 1e-6), 1 - 1e-6)
    return math.log(bound / (1 - bound))


def _worst_first(text: Read) -> list[tuple[Reading, tuple[Reading, ...]]]:
    """The clauses, the likeliest to be wrong first, then each two neighbours with the two that they are."""
    starts: dict[int, Reading] = {}
    ends: dict[int, Reading] = {}
    for one in text.clauses:
        if one.start not in starts or one.end < starts[one.start].end:
            starts[one.start] = one
    for one in starts.values():
        ends[one.end] = one
    singles = [(one, ()) for one in starts.values()]
    pairs = [
        (one, tuple(part for part in (starts[one.start], ends.get(one.end)) if part is not None))
        for one in text.clauses
        if starts[one.start] is not one
    ]
    return [*sorted(singles, key=_by_wrong), *sorted(pairs, key=_by_wrong)]


def _by_wrong(told: tuple[Reading, object]) -> tuple[float, int]:
    return -told[0].wrong, told[0].start
