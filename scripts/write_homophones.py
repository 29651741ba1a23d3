"""Writes lexicon/homophones.yaml of the reading room: characters that sound like those of the trade's words.

Run ``python scripts/write_homophones.py DICT`` after a change of ``WORDS``; DICT is a word list with a word and its
count on each line (jieba's ``dict.txt``). What is a word of its own (预期, 找回) is never taken for a slip, nor is a
character that often stands alone, so that no slip is seen across the border of two words.
"""

import sys
from collections import defaultdict
from pathlib import Path

from pypinyin import lazy_pinyin

TARGET = Path(__file__).parent.parent / "src/linghang/reading/lexicon/homophones.yaml"
_LISTED = """
拉新 获客 促活 激活 召回 唤醒 留存 挽留 转化 复购 交叉 升级 续费 续保 基金 理财 保险
黄金 白条 金条 贷款 存款 存单 会员 信贷 支付 定投 债基 货基 固收 积存金 小金库 信用卡
年金险 医疗险 短信 推送 弹窗 邮件 企微 公众号 小程序 站内信 开屏 外呼 电话 首页 红包
优惠券 免息 加息 抽奖 返现 立减 积分 礼品 预算 费用 经费 客户 用户 新客 老客 沉睡 沉默
流失 女性 男性 年龄 城市 资产 余额 额度 注册 登录 持有 到期 逾期 账单 还款 风险 测评
赎回 申购 投诉 退订 员工 学生 文案 标题 渠道 人群 对照 实验 目标 热闹 高级 温情 国潮
点击率 转化率 打开率 退订率 核销率 全渠道 留存率 获客成本
"""
WORDS = tuple(_LISTED.split())
LONE = frozenset(
    "的了是在到有与以也就都不没要会可能给对把从个一二三四五六七八九十百千万亿等为或且我你他她它这那几多少上下前后内外中新老大小再又还每各"
    "和及跟同将被让向往于而并但只很太更最已未曾过着来去出入起止发推送买卖做搞用看点查投借还存取领抽返减加提降改删停开关年月日号天周时分秒元块张"
)  # fmt: skip


COMMON = 2000


def main(dictionary: str) -> int:
    """Write the table: word → for each place the characters that surely are slips, and those that may be."""
    rows = [line.split() for line in Path(dictionary).read_text("utf-8").splitlines() if line.strip()]
    known = {row[0] for row in rows}
    first: defaultdict[str, int] = defaultdict(int)
    last: defaultdict[str, int] = defaultdict(int)
    for word, count in ((row[0], int(row[1])) for row in rows if len(row[0]) > 1):
        first[word[0]] += count
        last[word[-1]] += count
    heard = _heard()
    lines = [
        "# Characters that sound like those of a word, by place: [surely slips], [slips between borders of words]."
    ]
    lines.append("# Written by scripts/write_homophones.py.")
    for word in WORDS:
        sure, likely = [], []
        for place, syllable in enumerate(lazy_pinyin(word)):
            kept = {
                c: word[:place] + c + word[place + 1 :] for c in heard[syllable] if c != word[place] and c not in LONE
            }
            kept = {char: slip for char, slip in kept.items() if slip not in known}
            # Where the left part often ends a word and the right one begins one, the pair may only stand side by side.
            loose = {c for c, slip in kept.items() if len(slip) == 2 and min(last[slip[0]], first[slip[1]]) >= COMMON}
            sure.append("".join(char for char in kept if char not in loose))
            likely.append("".join(char for char in kept if char in loose))
        lines.append(f"{word}: [[{', '.join(map(repr, sure))}], [{', '.join(map(repr, likely))}]]")
    TARGET.write_text("\n".join(lines) + "\n", "utf-8")
    return 0


def _heard() -> dict[str, list[str]]:
    """The common characters (level 1 of GB 2312) by their syllable."""
    heard: defaultdict[str, list[str]] = defaultdict(list)
    for high in range(0xB0, 0xD8):
        for low in range(0xA1, 0xFF):
            try:
                char = bytes((high, low)).decode("gb2312")
            except UnicodeDecodeError:
                continue
            heard[lazy_pinyin(char)[0]].append(char)
    return heard


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
