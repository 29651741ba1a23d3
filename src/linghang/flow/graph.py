"""The section graph: which section is derived from what. A section's key is the digest of what it may look at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from linghang.base.digest import digest, plain
from linghang.base.findings import Finding
from linghang.campaigns.model import Campaign
from linghang.kit.context import Context
from linghang.packs.model import Pack


@dataclass(frozen=True)
class Made:
    """What a node made: the section's value and what should be known about it."""

    value: Any
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Look:
    """What a node may look at: the pack, and the sections that it named as inputs (others raise KeyError)."""

    campaign_id: str
    pack: Pack
    values: Mapping[str, Any]
    avoid: tuple[str, ...] = ()
    """Texts and pictures that a reviewer sent back; the node must make others."""

    def __getitem__(self, section: str) -> Any:
        return self.values[section]


Make = Callable[[Context, Look], Made]


@dataclass(frozen=True)
class Node:
    """A derived section: how it is made, by which skill version, from which inputs.

    An input is a section (``layers``), a part of one (``goal.tone``), or a fact of the surroundings (``@pack``,
    ``@customers``). A node that names parts must not read the others: the key would not see them change.
    """

    section: str
    inputs: tuple[str, ...]
    make: Make
    version: str = "1"

    @property
    def needs(self) -> tuple[str, ...]:
        """The sections that must be there before."""
        names = (path.split(".")[0] for path in self.inputs if not path.startswith("@"))
        return tuple(dict.fromkeys(names))


def input_digests(node: Node, campaign: Campaign, surroundings: Mapping[str, str]) -> dict[str, str]:
    """Input path → digest of what is there now."""
    digests: dict[str, str] = {}
    for path in node.inputs:
        if path.startswith("@"):
            digests[path] = surroundings[path]
            continue
        name, *steps = path.split(".")
        section = campaign.sections[name]
        if not steps:
            digests[path] = section.digest
            continue
        value = section.value
        for step in steps:
            value = value.get(step) if isinstance(value, Mapping) else getattr(value, step)
        digests[path] = digest(plain(value))
    return digests


def key_of(node: Node, digests: Mapping[str, str], avoid: tuple[str, ...] = ()) -> str:
    """The cache key of a node's result."""
    return digest([node.section, node.version, dict(digests), list(avoid)])


def order(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """The nodes so that every one comes after what it needs. Raises ValueError for a cycle or an unknown need."""
    placed: list[Node] = []
    done = {"brief", "choice", "pins"}
    left = list(nodes)
    while left:
        ready = [node for node in left if set(node.needs) <= done]
        if not ready:
            raise ValueError(f"sections without a way to make them: {[node.section for node in left]}")
        placed.extend(ready)
        done |= {node.section for node in ready}
        left = [node for node in left if node.section not in done]
    return tuple(placed)
