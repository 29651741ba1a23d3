"""The checker: one material, the rules of its launch date, the facts that are known → a verdict with findings."""

import datetime as dt
import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from linghang.base.findings import Severity
from linghang.compliance.context import Facts
from linghang.compliance.decoding import decoded, guesses
from linghang.compliance.decoding_en import decoded_english
from linghang.compliance.disclosures import Lack, missing
from linghang.compliance.extents import cited_as, extents
from linghang.compliance.facts import CONSULTED, FACT_RULES, Case
from linghang.compliance.learned import Read, learned, read, suspected
from linghang.compliance.loading import load_rules
from linghang.compliance.matching import Match, applies, matches
from linghang.compliance.materials import infer, offers
from linghang.compliance.model import Check, Fact, Hit, Material, MaterialType, Reader, Rule
from linghang.compliance.nearby import Nearby
from linghang.compliance.normalise import View, is_chinese, normalise
from linghang.compliance.numbers import counted
from linghang.compliance.patterns import Lexicon, lexicon
from linghang.compliance.pieces import clauses
from linghang.compliance.translating import named, tongue_of, translated
from linghang.compliance.weighing import stands

_RANK = {Severity.S1: 0, Severity.S2: 1, Severity.S3: 2, Severity.S4: 3}
_FIRST = 10
"""The precedence from which a rule leads whatever the severity of others."""
_SILENT = frozenset({"PRIVACY", "QUIET", "SMSFORM", "AI", "UX", "EVASION"})
"""Topics whose breach does not by itself make a text promotional."""
_ALIASES = {"savings": "deposit", "": "brand", "loan": "credit", "stock": "securities"}


@dataclass(frozen=True)
class Seen:
    """A material as the checker sees it: its views, type and raw findings, before disclosures and mending."""

    material: Material
    views: tuple[View, ...]
    kind: MaterialType
    hits: tuple[Hit, ...]
    missing: tuple[Lack, ...]
    not_evaluated: tuple[str, ...]
    text: Read
    offers: bool = False
    """Whether a product is laid out to be had: then no lesson and no warning outweighs what is missing."""


def examine(
    material: Material, rules: Sequence[Rule], facts: Facts, reader: Reader = "decides", *, disguised: bool = True,
    day: dt.date = dt.date.max,
) -> Seen:  # fmt: skip
    """Everything that stands against a material, without a verdict. Words in disguise are looked for if ``disguised``."""
    tongue = "zh" if material.jurisdiction == "CN" else "en"
    words = lexicon(tongue)
    plain = normalise(material.text)
    speech = tongue_of(material)
    by_id = {rule.id: rule for rule in rules}
    names = named(rules, material)
    anywhere = [rule for rule in rules if not rule.materials]
    bound = [rule for rule in rules if rule.materials]
    views = _views(plain, rules, material, words) if disguised else (plain,)
    found = list(_matched(anywhere, views, material, "promotion", words))
    if speech != tongue:
        found.extend(translated(decoded_english(plain) or plain, material, names, day, beside=found))
    text = read(views[-1], material.product, speech, meaning=reader == "decides")
    known = [_hit(match) for match in found if _stands(match, text)]
    sure = list(learned(text, material, "promotion", names)) if reader == "decides" else []
    promotes = any(hit.rule.topic not in _SILENT for hit in (*known, *sure))
    kind = material.type or infer(views[-1], material, speech, promotes=promotes, selling=text.selling)
    by_words = [hit for hit in known if applies(hit.rule, material, kind)]
    by_words.extend(_hit(match) for match in _matched(bound, views, material, kind, words) if _stands(match, text))
    by_words.extend(counted(views[-1], material, kind, rules))
    if reader != "off":
        by_words.extend(learned(text, material, kind, names, by_words, advice=reader == "advises"))
    hits = _chosen(_excused_by_facts(by_words, facts), plain, text)
    cited = _by_place(hits)
    judged, unknown = _by_facts(Case(material, kind, facts, views[-1].text), by_id, views[-1], cited)
    found_now = [hit for hit in (*hits, *judged) if not hit.advice]
    also = [rule for hit in found_now for rule in hit.also]
    lacking = missing(views, material, kind, [hit.rule.id for hit in found_now], facts, tongue, beside=also)
    lacking = tuple(item for item in lacking if item.rule_for(material) in by_id)
    absent = tuple(
        Hit(
            by_id[item.rule_for(material)],
            _clear(item.span, cited),
            code="compliance.missing",
            params={"code": item.code},
            missing=item.code,
        )
        for item in lacking
    )
    if not any(hit.located for hit in (*hits, *judged, *absent)):
        absent = tuple(replace(hit, span=_worst(text)) if hit.rule.id in extents().owed else hit for hit in absent)
    offered = offers(views[-1], material, speech)
    return Seen(material, views, kind, (*hits, *judged, *absent), lacking, unknown, text, offered)


