"""The words that leave customers out: before a condition (不要发给 …), behind it (… 一律别发, … must not get this)."""

import re

from linghang.reading.audience.scan import Scan

OUT_BEFORE = re.compile(
    r"(?:不要|别要|不发|不发给|别发给?|不给|别给|不推|不想要|去掉|别找|不找|不碰|别碰|不触达|不打扰|别打扰"
    r"|不考虑|不需要|免打扰)\s*(?:对|给|那些|这些|所有|任何)?\s*$"
)
OUT_AFTER = re.compile(
    r"^以外|^之外|^(?:过|了|中)?(?:的)?(?:客户|客人|客|用户|人群|人|家|们|号|账号|那批|那些|这批|这些)?(?:的)?"
    r"(?:都|就|也|先|一律|全部?|全都|统一|坚决|绝对|千万|统统|通通|必须|一概|帮我|给我|麻烦|请|这次|这回|暂时|把他们|把她们|一起|一并)*"
    r"(?:剔(?:除|掉|走|了|出去?|开)|排掉|排除|去掉"
    r"|除外|不要|别发|不发|不推|别推|不触达|不打扰|过滤掉?|屏蔽|踢掉|筛掉|刨掉|刨除|不算|跳过|别打扰|别再打|别再联系"
    r"|别再发|不再联系|不再发|别碰|不参与|不给|不考虑|免打扰|拉黑"
    r"|(?:不|别|勿|甭|莫|不要|不用|不能|不许|不准|不必|不该|不可以?|不应该?|禁止|避免|停止)(?:再|去)*(?:给|向|对)?(?:他们|她们|人家|人哋|佢哋)?(?:去)?"
    r"(?:发|推|送|打(?![折包卡开])|呼|拨|烦|打扰|打搅|骚扰|招惹|碰|动|找|触达|联系|营销|通知|收到|看到|参加|进来|出现|算(?:进来?|进去|在内|上)?|也?加(?:进来?|进去|入|上)|圈(?:进来?)?|纳入|放进)"
    r"|[^,，。;\d]{0,8}[,，](?:就|都|先|全|请|麻烦|帮我|一律)*(?:排掉|剔掉|剔除|排除|去掉|拿掉|别发|不发|别推|过滤掉)(?:了|吧|掉)*(?:$|[,，。;])"
    r"|\s?(?:customers|clients|users|people|folks|members|ones|guys)?\s?(?:should(?:n't"
    r"| not| never)|must(?:n't| not| never)|can(?:'t|not)"
    r"|don't|do not|won't|will not|need(?:n't| not)|(?:are|is)(?:n't| not) to|never)\s(?:be )?(?:get(?:ting)?"
    r"|receiv(?:e|ing)|see(?:ing)?|hear"
    r"|take part|join|participate|enter|sent|contacted|messaged|included|targeted|bothered"
    r"|touched|in (?:this|it|here|scope))"
    r"|\s?(?:customers|clients|users|people|folks|members|ones)?\s?(?:are|is|stay|stays) (?:off limits"
    r"|out(?! of the)|not included|excluded)"
    r"|\s?(?:who |that |which )?(?:(?:should|must|will|can) be )?excluded)"
)


def not_of_itself(scan: Scan) -> None:
    """Complainers should not be contacted: the contact of what is excluded is no condition of its own."""
    found = scan.found
    reach = [(found.tokens[max(hit.places)].end, hit) for hit in scan.hits if hit.excluded]
    for end, hit in reach:
        said = OUT_AFTER.match(found.text[end:])
        if said is not None:
            scan.hits = [
                other
                for other in scan.hits
                if other is hit
                or other.shape["field"] not in ("touched", "in_campaign")
                or not end <= found.tokens[other.first].start < end + said.end()
            ]
