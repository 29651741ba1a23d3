"""What kind of speaking this is: a brief, an edit, a question about results, one about knowledge, or none of ours.

A linear model over features of the tokens: ``lexicon/acts.yaml`` holds its weights, fitted by ``scripts/teach_acts.py``
on sentences that a generator and the own set provide. What no feature speaks for stays below the threshold.
"""

import functools
import math
import re
from collections.abc import Mapping
from importlib import resources
from typing import Any, cast

import yaml

from linghang.reading.model import Kind
from linghang.reading.questions.asked import of_results
from linghang.reading.sentence import Sentence
from linghang.reading.times.moments import Moment

KINDS: tuple[Kind, ...] = ("brief", "edit", "analysis", "knowledge", "check", "smalltalk", "out_of_scope")

_ASKS = re.compile(
    r"[快慢大多高好贵]不[快慢大多高好贵]|"
    r"[快慢高低多少好差涨跌升降]了?还是[快慢高低多少好差涨跌升降]|要不要(?!紧)|该不该|应不应该|值不值得|为什么"
    r"|为啥|为何|多大|多高|多低|多长|多少|怎么样|咋样|如何|吗[?？]?$|呢[?？]?$"
    r"|[本了过到来动上完]没有?[?？]?$|了(?:多少|几)(?:个|人|单|户|笔|次)?[?？]?$|哪个|哪些|哪种|哪天|哪里|谁|几天|多久(?!都)"
    r"|是不是(?![^,，。]{0,12}(?:无所谓|都行|都可以|不重要|不管))"
    r"|有没有|[?？]|(?<![a-z])(?:why|how|what|which|when|who|did|does|was|were|can you tell)(?![a-z])"
)
_SHOW = re.compile(
    r"^(?:请|麻烦|帮我|给我|帮忙|我想|再)*\s?(?:看看|看一下|看下|查一下|查下|查询|统计|分析|复盘|总结|汇总|对比"
    r"|比较|列|拉一下|拉个|出个|展示|盘一下|盘点|预测|算一下|算算|拆一下|拆解|来个|出一份|导出|show|list|compare"
    r"|summari[sz]e|recap|break ?down|give me (?:a|the) (?:summary|report|breakdown|table)|report|rank|plot"
    r"|forecast|analy[sz]e|tell me|pull|[拉出弄导列汇]一?[张份个](?:统计|汇总)?表)"
)
_RESULT = re.compile(
    r"(?:分层|分段|分档|分组|层级|tiers?)(?:看|对比|的|来看|\sby|\svs|\sagainst)|(?:真|实际|到底|究竟|最后)(?:的|上)?(?:走|流失|离开|跑|销户)(?:掉)?了?(?:多少|几)|"
    r"活动(?:效果|表现|数据|结果)|目标完成|完成(?:了)?多少|达成率|完成率|[日天周月]留存|次日留存|留存率|的留存|留存[^,，。]{0,3}(?:多少|怎么|对比|曲线|谁|哪)|留存[,，]?\s?(?:按|分|看)"
    r"|(?:\d+[日天]?[/、和及与])+\d+[日天][^,，。]{0,3}留存|留存[^。]{0,10}\d+\s?[日天]|(?:领|拿|抢)(?:了|完|走)?(?:券|红包)?(?:没|未|不)(?:用|核销|动)[^。]{0,8}(?:多少|几个|人数|[户客]数)|\d\s?%?[^,，。]{0,4}(?:报警|告警|预警)"
    r"|(?:谁|哪个?|哪边|哪家)的?[^,，。]{0,8}(?:更|最)?(?:高|低|强)|[跟和与同].{1,8}比(?:较|如何|怎么样|一下|$)|[切分拆](?:成|为)[^。?？]{2,50}看|[档层段]来?看|(?:花|烧|用|消耗)得[^,，。]{0,4}[快慢]"
    r"|day retention"
    r"|d\d+ retention|retention (?:of|for|rate|by|at|on|after|over|across)|d\d+\s?(?:/|,|and|、)\s?d\d+"
    r"|(?<![a-z])head[- ]to[- ]head"
    r"|retention[^.?]{0,40}(?:days? \d|\d+ days?|against|versus|vs(?![a-z]))"
    r"|中位|(?<![a-z])p\d\d(?!\d)|分位|median|能[^,，。]{0,4}多少|会[^,，。]{0,4}多少|怎么优化|如何优化|怎么提升|如何提升|倾斜|效果(?:怎么样|如何)?|数据怎么样|表现|漏斗|趋势|环比|同比|占比|显著"
    r"|对照组和实验组|实验组和对照组|复盘(?!并|后)|至今|以来|导出|excel|异常|排名|(?:提醒|告诉|通知)我|预估|分布"
    r"|明细|各渠道|按[^,，。]{1,8}(?:看|拆|分|统计|排)"
)
_SPLIT = re.compile(
    r"按.{1,8}(?:看|拆|分|对比|切|列|展开|汇总|统计|下钻)|分.{1,6}看|各.{1,6}(?:的|是多少|怎么样)|哪个.{0,12}(?:最|好|高|低|差)|排名|排行"
    r"|(?:有|还有|还剩|一共|总共)多少|多少人|多少钱|平均几天|平均多久|怎么(?:掉|降|涨|跌|突然|这么)"
    r"|(?:by|per|across|each|split by) (?:the )?(?:channel|product|cit(?:y|ies)|day|hour|segment|gender|group"
    r"|aum|face value|coupon value|tier|city tier|version|variant|arm|(?:aum |city )?(?:tier|band)s?)"
)
_WHAT_IS = re.compile(
    r"(?:什么是|啥是|什么叫|何为|何谓)|what(?:'s| is) the (?:difference(?! in\s)|meaning|definition|formula)"
    r"|(?:是什么(?:意思"
    r"|东西"
    r"|产品"
    r"|风险等级"
    r"|等级|概念|原理)?|是啥|啥意思|什么意思"
    r"|指什么|指的是什么|怎么理解|的定义|定义是)[的]?\s*[?？。]?\s*$|^(?:请|帮我)?(?:解释|介绍|科普|讲讲|说说"
    r"|讲一下|说一下)(?:一下|下)?"
    r"(?!新|[^。?？]*(?:[掉跌降涨升]了|[下骤暴][滑降跌]|[上飙][升涨]"
    r"|激增|暴增|突增|跳水|腰斩|回落|走[低高]))|(?:有什么|有啥)(?:区别|不同|差别)|区别(?:是|在)|的区别|怎么算(?!错)"
    r"|怎么计算|如何计算|计算公式|计算方法|公式是|法规|规定|条例|有哪些(?:合规)?(?:要求|规定|限制|规则|风险|类型"
    r"|种类)|要求(?:是什么|有哪些)|能不能(?:写|说|用|提)|可不可以(?:写|说|用)|what is (?:a |an )?(?!the|our|my|this"
    r"|last"
    r"|today|yesterday)"
    r"|what's (?:a |an )?(?!the|our|my|this|last|today|yesterday|behind|driving|going|wrong|up\s|dragging|causing)"
    r"|what are|what does .* mean"
    r"|define|definition of|explain(?!s|\s(?:why|what happened)"
    r"|[^.?]{0,40}\s(?:drop|fall|rise|spike|dip|decline|jump|increase|decrease|slump|surge|plunge|slide|crash|downturn"
    r"|uptick|growth)(?![a-z]))|meaning of"
    r"|(?<!what's the )difference between(?!.{0,40}(?:groups?|significant|versions?))"
    r"|how is .* (?:calculated|computed|defined)"
    r"|风险等级(?:有|分)(?:哪|几)|是怎么回事儿?$"
)
_ALLOWED = re.compile(
    r"(?:能|可以|允许|许)(?:不能|不可以|不允许)?[^,，。]{0,8}(?:发|写|说|打|打电话|用|提|宣传|承诺|做)[^,，。]{0,8}(?:吗|么|不能|不可以)"
    r"|几点[^,，。]{0,10}(?:不能|不许|可以|能|不可以)[^,，。]{0,4}(?:发|打)|(?:是|有|能)?(?:干嘛|干什么|做什么)(?:用)?的|有什么用|有啥用|什么作用"
    r"|(?:can|may|are) we (?:allowed to )?(?:say|write|send|mention|promise|call|use)|is it (?:legal|allowed|ok)"
)
_CHAT = re.compile(
    r"谢谢|感谢|多谢|辛苦|先到这|就到这|先这样|好困|好累|真累|困死|累死|大忙|明天见|回头见|再见|晚安|早安|哈哈|嘿嘿|无聊|心情|周末愉快"
    r"|在吗|在么|你好|聊聊|陪我|你真|真聪明|棒|太牛"
    r"|(?<![a-z])(?:thanks|thank you|lifesaver|you're (?:great|the best|amazing|awesome)"
    r"|appreciate|see you|take care|cheers|good (?:night|morning|job|work)|nice (?:job|work)|well done|hello|hey"
    r"|love it)"
)
_HELLO = re.compile(
    r"^(?:(?:你好|您好|hi|hello|hey|嗨|哈喽|早|早上好|晚上好|下午好|中午好|早安|晚安|谢谢|多谢|感谢|辛苦|thanks"
    r"|thank you|thx|ok|okay|好的|好滴|好嘞|收到|嗯|哦|哈|666|赞|牛|厉害|不错|可以|行|在吗|在么|在不在|你是谁"
    r"|你叫什么|你能做什么|你会什么|你能干嘛|再见|拜拜|bye|goodbye|good morning|good afternoon|good job|nice"
    r"|great|cool|test|测试|明白|了解|知道|没事|好|对|是的|嘿|你真棒|太棒|who are you|what can you do"
    r"|how are you|吃了吗|well done|perfect|awesome|got it|noted|下班|周末愉快|新年快乐|有人吗)"
    r"(?:[啊呀哦吧了的啦呢哈嘛~!！。.,，?？ ]|大家|各位|小助手|领航|老师|亲|你|您|there|all|so much|very much"
    r"|a lot|again|for your help|team)*)+$"
)
_OUTSIDE = re.compile(
    r"天气(?!.{0,8}(?:推|发|客户|用户))|写(?:一?首|个|篇)?[^,，。]{0,8}(?:诗|歌|小说|代码|程序|作文|python|脚本"
    r"|情书|日记|论文)|讲个?笑话|笑话|股票(?:代码|行情|推荐)|推荐.{0,12}股票|哪只(?:股票|基金)(?:会涨|能涨"
    r"|值得买)|买(?:哪只|什么)(?:股票|基金)|帮我(?:订|买|点|叫)[^,，。]{0,12}(?:机票|酒店|票|外卖|车|餐|咖啡)"
    r"|电影|球赛|世界杯|总统|菜谱|怎么做(?:菜|红烧肉|饭)|算命|星座|翻译(?:一下|成|这)|translate|weather|joke"
    r"|poem|write (?:me )?(?:a |some )?(?:code|song|story|essay|python|script|poem)|recipe|capital of|who (?:won"
    r"|is the president)|book (?:me )?a (?:flight|hotel|table)|stock (?:price|tip)|彩票|双色球|密码是|今天星期几"
    r"|几点了|现在几点|明天放假|请假|报销|打车|导航去|唱歌|放首歌|play music|bitcoin|比特币|数学题|作业|1\+1"
    r"|中午吃|晚上吃|吃什么|减肥|感冒|女朋友|男朋友|hack|黑进|攻击|绕过审批|ignore (?:all |the )?(?:previous"
    r"|above)|忽略(?:之前|以上|上面)|system prompt|系统提示词|what time is it|房价|油价"
    r"|手机号(?:码)?[^,，。]{0,6}(?:导出|导|发给我|给我|列)|导出[^,，。]{0,8}(?:手机号|身份证|名单)|用(?:python"
    r"|java|c\+\+|sql)写|冒泡|快排|几岁了|宇宙|历史上|明星|八卦|新闻"
)
_COPY = re.compile(
    r"(?:写|拟|起草|出|来|生成|编|给我|想|要)(?:[一二两三四五六七八九十几\d]+)?(?:条|个|版|句|篇|组|套|段"
    r"|份)?[^,，。]{0,14}(?:文案|推送文案|标题|话术|slogan|短信文案|推文|push文案|口号|推送(?=$|[,，。])"
    r"|短信(?=$|[,，。]))|(?:write|draft|give me|generate|create)[^,.;]{0,20}(?:subject lines?|copy|headlines?"
    r"|titles?|push(?:es)?|sms|texts?|slogans?|taglines?|messages?)|话术包|文案来"
)
_CHECK = re.compile(
    r"(?:检查|审一下|审核|审查|审审|看看|看一下|查查|校验|核一下|帮我审|过一下)[^,，。:：]{0,14}(?:合规|违规"
    r"|文案|这句话?|这段|有没有问题|能不能发|行不行|能发吗|可以发吗|这条)|(?:合规吗|违规吗|有没有违规|能不能发"
    r"|能发吗|可以发吗|可以这么写吗|这样写(?:行|可以)|有问题吗|是否合规|合不合规|违不违规)|(?:check|review"
    r"|is)[^,.;]{0,30}(?:compliant|compliance|this copy|this sentence|this text|ok to send|legal)"
)
_CHANGE = re.compile(
    r"wrap up|leave out|rule out|take off|不要|不能|最多|每人|限|kpi(?:看|改|换|是|用)"
    r"|排掉|剔|踢掉|筛掉"
    r"|should be|要更|改成|改为|改到|换成|换为|换|改|提到|提高|提升到|加到|降到|降低|减到|减半|翻倍|砍"
    r"|去掉|删|取消|拿掉|不要了|加上|加个|再加|加(?=\d|[一二两三四五])|只要|只保留|只用|只留|推迟|延后|延长|提前"
    r"|延(?=[一两三\d])|再多|缩短|调到|调整|追加|增加|减少|撤|恢复|排除|剔除|放宽|收紧|上调|下调|涨|往后|往前"
    r"|顺延|不发|不用|别|先不|多跑|少跑|也要|也发|也加|设为|设成|控制在|change|set|raise|increase|cut|reduce"
    r"|lower|drop|remove|add|only|keep|replace|switch|swap|exclude|extend|postpone|delay|move|push (?:it|the"
    r"|back|out)|bring|shorten|make it|make the|double|halve|instead|bump|use|no more|up the|update|delete"
    r"|include|limit|start|end|shift|trim|undo"
)
_ASK_DO = re.compile(
    r"(?:卖|做|搞|推|冲|拉)(?:爆|好|起来|火|上去|大)|(?:做|搞|出|来|策划|建|发起|安排|设计|推出|跑|上|弄|整|规划|配|圈)(?:一?[个波版场次套轮批]|个|点)"
    r"|帮我(?:做|出|搞|策划|建|推|拉|发|圈)|给[^,，。]{1,30}(?:推|发|送|做|打)|推广|主推|拉新|召回|促活"
    r"|(?<![a-z])(?:launch|create|build|plan|run|promote|acquire|win back|winback|cross-sell|send|target|get me"
    r"|set up|design|activate|retain|we need|i want|i need)(?![a-z])"
)
_PUSHES = re.compile(r"^\s?(?:给[^,，]{1,16})?(?:推|卖|做|搞|主推|推广|promote|sell|push)")
_RECRUITS = re.compile(
    r"(?:老板|领导)?(?:想|要|得|给我)*(?:要|拉|搞|整|弄|来|冲|做到?|拿下?|招|揽|收)\s?(?:个|来|到|够|满)?\s?\d+(?:\.\d+)?[万亿wk千]?\s?(?:个|名|位|户)?"
    r"(?:新客|新户|新用户|新会员|新增|粉丝)|"
    r"(?:拿|要|冲|打|做到?|拉|达到?)\s?\d+(?:\.\d+)?[万亿wk千]?[^,，。多少]{0,2}(?:曝光|触达|覆盖|阅读|播放)|"
    r"拉(?:来|到|够|进来?)?\s?\d|拉(?:来|到|够)?[一二三四五六七八九十百千万]+|(?:get|acquire|recruit|bring|win|onboard)\s(?:me\s|us\s|in\s)?\d"
)
_AGAIN = re.compile(r"重跑|再跑|rerun|re-run|复跑|重新跑")
_REFERS = re.compile(
    r"刚才|那个|那张|那条|这个|这张|原来|上面|其他不变|its?(?![a-z])|that one|the (?:coupon|banner|popup|budget"
    r"|holdout)"
)
_NEW = re.compile(r"重新做一个|另起|新建一个|new campaign|另外做一个|再做一个新|新开一个")
_SENSES = (
    ("analysis", ("analysis",)), ("metric", ("metric_word",)), ("dimension", ("dimension",)), ("budget", ("budget",)),
    ("channel", ("channel", "slot")),
    ("offer", ("offer",)), ("objective", ("objective",)), ("product", ("product",)), ("people", ("state", "act",
    "field", "grade")), ("time", ("moment", "clock", "window")),
    ("looks", ("tone", "color", "style")), ("exclude", ("exclude",)), ("direction", ("direction",)), ("compare",
    ("compare_to",)), ("quantity", ("quantity",)),
    ("window", ("window",)), ("recurrence", ("recurrence",)), ("since", ("since",)), ("clock", ("clock",)),
)  # fmt: skip
_LIMITS = frozenset(("最多", "最少", "最高", "最低", "most", "least"))
_GIVES = re.compile(
    r"(?:送|返|立减|减|奖励?|补贴|发|给|派)(?:每人|一张|个|张)?\s?\d|满\s?\d+|\d+\s?(?:元|块)(?:的)?(?:券|红包|话费|立减)"
    r"|\d+ yuan (?:off|coupon|voucher|red packet|cashback)"
)
_FLAGS = (
    ("gives", _GIVES),
    ("asks", _ASKS), ("show", _SHOW), ("result", _RESULT), ("split", _SPLIT), ("what_is", _WHAT_IS), ("hello",
    _HELLO), ("chat", _CHAT), ("allowed", _ALLOWED), ("outside", _OUTSIDE),
    ("copy", _COPY), ("check", _CHECK), ("change", _CHANGE), ("ask_do", _ASK_DO), ("pushes", _PUSHES), ("recruits",
    _RECRUITS), ("again", _AGAIN),
    ("refers", _REFERS), ("new", _NEW),
)  # fmt: skip


