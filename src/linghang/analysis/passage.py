"""The passage from audience to response: how many were planned, sent, reached, saw, clicked, claimed, responded."""

from linghang.analysis.bench import Bench, events_part, ledger_part
from linghang.analysis.effect import responders, window
from linghang.analysis.model import Part, Told

_SENT = "state IN ('handed_over', 'delivered', 'failed', 'unknown')"
_SHADOWED = "(state = 'withheld' AND reason = 'delivery.shadow')"
_OF_PACKAGE = "institution_id = :institution AND package = :package"
_EVENT = "name = {name:String} AND package = {package:String}"


def sends(where: str, what: str = "count(*) AS n") -> Part:
    """A statement over the send ledger of the package."""
    return ledger_part(f"SELECT {what} FROM send WHERE {_OF_PACKAGE} AND {where}")


def grants(kind: str, what: str = "count(*) AS n") -> Part:
    """A statement over the benefit ledger of the package."""
    return ledger_part(f"SELECT {what} FROM benefit_entry WHERE {_OF_PACKAGE} AND kind = '{kind}'")


def reached_parts() -> tuple[Part, ...]:
    """Customers whom a message reached or who saw something."""
    touched = f"(state IN ('handed_over', 'delivered') OR {_SHADOWED})"
    return (
        sends(touched, "DISTINCT customer"),
        events_part("DISTINCT customer", "name = 'impression' AND package = {package:String}"),
    )


def read_funnel(bench: Bench, event: str) -> tuple[Told, ...]:
    """The funnel of customers, each step within the one before as far as the data allow."""
    product = str(bench.package.sections["goal"]["product"])
    steps = (
        bench.size("audience", "audience"),
        bench.size("treated", "treated"),
        bench.base("reached", *reached_parts(), within="audience"),
        bench.base("clicked", events_part("DISTINCT customer", _EVENT), within="audience", name="click"),
        bench.base("claimed", grants("issue", "DISTINCT customer"), within="audience"),
        bench.base("responded", responders(product), within="treated", event=event, product=product),
    )
    return tuple(bench.told(step.name, "count", step.name, (step,)) for step in steps)


def read_volumes(bench: Bench) -> tuple[Told, ...]:
    """Volumes and rates: messages, impressions, clicks, claims, redemptions, and the guardrails."""
    planned = bench.base("planned", sends("1 = 1"))
    sent = bench.base("sent", sends(f"({_SENT} OR {_SHADOWED})"))
    delivered = bench.base("delivered", sends("state = 'delivered'"))
    receipts = bench.base("receipts", sends("state IN ('delivered', 'failed')"))
    withheld = bench.base("withheld", sends(f"state = 'withheld' AND NOT {_SHADOWED}"))
    unknown = bench.base("unknown", sends("state = 'unknown'"))
    impressions = bench.base("impressions", events_part("count() AS n", _EVENT), name="impression")
    clicks = bench.base("clicks", events_part("count() AS n", _EVENT), name="click")
    claims = bench.base("claims", grants("issue"))
    redeemed = bench.base("redemptions", grants("redeem"))
    holdout = bench.size("holdout", "holdout")
    reached = bench.base("reached", *reached_parts(), within="audience")
    left = bench.base("unsubscribed", events_part("DISTINCT customer", f"{_EVENT} AND {window()}"), within="audience",
                      name="unsubscribe")  # fmt: skip
    angry = bench.base("complained", events_part("DISTINCT customer", f"{_EVENT} AND {window()}"), within="audience",
                       name="complaint")  # fmt: skip
    counted = (withheld, unknown, impressions, clicks, claims, redeemed, holdout)
    return (
        *(bench.told(base.name, "count", base.name, (base,)) for base in (planned, sent)),
        # Without any receipt nobody knows what arrived: the division by none makes that no figure, and not zero.
        bench.told(
            "delivered",
            "count",
            "delivered * receipts / receipts",
            (delivered, receipts),
            note="" if receipts.value else "analysis.no_receipts",
        ),
        *(bench.told(base.name, "count", base.name, (base,)) for base in counted),
        bench.told("ctr", "share", "clicks / impressions", (clicks, impressions)),
        bench.told("redemption_rate", "share", "redemptions / claims", (redeemed, claims)),
        bench.told("unsubscribe_rate", "share", "unsubscribed / reached", (left, reached)),
        bench.told("complaint_rate", "share", "complained / reached", (angry, reached)),
    )
