"""The rule book: the rules in force on a launch date, one of them whole, and a sentence tried against them."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Child, Markup, act, div, language, marked, span, tag
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.words import Words

Shape = Mapping[str, Any]
JURISDICTIONS = ("CN", "US", "UK", "EU")
PRODUCTS = ("fund", "mmf", "wealth", "deposit", "gold", "insurance", "credit", "payments", "membership", "securities",
            "crypto", "brand")  # fmt: skip
CHANNELS = ("push", "sms", "email", "inapp_banner", "inapp_popup", "splash", "feed", "paid_feed", "search_ad",
            "landing", "poster", "wechat_oa", "moments", "chat", "social", "short_video", "live", "call")  # fmt: skip
TOPICS = ("GUAR", "PERF", "PRED", "RISKDISC", "MISLEAD", "ABS", "CLAIM", "SAFE", "MIXDEP", "RATE", "LOAN", "INS",
          "DEPOSIT", "SUIT", "QUAL", "ILLEGAL", "REGEND", "ENDORSE", "DISP", "MORAL", "MINOR", "PRIVACY", "PRIZE",
          "PROMO", "INDUCE", "SCARCITY", "UX", "AI", "SMSFORM", "QUIET", "EVASION")  # fmt: skip
SEVERITIES = ("S1", "S2", "S3")
_FIELDS = ("words", "law", "topic", "product", "channel", "severity", "jurisdiction", "whose", "launch_date")
_LAW_NAME = 40
_READ = ("V1", "V2", "G", "策略")
"""How a rule's clauses were looked up, as the table marks it: the law itself, a copy, not yet, or no law."""


def register(studio: Studio) -> None:
    """Register ``/approvals/rules``."""
    studio.tab("approvals", "rules", "/approvals/rules")

    @ui.page("/approvals/rules", response_timeout=60)
    async def rules(rule: str = "", words: str = "") -> None:
        async with studio.page("approvals", tab="rules", cls="wide") as stage:
            await Book(stage, {**dict.fromkeys(_FIELDS, ""), "words": words}, rule).build()


