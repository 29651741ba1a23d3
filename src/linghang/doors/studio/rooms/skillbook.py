"""The skills: what each does, with what effect, from where; one that only reads can be tried here."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from linghang.agents import filling, telling
from linghang.base.errors import LinghangError
from linghang.doors.studio import answers, blocks
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Child, Markup, act, div, language, span, tag
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.words import Words

Shape = Mapping[str, Any]
EFFECTS: Mapping[str, blocks.Tone] = {"read": "quiet", "draft": "info", "commit": "warn"}
ORIGINS = ("own", "package", "openapi", "mcp")
_COLUMNS, _ROWS, _TEXT = 6, 8, 6000


def register(studio: Studio) -> None:
    """Register ``/skills`` and ``/skills/{name}``."""
    studio.tab("knowledge", "skills", "/skills")

    @ui.page("/skills", response_timeout=60)
    async def skills() -> None:
        async with studio.page("knowledge", tab="skills", cls="narrow") as stage:
            _book(stage)

    @ui.page("/skills/{name}", response_timeout=60)
    async def skill(name: str, given: str = "") -> None:
        async with studio.page("knowledge", crumbs=["tab.skills"], cls="narrow") as stage:
            One(stage, name, _given(given)).build()


def _given(text: str) -> Shape:
    """The arguments that a link brings to a form; none where it brings nothing that can be read."""
    try:
        told = json.loads(text) if text else {}
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _book(stage: Stage) -> None:
    t = stage.t
    chosen: dict[str, str] = {"effect": "", "origin": ""}
    rows: list[Shape] = []
    agents: list[Shape] = []
    stage.box("head", "lh-box", page_head(t("skills.title"), t("skills.lede")))
    stage.box("search", "lh-box", blocks.loading(t))
    stage.box("skills", "lh-box", "")

    def show() -> None:
        stage.show("search", _search(t, rows, chosen))
        own = [row for row in rows if all(not value or row[key] == value for key, value in chosen.items())]
        stage.show("skills", by_domain(t, agents, own))
        stage.run("lh.chat && document.querySelector('#skill-words')?.dispatchEvent(new Event('input',{bubbles:true}))")

    async def fill() -> None:
        agents.extend(await stage.attempt(stage.session.call("agents.list")) or [])
        rows.extend(await stage.attempt(stage.session.call("skills.list")) or [])
        show()

    def choose(told: Told) -> None:
        key, value = str(told["key"]), str(told["value"])
        chosen[key] = "" if chosen[key] == value else value
        show()

    stage.on("choose", choose)
    ui.timer(0.05, fill, once=True)


def _search(t: Words, rows: Sequence[Shape], chosen: Mapping[str, str]) -> Markup:
    """Words narrow the list while they are typed; a click on an effect or an origin keeps only those."""
    box = tag("input", type="search", id="skill-words", cls="input", placeholder=t("skills.search"), data_speak=True,
              aria_label=t("skills.search"), data_filter=".skill-row", autocomplete="off")  # fmt: skip
    chips: list[Child] = []
    for key, values in (("effect", tuple(EFFECTS)), ("origin", ORIGINS)):
        for value in values:
            count = sum(1 for row in rows if row[key] == value)
            if count or key == "effect":
                on = chosen[key] == value
                chips.append(tag("button", t(f"skills.{value}"), span("num muted", str(count)), type="button",
                                 cls="chip on" if on else "chip solid", aria_pressed=str(on).lower(),
                                 **act("choose", key=key, value=value)))  # fmt: skip
    return div("stack tight skill-search", box, div("chips", chips))


def by_domain(t: Words, agents: Sequence[Shape], rows: Sequence[Shape]) -> Markup:
    """The skills under the domain agent that has them; those of other systems below."""
    by_name = {str(row["name"]): row for row in rows}
    known = {name for agent in agents for name in agent["skills"]}
    groups = [(str(agent["label"]), [by_name[name] for name in agent["skills"] if name in by_name]) for agent in agents]
    groups.append((t("skills.foreign"), [row for name, row in by_name.items() if name not in known]))
    cards = [
        div("skill-group", blocks.listing(label, blocks.rows(*[_row(t, row) for row in own]), count=len(own)))
        for label, own in groups
        if own
    ]
    if not cards:
        return tag("section", blocks.empty("search", t("skills.nothing"), t("skills.nothing_text")), cls="panel")
    none = tag("p", t("skills.nothing"), cls="muted filter-none", hidden=True)
    return div("stack", cards, none)


def _row(t: Words, row: Shape) -> Markup:
    name, origin = str(row["name"]), str(row.get("origin", "own"))
    told = " ".join(
        [*(str(row.get(key) or "") for key in ("title", "about", "name", "description")), *row.get("says", ())]
    )
    about = str(row.get("about") or "")
    about = "" if about == row.get("title") else about
    from_ = blocks.pill(t(f"skills.{origin}"), "brand") if origin != "own" else None
    return tag(
        "a",
        div("grow", div("row-title", str(row.get("title") or name)), div("row-sub", about)),
        div("row-end line", from_, blocks.pill(t(f"skills.{row['effect']}"), EFFECTS[str(row["effect"])])),
        href=f"/skills/{name}", cls="row-link skill-row", data_item=True, data_find=told,
    )  # fmt: skip


class One:
    """The page of one skill: what it is, and for one that reads a form to try it."""

    def __init__(self, stage: Stage, name: str, given: Shape | None = None) -> None:
        self.stage, self.t, self.name, self.given = stage, stage.t, name, given or {}
        self.row: Shape = {}

    def build(self) -> None:
        """Boxes; the skill comes when the page stands."""
        self.stage.box("skill", "lh-box", blocks.loading(self.t))
        self.stage.box("try", "lh-box", "")
        with ui.element("div").props('id="tried"'):
            self.stage.box("tried", "lh-box", "")
        self.stage.on("try", self.attempt)
        ui.timer(0.05, self.fill, once=True)

    async def fill(self) -> None:
        """Ask for the skill and show it."""
        t = self.t
        row = await self.stage.attempt(self.stage.session.call("skills.show", name=self.name))
        if row is None:
            empty = blocks.empty("search", t("skills.none"), t("skills.none_text"),
                                 blocks.link_button(t("skills.all"), "/skills"))  # fmt: skip
            self.stage.show("skill", tag("section", empty, cls="panel"))
            return
        self.row = row
        self.stage.show("skill", whole(t, row))
        self._form(self.given)

    def _form(self, given: Shape) -> None:
        """The form of one that reads, or of another system's act, which has no page of its own here: a person checks
        and confirms it."""
        t, row = self.t, self.row
        if row["effect"] == "read" and row["data"] == "aggregate":
            self.stage.show("try", blocks.card(t("skills.try"), form(t, row, given), symbol="play"))
        elif row["effect"] == "commit" and row.get("origin") in ("openapi", "mcp"):
            self.stage.show("try", blocks.card(t("skills.confirm"), form(t, row, given, sends=True), symbol="alert"))

    async def attempt(self, told: Told) -> None:
        """Call the skill with what the form says, and show what it answered."""
        t = self.t
        try:
            arguments = arguments_of(self.row, told)
        except ValueError as error:
            self.stage.show("tried", _wrong(t("skills.not_json", field=_name(t, str(error)))))
            return
        self.stage.show("tried", blocks.loading(t))
        sends = self.row["effect"] != "read"
        if sends:
            # Pressed once more it would be sent once more.
            self.stage.show("try", "")
        try:
            result = await self.stage.session.call(self.name, **arguments)
        except LinghangError as error:
            lines = [blocks.finding_line(t, item) for item in self.stage.findings(error)]
            self.stage.show("tried", _wrong(self.stage.sentence(error), lines))
            if sends:
                self._form(arguments)
            self.stage.run(_TO_THE_ANSWER)
            return
        self.stage.show("tried", blocks.card(t("skills.answered"), answer(t, self.row, result), symbol="check"))
        self.stage.run(_TO_THE_ANSWER)


_TO_THE_ANSWER = "setTimeout(() => document.getElementById('tried')?.scrollIntoView({block: 'nearest'}), 50)"


def whole(t: Words, row: Shape) -> Markup:
    """A skill: what it does, its effect, where it came from, what it takes and makes, how people ask for it."""
    effect = str(row["effect"])
    head = page_head(
        str(row["title"]), str(row.get("about") or ""), blocks.pill(t(f"skills.{effect}"), EFFECTS[effect])
    )
    says = [tag("q", str(text), lang=language(str(text))) for text in row.get("says") or ()]
    facts = blocks.facts(
        (t("skills.effect"), t(f"skills.{effect}_means")),
        (t("skills.origin"), t(f"skills.{row.get('origin', 'own')}")),
        (t("skills.cost"), t(f"skills.cost_{row['cost']}")),
        (t("skills.data"), t(f"skills.data_{row['data']}")),
        (t("skills.name"), tag("code", str(row["name"]))),
        (t("skills.permission"), t.told(f"access.right.{row['permission']}", otherwise=str(row["permission"]))),
        (t("skills.makes"), [tag("code", name, cls="chip-code") for name in row.get("makes") or ()] or "—"),
        (t("skills.says"), div("stack tight", says)) if says else None,
    )
    return div("stack", head, blocks.card(t("skills.what"), facts, symbol="info"))


def form(t: Words, row: Shape, given: Shape | None = None, *, sends: bool = False) -> Markup:
    """A field for each argument, with what is given or the skill's own example in it; ``sends``: it takes effect."""
    schema: Shape = row["schema"]
    needed = set(schema.get("required", ()))
    example: Shape = given or row.get("example") or {}
    foreign = row.get("origin") in ("openapi", "mcp")
    fields = [
        _field(t, name, shape, given=example, needed=name in needed, foreign=foreign)
        for name, shape in schema.get("properties", {}).items()
    ]
    note = tag("p", t("skills.sends" if sends else "skills.safe"), cls="muted small grow")
    run = blocks.button(t("skills.confirm_run" if sends else "skills.run"), act("try"), kind="primary",
                        symbol="check" if sends else "play", data_default=None if sends else True)  # fmt: skip
    return div("form", fields or None, div("line", note, run), data_form=True)


