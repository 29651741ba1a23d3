"""What all sheets built by construction print: what failed, by class and by the ingredients that fail most."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

Sentence = tuple[str, str, Any, Iterable[str]]
"""The class, the text, what it says, and the ingredients it was made of."""


def tell(made: Iterable[Sentence], wrong: Callable[[str, str, Any], Any], shown: int) -> None:
    """Print the sentences that ``wrong(class, text, truth)`` finds read otherwise, at most ``shown`` of them, and the
    counts."""
    seen, failed, parts, bad = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for name, text, truth, drawn in made:
        seen[name] += 1
        found = wrong(name, text, truth)
        for part in set(drawn):
            parts[part] += 1
            bad[part] += bool(found)
        if found:
            failed[name] += 1
            if sum(failed.values()) <= shown:
                print(f"[{name}] {text}\n    {found}")
    print("; ".join(f"{name} {failed[name]} of {seen[name]}" for name in seen))
    worst = sorted((p for p in bad if parts[p] >= 3 and bad[p] / parts[p] > 0.25), key=lambda p: -bad[p] / parts[p])
    print("; ".join(f"{p} {bad[p]}/{parts[p]}" for p in worst[:90]))
    print(f"{sum(failed.values())} of {sum(seen.values())} failed")