class Book:
    """What is asked of the rules, which one is open."""

    def __init__(self, stage: Stage, asked: dict[str, str], open_: str) -> None:
        self.stage = stage
        self.asked = asked
        self.open = open_
        self.rows: Sequence[Shape] = ()
        self.laws: Mapping[str, Sequence[Shape]] = {}

    async def build(self) -> None:
        """The page: what is asked, the list, the open rule, and a place to try a sentence."""
        stage, t = self.stage, self.stage.t
        stage.box("head", "rule-head", page_head(t("rulebook.title"), t("rulebook.lede")))
        stage.box("search", "rule-search")
        with ui.element("div").classes("packet-grid rule-grid"):
            stage.box("rules", "queue rule-list", blocks.loading(t))
            with ui.element("div").classes("packet-main"):
                stage.box("try", "stack", self._trial())
                stage.box("tried", "stack")
                stage.box("rule", "stack", blocks.loading(t))
        stage.on("rules.search", self.search)
        stage.on("rules.open", self.pick)
        stage.on("rules.try", self.trial)
        self.laws = await self._cited()
        stage.show("search", self._form())
        await self._list()
        await self._show()

    async def search(self, told: Told) -> None:
        """Other rules, by what the form says."""
        self.asked.update({name: str(told.get(name, "")).strip() for name in _FIELDS})
        await self._list()
        await self._show()

    async def pick(self, told: Told) -> None:
        """Open a rule; on a narrow screen it is brought into view."""
        self.open = str(told["id"])
        self.stage.show("rules", self._rows())
        await self._show()
        self.stage.run("if(innerWidth<1100)document.querySelector('.packet-main').scrollIntoView({behavior:'smooth'})")

    async def trial(self, told: Told) -> None:
        """Check a sentence by the rules of the chosen product, channel and day."""
        text = str(told.get("text") or told.get("value") or "").strip()
        if not text:
            return
        self.stage.show("tried", blocks.loading(self.stage.t))
        named = {name: self.asked[name] for name in ("product", "channel", "launch_date") if self.asked[name]}
        result = await self.stage.attempt(self.stage.session.call("compliance.check", text=text, **named))
        self.stage.show("tried", _verdict(self.stage.t, result) if result else "")

    async def _cited(self) -> Mapping[str, Sequence[Shape]]:
        """The laws that rules cite, by jurisdiction, the ones that most rules cite first."""
        found: dict[str, Sequence[Shape]] = {}
        for place in JURISDICTIONS:
            rules = await self.stage.attempt(self.stage.session.call("rules.list", jurisdiction=place)) or []
            cited = Counter(law for rule in rules for law in {(one["law"], one["law_en"]) for one in rule["citations"]})
            found[place] = [{"law": law, "law_en": english} for (law, english), _ in cited.most_common() if law]
        return found

    async def _list(self) -> None:
        asked: dict[str, Any] = {name: value for name, value in self.asked.items() if value and name != "whose"}
        if self.asked["whose"]:
            asked["own"] = True
        if self.asked["law"] and not self.asked["jurisdiction"]:
            # A law is looked for where it holds, whatever the place of the institution.
            held = (place for place, laws in self.laws.items() if any(one["law"] == self.asked["law"] for one in laws))
            asked["jurisdiction"] = next(held, "")
        told = dict(self.asked)
        rows = await self.stage.attempt(self.stage.session.call("rules.list", **asked)) or []
        if told != self.asked:
            return  # something else was asked meanwhile: its own answer stands
        self.rows = rows
        ids = [str(row["id"]) for row in self.rows]
        if self.open not in ids:
            self.open = ids[0] if ids else ""
        self.stage.show("rules", self._rows())

    async def _show(self) -> None:
        t = self.stage.t
        if not self.open:
            said = "rulebook.none_own" if self.asked["whose"] else "rulebook.none_text"
            self.stage.show("rule", tag("section", blocks.empty("search", t("rulebook.none"), t(said)),
                                        cls="panel"))  # fmt: skip
            return
        asked = {"launch_date": self.asked["launch_date"]} if self.asked["launch_date"] else {}
        found = await self.stage.attempt(self.stage.session.call("rules.show", rule=self.open, **asked))
        # While a rule was fetched another may have been opened.
        if found and found["id"] == self.open:
            self.stage.show("rule", _rule(t, found))
        await asyncio.sleep(0)

    def _rows(self) -> Markup:
        t = self.stage.t
        lines = [_row(t, row, row["id"] == self.open) for row in self.rows]
        return blocks.listing(t("rulebook.in_force"), div("rows", lines), count=len(lines)) if lines else Markup("")

    def _form(self) -> Markup:
        t, asked = self.stage.t, self.asked

        def choice(name: str, options: Sequence[str], label: str, every: str) -> Markup:
            items = [tag("option", every, value="")]
            items += [tag("option", t(f"rulebook.{label}_{value}"), value=value, selected=asked[name] == value)
                      for value in options]  # fmt: skip
            return tag("select", items, name=name, cls="input", **act("rules.search"))

        def laws() -> Markup:
            groups = [tag("option", every, value="")]
            for place, cited in self.laws.items():
                names = [_law(one["law"], one["law"] if t.chinese else one["law_en"] or one["law"], asked["law"])
                         for one in cited]  # fmt: skip
                groups.append(tag("optgroup", names, label=t(f"rulebook.in_{place}")))
            return tag("select", groups, name="law", cls="input", **act("rules.search"))

        every, here = t("rulebook.any"), t("rulebook.own_place")
        find = blocks.button(
            t("rulebook.search"), act("rules.search"), kind="primary", symbol="search", data_default=True
        )
        fields = div(
            "filters rule-filters",
            blocks.field(t("rulebook.words"), tag("input", name="words", value=asked["words"] or None, cls="input",
                         type="search", placeholder=t("rulebook.words_hint"), data_enter=True)),
            blocks.field(t("rulebook.law"), laws()),
            blocks.field(t("rulebook.topic"), choice("topic", TOPICS, "topic", every)),
            blocks.field(t("rulebook.product"), choice("product", PRODUCTS, "product", every)),
            blocks.field(t("rulebook.channel"), choice("channel", CHANNELS, "channel", every)),
            blocks.field(t("rulebook.severity"), choice("severity", SEVERITIES, "severity", every)),
            blocks.field(t("rulebook.jurisdiction"), choice("jurisdiction", JURISDICTIONS, "in", here)),
            blocks.field(t("rulebook.whose"), choice("whose", ("own",), "whose", every)),
            blocks.field(t("rulebook.launch"), tag("input", name="launch_date", type="date", cls="input num",
                         value=asked["launch_date"] or None, data_enter=True, **act("rules.search"))),
            find,
        )  # fmt: skip
        return tag("section", div("card-body", fields, data_form=True), cls="panel")

    def _trial(self) -> Markup:
        t = self.stage.t
        say = blocks.composer(
            t, act("rules.try"), t("rulebook.try_hint"), label=t("rulebook.try"), send=t("rulebook.check")
        )
        return tag("section", div("card-head", tag("h2", t("rulebook.try"))), div("card-body", say), cls="panel")


