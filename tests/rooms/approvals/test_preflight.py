"""The pre-flight check: a good document passes, and each fault is found by its own code."""

import datetime as dt
import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from approvals import samples as x
from linghang.approvals import preflight
from linghang.base.findings import Finding, Severity
from linghang.base.messages import catalogue
from linghang.base.predicates import Predicate
from linghang.campaigns import sections as s
from linghang.packs.model import ContactBasis, Pack


def codes(document: Any, pack: Pack = x.PACK, today: dt.date | None = x.TODAY) -> set[str]:
    return {finding.code.removeprefix("preflight.") for finding in preflight(document, pack, today=today)}


def first(values: tuple[Any, ...], **changed: Any) -> tuple[Any, ...]:
    return (replace(values[0], **changed), *values[1:])


def goal(**changed: Any) -> dict[str, Any]:
    return {"goal": replace(x.GOAL, **changed)}


def people(**changed: Any) -> dict[str, Any]:
    return {"audience": replace(x.AUDIENCE, **changed)}


def layer(**changed: Any) -> dict[str, Any]:
    return {"layers": replace(x.LAYERS, layers=first(x.LAYERS.layers, **changed))}


def allotment(**changed: Any) -> dict[str, Any]:
    return {"benefits": replace(x.ALLOCATION, allotments=first(x.ALLOTMENTS, **changed))}


def granted(**changed: Any) -> dict[str, Any]:
    return {"benefits": replace(x.ALLOCATION, granted=first(x.ALLOCATION.granted, **changed))}


def variant(n: int = 0, **changed: Any) -> dict[str, Any]:
    every = list(x.VARIANTS.variants)
    every[n] = replace(every[n], **changed)
    return {"combinations": s.Variants(tuple(every))}


def text(**changed: Any) -> dict[str, Any]:
    return {"copy": replace(x.TEXTS, texts=first(x.TEXTS.texts, **changed))}


def picture(**changed: Any) -> dict[str, Any]:
    return {"creatives": s.Creatives(first(x.CREATIVES.pictures, **changed))}


def placement(**changed: Any) -> dict[str, Any]:
    return {"placements": s.Placements(first(x.PLACEMENTS.placements, **changed))}


def page(**changed: Any) -> dict[str, Any]:
    return {"page": replace(x.PAGE, **changed)}


def experiment(**changed: Any) -> dict[str, Any]:
    return {"experiment": replace(x.EXPERIMENT, **changed)}


def review(**changed: Any) -> dict[str, Any]:
    return {"compliance": replace(x.REVIEW, **changed)}


DAY = dt.date
BOOKED = x.PLACEMENTS.placements
SAME = {"title": "一样", "body": "一样", "button": "看"}
BODY = x.VARIANTS.variants[1].copy["body"]

