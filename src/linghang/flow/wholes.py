"""Combinations as wholes: message, picture and page as one customer meets them have to be one truth.

Each part has passed by itself. Read together they may still disagree: a figure that the page does not know, a benefit
that the page does not offer, a duty that only all together call for. What disagrees is excluded with its reason.
"""

import re
from collections.abc import Mapping, Sequence

from linghang.base.findings import Finding, Severity
from linghang.base.records import LayerRecord
from linghang.campaigns.sections import Copy, Creatives, Goal, Layers, Texts, Variant, Variants
from linghang.compliance.pages import visible_text
from linghang.creatives.combinations import Exclude
from linghang.creatives.numbers import amounts
from linghang.creatives.script import written
from linghang.flow.review import checks
from linghang.packs.model import Pack, Product

ORDER = ("subject", "preheader", "title", "subtitle", "body", "script", "badge", "button", "legal")

_FIGURE = re.compile(r"[\d.,%¥元折]+|yuan")
"""A piece of a coupon's face: its name, which stands beside it, says the same."""


def excluder(
    goal: Goal, texts: Texts, creatives: Creatives, records: Mapping[str, LayerRecord], html: bytes, pack: Pack
) -> Exclude:
    """What stands against a combination as a whole, as codes; the same words are judged once."""
    page = visible_text(html.decode())
    product = next((item for item in pack.products if item.id == goal.product), None)
    known = _known(goal, texts, page, product, pack)
    judge = checks(goal, pack, f"\n{page}")
    drawn = {item.id: item.record for item in creatives.pictures}
    names = {item.id: written(item.label.of(goal.lang), goal.script) for item in pack.benefits}
    judged: dict[tuple[str, str, str], tuple[str, ...]] = {}

    def exclude(variant: Variant, copy: Mapping[str, Copy]) -> Sequence[str]:
        said = whole(copy, records.get(drawn.get(variant.creative, "")))
        key = (variant.place, variant.benefit, said)
        if key not in judged:
            offered = names.get(variant.benefit, "")
            reasons = _disagreements(said, known, page, offered)
            judged[key] = (*reasons, *judge(said, variant.place, variant.channel))
        return judged[key]

    return exclude


def whole(copy: Mapping[str, Copy], record: LayerRecord | None) -> str:
    """The words of a combination in reading order: those of the message, then what only its picture says."""
    said = [copy[role].text for role in ORDER if role in copy]
    if record is not None:
        there = "".join(said)
        drawn = [str(one.get("text", "")).strip() for one in record.texts]
        said += [text for text in drawn if text and text not in there and not _FIGURE.fullmatch(text)]
    return "\n".join(said)


def _known(goal: Goal, texts: Texts, page: str, product: Product | None, pack: Pack) -> frozenset[str]:
    """Every amount that a combination may say: those of the page, the facts, and what surrounds texts."""
    lines = [page, *texts.facts.values(), pack.brand.telephone]
    if product is not None:
        told = (*product.facts, *product.disclosures.values(), *product.short_disclosures.values())
        lines += [label.of(lang) for label in told for lang in ("zh", "en")]
        lines += [part.of(goal.lang) for proof in product.proofs for part in (proof.claim, proof.source)]
    lines += [label.of(lang) for label in pack.disclosures.values() for lang in ("zh", "en")]
    return amounts("\n".join(lines))


def _disagreements(said: str, known: frozenset[str], page: str, offered: str) -> list[str]:
    found: list[str] = []
    if amounts(said) - known:
        found.append("combinations.page_says_other")
    if offered and offered in said and offered not in page:
        found.append("combinations.page_without_benefit")
    return found


def left_over(variants: Variants, layers: Layers) -> tuple[Finding, ...]:
    """A finding for each layer and place of which no combination may run: nobody there would see anything."""
    found: list[Finding] = []
    for layer in layers.layers:
        own = [item for item in variants.variants if item.layer == layer.id]
        for place in dict.fromkeys(item.place for item in own):
            here = [item for item in own if item.place == place]
            if all(item.excluded for item in here):
                reasons = ", ".join(dict.fromkeys(code for item in here for code in item.excluded))
                params = {"layer": layer.id, "place": place, "count": len(here), "reasons": reasons}
                found.append(Finding("combinations.nothing_left", Severity.S2, f"combinations.{place}", params=params))
    return tuple(found)
