"""Pages: blocks from data, terms that agree with the data, HTML that is safe and readable."""

import datetime as dt
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from linghang.base.digest import digest_bytes, plain
from linghang.base.errors import UsageError
from linghang.base.predicates import Combination, Predicate
from linghang.campaigns.sections import Allocation, Allotment, Audience, Block, Copy, Goal, Page, Phase, Texts
from linghang.packs.model import Benefit, Brand, Label, Product
from linghang.pages import build, compose, write_terms
from linghang.pages.colours import contrast, readable, theme_of

START, END = dt.date(2026, 11, 30), dt.date(2026, 12, 13)
GOAL = Goal(
    name="稳健基金首投", objective="convert", product="fund_steady", product_kind="fund", playbook="first_purchase",
    level="B", start=START, end=END, phases=(Phase("main", START, END),), budget_fen=50_000_00, channels=("push",),
    slots=("home_banner",), kpi="conversion_rate", holdout_pct=10, tone="calm",
)  # fmt: skip
FUND = Product(
    "fund_steady", "fund", Label("领航稳健混合", "Pilot Steady Mixed"), risk="R3",
    facts=(Label("1 元起购", "From ¥1"),),
    disclosures={"D-FUND-RISK": Label("基金有风险，投资需谨慎", "Funds carry risk")},
    provider=Label("领航基金", "Pilot Fund"),
)  # fmt: skip
COUPON = Benefit("b20", "coupon", Label("20元支付券", "¥20 voucher"), 2000, "p", threshold_fen=200_00, stock=500,
                 per_customer=2, valid_days=14)  # fmt: skip
RATE = Benefit("b_rate", "fee_discount", Label("申购费1折券", "Fee voucher"), 800, "p", stock=90_000, valid_days=7)
BRAND = Brand(Label("领航银行", "Pilot Bank"), "领航", "#D7000F", "#F5C76B", "【领航银行】", telephone="95599")
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def allocation(**counts: int) -> Allocation:
    given = tuple(Allotment(f"l{n}", ("push",), key, count, 0, 0, 0, 0.1, 1.0)
                  for n, (key, count) in enumerate(counts.items()))  # fmt: skip
    return Allocation(5_000_000, 0, given, 0.1)


def page(**change: Any) -> tuple[Page, bytes]:
    given: dict[str, Any] = {
        "goal": GOAL, "audience": None, "allocation": allocation(b20=1000, b_rate=300), "texts": None, "product": FUND,
        "benefits": (COUPON, RATE), "brand": BRAND, "hero_file": PNG, "lang": "zh",
    }  # fmt: skip
    return compose(**{**given, **change})


