"""Builds the bank of neighbours from what the learned reader is taught with: ``neighbours_*.npz``.

``teach_checker.py`` runs it. The house's own messages and documents stay out: whatever is unlike every example has no
margin. Deterministic.
"""

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from teach_reader import Text, _pieces, _view

from linghang.compliance.neighbours import unit
from linghang.knowledge.embedding import embedded

_AXES = 128
_AMONG = {"clauses": 3, "texts": 5, "selling": 5}
"""How many of the nearest are compared: by cross-validation over the writers (docs/measurements.md)."""


def build(lang: str, learned: Sequence[Text], folder: Path) -> None:
    """Writes the bank of a language."""
    mine = [one for one in learned if (one.jurisdiction == "CN") == (lang == "zh")]
    clauses = dict.fromkeys((said, " ".join(sorted(broken))) for one in mine for said, broken in _pieces(one, lang))
    wholes = dict.fromkeys((_view(one.text, lang).text, bool(one.spans)) for one in mine if _whole(one))
    selling = dict.fromkeys((_view(one.text, lang).text, one.sells) for one in mine if one.sells is not None)
    told = {
        "clauses": ([said for said, broken in clauses if broken], [said for said, broken in clauses if not broken]),
        "texts": ([said for said, bad in wholes if bad], [said for said, bad in wholes if not bad]),
        "selling": ([said for said, sells in selling if sells], [said for said, sells in selling if not sells]),
    }
    raw = {name: tuple(_encoded(said) for said in sides) for name, sides in told.items()}
    axes = _principal(np.vstack(raw["clauses"]))
    packed: dict[str, Any] = {"axes": axes.astype(np.float16)}
    for name, (yes, no) in raw.items():
        packed |= {f"{name}_yes": _bytes(yes @ axes), f"{name}_no": _bytes(no @ axes), f"{name}_among": _AMONG[name]}
    rules = [broken.split()[0] for _, broken in clauses if broken]
    np.savez_compressed(folder / f"neighbours_{lang}.npz", rules=np.array(rules), **packed)
    print(f"{lang}: " + ", ".join(f"{name} {len(yes)} and {len(no)}" for name, (yes, no) in told.items()))


def _encoded(pieces: Sequence[str]) -> Any:
    """Their vectors; what was encoded once in this process is not again."""
    known = _vectors()
    new = [piece for piece in dict.fromkeys(pieces) if piece not in known]
    known.update(zip(new, embedded().encode(new), strict=True))
    return np.array([known[piece] for piece in pieces])


@functools.cache
def _vectors() -> dict[str, Any]:
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
