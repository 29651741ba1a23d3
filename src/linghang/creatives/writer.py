"""Write the texts of one place for one layer, and mend them until the checker finds nothing that blocks.

The texts of a place are checked together, once, in the hope that they are clean; only if not, each by itself. Missing
disclosures are put into the legal line, or behind the body within its length (a shorter body or the short wording is
then chosen); where a place has neither, the subtitle says them. Texts that are at fault are replaced by the next best
ones. A place without room for any of it (an icon) says the product's name and nothing more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from linghang.base.digest import digest
from linghang.base.findings import Finding, Severity, blocks
from linghang.campaigns.sections import Copy, Goal
from linghang.creatives.checking import Checked, Checker, Material
from linghang.creatives.facts import names_of
from linghang.creatives.limits import Place, allowed, carrier_of, longest_of, measure, room_of, typeset, whole
from linghang.creatives.phrases import Wanted, angles_for, candidates, names_benefit
from linghang.creatives.script import written
from linghang.packs.model import Benefit, CopyRole, Label, Pack, Product

_ATTEMPTS = 10
_BESIDE = 120
"""Room of a body in which the binding Chinese words stand beneath English ones."""
ELSEWHERE = frozenset(
    {"D-AD-LABEL", "D-AI-LABEL", "D-POPUP-CLOSE", "D-REC-OFF", "D-SMS-SIGN", "D-SMS-OPTOUT", "D-UNSUBSCRIBE"}
)
"""Disclosures that the slot, the picture or the channel shows by itself."""


@dataclass(frozen=True)
class Task:
    """Whose texts: a layer of a rank (0 the warmest), a variant, the benefit that is spoken of, and the facts."""

    layer: str
    rank: int
    variant: str
    benefit: Benefit | None
    facts: Mapping[str, str]


@dataclass(frozen=True)
class _Draft:
    """One try: disclosures to carry, texts that were at fault, whether the benefit has to be named.

    ``refused`` are disclosures with which no text fitted, ``hopeless`` those that no choice of words avoids either.
    """

    carried: tuple[str, ...] = ()
    refused: frozenset[str] = frozenset()
    rejected: frozenset[tuple[str, str]] = frozenset()
    must: bool = False
    hopeless: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Writer:
    """What all places share. ``words`` maps a text's id to its own words, ``asked`` remembers the checker's answers."""

    goal: Goal
    pack: Pack
    product: Product | None
    banned: tuple[str, ...]
    avoid: tuple[str, ...]
    checker: Checker
    seed: int
    words: dict[str, str] = field(default_factory=dict)
    asked: dict[Material, Checked] = field(default_factory=dict)

    @property
    def about(self) -> tuple[str, ...]:
        """The words by which the product is known."""
        sold = self.product
        return (sold.id, sold.kind, sold.label.zh, sold.group, *sold.words) if sold is not None else ()

    @property
    def own(self) -> tuple[str, ...]:
        """Disclosures that the product always has, the first of them before all."""
        return tuple(self.product.disclosures) if self.product is not None else ()

    def place(self, task: Task, place: Place, kept: Sequence[Copy]) -> tuple[list[Copy], list[Finding]]:
        """Every role of a place, and a finding for each that stays empty or lacks a disclosure that does not fit."""
        # What the product always says is said from the start, and left only where no text would fit beside it.
        # A subtitle gives its room to it only once the checker asks.
        carrier = carrier_of(place)
        draft = _Draft(carried=self.own[:1] if carrier and carrier != "subtitle" else ())
        made: list[Copy] = []
        for _ in range(_ATTEMPTS):
            made = self._roles(task, place, draft, kept)
            following = self._mended(task, place, draft, made)
            if following is None:
                break
            draft = following
        else:
            made = [text for text in made if not self._faults(text, place)]
        return made, [*self._empty(task, place, made), *_unfit(task, place, draft)]

    def _mended(self, task: Task, place: Place, draft: _Draft, made: Sequence[Copy]) -> _Draft | None:
        """What the next try does differently, or None when the texts can stay."""
        if task.benefit is not None and not draft.must and not any(names_benefit(text.source) for text in made):
            return replace(draft, must=True)
        there = {text.role for text in made}
        if draft.carried and any(role.required and role.role not in there for role in place.roles):
            return replace(draft, carried=(), refused=draft.refused | set(draft.carried))
        if not made:
            return None
        checked = self.ask("\n".join(text.text for text in made), place, "")
        faults = hard(checked.findings)
        lacking = [code for code in checked.missing if code not in ELSEWHERE | draft.hopeless]
        if not faults and not lacking:
            return None
        tried = {*draft.carried, *draft.refused}
        fresh = tuple(code for code in lacking if code not in tried and self.disclosure(code, task.facts))
        if fresh and carrier_of(place):
            return replace(draft, carried=(*draft.carried, *fresh))
        guilty = {(text.role, self.words[text.id]) for text in made if self._guilty(text, place, lacking)}
        if guilty - draft.rejected:
            return replace(draft, rejected=draft.rejected | guilty)
        if lacking:
            # Neither carried nor avoided: the place is too small for what this product must say.
            return replace(draft, hopeless=draft.hopeless | set(lacking))
        longest = max(made, key=lambda text: len(text.text))
        return replace(draft, rejected=draft.rejected | {(longest.role, self.words[longest.id])})

    def _guilty(self, text: Copy, place: Place, lacking: Sequence[str]) -> bool:
        if text.source == "disclosure":
            return False
        checked = self.ask(text.text, place, text.role)
        # What the product always has to say no other words avoid; what only these words call for, others may.
        avoidable = set(lacking) - set(self.own)
        return bool(hard(checked.findings)) or bool(avoidable & set(checked.missing))

    def _faults(self, text: Copy, place: Place) -> tuple[Finding, ...]:
        return hard(self.ask(text.text, place, text.role).findings)

    def _roles(self, task: Task, place: Place, draft: _Draft, kept: Sequence[Copy]) -> list[Copy]:
        made: list[Copy] = []
        for role in place.roles:
            text = self._role(task, place, role, draft, made, kept)
            if text is not None:
                named = f"cpy_{digest([task.layer, place.id, role.role, task.variant])[:16]}"
                self.words[named] = self.words.pop("", text.text)
                made.append(replace(text, id=named, layer=task.layer, place=place.id, variant=task.variant))
        return made

    def _role(
        self, task: Task, place: Place, role: CopyRole, draft: _Draft, made: Sequence[Copy], kept: Sequence[Copy]
    ) -> Copy | None:
        carrier = carrier_of(place)
        if self.own and not carrier:
            return self._name(place, role) if role.role == "title" else None
        if role.role == carrier and (carrier == "legal" or (carrier == "subtitle" and draft.carried)):
            return self._legal(place, role, task, draft)
        text = self._text(self._wanted(task, place, role, draft, made), place, role, task, draft, [*kept, *made])
        return text or (self._name(place, role) if role.role == "title" else None)

    def _name(self, place: Place, role: CopyRole) -> Copy | None:
        """The product's name alone, as long as it fits: how an entrance is labelled."""
        lang = self.goal.lang
        names = names_of(self.product, lang) if self.product is not None else ()
        said = next((name for name in names if len(name) <= longest_of(place, role, lang)), "")
        return Copy("", "", "", role.role, said, "plain", lang, "name") if said else None

    def _wanted(self, task: Task, place: Place, role: CopyRole, draft: _Draft, made: Sequence[Copy]) -> Wanted:
        return Wanted(
            role=role.role,
            place=place.id,
            lang=self.goal.lang,
            kind=self.goal.product_kind,
            objective=self.goal.objective,
            offer=task.benefit.type if task.benefit else "",
            tone=self.goal.tone,
            angles=angles_for(task.rank, task.variant, task.benefit is not None),
            facts=task.facts,
            room=room_of(place, role, self.goal),
            seed=f"{self.seed}:{task.layer}:{place.id}:{role.role}:{task.variant}",
            said=any(names_benefit(text.source) for text in made),
            must=draft.must,
            sources=tuple(text.source for text in made),
            about=self.about,
        )

    def _text(
        self, wanted: Wanted, place: Place, role: CopyRole, task: Task, draft: _Draft, before: Sequence[Copy]
    ) -> Copy | None:
        """The best phrase that fits, with the disclosures that this role carries."""
        # Layers must not say the same in one place; what a layer says elsewhere may come again where the offer has to.
        others = [
            self.words[text.id]
            for text in before
            if text.role == role.role and (text.place == place.id or (not draft.must and text.layer == task.layer))
        ]
        codes = draft.carried if role.role == carrier_of(place) else ()
        found = [
            (phrase, filled)
            for phrase, filled in candidates(wanted, self.pack.phrases, others)
            if (role.role, filled) not in draft.rejected and allowed(filled, self.banned, self.goal)
        ]
        # The usual words of a disclosure with any text come before its short words with a better one.
        for short in (False, True) if codes else (False,):
            for phrase, filled in found:
                joined = self.followed(filled, codes, task.facts, short=short)
                if len(joined) > wanted.room:
                    continue
                if wanted.room >= _BESIDE:
                    joined += self._binding(joined, codes, task.facts, wanted.room)
                final = whole(place, role.role, joined)
                if written(final, self.goal.script) not in self.avoid:
                    self.words[""] = filled
                    return Copy("", "", place.id, role.role, final, phrase.angle, self.goal.lang, phrase.text)
        return None

    def followed(self, text: str, codes: Sequence[str], facts: Mapping[str, str], *, short: bool = False) -> str:
        """The text with disclosures behind it. What the law wants said is said, whatever words a brief avoids."""
        lines = [line for code in codes if (line := self.disclosure(code, facts, short=short)) and line not in text]
        return self._joined((text, *lines))

    def _joined(self, parts: Sequence[str]) -> str:
        text = ""
        for part in parts:
            text = f"{_ended(text, self.goal.lang)}{part}" if text else part
        return text

    def _binding(
        self, text: str, codes: Sequence[str], facts: Mapping[str, str], room: int, *, joint: str = "\n"
    ) -> str:
        """The binding Chinese words behind English disclosures, where the law is China's and both have room."""
        if self.goal.lang != "en" or self.pack.jurisdiction != "CN" or not codes:
            return ""
        own = "。".join(line for code in codes if (line := self.disclosure(code, facts, lang="zh")))
        stop = "" if text.endswith(".") else "."
        fits = measure(f"{text}{stop}{joint}{own}。", "en") <= room
        return f"{stop}{joint}{own}。" if own and fits else ""

    def _legal(self, place: Place, role: CopyRole, task: Task, draft: _Draft) -> Copy | None:
        """The legal line: what the checker misses first, then the product's own; whole ones, as many as fit.

        An English line has the binding Chinese words behind it where both fit.
        """
        room = longest_of(place, role, self.goal.lang)
        text = self._packed(draft.carried, task.facts, room)
        text += self._binding(text, draft.carried, task.facts, room, joint=" ")
        for code in self.own if role.role == "legal" else ():
            line = self.disclosure(code, task.facts)
            joined = self._joined((text, line)) if text else line
            if code not in draft.carried and line and line not in text and measure(joined, self.goal.lang) <= room:
                text = joined
        if not text:
            return None
        return Copy("", "", "", role.role, text, "plain", self.goal.lang, "disclosure")

    def _packed(self, codes: Sequence[str], facts: Mapping[str, str], room: int) -> str:
        """Disclosures in one line: in their usual words, the later ones in short words, all in short words, or as many
        whole ones as fit."""
        for usual in range(len(codes), -1, -1):
            lines = [self.disclosure(code, facts, short=place >= usual) for place, code in enumerate(codes)]
            if (text := self._joined([line for line in lines if line])) and len(text) <= room:
                return text
        text = ""
        for code in codes:
            line = self.disclosure(code, facts, short=True)
            joined = self._joined((text, line)) if text else line
            text = joined if line and len(joined) <= room else text
        return text

    def disclosure(self, code: str, facts: Mapping[str, str], *, short: bool = False, lang: str = "") -> str:
        """The sentence of a disclosure, the product's own before the pack's; empty where a fact for it is not known.

        ``short`` prefers its short wording where there is one, ``lang`` another language than the campaign's.
        """
        said = lang or self.goal.lang
        label = self._label(code, short=short)
        if label is None or code in ELSEWHERE:
            return ""
        known = {**facts, "brand": self.pack.brand.name.of(said)}
        try:
            return typeset(label.of(said).format_map(known), said)
        except KeyError:
            return self.disclosure(code, facts, lang=lang) if short else ""

    def _label(self, code: str, *, short: bool) -> Label | None:
        sold = self.product
        few = sold.short_disclosures.get(code) if sold else None
        few = few or self.pack.short_disclosures.get(code)
        if short and few is not None:
            return few
        return (sold.disclosures if sold else {}).get(code) or self.pack.disclosures.get(code)

    def ask(self, text: str, place: Place, role: str) -> Checked:
        """What the checker says of a text; asked once."""
        material = Material(text, place.id, place.channel, role, self.goal.lang)
        if material not in self.asked:
            self.asked[material] = self.checker(material)
        return self.asked[material]

    def _empty(self, task: Task, place: Place, made: Sequence[Copy]) -> list[Finding]:
        there = {text.role for text in made}
        return [
            Finding(
                "creatives.no_text",
                Severity.S2,
                "copy",
                params={"layer": task.layer, "place": place.id, "role": role.role, "longest": role.longest},
            )
            for role in place.roles
            if role.required and role.role not in there
        ]


def _unfit(task: Task, place: Place, draft: _Draft) -> list[Finding]:
    if not draft.hopeless:
        return []
    params = {"layer": task.layer, "place": place.id, "codes": ", ".join(sorted(draft.hopeless))}
    return [Finding("creatives.disclosure_does_not_fit", Severity.S2, "copy", params=params)]


def hard(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Findings that block and that no disclosure cures."""
    return tuple(found for found in findings if blocks((found,)) and not found.evidence.get("disclosure"))


def _ended(text: str, lang: str) -> str:
    """The text with a full stop, so that a disclosure can follow."""
    if text.endswith(tuple("。!！?？.~")):
        return text if lang == "zh" or text.endswith("。") else f"{text} "
    return f"{text}。" if lang == "zh" else f"{text}. "
