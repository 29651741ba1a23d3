"""What the phone's skills tell, as values: customers, the slots of a home screen, an explanation, a claim."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Shape = Mapping[str, Any]
Named = Callable[[str], str]


@dataclass(frozen=True)
class Person:
    """A sample customer: ``label`` is the masked id; ``traits`` are a few attributes with their names."""

    id: str
    label: str
    layer: str
    layer_label: str
    arm: str
    traits: tuple[tuple[str, Any], ...] = ()

    @property
    def held_out(self) -> bool:
        """Whether the customer is in the holdout and so sees nothing of the campaign."""
        return self.arm == "holdout"

    @property
    def outside(self) -> bool:
        """Whether the customer is not in the audience at all."""
        return not self.layer


@dataclass(frozen=True)
class Spot:
    """A place of the home screen: what was decided for it, or why nothing was."""

    slot: str
    label: str
    decision_id: str
    shown: bool = False
    picture: str = ""
    width: int = 0
    height: int = 0
    copy: Mapping[str, str] = field(default_factory=dict)
    benefit: str = ""
    benefit_label: str = ""
    page: str = ""
    campaign_id: str = ""
    why: str = ""


@dataclass(frozen=True)
class Claimed:
    """A benefit that was claimed, and what is left of it; or why it was refused."""

    done: bool
    label: str
    left: int | None
    expires: str
    reason: str = ""


@dataclass(frozen=True)
class Reason:
    """A sentence of an explanation, and the options that it is about."""

    names: tuple[str, ...]
    why: str


def person(told: Shape, named: Named, outside: str) -> Person:
    """A customer of ``phone.customers``."""
    layer = str(told.get("layer") or "")
    return Person(
        str(told["customer"]),
        str(told.get("label") or ""),
        layer,
        named(layer) if layer else outside,
        str(told.get("arm") or ""),
        tuple((told.get("traits") or {}).items()),
    )


def spots(told: Shape, named: Named) -> tuple[Spot, ...]:
    """The places of ``phone.home``, in its order."""
    return tuple(_spot(item, named) for item in told.get("slots", []))


def _spot(told: Shape, named: Named) -> Spot:
    benefit: Shape = told.get("benefit") or {}
    return Spot(
        slot=str(told["slot"]),
        label=named(str(told["slot"])),
        decision_id=str(told["decision_id"]),
        shown=bool(told.get("shown")),
        picture=str(told.get("picture") or ""),
        width=int(told.get("width") or 0),
        height=int(told.get("height") or 0),
        copy={str(key): str(value) for key, value in (told.get("copy") or {}).items()},
        benefit=str(benefit.get("id") or ""),
        benefit_label=str(benefit.get("label") or ""),
        page=str(told.get("page") or ""),
        campaign_id=str(told.get("campaign_id") or ""),
        why=str(told.get("why") or ""),
    )


def claimed(told: Shape) -> Claimed:
    """The result of ``phone.claim``."""
    left = told.get("left")
    return Claimed(
        bool(told.get("claimed")),
        str(told.get("benefit") or ""),
        int(left) if left is not None else None,
        str(told.get("expires") or "")[:10],
        str(told.get("reason") or ""),
    )


def reasons(told: Sequence[Shape], option: Named) -> tuple[Reason, ...]:
    """The sentences of ``phone.explain``: the choice first. One sentence about several options is told once."""
    found: dict[str, list[str]] = {}
    for item in told:
        name = option(str(item.get("what") or "")) or str(item.get("name") or "")
        found.setdefault(str(item.get("why") or ""), []).append(name)
    return tuple(Reason(tuple(dict.fromkeys(name for name in names if name)), why) for why, names in found.items())
