"""Audiences in memory for the studio's tests: a few fields, conditions that each halve, audiences that can be saved."""

from collections.abc import Mapping, Sequence
from typing import Any

from linghang.base.errors import RefusedError, UnknownItemError
from linghang.base.findings import Finding, Severity

from . import document as d

Json = dict[str, Any]
BASE = 1_000_000
AT = "2026-11-23T04:00:00Z"


def _field(name: str, zh: str, en: str, kind: str, **more: Any) -> Json:
    field = {
        "name": name, "zh": zh, "en": en, "kind": kind, "source": "column", "values": [], "choices": [], "unit": "",
        "stops": [], "window": False, "counted": False, "sensitive": False, "here": True,
    }  # fmt: skip
    return field | more


def _choices(*pairs: tuple[str, str, str]) -> list[Json]:
    return [{"value": value, "zh": zh, "en": en} for value, zh, en in pairs]


FIELDS = [
    _field("age", "年龄", "Age", "integer", stops=list(range(20, 70, 5))),
    _field("aum_cny", "总资产", "Assets", "money", stops=[1000, 5000, 10_000, 50_000, 100_000, 500_000]),
    _field("gender", "性别", "Gender", "category", choices=_choices(("M", "男", "male"), ("F", "女", "female"))),
    _field(
        "page_view", "浏览页面", "View a page", "integer", source="event", window=True, counted=True,
        choices=_choices(("wealth", "理财", "wealth"), ("fund", "基金", "funds")),
    ),
    _field("kyc_done", "已实名", "Verified", "bool"),
]  # fmt: skip
BY_NAME = {field["name"]: field for field in FIELDS}


class Audiences:
    """What is saved."""

    def __init__(self) -> None:
        self.kept: dict[str, Json] = {}
        for id, zh, en, rule, refresh in (
            ("aud_1", "高净值", "Affluent", {"field": "aum_cny", "op": "ge", "value": 50_000}, "daily"),
            ("aud_2", "年轻女性", "Young women", {"all": [{"field": "age", "op": "lt", "value": 30},
                                                   {"field": "gender", "op": "eq", "value": "F"}]}, "live"),
            ("aud_3", "门店名单", "Shop list", None, "once"),
        ):  # fmt: skip
            self.kept[id] = {"id": id, "zh": zh, "en": en, "rule": rule, "refresh": refresh, "version": 1}

    def row(self, ask: Any, one: Json) -> Json:
        rule = one["rule"]
        made: Json = {
            "given": 12,
            "members": 8,
            "duplicates": 2,
            "strangers": 1,
            "blank": 1,
            "gone": 0,
            "examples": ["X1"],
        }
        words = (
            _words(ask, rule)
            if rule
            else ask.say("导入的名单：12 行，8 位客户", "an imported list: 12 lines, 8 customers")
        )
        size = _count(rule) if rule else 8
        return {
            "id": one["id"], "name": one.get("name") or ask.say(one["zh"], one["en"]), "owner": ask.say("小李", "Li"),
            "source": "rule" if rule else "upload", "words": words, "count": size, "refresh": one["refresh"],
            "as_of": AT, "behind": one["id"] == "aud_1", "due": False, "version": one["version"], "created": AT,
            "note": "", "archived": False, "made": {} if rule else made, "mine": True, "rule": rule, "findings": [],
            "parts": _parts(ask, rule) if rule else [], "snapshot": "0" * 64, "zh": words, "en": words,
            "used": [{"kind": "campaign", "id": "cmp_1", "name": ask.say("小金库活跃", "Money fund")}] if one["id"] == "aud_1" else [],
            "data": {"label": "c1", "newest_event": AT},
        }  # fmt: skip


def _conditions(rule: Mapping[str, Any]) -> list[Json]:
    return [part for inner in rule["all"] for part in _conditions(inner)] if "all" in rule else [dict(rule)]


def _share(part: Mapping[str, Any]) -> float:
    if "not" in part:
        return 1 - _share(part["not"])
    if "any" in part:
        return min(1.0, sum(_share(one) for one in part["any"]))
    stops = BY_NAME.get(part.get("field", ""), {}).get("stops") or []
    if stops and isinstance(part.get("value"), int):
        above = sum(1 for stop in stops if stop >= part["value"]) / len(stops)
        return above if part["op"] in ("ge", "gt") else 1 - above
    return 0.5


def _count(rule: Mapping[str, Any]) -> int:
    left = float(BASE)
    for part in _conditions(rule):
        left *= _share(part)
    return round(left)


