"""Teaches the checker's learned reader from the rules' examples and the labelled sets: the weights of ``reader_*.npz``.

``teach_checker.py`` runs it, with what the bank of neighbours and the weighing take from the same texts. Deterministic:
the same data give the same files.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from linghang import packs
from linghang.compliance.decoding import decoded
from linghang.compliance.decoding_en import decoded_english
from linghang.compliance.disclosures import accepts
from linghang.compliance.grams import BUCKETS, weighed
from linghang.compliance.model import PRODUCTS
from linghang.compliance.normalise import View, is_chinese, normalise
from linghang.compliance.patterns import read_shipped
from linghang.compliance.pieces import clauses

_DATA = Path(__file__).parent.parent / "evals" / "data"
_RULES = Path(__file__).parent.parent / "src" / "linghang" / "packs" / "data" / "rules"
_SETS = (
    "blind_a", "blind_b", "blind_c1", "blind_c2", "blind_d1", "blind_e1", "blind_e2", "blind_f", "blind_g1", "blind_h1",
    "blind_i", "blind_j", "own", "own2", "own3", "own4", "rule_sheet",
)  # fmt: skip
"""The labelled sets of ``evals/data`` that are learned from; from ``held_a`` nothing ever is."""
_SENSES = """
CN-WM-01 CN-FD-01 CN-AD-07
CN-WM-02 CN-FD-02
CN-FD-03 CN-WM-05 CN-FM-07
CN-WM-06 CN-FD-15
CN-WM-07 CN-FD-07 CN-PR-06
CN-FD-08 CN-AD-05
CN-FD-10 CN-AD-08
CN-IN-10 CN-FM-08
CN-FD-21 CN-WM-08 CN-IN-01 CN-DP-01
CN-IN-09 CN-FM-12
US-05 UK-02 EU-01
US-06 UK-04 EU-02
UK-08 EU-06
US-03 UK-05
"""
"""Rules that forbid one meaning, each for its own products; every other rule is a sense of its own."""
_ALWAYS = {
    "fund": "D-FUND-RISK", "wealth": "D-WEALTH-RISK", "mmf": "D-MMF-RISK", "gold": "D-GOLD-RISK",
    "credit": "D-LOAN-APR", "insurance": "D-INS-INFO",
}  # fmt: skip
_ALWAYS_EN = {
    **{(where, what): "D-CAR" for where in ("UK", "EU") for what in ("fund", "securities", "wealth", "gold", "mmf")},
    ("UK", "crypto"): "D-HRI", ("EU", "credit"): "D-CCD-WARN", ("EU", "crypto"): "D-CAR",
}  # fmt: skip
PARAPHRASES, TWINS = "paraphrases.yaml", "twins.yaml"
ODD = f"{TWINS}/odd"
"""Named by ``--without``: every other text of the twins is kept out."""
_ABOUT_CONDUCT = frozenset({"CN-AD-14", "CN-PI-01", "CN-PI-03", "CN-PR-03", "CN-SM-04", "CN-SU-02"})
"""Rules of which a breach does not tell whether the text sells."""
_FIELD = re.compile(r"\{(\w+)\}")
_FACTS = {
    "product": "安和", "face": "20元", "threshold": "100元", "valid": "14天", "start": "11月24日", "end": "12月12日",
    "discount": "1折", "days": "7天", "risk": "R2", "apr": "年化利率(单利)7.2%起", "provider": "××公司",
    "brand": "领航", "festival": "双12", "telephone": "95199", "benefit": "20元券",
}  # fmt: skip
_FACTS_EN = {
    **_FACTS, "product": "Anhe", "face": "¥20", "threshold": "¥100", "valid": "14 days", "start": "24 November", "end": "12 December",
    "discount": "90% off", "days": "7 days", "apr": "annual rate (simple interest) from 7.2%", "provider": "X Ltd", "brand": "Linghang",
    "festival": "Double 12", "benefit": "the ¥20 coupon",
}  # fmt: skip
_CURED = frozenset({
    "CN-FD-04", "CN-AD-09", "CN-WM-04", "CN-LN-01", "CN-IN-02", "CN-SM-01", "CN-SM-02", "CN-SM-05", "CN-SM-06",
    "CN-EV-01", "CN-AD-12", "CN-AD-06", "CN-PR-02", "CN-PR-07", "UK-03", "UK-09", "EU-03", "US-09", "US-10",
})  # fmt: skip
"""Rules about what is not there: their words alone say nothing."""


@dataclass(frozen=True)
class Text:
    """A labelled text. ``spans`` are the words that break each rule; ``sells`` None where the label does not tell."""

    text: str
    product: str
    jurisdiction: str
    spans: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sells: bool | None = None


def texts(without: Sequence[str] = ()) -> Iterator[Text]:
    """Everything that the reader may learn from: the rules' examples, the kinds, the copy bank, the labelled sets."""
    yield from examples(without)
    yield from _plain()
    yield from labelled(without)


def labelled(without: Sequence[str] = ()) -> Iterator[Text]:
    """The labelled sets of the tree."""
    for name in (f"compliance_{name}.jsonl" for name in _SETS):
        if name not in without:
            yield from (_case(json.loads(line)) for line in (_DATA / name).read_text("utf-8").splitlines())


