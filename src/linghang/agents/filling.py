"""Fields of another system's skill filled from what an operator said: each value with the words that support it.

A field is known by what its description calls it, and by what such fields are mostly called (``fields.yaml``). A value
stands beside its name, or is the only one in the sentence of its kind; what no words support stays open, to be asked.
"""

import datetime as dt
import functools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

import yaml

from linghang.agents.model import Json
from linghang.packs.model import Pack
from linghang.reading import Valued, valued

Schema = Mapping[str, Any]
Span = tuple[int, int]

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
_CODE = re.compile(r"(?<![A-Za-z0-9])(?:[A-Za-z]{1,8}[-_]?\d{2,}|\d{3,15})(?![A-Za-z0-9%])")
_QUOTED = re.compile(r"[“\"「『《](?P<text>[^”\"」』》]+)[”\"」』》]")
_IS = r"\s*(?:就)?(?:是|为|叫做?|设为|设成|定为|写|填|用|[:：=]|(?<![a-z])(?:is|to|called|named)(?![a-z]))?\s*"
_BEHIND = re.compile(r"[^,，。;；!！?？\n]+")
_YES = re.compile(r"^(?:是|要|对|好|需要|开|yes|y|true|on)", re.IGNORECASE)
_NO = re.compile(r"^(?:不|否|别|无需|关|no|n|false|off)", re.IGNORECASE)
_NEAR = 8


@dataclass
class Filled:
    """Values by field with the words of each, and the fields that must be given and are open, in their order."""

    values: dict[str, Json] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)
    used: list[Span] = field(default_factory=list)

    def put(self, name: str, value: Json, text: str, span: Span) -> None:
        """Take a value with its words."""
        self.values[name] = value
        self.words[name] = text[span[0] : span[1]]
        self.used.append(span)

    def free(self, span: Span) -> bool:
        """Whether no other value rests on these words."""
        return not any(start < span[1] and span[0] < end for start, end in self.used)


def fill(
    text: str, schema: Schema, *, today: dt.date, pack: Pack, given: Mapping[str, Json] | None = None,
    without: Collection[str] = (),
) -> Filled:  # fmt: skip
    """The fields of a schema that a sentence fills. ``given`` are known already, ``without`` are filled elsewhere.

    ``schema`` is that of a skill's arguments.
    """
    made = Filled(dict(given or {}))
    fields = {name: told for name, told in schema.get("properties", {}).items()
              if name not in made.values and name not in without}  # fmt: skip
    found = valued(text, today=today, pack=pack)
    for name, told in fields.items():
        _beside_its_name(made, name, told, text, found)
    for name, told in fields.items():
        if name not in made.values and (hit := _choice(told, text, 0, len(text))) is not None and made.free(hit[1]):
            made.put(name, hit[0], text, hit[1])
    needed = set(schema.get("required", ()))
    for kind in ("date", "email", "code", "number", "text"):
        # What may be left out is filled without its name only where nothing else has such a value.
        rest = [name for name, told in fields.items() if name not in made.values and _kind(name, told) == kind
                and (name in needed or kind in ("date", "email"))]  # fmt: skip
        values = [hit for hit in _all(kind, text, found) if made.free(hit[1])]
        if len(rest) == 1 and len(values) == 1:
            value = _fitting(fields[rest[0]], values[0][0])
            if value is not None:
                made.put(rest[0], value, text, values[0][1])
    made.open = [name for name in schema.get("required", ()) if name not in made.values and name not in without]
    return made


def answered(text: str, name: str, told: Schema, *, today: dt.date, pack: Pack) -> Json:
    """What a sentence says that answers the question for one field alone; None where it is no such value."""
    bare = text.strip().strip("。.!！~～ ")
    if hit := _choice(told, bare, 0, len(bare)):
        return hit[0]
    if _options(told):
        return None
    if _type(told) == "boolean":
        return True if _YES.match(bare) else False if _NO.match(bare) else None
    kind = _kind(name, told)
    if kind == "text":
        quoted = _QUOTED.search(bare)
        return (quoted["text"] if quoted else _without_name(name, told, bare)) or None
    if kind == "other":
        return None
    values = _all(kind, bare, valued(bare, today=today, pack=pack))
    if kind == "code" and not values and _type(told) == "string":
        return _without_name(name, told, bare) if len(bare.split()) == 1 else None
    return _fitting(told, values[0][0]) if values else None


def options(told: Schema) -> list[str]:
    """What a field allows, as it may be said."""
    labels = told.get("x-labels") or {}
    return [str(labels.get(one, one)) if isinstance(labels, Mapping) else one for one in _options(told)]


def label(name: str, told: Schema, locale: str) -> str:
    """What a field is called for people: its title, a short description, what such fields are called, its name."""
    for own in (told.get("x-label"), told.get("title"), told.get("description")):
        text = str(own or "").strip()
        if text and len(text) <= _LONGEST_LABEL and text.lower().replace(" ", "_") != name.lower():
            return text
    known = _known(name)
    if not known:
        return name.replace("_", " ")
    return known[0] if locale.startswith("zh") else name.replace("_", " ")


_LONGEST_LABEL = 16


def _without_name(name: str, told: Schema, text: str) -> str:
    """The text behind a field's name, where it begins with it (标题是登录失败)."""
    for word in _names(name, told):
        if hit := re.match(re.escape(word) + _IS, text, re.IGNORECASE):
            return text[hit.end() :].strip() or text
    return text


def _options(told: Schema) -> list[str]:
    shapes = [told, *(told.get("anyOf") or ())]
    found = next((one["enum"] for one in shapes if one.get("enum")), None)
    const = [str(one["const"]) for one in shapes if "const" in one]
    return [str(one) for one in found] if found else const


