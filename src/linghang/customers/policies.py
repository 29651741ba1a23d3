"""Suitability, consent and contact policy as ordinary fields of rules; ``eligibility`` has the rules they stand for."""

from collections.abc import Mapping

from linghang.packs.model import Label, Pack

SUITABLE, CONTACTABLE, UNDER_CAPS = "suitable_for", "contactable_by", "under_caps_of"
LABELS: Mapping[str, Label] = {
    SUITABLE: Label("适合购买", "Suitable for"),
    CONTACTABLE: Label("可触达渠道", "May be contacted by"),
    UNDER_CAPS: Label("未超触达上限", "Under the contact caps of"),
}


KINDS: Mapping[str, Label] = {
    "fund": Label("基金", "funds"), "mmf": Label("货币基金", "money funds"), "wealth": Label("理财", "wealth products"),
    "deposit": Label("定期存款", "deposits"), "gold": Label("黄金", "gold"), "insurance": Label("保险", "insurance"),
    "credit": Label("信贷", "credit"), "savings": Label("储蓄", "savings"), "payments": Label("支付", "payments"),
    "membership": Label("会员", "membership"),
}  # fmt: skip


def values_of(name: str, pack: Pack) -> dict[str, Label]:
    """The products or channels that a policy field may be compared with, with their labels.

    A channel alone is for marketing of any kind; ``channel:kind`` for marketing about a kind of product: consent for
    its purpose, and the caps on it besides the others.
    """
    if name == SUITABLE:
        return {product.id: product.label for product in pack.products}
    found = {channel.id: channel.label for channel in pack.channels}
    for kind in sorted({product.kind for product in pack.products}):
        about = KINDS.get(kind, Label(kind, kind))
        found |= {
            f"{channel.id}:{kind}": Label(f"{channel.label.zh}·{about.zh}", f"{channel.label.en} about {about.en}")
            for channel in pack.channels
        }
    return found


def parted(value: str) -> tuple[str, str]:
    """(channel, kind of product or nothing) of a value."""
    channel, _, kind = value.partition(":")
    return channel, kind
