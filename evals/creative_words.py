"""Copy of many lengths for the picture eval: titles, subtitles, buttons, legal texts, tickets, Chinese and English."""

import random

from linghang.creatives.pictures import Coupon, Words

TITLES = (
    ("权益加磅", "省的不止一点点"), ("稳健理财", "守护每一分收获"), ("臻享黄金", "财富传承之选"), ("开门红",), ("新客专享礼",), ("月月有惊喜", "天天有收获"),
    ("理财节", "万元好礼等你拿"), ("家庭保障一步到位",), ("攒钱从今天开始", "每天十元也不少"), ("会员日", "积分加倍兑好礼"), ("支付立减", "每单最高减18元"),
    ("一站式配置你的养老金账户",), ("秒速到账的小额周转",), ("固收+优选", "波动更小的陪伴"), ("黄金积存计划0.1克起投",), ("信用生活", "先享后付更从容"),
    ("为爱投保", "给家人多一份安心"), ("双11狂欢", "权益抢先领"), ("年终盘点", "你的财富成绩单"), ("存款节", "50万以内受存款保险保障"),
)  # fmt: skip
SUBTITLES = (
    "",
    "每月18日 · 万元礼金限时开抢",
    "固收+ 严选 · 新客专享加息",
    "积存金 0.1克起投 · 免保管费",
    "随存随取",
    "首次投保享专属礼遇,名额有限",
    "绑卡即领 3 张立减券",
    "R2 中低风险",
)
BUTTONS = ("立即领取", "去看看", "马上抢", "查看详情", "立即领取权益", "即刻预约")
BADGES = ("", "限时", "新客专享", "11.11 理财季", "18权益日", "热卖")
LEGALS = (
    "理财非存款,产品有风险,投资须谨慎。",
    "活动时间:2025.11.01—11.18,详情以活动页面规则为准。理财非存款,产品有风险,投资须谨慎。",
    "基金有风险,投资须谨慎。过往业绩不预示未来表现,基金管理人不保证盈利或最低收益。投资前请阅读基金合同、招募说明书等法律文件,并选择与风险承受能力相匹配的产品。",
    "本产品由示例保险公司承保,保障责任、免责条款以保险合同为准。",
)
TICKETS = (Coupon("18", "元", "支付立减券"), Coupon("8.8", "折", "黄金手续费"), Coupon("2", "%", "理财加息券"), Coupon("30", "天", "持有期起"),
           Coupon("R2", "级", "中低风险"), Coupon("1000", "元", "满减红包"), Coupon("0.1", "克", "起购"), Coupon("3", "期", "分期免息"))  # fmt: skip
ENGLISH = (
    Words(("Save More", "Every Single Month"), "Up to ¥200 cash back for new cards", "Get it now", "Limited", (Coupon("5", "%", "Cash back"), Coupon("0", "fee", "First year")), "Investments can lose value. Past performance is no guarantee of future results.", "Linghang", "AI-made", "en"),
    Words(("Steady Growth for Every Goal",), "Diversified portfolios, low cost", "Learn more", "", (), "Capital at risk. This is a marketing communication.", "Linghang", "AI-made", "en"),
    Words(("Protect What You Love",), "Family cover in three minutes", "See plans", "New", (), "Terms apply. Cover is subject to the policy.", "Linghang", "AI-made", "en"),
)  # fmt: skip


def words(stream: random.Random) -> Words:
    """Words of a random length; one picture in twelve is English."""
    if stream.random() < 1 / 12:
        return stream.choice(ENGLISH)
    count = stream.choice((0, 0, 1, 2, 3, 3))
    return Words(
        title=stream.choice(TITLES),
        subtitle=stream.choice(SUBTITLES),
        button=stream.choice(BUTTONS),
        badge=stream.choice(BADGES),
        coupons=tuple(stream.sample(TICKETS, count)),
        legal=stream.choice(LEGALS),
        brand="领航金融",
    )
