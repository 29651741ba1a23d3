"""A text that breaks a rule in a campaign comes with new words, so that one click mends it."""

import datetime as dt
from dataclasses import replace

from approvals import samples

from linghang import packs
from linghang.campaigns.assets import spans_in
from linghang.campaigns.sections import Copy, Goal, Texts
from linghang.flow import review

PACK = packs.load("demo")
GOAL: Goal = replace(samples.GOAL, product=next(item.id for item in PACK.products if item.kind == "wealth"),
                     product_kind="wealth", channels=("push",), slots=(), start=dt.date(2026, 11, 30))  # fmt: skip
RISK = "理财非存款，产品有风险，投资须谨慎。风险等级R2"


def copies(*told: tuple[str, str, str]) -> Texts:
    items = tuple(
        Copy(f"cpy_{n}", "L1", "push", role, text, "plain", "zh", text, variant=variant)  # type: ignore[arg-type]
        for n, (role, text, variant) in enumerate(told)
    )
    return replace(samples.TEXTS, texts=items)


def checked(texts: Texts) -> dict[str, str]:
    """The new words that are proposed for each text."""
    words = {one.id: one.text for one in texts.texts}
    found: dict[str, str] = {}
    for asset in review._texts(GOAL, texts, None, PACK, review.compliance.rules_of(PACK, GOAL.start), {}):
        for item in asset.findings:
            own = next(iter(spans_in(asset.asset, item.span, words)), "")
            if item.severity in ("S1", "S2"):
                found[own] = item.fix.text or "" if item.fix else ""
    return found


def test_a_promise_in_one_text_gets_new_words_for_that_text_only() -> None:
    texts = copies(("title", "欢迎回来", "a"), ("body", f"稳赚不赔，领取后10天有效。{RISK}", "a"), ("title", "看看新变化", "b"),
                   ("body", f"1元起购，金额自己定。{RISK}", "b"))  # fmt: skip
    assert checked(texts) == {"cpy_1": f"领取后10天有效。{RISK}"}


def test_a_text_is_mended_by_its_own_message_where_another_cannot_be() -> None:
    texts = copies(("title", "欢迎回来", "a"), ("body", f"稳赚不赔，领取后10天有效。{RISK}", "a"),
                   ("title", "稳赚不赔", "b"), ("body", f"1元起购，金额自己定。{RISK}", "b"))  # fmt: skip
    assert checked(texts)["cpy_1"] == f"领取后10天有效。{RISK}"


def test_what_only_asks_for_a_look_stays_as_it_is() -> None:
    texts = copies(("title", "你的20元红包待领取", "a"), ("body", f"稳赚不赔，规则见活动页。{RISK}", "a"))
    assert checked(texts) == {"cpy_1": f"规则见活动页。{RISK}"}
