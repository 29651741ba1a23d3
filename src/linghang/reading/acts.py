"""What kind of speaking this is: a brief, an edit, a question about results, one about knowledge, or none of ours."""

import math
import re

from linghang.reading.model import Kind
from linghang.reading.sentence import Sentence

_KINDS: tuple[Kind, ...] = ("brief", "edit", "analysis", "knowledge", "check", "smalltalk", "out_of_scope")

_ASKS = re.compile(
    r"为什么|为啥|为何|多少|怎么样|咋样|如何|吗[?？]?$|呢[?？]?$|哪个|哪些|哪种|哪天|哪里|谁|几天|多久|是不是|有没有|[?？]|(?<![a-z])(?:why|how|what|which|when|who|is|are|did|does|do|was|were|can you tell)(?![a-z])"
)
_SHOW = re.compile(
    r"^(?:请|麻烦|帮我|给我|帮忙|我想)?\s?(?:看看|看一下|看下|查一下|查下|查询|统计|分析|复盘|总结|汇总|对比|比较|列出|拉一下|拉个|出个|展示|盘一下|盘点|预测|算一下|算算|拆一下|拆解|来个|出一份|导出|show|list|compare|summari[sz]e|recap|break ?down|give me (?:a|the) (?:summary|report|breakdown|table)|report|rank|plot|forecast|analy[sz]e|tell me|pull)"
)
_RESULT = re.compile(
    r"活动(?:效果|表现|数据|结果)|效果怎么样|数据怎么样|表现如何|转化率|点击率|roi|投产|核销率|留存率|流失率|漏斗|趋势|环比|同比|占比|显著|对照组和实验组|实验组和对照组"
)
_WHAT_IS = re.compile(
    r"(?:什么是|啥是|什么叫|何为|何谓)|(?:是什么(?:意思|东西|产品|风险等级|等级|概念|原理)?|是啥|是什么意思|啥意思|什么意思|指什么|指的是什么|怎么理解|的定义|定义是)[?？。]?\s*$|^(?:请|帮我)?(?:解释|介绍|科普|讲讲|说说|讲一下|解释一下|介绍一下|说一下)(?:一下|下)?|(?:有什么|有啥)(?:区别|不同|差别)|区别是|的区别|怎么算|怎么计算|如何计算|计算公式|计算方法|公式是|法规|法律|规定|条例|要求是什么|有哪些(?:合规)?(?:要求|规定|限制|规则|风险)|合规要求有哪些|能不能(?:写|说|用|提)|可不可以(?:写|说|用)|what is|what's|what are|what does .* mean|define|definition of|explain|meaning of|difference between|how is .* calculated|风险等级(?:有|分)(?:哪|几)"
)
_HELLO = re.compile(
    r"^(?:(?:你好|您好|hi|hello|hey|嗨|哈喽|早|早上好|晚上好|下午好|中午好|早安|晚安|谢谢|多谢|感谢|辛苦|thanks|thank you|thx|ok|okay|好的|好滴|好嘞|收到|嗯|哦|哈|666|赞|牛|厉害|不错|可以|行|在吗|在么|在不在|你是谁|你叫什么|你能做什么|你会什么|你能干嘛|再见|拜拜|bye|goodbye|good morning|good afternoon|good job|nice|great|cool|test|测试|明白|了解|知道|没事|好|对|是的|嘿|你真棒|太棒|who are you|what can you do|how are you|吃了吗|well done|perfect|awesome|got it|noted)"
    r"(?:[啊呀哦吧了的啦呢哈嘛~!！。.,，?？ ]|大家|各位|小助手|领航|老师|亲|你|您|there|all|so much|very much|a lot|again|for your help|team)*)+$"
)
_OUTSIDE = re.compile(
    r"天气(?!.{0,8}(?:推|发|客户|用户))|写(?:一?首|个|篇)?[^,，。]{0,8}(?:诗|歌|小说|代码|程序|作文|python|脚本|情书|日记|论文)|讲个?笑话|笑话|股票(?:代码|行情|推荐)|推荐.{0,12}股票|哪只(?:股票|基金)(?:会涨|能涨|值得买)|买(?:哪只|什么)(?:股票|基金)|帮我(?:订|买|点|叫)[^,，。]{0,12}(?:机票|酒店|票|外卖|车|餐|咖啡)|电影|球赛|世界杯|总统|菜谱|怎么做(?:菜|红烧肉|饭)|算命|星座|翻译(?:一下|成|这)|translate|weather|joke|poem|write (?:me )?(?:a |some )?(?:code|song|story|essay|python|script|poem)|recipe|capital of|who (?:won|is the president)|book (?:me )?a (?:flight|hotel|table)|stock (?:price|tip)|彩票|双色球|密码是|今天星期几|几点了|现在几点|明天放假|请假|报销|打车|导航去|唱歌|放首歌|play music|bitcoin|比特币|数学题|作业|1\+1|中午吃|晚上吃|吃什么|减肥|感冒|女朋友|男朋友|hack|黑进|攻击|绕过审批|ignore (?:all |the )?(?:previous|above)|忽略(?:之前|以上|上面)|system prompt|系统提示词|what time is it|房价|油价|手机号(?:码)?[^,，。]{0,6}(?:导出|导|发给我|给我|列)|导出[^,，。]{0,8}(?:手机号|身份证|名单)|用(?:python|java|c\\+\\+|sql)写|冒泡|快排"
)
_COPY = re.compile(
    r"(?:写|拟|起草|出|来|生成|编|给我|想|要)(?:[一二两三四五六七八九十几\d]+)?(?:条|个|版|句|篇|组|套|段|份)?[^,，。]{0,14}(?:文案|推送文案|标题|话术|slogan|短信文案|推文|push文案|口号|推送(?=$|[,，。])|短信(?=$|[,，。]))|(?:write|draft|give me|generate|create)[^,.;]{0,20}(?:subject lines?|copy|headlines?|titles?|push(?:es)?|sms|texts?|slogans?|taglines?|messages?)|话术包|文案来"
)
_CHECK = re.compile(
    r"(?:检查|审一下|审核|审查|审审|看看|看一下|查查|校验|核一下|帮我审|过一下)[^,，。:：]{0,14}(?:合规|违规|文案|这句话?|这段|有没有问题|能不能发|行不行|能发吗|可以发吗|这条)|(?:合规吗|违规吗|有没有违规|能不能发|能发吗|可以发吗|可以这么写吗|这样写(?:行|可以)|有问题吗|是否合规|合不合规)|(?:check|review|is)[^,.;]{0,30}(?:compliant|compliance|this copy|this sentence|this text|ok to send|legal)"
)
_CHANGE = re.compile(
    r"不要|不能|最多|每人|限|改成|改为|改到|换成|换为|换|改|提到|提高|提升到|加到|降到|降低|减到|减半|翻倍|砍|去掉|删|取消|拿掉|不要了|加上|加个|再加|加(?=\d|[一二两三四五])|只要|只保留|只用|只留|推迟|延后|延长|提前|延(?=[一两三\d])|再多|缩短|调到|调整|追加|增加|减少|撤|恢复|排除|剔除|放宽|收紧|上调|下调|涨|往后|往前|顺延|不发|不用|别|先不|多跑|少跑|也要|也发|也加|设为|设成|控制在|change|set|raise|increase|cut|reduce|lower|drop|remove|add|only|keep|replace|switch|swap|exclude|extend|postpone|delay|move|push (?:it|the|back|out)|bring|shorten|make it|make the|double|halve|instead|bump|use|no more|up the|update|delete|include|limit|start|end|shift|trim|undo"
)
_ASK_DO = re.compile(
    r"(?:做|搞|出|来|策划|建|发起|安排|设计|推出|跑|上|弄|整|规划|配|圈)(?:一?[个波版场次套轮批]|个|点)|帮我(?:做|出|搞|策划|建|推|拉|发|圈)|给[^,，。]{1,30}(?:推|发|送|做|打)|推广|主推|拉新|召回|促活|活动|(?<![a-z])(?:launch|create|build|plan|run|promote|acquire|win back|winback|cross-sell|send|target|get me|set up|design|activate|retain|we need|i want|i need)(?![a-z])"
)
_IMPROVE = re.compile(r"提升|促进|提高|优化|增加|拉动")
_SPLIT_ASK = re.compile(
    r"按.{1,8}(?:看|拆|分|对比)|分.{1,6}看|各.{1,6}(?:的|是多少|怎么样)|哪个.{0,12}(?:最|好|高|低|差)|排名|排行|(?:有|还有|还剩|一共|总共)多少|多少人|多少钱|平均几天|平均多久|怎么(?:掉|降|涨|跌|突然|这么)"
)


