"""Rules of the sending: length and words of the copy, hours, how often, hold-outs, experiments."""

import re

from linghang.reading.banned_words import banned_words, bans
from linghang.reading.draft import Draft
from linghang.reading.experiments import experiment
from linghang.reading.quantities import NUMBER, number, whole
from linghang.reading.sending_hours import hours
from linghang.reading.sentence import Sentence

_PARTS = (
    ("title_max_chars", re.compile(r"标题|主标|title|headline|subject")),
    ("body_max_chars", re.compile(r"正文|内容|文案|短信|副标|body|copy|text|message")),
)
_EMOJI = re.compile(
    r"(?:(?:不要|不能|不许|不准|不可|请勿|勿|不|别再?)(?:使用|出现|加入|添加|用|带|放|加|有|写)|不要用|不能用|勿用|不带"
    r"|不要|不用|别带|别用|不能有|不得有|去掉|禁用|不加|别加|没有|无|no|without"
    r"|don't use|do not use|avoid|skip|drop the|omit|minus"
    r"|leave out|不含"
    r"|不放"
    r"|别放)\s*(?:任何|any\s)?\s*(?:emojis?|表情符号|表情|颜文字)|emoji[^,，。]{0,3}(?:不要|别带|去掉|不带)"
)
_EXCLAIM = re.compile(
    r"(?:不带|不要|不用|别带|别用|no|without|去掉)\s*(?:任何)?\s*(?:感叹号|叹号|惊叹号|exclamation(?: marks?"
    r"| points?)?)"
)
_FEW = 6
_HOLDOUT = re.compile(
    r"对照|holdout|hold-out|hold out|留白|空白组|控制组|control|不发作|不触达作|不发做|基准组|静默组|留出"
)
_CAP = re.compile(
    r"最多|不超过|至多|上限|频控|频次|封顶|只发|只推|仅|不多于|max|at most|no more than|up to|limit|cap|不要超过|别超过"
)
_PERIODS = ((re.compile(r"每周|一周|每星期|一个?(?:礼拜|星期)|/\s?(?:周|wk|w(?![a-z]))|周频|per week"
    r"|a week|weekly|/week|每个?礼拜"
    r"|7天内"), 7),
    (re.compile(r"每天|每日|/\s?[天日]|一天|per day|a day|daily|/day|单日|当天"), 1),
            (re.compile(r"每月|/\s?月|一个月|每个月|per month|a month|monthly|/month|月内"), 30))  # fmt: skip
_ONLY_HOURS = re.compile(
    r"只在|仅在|只能|发送时间|发送时段|时段|时间段|之间发|内发|发送窗口|window|only|between|不早于"
    r"|send (?:it )?between|发"
)


def rules(draft: Draft) -> None:
    """Put copy rules and forbidden words, hold-out, experiment, frequency cap and sending hours."""
    _copy_rules(draft)
    banned_words(draft)
    _holdout(draft)
    experiment(draft)
    _frequency(draft)
    hours(draft)


def _copy_rules(draft: Draft) -> None:
    found = draft.sentence
    for place in list(found.where("quantity")):
        quantity = found.quantity(place)
        if quantity is None or quantity.unit != "char":
            continue
        if quantity.values[-1] <= _FEW and re.search(r"[\"']\s?(?:这|那)?$|[这那]$", found.before(place, 3)):
            # “最低”两个字 counts the word that is meant.
            continue
        if quantity.values[-1] <= _FEW and bans(found.before(place, 20) + found.tokens[place].text):
            continue
        near = found.clause_text(place)
        key = _part_before(found.before(place, 200)) or _part_before(near) or "title_max_chars"
        draft.values.setdefault("copy_rules", {}).setdefault(key, whole(quantity.values[-1]))
        draft.support("copy_rules", place)
    for key, pattern in (("no_emoji", _EMOJI), ("no_exclamation", _EXCLAIM)):
        if hit := pattern.search(found.text):
            draft.values.setdefault("copy_rules", {})[key] = True
            draft.note("copy_rules", *hit.span())
            found.use(*hit.span(), spare="channel")


def _part_before(text: str) -> str:
    """The part of the copy that was spoken of last: 标题 or 正文."""
    ends = [(hit.end(), key) for key, cue in _PARTS for hit in cue.finditer(text)]
    return max(ends)[1] if ends else ""