def _row(t: Words, row: Shape, on: bool) -> Markup:
    marks = [
        _severity(t, row),
        span("muted small", t(f"rulebook.topic_{row['topic']}")),
        blocks.pill(t("rulebook.own"), "brand", "approvals") if row["own"] else None,
    ]
    says = str(row["says"]) if t.chinese else _begun(row["says_en"])
    text = div("grow", div("row-title clamp", says, lang=language(says)),
               div("row-sub", tag("code", str(row["id"]), cls="bare")), div("chips", marks))  # fmt: skip
    cls = f"row-link{' on' if on else ''}"
    return tag("button", text, cls=cls, type="button", data_item=True, aria_current=on or None,
               **act("rules.open", id=row["id"]))  # fmt: skip


def _rule(t: Words, rule: Shape) -> Markup:
    """A rule whole: what it wants, by which law since when, what is no breach, what cures it, its own examples."""
    laws = [
        div("rule-law", tag("b", t.law(one), lang=language(t.law(one))),
            None if t.law(one).startswith(one["law"]) else span("small", f"{one['law']} {one['article']}", lang="zh"),
            span("muted small num", _since(t, str(one["effective"]))))
        for one in rule["citations"]
    ]  # fmt: skip
    until = t.day(rule["effective_to"], year=True) if rule["effective_to"] else ""
    products = t.listed([t(f"rulebook.product_{name}") for name in rule["products"]]) or t("rulebook.any")
    channels = t.listed([t(f"rulebook.channel_{name}") for name in rule["channels"] if name in CHANNELS]) or t(
        "rulebook.any"
    )
    marks = blocks.chips(
        _severity(t, rule),
        blocks.pill(t(f"rulebook.topic_{rule['topic']}"), "quiet"),
        blocks.pill(t("rulebook.own"), "brand", "approvals") if rule["own"] else None,
    )
    pairs: list[tuple[str, Child] | None] = [
        (t("rulebook.law"), div("stack tight", laws) if laws else "—"),
        (t("rulebook.until"), until) if until else None,
        # The scope's own words are Chinese; in English product and channel below say it.
        (t("rulebook.scope"), _said(rule["scope"]))
        if rule["scope"] and (t.chinese or _english(rule["scope"]))
        else None,
        (t("rulebook.product"), products),
        (t("rulebook.channel"), channels),
        (t("rulebook.like"), _said(rule["triggered_by"])) if rule["triggered_by"] else None,
        (t("rulebook.exceptions"), _said(rule["exceptions"])) if rule["exceptions"] else None,
        (t("rulebook.cures"), div("stack tight", [_cure(t, one) for one in rule["cures"]])) if rule["cures"] else None,
        (t("rulebook.reason"), _said(rule["reason"])) if rule["reason"] else None,
        (t("rulebook.verified"), _read(t, str(rule["verified"]))),
    ]
    head = div("card-head", tag("h2", tag("code", str(rule["id"]), cls="bare")), div("card-actions", marks))
    says = [tag("p", str(rule["says"]), cls="lead", lang=language(str(rule["says"])))]
    if not t.chinese and rule["says_en"] != rule["says"]:
        binding = tag("p", t("rulebook.binding"), " ", span("", str(rule["says"]), lang="zh"), cls="small muted")
        says = [tag("p", _begun(rule["says_en"]), cls="lead"), binding]
    body = div("card-body stack", says, blocks.facts(*pairs), _examples(t, rule["examples"]))
    return tag("section", head, body, cls="panel rule-card")