def _field(t: Words, name: str, shape: Shape, *, given: Shape, needed: bool, foreign: bool) -> Markup:
    called = filling.label(name, shape, t.locale) if foreign else _name(t, name)
    return blocks.field(
        f"{called} {t('skills.needed')}" if needed else called,
        _control(name, shape, given.get(name, shape.get("default"))),
    )


def _kind(shape: Shape) -> str:
    own = shape.get("type") or next(
        (one.get("type") for one in shape.get("anyOf", ()) if one.get("type") != "null"), ""
    )
    return str(own or "")


def _control(name: str, shape: Shape, value: Any) -> Markup:
    kind = _kind(shape)
    if kind == "boolean":
        return tag("input", type="checkbox", name=name, checked=bool(value), cls="pick-box")
    if shape.get("enum"):
        offered = [tag("option", str(one), value=one, selected=one == value) for one in shape["enum"]]
        if value not in shape["enum"]:
            offered.insert(0, tag("option", "—", value="", selected=True))
        return tag("select", offered, name=name, cls="input")
    if kind in ("integer", "number"):
        return tag("input", type="number", name=name, value="" if value is None else str(value), cls="input num",
                   step="1" if kind == "integer" else "any", data_enter=True)  # fmt: skip
    if kind == "string":
        return tag(
            "input",
            type="date" if shape.get("format") == "date" else "text",
            name=name,
            value=str(value or ""),
            cls="input",
            data_enter=True,
        )
    text = "" if value is None else json.dumps(value, ensure_ascii=False)
    return tag("textarea", text, name=name, rows="2", cls="input mono")


