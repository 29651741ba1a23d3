"""The grid of changes for what is no sum: days and hours, sets, texts and records, and several changes in one sentence."""

import datetime as dt
import itertools
from collections.abc import Iterator
from typing import Any

from edit_grid import BASE, Cell, Step, gone, more, put

_AUDIENCE: list[dict[str, Any]] = BASE["audience"]
_BY = {item["field"]: item for item in _AUDIENCE}
_EMPLOYEE, _COMPLAINT, _COPY = BASE["exclusions"]
_Row = tuple[str, str, tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[Step, ...]]


def _day(key: str, days: int) -> Step:
    return put(key, (dt.date.fromisoformat(BASE[key]) + dt.timedelta(days=days)).isoformat())


def _both(days: int) -> tuple[Step, ...]:
    return (_day("start", days), _day("end", days))


def _with(field: str, **values: Any) -> Step:
    return put(f"audience[{field}]", {**_BY[field], **values})


_CHANNEL_OUT = {"field": "channel", "op": "eq", "value": "call"}
_ROWS: tuple[_Row, ...] = (
    # days
    ("start", "set", ("开始时间改成12月5号", "上线日期定在12月5日", "12月5号开始", "开始日期挪到12/5"), ("開始日改到12月5號",),
     ("Start on Dec 5.", "move the start date to December 5", "new start date: Dec 5"), (put("start", "2026-12-05"),)),
    ("start", "later", ("开始时间往后推两天", "上线推迟2天，结束不变", "晚两天再上线，结束日期不动"), ("開始日推遲兩日，結束日不變",),
     ("Push the start date back two days, keep the end date.", "start two days later, end date unchanged"), (_day("start", 2),)),
    ("end", "set", ("结束时间改到12月20号", "截止日期放到12月20日", "12月20号结束", "跑到12月20号"), ("結束日改為12月20號", "做到12月20號"),
     ("End on Dec 20.", "move the end date to December 20", "run it until Dec 20"), (put("end", "2026-12-20"),)),
    ("end", "later", ("结束时间往后延三天", "再多跑三天", "延长3天", "尾巴再留三天"), ("延長三日", "結束日推後三日"),
     ("Extend it by three days.", "push the end date back by 3 days", "run it three days longer"), (_day("end", 3),)),
    ("end", "earlier", ("提前两天结束", "结束日期往前提两天", "少跑两天", "缩短2天"), ("提早兩日結束", "縮短兩日"),
     ("End it two days earlier.", "shorten it by two days", "pull the end date forward by 2 days"), (_day("end", -2),)),
    ("dates", "shift", ("整体往后推一周", "整个活动顺延7天", "档期整体延后一周"), ("成個活動推遲一星期", "整體順延7日"),
     ("Push everything back a week.", "shift the whole campaign by one week", "delay the campaign by 7 days"), _both(7)),
    ("dates", "earlier", ("整体提前两天", "活动早两天开跑，结束也跟着提前两天"), ("成個活動提早兩日",),
     ("Bring the whole campaign forward by two days.", "move the whole thing two days earlier"), _both(-2)),
    ("dates", "set", ("时间改成12月8号到12月18号", "档期换到12/8-12/18", "12月8日至12月18日做"), ("檔期改為12月8號至12月18號",),
     ("Run it from Dec 8 to Dec 18.", "new dates: Dec 8 to Dec 18"), (put("start", "2026-12-08"), put("end", "2026-12-18"))),
    ("dates", "length", ("一共跑14天", "周期改成两周", "总时长14天"), ("一共跑14日", "周期改為兩星期"),
     ("Run it for two weeks.", "make it 14 days in total"), (put("end", "2026-12-16"),)),
    ("dates", "not_but", ("不是12月3号开始，是12月5号", "12月5号开始，不是3号"), ("唔係12月3號開始，係12月5號",),
     ("It starts on Dec 5, not Dec 3.",), (put("start", "2026-12-05"),)),
    # hours
    ("start_time", "set", ("改到下午三点发", "发送时间定在15:00", "下午3点再推", "推送时间换成15点"), ("改做下晝三點發", "下午3點發送"),
     ("Send at 3 pm.", "send time: 15:00", "move the send time to 3pm"), (put("start_time", "15:00"),)),
    ("start_time", "later", ("发送时间往后推半小时", "晚半小时发", "推迟30分钟再发"), ("遲半個鐘發", "發送時間推遲30分鐘"),
     ("Send it half an hour later.", "push the send time back 30 minutes"), (put("start_time", "10:30"),)),
    ("start_time", "earlier", ("提前一小时发", "发送时间往前提1个小时"), ("提早一個鐘發",),
     ("Send it one hour earlier.", "bring the send time forward by an hour"), (put("start_time", "09:00"),)),
    ("start_time", "clear", ("不限定几点发了", "发送时间点不定了"), ("唔限幾點發",), ("Drop the send time.",), (gone("start_time"),)),
    ("send_window", "set", ("短信改成9点到21点之间发", "短信时段换到9:00-21:00"), ("短信時段改為9:00-21:00",),
     ("SMS only between 9am and 9pm.", "change the SMS window to 09:00-21:00"),
     (put("send_window", {"channel": "sms", "start": "09:00", "end": "21:00"}),)),
    ("send_window", "end", ("短信时段延到晚上9点", "短信最晚发到21点", "晚上九点以后短信就别发了"), ("短信夜晚九點後唔好發",),
     ("No SMS after 9pm.", "extend the SMS window to 9pm"), (put("send_window.end", "21:00"),)),
    ("send_window", "clear", ("短信时段限制取消", "短信发送时段不限了"), ("取消短信時段限制",),
     ("Lift the SMS hours restriction.", "drop the send window"), (gone("send_window"),)),
    # channels and slots
    ("channels", "add", ("加个邮件", "邮件也发一下", "再补一路邮件", "渠道里带上邮件"), ("加埋電郵", "多加一個電郵渠道"),
     ("Add email.", "also use email please", "email too"), (more("channels", "email"),)),
    ("channels", "drop", ("短信不发了", "去掉短信", "短信就别用了吧", "把短信撤了", "短信砍掉"), ("短信唔發喇", "剔走短信"),
     ("Drop SMS.", "no SMS please", "take SMS out"), (gone("channels", "sms"),)),
    ("channels", "drop slot", ("弹窗不做了", "弹窗下掉吧", "去掉弹窗"), ("彈窗唔做喇",), ("Drop the popup.", "no popup"),
     (gone("channels", "inapp_popup"), gone("slots", "home_popup"))),
    ("channels", "swap", ("短信换成企微", "把短信替换成企业微信", "不发短信了，改发企微", "企微代替短信"), ("短信轉做企微", "用企微代替短信"),
     ("Replace SMS with WeCom.", "swap SMS for WeCom", "WeCom instead of SMS"),
     (put("channels", ["push", "inapp_popup", "wecom"]),)),
    ("channels", "only", ("只留push", "渠道只要push", "只发push就行", "除了push其他渠道都不要", "就用push一个渠道"), ("淨係要push", "只保留push"),
     ("Push only.", "just keep push", "drop everything except push"), (put("channels", ["push"]), gone("slots"))),
    ("channels", "two", ("短信和弹窗都不要了", "去掉短信、弹窗"), ("短信同彈窗都唔要",), ("Drop SMS and the popup.",),
     (put("channels", ["push"]), gone("slots"))),
    ("channels", "set", ("渠道改成push加邮件", "渠道：push、邮件", "渠道换成push和邮件"), ("渠道改為push同電郵",),
     ("Channels should be push and email.", "change the channels to push and email"), (put("channels", ["push", "email"]), gone("slots"))),
    ("channels", "all", ("全渠道都上", "渠道不限，全渠道推"), ("全渠道推",), ("Use all channels.",), (put("channels", ["all"]), gone("slots"))),
    ("channels", "stays", ("渠道不变，预算改成30万", "渠道照旧，预算提到30万"), ("渠道不變，預算改為30萬",),
     ("Keep the channels, budget 300k.", "Raise the budget to 300k, same channels."), (put("budget_cny", 300000),)),
    ("slots", "add", ("再加个首页banner", "首页banner也上"), ("加多個首頁banner",), ("Add the home banner.",),
     (more("channels", "inapp_banner"), more("slots", "home_banner"))),
    ("exclusions", "channel", ("别打电话", "不要电话外呼"), ("唔好打電話",), ("No phone calls.", "don't call anyone"), (more("exclusions", _CHANNEL_OUT),)),
    # people
    ("age", "set", ("年龄改成30到45岁", "年龄段换成30-45", "30到45岁的"), ("年齡改為30至45歲",), ("Change the age range to 30-45.", "ages 30 to 45"),
     (_with("age", value=[30, 45]),)),
    ("age", "end", ("年龄上限放宽到45岁", "年龄放到45岁"), ("年齡上限放寬到45歲",), ("Raise the upper age limit to 45.",), (_with("age", value=[25, 45]),)),
    ("age", "clear", ("年龄不限了", "去掉年龄限制", "年龄别卡了"), ("年齡不限", "唔限年齡"), ("Drop the age limit.", "any age is fine", "no age restriction"),
     (gone("audience", _BY["age"]),)),
    ("city", "drop", ("深圳不做了", "去掉深圳", "城市里把深圳拿掉"), ("深圳唔做",), ("Drop Shenzhen.",), (_with("city", value=["北京", "上海"]),)),
    ("city", "add", ("城市加上广州", "广州也要", "再加个广州"), ("加埋廣州",), ("Add Guangzhou.", "include Guangzhou too"),
     (_with("city", value=["北京", "上海", "深圳", "广州"]),)),
    ("city", "swap", ("深圳换成广州", "把深圳改成广州"), ("深圳換成廣州",), ("Replace Shenzhen with Guangzhou.", "swap Shenzhen for Guangzhou"),
     (_with("city", value=["北京", "上海", "广州"]),)),
    ("city", "only", ("只留北京", "城市只做北京", "除了北京其他城市都不要"), ("淨係做北京",), ("Beijing only.", "keep only Beijing"),
     (put("audience[city]", {"field": "city", "op": "eq", "value": "北京"}),)),
    ("city", "clear", ("城市不限", "城市限制去掉", "全国都做，城市不限了"), ("城市不限",), ("Drop the city filter.", "any city"), (gone("audience", _BY["city"]),)),
    ("risk_level", "set", ("风险等级提到C4", "C3改成C4", "风险等级改成C4及以上"), ("風險等級提高到C4",), ("Raise the risk level to C4.", "C4 and above instead of C3"),
     (_with("risk_level", value="C4"),)),
    ("risk_level", "between", ("风险等级改成C2到C4", "C3改成C2-C4"), ("風險等級改為C2至C4",), ("Change the risk level to C2-C4.",),
     (_with("risk_level", op="between", value=["C2", "C4"]),)),
    ("aum", "set", ("资产门槛提到10万", "AUM改成10万以上", "资产要求10万以上"), ("資產門檻提高到10萬",), ("Raise the AUM floor to 100k.", "AUM at least 100k"),
     (_with("aum_cny", value=100000),)),
    ("aum", "clear", ("资产不限", "AUM门槛去掉"), ("資產不限",), ("Drop the AUM requirement.", "no AUM limit"), (gone("audience", _BY["aum_cny"]),)),
    ("last_login", "window", ("30天没登录改成60天", "没登录的天数放宽到60天", "60天没登录的"), ("30日冇登入改做60日",),
     ("Change 30 days without login to 60 days.",), (_with("last_login_days", value=60),)),
    ("gender", "clear", ("性别不限", "男女都要", "不限男女"), ("男女都得",), ("Any gender.", "both men and women"), (gone("audience", _BY["gender"]),)),
    ("gender", "set", ("改成男性", "女性换成男性"), ("女性換成男性",), ("Make it men instead of women.",), (_with("gender", value="M"),)),
    ("page_view", "window", ("浏览窗口改成60天", "看过基金页的时间放到近60天"), ("瀏覽窗口改為60日",), ("Widen the page view window to 60 days.",),
     (_with("page_view", window_days=60),)),
    ("audience", "add", ("还要绑过卡的", "再加一个条件：已绑卡"), ("仲要綁咗卡嘅",), ("Also only people who have bound a card.",),
     (more("audience", {"field": "card_bound", "op": "exists"}),)),
    ("exclusions", "add", ("排除近7天触达过的", "7天内发过的就别再发了", "剔掉最近一周触达过的"), ("剔除近7日觸達過嘅",),
     ("Exclude anyone contacted in the last 7 days.", "leave out people we messaged in the past week"),
     (more("exclusions", {"field": "touched", "op": "exists", "window_days": 7}),)),
    ("exclusions", "free", ("投诉客户不用排除了", "投诉过的也可以发", "员工照样排除，投诉过的放开"), ("投訴過嘅都可以發",),
     ("No need to exclude complainers any more.", "complaints can be included"), (gone("exclusions", _COMPLAINT),)),
    ("exclusions", "employees", ("员工也可以发", "内部员工不用剔了"), ("員工都可以發",), ("Employees can be included.",), (gone("exclusions", _EMPLOYEE),)),
    # copy
    ("copy", "add", ("文案别出现“保本”", "文案里不许写保本", "标题正文都不能提保本"), ("文案唔好出現「保本」",), ('Don\'t mention "保本" in the copy.',),
     (more("exclusions", {"field": "copy", "op": "contains", "value": "保本"}),)),
    ("copy", "free", ("稳赚可以写了", "“稳赚”这个词放开"), ("「穩賺」可以寫",), ('"稳赚" is allowed now.',), (gone("exclusions", _COPY),)),
    ("copy_rules", "emoji", ("emoji可以用了", "表情放开", "emoji限制取消"), ("emoji可以用",), ("Emoji are fine now.", "lift the emoji ban"), (gone("copy_rules.no_emoji"),)),
    # looks
    ("tone", "set", ("语气活泼一点", "调性换成活泼的", "语气改成活泼"), ("語氣改為活潑",), ("Make the tone lively.", "a more lively tone"), (put("tone", "lively"),)),
    ("tone", "clear", ("语气不限", "调性不指定了"), ("語氣不限",), ("Drop the tone.",), (gone("tone"),)),
    ("color", "swap", ("红色换成深蓝", "把红改成深蓝色"), ("紅色換成深藍",), ("Replace red with deep blue.", "swap the red for deep blue"), (put("color", ["gold", "deep_blue"]),)),
    ("color", "set", ("配色改成蓝色", "主色用蓝色"), ("配色改為藍色",), ("Change the colour to blue.",), (put("color", ["blue"]),)),
    ("color", "drop", ("红色不要了", "去掉红色"), ("唔要紅色",), ("No red.", "drop the red"), (gone("color", "red"),)),
    ("color", "add", ("再加点白色", "配色里加上白色"), ("加啲白色",), ("Add white.",), (more("color", "white"),)),
    # records
    ("freq_cap", "set", ("频控改成每周最多3次", "每人每周最多3条", "一周不超过3次"), ("每人每週最多3次",), ("Cap it at 3 per week.", "max 3 messages per person per week"),
     (put("freq_cap", {"max": 3, "window_days": 7}),)),
    ("freq_cap", "clear", ("频控取消", "不限频次了"), ("取消頻控",), ("Drop the frequency cap.", "no frequency cap"), (gone("freq_cap"),)),
    ("experiment", "split", ("AB改成七三开", "实验流量改成70/30", "A组70%，B组30%"), ("AB改為七三",), ("Split the test 70/30.", "70% to A and 30% to B"),
     (put("experiment.split", [70, 30]),)),
    ("experiment", "clear", ("AB测试不做了", "实验取消"), ("AB測試唔做喇",), ("Drop the A/B test.", "no A/B test"), (gone("experiment"),)),
    ("experiment", "add", ("再加个C版",), ("加多個C版",), ("Add a variant C.",), (put("experiment", {"variants": ["A", "B", "C"]}),)),
    ("experiment", "three", ("ABC三版4:3:3", "改成ABC三组，按4:3:3分", "三版文案，流量4:3:3"), ("ABC三版4:3:3",), ("Three variants, split 40/30/30.",),
     (put("experiment", {"variants": ["A", "B", "C"], "split": [40, 30, 30]}),)),
    ("offer", "clear", ("券不发了", "不送券了", "优惠取消"), ("唔派券喇",), ("Drop the coupon.", "no offer"), (gone("offer"),)),
    ("offer", "swap", ("券换成抽奖", "不发券了，改成抽奖", "抽奖代替券"), ("券轉做抽獎", "抽獎代替券"), ("Replace the coupon with a lottery.", "lottery instead of the coupon"),
     (put("offer", {"type": "lottery"}),)),
    ("offer", "both", ("改成满2000减50", "券换成满2000减50的"), ("改為滿2000減50",), ("Make it 50 off 2,000.",),
     (put("offer.face_value_cny", 50), put("offer.threshold_cny", 2000))),
    ("target", "metric", ("目标改成新增8000户", "目标换成拉新8000户"), ("目標改為新增8000戶",), ("Change the target to 8,000 new customers.",),
     (put("target", {"metric": "new_customers", "op": "ge", "value": 8000}),)),
    ("target", "clear", ("目标不设了", "不定目标了"), ("唔設目標",), ("Drop the target.",), (gone("target"),)),
    ("objective", "set", ("目的改成促活", "目的换成促活"), ("目的改為促活",), ("Change the objective to activation.",), (put("objective", "activate"),)),
    ("product", "set", ("产品换成黄金", "主推黄金", "改推黄金"), ("產品換成黃金",), ("Switch the product to gold.", "promote gold instead"), (put("product", "gold"),)),
)  # fmt: skip


