"""Who the customers are: age, place, work, how long they have been here and how lately they came."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from linghang.simulator.draws import Flags, Floats, Ints, correlated, generator, happens, logistic, pick, share_of
from linghang.simulator.parameters import parameters


@dataclass(frozen=True)
class Coded:
    """A column of names by their place."""

    codes: Ints
    names: tuple[str, ...]

    def at(self, *names: str) -> Flags:
        """Where the name is one of ``names``."""
        return np.isin(self.codes, [place for place, name in enumerate(self.names) if name in names])


Column = npt.NDArray[Any] | Coded


@dataclass
class Block:
    """A block of customers while it is made: latents, columns, and where a column is unknown."""

    seed: int
    number: int
    size: int
    latent: dict[str, Floats]
    columns: dict[str, Column] = field(default_factory=dict)
    unknown: dict[str, Flags] = field(default_factory=dict)

    def stream(self, topic: str) -> np.random.Generator:
        """The random numbers of a topic."""
        return generator(self.seed, self.number, topic)

    def numbers(self, name: str) -> npt.NDArray[Any]:
        """A column of numbers or flags."""
        column = self.columns[name]
        if isinstance(column, Coded):
            raise TypeError(f"{name} is a column of names")
        return column

    def coded(self, name: str) -> Coded:
        """A column of names."""
        column = self.columns[name]
        if not isinstance(column, Coded):
            raise TypeError(f"{name} is a column of numbers")
        return column


def begin(seed: int, number: int) -> Block:
    """A block with its latents drawn."""
    told = parameters()
    size = int(told["chunk"])
    drawn = correlated(generator(seed, number, "latent"), size, told["latent"]["correlation"])
    return Block(seed, number, size, {name: drawn[:, place] for place, name in enumerate(told["latent"]["names"])})


def add_profile(block: Block) -> None:
    """Add age, sex, place, work, pay, phone and where the customer came from."""
    told, stream, size = parameters()["profile"], block.stream("profile"), block.size
    age = np.interp(share_of(block.latent["age"]), told["age_share"], told["age_years"]).astype(np.int64)
    block.columns["age"] = age
    block.columns["gender"] = Coded(happens(stream, told["female"], size).astype(np.int64), ("M", "F"))
    _add_place(block, stream)
    _add_work(block, age)
    block.columns["has_child"] = happens(
        stream, told["child_most"] * logistic((age - told["child_age"]) * told["child_slope"]) * (age < 68), size
    )
    tier = block.numbers("_tier")
    ios = happens(stream, np.asarray(told["ios"])[tier - 1], size)
    harmony = happens(stream, told["harmony"], size)
    block.columns["device_os"] = Coded(np.where(ios, 0, np.where(harmony, 2, 1)), ("iOS", "Android", "HarmonyOS"))
    sources = told["lead_source"]
    block.columns["lead_source"] = Coded(pick(stream, list(sources.values()), size), tuple(sources))
    kyc = happens(stream, told["kyc"], size)
    block.columns["kyc_done"] = kyc
    block.columns["card_bound"] = kyc & happens(stream, told["card"], size)


def _add_place(block: Block, stream: np.random.Generator) -> None:
    rows = parameters()["cities"]["rows"]
    codes = pick(stream, [row[4] for row in rows], block.size)
    block.columns["city"] = Coded(codes, tuple(row[0] for row in rows))
    tier = np.array([row[1] for row in rows], np.int64)[codes]
    block.columns["_tier"] = tier
    block.columns["city_tier"] = Coded(tier - 1, ("1", "2", "3", "4", "5"))
    for name, place in (("province", 2), ("region", 3)):
        names = tuple(dict.fromkeys(row[place] for row in rows))
        block.columns[name] = Coded(np.array([names.index(row[place]) for row in rows])[codes], names)


def _add_work(block: Block, age: Ints) -> None:
    told, stream = parameters()["occupation"], block.stream("work")
    band = np.searchsorted(told["bands"], age, side="right")
    edges = np.cumsum(np.asarray(told["shares"], np.float64), axis=1)
    edges /= edges[:, -1:]
    job = (stream.random(block.size)[:, None] > edges[band]).sum(axis=1).clip(0, len(told["names"]) - 1)
    block.columns["occupation"] = Coded(job, tuple(told["names"]))
    median = np.asarray(told["salary_yuan"], np.float64)[job]
    tier = np.asarray(told["salary_tier"])[block.numbers("_tier") - 1]
    spread = told["salary_sigma"] * (
        0.6 * block.latent["wealth"] + np.sqrt(1 - 0.36) * stream.standard_normal(block.size)
    )
    salary = median * tier * np.exp(spread)
    profile = parameters()["profile"]
    payroll = happens(stream, profile["payroll"] * (median > 0) * 1.15, block.size)
    block.columns["payroll"] = payroll
    block.columns["salary_cny"] = (np.round(salary, -1) * 100).astype(np.int64)
    hidden = happens(stream, profile["salary_unknown"], block.size) & ~payroll
    block.unknown["salary_cny"] = hidden | (median == 0)


def add_history(block: Block) -> None:
    """Add since when the customer is here, how lately active, and the stage of life that follows."""
    told, stream, size = parameters()["profile"], block.stream("history"), block.size
    new = happens(stream, told["new_share"], size)
    long = stream.triangular(90, 400, told["register_most"], size)
    registered = np.where(new, stream.integers(0, 91, size), np.maximum(long, 91)).astype(np.int64)
    idle = np.interp(1 - share_of(block.latent["activity"]), told["idle_share"], told["idle_days"])
    last = np.minimum(np.floor(idle * np.exp(0.15 * stream.standard_normal(size))), registered).astype(np.int64)
    block.columns["register_days"] = registered
    block.columns["last_active_days"] = last
    # Paying or an automatic debit is activity without opening the app.
    quiet = happens(stream, 0.12, size) * stream.geometric(0.08, size)
    block.columns["last_login_days"] = np.minimum(last + quiet, registered).astype(np.int64)
    active = last <= 30
    block.columns["active"] = active
    days = np.clip(np.round(30 * np.exp(-last / 9.0) * np.exp(0.4 * stream.standard_normal(size))), 1, 30)
    block.columns["active_days"] = np.where(active, days, 0).astype(np.int64)
    stage = np.where(last >= 180, 4, np.where(last >= 60, 3, 1))
    block.columns["_stage"] = np.where((registered <= 90) & (last < 60), 0, stage)
    dormant, churned = stage == 3, stage == 4
    installed = np.where(
        churned, told["app_installed"][2], np.where(dormant, told["app_installed"][1], told["app_installed"][0])
    )
    block.columns["app_installed"] = happens(stream, installed, size)
    hazard = -0.8 * block.latent["activity"] + 0.6 * stream.standard_normal(size)
    block.columns["churn_score"] = np.round(share_of(hazard), 4)


def add_stage(block: Block) -> None:
    """Add the life cycle, member tier and groups, which need the holdings."""
    told, wealth = parameters()["profile"], parameters()["wealth"]
    stream, size = block.stream("stage"), block.size
    aum, age = block.numbers("aum_cny") / 100, block.numbers("age")
    stage = block.numbers("_stage")
    mature = (
        (stage == 1) & (block.numbers("register_days") > 730) & (block.numbers("holding_count") >= 3) & (aum >= 50_000)
    )
    block.columns["lifecycle"] = Coded(np.where(mature, 2, stage), ("new", "existing", "mature", "dormant", "churned"))
    tier = np.searchsorted(wealth["tier_yuan"], aum, side="right")
    plus = happens(
        stream, logistic(wealth["plus"] + 0.35 * block.latent["digital"] + 0.3 * block.latent["offer"]), size
    )
    names = ("normal", "silver", "gold", "platinum", "diamond", "private", "PLUS")
    block.columns["member_tier"] = Coded(np.where(plus & (tier < 4), 6, tier), names)
    block.columns["_plus"] = plus
    follow = happens(stream, logistic(told["follow_manager"] + 0.5 * block.latent["wealth"] + 0.02 * (age - 40)), size)
    block.columns["follow_manager"] = follow
    _add_groups(block, stream, age, aum)


def _add_groups(block: Block, stream: np.random.Generator, age: Ints, aum: Floats) -> None:
    told, size = parameters()["profile"], block.size
    female, child, job = block.coded("gender").at("F"), block.numbers("has_child"), block.coded("occupation")
    small = child & (age >= 22) & (age <= 45) & happens(stream, 0.55, size)
    groups = {
        "employee": happens(stream, told["employee"], size) & (age <= 60),
        "enterprise_owner": job.at("self_employed") & happens(stream, 0.6, size),
        "宝妈": small & female,
        "宝爸": small & ~female,
        "退休规划": (age >= 40) & (age < 62) & happens(stream, 0.3, size),
        "银发": age >= 60,
        "student": job.at("student"),
        "新市民": job.at("blue_collar", "gig_worker", "freelancer") & happens(stream, 0.5, size),
        "车主": (age >= 24) & happens(stream, told["car"], size),
        "小白": ~block.numbers("_invested") & (age <= 50),
        "价格敏感": block.latent["offer"] > 1.1,
        "高净值": aum >= 1_000_000,
        "白领": job.at("white_collar", "engineer") & (age <= 45),
    }
    block.columns["_groups"] = np.column_stack(list(groups.values()))
    block.columns["_group_names"] = np.array(list(groups), dtype=object)