def _views(plain: View, rules: Sequence[Rule], material: Material, words: Lexicon) -> tuple[View, ...]:
    """The plain view, the decoded one where something is hidden, and the first bolder guess that a rule's pattern confirms."""
    if words.lang != "zh":
        hidden = decoded_english(plain)
        return (plain,) if hidden is None else (plain, hidden)
    hidden = decoded(plain)
    views = (plain,) if hidden is None else (plain, hidden)
    kind = material.type or "promotion"
    for guess in guesses(plain):
        if next(iter(matches(rules, guess, material, kind, words, only_hidden=True)), None) is not None:
            return (*views, guess)
    return views


def _worst(text: Read) -> tuple[int, int]:
    """The clause of which the reader thinks worst: a disclosure that is owed without a word that asks for it is about that."""
    one = max(text.clauses, key=lambda one: (one.wrong, one.start - one.end), default=None)
    return text.view.span(one.start, one.end) if one is not None else (0, 0)


def _clear(span: tuple[int, int], cited: Nearby[Hit]) -> tuple[int, int]:
    """A span that no other finding cites already; the whole asset (0, 0) else."""
    return (0, 0) if cited.touches(span) else span


def _by_place(hits: Iterable[Hit]) -> Nearby[Hit]:
    nearby: Nearby[Hit] = Nearby()
    for hit in hits:
        nearby.add(hit.span, hit)
    return nearby


def _stands(match: Match, text: Read) -> bool:
    """Whether a pattern's match stands: always an S1 or what was guessed, else unless the reader finds it far-fetched."""
    serious = match.rule.severity == Severity.S1
    guessed_at = match.view.guess and match.view.conceals(match.start, match.end)
    return serious or guessed_at or text.likely(match.span)


def check(
    material: Material,
    *,
    rules: Sequence[Rule] | None = None,
    context: Mapping[str, Fact] | None = None,
    today: dt.date,
    reader: Reader = "advises",
    disguised: bool = True,
) -> Check:
    """The verdict on a material by the rules in force on its launch date (``today`` when it gives none).

    ``rules`` None are those of its jurisdiction; ``context`` holds facts that the text cannot show (hours, consent,
    product risk); unknown ones are listed in ``not_evaluated``. ``reader`` says what findings of the learned reader
    weigh: by default they only ask for a person's eye. ``disguised`` False reads what is written and no more: for parts that
    have been checked already. Raises UsageError for an unknown jurisdiction.
    """
    from_alias = replace(
        material,
        product=_ALIASES.get(material.product, material.product),
        lang=material.lang or ("zh" if is_chinese(material.text) else "en"),
    )
    day = from_alias.launch_date or today
    chosen = (
        load_rules(from_alias.jurisdiction, day) if rules is None else [rule for rule in rules if rule.in_force(day)]
    )
    facts = Facts(context)
    seen = examine(from_alias, chosen, facts, reader, disguised=disguised, day=day)
    hits = tuple(sorted(seen.hits, key=lambda hit: (not hit.located, hit.span, _RANK[hit.rule.severity], hit.rule.id)))
    heavy = [hit for hit in hits if hit.rule.severity != Severity.S4 and not hit.advice]
    if reader == "decides":
        owes = seen.offers and any(hit.missing for hit in heavy)
        breaks = owes or stands(heavy, seen.text, seen.kind, from_alias.text)
        if heavy and not breaks:
            aside = tuple(hit for hit in heavy if not hit.missing)
            light = tuple(hit for hit in hits if hit not in heavy)
            return Check(from_alias, seen.kind, "compliant", light, (), "", seen.not_evaluated, day, True, aside)
        if breaks and not heavy:
            worst = suspected(seen.text, from_alias, seen.kind, named(chosen, from_alias))
            heavy = [worst] if worst is not None else []
            hits = (*hits, *heavy)
    return Check(
        material=from_alias,
        type=seen.kind,
        verdict="violating" if heavy else "compliant",
        hits=hits,
        missing_disclosures=tuple(item.code for item in seen.missing),
        fixed_text="",
        not_evaluated=seen.not_evaluated,
        launch=day,
        review=bool(heavy) and all(hit.rule.severity == Severity.S3 for hit in heavy),
    )


