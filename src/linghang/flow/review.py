"""The review: every asset of a document as a customer will see it, checked by the rules in force on the launch date."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from hashlib import sha256
from itertools import groupby

from linghang import compliance
from linghang.base.digest import digest
from linghang.base.findings import Finding, Severity, blocks
from linghang.base.records import LayerRecord
from linghang.campaigns.assets import spans_in
from linghang.campaigns.sections import AssetCheck, Copy, Creative, Creatives, Goal, Page, Review, Texts
from linghang.compliance.glyphs import rules_folder
from linghang.compliance.mending import mended
from linghang.compliance.model import Fact
from linghang.creatives import copy as writing
from linghang.creatives.checking import Checker
from linghang.creatives.facts import names_of
from linghang.creatives.limits import carrier_of, place_of_channel, place_of_slot
from linghang.flow.mending import mended_apart
from linghang.packs.model import Pack, Product

CHANNELS: Mapping[str, str] = {
    "site_msg": "inapp_banner", "wecom": "chat", "wechat_mini": "landing", "branch": "call", "web": "landing",
    "paid_ads": "paid_feed", "douyin": "short_video", "kuaishou": "short_video", "xiaohongshu": "social",
}  # fmt: skip
"""Channels of packs → channels of the rules, where the names differ."""
KINDS: Mapping[str, str] = {"savings": "deposit"}
"""Kinds of products → products of the rules, where the names differ."""


Rules = Sequence[compliance.Rule]
Context = Mapping[str, Fact]


def review(
    goal: Goal,
    texts: Texts,
    creatives: Creatives,
    records: Mapping[str, LayerRecord],
    page: Page,
    html: bytes,
    pack: Pack,
) -> tuple[Review, tuple[Finding, ...]]:
    """The verdict on every asset, and what stands against each as findings of the document.

    The texts of one layer in one place are one asset: a customer sees them together. Pictures are checked by the words
    of their records, the page as it is rendered.
    """
    product = next((item for item in pack.products if item.id == goal.product), None)
    rules = compliance.rules_of(pack, goal.start)
    known = context(goal, pack)
    checked = [
        *_texts(goal, texts, product, pack, rules, known),
        *(_picture(goal, picture, records[picture.record], texts, product, pack, rules, known)
          for picture in creatives.pictures),
        _page(goal, page, html, product, pack, rules, known),
    ]  # fmt: skip
    verdict = "violating" if any(asset.verdict == "violating" for asset in checked) else "compliant"
    made = Review(
        launch=goal.start,
        jurisdiction=pack.jurisdiction,
        rules=len(rules),
        rules_digest=digest([[rule.id, str(rule.severity), rule.says] for rule in rules]),
        assets=tuple(checked),
        verdict=verdict,
    )
    return made, tuple(_told(checked, goal.lang))


def context(goal: Goal, pack: Pack) -> Context:
    """The facts of this campaign that rules ask for and that the engine guarantees by itself.

    Consent and hours are kept by the contact policy at every hand-over, so they are facts here; what nobody knows is
    left out and reported as not evaluated.
    """
    product = next((item for item in pack.products if item.id == goal.product), None)
    known: dict[str, Fact] = {"deadline_real": True}
    if product is not None and product.risk:
        known["product_risk"] = product.risk
        # Suitability is checked for every customer: nobody below the product's grade is addressed.
        known["audience_risk"] = f"C{product.risk[1:]}"
    if pack.contact.basis == "consent_columns":
        known |= {"consent_sms": True, "opted_out": False}
    return known


@cache
def rules_in_use() -> str:
    """The digest of the rule files: when a rule changes, texts and verdicts are made anew."""
    folder = rules_folder()
    read = [file for file in folder.iterdir() if file.name.endswith((".yaml", ".npz"))]
    files = sorted(read, key=lambda file: file.name)
    return digest([[file.name, sha256(file.read_bytes()).hexdigest()] for file in files])


def material(text: str, goal: Goal, channel: str, product: Product | None, pack: Pack) -> compliance.Material:
    """A text as the rules see it."""
    return compliance.Material(
        text=text,
        product=KINDS.get(product.kind, product.kind) if product is not None else "brand",
        channel=CHANNELS.get(channel, channel),
        lang=goal.lang,
        jurisdiction=pack.jurisdiction,
        launch_date=goal.start,
    )


def checker(goal: Goal, pack: Pack) -> Checker:
    """What copy asks of the rules in force on the launch date, before a text is kept."""
    rules = compliance.rules_of(pack, goal.start)
    product = next((item for item in pack.products if item.id == goal.product), None)
    known = context(goal, pack)

    def check(seen: writing.Material) -> writing.Checked:
        one = material(seen.text, goal, seen.channel, product, pack)
        one = _labelled(one, seen.place, seen.text.split("\n"), goal, product, pack)
        done = compliance.check(one, rules=rules, context=known, today=goal.start)
        return writing.Checked(compliance.as_findings(done, seen.place), done.missing_disclosures)

    return check


def checks(goal: Goal, pack: Pack, beside: str) -> Callable[[str, str, str], tuple[str, ...]]:
    """What the rules say of words with what a customer reads after them (``beside``), as reasons to exclude."""
    rules = compliance.rules_of(pack, goal.start)
    product = next((item for item in pack.products if item.id == goal.product), None)
    known = context(goal, pack)

    def check(said: str, place: str, channel: str) -> tuple[str, ...]:
        one = _labelled(material(said, goal, channel, product, pack), place, said.split("\n"), goal, product, pack)
        if one.type is not None:
            return ()
        one = replace(one, text=f"{said}{beside}", type="promotion")
        # Each part has been searched for words in disguise; together they hide nothing more.
        done = compliance.check(one, rules=rules, context=known, today=goal.start, reader="off", disguised=False)
        # What stands against the page's own words is said of the page; here it is what they make of these.
        own = [hit for hit in done.hits if hit.located and hit.span[0] < len(said) and not hit.missing]
        broken = blocks(compliance.as_findings(replace(done, hits=tuple(own)), place))
        reasons = ["combinations.whole_violates"] if broken else []
        return (*reasons, *(["combinations.whole_lacks"] if done.missing_disclosures else []))

    return check


def page_findings(goal: Goal, page: Page, html: bytes, pack: Pack) -> tuple[Finding, ...]:
    """What the rules say of a page that stands alone."""
    product = next((item for item in pack.products if item.id == goal.product), None)
    rules = compliance.rules_of(pack, goal.start)
    done = _page(goal, page, html, product, pack, rules, context(goal, pack))
    return tuple(_told([done], goal.lang))


def _texts(
    goal: Goal, texts: Texts, product: Product | None, pack: Pack, rules: Rules, context: Context
) -> Iterable[AssetCheck]:
    channel_of = {slot.id: slot.channel for slot in pack.slots}
    for (_, place), group in groupby(texts.texts, key=lambda text: (text.layer, text.place)):
        channel = channel_of.get(place, place)

        def judged(parts: list[Copy], place: str = place, channel: str = channel) -> AssetCheck:
            one = material(_joined(parts), goal, channel, product, pack)
            one = _labelled(one, place, [part.text for part in parts], goal, product, pack)
            done = compliance.check(one, rules=rules, context=context, today=goal.start)
            if done.verdict == "violating":
                done = mended(done, rules=rules, context=context, today=goal.start, reader="advises")
            check = _asset("+".join(part.id for part in parts), "copy", place, done)
            words = {part.id: part.text for part in parts}
            return replace(check, findings=mended_apart(check.asset, check.findings, words))

        parts = list(group)
        yield _with_fixes(judged(parts), parts, judged)


def _with_fixes(whole: AssetCheck, parts: list[Copy], judged: Callable[[list[Copy]], AssetCheck]) -> AssetCheck:
    """A finding without new words gets those of its own message: a title and its body can be mended where all together
    cannot."""
    words = {part.id: part.text for part in parts}
    told: list[Finding] = []
    for item in whole.findings:
        own = next(iter(spans_in(whole.asset, item.span, words)), "")
        if own and item.fix is None and blocks((item,)):
            variant = next(part.variant for part in parts if part.id == own)
            message = judged([part for part in parts if part.variant == variant])
            fixes = (one.fix for one in message.findings if own in spans_in(message.asset, one.span, words) and one.fix)
            item = replace(item, fix=next(fixes, None))  # noqa: PLW2901
        told.append(item)
    return replace(whole, findings=tuple(told))


def _joined(parts: list[Copy]) -> str:
    """The texts in reading order, as one text; a line each so that spans never cross from one into another."""
    return "\n".join(part.text for part in parts)


def _picture(
    goal: Goal, picture: Creative, record: LayerRecord, texts: Texts, product: Product | None, pack: Pack, rules: Rules,
    context: Context,
) -> AssetCheck:  # fmt: skip
    channel = next((item.channel for item in pack.slots if item.id == picture.slot), "poster")
    said = [
        text.text
        for text in texts.texts
        if (text.layer, text.place, text.variant) == (picture.layer, picture.slot, picture.variant)
    ]
    base = _labelled(material("", goal, channel, product, pack), picture.slot, said, goal, product, pack)
    done = compliance.check_record(record, base, rules=rules, context=context, today=goal.start)
    return _asset(picture.id, "picture", picture.slot, done)


def _labelled(
    one: compliance.Material, place: str, said: Sequence[str], goal: Goal, product: Product | None, pack: Pack
) -> compliance.Material:
    """An entrance that says a product's name and nothing else is a label, no promotion (decision 0017)."""
    slot = next((item for item in pack.slots if item.id == place), None)
    channel = next((item for item in pack.channels if item.id == place), None)
    where = place_of_slot(slot) if slot else place_of_channel(channel, goal.lang) if channel else None
    if product is None or where is None or carrier_of(where) or not said:
        return one
    names = names_of(product, goal.lang)
    return replace(one, type="service") if all(text in names for text in said) else one