def arguments_of(row: Shape, told: Told) -> dict[str, Any]:
    """The arguments of a filled form; fields left empty are left out. Raises ValueError(name) for what is no JSON."""
    made: dict[str, Any] = {}
    for name, shape in row["schema"].get("properties", {}).items():
        value, kind = told.get(name), _kind(shape)
        if kind == "boolean":
            made[name] = bool(value)
        elif value in (None, ""):
            continue
        elif kind in ("integer", "number"):
            made[name] = int(str(value)) if kind == "integer" else float(str(value))
        elif kind == "string":
            made[name] = str(value)
        else:
            try:
                made[name] = json.loads(str(value))
            except ValueError as error:
                raise ValueError(name) from error
    return made


def answer(t: Words, row: Shape, result: Any) -> Markup:
    """What a skill answered, as a conversation would show it; other results as a table or facts; the whole below."""
    makes = next((name for name, path in (row.get("makes") or {}).items() if not path), "")
    shown: Child = None
    if telling.known(makes):
        shown = answers.reply(t, telling.present(makes, result, t.locale))
    elif isinstance(result, list) and result and all(isinstance(one, Mapping) for one in result):
        shown = _table(t, result)
    elif isinstance(result, Mapping):
        plain = [(str(key), _plain(value)) for key, value in result.items() if not isinstance(value, list | dict)]
        shown = blocks.facts(*plain[:12]) if plain else None
    elif not isinstance(result, list):
        shown = tag("p", _plain(result))
    text = json.dumps(result, ensure_ascii=False, indent=1)
    cut = tag("p", t("skills.cut", count=t.count(len(text))), cls="muted small") if len(text) > _TEXT else None
    raw = tag("details", tag("summary", t("skills.raw")), tag("pre", text[:_TEXT], lang="zxx"), cut, cls="query")
    return div("stack", shown, raw)


def _table(t: Words, rows: Sequence[Shape]) -> Markup:
    names = [key for key, value in rows[0].items() if not isinstance(value, list | dict)][:_COLUMNS]
    body = [[_plain(row.get(name)) for name in names] for row in rows[:_ROWS]]
    more = len(rows) - len(body)
    heads = [tag("code", name, cls="bare") for name in names]
    rest = tag("p", t("talk.more", count=more), cls="muted small") if more > 0 else None
    return div("", blocks.table(heads, body), rest)


def _plain(value: Any) -> str:
    text = (
        "—"
        if value in (None, "")
        else f"{value:,}"
        if isinstance(value, int) and not isinstance(value, bool)
        else str(value)
    )
    return text if len(text) <= 160 else f"{text[:160]}…"


def _name(t: Words, key: str) -> str:
    return t(f"plans.argument.{key}") if t.has(f"plans.argument.{key}") else key


def _wrong(text: str, lines: Sequence[Markup] = ()) -> Markup:
    return div("finding bad", icon("alert", 16), div("finding-text", tag("p", text), lines), role="alert")
