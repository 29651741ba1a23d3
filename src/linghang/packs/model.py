"""An institution as data: what it knows of customers, sells, gives, shows, and may say. All frozen."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from linghang.base.predicates import Value
from linghang.packs.asking import ApprovalRule
from linghang.packs.labels import Application, Choice, Label
from linghang.packs.wording import Phrase as Phrase
from linghang.packs.wording import PhraseRole as PhraseRole

Kind = Literal["bool", "category", "ordinal", "integer", "number", "money", "date", "text"]
ProductKind = Literal[
    "fund", "mmf", "wealth", "deposit", "gold", "insurance", "credit", "savings", "payments", "membership"
]


@dataclass(frozen=True)
class Attribute:
    """A field of customers that an audience may use.

    ``kind`` ``ordinal`` has ordered ``choices``. ``money`` is stored in fen and said in yuan. ``column`` is the
    source column when it is not ``name``. ``scope`` ``external`` comes from outside data. ``usable_in`` says where
    the field may serve: a field known only after the contact is in no list (and so never a feature).
    ``nothing_means`` says what an empty cell is: ``unknown`` satisfies no claim; ``no`` (holdings, behaviour)
    means that it did not happen. ``parameter`` names what a value of a keyed field is (``holding`` of a product).
    """

    name: str
    kind: Kind
    label: Label
    words: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    unit: str = ""
    column: str = ""
    low: float | None = None
    high: float | None = None
    empty: tuple[str, ...] = ()
    """Cell texts of this column, beside the table's, that mean that nothing is there (``999`` days)."""
    nothing_means: Literal["unknown", "no"] = "unknown"
    usable_in: tuple[Literal["audience", "feature", "layer", "profile"], ...] = (
        "audience",
        "feature",
        "layer",
        "profile",
    )
    sensitive: bool = False
    parameter: Literal["", "product", "group"] = ""
    source: Literal["column", "holdings", "contacts", "benefits", "external"] = "column"
    """Where the value is: in the customer table, or counted from holdings or a ledger, or outside."""
    note: Label | None = None


@dataclass(frozen=True)
class EventKind:
    """A behaviour that is logged; with it a predicate may take ``window_days``.

    ``amount_field``, ``count_field`` and ``days_field`` are the names under which an audience asks for the sum of
    its amounts, for how often it happened and for days since it last did (``purchase_amount_cny``, ``pay_count``,
    ``last_contact_days``). ``objects`` are what it is usually done to; others may occur.
    """

    name: str
    label: Label
    words: tuple[str, ...] = ()
    has_amount: bool = False
    objects: tuple[str, ...] = ()
    amount_field: str = ""
    count_field: str = ""
    days_field: str = ""


@dataclass(frozen=True)
class Metric:
    """A named figure with its formula over ledgers and events, as ``numerator`` / ``denominator`` or a count."""

    name: str
    label: Label
    words: tuple[str, ...] = ()
    unit: Literal["count", "share", "fen", "days", "ratio"] = "count"
    numerator: str = ""
    denominator: str = ""
    definition: Label | None = None
    better: Literal["up", "down"] = "up"


@dataclass(frozen=True)
class Proof:
    """A figure that may be quoted, with its source and day in the same breath (CN-AD-…: data need a source)."""

    claim: Label
    source: Label


@dataclass(frozen=True)
class Product:
    """Something the institution sells or services. ``risk`` is R1–R5 for what has one.

    ``margin_fen`` is the expected gross margin of one conversion, used for ROI; ``facts`` are the only claims that
    copy may make about it; ``disclosures`` are codes of ``compliance_rules`` (``D-…``) with their texts; ``regions``
    are the provinces (states) where it may be offered (empty: everywhere), ``sold_to`` its last day.
    """

    id: str
    kind: ProductKind
    label: Label
    words: tuple[str, ...] = ()
    risk: str = ""
    margin_fen: int = 0
    unit_amount_fen: int = 0
    facts: tuple[Label, ...] = ()
    disclosures: dict[str, Label] = field(default_factory=dict)
    short_disclosures: dict[str, Label] = field(default_factory=dict)
    """Shorter words of the same codes, for places in which the others do not fit."""
    provider: Label | None = None
    group: str = ""
    proofs: tuple[Proof, ...] = ()
    """What may be quoted as social proof."""
    regions: tuple[str, ...] = ()
    sold_to: dt.date | None = None