def wants_copy(found: Sentence) -> bool:
    """Whether a brief asks for words to send more than for a campaign."""
    return bool(_COPY.search(found.text))


def recognise(found: Sentence, *, has_base: bool, asked: bool = False) -> list[tuple[Kind, float]]:
    """The kinds of speaking with their probability, likeliest first; ``asked`` when it came in as a question."""
    scores = _scores(found, has_base, asked)
    top = max(scores.values())
    weights = {kind: math.exp(score - top) for kind, score in scores.items()}
    total = sum(weights.values())
    # What nothing speaks for is not made sure by there being nothing else.
    support = 1 / (1 + math.exp(-(top - 1.0) * 1.6))
    return sorted(((kind, weight / total * support) for kind, weight in weights.items()), key=lambda item: -item[1])


def _scores(found: Sentence, has_base: bool, asked: bool) -> dict[Kind, float]:
    text = found.text.strip()
    scores: dict[Kind, float] = {kind: 0.0 if kind == "brief" else -1.0 for kind in _KINDS}
    marks = {
        name: sum(1 for token in found.tokens if name in token.senses)
        for name in (
            "analysis",
            "metric_word",
            "dimension",
            "budget",
            "channel",
            "slot",
            "offer",
            "objective",
            "product",
            "state",
            "act",
            "field",
            "grade",
            "quantity",
            "time",
            "tone",
            "color",
            "style",
            "exclude",
            "direction",
            "compare_to",
            "window",
            "objective_verb",
        )
    }
    _brief_score(scores, text, marks)
    _analysis_score(scores, text, marks, found)
    _edit_score(scores, text, marks, has_base)
    _other_scores(scores, text, marks)
    if asked:
        scores["analysis"] += 1.5
    return scores


