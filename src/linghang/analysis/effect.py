"""What the campaign caused: treated against holdout, overall and by layer, with intervals and honest gaps."""

from dataclasses import replace

from linghang.analysis.bench import Bench, events_part
from linghang.analysis.model import Arm, Base, Layer, Part, Told
from linghang.base.findings import Finding
from linghang.experiments import HOLDOUT, Counts, compare

RESPONSE = "convert"
"""The event that tells of a response."""
_AT = (
    "at >= parseDateTime64BestEffort({start:String}, 6, 'UTC') "
    "AND at < parseDateTime64BestEffort({end:String}, 6, 'UTC')"
)


def responders(product: str) -> Part:
    """Customers who responded within the campaign's window, whoever takes the credit: intention to treat.

    An event that names another product does not count; one that names none does.
    """
    about = "object IN ({product:String}, '')" if product else "1"
    return events_part("DISTINCT customer", f"name = {{event:String}} AND {about} AND {_AT}")


def window() -> str:
    """The condition on an event's instant that it lies in the campaign's window."""
    return _AT


def read_effect(bench: Bench, event: str) -> tuple[tuple[Told, ...], tuple[Arm, ...], tuple[Finding, ...]]:
    """Lift, incremental responses and both arms."""
    product = str(bench.package.sections["goal"]["product"])
    part = responders(product)
    told = {"event": event, "product": product}
    treated, holdout = bench.size("treated", "treated"), bench.size("holdout", HOLDOUT)
    one = bench.base("responded", part, within="treated", **told)
    zero = bench.base("responded_holdout", part, within=HOLDOUT, **told)
    bases = (one, treated, zero, holdout)
    compared = compare(_counts(one, treated), _counts(zero, holdout))
    lift = bench.told("lift", "share", "responded / treated - responded_holdout / holdout", bases)
    incremental = bench.told(
        "incremental", "count", "treated * (responded / treated - responded_holdout / holdout)", bases
    )
    if compared.difference is None:
        nothing = "analysis.too_few"
        lift, incremental = (replace(item, value=None, note=nothing) for item in (lift, incremental))
    else:
        low, high = compared.difference.low, compared.difference.high
        lift = replace(lift, low=low, high=high)
        incremental = replace(incremental, low=low * treated.value, high=high * treated.value)
    arms = (_arm("treated", treated, one), _arm(HOLDOUT, holdout, zero))
    return (lift, incremental), arms, compared.findings


def read_layers(bench: Bench, event: str, costs: dict[str, int]) -> tuple[Layer, ...]:
    """The effect in each layer. Their intervals are each for itself: of twenty layers one errs."""
    product = str(bench.package.sections["goal"]["product"])
    part, found = responders(product), list[Layer]()
    for layer in bench.groups.members:
        treated, holdout = bench.size("treated", f"treated/{layer}"), bench.size("holdout", f"{HOLDOUT}/{layer}")
        one = bench.base("responded", part, within=f"treated/{layer}", event=event, product=product)
        zero = bench.base("responded_holdout", part, within=f"{HOLDOUT}/{layer}", event=event, product=product)
        difference = compare(_counts(one, treated), _counts(zero, holdout)).difference
        low, high = (difference.low, difference.high) if difference else (None, None)
        found.append(
            Layer(
                layer, int(treated.value), int(holdout.value), int(one.value),
                difference.value if difference else None, low, high, costs.get(layer, 0),
            )
        )  # fmt: skip
    return tuple(found)


def _counts(responded: Base, size: Base) -> Counts:
    return Counts(int(size.value), int(responded.value))


def _arm(name: str, size: Base, responded: Base) -> Arm:
    rate = responded.value / size.value if size.value else None
    return Arm(name, int(size.value), int(responded.value), rate)
