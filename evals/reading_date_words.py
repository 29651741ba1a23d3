"""The ingredients of ``reading_dates``: carriers, relations, lengths and stretches of days, with their days."""

import datetime as dt

FESTIVALS = (
    ("双12", "Double 12", dt.date(2026, 12, 12)), ("双十二", "Double Twelve", dt.date(2026, 12, 12)),
    ("圣诞节", "Christmas", dt.date(2026, 12, 25)), ("圣诞", "Christmas Day", dt.date(2026, 12, 25)),
    ("平安夜", "Christmas Eve", dt.date(2026, 12, 24)), ("元旦", "New Year's Day", dt.date(2027, 1, 1)),
    ("跨年夜", "New Year's Eve", dt.date(2026, 12, 31)), ("冬至", "Cyber Monday", dt.date(2026, 12, 22)),
    ("腊八节", "Laba Festival", dt.date(2027, 1, 15)), ("小年", "Valentine's Day", dt.date(2027, 1, 30)),
    ("除夕", "Chinese New Year's Eve", dt.date(2027, 2, 5)), ("春节", "Spring Festival", dt.date(2027, 2, 6)),
    ("元宵节", "Lantern Festival", dt.date(2027, 2, 20)), ("元宵", "the Lantern Festival", dt.date(2027, 2, 20)),
    ("大年初一", "Chinese New Year", dt.date(2027, 2, 6)), ("感恩节", "Thanksgiving", dt.date(2026, 11, 26)),
)  # fmt: skip
FESTIVALS = tuple(row for row in FESTIVALS if row[1] not in ("Cyber Monday", "Valentine's Day")) + (
    ("情人节", "Valentine's Day", dt.date(2027, 2, 14)),
)

CARRIERS_ZH = (
    "{t}，给老客推基金，push，预算10万",
    "给老客推基金，push，预算10万，{t}",
    "给老客推基金，{t}，走push，10万预算",
    "基金，老客，push，10w，{t}",
    "老板说{t}对老客搞一波基金转化，用push，预算10万",
    "时间：{t}；渠道：push；人群：老客；产品：基金；预算：10万元",
    "产品：基金\n人群：老客\n渠道：push\n时间：{t}\n预算：10万",
    "打算{t}面向老客做基金转化，push触达，花10万",
    "麻烦安排一下：{t}，老客，基金转化，push，预算十万。",
    "老客基金转化，预算10万，push（{t}）",
    "基金转化活动，{t}。目标人群老客。渠道push。预算10万。",
    "帮我做个基金的活动，活动时间{t}，人群是老客，push，10万块",
    "给老客发push推基金，{t}，预算100000元",
    "预算10万，老客，push，推基金 {t}",
)

CARRIERS_EN = (
    "{t}, promote funds to existing customers by push, budget 100k.",
    "Promote funds to existing customers by push, 100k budget, {t}.",
    "Promote funds to existing customers {t}, push, budget CNY 100,000.",
    "Fund campaign for existing customers {t} via push; budget is 100k.",
    "Funds, existing customers, push, 100k, {t}",
    "We want to push funds to existing customers. Channel: push. Budget: 100k. Schedule: {t}.",
    "Product: funds\nAudience: existing customers\nChannel: push\nTiming: {t}\nBudget: 100k",
    "Please set up a fund campaign {t}: existing customers, push, 100,000 yuan.",
    "Existing customers, fund conversion, push notification ({t}), budget 100k",
)

ON_ZH = ("{a}", "{a}", "{a}发", "{a}推送", "{a}上", "定在{a}", "{a}发一条", "就{a}发", "在{a}发")
ON_EN = ("on {a}", "{a}", "on {a}")
FROM_ZH = ("从{a}开始", "{a}起", "{a}上线", "{a}开始", "{a}启动", "自{a}起", "{a}开跑", "{a}正式上线", "{a}就开始", "{a}开推",
           "上线时间{a}", "从{a}起", "打{a}起", "{a}开始做", "{a}开始投放", "{a}开启", "开始时间：{a}", "{a}以后", "计划{a}上线",
           "{a}开工", "{a}起生效", "{a}开始推", "预计{a}启动")  # fmt: skip
FROM_EN = ("from {a}", "starting {a}", "starting on {a}", "launching {a}", "going live on {a}", "kicking off {a}",
           "from {a} onwards", "beginning {a}", "effective {a}", "start date {a}", "live from {a}", "commencing {a}",
           "starts {a}", "launch on {a}", "as of {a}", "starting from {a}", "to start on {a}", "launch date: {a}",
           "goes live {a}", "opening {a}")  # fmt: skip
