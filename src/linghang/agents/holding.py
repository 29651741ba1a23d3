"""What holds of a conversation's memory while something is made, and how it is told."""

from collections.abc import Mapping, Sequence

from linghang.agents import memory
from linghang.agents.model import Json
from linghang.base.messages import render
from linghang.kit.context import Context

_WORDS = ("tone", "style", "color", "copy_rules", "exclusions")
_HOLDS: Mapping[str, tuple[str, ...]] = {
    "campaign.document": (), "copy.texts": (*_WORDS, "channels"), "page.draft": _WORDS, "picture.drafts": _WORDS,
}  # fmt: skip
"""What is made of a brief → the keys of a reading that matter to it (none: all of them)."""


def holding(ctx: Context, conversation: str, said: Mapping[str, Json], makes: str) -> tuple[memory.Kept, ...]:
    """What was remembered and matters to what is to be made of a brief that says ``said``."""
    if makes not in _HOLDS:
        return ()
    held = memory.constraints(ctx, conversation, said)
    return tuple(item for item in held if any(_touches(step, _HOLDS[makes]) for step in item.patch))


def _touches(step: Mapping[str, Json], keys: Sequence[str]) -> bool:
    path = str(step["path"])
    value = step.get("value")
    if keys and path == "exclusions" and isinstance(value, Mapping) and value.get("field") not in ("copy", "channel"):
        return False
    return not keys or path.startswith(tuple(keys))


def told(ctx: Context, held: Sequence[memory.Kept]) -> str:
    """That it was held, and where it was said."""

    def of(code: str, some: Sequence[memory.Kept]) -> str:
        said, turns = "；".join(memory.core(item.text) for item in some), "、".join(str(item.turn) for item in some)
        return render(code, {"said": said, "turns": turns}, ctx.locale) if some else ""

    # What was asked for outside any conversation has no turn.
    parts = (of("agents.held", [item for item in held if item.turn]),
             of("agents.held_always", [item for item in held if not item.turn]))  # fmt: skip
    return "\n".join(part for part in parts if part)
