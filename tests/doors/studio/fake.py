"""A home in memory for the studio's tests and for looking at it: the skills that pages call, with state that moves."""

# fmt: off

import base64
import datetime as dt
import time
from collections.abc import Callable, Mapping
from typing import Any

from linghang import compliance
from linghang.base.digest import plain
from linghang.base.errors import ForbiddenError, LinghangError, RefusedError, UnknownActorError, UnknownItemError
from linghang.base.findings import Finding, Severity

from . import audience_fake
from . import document as d

Json = dict[str, Any]
STATUS = {"draft": ("草稿", "Draft"), "in_review": ("审批中", "In review"), "approved": ("待上线", "Approved"),
          "running": ("运行中", "Running"), "paused": ("已暂停", "Paused"), "ended": ("已结束", "Ended"), "rejected": ("已驳回", "Rejected")}  # fmt: skip
NAMES = ("starter", "growing", "affluent")


class FakeHome:
    """Keeps ``HomeClient``'s promise in memory. ``pace`` is how long a section takes to be made, in seconds."""

    def __init__(self, pace: float = 0.0) -> None:
        self.pace = pace
        self.values = d.values()
        self.campaigns: dict[str, Json] = {}
        self.stock = {benefit.id: benefit.stock for benefit in d.BENEFITS}
        self.ledger: list[Json] = []
        self.claims: dict[str, Json] = {}
        self.calls: list[tuple[str, str]] = []
        self.sessions: dict[str, str] = {}
        self.refused: list[str] = []
        self.comments: list[Json] = []
        self.tokens: list[Json] = []
        self.demo = True
        self.audiences = audience_fake.Audiences()
        self.changed_assets: list[Json] = []
        self.said: dict[str, list[Json]] = {}
        self.stopped: set[str] = set()
        for name, status, budget in (
            ("小金库十一月活跃（11月9日起）", "running", 12_000_000),
            ("白条新客免息（11月2日起）", "ended", 30_000_000),
        ):
            self.add(name, status, budget)
        self.campaigns["cmp_1"]["sections"] = list(self.values)
        self.campaigns["cmp_2"]["sections"] = list(self.values)

    def call(self, skill: str, arguments: Mapping[str, Any], *, actor: str, idempotency_key: str = "",
             on_progress: Callable[[Mapping[str, Any]], None] | None = None, locale: str = "zh-CN", wait: bool = True) -> Any:  # fmt: skip
        """A skill's result."""
        actor = actor.partition("#")[0]
        self.calls.append((skill, actor))
        function = SKILLS.get(skill)
        if function is None:
            raise UnknownItemError("skill.unknown", name=skill, near="")
        return plain(function(self, _Ask(actor, locale or "zh-CN", on_progress or (lambda _line: None)), **arguments))

    def gate(self, act: str, **told: str) -> Any:
        """The gate: any demo user's name is a link and, with the password "right-password", an account."""
        if act == "refuse":
            self.refused.append(told["code"])
            return None
        if act in ("find", "end"):
            if told["cookie"] not in self.sessions:
                raise UnknownActorError("access.no_session")
            return self.visitor(told["cookie"]) if act == "find" else self.sessions.pop(told["cookie"])
        if act == "sign_in" and told["password"] != "right-password":
            raise ForbiddenError("access.bad_password")
        name = told["code"] if act == "enter" else told["name"]
        if name not in ("operator", "designer", "compliance", "approver", "analyst", "engineer", "admin"):
            raise UnknownActorError("access.bad_link")
        cookie = f"cookie{len(self.sessions)}-{name}"
        self.sessions[cookie] = name
        return {"cookie": cookie, **self.visitor(cookie)}

    def visitor(self, cookie: str) -> Json:
        name = self.sessions[cookie]
        session = {"id": f"ses_{cookie}", "user": name, "csrf": f"mark-{name}"}
        return {"session": session, "label": name.title(), "roles": [name], "demo": self.demo}

    def file(self, digest: str) -> bytes:
        """The bytes of a content digest."""
        if digest not in d.FILES:
            raise UnknownItemError("files.unknown", name=digest)
        return d.FILES[digest]

    def add(self, name: str, status: str, budget: int) -> str:
        id = f"cmp_{len(self.campaigns) + 1}"
        self.campaigns[id] = {"id": id, "name": name, "status": status, "version": 1, "budget_fen": budget, "sections": [],
                              "owner": "operator", "updated": d.NOW.isoformat(), "versions": [_version(1, "operator", "campaign.new")],
                              "goal": {}, "choice": "balanced", "pinned": {}, "package": "", "approvals": [], "played": 0}  # fmt: skip
        return id

    def of(self, id: str) -> Json:
        """A campaign's state. Raises UnknownItemError."""
        if id not in self.campaigns:
            raise UnknownItemError("campaign.unknown", campaign=id)
        return self.campaigns[id]


class _Ask:
    def __init__(self, actor: str, locale: str, report: Callable[[Mapping[str, Any]], None]) -> None:
        self.actor, self.locale, self.report = actor, locale, report

    def say(self, zh: str, en: str) -> str:
        return en if self.locale == "en" else zh


def _version(number: int, actor: str, cause: str) -> Json:
    return {"version": number, "actor": actor, "cause": cause, "at": (d.NOW + dt.timedelta(minutes=number)).isoformat()}


def _touch(state: Json, actor: str, cause: str) -> None:
    if state["status"] in ("in_review", "approved"):
        state["status"] = "draft"
    state["version"] += 1
    state["versions"].append(_version(state["version"], actor, cause))


