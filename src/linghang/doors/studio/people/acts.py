"""What can be done with the audience on the page: pick conditions, save, use in a campaign, sample, ask why."""

import json
import re
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from linghang.doors.studio import blocks
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Markup, act, div, span, tag
from linghang.doors.studio.people import told as tell
from linghang.doors.studio.people import tree
from linghang.doors.studio.people.works import Works
from linghang.doors.studio.shell import page_head
from linghang.doors.studio.stage import Stage, Told

REFRESH = ("daily", "live", "hourly", "weekly", "once")
_NAME_LENGTH = 30
_QUOTES = re.compile(r"[「」『』“”\"‘’《》〔〕()（）\[\]【】\n\r\t]")


class Page(Protocol):
    """What these acts need of the audience page."""

    saved: Mapping[str, Any] | None
    fields: dict[str, Mapping[str, Any]]
    names: dict[str, str]
    words: list[str]
    count: int | None

    @property
    def rule(self) -> tree.Rule:
        """The rule that is shown."""
        ...

    async def to(self, rule: tree.Rule) -> None:
        """Show another rule."""
        ...


class Acts:
    """The dialogs of the page; what takes its time is in ``works``."""

    def __init__(self, stage: Stage, page: Page) -> None:
        self.stage, self.t, self.page = stage, stage.t, page
        for name in ("ask_save", "save", "keep", "use", "sample", "ask_why", "why"):
            stage.on(name, getattr(self, f"_{name}"))
        self.works = Works(stage, page, self.meant, self.own_name)

    # -- head and buttons ----------------------------------------------------------------------------------------

    @property
    def edited(self) -> bool:
        """Whether the rule is another than that of the audience that was opened."""
        saved = self.page.saved
        if saved is None:
            return True
        own = saved["rule"] or {"audience": saved["id"]}
        return tree.rooted(own) != self.page.rule

    def head(self) -> Markup:
        """The title: what is being made, or the saved audience that is open."""
        t, saved = self.t, self.page.saved
        if saved is None:
            return page_head(t("audiences.title"), t("audiences.lede"))
        state = blocks.pill(t("audiences.edited"), "warn") if self.edited else blocks.pill(t("audiences.saved"), "ok")
        owner = t("audiences.owned", owner=saved["owner"], version=saved["version"])
        link = tag("a", owner, href=f"/audiences/saved/{saved['id']}", cls="link")
        return page_head(str(saved["name"]), "", div("line", state, link))

    def buttons(self) -> Markup:
        """What is done with the audience: use it first."""
        t = self.t
        more = [
            blocks.button(t("audiences.find_like"), act("ask_like"), kind="quiet", small=True, symbol="audiences"),
            blocks.button(t("audiences.part"), act("ask_layers"), kind="quiet", small=True, symbol="layers"),
            blocks.button(t("audiences.take_away"), act("ask_export"), kind="quiet", small=True, symbol="download"),
        ]
        save = blocks.button(t("audiences.save"), act("ask_save"), symbol="pin", data_key="s")
        use = blocks.button(t("audiences.use"), act("use"), kind="primary", symbol="campaigns")
        return div("size-acts", div("line", use, save), div("line tight", more))

    def sample_button(self) -> Markup:
        """Look at some of them."""
        return blocks.button(self.t("audiences.sample"), act("sample"), kind="quiet", small=True, symbol="eye")

    def why_button(self) -> Markup:
        """Ask about one customer."""
        return blocks.button(self.t("audiences.why"), act("ask_why"), kind="quiet", small=True, symbol="search")

    # -- conditions ----------------------------------------------------------------------------------------------

    def pick(self, path: str) -> None:
        """Choose a field, an event or a saved audience; typing filters the list."""
        t = self.t
        groups: dict[str, list[Markup]] = {}
        shown: set[tuple[str, str]] = set()
        for id, name in self.page.names.items():
            groups.setdefault(t("audiences.saved_many"), []).append(
                self._option(name, t("audiences.saved_one"), act("add", name="", audience=id, path=path), name)
            )
        for name, field in self.page.fields.items():
            where = {"event": "behaviour", "holding": "holdings", "policy": "policy"}.get(
                str(field["source"]), "attributes"
            )
            label = self._label(name)
            if (where, label) in shown:
                # Two names of one thing: an event, and how often it happened.
                continue
            shown.add((where, label))
            groups.setdefault(t(f"audiences.of_{where}"), []).append(
                self._option(label, "", act("add", name=name, path=path), f"{label} {name}")
            )
        search = tag(
            "input",
            cls="input",
            type="search",
            placeholder=t("audiences.search_field"),
            autofocus=True,
            aria_label=t("audiences.search_field"),
            data_filter=".field-list .field-option",
        )
        lists = [div("field-group", tag("h3", name), div("field-options", options)) for name, options in groups.items()]
        self.stage.dialog(t("audiences.add"), div("stack", search, div("field-list", lists)))

    def _label(self, name: str) -> str:
        field = self.page.fields[name]
        label = str(field["label"])
        if field["window"] and not field["counted"]:
            return self.t("audiences.amount_of" if field["kind"] == "money" else "audiences.days_since", what=label)
        return label

    def _option(self, label: str, note: str, do: Mapping[str, str], find: str) -> Markup:
        return tag(
            "button", span("", label), cls="field-option", type="button", data_find=find, title=note or None, **do
        )

    # -- saving and using ----------------------------------------------------------------------------------------

    def _ask_save(self, _told: Told) -> None:
        t, saved = self.t, self.page.saved
        mine = saved is not None and saved["mine"] and saved["rule"] is not None
        name = tag(
            "input", name="name", cls="input", value=self._proposed(), maxlength="60", data_enter=True, autofocus=True
        )
        often = [tag("option", t(f"audiences.refresh_{one}"), value=one) for one in REFRESH]
        refresh = tag("select", often, name="refresh", cls="input")
        note = tag("textarea", name="note", cls="input", rows="2")
        foot = div(
            "dialog-foot",
            blocks.button(t("cancel"), data_close=True),
            blocks.button(t("audiences.keep_changes", name=saved["name"]), act("keep"))
            if mine and self.edited and saved
            else None,
            blocks.button(t("audiences.save_new"), act("save"), kind="primary", data_default=True),
        )
        body = div(
            "form",
            blocks.field(t("audiences.name"), name),
            blocks.field(t("audiences.refresh"), refresh, t("audiences.refresh_note")),
            blocks.field(t("audiences.note"), note),
            foot,
            data_form=True,
        )
        self.stage.dialog(t("audiences.save_title"), body)

    def _proposed(self) -> str:
        """A name of the rule's own words that nobody has yet: as many of its conditions as a name can hold."""
        stem = ""
        for words in (_QUOTES.sub("", part) for part in self.page.words):
            joined = f"{stem} · {words}" if stem else words
            if stem and len(joined) > _NAME_LENGTH:
                break
            stem = joined[:_NAME_LENGTH].strip()
        stem = stem or self.t("audiences.title")
        taken, name, number = set(self.page.names.values()), stem, 2
        while name in taken:
            name, number = f"{stem} {number}", number + 1
        return name

    async def _save(self, told: Told) -> None:
        made = await self._saved(str(told["name"]), refresh=str(told["refresh"]), note=str(told.get("note", "")))
        if made is not None:
            self.stage.close()
            self.stage.toast(self.t("audiences.was_saved", name=made["name"], count=self.t.count(made["count"])))

    async def _saved(self, name: str, **more: Any) -> Mapping[str, Any] | None:
        call = self.stage.session.call("audience.save", name=name, rule=self.page.rule, **more)
        made = await self.stage.attempt(call)
        if made is not None:
            self._opened(made)
        return made

    def _opened(self, made: Mapping[str, Any]) -> None:
        self.page.saved = made
        self.page.names[str(made["id"])] = str(made["name"])
        self.stage.show("head", self.head())
        self.stage.run(f"history.replaceState(null,'',{json.dumps('/audiences?' + urlencode({'id': made['id']}))})")

    async def _keep(self, _told: Told) -> None:
        saved = self.page.saved
        if saved is None:
            return
        call = self.stage.session.call(
            "audience.change", audience=saved["id"], rule=self.page.rule, version=saved["version"]
        )
        made = await self.stage.attempt(call)
        if made is not None:
            self.stage.close()
            self._opened(made)
            self.stage.toast(self.t("audiences.was_kept", name=made["name"], version=made["version"]))

    async def _use(self, _told: Told) -> None:
        """Begin a campaign with this audience: under its name, which it gets now where it has none."""
        saved = self.page.saved
        if saved is None or self.edited:
            saved = await self._saved(self._proposed(), refresh="live")
        if saved is not None:
            self.stage.go(f"/?say={quote(self.t('audiences.sentence', name=saved['name']))}")

    # -- looking closer ------------------------------------------------------------------------------------------

    async def _sample(self, _told: Told) -> None:
        found = await self.stage.attempt(self.stage.session.call("audience.sample", rule=self.page.rule, most=12))
        if found is not None:
            self.stage.dialog(
                self.t("audiences.sample_title", count=self.t.count(found["count"])),
                tell.sample(self.t, found),
                cls="wide",
            )

    def _ask_why(self, _told: Told) -> None:
        t = self.t
        box = tag(
            "input",
            name="customer",
            cls="input",
            placeholder=t("audiences.customer_id"),
            data_enter=True,
            autofocus=True,
            aria_label=t("audiences.customer_id"),
        )
        go = blocks.button(t("audiences.why_ask"), act("why"), kind="primary", data_default=True)
        self.stage.dialog(
            t("audiences.why_title"),
            div("form", div("line grow-first", box, go), div("", id="why-told"), data_form=True),
        )

    async def _why(self, told: Told) -> None:
        customer = str(told.get("customer", "")).strip()
        if not customer:
            return
        t = self.t
        found = await self.stage.attempt(
            self.stage.session.call("audience.why", customer=customer, rule=self.page.rule)
        )
        if found is None:
            return
        rows = [self._holds(one["words"], one["holds"]) for one in found["conditions"]]
        rows += [self._holds(reason, False) for reason in found["reasons"]]
        channels = [
            self._holds(found["labels"].get(name, name), not why, t.listed(list(why)))
            for name, why in found["channels"].items()
        ]
        inside = t("audiences.inside" if found["inside"] else "audiences.outside", customer=found["customer"])
        body = div(
            "stack",
            tag("p", tag("b", inside)),
            div("why-list", rows),
            tag("h3", t("audiences.channels_of_one")),
            div("why-list", channels),
        )
        self.stage.dialog(t("audiences.why_title"), body)

    def _holds(self, words: str, holds: bool, note: str = "") -> Markup:
        mark = icon("check" if holds else "close", 16)
        said = self.t("rule.yes" if holds else "rule.no")
        return div(
            f"why-row {'ok' if holds else 'bad'}",
            mark,
            span("visually-hidden", said),
            span("grow", words),
            span("muted small", note),
        )

    def own_name(self) -> str:
        """What the audience is called, or would be."""
        saved = self.page.saved
        return str(saved["name"]) if saved is not None and not self.edited else self._proposed()

    def meant(self) -> dict[str, Any]:
        """The arguments that say which audience it is: by its name where it is the saved one."""
        if self.page.saved is not None and not self.edited:
            return {"audience": self.page.saved["id"]}
        return {"rule": self.page.rule}
