"""Edits of what the copy may say: forbidden words, emoji, lengths."""

import re

from linghang.reading.draft import Draft
from linghang.reading.edits.words import Change
from linghang.reading.rules import rules

_NO_EMOJI = re.compile(
    r"(?:emojis?|表情)(?:符号)?(?:也|都|就|先|一律|全)*(?:去掉|拿掉|删|不要|别|不用|不放|不带|免|省)"
    r"|(?:emojis?) (?:should |must |have to )?(?:go|out|are out)(?![a-z])"
)
"""emoji也别放: what the copy is to do without, by the verb behind it."""


def wording(change: Change) -> None:
    """Forbidden words and copy rules read as in a brief; they add to those that hold."""
    draft = Draft(change.found)
    if not re.search(
        r"文案|标题|正文|话术|emoji|表情|出现|不写|别写|不提|别提|不要提|不能提|title|copy|mention|写|字样",
        change.found.text,
    ):
        return
    if re.search(
        r"(?:emojis?|表情)[^,，。;]{0,8}(?<!不)(?:可以|能|允许|放开|ok|allowed|fine)|(?:可以|允许"
        r"|allow)[^,，。;]{0,4}(?:emoji|表情)",
        change.found.text,
    ) and "no_emoji" in change.base.get("copy_rules", {}):
        change.step("remove", "copy_rules.no_emoji")
    if _NO_EMOJI.search(change.found.text) and not change.base.get("copy_rules", {}).get("no_emoji"):
        change.step("set", "copy_rules.no_emoji", True)
    used = set(change.found.used)
    rules(draft)
    if not draft.values.get("exclusions") and not draft.values.get("copy_rules"):
        change.found.used.clear()
        change.found.used.update(used)
        return
    for shape in draft.values.get("exclusions", []):
        change.step("add", "exclusions", shape)
    for key, value in draft.values.get("copy_rules", {}).items():
        if not key.endswith("_max_chars"):
            change.step("set", f"copy_rules.{key}", value)
    # A length may be said relative to the one that holds (标题再多5个字): the figures read it.
    change.found.used.difference_update(
        p for p in range(len(change.found.tokens)) if (q := change.found.quantity(p)) is not None and q.unit == "char"
    )