@dataclass(frozen=True)
class Benefit:
    """A right that can be given: coupon, red packet, rate coupon … with its pool, stock and who bears the cost.

    ``face_fen`` is what one costs when redeemed; ``redemption`` the expected share that is; ``threshold_fen``
    the least spending; ``products`` and ``lifecycles`` say whom it is for (empty: everyone); ``lift`` is the prior
    multiplicative effect on response with its standard error on the log scale.
    """

    id: str
    type: Literal[
        "coupon", "red_packet", "discount", "fee_discount", "interest_free_coupon", "rate_coupon", "gift", "points",
        "lottery", "cashback",
    ]  # fmt: skip
    label: Label
    face_fen: int
    pool: str
    words: tuple[str, ...] = ()
    threshold_fen: int = 0
    stock: int = 0
    per_customer: int = 1
    products: tuple[str, ...] = ()
    lifecycles: tuple[str, ...] = ()
    redemption: float = 0.2
    lift: float = 1.0
    lift_log_se: float = 0.2
    valid_days: int = 14
    cost_bearer: dict[str, float] = field(default_factory=dict)
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    note: Label | None = None


@dataclass(frozen=True)
class Pool:
    """A budget pool that benefits and contacts are paid from, on its valid days; ``warn_at`` shares of the total."""

    id: str
    label: Label
    total_fen: int
    cost_centre: str = ""
    warn_at: tuple[float, ...] = (0.7, 0.9, 1.0)
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


@dataclass(frozen=True)
class CopyRole:
    """A text that a slot or channel takes: role, longest length in characters, whether it must be there."""

    role: Literal["title", "subtitle", "button", "badge", "body", "legal", "subject", "preheader", "script"]
    longest: int
    required: bool = True


@dataclass(frozen=True)
class Slot:
    """A place inside the app, booked from ``open_from`` to ``open_to``. ``rate``: usual clicks; sizes in pixels."""

    id: str
    label: Label
    words: tuple[str, ...]
    channel: str
    width: int
    height: int
    max_bytes: int = 300_000
    roles: tuple[CopyRole, ...] = ()
    transparent: bool = False
    capacity: int = 1
    rate: float = 0.02
    daily_reach: float = 0.1
    aliases: tuple[str, ...] = ()
    open_from: dt.date | None = None
    open_to: dt.date | None = None


@dataclass(frozen=True)
class Channel:
    """A way to reach a customer. ``unit_cost_fen100`` is the price of one touch in hundredths of a fen.

    ``caps`` maps days of a rolling window to the most touches; ``hours`` are the local hours in which it may
    send; ``consent`` names the attribute that must be true (empty: none needed, as in the app); ``rates`` are usual
    shares (``delivered``, ``opened``, ``clicked``); ``response`` multiplies the response model's probability.
    """

    id: str
    label: Label
    words: tuple[str, ...] = ()
    kind: Literal["send", "slot", "person", "media"] = "send"
    unit_cost_fen100: int = 0
    roles: tuple[CopyRole, ...] = ()
    caps: dict[int, int] = field(default_factory=dict)
    hours: tuple[str, str] = ("09:00", "20:00")
    consent: str = ""
    opt_out: str = ""
    reachable: str = ""
    rates: dict[str, float] = field(default_factory=dict)
    response: float = 1.0
    """Times the response of a customer whom nobody contacts (1 = no effect)."""
    response_log_se: float = 0.3
    suffix: Label | None = None
    prefix: Label | None = None
    max_chars: int = 0
    note: Label | None = None


@dataclass(frozen=True)
class ContactBasis:
    """On what ground customers may be contacted. ``none``: the data shows no consent, so real sends are refused."""

    basis: Literal["consent_columns", "none"]
    note: Label
    total_caps: dict[int, int] = field(default_factory=dict)
    quiet: tuple[str, str] = ("21:00", "08:30")
    cooldown_days: int = 3
    complaint_mute_days: int = 90
    product_caps: dict[str, dict[int, int]] = field(default_factory=dict)
    """Kind of product → {days of a rolling window: most touches about it}, over all channels that are pushed."""
    trading_days_only: tuple[str, ...] = ()
    """Kinds of product that are not pushed on days on which their market is closed."""
    zone_field: str = ""
    zones: dict[str, str] = field(default_factory=dict)
    """Value of the attribute ``zone_field`` → the customer's own time zone (IANA); others live in the pack's."""