def _holdout(draft: Draft) -> None:
    found = draft.sentence
    for place in list(found.where("quantity")):
        quantity = found.quantity(place)
        if (
            quantity is not None
            and quantity.unit == "pct"
            and quantity.form == "one"
            and _HOLDOUT.search(found.labelled(place))
        ):
            draft.put("holdout_pct", quantity.value, place)
            return


# max 2 per week: how often, under no word for it.
_A_PERIOD = re.compile(r"\s?(?:per|a|each|every|/)\s?(?:week|day|month|wk)(?![a-z])")


def _cap_candidates(found: Sentence) -> list[tuple[int, int]]:
    """Counts that may cap how often, with 1 where a word of capping stands in their clause."""
    candidates: list[tuple[int, int]] = []
    for place in list(found.where("quantity")):
        quantity = found.quantity(place)
        bare = quantity is not None and quantity.unit == "" and _A_PERIOD.match(found.after(place, 12))
        if quantity is None or (quantity.unit not in ("times", "piece") and not bare) or quantity.form != "one":
            continue
        clause = found.clause_text(place)
        capped = bool(_CAP.search(clause))
        if any(token.has("field") for token in found.tokens[max(0, place - 2) : place]):
            # 联系次数不超过3次 bounds what customers had.
            continue
        if _DAY_OF_WEEK.search(clause) and not capped:
            continue
        if quantity.unit == "piece" and not (
            quantity.word in ("条", "封", "个", "message", "messages", "pushes", "emails", "texts", "touches")
            and capped
            and per_days(clause)
        ):
            continue
        if capped or (per_days(clause) and re.search(r"每人|一人|单人|单客|频|每周|per|a week|每月|每天", clause)):
            candidates.append((place, 1 if capped else 0))
    return candidates


def _frequency(draft: Draft) -> None:
    found = draft.sentence
    candidates = _cap_candidates(found)
    if not candidates:
        return
    place, _capped_rank = max(candidates, key=lambda item: item[1])
    clause = found.clause_text(place)
    window = per_days(clause) or next((w for other, _ in candidates if (w := per_days(found.clause_text(other)))), None)
    if re.search(r"看|浏览|买|登录|点击|支付|付款|交易|消费|刷|下单|打开|访问|viewed|bought", found.before(place, 8)):
        return
    if window is None and re.search(r"(?:只|就|仅)(?:发|推|做|搞|跑)(?:这|那)?$", found.before(place, 4)):
        # 只发这一次 says that nothing repeats.
        return
    quantity = found.quantity(place)
    assert quantity is not None
    value: dict[str, object] = {"max": quantity.value}
    if window:
        value["window_days"] = window
    draft.put("freq_cap", value, *(other for other, _ in candidates))
    # 7天内最多碰3次: the window and the verb are of the sending, no condition on customers.
    found.used.update(
        p for p, t in enumerate(found.tokens) if t.has("window", "act") and found.clause(p) == found.clause(place)
    )
    for other in list(found.where("recurrence")):
        if found.tokens[other].senses["recurrence"].args[0] in ("weekly", "monthly", "daily"):
            draft.support("freq_cap", other)


_DAY_OF_WEEK = re.compile(
    r"每个?(?:周|星期|礼拜)[一二三四五六日天](?![次篇条封])|every (?:mon|tue|wed|thu|fri|sat|sun)|每个?月\d{1,2}[号日]"
)


def per_days(text: str) -> int | None:
    """The days over which a frequency counts: 每周 7, 每三天 3; None where none are said."""
    for pattern, days in _PERIODS:
        if pattern.search(text):
            return days
    if hit := re.search(
        rf"({NUMBER})\s?(?:个)?(?:周|星期|礼拜)(?!一|二|三|四|五|六|日|天)(?:内|最多|不超过|只|一次)"
        rf"|every (\d) weeks|每隔?\s?({NUMBER})\s?个?(?:周|星期|礼拜)",
        text,
    ):
        weeks = number(hit[1] or hit[2] or hit[3])
        return None if weeks is None else int(weeks * 7)
    if hit := re.search(r"(\d{1,2}|[一二两三四五六七八九十]{1,3})\s?(?:天|日)(?:内)?|every (\d{1,2}) days", text):
        days = number(hit[1] or hit[2])
        return None if days is None else int(days)
    return None
