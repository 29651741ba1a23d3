"""Credit: who was approved, how much, who draws, and this period's bill."""

import numpy as np

from linghang.packs.model import Pack
from linghang.simulator.draws import happens, logistic
from linghang.simulator.parameters import parameters
from linghang.simulator.people import Block
from linghang.simulator.wealth import Holdings


def add_credit(block: Block, pack: Pack) -> Holdings:
    """Add the credit columns; returns the loans as holdings (what is outstanding, in fen)."""
    told, stream, size = parameters()["credit"], block.stream("credit"), block.size
    age, offer = block.numbers("age"), block.latent["offer"]
    points = parameters()["risk"]["score_sd"] * block.latent["credit"]
    grown = (age >= 20) & (age <= 60) & ~block.coded("occupation").at("student")
    approved = (
        grown & block.numbers("kyc_done") & happens(stream, logistic(told["approved"] + told["score"] * points), size)
    )
    activated = approved & happens(stream, told["activated"], size)
    drawn = activated & happens(stream, told["drawn"] + told["drawn_offer"] * 0.1 * offer, size)
    limit = told["limit_median"] * np.exp(
        told["limit_sigma"] * (0.6 * block.latent["credit"] + 0.8 * stream.standard_normal(size))
    )
    used = np.where(drawn, stream.random(size) * 0.8, 0.0)
    block.columns["credit_approved"] = approved
    block.columns["credit_activated"] = activated
    block.columns["credit_drawn"] = drawn
    block.columns["credit_limit_cny"] = np.round(np.minimum(limit, 200_000) * (1 - used), -2).astype(np.int64) * 100
    block.unknown["credit_limit_cny"] = ~approved
    block.columns["loan_settled"] = drawn & happens(stream, told["settled"], size)
    block.columns["loan_rejected"] = grown & ~approved & happens(stream, told["rejected"], size)
    overdue = drawn & happens(stream, told["overdue"] * np.exp(-0.006 * points), size)
    block.columns["overdue"] = overdue
    block.columns["instalment"] = drawn & happens(stream, told["instalment"], size)
    _add_bill(block, stream, drawn, overdue)
    return _loans(block, pack, stream, drawn, np.minimum(limit, 200_000) * used)


def _add_bill(block: Block, stream: np.random.Generator, drawn: np.ndarray, overdue: np.ndarray) -> None:
    told, size = parameters()["credit"], block.size
    bill = drawn & happens(stream, told["bill"], size)
    unpaid = bill & (happens(stream, told["bill_unpaid"], size) | overdue)
    amount = told["bill_median"] * np.exp(told["bill_sigma"] * stream.standard_normal(size))
    block.columns["bill_exists"] = bill
    block.columns["bill_unpaid"] = unpaid
    block.columns["bill_amount_cny"] = np.round(amount * 100).astype(np.int64)
    # Past the due date only the overdue are below zero.
    block.columns["bill_due_days"] = np.where(overdue, -stream.integers(1, 60, size), stream.integers(0, 31, size))
    block.unknown["bill_amount_cny"] = block.unknown["bill_due_days"] = ~bill


def _loans(block: Block, pack: Pack, stream: np.random.Generator, drawn: np.ndarray, yuan: np.ndarray) -> Holdings:
    told = parameters()["credit"]
    place = {product.id: n for n, product in enumerate(pack.products)}
    draw = stream.random(block.size)
    business = block.coded("occupation").at("self_employed")
    which = np.where(draw < told["jintiao"], place.get("jintiao", -1), place.get("baitiao", -1))
    which = np.where(business & (draw > 1 - told["business"] * 4), place.get("business_loan", -1), which)
    who = np.nonzero(drawn & (which >= 0))[0]
    days = np.minimum(np.floor(stream.random(len(who)) * 420), block.numbers("register_days")[who]).astype(np.int64)
    return Holdings(
        who,
        which[who].astype(np.int64),
        np.round(yuan[who] * 100).astype(np.int64),
        days,
        ~block.numbers("loan_settled")[who],
    )
