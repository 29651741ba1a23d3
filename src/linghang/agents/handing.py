"""What a domain agent gives back: a frozen value of the domain's own type, checked, never a text.

Each type of result that the house's domains make has a shape here. A result that has not the shape is no result: the
step has failed, and the goal is planned anew without the skill that gave it, be it ours or one of another system that
claims to make the type. Types of others have no shape of ours; they come back as what they are, named as outside.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from pydantic import TypeAdapter, ValidationError

from linghang.agents.model import Json, Step
from linghang.base.digest import plain


@dataclass(frozen=True)
class Handed:
    """What came back of a step: the domain that made it, the type, and the value of that type."""

    domain: str
    makes: str
    value: Any

    def told(self) -> dict[str, Json]:
        """As it is kept in a plan's record and in a turn."""
        return {"domain": self.domain, "makes": self.makes, "type": type(self.value).__name__,
                "value": plain(vars(self.value))}  # fmt: skip


@dataclass(frozen=True)
class CampaignMade:
    """A campaign's document: which, in which version, where it stands, and what it still lacks."""

    id: str
    name: str
    version: int
    status: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class CampaignStep:
    """A campaign that went a step on (submitted, launched, paused …)."""

    id: str = ""
    status: str = ""


@dataclass(frozen=True)
class AudienceSize:
    """How many customers a rule finds, of how many, and how many of them may be addressed."""

    matched: int
    base: int
    count: int
    words: str = ""


@dataclass(frozen=True)
class AudienceOverlap:
    """Two audiences and what they share."""

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    both: int


@dataclass(frozen=True)
class AudienceWords:
    """A rule in words."""

    words: str


@dataclass(frozen=True)
class CopyTexts:
    """Texts for a product, each part by its role."""

    product_name: str
    texts: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Pictures:
    """Drafts of pictures for a product."""

    product_name: str
    pictures: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class PageDraft:
    """A page: its title, its blocks, and the benefits that it shows."""

    title: str
    blocks: tuple[Any, ...]
    benefits: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """What the checker says of a text."""

    verdict: str
    findings: tuple[Mapping[str, Any], ...] = ()
    missing_disclosures: tuple[str, ...] = ()
    fixed_text: str | None = ""


@dataclass(frozen=True)
class Review:
    """A campaign before its launch: what was looked at and what was found."""

    assets: int
    rules: int
    findings: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Knowledge:
    """An answer in the words of the sources, or that nothing is known."""

    known: bool
    quotes: tuple[Mapping[str, Any], ...] = ()
    coverage: float = 0.0


@dataclass(frozen=True)
class Figures:
    """An answer of the ledgers: its sentence and the rows behind it."""

    answer: str = ""
    sentence: str = ""
    rows: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Kept:
    """A sentence that holds from now on, and whether it can be enforced."""

    id: str
    text: str
    core: str
    enforced: bool


@dataclass(frozen=True)
class Rows:
    """A list of things, each with its names and figures."""

    items: tuple[Mapping[str, Any], ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class Outside:
    """A result of a type that the house has no shape for: which parts it has."""

    parts: tuple[str, ...] = ()


class WrongResultError(ValueError):
    """A result that has not the shape of the type that it should be of."""


_SHAPES: Mapping[str, type] = {
    "campaign.document": CampaignMade, "campaign.changed": CampaignMade, "campaign.shown": CampaignMade,
    "campaign.undone": CampaignMade, "campaign.copy": CampaignMade, "campaign.submitted": CampaignStep,
    "campaign.approved": CampaignStep, "campaign.launched": CampaignStep, "campaign.paused": CampaignStep,
    "campaign.resumed": CampaignStep, "campaign.stopped": CampaignStep, "campaign.review": Review,
    "campaign.report": Figures, "campaign.recap": Figures, "analysis.answer": Figures,
    "audience.size": AudienceSize, "audience.overlap": AudienceOverlap, "audience.words": AudienceWords,
    "copy.texts": CopyTexts, "picture.drafts": Pictures, "page.draft": PageDraft,
    "compliance.verdict": Verdict, "knowledge.answer": Knowledge, "knowledge.passages": Rows, "precedents": Rows,
    "calendar": Rows, "campaigns": Rows, "opportunities": Rows, "approvals.queue": Rows, "skills": Rows,
    "knowledge.sources": Rows, "approvals.history": Rows, "campaign.versions": Rows, "launched": Rows,
    "memory.kept": Kept,
}  # fmt: skip
"""Type of a result → the frozen value that a domain hands back for it."""


def received(step: Step, result: Json) -> Handed:
    """A step's result as the value of its type. Raises WrongResultError with what is wrong of it."""
    shape = _SHAPES.get(step.makes)
    if shape is None:
        parts = sorted(str(key) for key in result) if isinstance(result, Mapping) else ()
        return Handed(step.domain, step.makes, Outside(tuple(parts)[:20]))
    told = {"items": result} if shape is Rows else result
    if not isinstance(told, Mapping):
        raise WrongResultError(f"{step.makes}: {type(result).__name__}")
    own = {item.name for item in fields(shape)}
    try:
        value = TypeAdapter(shape).validate_python({key: part for key, part in told.items() if key in own})
    except ValidationError as error:
        first = error.errors()[0]
        raise WrongResultError(f"{step.makes}.{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    return Handed(step.domain, step.makes, value)
