"""The conditions of a rule as rows that can be turned: a slider through people, values to pick, a window, groups."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from linghang.doors.studio import blocks
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Markup, act, div, span, tag
from linghang.doors.studio.people.tree import NUMERIC, WINDOWS, how
from linghang.doors.studio.words import Words

Fields = Mapping[str, Mapping[str, Any]]
_MOST_PILLS = 12


class Tree:
    """Draws a rule. ``fields`` are the catalogue's by name, ``saved`` the names of saved audiences by id."""

    def __init__(self, t: Words, fields: Fields, saved: Mapping[str, str]) -> None:
        self.t, self.fields, self.saved = t, fields, saved

    def draw(self, rule: Mapping[str, Any], words: Sequence[str], mark: int) -> Markup:
        """The conditions of the root, one under the other.

        ``words`` say each; ``mark`` makes every drawing a new one, whatever a hand has turned since.
        """
        t = self.t
        rows = [
            self._part(part, str(place), words[place] if place < len(words) else "")
            for place, part in enumerate(rule["all"])
        ]
        between: list[Markup] = []
        for place, row in enumerate(rows):
            if place:
                between.append(span("cond-and", t("audiences.and")))
            between.append(row)
        return div("conds", between, data_mark=mark)

    def _part(self, part: Mapping[str, Any], path: str, words: str) -> Markup:
        name = how(part)
        if name == "not":
            return self._part_of_not(part["not"], path, words)
        if name:
            return self._group(part, path, name, excluded=False, at=path)
        return self._row(part, path, words, excluded=bool(part.get("negated")), at=path)

    def _part_of_not(self, inner: Mapping[str, Any], path: str, words: str) -> Markup:
        name = how(inner)
        if name in ("all", "any"):
            return self._group(inner, path, name, excluded=True, at=f"{path}.not")
        return self._row(inner, path, words, excluded=True, at=f"{path}.not")

    def _group(self, part: Mapping[str, Any], path: str, name: str, *, excluded: bool, at: str) -> Markup:
        t = self.t
        rows: list[Markup] = []
        for place, inner in enumerate(part[name]):
            if place:
                rows.append(span("cond-and", t("audiences.and" if name == "all" else "audiences.or")))
            rows.append(self._part(inner, f"{at}.{place}", ""))
        head = div(
            "cond-head",
            span("cond-name", t("audiences.group_out" if excluded else "audiences.group_in")),
            self._pick(
                [("any", t("audiences.any")), ("all", t("audiences.all"))],
                name,
                t("audiences.group_how"),
                act("swap", path=at),
            ),
            div("cond-acts", self._exclude(path, excluded), self._remove(path)),
        )
        more = tag(
            "button", icon("plus", 14), t("audiences.add_here"), cls="cond-more", type="button", **act("pick", path=at)
        )
        return div("cond group", head, div("conds inner", rows), more)

    def _row(self, part: Mapping[str, Any], path: str, words: str, *, excluded: bool, at: str) -> Markup:
        t = self.t
        truth = self._kind(part) == "bool"
        more = tag(
            "button",
            t("audiences.or_else"),
            cls="cond-act",
            type="button",
            title=t("audiences.or_else_note"),
            **act("group", path=path),
        )
        head = div(
            "cond-head",
            span("cond-name", self.name(part), title=words or None),
            span("pill warn", t("audiences.excluded_pill")) if excluded and not truth else None,
            div("cond-acts", more, None if truth else self._exclude(path, excluded), self._remove(path)),
        )
        control = self._control(part, at)
        said = div("cond-words muted small", words) if words and control is None else None
        return div("cond", head, control or said, data_item=True, tabindex="-1")

    def _exclude(self, path: str, excluded: bool) -> Markup:
        name = self.t("audiences.include" if excluded else "audiences.exclude")
        return tag("button", name, cls="cond-act", type="button", **act("turn", path=path))

    def _remove(self, path: str) -> Markup:
        return blocks.icon_button("close", self.t("audiences.remove"), act("drop", path=path), size=14)

    def name(self, part: Mapping[str, Any]) -> str:
        """What a condition is about."""
        t = self.t
        if "audience" in part:
            return t("audiences.saved_one")
        if "first" in part:
            return t(
                "audiences.succession",
                first=self._event(part["first"]),
                then=self._event(part["then"]),
                how=t("audiences.but_not" if part.get("absent") else "audiences.and_then"),
            )
        if "by" in part:
            return t("audiences.ranked", by=self.label(str(part["by"])))
        if "sample_pct" in part:
            return t("audiences.sampled")
        if "event" in part:
            return t(f"audiences.measure_{part['measure']}", what=self.label(str(part["event"])))
        return self.label(str(part["field"]))

    def label(self, name: str) -> str:
        """The name of a field; of an event's amount or days what is measured too."""
        field = self.fields.get(name)
        if field is None:
            return name
        label = str(field["label"])
        if field["window"] and not field["counted"]:
            return self.t("audiences.amount_of" if field["kind"] == "money" else "audiences.days_since", what=label)
        return label

    def _event(self, act_: Mapping[str, Any]) -> str:
        return self.label(str(act_["event"]))

    def _kind(self, part: Mapping[str, Any]) -> str:
        field = self.fields.get(str(part.get("field", "")))
        if field is None or field["counted"]:
            return ""
        return str(field["kind"])

    def _control(self, part: Mapping[str, Any], at: str) -> Markup | None:
        t = self.t
        if "audience" in part:
            options = [(id, name) for id, name in self.saved.items()]
            return div(
                "cond-line", self._pick(options, str(part["audience"]), t("audiences.saved_one"), self._do(at, "saved"))
            )
        if "by" in part or "sample_pct" in part:
            return self._share(part, at)
        if "first" in part:
            return self._successive(part, at)
        if "event" in part:
            unit = {"sum": t("audiences.yuan"), "avg": t("audiences.yuan"), "count": t("audiences.times")}.get(
                str(part["measure"]), t("audiences.days")
            )
            amounts = self._amount(part, at, [], unit) if not isinstance(part["value"], list) else None
            return div("cond-lines", self._window(part, at), amounts, self._where(part))
        field = self.fields.get(str(part["field"]))
        return None if field is None else self._field(part, at, field)

    def _field(self, part: Mapping[str, Any], at: str, field: Mapping[str, Any]) -> Markup | None:
        kind = str(field["kind"])
        if field["window"]:
            return self._done(part, at, field)
        if field["source"] == "holding" and field["counted"]:
            return self._values(part, at, field)
        if kind == "bool":
            return self._truth(part, at)
        if kind in NUMERIC:
            return self._numeric(part, at, field)
        if kind == "ordinal" and part["op"] in ("ge", "gt", "le", "lt", "between"):
            return self._rank(part, at, field)
        if field["choices"]:
            ordered = self._rank_op(part, at) if kind == "ordinal" else None
            values = self._values(part, at, field)
            return div("cond-lines", ordered, values) if ordered else values
        text = tag(
            "input",
            cls="input",
            value=self._listed(part.get("value"), field),
            data_debounce="350",
            aria_label=self.label(str(part["field"])),
            **self._do(at, "text"),
        )
        return div("cond-line", text)

    def _done(self, part: Mapping[str, Any], at: str, field: Mapping[str, Any]) -> Markup:
        """Behaviour: when, how often or how much, and to what."""
        lines = [self._window(part, at)]
        unit = self.t("audiences.times") if field["counted"] else str(field["unit"])
        if part["op"] != "exists" and isinstance(part.get("value"), int | float):
            lines.append(self._amount(part, at, [], unit))
        if part["op"] == "exists" and field["choices"]:
            lines.append(self._values(part, at, field))
        elif isinstance(part.get("value"), list | str):
            lines.append(div("cond-line", span("muted small", self._listed(part["value"], field))))
        return div("cond-lines", lines)

    def _numeric(self, part: Mapping[str, Any], at: str, field: Mapping[str, Any]) -> Markup:
        stops: Sequence[Any] = field["stops"]
        ops = [(name, self.t(f"audiences.op_{name}")) for name in ("ge", "le", "between", "exists")]
        known = {"gt": "ge", "lt": "le", "eq": "eq"}
        now = str(part["op"])
        if now in ("gt", "lt", "eq"):
            ops.insert(0, (now, self.t(f"audiences.op_{now}")))
        pick = self._pick(
            ops, now if now in dict(ops) else known.get(now, "ge"), self.t("audiences.op"), self._do(at, "op")
        )
        value = part.get("value")
        if now == "between" and isinstance(value, list):
            low, high = value
            return div(
                "cond-lines",
                self._slide(at, "low", low, stops, str(field["unit"]), before=pick),
                self._slide(at, "high", high, stops, str(field["unit"]), before=span("cond-gap")),
            )
        if now == "exists" or isinstance(value, list | None):
            return div("cond-line", pick, span("muted small", self._listed(value, field)) if value else None)
        return div("cond-lines", self._slide(at, "value", value, stops, str(field["unit"]), before=pick))

    def _amount(self, part: Mapping[str, Any], at: str, stops: Sequence[Any], unit: str) -> Markup:
        now = str(part["op"])
        ops = [(name, self.t(f"audiences.op_{name}")) for name in dict.fromkeys((now, "ge", "le", "eq"))]
        pick = self._pick(ops, now, self.t("audiences.op"), self._do(at, "op"))
        return self._slide(at, "value", part.get("value"), stops, unit, before=pick)

    def _slide(
        self, at: str, what: str, value: Any, stops: Sequence[Any], unit: str, *, before: Markup | None = None
    ) -> Markup:
        """A slider through round values, and the number itself, each setting the other."""
        mark = f"n-{at.replace('.', '-')}-{what}"
        label = self.t(f"audiences.bound_{what}")
        box = tag(
            "input",
            type="number",
            cls="input cond-number num",
            value=_plain(value),
            step="any",
            id=mark,
            data_debounce="300",
            data_slider=f"#{mark}-s",
            aria_label=label,
            **self._do(at, what),
        )
        slider = None
        if len(stops) > 1:
            place = sum(1 for stop in stops if stop < value)
            slider = tag(
                "input",
                type="range",
                min="0",
                max=str(len(stops) - 1),
                step="1",
                id=f"{mark}-s",
                value=str(min(place, len(stops) - 1)),
                data_stops=json.dumps(list(stops)),
                data_out=f"#{mark}",
                data_debounce="60",
                aria_label=label,
                **self._do(at, what),
            )
        return div("cond-line", before, slider, div("cond-unit", box, span("muted small", unit)))

    def _window(self, part: Mapping[str, Any], at: str) -> Markup:
        t, days = self.t, part.get("window_days")
        if days is not None:
            before = span("cond-gap small muted", t("audiences.within"))
            return self._slide(at, "days", days, WINDOWS, t("audiences.days"), before=before)
        if part.get("start") or part.get("end"):
            period = " – ".join(str(part.get(key) or "…") for key in ("start", "end"))
            return div("cond-line", span("muted small", period))
        bound = tag(
            "button",
            t("audiences.bound_time"),
            cls="cond-act",
            type="button",
            **act("set", path=at, what="days", value=30),
        )
        return div("cond-line", span("muted small", t("audiences.ever")), bound)

    def _successive(self, part: Mapping[str, Any], at: str) -> Markup:
        t = self.t
        within = self._slide(
            at,
            "within",
            part["within_days"],
            WINDOWS,
            t("audiences.days"),
            before=span("cond-gap small muted", t("audiences.follows")),
        )
        return div("cond-lines", self._window(part, at) if part.get("window_days") else None, within)

    def _share(self, part: Mapping[str, Any], at: str) -> Markup:
        if "top" in part:
            return self._slide(at, "size", part["top"], [], self.t("audiences.people"))
        value = part.get("percent") if "by" in part else part["sample_pct"]
        stops = [1, 2, 5, 10, 15, 20, 25, 30, 40, 50, 60, 70, 80, 90, 100]
        return self._slide(at, "size", value, stops, "%")

    def _truth(self, part: Mapping[str, Any], at: str) -> Markup:
        t = self.t
        negative = bool(part.get("negated")) or part.get("value") in (False, "false")
        pick = [("yes", t("rule.yes")), ("no", t("rule.no"))]
        buttons = [
            tag(
                "button",
                name,
                cls="seg on" if (key == "no") is negative else "seg",
                type="button",
                aria_pressed="true" if (key == "no") is negative else "false",
                **act("set", path=at, what="truth", value=key),
            )
            for key, name in pick
        ]
        return div("cond-line", div("segs", buttons))

    def _values(self, part: Mapping[str, Any], at: str, field: Mapping[str, Any]) -> Markup:
        """Values to pick: as pills where they are few, in a list that opens where they are many."""
        t = self.t
        held = part.get("value")
        have = {str(one) for one in (held if isinstance(held, list) else [] if held is None else [held])}
        choices = [dict(one) for one in field["choices"]]
        known = {str(one["value"]) for one in choices}
        choices += [{"value": one, "label": one} for one in sorted(have - known)]
        pills = [
            tag(
                "button",
                one["label"],
                cls="seg on" if str(one["value"]) in have else "seg",
                type="button",
                aria_pressed="true" if str(one["value"]) in have else "false",
                **act("set", path=at, what="toggle", value=str(one["value"])),
            )
            for one in choices
        ]
        if len(choices) <= _MOST_PILLS:
            return div("cond-line", div("segs many", pills))
        chosen = [pill for pill, one in zip(pills, choices, strict=True) if str(one["value"]) in have]
        rest = [pill for pill, one in zip(pills, choices, strict=True) if str(one["value"]) not in have]
        more = tag(
            "details",
            tag("summary", t("audiences.more_values", count=len(rest)), cls="small link"),
            div("segs many scroll", rest),
        )
        return div("cond-lines", div("segs many", chosen or span("muted small", t("audiences.any_value"))), more)

    def _rank_op(self, part: Mapping[str, Any], at: str) -> Markup:
        ops = [("eq", self.t("audiences.op_in")), ("ge", self.t("audiences.op_ge")), ("le", self.t("audiences.op_le"))]
        now = str(part["op"]) if part["op"] in ("ge", "le") else "eq"
        return div("cond-line", self._pick(ops, now, self.t("audiences.op"), self._do(at, "op")))

    def _rank(self, part: Mapping[str, Any], at: str, field: Mapping[str, Any]) -> Markup:
        held = part.get("value")
        now = str(held[0] if isinstance(held, list) else held)
        options = [(str(one["value"]), str(one["label"])) for one in field["choices"]]
        pick = self._pick(options, now, self.label(str(part["field"])), self._do(at, "choice"))
        return div("cond-line", self._rank_op(part, at), pick)

    def _listed(self, value: Any, field: Mapping[str, Any]) -> str:
        names = {str(one["value"]): str(one["label"]) for one in field["choices"]}
        items = value if isinstance(value, list) else [] if value is None else [value]
        return self.t.listed([names.get(str(one), str(one)) for one in items])

    def _where(self, part: Mapping[str, Any]) -> Markup | None:
        told = [f"{one['field']} {one['op']} {one['value']}" for one in part.get("where", ())]
        return div("cond-line", span("muted small", self.t.listed(told))) if told else None

    def _pick(self, options: Sequence[tuple[str, str]], now: str, label: str, do: Mapping[str, str]) -> Markup:
        items = [tag("option", text, value=key, selected=key == now) for key, text in options]
        return tag("select", items, cls="input cond-pick", aria_label=label, **do)

    def _do(self, path: str, what: str) -> dict[str, str]:
        return act("set", path=path, what=what)


def _plain(value: Any) -> str:
    """A number as a box for numbers takes it."""
    told = float(value or 0)
    return f"{told:.0f}" if told.is_integer() else f"{told:g}"