UNTIL_ZH = ("到{a}为止", "{a}截止", "{a}结束", "{a}下线", "{a}收官", "截至{a}", "直到{a}", "做到{a}", "{a}前", "{a}之前", "不晚于{a}",
            "最晚{a}", "{a}之前结束", "跑到{a}", "持续到{a}", "截止日期{a}", "结束时间：{a}", "{a}前完成", "{a}收尾", "截止到{a}", "{a}止",
            "一直做到{a}", "最迟{a}", "赶在{a}前", "{a}以前", "{a}前搞定", "到{a}截止", "到{a}结束", "deadline是{a}", "不迟于{a}",
            "务必{a}前做完", "最晚到{a}", "截止时间为{a}", "{a}当天截止", "{a}到期", "{a}前收口")  # fmt: skip
UNTIL_EN = ("until {a}", "through {a}", "by {a}", "ending {a}", "ends on {a}", "no later than {a}", "up to {a}", "till {a}",
            "closing {a}", "end date {a}", "to finish by {a}", "running until {a}", "through {a} inclusive", "until {a} inclusive",
            "up to and including {a}", "wrapping up {a}", "due by {a}", "to be done by {a}", "deadline {a}", "closes {a}",
            "before the end of {a}", "to end on {a}", "finishing {a}", "on or before {a}", "until the end of {a}")  # fmt: skip
RANGE_ZH = ("{a}到{b}", "{a}至{b}", "{a}-{b}", "{a}~{b}", "{a}—{b}", "从{a}到{b}", "{a}起到{b}", "{a}开始{b}结束", "{a}开始，{b}结束",
            "{a}上线，{b}下线", "{a}开始到{b}结束", "从{a}一直到{b}", "从{a}开始，到{b}为止", "自{a}起至{b}止", "{a}开始，做到{b}",
            "{a}～{b}", "{a} - {b}", "{a}起，{b}止", "{a}上线{b}下线", "从{a}跑到{b}", "{a}启动，{b}收官", "{a}一直持续到{b}",
            "{a}到{b}期间", "{a}到{b}之间", "开始{a}，结束{b}", "{a}至{b}止", "{a} 到 {b}", "从{a}开始持续到{b}",
            "{a}开跑，{b}截止", "{a}→{b}", "{a}开始一直做到{b}", "{a}——{b}", "{a}上线，截止{b}", "{a}起，到{b}截止", "{a}起至{b}",
            "{a}到{b}这段时间", "{a}到{b}结束", "{a}开始，截至{b}", "{a}起跑到{b}")  # fmt: skip
RANGE_EN = ("{a} to {b}", "{a} - {b}", "{a} – {b}", "{a} through {b}", "from {a} to {b}", "from {a} until {b}", "between {a} and {b}",
            "from {a} through {b}", "{a} thru {b}", "starting {a} and ending {b}", "starts {a}, ends {b}", "{a} until {b}",
            "{a} till {b}", "from {a} to {b} inclusive", "{a} up to {b}", "starting {a}, ending {b}", "running {a} to {b}",
            "from {a} up to and including {b}", "start {a}, end {b}", "begins {a} and ends {b}", "live from {a} to {b}",
            "launching {a} and closing {b}", "starting {a} through {b}", "runs from {a} till {b}", "starting {a} until {b}",
            "{a} — {b}", "kicking off {a} and wrapping up {b}", "from {a}, ending {b}", "from {a} and until {b}")  # fmt: skip
LENGTH_ZH = (("三天", 3), ("3天", 3), ("7天", 7), ("一周", 7), ("两周", 14), ("10天", 10), ("十天", 10), ("两个星期", 14), ("一个星期", 7),
             ("5天", 5), ("15天", 15), ("三周", 21), ("半个月", 15), ("2周", 14), ("两天", 2), ("一个礼拜", 7), ("十五天", 15), ("1周", 7),
             ("整整一周", 7), ("二十天", 20))  # fmt: skip
LENGTH_EN = (("three days", 3), ("3 days", 3), ("7 days", 7), ("a week", 7), ("two weeks", 14), ("10 days", 10), ("ten days", 10),
             ("one week", 7), ("2 weeks", 14), ("a fortnight", 14), ("five days", 5), ("three weeks", 21), ("14 days", 14))  # fmt: skip
