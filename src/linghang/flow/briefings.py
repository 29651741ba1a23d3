"""The briefing for customer service: what customers were promised, to whom, until when, and what to answer."""

from collections.abc import Mapping
from typing import Protocol

from linghang.campaigns.model import Campaign
from linghang.flow import paper


class Words(Protocol):
    """How a reader reads (``packets.Teller``)."""

    def __call__(self, code: str, **params: object) -> str:
        """A sentence of the packet."""
        ...

    def told(self, code: str, params: Mapping[str, object] | None = None, otherwise: str = "") -> str:
        """Another room's sentence."""
        ...

    def name(self, id: object) -> str:
        """What an id is called."""
        ...

    def money(self, fen: int | float) -> str:
        """An amount."""
        ...


def briefing(t: Words, campaign: Campaign) -> list[paper.Part]:
    """What whoever answers the telephone needs on one or two pages."""
    return [
        paper.Part(t("b_what"), [_what(t, campaign)]),
        paper.Part(t("b_who"), [_who(t, campaign)]),
        paper.Part(t("b_said"), _said(t, campaign)),
        paper.Part(
            t("b_terms"), [paper.Lines([f"{n}. {text}" for n, text in enumerate(campaign.value("page").terms, 1)])]
        ),
        paper.Part(t("b_answers"), _answers(t, campaign)),
    ]


def _what(t: Words, campaign: Campaign) -> paper.Item:
    goal, chosen = campaign.value("goal"), campaign.value("benefits")
    given = [one.benefit for one in chosen.allotments if one.benefit]
    return paper.Facts(
        [
            (t("product"), t.name(goal.product)),
            (t("window"), f"{goal.start} – {goal.end}"),
            (t("channels"), t("sep").join(t.name(one) for one in goal.channels)),
            (t("head_benefit"), t("sep").join(t.name(one) for one in dict.fromkeys(given)) or t("none")),
            (t("head_grants"), t("copies", count=f"{sum(one.grants for one in chosen.allotments):,}")),
        ]
    )


def _who(t: Words, campaign: Campaign) -> paper.Item:
    """Layers and what each gets. Service may tell a customer only what that customer got."""
    rows = [
        [t.name(one.layer), t.name(one.benefit) if one.benefit else t("none"), f"{one.customers:,}",
         t("sep").join(t.name(channel) for channel in one.channels)]
        for one in campaign.value("benefits").allotments
    ]  # fmt: skip
    return paper.Grid([t("head_layer"), t("head_benefit"), t("head_people"), t("head_channel")], rows, (30, 30, 15, 25))


def _said(t: Words, campaign: Campaign) -> list[paper.Item]:
    """One text a place and role: what a customer who calls has in front of them."""
    items: list[paper.Item] = []
    shown: set[tuple[str, str]] = set()
    for text in campaign.value("copy").texts:
        if text.role in ("title", "body", "subject", "legal") and (text.place, text.role) not in shown:
            shown.add((text.place, text.role))
            role = t.told(f"studio.role.{text.role}", otherwise=text.role)
            items.append(paper.Marked(f"{t.name(text.place)}", f"[{role}] {text.text}"))
    return items or [paper.Lines([t("none")])]


def _answers(t: Words, campaign: Campaign) -> list[paper.Item]:
    """The questions of the page, and those that always come."""
    goal, trial = campaign.value("goal"), campaign.value("experiment")
    pairs = [
        (str(one.get("q", "")), str(one.get("a", "")))
        for block in campaign.value("page").blocks
        if block.kind == "faq"
        for one in _mappings(block.data.get("items"))
        if one.get("q")
    ]
    pairs.append((t("b_q_missing"), t("b_a_missing" if trial.holdout else "b_a_not_addressed")))
    pairs.append((t("b_q_stop"), t("b_a_stop")))
    pairs.append((t("b_q_until"), t("b_a_until", end=goal.end)))
    pairs.append((t("b_q_complain"), t("b_a_complain")))
    return [paper.Facts(pairs)]


def _mappings(value: object) -> list[Mapping[str, object]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list | tuple) else []
