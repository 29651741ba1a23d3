"""Edits of the share of the highest scores: top10%改成top20%, 扩到前两成."""

import re

from linghang.reading.edits.words import Change
from linghang.reading.quantities import whole

_TOP_SHARE = re.compile(
    r"(?:top|前)\s?\d{1,2}\s?%.{0,8}?(?:top|前)\s?(\d{1,2})\s?%"
    r"|(?:改成|换成|改为|改到|放宽到|收紧到|扩到|[到成至为]|to)\s?(?:模型|流失|信用)?(?:评?分|得分)?(?:的)?(?:top|前)\s?(\d{1,2})\s?%"
    r"|(?:取|只要|圈|只留|只看|只发)\s?(?:模型|流失|信用)?(?:评?分|得分)?(?:top|前)\s?(?P<taken>\d{1,2})\s?%"
    r"|(?:[到成至为改换要取圈])\s?前(?P<tenths>[一二两三四五])成"
)


def top_shares(change: Change) -> None:
    """top10%改成top20%: the share of the highest scores."""
    hit = _TOP_SHARE.search(change.found.text)
    if hit is None:
        return
    for item in change.base.get("audience", []):
        if item["field"] in ("churn_score", "credit_score"):
            top = int(hit[1] or hit[2] or hit["taken"] or "0") or 10 * (
                "一二三四五".find(hit["tenths"].replace("两", "二")) + 1
            )
            share = whole(round(1 - top / 100, 4))
            change.step("set", f"audience[{item['field']}]", {**item, "op": "ge", "value": share})
            change.found.used.update(range(len(change.found.tokens)))