def _show(home: FakeHome, ask: _Ask, id: str, version: int | None = None) -> Json:
    state = home.of(id)
    shapes = {name: d.section(name, home.values[name], ask.locale) for name in state["sections"]}
    if "goal" in shapes:
        shapes["goal"]["value"].update(state["goal"])
        state["budget_fen"] = shapes["goal"]["value"]["budget_fen"]
    if "choice" in shapes:
        shapes["choice"]["value"]["plan"] = state["choice"]
    for path, value in state["pinned"].items():
        name, _, rest = path.partition(".")
        shapes[name]["pinned"] = [*shapes[name]["pinned"], path]
        key = rest.partition("[")[2].partition("]")[0]
        for text in shapes[name]["value"].get("texts", []):
            if text["id"] == key:
                text["text"] = value
        if name == "copy" and "compliance" in shapes and key == "c_growing_home_banner_title":
            shapes["compliance"]["findings"] = []
            shapes["compliance"]["value"]["verdict"] = "compliant"
            for asset in shapes["compliance"]["value"]["assets"]:
                asset.update(verdict="compliant", findings=[])
    complete = len(shapes) == len(home.values)
    findings = [finding for shape in shapes.values() for finding in shape["findings"]]
    following = {"draft": "mend" if findings else "submit", "in_review": "approve", "approved": "launch", "running": "play",
                 "paused": "resume", "ended": "report"}.get(state["status"], "")  # fmt: skip
    return {
        "id": id, "name": state["name"], "version": state["version"], "status": state["status"], "owner": state["owner"],
        "status_label": STATUS[state["status"]][ask.locale == "en"], "created": d.NOW.isoformat(), "updated": state["updated"],
        "sections": shapes, "labels": d.LABELS[ask.locale], "missing": [], "missing_labels": [], "findings": findings,
        "audience_words": ask.say("近 30 天浏览过理财、未购买过理财、已实名", "viewed wealth in 30 days, never bought, verified"),
        "step_words": [ask.say(*pair) for pair in (("全部客户", "All customers"), ("近 30 天浏览过理财", "Viewed wealth in 30 days"),
                       ("没有购买过理财", "Never bought wealth"), ("已实名", "Identity verified"))],
        "next": following if complete else "",
    }  # fmt: skip


def _compile(home: FakeHome, ask: _Ask, id: str) -> None:
    state = home.of(id)
    for n, name in enumerate(home.values):
        if name in state["sections"]:
            continue
        ask.report(
            {
                "step": f"making:{name}",
                "done": n,
                "of": len(home.values),
                "note": "flow.making",
                "params": {"section": name, "campaign": id},
            }
        )
        time.sleep(home.pace)
        state["sections"] = [*state["sections"], name]
        ask.report({"step": f"section:{name}", "done": n + 1, "of": len(home.values), "note": "flow.section_done",
                    "params": {"section": name, "millis": d.MILLIS.get(name, 0), "campaign": id}})  # fmt: skip


def _new(home: FakeHome, ask: _Ask, text: str, plan: str = "balanced") -> Json:
    if "天气" in text or "weather" in text:
        raise RefusedError("reading.not_a_campaign", (Finding("reading.not_a_campaign", Severity.S1, "text"),))
    id = home.add("领航稳健 90 天首投（11月30日起）", "draft", 50_000_000)
    home.campaigns[id]["choice"] = plan
    _compile(home, ask, id)
    return _show(home, ask, id)


def _list(home: FakeHome, ask: _Ask) -> list[Json]:
    keys = ("id", "name", "status", "version", "budget_fen", "owner", "updated")
    return [
        {**{key: state[key] for key in keys}, "start": "2026-11-30", "end": "2026-12-13"}
        for state in reversed(home.campaigns.values())
    ]


def _edit(home: FakeHome, ask: _Ask, id: str, text: str = "", patch: Any = ()) -> Json:
    state = home.of(id)
    if "80万" in text:
        state["goal"]["budget_fen"] = 80_000_000
    for item in patch:
        if item["path"] == "tone":
            state["goal"]["tone"] = item["value"]
    _touch(state, ask.actor, text or "campaign.edit")
    derived = [name for name in ("plans", "benefits", "estimate", "compliance") if name in state["sections"]]
    state["sections"] = [name for name in state["sections"] if name not in derived]
    _compile(home, ask, id)
    return _show(home, ask, id)


def _choose(home: FakeHome, ask: _Ask, id: str, plan: str) -> Json:
    state = home.of(id)
    state["choice"] = plan
    _touch(state, ask.actor, "campaign.choose")
    return _show(home, ask, id)


def _pin(home: FakeHome, ask: _Ask, id: str, path: str, value: Any) -> Json:
    state = home.of(id)
    state["pinned"][path] = value
    _touch(state, ask.actor, "campaign.pin")
    return _show(home, ask, id)


def _unpin(home: FakeHome, ask: _Ask, id: str, path: str) -> Json:
    home.of(id)["pinned"].pop(path, None)
    return _show(home, ask, id)


def _undo(home: FakeHome, ask: _Ask, id: str) -> Json:
    state = home.of(id)
    state["goal"], state["pinned"] = {}, {}
    _touch(state, ask.actor, "campaign.undo")
    return _show(home, ask, id)


def _diff(home: FakeHome, ask: _Ask, id: str, before: int | None = None, after: int | None = None) -> list[Json]:
    return [
        {"section": "goal", "path": "budget_fen", "words": ask.say("预算 ¥50万 → ¥80万", "Budget ¥500,000 → ¥800,000")},
        {
            "section": "estimate",
            "path": "figures[incremental]",
            "words": ask.say("预计增量 227 → 361", "Expected increment 227 → 361"),
        },
    ]


def _entry(kind: str, actor: str, comment: str = "") -> Json:
    return {"number": 1, "kind": kind, "package": PACKAGE, "actor": actor, "at": d.NOW.isoformat(), "comment": comment, "needed": 1,
            "chain": ["approver"] if kind == "submitted" else [], "step": "approver" if kind == "approved" else "", "behalf": "", "points": [],
            "until": None, "basis": "", "makers": ["operator"]}  # fmt: skip


PACKAGE = "9f31c7e2b4" + "0" * 54


def _waiting(home: FakeHome, ask: _Ask) -> list[Json]:
    return [{"campaign_id": id, "package": PACKAGE, "submitted_by": "operator", "since": d.NOW.isoformat(), "left": ["approver"], "basis": "",
             "due": (d.NOW + dt.timedelta(hours=4)).isoformat(), "reminded": state.get("reminded", 0)}
            for id, state in home.campaigns.items() if state["status"] == "in_review"]  # fmt: skip


