"""Formulas of a report in words: every name of theirs has one, in both languages."""

import re

import pytest

from linghang.flow.formulas import in_words

CAUSED = "(treated * (responded / treated - responded_holdout / holdout))"
SPENT = "(contact_fen100 / 100 + benefit_fen)"
FORMULAS = [
    "responded / treated - responded_holdout / holdout", f"({CAUSED} * margin_fen - {SPENT}) / {SPENT}",
    "contact_fen100 / 100", "clicks / impressions", "redemptions / claims", "unsubscribed / reached",
    "complained / reached", "planned", "sent", "delivered * receipts / receipts", "withheld", "unknown", "claimed",
]  # fmt: skip


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_identifier_is_left(formula: str) -> None:
    zh, en = in_words(formula, "zh-CN"), in_words(formula, "en")
    assert not re.search(r"[a-z]", zh), zh
    assert not re.search(r"_|fen|\*|/", en), en
    assert zh.count("÷") == en.count("÷")


def test_arithmetic_is_written_as_people_write_it() -> None:
    assert in_words("clicks / impressions", "zh-CN") == "点击 ÷ 曝光"
    assert in_words(SPENT, "zh-CN") == "触达成本 + 权益成本"
    assert in_words("unheard / of", "en") == "unheard ÷ of"
