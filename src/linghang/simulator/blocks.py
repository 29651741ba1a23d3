"""A whole block of customers, made in the order in which one thing follows from another."""

from linghang.base.errors import UsageError
from linghang.packs import load
from linghang.packs.model import Pack
from linghang.simulator.consents import add_consents, add_manager_consent, add_risk
from linghang.simulator.credit import add_credit
from linghang.simulator.people import Block, add_history, add_profile, add_stage, begin
from linghang.simulator.wealth import Holdings, add_wealth, joined, services


def simulated(pack: str) -> Pack:
    """The pack, if its customers are simulated. Raises UsageError("simulator.not_simulated") otherwise."""
    told = load(pack)
    if not told.simulated:
        raise UsageError("simulator.not_simulated", pack=told.id)
    return told


def make_block(pack: Pack, seed: int, number: int) -> tuple[Block, Holdings]:
    """Block ``number`` of a seed, and the rows of its holdings."""
    block = begin(seed, number)
    add_profile(block)
    add_history(block)
    add_consents(block)
    add_risk(block)
    owned = add_wealth(block, pack)
    loans = add_credit(block, pack)
    add_stage(block)
    add_manager_consent(block)
    return block, joined([owned, loans, services(block, pack)])
