"""Writes ``packs/data/rules/phrases.txt``: the short Chinese phrases that patterns name in the rules' own examples.

A phrase that breaks a rule by itself is worth hiding: disguises of it are looked for (``vocabulary.hidden_words``).
"""

from pathlib import Path

from linghang.compliance import load_rules
from linghang.compliance.matching import matches
from linghang.compliance.model import Material
from linghang.compliance.normalise import normalise
from linghang.compliance.patterns import lexicon

TARGET = Path(__file__).parent.parent / "src" / "linghang" / "packs" / "data" / "rules" / "phrases.txt"
_SHORTEST, _LONGEST = 3, 6


def phrases() -> list[str]:
    """The phrases, sorted."""
    words, found = lexicon("zh"), set[str]()
    for rule in load_rules("CN"):
        for example in rule.examples:
            if not example.positive:
                continue
            product = example.product or (rule.products[0] if rule.products else "brand")
            channel = example.channel or (rule.channels[0] if rule.channels else "landing")
            view = normalise(example.text)
            for match in matches([rule], view, Material(example.text, product, channel), "promotion", words):
                said = view.text[match.start : match.end]
                if _SHORTEST <= len(said) <= _LONGEST and all("\u4e00" <= char <= "\u9fff" for char in said):
                    found.add(said)
    return sorted(found)


if __name__ == "__main__":
    TARGET.write_text("\n".join(phrases()) + "\n", "utf-8")
