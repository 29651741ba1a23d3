"""Builds the bank of neighbours from what the learned reader is taught with: ``neighbours_*.npz``.

``teach_checker.py`` runs it. The house's own messages and documents stay out: whatever is unlike every example has no
margin. Deterministic.
"""

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from teach_reader import Text, alone

from linghang.compliance.neighbours import unit
from linghang.knowledge.embedding import embedded

_AXES = 128
_AMONG = (3, 5, 5)
"""How many of the nearest clauses, texts, texts that sell are compared: by cross-validation over the writers (docs/measurements.md)."""


def build(lang: str, learned: Sequence[Text], folder: Path) -> None:
    """Writes the bank of a language."""
    mine = [one for one in learned if (one.jurisdiction == "CN") == (lang == "zh")]
    clauses = dict.fromkeys(((said,), " ".join(sorted(broken))) for one in mine for said, broken in alone(one, lang))
    wholes = dict.fromkeys((_said(one, lang), bool(one.spans)) for one in mine if _whole(one))
    selling = dict.fromkeys((_said(one, lang), one.sells) for one in mine if one.sells is not None)
    # What breaks a rule comes first: its rules stand in the same order.
    said = [*(one for one, broken in clauses if broken), *(one for one, broken in clauses if not broken)]
    together = list(dict.fromkeys((*(one for one, _ in wholes), *(one for one, _ in selling))))
    raw = _encoded(said)
    axes = _principal(raw)
    place = {one: n for n, one in enumerate(together)}
    groups = {
        f"{name}_{side}": np.array([place[one] for one, holds in told if holds is (side == "yes")], np.int32)
        for name, told in (("texts", wholes), ("selling", selling))
        for side in ("yes", "no")
    }
    rules = np.array([broken.split()[0] for _, broken in clauses if broken])
    packed = {"said": _bytes(raw @ axes), "wholes": _bytes(_encoded(together) @ axes), "rules": rules, **groups}
    np.savez_compressed(
        folder / f"neighbours_{lang}.npz", axes=axes.astype(np.float16), among=np.array(_AMONG), **packed
    )
    sizes = ", ".join(f"{name} {len(places)}" for name, places in groups.items())
    print(f"{lang}: clauses {len(said)}, {len(rules)} of them wrong, {sizes}")


def _said(one: Text, lang: str) -> tuple[str, ...]:
    """The clauses of a whole."""
    return tuple(said for said, _ in alone(one, lang))


def _encoded(told: Sequence[tuple[str, ...]]) -> Any:
    """A vector for each, what its clauses say together; a clause is asked of the encoder once in this process."""
    known = _added()
    new = [said for said in dict.fromkeys(said for pieces in told for said in pieces) if said not in known]
    known.update(zip(new, embedded().summed(new), strict=True))
    return embedded().directed(np.array([np.sum([known[said] for said in pieces], axis=0) for pieces in told]))


@functools.cache
def _added() -> dict[str, Any]:
    return {}


def _whole(one: Text) -> bool:
    """A text whose label is about its words: what only lacks a disclosure says nothing about them."""
    return bool(one.spans) or one.sells is not True


def _principal(rows: Any) -> Any:
    """The directions in which rows differ most; their signs are fixed so that the file is."""
    _, _, axes = np.linalg.svd(np.cov((rows - rows.mean(axis=0)).T.astype(np.float64)))
    chosen = axes[:_AXES]
    return (chosen * np.sign(chosen[np.arange(_AXES), np.abs(chosen).argmax(axis=1)])[:, None]).T.astype(np.float32)


def _bytes(rows: Any) -> Any:
    return np.rint(unit(rows) / np.maximum(np.abs(unit(rows)).max(axis=1, keepdims=True), 1e-6) * 127).astype(np.int8)