def _remind(home: FakeHome, ask: _Ask, id: str, note: str = "") -> Json:
    home.of(id)["reminded"] = home.of(id).get("reminded", 0) + 1
    return {}


def _comment(home: FakeHome, ask: _Ask, id: str, section: str, text: str, package: str = "", kind: str = "remark", about: str = "") -> Json:
    made = {"number": len(home.comments) + 1, "campaign_id": id, "package": package, "section": section, "kind": kind, "text": text,
            "actor": ask.actor, "at": d.NOW.isoformat(), "open": kind == "must", "about": about}  # fmt: skip
    home.comments.append(made)
    return made


def _resolve(home: FakeHome, ask: _Ask, number: int, text: str = "") -> Json:
    home.comments[number - 1]["open"] = False
    return home.comments[number - 1]


def _sessions(home: FakeHome, ask: _Ask, name: str = "") -> list[Json]:
    now = d.NOW.isoformat()
    return [{"id": f"ses_{cookie}", "user": user, "address": "127.0.0.1", "created": now, "seen": now, "expires": now}
            for cookie, user in home.sessions.items() if user == ask.actor]  # fmt: skip


def _token(home: FakeHome, ask: _Ask, scopes: list[str], days: int) -> Json:
    made = {"id": f"tok_{len(home.tokens)}", "user": ask.actor, "scopes": scopes, "created": d.NOW.isoformat(), "expires": d.NOW.isoformat(), "revoked": None}
    home.tokens.append(made)
    return {**made, "secret": "lh_secret"}


def _history(home: FakeHome, ask: _Ask, id: str) -> list[Json]:
    return home.of(id)["approvals"]


def _submit(home: FakeHome, ask: _Ask, id: str) -> Json:
    state = home.of(id)
    if _show(home, ask, id)["findings"]:
        raise RefusedError("approvals.findings_left", tuple(
            Finding(item["code"], Severity(item["severity"]), item["about"]) for item in _show(home, ask, id)["findings"]), campaign=id)  # fmt: skip
    state["status"], state["package"] = "in_review", PACKAGE
    state["approvals"] = [_entry("submitted", ask.actor)]
    return {"campaign_id": id, "package": state["package"]}


def _approve(home: FakeHome, ask: _Ask, id: str, comment: str = "", package: str = "", conditions: list[str] | None = None,
             behalf: str = "", until: str | None = None) -> Json:  # fmt: skip
    state = home.of(id)
    if ask.actor == state["owner"]:
        raise ForbiddenError("approvals.own_campaign", actor=ask.actor, campaign=id)
    state["status"] = "approved"
    state["approvals"].append({**_entry("approved", ask.actor, comment), "points": conditions or []})
    return {"campaign_id": id, "package": state["package"], "actor": ask.actor, "missing": 0}


def _reject(home: FakeHome, ask: _Ask, id: str, comment: str, reasons: list[str] | None = None) -> Json:
    state = home.of(id)
    state["status"] = "rejected"
    state["approvals"].append(_entry("rejected", ask.actor, comment))
    return {"campaign_id": id, "comment": comment, "actor": ask.actor}


def _status(to: str) -> Callable[..., Json]:
    def act(home: FakeHome, ask: _Ask, id: str, shadow: bool = False) -> Json:
        home.of(id)["status"] = to
        return {"campaign_id": id, "shadow": shadow, "planned": 59_404, "findings": []}

    return act


def _play(home: FakeHome, ask: _Ask, id: str, days: int | None = None) -> Json:
    state = home.of(id)
    days = days or 14
    for n in range(days):
        ask.report({"step": "play", "done": n + 1, "of": days, "note": "", "params": {"campaign": id}})
        time.sleep(home.pace / 2)
    state["played"] = min(14, state["played"] + days)
    state["status"] = "ended" if state["played"] >= 14 else state["status"]
    return {"campaign_id": id, "days": days, "events": 41_872, "conversions": 612}


def _report(home: FakeHome, ask: _Ask, id: str) -> Json:
    state = home.of(id)
    if state["status"] not in ("running", "ended", "paused"):
        raise RefusedError("analysis.not_launched", campaign=id)
    extra = len(home.claims)

    def row(
        name: str, zh: str, en: str, value: Any, unit: str, low: Any = None, high: Any = None, note: str = ""
    ) -> Json:
        return {
            "name": name,
            "label": ask.say(zh, en),
            "value": value,
            "unit": unit,
            "low": low,
            "high": high,
            "interval": "",
            "note": note,
        }

    return {
        "campaign_id": id, "name": state["name"], "labels": [ask.say("模拟数据", "Simulated")], "simulated": True,
        "rows": [row("lift", "增量转化率", "Lift", 0.0068, "share", 0.0041, 0.0095), row("incremental", "增量转化", "Incremental conversions", 217, "count", 131, 304),
                 row("cost", "成本", "Cost", 9_214_300, "fen"), row("iroi", "增量 ROI", "Incremental ROI", 1.58, "ratio", 0.55, 2.6),
                 row("cost_per_increment", "每个增量转化成本", "Cost per incremental conversion", 42_462, "fen", 30_310, 70_338)],
        "funnel": [{"label": ask.say(*pair), "value": value} for pair, value in (
            (("目标人群", "Audience"), 31_980), (("触达", "Reached"), 26_904), (("曝光", "Seen"), 22_310), (("点击", "Clicked"), 2_417),
            (("领取", "Claimed"), 1_306 + extra), (("转化", "Converted"), 571))],
        "arms": [{"arm": "treatment", "n": 31_980, "conversions": 571, "rate": 0.01785}, {"arm": "holdout", "n": 3_553, "conversions": 39, "rate": 0.01098}],
        "layers": [{"layer": name, "label": d.LABELS[ask.locale][name], "lift": lift, "low": low, "high": high, "treated": n, "cost_fen": cost}
                   for name, lift, low, high, n, cost in (("starter", 0.0071, 0.0038, 0.0104, 19_332, 4_102_000),
                   ("growing", 0.0059, 0.0004, 0.0114, 10_085, 3_010_000), ("affluent", 0.0083, -0.0061, 0.0227, 2_563, 2_102_300))],
        "channels": [{"channel": name, "label": d.LABELS[ask.locale][name], "reached": n, "clicked": c, "cost_fen": cost}
                     for name, n, c, cost in (("inapp_banner", 17_402, 1_011, 0), ("inapp_popup", 9_811, 1_140, 0), ("push", 14_022, 266, 112_176))],
        "daily": [{"date": (d.START + dt.timedelta(days=n)).isoformat(), "conversions": c, "claims": c * 2 + 11}
                  for n, c in enumerate((21, 34, 38, 44, 61, 66, 58, 52, 47, 40, 39, 33, 22, 16))],
        "variants": [{"variant": f"v_{layer}_{slot}", "layer": layer, "channel": "inapp_banner", "shown": n, "conversions": c} for layer, slot, n, c in (("starter", "home_banner", 9_120, 161), ("growing", "home_banner", 5_310, 106), ("affluent", "home_popup", 1_204, 38))],
        "sentence": ask.say("活动带来约 217 个增量转化（95% 区间 131–304），每个增量成本约 ¥425。", "The campaign caused about 217 conversions (95% interval 131–304) at about ¥425 each."),
        "findings": [],
    }  # fmt: skip


