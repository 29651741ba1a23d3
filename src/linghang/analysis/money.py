"""What it cost and what it earned: contacts and used benefits against the margin of what it caused."""

from dataclasses import replace

from linghang.analysis.bench import Bench, ledger_part
from linghang.analysis.model import Base, Part, Told

_CONTACTS = (
    "SELECT sum(e.cost_fen100) AS n FROM send_entry e JOIN send s ON s.institution_id = e.institution_id "
    "AND s.key = e.key WHERE e.institution_id = :institution AND e.package = :package"
)
_REDEEMED = (
    "SELECT customer, sum(redeemed_fen) AS n FROM benefit_entry WHERE institution_id = :institution "
    "AND package = :package GROUP BY customer"
)


def contacts(where: str = "") -> Part:
    """The cost of contacts in hundredths of a fen."""
    return ledger_part(_CONTACTS.replace("sum(e.cost_fen100)", "coalesce(sum(e.cost_fen100), 0)") + where)


def redeemed() -> Part:
    """The fen of used benefits, by customer."""
    return ledger_part(_REDEEMED)


def read_cost(bench: Bench) -> tuple[Told, ...]:
    """The cost with its two parts."""
    contact = bench.base("contact_fen100", contacts())
    benefit = bench.base("benefit_fen", redeemed(), within="audience")
    return (
        bench.told("contact_cost", "fen", "contact_fen100 / 100", (contact,)),
        bench.told("benefit_cost", "fen", "benefit_fen", (benefit,)),
        bench.told("cost", "fen", "contact_fen100 / 100 + benefit_fen", (contact, benefit)),
    )


def layer_costs(bench: Bench) -> dict[str, int]:
    """The cost of each layer, in fen."""
    costs: dict[str, int] = {}
    for layer in bench.groups.members:
        contact = bench.base("contact_fen100", contacts(" AND s.layer = :layer"), layer=layer)
        benefit = bench.base("benefit_fen", redeemed(), within=f"audience/{layer}")
        costs[layer] = round(contact.value / 100 + benefit.value)
    return costs


def read_return(bench: Bench, cost: Told, incremental: Told) -> tuple[Told, ...]:
    """Gain, return and the price of an extra response. Their intervals follow from the effect's; costs are known.

    The margin is the product's, of one response; it comes from the pack and is stated with the figures.
    """
    product = next((item for item in bench.pack.products if item.id == bench.package.sections["goal"]["product"]), None)
    margin = Base(
        "margin_fen", (Part("document", f"pack.products[{product.id if product else ''}].margin_fen"),), {}, "",
        float(product.margin_fen if product else 0),
    )  # fmt: skip
    caused = f"({incremental.formula})"
    spent = f"({cost.formula})"
    bases = _united(incremental.bases, cost.bases, (margin,))
    gain = bench.told("gain", "fen", f"{caused} * margin_fen", bases)
    roi = bench.told("roi", "ratio", f"({caused} * margin_fen - {spent}) / {spent}", bases)
    each = bench.told("icpa", "fen", f"{spent} / {caused}", bases)
    if incremental.value is None or not product:
        note = incremental.note or "analysis.no_margin"
        return tuple(replace(item, value=None, note=note) for item in (gain, roi, each))
    return (_bounded_gain(gain, incremental, margin), _bounded_roi(roi, incremental, cost, margin),
            _bounded_price(each, incremental, cost))  # fmt: skip


def _bounded_gain(gain: Told, incremental: Told, margin: Base) -> Told:
    low, high = incremental.low, incremental.high
    if low is None or high is None:
        return gain
    return replace(gain, low=low * margin.value, high=high * margin.value)


def _bounded_roi(roi: Told, incremental: Told, cost: Told, margin: Base) -> Told:
    if not cost.value or incremental.low is None or incremental.high is None:
        return replace(roi, note="" if cost.value else "analysis.no_cost")
    low, high = ((edge * margin.value - cost.value) / cost.value for edge in (incremental.low, incremental.high))
    return replace(roi, low=low, high=high)


def _bounded_price(each: Told, incremental: Told, cost: Told) -> Told:
    """A price of an extra response exists only where extra responses surely do: else its upper end is open."""
    if incremental.value is None or incremental.value <= 0 or cost.value is None:
        return replace(each, value=None, note="analysis.no_increment")
    low = cost.value / incremental.high if incremental.high else None
    high = cost.value / incremental.low if incremental.low and incremental.low > 0 else None
    return replace(each, low=low, high=high, note="" if high is not None else "analysis.open_end")


def _united(*groups: tuple[Base, ...]) -> tuple[Base, ...]:
    return tuple({base.name: base for group in groups for base in group}.values())
