"""Texts that look like disguises and are none: brands in pinyin, pictures, codes, addresses, numbers, spaced headings."""

import itertools
import random
from collections.abc import Sequence

_BRANDS = (
    "TaoBao", "BaoMa", "Huawei", "Xiaomi", "BYD", "WeiXin Pay", "Lenovo", "Anker", "Midea", "Ping An", "Mengniu", "Tsingtao", "Li-Ning",
    "Haier", "Luckin", "HeyTea", "Nongfu", "Didi", "Meituan", "iQIYI", "bilibili", "OPPO", "vivo", "DJI", "QQ音乐", "e代驾", "58同城", "361°",
)  # fmt: skip
_PICTURES = tuple("🎉🔥✨💡📢🌙☀️🍞🐔🦢🎁🏠📱🚗🍎⭐🧧🎂🌸🛰🔒💳🏦📈🐂🍊")
_CODES = (
    "T+1",
    "R2",
    "C3",
    "A/B/C",
    "5G",
    "H5",
    "P2",
    "4K",
    "24h",
    "iPhone 17",
    "WiFi 7",
    "USB-C",
    "Q4",
    "V3.2.1",
    "ISO 9001",
    "GB/T 22239",
)
_PLACES = (
    "人民路1-2-301室", "中关村大街27号A座1508", "B1层032铺", "No. 88, Nanjing Rd.", "浦东新区世纪大道100号", "Room 5-2, Tower B", "二环路·东段·88号",
)  # fmt: skip
_NUMBERS = ("400-820-8888", "95588", "010-8888 6666", "+86 138 0013 8000", "138-0013-8000", "021-12345转6")
_ADDRESSES = (
    "https://www.example-bank.cn/help?id=20261123", "help@example.cn", "www.example.com/a_b-c", "m.example.cn/t/0x1f", "app.example.cn#s=3",
)  # fmt: skip
_SPACED = ("温 馨 提 示", "周 末 愉 快", "目 录", "通 知", "公 告", "日 程", "第 一 章", "值 班 表")
_WORDS = (
    "the annual report",
    "customer service",
    "Good morning",
    "an open day",
    "thank you",
    "opening hours",
    "a new look",
    "weekly review",
)
_FRAMES = (
    "{picture}您的{brand}订单已发货，请留意{number}的来电。", "本周六{code}版本升级，2:00至4:00暂停查询。", "{spaced}：网点地址为{place}。",
    "如需帮助请访问{address}，或致电{number}。", "{picture}{picture}感谢您使用{brand}，账单已生成{picture}", "会议室改到{place}，{code}演示照常。",
    "{words}｜{brand}｜{code}", "今天·晴·26°C，出门记得带伞{picture}", "{brand} {code} 使用说明见{address}。", "您的快递到{place}了，取件码{n}-{m}-{n}{m}{n}。",
    "课程表：周一 语文/周二 数学/周三 {words}", "系统提示：{code}接口已恢复，工单{n}{m}{n}关闭。", "{spaced} 明天{n}点集合，地点{place}", "{picture}生日快乐，{brand}祝您一切顺利！",
    "请在{address}下载回单，流水号{n}A{m}B{n}。", "{words}, {brand} {code}, {number}.", "培训签到：王*、李某、张○○，共{n}人。", "猫 狗 鸟 鱼，你家养哪一种？{picture}",
    "停车场入口在{place}，车位{n}{m}号。", "读后感：{words}，写得真好{picture}",
)  # fmt: skip


def innocents(size: int, seed: int = 5) -> Sequence[str]:
    """So many different texts, the same for the same seed."""
    dice = random.Random(seed)
    told: dict[str, None] = {}
    for frame in itertools.cycle(_FRAMES):
        if len(told) >= size:
            return tuple(told)
        told[
            frame.format(
                picture=dice.choice(_PICTURES), brand=dice.choice(_BRANDS), code=dice.choice(_CODES), place=dice.choice(_PLACES),
                number=dice.choice(_NUMBERS), address=dice.choice(_ADDRESSES), spaced=dice.choice(_SPACED), words=dice.choice(_WORDS),
                n=dice.randint(1, 9), m=dice.randint(10, 99),
            )
        ] = None  # fmt: skip
    return tuple(told)
