"""The files of a pack, bound to the model and put together; groups and shorthands are opened here."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from linghang.packs.asking import ApprovalRule
from linghang.packs.binding import Problems, bind, convert
from linghang.packs.model import (
    Application,
    Attribute,
    Benefit,
    Brand,
    Channel,
    ContactBasis,
    CustomerTable,
    EventKind,
    History,
    Label,
    Metric,
    Pack,
    Phrase,
    Playbook,
    Pool,
    Product,
    Slot,
    Term,
)

T = TypeVar("T")
_HEAD = ("id", "version", "label", "zone", "currency", "jurisdiction", "simulated")
_PACK_KEYS = (*_HEAD, "contact", "customers", "approvals", "objects")


def assemble(raw: Mapping[str, Any], digest: str, folder: str, problems: Problems) -> Pack | None:
    """The pack that the plain values of its files say, with problems noted; None when not even its head is right."""
    head = _head(raw.get("pack"), problems)
    brand = bind(Brand, raw.get("brand"), ("brand",), problems)
    texts = _disclosures(raw, "disclosures", brand, problems)
    short = _disclosures(raw, "short_disclosures", brand, problems)
    benefits, pools = _benefits(raw.get("benefits"), problems)
    parts: dict[str, Any] = {
        "attributes": _list(Attribute, raw, "attributes", problems),
        "events": _list(EventKind, raw, "events", problems),
        "metrics": _list(Metric, raw, "metrics", problems),
        "products": _products(raw.get("products"), texts, problems),
        "benefits": benefits,
        "pools": pools,
        "slots": _list(Slot, raw, "slots", problems),
        "channels": _list(Channel, raw, "channels", problems),
        "brand": brand,
        "lexicon": _list(Term, raw, "lexicon", problems),
        "playbooks": _list(Playbook, raw, "playbooks", problems),
        "applications": _list(Application, raw, "applications", problems),
        "phrases": _phrases(raw.get("phrases"), problems),
        "history": _list(History, raw, "history", problems),
        "disclosures": texts,
        "short_disclosures": short,
    }
    broken = {str(problem.path[0]) for problem in problems.found}
    if broken & {"pack", "brand"}:
        return None
    # The lists of a file that is wrong are left out, so that all other files can still be checked against each other.
    for name in broken & set(parts):
        parts[name] = {} if name in ("disclosures", "short_disclosures") else ()
    if "benefits" in broken:
        parts["pools"] = ()
    return Pack(**head, **parts, digest=digest, folder=folder)


def _head(raw: object, problems: Problems) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        problems.add("pack.not_a_mapping", ("pack",), found=str(raw)[:60], allowed=", ".join(_PACK_KEYS))
        return {}
    for key in raw:
        if key not in _PACK_KEYS:
            problems.add("pack.unknown_key", ("pack", str(key)), found=str(key), allowed=", ".join(_PACK_KEYS))
    hints = {"label": Label, "simulated": bool}
    head: dict[str, Any] = {}
    for key in _HEAD:
        if key in raw:
            head[key] = convert(hints.get(key, str), raw[key], ("pack", key), problems)
        elif key != "simulated":
            problems.add("pack.missing_key", ("pack",), key=key, allowed=", ".join(_PACK_KEYS))
    # Without a word on consent nobody may be contacted: the pack has to say on what ground.
    head["contact"] = bind(ContactBasis, raw.get("contact"), ("pack", "contact"), problems)
    if "approvals" in raw:
        rules = convert(tuple[ApprovalRule, ...], raw["approvals"], ("pack", "approvals"), problems)
        head["approvals"] = rules if isinstance(rules, tuple) else ()
    if "objects" in raw:
        named = convert(dict[str, Label], raw["objects"], ("pack", "objects"), problems)
        head["objects"] = named if isinstance(named, dict) else {}
    if "customers" in raw:
        head["customers"] = bind(CustomerTable, raw["customers"], ("pack", "customers"), problems)
    return head


def _items(raw: object, name: str, problems: Problems) -> list[Any]:
    if raw is None:
        return []
    if not isinstance(raw, list):
        problems.add("pack.not_a_list", (name,), found=str(raw)[:60])
        return []
    return raw


def _list(kind: type[T], raw: Mapping[str, Any], name: str, problems: Problems) -> tuple[T, ...]:
    made = [bind(kind, item, (name, n), problems) for n, item in enumerate(_items(raw.get(name), name, problems))]
    return tuple(item for item in made if item is not None)


def _disclosures(raw: Mapping[str, Any], name: str, brand: Brand | None, problems: Problems) -> dict[str, Label]:
    """The usual texts of a file, with the brand's name put in."""
    made = convert(dict[str, Label], raw.get(name) or {}, (name,), problems)
    if brand is None or not isinstance(made, dict):
        return {}
    return {
        code: Label(text.zh.replace("{brand}", brand.name.zh), text.en.replace("{brand}", brand.name.en))
        for code, text in made.items()
    }


