"""One saved audience: its size over time, rule, versions, where it is used, and what its owner may do with it."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from nicegui import ui

from linghang.doors.studio import blocks, charts
from linghang.doors.studio.markup import Child, Markup, act, div, span, tag
from linghang.doors.studio.people.acts import REFRESH
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.words import Words

Row = Mapping[str, Any]


def _signed(change: int) -> str:
    return f"{change:+,}".replace("-", "−")


def freshness(t: Words, row: Row) -> Markup:
    """Whether the size is that of the present data."""
    if row["refresh"] == "live":
        return blocks.pill(t("saved.live"), "info")
    if row["refresh"] == "once":
        return blocks.pill(t("saved.fixed"), "quiet")
    return blocks.pill(t("saved.behind"), "warn") if row["behind"] else blocks.pill(t("saved.fresh"), "ok")


class One:
    """A saved audience with all that is known of it."""

    def __init__(self, stage: Stage, id: str) -> None:
        self.stage, self.t, self.id = stage, stage.t, id
        self.row: Row = {}

    async def build(self) -> None:
        """Show it."""
        stage = self.stage
        for name in ("refresh", "ask_change", "change", "archive", "ask_delete", "delete"):
            stage.on(name, getattr(self, f"_{name}"))
        for key in ("head", "keys", "made", "rule", "line", "below"):
            stage.box(key, "lh-box")
        stage.show("head", blocks.loading(self.t))
        ui.timer(0.05, self._fill, once=True)

    async def _fill(self) -> None:
        row = await self.stage.attempt(self.stage.session.call("audience.show", audience=self.id))
        if row is None:
            empty = blocks.empty("audiences", self.t("saved.gone"), self.t("saved.gone_text"))
            self.stage.show("head", tag("section", empty, cls="panel"))
            return
        self._show(row)

    def _show(self, row: Row) -> None:
        t = self.t
        self.row = row
        acts: list[Child] = [blocks.link_button(t("saved.play"), f"/audiences?id={row['id']}", symbol="sliders")]
        acts.append(blocks.button(t("saved.refresh"), act("refresh"), symbol="refresh", data_key="r"))
        use = f"/?say={quote(t('audiences.sentence', name=row['name']))}"
        acts.append(blocks.link_button(t("audiences.use"), use, kind="primary", symbol="campaigns"))
        pills = div(
            "line tight", freshness(t, row), blocks.pill(t("saved.archived"), "quiet") if row["archived"] else None
        )
        title = div("", div("line", tag("h1", row["name"]), pills), tag("p", row["note"] or row["words"], cls="lede"))
        self.stage.show("head", div("page-head", title, div("line", acts)))
        before = row["sizes"][-2]["count"] if len(row["sizes"]) > 1 else None
        moved = row["count"] - (before or 0)
        change = (
            "" if before is None else t("saved.same") if not moved else t("saved.since_last", change=_signed(moved))
        )
        keys = [
            blocks.key_number(t.count(row["count"]), t("audiences.people"), change),
            blocks.key_number(
                t.instant(row["as_of"]), t("saved.as_of"), t("saved.data_at", at=t.instant(row["data"]["newest_event"]))
            ),
            blocks.key_number(t(f"audiences.refresh_{row['refresh']}"), t("audiences.refresh")),
            blocks.key_number(str(row["owner"]), t("saved.owner"), t("saved.version", version=row["version"])),
            blocks.key_number(t.count(len(row["used"])), t("saved.uses")),
        ]
        self.stage.show("keys", tag("section", div("card-body", div("keys", keys)), cls="panel"))
        self.stage.show("made", *self._made(row))
        findings = [blocks.finding_line(t, item) for item in row["findings"]]
        parts = [div("rule-part", span("", words)) for words in row["parts"]]
        rule = div("stack", div("rule-parts", parts), findings) if row["rule"] is not None else tag("p", row["words"])
        self.stage.show("rule", blocks.card(t("saved.rule"), rule))
        self._draw(row)
        self.stage.show("below", self._uses(row), self._versions(row), self._danger(row))

    def _made(self, row: Row) -> list[Markup]:
        """What became of every line of a list, or how well a lookalike was measured."""
        t, made = self.t, row["made"]
        if row["source"] == "upload":
            names = ("given", "members", "duplicates", "strangers", "blank", "gone")
            keys = [blocks.key_number(t.count(made[name]), t(f"saved.list_{name}")) for name in names]
            strange = (
                t("saved.strangers", examples=t.listed([str(one) for one in made["examples"]]))
                if made["examples"]
                else ""
            )
            return [
                blocks.card(
                    t("saved.list"), div("keys", keys), tag("p", strange, cls="muted small") if strange else None
                )
            ]
        if row["source"] == "lookalike":
            lift = t("audiences.lift_between", low=f"{made['low']:.1f}", high=f"{made['high']:.1f}")
            keys = [
                blocks.key_number(f"{made['lift']:.1f}×", t("audiences.lift"), lift, meaning=t("audiences.lift_means")),
                blocks.key_number(f"{t.count(made['found'])} / {t.count(made['held'])}", t("audiences.held")),
                blocks.key_number(f"{made['auc']:.3f}", "AUC"),
            ]
            return [blocks.card(t("saved.lookalike"), div("keys", keys))]
        return [Markup("")]

    def _draw(self, row: Row) -> None:
        t = self.t
        sizes: Sequence[Row] = row["sizes"]
        if len(sizes) < 2:
            self.stage.show("line", blocks.card(t("saved.history"), tag("p", t("saved.no_history"), cls="muted")))
            return
        with self.stage.refill("line"), ui.element("section").classes("panel"):
            ui.html(div("card-head", tag("h2", t("saved.history"))), sanitize=False).classes("lh-html")
            with ui.element("div").classes("card-body"):
                option = charts.lines(
                    self.stage.session.theme,
                    [t.instant(one["at"]) for one in sizes],
                    [(t("audiences.people"), [one["count"] for one in sizes])],
                )
                charts.draw(option, height=220, label=t("saved.history"))

    def _uses(self, row: Row) -> Markup:
        t = self.t
        if not row["used"]:
            return blocks.listing(t("saved.uses"), blocks.empty_line("link", t("saved.unused"), t("saved.unused_text")))
        lines = [
            blocks.row(
                one["name"],
                t(f"saved.use_{one['kind']}"),
                href=f"/campaigns/{one['id']}#audience"
                if one["kind"] == "campaign"
                else f"/audiences/saved/{one['id']}",
            )
            for one in row["used"]
        ]
        return blocks.listing(t("saved.uses"), blocks.rows(*lines), count=len(lines))

    def _versions(self, row: Row) -> Markup:
        t = self.t
        heads = [
            t("saved.head_version"),
            t("saved.head_at"),
            t("saved.head_who"),
            t("saved.head_act"),
            t("saved.head_rule"),
        ]
        rows = [
            [
                str(one["version"]),
                t.instant(one["at"]),
                one["actor"],
                t(f"saved.cause_{one['cause']}"),
                one["words"] or "—",
            ]
            for one in reversed(row["versions"])
        ]
        return blocks.card(t("saved.versions"), blocks.table(heads, rows))

    def _danger(self, row: Row) -> Markup:
        t = self.t
        if not row["mine"]:
            return tag("p", t("saved.not_mine", owner=row["owner"]), cls="muted small")
        put_away = blocks.button(t("saved.bring_back" if row["archived"] else "saved.archive"), act("archive"))
        edit = blocks.button(t("saved.edit"), act("ask_change"), symbol="edit")
        return div("line", edit, put_away, blocks.button(t("saved.delete"), act("ask_delete"), kind="danger"))

    async def _refresh(self, _told: Told) -> None:
        row = await self.stage.attempt(self.stage.session.call("audience.refresh", audience=self.id))
        if row is not None:
            self._show(row)
            self.stage.toast(self.t("saved.was_refreshed", count=self.t.count(row["count"])))

    def _ask_change(self, _told: Told) -> None:
        t, row = self.t, self.row
        often = [
            tag("option", t(f"audiences.refresh_{one}"), value=one, selected=one == row["refresh"]) for one in REFRESH
        ]
        refresh = tag("select", often, name="refresh", cls="input") if row["rule"] is not None else None
        foot = div(
            "dialog-foot",
            blocks.button(t("cancel"), data_close=True),
            blocks.button(t("saved.save"), act("change"), kind="primary", data_default=True),
        )
        body = div(
            "form",
            blocks.field(
                t("audiences.name"),
                tag("input", name="name", cls="input", value=row["name"], maxlength="60", data_enter=True),
            ),
            blocks.field(t("audiences.refresh"), refresh, t("audiences.refresh_note")) if refresh else None,
            blocks.field(t("audiences.note"), tag("textarea", row["note"], name="note", cls="input", rows="2")),
            blocks.field(
                t("saved.owner"), tag("input", name="owner", cls="input", value=row["owner"]), t("saved.owner_note")
            ),
            foot,
            data_form=True,
        )
        self.stage.dialog(t("saved.edit"), body)

    async def _change(self, told: Told) -> None:
        row = self.row
        wanted = {
            key: told[key] for key in ("name", "refresh", "note", "owner") if key in told and told[key] != row[key]
        }
        done = await self.stage.attempt(
            self.stage.session.call("audience.change", audience=self.id, version=row["version"], **wanted)
        )
        if done is not None:
            self.stage.close()
            self._show(done)

    async def _archive(self, _told: Told) -> None:
        row = await self.stage.attempt(
            self.stage.session.call("audience.archive", audience=self.id, back=bool(self.row["archived"]))
        )
        if row is not None:
            self._show(row)
            self.stage.toast(self.t("saved.was_archived" if row["archived"] else "saved.was_brought_back"))

    def _ask_delete(self, _told: Told) -> None:
        t, row = self.t, self.row
        text = t("saved.delete_text", name=row["name"], count=t.count(row["count"]), versions=row["version"])
        self.stage.confirm(t("saved.delete_title"), text, act("delete"), t("saved.delete"), danger=True)

    async def _delete(self, _told: Told) -> None:
        done = await self.stage.attempt(self.stage.session.call("audience.delete", audience=self.id))
        if done is not None:
            self.stage.go("/audiences/saved")
