"""The patterns of the copy bank."""

from dataclasses import dataclass
from typing import Literal

PhraseRole = Literal[
    "title", "subtitle", "button", "badge", "body", "push_title", "push_body", "sms", "script", "subject", "part"
]


@dataclass(frozen=True)
class Phrase:
    """A pattern of the copy bank: ``text`` with {fields} of the document's facts, for a role, angle and tone.

    A text may hold <parts>: phrases of the role ``part`` with that ``name``. ``about`` are words, groups or names of
    products of which alone it may be said, ``not_about`` those of which it may not.
    """

    role: PhraseRole
    text: str
    lang: Literal["zh", "en"] = "zh"
    angle: Literal["benefit", "scene", "trust", "urgency", "social", "plain"] = "plain"
    tones: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    not_about: tuple[str, ...] = ()
    name: str = ""