def _products(raw: object, texts: Mapping[str, Label], problems: Problems) -> tuple[Product, ...]:
    made: list[Product] = []
    for n, item in enumerate(_items(raw, "products", problems)):
        opened = item
        if isinstance(item, Mapping) and isinstance(item.get("disclosures"), list):
            opened = {**item, "disclosures": _usual(item["disclosures"], texts, n, problems)}
        product = bind(Product, opened, ("products", n), problems)
        if product is not None:
            own = {name: _filled(product, getattr(product, name)) for name in ("disclosures", "short_disclosures")}
            made.append(replace(product, **own))
    return tuple(made)


def _filled(product: Product, texts: Mapping[str, Label]) -> dict[str, Label]:
    """The disclosures with the product's own risk level and provider, so that no text is left with a gap."""
    provider = product.provider or Label("", "")
    return {
        code: Label(
            text.zh.replace("{risk}", product.risk).replace("{provider}", provider.zh),
            text.en.replace("{risk}", product.risk).replace("{provider}", provider.en),
        )
        for code, text in texts.items()
    }


def _usual(codes: list[Any], texts: Mapping[str, Label], place: int, problems: Problems) -> dict[str, Any]:
    """A list of codes takes the usual texts of ``disclosures.yaml``; ``{code: text}`` gives the product's own."""
    found: dict[str, Any] = {}
    for n, code in enumerate(codes):
        if isinstance(code, Mapping):
            found.update(code)
        elif str(code) in texts:
            label = texts[str(code)]
            found[str(code)] = {"zh": label.zh, "en": label.en}
        else:
            problems.add("pack.unknown_reference", ("products", place, "disclosures", n), found=str(code),
                         kind="disclosure", allowed=", ".join(texts), near="")  # fmt: skip
    return found


def _benefits(raw: object, problems: Problems) -> tuple[tuple[Benefit, ...], tuple[Pool, ...]]:
    if raw is None:
        return (), ()
    if not isinstance(raw, Mapping) or set(raw) - {"pools", "benefits"}:
        problems.add("pack.not_a_mapping", ("benefits",), found=str(raw)[:60], allowed="pools, benefits")
        return (), ()
    pools = [
        bind(Pool, item, ("benefits", "pools", n), problems)
        for n, item in enumerate(_items(raw.get("pools"), "benefits", problems))
    ]
    benefits = [
        bind(Benefit, item, ("benefits", "benefits", n), problems)
        for n, item in enumerate(_items(raw.get("benefits"), "benefits", problems))
    ]
    return tuple(item for item in benefits if item), tuple(item for item in pools if item)


def _phrases(raw: object, problems: Problems) -> tuple[Phrase, ...]:
    """Each group says role, angle, tones … once and lists its ``texts``."""
    made: list[Phrase] = []
    for n, group in enumerate(_items(raw, "phrases", problems)):
        if not isinstance(group, Mapping) or not isinstance(group.get("texts"), list):
            problems.add("pack.missing_key", ("phrases", n), key="texts", allowed="role, lang, angle, texts, …")
            continue
        shared = {key: value for key, value in group.items() if key != "texts"}
        before = len(problems.found)
        for m, text in enumerate(group["texts"]):
            own = text if isinstance(text, Mapping) else {"text": text}
            phrase = bind(Phrase, {**shared, **own}, ("phrases", n, "texts", m), problems)
            if phrase is not None:
                made.append(phrase)
            if len(problems.found) > before:
                break  # what is wrong in the group would be told once a text
    return tuple(made)