def _benefits(home: FakeHome, ask: _Ask) -> Json:
    english = ask.locale == "en"
    issued = len(home.claims)
    return {
        "pools": [{"id": "wealth", "name": ask.say("理财权益池", "Wealth pool"), "total_fen": 300_000_000, "held_fen": 104_430_000 + 2000 * issued, "redeemed_fen": 61_930_000, "share": 0.35, "warning": None},
                  {"id": "credit", "name": ask.say("消金权益池", "Credit pool"), "total_fen": 200_000_000, "held_fen": 183_000_000, "redeemed_fen": 171_000_000, "share": 0.915, "warning": 0.9}],
        "benefits": [{**plain(b), "name": b.label.en if english else b.label.zh, "left": home.stock[b.id], "issued": issued, "redeemed": 0} for b in d.BENEFITS],
    }


def _row(kind: str, benefit: str, face: int) -> Json:
    return {"key": "k", "grant_id": "g", "kind": kind, "package": "9f31c7e2b4" + "0" * 54, "benefit": benefit, "pool": "wealth", "face_fen": face,
            "held_fen": face, "held_pieces": 1, "redeemed_fen": face if kind == "redeem" else 0, "at": d.NOW.isoformat(), "expires": None}


def _ledger(home: FakeHome, ask: _Ask, pool: str = "", limit: int = 200) -> Json:
    rows = [*home.ledger, _row("redeem", "rp_20", 2000), _row("issue", "rp_20", 2000), _row("reserve", "rp_50", 5000)]
    return {"rows": [row for row in rows if not pool or row["pool"] == pool], "balances": []}


def _customers(home: FakeHome, ask: _Ask, campaign_id: str) -> list[Json]:
    home.of(campaign_id)
    age, assets = ask.say("年龄", "Age"), ask.say("总资产", "Assets")
    rows = [{"customer": f"{layer}-{n}", "label": f"C{7 - n}***{n}{len(layer)}", "layer": layer, "arm": "holdout" if n == 2 else "treated",
             "traits": {age: 28 + 7 * n, assets: 31_000 * (n + 1)}} for layer in NAMES for n in range(3)]
    return [*rows, {"customer": "outside-9", "label": "C9***01", "layer": "", "arm": "", "traits": {age: 61, assets: 900}}]


def _why(ask: _Ask, customer: str, slot: str) -> str:
    n = customer.partition("-")[2]
    if n == "9":
        return ask.say("客户不在活动人群内。", "The customer is not in the audience.")
    if n == "2":
        return ask.say("客户在本活动的对照组内，不展示，用来衡量增量。", "The customer is in this campaign's holdout.")
    return ask.say("该渠道的触达次数已到上限。", "The cap of this channel is reached.") if n == "1" and slot == "home_popup" else ""


def _home(home: FakeHome, ask: _Ask, customer: str, at: str = "") -> Json:
    layer = customer.partition("-")[0]
    slots: list[Json] = []
    for slot, (width, height) in d.SIZES.items():
        told: Json = {"slot": slot, "decision_id": f"dec_{customer}_{slot}", "layer": layer, "arm": "treated", "propensity": 0.93, "reasons": {}}
        why = _why(ask, customer, slot)
        if why:
            slots.append({**told, "shown": False, "why": why})
            continue
        picture = next(p for p in home.values["creatives"].pictures if p.layer == layer and p.slot == slot)
        title, sub, cta = d.SAYS[layer]
        benefit = "rp_50" if layer == "affluent" else "rp_20"
        slots.append({**told, "shown": True, "variant": f"v_{layer}_{slot}", "name": title, "campaign_id": "cmp_1", "picture": picture.file, "width": width,
                      "height": height, "alt": title, "copy": {"title": title, "subtitle": sub, "button": cta}, "page": home.values["page"].file,
                      "benefit": {"id": benefit, "label": d.LABELS[ask.locale][benefit], "face_fen": 5000 if benefit == "rp_50" else 2000}})
    return {"customer": customer, "label": customer, "at": at or d.NOW.isoformat(), "slots": slots, "left": {id: {"rp_20": home.stock["rp_20"], "rp_50": home.stock["rp_50"]} for id in home.campaigns}}


def _tap(home: FakeHome, ask: _Ask, decision_id: str) -> Json:
    return {"decision_id": decision_id, "page": home.values["page"].file, "campaign_id": "cmp_1"}


