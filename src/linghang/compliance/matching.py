"""Rules on one view of a text → raw matches, with exceptions and excuses applied."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from linghang.compliance.model import Material, MaterialType, Rule, Trigger
from linghang.compliance.nearby import Nearby
from linghang.compliance.normalise import View
from linghang.compliance.patterns import Lexicon
from linghang.compliance.pieces import piece
from linghang.compliance.stance import disowned, excused, warned_of


@dataclass(frozen=True)
class Match:
    """A rule's pattern found at ``start:end`` of a view."""

    rule: Rule
    view: View
    start: int
    end: int

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands in the original."""
        return self.view.span(self.start, self.end)


def applies(rule: Rule, material: Material, kind: MaterialType) -> bool:
    """Whether a rule binds this product, channel and type of material."""
    return (
        (not rule.products or material.product in rule.products)
        and (not rule.channels or material.channel in rule.channels)
        and (not rule.materials or kind in rule.materials)
    )


def matches(
    rules: Iterable[Rule],
    view: View,
    material: Material,
    kind: MaterialType,
    lexicon: Lexicon,
    *,
    only_hidden: bool = False,
) -> Iterator[Match]:
    """Every match that nothing excuses. ``only_hidden`` keeps those in which something was concealed."""
    for rule in rules:
        if not applies(rule, material, kind):
            continue
        for trigger in rule.triggers:
            if not lexicon.any_of(trigger.find, view.text):
                continue
            if _in_scope(trigger, material, kind) and _holds(trigger, view, lexicon):
                for start, end in _places(trigger, view, lexicon):
                    if not only_hidden or view.conceals(start, end):
                        yield Match(rule, view, start, end)


def _in_scope(trigger: Trigger, material: Material, kind: MaterialType) -> bool:
    return (
        (not trigger.products or material.product in trigger.products)
        and (not trigger.channels or material.channel in trigger.channels)
        and (not trigger.materials or kind in trigger.materials)
    )


def _holds(trigger: Trigger, view: View, lexicon: Lexicon) -> bool:
    if trigger.present and not any(found(source, view, lexicon) for source in trigger.present):
        return False
    return not any(found(source, view, lexicon) for source in trigger.absent)


def found(source: str, view: View, lexicon: Lexicon) -> bool:
    """Whether a pattern stands anywhere in a view."""
    pattern = lexicon.pattern(source)
    return lexicon.may(pattern, view.text) and pattern.compiled.search(view.text) is not None


def _places(trigger: Trigger, view: View, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    places: list[tuple[int, int]] = []
    for source in trigger.find:
        pattern = lexicon.pattern(source)
        if lexicon.may(pattern, view.text):
            for match in pattern.compiled.finditer(view.text):
                group = "x" if "x" in pattern.compiled.groupindex and match.group("x") is not None else 0
                if match.end(group) > match.start(group):
                    places.append(match.span(group))
    if not places:
        return
    excuses: Nearby[str] = Nearby()
    for span in _excuses(trigger, view, lexicon):
        excuses.add(span, "")
    for start, end in dict.fromkeys(places):
        if excuses.touches((start, end)):
            continue
        chinese = lexicon.lang == "zh"
        if trigger.negatable and excused(view.text, start, end, chinese=chinese):
            continue
        if chinese and not trigger.negatable and warned_of(view.text, start, end):
            continue
        if disowned(view.text, *piece(view.text, start, end, chinese=chinese), chinese=chinese):
            continue
        yield start, end


def _excuses(trigger: Trigger, view: View, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    for source in trigger.unless:
        pattern = lexicon.pattern(source)
        if lexicon.may(pattern, view.text):
            yield from (match.span() for match in pattern.compiled.finditer(view.text))
