"""The skill of reading: a sentence to its reading, for agents and doors."""

from collections.abc import Mapping
from typing import Any

from linghang import packs
from linghang.kit.context import Context
from linghang.kit.skills import skill
from linghang.reading.read import read, to_json


@skill(
    "brief.read",
    effect="read",
    permission="campaign.read",
    example={"text": "召回近60天没登录的老客,发20元红包,短信+push,预算45万,下周一开始两周"},
    needs={"text": "words"},
    makes="reading",
)
def brief_read(ctx: Context, text: str, after: dict[str, Any] | None = None) -> Mapping[str, Any]:
    """What an operator's sentence means: a brief, an edit of ``after``, a question, or none of them; with spans."""
    return to_json(read(text, today=ctx.today, pack=packs.load(ctx.pack), after=after), spans=True)