class _Tags(HTMLParser):
    VOID = frozenset({"meta", "img", "br", "link", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attrs: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attrs.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_has_every_block_and_its_digest_is_that_of_the_bytes() -> None:
    made, html = page()
    kinds = [block.kind for block in made.blocks]
    assert kinds == ["hero", "benefit", "steps", "product", "risk", "terms", "faq", "footer"]
    assert (made.file, made.bytes) == (digest_bytes(html), len(html))
    assert page()[1] == html
    plain(made)


def test_a_logo_of_the_brand_kit_stands_at_the_head_instead_of_the_disc() -> None:
    worn = page(brand=replace(BRAND, logo="iVBORw0KGgo=", primary="#123456"))[1].decode()
    assert '<img class="logo" src="data:image/png;base64,iVBORw0KGgo=" alt="">' in worn
    assert 'class="mark"' not in worn
    assert "--primary:#123456" in worn
    assert 'class="mark"' in page()[1].decode()


def test_the_page_promises_what_the_ledger_sets_aside() -> None:
    few = Allotment("l0", ("push",), "b_rate", 912, 0, 0, 0, 0.1, 1.0, grants=164)
    told = "\n".join(page(allocation=Allocation(5_000_000, 0, (few,), 0.1), benefits=(RATE,))[0].terms)
    assert "共 164 份，按领取先后发放" in told


def test_terms_say_who_when_how_much_how_many_how_long_and_where_to_complain() -> None:
    text = "\n".join(page()[0].terms)
    assert "2026年11月30日（周一）" in text
    assert "2026年12月13日" in text
    assert "面额 20 元" in text
    assert "单笔满 200 元可用" in text
    assert "共 500 份，按领取先后发放" in text, "fewer vouchers than customers × limit: really limited"
    assert "共准备 300 份" in text
    assert "每位客户限领 2 份" in text
    assert "14 天内有效" in text
    assert "7 天内有效" in text
    assert "R3" in text
    assert "C3 及以上" in text
    assert "基金有风险，投资需谨慎" in text
    assert "95599" in text
    assert "面额 8 元" not in text, "the cost of a fee voucher is the bank's affair"


def test_only_benefits_of_the_allocation_are_offered_the_most_given_first() -> None:
    items = next(block for block in page()[0].blocks if block.kind == "benefit").data["items"]
    assert [item["id"] for item in items] == ["b20", "b_rate"]
    assert items[1]["amount"] == "1"
    assert items[1]["unit"] == "折"
    only = page(allocation=allocation(b_rate=5))[0]
    assert [item["id"] for item in next(b for b in only.blocks if b.kind == "benefit").data["items"]] == ["b_rate"]


def test_without_benefits_nothing_is_promised() -> None:
    made, html = page(benefits=(), allocation=None)
    assert "benefit" not in {block.kind for block in made.blocks}
    assert "领取" not in html.decode().split("</style>")[1].split("<script>")[0]


def test_open_conditions_are_told_and_private_ones_are_not() -> None:
    rule = Combination("all", (Predicate("lifecycle", "eq", "new"), Predicate("overdue", "exists"),
                               Predicate("aum_cny", "ge", 50_000)))  # fmt: skip
    audience = Audience(rule, 9, 9, 9, (), (), (), {}, "", "", dt.datetime(2026, 11, 23, tzinfo=dt.UTC))
    who = next(term.text for term in write_terms(GOAL, FUND, (), None, BRAND, "zh", audience) if term.code == "who")
    assert "新客户" in who
    assert "逾期" not in who
    assert "50" not in who


def test_a_page_in_english_has_no_chinese_and_a_chinese_page_no_english_sentence() -> None:
    english = page(lang="en", goal=replace(GOAL, lang="en"))[1].decode()
    assert not re.search("[\u4e00-\u9fff]", english.split("</style>")[1])
    chinese = re.sub(r"<script>.*</script>|<[^>]+>", " ", page()[1].decode().split("</style>")[1], flags=re.S)
    assert set(re.findall(r"[A-Za-z]{4,}", chinese)) == set()


def test_texts_are_escaped_and_the_page_asks_nothing_from_anywhere() -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
    html = page(
        product=replace(FUND, label=Label(evil, evil), facts=(Label(evil, evil),)),
        benefits=(replace(COUPON, label=Label(evil, evil)),),
    )[1].decode()
    assert html.count("<script>") == 1
    assert "onerror=alert(2)>" not in html
    parser = _Tags()
    parser.feed(html)
    assert parser.open == []
    for tag, attrs in parser.attrs:
        for name in ("src", "href"):
            value = attrs.get(name) or "#"
            assert value.startswith(("#", "data:", "linghang://claim", "tel:")), (tag, value)
        assert not any(name.startswith("on") for name in attrs)
    assert all(attrs.get("alt") for tag, attrs in parser.attrs if tag == "img")


def test_the_script_is_allowed_by_its_own_hash() -> None:
    html = page()[1].decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    assert policy is not None
    assert "script-src 'sha256-" in policy.group(1)
    assert "default-src 'none'" in policy.group(1)


def test_copy_of_the_page_is_taken_and_copy_of_a_layer_is_not() -> None:
    texts = Texts({}, (Copy("1", "new", "home_banner", "title", "新客专享", "benefit"),
                       Copy("2", "", "page", "title", "稳稳的第一步", "trust")))  # fmt: skip
    assert page(texts=texts)[0].title == "稳稳的第一步"
    assert page(texts=Texts({}, texts.texts[:1]))[0].title == "领航稳健混合"


@pytest.mark.parametrize("colour", ["#FFE600", "#D7000F", "#00C2FF", "#FFFFFF", "not a colour", "#000000"])
def test_white_on_any_brand_can_be_read(colour: str) -> None:
    theme = theme_of(replace(BRAND, primary=colour))
    assert contrast(theme.primary, "#FFFFFF") >= 4.5
    assert contrast(theme.primary, theme.tint) >= 3.9


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.478, abs=0.001)
    assert readable("#D7000F") == "#D7000F"


def test_what_is_no_picture_and_no_block_is_refused() -> None:
    with pytest.raises(UsageError, match=r"pages\.not_a_picture"):
        page(hero_file=b"<svg/>")
    with pytest.raises(UsageError, match=r"pages\.unknown_block"):
        build("t", (Block("carousel", {}),), BRAND, {}, "zh")


def test_an_english_page_has_the_binding_chinese_beneath_its_risks() -> None:
    terms = write_terms(GOAL, FUND, (), None, BRAND, "en", None, "zh")
    risk = next(term.text for term in terms if term.code == "risk")
    first = next(iter(FUND.disclosures.values()))
    assert first.en in risk
    assert first.zh in risk
    alone = next(term.text for term in write_terms(GOAL, FUND, (), None, BRAND, "en") if term.code == "risk")
    assert first.zh not in alone