def examples(without: Sequence[str] = ()) -> Iterator[Text]:
    """The reviewed examples of the pack layer: what breaks a rule and what does not, paraphrases, kinds, copy bank."""
    for rule, raw in read_shipped("examples.yaml").items():
        product = str(raw["product"])
        for said in _listed(raw.get("hit")):
            yield Text(said, product, rule[:2], {rule: [said]}, True)
        for said in _listed(raw.get("pass")):
            yield Text(said, product, rule[:2], {}, _owes(said, product, rule[:2]))
    yield from _kinds()
    yield from _phrases()
    if PARAPHRASES not in without:
        yield from paraphrases()
    if TWINS not in without:
        yield from twins(ODD not in without)


def paraphrases() -> Iterator[Text]:
    """Stories, images and hints that break a rule, and lawful words that look alike; brackets mark what breaks it."""
    told: Mapping[str, Any] = read_shipped(PARAPHRASES)
    for rule, products in told["breaks"].items():
        for product, said in products.items():
            for one in said:
                yield Text(re.sub(r"[\[\]]", "", one), product, rule[:2], {rule: re.findall(r"\[(.+?)\]", one)})
    for near, products in told["lawful"].items():
        for product, said in products.items():
            for one in said:
                yield Text(one, product, "US" if near == "EN" else near[:2])
    for name, wanted in (("sells", True), ("tells", False)):
        for jurisdiction, products in told[name].items():
            for product, said in products.items():
                yield from (Text(one, product, jurisdiction, {}, wanted) for one in said)


def twins(odd: bool = True) -> Iterator[Text]:
    """Both sides of each S1 rule; without ``odd`` only every other one, so that the rest can be measured on."""
    for rule, keys in read_shipped(TWINS).items():
        for key, sides in keys.items():
            product = key.partition("@")[0]
            for side, sells in (
                ("breaks", None if rule in _ABOUT_CONDUCT else True),
                ("lawful", False),
                ("offers", True),
            ):
                for one in sides.get(side, [])[:: 1 if odd else 2]:
                    spans = {rule: re.findall(r"\[(.+?)\]", one)} if side == "breaks" else {}
                    said = re.sub(r"[\[\]]", "", one) if spans else one
                    yield Text(said, product, rule[:2] if rule[:2] != "CN" or is_chinese(said) else "US", spans, sells)


def _kinds() -> Iterator[Text]:
    for lang, kinds in read_shipped("kinds.yaml").items():
        for kind, products in kinds.items():
            for product, said in dict(products).items():  # type: ignore[call-overload]
                for one in said:
                    yield Text(one, product, "CN" if lang == "zh" else "US", {}, kind == "promotion")


def _phrases() -> Iterator[Text]:
    """The demo's copy bank: what may be said."""
    for phrase in packs.load("demo").phrases:
        facts = _FACTS if phrase.lang == "zh" else _FACTS_EN
        said = _FIELD.sub(lambda field, facts=facts: facts.get(field.group(1), ""), phrase.text)
        for kind in phrase.kinds or ("brand",):
            product = "deposit" if kind == "savings" else kind
            if product in PRODUCTS and len(said) > 3:
                yield Text(said, product, "CN" if phrase.lang == "zh" else "UK")


def _plain() -> Iterator[Text]:
    """Ordinary words about the trade which nobody is sold anything by: messages, documents and briefs of the house.

    Without them whatever the examples do not know sounds half wrong. A copy: a new message changes no weights.
    """
    for said in (_DATA / "plain_texts.txt").read_text("utf-8").splitlines():
        yield Text(said, "brand", "CN" if re.search("[\u4e00-\u9fff]", said) else "US")


def _listed(raw: object) -> list[str]:
    return [str(one) for one in raw] if isinstance(raw, list) else []


def _case(raw: Mapping[str, Any]) -> Text:
    spans = raw.get("spans") or {}
    if isinstance(spans, list):
        spans = {raw["rule"]: spans}
    bad = raw["label"] == "violating" if "label" in raw else raw["fires"]
    sells = True if bad else _owes(raw["text"], raw["product"], raw["jurisdiction"])
    if bad and not spans and raw.get("topics") not in (None, ["RISKDISC"], ["RATE"], ["INS"]):
        sells = None
    return Text(raw["text"], raw["product"], raw["jurisdiction"], spans, sells)


def _owes(text: str, product: str, jurisdiction: str) -> bool | None:
    """A good text that would owe a disclosure if it sold, and carries none, does not sell."""
    lang = "zh" if jurisdiction == "CN" else "en"
    code = _ALWAYS.get(product) if lang == "zh" else _ALWAYS_EN.get((jurisdiction, product))
    return None if code is None or accepts(code, _view(text, lang), lang) else False


def _view(text: str, lang: str) -> View:
    plain = normalise(text)
    return (decoded(plain) if lang == "zh" else decoded_english(plain)) or plain