FAULTS: list[tuple[str, dict[str, Any]]] = [
    ("section_absent", {"page": None}),
    ("unanswered", goal(missing=("product",))),
    ("no_name", goal(name="  ")),
    ("name_too_long", goal(name="长" * 61)),
    ("window_reversed", goal(start=DAY(2026, 12, 20))),
    ("window_long", goal(end=DAY(2027, 6, 1))),
    ("window_past", goal(start=DAY(2026, 10, 1), end=DAY(2026, 10, 8))),
    ("starts_in_past", goal(start=DAY(2026, 11, 20))),
    ("little_lead", goal(start=DAY(2026, 11, 23))),
    ("phase_reversed", goal(phases=(s.Phase("main", x.END, x.START),))),
    ("phase_outside", goal(phases=(s.Phase("main", x.START, DAY(2026, 12, 20)),))),
    ("phases_overlap", goal(phases=(s.Phase("a", x.START, DAY(2026, 12, 5)), s.Phase("b", DAY(2026, 12, 5), x.END)))),
    ("phases_gap", goal(phases=(s.Phase("a", x.START, DAY(2026, 12, 3)), s.Phase("b", DAY(2026, 12, 6), x.END)))),
    ("start_time_outside_hours", goal(start_time="22:30")),
    ("nobody", people(count=0)),
    ("audience_does_not_add_up", people(matched=1)),
    ("audience_broad", {**people(count=190_000, matched=190_000)}),
    ("no_snapshot", people(snapshot="")),
    ("audience_stale", people(as_of=x.NOW - dt.timedelta(days=9))),
    ("unknown_field", people(rule=Predicate("shoe_size", "ge", 40))),
    ("field_not_for_audiences", people(rule=Predicate("duration", "ge", 40))),
    ("sensitive_field", people(rule=Predicate("salary_cny", "ge", 40))),
    ("suitability_not_seen", people(rule=Predicate("age", "ge", 18), removed=())),
    ("arrears_not_excluded", goal(product_kind="credit")),
    ("layers_do_not_add_up", layer(count=19_999)),
    ("layer_twice", layer(id="l1")),
    ("layer_empty", layer(count=0)),
    ("base_rate_impossible", layer(base_rate=1.4)),
    ("channel_reaches_nobody", people(reach={"push": 0})),
    ("budget_negative", goal(budget_fen=-1)),
    ("budget_exceeded", goal(budget_fen=10_000)),
    ("allocation_of_other_budget", goal(budget_fen=29_000_000)),
    ("allocation_does_not_add_up", allotment(contact_fen=1)),
    ("nothing_allocated", {"benefits": replace(x.ALLOCATION, allotments=(), committed_fen=0)}),
    ("allotment_of_unknown_layer", allotment(layer="l9")),
    ("unknown_benefit", allotment(benefit="coupon_999")),
    ("negative_allotment", allotment(customers=-5)),
    ("more_grants_than_customers", allotment(grants=99_000)),
    ("layer_overallotted", allotment(customers=20_001)),
    ("stock_exceeded", granted(stock=10)),
    ("liability_is_not_face", allotment(liability_fen=1)),
    ("unknown_pool", granted(pool="nowhere")),
    ("pool_exceeded", granted(pool="credit")),
    ("benefit_starts_late", granted(valid_from=DAY(2026, 12, 2))),
    ("benefit_ends_early", granted(valid_to=DAY(2026, 12, 2))),
    ("benefit_for_other_product", granted(products=("insurance",))),
    ("benefit_without_value", granted(face_fen=0, type="coupon")),
    ("threshold_below_face", granted(threshold_fen=500)),
    ("prize_too_high", granted(type="lottery", face_fen=6_000_000)),
    ("benefit_never_valid", granted(valid_days=0)),
    ("benefit_for_nobody", granted(per_customer=0)),
    ("benefit_for_other_lifecycle", {**granted(lifecycles=("new",)), **layer(params={"lifecycle": "dormant"})}),
    ("offer_differs_from_brief", goal(offer={"type": "coupon", "face_value_cny": 50})),
    ("offer_not_given", {"benefits": replace(x.ALLOCATION, allotments=(x.ALLOTMENTS[2],))}),
    ("copy_states_other_threshold", variant(copy={"title": "满1000元可用", "body": "x"})),
    ("nothing_to_say", variant(0, excluded=("combinations.no_picture",))),
    ("variant_of_unknown_layer", variant(layer="l9")),
    ("wrong_benefit_for_layer", variant(8, benefit="coupon_20")),
    ("benefit_never_shown", {"combinations": s.Variants(tuple(replace(v, benefit="") for v in x.VARIANTS.variants))}),
    ("copy_promises_other_amount", variant(copy={"title": "领50元红包", "body": "x"})),
    ("text_missing", variant(copy={"title": "有题无文"})),
    ("text_too_long", variant(copy={"title": "长" * 21, "body": "x"})),
    ("text_empty", text(text=" ")),
    ("text_unfinished", text(text="{name}您好")),
    ("text_unfinished", text(text="首投有礼(待定)")),
    ("text_unfinished", text(text="领XX元红包")),
    ("link_of_the_office", text(text="看 http://localhost:8080/page")),
    ("link_malformed", text(text="看 https://bank")),
    ("link_malformed", text(text="看https://bank.example.com/a/b...，领红包")),
    ("link_malformed", text(text="看 https:/bank.example.com/a")),
    ("link_not_secure", text(text="看 http://bank.example.com/a")),
    ("forbidden_word", {**goal(forbidden_words=("首次",))}),
    ("word_to_avoid", text(text="最好的理财")),
    ("other_language", text(lang="en")),
    ("page_in_other_language", page(lang="en")),
    ("message_too_long", variant(1, copy={"body": BODY + "长" * 60})),
    ("layers_hear_the_same", {"combinations": s.Variants(tuple(replace(v, copy=SAME) for v in x.VARIANTS.variants))}),
    ("picture_for_unknown_slot", picture(slot="nowhere")),
    ("picture_size", picture(width=750)),
    ("picture_weight", picture(bytes=400_000)),
    ("picture_format", picture(mime="image/bmp")),
    ("picture_file_absent", picture(file="")),
    ("picture_of_unknown_layer", picture(layer="l9")),
    ("variant_of_unknown_picture", variant(2, creative="pic_9")),
    ("picture_of_other_layer", variant(2, creative="pic_l1")),
    ("slot_without_picture", variant(2, creative="")),
    ("unknown_place", variant(place="nowhere")),
    ("page_absent", page(file="")),
    ("page_without_title", page(title="")),
    ("page_heavy", page(bytes=3_000_000)),
    ("page_without_terms", page(terms=())),
    ("page_without_risk", page(blocks=(s.Block("hero", {}),))),
    ("page_states_other_days", page(terms=("活动时间:2026年10月30日至2026年11月13日",))),
    ("unknown_channel", goal(channels=("push", "pigeon"))),
    ("channel_without_placement", {"placements": s.Placements(x.PLACEMENTS.placements[1:])}),
    ("unknown_slot", goal(slots=("moon",))),
    ("placement_twice", placement(id="sms-main")),
    ("placement_outside", placement(end=DAY(2026, 12, 20))),
    ("phase_without_placement", goal(phases=(s.Phase("late", DAY(2027, 1, 5), DAY(2027, 1, 6)),))),
    ("pacing_incomplete", placement(daily=(x.TOUCHED,))),
    ("pacing_negative", placement(daily=(-1,) * x.DAYS)),
    ("slot_of_other_channel", placement(slot="home_banner")),
    ("hours_empty", placement(hours=("12:00", "12:00"))),
    ("hours_outside", placement(hours=("07:00", "20:00"))),
    ("hours_outside", placement(hours=("19:00", "23:00"))),
    ("pacing_does_not_add_up", placement(daily=(1,) * x.DAYS)),
    ("placements_overlap", {"placements": s.Placements((*BOOKED, replace(BOOKED[0], id="p9")))}),
    ("cap_looser_than_policy", goal(freq_cap={"max": 9, "window_days": 7})),
    ("rhythm_never_falls", goal(recurrence="weekly:sun", end=DAY(2026, 12, 2))),
    ("arms_do_not_add_up", experiment(arms=(s.Arm("holdout", 0.1), s.Arm("treated", 0.8)))),
    ("no_holdout", experiment(arms=(s.Arm("treated", 1.0),))),
    ("holdout_large", {**experiment(arms=(s.Arm("holdout", 0.6), s.Arm("treated", 0.4))), **goal(holdout_pct=60)}),
    ("holdout_small", {**experiment(arms=(s.Arm("holdout", 0.02), s.Arm("treated", 0.98))), **goal(holdout_pct=2)}),
    ("holdout_differs_from_brief", goal(holdout_pct=20)),
    ("no_salt", experiment(salt="")),
    ("underpowered", experiment(enough=False)),
    ("experiment_larger_than_audience", experiment(treated=40_000)),
    ("unknown_metric", experiment(primary="happiness")),
    ("no_guardrails", experiment(guardrails=())),
    ("figure_outside_interval", {"estimate": s.Estimate((s.Figure("roi", 5, 0, 1, "ratio"),), 0)}),
    ("loss_expected", {"estimate": s.Estimate((s.Figure("roi", -0.8, -0.9, -0.2, "ratio"),), 0)}),
    ("target_out_of_reach", {"estimate": replace(x.ESTIMATE, target_reachable=False)}),
    ("cost_above_budget", {"estimate": s.Estimate((s.Figure("cost", 4e7, 3e7, 5e7, "fen"),), 0)}),
    ("not_compliant", review(verdict="violating")),
    ("reviewed_for_other_day", review(launch=DAY(2026, 11, 1))),
    ("reviewed_for_other_country", review(jurisdiction="US")),
    ("reviewed_by_no_rule", review(rules=0)),
    ("disclosures_missing", review(assets=first(x.REVIEW.assets, missing=("D-FUND-RISK",)))),
    ("not_reviewed", review(assets=x.REVIEW.assets[1:])),
    ("pinned_by_hand", {"pins": s.Pins((s.Pin("copy.texts[a].text", "x", "", "operator", x.NOW),))}),
    ("level_below_budget", goal(level="C")),
    ("unknown_product", goal(product="moon_fund")),
]  # fmt: skip