def _claim(home: FakeHome, ask: _Ask, decision_id: str) -> Json:
    benefit = "rp_50" if "affluent" in decision_id else "rp_20"
    customer = decision_id.split("_")[1]
    if customer in home.claims:
        return {"claimed": False, "code": "benefits.per_customer", "reason": ask.say("每位客户限领 1 份，这位客户已领过。", "One for each customer."), "left": home.stock[benefit]}
    home.stock[benefit] -= 1
    home.claims[customer] = {}
    home.ledger.insert(0, _row("issue", benefit, 2000))
    return {"claimed": True, "grant": "gr_1", "benefit": d.LABELS[ask.locale][benefit], "face_fen": 2000, "expires": "2026-12-14", "left": home.stock[benefit]}


def _explain(home: FakeHome, ask: _Ask, decision_id: str) -> list[Json]:
    _, customer, slot = decision_id.split("_", 2)
    why = _why(ask, customer, slot)
    if why:
        return [{"what": "", "name": "", "why": ask.say("没有展示任何活动内容。", "Nothing of any campaign is shown.")}, {"what": "9f31/v", "name": "组合 A", "why": why}]
    first = ask.say("展示「理财第一步」：客户属于起步客户、实验组，按策略选中的概率为 93.0%。", "Shows it: starters, treated; probability 93.0%.")
    other = ask.say("同一活动里另一个组合的预期价值更高。", "Another combination is expected to be worth more.")
    return [{"what": "v_a", "name": "组合 A", "why": first}, {"what": "v_b", "name": "组合 B", "why": other}]


def _insights(home: FakeHome, ask: _Ask) -> list[Json]:
    return [
        {"id": "o1", "title": ask.say("浏览过理财却没有下单的客户在增加", "More customers view wealth products without buying"), "size": 35_533, "value_fen": 41_200_000,
         "why": ask.say("近 30 天浏览人数环比 +18%，转化率持平在 1.1%", "Views +18% in 30 days, conversion flat at 1.1%"), "brief": d.TEXT},
        {"id": "o2", "title": ask.say("1.2 万张支付券 7 天内过期", "12,000 vouchers expire within 7 days"), "size": 12_004, "value_fen": 9_600_000,
         "why": ask.say("提醒可挽回约 22% 的核销", "A reminder recovers about 22%"), "brief": "提醒支付券7天内到期的客户使用，push，明天开始3天"},
        {"id": "o3", "title": ask.say("沉默 60 天的白条客户可召回", "Credit customers silent for 60 days can be won back"), "size": 8_310, "value_fen": 15_000_000,
         "why": ask.say("去年同期召回率 3.4%", "3.4% came back a year ago"), "brief": "召回60天未登录的白条客户，免息券，预算20万，短信加push，下周三开始10天"},
    ]  # fmt: skip


def _ask(home: FakeHome, ask: _Ask, question: str) -> Json:
    if "天气" in question:
        raise RefusedError("analysis.not_understood", question=question)
    rows = [
        [d.LABELS[ask.locale][name], rate, n]
        for name, rate, n in (("starter", 0.0152, 19_332), ("growing", 0.0201, 10_085), ("affluent", 0.0301, 2_563))
    ]
    return {"sentence": ask.say("富裕客户转化率最高，为 3.01%，是起步客户的 2 倍。", "Affluent customers convert best at 3.01%, twice the starters."),
            "table": {"names": ["layer", "conversion_rate", "reach"], "columns": [ask.say("分层", "Layer"), ask.say("转化率", "Conversion rate"), ask.say("人数", "Customers")], "units": ["", "share", "count"], "rows": rows},
            "chart": {"kind": "bar", "x": "layer", "series": ["conversion_rate"]}, "window": ["2026-10-24T16:00:00Z", "2026-11-22T16:00:00Z"], "campaigns": [], "query": "SELECT layer, …", "findings": []}  # fmt: skip


def _rating_rounds(home: FakeHome, ask: _Ask, most: int = 20) -> list[Json]:
    alpha = {"usable": 0.71}
    audit = {"looks": 10, "usable": 8, "share": 0.8, "low": 0.49, "high": 0.94}
    return [{"id": "rnd_1", "subject": "element", "name": "coin", "by": "designer", "at": d.NOW, "learned_from": 120, "items": 40,
             "rated": 25, "raters": ["designer"], "audit": audit, "flags": {"hue": 0.1, "shape": 0.05}, "agreement": alpha}]  # fmt: skip


def _rating_queue(home: FakeHome, ask: _Ask, round: str = "last") -> Json:
    file = next(iter(d.FILES), "")
    left = [{"candidate": f"can_{n}", "file": file, "mime": "image/webp"} for n in range(15)]
    return {"round": "rnd_1", "name": "coin", "subject": "element", "items": left[:12], "left": 15, "of": 40}


def _learned(home: FakeHome, ask: _Ask) -> Json:
    return {"rounds": 2, "ratings": 96, "raters": ["designer"], "able": True, "needed": 0, "share": 0.85, "low": 0.64, "high": 0.95,
            "looks": 20}  # fmt: skip


def _parameters(home: FakeHome, ask: _Ask, id: str, slot: str = "", layer: str = "", variant: str = "") -> Json:
    shown = plain(home.values["creatives"].pictures[0])
    moods = [{"id": "lively", "label": ask.say("热闹", "lively")}, {"id": "steady", "label": ask.say("稳健", "steady")}]
    return {
        "picture": shown,
        "parameters": [
            {"id": "coins", "label": ask.say("金币数量", "coins"), "kind": "number", "low": 0, "high": 14, "value": 8, "pinned": False},
            {"id": "mood", "label": ask.say("气质", "mood"), "kind": "choice", "options": moods, "value": "lively", "pinned": False},
        ],
        "presets": [{"id": "calm", "label": ask.say("稳健可信", "Calm trust"), "changes": {"mood": "steady"}}],
        "words": [],
    }


def _look(home: FakeHome, ask: _Ask, id: str, changes: Json = None, text: str = "", **place: str) -> Json:
    shown = home.values["creatives"].pictures[0]
    turn = {"parameter": "coins", "label": ask.say("金币数量", "coins"), "before": "8", "after": "6", "said": text}
    turned = {"coins": 6} if text else {}
    return {"turns": [turn] if text else [], "unclear": [], "changes": {**(changes or {}), **turned}, "image": base64.b64encode(d.FILES[shown.file]).decode(),
            "mime": "image/png", "width": shown.width, "height": shown.height, "findings": [], "millis": 90, "sharp": True, "values": {"coins": 6, "mood": "lively"}}  # fmt: skip