def _brief_score(scores: dict[Kind, float], text: str, marks: dict[str, int]) -> None:
    parts = [
        marks["budget"],
        marks["channel"] + marks["slot"],
        marks["offer"],
        marks["objective"],
        marks["product"],
        marks["state"] + marks["act"] + marks["field"] + marks["grade"],
        marks["tone"] + marks["color"] + marks["style"],
    ]
    scores["brief"] += (
        0.9 * sum(1 for part in parts if part)
        + (1.2 if _ASK_DO.search(text) else 0)
        + (0.4 if marks["time"] else 0)
        + 0.3 * min(marks["quantity"], 3)
    )
    if marks["budget"] and marks["quantity"]:
        scores["brief"] += 0.8
    if text.count("\n") >= 2:
        scores["brief"] += 1.0
    if re.search(r"重跑|再跑|rerun|复跑", text):
        scores["brief"] += 2.5
    if marks["product"] and re.match(r"\s?(?:推|卖|做|搞|主推|推广|promote|sell|push)", text):
        scores["brief"] += 1.6
    if marks["state"] + marks["act"] + marks["field"] and marks["objective"]:
        scores["brief"] += 0.8
    if marks["quantity"] and re.search(r"拉\s?\d|拉[一二三四五六七八九十百千万]+", text):
        scores["brief"] += 1.5


def _analysis_score(scores: dict[Kind, float], text: str, marks: dict[str, int], found: Sentence) -> None:
    score = 0.0
    measured = marks["metric_word"] + marks["dimension"]
    if _ASKS.search(text):
        score += 1.6
    if _SHOW.search(text):
        score += 1.8
    if _SPLIT_ASK.search(text):
        score += 1.8
    score += (
        1.1 * min(marks["analysis"], 2)
        + 0.8 * min(measured, 3)
        + (0.8 if marks["metric_word"] and marks["analysis"] else 0)
        + 0.7 * min(marks["compare_to"] + marks["direction"], 2)
    )
    if _RESULT.search(text):
        score += 0.8
    if measured == 0 and marks["analysis"] == 0 and not _SPLIT_ASK.search(text):
        score -= 1.0
    if marks["budget"] and marks["quantity"] and (marks["channel"] or marks["offer"]):
        score -= 2.5
    scores["analysis"] += score + 1.0


def _edit_score(scores: dict[Kind, float], text: str, marks: dict[str, int], has_base: bool) -> None:
    if not has_base:
        scores["edit"] = -9.0
        return
    scores["edit"] += 3.4 + (1.8 if _CHANGE.search(text) else 0)
    if sum(
        marks[name]
        for name in (
            "budget",
            "channel",
            "slot",
            "offer",
            "state",
            "grade",
            "quantity",
            "time",
            "tone",
            "color",
            "style",
            "exclude",
            "field",
            "product",
            "act",
        )
    ) == 0 and not _CHANGE.search(text):
        scores["edit"] -= 2.0
    if len(text) < 60:
        scores["edit"] += 1.2
    if re.search(r"重新做一个|另起|新建一个|new campaign|另外做一个|再做一个新", text):
        scores["brief"] += 3.0


def _other_scores(scores: dict[Kind, float], text: str, marks: dict[str, int]) -> None:
    content = sum(marks[name] for name in ("budget", "channel", "offer", "objective", "quantity", "metric_word"))
    if _WHAT_IS.search(text):
        scores["knowledge"] += 4.0 - 0.5 * min(content, 4) + (0.6 if len(text) < 16 else 0)
        if re.search(r"怎么算|公式|定义|calculated|区别|difference", text):
            scores["knowledge"] += 1.4
    if _HELLO.match(text):
        scores["smalltalk"] += 6.0
    if _OUTSIDE.search(text):
        scores["out_of_scope"] += 4.5 - 0.4 * min(content, 4)
    if (
        sum(marks.values()) - marks["quantity"] - marks["time"] - marks["tone"] == 0
        and len(text) > 4
        and scores["smalltalk"] < 0
    ):
        # Nothing of our trade is in it.
        scores["out_of_scope"] += 1.6 if scores["edit"] < 0 else 0.4
    if _CHECK.search(text):
        scores["check"] += 3.6
    if _COPY.search(text):
        scores["brief"] += 2.0
