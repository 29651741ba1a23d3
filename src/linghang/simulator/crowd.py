"""Those who are played: their latents and what they allow, made again from the seed or, for a real table, unknown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from linghang.base.errors import UsageError
from linghang.packs.model import Pack
from linghang.simulator.blocks import make_block
from linghang.simulator.draws import Flags, Floats, Ints
from linghang.simulator.parameters import parameters
from linghang.simulator.people import Block

_LATENTS = ("activity", "wealth", "offer", "digital", "taste")
STAGES = ("new", "existing", "mature", "dormant", "churned")


@dataclass(frozen=True)
class Crowd:
    """Customers as arrays, in the order of ``ids``. ``keys`` are their numbers; ``group`` is a place in the
    parameters' groups; ``stage`` a place in STAGES; ``allowed`` says for each channel who may be contacted by it.
    """

    ids: tuple[str, ...]
    keys: Ints
    latent: Mapping[str, Floats]
    group: Ints
    stage: Ints
    installed: Flags
    allowed: Mapping[str, Flags]

    def place(self) -> dict[str, int]:
        """Where each id stands."""
        return {name: n for n, name in enumerate(self.ids)}


def simulated_crowd(pack: Pack, seed: int, ids: Sequence[str]) -> Crowd:
    """The simulated customers of these ids. Raises UsageError("simulator.unknown_customer")."""
    keys = np.array([_number(name) for name in ids], np.int64)
    if not len(keys):
        return real_crowd(pack, ids)
    size = int(parameters()["chunk"])
    rows = [np.nonzero(keys // size == number)[0] for number in np.unique(keys // size)]
    parts = [_part(make_block(pack, seed, int(keys[row[0]] // size))[0], pack, keys[row]) for row in rows]
    back = np.argsort(np.concatenate(rows))
    return Crowd(
        tuple(ids),
        keys,
        {name: np.concatenate([part.latent[name] for part in parts])[back] for name in _LATENTS},
        np.concatenate([part.group for part in parts])[back],
        np.concatenate([part.stage for part in parts])[back],
        np.concatenate([part.installed for part in parts])[back],
        {name: np.concatenate([part.allowed[name] for part in parts])[back] for name in parts[0].allowed},
    )


def _number(name: str) -> int:
    prefix = parameters()["id_prefix"]
    digits = name.removeprefix(prefix)
    if not name.startswith(prefix) or not digits.isdigit():
        raise UsageError("simulator.unknown_customer", customer=name, form=prefix + "00000000")
    return int(digits)


def _part(block: Block, pack: Pack, keys: Ints) -> Crowd:
    at = keys % block.size
    age = block.numbers("age")[at]
    allowed: dict[str, Flags] = {}
    for channel in pack.channels:
        flag = np.ones(len(at), np.bool_)
        for name, wanted in ((channel.consent, True), (channel.opt_out, False), (channel.reachable, True)):
            if name and name in block.columns:
                flag &= block.numbers(name)[at] == wanted
        allowed[channel.id] = flag
    return Crowd(
        (),
        keys,
        {name: block.latent[name][at] for name in _LATENTS},
        np.where(age < 32, 0, np.where(age < 55, 1, 2)),
        block.coded("lifecycle").codes[at],
        block.numbers("app_installed")[at],
        allowed,
    )


def real_crowd(pack: Pack, ids: Sequence[str]) -> Crowd:
    """Customers of a real table: nothing is known of them but what their response model says."""
    count = len(ids)
    return Crowd(
        tuple(ids),
        np.arange(count, dtype=np.int64),
        {name: np.zeros(count) for name in _LATENTS},
        np.ones(count, np.int64),
        np.ones(count, np.int64),
        np.zeros(count, np.bool_),
        {channel.id: np.ones(count, np.bool_) for channel in pack.channels},
    )