def is_ours(found: Sentence) -> bool:
    """Whether a text names something of the trade and nothing of other trades: it is asked about, never sent away."""
    named = any(
        token.has("product", "inner", "objective", "offer", "budget", "channel", "slot") for token in found.tokens
    )
    return named and not _OUTSIDE.search(found.text)


def is_outside(found: Sentence) -> bool:
    """Whether a text is of other trades: the weather, poems, tickets."""
    return bool(_OUTSIDE.search(found.text))


def wants_copy(found: Sentence) -> bool:
    """Whether a brief asks for words to send more than for a campaign."""
    return bool(_COPY.search(found.text))


def sets_goal(found: Sentence) -> bool:
    """Whether a text says how many shall come or be reached."""
    return bool(_RECRUITS.search(found.text))


def runs_again(found: Sentence) -> bool:
    """Whether a campaign that did well shall run once more: 效果不错，照样再来一次 asks for no figure."""
    return bool(_ONCE_MORE.search(found.text))


def side_by_side(found: Sentence) -> bool:
    """Whether figures are to be held together: 三个放一起比留存."""
    return bool(_TOGETHER.search(found.text)) and any(token.has("metric_word") for token in found.tokens)


_TOGETHER = re.compile(r"(?:放|摆|搁)(?:到|在)?一[起块](?:儿)?(?:来|去)?(?:比|看|瞧|对比)|(?<![a-z])head[- ]to[- ]head")
_ONCE_MORE = re.compile(
    r"[,，]\s?(?:这次|就|按|我们)?(?:照原样|按原样|原样|照样|照旧|照搬|复刻|原封不动)?地?(?:再|重新|重)(?:来|跑|做|搞|上)(?:一?[次轮波遍回]|[,，。]|$)"
    r"|[,.;]\s(?:so |let's |please )?(?:run|do|repeat) (?:it|that) again"
)
_BANS = re.compile(
    r"(?:不|别|不要|不许|不准|不能|不得|禁止|严禁)(?:写|提|出现|说|讲)(?!醒|前|高|升|交|到底)[^,，。;、]{1,10}[,，、]?"
    r"|(?:don't|do not|never) (?:use|say|mention|write) [^,.;]{1,40}"
)