def _said(ask: Any, part: Mapping[str, Any]) -> str:
    if "not" in part:
        return ask.say("不含", "not ") + _said(ask, part["not"])
    if "any" in part:
        return ask.say(" 或 ", " or ").join(_said(ask, one) for one in part["any"])
    if "all" in part:
        return ask.say("，且", ", and ").join(_parts(ask, part))
    if "audience" in part:
        return ask.say("已存人群", "saved audience")
    field = BY_NAME[part["field"]]
    signs = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "eq": "=", "in": "="}
    names = {one["value"]: ask.say(one["zh"], one["en"]) for one in field["choices"]}
    value = part.get("value")
    shown = (
        names.get(value, value) if not isinstance(value, list) else "–".join(str(names.get(one, one)) for one in value)
    )
    window = ask.say(f"近{part['window_days']}天", f" in {part['window_days']} days") if part.get("window_days") else ""
    return f"{window}{ask.say(field['zh'], field['en'])}{signs.get(part['op'], '')}{'' if shown is None else shown}"


def _parts(ask: Any, rule: Mapping[str, Any]) -> list[str]:
    return [_said(ask, part) for part in _conditions(rule)]


def _words(ask: Any, rule: Mapping[str, Any]) -> str:
    return ask.say("，且", ", and ").join(_parts(ask, rule))


SENTENCE = {"all": [{"field": "page_view", "op": "exists", "value": "wealth", "window_days": 30},
                    {"field": "aum_cny", "op": "ge", "value": 50_000}]}  # fmt: skip


def _meant(home: Any, text: str, rule: Any, audience: str = "") -> Json:
    if audience:
        return {"audience": audience}
    if rule is not None:
        return dict(rule)
    if not text.strip() or "？" in text:
        raise RefusedError("audiences.nobody_named", text=text)
    return SENTENCE


def explain(home: Any, ask: Any, text: str = "", rule: Any = None, audience: str = "") -> Json:
    meant = _meant(home, text, rule, audience)
    return {"rule": meant, "words": _words(ask, meant), "zh": "", "en": "", "parts": _parts(ask, meant), "findings": []}


def count(home: Any, ask: Any, text: str = "", rule: Any = None, audience: str = "") -> Json:
    return {
        "estimated": False,
        "count": _count(_meant(home, text, rule)),
        "base": BASE,
        "as_of": "2026-11-22",
        "findings": [],
    }