def _kit(home: FakeHome, ask: _Ask, kit: Json = None) -> Json:
    own = {"name": "领航", "sign": "领", "primary": "#D7000F", "accent": "#F3A823", "logo": "", "face": "", "mood": ""}
    file = base64.b64encode(next(iter(d.FILES.values()), b"")).decode()
    return {"kit": own | (kit or {}), "own": own, "findings": [], "history": [],
            "faces": [], "pictures": [{"slot": "home_banner", "image": file, "width": 1080, "height": 420}]}  # fmt: skip


def _knowledge(home: FakeHome, ask: _Ask, query: str, limit: int = 5) -> list[Json]:
    return [{"title": ask.say("理财产品宣传规范", "Rules for promoting wealth products"), "text": ask.say("宣传理财产品须标明风险等级，不得使用保证性表述。业绩比较基准须说明测算依据。", "Wealth promotions state the risk level and never guarantee returns."), "source": "rules/wealth.md", "score": 0.83},
            {"title": ask.say("首投玩法手册", "First purchase playbook"), "text": ask.say("首投活动以 20–50 元红包为主，门槛 1 万元起，预热 3 天、爆发 7 天、返场 4 天。", "First purchase uses ¥20–50 red packets."), "source": "playbooks/first.md", "score": 0.71}]  # fmt: skip


def _rules(home: FakeHome, ask: _Ask, words: str = "", **_: str) -> list[Json]:
    rules = [rule for rule in compliance.load_rules("CN", dt.date(2026, 11, 29)) if words in rule.says]
    return [{**compliance.rule_json(rule), "own": False} for rule in rules]


def _rule(home: FakeHome, ask: _Ask, rule: str, launch_date: str = "") -> Json:
    found = next(item for item in compliance.load_rules("CN", dt.date(2026, 11, 29)) if item.id == rule)
    cures = [{"code": code, "zh": compliance.disclosure_text(code), "en": compliance.disclosure_text(code, "en")} for code in found.disclosures]
    return {**compliance.rule_json(found), "cures": cures, "own": False}


def _checked(home: FakeHome, ask: _Ask, text: str, **told: str) -> Json:
    return {"text": text, **next(iter(compliance.check_batch([{"text": text, **told}], today=dt.date(2026, 11, 29))))}


def _calendar(home: FakeHome, ask: _Ask, start: str = "", end: str = "") -> list[Json]:
    rows = []
    for state in home.campaigns.values():
        if "placements" in state["sections"]:
            rows += [
                {**plain(p), "name": state["name"], "campaign_id": state["id"], "status": state["status"]}
                for p in home.values["placements"].placements
            ]
    return rows


def _users(home: FakeHome, ask: _Ask) -> list[Json]:
    return [{"name": name, "roles": [name], "rights": rights} for name, rights in (
        ("operator", ["campaign.edit", "campaign.launch"]), ("designer", ["creative.rate"]), ("compliance", ["campaign.review"]),
        ("approver", ["campaign.approve"]), ("analyst", ["analysis.ask"]), ("admin", ["access.edit"]))]  # fmt: skip


def _skills(home: FakeHome, ask: _Ask) -> list[Json]:
    return [
        {"name": name, "effect": "read", "permission": "campaign.read", "description": f"{name}.", "version": "1",
         "title": ask.say("一项技能", "A skill"), "about": ask.say("做一件事", "Does a thing"), "data": "aggregate", "makes": {"x": ""}, "origin": "own"}
        for name in sorted(SKILLS)
    ]


def _audit(home: FakeHome, ask: _Ask, limit: int = 50, before: int = 0, **search: str) -> list[Json]:
    return [
        {
            "number": 1,
            "at": d.NOW.isoformat(),
            "actor": actor,
            "skill": skill,
            "effect": "draft",
            "about": "cmp_1",
            "outcome": "done",
        }
        for skill, actor in home.calls[-limit:]
    ]


def _check(home: FakeHome, ask: _Ask, id: str) -> Json:
    shown = _show(home, ask, id)
    review = shown["sections"]["compliance"]["value"]
    return {"assets": len(review["assets"]), "verdict": review["verdict"], "findings": shown["findings"]}


def _again(home: FakeHome, ask: _Ask, id: str) -> Json:
    _compile(home, ask, id)
    return {"campaign": _show(home, ask, id), "steps": []}


def _clone(home: FakeHome, ask: _Ask, id: str, start: str = "") -> Json:
    copy = home.add(home.of(id)["name"] + "（副本）", "draft", home.of(id)["budget_fen"])
    _compile(home, ask, copy)
    return _show(home, ask, copy)


def _versions(home: FakeHome, ask: _Ask, id: str) -> list[Json]:
    return list(reversed(home.of(id)["versions"]))


def _inbox(home: FakeHome, ask: _Ask, **_more: Any) -> Any:
    return {
        "items": [
            {"id": "credit_unused:credit", "kind": "opportunity", "topic": "credit_unused", "state": "open",
             "alarm": False, "title": ask.say("2554 位客户有额度没在用", "2,554 customers do not use their limit"),
             "reason": ask.say("可用额度2万以上、近60天没借过。", "A limit of 20k or more, no draw in 60 days."),
             "brief": ask.say("给可用额度2万以上的客户推白条", "Promote pay-later to customers with a limit"), "evidence": {}, "campaign": "", "act": "", "value_fen": 81_728,
             "at": "2026-11-23T04:00:00Z"},
        ],
        "muted": [{"topic": "occasion", "until": "2026-12-21T04:00:00Z"}],
        "counts": {"open": 1},
    }  # fmt: skip