BY_LENGTH_ZH = ("{a}起{n}", "{a}开始跑{n}", "{a}上线做{n}", "{a}起连续{n}", "{a}开始持续{n}", "{a}开始为期{n}", "{a}上线，跑{n}", "{a}开始，做{n}",
                "跑{n}，从{a}开始", "为期{n}，{a}开始", "{a}启动，为期{n}", "从{a}开始，一共{n}", "{a}开始搞{n}", "{a}起为期{n}", "{a}开始连做{n}",
                "持续{n}，{a}上线", "{a}上线，持续{n}", "活动{n}，{a}开始", "{a}起，共{n}", "{a}开始{n}", "{a}起跑{n}", "{a}上线，周期{n}",
                "{a}开始，连推{n}", "从{a}算起{n}", "{a}上线后跑{n}", "{a}启动，跑满{n}", "{a}开始，时长{n}", "{a}起{n}内")  # fmt: skip
BY_LENGTH_EN = ("for {n} from {a}", "starting {a} for {n}", "{n} from {a}", "{n} starting {a}", "running {n} from {a}", "from {a} for {n}",
                "starting {a} and lasting {n}", "launching {a}, lasting {n}", "starts {a} and runs for {n}", "for {n} starting {a}",
                "from {a}, running {n}", "starting {a}, {n} in total", "for {n}, starting on {a}", "for {n} beginning {a}",
                "starting on {a}, to run for {n}", "kicking off {a} for {n}", "live for {n} from {a}", "starting {a}, duration {n}")  # fmt: skip