def _page(
    goal: Goal,
    page: Page,
    html: bytes,
    product: Product | None,
    pack: Pack,
    rules: Rules,
    context: Context,
) -> AssetCheck:
    base = material("", goal, "landing", product, pack)
    done = compliance.check_page(html.decode(), base, rules=rules, context=context, today=goal.start)
    return _asset(page.file, "page", "landing", done)


def _asset(name: str, kind: str, place: str, done: compliance.Check) -> AssetCheck:
    findings = tuple(replace(finding, about=name) for finding in compliance.as_findings(done, name))
    # What only needs a person's eye (S3, S4) does not make an asset violate: its finding stands for the reviewer.
    worst = blocks(findings) or bool(done.missing_disclosures)
    return AssetCheck(
        asset=name,
        kind=kind,  # type: ignore[arg-type]
        place=place,
        verdict="violating" if worst else "compliant",
        findings=findings,
        missing=done.missing_disclosures,
        not_evaluated=done.not_evaluated,
    )


_CITED = ("text", "says", "says_en", "law", "law_en", "article", "article_en")


def _told(assets: list[AssetCheck], lang: str) -> Iterable[Finding]:
    """One finding of the document for each kind of trouble in each place, with how many assets have it."""
    for asset in assets:
        if asset.findings:
            worst = min(asset.findings, key=lambda finding: finding.severity)
            names = ", ".join(sorted({str(finding.params.get("rule", finding.code)) for finding in asset.findings}))
            cited = {key: str(worst.params.get(key) or "") for key in _CITED}
            params: dict[str, str] = {
                "place": asset.place,
                "rules": names,
                "asset": asset.asset,
                "quote": f"“{cited['text'][:40]}” " if cited["text"] else "",
                "says": cited["says"],
                "says_en": cited["says_en"],
                "law": f"{cited['law']} {cited['article']}".strip(),
                "law_en": f"{cited['law_en']} {cited['article_en']}".strip(),
            }
            # S3 and S4 ask for a person's eye; they are no verdict.
            code = "compliance.asset_violates" if blocks(asset.findings) else "compliance.asset_to_look_at"
            yield Finding(code, worst.severity, f"compliance.{asset.place}", params=params)
        if asset.missing:
            words = "; ".join(compliance.disclosure_text(code, lang)[:40] for code in asset.missing)
            params = {"place": asset.place, "codes": ", ".join(asset.missing), "asset": asset.asset, "words": words}
            yield Finding("compliance.disclosure_missing", Severity.S2, f"compliance.{asset.place}", params=params)
