"""A campaign document as the cards read it: values by section, names by id, states, findings where they belong."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from linghang.access.rights import ROLES
from linghang.doors.studio.campaign.reviews import CARD_OF, Remark, remarks
from linghang.doors.studio.words import Words

Shape = Mapping[str, Any]
_SPAN = re.compile(r"(-?[\d.]*)–(-?[\d.]*)")
State = Literal["waiting", "making", "mend", "pinned", "fresh"]

CARDS: Mapping[str, tuple[str, ...]] = {
    "goal": ("reading", "goal"),
    "audience": ("audience",),
    "offer": ("layers", "plans", "benefits"),
    "creative": ("copy", "creatives", "combinations"),
    "page": ("page",),
    "schedule": ("placements",),
    "experiment": ("experiment",),
    "estimate": ("estimate",),
    "compliance": ("compliance",),
    "approval": (),
    "run": (),
    "readout": (),
}
"""Card → the sections that it shows, in the order of the walk."""

SYMBOLS: Mapping[str, str] = {
    "goal": "goal",
    "audience": "audiences",
    "offer": "layers",
    "creative": "creatives",
    "page": "pages",
    "schedule": "calendar",
    "experiment": "experiment",
    "estimate": "estimate",
    "compliance": "shield",
    "approval": "approvals",
    "run": "delivery",
    "readout": "analysis",
}

SIGNERS = frozenset({"approver", "compliance"})
"""Users whose act a submitted campaign waits for."""

LIVE = frozenset({"running", "paused", "ended"})
"""Statuses of a campaign that has been launched."""


@dataclass
class View:
    """A document for one reader, with what is being made just now."""

    t: Words
    doc: Shape
    making: frozenset[str] = frozenset()
    working: bool = False
    extra: dict[str, Any] = field(default_factory=dict)
    """What other skills told about it: the report, the ledger's balances."""

    @property
    def id(self) -> str:
        """The campaign's id; empty while none is known."""
        return str(self.doc.get("id", ""))

    @property
    def status(self) -> str:
        """The campaign's status code."""
        return str(self.doc.get("status", "draft"))

    @property
    def roles(self) -> Sequence[str]:
        """The roles of who looks."""
        return self.extra.get("roles", ())

    def may(self, right: str) -> bool:
        """Whether one of the roles of who looks has a right."""
        return any(right in ROLES.get(role, ()) for role in self.roles)

    @property
    def editable(self) -> bool:
        """Whether it is a draft that who looks may change."""
        return self.status in ("draft", "rejected") and self.may("campaign.edit")

    def value(self, section: str) -> dict[str, Any]:
        """A section's value; empty where it is not there yet."""
        return (self.doc.get("sections", {}).get(section) or {}).get("value") or {}

    def section(self, name: str) -> Shape:
        """A section with what made it; empty where it is not there yet."""
        return self.doc.get("sections", {}).get(name) or {}

    def name(self, id: Any) -> str:
        """The name of an id (product, benefit, slot, channel, layer, attribute, metric)."""
        return str(self.doc.get("labels", {}).get(id) or self._own(id) or id)

    def _own(self, id: Any) -> str:
        granted = next((item for item in self.value("benefits").get("granted", []) if item["id"] == id), None)
        if granted is not None:
            return str(granted["label"]["zh" if self.t.chinese else "en"])
        told = self.t.value(str(id))
        return "" if told == str(id) else told

    def value_name(self, field_name: str, value: Any) -> str:
        """A value of a field as people read it: a choice by its name, a span with its bounds, unknown in words."""
        text = str(value)
        if text == "":
            return self.t("value.unknown")
        if text in ("true", "false"):
            return self.t("rule.yes" if text == "true" else "rule.no")
        if span := _SPAN.fullmatch(text):
            low, high = (self.t.short(float(bound)) if bound else "" for bound in span.groups())
            return f"< {high}" if not low else f"≥ {low}" if not high else f"{low}–{high}"
        label = self.doc.get("labels", {}).get(f"{field_name}={text}")
        return str(label) if label else self.name(text)

    def names(self, ids: Sequence[Any]) -> str:
        """Names one after another."""
        return self.t.listed([self.name(id) for id in ids])

    def state(self, card: str) -> State:
        """How a card stands."""
        sections = CARDS[card]
        if card == "approval" and self.status == "in_review" and SIGNERS & set(self.roles):
            return "mend"
        if not sections:
            return "fresh" if self._reached(card) else "waiting"
        if any(name in self.making for name in sections):
            return "making"
        if not all(self.section(name) for name in sections):
            return "making" if self.working else "waiting"
        if any(self.card_of(item) == card for item in self.blocking()):
            return "mend"
        if card == "compliance" and self._blocking_remarks():
            return "mend"
        return "pinned" if self.pinned(card) else "fresh"

    def _reached(self, card: str) -> bool:
        if card == "approval":
            return self.status in LIVE or self.status == "approved"
        return self.status in LIVE if card == "run" else bool(self.extra.get("report"))

    def pinned(self, card: str) -> list[str]:
        """The paths that were set by hand in a card's sections."""
        return [path for name in CARDS[card] for path in self.section(name).get("pinned", [])]

    def millis(self, card: str) -> float:
        """How long a card's sections took to make."""
        return sum(float(self.section(name).get("millis") or 0) for name in CARDS[card])

    def all_findings(self) -> list[Shape]:
        """Every finding of the document, with its sentence and section."""
        told = self.doc.get("findings")
        if told is not None:
            return list(told)
        return [item for section in self.doc.get("sections", {}).values() for item in section.get("findings", [])]

    def findings(self, card: str) -> list[Shape]:
        """The findings of a card's own sections; what the review found stands in ``remarks``."""
        return [
            item for item in self.all_findings() if item.get("section") != "compliance" and self.card_of(item) == card
        ]

    def remarks(self, card: str = "") -> list[Remark]:
        """What the review found about what a card shows (all of it for no card)."""
        found = remarks(self.t, self.value("compliance"), self.value("copy").get("texts", []))
        return [item for item in found if not card or CARD_OF.get(item.kind) == card]

    def marks(self, text: str) -> dict[tuple[int, int], str]:
        """Ranges of a copy's words that offend, with what is wrong."""
        return {span: item.message for item in self.remarks("creative") for span in item.spans.get(text, ())}

    def blocking(self) -> list[Shape]:
        """The findings that stand against a submission."""
        return [item for item in self.all_findings() if str(item.get("severity")) in ("S1", "S2")]

    def _blocking_remarks(self) -> list[Remark]:
        return [item for item in self.remarks() if item.severity in ("S1", "S2")]

    def problems(self) -> int:
        """How many things must be mended before a submission: each place in a text once, each other finding once."""
        others = [item for item in self.blocking() if item.get("section") != "compliance"]
        reviewed = len(self._blocking_remarks()) or len(self.blocking()) - len(others)
        return len(others) + reviewed + len(self.faults())

    def faults(self) -> list[Shape]:
        """Faults of the pre-flight check that no section tells and that stand against a submission."""
        return [
            item
            for item in self.extra.get("preflight") or ()
            if str(item["severity"]) in ("S1", "S2")
            and str(item["code"]).startswith("preflight.") and not str(item.get("about", "")).startswith("compliance")
        ]  # fmt: skip

    def card_of(self, item: Shape) -> str:
        """The card that a finding concerns."""
        section = str(item.get("section") or "")
        if section == "compliance":
            wanted = (item.get("params") or {}).get("asset")
            assets = self.value("compliance").get("assets", [])
            kind = next((asset["kind"] for asset in assets if wanted and asset["asset"] == wanted), "")
            return CARD_OF.get(str(kind), "compliance")
        return next((card for card, names in CARDS.items() if section in names), "compliance")

    def text(self, id: str) -> str:
        """The words of a copy by its id."""
        return next((str(text["text"]) for text in self.value("copy").get("texts", []) if text["id"] == id), "")

    def figure(self, name: str) -> Shape:
        """A figure of the estimate by its name; empty where there is none."""
        return next((item for item in self.value("estimate").get("figures", []) if item["name"] == name), {})

    def layer_ids(self) -> list[str]:
        """The layers' ids in order."""
        return [str(layer["id"]) for layer in self.value("layers").get("layers", [])]

    def assumptions(self) -> list[Shape]:
        """What was inferred, each with its label and reason where the home tells them."""
        told = self.doc.get("assumptions")
        return list(told) if told is not None else list(self.value("goal").get("assumptions", []))

    def rule_words(self, rule: Any) -> str:
        """A rule in words, from the names that the document carries."""
        if not isinstance(rule, Mapping):
            return ""
        if "parts" in rule:
            parts = [self.rule_words(part) for part in rule["parts"]]
            if rule.get("how") == "not":
                return self.t("rule.not", what=parts[0] if parts else "")
            return self.t(f"rule.{rule.get('how', 'all')}").join(parts)
        return self._predicate(rule)

    def _predicate(self, rule: Shape) -> str:
        value = rule.get("value")
        field_name = str(rule.get("field", ""))
        shown = [self._said(field_name, item) for item in (value if isinstance(value, list) else [value])]
        code = str(rule.get("op", "eq"))
        params = {"field": self.name(field_name), "value": self.t.listed(shown), "low": shown[0], "high": shown[-1]}
        words = self.t(f"rule.op_{code}", **params)
        if rule.get("window_days"):
            words = self.t("rule.within", days=rule["window_days"], what=words)
        return self.t("rule.not", what=words) if rule.get("negated") else words

    def _said(self, field_name: str, value: Any) -> str:
        if isinstance(value, bool):
            return self.t("rule.yes" if value else "rule.no")
        if isinstance(value, int | float):
            return self.t.money(value * 100) if field_name.endswith("_cny") else self.t.count(value)
        return "" if value is None else self.value_name(field_name, value)

    def step_words(self) -> list[str]:
        """The words of each bar of the audience's waterfall."""
        told = self.doc.get("step_words")
        steps = self.value("audience").get("steps", [])
        if steps and all(step.get("words") or not step.get("rule") for step in steps):
            return [str(step.get("words") or self.t("audience.everyone")) for step in steps]
        if told and len(told) == len(steps):
            return [str(words) for words in told]
        return [self.rule_words(step["rule"]) if step.get("rule") else self.t("audience.everyone") for step in steps]
