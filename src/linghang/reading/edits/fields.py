"""How an edit names the field of a condition without a value (年龄, 城市, 注册时间), and what one name may mean."""

import re

FAMILY = {
    "city": ("city", "city_tier"), "city_tier": ("city_tier", "city"), "province": ("province", "region"),
    "region": ("region", "province", "city", "city_tier"), "register_days": ("register_days",),
    "last_login_days": ("last_login_days", "last_active_days"),
    "last_active_days": ("last_active_days", "last_login_days"),
    "maturity_days": ("maturity_days", "policy_expire_days", "benefit_expire_days"), "profit": ("profit", "profit_pct"),
    "purchase": ("purchase", "holding_ever", "purchase_amount_cny"),
    "holding_ever": ("holding_ever", "purchase", "holding"),
    "profit_pct": ("profit_pct", "profit"), "redeem": ("redeem", "redeem_amount_cny"),
    "holding": ("holding", "holding_ever", "holding_amount_cny"),
    "holding_amount_cny": ("holding_amount_cny", "holding"),
}  # fmt: skip
PLAIN_NAMES = (
    (re.compile(r"年龄(?:段|区间)?|年纪|岁数|(?<![a-z])age(?![a-z])"), "age"),
    (re.compile(r"性别|男女|gender|sex(?![a-z])"), "gender"),
    (re.compile(r"城市(?:等级|级别|层级)?|几线|地域|地区|city|cities|region|geo"), "city"),
    (re.compile(r"省份?(?!钱|心|事|去|得)|province"), "province"),
    (re.compile(r"风险(?:等级|偏好|级别|承受能力)?|风评|风测|risk"), "risk_level"),
    (re.compile(r"资产(?!配置)|aum"), "aum_cny"),
    (re.compile(r"注册(?:时间|天数|时长)?|regist"), "register_days"),
    (re.compile(r"登录|活跃(?:天数|时间)|log[- ]?in|open(?:ed|ing)? the app|inactiv|silence|没来过?|不活跃"),
     "last_login_days"),
    (re.compile(r"持有|持仓|holding"), "holding"),
    (re.compile(r"购买(?:记录|行为)?|买没买过?|purchase"), "purchase"),
    (re.compile(r"会员(?:等级|层级)?|等级|tier"), "member_tier"),
    (re.compile(r"借款|借钱|动支|提款|支用|borrow|drawdown"), "credit_drawn"),
    (re.compile(r"职业|occupation"), "occupation"),
    (re.compile(r"浏览(?:记录|行为|次数)?|view"), "page_view"),
)  # fmt: skip