def _senses(lang: str) -> dict[str, int]:
    groups = [line.split() for line in _SENSES.strip().splitlines()]
    known = {rule for group in groups for rule in group}
    groups.extend([rule] for rule in read_shipped("examples.yaml") if rule not in known)
    chinese = lang == "zh"
    mine = [group for group in groups if group[0].startswith("CN") == chinese and not set(group) <= _CURED]
    return {" ".join(group): place for place, group in enumerate(mine)}


def _pieces(one: Text, lang: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Each clause and each two neighbours with the rules that their words break."""
    pieces = alone(one, lang)
    yield from pieces
    for (said, broken), (after, more) in pairwise(pieces):
        yield f"{said},{after}", broken | more


def alone(one: Text, lang: str) -> list[tuple[str, frozenset[str]]]:
    """Each clause with the rules that its words break."""
    view = _view(one.text, lang)
    marked = [
        (at, at + len(said), rule)
        for rule, all_said in one.spans.items()
        if rule not in _CURED
        for said in all_said
        if (at := one.text.find(said)) >= 0
    ]
    return [
        (view.text[low:high], _broken(view.starts[low], view.ends[high - 1], marked))
        for low, high in clauses(view.text, chinese=lang == "zh")
    ]


def _broken(low: int, high: int, marked: Sequence[tuple[int, int, str]]) -> frozenset[str]:
    def mostly(start: int, end: int) -> bool:
        both = min(high, end) - max(low, start)
        return both > 0 and (both >= 0.5 * (end - start) or both >= 0.6 * (high - low))

    return frozenset(rule for start, end, rule in marked if mostly(start, end))


def _matrix(rows: Sequence[dict[int, float]]) -> Any:
    data = [value for row in rows for value in row.values()]
    columns = [bucket for row in rows for bucket in row]
    starts = np.cumsum([0, *(len(row) for row in rows)])
    return sparse.csr_matrix((data, columns, starts), shape=(len(rows), BUCKETS))


def _unit(matrix: Any, rare: Any) -> Any:
    weighed_rows = matrix.multiply(rare).tocsr()
    length = np.sqrt(np.asarray(weighed_rows.multiply(weighed_rows).sum(axis=1)).ravel())
    return sparse.diags(1 / np.where(length > 0, length, 1)) @ weighed_rows


def _fit(matrix: Any, wanted: Any, strength: float) -> tuple[Any, float]:
    model = LogisticRegression(C=strength, class_weight="balanced", solver="liblinear", random_state=0, max_iter=400)
    model.fit(matrix, wanted)
    return model.coef_[0], float(model.intercept_[0])


def teach(lang: str, learned: Sequence[Text], folder: Path, *, senses_of: Path | None = None) -> None:
    """Fits the scores of a language and writes them; the senses are those of the reader in ``senses_of`` where it is given."""
    mine = [one for one in learned if (one.jurisdiction == "CN") == (lang == "zh")]
    pieces = [(said, one.product, broken) for one in mine for said, broken in _pieces(one, lang)]
    rows = _matrix([weighed(said, product, lang) for said, product, _ in pieces])
    seen = np.asarray((rows > 0).sum(axis=0)).ravel()
    rare = np.log((1 + rows.shape[0]) / (1 + seen)) + 1
    rows = _unit(rows, rare)
    wrong, wrong_bias = _fit(rows, np.array([bool(broken) for _, _, broken in pieces]), 20)
    groups = _senses(lang)
    bad = [place for place, (_, _, broken) in enumerate(pieces) if broken]
    columns: list[Any] = []
    biases: list[float] = []
    for group in groups if senses_of is None else ():
        wanted = np.array([bool(set(group.split()) & pieces[place][2]) for place in bad])
        if not wanted.any():
            columns.append(np.zeros(BUCKETS))
            biases.append(-9.0)
            continue
        column, bias = _fit(rows[bad], wanted, 20)
        columns.append(column)
        biases.append(bias)
    told = [one for one in mine if one.sells is not None]
    whole = _unit(_matrix([weighed(_view(one.text, lang).text, one.product, lang) for one in told]), rare)
    sells, sells_bias = _fit(whole, np.array([bool(one.sells) for one in told]), 20)
    packed = np.array(columns).T if senses_of is None else np.zeros((BUCKETS, 1))
    scales = np.maximum(np.abs(packed).max(axis=0), 1e-6) / 127
    judged = {
        "senses": np.rint(packed / scales).astype(np.int8),
        "scales": scales.astype(np.float32),
        "sense_biases": np.array(biases, np.float32),
        "rules": np.array(list(groups)),
    }
    if senses_of is not None:
        with np.load(senses_of / f"reader_{lang}.npz") as taught:
            judged = {name: taught[name] for name in judged}
    np.savez_compressed(
        folder / f"reader_{lang}.npz",
        rare=np.where(seen > 0, rare, 0).astype(np.float16),
        wrong=wrong.astype(np.float16),
        sells=sells.astype(np.float16),
        biases=np.array([wrong_bias, sells_bias], np.float32),
        **judged,
    )
    print(
        f"{lang}: {len(mine)} texts, {len(pieces)} pieces, {len(bad)} of them wrong, {len(told)} known to sell or not"
    )
