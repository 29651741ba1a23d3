"""Suitability, consent and contact policy as ordinary fields of rules; ``eligibility`` has the rules they stand for."""

from collections.abc import Mapping

from linghang.packs.model import Label, Pack

SUITABLE, CONTACTABLE, UNDER_CAPS = "suitable_for", "contactable_by", "under_caps_of"
LABELS: Mapping[str, Label] = {
    SUITABLE: Label("适合购买", "Suitable for"),
    CONTACTABLE: Label("可触达渠道", "May be contacted by"),
    UNDER_CAPS: Label("未超触达上限", "Under the contact caps of"),
}


def values_of(name: str, pack: Pack) -> dict[str, Label]:
    """The products or channels that a policy field may be compared with, with their labels."""
    if name == SUITABLE:
        return {product.id: product.label for product in pack.products}
    return {channel.id: channel.label for channel in pack.channels}