def _assets(home: FakeHome, ask: _Ask, **_more: Any) -> Any:
    file = next(iter(d.FILES), "")
    return [
        {"id": f"ast_{number}", "name": ask.say("海面", "Sea"), "file": file, "width": 1600, "height": 900, "tags": [],
         "licence": ask.say("图库", "Stock"), "expires": "2026-10-01", "expired": number == 1, "ends_soon": number == 2,
         "rules": {"no_recolour": True, "min_side": 200, "products": []},
         "uses": [{"campaign": "cmp_1", "slot": "home_banner", "asset": "ast_2", "part": "plate"}] if number == 2 else []}
        for number in (1, 2)
    ]  # fmt: skip


def _places(home: FakeHome, ask: _Ask) -> Json:
    name, label = ask.say("双11理财拉新", "Double 11 wealth"), ask.say("首页头图", "Home banner")
    place = {"campaign": "cmp_1", "name": name, "slot": "home_banner", "label": label}
    return {"places": [place], "names": {"cmp_1": name}, "slots": {"home_banner": label}}


def _changed_asset(home: FakeHome, ask: _Ask, asset: str, **changed: Any) -> Json:
    home.changed_assets.append({"asset": asset, **changed})
    return {**_assets(home, ask)[0], "name": changed.get("name", "")}


def _sheet(home: FakeHome, ask: _Ask, id: str, layer: str = "") -> Json:
    shown = _show(home, ask, id)["sections"]
    file = shown["creatives"]["value"]["pictures"][0]["file"] if "creatives" in shown else ""
    name = ask.say("30岁以下", "Under 30")
    item = {"id": "var_1", "name": ask.say("30岁以下·首页弹窗·a", "Under 30·Home pop-up·a"), "place": "", "excluded": []}
    sheet = {"layer": "L1", "label": name, "file": file, "ready": 1, "excluded": 0, "combinations": [item]}
    return {"id": id, "sheets": [sheet] if file else []}


def _answer(home: FakeHome, ask: _Ask, question: str, product: str = "") -> Json:
    return {"question": question, "known": False, "quotes": [], "findings": [], "coverage": 0.0}


def _staff(home: FakeHome, ask: _Ask, **_more: Any) -> Any:
    return [{"id": "campaign", "label": ask.say("活动", "Campaigns"), "skills": ["campaign.new"], "knowledge": ["sop"]}]


def _kept(home: FakeHome, ask: _Ask, **_more: Any) -> Any:
    return {"items": [{"id": "mem_1", "text": ask.say("以后都不要发短信", "Never use SMS"), "core": "", "turn": 3,
                       "at": "2026-11-23T04:00:00Z", "conversation": "con_1"}]}  # fmt: skip


def _conversations(home: FakeHome, ask: _Ask, **_more: Any) -> Any:
    return [{"id": "con_1", "title": ask.say("快赎限额是多少", "What is the limit"), "turns": 3, "updated": "2026-11-23T04:00:00Z"}]


def _plan(home: FakeHome, ask: _Ask, **_more: Any) -> Any:
    step = {"id": "s1", "skill": "audience.preview", "makes": "audience.size", "why": "gather", "domain": "audience",
            "arguments": {"text": ask.say("黄金拉新", "gold")}, "after": [], "required": False}  # fmt: skip
    last = {**step, "id": "s2", "skill": "campaign.new", "makes": "campaign.document", "after": ["s1"], "required": True,
            "arguments": {"matches": {"from": "s1", "path": ""}}}  # fmt: skip
    return {"plan_id": "pln_1", "state": "proposed", "text": ask.say("黄金拉新", "gold"), "makes": "campaign.document",
            "steps": [step, last], "waves": [["s1"], ["s2"]], "likely": [], "message": ""}  # fmt: skip


def _sources(home: FakeHome, ask: _Ask, **_more: Any) -> Any:
    return [{"source": "knowledge/a.md", "title": ask.say("理财费率", "Fees"), "kind": "product", "products": [], "date": "2026-01-01",
             "lang": "zh", "passages": 4, "own": False}]  # fmt: skip


def _document(home: FakeHome, ask: _Ask, source: str) -> Json:
    text = ask.say("# 理财费率\n\n## 申购费\n申购费为千分之一。", "# Fees\n\n## Buying\nBuying costs a thousandth.")
    return {**_sources(home, ask)[0], "source": source, "text": text, "lang": "zh" if ask.say("1", "") else "en",
            "passages": [{"section": "", "start": 0, "end": 9}]}  # fmt: skip


def _one_skill(home: FakeHome, ask: _Ask, name: str) -> Json:
    field = {"question": {"type": "string"}}
    return {"name": name, "title": ask.say("查知识", "Ask"), "about": ask.say("用原文回答", "Quotes"), "effect": "read",
            "data": "aggregate", "cost": "low", "permission": "knowledge.read", "origin": "own", "makes": {}, "says": [],
            "needs": {}, "example": {}, "schema": {"properties": field, "required": ["question"]}}  # fmt: skip


def _model_cost(home: FakeHome, ask: _Ask, days: int = 30) -> Json:
    row = {"key": "2026-11-23", "label": "2026-11-23", "calls": 3, "failed": 1, "tokens_in": 2400, "tokens_out": 310,
           "seconds": 4.2, "cost_cny": 0.0123, "priced": True}  # fmt: skip
    accounts = {f"by_{name}": [{**row, "label": ask.say("写文案", "Copy")}] for name in ("skill", "campaign", "model", "prompt", "person")}
    return {"model": "qwen", "price_cny_per_million": {"in": 2.0, "out": 8.0}, "since": "2026-11-01", "total": row,
            "by_day": [row], "failures": [], **accounts}  # fmt: skip


