"""What the checker reads and says: frozen values."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from linghang.base.findings import Severity

MaterialType = Literal["promotion", "service", "education", "antifraud", "statutory"]
"""What a text is for. Rules say which of them they bind; false alarms come mostly from taking one for another."""

Fact = str | int | float | bool | None | list[object] | Mapping[str, object]
"""A context fact as callers give it: a JSON value."""

Reader = Literal["decides", "advises", "off"]
"""What the learned reader's findings weigh: as a rule's own, as advice for a person (S3), or nothing."""

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]

PRODUCTS = (
    "fund", "mmf", "wealth", "deposit", "gold", "insurance", "credit", "payments", "membership", "securities",
    "crypto", "brand",
)  # fmt: skip
CHANNELS = (
    "push", "sms", "email", "inapp_banner", "inapp_popup", "splash", "feed", "paid_feed", "search_ad", "landing",
    "poster", "wechat_oa", "moments", "chat", "social", "short_video", "live", "call", "audience_export",
)  # fmt: skip
JURISDICTIONS = ("CN", "US", "UK", "EU")
TOPICS = (
    "ABS", "REGEND", "MISLEAD", "CLAIM", "DISP", "UX", "GUAR", "ENDORSE", "RISKDISC", "MORAL", "MINOR", "PRIVACY",
    "PRIZE", "AI", "PROMO", "QUAL", "ILLEGAL", "INDUCE", "PERF", "PRED", "MIXDEP", "SCARCITY", "SAFE", "RATE", "LOAN",
    "INS", "DEPOSIT", "SUIT", "SMSFORM", "QUIET", "EVASION",
)  # fmt: skip


@dataclass(frozen=True)
class Material:
    """A text, and where, for what, in which language and under which law it will be shown.

    An empty ``lang`` is detected; ``launch_date`` None is the day of the check; ``type`` None is inferred.
    """

    text: str
    product: str = "brand"
    channel: str = "landing"
    lang: str = ""
    jurisdiction: str = "CN"
    launch_date: dt.date | None = None
    type: MaterialType | None = None


@dataclass(frozen=True)
class Citation:
    """A law and its article as the rule table prints it; ``effective`` None where the table gives no date."""

    law: str
    article: str = ""
    effective: dt.date | None = None
    number: str = ""

    def in_force(self, day: dt.date) -> bool:
        """Whether it applies on a day."""
        return self.effective is None or self.effective <= day


@dataclass(frozen=True)
class Trigger:
    """Patterns of a rule, in the language of ``patterns``; empty tuples mean every product, channel, type.

    ``unless`` are patterns which, when they overlap a match, excuse it; ``absent`` excuse it anywhere in the text;
    ``present`` must stand somewhere; ``negatable`` False keeps a match although a negation stands before it.
    A group named ``x`` in a pattern is what is cited; without it, the whole match.
    """

    find: tuple[str, ...]
    unless: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    negatable: bool = True


@dataclass(frozen=True)
class Example:
    """A text on which the rule must fire (``positive``) or stay silent; runs as a test."""

    text: str
    positive: bool
    product: str = ""
    channel: str = ""
    context: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """One dated rule. ``says``, ``triggered_by`` and ``exceptions`` are the table's words; ``verified`` its mark.

    ``products``, ``channels`` and ``materials`` bound where the rule applies (empty: everywhere). ``disclosures``
    are the codes that cure it. ``law``, ``article`` and ``effective`` are those of the first citation.
    """

    id: str
    severity: Severity
    topic: str
    family: str
    jurisdiction: str
    citations: tuple[Citation, ...]
    basis: str
    scope: str
    says: str
    triggered_by: str
    exceptions: str
    verified: str
    effective_from: dt.date | None = None
    effective_to: dt.date | None = None
    products: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    materials: tuple[str, ...] = ("promotion",)
    disclosures: tuple[str, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    examples: tuple[Example, ...] = ()
    mend: str = "cut"
    """How the fixer treats a match: cut the clause, replace words, or leave it to a person (``ask``)."""
    instead: Mapping[str, str] = field(default_factory=dict)
    precedence: int = 0
    source: str = ""
    line: int = 0
    reason: str = ""
    """Why a bank's own file changed the rule, where it had to say so."""

    @property
    def law(self) -> str:
        """The law of the first citation."""
        return self.citations[0].law if self.citations else ""

    @property
    def article(self) -> str:
        """The article of the first citation."""
        return self.citations[0].article if self.citations else ""

    @property
    def effective(self) -> dt.date | None:
        """The date from which the first citation applies."""
        return self.citations[0].effective if self.citations else None

    def in_force(self, day: dt.date) -> bool:
        """Whether the rule applies to an asset launched on that day."""
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_to is None or day <= self.effective_to
        )


@dataclass(frozen=True)
class Hit:
    """A rule that a piece of the text breaks. ``span`` counts code points of the original text, half-open.

    An asset-level hit (a missing disclosure, a fact such as the sending hour) has the empty span (0, 0).
    ``also`` are the ids of other rules which the same words break; ``code`` names the message, ``evasion`` says that
    the words were hidden (CN-EV-01), ``missing`` the disclosure whose absence it reports.
    """

    rule: Rule
    span: tuple[int, int] = (0, 0)
    text: str = ""
    code: str = "compliance.says"
    params: Mapping[str, str | int | float] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    evasion: bool = False
    missing: str = ""
    fix: str = ""
    """The words that may stand instead; empty: cut them."""
    likelihood: float = 1.0
    """How sure the learned reader is of a finding that is its own; 1 for what a pattern or a fact decides."""
    advice: bool = False
    """Whether it only asks for a person's eye: it breaks nothing and blocks nothing."""

    @property
    def located(self) -> bool:
        """Whether it points at words of the text."""
        return self.span[1] > self.span[0]


@dataclass(frozen=True)
class Check:
    """The verdict on a material. ``missing_disclosures`` are codes in the table's order.

    ``not_evaluated`` names rules and facts that could not be judged because a context fact is unknown
    (``CN-SM-01:consent_sms``), and facts which the checker does not know (``?:name``). ``review`` is true where a person has to decide (S3) and nothing worse was found.
    ``fixed_text`` passes the same check, or is empty when no mend keeps the offer. ``aside`` are findings that the whole
    text outweighs (a warning, a lesson, a quotation); they break nothing, and ``review`` asks a person to look.
    """

    material: Material
    type: MaterialType
    verdict: Literal["compliant", "violating"]
    hits: tuple[Hit, ...]
    missing_disclosures: tuple[str, ...]
    fixed_text: str
    not_evaluated: tuple[str, ...]
    launch: dt.date
    review: bool = False
    aside: tuple[Hit, ...] = ()