@dataclass(frozen=True)
class Brand:
    """The brand kit: names, colours as #RRGGBB, SMS signature, tone, words to avoid, service telephone.

    ``sign`` is the character of the disc and ``logo`` a PNG as base64, where designers keep them in the studio.
    """

    name: Label
    short: str
    primary: str
    accent: str
    signature: str
    telephone: str = ""
    slogan: Label | None = None
    avoid: tuple[str, ...] = ()
    colours: dict[str, str] = field(default_factory=dict)
    sign: str = ""
    logo: str = ""


@dataclass(frozen=True)
class Term:
    """A word of the lexicon: what it means here, its aliases, and what it must not be taken for (``trap``)."""

    term: str
    meaning: Label
    aliases: tuple[str, ...] = ()
    kind: Literal["product", "group", "object", "event", "jargon", "festival", "city", "slot", "value"] = "jargon"
    canonical: str = ""
    field: str = ""
    value: Value = None
    trap: Label | None = None


@dataclass(frozen=True)
class Playbook:
    """How the institution does a kind of campaign (拉新, 促活, 首投, 召回, 交叉销售, 大促三段).

    ``phases`` are (name, share of the window); ``layer_by`` the attribute that layers are cut by, with
    ``cuts``; ``offers`` benefit ids in order of preference; ``channels`` defaults when the brief allows a choice.
    """

    id: str
    label: Label
    objectives: tuple[str, ...]
    phases: tuple[tuple[str, float], ...] = (("main", 1.0),)
    layer_by: str = ""
    cuts: tuple[float, ...] = ()
    offers: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    kpi: str = "conversion_rate"
    guardrails: tuple[str, ...] = ("unsubscribe_rate", "complaint_rate")
    holdout_pct: float = 10.0
    steps: tuple[Label, ...] = ()
    festival: bool = False
    gather: tuple[str, ...] = ()
    """Types that the navigator gathers before it drafts (``audience.size``, ``precedents``, ``calendar`` …)."""
    then: tuple[str, ...] = ()
    """Types that it makes of the draft afterwards (``campaign.review`` …)."""


@dataclass(frozen=True)
class History:
    """What earlier campaigns showed, for estimates before this institution has outcomes of its own.

    Rates are shares of those contacted; ``holdout_rate`` that of comparable customers whom nobody contacted;
    ``campaigns`` is how many read-outs stand behind a rate, ``between_sd`` the standard deviation of the
    campaign-level random effect on the logit scale.
    """

    objective: str
    product: str
    rate: float
    campaigns: int
    contacts: int
    between_sd: float = 0.35
    source: str = ""
    holdout_rate: float | None = None


@dataclass(frozen=True)
class CustomerTable:
    """How a table of customers is read: delimiter, encoding, id column (empty: row numbers), the outcome column."""

    delimiter: str = ","
    encoding: str = "utf-8"
    id_column: str = ""
    unknown: tuple[str, ...] = ("", "unknown")
    outcome_column: str = ""
    outcome_yes: str = "yes"
    outcome_product: str = ""
    outcome_channel: str = ""
    never: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    attribution: str = ""


@dataclass(frozen=True)
class Pack:
    """All of an institution. ``digest`` is the hash of its files; loaded and validated by ``packs.load``."""

    id: str
    version: str
    label: Label
    zone: str
    currency: str
    jurisdiction: str
    attributes: tuple[Attribute, ...]
    events: tuple[EventKind, ...]
    metrics: tuple[Metric, ...]
    products: tuple[Product, ...]
    benefits: tuple[Benefit, ...]
    pools: tuple[Pool, ...]
    slots: tuple[Slot, ...]
    channels: tuple[Channel, ...]
    contact: ContactBasis
    brand: Brand
    lexicon: tuple[Term, ...] = ()
    playbooks: tuple[Playbook, ...] = ()
    applications: tuple[Application, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    history: tuple[History, ...] = ()
    customers: CustomerTable = CustomerTable()
    approvals: tuple[ApprovalRule, ...] = ()
    disclosures: dict[str, Label] = field(default_factory=dict)
    """Usual texts of disclosure codes that do not depend on a product; ``{brand}`` … are filled from facts."""
    short_disclosures: dict[str, Label] = field(default_factory=dict)
    """The same in few words; a code without any has none."""
    objects: dict[str, Label] = field(default_factory=dict)
    """What people call what behaviour is done to (pages, buttons), where it is no product, channel or slot."""
    simulated: bool = False
    digest: str = ""
    folder: str = ""
