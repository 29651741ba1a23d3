"""What stands for a thing of the base: 前面那个, 后一个, the first one become the name of what they mean.

Only where the base leaves no doubt: of two channels the former and the latter, of a list the first and the last one.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from linghang.reading.normalise import Normal, rewritten

_FIRST = (
    r"前(?:面|头|边)?(?:的)?(?:那|一)?[个条路种者]|头一[个条路种]|第一[个条路种]|打头的?(?:那个)?"
    r"|the (?:first (?:one|channel)|former)"
)
_LAST = (
    r"(?:最)?后(?:面|头|边)?(?:的)?(?:那|一)?[个条路种者]|最末(?:那)?[个条]|末尾(?:那)?[个条]|后面的(?=留|去|不|也|停)"
    r"|the (?:last (?:one|channel)|latter)"
)
_SECOND = r"第二[个条路种]|the second (?:one|channel)"
_THIRD = r"第三[个条路种]|the third (?:one|channel)"
_WORDS = re.compile(
    rf"(?P<second>{_SECOND})|(?P<third>{_THIRD})|(?P<first>{_FIRST})|(?P<last>{_LAST})(?![a-z])",
)
_OF_OTHERS = re.compile(
    r"\s?(?:天|周|月|号|日|礼拜|星期|小时|阶段|波|期|轮|批|版|days?|weeks?|months?|phase|half|version)"
)
_NAMES = {
    "push": "push", "sms": "短信", "email": "邮件", "inapp_popup": "弹窗", "inapp_banner": "banner", "splash": "开屏",
    "feed": "信息流", "site_msg": "站内信", "wecom": "企微", "wechat_oa": "公众号", "wechat_mini": "小程序",
    "call": "外呼", "branch": "网点", "web": "官网", "douyin": "抖音", "kuaishou": "快手", "xiaohongshu": "小红书",
}  # fmt: skip
"""A word by which the lexicon knows a channel."""


def resolved(normal: Normal, base: Mapping[str, Any]) -> Normal:
    """The text with ordinals in the place of channels as the channels' names."""
    channels: Sequence[str] = [name for name in base.get("channels", []) if name in _NAMES]
    if len(channels) < 2 or len(channels) != len(base.get("channels", [])):
        return normal
    made: list[tuple[int, int, str]] = []
    for hit in _WORDS.finditer(normal.text):
        place = {"first": 0, "second": 1, "third": 2, "last": len(channels) - 1}[str(hit.lastgroup)]
        if place < len(channels) and not _OF_OTHERS.match(normal.text, hit.end()):
            made.append((*hit.span(), _NAMES[channels[place]]))
    return rewritten(normal, made) if made else normal
