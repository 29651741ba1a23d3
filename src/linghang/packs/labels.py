"""Names in two languages, and the applications: declarations that compose domains for a job."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Label:
    """A name in Chinese and in English."""

    zh: str
    en: str

    def of(self, locale: str) -> str:
        """The name in the language of a locale (``zh-CN``, ``en``)."""
        return self.en if locale.startswith("en") else self.zh


@dataclass(frozen=True)
class Application:
    """A user's job, composed of domains: which aims it serves, where it lives in the studio, how one begins."""

    id: str
    label: Label
    about: Label
    domains: tuple[str, ...]
    aims: tuple[str, ...] = ()
    page: str = "/"
    starters: tuple[Label, ...] = ()


@dataclass(frozen=True)
class Choice:
    """One value of a category or ordinal attribute; ``words`` are how operators say it."""

    value: str | int
    label: Label
    words: tuple[str, ...] = ()