def _read(t: Words, mark: str) -> Markup:
    """How the clauses were looked up: in words, and the table's own mark behind them."""
    lines = [div("", t(f"rulebook.read_{n}")) for n, word in enumerate(_READ) if word in mark]
    return div("", lines, tag("code", mark, cls="muted", lang="zh"))


def _law(law: str, name: str, chosen: str) -> Markup:
    shown = name if len(name) <= _LAW_NAME else f"{name[:_LAW_NAME]}…"
    return tag("option", shown, value=law, selected=law == chosen, lang=language(name))


def _english(said: object) -> bool:
    return language(str(said)) == "en"


def _begun(said: object) -> str:
    """A summary as a sentence begins."""
    return str(said)[:1].upper() + str(said)[1:]


def _severity(t: Words, told: Shape) -> Markup:
    return blocks.pill(t(f"rulebook.severity_{told['severity']}"), blocks.SEVERITY_TONES.get(told["severity"], ""))


def _since(t: Words, day: str) -> str:
    return t("rulebook.since", day=t.day(day, year=True)) if day else ""


def _said(text: str) -> Markup:
    return span("", text, lang=language(text))


def _cure(t: Words, one: Shape) -> Markup:
    words = str(one["zh"] if t.chinese else one["en"])
    return div("", span("", words, lang=language(words)), " ", tag("code", str(one["code"]), cls="muted"))


def _examples(t: Words, examples: Mapping[str, Sequence[str]]) -> Markup:
    def column(kind: str, symbol: str, tone: str) -> Markup:
        lines = [tag("li", text, lang=language(text)) for text in examples[kind][:8]]
        rest = len(examples[kind]) - len(lines)
        more = tag("p", t("rulebook.more_examples", count=rest), cls="muted small") if rest > 0 else None
        return div("grow", tag("h3", icon(symbol, 14), t(f"rulebook.{kind}"), cls=tone), tag("ul", lines), more)

    if not examples["hit"] and not examples["pass"]:
        return Markup("")
    return div("rule-examples", column("hit", "alert", "bad"), column("pass", "check", "ok"))


def _verdict(t: Words, result: Shape) -> Markup:
    """What the check says of a sentence: its words marked, a finding a line, and a mend that passes."""
    text = str(result["text"])
    findings: Sequence[Shape] = result["findings"]
    spans = [(int(one["span"][0]), int(one["span"][1])) for one in findings if one.get("span")]
    good = result["verdict"] == "compliant"
    state = blocks.pill(t("rulebook.compliant" if good else "rulebook.violating"), "ok" if good else "bad",
                        "check" if good else "alert")  # fmt: skip
    lines = [
        tag("button", _severity(t, one), span("grow", str(one["message"]), lang=language(str(one["message"]))),
            tag("code", str(one["rule"])), cls="row-link", type="button", **act("rules.open", id=one["rule"]))
        for one in findings
    ]  # fmt: skip
    lacking = [str(code) for code in result["missing_disclosures"]]
    fixed = str(result.get("fixed_text") or "")
    parts: list[Child] = [
        div("line", state),
        tag("p", marked(text, spans), cls="quoted", lang=language(text)),
        div("rows", lines) if lines else None,
        tag("p", t("rulebook.lacks", codes=t.listed(lacking)), cls="small") if lacking else None,
        div("rule-fixed", tag("h3", t("rulebook.fixed")), tag("p", fixed, cls="quoted", lang=language(fixed)))
        if fixed and fixed != text else None,
    ]  # fmt: skip
    return tag("section", div("card-body stack", parts), cls="panel")