def without_bans(text: str) -> str:
    """A text without what its copy must not say: 不写排名 asks for no ranking."""
    return _BANS.sub("", text)


def asks(found: Sentence) -> bool:
    """Whether a text has a word of asking."""
    return bool(_ASKS.search(found.text))


def wants_figures(found: Sentence) -> bool:
    """Whether a text speaks of results: it wants to see them, split them, or names days that are gone."""
    text = found.text.strip()
    past = any(is_past(t.senses["moment"]) for t in found.tokens if "moment" in t.senses)
    return past or any(pattern.search(text) for pattern in (_SHOW, _RESULT, _SPLIT))


def features(found: Sentence, *, has_base: bool, asked: bool = False) -> dict[str, float]:
    """The features of a sentence by name; counts are capped, so that length alone decides nothing."""
    text = found.text.strip()
    made: dict[str, float] = {"bias": 1.0}
    bounds = {p for p in range(len(found.tokens) - 1) if found.tokens[p].text in _LIMITS and found.quantity(p + 1)}
    for name, senses in _SENSES:
        # 最多3次 is a limit, no superlative.
        spoken = [t for p, t in enumerate(found.tokens) if not (name == "analysis" and p in bounds)]
        count = sum(1 for token in spoken if any(sense in token.senses for sense in senses))
        if count:
            made[name] = 1.0
            made[f"{name}+"] = float(min(count, 4) - 1)
    kinds = sum(
        1 for name in ("budget", "channel", "offer", "objective", "product", "people", "looks", "time") if name in made
    )
    made["parts"] = float(kinds)
    if kinds + sum(1 for name in ("metric", "analysis", "dimension", "quantity", "change") if name in made) == 0:
        made["empty"] = 1.0
    for name, pattern in _FLAGS:
        if pattern.search(text):
            made[name] = 1.0
    if _figure_of(found):
        made["figure_of"] = 1.0
    _of_happenings(found, text, made)
    made |= _shape(found, text)
    if has_base:
        made |= {f"base&{name}": value for name, value in made.items() if name in _WITH_BASE}
    if asked:
        made["asked"] = 1.0
    return made