def preview(home: Any, ask: Any, text: str = "", rule: Any = None, audience: str = "", dimensions: Sequence[str] = ()) -> Json:  # fmt: skip
    meant = _meant(home, text, rule, audience)
    size, left, steps = _count(meant), BASE, [{"rule": None, "remaining": BASE, "removed": 0, "unknown": 0}]
    for part, words in zip(_conditions(meant), _parts(ask, meant), strict=True):
        after = round(left * _share(part))
        steps.append({"rule": part, "remaining": after, "removed": left - after, "unknown": 0, "words": words})
        left = after
    labels = d.LABELS[ask.locale] | {field["name"]: ask.say(field["zh"], field["en"]) for field in FIELDS}
    labels |= {f"gender={one['value']}": ask.say(one["zh"], one["en"]) for one in BY_NAME["gender"]["choices"]}
    bars = [
        {"value": value, "count": size // 2, "share": 0.5, "index": index}
        for value, index in (("M", 90.0), ("F", 120.0))
    ]
    reason = ask.say("没有营销同意", "no consent")
    return {
        "rule": meant, "words": _words(ask, meant), "base": BASE, "matched": left, "count": left, "steps": steps,
        "removed": [], "reach": {"push": left // 2, "home_popup": left},
        "channel_removed": {"push": [{"code": "x", "count": left - left // 2, "message": reason}]},
        "profile": [{"field": name, "bars": bars} for name in dimensions or ("gender",)], "labels": labels, "findings": [],
        "generation": "c1", "as_of": "2026-11-22",
    }  # fmt: skip


def fields(home: Any, ask: Any, names: Sequence[str] = ()) -> list[Json]:
    return [
        {**field, "label": ask.say(field["zh"], field["en"]), "stops": field["stops"] if names else [],
         "choices": [{"value": one["value"], "label": ask.say(one["zh"], one["en"])} for one in field["choices"]]}
        for field in FIELDS if not names or field["name"] in names
    ]  # fmt: skip


def listing(home: Any, ask: Any, archived: bool = False) -> Json:
    rows = [{**home.audiences.row(ask, one), "sizes": [9, 12, 11, 14]} for one in home.audiences.kept.values()]
    return {"audiences": rows, "archived": 0, "data": {"label": "c1", "newest_event": AT}}


def show(home: Any, ask: Any, audience: str) -> Json:
    if audience not in home.audiences.kept:
        raise UnknownItemError("audiences.unknown_audience", audience=audience, near="aud_1")
    one = home.audiences.row(ask, home.audiences.kept[audience])
    sizes = [
        {"at": f"2026-11-{day}T04:00:00Z", "count": one["count"] - 40 + day, "label": "c1", "snapshot": ""}
        for day in (20, 21, 22)
    ]
    version = {"version": 1, "name": one["name"], "rule": one["rule"], "refresh": "daily", "owner": one["owner"],
               "actor": one["owner"], "cause": "save", "at": AT, "words": one["words"]}  # fmt: skip
    return {**one, "sizes": sizes, "versions": [version]}


def save(home: Any, ask: Any, name: str, rule: Any = None, refresh: str = "daily", note: str = "") -> Json:
    id = f"aud_{len(home.audiences.kept) + 1}"
    home.audiences.kept[id] = {
        "id": id,
        "zh": name,
        "en": name,
        "name": name,
        "rule": rule,
        "refresh": refresh,
        "version": 1,
    }
    return show(home, ask, id)


def delete(home: Any, ask: Any, audience: str) -> Json:
    if audience == "aud_1":
        finding = Finding(
            "audiences.used_by_campaign", Severity.S2, audience, params={"name": "小金库活跃", "id": "cmp_1"}
        )
        raise RefusedError("audiences.in_use", (finding,), audience="高净值", count=1)
    return {"id": audience, "name": home.audiences.kept.pop(audience)["zh"], "deleted": True}


def overlap(home: Any, ask: Any, rules: Mapping[str, Any] | None = None, audiences: Sequence[str] = ()) -> Json:
    kept = home.audiences.kept
    sizes = {
        name: _count(rule) if "audience" not in rule else _size(home, rule["audience"])
        for name, rule in (rules or {}).items()
    }
    sizes |= {str(home.audiences.row(ask, kept[id])["name"]): _size(home, id) for id in audiences}
    names = list(sizes)
    shared = [[sizes[one] if one == other else min(sizes[one], sizes[other]) // 3 for other in names] for one in names]
    only = [{"names": [name], "count": sizes[name] // 2} for name in names] + [{"names": names, "count": 7}]
    return {"names": names, "shared": shared, "only": only if len(names) <= 4 else [], "base": BASE}


def _size(home: Any, id: str) -> int:
    rule = home.audiences.kept[id]["rule"]
    return _count(rule) if rule else 8


def compare(home: Any, ask: Any, one: str, other: str) -> Json:
    labels = {"gender": ask.say("性别", "Gender"), "gender=F": ask.say("女", "female")}
    return {
        "one": 10, "other": 20, "both": 5, "left": 5, "came": 15, "alike": 0.2, "names": [one, other], "labels": labels,
        "differences": [{"field": "gender", "value": "F", "one": 0.6, "other": 0.3}],
        "conditions": {"both": [], "one": [ask.say("年龄<30", "Age <30")], "other": [ask.say("性别为女", "female")]},
    }  # fmt: skip


def suggest(home: Any, ask: Any, size: int, rule: Any = None, most: int = 6) -> Json:
    wider = {"all": [{"field": "aum_cny", "op": "ge", "value": 10_000}]}
    message = ask.say("把「总资产≥50000」放宽为「总资产≥10000」", "widen “Assets ≥50000” to “Assets ≥10000”")
    return {"size": size, "suggestions": [{"code": "x", "message": message, "count": _count(wider), "rule": wider}]}


def sample(home: Any, ask: Any, rule: Any = None, most: int = 20) -> Json:
    labels = {"gender": ask.say("性别", "Gender"), "gender=F": ask.say("女", "female")}
    return {
        "count": 2,
        "customers": ["L***1#a1b2c3"],
        "masked": True,
        "fields": ["gender"],
        "rows": [["F"]],
        "labels": labels,
    }


SKILLS = {
    "audience.explain": explain, "audience.count": count, "audience.preview": preview, "audience.fields": fields,
    "audience.list": listing, "audience.show": show, "audience.save": save, "audience.delete": delete,
    "audience.overlap": overlap, "audience.compare": compare, "audience.suggest": suggest, "audience.sample": sample,
}  # fmt: skip
