"""What stands beside a wish and changes nothing: why it is wished, who said so, a slip owned up to, thanks.

Such a piece is only read where nothing else in the message changes anything.
"""

import re

PARTED = (
    r"(?<=[^\s,，。;；])(?=(?:免得|省得|以免|以防|毕竟|因为|不然|否则|要不然|谁让))"
    r"|,?\s(?=(?:because|since (?:we|they|it|the|our)|as (?:we|they|it's|our)|otherwise|or else|so that|given (?:that|how)"
    r"|in case)\s)"
    r"|\s(?=to (?:be safe|be on the safe side|save (?:money|cost|costs|budget)|keep (?:it|things) [a-z]+|match"
    r"|make (?:sure|room))(?:\W|$))"
)
"""Where a reason begins within a piece."""

_REASON = re.compile(
    r"^(?:免得|省得|以免|以防|毕竟|因为|由于|反正|不然|否则|要不然|谁让|生?怕|主要是?(?!推|卖|做|发|给)|原因(?:是|[:：])|考虑到"
    r"|(?:我|刚才?|刚刚|之前|上次)*(?:看|听|说|写|打|记|弄|搞|发)(?:错|岔|漏|混)了?"
    r"|(?:谢谢|多谢|感谢|辛苦|麻烦(?:你|您|了)|拜托|谢啦|感恩)(?:你|您|了|啦|哈|大家|各位)*$"
    r"|(?:thanks|thank you|cheers|ta|much appreciated|please)(?: (?:a lot|so much|very much|again))?$"
    r"|(?:because|since (?:we|they|it|the|our)|as (?:we|they|it's|our)|otherwise|or else|so that|given (?:that|how)|in case"
    r"|after all)\s"
    r"|(?:up|down) from\s"
    r"|to (?:be safe|be on the safe side|save (?:money|cost|costs|budget)|keep (?:it|things) [a-z]+|match|make (?:sure|room)))"
)
_STATED = re.compile(
    # 看错邮件了, 存单这个月没额度, 到12号收不住: how things stand.
    r"(?:看|听|写|打|记)错[^,，。;]{0,6}了?$"
    r"|(?:没|没有|缺|用完|抢光|抢完|卖完|售罄|排满|占满|约满)了?(?:额度|货|名额|库存|档期|位置?|资源|预算|空位)?了?$"
    r"|(?:收|做|跑|赶|忙|发|卖|顶|扛|撑|吃)不(?:住|完|过来|动|消|下)了?$"
    r"|(?:捞|圈|筛|跑|拉|选)(?:出|下)?来(?:的)?(?:人)?(?:才|只有?|没|就)(?:有)?(?:几个|多少|一点)?(?:人|个|户)?(?:不多|太少)?$"
    r"|\s(?:is|are|was|were|seems?|looks?|feels?) (?:way |far |a bit |much |really )?too [a-z]+(?: to [a-z' ]+)?$"
)
_WISHES = re.compile(r"改|换|加|减|去掉|只|别|不要|提|降|调|延|缩|撤|删|use|make|set|add|drop|cut|raise|change|keep")


def beside(text: str) -> bool:
    """Whether a piece only says why or how things stand, and wishes nothing by itself."""
    said = text.strip(" ,，。;；!！?？.~～")
    return bool(_REASON.match(said)) or (bool(_STATED.search(said)) and not _WISHES.search(said))
