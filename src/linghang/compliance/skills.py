"""The skill of compliance: may we say it."""

from collections.abc import Mapping
from typing import Any

from linghang.compliance.batch import check_batch
from linghang.kit.context import Context
from linghang.kit.skills import skill


@skill(
    "compliance.check",
    effect="read",
    permission="rules.read",
    cacheable=True,
    example={"text": "定投永远不亏，时间会给你答案", "product": "fund", "channel": "push"},
    needs={"text": "material"},
    makes="compliance.verdict",
)
def check_text(
    ctx: Context, text: str, product: str = "brand", channel: str = "landing", launch_date: str = ""
) -> Mapping[str, Any]:
    """The verdict on a text by the rules in force: findings with clause and span, missing disclosures, a mended text."""
    line = {"text": text, "product": product, "channel": channel, "launch_date": launch_date}
    return {"text": text, **next(iter(check_batch([line], today=ctx.today)))}