def row_cells() -> Iterator[Cell]:
    """The cells of everything that is no sum."""
    for key, act, zh, hant, en, steps in _ROWS:
        for lang, texts in (("zh", zh), ("hant", hant), ("en", en)):
            for text in texts:
                yield Cell(key, act, lang, text, steps)


_PARTS: tuple[tuple[str, str, tuple[Step, ...]], ...] = (
    ("预算提到30万", "raise the budget to 300k", (put("budget_cny", 300000),)),
    ("短信不发了", "drop SMS", (gone("channels", "sms"),)),
    ("面额改成30", "make the coupon 30 yuan", (put("offer.face_value_cny", 30),)),
    ("年龄放到30-45", "change the age range to 30-45", (_with("age", value=[30, 45]),)),
    ("结束日期延到12月20号", "end on Dec 20", (put("end", "2026-12-20"),)),
    ("对照组留5%", "set the holdout to 5%", (put("holdout_pct", 5),)),
    ("加个邮件", "add email", (more("channels", "email"),)),
    ("语气活泼点", "make the tone lively", (put("tone", "lively"),)),
    ("深圳去掉", "drop Shenzhen", (_with("city", value=["北京", "上海"]),)),
    ("下午三点发", "send at 3 pm", (put("start_time", "15:00"),)),
    ("标题最多20个字", "cap the title at 20 characters", (put("copy_rules.title_max_chars", 20),)),
)
_ZH_JOINS = ("{0}，{1}", "{0}；另外{1}", "{0}，然后{1}，其他不变", "1、{0} 2、{1}")
_EN_JOINS = ("{0} and {1}", "{0}, {1}.", "{0}; also {1}", "{0}, then {1}, everything else stays the same")


def several_cells() -> Iterator[Cell]:
    """Two changes in one message, in every order."""
    for one, other in itertools.permutations(_PARTS, 2):
        for join in _ZH_JOINS:
            yield Cell("several", "two", "zh", join.format(one[0], other[0]), (*one[2], *other[2]))
        for join in _EN_JOINS:
            text = join.format(one[1], other[1])
            yield Cell("several", "two", "en", text[0].upper() + text[1:], (*one[2], *other[2]))