NTH_ZH = ("{m}{n}周{w}", "{m}{n}星期{w}")
NTH_EN = ("the {n} {w} of {m}", "the {n} {w} in {m}")
SPANS_ZH = (
    ("本周", "2026-11-23", "2026-11-29"), ("下周", "2026-11-30", "2026-12-06"), ("下下周", "2026-12-07", "2026-12-13"),
    ("下周一整周", "2026-11-30", "2026-12-06"), ("下个星期", "2026-11-30", "2026-12-06"), ("这周末", "2026-11-28", "2026-11-29"),
    ("下周末", "2026-12-05", "2026-12-06"), ("下下周末", "2026-12-12", "2026-12-13"), ("12月上旬", "2026-12-01", "2026-12-10"),
    ("12月中旬", "2026-12-11", "2026-12-20"), ("12月下旬", "2026-12-21", "2026-12-31"), ("1月上旬", "2027-01-01", "2027-01-10"),
    ("明年1月中旬", "2027-01-11", "2027-01-20"), ("12月上半月", "2026-12-01", "2026-12-15"), ("12月下半月", "2026-12-16", "2026-12-31"),
    ("12月前半个月", "2026-12-01", "2026-12-15"), ("12月后半个月", "2026-12-16", "2026-12-31"), ("12月头十天", "2026-12-01", "2026-12-10"),
    ("12月前十天", "2026-12-01", "2026-12-10"), ("12月最后三天", "2026-12-29", "2026-12-31"), ("12月的最后一周", "2026-12-25", "2026-12-31"),
    ("12月最后十天", "2026-12-22", "2026-12-31"), ("整个12月", "2026-12-01", "2026-12-31"), ("12月一整个月", "2026-12-01", "2026-12-31"),
    ("下个月一整月", "2026-12-01", "2026-12-31"), ("12月全月", "2026-12-01", "2026-12-31"), ("1月整月", "2027-01-01", "2027-01-31"),
    ("元旦假期", "2027-01-01", "2027-01-03"), ("元旦期间", "2027-01-01", "2027-01-03"), ("元旦小长假", "2027-01-01", "2027-01-03"),
    ("双12那周", "2026-12-07", "2026-12-13"), ("双12当周", "2026-12-07", "2026-12-13"), ("圣诞那一周", "2026-12-21", "2026-12-27"),
    ("圣诞周", "2026-12-21", "2026-12-27"), ("双12前一周", "2026-12-05", "2026-12-11"), ("双12前三天", "2026-12-09", "2026-12-11"),
    ("元旦前一周", "2026-12-25", "2026-12-31"), ("春节前两周", "2027-01-23", "2027-02-05"), ("圣诞节前五天", "2026-12-20", "2026-12-24"),
    ("春节后一周", "2027-02-07", "2027-02-13"), ("双12后三天", "2026-12-13", "2026-12-15"), ("双12前后三天", "2026-12-09", "2026-12-15"),
    ("元旦前后两天", "2026-12-30", "2027-01-03"), ("12月第一周", "2026-12-01", "2026-12-07"), ("12月第二周", "2026-12-08", "2026-12-14"),
    ("12月第三周", "2026-12-15", "2026-12-21"), ("12月第二个周末", "2026-12-12", "2026-12-13"), ("12月最后一个周末", "2026-12-26", "2026-12-27"),
    ("双12当天", "2026-12-12", "2026-12-12"), ("圣诞节当天", "2026-12-25", "2026-12-25"), ("元旦那天", "2027-01-01", "2027-01-01"),
    ("下周一到周三", "2026-11-30", "2026-12-02"), ("下周三到下周五", "2026-12-02", "2026-12-04"), ("本周四到下周一", "2026-11-26", "2026-11-30"),
    ("周四到周日", "2026-11-26", "2026-11-29"), ("下周前三天", "2026-11-30", "2026-12-02"), ("下周工作日", "2026-11-30", "2026-12-04"),
    ("下周一至周五", "2026-11-30", "2026-12-04"), ("明后天", "2026-11-24", "2026-11-25"), ("明后两天", "2026-11-24", "2026-11-25"),
    ("12月5号、6号两天", "2026-12-05", "2026-12-06"), ("12月5、6号", "2026-12-05", "2026-12-06"), ("12月5日和6日", "2026-12-05", "2026-12-06"),
    ("下周六日两天", "2026-12-05", "2026-12-06"), ("下周四五两天", "2026-12-03", "2026-12-04"), ("12月5号6号7号三天", "2026-12-05", "2026-12-07"),
    ("12月初到中旬", "2026-12-01", "2026-12-20"), ("12月中旬到月底", "2026-12-11", "2026-12-31"), ("下月初到月底", "2026-12-01", "2026-12-31"),
    ("从现在到年底", "2026-11-23", "2026-12-31"), ("即日起至12月31日", "2026-11-23", "2026-12-31"), ("即日起到元旦", "2026-11-23", "2027-01-01"),
    ("今天到月底", "2026-11-23", "2026-11-30"), ("明天到本周日", "2026-11-24", "2026-11-29"), ("现在开始到周五", "2026-11-23", "2026-11-27"),
    ("即日起一周", "2026-11-23", "2026-11-29"), ("即日起三天", "2026-11-23", "2026-11-25"), ("今天起连续5天", "2026-11-23", "2026-11-27"),
    ("月底前", None, "2026-11-30"), ("本月底前", None, "2026-11-30"), ("年底前", None, "2026-12-31"), ("年前", None, "2027-02-05"),
    ("春节前", None, "2027-02-05"), ("元旦之前", None, "2026-12-31"), ("圣诞节前", None, "2026-12-24"), ("双12之前", None, "2026-12-11"),
    ("12月底前", None, "2026-12-31"), ("这周之内", "2026-11-23", "2026-11-29"), ("本周内", "2026-11-23", "2026-11-29"),
    ("这个月底", None, "2026-11-30"), ("到春节", None, "2027-02-06"), ("到元宵为止", None, "2027-02-20"), ("12月中旬之前", None, "2026-12-20"),
    ("12月月底", None, "2026-12-31"), ("到12月底", None, "2026-12-31"), ("下月底前", None, "2026-12-31"), ("除夕到初六", "2027-02-05", "2027-02-11"),
    ("腊月二十三到正月十五", "2027-01-30", "2027-02-20"), ("年二十八到年初三", "2027-02-04", "2027-02-08"), ("大年三十到初七", "2027-02-05", "2027-02-12"),
    ("小年到除夕", "2027-01-30", "2027-02-05"), ("年三十到正月初三", "2027-02-05", "2027-02-08"), ("春节假期", "2027-02-05", "2027-02-12"),
    ("12月第一个周末两天", "2026-12-05", "2026-12-06"), ("本周六、周日", "2026-11-28", "2026-11-29"), ("这周五六日", "2026-11-27", "2026-11-29"),
    ("周五到下周二", "2026-11-27", "2026-12-01"), ("本月最后三天", "2026-11-28", "2026-11-30"), ("本月最后一周", "2026-11-24", "2026-11-30"),
    ("月底最后三天", "2026-11-28", "2026-11-30"), ("双旦期间", "2026-12-25", "2027-01-01"),
)  # fmt: skip
SPANS_EN = (
    ("this week", "2026-11-23", "2026-11-29"), ("next week", "2026-11-30", "2026-12-06"), ("the week after next", "2026-12-07", "2026-12-13"),
    ("all next week", "2026-11-30", "2026-12-06"), ("this weekend", "2026-11-28", "2026-11-29"), ("next weekend", "2026-12-05", "2026-12-06"),
    ("the week of December 7", "2026-12-07", "2026-12-13"), ("in the week of Dec 14", "2026-12-14", "2026-12-20"),
    ("the week of Double 12", "2026-12-07", "2026-12-13"), ("Christmas week", "2026-12-21", "2026-12-27"), ("the week of Christmas", "2026-12-21", "2026-12-27"),
    ("the first half of December", "2026-12-01", "2026-12-15"), ("in the second half of December", "2026-12-16", "2026-12-31"),
    ("early December", "2026-12-01", "2026-12-10"), ("in mid-December", "2026-12-11", "2026-12-20"), ("late December", "2026-12-21", "2026-12-31"),
    ("the first ten days of December", "2026-12-01", "2026-12-10"), ("the last ten days of December", "2026-12-22", "2026-12-31"),
    ("the last three days of December", "2026-12-29", "2026-12-31"), ("the first week of January", "2027-01-01", "2027-01-07"),
    ("the last week of December", "2026-12-25", "2026-12-31"), ("all of December", "2026-12-01", "2026-12-31"),
    ("throughout December", "2026-12-01", "2026-12-31"), ("for the whole of December", "2026-12-01", "2026-12-31"),
    ("the entire month of January", "2027-01-01", "2027-01-31"), ("all of next month", "2026-12-01", "2026-12-31"),
    ("the week before Christmas", "2026-12-18", "2026-12-24"), ("the three days before Christmas", "2026-12-22", "2026-12-24"),
    ("the week after New Year's Day", "2027-01-02", "2027-01-08"), ("the two weeks before Spring Festival", "2027-01-23", "2027-02-05"),
    ("Monday to Friday next week", "2026-11-30", "2026-12-04"), ("next Monday to Wednesday", "2026-11-30", "2026-12-02"),
    ("Monday through Wednesday of next week", "2026-11-30", "2026-12-02"), ("Thursday to Sunday", "2026-11-26", "2026-11-29"),
    ("on weekdays next week", "2026-11-30", "2026-12-04"), ("December 5 and 6", "2026-12-05", "2026-12-06"), ("on 5 and 6 December", "2026-12-05", "2026-12-06"),
    ("the weekend of December 12", "2026-12-12", "2026-12-13"), ("from now until year end", "2026-11-23", "2026-12-31"),
    ("from today to the end of the month", "2026-11-23", "2026-11-30"), ("from now until Christmas", "2026-11-23", "2026-12-25"),
    ("from tomorrow to the end of next week", "2026-11-24", "2026-12-06"), ("starting immediately until Dec 10", "2026-11-23", "2026-12-10"),
    ("by year end", None, "2026-12-31"), ("by the end of the month", None, "2026-11-30"), ("before Christmas", None, "2026-12-24"),
    ("before New Year's Day", None, "2026-12-31"), ("by the end of December", None, "2026-12-31"), ("before the end of the year", None, "2026-12-31"),
    ("by the end of this week", None, "2026-11-29"), ("by the end of next week", None, "2026-12-06"), ("until the end of January", None, "2027-01-31"),
    ("through the end of the year", None, "2026-12-31"), ("until mid-January", None, "2027-01-20"), ("until 5 Jan inclusive", None, "2027-01-05"),
    ("tomorrow and the day after", "2026-11-24", "2026-11-25"), ("over the New Year holiday", "2027-01-01", "2027-01-03"),
    ("from Christmas Eve to New Year's Day", "2026-12-24", "2027-01-01"), ("between Christmas and New Year", "2026-12-25", "2027-01-01"),
    ("from Thanksgiving through Cyber Monday", "2026-11-26", "2026-11-30"), ("Thursday and Friday this week", "2026-11-26", "2026-11-27"),
    ("the rest of this month", "2026-11-23", "2026-11-30"), ("the remainder of November", "2026-11-23", "2026-11-30"),
    ("the second week of December", "2026-12-08", "2026-12-14"), ("the first weekend of December", "2026-12-05", "2026-12-06"),
    ("from early December to mid-December", "2026-12-01", "2026-12-20"), ("from mid-December to the end of the month", "2026-12-11", "2026-12-31"),
    ("from the 5th to the 12th", "2026-12-05", "2026-12-12"), ("from the 5th through the 12th of next month", "2026-12-05", "2026-12-12"),
    ("from the first Monday of December to Christmas", "2026-12-07", "2026-12-25"),
)  # fmt: skip