def _say(home: FakeHome, ask: _Ask, text: str, conversation: str, **_more: Any) -> Json:
    """A turn as long as its sentence asks for (长), after two steps at the home's pace; it stops between them."""
    turns = home.said.setdefault(conversation, [])
    job = f"job_{conversation}_{len(turns)}"
    turn = {"n": len(turns) + 1, "text": text, "campaign": "", "reply": {}, "state": "running", "job": job}
    turns.append(turn)
    ask.report({"job": job})
    steps = []
    for name in ("s1", "s2"):
        if job in home.stopped:
            break
        ask.report({"step": f"step:{name}", "note": "agents.step_begun", "params": {"id": name, "skill": "查知识"}})
        time.sleep(home.pace * (400 if "慢" in text else 20))
        ask.report({"step": f"step:{name}:done", "note": "agents.step_ended", "params": {"id": name, "skill": "查知识", "millis": 9}})
        steps.append(name)
    lines = [f"第{n}行" for n in range(60 if "长" in text else 1)]
    told = {"state": "done", "text": "\n".join([f"答：{text}", *lines]), "makes": "knowledge.answer", "campaign": ""}
    if len(steps) < 2:
        told = {**told, "state": "cancelled", "text": "已停下。做完的保留着：查知识。", "plan_id": "pln_1"}
    turn |= {"reply": told, "state": "ended"}
    return {**told, "said": text, "conversation": conversation, "turn": turn["n"], "chips": [], "choices": [], "terms": []}


def _cancel(home: FakeHome, ask: _Ask, job: str) -> Json:
    home.stopped.add(job)
    return {"job": job, "skill": "agents.say", "stopping": True}


def _turns(home: FakeHome, ask: _Ask, id: str, last: int = 50) -> Json:
    told = {"state": "done", "text": ask.say("单日1万元。", "10,000 a day."), "makes": "knowledge.answer"}
    first = {"n": 1, "text": ask.say("快赎限额是多少", "What is the limit"), "campaign": "", "reply": told, "state": "ended",
             "job": ""}  # fmt: skip
    return {"id": id, "memory": [], "context": {}, "turns": home.said.get(id, [first] if id == "con_1" else [])}


def _later(home: FakeHome, ask: _Ask, id: str, after: int = 0) -> Json:
    return [row for row in home.said.get(id, []) if row["n"] > after]


def _plans(home: FakeHome, ask: _Ask, limit: int = 20) -> Json:
    return [{"plan_id": "pln_1", "state": "proposed", "at": "2026-11-23T04:00:00Z", "steps": 2, "makes": "campaign.document",
             "text": ask.say("黄金拉新", "gold"), "conversation": ""}]  # fmt: skip


def _tables(home: FakeHome, ask: _Ask) -> Any:
    """Tables that can be imported."""
    return [{"kind": "file", "name": "customers.csv", "size": 1_234_567}, {"kind": "database", "name": "core", "size": 0}]


def _imports(home: FakeHome, ask: _Ask, limit: int) -> Any:
    """What was imported."""
    figures = {"rows": 3001, "accepted": 2896, "rejected": 105, "new": 2896, "changed": 0, "repeated": 0, "corrected": 0}
    return [
        {"id": "imp_1", "subject": "customers", "source": "customers.csv", "mode": "upsert", "state": "done",
         "actor": "engineer", "at": "2026-11-23T04:00:00+00:00", "ended": "2026-11-23T04:01:00+00:00",
         "rejected_file": True, **figures}
    ]  # fmt: skip


SKILLS: Mapping[str, Callable[..., Any]] = {
    "data.sources": _tables, "data.imports": _imports,
    "asset.find": _assets, "asset.places": _places, "asset.change": _changed_asset, "asset.use": lambda home, ask, **where: {"asset": where.get("asset", "")}, "creative.sheet": _sheet, "creative.learned": _learned, "creative.parameters": _parameters, "creative.preview": _look, "creative.ready": lambda home, ask, id, **place: {"started": True}, "brand.show": _kit,
    "knowledge.show": _document, "skills.show": _one_skill, "agents.spent": _model_cost, "memory.conversation": _turns, "memory.turns": _later, "jobs.cancel": _cancel, "agents.plans": _plans, "agents.say": _say,
    "agents.show": _plan, "agents.plan": _plan, "agents.change": _plan, "knowledge.list": _sources,
    "brand.preview": _kit, "creative.rounds": _rating_rounds, "creative.queue": _rating_queue,
    "inbox.list": _inbox, "agents.list": _staff, "memory.list": _kept, "memory.conversations": _conversations,
    "campaign.new": _new, "campaign.list": _list, "campaign.show": _show, "campaign.edit": _edit, "campaign.choose": _choose,
    "campaign.pin": _pin, "campaign.unpin": _unpin, "campaign.undo": _undo, "campaign.versions": _versions, "campaign.diff": _diff,
    "campaign.compile": _again, "campaign.clone": _clone, "campaign.check": _check, "campaign.submit": _submit,
    "approvals.waiting": _waiting, "approvals.decided": lambda home, ask: [], "approvals.preflight": lambda home, ask, id: [], "approvals.delegations": lambda home, ask: [],
    "approvals.comments": lambda home, ask, id: home.comments, "approvals.comment": _comment, "approvals.resolve": _resolve,
    "campaign.remind": _remind, "users.sessions": _sessions, "users.tokens": lambda home, ask: home.tokens, "users.token": _token,
    "audit.verify": lambda home, ask, anchor="": {"intact": True, "lines": len(home.calls), "anchor": f"{len(home.calls)}:abc"},
    "campaign.approve": _approve, "approvals.history": _history, "campaign.reject": _reject, "campaign.launch": _status("running"), "campaign.pause": _status("paused"),
    "campaign.resume": _status("running"), "campaign.stop": _status("ended"), "campaign.play": _play, "campaign.report": _report,
    **audience_fake.SKILLS, "benefit.list": _benefits, "benefit.ledger": _ledger, "phone.customers": _customers, "phone.home": _home,
    "phone.tap": _tap, "phone.claim": _claim, "phone.explain": _explain, "analysis.ask": _ask, "insights.scan": _insights,
    "knowledge.search": _knowledge, "knowledge.ask": _answer, "calendar.show": _calendar, "rules.list": _rules, "rules.show": _rule, "compliance.check": _checked, "users.list": _users, "audit.list": _audit, "skills.list": _skills,
}  # fmt: skip
__all__ = ["FakeHome", "LinghangError"]
