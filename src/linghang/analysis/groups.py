"""Who belongs to which arm and layer: the snapshot and the hash of the package say it again whenever asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from linghang.campaigns.model import Package
from linghang.experiments import HOLDOUT, Arm, assign

Numbers = npt.NDArray[np.uint32]


@dataclass(frozen=True)
class Groups:
    """The audience by layer and arm. ``members`` are the dense numbers of each layer, from the signed snapshots."""

    package: Package
    members: Mapping[str, Numbers]

    @cached_property
    def arms(self) -> tuple[Arm, ...]:
        """The arms of the signed experiment."""
        return tuple(Arm(str(arm["id"]), float(arm["share"])) for arm in self.package.sections["experiment"]["arms"])

    @cached_property
    def _sets(self) -> dict[str, Numbers]:
        salt = str(self.package.sections["experiment"]["salt"])
        held = [n for n, arm in enumerate(self.arms) if arm.id == HOLDOUT]
        found: dict[str, Numbers] = {}
        for layer, numbers in self.members.items():
            own = np.sort(np.asarray(numbers, np.uint32))
            out = np.isin(assign(own, salt, self.arms), held)
            found |= {f"audience/{layer}": own, f"treated/{layer}": own[~out], f"holdout/{layer}": own[out]}
        for name in ("audience", "treated", HOLDOUT):
            parts = [numbers for key, numbers in found.items() if key.startswith(name + "/")]
            found[name] = np.sort(np.concatenate([np.zeros(0, np.uint32), *parts]))
        return found

    def within(self, name: str) -> Numbers:
        """The sorted numbers of ``audience``, ``treated``, ``holdout``, or of one of them in a layer (``treated/l0``).

        Raises KeyError for another name.
        """
        return self._sets[name]

    def size(self, name: str) -> int:
        """How many they are."""
        return len(self.within(name))

    def inside(self, customers: Numbers, name: str) -> npt.NDArray[np.bool_]:
        """Which customers belong to a group."""
        members = self.within(name)
        if not len(members):
            return np.zeros(len(customers), np.bool_)
        places = np.minimum(np.searchsorted(members, customers), len(members) - 1)
        return members[places] == customers

    def layer_of(self, customers: Numbers) -> list[str]:
        """The layer of each customer; empty outside the audience."""
        found = np.full(len(customers), "", dtype=object)
        for layer in self.members:
            found[self.inside(customers, f"audience/{layer}")] = layer
        return list(found)
