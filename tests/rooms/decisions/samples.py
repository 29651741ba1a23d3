"""A signed package of the sample campaign, made by the rooms themselves, and its view."""

import datetime as dt
from dataclasses import replace

from benefits.samples import AUDIENCE, GOAL, LAYERS, PACK, audience

from linghang.base.digest import plain
from linghang.benefits import allocate
from linghang.campaigns.model import Package
from linghang.campaigns.sections import Arm, Creative, Creatives, Experiment, Goal, Layers
from linghang.creatives.combinations import combine
from linghang.creatives.copy import Checked, write
from linghang.decisions import Customer, PackageView, Request, State, view
from linghang.experiments import arms_for
from linghang.packs.model import Pack
from linghang.placements import plan

BANK = "bank"
NOON = dt.datetime(2026, 12, 1, 4, tzinfo=dt.UTC)  # 12:00 in Shanghai
REACHED = {"push": True, "sms": True}


def package(
    goal: Goal = GOAL, name: str = "a", layers: Layers = LAYERS, pack: Pack = PACK, reach: dict[str, int] | None = None
) -> Package:
    people = audience(layers, reach) if reach is not None else AUDIENCE
    allocation = allocate(goal, layers, people, pack, plan="bold").allocation
    texts = write(goal, layers, allocation, pack, checker=lambda material: Checked()).texts
    sets = dict.fromkeys((text.layer, text.place, text.variant) for text in texts.texts if text.place in goal.slots)
    pictures = tuple(
        Creative(
            f"cre_{layer}_{place}_{variant}", layer, place, "warm", 1080, 420, "image/png", 9, "", "", variant=variant
        )
        for layer, place, variant in sets
    )
    count = sum(layer.count for layer in layers.layers)
    arms = tuple(Arm(arm.id, arm.share) for arm in arms_for(goal.holdout_pct))
    held = round(count * goal.holdout_pct / 100)
    experiment = Experiment(f"salt-{name}", arms, goal.kpi, (), 0.02, 0.01, 0.01, 0.05, 0.8, count - held, held, True)
    sections = {
        "goal": goal,
        "audience": people,
        "layers": layers,
        "benefits": allocation,
        "experiment": experiment,
        "placements": plan(goal, allocation, pack).placements,
        "combinations": combine(goal, layers, allocation, texts, Creatives(pictures), pack),
    }
    return Package(
        name * 64,
        BANK,
        f"cmp_{name}",
        1,
        "d",
        {key: plain(value) for key, value in sections.items()},
        f"salt-{name}",
        seed=5,
    )


def seen(goal: Goal = GOAL, name: str = "a", **more) -> PackageView:
    return view(package(goal, name, **more), PACK)


VIEW = seen()
PLENTY = State(left={VIEW.hash: {"coupon_5": 9, "coupon_20": 9, "packet_50": 9}})


def person(number: int, layer: str = "l1", **more) -> Customer:
    known = {"layers": {VIEW.hash: layer}, "consents": REACHED, "risk": 3, "feature_version": "g1", **more}
    return Customer(number, **known)


def asked(customer: int, place: str = "home_banner", channel: str = "inapp_banner", at: dt.datetime = NOON) -> Request:
    return Request(BANK, f"dec_{customer}", customer, place, channel, at)


__all__ = ["BANK", "NOON", "PLENTY", "VIEW", "asked", "package", "person", "replace", "seen"]
