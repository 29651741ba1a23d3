"""From a sentence to a goal: its aim, what is known already by type, and what the playbook wants gathered."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linghang import reading
from linghang.agents.aims import likely
from linghang.agents.model import Aim, Goal, Json, Likely
from linghang.kit.skills import Skill
from linghang.packs.model import Pack, Playbook
from linghang.reading import Reading

LONGEST = 8000
"""Characters of a sentence; more is a document, not a wish."""
_COUNTED = re.compile(
    r"([一二两三四五六七八九十]|\d{1,2})\s?(?:条|个|版|句|篇|组|套|段|份)"
    r"|(?:write|draft|give me)\s+(?:me\s+)?(\d{1,2}|one|two|three|four|five|six)\b"
)
_NUMBERS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
            "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}  # fmt: skip
_QUOTED = re.compile(r"[“\"「『《](?P<text>[^”\"」』》]{2,})[”\"」』》]")
_AFTER_COLON = re.compile(r"[:：]\s*(?P<text>.{2,})$", re.DOTALL)
_ASKED = re.compile(
    r"(?:检查|审一下|审核|审查|看看|查查|校验|帮我审)[^,，。:：]{0,14}[,，。 ]\s*(?P<text>.{4,})$"
    r"|^(?P<before>.{4,}?)[,，。 ]?(?:这(?:句|条|段)(?:话|文案)?)?"
    r"(?:合规吗|违规吗|能不能发|能发吗|可以发吗|有没有违规|合不合规)[?？]?$",
    re.DOTALL,
)
_NUMBER = re.compile(r"(?<![\d.,A-Za-z_-])\d{1,15}(?![\d.,%万亿千kKwW元块天A-Za-z_-])")
_CODE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,8}-?\d{2,}(?![A-Za-z0-9])")
_SENTENCE = re.compile(r"[,，。;；:：!！?？\n]")
_NAMED = re.compile(
    r"(?:叫做?|命名为|取名|起名|名字[叫是]?|called|named|call it|as)\s*[“\"「]?([^“”\"「」,，。:：]{2,24})", re.I
)
_TITLE = 24
"""Characters of a name that is taken from what was said."""
_FESTIVAL_PLAY = re.compile(r"大促|三段|预热|爆发|返场|会场|理财节|购物节")


@dataclass(frozen=True)
class Place:
    """Where a sentence is said: the page, the campaign in view or in focus with its reading, its product's kind."""

    page: str = ""
    campaign: str = ""
    reading: Mapping[str, Json] | None = None
    product: str = ""


@dataclass(frozen=True)
class Understood:
    """A sentence as understood: its reading, and the aims that it may have, likeliest first."""

    text: str
    reading: Reading
    likely: tuple[Likely, ...]


def understand(text: str, place: Place, pack: Pack, skills: Sequence[Skill], *, today: object) -> Understood:
    """Read a sentence where it is said: with a campaign in view it may be an edit of that one."""
    told = reading.read(text, today=today, pack=pack, after=place.reading)  # type: ignore[arg-type]
    return Understood(text, told, likely(text, told, skills, focus=place.reading is not None or bool(place.campaign)))


def goal_of(
    understood: Understood, aim: Aim, place: Place, pack: Pack, *, constraints: Sequence[Mapping[str, Json]] = ()
) -> Goal:
    """The goal of an aim, with everything that is known without asking anybody."""
    text = understood.text
    facts: dict[str, Json] = {"words": text}
    if place.campaign:
        facts["campaign.id"] = place.campaign
    if kind := str(understood.reading.reading.get("product") or place.product):
        facts["product.kind"] = kind
    if constraints:
        facts["constraints"] = [dict(step) for step in constraints]
    facts |= _named_thing(text)
    if (count := _count(text)) is not None:
        facts["count"] = count
    if material := material_of(text):
        facts["material"] = material
        facts["material.title"] = _SENTENCE.split(material, maxsplit=1)[0][:_TITLE]
    if aim.id == "save_audience":
        behind, named = _AFTER_COLON.search(text), _NAMED.search(text)
        facts["audience.said"] = said = behind[1] if behind else text
        facts["audience.name"] = named[1].strip() if named else said[:_TITLE]
    score = next((item.score for item in understood.likely if item.aim.id == aim.id), 0.0)
    playbook = playbook_of(understood.reading, text, pack) if aim.id == "campaign" else None
    return Goal(
        aim, text, facts, score,
        gather=playbook.gather if playbook and playbook.gather else aim.gather,
        then=playbook.then if playbook and playbook.then else aim.then,
        playbook=playbook.id if playbook else "",
    )  # fmt: skip


def _named_thing(text: str) -> dict[str, Json]:
    """The one number or the one code (T-1024) that a sentence names: what other systems know things by."""
    numbers, codes = dict.fromkeys(_NUMBER.findall(text)), dict.fromkeys(_CODE.findall(text))
    facts: dict[str, Json] = {"number": int(next(iter(numbers)))} if len(numbers) == 1 and not codes else {}
    return facts | ({"code": next(iter(codes))} if len(codes) == 1 else {})


def playbook_of(told: Reading, text: str, pack: Pack) -> Playbook | None:
    """The playbook that steers a campaign: a festival's where one is played, else the objective's."""
    if _FESTIVAL_PLAY.search(text) and any(
        term.kind == "festival" and any(word and word in text for word in (term.term, *term.aliases))
        for term in pack.lexicon
    ):
        festival = next((item for item in pack.playbooks if item.festival), None)
        if festival is not None:
            return festival
    objective = str(told.reading.get("objective", ""))
    return next((item for item in pack.playbooks if objective in item.objectives and not item.festival), None)


def material_of(text: str) -> str:
    """The words that are to be checked: in quotation marks, behind a colon, or beside the question."""
    for pattern in (_AFTER_COLON, _QUOTED):
        if found := pattern.search(text):
            return found["text"].strip().strip('“”"「」')
    found = _ASKED.search(text)
    return ((found["text"] or found["before"] or "").strip()) if found else ""


def _count(text: str) -> int | None:
    found = _COUNTED.search(text.lower())
    if not found:
        return None
    word = found[1] or found[2]
    return _NUMBERS.get(word) or (int(word) if word.isdigit() else None)
