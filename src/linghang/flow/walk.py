"""The walk: which section is made by what, from which inputs; and how a document is brought up to date.

What a reviewer finds goes back here and only here: texts and pictures with S1 or S2 findings are made again without
what was found, a bounded number of times; then the findings that remain stay on the document.
"""

from collections.abc import Mapping

from linghang import packs
from linghang.base.digest import canonical_json, digest
from linghang.base.findings import Severity
from linghang.campaigns import store
from linghang.campaigns.model import Campaign
from linghang.creatives import brand
from linghang.creatives.library import store as library
from linghang.creatives.ratings import choosing
from linghang.flow import naming, pictures, readback, review, sections, voiding
from linghang.flow.compiler import Compiled, Step, compile_campaign
from linghang.flow.graph import Node, order
from linghang.kit.context import Context
from linghang.packs.model import Pack

ROUNDS = 3
"""How often copy and pictures may be sent back."""

_OFFER_OF_GOAL = ("goal.product", "goal.product_kind", "goal.offer", "goal.start", "goal.end", "goal.objective")
_WORDS_OF_GOAL = (
    *_OFFER_OF_GOAL, "goal.tone", "goal.style", "goal.festival", "goal.lang", "goal.script", "goal.copy_rules",
    "goal.forbidden_words", "goal.channels", "goal.slots", "goal.name", "goal.playbook",
)  # fmt: skip

_LOOK_OF_GOAL = (
    "goal.product", "goal.product_kind", "goal.tone", "goal.style", "goal.festival", "goal.colours", "goal.lang",
    "goal.script", "goal.slots", "goal.offer",
)  # fmt: skip
_PAGE_OF_GOAL = (
    *_OFFER_OF_GOAL, "goal.lang", "goal.script", "goal.tone", "goal.name", "goal.channels", "goal.playbook",
    "audience.rule",
)  # fmt: skip
_ASSETS = ("copy", "creatives", "page")

NODES: tuple[Node, ...] = (
    Node("reading", ("brief", "@pack"), sections.reading, version="2"),
    Node(
        "goal",
        ("brief.text", "brief.today", "brief.edits", "brief.inherited", "reading", "@pack", "@brand"),
        sections.goal,
        version="6",
    ),
    Node(
        "audience",
        (
            "reading.reading.audience",
            "reading.reading.exclusions",
            "goal.product",
            "goal.channels",
            "@pack",
            "@customers",
            "@saved",
        ),
        sections.audience,
        version="2",
    ),
    Node(
        "layers",
        (
            "audience.snapshot",
            "goal.playbook",
            "goal.product",
            "goal.product_kind",
            "goal.objective",
            "@pack",
            "@customers",
        ),
        sections.layers,
    ),
    Node("plans", ("goal", "audience", "layers", "@pack", "@outcomes"), sections.plans, version="4"),
    Node("benefits", ("plans", "choice", "goal.offer"), sections.allocation),
    Node(
        "copy",
        (*_WORDS_OF_GOAL, "layers.layers", "benefits.gifts", "benefits.granted", "@pack", "@rules"),
        sections.copy,
    ),
    Node(
        "creatives",
        (
            *_LOOK_OF_GOAL,
            "goal.end",  # licences of assets must last that long
            "layers.layers",
            "copy",
            "benefits.gifts",
            "benefits.granted",
            "pins.retouches",
            "@assets",
            "@pack",
            "@ratings",
            "@brand",
        ),
        sections.creatives,
    ),
    Node(
        "combinations",
        (
            *("goal.channels", "goal.slots", "goal.lang", "goal.script"),
            *("goal.product", "goal.start", "layers.layers", "copy", "creatives", "page", "benefits"),
            *("@pack", "@rules"),
        ),
        sections.combinations,
        version="3",
    ),
    Node("page", (*_PAGE_OF_GOAL, "copy", "creatives", "benefits", "@pack", "@brand"), sections.page, version="2"),
    Node("placements", ("goal", "benefits", "@pack", "@calendar"), sections.calendar),
    Node(
        "experiment",
        (
            "goal.kpi",
            "goal.holdout_pct",
            "goal.playbook",
            "goal.assumptions",
            "choice",
            "layers.layers",
            "benefits",
            "@pack",
        ),
        sections.experiment,
        version="2",
    ),
    Node(
        "estimate",
        ("goal", "audience", "layers", "benefits", "experiment", "@pack", "@outcomes"),
        sections.estimate,
        version="4",
    ),
    Node(
        "compliance",
        ("goal.product", "goal.channels", "goal.start", "goal.lang", *_ASSETS, "@pack", "@rules"),
        sections.reviewed,
        version="2",
    ),
)


def bring_up_to_date(ctx: Context, campaign: Campaign) -> Compiled:
    """Compile, send back what the review found, and compile again, at most ``ROUNDS`` times.

    Only what needs it is made; a second call right after does nothing. A submission of what it was is taken back.
    """
    pack = packs.load(ctx.pack)
    if ctx.pool is not None and "creatives" not in campaign.sections:
        pictures.wake(ctx.pool)
    facts = surroundings(ctx, campaign, pack)
    avoid: dict[str, tuple[str, ...]] = {}
    done = compile_campaign(ctx, campaign, NODES, pack, facts)
    steps: dict[str, Step] = {step.section: step for step in done.steps}
    for _ in range(ROUNDS - 1):
        found = sent_back(done.campaign)
        if not found or set(found) <= set(avoid.get("copy", ())):
            break
        avoid["copy"] = tuple(sorted({*avoid.get("copy", ()), *found}))
        done = compile_campaign(ctx, done.campaign, NODES, pack, facts, avoid=avoid)
        steps |= {step.section: step for step in done.steps if step.state != "fresh"}
    readback.start(ctx, done.campaign)
    return Compiled(
        voiding.take_back(ctx, done.campaign),
        tuple(steps[node.section] for node in order(NODES) if node.section in steps),
    )


def sent_back(campaign: Campaign) -> tuple[str, ...]:
    """The texts that the review found at fault (S1, S2): copy must be written without them."""
    review = campaign.value("compliance")
    texts = campaign.value("copy")
    if review is None or texts is None:
        return ()
    known = {text.id: text.text for text in texts.texts}
    return tuple(
        sorted(
            {
                known[part]
                for asset in review.assets
                if any(finding.severity in (Severity.S1, Severity.S2) for finding in asset.findings)
                for part in asset.asset.split("+")
                if part in known
            }
        )
    )


def surroundings(ctx: Context, campaign: Campaign, pack: Pack) -> Mapping[str, str]:
    """Digests of the facts outside the document that sections depend on."""
    return {
        "@pack": pack.digest,
        "@rules": review.rules_in_use(),
        "@customers": sections.generation(ctx),
        "@saved": naming.fingerprint(ctx, canonical_json(campaign.value("brief"))),
        "@outcomes": digest(store.all_outcomes(ctx.db, ctx.institution_id)),
        "@calendar": digest(sections.bookings(ctx, campaign.id)),
        "@ratings": choosing.fingerprint(ctx),
        "@assets": library.fingerprint(ctx.db, ctx.institution_id, campaign.id, ctx.today),
        "@brand": brand.fingerprint(ctx.db, ctx.institution_id, pack),
    }
