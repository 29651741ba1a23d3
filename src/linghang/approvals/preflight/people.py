"""Pre-flight of people: the rule, the audience and its layers."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from linghang.approvals.preflight.look import Look, fields_of, found
from linghang.base.findings import Finding, Severity

BROAD = 0.8
"""More than this share of all customers is hardly a choice."""
STALE_DAYS = 7


def size(look: Look) -> Iterable[Finding]:
    """Somebody is addressed, by a choice, and the figures hang together."""
    audience = look.audience
    if audience.count <= 0:
        yield found("nobody", Severity.S1, "audience.count")
        return
    if audience.count > audience.matched or audience.matched > audience.base:
        yield found("audience_does_not_add_up", Severity.S1, "audience.count")
    if audience.base and audience.count > BROAD * audience.base:
        share = round(100 * audience.count / audience.base)
        yield found("audience_broad", Severity.S3, "audience.rule", percent=share)
    if len(audience.snapshot) != 64:
        yield found("no_snapshot", Severity.S1, "audience.snapshot")


def freshness(look: Look) -> Iterable[Finding]:
    """A snapshot of long ago addresses people who may have changed."""
    if look.today is None:
        return
    age = look.today - look.audience.as_of.date()
    if age > dt.timedelta(days=STALE_DAYS):
        yield found("audience_stale", Severity.S3, "audience.as_of", days=age.days)


def rule(look: Look) -> Iterable[Finding]:
    """The rule uses fields that exist, that may be used, and is careful with sensitive ones."""
    attributes = {attribute.name: attribute for attribute in look.pack.attributes}
    behaviours = {
        name
        for event in look.pack.events
        for name in (event.name, event.amount_field, event.count_field, event.days_field)
        if name
    }
    if not attributes:
        return
    for predicate in fields_of(look.audience.rule):
        attribute = attributes.get(predicate.field)
        about = f"audience.rule[{predicate.field}]"
        if attribute is None and predicate.field not in behaviours:
            yield found("unknown_field", Severity.S1, about, field=predicate.field)
        if attribute is not None and "audience" not in attribute.usable_in:
            yield found("field_not_for_audiences", Severity.S1, about, field=predicate.field)
        if attribute is not None and attribute.sensitive:
            yield found("sensitive_field", Severity.S3, about, field=predicate.field)


def layers(look: Look) -> Iterable[Finding]:
    """Layers are disjoint parts that make up the audience."""
    parts = look.layers.layers
    total = sum(layer.count for layer in parts)
    if total != look.audience.count:
        yield found("layers_do_not_add_up", Severity.S1, "layers", total=total, audience=look.audience.count)
    for layer, times in Counter(layer.id for layer in parts).items():
        if times > 1:
            yield found("layer_twice", Severity.S1, f"layers[{layer}]", layer=layer)
    for layer in parts:
        if layer.count == 0:
            yield found("layer_empty", Severity.S3, f"layers[{layer.id}]", layer=layer.id)
        if not 0 <= layer.base_rate <= 1:
            yield found("base_rate_impossible", Severity.S1, f"layers[{layer.id}]", layer=layer.id)


def reach(look: Look) -> Iterable[Finding]:
    """Every channel of the campaign reaches somebody of the audience."""
    for channel in look.goal.channels:
        if channel in look.audience.reach and look.audience.reach[channel] == 0:
            yield found("channel_reaches_nobody", Severity.S2, f"audience.reach[{channel}]", channel=channel)


def suitability(look: Look) -> Iterable[Finding]:
    """A product with a grade of risk is offered to assessed customers only: the audience must have dropped others."""
    product = look.product
    if product is None or not product.risk or look.audience.count == 0:
        return
    fields = {predicate.field for predicate in fields_of(look.audience.rule)}
    dropped = any("suit" in removed.code or "risk" in removed.code for removed in look.audience.removed)
    if not dropped and not fields & {"risk_level", "risk_assessed"} and product.risk not in ("R1",):
        yield found("suitability_not_seen", Severity.S3, "audience.removed", product=product.id, risk=product.risk)


def credit(look: Look) -> Iterable[Finding]:
    """Loans are not offered to whoever is in arrears: the rule or the policy must have said so."""
    if look.goal.product_kind != "credit":
        return
    fields = {predicate.field for predicate in fields_of(look.audience.rule)}
    codes = " ".join(removed.code for removed in look.audience.removed)
    known = {attribute.name for attribute in look.pack.attributes}
    if "overdue" in known and "overdue" not in fields and "overdue" not in codes:
        yield found("arrears_not_excluded", Severity.S3, "audience.rule")
