"""What the phone's skills tell, as values: customers, the slots of a home screen, an explanation, a claim."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Shape = Mapping[str, Any]


@dataclass(frozen=True)
class Person:
    """A sample customer: the name is masked, the number never shown."""

    id: str
    name: str
    layer: str
    layer_label: str
    arm: str

    @property
    def held_out(self) -> bool:
        """Whether the customer is in the holdout and so sees nothing of the campaign."""
        return self.arm in ("holdout", "control", "global_holdout")


@dataclass(frozen=True)
class Spot:
    """A place of the home screen: what was decided for it, or why nothing was."""

    slot: str
    label: str
    width: int
    height: int
    decision_id: str
    picture: str = ""
    copy: Mapping[str, str] = field(default_factory=dict)
    benefit: str = ""
    benefit_label: str = ""
    page: str = ""
    campaign_id: str = ""
    reasons: tuple[str, ...] = ()

    @property
    def filled(self) -> bool:
        """Whether the customer sees something of a campaign here."""
        return bool(self.picture or self.copy)


@dataclass(frozen=True)
class Claimed:
    """A benefit that was claimed, and what is left of it."""

    label: str
    left: int | None
    expires: str


def person(told: Shape) -> Person:
    """A customer of ``phone.customers``."""
    layer = str(told.get("layer") or "")
    return Person(
        str(told.get("customer") or told.get("id") or ""),
        str(told.get("name") or told.get("masked") or ""),
        layer,
        str(told.get("layer_label") or layer),
        str(told.get("arm") or ""),
    )


def spots(told: Shape) -> tuple[Spot, ...]:
    """The places of ``phone.home``, in its order."""
    return tuple(_spot(item) for item in told.get("slots", []))


def _spot(told: Shape) -> Spot:
    benefit = told.get("benefit")
    known = benefit if isinstance(benefit, Mapping) else {"id": benefit or ""}
    picture = told.get("picture")
    return Spot(
        slot=str(told.get("slot") or ""),
        label=str(told.get("label") or told.get("slot") or ""),
        width=int(told.get("width") or 0),
        height=int(told.get("height") or 0),
        decision_id=str(told.get("decision_id") or ""),
        picture=str(picture.get("file") if isinstance(picture, Mapping) else picture or ""),
        copy={str(key): str(value) for key, value in (told.get("copy") or {}).items()},
        benefit=str(known.get("id") or ""),
        benefit_label=str(known.get("label") or known.get("id") or ""),
        page=str(told.get("page") or ""),
        campaign_id=str(told.get("campaign_id") or ""),
        reasons=_sentences(told.get("reasons") or ()),
    )


def _sentences(told: Any) -> tuple[str, ...]:
    """Reasons as sentences, each once, from a list or a mapping of option → reason."""
    items: Sequence[Any] = list(told.values()) if isinstance(told, Mapping) else list(told)
    texts = [
        str(item.get("message") or item.get("code") or "") if isinstance(item, Mapping) else str(item) for item in items
    ]
    return tuple(dict.fromkeys(text for text in texts if text))


def claimed(told: Shape) -> Claimed:
    """The result of ``phone.claim``."""
    left = told.get("stock_left", told.get("left"))
    return Claimed(
        str(told.get("label") or told.get("benefit_label") or told.get("benefit") or ""),
        int(left) if left is not None else None,
        str(told.get("expires") or told.get("expires_at") or "")[:10],
    )


@dataclass(frozen=True)
class Reason:
    """One step of an explanation. ``passed`` is None where it is a comparison, not a test."""

    text: str
    passed: bool | None = None
    chosen: bool = False


def explanation(told: Any) -> tuple[tuple[Reason, ...], tuple[Reason, ...], Shape]:
    """The steps, the options compared, and the facts (package, propensity) of ``phone.explain``."""
    if not isinstance(told, Mapping):
        pairs = [item for item in told or [] if isinstance(item, Sequence)]
        return tuple(Reason(str(item[-1])) for item in pairs), (), {}
    steps = tuple(
        Reason(str(item.get("message") or item.get("code") or ""), item.get("passed"))
        for item in told.get("steps", [])
        if isinstance(item, Mapping)
    )
    options = tuple(_option(item) for item in told.get("options", []))
    if not steps:
        steps = tuple(Reason(text) for text in _sentences(told.get("reasons") or ()))
        head = str(told.get("sentence") or told.get("message") or "")
        steps = (Reason(head), *steps) if head else steps
    return steps, options, told


def _option(item: Any) -> Reason:
    if isinstance(item, Mapping):
        name = str(item.get("name") or item.get("option") or "")
        why = str(item.get("message") or item.get("code") or "")
        return Reason(f"{name} {why}".strip(), chosen=bool(item.get("chosen")))
    return Reason(
        " ".join(str(part) for part in item) if isinstance(item, Sequence) and not isinstance(item, str) else str(item)
    )