def _matched(
    rules: Sequence[Rule], views: tuple[View, ...], material: Material, kind: MaterialType, words: Lexicon
) -> Iterable[Match]:
    for place, view in enumerate(views):
        yield from matches(rules, view, material, kind, words, only_hidden=place > 0)


def _hit(match: Match) -> Hit:
    start, end = match.span
    return Hit(match.rule, (start, end), evasion=match.view.conceals(match.start, match.end))


def _excused_by_facts(hits: list[Hit], facts: Facts) -> list[Hit]:
    """Findings that a known fact answers: a real deadline, real stock, an official announcement."""
    excused: set[str] = set()
    if facts.flag("stock_limited", "deadline_real", "stock_real"):
        excused |= {"CN-PR-06", "UK-08", "EU-06"}
    if facts.flag("official_stop_notice", "official_price_notice"):
        excused |= {"CN-IN-04"}
    if facts.flag("platform_licensed"):
        excused |= {"CN-FM-13", "CN-FM-15", "CN-FM-16"}
    if facts.flag("licensed"):
        excused |= {"CN-FM-01", "CN-FM-02", "CN-SE-01", "UK-01"}
    if facts.flag("qualified", "qualified_investors"):
        excused |= {"CN-FM-04"}
    if facts.flag("evidence", "substantiated"):
        excused |= {"CN-AD-03", "CN-AD-04", "CN-FD-05", "US-02"}
    if facts.flag("rec_off_entry"):
        excused |= {"CN-FM-11", "CN-PI-02"}
    if facts.flag("credit_approved", "approved", "granted"):
        excused |= {"CN-LN-10"}
    if facts.words("approval_no"):
        excused |= {"CN-FM-19"}
    return [hit for hit in hits if hit.rule.id not in excused]


def _by_facts(
    case: Case, by_id: Mapping[str, Rule], view: View, cited: Nearby[Hit]
) -> tuple[list[Hit], tuple[str, ...]]:
    """What facts decide, at the words which are about the fact unless another finding cites them; and what is unknown."""
    judged: dict[str, Hit] = {}
    unknown: list[str] = []
    asked = set(CONSULTED)
    for fact_rule in FACT_RULES:
        asked.update(fact_rule.names)
        rule = by_id.get(fact_rule.rule)
        if rule is None or not fact_rule.applies(case):
            continue
        broken = fact_rule.broken(case)
        if broken is None:
            unknown.extend(f"{rule.id}:{name}" for name in fact_rule.names if name not in case.facts)
        elif broken:
            told = ", ".join(f"{name}={case.facts.words(name)}" for name in fact_rule.names if name in case.facts)
            span = _clear(_cited(fact_rule.cites, view), cited)
            judged.setdefault(rule.id, Hit(rule, span, code="compliance.fact", params={"facts": told}))
    return list(judged.values()), tuple(dict.fromkeys(unknown))