def test_nothing_stands_against_a_good_document() -> None:
    assert preflight(x.campaign(), x.PACK, today=x.TODAY) == ()


@pytest.mark.parametrize(("code", "changed"), FAULTS, ids=[f"{n}-{code}" for n, (code, _) in enumerate(FAULTS)])
def test_each_fault_is_found_by_its_code(code: str, changed: dict[str, Any]) -> None:
    assert code in codes(x.campaign(**changed))


def test_channels_need_their_opt_out_and_consent() -> None:
    bare = tuple(replace(channel, suffix=None) if channel.id == "sms" else channel for channel in x.PACK.channels)
    assert "message_without_opt_out" in codes(x.campaign(), replace(x.PACK, channels=bare))
    without = replace(x.PACK, contact=ContactBasis("none", x.label("无授权")))
    assert "shadow_only" in codes(x.campaign(), without)


def test_findings_of_other_rooms_are_carried_on() -> None:
    document = x.campaign()
    told = replace(document.sections["goal"], findings=(Finding("goal.window_past", Severity.S1, "goal"),))
    spoiled = replace(document, sections={**document.sections, "goal": told})
    assert "goal.window_past" in codes(spoiled)


def test_the_gravest_come_first_and_nothing_is_said_twice() -> None:
    found = preflight(x.campaign(**goal(budget_fen=10_000, name="")), x.PACK, today=x.TODAY)
    assert [finding.severity for finding in found] == sorted(finding.severity for finding in found)
    assert len(found) == len({(finding.code, finding.about, str(finding.params)) for finding in found})