def _type(told: Schema) -> str:
    own = told.get("type") or next((one.get("type") for one in told.get("anyOf") or () if one.get("type")), "")
    return str(own or "")


def _kind(name: str, told: Schema) -> str:
    """What sort of value a field takes."""
    shape, format_ = _type(told), str(told.get("format") or "")
    if _options(told) or shape in ("boolean", "array", "object"):
        return "other"
    if shape in ("integer", "number"):
        return "code" if _IS_ID.search(name) else "number"
    if format_.startswith("date"):
        return "date"
    if format_ == "email" or name.lower().endswith("email"):
        return "email"
    return "code" if _IS_ID.search(name) or told.get("pattern") else "text"


_IS_ID = re.compile(r"(?:^|_|(?<=[a-z]))(?:id|no|code|number|Id|No|Code|Number|key)$")


@functools.cache
def _book() -> Mapping[str, Sequence[str]]:
    told = yaml.safe_load((resources.files("linghang.agents") / "fields.yaml").read_text("utf-8"))
    return {str(name): [str(word) for word in words] for name, words in told.items()}


def _known(name: str) -> Sequence[str]:
    """What people call a field of such a name: of customerId 客户号."""
    parts = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return _book().get(parts) or next((_book()[part] for part in parts.split("_")[::-1] if part in _book()), ())


def _names(name: str, told: Schema) -> list[str]:
    """The words that name a field in a sentence, longest first."""
    own = [str(told.get(key) or "").strip() for key in ("x-label", "title", "description")]
    words = [*(one for one in own if 0 < len(one) <= _LONGEST_LABEL), *_known(name), name, name.replace("_", " ")]
    return sorted(dict.fromkeys(words), key=len, reverse=True)


def _beside_its_name(made: Filled, name: str, told: Schema, text: str, found: Sequence[Valued]) -> None:
    """A value that stands behind the field's name (标题：登录失败), or right before it (3张)."""
    for word in _names(name, told):
        for hit in re.finditer(_whole(word), text, re.IGNORECASE):
            if any(a <= hit.start() and hit.end() <= b for a, b in made.used):
                continue
            if (value := _behind(name, told, text, hit.end(), found)) is not None and made.free(value[1]):
                made.put(name, value[0], text, value[1])
                return


def _whole(word: str) -> str:
    """A Latin word counts only as a whole one."""
    return rf"(?<![A-Za-z_]){re.escape(word)}(?![A-Za-z_])" if word.isascii() else re.escape(word)


def _behind(name: str, told: Schema, text: str, place: int, found: Sequence[Valued]) -> tuple[Json, Span] | None:
    is_ = re.compile(_IS, re.IGNORECASE).match(text, place)
    start = is_.end() if is_ else place
    clause = _BEHIND.match(text, start)
    end = clause.end() if clause else start
    kind = _kind(name, told)
    if _options(told):
        return _choice(told, text, start, min(end, start + _NEAR)) or _choice(told, text, max(0, place - _NEAR), end)
    if kind == "text":
        quoted = _QUOTED.match(text, start)
        if quoted:
            return quoted["text"], quoted.span("text")
        said = is_ is not None and is_.group().strip() != ""
        value = text[start:end].strip()
        return (value, (start, end)) if said and value else None
    near = [hit for hit in _all(kind, text, found) if start <= hit[1][0] <= start + 2] if kind != "other" else []
    value = _fitting(told, near[0][0]) if near else None
    return (value, near[0][1]) if near and value is not None else None


def _choice(told: Schema, text: str, start: int, end: int) -> tuple[str, Span] | None:
    """The one choice of a field that stands in a stretch of the text, by its name or by what it is mostly called."""
    hits: list[tuple[str, Span]] = []
    labels = told.get("x-labels") or {}
    for option in _options(told):
        own = labels.get(option) if isinstance(labels, Mapping) else None
        called: list[str] = [option, *([str(own)] if own else []), *_book().get(f"={option.lower()}", ())]
        for word in called:
            if hit := re.compile(_whole(word), re.IGNORECASE).search(text, start, end):
                hits.append((option, hit.span()))
                break
    longest = [one for one in hits if not any(_inside(one[1], other[1]) for other in hits)]
    return longest[0] if len({one[0] for one in longest}) == 1 else None


def _inside(one: Span, other: Span) -> bool:
    return one != other and other[0] <= one[0] and one[1] <= other[1]


def _all(kind: str, text: str, found: Sequence[Valued]) -> list[tuple[Json, Span]]:
    """Every value of a kind in a text."""
    if kind == "email":
        return [(hit.group(), hit.span()) for hit in _EMAIL.finditer(text)]
    if kind == "code":
        return [(hit.group(), hit.span()) for hit in _CODE.finditer(text)]
    if kind == "text":
        return [(hit["text"].strip(), hit.span("text")) for hit in _QUOTED.finditer(text)] or list(_after_colon(text))
    return [(one.value, one.span) for one in found if one.kind == kind]


def _after_colon(text: str) -> Iterator[tuple[Json, Span]]:
    hit = re.search(r"[:：]\s*(?P<text>[^:：]{2,})$", text)
    if hit and hit["text"].strip():
        yield hit["text"].strip(), hit.span("text")


def _fitting(told: Schema, value: Json) -> Json:
    """A value as its field's type; None where it is none."""
    shape = _type(told)
    try:
        if shape == "integer":
            return int(value) if float(value) == int(float(value)) else None
        if shape == "number":
            return float(value)
    except (TypeError, ValueError):
        return None
    return str(value)