def _cited(pattern: str, view: View) -> tuple[int, int]:
    match = re.search(pattern, view.text) if pattern else None
    return view.span(*match.span()) if match else (0, 0)


def _chosen(hits: list[Hit], view: View, text: Read) -> tuple[Hit, ...]:
    """One finding a span: the weightiest rule leads, others which the same words break support it."""
    ordered = sorted(
        hits,
        key=lambda h: (
            h.advice,
            h.rule.precedence < _FIRST,
            _RANK[h.rule.severity],
            h.likelihood < 1.0,
            -h.rule.precedence,
            -(h.span[1] - h.span[0]),
            h.span,
            h.rule.id,
        ),
    )
    kept: list[Hit] = []
    named: set[int] = set()  # the findings whose words a pattern named
    places: Nearby[int] = Nearby()
    for hit in _parted(ordered):
        near = (place for place in sorted(set(places.over(hit.span))) if _same_place(hit, kept[place]))
        place = next(near, None)
        if place is None:
            places.add(hit.span, len(kept))
            named |= {len(kept)} if hit.likelihood == 1.0 else set()
            kept.append(hit)
            continue
        other = kept[place]
        if other.rule.id == hit.rule.id:
            span = _joint(other, hit, named=place in named)
            sure = max(other.likelihood, hit.likelihood)
            kept[place] = replace(other, span=span, evasion=other.evasion or hit.evasion, likelihood=sure)
            named |= {place} if hit.likelihood == 1.0 else set()
            places.add(span, place)
        else:
            also = tuple(dict.fromkeys((*other.also, hit.rule.id)))
            kept[place] = replace(other, also=also, evasion=other.evasion or hit.evasion)
    chinese = any(hit.rule.jurisdiction == "CN" for hit in kept)
    pieces = clauses(view.text, chinese=chinese) if kept else []
    return cited_as(kept, view, pieces, text.opening)


_LURES = frozenset({"CN-SM-07"})
"""Rules about calling somebody away; what he is lured with (``加V信领牛基名单``) is another matter."""
_LEAST_LURE = 3


def _parted(hits: list[Hit]) -> list[Hit]:
    """The hits, those of lures ended where the words of another matter begin."""
    begins = sorted(hit.span[0] for hit in hits if hit.located and hit.rule.id not in _LURES)
    parted: list[Hit] = []
    for hit in hits:
        if hit.rule.id in _LURES:
            place = bisect_left(begins, hit.span[0] + _LEAST_LURE)
            end = begins[place] if place < len(begins) else hit.span[1]
            parted.append(replace(hit, span=(hit.span[0], min(hit.span[1], end))))
        else:
            parted.append(hit)
    return parted


def _joint(one: Hit, other: Hit, *, named: bool) -> tuple[int, int]:
    """The words of two findings of one rule; a pattern (``named``: that of the first) names them closer than the reader."""
    if named != (other.likelihood == 1.0):
        return one.span if named else other.span
    return min(one.span[0], other.span[0]), max(one.span[1], other.span[1])


_APART = frozenset({"QUAL", "MORAL", "MINOR", "PRIVACY", "AI", "UX", "SMSFORM", "QUIET", "ILLEGAL", "SUIT"})
"""Topics that are about something else than the claim in the same words."""


def _same_place(hit: Hit, other: Hit) -> bool:
    """Whether two findings are about the same words: one mostly inside the other, or alike in extent where the one
    speaks of conduct and the other of a claim."""
    (low, high), (other_low, other_high) = hit.span, other.span
    overlap = min(high, other_high) - max(low, other_low)
    if overlap <= 0:
        return False
    if hit.rule.topic != other.rule.topic and (hit.rule.topic in _APART) != (other.rule.topic in _APART):
        return overlap * 3 >= max(high, other_high) - min(low, other_low)
    return overlap * 2 >= min(high - low, other_high - other_low)
