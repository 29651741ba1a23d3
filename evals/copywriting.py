"""Variety and truth of the embedded writer: ``linghang eval copy [--count 200] [--show 0] [--channel push]``.

For each offer of the demo institution as many different texts as asked, in Simplified and Traditional Chinese and in
English, in several moods. The table tells: texts; different titles; distinct-1 and -2 and self-BLEU of the texts without
their disclosures; the mean likeness of a text to its nearest neighbour (self-BLEU against two hundred texts of one offer
is near 1 whatever one writes: they state the same facts); the share that the checker passes as sent; the share within
the channel's limits; numbers that are no fact of the offer; and the share of each angle.
"""

import argparse
import datetime as dt
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from linghang import packs
from linghang.campaigns.sections import Goal
from linghang.creatives import script
from linghang.creatives.checking import Material
from linghang.creatives.diversity import distinct, likeness, self_bleu
from linghang.creatives.facts import facts_of
from linghang.creatives.limits import Place, longest_whole, place_of_channel
from linghang.creatives.numbers import strange_numbers
from linghang.creatives.variety import ANGLES, Message, messages
from linghang.creatives.writer import hard
from linghang.flow import review
from linghang.flow.goal import set_goal
from linghang.packs.model import Benefit, Pack

TODAY = dt.date(2026, 11, 24)
OFFERS = (
    ("fixed_income_plus", "fund_fee_1", "convert", "lively"),
    ("fund_sip", "fund_fee_1", "convert", "warm"),
    ("xiaojinku", "newcomer_coupon_20", "acquire", "calm"),
    ("steady_90", "wealth_points", "convert", "professional"),
    ("term_deposit", "deposit_rate_up", "cross_sell", "calm"),
    ("jicunjin", "gold_fee_5", "activate", "premium"),
    ("baitiao", "baitiao_interest_free_3", "activate", "lively"),
    ("jintiao", "jintiao_free_7", "activate", "professional"),
    ("plus", "plus_monthly_pack", "activate", "festive"),
    ("pay_bind", "pay_coupon_5", "activate", "lively"),
    ("life_payment", "pay_cashback_2", "activate", "warm"),
    ("medical_insurance", "", "cross_sell", "warm"),
)


@dataclass(frozen=True)
class Figures:
    """What is told of the texts of one offer in one language."""

    count: int
    titles: int
    distinct_1: float
    distinct_2: float
    bleu: float
    nearest: float
    passed: float
    fitting: float
    strange: int
    angles: dict[str, float]


def goal_of(pack: Pack, product: str, objective: str, tone: str, lang: str) -> Goal:
    """A goal as a sentence would make it, for a product, in a language."""
    kind = next(item.kind for item in pack.products if item.id == product)
    shape: dict[str, Any] = {"objective": objective, "product": kind, "channels": ["push", "sms"], "tone": tone}
    made, _ = set_goal(shape, text="推送" if lang != "en" else "push", today=TODAY, pack=pack)
    return replace(made, product=product, product_kind=kind, objective=objective, tone=tone,
                   lang="en" if lang == "en" else "zh")  # fmt: skip


def figures(
    made: Sequence[Message], goal: Goal, pack: Pack, benefit: Benefit | None, place: Place, lang: str
) -> Figures:
    """The figures of texts, checked once more as they are sent."""
    checker = review.checker(goal, pack)
    facts = facts_of(goal, pack, benefit)
    bare = [one.said for one in made]
    sent = [script.traditional(one.text) if lang == "zh-Hant" else one.text for one in made]
    passed = 0
    for text in sent:
        checked = checker(Material(text, place.id, place.channel, "", goal.lang))
        passed += not hard(checked.findings) and not [code for code in checked.missing if code.startswith("D-") and
                                                       code not in ("D-SMS-SIGN", "D-AD-LABEL", "D-REC-OFF")]  # fmt: skip
    longest = {role.role: longest_whole(place, role, goal.lang) for role in place.roles}
    fitting = sum(all(len(text) <= longest[role] for role, text in one.roles.items()) for one in made)
    strange = sum(bool(strange_numbers(one.text, facts, extra=writer_lines(goal, pack))) for one in made)
    nearest = [max((likeness(a, b) for j, b in enumerate(bare) if i != j), default=0.0) for i, a in enumerate(bare)]
    shares = Counter(one.angle for one in made)
    n = max(1, len(made))
    return Figures(
        len(made), len({next(iter(one.roles.values())) for one in made}), distinct(bare, 1), distinct(bare), self_bleu(bare),
        sum(nearest) / n, passed / n, fitting / n, strange, {name: shares[name] / n for name in ANGLES},
    )  # fmt: skip


def writer_lines(goal: Goal, pack: Pack) -> tuple[str, ...]:
    """What surrounds the words and holds numbers of its own: disclosures, signature, way out."""
    product = next(item for item in pack.products if item.id == goal.product)
    own = [label.of(goal.lang) for label in product.disclosures.values()]
    return (*own, *(label.of(goal.lang) for label in pack.disclosures.values()))


def main(arguments: list[str]) -> int:
    """Write, measure, and show every n-th text of each offer where asked; 1 if something does not pass."""
    parser = argparse.ArgumentParser(prog="linghang eval copy")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--show", type=int, default=0, metavar="N", help="show N texts of each offer")
    parser.add_argument("--channel", default="push")
    parser.add_argument("--langs", default="zh-CN,zh-Hant,en")
    parser.add_argument("--only", default="")
    told = parser.parse_args(arguments)
    pack = packs.load("demo")
    wrong = 0
    print("offer · language               texts titles  d-1   d-2  sBLEU nearest passed fits strange  "
          + " ".join(f"{name[:4]:>4}" for name in ANGLES) + "  CPU-s")  # fmt: skip
    for product, given, objective, tone in OFFERS:
        if told.only and told.only != product:
            continue
        benefit = next((item for item in pack.benefits if item.id == given), None)
        for lang in told.langs.split(","):
            goal = goal_of(pack, product, objective, tone, lang)
            channel = next(item for item in pack.channels if item.id == told.channel)
            place = place_of_channel(channel, goal.lang)
            started = time.process_time()
            made = messages(goal, pack, place, benefit, told.count, checker=review.checker(goal, pack), seed=7)
            spent = time.process_time() - started
            if not made:
                print(f"{product} · {lang}: nothing could be said")
                continue
            one = figures(made, goal, pack, benefit, place, lang)
            wrong += one.passed < 1 or one.fitting < 1 or one.strange > 0
            print(f"{product + ' · ' + lang:<30} {one.count:>5} {one.titles:>6} {one.distinct_1:.3f} {one.distinct_2:.3f} "
                  f"{one.bleu:.3f}  {one.nearest:.3f}  {one.passed:.3f} {one.fitting:.2f} {one.strange:>5}    "
                  + " ".join(f"{one.angles[name]:.2f}" for name in ANGLES) + f"  {spent:.1f}")  # fmt: skip
            for text in made[:: max(1, len(made) // told.show)] if told.show else ():
                said = re.sub(r"\n", " ‖ ", script.traditional(text.text) if lang == "zh-Hant" else text.text)
                print(f"    {text.angle:<8}{said}")
    return 1 if wrong else 0


if __name__ == "__main__":
    import sys

    sys.exit(main(sys.argv[1:]))