def test_without_a_day_the_content_alone_is_checked() -> None:
    old = x.campaign(**goal(start=DAY(2020, 1, 1), end=DAY(2020, 1, 9)), **people(as_of=x.NOW - dt.timedelta(days=900)))
    assert not {"window_past", "starts_in_past", "audience_stale"} & codes(old, today=None)


def test_every_code_has_its_sentences_and_a_test() -> None:
    folder = Path(str(__import__("linghang").__path__[0])) / "approvals" / "preflight"
    used = {code for file in folder.glob("*.py") for code in re.findall(r'found\(\s*"([a-z_]+)"', file.read_text())}
    told = {code.removeprefix("preflight.") for code in catalogue() if code.startswith("preflight.")}
    tested = {code for code, _ in FAULTS} | {"message_without_opt_out", "shadow_only"}
    assert used == told
    assert used <= tested
    assert len(used) >= 100


def test_the_catalogue_of_faults_names_every_class() -> None:
    root = Path(__file__).parents[3]
    told = tomllib.loads((root / "src/linghang/approvals/preflight/messages.toml").read_text("utf-8"))["preflight"]
    page = (root / "docs/faults.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z_]+)` \| (S\d(?: / S\d)*) \| (.+?) \| (.+?) \|$", page, re.MULTILINE)
    folder = root / "src/linghang/approvals/preflight"
    code = "".join(file.read_text("utf-8") for file in sorted(folder.glob("*.py")))
    graves: dict[str, set[str]] = {}
    for name, grave in re.findall(r'found\(\s*"([a-z_]+)",\s*Severity\.(S\d)', code):
        graves.setdefault(name, set()).add(grave)
    assert {row[0]: (row[2], row[3]) for row in rows} == {name: (one["zh"], one["en"]) for name, one in told.items()}
    assert len(rows) == len(told) == int(re.findall(r"(\d+) classes", page)[0]) >= 50
    assert {row[0]: set(row[1].split(" / ")) for row in rows if row[0] in graves} == graves


def test_a_whole_link_by_https_is_no_fault() -> None:
    for link in ("https://bank.example.com", "https://m.bank.example.com:8443/a?b=1&c=%20#d"):
        changed = text(text=f"详情见{link}，先到先得")
        assert not {code for code in codes(x.campaign(**changed)) if code.startswith("link_")}, link