def _of_happenings(found: Sentence, text: str, made: dict[str, float]) -> None:
    """转化崩了的原因是什么 wants a cause, 新老客国庆的曝光有什么差别 figures: neither asks what a word means."""
    happened = of_results(text)
    if happened:
        made["result"] = 1.0
    if made.keys() >= {"what_is", "metric"} and (happened or ("past" in _shape(found, text) and _DIFFERS.search(text))):
        del made["what_is"]


_DIFFERS = re.compile(r"(?:有什么|有啥)(?:区别|不同|差别)|difference")
_WITH_BASE = frozenset(
    (
        "bias",
        "change",
        "asks",
        "what_is",
        "result",
        "metric",
        "analysis",
        "short",
        "parts",
        "new",
        "refers",
        "quantity",
        "hello",
        "chat",
        "allowed",
        "outside",
        "empty",
        "budget",
        "again",
    )
)


def _shape(found: Sentence, text: str) -> dict[str, float]:
    made: dict[str, float] = {}
    if len(text) <= 12:
        made["short"] = 1.0
    if len(found.breaks) >= 3:
        made["clauses"] = float(min(len(found.breaks), 8) - 2) / 2
    if text.count("\n") >= 2:
        made["lines"] = 1.0
    figures = [t for t in found.tokens if t.has("metric_word") and not t.has("objective", "offer", "budget", "act")]
    if figures:
        # 转化 and 留存 are also what one wants; 转化率 and 留存率 are only figures.
        made["figure"] = 1.0
        if not re.search(r"[\w%]", text[text.rfind(figures[-1].text) + len(figures[-1].text) :]):
            made["figure_last"] = 1.0
    elif any(t.has("objective") for t in found.tokens):
        made["goal_only"] = 1.0
    moments = [token.senses["moment"] for token in found.tokens if "moment" in token.senses]
    if any(is_past(moment) for moment in moments):
        made["past"] = 1.0
    elif moments:
        made["ahead"] = 1.0
    if any(token.has("budget") for token in found.tokens) and any(
        q.big for token in found.tokens if (q := token.senses.get("quantity"))
    ):
        made["funded"] = 1.0
    return made


