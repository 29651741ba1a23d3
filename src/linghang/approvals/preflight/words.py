"""Pre-flight of words: every place has its copy, in the right length, and says nothing unfinished or forbidden."""

import re
from collections.abc import Iterable

from linghang.approvals.preflight.look import Look, found
from linghang.base.findings import Finding, Severity
from linghang.campaigns.sections import Copy
from linghang.creatives.limits import Place, longest_whole, message_length, place_of_channel, place_of_slot

_UNFINISHED = re.compile(
    r"[{}]|\$\{|%s|\bTODO\b|\bTBD\b|\bFIXME\b|lorem ipsum|待定|待补|占位|测试文案|[xX]{2,}元|某某|\?\?\?|�"
)
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*元\s*(?:现金)?(?:红包|优惠券|立减券|代金券|券|立减|返现)")
_LINK = re.compile(
    r"https?://(?:localhost|127\.|192\.168\.|10\.|[\w.-]*\.(?:test|local|internal)\b)|https?://[\w.-]*test"
)

_ADDRESS = re.compile(r"https?:[^\s，。；！、（）()「」<>\"']*")
_WHOLE_LINK = re.compile(r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::\d{1,5})?(?:[/?#](?:(?!\.\.\.|…)[!-~])*)?")
"""A name with a dot, and a path that was not cut off."""


def places(look: Look) -> Iterable[Finding]:
    """Every layer that gets something has a combination that may run, in every place where it is promised."""
    have = {(variant.layer, variant.channel) for variant in look.variants}
    for item in look.allocation.allotments:
        for channel in item.channels:
            if item.customers and (item.layer, channel) not in have:
                yield found(
                    "nothing_to_say",
                    Severity.S1,
                    f"combinations[{item.layer}]",
                    layer=item.layer,
                    channel=channel,
                )


def offers(look: Look) -> Iterable[Finding]:
    """A layer's combinations give what the layer is allotted, and each of its benefits has one that gives it."""
    allotted: dict[str, set[str]] = {}
    for item in look.allocation.allotments:
        allotted.setdefault(item.layer, set()).add(item.benefit)
    for variant in look.variants:
        about = f"combinations.variants[{variant.id}]"
        if variant.layer not in look.layer_ids:
            yield found("variant_of_unknown_layer", Severity.S1, about, layer=variant.layer)
        elif variant.benefit and variant.benefit not in allotted.get(variant.layer, set()):
            yield found("wrong_benefit_for_layer", Severity.S1, about, layer=variant.layer, benefit=variant.benefit)
    shown = {(variant.layer, variant.benefit) for variant in look.variants}
    for layer, names in allotted.items():
        for name in names:
            if name and (layer, name) not in shown:
                yield found("benefit_never_shown", Severity.S2, f"combinations[{layer}]", layer=layer, benefit=name)


def amounts(look: Look) -> Iterable[Finding]:
    """An amount that copy promises is the face value of the benefit that goes with it: one truth everywhere."""
    for variant in look.variants:
        benefit = look.benefits.get(variant.benefit)
        for said in _AMOUNT.findall(" ".join(variant.copy.values())):
            if benefit is None or benefit.face_fen != round(float(said) * 100):
                yield found(
                    "copy_promises_other_amount",
                    Severity.S1,
                    f"combinations.variants[{variant.id}]",
                    variant=variant.name or variant.id,
                    said_yuan=said,
                    face_yuan=benefit.face_fen / 100 if benefit else 0,
                )


def roles(look: Look) -> Iterable[Finding]:
    """Each combination has the texts that its place requires, and none is too long."""
    for variant in look.variants:
        place = _place(look, variant.place, variant.channel)
        about = f"combinations.variants[{variant.id}]"
        for role in place.roles if place else ():
            text = variant.copy.get(role.role, "")
            longest = longest_whole(place, role, look.goal.lang) if place else 0
            if role.required and not text.strip():
                yield found("text_missing", Severity.S1, about, role=role.role, place=variant.place)
            if len(text) > longest:
                yield found(
                    "text_too_long",
                    Severity.S2,
                    about,
                    role=role.role,
                    place=variant.place,
                    length=len(text),
                    longest=longest,
                )


def _place(look: Look, place: str, channel: str) -> Place | None:
    if place in look.slots:
        return place_of_slot(look.slots[place])
    return place_of_channel(look.channels[channel], look.goal.lang) if channel in look.channels else None


def wording(look: Look) -> Iterable[Finding]:
    """Nothing unfinished, no forbidden word, no link that works only in the office."""
    forbidden = tuple(word for word in look.goal.forbidden_words if word)
    avoided = tuple(word for word in look.pack.brand.avoid if word)
    for text in look.texts.texts:
        about = f"copy.texts[{text.id}]"
        if not text.text.strip():
            yield found("text_empty", Severity.S2, about, place=text.place, role=text.role)
        if match := _UNFINISHED.search(text.text):
            yield found("text_unfinished", Severity.S1, about, place=text.place, what=match.group())
        yield from _links(text, about)
        for word in forbidden:
            if word in text.text:
                yield found("forbidden_word", Severity.S1, about, place=text.place, word=word)
        for word in avoided:
            if word in text.text:
                yield found("word_to_avoid", Severity.S3, about, place=text.place, word=word)


def _links(text: Copy, about: str) -> Iterable[Finding]:
    """Links that customers can open: outside of the office, whole, and by a connection that nobody reads along."""
    for match in _ADDRESS.finditer(text.text):
        link = match.group()
        if _LINK.search(link):
            yield found("link_of_the_office", Severity.S1, about, place=text.place, what=link)
        elif not _WHOLE_LINK.fullmatch(link):
            yield found("link_malformed", Severity.S1, about, place=text.place, what=link)
        elif link.startswith("http:"):
            yield found("link_not_secure", Severity.S2, about, place=text.place, what=link)


def language(look: Look) -> Iterable[Finding]:
    """All copy and the page are in the campaign's language."""
    strange = sorted({text.place for text in look.texts.texts if not text.lang.startswith(look.goal.lang)})
    if strange:
        yield found("other_language", Severity.S2, "copy.texts", places=", ".join(strange), lang=look.goal.lang)
    if not look.page.lang.startswith(look.goal.lang):
        yield found("page_in_other_language", Severity.S2, "page.lang", lang=look.page.lang)


def messages(look: Look) -> Iterable[Finding]:
    """A short message fits its channel with signature and opt-out, and a channel that needs them has them."""
    for variant in look.variants:
        channel = look.channels.get(variant.channel)
        if channel is None or channel.kind != "send" or not channel.max_chars:
            continue
        longest = message_length(place_of_channel(channel, look.goal.lang), look.goal.lang)
        length = len(variant.copy.get("body", ""))
        if length > longest:
            yield found(
                "message_too_long",
                Severity.S2,
                f"combinations.variants[{variant.id}]",
                channel=channel.id,
                length=length,
                longest=longest,
            )
        if not channel.suffix or not channel.prefix:
            yield found("message_without_opt_out", Severity.S1, f"channels[{channel.id}]", channel=channel.id)


def distinct(look: Look) -> Iterable[Finding]:
    """Each layer is spoken to in its own words."""
    said: dict[str, set[tuple[str, ...]]] = {}
    for variant in look.variants:
        said.setdefault(variant.layer, set()).add(tuple(sorted(variant.copy.values())))
    if len(said) > 1 and len({frozenset(texts) for texts in said.values()}) == 1:
        yield found("layers_hear_the_same", Severity.S4, "copy.texts", layers=len(said))
