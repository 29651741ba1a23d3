"""Pre-flight of pictures and page: size, weight, format, files, terms."""

from collections.abc import Iterable

from linghang.approvals.preflight.look import Look, found
from linghang.base.findings import Finding, Severity

FORMATS = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
HEAVY_PAGE = 2_000_000
_HEX = frozenset("0123456789abcdef")


def pictures(look: Look) -> Iterable[Finding]:
    """Every picture fits its slot: pixels, bytes, format; and it exists."""
    for picture in look.creatives.pictures:
        about = f"creatives.pictures[{picture.id}]"
        slot = look.slots.get(picture.slot)
        if slot is None:
            yield found("picture_for_unknown_slot", Severity.S1, about, slot=picture.slot)
            continue
        if (picture.width, picture.height) != (slot.width, slot.height):
            size = f"{picture.width}×{picture.height}"
            wanted = f"{slot.width}×{slot.height}"
            yield found("picture_size", Severity.S1, about, slot=slot.id, size=size, wanted=wanted)
        if picture.bytes > slot.max_bytes or picture.bytes <= 0:
            yield found("picture_weight", Severity.S1, about, slot=slot.id, bytes=picture.bytes, most=slot.max_bytes)
        if picture.mime not in FORMATS or (slot.transparent and picture.mime == "image/jpeg"):
            yield found("picture_format", Severity.S2, about, slot=slot.id, mime=picture.mime)
        if not _is_digest(picture.file):
            yield found("picture_file_absent", Severity.S1, about, slot=slot.id)
        if picture.layer not in look.layer_ids:
            yield found("picture_of_unknown_layer", Severity.S2, about, layer=picture.layer)


def references(look: Look) -> Iterable[Finding]:
    """Combinations name pictures of their own layer and slot, and a slot's combination has one."""
    known = {picture.id: picture for picture in look.creatives.pictures}
    for variant in look.variants:
        about = f"combinations.variants[{variant.id}]"
        picture = known.get(variant.creative)
        if variant.creative and picture is None:
            yield found("variant_of_unknown_picture", Severity.S1, about, picture=variant.creative)
        elif picture is not None and (picture.layer, picture.slot) != (variant.layer, variant.place):
            yield found("picture_of_other_layer", Severity.S1, about, picture=picture.id, layer=variant.layer)
        elif picture is None and variant.place in look.slots:
            yield found("slot_without_picture", Severity.S1, about, slot=variant.place)
        if variant.place not in look.slots and variant.place not in look.channels:
            yield found("unknown_place", Severity.S1, about, place=variant.place)


def page(look: Look) -> Iterable[Finding]:
    """There is a page, with the terms of what is given and the risk of what is sold."""
    page = look.page
    if not _is_digest(page.file):
        yield found("page_absent", Severity.S1, "page.file")
    if not page.title.strip():
        yield found("page_without_title", Severity.S2, "page.title")
    if page.bytes > HEAVY_PAGE:
        yield found("page_heavy", Severity.S4, "page.bytes", bytes=page.bytes, most=HEAVY_PAGE)
    gives = any(item.benefit and item.customers for item in look.allocation.allotments)
    if gives and not page.terms:
        yield found("page_without_terms", Severity.S1, "page.terms")
    kinds = {block.kind for block in page.blocks}
    if look.product is not None and look.product.disclosures and "risk" not in kinds:
        yield found("page_without_risk", Severity.S1, "page.blocks", product=look.product.id)


def page_facts(look: Look) -> Iterable[Finding]:
    """The terms state the campaign's own days: a page of last month's campaign is the commonest incident."""
    said = " ".join((*look.page.terms, *(str(value) for block in look.page.blocks for value in block.data.values())))
    if not said or not look.page.terms:
        return
    for day in (look.goal.start, look.goal.end):
        forms = (
            day.isoformat(),
            f"{day.year}年{day.month}月{day.day}日",
            f"{day.month}月{day.day}日",
            f"{day:%B} {day.day}",
            f"{day.day} {day:%B}",
            f"{day:%b} {day.day}",
        )
        if not any(form in said for form in forms):
            yield found("page_states_other_days", Severity.S1, "page.terms", day=day.isoformat())


def _is_digest(text: str) -> bool:
    return len(text) == 64 and set(text) <= _HEX