def _figure_of(found: Sentence) -> bool:
    """…活动的ROI: a figure of something asks for it."""
    return any(
        found.before(p, 1) in ("的", "动", "次") and not t.has("objective", "state", "offer", "act")
        for p, t in enumerate(found.tokens)
        if t.has("metric_word")
    )


def is_past(moment: Moment) -> bool:
    """Whether a phrase of time speaks of days that are gone (上个月, last year)."""
    if moment.kind in ("offset", "week", "weekend", "trading"):
        return isinstance(moment.args[0], int) and moment.args[0] < 0
    if moment.kind in ("weekday",):
        return isinstance(moment.args[0], int) and moment.args[0] < 0
    if moment.kind == "month":
        return isinstance(moment.args[2], int) and moment.args[2] < 0
    if moment.kind in ("quarter", "year", "festival"):
        return isinstance(moment.args[-1], int) and moment.args[-1] < 0
    if moment.kind == "half":
        return moment.args == (None, 1)
    return moment.kind == "to_date"


@functools.cache
def _weights() -> Mapping[str, Mapping[str, float]]:
    text = resources.files("linghang.reading").joinpath("lexicon/acts.yaml").read_text("utf-8")
    return cast(
        "Mapping[str, Mapping[str, float]]", yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    )


def recognise(found: Sentence, *, has_base: bool, asked: bool = False) -> list[tuple[Kind, float]]:
    """The kinds of speaking with their probability, likeliest first; ``asked`` when it came in as a question."""
    seen = features(found, has_base=has_base, asked=asked)
    scores = {
        kind: sum(value * weights.get(name, 0.0) for name, value in seen.items())
        for kind, weights in _weights().items()
    }
    if not has_base:
        scores.pop("edit", None)
    if asked and "analysis" in scores:
        # Who asks through the door for questions mostly asks one.
        about = seen.keys() & {"metric", "analysis", "dimension", "split", "result"}
        scores["analysis"] += 1.5 + (2.5 if about and not seen.keys() & {"what_is", "outside"} else 0.0)
    return _probabilities(scores)


def _probabilities(scores: Mapping[str, float]) -> list[tuple[Kind, float]]:
    top = max(scores.values())
    weights: dict[Any, float] = {kind: math.exp(score - top) for kind, score in scores.items()}
    total = sum(weights.values())
    return sorted(((cast("Kind", kind), weight / total) for kind, weight in weights.items()), key=lambda item: -item[1])
